"""Running text as it is searched: full-width signs narrowed, no blanks, cut into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbook_tools.core.values import plain

# What ends a sentence; a line break does too.
_SENTENCE = re.compile(r"[^。!?！？\n]+")
# plain() takes 。 for the full stop of a number typed in Chinese (95。5); in sentences it ends one.
_FULL_STOP, _HELD = "。", "\0"


def compact(text: str) -> str:
    """Full-width signs narrowed and blanks removed, line breaks kept."""
    return "\n".join(plain(line.replace(_FULL_STOP, _HELD)).replace(_HELD, _FULL_STOP) for line in text.splitlines())


def split_sentences(text: str) -> list[str]:
    """The sentences of a compact text."""
    return _SENTENCE.findall(text)


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
