"""Cells that hold two figures of a row: ``10/9.5`` and ``10（得9.5）`` (points and score), ``≥95%/96%`` (target and actual)."""

from __future__ import annotations

import re
from dataclasses import replace

from workbook_tools.core.values import TypedQuantity, plain
from workbook_tools.core.years import WRITTEN_YEARS
from workbook_tools.legacy.tables.cell_account import CellAccount
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.rules.direction_words import parse_signed

# The two halves of such a cell.
_HALVES = re.compile(r"(.+?)(?:[/／](.+)|[(（](.+)[)）])")
# What may stand before the figure of a half: 实际96%, 得9.5分; 满分 and 目标 say that it is the first of the two.
_SECOND = re.compile(r"^(?:实际完成|实际|完成值|完成|自评得分|得分|得)[:：]?")
_FIRST = re.compile(r"^(?:满分|分值|权重|目标值|目标)[:：]?")
_PAIRS = (("target", "actual", "目标值和完成值"), ("weight", "score", "分值和得分"))


def split_composite_cells(values: dict[str, GridCell], words: Vocabulary, account: CellAccount) -> dict[str, GridCell]:
    """The cells of a row by meaning, with those of two figures taken apart where the other is stated nowhere else, or is
    the same there; told wherever it is done."""
    values = dict(values)
    for first, second, what in _PAIRS:
        for meaning, other in ((first, second), (second, first)):
            cell, known = values.get(meaning), values.get(other)
            halves = split_figures(cell.shown, words) if cell is not None and isinstance(cell.value, str) else None
            if cell is None or halves is None:
                continue
            one, two = halves
            if (first, second) == ("weight", "score") and one[0].number < two[0].number:
                one, two = two, one  # nobody earns more than there is
            beside = one if other == first else two
            if known is not None and not says_nothing(known.shown) and not _is_same(known, beside[0], words):
                continue
            readings = {"拆开": f"{one[1]} 和 {two[1]}", "不拆": cell.shown}
            if account.choose(cell, what, f"一格里的两个数：{what}", readings) == "不拆":
                continue
            values[first], values[second] = (replace(cell, shown=text, value=text) for _, text in (one, two))
            if known is not None and not says_nothing(known.shown):
                values[other] = known
            break
    return values


_Half = tuple[TypedQuantity, str]


def split_figures(text: str, words: Vocabulary) -> tuple[_Half, _Half] | None:
    """The two figures of a text in the order of their meaning; nothing for a unit behind a stroke (5次/年) or a date."""
    match = _HALVES.fullmatch(text.strip())
    if match is None:
        return None
    texts = [match[1], match[2] or match[3]]
    if any(_FIRST.match(plain(text)) for text in texts[1:]) or _SECOND.match(plain(texts[0])):
        texts.reverse()
    bare = [_SECOND.sub("", _FIRST.sub("", text.strip())) for text in texts]
    one, two = (parse_signed(text, words.tables["signs"])[0] for text in bare)
    if (
        one is None or two is None or two.direction is not None or (one.number in WRITTEN_YEARS and not one.unit)
    ):  # 2024/12 is a date
        return None
    return ((one, bare[0]), (two, bare[1])) if two.unit in ("", one.unit) or not one.unit else None


def _is_same(cell: GridCell, half: TypedQuantity, words: Vocabulary) -> bool:
    """The cell states the figure of a half."""
    typed = parse_signed(cell.shown, words.tables["signs"])[0]
    return typed is not None and (typed.number, typed.unit or half.unit) == (half.number, half.unit or typed.unit)
