"""Workbooks of Excel 97 to 2003 (.xls, and .et of WPS): values, number formats and merged cells.

calamine reads their values, but not that 0.95 is shown as 95%; xlrd does both.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlrd

from workbook_tools.excel.cell_looks import is_illegible
from workbook_tools.excel.cell_marks import list_hidden_cells
from workbook_tools.excel.sheet_cells import CellMarks, SheetCell, Spot
from workbook_tools.excel.sheetxml import NARROW
from workbook_tools.excel.written_cells import LOW
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


_SOLID = 1
"""The fill of one colour among the patterns."""
_TWIPS, _NARROW = 20, 256 * NARROW
"""Of a point; the width of a column below which nothing in it is read."""


def _is_low(row: Any) -> bool:
    return bool(row.hidden) or (row.height_mismatch == 1 and row.height < LOW * _TWIPS)


def _is_narrow(column: Any) -> bool:
    return bool(column.hidden) or column.width < _NARROW


def _name_colour(parts: tuple[int, int, int]) -> str:
    return "{:02X}{:02X}{:02X}".format(*parts)


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

    def read_marks(self, cells: Sequence[SheetCell]) -> CellMarks:
        """What is struck out, hidden, in the ink of its ground, or said in a comment; ``cells`` are those of this sheet."""
        rows = frozenset(row for row, info in self._sheet.rowinfo_map.items() if _is_low(info))
        columns = frozenset(col for col, info in self._sheet.colinfo_map.items() if _is_narrow(info))
        struck: dict[Spot, str] = {}
        unseen: dict[Spot, str] = {}
        for cell in cells:
            place = cell.row, cell.col
            style = self._book.xf_list[self._sheet.cell_xf_index(*place)] if cell.shown else None
            if style is None:
                continue
            left = self._cut_struck_runs(cell, style.font_index)
            if left != cell.shown:
                struck[place] = left
            elif self._is_illegible(style):
                unseen[place] = "文字与底色分不清"
        unseen |= dict(list_hidden_cells(cells, rows, columns))
        notes = {place: note.text.strip() for place, note in self._sheet.cell_note_map.items() if note.text.strip()}
        return CellMarks(struck, unseen, notes)

    def _cut_struck_runs(self, cell: SheetCell, font: int) -> str:
        """What is left of a cell's text without what is struck out; a run says where another font begins."""
        fonts = self._book.font_list
        text = cell.value if isinstance(cell.value, str) else cell.shown
        runs = [(0, font), *self._sheet.rich_text_runlist_map.get((cell.row, cell.col), ())]
        if not any(fonts[number].struck_out for _, number in runs):
            return cell.shown
        ends = [start for start, _ in runs[1:]] + [len(text)]
        pieces = (text[start:end] for (start, n), end in zip(runs, ends, strict=True) if not fonts[n].struck_out)
        return "".join(pieces).strip()

    def _is_illegible(self, style: Any) -> bool:
        """The text has the colour of its ground; those of the system are black and white."""
        colours, ground = self._book.colour_map, style.background
        ink = colours.get(self._book.font_list[style.font_index].colour_index)
        solid = ground.fill_pattern == _SOLID
        behind = colours.get(ground.pattern_colour_index) if solid else None
        return is_illegible(_name_colour(ink or (0, 0, 0)), (_name_colour(behind or (255, 255, 255)),))

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
