"""A row of a sheet that openpyxl loaded, repeated: each copy is written as soon as it is filled, and none is held.

openpyxl holds some 20 KB of a row. Only the first one and the last stay where they are, as what a sheet is asked of them is where it begins and
ends; those between are written by openpyxl's own writer, and :mod:`stored_cells` puts them into their place.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator
from copy import copy
from io import BytesIO
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.formula.translate import Translator
from openpyxl.worksheet._writer import WorksheetWriter

from workbook_tools.excel.row_insertion import Loaded

_AT_ONCE = 100
"""So many rows are written together."""


class RepeatedRow:
    """A row and its copies, for which :func:`workbook_tools.excel.row_insertion.make_room` has left room.

    The copies have its styles, its height, and its formulas as if filled down.
    """

    def __init__(self, sheet: Loaded, row: int, count: int) -> None:
        self.sheet = sheet
        self.first, self.last = row, row + count - 1
        self.heights = array("d")
        """Of those that are written, from the second on; what nobody has given a height has 0."""
        self._sample = [_copy_cell(cell, row) for (at, _), cell in sorted(sheet._cells.items()) if at == row]
        self._dimension = copy(sheet.row_dimensions[row])
        self.written: list[bytes] = []
        """What is written, some rows at a time, packed: it goes between the row that is the first and the row that is the last."""

    def lay(self) -> Iterator[int]:
        """Each row in its turn, on the sheet to be filled; when the next is asked for it is written."""
        yield self.first
        self._number_looks()
        for begin in range(self.first + 1, self.last, _AT_ONCE):
            writer = WorksheetWriter(self.sheet, BytesIO())
            stream = writer.xf.send(True)
            for row in range(begin, min(begin + _AT_ONCE, self.last)):
                cells = self._lay(row)
                yield row
                writer.write_row(stream, cells, row)
                self.heights.append(self._take(row))
            writer.xf.send(None)
            self.written.append(zlib.compress(writer.read(), 1))
        if self.last > self.first:
            self._lay(self.last)
            yield self.last

    def pieces(self) -> Iterator[bytes]:
        """What is written: each piece a worksheet with nothing else in it."""
        yield from map(zlib.decompress, self.written)

    def _number_looks(self) -> None:
        """openpyxl numbers looks as it writes them: those above come first."""
        sheets = self.sheet.parent.worksheets
        for sheet in sheets[: sheets.index(self.sheet) + 1]:
            for (row, _), cell in sorted(sheet._cells.items()):
                if cell.has_style and (sheet is not self.sheet or row <= self.first):
                    cell.style_id  # noqa: B018 - to ask is to number

    def _lay(self, row: int) -> list[Any]:
        cells = [_copy_cell(cell, row) for cell in self._sample]
        self.sheet._cells.update(((row, cell.column), cell) for cell in cells)
        height = copy(self._dimension)
        height.index = row
        self.sheet.row_dimensions[row] = height
        return cells

    def _take(self, row: int) -> float:
        """Take a row from the sheet; returns its height."""
        for cell in self._sample:
            del self.sheet._cells[row, cell.column]
        return float(self.sheet.row_dimensions.pop(row).height or 0)


def _copy_cell(cell: Any, row: int) -> Any:
    """As if filled down to another row: no comment and no link of the cell itself."""
    if isinstance(cell, MergedCell):
        twin: Any = MergedCell(cell.parent, row, cell.column)
    else:
        twin = copy(cell)
        twin.row, twin._comment, twin._hyperlink = row, None, None
    twin._style = copy(cell._style)
    if row != cell.row and getattr(twin, "data_type", "") == "f" and isinstance(twin.value, str):
        twin._value = Translator(twin.value, cell.coordinate).translate_formula(twin.coordinate)
    return twin
