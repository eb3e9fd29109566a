"""A form as it was saved, made into a form as it was meant: what Word, WPS, LibreOffice and their users leave behind.

* Changes that were tracked are accepted, comments are dropped: a report shows neither.
* Tags typed with a Chinese keyboard (｛｛ 项目名称 ｝｝) become tags.
* A section that ends in a line with only a tag, which vanishes with its line, ends in a line of its own.
* What LibreOffice writes against the schema is put right: properties out of order, switches and numbers that Word's own
  validator refuses.

Works on the parsed XML of one part, in place.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element as Element

from workbook_tools.word.measures import W
from workbook_tools.word.schema_order import ORDERED, sort_properties


def mend(root: Element) -> None:
    """Everything above, for one part of a form."""
    _accept_changes(root)
    _drop_comments(root)
    for paragraph in root.iter(f"{W}p"):
        _plain_tags(paragraph)
    _free_section_breaks(root)
    for properties in list(root.iter(*ORDERED)):
        sort_properties(properties)
    _plain_values(root)


# -- changes and comments ---------------------------------------------------------------------------------------------

_INSERTED = ("ins", "moveTo")
_DELETED = (
    "del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "trPrChange",
    "tcPrChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
    "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
)  # fmt: skip
_COMMENTS = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")


def _accept_changes(root: Element) -> None:
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}del") is not None:
            _remove(row)
    for paragraph in list(root.iter(f"{W}p")):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            _join_with_next(paragraph)
    for element in list(root.iter(*(W + name for name in _DELETED))):
        _remove(element)
    for element in list(root.iter(*(W + name for name in _INSERTED))):
        for child in list(element):
            element.addprevious(child)
        _remove(element)


def _join_with_next(paragraph: Element) -> None:
    """The end of this paragraph was deleted: what is left of it belongs to the next one."""
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p":
        return
    place = 0 if following.find(f"{W}pPr") is None else 1
    for child in reversed([child for child in paragraph if child.tag != f"{W}pPr"]):
        following.insert(place, child)
    _remove(paragraph)


def _drop_comments(root: Element) -> None:
    for element in list(root.iter(*(W + name for name in _COMMENTS))):
        _remove(element)
    if root.tag.rpartition("}")[2].startswith("comments"):
        del root[:]


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


# -- tags typed with a Chinese keyboard -------------------------------------------------------------------------------

_TAG = re.compile(r"[{｛][{｛].*?[}｝][}｝]|[{｛][%％].*?[%％][}｝]")
_CHINESE = str.maketrans("｛｝％｜。．　＋－＝＞＜（），“”‘’", "{}%|.. +-=><(),\"\"''")
_LINE_TAG = re.compile(r"\s*{%p\s")
_QUOTED = re.compile(r"(\"[^\"]*\"|“[^”]*”)")


def _plain_tags(paragraph: Element) -> None:
    """Each sign has the width of one in the plain tag, so that it may be split over any runs."""
    pieces = [text for text in paragraph.iter(f"{W}t") if text.text]
    whole = "".join(piece.text or "" for piece in pieces)
    plain = _TAG.sub(lambda found: _plain(found[0]), whole)
    if plain == whole:
        return
    start = 0
    for piece in pieces:
        end = start + len(piece.text or "")
        piece.text = plain[start:end]
        start = end


def _plain(tag: str) -> str:
    """What stands in quotes stays as it is, but for the quotes."""
    parts = _QUOTED.split(tag)
    parts[::2] = [part.translate(_CHINESE) for part in parts[::2]]
    parts[1::2] = [f'"{part[1:-1]}"' for part in parts[1::2]]
    return "".join(parts)


# -- section breaks ---------------------------------------------------------------------------------------------------


def _free_section_breaks(root: Element) -> None:
    """LibreOffice deletes an empty last line of a section, and somebody at a keyboard may too."""
    for section in list(root.iterfind(f".//{W}p/{W}pPr/{W}sectPr")):
        paragraph = next(section.iterancestors(f"{W}p"))
        if _LINE_TAG.match("".join(t.text or "" for t in paragraph.iter(f"{W}t"))):
            line = etree.Element(f"{W}p")
            properties = etree.SubElement(line, f"{W}pPr")
            flat = {f"{W}before": "0", f"{W}after": "0", f"{W}line": "20", f"{W}lineRule": "exact"}
            etree.SubElement(properties, f"{W}spacing", flat)
            properties.append(section)
            paragraph.addnext(line)


# -- against the schema -----------------------------------------------------------------------------------------------

_STRICT_SWITCHES = ("cantSplit", "tblHeader")
"""Switches of a table row: the validator wants them without "true"."""
_INT32_DIGITS = 9


def _plain_values(root: Element) -> None:
    for switch in list(root.iter(*(W + name for name in _STRICT_SWITCHES))):
        value = switch.attrib.pop(f"{W}val", "1")
        if value in ("0", "false", "off"):
            _remove(switch)
    # LibreOffice writes a negative distance of characters as a number beyond 32 bits.
    for grid in root.iter(f"{W}docGrid"):
        if len(grid.get(f"{W}charSpace", "")) > _INT32_DIGITS:
            del grid.attrib[f"{W}charSpace"]
