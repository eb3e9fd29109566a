"""The door to workbooks that people made themselves: each sheet as filled and merged cells with the text they show.

.xlsx and .xlsm come through ``reading``, .xls and .et through ``old_format`` (xlrd), .ods through ``opendocument``, what is
called .xls and is none through ``web_page``, ``xml_2003`` and ``text_table`` (.csv too); .xlsb and what xlrd does not open
through calamine, values without formats. What a sheet holds beyond ``MAX_ROWS`` and ``MAX_COLS`` is left out.
"""

from __future__ import annotations

import io
import math
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from xlrd import XLRDError
from xlrd.compdoc import CompDocError
from xlrd.formula import FormulaError

from workbook_tools.core.cells import address
from workbook_tools.core.codes import CODES
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.model import Value
from workbook_tools.excel.binary_extent import check_extent
from workbook_tools.excel.cell_marks import list_page_lines, read_marks
from workbook_tools.excel.number_formats import format_value
from workbook_tools.excel.old_format import read_old_format
from workbook_tools.excel.old_records import check_records, list_page_texts
from workbook_tools.excel.opendocument import is_opendocument, read_opendocument
from workbook_tools.excel.print_areas import split_page_text
from workbook_tools.excel.reading import RawWorkbook, open_workbook
from workbook_tools.excel.sheet_cells import MAX_COVERED, HandmadeSheet, SheetCell
from workbook_tools.excel.text_table import read_text_table
from workbook_tools.excel.web_page import read_web_pages
from workbook_tools.excel.xml_2003 import read_xml_2003
from workbook_tools.files.compound import find_flaw
from workbook_tools.files.package import ambiguous, damage, holds_table, is_excel_xml_2003, unreadable
from workbook_tools.files.plain_text import holds_text_table

MAX_ROWS, MAX_COLS = 5_000, 200
"""No form reaches further, nor do a hundred of them on one sheet."""
MAX_CELLS = 150_000
"""Filled and merged cells of a file that are read; a list of 5,000 projects has 100,000."""
_MAX_SEEN = 3 * MAX_CELLS
"""So many are looked at, before the file is given up."""
_MAX_SHEET = 40_000_000
"""Bytes of a sheet's XML; a form has some ten thousand, a long list beside it millions."""
_ZIP = b"PK"
_XLRD_STUMBLES = (
    XLRDError,
    CompDocError,
    FormulaError,
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

_NO_TITLE = re.compile("[\x00-\x1f\ufffe\uffff]")
"""What no sheet's name holds."""

Span = tuple[int, int, int, int]
"""First row and column, last row and column."""


def open_sheets(path: Path, data: bytes) -> list[HandmadeSheet]:
    """The sheets of a workbook in any format.

    A sheet that is far too large is passed over, and says so. Raises UnreadableWorkbook: FILE01 no workbook, FILE02 empty,
    FILE03 damaged, FILE04 encrypted, FILE11 and FILE31 too large, FILE32 for what programs read differently.
    """
    try:
        raw = open_workbook(path, data=data, max_sheet=_MAX_SHEET)
    except UnreadableWorkbook as exc:
        if exc.code != "FILE10":
            raise
        return _keep_to_budget(_read_other_format(data))
    return _keep_to_budget(_read_sheet(raw, title) for title in raw.sheets)


def _keep_to_budget(sheets: Iterable[HandmadeSheet]) -> list[HandmadeSheet]:
    """The sheets, but for those whose cells would be too many for one file."""
    kept: list[HandmadeSheet] = []
    seen = taken = 0
    for sheet in sheets:
        _check_title(sheet.title, [other.title for other in kept])
        seen += len(sheet.cells)
        if seen > _MAX_SEEN:
            break
        if taken + len(sheet.cells) > MAX_CELLS:
            sheet = HandmadeSheet(sheet.title, (), sheet.hidden, cut=True)
        taken += len(sheet.cells)
        kept.append(sheet)
    if seen > _MAX_SEEN or (kept and all(sheet.cut and not sheet.cells for sheet in kept)):
        raise unreadable("FILE31", f"工作表的内容过多：一个文件最多读 {MAX_CELLS} 个有内容的单元格")
    return kept


def _check_title(title: str, others: Sequence[str]) -> None:
    """Raises FILE32 for a sheet whose name programs read differently, or that another has too."""
    if not title.strip() or _NO_TITLE.search(title) or title in others:
        raise ambiguous(f"工作表的名称“{title}”不是每个程序都认")


def _read_sheet(raw: RawWorkbook, title: str) -> HandmadeSheet:
    """A sheet of an .xlsx; one that is far too large (a list beside the form) is passed over, and says so."""
    try:
        rows, spans = raw.rows(title), raw.merges(title)
        sheet = _make_sheet(title, rows, spans, raw.number_formats(title), raw.errors(title), raw.hidden(title))
        head, foot = list_page_lines(raw, title)
        return replace(sheet, marks=read_marks(raw, title, sheet.cells), page_head=head, page_foot=foot)
    except UnreadableWorkbook as exc:
        if exc.code not in ("FILE11", "FILE31"):
            raise
        return HandmadeSheet(title, (), cut=True)


def _read_other_format(data: bytes) -> Iterable[HandmadeSheet]:
    if is_opendocument(data):
        return map(_clip, read_opendocument(data, MAX_ROWS, MAX_COLS))
    if holds_table(data):
        read = read_xml_2003 if is_excel_xml_2003(data) else read_web_pages
        return map(_clip, read(data, MAX_ROWS, MAX_COLS))
    if holds_text_table(data):
        return read_text_table(data, MAX_ROWS, MAX_COLS)
    if not data.startswith(_ZIP):
        if flaw := find_flaw(data):
            raise unreadable("FILE03", f"{CODES['FILE03'].title}：{flaw}")
        check_records(data)
        with suppress(*_XLRD_STUMBLES):
            sheets = [
                replace(sheet, marks=old.read_marks(sheet.cells))
                for old in read_old_format(data)
                for sheet in [_make_sheet(old.title, old.rows, old.merges, old.number_format, {}, old.hidden)]
            ]
            return _with_page_texts(sheets, list_page_texts(data))
    check_extent(data)
    return _read_with_calamine(data)


def _with_page_texts(sheets: list[HandmadeSheet], texts: Sequence[tuple[str, str]]) -> list[HandmadeSheet]:
    """The sheets with the lines of their headers and footers; without, where there are not as many."""
    if len(texts) != len(sheets):
        return sheets
    lines = (tuple(tuple(dict.fromkeys(split_page_text(text))) for text in pair) for pair in texts)
    return [replace(sheet, page_head=head, page_foot=foot) for sheet, (head, foot) in zip(sheets, lines, strict=True)]


def _read_with_calamine(data: bytes) -> Iterator[HandmadeSheet]:
    """The sheets, each read when it is its turn."""
    with damage():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in workbook.sheets_metadata:
            sheet = workbook.get_sheet_by_name(meta.name)
            spans = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            rows = sheet.to_python(skip_empty_area=False)
            hidden = not str(meta.visible).endswith("Visible")
            yield replace(_make_sheet(meta.name, rows, spans, _as_general, {}, hidden), unformatted=True)


def _as_general(_row: int, _col: int) -> str:
    return ""


def _clip(sheet: HandmadeSheet) -> HandmadeSheet:
    """The sheet with merged cells that reach no further down than the filled ones."""
    last = max((cell.row for cell in sheet.cells), default=0)
    return replace(sheet, cells=tuple(replace(cell, rows=min(cell.rows, last - cell.row + 1)) for cell in sheet.cells))


def _make_sheet(
    title: str,
    rows: Sequence[Sequence[Any]],
    spans: Iterable[Span],
    format_at: Callable[[int, int], str],
    errors: Mapping[tuple[int, int], str],
    hidden: bool,
) -> HandmadeSheet:
    cut = len(rows) > MAX_ROWS or any(len(row) > MAX_COLS for row in rows)
    if sum(len(row) - row.count("") - row.count(None) for row in rows[:MAX_ROWS]) > MAX_CELLS:
        return HandmadeSheet(title, (), hidden, cut=True)
    merged = _cut_merged(spans, min(len(rows), MAX_ROWS))
    covered = {
        place for top, left, bottom, right in merged.values() for place in _list_places(top, left, bottom, right)
    }
    cells = [
        _make_cell(row, col, merged.get((row, col)), value, format_at)
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
    cells += [_make_cell(*place, span, None, format_at) for place, span in merged.items() if place not in filled]
    return HandmadeSheet(title, tuple(cells), hidden, cut)


def _cut_merged(spans: Iterable[Span], rows: int) -> dict[tuple[int, int], Span]:
    """The merged cells by their first place, cut to the part of the sheet in use. Raises FILE32 for one that ends before it begins."""
    found: dict[tuple[int, int], Span] = {}
    area = 0
    for top, left, bottom, right in spans:
        if bottom < top or right < left:
            raise ambiguous("合并单元格的范围写反了")
        span = (top, left, min(bottom, max(rows - 1, top)), min(right, MAX_COLS - 1))
        if top < MAX_ROWS and left < MAX_COLS:
            area += (span[2] - top + 1) * (span[3] - left + 1)
            if area > MAX_COVERED:
                break
            found[top, left] = span
    return found


def _list_places(top: int, left: int, bottom: int, right: int) -> Iterable[tuple[int, int]]:
    return ((row, col) for row in range(top, bottom + 1) for col in range(left, right + 1))


def _make_cell(row: int, col: int, span: Span | None, value: Any, format_at: Callable[[int, int], str]) -> SheetCell:
    rows, cols = (span[2] - row + 1, span[3] - col + 1) if span else (1, 1)
    if isinstance(value, float) and not math.isfinite(value):  # of a binary workbook; no program can have written it
        raise ambiguous(f"{address(row, col)} 的值“{value}”不是数字")
    code = format_at(row, col) if isinstance(value, (int, float, date, time)) else ""
    text = format_value(value, code)
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
