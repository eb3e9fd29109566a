"""How much room a text takes in a cell: its width, its lines in a column, and the height of the row.

Pixels are Excel's at 96 dpi. Both fonts that our workbooks name, 宋体 (SimSun) and 黑体 (SimHei), draw a Chinese character and a full-width
sign one em wide and every other character half an em: of 256 units per em their `hmtx` gives 256 or 128, whatever the character.
A size in points is drawn in whole pixels: 11 points are 15. Excel's unit of a column's width is the digit 0 of the workbook's
own font, 宋体 11: 8 pixels, and 5 more for the cell's edges, as in its usual column of 8.38 or 72 pixels.

:func:`measure_text` and :func:`wrap_text` are exact for these fonts. :func:`count_lines` and :func:`fit_height` leave room for the
fonts that other systems take in their place, whose letters are wider.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import ceil

from workbook_tools.core.cells import LINE_HEIGHT, MAX_HEIGHT, ROW_PADDING
from workbook_tools.excel.styles import StyleSpec

DIGIT_WIDTH, CELL_EDGES = 8, 5
"""Pixels: a unit of a column's width, and what a column has besides."""
SCREEN = 1366 - 36 - 18
"""Pixels that columns have on the usual screen of an office, less the row numbers and the scroll bar."""
BODY_SIZE = 11.0
"""Points: the usual size of a cell."""
INDENT_WIDTH = 12
"""Pixels of a step of indent, at most."""

_EXACT_LINE = 13.5
_PIXELS_PER_POINT = 96 / 72
_FULL_WIDTH = 0x2000
"""From here on characters are as wide as Chinese ones (““”, “—”, “…”, “①”, “≥” too, in these fonts)."""
_PIECES = re.compile(r"[“‘（《【(\[]*(?:[!-~]+|\s|.)[”’）》】，。、；：！？…]*")
"""What stays together on a line: a word or number, or a Chinese character, with the signs that open and close it."""
_HALF_WIDTH = re.compile(f"[\0-{chr(_FULL_WIDTH)}]+")
_NARROW, _MARGIN = 0.95, 0.5
"""A column of width 10 holds ten digits of the default font; half a Chinese character is wider in some programs' fonts."""
_WIDE_LATIN = 1.25
"""So wide are letters and digits where a system lacks the font and takes another one (LibreOffice on Linux)."""


def em_width(size: float = BODY_SIZE) -> int:
    """Pixels of a Chinese character of ``size`` points.

    >>> em_width(), em_width(10), em_width(18)
    (15, 13, 24)
    """
    return int(size * _PIXELS_PER_POINT + 0.5)


def measure_text(text: str, size: float = BODY_SIZE, *, bold: bool = False) -> int:
    """Pixels of a text on one line in 宋体 or 黑体; both are made bold by a pixel more for each character.

    >>> measure_text("全年预算数（A）"), measure_text("100.00")
    (113, 48)
    """
    full = sum(ord(c) >= _FULL_WIDTH for c in text)
    em = em_width(size)
    return full * em + (len(text) - full) * -(-em // 2) + (len(text) if bold else 0)


def column_room(width: float) -> int:
    """Pixels that a text has in a column of ``width``; of merged columns give the sum, which is never too much.

    >>> column_room(10)
    80
    """
    return int(width * DIGIT_WIDTH + 0.5)


def column_pixels(width: float) -> int:
    """Pixels of a column with its edges.

    >>> column_pixels(8.38)
    72
    """
    return column_room(width) + CELL_EDGES


def wrap_text(text: str, room: float, size: float = BODY_SIZE, *, bold: bool = False) -> int:
    """How many lines a text takes in ``room`` pixels, broken as office programs do.

    >>> wrap_text("全年预算数（A）", 80)
    2
    """
    return sum(
        _count_wrapped(line, room, lambda piece: measure_text(piece, size, bold=bold)) for line in text.split("\n")
    )


def count_lines(text: str, width: float) -> int:
    """How many lines a text of 11 points takes in a column of that width in any program's font, at most."""
    room = _find_room(width)
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(_count_wrapped(line, room, _measure_wide, _measure(line) <= room) for line in text.split("\n"))


def _find_room(width: float) -> float:
    return max(_NARROW * width - _MARGIN, 2)


@lru_cache(1 << 11)
def fit_height(text: str, width: float, style: StyleSpec | None = None) -> float:
    """Points that a row needs for a text in a cell of ``width`` and ``style``, in any program's font; more than a row can have where it is long.

    >>> fit_height("一行", 10), fit_height("其中：当年财政拨款", 14)
    (20.0, 34.5)
    """
    return ColumnFit(width, style or StyleSpec(wrap=True)).height(text)


class ColumnFit:
    """What :func:`fit_height` says of the texts of a column: what they have in common is worked out once."""

    __slots__ = ("_line", "_room", "_wraps", "least", "short")

    def __init__(self, width: float, style: StyleSpec) -> None:
        scale = style.size / BODY_SIZE
        room = (width - style.indent * INDENT_WIDTH / DIGIT_WIDTH) / (scale * (1.07 if style.bold else 1))
        self._line, self._room, self._wraps = LINE_HEIGHT * scale, max(room, 2), style.wrap
        self.least = self._line + ROW_PADDING
        """Points of a single line."""
        self.short = int(_find_room(self._room) / 2)
        """So many characters fit on a line whatever they are, line ends apart."""

    def height(self, text: str) -> float:
        """Points that a row needs for a text."""
        return self._line * (count_lines(text, self._room) if self._wraps else 1) + ROW_PADDING


def exact_height(text: str, width: float, style: StyleSpec) -> float:
    """Points that the lines of a text take in 宋体 or 黑体 exactly, without any air: less would cut it."""
    room = column_room(width) - style.indent * INDENT_WIDTH
    lines = wrap_text(text, room, style.size, bold=style.bold) if style.wrap else 1
    return lines * _EXACT_LINE * style.size / BODY_SIZE


def row_height(line_count: int) -> float:
    """Points of a row of that many lines of 11 points, at most what Excel allows."""
    return min(LINE_HEIGHT * line_count + ROW_PADDING, MAX_HEIGHT)


def _count_wrapped(line: str, room: float, measure: Callable[[str], float], fits: bool | None = None) -> int:
    """The lines of a paragraph: no sign that closes begins a line, none that opens ends one."""
    if fits or (fits is None and measure(line) <= room):
        return 1
    lines, used = 1, 0.0
    for piece in _PIECES.findall(line):
        width = measure(piece)
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        over = max(0, ceil(width / room) - 1)  # a word or a number too long for any line is broken
        lines, used = lines + over, used + width - over * room
    return lines


def _measure(text: str, latin: float = 1) -> float:
    """Width of a text in digits of a Chinese font; ``latin`` is that of a letter."""
    full = len(_HALF_WIDTH.sub("", text))
    return 2 * full + latin * (len(text) - full)


@lru_cache(1 << 11)
def _measure_wide(text: str) -> float:
    return _measure(text, _WIDE_LATIN)
