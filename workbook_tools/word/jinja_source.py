"""Tags as Word and its users left them, made into the source of a Jinja template.

A tag may be split over runs by spelling marks and formatting, or be typed with a Chinese keyboard (｛｛ 项目名称 ｝｝). A tag
that begins with a letter for an element stands for that element and takes its place: ``{%p if … %}`` for its paragraph,
``{%tr for … %}`` for its table row, ``{%tc … %}`` for its cell, ``{%r … %}`` for its run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import unescape

from docx.oxml.section import CT_SectPr
from docx.oxml.text.paragraph import CT_P
from lxml import etree
from lxml.etree import _Element as Element

from workbook_tools.word.elements import make_element, qn, remove
from workbook_tools.word.schema_order import set_property

_TAG = re.compile(r"[{｛][{｛].*?[}｝][}｝]|[{｛][%％].*?[%％][}｝]|\{#.*?#\}")
"""{{ 名称 }}, ｛％ if 目录 ％｝, {# 说明 #}."""
_CHINESE = str.maketrans("｛｝％｜。．　＋－＝＞＜（），“”‘’", "{}%|.. +-=><(),\"\"''")
_QUOTED = re.compile(r"(\"[^\"]*\"|“[^”]*”)")
_INSTEAD = re.compile(r"\{([%#])(tr|tc|p|r)(\s.*?[%#]\})")
"""{%tr for … %}: a tag that stands for the row in which it is written."""
_ELEMENTS = ("tr", "tc", "p", "r")
"""From the outermost: the tag of a row may stand in a paragraph with others."""
_TAG_IN_TEXT = re.compile(r"\{[{%#][^<]*?[}%#]\}")
"""In XML, where ``<`` is written ``&lt;``."""
_SOURCE = "jinja"
"""The name of what holds source between elements until all is text: ``<?jinja {% if 目录 %}?>``."""
_SOURCE_IN_XML = re.compile(rf"<\?{_SOURCE} (.*?)\?>", re.DOTALL)


def make_jinja_source(root: Element) -> str:
    """The source of a part, which is changed on the way. Each paragraph starts a line: an error's line tells its place."""
    for paragraph in root.iter(qn("w:p")):
        _make_whole(paragraph)
    for kind in _ELEMENTS:
        _put_instead(root, kind)
    for text in root.iter(qn("w:t")):
        text.text = (text.text or "").replace("\n", " ")
    for paragraph in list(root.iter(qn("w:p"))):
        paragraph.addprevious(etree.ProcessingInstruction(_SOURCE, "\n"))
    xml = _TAG_IN_TEXT.sub(lambda tag: unescape(tag[0], {"&quot;": '"'}), etree.tostring(root, encoding="unicode"))
    return _SOURCE_IN_XML.sub(r"\1", xml)


def _own_texts(paragraph: Element) -> Iterator[Element]:
    """The texts of a paragraph, without those of the text boxes in it."""
    for text in paragraph.iter(qn("w:t")):
        if next(text.iterancestors(qn("w:p"))) is paragraph:
            yield text


def _make_whole(paragraph: Element) -> None:
    """Each tag into the run in which it begins, in plain signs."""
    pieces = [(text, text.text) for text in _own_texts(paragraph) if text.text]
    whole = "".join(content for _, content in pieces)
    if not (tags := [(tag.span(), _plain(tag[0])) for tag in _TAG.finditer(whole)]):
        return
    start = 0
    for text, content in pieces:
        end, place, kept = start + len(content), start, ""
        for (first, last), tag in tags:
            if first < end and last > start:
                kept += whole[place : max(first, place)] + (tag if first >= start else "")
                place = min(last, end)
        text.text = kept + whole[place:end]
        text.set(qn("xml:space"), "preserve")
        start = end


def _plain(tag: str) -> str:
    """What stands in quotes stays as it is, but for the quotes."""
    parts = _QUOTED.split(tag)
    parts[::2] = [part.translate(_CHINESE) for part in parts[::2]]
    parts[1::2] = [f'"{part[1:-1]}"' for part in parts[1::2]]
    return "".join(parts)


def _put_instead(root: Element, kind: str) -> None:
    """Replace the elements of that kind by the tags in them that stand for them."""
    tags: dict[Element, str] = {}
    for text in root.iter(qn("w:t")):
        element = next(text.iterancestors(qn(f"w:{kind}")), None)
        for sign, letters, rest in _INSTEAD.findall(text.text or ""):
            if letters == kind and element is not None:
                tags[element] = tags.get(element, "") + f"{{{sign}{rest}"
    for element, tag in tags.items():
        _keep_section(element)
        element.addprevious(etree.ProcessingInstruction(_SOURCE, tag))
        remove(element)


def _keep_section(element: Element) -> None:
    """LibreOffice deletes an empty last line of a section: what ends there gets a line of its own, as low as can be."""
    section = element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
    if isinstance(section, CT_SectPr):
        line = make_element("w:p", CT_P)
        set_property(line.get_or_add_pPr(), "spacing", before=0, after=0, line=20, lineRule="exact")
        line.set_sectPr(section)
        element.addnext(line)
