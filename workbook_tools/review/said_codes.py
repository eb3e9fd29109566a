"""Finds project codes in the names of files and folders."""

from __future__ import annotations

import re
import unicodedata

SHORTEST = 4
"""A code or project name with at least so many characters means the project wherever it occurs."""


def narrow(text: str) -> str:
    """The text in the form in which codes are searched: Ｐ03 and p03 are equal."""
    return unicodedata.normalize("NFKC", text).casefold()


def says_code(text: str, code: str) -> bool:
    """The text contains the code as a word of its own; both are narrow. A short code has to mix letters and digits, or be the whole text:
    many names contain a 7.

    >>> says_code("p03_水库", "p03"), says_code("p030", "p03"), says_code("7月照片", "7"), says_code("7", "7")
    (True, False, False, True)
    """
    return code in text and says_word(text, code) and (len(code) >= SHORTEST or _is_mixed(code) or code == text.strip())


def says_word(text: str, word: str) -> bool:
    """The word occurs in the text, not as a part of a longer number or Latin word."""
    return bool(re.search(rf"(?<![0-9a-z]){re.escape(word)}(?![0-9a-z])", text))


def _is_mixed(code: str) -> bool:
    return bool(re.search("[0-9]", code) and re.search("[^0-9]", code))
