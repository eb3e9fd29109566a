"""Rows put into a sheet that openpyxl loaded, as Excel would put them in.

openpyxl's own ``insert_rows`` moves cells only. Here everything that lies below moves along, and everything that
reaches over the place grows: merged cells, heights, formulas, names, conditional formats, validations, the print
area, page breaks, the filter, tables, pictures and charts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.pagebreak import Break

from workbook_tools.core.cells import column_letters

_ADDRESS = re.compile(r"(\$?[A-Za-z]{1,3}\$?|\$?)(\d+)")
"""``$B$7``; ``7`` or ``$7`` of a reference to whole rows: what stands before the row's number, and the number."""


Loaded = Any
"""A worksheet of openpyxl: what is needed of it here is not in its stubs."""


def make_room(sheet: Loaded, row: int, count: int) -> None:
    """Leave room for ``count`` rows like ``row``, itself included: what is below moves down, a range that ends in it grows."""
    added = count - 1
    if added <= 0:
        return
    shift = _Shift(sheet.title, row, added)
    _move_cells(sheet, row, added)
    _move_ranges(sheet, shift)
    _move_drawings(sheet, shift)
    _rewrite_formulas(sheet.parent, shift)
    across = [area for area in sheet.merged_cells.ranges if area.min_row == area.max_row == row]
    merged = list(sheet.merged_cells.ranges)
    for target in range(row + 1, row + count):
        merged += [CellRange(min_row=target, max_row=target, min_col=a.min_col, max_col=a.max_col) for a in across]
    sheet.merged_cells = MultiCellRange(merged)


class _Shift:
    """Where rows and references go when so many rows are added below one."""

    def __init__(self, sheet: str, row: int, added: int) -> None:
        self.sheet = sheet
        self.row = row
        self.added = added

    def place(self, row: int) -> int:
        """Where a row goes."""
        return row + self.added if row > self.row else row

    def end(self, row: int) -> int:
        """Where the last row of a range goes: a range that ends in the repeated row takes the copies in."""
        return row + self.added if row >= self.row else row

    def area(self, area: CellRange) -> CellRange:
        """A range after the shift."""
        low = self.place(area.min_row)
        high = self.end(area.max_row) if area.min_row <= self.row else self.place(area.max_row)
        return CellRange(min_row=low, max_row=high, min_col=area.min_col, max_col=area.max_col)

    def multi(self, areas: Any) -> MultiCellRange:
        """Several ranges after the shift."""
        return MultiCellRange([self.area(area) for area in areas])

    def reference(self, text: str) -> str:
        """A cell or a range, without its sheet."""
        first, colon, last = text.partition(":")
        if not colon:
            return self._move(first, self.place)
        return f"{self._move(first, self.place)}:{self._move(last, self.end)}"

    def formula(self, text: str, home: str) -> str:
        """A formula that stands on the sheet ``home``."""
        tokens: Any = Tokenizer(text)
        for token in tokens.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                sheet, bang, reference = token.value.rpartition("!")
                if (sheet.strip("'").replace("''", "'") or home).casefold() == self.sheet.casefold():
                    token.value = f"{sheet}{bang}{self.reference(reference)}"
        return str(tokens.render())

    def drawn(self, text: str, home: str) -> str:
        """What a chart shows: of a form it is a single cell of the repeated row, and becomes all of them."""
        reference = text.rpartition("!")[2]
        found = _ADDRESS.fullmatch(reference)
        alone = found is not None and int(found[2]) == self.row
        return self.formula(f"={text}:{reference}" if alone else f"={text}", home)[1:]

    @staticmethod
    def _move(address: str, place: Callable[[int], int]) -> str:
        found = _ADDRESS.fullmatch(address)
        return f"{found[1]}{place(int(found[2]))}" if found else address


def _move_cells(sheet: Loaded, row: int, added: int) -> None:
    for at, column in sorted((place for place in sheet._cells if place[0] > row), reverse=True):
        cell = sheet._cells.pop((at, column))
        cell.row = at + added
        sheet._cells[at + added, column] = cell
        link = getattr(cell, "hyperlink", None)
        if link is not None:
            link.ref = cell.coordinate
    heights = {at: sheet.row_dimensions.pop(at) for at in sorted(sheet.row_dimensions) if at > row}
    for at, height in heights.items():
        height.index = at + added
        sheet.row_dimensions[at + added] = height


def _move_ranges(sheet: Loaded, shift: _Shift) -> None:
    # A cell merged across in the repeated row is copied, not stretched.
    kept = [area for area in sheet.merged_cells.ranges if area.max_row == shift.row]
    moved = [shift.area(area) for area in sheet.merged_cells.ranges if area.max_row != shift.row]
    sheet.merged_cells = MultiCellRange([*kept, *moved])
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = shift.multi(validation.sqref.ranges)
        for name in ("formula1", "formula2"):
            if text := getattr(validation, name):
                setattr(validation, name, shift.formula(f"={text}", sheet.title)[1:])
    formats = ConditionalFormattingList()
    for old in sheet.conditional_formatting:
        for rule in old.rules:
            rule.formula = [shift.formula(f"={text}", sheet.title)[1:] for text in rule.formula]
            formats.add(str(shift.multi(old.sqref.ranges)), rule)
    sheet.conditional_formatting = formats
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = shift.reference(sheet.auto_filter.ref)
    for table in sheet.tables.values():
        table.ref = shift.reference(table.ref)
        if table.autoFilter is not None:
            table.autoFilter.ref = shift.reference(table.autoFilter.ref)
    if sheet.print_area:
        areas = [part.rpartition("!")[2] for part in str(sheet.print_area).split(",")]
        sheet.print_area = ",".join(shift.reference(area) for area in areas)
    for stop in sheet.row_breaks.brk:
        stop.id = shift.place(stop.id)


def _move_drawings(sheet: Loaded, shift: _Shift) -> None:
    for drawing in [*sheet._images, *sheet._charts]:
        for corner in ("_from", "to"):
            marker = getattr(drawing.anchor, corner, None)
            if marker is not None:
                marker.row = shift.place(marker.row + 1) - 1
    for other in sheet.parent.worksheets:
        for chart in other._charts:
            for series in chart.series:
                for part in ("val", "cat", "xVal", "yVal", "tx"):
                    for kind in ("numRef", "strRef"):
                        found = getattr(getattr(series, part, None), kind, None)
                        if found is not None:
                            found.f = shift.drawn(found.f, other.title)


def _rewrite_formulas(book: Any, shift: _Shift) -> None:
    for other in book.worksheets:
        for cell in list(other._cells.values()):
            if getattr(cell, "data_type", "") == "f" and isinstance(cell.value, str):
                cell._value = shift.formula(cell.value, other.title)
    for names, home in ((book.defined_names, ""), *((other.defined_names, other.title) for other in book.worksheets)):
        for name in names.values():
            if name.attr_text:
                name.attr_text = shift.formula(f"={name.attr_text}", home)[1:]


def break_before(sheet: Loaded, row: int) -> None:
    """Begin a new printed page at a row, from 0."""
    sheet.row_breaks.append(Break(id=row))


def column_width(sheet: Loaded, column: int) -> float:
    """The width of a column in characters; a width can be kept for several columns at once."""
    for dimension in sheet.column_dimensions.values():
        low, high = dimension.min, dimension.max
        if low and high and low <= column <= high and dimension.width:
            return float(dimension.width)
    own = sheet.column_dimensions.get(column_letters(column - 1))
    if own is not None and own.width:
        return float(own.width)
    return float(sheet.sheet_format.defaultColWidth or 9)
