"""The door to workbooks that people made themselves: each sheet as filled and merged cells with the text they show.

.xlsx and .xlsm come through :mod:`workbook_tools.excel.reading`, .xls and .et through xlrd, .ods from its XML, web pages and XML
that are called .xls through :mod:`workbook_tools.excel.exported`; .xlsb and what xlrd does not open through calamine,
values without formats. What a sheet holds beyond ``MAX_ROWS`` and ``MAX_COLS`` is left out.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from xlrd import XLRDError
from xlrd.compdoc import CompDocError

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.model import Value
from workbook_tools.excel.exported import read_exported
from workbook_tools.excel.number_formats import shown
from workbook_tools.excel.old_format import read_old
from workbook_tools.excel.opendocument import is_opendocument, read_open
from workbook_tools.excel.reading import RawWorkbook, open_workbook
from workbook_tools.excel.sheet_cells import MAX_COVERED, SheetCell
from workbook_tools.files.package import damage, holds_table, unreadable

MAX_ROWS, MAX_COLS = 5_000, 200
"""No form reaches further, nor do a hundred of them on one sheet."""
_MAX_SHEET = 40_000_000
"""Bytes of a sheet's XML."""
_ZIP = b"PK"
_XLRD_STUMBLES = (
    XLRDError,
    CompDocError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    EOFError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What xlrd raises for a file that is damaged or of another kind (.xlsb has none of its own); calamine may still read it."""

Span = tuple[int, int, int, int]
"""First row and column, last row and column."""


@dataclass(frozen=True, slots=True)
class HandmadeSheet:
    """A sheet's cells."""

    title: str
    cells: tuple[SheetCell, ...]
    hidden: bool = False
    cut: bool = False
    """There is more below or to the right than was read."""


def open_sheets(path: Path, data: bytes) -> list[HandmadeSheet]:
    """The sheets of a workbook in any format.

    Raises UnreadableWorkbook: FILE01 no workbook, FILE02 empty, FILE03 damaged, FILE04 encrypted, FILE11 too large.
    """
    try:
        raw = open_workbook(path, data=data, max_sheet=_MAX_SHEET)
    except UnreadableWorkbook as exc:
        if exc.code != "FILE10":
            raise
        return _other_format(data)
    sheets = [_own_format(raw, title) for title in raw.sheets]
    if sheets and all(sheet.cut and not sheet.cells for sheet in sheets):
        raise unreadable("FILE11")
    return sheets


def _own_format(raw: RawWorkbook, title: str) -> HandmadeSheet:
    """A sheet of an .xlsx; one that is far too large (a list beside the form) is passed over, and says so."""
    try:
        rows, spans = raw.rows(title), raw.merges(title)
        return _sheet(title, rows, spans, raw.number_formats(title), raw.errors(title), raw.hidden(title))
    except UnreadableWorkbook as exc:
        if exc.code != "FILE11":
            raise
        return HandmadeSheet(title, (), cut=True)


def _other_format(data: bytes) -> list[HandmadeSheet]:
    if is_opendocument(data):
        return [
            HandmadeSheet(title, _clipped(cells), cut=cut) for title, cut, cells in read_open(data, MAX_ROWS, MAX_COLS)
        ]
    if holds_table(data):
        exported = read_exported(data, MAX_ROWS, MAX_COLS)
        return [HandmadeSheet(title, _clipped(cells), hidden, cut) for title, hidden, cut, cells in exported]
    if not data.startswith(_ZIP):
        with suppress(*_XLRD_STUMBLES):
            old = [*read_old(data)]
            return [_sheet(s.title, s.rows, s.merges, s.number_format, {}, s.hidden) for s in old]
    with damage():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for meta in workbook.sheets_metadata:
            sheet = workbook.get_sheet_by_name(meta.name)
            spans = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            rows = sheet.to_python(skip_empty_area=False)
            hidden = not str(meta.visible).endswith("Visible")
            sheets.append(_sheet(meta.name, rows, spans, _general, {}, hidden))
        return sheets


def _general(_row: int, _col: int) -> str:
    return ""


def _clipped(cells: list[SheetCell]) -> tuple[SheetCell, ...]:
    """Merged cells no further than the filled ones."""
    last = max((cell.row for cell in cells), default=0)
    return tuple(replace(cell, rows=min(cell.rows, last - cell.row + 1)) for cell in cells)


def _sheet(
    title: str,
    rows: Sequence[Sequence[Any]],
    spans: Iterable[Span],
    format_at: Callable[[int, int], str],
    errors: Mapping[tuple[int, int], str],
    hidden: bool,
) -> HandmadeSheet:
    cut = len(rows) > MAX_ROWS or any(len(row) > MAX_COLS for row in rows[:1])
    merged = _merged(spans, min(len(rows), MAX_ROWS))
    covered = {place for top, left, bottom, right in merged.values() for place in _places(top, left, bottom, right)}
    cells = [
        _cell(row, col, merged.get((row, col)), value, format_at)
        for row, values in enumerate(rows[:MAX_ROWS])
        for col, value in enumerate(values[:MAX_COLS])
        if value not in ("", None) and ((row, col) not in covered or (row, col) in merged)
    ]
    cells += [
        SheetCell(row, col, 1, 1, text, text)
        for (row, col), text in errors.items()
        if row < MAX_ROWS and col < MAX_COLS
    ]
    filled = {(cell.row, cell.col) for cell in cells}
    cells += [_cell(*place, span, None, format_at) for place, span in merged.items() if place not in filled]
    return HandmadeSheet(title, tuple(cells), hidden, cut)


def _merged(spans: Iterable[Span], rows: int) -> dict[tuple[int, int], Span]:
    """The merged cells by their first place, cut to the part of the sheet in use."""
    found: dict[tuple[int, int], Span] = {}
    area = 0
    for top, left, bottom, right in spans:
        span = (top, left, min(bottom, max(rows - 1, top)), min(right, MAX_COLS - 1))
        if top < MAX_ROWS and left < MAX_COLS:
            area += (span[2] - top + 1) * (span[3] - left + 1)
            if area > MAX_COVERED:
                break
            found[top, left] = span
    return found


def _places(top: int, left: int, bottom: int, right: int) -> Iterable[tuple[int, int]]:
    return ((row, col) for row in range(top, bottom + 1) for col in range(left, right + 1))


def _cell(row: int, col: int, span: Span | None, value: Any, format_at: Callable[[int, int], str]) -> SheetCell:
    rows, cols = (span[2] - row + 1, span[3] - col + 1) if span else (1, 1)
    code = format_at(row, col) if isinstance(value, (int, float, date, time)) else ""
    text = shown(value, code)
    match value:
        case bool():
            held: Value = text
        case int() | float():
            held = float(value)
        case datetime() | date() | time() | timedelta():
            held = text
        case _:
            held = str(value) if value is not None else None
    return SheetCell(row, col, rows, cols, held, text)
