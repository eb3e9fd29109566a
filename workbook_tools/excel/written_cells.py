"""The rows of a worksheet in the usual spelling, taken apart: their tags and their cells. What is written as something before is not taken
apart again, be it a row or a cell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from workbook_tools.core.cells import MAX_COLUMNS, column_index
from workbook_tools.excel.row_grammar import RowExtent, follow_rows, split_rows
from workbook_tools.excel.written_texts import OddText, read_text, trim_text

Content = float | str | bool | None
"""Of a cell; nothing where it is blank or shows an error."""
SHARED, ODD, ERROR = "shared", "odd", "error"
"""A cell that holds a shared text, one that only calamine reads, and one that shows an error."""
_CELL = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    rb"(?:/>|>(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?(?:<v[^<>/]*>([^<]*)</v>|(<v/>))?(?:<is><t([^<>]*)>([^<]*)</t></is>)?</c>)"
)
"""Column, row, style, type; formula, value, that it is empty; what is said of an inline text, and that text."""
LOW = 6.0
"""Points of a row below which nothing in it is read."""
_HEIGHT = re.compile(rb'\sht="([0-9.]+)"')
_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_ROW = re.compile(rb'<row r="([0-9]+)"')
_STYLE, _OWN_STYLE = re.compile(rb'\ss="([0-9]+)"'), re.compile(rb'\bcustomFormat="(?:1|true)"')
"""``<row r="9" s="4" customFormat="1">``: only then does the row's style hold for its empty cells."""
_KEPT, _LONG = 1 << 14, 1_000
"""How many cells and tags are kept as they were taken apart, none of more bytes than that."""
_KEPT_LINES, _LONG_LINE = 1 << 12, 4_000
"""How many rows likewise."""
_BETWEEN = b"<<"
"""What stands between the frames of a row, and in none of them."""
_ROW_END = b"</row>"


class RowTag(NamedTuple):
    """What counts of a row's tag."""

    stated: bool
    """It states a height."""
    low: bool
    """It is hidden, or too low to be read."""


class Written(NamedTuple):
    """A cell, or the beginning or end of a row."""

    frame: bytes
    """It without what it holds: of a cell the address, the style and the formula; of a row number, style, whether it is seen."""
    row: int = 0
    col: int = -1
    """From 0; -1: it is no cell of a sheet."""
    style: int = 0
    formula: bytes = b""
    """Its element, with the tags."""
    kind: str = ""
    """:data:`SHARED`, :data:`ODD`, :data:`ERROR`, or mostly nothing."""
    content: Content = None
    text: int = -1
    """The number of its shared text."""
    tag: RowTag | None = None
    """Of the beginning of a row."""


class WrittenLine(NamedTuple):
    """What is written up to the end of a row: its tag and its cells, and before them rows without any."""

    frame: bytes
    """All of it without what the cells hold."""
    cells: tuple[Written, ...]
    tags: tuple[Written, ...]
    """The beginnings of rows."""
    contents: tuple[Content, ...]
    """What the cells hold; nothing for a shared text."""
    shared: tuple[tuple[int, int], ...]
    """Which of its cells hold a shared text, and the numbers of these texts."""
    kinds: frozenset[str]
    """Those of its cells."""
    number_styles: frozenset[int]
    """Those of the cells that hold numbers."""
    extent: RowExtent | None
    """How far it reaches; nothing where its rows and cells are not in order."""


def take_apart(rows: bytes) -> list[WrittenLine] | None:
    """Rows, each by itself; nothing where there is anything else."""
    pieces = rows.split(_ROW_END)
    if max(map(len, pieces)) <= _LONG_LINE:
        lines = [*map(_read_line, pieces)]
    else:
        lines = [_read_line(piece) if len(piece) <= _LONG_LINE else _read_line.__wrapped__(piece) for piece in pieces]
    return None if None in lines else cast("list[WrittenLine]", lines)


def measure_lines(lines: Sequence[WrittenLine]) -> RowExtent | None:
    """How far all of them reach; nothing where they are not whole rows with cells in order, one of each."""
    first, row, last_row, last_col = 0, 0, 0, 0
    for number, line in enumerate(lines, 1):
        extent = line.extent
        if extent is None or extent.is_open == (number == len(lines)) or 0 < extent.first <= row:
            return None
        first, row = first or extent.first, extent.row or row
        last_row, last_col = max(last_row, extent.last_row), max(last_col, extent.last_col)
    return RowExtent(first, row, last_row, last_col)


@lru_cache(maxsize=_KEPT_LINES)
def _read_line(piece: bytes) -> WrittenLine | None:
    tokens = split_rows(piece)
    if tokens is None:
        return None
    written = _read_tokens(tokens)
    cells = tuple([item for item in written if item.col >= 0])
    return WrittenLine(
        _BETWEEN.join([item.frame for item in written]),
        cells,
        tuple([item for item in written if item.tag]),
        tuple([cell.content for cell in cells]),
        tuple([(at, cell.text) for at, cell in enumerate(cells) if cell.text >= 0]),
        frozenset([cell.kind for cell in cells if cell.kind]),
        frozenset([cell.style for cell in cells if type(cell.content) is float]),
        follow_rows(tokens),
    )


def _read_tokens(tokens: Sequence[bytes]) -> list[Written]:
    """The cells and tags of rows, each by itself."""
    if max(map(len, tokens), default=0) <= _LONG:
        return [*map(_read_token, tokens)]
    return [_read_token(token) if len(token) <= _LONG else _read_token.__wrapped__(token) for token in tokens]


def read_row(attributes: bytes) -> RowTag:
    """What is said of a row, by the attributes of its tag."""
    height = _HEIGHT.search(attributes)
    return RowTag(height is not None, _HIDDEN.search(attributes) is not None or bool(height and float(height[1]) < LOW))


@lru_cache(maxsize=_KEPT)
def _read_token(token: bytes) -> Written:
    if token.startswith(b"<c"):
        return _read_cell(token)
    start = _ROW.match(token)
    if start is None:
        return Written(token)
    style = _STYLE.search(token) if _OWN_STYLE.search(token) else None
    end = b"/" if token.endswith(b"/>") else b""
    tag = read_row(token)
    frame = b"<%b%b s=%b %d%d" % (start[1], end, style[1] if style else b"", *tag)
    return Written(frame, int(start[1]) - 1, tag=tag)


def _read_cell(token: bytes) -> Written:
    match = _CELL.fullmatch(token)
    if match is None:
        raise ValueError(token)
    letters, digits, style, kind, formula, value, empty, said, inline = match.groups()
    frame = b"%b%b s=%b>%b" % (letters, digits, style or b"", formula or b"")
    col = column_index(letters.decode())
    col = col if col < MAX_COLUMNS else -1
    cell = Written(frame, int(digits) - 1, col, int(style or 0), formula or b"")
    try:
        if kind == b"s":
            return cell._replace(kind=SHARED, text=int(value))
        if kind == b"str":
            return cell._replace(content="" if empty else None if value is None else read_text(value.decode()))
        if kind == b"inlineStr":
            return cell._replace(content=trim_text(read_text(inline.decode()), said.decode()))
        if kind == b"e":
            return cell._replace(kind=ERROR)
        if kind == b"b":
            return cell._replace(content=value == b"1")
        number = float(value) if value else None
        if number is None or math.isfinite(number):
            return cell._replace(content=number)
    except (OddText, UnicodeDecodeError):
        pass
    return cell._replace(kind=ODD)
