"""A table on a sheet of any length: only that sheet is read, piece by piece, and of it only the columns that are asked for.

Every piece is seen by the grammar that sees a whole sheet, and what its cells hold calamine says, as anywhere else. So memory depends on
what is asked for, not on how large the file is. What is written in another spelling than Excel's, WPS's or LibreOffice's is not read here:
:class:`UnusualSpelling`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, NoReturn

from workbook_tools.core.cells import Place, column_letters
from workbook_tools.excel.headings import HEADING_ROWS, choose_heading, find_heading
from workbook_tools.excel.reading import CellValue, RawWorkbook
from workbook_tools.excel.row_grammar import measure_rows
from workbook_tools.excel.sheet_grammar import NAMESPACES, find_data, is_usual_tail
from workbook_tools.excel.string_grammar import find_items, has_odd_escape, split_items, wrap_items
from workbook_tools.files.package import ambiguous, unreadable

_PIECE = 2_000_000
"""Bytes that are looked at together: some thousand rows."""
_LONGEST = 60_000_000
"""Bytes within which a row, a text, or what stands around the rows must come to an end. The links below a table of ours take 8 million."""
_LONGEST_HEAD = 4_000_000
"""Bytes of a sheet before its first row, or of the shared strings before their first."""
_MOST_STRINGS = 10_000_000
"""The grammar of cells knows no higher number of a shared string."""
_ROW = re.compile(rb'<row r="([0-9]+)"')
_ROW_TAG = re.compile(rb"</?row[^<>]*>")
_STRING = re.compile(rb' t="s">(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>([0-9]+)</v>')
"""``<c r="B7" s="3" t="s"><v>12</v></c>``: the number of the shared string."""
_BEGIN = b'<worksheet xmlns="' + NAMESPACES[0].encode() + b'"><sheetData><row>'
_END = b"</row></sheetData></worksheet>"
_ROW_END, _DATA, _NO_DATA, _DATA_END = b"</row>", b"<sheetData>", b"<sheetData/>", b"</sheetData>"


class UnusualSpelling(Exception):
    """The sheet, or the shared strings, cannot be read piece by piece."""


class TableRow(NamedTuple):
    """A row of a table, by the headings of its columns; the number counts from 0."""

    number: int
    values: Mapping[str, CellValue]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table that people may have moved: the columns of those headings that are there, and the rows below the heading.

    Rows without anything in these columns may be missing.
    """

    columns: Mapping[str, int]
    rows: Iterable[TableRow]


def stream_table(book: RawWorkbook, title: str, wanted: Collection[str]) -> FoundTable:
    """The columns of the ``wanted`` headings on a sheet of any length. Raises UnreadableWorkbook, UnusualSpelling."""
    blocks = _count_cells(_cut_rows(book.sheet_pieces(title, _PIECE)), title, book.most_cells)
    first = next(blocks, b"")
    while first.count(b"<row ") <= HEADING_ROWS and (more := next(blocks, b"")):
        first += more
    header, columns = choose_heading(_read_top(book, first), wanted)
    if not columns:
        return FoundTable({}, ())
    kept, numbers = _keep_cells(chain((first,), blocks), columns.values())
    strings = _find_strings(book, numbers)
    return FoundTable(columns, _read_rows(book, kept, strings, header, columns))


def read_table(book: RawWorkbook, title: str, wanted: Collection[str]) -> FoundTable:
    """Likewise of a workbook that is read as a whole."""
    header, columns = find_heading(book, title, wanted)
    rows = range(header + 1, book.row_count(title)) if columns else ()
    return FoundTable(
        columns,
        (TableRow(row, {n: book.value(Place(title, row, col)) for n, col in columns.items()}) for row in rows),
    )


# -- the sheet --------------------------------------------------------------------------------------------------------


def _cut_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Whole rows, all in the usual spelling. Raises UnusualSpelling, at the end at the latest."""
    text, start = b"", None
    for piece in pieces:
        text += piece
        if _DATA in text or _NO_DATA in text:
            start = find_data(text)
            break
        if len(text) > _LONGEST_HEAD:
            raise UnusualSpelling
    if start is None:
        raise UnusualSpelling
    if text.startswith(_NO_DATA, start):
        text = _DATA_END + text[start + len(_NO_DATA) :]
    elif text.startswith(_DATA, start):
        text = text[start + len(_DATA) :]
    else:
        raise UnusualSpelling
    row = 0
    while (end := text.find(_DATA_END)) < 0:
        cut = text.rfind(_ROW_END) + len(_ROW_END)
        if cut >= len(_ROW_END):
            row = _check_rows(text[:cut], row)
            yield text[:cut]
            text = text[cut:]
        _check_length(text)
        text += next(pieces, b"") or _refuse()
    _check_rows(text[:end], row)
    yield text[:end]
    tail = text[end + len(_DATA_END) :]
    for piece in pieces:
        tail += piece
        _check_length(tail)
    if not is_usual_tail(tail):
        raise UnusualSpelling


def _count_cells(blocks: Iterator[bytes], title: str, most: int) -> Iterator[bytes]:
    """The rows. Raises FILE31 where they have more than ``most`` cells: each takes its time."""
    cells = 0
    for block in blocks:
        cells += block.count(b"<c ")
        if cells > most:
            raise unreadable("FILE31", f"工作表“{title}”的单元格超过 {most} 个")
        yield block


def _refuse() -> NoReturn:
    raise UnusualSpelling


def _check_rows(rows: bytes, row: int) -> int:
    extent = measure_rows(rows, row)
    if extent is None:
        raise UnusualSpelling
    return extent.row


def _check_length(text: bytes) -> None:
    if len(text) > _LONGEST:
        raise unreadable("FILE11")


def _read_top(book: RawWorkbook, rows: bytes) -> list[list[CellValue]]:
    """The rows among which the heading is looked for, from A1 on."""
    below = next((match.start() for match in _ROW.finditer(rows) if int(match[1]) > HEADING_ROWS), len(rows))
    cells = _ROW_TAG.sub(b"", rows[:below])
    (row, col), grid = _read_cells(book, cells, _find_strings(book, _mark_strings(cells, bytearray(_MOST_STRINGS))))
    return [*([] for _ in range(row)), *([*(None,) * col, *values] for values in grid)]


def _keep_cells(blocks: Iterable[bytes], columns: Iterable[int]) -> tuple[list[bytes], bytearray]:
    """The cells of these columns that hold something, each block of them compressed, and the marks of the strings that they show."""
    letters = b"|".join(column_letters(col).encode() for col in sorted(columns))
    wanted = re.compile(rb'<c r="(?:' + letters + rb')[0-9]+"[^<>/]*>.*?</c>', re.DOTALL)
    marks = bytearray(_MOST_STRINGS)
    kept = []
    for block in blocks:
        cells = b"".join(wanted.findall(block))
        _mark_strings(cells, marks)
        kept.append(zlib.compress(cells, 1))
    return kept, marks


def _mark_strings(cells: bytes, marks: bytearray) -> bytearray:
    """The marks, with those of the strings that the cells show."""
    for number in _STRING.findall(cells):
        marks[int(number)] = 1
    return marks


# -- the strings ------------------------------------------------------------------------------------------------------


def _find_strings(book: RawWorkbook, marks: bytearray) -> dict[int, bytes]:
    """The items of the shared strings that are marked. Raises UnusualSpelling."""
    found: dict[int, bytes] = {}
    if not marks.count(1):
        return found
    number = 0
    for items in _cut_items(book.string_pieces(_PIECE)):
        pieces = split_items(items)
        if pieces is None:
            raise UnusualSpelling
        for item in pieces:
            if item.startswith(b"<si"):
                if number >= _MOST_STRINGS:
                    raise unreadable("FILE31", f"文字超过 {_MOST_STRINGS} 条")
                if marks[number]:
                    found[number] = item
                number += 1
    return found


def _cut_items(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Whole items. Raises UnusualSpelling, FILE32."""
    text, start = b"", None
    for piece in pieces:
        text += piece
        start = find_items(text)
        if start is not None:
            break
        if len(text) > _LONGEST_HEAD:
            raise UnusualSpelling
    text = text[start:] if start is not None else _refuse()
    for piece in pieces:
        cut = text.rfind(b"</si>") + len(b"</si>")
        if cut >= len(b"</si>"):
            yield _check_escapes(text[:cut])
            text = text[cut:]
        _check_length(text)
        text += piece
    end = text.rfind(b"</sst>")
    if end < 0 or text[end + len(b"</sst>") :].strip():
        raise UnusualSpelling
    yield _check_escapes(text[:end])


def _check_escapes(items: bytes) -> bytes:
    if has_odd_escape(items):
        raise ambiguous("文字里有 _x0031_ 一类的写法")
    return items


# -- the values -------------------------------------------------------------------------------------------------------


def _read_rows(
    book: RawWorkbook, kept: Iterable[bytes], strings: Mapping[int, bytes], header: int, columns: Mapping[str, int]
) -> Iterator[TableRow]:
    for block in kept:
        cells = zlib.decompress(block)
        if not cells:
            continue
        (first, left), grid = _read_cells(book, cells, strings)
        places = [(name, col - left) for name, col in columns.items()]
        for number, row in enumerate(grid, first):
            if number > header:
                yield TableRow(number, {name: row[at] if 0 <= at < len(row) else None for name, at in places})


def _read_cells(
    book: RawWorkbook, cells: bytes, strings: Mapping[int, bytes]
) -> tuple[tuple[int, int], list[list[CellValue]]]:
    """What cells hold that stand one behind the other."""
    items: dict[int, int] = {}

    def number_anew(match: re.Match[bytes]) -> bytes:
        number = int(match[1])
        if number not in strings:
            raise unreadable("FILE03")
        return b' t="s"><v>%d</v>' % items.setdefault(number, len(items))

    sheet = _BEGIN + _STRING.sub(number_anew, cells) + _END
    return book.read_cells(sheet, wrap_items(b"".join(strings[number] for number in items)))
