"""What the styles of a document hide, strike out or write in white: by themselves or by what they are based on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from workbook_tools.excel.cell_looks import WHITE, is_illegible
from workbook_tools.word.elements import qn

_OFF = ("0", "false", "off", "none")
WHITES = ("FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC")
_RUN_FORMAT, _PARAGRAPH_FORMAT, _CELL_FORMAT = (qn(f"w:{name}") for name in ("rPr", "pPr", "tcPr"))
_LINES, _HIDING, _COLOUR = (qn("w:strike"), qn("w:dstrike")), qn("w:vanish"), qn("w:color")
_SHADE, _MARKER = qn("w:shd"), qn("w:highlight")
_KEY, _KIND, _VALUE, _FILL = (qn(f"w:{name}") for name in ("styleId", "type", "val", "fill"))


@dataclass(frozen=True, slots=True)
class TextLook:
    """What a run or a style says of its text; ``None`` of what it leaves as it is."""

    struck: bool | None = None
    hidden: bool | None = None
    white: bool | None = None
    has_ground: bool | None = None
    """Something else than paper is behind it."""

    def over(self, other: TextLook) -> TextLook:
        """This look where it says something, else the other."""
        return TextLook(
            other.struck if self.struck is None else self.struck,
            other.hidden if self.hidden is None else self.hidden,
            other.white if self.white is None else self.white,
            other.has_ground if self.has_ground is None else self.has_ground,
        )


NO_LOOK = TextLook()


@dataclass(frozen=True, slots=True)
class StyleLooks:
    """The styles that say something, by their ids; a paragraph without one is taken as plain."""

    characters: dict[str, TextLook] = field(default_factory=dict)
    paragraphs: dict[str, TextLook] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()
    """Those that have a ground on which white is read, be it under their first row alone."""


def read_style_looks(styles: Element | None) -> StyleLooks:
    """What the part of styles says; nothing where there is none."""
    own: dict[str, dict[str, TextLook]] = {"character": {}, "paragraph": {}}
    bases: dict[str, str] = {}
    tables: set[str] = set()
    for style in () if styles is None else styles.iterchildren(qn("w:style")):
        key, kind = style.get(_KEY, ""), style.get(_KIND, "")
        if kind in own:
            own[kind][key] = _read_style(style)
        elif kind == "table" and any(map(_is_dark, style.iter(_SHADE))):
            tables.add(key)
        base = style.find(qn("w:basedOn"))
        if base is not None:
            bases[key] = base.get(_VALUE, "")
    for key in bases:
        if not tables.isdisjoint(_list_bases(key, bases)):
            tables.add(key)
    found = ({key: _inherit(key, looks, bases) for key in looks} for looks in own.values())
    characters, paragraphs = ({key: look for key, look in looks.items() if look != NO_LOOK} for looks in found)
    return StyleLooks(characters, paragraphs, frozenset(tables))


def read_run_look(run: Element) -> TextLook:
    """What the format of a run says itself."""
    form = run.find(_RUN_FORMAT)
    return NO_LOOK if form is None else _read_format(form)


def combine_looks(run: TextLook, character: TextLook, paragraph: TextLook) -> TextLook:
    """How a run looks in the end: a style of characters turns off what the style of the paragraph turns on too (ISO 29500-1,
    17.7.3), and what the run says itself counts."""
    toggled = TextLook(
        bool(character.struck) != bool(paragraph.struck), bool(character.hidden) != bool(paragraph.hidden)
    )
    return run.over(toggled).over(character).over(paragraph)


def is_paper(shade: Element) -> bool:
    """A shading that leaves white behind the text."""
    return shade.get(_FILL, "auto").upper() in ("AUTO", *WHITES)


def _read_style(style: Element) -> TextLook:
    form, paragraph = style.find(_RUN_FORMAT), style.find(_PARAGRAPH_FORMAT)
    look = NO_LOOK if form is None else _read_format(form)
    shade = None if paragraph is None else paragraph.find(_SHADE)
    return look if shade is None else look.over(TextLook(has_ground=not is_paper(shade)))


def _read_format(form: Element) -> TextLook:
    lines = list(form.iterchildren(*_LINES))
    hiding, colour = form.find(_HIDING), form.find(_COLOUR)
    grounds = list(form.iterchildren(_SHADE, _MARKER))
    return TextLook(
        any(map(_is_on, lines)) if lines else None,
        None if hiding is None else _is_on(hiding),
        None if colour is None else colour.get(_VALUE, "").upper() in WHITES,
        any(map(_covers, grounds)) if grounds else None,
    )


def _is_on(setting: Element) -> bool:
    return setting.get(_VALUE) not in _OFF


def _covers(ground: Element) -> bool:
    return not is_paper(ground) if ground.tag == _SHADE else ground.get(_VALUE) not in ("none", "white")


def _is_dark(shade: Element) -> bool:
    """White is read on it."""
    fill = shade.get(_FILL, "auto").upper()
    return fill != "AUTO" and len(fill) == len(WHITE) and not is_illegible(WHITE, (fill,))


def _inherit(key: str, looks: dict[str, TextLook], bases: dict[str, str]) -> TextLook:
    found = NO_LOOK
    for one in _list_bases(key, bases):
        found = found.over(looks.get(one, NO_LOOK))
    return found


_MOST_BASES = 20
"""Styles that stand on each other; Word allows ten."""


def _list_bases(key: str, bases: dict[str, str]) -> Iterator[str]:
    """A style, what it is based on, and so on."""
    for _ in range(_MOST_BASES):
        yield key
        if key not in bases:
            return
        key = bases[key]
