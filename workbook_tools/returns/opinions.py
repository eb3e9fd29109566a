"""退回意见: the first sheet of a marked copy, which lists what is wrong in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_tools.core.findings import Finding
from workbook_tools.excel.tables import Column, Link, Table
from workbook_tools.excel.writing import Book, Sheet, sheet_link
from workbook_tools.form import status
from workbook_tools.form.fields import Field
from workbook_tools.form.submission import Submission
from workbook_tools.results.facts import SEVERITY_TINTS
from workbook_tools.returns.returned import Returned
from workbook_tools.word.text import one_line

COVER = "退回意见"
_RED_TAB = "#C00000"


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """A finding, with the copy's sheet (blank for none) and field where it stands."""

    number: int
    row: Finding
    sheet: str
    spot: Field | None

    @property
    def place(self) -> Link:
        """Where the trouble is, in words, with a link where there is such a sheet."""
        cell = self.spot.cell if self.spot else ""
        text = "!".join(part for part in (self.sheet or self.row.sheet, cell or self.row.cell) if part)
        return Link(text or "整个文件", sheet_link(self.sheet, cell) if self.sheet else "")


_COLUMNS: tuple[Column[OpinionLine], ...] = (
    Column("number", "序号", 6, lambda e: float(e.number), "text_center"),
    Column("severity", "级别", 6.5, lambda e: e.row.severity.label, "text_center"),
    Column("place", "位置\n（点击跳转）", 15, lambda e: e.place),
    Column("field", "填写项", 22, lambda e: e.row.field),
    Column("message", "问题", 30, lambda e: e.row.message),
    Column("found", "现为", 17, lambda e: e.row.found),
    Column("expected", "应为", 17, lambda e: e.row.expected),
    Column("advice", "怎样改", 32, lambda e: e.row.advice),
)


def draw_opinions(
    book: Book, *, lines: Sequence[OpinionLine], submission: Submission, item: Returned, by: str
) -> Sheet:
    """Write the sheet, on which the copy opens; ``by`` is until when to send the copy again."""
    sheet = book.sheet(COVER)
    table = Table(sheet, _COLUMNS, _write_title(submission), _write_instructions(item, by))
    table.add_all(lines)
    table.finish()
    table.tint("severity", SEVERITY_TINTS)
    sheet.view(gridlines=False, tab=_RED_TAB, active=True)
    return sheet


def _write_title(submission: Submission) -> str:
    project = submission.project
    code = "" if submission.layout.blank else f"（{project.code}）"
    return one_line(f"{COVER}：{project.name}{code}")


def _write_instructions(item: Returned, by: str) -> str:
    warnings = len(item.findings) - item.errors
    counted = f"本文件有错误 {item.errors} 处" + (f"、提醒 {warnings} 处" if warnings else "")
    deadline = f"于 {one_line(by)} 前" if by.strip() else ""
    return (
        f"{counted}。请{deadline}直接在本文件中改正，保存后再次报送本文件，不要另建文件。\n"
        "点“位置”跳到该处：红色是错误，必须改正；橙色是提醒，请核实。鼠标停在单元格上可看批注。黄色单元格改动后颜色自动恢复。\n"
        f"改好后看“{status.TITLE}”表：没有填的和填错的都列在那里，全部为空即可报送。"
    )
