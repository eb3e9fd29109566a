"""The only arithmetic on rows and columns, and how large they are. Rows and columns count from 0, addresses are A1's."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""What a sheet has since Excel 2007."""
LINE_HEIGHT, ROW_PADDING, MAX_HEIGHT = 14.5, 5.5, 409.0
"""Points, of a text of 11: a line (宋体 takes 13.5, the fonts in its place up to one more), what a row has besides, the most that Excel allows."""


def column_letters(col: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1 << 15)
def column_index(letters: str) -> int:
    """A → 0, AA → 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


@lru_cache(maxsize=1 << 14)
def address(row: int, col: int, absolute: bool = False, *, fixed_column: bool = False) -> str:
    """(8, 1) → B9; $B$9 if ``absolute``; $B9 with a ``fixed_column``."""
    dollar = "$" if absolute else ""
    return f"{'$' if fixed_column else dollar}{column_letters(col)}{dollar}{row + 1}"


FIRST_CELL = address(0, 0)
"""A1."""


def column_area(col: int, first: int, last: int, absolute: bool = False) -> str:
    """Cells of one column from row ``first`` to ``last``: B9:B12, and B9:B9 where it is one row."""
    return f"{address(first, col, absolute)}:{address(last, col, absolute)}"


class Place(NamedTuple):
    """A cell of a workbook."""

    sheet: str
    row: int
    col: int

    @property
    def cell(self) -> str:
        """Its address on the sheet: B7."""
        return address(self.row, self.col)


class Span(NamedTuple):
    """A cell, or a rectangle of merged cells. A tuple, because keys of what is kept are made of hundreds of them."""

    row: int
    col: int
    last_row: int
    last_col: int

    @staticmethod
    @lru_cache(maxsize=1 << 13)
    def cell(row: int, col: int) -> Span:
        """A single cell."""
        return Span(row, col, row, col)

    @staticmethod
    @lru_cache(maxsize=1 << 12)
    def across(row: int, col: int, last_col: int) -> Span:
        """Cells of one row."""
        return Span(row, col, row, last_col)

    @classmethod
    def down(cls, row: int, last_row: int, col: int) -> Span:
        """Cells of one column."""
        return cls(row, col, last_row, col)

    def moved(self, row: int, col: int) -> Span:
        """As large, with its first cell there."""
        return Span(row, col, row + self.last_row - self.row, col + self.last_col - self.col)

    @property
    def merged(self) -> bool:
        """More than one cell."""
        return (self.row, self.col) != (self.last_row, self.last_col)

    @property
    def address(self) -> str:
        """The first cell's address: where the value lives."""
        return address(self.row, self.col)

    def range(self, absolute: bool = False) -> str:
        """B9 or B9:D12."""
        first = address(self.row, self.col, absolute)
        return f"{first}:{address(self.last_row, self.last_col, absolute)}" if self.merged else first


def spread(parts: int, first_col: int, last_col: int) -> list[tuple[int, int]]:
    """Divide columns among ``parts`` neighbours as evenly as they go, the last ones wider.

    >>> spread(3, 2, 6)
    [(2, 2), (3, 4), (5, 6)]
    """
    width = last_col - first_col + 1
    edges = [first_col + width * i // parts for i in range(parts + 1)]
    return [(edges[i], edges[i + 1] - 1) for i in range(parts)]
