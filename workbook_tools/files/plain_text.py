"""Tables as plain text (.csv, .tsv, and exports named .xls): their encoding and the separator of their columns."""

from __future__ import annotations

import codecs
import unicodedata

_LARGEST = 20_000_000
"""Bytes; a form has a few thousand."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LAYOUT_SIGNS = "\t\r\n"
_SEPARATORS = "\t,;"
_LOOKED_AT = 200
"""The separator is told from the first lines, at most so many."""
_FEWEST_LINES, _FEWEST_SEPARATORS = 3, 2
"""A table has at least three lines of three columns."""


def decode_text(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or GB18030, with or without a byte order mark; blank if it is no text."""
    if not data or len(data) > _LARGEST:
        return ""
    for encoding in _likely_encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(char) in ("Cc", "Cn") for char in set(text) - set(_LAYOUT_SIGNS)):
            return text
    return ""


def _likely_encodings(data: bytes) -> tuple[str, ...]:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if marked:
        return (marked,)
    if b"\0" in data:
        # In UTF-16, digits and separators have a zero byte; its side tells the byte order.
        return ("utf-16-le",) if data[1::2].count(0) >= data[::2].count(0) else ("utf-16-be",)
    return "utf-8", "gb18030"


def find_separator(text: str) -> str:
    """The separator of the columns of a table in plain text; blank if the text is no table."""
    lines = [line for line in text.split("\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]
    counts = {sign: sum(line.count(sign) >= _FEWEST_SEPARATORS for line in lines) for sign in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda sign: counts[sign])
    return best if counts[best] >= _FEWEST_LINES else ""


def holds_text_table(data: bytes) -> bool:
    """The file is a table in plain text."""
    return bool(find_separator(decode_text(data)))
