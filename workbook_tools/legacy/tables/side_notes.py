"""Columns right of a table that look like a table of their own but hold no figure (具体指标, 评价标准): what they say of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from workbook_tools.legacy.words.grid import Grid
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.records import HandmadeForm, Where

# Where the row stands in the name of a place: C12, 第12行第3格.
_ROW = re.compile(r"第(\d+)行|^[A-Z]+(\d+)$")
_FIGURES = ("target", "actual", "weight", "score", "completion")


def take_side_notes(forms: list[HandmadeForm], side: Grid, found: Iterable[HandmadeForm]) -> bool:
    """Tell with the rows of these forms what the ``side`` beside them says; not where the forms ``found`` there hold figures,
    money or a head of their own."""
    if any(form.head or form.funding or _holds_figures(form) for form in found):
        return False
    texts: dict[int, list[str]] = {}
    for cell in side.cells.values():
        if cell.shown and not says_nothing(cell.shown):
            texts.setdefault(_row_of(cell.where), []).append(cell.shown)
    places = {cell.where for cell in side.cells.values() if cell.shown}
    rows = {_row_of(entry.name.where) for form in forms for entry in form.entries}
    if not rows & texts.keys():
        return False
    for form in forms:
        for at, entry in enumerate(form.entries):
            said = texts.get(_row_of(entry.name.where), [])
            form.entries[at] = replace(entry, remark="；".join(filter(None, (entry.remark, *said))))
    owner = forms[0]
    owner.places |= places
    owner.cells_filled += len(places)
    owner.cells_understood += len(places)
    return True


def _holds_figures(form: HandmadeForm) -> bool:
    return any(getattr(entry, name) is not None for entry in form.entries for name in _FIGURES)


def _row_of(where: Where) -> int:
    match = _ROW.search(where.cell)
    return int(match[1] or match[2]) if match else -1
