"""Codes of projects in what people call their files and folders."""

from __future__ import annotations

import re
import unicodedata

SHORTEST = 4
"""Characters of a code, or of a project's name, that stand for the project wherever they are said."""


def narrow(text: str) -> str:
    """A text as codes are looked for in it: Ｐ03 and p03 are one."""
    return unicodedata.normalize("NFKC", text).casefold()


def says_code(text: str, code: str) -> bool:
    """A code stands in a text as a word of its own; both are narrow. A short one is of letters and digits, or is all that is said: 7 stands in many names.

    >>> says_code("p03_水库", "p03"), says_code("p030", "p03"), says_code("7月照片", "7"), says_code("7", "7")
    (True, False, False, True)
    """
    return code in text and says_word(text, code) and (len(code) >= SHORTEST or _is_mixed(code) or code == text.strip())


def says_word(text: str, word: str) -> bool:
    """It is not a part of a longer number or Latin word."""
    return bool(re.search(rf"(?<![0-9a-z]){re.escape(word)}(?![0-9a-z])", text))


def _is_mixed(code: str) -> bool:
    return bool(re.search("[0-9]", code) and re.search("[^0-9]", code))
