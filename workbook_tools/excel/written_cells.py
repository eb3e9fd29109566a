"""The cells and the tags of the rows of a worksheet in the usual spelling, taken apart. One that is written as one before is not
taken apart again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from workbook_tools.core.cells import MAX_COLUMNS, column_index
from workbook_tools.excel.written_texts import OddText, read_text, trim_text

Content = float | str | bool | None
"""Of a cell; nothing where it is blank or shows an error."""
SHARED, ODD = "shared", "odd"
"""A cell that holds a shared text, and one that only calamine reads."""
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
"""How many are kept as they were taken apart, none of more bytes than that."""


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
    """:data:`SHARED`, :data:`ODD`, or mostly nothing."""
    content: Content = None
    text: int = -1
    """The number of its shared text."""
    filled: bool = False
    """It is written with something in it, be it a value or not."""
    tag: RowTag | None = None
    """Of the beginning of a row."""


def take_apart(tokens: Sequence[bytes]) -> list[Written]:
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
    filled = not token.endswith(b"/>")
    col = col if col < MAX_COLUMNS else -1
    cell = Written(frame, int(digits) - 1, col, int(style or 0), formula or b"", filled=filled)
    try:
        if kind == b"s":
            return cell._replace(kind=SHARED, text=int(value))
        if kind == b"str":
            return cell._replace(content="" if empty else None if value is None else read_text(value.decode()))
        if kind == b"inlineStr":
            return cell._replace(content=trim_text(read_text(inline.decode()), said.decode()))
        if kind == b"e":
            return cell
        if kind == b"b":
            return cell._replace(content=value == b"1")
        number = float(value) if value else None
        if number is None or math.isfinite(number):
            return cell._replace(content=number)
    except (OddText, UnicodeDecodeError):
        pass
    return cell._replace(kind=ODD)
