"""Rows of the table of indicators that sum others (合计, 本表总计分, 以上小计): by their label, or because they add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from workbook_tools.core.tolerances import PRINTED
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.records import FormIndicator, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary


def kind_of_sum(text: str, words: Vocabulary) -> str | None:
    """What a row of this label sums: ``total`` all, ``subtotal`` a part; nothing where it is no such label."""
    exact = words.rows.find_exact(text)
    if exact in ("total", "subtotal"):
        return exact
    return _compose(label_key(text), words)


@lru_cache(maxsize=1 << 12)
def _compose(bare: str, words: Vocabulary) -> str | None:
    """全部+得分+合计, 以上+小计: a label that is put together of such parts alone."""
    kinds: set[str] = set()
    parts = {part: kind for kind, some in words.tables["sums"].items() for part in some}
    while bare:
        part = max((part for part in parts if bare.startswith(part)), key=len, default=None)
        if part is None:
            return None
        kinds.add(parts[part])
        bare = bare.removeprefix(part)
    if not kinds & {"of_all", "of_part"}:
        return None
    return "subtotal" if kinds & {"of_part", "deducted"} else "total"


def adds_up(numbers: dict[str, float], entries: Sequence[FormIndicator], since: int) -> str | None:
    """What the points of a row sum: all entries before it, or those since the last sum; nothing where they do not."""
    for kind, some in (("total", entries), ("subtotal", entries[since:])):
        sums = {name: _sum(getattr(entry, name) for entry in some) for name in numbers}
        if len(some) > 1 and all(sums[name] and PRINTED.same(sums[name], number) for name, number in numbers.items()):
            return kind
    return None


def _sum(points: Iterable[Stated | None]) -> float:
    values = (stated.value for stated in points if stated is not None)
    return sum(value for value in values if isinstance(value, float))
