"""Texts of several formats in one cell: what is written in a colour or size of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from workbook_tools.excel.cell_looks import CellLook, Colours, is_dark, is_illegible, is_struck, read_font
from workbook_tools.excel.sheet_grammar import join_runs
from workbook_tools.files.package import parse_xml

RichTexts = dict[str, Sequence["RichRun"]]
"""Text without blanks → its runs with a format of their own."""


@dataclass(frozen=True, slots=True)
class RichRun:
    """A part of a text."""

    text: str
    ink: str
    flaw: str
    """Why nobody reads it, whatever is behind it; mostly nothing."""
    struck: bool


_TAG, _ZERO = b"rPr", b"\0"
_FORMATS = re.compile(rb"<rPr>(.*?)</rPr>", re.DOTALL)
"""As programs write the format of a run: ``<rPr><color rgb="FF1F1F1F"/><sz val="11"/></rPr>``."""


class RichParts:
    """The parts of a workbook that hold texts of several formats: shared strings, or a sheet with texts in its cells."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._texts: dict[str, Sequence[RichRun]] = {}
        self._read = self._looked_at = 0
        """So many of the parts."""
        self._faint = False

    def add(self, xml: bytes) -> None:
        """Take a part, if there may be such a text in it; XML with zeros is UTF-16."""
        if _TAG in xml or _ZERO in xml:
            self._parts.append(xml)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def find(self, colours: Colours) -> RichTexts:
        """All of them."""
        for xml in self._parts[self._read :]:
            self._texts |= _find_rich_texts(xml, colours)
        self._read = len(self._parts)
        return self._texts

    def may_be_faint(self, colours: Colours) -> bool:
        """A part of one may not be read on a light ground, or is struck out."""
        self._faint = self._faint or any(_may_be_faint(xml, colours) for xml in self._parts[self._looked_at :])
        self._looked_at = len(self._parts)
        return self._faint


def _may_be_faint(xml: bytes, colours: Colours) -> bool:
    """A part of a text may be in a format that is not read on a light ground, or strikes it out. Nobody knows of formats that are written in an unusual way.

    LibreOffice writes most texts in several runs, all in the ink of their cell.
    """
    formats = _FORMATS.findall(xml)
    if _ZERO in xml or xml.count(_TAG) != 2 * len(formats):
        return True
    return not all(_is_plain(one, colours) for one in set(formats))


@lru_cache(maxsize=1024)
def _is_plain(written: bytes, colours: Colours) -> bool:
    try:
        properties = parse_xml(b"<rPr>" + written + b"</rPr>")
        ink, flaw = read_font(properties, colours)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return not flaw and not is_struck(properties) and is_dark(ink)


def _find_rich_texts(xml: bytes, colours: Colours) -> RichTexts:
    """The texts of a part that have several formats."""
    found: dict[str, Sequence[RichRun]] = {}
    for item in parse_xml(xml).iter("{*}si", "{*}is"):
        runs = [run for part in item.iterfind("{*}r") if (run := _read_run(part, colours))]
        if runs:
            found[squeeze(join_runs(item, f"{{{etree.QName(item).namespace}}}"))] = runs
    return found


def _read_run(part: etree._Element, colours: Colours) -> RichRun | None:
    text, properties = "".join(one.text or "" for one in part.iterfind("{*}t")), part.find("{*}rPr")
    if properties is None or not text.strip():
        return None
    return RichRun(text, *read_font(properties, colours), is_struck(properties))


def squeeze(text: str) -> str:
    """The text without blanks: programs keep or drop those at its ends."""
    return "".join(text.split())


def find_hidden_run(text: object, texts: RichTexts, look: CellLook) -> str:
    """Of a text in a cell of that look what is not seen of it, and why; blank where all is."""
    for run in texts.get(squeeze(text), ()) if texts and isinstance(text, str) else ():
        why = run.flaw or ("与底色分不清" if is_illegible(run.ink, look.grounds) else "")
        if why:
            return f"其中“{run.text[:20]}”{why}"
    return ""


def find_strokes(value: object, texts: RichTexts, look: CellLook) -> str:
    """What is drawn through a cell of that look or through a part of its text; blank where nothing is, or it is empty."""
    if look.struck:
        return "" if value in (None, "") else look.struck
    runs = texts.get(squeeze(value), ()) if texts and isinstance(value, str) else ()
    struck = next((run.text for run in runs if run.struck), "")
    return f"其中“{struck[:20]}”画了删除线" if struck else ""


def cut_struck_runs(text: str, texts: RichTexts, *, is_struck: bool) -> str:
    """What is left of a text without what is struck out of it. Runs without a format of their own have that of the cell, which strikes them
    out or does not."""
    runs = texts.get(squeeze(text), ()) if texts else ()
    if not is_struck and not any(run.struck for run in runs):
        return text
    kept: list[str] = []
    rest = text
    for run in runs:
        before, found, rest_behind = rest.partition(run.text.strip())
        if found:
            kept += ["" if is_struck else before, "" if run.struck else found]
            rest = rest_behind
    return "".join([*kept, "" if is_struck else rest]).strip()
