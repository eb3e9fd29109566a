"""Texts that are longer than their cell, their row or their line, and headings that break where their words do."""

from __future__ import annotations

from bisect import bisect

from workbook_tools.core.cells import LINE_HEIGHT, MAX_HEIGHT, ROW_PADDING
from workbook_tools.core.visible_text import cut_units
from workbook_tools.excel.styles import StyleSpec
from workbook_tools.excel.text_extent import column_room, fit_height, measure_text
from workbook_tools.excel.writing import MAX_TEXT

CUT = "……（以下略）"
LINES_THAT_FIT = int((MAX_HEIGHT - ROW_PADDING) / LINE_HEIGHT)
"""In the highest row."""
_SHORT = 6
"""Characters of a heading that is one word or two."""


def cut_text(text: str) -> str:
    """``text``, cut where it is longer than a cell can hold (Excel counts UTF-16 units)."""
    if 2 * len(text) <= MAX_TEXT or len(text.encode("utf-16-le", "surrogatepass")) <= 2 * MAX_TEXT:
        return text
    return cut_units(text, MAX_TEXT - len(CUT)) + CUT


def break_header(header: str, width: float, style: StyleSpec) -> str:
    """A short heading in a narrow column on two lines that belong together: 产出／指标, not 产出指／标."""
    if (
        "\n" in header
        or len(header) > _SHORT
        or measure_text(header, style.size, bold=style.bold) <= column_room(width)
    ):
        return header
    at = len(header) - 2 if header.endswith("指标") else len(header) // 2
    lines = header[:at], header[at:]
    fits = all(measure_text(line, style.size, bold=style.bold) <= column_room(width) for line in lines)
    return "\n".join(lines) if fits else header


def cut_to_height(text: str, width: float, style: StyleSpec, cut: str = CUT) -> str:
    """``text``, cut where no row is high enough for its lines in a cell of that width; ``cut`` says so at its end."""
    if len(text) < LINES_THAT_FIT or fit_height(text, width, style) <= MAX_HEIGHT:
        return text
    fits = bisect(range(len(text)), MAX_HEIGHT, key=lambda n: fit_height(text[:n] + cut, width, style))
    return text[: max(fits - 1, 0)] + cut


def cut_to_line(text: str, width: float, style: StyleSpec) -> str:
    """``text``, cut where it is longer than one line of a cell of that width."""
    room = column_room(width)
    if measure_text(text, style.size, bold=style.bold) <= room:
        return text
    fits = bisect(range(len(text)), room, key=lambda n: measure_text(f"{text[:n]}…", style.size, bold=style.bold))
    return f"{text[: max(fits - 1, 0)]}…"
