"""Texts from outside (names of files, contents of cells) on the screen, in the log and in cells: what steers a terminal is shown, not
sent; what a cell cannot hold is left out.
"""

from __future__ import annotations

import re

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but for tab and line end (an escape sequence begins with one), what turns the direction of writing, and
halves of characters, which no screen takes."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""What shows nothing on the page: control characters, blanks without width, signs of the direction of writing, letters that fill a
place (Hangul, Braille), what chooses the shape of the character before it."""

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
    """The text with what takes no room on the page written out, for who has to find it there.

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
    """The beginning of a text, as much of it as office programs take where they allow ``most`` characters: they count UTF-16 units.

    >>> cut_units("养护🚜里程", 3), cut_units("养护", 3)
    ('养护', '养护')
    """
    if 2 * len(text) <= most:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
