"""The records of an .xls: kinds and contents one after the other, and what programs read differently in them."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from itertools import takewhile

from xlrd.compdoc import CompDoc

from workbook_tools.core.cells import address
from workbook_tools.files.package import ambiguous, unreadable

Record = tuple[int, int, bytes]
"""Kind, place in the stream, content."""
_HEAD, PLACE, NUMBER = map(struct.Struct, ("<HH", "<HH", "<I"))
"""Kind and length; row and column of a cell; a number."""
BEGIN, SHEET = 0x809, 0x85
CELLS = frozenset({0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
"""A part (the list of sheets, a sheet) begins; where a sheet begins; a cell, or the first of several."""
_SEVERAL_CELLS, _BLANK_CELLS = frozenset({0xBD, 0xBE}), frozenset({0xBE, 0x201})
"""Cells beside each other, the last one's column at the end; those without content."""
_BEGINNINGS, _END, _WORKSHEET = frozenset({0x009, 0x209, 0x409, BEGIN}), 0x0A, b"\x10\0"
"""How a part begins in the versions of the format (a chart is one inside a sheet, behind its cells), and how it ends; a part that
is a sheet of cells, and no chart, whose figures look like cells."""
_FORMULAS, _SHARED_FORMULAS, _TEXT_OF_FORMULA, _PASSWORD = (0x06, 0x206, 0x406), (0x221, 0x236, 0x4BC), 0x207, 0x2F
"""A formula; what may stand between it and its text; its text; what comes next is encrypted."""
_NEWEST, _PLAIN_TEXTS = b"\0\6", {SHEET: 7, 0x204: 8, _TEXT_OF_FORMULA: 2}
"""The version of Excel 97 and later; texts that have a sign for wide letters there and may have no other."""


def find_stream(data: bytes) -> bytes:
    """The stream of an .xls that holds the workbook; nothing where there is none."""
    try:
        folder = CompDoc(data, logfile=io.StringIO())
        found = (folder.locate_named_stream(name) for name in ("Workbook", "Book"))
        return next((memory[start : start + size] for memory, start, size in found if memory), b"")
    except Exception as exc:  # its own, and whatever it stumbles over
        raise unreadable("FILE03") from exc


def list_old_records(stream: bytes) -> Iterator[Record]:
    """Kind, place and content of the records of an .xls; the content of the last one may be cut."""
    place = 0
    while place + _HEAD.size <= len(stream):
        kind, length = _HEAD.unpack_from(stream, place)
        start = place + _HEAD.size
        yield kind, place, stream[start : start + length]
        place = start + length


_HEADER, _FOOTER, _FORM_OF_TEXT = 0x14, 0x15, 2
"""What is printed above and below each page of a sheet; behind its length a text says whether its letters are wide."""


def list_page_texts(data: bytes) -> list[tuple[str, str]]:
    """Header and footer, with their codes, of each sheet of cells in an .xls of Excel 97 and later."""
    found: dict[int, list[str]] = {}
    texts: list[str] = ["", ""]
    depth = 0
    for kind, place, content in list_old_records(find_stream(data)):
        if kind == SHEET and len(content) > NUMBER.size + 1 and content[5] == 0:
            found[NUMBER.unpack_from(content)[0]] = ["", ""]
        elif kind in _BEGINNINGS:
            depth = 1 if place in found else depth + 1
            texts = found.get(place, texts) if content[:2] == _NEWEST else ["", ""]
        elif kind == _END:
            depth = max(depth - 1, 0)
        elif kind in (_HEADER, _FOOTER) and depth == 1:
            texts[kind - _HEADER] = _decode_text(content)
    return [(head, foot) for head, foot in found.values()]


def _decode_text(content: bytes) -> str:
    form = content[_FORM_OF_TEXT : _FORM_OF_TEXT + 1]
    if form not in (b"\0", b"\1"):
        return ""
    length = int.from_bytes(content[:_FORM_OF_TEXT], "little")
    text = content[_FORM_OF_TEXT + 1 :].decode("utf-16-le" if form == b"\1" else "latin-1", "replace")
    return text[:length]


def check_records(data: bytes) -> None:
    """Raises UnreadableWorkbook FILE32 for an .xls whose records programs read differently.

    That is a text with signs that it may not have, the text of a formula where no formula has one, cells behind a part in the middle
    of a sheet, a cell with content that is blank further on.
    """
    records = list(takewhile(lambda record: record[0] != _PASSWORD, list_old_records(find_stream(data))))
    _check_plain_texts(records)
    _check_texts_of_formulas(records)
    _check_places(records)


def _check_plain_texts(records: Sequence[Record]) -> None:
    for kind, _, content in records:
        if kind == BEGIN and content[:2] != _NEWEST:
            return
        # xlrd goes by signs for fonts and readings too, and skips the bytes that would describe them
        signs = _PLAIN_TEXTS.get(kind)
        if signs is not None and content[signs : signs + 1] not in (b"", b"\0", b"\1"):
            raise ambiguous("文字里写着只有一些程序才认的记号")


def _check_texts_of_formulas(records: Sequence[Record]) -> None:
    has_text = False
    for kind, _, content in records:
        if kind == _TEXT_OF_FORMULA and not has_text:
            raise ambiguous("夹有一段不属于任何公式的文字")
        if kind in _FORMULAS:
            has_text = content[6:7] == b"\0" and content[12:14] == b"\xff\xff"
        elif kind not in _SHARED_FORMULAS:
            has_text = False


def _check_places(records: Sequence[Record]) -> None:
    depth, interrupted, has_cells = 0, False, False
    sheets: set[int] = set()
    filled: set[tuple[int, int]] = set()
    for kind, place, content in records:
        if kind == SHEET and len(content) >= NUMBER.size:
            sheets.add(NUMBER.unpack_from(content)[0])
        elif kind in _BEGINNINGS:
            depth = 1 if place in sheets else depth + 1
            if depth == 1:
                interrupted, has_cells = False, content[2:4] == _WORKSHEET
                filled.clear()
        elif kind == _END:
            depth = max(depth - 1, 0)
            interrupted = depth > 0
        elif kind in CELLS and depth == 1 and has_cells and len(content) >= PLACE.size:
            if interrupted:  # calamine stops where the part ends, xlrd goes on
                raise ambiguous("工作表的单元格中间夹着别的内容")
            row, column = PLACE.unpack_from(content)
            last = int.from_bytes(content[-2:], "little") if kind in _SEVERAL_CELLS else column
            places = {(row, each) for each in range(column, min(last, column + len(content)) + 1)}
            if kind not in _BLANK_CELLS:
                filled |= places
            elif filled & places:  # to xlrd the last record counts, to calamine the last one with a value
                raise ambiguous(f"单元格 {address(row, column)} 写了内容，又写成空的")
