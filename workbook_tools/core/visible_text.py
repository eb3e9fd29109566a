"""Texts from outside (names of files, contents of cells) on the screen, in the log and in cells: what steers a terminal is shown, not
sent; what a cell cannot hold is left out.
"""

from __future__ import annotations

import re

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters except tab and line feed (an escape sequence begins with one), marks that change the direction of writing, and
lone surrogates, which no screen accepts."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Characters that show nothing: control characters, zero-width blanks, marks of the direction of writing, fillers (Hangul, Braille),
and variation selectors."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold, not even as an entity."""


def clean_cell_text(text: str) -> str:
    """``text`` as a cell can hold it: without characters that XML forbids, every line end a line feed."""
    if text.isprintable():
        return text
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def drop_invisible(text: str) -> str:
    """The text as it is seen. Two that look the same are the same then, and one that looks blank is blank."""
    return _INVISIBLE.sub("", text)


def show_steering(text: str) -> str:
    """The text with its control characters written out.

    >>> show_steering("表\x1b[2J")
    '表\\\\x1b[2J'
    """
    return _STEERING.sub(_write_out, text)


def show_invisible(text: str) -> str:
    """The text with its invisible characters written out, for somebody who has to find them.

    >>> show_invisible("00\u200b13")
    '00\\\\u200b13'
    """
    return _INVISIBLE.sub(_write_out, show_steering(text))


def _write_out(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape", "surrogatepass").decode()


def show_on_one_line(text: str) -> str:
    """As :func:`show_steering`, its line ends written out too."""
    return show_steering(text).replace("\n", "\\n")


def cut_units(text: str, most: int) -> str:
    """The start of a text that is ``most`` characters long as office programs count: in UTF-16 units.

    >>> cut_units("养护🚜里程", 3), cut_units("养护", 3)
    ('养护', '养护')
    """
    if 2 * len(text) <= most:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
