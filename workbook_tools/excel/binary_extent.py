"""How far the cells of a binary workbook reach (.xls, .xlsb), seen before calamine allots room for all between them."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_tools.core.cells import address
from workbook_tools.core.codes import CODES
from workbook_tools.excel.old_records import BEGIN, CELLS, NUMBER, PLACE, SHEET, find_stream, list_old_records
from workbook_tools.excel.reading import MAX_AREA, MAX_CELLS
from workbook_tools.files.package import damage, parse_xml, unreadable

_ZIP = b"PK"
_SHORT_SIZE, _SIZE, _FAR_SIZE = map(struct.Struct, ("<4H", "<IIHH", "<4I"))
_DIMENSIONS = 0x200
"""Record of an .xls: how far a sheet says that it reaches."""
_WORKBOOK, _RELATIONS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
_BUNDLE, _BUNDLE_HEAD = 0x9C, struct.Struct("<3I")
"""The record of an .xlsb that lists a sheet: its state, its number, and how many letters the name of its relationship has."""
_ROW, _FAR_DIMENSIONS = 0x00, 0x94
_FAR_CELLS = {1: 8, 2: 12, 3: 9, 4: 9, 5: 16, 6: 12, 7: 12, 8: 12, 9: 16, 10: 9, 11: 9}
"""Records of an .xlsb: a row begins; how far the sheet says that it reaches; a cell in a row, and the bytes that it has at least."""


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

    def reach_from(self, first_row: int, rows: int, first_column: int, columns: int) -> None:
        """How far a sheet says that it reaches, and where it says that it begins. Raises FILE03 where that is behind its end too."""
        if first_row > rows or first_column > columns:
            raise unreadable("FILE03", f"{CODES['FILE03'].title}：工作表的范围写反了")
        self.reach(rows, columns)

    def count(self) -> None:
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise unreadable("FILE31", f"单元格超过 {MAX_CELLS} 个")


def check_extent(data: bytes) -> None:
    """Raises UnreadableWorkbook FILE31 for a binary workbook that is too large, FILE03 for a damaged one."""
    extent = _Extent()
    if not data.startswith(_ZIP):
        _measure_old(find_stream(data), extent)
        return
    with damage(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = _list_sheets(archive)
        for entry in archive.infolist():
            if posixpath.basename(entry.filename).lower() in names:
                with archive.open(entry) as stream:
                    _measure_binary(stream.read(entry.file_size), extent)
                extent.begin_sheet()


def _list_sheets(archive: zipfile.ZipFile) -> set[str]:
    """The names of the parts that the workbook calls its sheets, without their folders: other parts have records of their own."""
    workbook = archive.read(_WORKBOOK)
    targets = {item.get("Id"): item.get("Target", "") for item in parse_xml(archive.read(_RELATIONS))}
    names = set()
    for kind, start, length in _list_records(workbook):
        if kind == _BUNDLE and length >= _BUNDLE_HEAD.size:
            _, _, size = _BUNDLE_HEAD.unpack_from(workbook, start)
            begin = start + _BUNDLE_HEAD.size
            named = workbook[begin : min(begin + 2 * size, start + length)].decode("utf-16-le", "replace")
            names.add(posixpath.basename(targets.get(named, "")).lower())
    return names


def _measure_old(stream: bytes, extent: _Extent) -> None:
    beginnings: set[int] = set()
    stated: set[int] = set()
    for kind, place, content in list_old_records(stream):
        if kind == BEGIN:
            extent.begin_sheet()
            beginnings.add(place)
        elif kind == SHEET and len(content) >= NUMBER.size:
            stated.add(NUMBER.unpack_from(content)[0])
        elif kind in CELLS and len(content) >= PLACE.size:
            row, column = PLACE.unpack_from(content)
            extent.count()
            extent.reach(row + 1, column + 1)
        elif kind == _DIMENSIONS and len(content) >= _SHORT_SIZE.size:
            size = _SIZE if len(content) >= _SIZE.size else _SHORT_SIZE
            extent.reach_from(*size.unpack_from(content))
    extent.begin_sheet()
    if stated - beginnings:  # calamine would read cells out of the middle of other records
        raise unreadable("FILE03", f"{CODES['FILE03'].title}：工作表不在目录所说的地方")


def _measure_binary(part: bytes, extent: _Extent) -> None:
    row = 0
    for kind, start, length in _list_records(part):
        if length < (NUMBER.size if kind == _ROW else _FAR_CELLS.get(kind, 0)):
            raise unreadable("FILE03")  # calamine would take the rest from another record
        if kind == _ROW:
            row = NUMBER.unpack_from(part, start)[0] + 1
        elif kind in _FAR_CELLS:
            extent.count()
            extent.reach(row, NUMBER.unpack_from(part, start)[0] + 1)
        elif kind == _FAR_DIMENSIONS and length >= _FAR_SIZE.size:
            first_row, last_row, first_column, last_column = _FAR_SIZE.unpack_from(part, start)
            extent.reach_from(first_row, last_row + 1, first_column, last_column + 1)


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
