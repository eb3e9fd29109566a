"""What a form's tags may print: values made fit for XML, and the few signs that steer a document.

A sign is a Unicode noncharacter, which no text may contain; it travels through the template engine
inside the text and :mod:`workbook_tools.word.finishing` turns it into formatting.
"""

from __future__ import annotations

import re

from workbook_tools.core.values import number_text

HIGHLIGHT_ON, HIGHLIGHT_OFF, SAME_AS_ABOVE, CHART = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
PLACE, PLACE_END = "\ufdd4", "\ufdd5"
PLACE_PREFIX = "_wbt_"
"""What the names of our bookmarks begin with; one with a low line before it is shown in no list of Word's."""

_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_DIGITS = "零一二三四五六七八九十"


class Highlighted(str):
    """A text that must catch the eye."""

    __slots__ = ()


class Sign(str):
    """One of the signs above, to be printed as it is."""

    __slots__ = ()


ABOVE = Sign(SAME_AS_ABOVE)
"""Printed in a table cell, it merges the cell with the one above."""


class TagGroup:
    """The tags of one group (正文.overview): looked up by name, nothing else is in reach of a form."""

    __slots__ = ("_title", "_values")

    def __init__(self, title: str, values: dict[str, object]) -> None:
        self._title = title
        self._values = values

    def __getitem__(self, name: str) -> object:
        return self._values[name]

    def __str__(self) -> str:
        return self._title


def clean(text: str) -> str:
    """Without the characters XML forbids; every kind of line break becomes a plain one."""
    return _UNPRINTABLE.sub("", _LINE_BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """A name or heading: breaks and runs of blanks become one blank."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> str:
    """A narrative as typed, one line per paragraph: the style indents, so typed indents and empty lines go."""
    lines = (line.strip() for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)


def join_texts(*texts: str) -> Sign:
    """One text of several, each printed as what it is."""
    return Sign("".join(map(print_value, texts)))


def place_text(name: str, text: str) -> Sign:
    """A text that is found again in the document, whatever somebody writes there; ``name``: 32 letters, digits, low lines at most."""
    return Sign(f"{PLACE}{name}{PLACE}{print_value(text)}{PLACE_END}")


def print_value(value: object) -> str:
    """A value as a tag prints it. Raises TypeError for what is no single value (a table, a group)."""
    if isinstance(value, Sign):
        return str(value)
    if isinstance(value, Highlighted):
        return f"{HIGHLIGHT_ON}{clean(value)}{HIGHLIGHT_OFF}"
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return number_text(value)
    raise TypeError(type(value).__name__)


def chinese_number(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十 (up to 99), for headings."""
    tens, ones = divmod(number, 10)
    head = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "")
    return head + (_DIGITS[ones] if ones or not tens else "")
