"""The table of contents: Word's own field, filled with the headings of the finished document.

A .docx holds no pages; the program that opens it makes them. So the entries are there, each a link to its heading, and
the page numbers are left to that program: Word fills them in on opening, after a question; WPS and LibreOffice when told
to, and our own way to a PDF tells them (docs/decisions/0017). Until then the first number says what to do.
Any such field that a user put into a form (引用 → 目录) is filled alike. python-docx knows neither fields nor bookmarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache

from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.text.font import Font
from lxml.etree import _Element as Element

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.word.elements import find_all, make_element, qn, remove
from workbook_tools.word.fields import make_field_runs
from workbook_tools.word.headings import find_heading_level
from workbook_tools.word.package import open_package

NO_NUMBERS_YET = "（页码：点右键“更新域”）"
"""Stands where the first page number will be."""
_LEVELS = re.compile(r'\\o\s+"(\d)-(\d)"')
_ALL_LEVELS = (1, 3)
"""What Word takes where the field names no levels."""
_BOOKMARK = "_Toc9{:06d}"
_PAGE = r"PAGEREF {} \h"
_FIRST_ID = 900_000
"""Bookmarks are numbered from here, above those of any form."""
_AFTER_UPDATE_FIELDS = tuple(
    f"w:{name}"
    for name in (
        "hdrShapeDefaults",
        "footnotePr",
        "endnotePr",
        "compat",
        "docVars",
        "rsids",
        "attachedSchema",
        "themeFontLang",
        "clrSchemeMapping",
        "doNotIncludeSubdocsInStats",
        "doNotAutoCompressPictures",
        "forceUpgrade",
        "captions",
        "readModeInkLockDown",
        "smartTagType",
        "shapeDefaults",
        "doNotEmbedSmartTags",
        "decimalSymbol",
        "listSeparator",
    )
)
"""What follows the switch in the settings, by the schema."""


@dataclass
class _FieldCode:
    """A field whose result may reach over several paragraphs; ``separate`` and ``end`` are runs."""

    separate: Element
    end: Element
    code: str = ""
    paragraphs: list[CT_P] = field(default_factory=list)


@dataclass(frozen=True)
class _Heading:
    paragraph: CT_P
    level: int
    text: str
    bookmark: str


def fill_contents(document: Document, levels: dict[str, int]) -> None:
    """Fill every table of contents of the document in place; ``levels`` are those of its heading styles."""
    body = document.element.body
    tables = list(_tables_of_contents(body))
    if not tables:
        return
    inside = {paragraph for table in tables for paragraph in table.paragraphs}
    headings = list(_headings(body, levels, inside))
    styles = {(style.name_val or "").lower(): style.styleId or "" for style in document.styles.element.style_lst}
    for table in tables:
        low, high = _levels(table.code)
        _fill(table, [heading for heading in headings if low <= heading.level <= high], styles)
    for number, heading in enumerate(headings):
        _set_bookmark(heading, number)
    _ask_for_update(document)


def _tables_of_contents(body: Element) -> Iterator[_FieldCode]:
    """The TOC fields that are whole and begin on the level of the paragraph's runs."""
    open_fields: list[_FieldCode] = []
    for paragraph in find_all(body, "w:p", CT_P):
        for element in paragraph.iter(qn("w:fldChar"), qn("w:instrText")):
            run = element.getparent()
            kind = element.get(qn("w:fldCharType"))
            if run is None:
                continue
            if kind == "begin":
                open_fields.append(_FieldCode(run, run))
            elif not open_fields:
                continue
            elif element.tag == qn("w:instrText"):
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


def _headings(body: Element, levels: dict[str, int], passed_over: set[CT_P]) -> Iterator[_Heading]:
    number = 0
    for paragraph in find_all(body, "w:p", CT_P):
        level = find_heading_level(paragraph, levels)
        if level is None or paragraph in passed_over or next(paragraph.iterancestors(qn("w:tc")), None) is not None:
            continue
        if text := "".join(t.text or "" for t in paragraph.iter(qn("w:t"))).strip():
            number += 1
            yield _Heading(paragraph, level, text, _BOOKMARK.format(number))


def _fill(table: _FieldCode, entries: list[_Heading], styles: dict[str, str]) -> None:
    """Put the entries between the field's separator and its end."""
    first, last = table.paragraphs[0], table.paragraphs[-1]
    for old in list(table.separate.itersiblings()):
        if old is not table.end:
            first.remove(old)
    for old in table.paragraphs[1:-1]:
        remove(old)
    paragraph = first
    for number, entry in enumerate(entries):
        if number:
            following = make_element("w:p", CT_P)
            if first.pPr is not None:
                following.append(deepcopy(first.pPr))
            paragraph.addnext(following)
            paragraph = following
        # Without a style for the level in the form the paragraph keeps that of the first entry.
        paragraph.style = styles.get(f"toc {entry.level}", paragraph.style)
        paragraph.append(_entry(entry, NO_NUMBERS_YET if number == 0 else ""))
    paragraph.append(table.end)
    if last is not first and last.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None:
        remove(last)


def _entry(heading: _Heading, number: str) -> Element:
    """A link to the heading, with a field for its page number."""
    link = deepcopy(_draw_entry(number))
    link.set(qn("w:anchor"), heading.bookmark)
    next(link.iter(qn("w:t"))).text = heading.text
    next(link.iter(qn("w:instrText"))).text = f" {_PAGE.format(heading.bookmark)} "
    return link


@lru_cache(1 << 3)
def _draw_entry(number: str) -> Element:
    """What all entries with this number have in common."""
    link = OxmlElement("w:hyperlink", {qn("w:anchor"): "", qn("w:history"): "1"})
    text = make_element("w:r", CT_R)
    text.add_t("")
    text.add_tab()
    link.append(text)
    runs = make_field_runs(_PAGE, number)
    link.extend(runs)
    if number:
        Font(runs[3]).highlight_color = WD_COLOR_INDEX.YELLOW
    return link


def _set_bookmark(heading: _Heading, number: int) -> None:
    start, end = map(deepcopy, _draw_bookmark())
    for mark in (start, end):
        mark.set(qn("w:id"), str(_FIRST_ID + number))
    start.set(qn("w:name"), heading.bookmark)
    heading.paragraph.insert(0 if heading.paragraph.pPr is None else 1, start)
    heading.paragraph.append(end)


@lru_cache(1)
def _draw_bookmark() -> tuple[Element, Element]:
    """Its start and its end."""
    start = OxmlElement("w:bookmarkStart", {qn("w:id"): "", qn("w:name"): ""})
    return start, OxmlElement("w:bookmarkEnd", {qn("w:id"): ""})


def _ask_for_update(document: Document) -> None:
    """Word fills in the fields when the document is opened next."""
    settings = document.settings.element
    settings.remove_all("w:updateFields")
    settings.insert_element_before(OxmlElement("w:updateFields"), *_AFTER_UPDATE_FIELDS)


def asks_for_update(data: bytes) -> bool:
    """Whether the program that opens this .docx is to fill in its fields. False for what is no document."""
    try:
        switch = open_package(data).settings.element.find(qn("w:updateFields"))
    except UnreadableWorkbook:
        return False
    return switch is not None and switch.get(qn("w:val"), "1") not in ("0", "false", "off")
