"""退回意见: the first sheet of a marked copy. It lists what is wrong in it, and the unit answers there to 提醒."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import ACCEPTED, REFUSED, Finding
from workbook_tools.core.questions import is_settled
from workbook_tools.excel.columns import Column, Link
from workbook_tools.excel.references import sheet_link
from workbook_tools.excel.styles import OK_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book, Sheet
from workbook_tools.form import asking, status
from workbook_tools.form.asking import Question
from workbook_tools.form.fields import Field
from workbook_tools.form.submission import Submission
from workbook_tools.results.facts import LEVEL_TINTS, name_level
from workbook_tools.returns.returned import Returned
from workbook_tools.word.text import one_line

_RED_TAB = "#C00000"
_ACCEPTED = "已接受"
"""Stands for 提醒 where finance has accepted what the unit said."""
_ROOM = 3
"""So many lines there are to answer in."""
_HINT = "写明情况、原因或依据，写一两句话即可；只写“无”不算说明。数字填错了的，直接改正，不用说明。"


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """A finding, with the copy's sheet (blank for none) and field where it stands, and as a question to the unit."""

    number: int
    row: Finding
    sheet: str
    spot: Field | None
    question: Question | None = None
    """None where it is to be put right, or needs nothing of the unit."""
    together: bool = False
    """A line above puts the same question."""

    @property
    def place(self) -> Link:
        """Where the trouble is, in words, with a link where there is such a sheet."""
        cell = self.spot.cell if self.spot else ""
        text = "!".join(part for part in (self.sheet or self.row.sheet, cell or self.row.cell) if part)
        return Link(text or "整个文件", sheet_link(self.sheet, cell) if self.sheet else "")

    @property
    def asks(self) -> bool:
        """The unit may answer in this line."""
        return self.question is not None and not self.together

    @property
    def level(self) -> str:
        """错误, 提醒, or that nothing more is asked."""
        accepted = is_settled(self.row) and self.row.ruling == ACCEPTED
        return _ACCEPTED if accepted else name_level(self.row)

    @property
    def answer(self) -> str:
        """What stands in the unit's cell: its answer so far, unless that is asked for anew."""
        if self.together:
            return asking.TOGETHER
        if self.question is None:
            return asking.CORRECT if self.row.severity is Severity.ERROR else ""
        return self.row.answer if self.row.is_answered else ""

    @property
    def advice(self) -> str:
        """What to do; and why an answer that was given is not enough."""
        row = self.row
        if row.ruling == REFUSED and row.answer:
            more = f"上次的说明“{row.answer}”，财政部门没有接受：{row.ruling_reason}。请重新说明。"
        elif row.ruling == REFUSED:
            more = f"财政部门请你单位说明：{row.ruling_reason}。"
        elif row.earlier_answer and not row.is_answered:
            more = f"上次的说明：“{row.earlier_answer}”。现在的内容与那时不同，请重新说明。"
        else:
            more = ""
        return "\n".join(filter(None, (row.advice, more)))


_COLUMNS: tuple[Column[OpinionLine], ...] = (
    Column("number", "序号", 5, lambda e: float(e.number), "text_center"),
    Column("severity", "级别", 6.5, lambda e: e.level, "text_center"),
    Column("place", "位置\n（点击跳转）", 13, lambda e: e.place),
    Column("field", "填写项", 15, lambda e: e.row.field),
    Column("message", asking.MESSAGE, 26, lambda e: e.row.message),
    Column("found", asking.FOUND, 14, lambda e: e.row.found),
    Column("expected", asking.EXPECTED, 14, lambda e: e.row.expected),
    Column("advice", "怎样改", 24, lambda e: e.advice),
    Column("answer", asking.ANSWER, 38, lambda e: e.answer, "input_top"),
    Column("key", asking.NUMBER, 13, lambda e: e.question.number if e.asks and e.question else "", "key"),
)
_ANSWER_COL = [column.key for column in _COLUMNS].index("answer")


def draw_opinions(
    book: Book, *, lines: Sequence[OpinionLine], submission: Submission, item: Returned, by: str
) -> Sheet:
    """Write the sheet, on which the copy opens; ``by`` is until when to send the copy again."""
    sheet = book.sheet(asking.TITLE)
    table = Table(sheet, _COLUMNS, _write_title(submission), _write_instructions(item, by))
    for line in lines:
        row = table.add(line, lines=_ROOM if line.asks else 1)
        if line.asks:
            sheet.validate(row, _ANSWER_COL, row, _ANSWER_COL, _PROMPT)
        else:
            sheet.write(row, _ANSWER_COL, line.answer, "computed_text")
    table.finish()
    table.tint("severity", {**LEVEL_TINTS, _ACCEPTED: OK_TINT})
    book.define_name(asking.TABLE, sheet, table.first - 1, len(_COLUMNS) - 1)
    sheet.view(gridlines=False, tab=_RED_TAB, active=True)
    return sheet


_PROMPT = {"validate": "any", "input_title": asking.ANSWER, "input_message": _HINT}


def _write_title(submission: Submission) -> str:
    project = submission.project
    code = "" if submission.layout.blank else f"（{project.code}）"
    return one_line(f"{asking.TITLE}：{project.name}{code}")


def _write_instructions(item: Returned, by: str) -> str:
    warnings = len(item.findings) - item.errors
    counted = "、".join(
        f"{word} {count} 处" for word, count in (("错误", item.errors), ("提醒", warnings)) if count or word == "错误"
    )
    counted += f"（其中 {item.answered} 处已说明，不用再管）" if item.answered else ""
    deadline = f"于 {one_line(by)} 前" if by.strip() else ""
    asked = (
        f"提醒不一定是错：填错了的直接改正；没有填错的，请在黄色的“{asking.ANSWER}”一栏写明情况。\n"
        if item.to_answer
        else ""
    )
    return (
        f"本文件有{counted}。请{deadline}直接在本文件中改正，保存后再次报送本文件，不要另建文件。\n"
        f"{asked}"
        "点“位置”跳到该处：红色是错误，必须改正；橙色是提醒，请核实。鼠标停在单元格上可看批注。黄色单元格改动后颜色自动恢复。\n"
        f"改好后看“{status.TITLE}”表：没有填的和填错的都列在那里，全部为空即可报送。"
    )
