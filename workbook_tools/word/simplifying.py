"""A document from outside, brought down to what python-docx walks: paragraphs of runs, tables of rows of cells.

python-docx passes over what stands in content controls, text boxes, links, fields, ruby text, formulas and insertions under
revision, and reads what is hidden or deleted. The reports of today hold figures in all of these. What a reader of the page
sees stays here, in its order; everything else goes, and so does what is around it. Of what is hidden the text stays in its run, which
says so (:mod:`workbook_tools.word.marked_runs`).
"""

from __future__ import annotations

from docx.oxml.ns import nsmap, qn
from lxml import etree
from lxml.etree import _Element as Element

from workbook_tools.files.package import ambiguous
from workbook_tools.word.elements import remove, unwrap
from workbook_tools.word.marked_runs import HIDDEN
from workbook_tools.word.revisions import accept_changes

_MAX_SPAN = 63
"""Columns of a table, as Word limits them; more is no layout but an attack on memory."""
_KNOWN = frozenset(
    qn(f"w:{name}")
    for name in (
        "document",
        "body",
        "p",
        "pPr",
        "pStyle",
        "outlineLvl",
        "r",
        "t",
        "tab",
        "br",
        "cr",
        "noBreakHyphen",
        "tbl",
        "tr",
        "trPr",
        "gridBefore",
        "tc",
        "tcPr",
        "gridSpan",
        "vMerge",
    )
)
"""What is left in the end."""
_UNSEEN = (qn("w:rt"), qn("w:rPr"), qn("w:tblPr"), qn("w:tblGrid"), qn("w:sectPr"), qn("w:tabs"))
"""The small print over ruby text, and settings without a meaning for what is said."""
_MATH = ("http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math")
_VERSIONS, _FIRST_VERSION, _SECOND_VERSION = (
    f"{{http://schemas.openxmlformats.org/markup-compatibility/2006}}{name}"
    for name in ("AlternateContent", "Choice", "Fallback")
)
"""Of a text box; the second is for older programs."""
_SYMBOLS = {
    **dict.fromkeys(("F0FE", "F052"), "☑"),
    **dict.fromkeys(("F0FC", "F050"), "√"),
    **dict.fromkeys(("F0FD", "F054"), "☒"),
    **dict.fromkeys(("F0A8", "F0A3", "F06F", "F071"), "□"),
}
"""Check boxes and ticks of the fonts Wingdings and Wingdings 2."""
_MAX_DIGITS = 9

_WORD = f"{{{nsmap['w']}}}"
_HOLDERS = frozenset(
    qn(f"w:{name}")
    for name in (
        "document",
        "body",
        "tbl",
        "tr",
        "tc",
        "p",
        "r",
        "sdt",
        "sdtContent",
        "customXml",
        "smartTag",
        "hyperlink",
        "fldSimple",
        "ins",
        "del",
        "moveTo",
        "moveFrom",
        "ruby",
        "rubyBase",
        "rt",
        "bdo",
        "dir",
        "drawing",
        "pict",
        "object",
        "txbxContent",
        "background",
    )
)
"""What text may stand in; all else of Word's own are settings."""
_PARENTS = {
    qn(f"w:{name}"): {qn(f"w:{parent}") for parent in parents.split()}
    for name, parents in {"tbl": "body tc", "tr": "tbl", "tc": "tr", "p": "body tc", "r": "p", "t": "r"}.items()
}
"""Where tables, paragraphs and texts stand in the end."""


def simplify(root: Element) -> None:
    """In place. Raises UnreadableWorkbook FILE32 for text where no text can be: some programs show it, others do not."""
    holders = {above.tag for text in root.iter(qn("w:t")) for above in text.iterancestors(f"{_WORD}*")}
    if not holders <= _HOLDERS or len(root.findall(qn("w:body"))) > 1:
        raise ambiguous("设置里夹有文字")
    _check_versions(root)
    etree.strip_elements(root, _SECOND_VERSION, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    accept_changes(root)
    _drop_hidden(root)
    _free_text_boxes(root)
    etree.strip_elements(root, *_UNSEEN)
    _write_signs(root)
    _limit_spans(root)
    etree.strip_tags(root, *({element.tag for element in root.iter()} - _KNOWN))
    for run in list(root.iterfind(f".//{qn('w:r')}/{qn('w:r')}")):  # of ruby text
        unwrap(run)
    for piece in root.iter(*_PARENTS):
        above = piece.getparent()
        if above is None or above.tag not in _PARENTS[str(piece.tag)] or (len(piece) and piece.tag == qn("w:t")):
            raise ambiguous(f"文档里有不该在那里的 {etree.QName(piece).localname}")
    if any(mark.get(qn("w:val"), "continue") not in ("restart", "continue") for mark in root.iter(qn("w:vMerge"))):
        raise ambiguous("合并单元格的写法不是每个程序都认")


def _check_versions(root: Element) -> None:
    """Raises FILE32 where it is not plain which version counts: one for older programs alone, or several for newer ones."""
    for version in root.iter(_FIRST_VERSION, _SECOND_VERSION):
        above = version.getparent()
        if above is None or above.tag != _VERSIONS:
            raise ambiguous("文档里有不知给哪个版本的内容")
    for versions in root.iter(_VERSIONS):
        tags = [version.tag for version in versions if version.find(f".//{qn('w:t')}") is not None]
        if tags.count(_FIRST_VERSION) > 1 or tags.count(_SECOND_VERSION) > 1 or versions.find(_FIRST_VERSION) is None:
            raise ambiguous("同一处内容有不止一个版本")


def _drop_hidden(root: Element) -> None:
    """Boxes, and small print around a word, that are hidden; hidden text is left for what reads the runs."""
    for run in list(root.iter(qn("w:r"))):
        if run.get(HIDDEN) and (run.find(".//{*}txbxContent") is not None or _stands_in_run(run)):
            remove(run)


def _stands_in_run(run: Element) -> bool:
    """``<w:r><w:ruby><w:rubyBase><w:r>``"""
    above = next(run.iterancestors(qn("w:r"), qn("w:p")), None)
    return above is not None and above.tag == qn("w:r")


def _free_text_boxes(root: Element) -> None:
    """Their content follows the paragraph that they are anchored in. They are of another namespace in the "Strict" variant."""
    for box in reversed(list(root.iter("{*}txbxContent"))):  # the last and the innermost first
        paragraph = next(box.iterancestors(qn("w:p")), None)
        if paragraph is not None:
            for block in reversed(box):
                paragraph.addnext(block)


def _write_signs(root: Element) -> None:
    """Check boxes as text; every kind of break ends a line; the text of formulas is text."""
    for symbol in list(root.iter(qn("w:sym"))):
        symbol.text = _SYMBOLS.get(symbol.get(qn("w:char"), "").upper(), "")
        symbol.tag = qn("w:t")
    for break_ in root.iter(qn("w:br")):
        break_.attrib.clear()
    for name in ("r", "t"):
        for space in _MATH:
            for element in list(root.iter(f"{{{space}}}{name}")):
                element.tag = qn(f"w:{name}")


def _limit_spans(root: Element) -> None:
    for mark in list(root.iter(qn("w:gridSpan"), qn("w:gridBefore"))):
        digits = mark.get(qn("w:val"), "")
        if not digits.isdecimal() or len(digits) > _MAX_DIGITS or int(digits) == 0:
            remove(mark)
        else:
            mark.set(qn("w:val"), str(min(int(digits), _MAX_SPAN)))
