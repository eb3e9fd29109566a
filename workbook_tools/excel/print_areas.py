"""What a sheet prints: the cells of its print area, and the words of its headers and footers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbook_tools.core.cells import MAX_COLUMNS, MAX_ROWS, Span, column_index
from workbook_tools.excel.written_names import DefinedName

_NAME = "_xlnm.print_area"
_PART = re.compile(
    r"(?:(?:'(?:[^']|'')+'|[^'!,()]+)!)?"
    r"(?:\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?|\$?([A-Z]{1,3}):\$?([A-Z]{1,3})|\$?([0-9]{1,7}):\$?([0-9]{1,7}))(?:,|$)"
)
"""``自评表!$A$1:$N$40``, ``'表 (2)'!$A:$N``, ``$1:$20``, and the comma before the next."""
_LOST = "#REF!"
"""Programs print the whole sheet then."""
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K[0-9]{2}[+-][0-9]{3}|[0-9]{1,3}|[A-Za-z])')
"""Codes of a header: ``&C`` its middle, ``&"宋体,常规"``, ``&14``, ``&KFF0000``, ``&P`` the page's number, ``&D`` the day."""
_SECTION = re.compile(r"&[LCR]")
_NUMBERING = re.compile(r"第|共|页|[Pp]age|of|[\s/,，.。·()（）\-–—－~]")
"""What stands around numbers of pages."""


@dataclass(frozen=True, slots=True)
class PrintArea:
    """What of a sheet is printed."""

    text: str
    spans: tuple[Span, ...] | None
    """``None`` where it is a formula, and only a program that calculates it knows."""

    def holds(self, row: int, col: int) -> bool:
        """A cell is printed."""
        return any(s.row <= row <= s.last_row and s.col <= col <= s.last_col for s in self.spans or ())

    def holds_row(self, row: int) -> bool:
        """Some of a row is printed."""
        return any(s.row <= row <= s.last_row for s in self.spans or ())


def find_print_areas(names: Iterable[DefinedName]) -> dict[int, PrintArea]:
    """The print areas of the sheets that have one, by their numbers, from 0; of the others all is printed."""
    own = [one for one in names if one.sheet is not None and one.name.lower() == _NAME and one.sheet.isdecimal()]
    return {
        int(one.sheet or 0): _read_area(one.target) for one in own if one.target.strip() and _LOST not in one.target
    }


def _read_area(text: str) -> PrintArea:
    spans: list[Span] = []
    target, at = text.strip().removeprefix("="), 0
    while at < len(target):
        match = _PART.match(target, at)
        if match is None:
            return PrintArea(text, None)
        spans.append(_read_span(match))
        at = match.end()
    return PrintArea(text, tuple(spans))


def _read_span(match: re.Match[str]) -> Span:
    left, top, right, bottom, first_col, last_col, first_row, last_row = match.groups()
    if first_col:
        return Span(0, column_index(first_col), MAX_ROWS - 1, column_index(last_col))
    if first_row:
        return Span(int(first_row) - 1, 0, int(last_row) - 1, MAX_COLUMNS - 1)
    return Span(int(top) - 1, column_index(left), int(bottom or top) - 1, column_index(right or left))


def split_page_text(text: str) -> list[str]:
    """What a header or footer says at its left, in its middle and at its right, each line by itself.

    >>> split_page_text('&L单位：元&C&"黑体"&14自评表&R第 &P 页')
    ['单位：元', '自评表']
    """
    parts = _SECTION.split(text.replace("&&", "＆"))
    return [words for part in parts for line in part.splitlines() if (words := find_page_words(line))]


def find_page_words(text: str) -> str:
    """What a header or footer says beside numbers of pages, names of files and days; mostly nothing.

    >>> find_page_words('&C第 &P 页，共 &N 页'), find_page_words('&L&"黑体,加粗"&14得分 100')
    ('', '得分 100')
    """
    words = " ".join(" ".join(part.split()) for part in _CODE.split(text.replace("&&", "＆")) if part.strip())
    return words if _NUMBERING.sub("", words) else ""
