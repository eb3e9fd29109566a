"""The rows of a worksheet in the usual spelling: a pattern that sees all of them, and whether they are in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.cells import MAX_COLUMNS, MAX_ROWS, column_index

NUMBER = rb"-?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?"
_FORMULA = rb'(?>(?:<f(?>(?: [A-Za-z0-9]+="[^"<>]{0,200}")*)(?:/>|>[^<]*+</f>))?)'
_SPACE = rb'(?: xml:space="preserve")?'
_CELL = (
    rb'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,6}")?(?:/>|></c>'
    rb'|(?: t="n")?>' + _FORMULA + rb"(?:<v>(?:" + NUMBER + rb")?</v>|<v/>)?</c>"
    rb'| t="s">' + _FORMULA + rb"<v>[0-9]{1,7}</v></c>"
    rb'| t="str">' + _FORMULA + rb"(?:<v" + _SPACE + rb">[^<]*+</v>|<v/>)?</c>"
    rb'| t="b">' + _FORMULA + rb"<v>[01]</v></c>"
    rb'| t="e">' + _FORMULA + rb"(?:<v>[^<]{0,40}+</v>|<v/>)</c>"
    rb'| t="inlineStr"><is><t' + _SPACE + rb">[^<]*+</t></is></c>)"
)
_ROW = rb'<row r="[1-9][0-9]{0,6}"(?>(?: (?!xmlns)[A-Za-z0-9:]+="[^"<>]{0,200}")*)/?>|</row>'
_TOKEN = re.compile(_CELL + rb"|" + _ROW + rb"|\s+")
"""A cell with all that is in it, or the beginning or end of a row."""
ESCAPE = re.compile(rb"(?<!_x005[Ff])_x(?!00[01][0-9A-Fa-f]_|005[Ff]_)[0-9A-Fa-f]{4}_")
"""``_x0031_`` is 1 to Excel and six signs to others. Control characters are written so by honest programs, and
the underline where somebody typed ``_x0031_``: ``_x005F_x0031_``."""


def split_rows(rows: bytes) -> list[bytes] | None:
    """The cells and tags of rows; nothing where there is anything else."""
    tokens: list[bytes] = _TOKEN.findall(rows)
    odd = sum(map(len, tokens)) != len(rows) or (b"_x" in rows and ESCAPE.search(rows))
    return None if odd else tokens


@dataclass(frozen=True, slots=True)
class RowExtent:
    """How far rows reach."""

    first: int
    """The number of the first one; 0: there is none."""
    row: int
    """The number of the last one."""
    last_row: int
    last_col: int
    """Up to the last cell that holds something."""
    is_open: bool = False
    """The last one has not ended."""


def measure_rows(rows: bytes, row: int = 0) -> RowExtent | None:
    """How far rows behind number ``row`` reach; nothing where they are not all whole rows with cells in order, one of each."""
    tokens = split_rows(rows)
    extent = None if tokens is None else follow_rows(tokens, row)
    return None if extent is None or extent.is_open else extent


def follow_rows(tokens: Sequence[bytes], row: int = 0) -> RowExtent | None:
    """The same of the cells and tags of rows, of which the last one may be open."""
    first, col, is_open, last_row, last_col = 0, -1, False, 0, 0
    for token in tokens:
        if token.startswith(b"<c"):
            place = _find_place(token[6 : token.index(b'"', 6)])
            if not is_open or place[0] != row or place[1] <= col:
                return None
            col = place[1]
            if token[-2:] != b"/>":
                last_row, last_col = row, max(last_col, col + 1)
        elif token.startswith(b"<r"):
            number = int(token[8 : token.index(b'"', 8)])
            if is_open or not row < number <= MAX_ROWS:
                return None
            first, row, col, is_open = first or number, number, -1, token[-2:] != b"/>"
        elif token == b"</row>":
            if not is_open:
                return None
            is_open = False
    return RowExtent(first, row, last_row, last_col, is_open)


@lru_cache(maxsize=1 << 16)
def _find_place(cell: bytes) -> tuple[int, int]:
    """Row from 1, column from 0; the column is none of a sheet if it is too far out."""
    letters = cell.rstrip(b"0123456789")
    col = column_index(letters.decode())
    return int(cell[len(letters) :]), col if col < MAX_COLUMNS else -1
