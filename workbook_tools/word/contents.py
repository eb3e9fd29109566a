"""The table of contents: Word's own field, filled with the headings of the finished document.

Word updates such a field only when somebody tells it to (or asks a question each time the document is opened), so the
entries and page numbers must be there before. Any field that a user put into a form (引用 → 目录) is filled alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element as Element

from workbook_tools.word.measures import ParagraphStyles, W
from workbook_tools.word.pagination import pages

_LEVELS = re.compile(r'\\o\s+"(\d)-(\d)"')
_ALL_LEVELS = (1, 3)
"""What Word takes where the field names no levels."""
_BOOKMARK = "_Toc9{:06d}"
_FIRST_ID = 900_000
"""Bookmarks are numbered from here, above those of any form."""


@dataclass
class _FieldCode:
    """A field whose result may reach over several paragraphs; ``separate`` and ``end`` are runs."""

    separate: Element
    end: Element
    code: str = ""
    paragraphs: list[Element] = field(default_factory=list)


@dataclass(frozen=True)
class _Heading:
    paragraph: Element
    level: int
    text: str
    bookmark: str


def fill_contents(root: Element, styles: ParagraphStyles) -> None:
    """Fill every table of contents of the document in place."""
    body = root.find(f"{W}body")
    tables = [] if body is None else list(_tables_of_contents(body))
    if body is None or not tables:
        return
    inside = {paragraph for table in tables for paragraph in table.paragraphs}
    headings = list(_headings(body, styles, inside))
    numbers: list[tuple[Element, Element]] = []
    for table in tables:
        low, high = _levels(table.code)
        entries = [heading for heading in headings if low <= heading.level <= high]
        numbers += _fill(table, entries, styles)
    for number, heading in enumerate(headings):
        _set_bookmark(heading, number)
    printed = pages(body, styles)
    for text, paragraph in numbers:
        # A heading in a text box stands on no page that can be known.
        text.text = str(printed.get(paragraph, ""))


def _tables_of_contents(body: Element) -> Iterator[_FieldCode]:
    """The TOC fields that are whole and begin on the level of the paragraph's runs."""
    open_fields: list[_FieldCode] = []
    for paragraph in body.iter(f"{W}p"):
        for element in paragraph.iter(f"{W}fldChar", f"{W}instrText"):
            run = element.getparent()
            kind = element.get(f"{W}fldCharType")
            if run is None:
                continue
            if kind == "begin":
                open_fields.append(_FieldCode(run, run))
            elif not open_fields:
                continue
            elif element.tag == f"{W}instrText":
                open_fields[-1].code += element.text or ""
            elif kind == "separate":
                open_fields[-1].separate = run
            elif kind == "end":
                done = open_fields.pop()
                done.end = run
                done.paragraphs.append(paragraph)
                if done.code.split()[:1] == ["TOC"] and done.separate.getparent() is done.paragraphs[0]:
                    yield done
        for unfinished in open_fields:
            unfinished.paragraphs.append(paragraph)


def _levels(code: str) -> tuple[int, int]:
    found = _LEVELS.search(code)
    return (int(found[1]), int(found[2])) if found else _ALL_LEVELS


def _headings(body: Element, styles: ParagraphStyles, passed_over: set[Element]) -> Iterator[_Heading]:
    number = 0
    for paragraph in body.iter(f"{W}p"):
        level = styles.metrics(paragraph).level
        if level is None or paragraph in passed_over or next(paragraph.iterancestors(f"{W}tc"), None) is not None:
            continue
        if text := "".join(t.text or "" for t in paragraph.iter(f"{W}t")).strip():
            number += 1
            yield _Heading(paragraph, level + 1, text, _BOOKMARK.format(number))


def _fill(table: _FieldCode, entries: list[_Heading], styles: ParagraphStyles) -> list[tuple[Element, Element]]:
    """Put the entries between the field's separator and its end; the texts that are to hold the page numbers."""
    first, last = table.paragraphs[0], table.paragraphs[-1]
    own = first.find(f"{W}pPr")
    for old in list(table.separate.itersiblings()):
        if old is not table.end:
            first.remove(old)
    for old in table.paragraphs[1:-1]:
        _remove(old)
    numbers: list[tuple[Element, Element]] = []
    paragraph = first
    for entry in entries:
        if paragraph is not first or numbers:
            following = etree.Element(f"{W}p")
            if own is not None:
                following.append(deepcopy(own))
            paragraph.addnext(following)
            paragraph = following
        _set_style(paragraph, styles.id_of(f"toc {entry.level}"))
        link, number = _entry(entry)
        paragraph.append(link)
        numbers.append((number, entry.paragraph))
    paragraph.append(table.end)
    if last is not first and last.find(f"{W}pPr/{W}sectPr") is None:
        _remove(last)
    return numbers


def _entry(heading: _Heading) -> tuple[Element, Element]:
    """A link to the heading with its page number, and the text of that number."""
    link = etree.Element(f"{W}hyperlink", {f"{W}anchor": heading.bookmark, f"{W}history": "1"})
    _text(etree.SubElement(link, f"{W}r"), heading.text)
    etree.SubElement(etree.SubElement(link, f"{W}r"), f"{W}tab")
    _mark(link, "begin")
    code = etree.SubElement(etree.SubElement(link, f"{W}r"), f"{W}instrText", {qn("xml:space"): "preserve"})
    code.text = f" PAGEREF {heading.bookmark} \\h "
    _mark(link, "separate")
    number = _text(etree.SubElement(link, f"{W}r"), "")
    _mark(link, "end")
    return link, number


def _text(run: Element, text: str) -> Element:
    element = etree.SubElement(run, f"{W}t", {qn("xml:space"): "preserve"})
    element.text = text
    return element


def _mark(parent: Element, kind: str) -> None:
    etree.SubElement(etree.SubElement(parent, f"{W}r"), f"{W}fldChar", {f"{W}fldCharType": kind})


def _set_style(paragraph: Element, style: str) -> None:
    """The style of an entry's level; without one in the form the paragraph keeps that of the first entry."""
    if not style:
        return
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    named = properties.find(f"{W}pStyle")
    if named is None:
        named = etree.Element(f"{W}pStyle")
        properties.insert(0, named)
    named.set(f"{W}val", style)


def _set_bookmark(heading: _Heading, number: int) -> None:
    name = str(_FIRST_ID + number)
    start = etree.Element(f"{W}bookmarkStart", {f"{W}id": name, f"{W}name": heading.bookmark})
    heading.paragraph.insert(0 if heading.paragraph.find(f"{W}pPr") is None else 1, start)
    heading.paragraph.append(etree.Element(f"{W}bookmarkEnd", {f"{W}id": name}))


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
