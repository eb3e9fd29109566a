"""How far the cells of a binary workbook reach (.xls, .xlsb), seen before calamine allots room for all between them."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from xlrd.compdoc import CompDoc

from workbook_tools.core.cells import address
from workbook_tools.core.codes import CODES
from workbook_tools.excel.reading import MAX_AREA, MAX_CELLS
from workbook_tools.files.package import ambiguous, damage, parse_xml, unreadable

_ZIP = b"PK"
_PLACE, _SHORT_SIZE, _SIZE, _FAR_SIZE = map(struct.Struct, ("<HH", "<4H", "<IIHH", "<4I"))
_NUMBER = struct.Struct("<I")
_HEAD = struct.Struct("<HH")
_BEGIN, _SHEET, _DIMENSIONS = 0x809, 0x85, 0x200
_CELLS = frozenset({0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
"""Records of an .xls: a part (the list of sheets, a sheet) begins; where a sheet begins; how far it says that it reaches; a cell, or the first of several."""
_SEVERAL_CELLS, _BLANK_CELLS = frozenset({0xBD, 0xBE}), frozenset({0xBE, 0x201})
"""Cells beside each other, the last one's column at the end; those without content."""
_BEGINNINGS, _END, _WORKSHEET = frozenset({0x009, 0x209, 0x409, _BEGIN}), 0x0A, b"\x10\0"
"""How a part begins in the versions of the format (a chart is one inside a sheet, behind its cells), and how it ends; a part that
is a sheet of cells, and no chart, whose figures look like cells."""
_FORMULAS, _SHARED_FORMULAS, _TEXT_OF_FORMULA, _PASSWORD = (0x06, 0x206, 0x406), (0x221, 0x236, 0x4BC), 0x207, 0x2F
"""A formula; what may stand between it and its text; its text; what comes next is encrypted."""
_WORKBOOK, _RELATIONS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
_BUNDLE, _BUNDLE_HEAD = 0x9C, struct.Struct("<3I")
"""The record of an .xlsb that lists a sheet: its state, its number, and how many letters the name of its relationship has."""
_ROW, _FAR_DIMENSIONS = 0x00, 0x94
_FAR_CELLS = {1: 8, 2: 12, 3: 9, 4: 9, 5: 16, 6: 12, 7: 12, 8: 12, 9: 16, 10: 9, 11: 9}
"""Records of an .xlsb: a row begins; how far the sheet says that it reaches; a cell in a row, and the bytes that it has at least."""

_Record = tuple[int, int, bytes]


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
        _measure_old(_find_stream(data), extent)
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


def _find_stream(data: bytes) -> bytes:
    """The stream of an .xls that holds the workbook; nothing where there is none."""
    try:
        folder = CompDoc(data, logfile=io.StringIO())
        found = (folder.locate_named_stream(name) for name in ("Workbook", "Book"))
        return next((memory[start : start + size] for memory, start, size in found if memory), b"")
    except Exception as exc:  # its own, and whatever it stumbles over
        raise unreadable("FILE03") from exc


def check_records(data: bytes) -> None:
    """Raises UnreadableWorkbook FILE32 for an .xls whose records programs read differently: the text of a formula where no formula
    has one, cells behind a part in the middle of a sheet, a cell with content that is blank further on."""
    records = list(takewhile(lambda record: record[0] != _PASSWORD, _list_old_records(_find_stream(data))))
    _check_texts_of_formulas(records)
    _check_places(records)


def _check_texts_of_formulas(records: Sequence[_Record]) -> None:
    has_text = False
    for kind, _, content in records:
        if kind == _TEXT_OF_FORMULA and not has_text:
            raise ambiguous("夹有一段不属于任何公式的文字")
        if kind in _FORMULAS:
            has_text = content[6:7] == b"\0" and content[12:14] == b"\xff\xff"
        elif kind not in _SHARED_FORMULAS:
            has_text = False


def _check_places(records: Sequence[_Record]) -> None:
    depth, interrupted, has_cells = 0, False, False
    sheets: set[int] = set()
    filled: set[tuple[int, int]] = set()
    for kind, place, content in records:
        if kind == _SHEET and len(content) >= _NUMBER.size:
            sheets.add(_NUMBER.unpack_from(content)[0])
        elif kind in _BEGINNINGS:
            depth = 1 if place in sheets else depth + 1
            if depth == 1:
                interrupted, has_cells = False, content[2:4] == _WORKSHEET
                filled.clear()
        elif kind == _END:
            depth = max(depth - 1, 0)
            interrupted = depth > 0
        elif kind in _CELLS and depth == 1 and has_cells and len(content) >= _PLACE.size:
            if interrupted:  # calamine stops where the part ends, xlrd goes on
                raise ambiguous("工作表的单元格中间夹着别的内容")
            row, column = _PLACE.unpack_from(content)
            last = int.from_bytes(content[-2:], "little") if kind in _SEVERAL_CELLS else column
            places = {(row, each) for each in range(column, min(last, column + len(content)) + 1)}
            if kind not in _BLANK_CELLS:
                filled |= places
            elif filled & places:  # to xlrd the last record counts, to calamine the last one with a value
                raise ambiguous(f"单元格 {address(row, column)} 写了内容，又写成空的")


def _list_old_records(stream: bytes) -> Iterator[_Record]:
    """Kind, place and content of the records of an .xls; the content of the last one may be cut."""
    place = 0
    while place + _HEAD.size <= len(stream):
        kind, length = _HEAD.unpack_from(stream, place)
        start = place + _HEAD.size
        yield kind, place, stream[start : start + length]
        place = start + length


def _measure_old(stream: bytes, extent: _Extent) -> None:
    beginnings: set[int] = set()
    stated: set[int] = set()
    for kind, place, content in _list_old_records(stream):
        if kind == _BEGIN:
            extent.begin_sheet()
            beginnings.add(place)
        elif kind == _SHEET and len(content) >= _NUMBER.size:
            stated.add(_NUMBER.unpack_from(content)[0])
        elif kind in _CELLS and len(content) >= _PLACE.size:
            row, column = _PLACE.unpack_from(content)
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
        if length < (_NUMBER.size if kind == _ROW else _FAR_CELLS.get(kind, 0)):
            raise unreadable("FILE03")  # calamine would take the rest from another record
        if kind == _ROW:
            row = _NUMBER.unpack_from(part, start)[0] + 1
        elif kind in _FAR_CELLS:
            extent.count()
            extent.reach(row, _NUMBER.unpack_from(part, start)[0] + 1)
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
