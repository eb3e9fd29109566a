"""Files whose name has the code of one listed project and that hold the form of another: the wrong form was filled, or the file misnamed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import PurePosixPath
from typing import NamedTuple

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.values import plain
from workbook_tools.review.said_codes import narrow, says_code

_WORD = re.compile("[0-9A-Za-z]+")
"""Codes are made of such words: 2025, ZC and 001 of 2025-ZC-001."""
_MOST_WORDS = 6
"""A code has at most so many words; ``2025-ZC-001`` has three."""


class Form(NamedTuple):
    """A form that came."""

    code: str
    name: str
    """Of the project."""
    file: str


def find_misnamed(forms: Iterable[Form], is_listed: Callable[[str], bool]) -> Iterator[tuple[str, Finding]]:
    """For each such file the code in its name, and a finding about the project whose form it holds.

    ``forms`` of one file are adjacent; a file with several forms may have any name. A name with the code of the file's own project, with several
    codes, or with none, is not reported.
    """
    for _, together in groupby(forms, key=lambda form: form.file):
        own = list(together)
        if len(own) == 1 and (said := _find_other_code(own[0], is_listed)):
            form = own[0]
            message = f"文件名写的是 {said}，里面是 {form.code}（{form.name}）的表"
            yield said, finding("FILE26", message, project_code=form.code, file=form.file)


def _find_other_code(form: Form, is_listed: Callable[[str], bool]) -> str:
    stem = PurePosixPath(form.file).stem
    text = narrow(stem)
    if narrow(form.code) in text or plain(form.name).casefold() in plain(stem).casefold():
        return ""
    said = {
        code
        for code in _list_codes(unicodedata.normalize("NFKC", stem))
        if says_code(text, narrow(code)) and is_listed(code)
    }
    longest = max(map(len, said), default=0)
    meant = [code for code in said if len(code) == longest]
    return meant[0] if len(meant) == 1 else ""


def _list_codes(text: str) -> Iterator[str]:
    """Possible codes in a text, as written and in capitals."""
    words = list(_WORD.finditer(text))
    for first in range(len(words)):
        for last in words[first : first + _MOST_WORDS]:
            piece = text[words[first].start() : last.end()]
            if any(map(str.isdecimal, piece)):
                yield from {piece, piece.upper()}
