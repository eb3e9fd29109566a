"""Runs of a document that are struck out or white, and comments on them: noted on the runs before their formats go, and read
from there with the text."""

from __future__ import annotations

from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

_STRUCK, _WHITE, _COMMENT = "struck", "white", "comment"
"""Attributes that no file has on a run: Word's own are all of its namespace."""
_MARKS = (_STRUCK, _WHITE, _COMMENT)
_RUN, _PARAGRAPH, _FORMAT, _SHADE = (qn(f"w:{name}") for name in ("r", "p", "rPr", "shd"))
_TEXTS = tuple(qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "noBreakHyphen"))
"""What python-docx has a text for."""
_LINES = (qn("w:strike"), qn("w:dstrike"))
_OFF = ("0", "false", "off", "none")
_WHITES = ("FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC")
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
    for run in list(root.iter(_RUN)):  # a file may have such attributes too
        for name in _MARKS:
            if run.get(name) is not None:
                del run.attrib[name]
    for line in root.iter(*_LINES):
        if line.get(qn("w:val")) not in _OFF and (struck := _run_of_format(line)) is not None:
            struck.set(_STRUCK, "1")
    for colour in root.iter(qn("w:color")):
        white = _run_of_format(colour) if colour.get(qn("w:val"), "").upper() in _WHITES else None
        if white is not None and not _has_ground(white):
            white.set(_WHITE, "1")
    for reference in root.iter(qn("w:commentReference")):
        holder, text = reference.getparent(), comments.get(reference.get(qn("w:id"), ""))
        if holder is not None and text:
            holder.set(_COMMENT, text)


def _run_of_format(setting: Element) -> Element | None:
    """The run whose format this is a part of; the mark at the end of a paragraph has one too."""
    form = setting.getparent()
    run = None if form is None else form.getparent()
    return run if run is not None and run.tag == _RUN else None


def _has_ground(run: Element) -> bool:
    """Something else than paper is behind it, as far as the run, its paragraph and its cell say."""
    above = {element.tag: element for element in (run, *run.iterancestors(_PARAGRAPH, qn("w:tc")))}
    shades = (above[tag].find(f"{form}/{_SHADE}") for tag, form in _GROUNDS if tag in above)
    return any(shade is not None and shade.get(qn("w:fill")) not in _PAPER for shade in shades)


def read_marked_text(paragraph: Element) -> tuple[str, TextMarks]:
    """The text of a paragraph without what is struck out, and its marks; both without blanks around."""
    runs = [run for run in paragraph.iter(_RUN) if any(run.get(name) for name in _MARKS)]
    text = _join(paragraph)
    if not runs:
        return text.strip(), NO_MARKS
    struck = {run for run in runs if run.get(_STRUCK) and _join(run).strip()}
    left = "".join(_join(run) for run in paragraph.iter(_RUN) if run not in struck) if struck else text
    white = "".join(_join(run) for run in runs if run.get(_WHITE))
    comments = "\n".join(run.get(_COMMENT, "") for run in runs if run.get(_COMMENT))
    return left.strip(), TextMarks(text.strip() if struck else "", white.strip(), comments)


def _join(element: Element) -> str:
    """As python-docx's ``text``, which asks XPath of every run and takes three times as long."""
    return "".join(map(str, element.iter(*_TEXTS)))
