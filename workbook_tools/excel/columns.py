"""What a column of a table shows of a record, under which heading, and how wide it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor
from typing import Generic, Literal, TypeVar

from workbook_tools.core.cells import MAX_HEIGHT
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.excel.cut_texts import LINES_THAT_FIT, cut_to_height
from workbook_tools.excel.styles import NAMED, PERCENT, StyleSpec
from workbook_tools.excel.text_extent import DIGIT_WIDTH, SCREEN, ColumnFit, column_pixels, fit_height
from workbook_tools.excel.writing import Book, Scalar
from workbook_tools.rules.expr import Expr

R = TypeVar("R")

SMALL = 9.0
"""Points of a table with many columns: they fit a screen of 1366 pixels at 100%."""
_KNOWN_TEXTS = 500
"""Of a column, whose height is kept: messages and advice come again."""
_FIGURES = ("number", "count", "money", "percent", "decimal")
_NARROWEST, _WIDEST = 7, 34
"""A column of texts: five characters of 9 points, and 22."""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere; without a target it is a plain text."""

    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A number that is shown in another format than its column's."""

    value: float
    number_format: str

    @property
    def text(self) -> str:
        """The number as a text, a share as a percentage."""
        return percent_text(self.value) if self.number_format == PERCENT else number_text(self.value)


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: ``value`` of a record, or ``rule`` over other columns of the row (by their keys).

    Where a record's value differs from what the rule gives (a capped total), the value stands.
    ``total`` is what a subtotal row shows: the sum, the mean, or the rule over the subtotals. Columns that
    serve only on the screen (links) stand at the end and are not printed.
    """

    key: str
    header: str
    width: float
    value: Callable[[R], Scalar | Link | Formatted]
    style: str = "text"
    group: str = ""
    rule: Expr | None = None
    adds: Sequence[str] = ()
    """Keys of neighbouring columns whose sum it is."""
    total: Literal["", "sum", "mean", "rule"] = ""
    printed: bool = True
    whole: bool = False
    """A text longer than a row can be high is not cut: it is read back."""
    least: float = 0
    """It is made no narrower than this."""


class ColumnDrawing(Generic[R]):
    """How the cells of a column are drawn, as far as it is the same for all of them."""

    def __init__(self, column: Column[R], style: StyleSpec, book: Book, cut: str) -> None:
        self.column, self.style, self.text_style = column, style, choose_text_style(style)
        self.cut = cut
        """The end of a text that is cut."""
        self.look, self.text_look = book.style(style), book.style(self.text_style)
        self.link_style = NAMED["link"].but(wrap=style.wrap, align=style.align, size=style.size)
        fit = ColumnFit(column.width, self.text_style)
        self.least, self.height = fit.least, lru_cache(_KNOWN_TEXTS)(fit.height)
        self.computes = column.rule is not None or bool(column.adds)
        self._cuts = style.locked and not column.whole
        self._formats: dict[str, StyleSpec] = {}
        self._looks: dict[str, StyleSpec] = {}

    def read(self, record: R) -> Scalar | Link | Formatted:
        """The value of a record. A text that no row is high enough for ends where the row does, unless it is typed or read back."""
        value = self.column.value(record)
        if self._cuts and isinstance(value, str | Link):
            text = value if isinstance(value, str) else value.text
            if len(text) >= LINES_THAT_FIT and self.height(text) > MAX_HEIGHT:
                text = cut_to_height(text, self.column.width, self.text_style, self.cut)
                return text if isinstance(value, str) else replace(value, text=text)
        return value

    def in_look(self, look: str) -> StyleSpec:
        """The style in the font and colour of another one."""
        if look not in self._looks:
            other = NAMED[look]
            self._looks[look] = self.style.but(colour=other.colour, underline=other.underline)
        return self._looks[look]

    def in_format(self, number_format: str) -> StyleSpec:
        """The style of a number that is shown in another format."""
        if number_format not in self._formats:
            self._formats[number_format] = self.style.but(number_format=number_format, align="right")
        return self._formats[number_format]


def fit_screen(columns: Sequence[Column[R]]) -> list[Column[R]]:
    """The columns, those with texts narrower where what is printed would not fit the screen: each by the same part of what it can spare.

    Those that need their width for a long text give of it only where that is not enough.
    """
    fitted = list(columns)
    for least in ([max(_NARROWEST, c.least) for c in columns], [_NARROWEST] * len(columns)):
        over = sum(column_pixels(c.width) for c in fitted if c.printed) - SCREEN
        spare = [
            max(0, c.width - n) if c.printed and c.style == "text" else 0 for c, n in zip(fitted, least, strict=True)
        ]
        if over <= 0 or not any(spare):
            continue
        part = min(1, over / (DIGIT_WIDTH * sum(spare)))
        # In whole pixels, rounded down.
        fitted = [
            replace(c, width=floor(DIGIT_WIDTH * (c.width - part * s)) / DIGIT_WIDTH) if s else c
            for c, s in zip(fitted, spare, strict=True)
        ]
    return fitted


def widen(columns: Sequence[Column[R]], records: Iterable[R], *keys: str, size: float = SMALL) -> list[Column[R]]:
    """The columns, those of ``keys`` as wide as their longest text needs to stand whole in the highest row, within bounds."""
    longest = {column.key: "" for column in columns if column.key in keys}
    read = [(column.key, column.value) for column in columns if column.key in keys]
    for record in records:
        for key, value in read:
            text = _text(value(record))
            if len(text) > len(longest[key]):
                longest[key] = text
    return [_widen_column(c, longest[c.key], size) if c.key in keys else c for c in columns]


def _text(value: Scalar | Link | Formatted) -> str:
    return value if isinstance(value, str) else value.text if isinstance(value, Link) else ""


def _widen_column(column: Column[R], text: str, size: float) -> Column[R]:
    width = find_width(text, column.width, NAMED[column.style].but(size=size))
    return column if width == column.width else replace(column, width=width, least=width)


def find_width(text: str, width: float, style: StyleSpec) -> float:
    """The width, or a greater one in which the highest row shows the whole text; within bounds."""
    if fit_height(text, width, style) <= MAX_HEIGHT:
        return width
    wider = range(ceil(width), _WIDEST)
    return next((w for w in wider if fit_height(text, w, style) <= MAX_HEIGHT), _WIDEST)


def is_too_long(text: str) -> bool:
    """No column of texts shows it whole."""
    return fit_height(text, _WIDEST, NAMED["text"].but(size=SMALL)) > MAX_HEIGHT


def choose_style(column: Column[R], size: float) -> StyleSpec:
    """That of a column's cells; a figure too long for its column is drawn smaller, and never as ####."""
    style = NAMED[column.style]
    style = style.but(size=min(size, style.size))
    return style.but(wrap=False, shrink=True) if column.style in _FIGURES else style


def choose_text_style(style: StyleSpec) -> StyleSpec:
    """How a text looks in a column of this style: a remark in place of a number takes more lines, if need be."""
    return style.but(wrap=True, shrink=False) if style.shrink else style
