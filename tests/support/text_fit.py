"""Whether what a cell shows has room in it: no text wider or higher than its cell, at the metrics of the font that it names."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.utils.cell import coordinate_from_string

from workbook_tools.core.values import number_text
from workbook_tools.excel.styles import StyleSpec
from workbook_tools.excel.text_extent import CELL_EDGES, DIGIT_WIDTH, column_room, exact_height, measure_text

SCREEN_WIDTH, SCREEN_HEIGHT = 1366, 768
ROW_NUMBERS, SCROLL_BAR = 36, 18
"""Pixels that Excel takes beside the columns."""
COLUMNS_ON_SCREEN = SCREEN_WIDTH - ROW_NUMBERS - SCROLL_BAR
GRID_HEIGHT = 480
"""Pixels that are left for rows on such a screen, with the ribbon open."""
_STANDARD_WIDTH = 8.38


def list_misfits(data: bytes) -> list[tuple[str, str, str]]:
    """Sheet, cell and text of all that is cut, or shown as ####."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return [found for sheet in book.worksheets if sheet.sheet_state == "visible" for found in _misfits_of(sheet)]


def column_pixels(sheet: Any, last: int | None = None) -> int:
    """How wide the columns are together, up to one; hidden ones have no width."""
    widths = _read_widths(sheet)
    return sum(
        round(widths(c) * DIGIT_WIDTH) + CELL_EDGES
        for c in range(1, (sheet.max_column if last is None else last) + 1)
        if widths(c)
    )


def head_pixels(sheet: Any) -> float:
    """How high the frozen rows are together."""
    rows = coordinate_from_string(sheet.freeze_panes)[1] - 1 if sheet.freeze_panes else 0
    return sum(_height_of(sheet, row) for row in range(1, rows + 1)) * 4 / 3


def _read_widths(sheet: Any) -> Any:
    widths: dict[int, float] = {}
    for found in sheet.column_dimensions.values():
        for column in range(found.min, found.max + 1):
            # A stored width has the cell's edges in it.
            widths[column] = 0 if found.hidden else found.width - CELL_EDGES / DIGIT_WIDTH
    return lambda column: widths.get(column, _STANDARD_WIDTH)


def _height_of(sheet: Any, row: int) -> float:
    found = sheet.row_dimensions[row].height
    return float(sheet.sheet_format.defaultRowHeight if found is None else found)


def _misfits_of(sheet: Any) -> Iterator[tuple[str, str, str]]:
    widths = _read_widths(sheet)
    merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    covered = {(row, col) for area in merged.values() for row, col in area.cells} - merged.keys()
    for row in sheet.iter_rows():
        for cell in row:
            at = (cell.row, cell.column)
            if cell.value in (None, "") or at in covered or not widths(cell.column):
                continue
            area = merged.get(at)
            last_row, last = (area.max_row, area.max_col) if area else at
            text, style = _show(cell), _style_of(cell)
            wide = isinstance(cell.value, str) and not style.wrap and area is None and style.align in ("", "left")
            if wide:
                last = _last_free(sheet, cell.row, last)
            room = sum(widths(c) for c in range(cell.column, last + 1))
            typed = not cell.protection.locked  # what is typed is kept whole, however long
            fitted = area is None and sheet.row_dimensions[cell.row].height is None  # by whatever program opens it
            high = math.inf if fitted or typed else sum(_height_of(sheet, r) for r in range(cell.row, last_row + 1))
            lines = [text] if style.wrap else text.split("\n")
            too_wide = not style.wrap and not style.shrink and _width(lines, style) > column_room(room)
            if too_wide or exact_height(text, room, style) > high:
                yield sheet.title, cell.coordinate, text


def _width(lines: list[str], style: StyleSpec) -> int:
    return max(measure_text(line, style.size, bold=style.bold) for line in lines)


def _last_free(sheet: Any, row: int, column: int) -> int:
    """The last column over which a text may run: those beside it are empty."""
    while column < sheet.max_column and sheet.cell(row, column + 1).value in (None, ""):
        column += 1
    return column if column < sheet.max_column else column + 20


def _style_of(cell: Any) -> StyleSpec:
    look = cell.alignment
    return StyleSpec(
        size=cell.font.sz or 11,
        bold=bool(cell.font.b),
        wrap=bool(look.wrap_text) and isinstance(cell.value, str),
        shrink=bool(look.shrink_to_fit),
        align=look.horizontal if look.horizontal in ("center", "right", "left") else "",
        indent=int(look.indent),
    )


def _show(cell: Any) -> str:
    """What a program shows in the cell, in the formats that our workbooks use."""
    value, code = cell.value, str(cell.number_format)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    if code.endswith("%"):
        return f"{value:.2%}"
    if code.startswith("#,##0.00"):
        whole, _, rest = f"{value:,.6f}".partition(".")
        return f"{whole}.{rest.rstrip('0').ljust(2, '0')}"
    if code.startswith("0.00"):
        return f"{value:.2f}" + code.removeprefix("0.00").strip('"')
    return f"{float(value):.0f}" if code == "0" else number_text(float(value))
