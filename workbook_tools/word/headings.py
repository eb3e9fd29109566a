"""Which paragraphs are headings, and of what level: by their style, the styles it is based on, or their own setting."""

from __future__ import annotations

import re

from docx.oxml.text.paragraph import CT_P
from docx.styles.styles import Styles
from lxml.etree import _Element as Element

from workbook_tools.word.elements import qn

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_BODY_TEXT = 10
"""Word's outline level 9, counted from 0, means body text."""


def read_heading_levels(styles: Styles) -> dict[str, int]:
    """Levels (1 is the highest) by the id of the style. A style has that of its base unless it says otherwise."""
    own: dict[str, int] = {}
    bases: dict[str, str] = {}
    for style in styles.element.style_lst:
        key, named = style.styleId or "", _HEADING.fullmatch(style.name_val or "")
        level = int(named[1]) if named else _outline_level(style)
        if level is not None:
            own[key] = level
        elif style.basedOn is not None:
            bases[key] = style.basedOn.get(qn("w:val"), "")
    while bases:  # each style is looked at once, however long the chains are
        key, base = bases.popitem()
        chain = [key]
        while base in bases:
            chain.append(base)
            base = bases.pop(base)
        if base in own:
            own |= dict.fromkeys(chain, own[base])
    return own


def find_heading_level(paragraph: CT_P, levels: dict[str, int]) -> int | None:
    """Level of a heading, 1 to 9; None for body text."""
    level = _outline_level(paragraph)
    if level is None:
        style = _find_setting(paragraph, "w:pStyle")
        level = None if style is None else levels.get(style.get(qn("w:val"), ""))
    return level if level is not None and level < _BODY_TEXT else None


def _outline_level(element: Element) -> int | None:
    """The element's own setting, which python-docx has no words for."""
    mark = _find_setting(element, "w:outlineLvl")
    value = "" if mark is None else mark.get(qn("w:val"), "")
    return int(value) + 1 if value.isdecimal() else None


def _find_setting(element: Element, name: str) -> Element | None:
    """A property of a paragraph or a style; python-docx's own way takes ten times as long, a path three times."""
    for properties in element.iterchildren(qn("w:pPr")):
        for found in properties.iterchildren(qn(name)):
            return found
    return None
