"""The name spaces of OpenDocument, as lxml writes them before the names of elements and attributes."""

from __future__ import annotations

_COMMON = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TABLE, TEXT, STYLE, NUMBER, DRAWING, FORMATS = (
    f"{{{_COMMON}{name}:1.0}}"
    for name in ("office", "table", "text", "style", "datastyle", "drawing", "xsl-fo-compatible")
)
