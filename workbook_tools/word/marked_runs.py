"""Runs of a document that are struck out or white, and comments on them: noted on the runs before their formats go, and read
from there with the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from docx.oxml.ns import nsmap, qn
from lxml.etree import XPath
from lxml.etree import _Element as Element

_STRUCK, _WHITE, _COMMENT, _MARKED = "struck", "white", "comment", "marked"
"""Attributes of runs, and of paragraphs with such runs; Word's own are all of its namespace."""
_RUN, _PARAGRAPH, _FORMAT, _SHADE = (qn(f"w:{name}") for name in ("r", "p", "rPr", "shd"))
_TEXTS = tuple(qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "noBreakHyphen"))
"""What python-docx has a text for."""
_LINES, _COLOUR, _VALUE = (qn("w:strike"), qn("w:dstrike")), qn("w:color"), qn("w:val")
_OFF = ("0", "false", "off", "none")
_WHITES = ("FFFFFF", "ffffff", "FEFEFE", "FDFDFD", "FCFCFC")
_find_settings = XPath(
    f"//w:strike|//w:dstrike|//w:commentReference|//w:color[{' or '.join(f'@w:val={white!r}' for white in _WHITES)}]",
    namespaces={"w": nsmap["w"]},
)
_PAPER = (None, "auto", *_WHITES)
_GROUNDS = (
    (_RUN, _FORMAT),
    (_PARAGRAPH, qn("w:pPr")),
    (qn("w:tc"), qn("w:tcPr")),
)
"""What may have a ground of its own, and where it says so."""


@dataclass(frozen=True, slots=True)
class TextMarks:
    """What is to be said of a text beside what it says."""

    written: str = ""
    """All of it, where a part is struck out, which its text leaves out."""
    unseen: str = ""
    """What of it is white."""
    comment: str = ""


NO_MARKS = TextMarks()


def mark_runs(root: Element, comments: dict[str, str]) -> None:
    """Note on each run whether it is struck out or white, and the comment that ends there; ``comments`` are by their ids."""
    for setting in cast("list[Element]", _find_settings(root)):
        run = _run_of_format(setting)
        if run is None:
            continue
        if setting.tag in _LINES:
            if setting.get(_VALUE) not in _OFF:
                _note(run, _STRUCK, "1")
        elif setting.tag == _COLOUR:
            if not _has_ground(run):
                _note(run, _WHITE, "1")
        elif text := comments.get(setting.get(qn("w:id"), "")):
            _note(run, _COMMENT, text)


def _note(run: Element, name: str, text: str) -> None:
    run.set(name, text)
    if (paragraph := next(run.iterancestors(_PARAGRAPH), None)) is not None:
        paragraph.set(_MARKED, "1")


def _run_of_format(setting: Element) -> Element | None:
    """The run that this is about, mostly as a part of its format; the mark at the end of a paragraph has one too."""
    above = setting.getparent()
    run = above if above is None or above.tag == _RUN else above.getparent()
    return run if run is not None and run.tag == _RUN else None


def _has_ground(run: Element) -> bool:
    """Something else than paper is behind it, as far as the run, its paragraph and its cell say."""
    above = {element.tag: element for element in (run, *run.iterancestors(_PARAGRAPH, qn("w:tc")))}
    shades = (above[tag].find(f"{form}/{_SHADE}") for tag, form in _GROUNDS if tag in above)
    return any(shade is not None and shade.get(qn("w:fill")) not in _PAPER for shade in shades)


def read_marked_text(paragraph: Element) -> tuple[str, TextMarks]:
    """The text of a paragraph without what is struck out, and its marks; both without blanks around."""
    text = _join(paragraph)
    if paragraph.get(_MARKED) is None:
        return text.strip(), NO_MARKS
    runs = [*paragraph.iter(_RUN)]
    struck = {run for run in runs if run.get(_STRUCK) and _join(run).strip()}
    left = "".join(_join(run) for run in runs if run not in struck) if struck else text
    white = "".join(_join(run) for run in runs if run.get(_WHITE))
    comments = "\n".join(run.get(_COMMENT, "") for run in runs if run.get(_COMMENT))
    return left.strip(), TextMarks(text.strip() if struck else "", white.strip(), comments)


def _join(element: Element) -> str:
    """As python-docx's ``text``, which asks XPath of every run and takes three times as long."""
    return "".join(map(str, element.iter(*_TEXTS)))
