"""Changes under revision, accepted: what was inserted stays, what was deleted goes. python-docx knows no revisions."""

from __future__ import annotations

from lxml.etree import _Element as Element

from workbook_tools.word.elements import qn, remove, unwrap

_INSERTED = tuple(qn(f"w:{name}") for name in ("ins", "moveTo"))
_DELETED = tuple(
    qn(f"w:{name}")
    for name in (
        "del",
        "moveFrom",
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblGridChange",
        "trPrChange",
        "tcPrChange",
        "tblPrExChange",
        "numberingChange",
        "cellIns",
        "cellDel",
        "cellMerge",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
    )
)
"""Deletions, and notes of how something was before."""
_DELETED_ROW = f"{qn('w:trPr')}/{qn('w:del')}"
_DELETED_END = f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}"


def accept_changes(root: Element) -> None:
    """In place, as Word would on 接受所有修订."""
    for row in list(root.iter(qn("w:tr"))):
        if row.find(_DELETED_ROW) is not None:
            remove(row)
    for paragraph in list(root.iter(qn("w:p"))):
        if paragraph.find(_DELETED_END) is not None:
            _join_with_next(paragraph)
    for element in list(root.iter(*_DELETED)):
        remove(element)
    for element in list(root.iter(*_INSERTED)):
        unwrap(element)


def _join_with_next(paragraph: Element) -> None:
    """The end of this paragraph was deleted: what is left of it belongs to the next one."""
    following = paragraph.getnext()
    if following is None or following.tag != qn("w:p"):
        return
    place = 0 if following.find(qn("w:pPr")) is None else 1
    for child in reversed([child for child in paragraph if child.tag != qn("w:pPr")]):
        following.insert(place, child)
    remove(paragraph)
