"""Places of texts in a document, so that what somebody has written there in Word is found again.

A place is a bookmark with a hidden name of ours. Whoever rewrites a paragraph deletes what stands in it, and a bookmark goes with
its last character: ours therefore begins behind what stands before the text and ends before what follows it, in the paragraphs
around it where there are any. Word, WPS and LibreOffice keep bookmarks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml import OxmlElement
from docx.oxml.parser import oxml_parser
from lxml.etree import _Element as Element

from workbook_tools.files.package import Package, damage, parse_xml, unreadable
from workbook_tools.word.elements import qn, remove
from workbook_tools.word.revisions import accept_changes
from workbook_tools.word.text import PLACE_PREFIX, paragraphs

_START, _END = qn("w:bookmarkStart"), qn("w:bookmarkEnd")
_ID, _NAME = qn("w:id"), qn("w:name")
_PARAGRAPH, _PROPERTIES = qn("w:p"), qn("w:pPr")
_BREAKS = frozenset(qn(f"w:{name}") for name in ("br", "cr"))
_OTHER = frozenset(qn(f"w:{name}") for name in ("tbl", "drawing", "pict", "object"))
_MARKS = frozenset(qn(f"w:{name}") for name in ("bookmarkStart", "bookmarkEnd", "proofErr"))
"""What stands between runs and shows nothing."""


@dataclass(slots=True)
class PlacedText:
    """What stands in a place."""

    name: str
    """Of the place, as it was given when the document was made."""
    text: str = ""
    """Its paragraphs, each on a line of its own."""
    more: bool = False
    """There is a table or a picture in it too."""


@dataclass(slots=True)
class _OpenPlace:
    name: str
    pieces: list[str] = field(default_factory=list)
    more: bool = False


# -- making them ------------------------------------------------------------------------------------------------------


def make_start(name: str) -> Element:
    """The beginning of a place; its number comes later (:func:`settle_places`)."""
    start = OxmlElement("w:bookmarkStart")
    start.set(_ID, "")
    start.set(_NAME, PLACE_PREFIX + name)
    return start


def make_end() -> Element:
    """The end of a place."""
    end = OxmlElement("w:bookmarkEnd")
    end.set(_ID, "")
    return end


def settle_places(root: Element) -> None:
    """Give the places numbers, and move their ends into the paragraphs around them. Only the body has places."""
    marks = [mark for mark in root.iter(_START, _END) if mark.get(_ID) == ""]
    if root.tag != qn("w:document"):
        for mark in marks:
            remove(mark)
        return
    taken = [mark.get(_ID, "") for mark in root.iter(_START, _END)]
    last = max((int(number) for number in taken if number.isdecimal()), default=0)
    seen: dict[str, int] = {}
    for mark in marks:
        if mark.tag == _START:
            last += 1
            name = mark.get(_NAME, "")
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                mark.set(_NAME, f"{name}_{seen[name]}")
        mark.set(_ID, str(last))
    for mark in marks:
        _move_out(mark)


def _move_out(mark: Element) -> None:
    """A start to the end of the paragraph before, an end to the beginning of the next, where the text fills its paragraphs."""
    paragraph = mark.getparent()
    if paragraph is None or paragraph.tag != _PARAGRAPH:
        return
    if mark.tag == _START:
        beside, neighbour = mark.itersiblings(preceding=True), paragraph.getprevious()
    else:
        beside, neighbour = mark.itersiblings(), paragraph.getnext()
    if any(item.tag not in _MARKS | {_PROPERTIES} for item in beside):
        return
    if neighbour is None or neighbour.tag != _PARAGRAPH:
        return
    if mark.tag == _START:
        neighbour.append(mark)
    else:
        neighbour.insert(1 if neighbour.find(_PROPERTIES) is not None else 0, mark)


# -- reading them -----------------------------------------------------------------------------------------------------


def read_places(data: bytes) -> list[PlacedText]:
    """The places of a document and what stands in them now: insertions under revision count, deletions do not.

    Raises UnreadableWorkbook.
    """
    package = Package(data)
    main = next((r.part for r in package.relations("") if r.kind == "officeDocument"), "word/document.xml")
    if main not in package:
        raise unreadable("FILE01", "不是 Word 文档")
    with damage():
        root = parse_xml(package.read(main), oxml_parser)
    accept_changes(root)
    return list(_walk(root))


def _walk(root: Element) -> Iterator[PlacedText]:
    open_places: dict[str, _OpenPlace] = {}
    for element in root.iter():
        if element.tag == _START and element.get(_NAME, "").startswith(PLACE_PREFIX):
            open_places[element.get(_ID, "")] = _OpenPlace(element.get(_NAME, "").removeprefix(PLACE_PREFIX))
        elif element.tag == _END and element.get(_ID, "") in open_places:
            place = open_places.pop(element.get(_ID, ""))
            yield PlacedText(place.name, paragraphs("".join(place.pieces)), place.more)
        elif open_places:
            for place in open_places.values():
                place.pieces.append(_show(element))
                place.more = place.more or element.tag in _OTHER


def _show(element: Element) -> str:
    """What an element adds to a text: a paragraph begins a line."""
    if element.tag == qn("w:t"):
        return element.text or ""
    if element.tag == qn("w:tab"):
        above = element.getparent()  # one in the properties of a paragraph is a stop
        return "\t" if above is not None and above.tag == qn("w:r") else ""
    return "\n" if element.tag == _PARAGRAPH or element.tag in _BREAKS else ""
