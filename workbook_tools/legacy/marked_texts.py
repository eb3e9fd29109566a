"""What of a file is struck out, seen by nobody, or said beside its cells (批注, 文本框): told at the form that it belongs to.

What is struck out is no answer. What is hidden is read, as it may be a column that somebody folded away; that nobody sees it is told.
What stands in a comment or a box alone is not read, as nobody can say of which cell it is the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby

from workbook_tools.excel.sheet_cells import HandmadeSheet, SheetCell
from workbook_tools.legacy.words.places import place_in_sheet, place_in_table, place_of_paragraph
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Where
from workbook_tools.word.reading import Document, DocumentCell, Paragraph

# Of a kind that are told one by one; a form of the budget system has an instruction in the comment of every cell.
_MOST_LISTED = 12
# The row of B7 and of 第5行第2格, the number of 第12段.
_ROW = re.compile(r"\d+")


class MarkKind(Enum):
    """What is the matter with a text."""

    STRUCK = auto()
    UNSEEN = auto()
    COMMENT = auto()
    BOX = auto()
    LEFT_OUT = auto()
    UNCOMPUTED = auto()


_FIELDS = {
    MarkKind.STRUCK: "画了删除线的内容",
    MarkKind.UNSEEN: "看不见的内容",
    MarkKind.COMMENT: "批注",
    MarkKind.BOX: "文本框",
    MarkKind.LEFT_OUT: "隐藏的文字",
    MarkKind.UNCOMPUTED: "公式",
}


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with a mark."""

    where: Where
    kind: MarkKind
    printed: str
    said: str = ""
    """Of what is struck out what is left; of what is not seen why."""
    alone: bool = False
    """The cell of a comment is blank."""

    @property
    def row(self) -> int:
        """By which it is ordered on its page."""
        found = _ROW.search(self.where.cell)
        return int(found[0]) if found else 0


def without_struck(sheet: HandmadeSheet) -> HandmadeSheet:
    """The sheet without what is struck out on it."""
    struck = sheet.marks.struck
    return (
        replace(sheet, cells=tuple(_cut(cell, struck.get((cell.row, cell.col))) for cell in sheet.cells))
        if struck
        else sheet
    )


def _cut(cell: SheetCell, left: str | None) -> SheetCell:
    return cell if left is None else replace(cell, value=left or None, shown=left)


def list_marks_of_sheets(sheets: Iterable[HandmadeSheet]) -> Iterator[MarkedText]:
    """The marks of sheets as they are in the file."""
    for sheet in sheets:
        marks = sheet.marks
        shown = {(cell.row, cell.col): cell.shown for cell in sheet.cells if cell.shown.strip()} if marks else {}
        for kind, said in ((MarkKind.STRUCK, marks.struck), (MarkKind.UNSEEN, marks.unseen)):
            for place, text in sorted(said.items()):
                yield MarkedText(place_in_sheet(sheet.title, *place), kind, shown.get(place, ""), text)
        beside = (
            (MarkKind.COMMENT, marks.comments),
            (MarkKind.BOX, marks.boxes),
            (MarkKind.LEFT_OUT, marks.left_out),
            (MarkKind.UNCOMPUTED, marks.uncomputed),
        )
        for kind, texts in beside:
            for place, text in sorted(texts.items()):
                yield MarkedText(place_in_sheet(sheet.title, *place), kind, text, alone=place not in shown)
        if sheet.hidden:
            yield MarkedText(Where(sheet.title), MarkKind.UNSEEN, sheet.title, "整张工作表隐藏了")


def list_marks_of_document(document: Document) -> Iterator[MarkedText]:
    """The marks of a Word document."""
    for block in (*document.blocks, *document.beside):
        if isinstance(block, Paragraph):
            yield from _list_marks(block, place_of_paragraph(block.number))
        else:
            for cell in block.cells:
                yield from _list_marks(cell, place_in_table(block.number, cell.row, cell.col))


def _list_marks(one: Paragraph | DocumentCell, where: Where) -> Iterator[MarkedText]:
    marks = one.marks
    if marks.written:
        yield MarkedText(where, MarkKind.STRUCK, marks.written, one.text)
    if marks.unseen:
        yield MarkedText(where, MarkKind.UNSEEN, marks.unseen, "文字是白色的")
    if marks.comment:
        yield MarkedText(where, MarkKind.COMMENT, marks.comment, alone=not one.text)
    if marks.hidden:
        yield MarkedText(where, MarkKind.LEFT_OUT, marks.hidden)


def tell_marks(forms: Sequence[HandmadeForm], marks: Iterable[MarkedText]) -> None:
    """Add to each form what is marked on its pages; of what is in no form nothing is told here."""
    pages = {where.sheet for form in forms for where in form.places}
    by_owner: dict[int, list[MarkedText]] = {}
    for mark in marks:
        if mark.where.sheet in pages and (owner := _find_owner(forms, mark)) is not None:
            by_owner.setdefault(owner, []).append(mark)
    for number, own in by_owner.items():
        form = forms[number]
        for kind in MarkKind:
            told = [*_tell(form, [mark for mark in own if mark.kind is kind])]
            form.remarks += told[:_MOST_LISTED]
            if len(told) > _MOST_LISTED:
                last = told[_MOST_LISTED]
                rest = (
                    f"{last.printed}，另外还有{len(told) - _MOST_LISTED - 1}处"
                    if told[_MOST_LISTED + 1 :]
                    else last.printed
                )
                form.remarks.append(replace(last, printed=rest))


def _find_owner(forms: Sequence[HandmadeForm], mark: MarkedText) -> int | None:
    """The form that the cell is in; of what it has taken nothing from, the one that begins above it on the page. What is
    in no form is not read, seen or not."""
    for number, form in enumerate(forms):
        if mark.where in form.places:
            return number
    if mark.kind is MarkKind.UNSEEN and mark.where.cell:
        return None
    found: int | None = None
    for number, form in enumerate(forms):
        rows = [MarkedText(where, mark.kind, "").row for where in form.places if where.sheet == mark.where.sheet]
        if rows and (found is None or min(rows) <= mark.row):
            found = number
    return found


def _tell(form: HandmadeForm, marks: Sequence[MarkedText]) -> Iterator[Remark]:
    """What is told of marks of one kind: once for what is struck out in a row, and for what is not seen for one reason."""
    if not marks:
        return
    kind = marks[0].kind
    field = _FIELDS[kind]
    match kind:
        case MarkKind.STRUCK:
            form.cells_filled += sum(not mark.said for mark in marks)
            form.cells_understood += sum(not mark.said for mark in marks)
            for (_, left, _), group in groupby(
                marks, lambda mark: (mark.row, mark.said, bool(mark.said) and mark.where)
            ):
                yield _doubt(field, [*group], f"{left}（其余画了删除线）" if left else "没有填（画了删除线）")
        case MarkKind.UNSEEN:
            for why in dict.fromkeys(mark.said for mark in marks):
                own = [mark for mark in marks if mark.said == why]
                yield Remark(concern=Concern.UNSEEN, where=own[0].where, field=field, printed=_join(own), taken=why)
        case MarkKind.UNCOMPUTED:
            for mark in marks:
                yield _doubt(field, [mark], "没有填（公式没有算出的结果，请打开、保存一次再报送）")
        case MarkKind.COMMENT | MarkKind.BOX | MarkKind.LEFT_OUT:
            form.cells_filled += len(marks)
            for mark in marks:
                if mark.alone and any(map(str.isdigit, mark.printed)) and kind is MarkKind.COMMENT:
                    yield _doubt(field, [mark], "没有填（只写在批注里）")
                else:
                    yield Remark(concern=Concern.UNKNOWN, where=mark.where, field=field, printed=mark.printed)


def _doubt(field: str, marks: Sequence[MarkedText], taken: str) -> Remark:
    printed = _join(marks)
    return Remark(
        concern=Concern.AMBIGUOUS, where=marks[0].where, field=field, printed=printed, taken=taken, other=printed
    )


def _join(marks: Sequence[MarkedText]) -> str:
    return "、".join(mark.printed for mark in marks if mark.printed)
