"""Tables as plain text (.csv, .tsv, and what programs export under the name .xls): their encoding and what parts their columns."""

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
"""Lines from the beginning that tell what parts the columns."""
_FEWEST_LINES, _FEWEST_SEPARATORS = 3, 2
"""A table has so many lines of three columns."""


def decode_text(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or GB18030, with or without a mark; blank for what is no text."""
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
        # Figures and separators of UTF-16 have a nought beside them, and on which side tells the order.
        return ("utf-16-le",) if data[1::2].count(0) >= data[::2].count(0) else ("utf-16-be",)
    return "utf-8", "gb18030"


def find_separator(text: str) -> str:
    """What parts the columns of a table in plain text; blank where the text is none."""
    lines = [line for line in text.split("\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]
    counts = {sign: sum(line.count(sign) >= _FEWEST_SEPARATORS for line in lines) for sign in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda sign: counts[sign])
    return best if counts[best] >= _FEWEST_LINES else ""


def holds_text_table(data: bytes) -> bool:
    """The file is a table in plain text."""
    return bool(find_separator(decode_text(data)))
