"""How far the cells of a binary workbook reach (.xls, .xlsb), seen before calamine allots room for all between them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from xlrd.compdoc import CompDoc

from workbook_tools.core.cells import address
from workbook_tools.excel.reading import MAX_AREA, MAX_CELLS
from workbook_tools.files.package import damage, unreadable

_ZIP = b"PK"
_PLACE, _SIZE, _FAR_SIZE = struct.Struct("<HH"), struct.Struct("<IIHH"), struct.Struct("<4I")
_NUMBER = struct.Struct("<I")
_HEAD = struct.Struct("<HH")
_BEGIN, _DIMENSIONS = 0x809, 0x200
_CELLS = frozenset({0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
"""Records of an .xls: a sheet begins; how far it says that it reaches; a cell, or the first of several."""
_ROW, _FAR_CELLS, _FAR_DIMENSIONS = 0x00, range(1, 12), 0x94
"""Records of an .xlsb: a row begins; a cell in it; how far the sheet says that it reaches."""


@dataclass(slots=True)
class _Extent:
    """How far the sheets reach that have been looked at."""

    area: int = 0
    """Of the sheets before this one, from A1 to the last cell."""
    cells: int = 0
    row: int = 0
    column: int = 0
    """The farthest ones of the sheet at hand, from 1."""

    def begin_sheet(self) -> None:
        self.area += self.row * self.column
        self.row = self.column = 0

    def reach(self, row: int, column: int) -> None:
        """Raises FILE31 where that is too far, for this sheet or for all of them."""
        self.row, self.column = max(self.row, row), max(self.column, column)
        if self.area + self.row * self.column > MAX_AREA:
            raise unreadable("FILE31", f"工作表的内容一直延伸到 {address(self.row - 1, self.column - 1)}，范围过大")

    def count(self) -> None:
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise unreadable("FILE31", f"单元格超过 {MAX_CELLS} 个")


def check_extent(data: bytes) -> None:
    """Raises UnreadableWorkbook FILE31 for a binary workbook that is too large, FILE03 for a damaged one."""
    extent = _Extent()
    if not data.startswith(_ZIP):
        _measure_old(_find_stream(data), extent)
        return
    with damage(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.filename.lower().endswith(".bin"):
                with archive.open(entry) as stream:
                    _measure_binary(stream.read(entry.file_size), extent)
                extent.begin_sheet()


def _find_stream(data: bytes) -> bytes:
    """The stream of an .xls that holds the workbook; nothing where there is none."""
    try:
        folder = CompDoc(data, logfile=io.StringIO())
        found = (folder.locate_named_stream(name) for name in ("Workbook", "Book"))
        return next((memory[start : start + size] for memory, start, size in found if memory), b"")
    except Exception as exc:  # its own, and whatever it stumbles over
        raise unreadable("FILE03") from exc


def _measure_old(stream: bytes, extent: _Extent) -> None:
    place = 0
    while place + _HEAD.size <= len(stream):
        kind, length = _HEAD.unpack_from(stream, place)
        content = stream[place + _HEAD.size : place + _HEAD.size + length]
        place += _HEAD.size + length
        if kind == _BEGIN:
            extent.begin_sheet()
        elif kind in _CELLS and length >= _PLACE.size and len(content) == length:
            row, column = _PLACE.unpack_from(content)
            extent.count()
            extent.reach(row + 1, column + 1)
        elif kind == _DIMENSIONS and len(content) >= _SIZE.size:
            _, rows, _, columns = _SIZE.unpack_from(content)
            extent.reach(rows, columns)
    extent.begin_sheet()


def _measure_binary(part: bytes, extent: _Extent) -> None:
    row = 0
    for kind, start, length in _list_records(part):
        if kind == _ROW and length >= _NUMBER.size:
            row = _NUMBER.unpack_from(part, start)[0] + 1
        elif kind in _FAR_CELLS and length >= _NUMBER.size:
            extent.count()
            extent.reach(row, _NUMBER.unpack_from(part, start)[0] + 1)
        elif kind == _FAR_DIMENSIONS and length >= _FAR_SIZE.size:
            _, rows, _, columns = _FAR_SIZE.unpack_from(part, start)
            extent.reach(rows + 1, columns + 1)


def _list_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of the records of a part whose content is all there. Both are of seven bits a byte."""
    place, end = 0, len(part)
    while place < end:
        kind, place = part[place], place + 1
        if kind & 0x80 and place < end:
            kind, place = kind & 0x7F | (part[place] & 0x7F) << 7, place + 1
        length = shift = 0
        while place < end:
            byte, place = part[place], place + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        if place + length > end:
            return
        yield kind, place, length
        place += length
