"""What stands over the cells of a sheet in words: comments (批注) with the replies to them, and boxes of text."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workbook_tools.excel.sheet_cells import Spot
from workbook_tools.excel.sheetxml import Areas
from workbook_tools.files.package import Package

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_TEXTS = "{*}t"
_MOST = 500
"""Comments or boxes of a sheet; there may be a million in a file that was made for it."""


def read_comments(package: Package, sheet_part: str) -> dict[Spot, str]:
    """The comments of a sheet; of one that was answered what all wrote, line by line.

    Raises UnreadableWorkbook for damaged parts.
    """
    found: dict[Spot, str] = {}
    talked: dict[Spot, str] = {}
    for relation in package.relations(sheet_part):
        if relation.kind == "comments" and relation.part in package:
            found |= _read_each(package.tree(relation.part), "{*}comment")
        elif relation.kind == "threadedComment" and relation.part in package:
            talked |= _read_each(package.tree(relation.part), "{*}threadedComment")
    return {**found, **talked}  # for older programs Excel repeats what was talked, with advice to buy a newer one


def _read_each(root: etree._Element, tag: str) -> dict[Spot, str]:
    found: dict[Spot, str] = {}
    for item in root.iter(tag):
        text = "".join(part.text or "" for part in item.iter(_TEXTS, "{*}text")).strip()
        spans = Areas.of(item.get("ref", "")).spans
        if text and spans and len(found) < _MOST:
            place = spans[0][:2]
            found[place] = f"{found[place]}\n{text}" if place in found else text
    return found


def read_text_boxes(package: Package, sheet_part: str) -> dict[Spot, str]:
    """The texts of shapes that are drawn over a sheet, by the cell in which each begins. Raises UnreadableWorkbook for damaged parts."""
    found: dict[Spot, str] = {}
    for relation in package.relations(sheet_part):
        if relation.kind == "drawing" and relation.part in package:
            for place, text in _read_boxes(package.tree(relation.part)):
                if len(found) < _MOST:
                    found[place] = f"{found[place]}\n{text}" if place in found else text
    return found


def _read_boxes(root: etree._Element) -> Iterator[tuple[Spot, str]]:
    for anchor in root.iterchildren(*(f"{_DRAWN}{name}Anchor" for name in ("twoCell", "oneCell", "absolute"))):
        row, col = (anchor.findtext(f"{_DRAWN}from/{_DRAWN}{part}", "0") for part in ("row", "col"))
        place = int(row) if row.isdecimal() else 0, int(col) if col.isdecimal() else 0
        for body in anchor.iter(f"{_DRAWN}txBody"):
            lines = ("".join(part.text or "" for part in line.iter(_TEXTS)) for line in body.iterchildren("{*}p"))
            if text := "\n".join(lines).strip():
                yield place, text
