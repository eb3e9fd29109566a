"""What is drawn over the cells of a worksheet: pictures, shapes, text boxes, charts, controls, and comments that stay open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from workbook_tools.core.cells import Span
from workbook_tools.excel.sheet_frame import SheetFrame
from workbook_tools.files.package import Package, parse_xml

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_OFFICE = "{urn:schemas-microsoft-com:office:excel}"
_KINDS = {
    "pic": "图片",
    "graphicFrame": "图表",
    "sp": "图形或文本框",
    "cxnSp": "线条",
    "grpSp": "组合图形",
    "contentPart": "墨迹",
}
"""Elements of an anchor, and what people call them."""
_EMU_OF_CHARACTER, _EMU_OF_POINT = 7 * 9525, 12700
"""English metric units, of which drawings are measured: a character of column width is seven pixels."""
_HIGH_ROW = 120.0
"""Points; few rows of ours are higher."""
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_MAX_OBJECTS = 2_000
_FAR_CELLS = 4_096
"""Rows or columns that are gone through to find where an object ends."""


@dataclass(frozen=True, slots=True)
class DrawnObject:
    """An object that is seen, and the cells that it lies over."""

    kind: str
    span: Span


def read_objects(package: Package, sheet_part: str, frame: SheetFrame) -> list[DrawnObject]:
    """The objects over the cells of a sheet; what is not shown is not among them.

    Raises UnreadableWorkbook for damaged parts, lxml's errors and ValueError too.
    """
    found: list[DrawnObject] = []
    for relation in package.relations(sheet_part):
        if relation.outside or relation.part not in package:
            continue
        if relation.kind == "drawing":
            found += _read_anchors(package.tree(relation.part), frame)
        elif relation.kind == "vmlDrawing":
            found += _read_shapes(package.read(relation.part))
    if len(found) > _MAX_OBJECTS:
        raise ValueError(len(found))
    return found


def _read_anchors(root: etree._Element, frame: SheetFrame) -> Iterator[DrawnObject]:
    for anchor in root.iter(*(f"{_DRAWN}{name}Anchor" for name in ("twoCell", "oneCell", "absolute"))):
        kind = next((_KINDS[name] for e in anchor.iter("{*}*") if (name := etree.QName(e).localname) in _KINDS), "")
        properties = anchor.find(f".//{_DRAWN}cNvPr")
        if not kind or (properties is not None and properties.get("hidden") in ("1", "true")):
            continue
        span = _read_corners(anchor) or _measure(anchor, frame)
        if span:
            yield DrawnObject(kind, span)


def _read_corners(anchor: etree._Element) -> Span | None:
    """The cells between the two corners of an anchor; nothing where it has not two, or no size."""
    first, last = anchor.find(f"{_DRAWN}from"), anchor.find(f"{_DRAWN}to")
    if first is None or last is None:
        return None
    start, end = ([_number(corner, part) for part in ("col", "colOff", "row", "rowOff")] for corner in (first, last))
    return None if start == end else _between(*start, *end)


def _between(
    left: int, _left_off: int, top: int, _top_off: int, right: int, right_off: int, bottom: int, bottom_off: int
) -> Span:
    """The cells of two corners, each a column and a row with how far into them; what ends where a cell begins does not lie over it."""
    return Span(top, left, bottom - (bottom_off <= 0 and bottom > top), right - (right_off <= 0 and right > left))


def _number(corner: etree._Element, part: str) -> int:
    return int(corner.findtext(f"{_DRAWN}{part}", "0"))


def _measure(anchor: etree._Element, frame: SheetFrame) -> Span | None:
    """The cells under an object of which only one corner is tied to a cell, or none."""
    size, start, place = (anchor.find(f"{_DRAWN}{name}") for name in ("ext", "from", "pos"))
    if size is None:
        return None
    top, left = (0, 0) if start is None else (_number(start, "row"), _number(start, "col"))
    down = int(place.get("y", "0")) if place is not None else _number(start, "rowOff") if start is not None else 0
    across = int(place.get("x", "0")) if place is not None else _number(start, "colOff") if start is not None else 0
    height, width = int(size.get("cy", "0")), int(size.get("cx", "0"))

    def find_row(distance: int, points: float) -> int:
        return top + min(_FAR_CELLS, max(0, int(distance / (points * _EMU_OF_POINT))))

    def find_column(distance: int) -> int:
        column = left
        while distance > 0 and column - left < _FAR_CELLS:
            distance -= int(frame.width(column) * _EMU_OF_CHARACTER)
            column += distance >= 0
        return column

    # The rows' own heights are not asked: it begins no lower than below high rows, and ends no higher than below low ones.
    first, last = find_row(down, _HIGH_ROW), find_row(down + height, max(1.0, frame.default_height))
    return Span(first, find_column(across), last, find_column(across + width))


def _read_shapes(vml: bytes) -> Iterator[DrawnObject]:
    """Shapes of the older kind: buttons and other controls, and comments, which are seen where they stay open."""
    root = parse_xml(
        vml, etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    )
    for data in root.iter(f"{_OFFICE}ClientData") if root is not None else ():
        kind, shape = data.get("ObjectType", ""), data.getparent()
        style = "" if shape is None else shape.get("style", "").replace(" ", "").lower()
        if kind == "Note" and data.findtext(f"{_OFFICE}Visible", "False").strip().lower() == "false":
            continue
        if "visibility:hidden" in style:
            continue
        corners = [int(number) for number in _NUMBER.findall(data.findtext(f"{_OFFICE}Anchor", ""))]
        if len(corners) == 8:
            yield DrawnObject("批注" if kind == "Note" else "按钮、控件", _between(*corners))
