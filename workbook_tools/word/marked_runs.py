"""Runs of a document that are struck out, white or hidden, by themselves or by their styles, and comments on them: noted on the
runs before their formats go, and read from there with the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from docx.oxml.ns import nsmap, qn
from lxml.etree import XPath
from lxml.etree import _Element as Element

from workbook_tools.word.style_looks import NO_LOOK, WHITES, StyleLooks, combine_looks, is_paper, read_run_look

_STRUCK, _WHITE, HIDDEN, _COMMENT, _MARKED = "struck", "white", "hidden", "comment", "marked"
"""Attributes of runs, and of paragraphs with such runs; Word's own are all of its namespace."""
_RUN, _PARAGRAPH, _FORMAT, _SHADE = (qn(f"w:{name}") for name in ("r", "p", "rPr", "shd"))
_TEXTS = tuple(qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "noBreakHyphen"))
"""What python-docx has a text for."""
_OF_RUN, _OF_PARAGRAPH, _OF_TABLE = (qn(f"w:{name}") for name in ("rStyle", "pStyle", "tblStyle"))
_VALUE = qn("w:val")
_INKS = " or ".join(f"@w:val={ink!r}" for white in WHITES for ink in (white, white.lower()))
_find_settings = XPath(
    f"//w:strike|//w:dstrike|//w:vanish|//w:commentReference|//w:color[{_INKS}]",
    namespaces={"w": nsmap["w"]},
)
_GROUNDS = (
    (_PARAGRAPH, qn("w:pPr")),
    (qn("w:tc"), qn("w:tcPr")),
    (qn("w:tbl"), qn("w:tblPr")),
)
"""What beside a run may have a ground of its own, and where it says so."""
_OF_FIELDS = re.compile(r"\s*(?:窗体(?:顶|底)端|(?:Top|Bottom) of Form)\s*")
"""窗体底端: Word writes it, hidden, where something was copied from a web page."""


@dataclass(frozen=True, slots=True)
class TextMarks:
    """What is to be said of a text beside what it says."""

    written: str = ""
    """All of it that can be seen, where a part is struck out, which its text leaves out."""
    unseen: str = ""
    """What of it is white."""
    comment: str = ""
    hidden: str = ""
    """What stands there and is not shown; its text leaves it out."""


NO_MARKS = TextMarks()


def mark_runs(root: Element, comments: dict[str, str], looks: StyleLooks) -> None:
    """Note on each run whether it is struck out, white or hidden, and the comment that ends there; ``comments`` are by their ids."""
    reference = qn("w:commentReference")
    runs: dict[Element, None] = dict.fromkeys(_list_styled_runs(root, looks))
    for setting in cast("list[Element]", _find_settings(root)):
        run = _run_of_format(setting)
        if run is None:
            continue
        if setting.tag != reference:
            runs[run] = None
        elif text := comments.get(setting.get(qn("w:id"), "")):
            _note(run, _COMMENT, text)
    for run in runs:
        _note_look(run, looks)


def _list_styled_runs(root: Element, looks: StyleLooks) -> Iterator[Element]:
    """The runs of which a style says something."""
    if looks.characters:
        for style in root.iter(_OF_RUN):
            if style.get(_VALUE) in looks.characters and (run := _run_of_format(style)) is not None:
                yield run
    if looks.paragraphs:
        for style in root.iter(_OF_PARAGRAPH):
            paragraph = next(style.iterancestors(_PARAGRAPH), None)
            if style.get(_VALUE) in looks.paragraphs and paragraph is not None:
                yield from (run for run in paragraph.iter(_RUN) if _paragraph_of(run) is paragraph)


def _note_look(run: Element, looks: StyleLooks) -> None:
    paragraph = _paragraph_of(run)
    by_run = looks.characters.get(_find_style(run, _FORMAT, _OF_RUN), NO_LOOK)
    by_paragraph = NO_LOOK
    if paragraph is not None:
        by_paragraph = looks.paragraphs.get(_find_style(paragraph, qn("w:pPr"), _OF_PARAGRAPH), NO_LOOK)
    look = combine_looks(read_run_look(run), by_run, by_paragraph)
    if look.hidden:
        _note(run, HIDDEN, "1")
        return
    if look.struck:
        _note(run, _STRUCK, "1")
    if look.white and not look.has_ground and not _has_ground(run, looks):
        _note(run, _WHITE, "1")


def _paragraph_of(run: Element) -> Element | None:
    return next(run.iterancestors(_PARAGRAPH), None)


def _find_style(element: Element, form: str, kind: str) -> str:
    style = element.find(f"{form}/{kind}")
    return "" if style is None else style.get(_VALUE, "")


def _note(run: Element, name: str, text: str) -> None:
    run.set(name, text)
    if (paragraph := _paragraph_of(run)) is not None:
        paragraph.set(_MARKED, "1")


def _run_of_format(setting: Element) -> Element | None:
    """The run that this is about, mostly as a part of its format; the mark at the end of a paragraph has one too."""
    above = setting.getparent()
    run = above if above is None or above.tag == _RUN else above.getparent()
    return run if run is not None and run.tag == _RUN else None


def _has_ground(run: Element, looks: StyleLooks) -> bool:
    """Something else than paper is behind it, as far as its paragraph, its cell and its table say."""
    above = {element.tag: element for element in reversed([*run.iterancestors(*(tag for tag, _ in _GROUNDS))])}
    shades = (above[tag].find(f"{form}/{_SHADE}") for tag, form in _GROUNDS if tag in above)
    if any(shade is not None and not is_paper(shade) for shade in shades):
        return True
    table, form = _GROUNDS[-1]
    return table in above and _find_style(above[table], form, _OF_TABLE) in looks.tables


def read_marked_text(paragraph: Element) -> tuple[str, TextMarks]:
    """The text of a paragraph without what is struck out or hidden, and its marks; all without blanks around."""
    if paragraph.get(_MARKED) is None:
        return _join(paragraph).strip(), NO_MARKS
    runs = [*paragraph.iter(_RUN)]
    hidden = {run for run in runs if run.get(HIDDEN)}
    struck = {run for run in runs if run.get(_STRUCK) and _join(run).strip()}
    text = "".join(_join(run) for run in runs if run not in hidden) if hidden else _join(paragraph)
    left = "".join(_join(run) for run in runs if run not in hidden and run not in struck) if struck else text
    white = "".join(_join(run) for run in runs if run.get(_WHITE))
    away = "".join(_join(run) for run in runs if run in hidden)
    comments = "\n".join(run.get(_COMMENT, "") for run in runs if run.get(_COMMENT))
    return left.strip(), TextMarks(
        text.strip() if struck else "", white.strip(), comments, "" if _OF_FIELDS.fullmatch(away) else away.strip()
    )


def _join(element: Element) -> str:
    """As python-docx's ``text``, which asks XPath of every run and takes three times as long."""
    return "".join(map(str, element.iter(*_TEXTS)))
