"""Names of levels where they have no column of their own: joined in one cell (产出指标—数量指标), in the name of the
indicator, or in rows that sum those below (一 产出指标 50分)."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from workbook_tools.core.tolerances import PRINTED
from workbook_tools.legacy.words.label_text import label_key, without_blanks, without_points
from workbook_tools.legacy.words.numbering import has_chinese_serial, without_chinese_serial
from workbook_tools.legacy.words.records import Concern, FormIndicator, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

LEVEL_ENDING = "指标"
"""What names of levels end with: 产出指标, 数量指标."""

# What stands between the names of two levels in one cell: 产出-数量, 产出指标——数量指标, 产出/数量, 产出：数量, 产出→数量.
_BETWEEN_LEVELS = r"[-－—–―─/／\\→>＞:：|·]+"


def is_dimension(text: str, words: Vocabulary) -> bool:
    """The text is the name of a level 1, with a serial number and points or without: 产出指标, 产出类指标, 效益方面."""
    bare = label_key(text)
    known = words.words("marks", "dimensions")
    return bare.removesuffix(LEVEL_ENDING) in known or _without_affixes(bare, words) in known


def is_second_level(text: str, words: Vocabulary) -> bool:
    """The text may be the name of a level 2: 数量指标, 产出质量类, 社会效益."""
    bare = label_key(text)
    core = _without_affixes(bare, words)
    return bare.endswith(LEVEL_ENDING) or (core != bare and core.startswith(words.words("marks", "levels")))


def _without_affixes(bare: str, words: Vocabulary) -> str:
    """A level's name without what offices put around it: 项目产出类指标 → 产出."""
    before, behind = words.words("marks", "before_levels"), words.words("marks", "behind_levels")
    shorter = bare
    while (end := next((word for word in behind if shorter.endswith(word) and shorter != word), "")) != "":
        shorter = shorter.removesuffix(end)
    begin = next((word for word in before if shorter.startswith(word) and shorter != word), "")
    return shorter.removeprefix(begin)


def is_numbered_level(text: str) -> bool:
    """The name of a level with its serial number: （一）数量指标."""
    return has_chinese_serial(without_blanks(text)) and label_key(text).endswith(LEVEL_ENDING)


def split_level1(text: str, words: Vocabulary) -> tuple[str, str] | None:
    """产出-数量 → (产出, 数量); ``None`` where the text does not begin with a level 1 and go on."""
    match = _joined_levels(words).fullmatch(without_blanks(text))
    if match is None:
        return None
    first, rest = match["first"] or match["whole"], match["rest"] or match["level"]
    return None if is_dimension(rest, words) and label_key(rest) != label_key(first) else (first, rest)


@lru_cache(maxsize=4)
def _joined_levels(words: Vocabulary) -> re.Pattern[str]:
    """产出-数量, with a sign between; or 产出指标数量指标, where both end as levels do."""
    names, before, behind = (
        "|".join(map(re.escape, sorted(words.words("marks", name), key=len, reverse=True)))
        for name in ("dimensions", "before_levels", "behind_levels")
    )
    return re.compile(
        rf"(?P<first>(?:{before})?(?:{names})(?:{behind})*){_BETWEEN_LEVELS}(?P<rest>.+)"
        rf"|(?P<whole>(?:{names}){LEVEL_ENDING})(?P<level>.+{LEVEL_ENDING})"
    )


def resolve_levels(
    entries: list[FormIndicator], remarks: list[Remark], points: dict[str, Stated], words: Vocabulary
) -> list[FormIndicator]:
    """The entries with levels of their own, without the rows that sum others; ``remarks`` and ``points`` are kept in step."""
    entries = _split_joined_levels([_take_levels_from_cells(entry, words) for entry in entries])
    sums = {index for index in range(len(entries)) if _is_sum(entries, index, words)}
    places = {entries[index].name.where for index in sums}
    remarks[:] = [r for r in remarks if r.where not in places or r.concern is Concern.UNKNOWN]
    result: list[FormIndicator] = []
    dimension = category = ""
    for index, entry in enumerate(entries):
        if index not in sums:
            result.append(
                replace(entry, dimension=entry.dimension or dimension, category=entry.category or category)
                if dimension or category
                else entry
            )
            continue
        name = without_chinese_serial(without_points(entry.name.printed))
        if entry.weight is not None:
            points.setdefault(name, entry.weight)
        if is_dimension(name, words):
            dimension, category = name, ""
        else:
            category = name
    return result


def _take_levels_from_cells(entry: FormIndicator, words: Vocabulary) -> FormIndicator:
    """Levels that stand in one cell, or before the name, where their own place is blank."""
    if not entry.category and (parts := split_level1(entry.dimension, words)):
        return replace(entry, dimension=parts[0], category=parts[1])
    if entry.category and (parts := split_level1(entry.category, words)) and entry.dimension in ("", parts[0]):
        return replace(entry, dimension=parts[0], category=parts[1])
    if entry.dimension or entry.category or not (parts := split_level1(entry.name.printed, words)):
        return entry
    first, *rest = re.split(_BETWEEN_LEVELS, parts[1], maxsplit=1)
    category, name = (first, rest[0]) if rest and rest[0] else ("", parts[1])
    return replace(entry, dimension=parts[0], category=category, name=Stated(name, name, entry.name.where))


# Rows that have both levels in one cell, before their sign says so of words that nobody knows (成效－对群众的成效).
_FEWEST_JOINED = 2


def _split_joined_levels(entries: list[FormIndicator]) -> list[FormIndicator]:
    """Levels that stand in one cell of every row, with the same sign between them, where no word tells which is which."""
    joined = [_parts_of_levels(entry) for entry in entries]
    firsts = {parts[0] for parts in joined if parts}
    if len(entries) < _FEWEST_JOINED or None in joined or len(firsts) == len(entries):
        return entries
    return [
        replace(entry, dimension=parts[0], category=parts[1]) if parts else entry
        for entry, parts in zip(entries, joined, strict=True)
    ]


def _parts_of_levels(entry: FormIndicator) -> tuple[str, str] | None:
    """The two levels of a row; of one that has them apart already, those."""
    if entry.dimension and entry.category:
        return entry.dimension, entry.category
    parts = [part for part in re.split(_BETWEEN_LEVELS, entry.dimension or entry.category) if part]
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _is_sum(entries: list[FormIndicator], index: int, words: Vocabulary) -> bool:
    """The row names a level, tells points alone, and those below have as many together."""
    entry = entries[index]
    if not _names_level(entry, words) or entry.weight is None:
        return False
    whole = is_dimension(entry.name.printed, words)
    total, below = 0.0, 0
    for other in entries[index + 1 :]:
        if _names_level(other, words):
            if not whole or is_dimension(other.name.printed, words):
                break
        elif other.weight is not None and isinstance(other.weight.value, float):
            total, below = total + other.weight.value, below + 1
    return below > 0 and isinstance(entry.weight.value, float) and PRINTED.same(total, entry.weight.value)


def _names_level(entry: FormIndicator, words: Vocabulary) -> bool:
    named = is_dimension(entry.name.printed, words) or is_numbered_level(entry.name.printed)
    return named and entry.target is None and entry.actual is None
