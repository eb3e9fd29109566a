"""Rows of a sheet that is being drawn: the last ones as XlsxWriter has them, all before them packed in a temporary file until they are written.

A cell is a tuple, a row a dictionary, a link an object of ten fields: some 1.5 KB a row, of which a department's workbook has fifty
thousand. Who asks for a row that is packed gets it back with its batch, so that nothing needs to know of it.
"""

from __future__ import annotations

import pickle
import zlib
from array import array
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple

from workbook_tools.files.spooled_bytes import Place, SpooledBytes

Cells = dict[int, Any]
"""Column → what stands there."""
BATCH, LIVE = 128, 1_024
"""Rows that are packed together, and so many that stay as they are: a county's sheets are hardly longer, and to pack takes time. Of a sheet
that is longer the last ones alone stay: there are several beside each other."""


class PackedRows(dict[int, Cells]):
    """Row → its cells, an empty row where there is none yet, as XlsxWriter has them."""

    def __init__(self, pack: Callable[[Cells], object] = dict, unpack: Callable[[Any], Cells] = dict) -> None:
        """``pack`` makes of the cells of a row what can be pickled, ``None`` where it cannot; ``unpack`` makes them of it again."""
        super().__init__()
        self._pack, self._unpack = pack, unpack
        self._numbers = array("I")
        """Of each row the first one of its batch, counted from 1; 0 where it is in none."""
        self._packed = 0
        """How many are in one."""
        self._batches: dict[int, Place] = {}
        self._spool = SpooledBytes()
        self._odd: dict[int, Cells] = {}
        """Rows that cannot be packed."""

    def __missing__(self, row: int) -> Cells:
        if row in self._odd:
            return self._odd[row]
        if super().__len__() >= (2 * BATCH if self._batches else LIVE):
            live = [*super().__iter__()]
            for first in range(0, len(live) - BATCH, BATCH):
                self._put_away(live[first : first + BATCH])
        if number := self._find_batch(row):
            self._restore(number)
        else:
            self[row] = {}
        return self[row]

    def __contains__(self, row: object) -> bool:
        packed = isinstance(row, int) and self._find_batch(row) > 0
        return packed or super().__contains__(row) or row in self._odd

    def __iter__(self) -> Iterator[int]:
        """In no order."""
        yield from [*super().__iter__(), *(row for row, number in enumerate(self._numbers) if number), *self._odd]

    def __len__(self) -> int:
        return super().__len__() + self._packed + len(self._odd)

    def keys(self) -> Any:
        """All rows that there are."""
        return [*self]

    def take(self, row: int) -> Cells:
        """The cells of a row, which is asked for once more and then no longer."""
        if row not in self:
            return {}
        cells = self[row]
        for rows in (self, self._odd):
            dict.pop(rows, row, None)
        return cells

    def _put_away(self, rows: list[int]) -> None:
        packed = {}
        for row in rows:
            cells = self.pop(row)
            made = self._pack(cells)
            if made is None:
                self._odd[row] = cells
            else:
                packed[row] = made
        number = rows[0] + 1  # it was restored, if it was packed before: no batch has it
        self._batches[number] = self._spool.lay(zlib.compress(pickle.dumps(packed, pickle.HIGHEST_PROTOCOL), 1))
        self._numbers.extend(repeat(0, max(rows) + 1 - len(self._numbers)))
        for row in packed:
            self._numbers[row] = number
        self._packed += len(packed)

    def _find_batch(self, row: int) -> int:
        return self._numbers[row] if 0 <= row < len(self._numbers) else 0

    def _restore(self, number: int) -> None:
        packed = pickle.loads(zlib.decompress(self._spool.read(self._batches.pop(number))))  # noqa: S301 - packed by this process
        self._packed -= len(packed)
        for row, made in packed.items():
            self._numbers[row] = 0
            self[row] = self._unpack(made)


class AlikeRows(dict[int, Any]):
    """Row → what is said of it (its height and the like), in four bytes: rows that are alike are given the same object, which stands once.

    XlsxWriter puts rows in and asks for them, no more.
    """

    def __init__(self) -> None:
        super().__init__()
        self._numbers = array("I")
        """Of each row the number of what is said, from 1; 0 where nothing is."""
        self._said: list[Any] = []
        self._known: dict[int, int] = {}
        """The numbers of these objects."""

    def __setitem__(self, row: int, said: Any) -> None:
        number = self._known.get(id(said))
        if number is None:
            self._said.append(said)
            number = self._known[id(said)] = len(self._said)
        if row >= len(self._numbers):
            self._numbers.extend(repeat(0, row + 1 - len(self._numbers)))
        self._numbers[row] = number

    def __missing__(self, row: int) -> Any:
        if row not in self:
            raise KeyError(row)
        return self._said[self._numbers[row] - 1]

    def get(self, row: int, default: Any = None) -> Any:
        """What is said of a row, if anything is."""
        number = self._numbers[row] if 0 <= row < len(self._numbers) else 0
        return self._said[number - 1] if number else default

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and 0 <= row < len(self._numbers) and self._numbers[row] > 0

    def __iter__(self) -> Iterator[int]:
        return (row for row, number in enumerate(self._numbers) if number)

    def __len__(self) -> int:
        return len(self._numbers) - self._numbers.count(0)

    def __bool__(self) -> bool:
        return bool(self._said)


_KINDS = (CellBlankTuple, CellStringTuple, CellNumberTuple, CellFormulaTuple)
_BLANK, _TEXT, _NUMBER, _FORMULA = range(4)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
"""Cells of the usual kinds: each has its format, and it may be known by a number."""
make_cell = tuple.__new__
"""A cell in half the time that its class takes for it."""

PackedCell = tuple[int, int, int, Any, Any]
"""Column, kind, number of the format, content, and what a formula comes to."""


class CellPacker:
    """Cells as plain values: a format stands by its number, as it belongs to the workbook."""

    def __init__(self) -> None:
        self._formats: list[Format | None] = []
        self._known: dict[Format | None, int] = {}

    def pack(self, cells: Cells) -> list[PackedCell] | None:
        """``None`` if there is a cell of a rare kind."""
        packed: list[PackedCell] = []
        for col, cell in cells.items():
            kind = _NUMBERS.get(type(cell))
            if kind is None:
                return None
            look = self._known.get(cell.format)
            if look is None:
                look = self._known[cell.format] = len(self._formats)
                self._formats.append(cell.format)
            content = None if kind == _BLANK else cell[0]
            packed.append((col, kind, look, content, cell.value if kind == _FORMULA else None))
        return packed

    def unpack(self, packed: list[PackedCell]) -> Cells:
        """The cells again."""
        cells: Cells = {}
        formats = self._formats
        for col, kind, look, content, value in packed:
            if kind in (_TEXT, _NUMBER):
                cells[col] = make_cell(_KINDS[kind], (content, formats[look]))
            elif kind == _BLANK:
                cells[col] = make_cell(CellBlankTuple, (formats[look],))
            else:
                cells[col] = make_cell(CellFormulaTuple, (content, formats[look], value))
        return cells
