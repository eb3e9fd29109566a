"""Texts of several formats in one cell: what is written in a colour or size of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from workbook_tools.excel.cell_looks import CellLook, Colours, is_illegible, read_font
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


def may_be_rich(xml: bytes) -> bool:
    """A text in the part may have several formats."""
    return b"rPr" in xml


def find_rich_texts(xml: bytes, colours: Colours) -> RichTexts:
    """The texts of a part (shared strings, or a sheet with texts in its cells) that have several formats; mostly none has."""
    found: dict[str, Sequence[RichRun]] = {}
    for item in parse_xml(xml).iter("{*}si", "{*}is"):
        runs = [run for part in item.iterfind("{*}r") if (run := _read_run(part, colours))]
        if runs:
            found[squeeze(join_runs(item, f"{{{etree.QName(item).namespace}}}"))] = runs
    return found


def _read_run(part: etree._Element, colours: Colours) -> RichRun | None:
    text, properties = "".join(one.text or "" for one in part.iterfind("{*}t")), part.find("{*}rPr")
    return RichRun(text, *read_font(properties, colours)) if text.strip() and properties is not None else None


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
