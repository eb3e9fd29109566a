"""Workbooks of Excel 97 to 2003 (.xls, and .et of WPS): values, number formats and merged cells.

calamine reads their values, but not that 0.95 is shown as 95%; xlrd does both.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import xlrd

from workbook_tools.files.package import ambiguous, unreadable

_MAX_ROWS = 200_000
"""Of all sheets up to their last filled rows, most of which may be empty; each costs 200 bytes and more."""
_MAX_CELLS = 1_000_000
"""Of all sheets, in each row up to its last filled cell."""


class _SharedTexts(list[str]):
    """The shared texts of a file, of which xlrd would give the last one for −1."""

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int) and index < 0:
            raise ambiguous(f"单元格用的第 {index} 条文字不在文件里")
        return super().__getitem__(index)


@dataclass(frozen=True, slots=True)
class OldSheet:
    """A sheet as xlrd has it."""

    title: str
    hidden: bool
    _sheet: Any
    _book: Any

    @property
    def rows(self) -> list[list[Any]]:
        """The values, from A1 on and up to the last filled cell of each row; ``""`` where there is none."""
        rows = range(self._sheet.nrows)
        return [[self._read_value(row, col) for col in range(self._sheet.row_len(row))] for row in rows]

    @property
    def merges(self) -> list[tuple[int, int, int, int]]:
        """The merged cells: first row and column, last row and column."""
        return [(top, left, bottom - 1, right - 1) for top, bottom, left, right in self._sheet.merged_cells]

    def number_format(self, row: int, col: int) -> str:
        """The number format of a cell that holds something."""
        style = self._book.xf_list[self._sheet.cell_xf_index(row, col)]
        code = str(self._book.format_map[style.format_key].format_str)
        return "" if code == "General" else code

    def _read_value(self, row: int, col: int) -> Any:
        kind, value = self._sheet.cell_type(row, col), self._sheet.cell_value(row, col)
        if kind == xlrd.XL_CELL_DATE:
            try:
                return xlrd.xldate_as_datetime(value, self._book.datemode)
            except (ValueError, OverflowError):
                return value
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(value, "#N/A")
        return value


def read_old_format(data: bytes) -> Iterator[OldSheet]:
    """The sheets, each to be used before the next.

    Raises UnreadableWorkbook: FILE04 encrypted, FILE31 too large, FILE32 for what programs read differently; anything else for a
    file that is damaged.
    """
    try:  # rows as long as they are, a sheet at a time: two cells in far corners would else be 17 million
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True, on_demand=True
        )
    except xlrd.XLRDError as exc:
        if "encrypted" in str(exc).lower():
            raise unreadable("FILE04") from exc
        raise
    book._sharedstrings = _SharedTexts(book._sharedstrings)
    rows = cells = 0
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        rows += sheet.nrows
        if rows <= _MAX_ROWS:
            cells += sum(map(sheet.row_len, range(sheet.nrows)))
        if rows > _MAX_ROWS or cells > _MAX_CELLS:
            raise unreadable("FILE31", f"工作表“{sheet.name}”的内容一直延伸到第 {sheet.nrows} 行，范围过大")
        yield OldSheet(sheet.name, bool(sheet.visibility), sheet, book)
        book.unload_sheet(number)
