"""Sheet 填报说明: how to fill, colours, deadline, the rules."""

from __future__ import annotations

from functools import lru_cache

from workbook_tools.core.cells import Span
from workbook_tools.form import evaluation, funding, narrative, status
from workbook_tools.form.evidence import TITLE as EVIDENCE
from workbook_tools.form.fields import Field, FieldStyle, Layout, Role, SheetPlan
from workbook_tools.rules.describe import describe

TITLE = "填报说明"
COLOURS = (
    ("input", "待填写"),
    ("filled", "下发内容或自动计算，不用填"),
    ("empty", "必填项还没有填（虚线边框）"),
    ("wrong", "填写有误（粗体字）"),
    ("reason", "需要说明原因，或者请核对（斜体字，点划线边框）"),
)
"""The legend: a colour's name for the writer, and what it means."""


def build(layout: Layout) -> None:
    """Place the sheet; it is the first that people see."""
    plan = layout.add_sheet(SheetPlan(TITLE, (6, 18, 76), heights={0: 38}))
    project, scheme, notice = layout.project, layout.scheme, layout.notice
    _add_line(
        layout, 0, ("" if layout.blank else f"{project.year}年度") + "项目支出绩效自评　填报说明", FieldStyle.TITLE
    )
    row = 1
    facts = (
        ("项目", project.name),
        ("主管部门", project.department),
        ("实施单位", project.unit),
        ("组织单位", notice.authority),
        ("报送截止", notice.deadline),
        ("咨询联系", notice.contact),
        ("评分方案", scheme.name),
    )
    for label, value in facts:
        if value:
            layout.add(_label(Span.across(row, 0, 1), label, FieldStyle.LABEL))
            layout.add(_label(Span.cell(row, 2), value, FieldStyle.PLAIN))
            plan.heights[row] = 24
            row += 1
    row = _add_numbered(layout, row, "怎样填", list_steps(evidence=EVIDENCE in layout.sheets))
    _add_line(layout, row, "颜色", FieldStyle.SUBTITLE)
    row += 1
    for colour, meaning in COLOURS:
        sample = "示例" if colour in ("wrong", "reason") else ""
        layout.add(_label(Span.across(row, 0, 1), sample, FieldStyle.PLAIN, part=colour))
        layout.add(_label(Span.cell(row, 2), meaning, FieldStyle.PLAIN))
        plan.heights[row] = 22
        row += 1
    row = _add_numbered(layout, row, "怎样计分", describe(scheme))
    plan.print_last = (row - 1, 2)


def list_steps(*, evidence: bool) -> tuple[str, ...]:
    """How a workbook is filled in and sent back; with ``evidence`` also where 佐证材料 go."""
    proof = (
        f"证明完成情况的材料列在“{EVIDENCE}”表；电子文件放进一个文件夹，取本文件的名字，后面加“.佐证”，与本文件放在一起发回。",
    )
    return (
        f"从“{narrative.BASICS}”开始，依次填“{funding.TITLE}”“{evaluation.TITLE}”“{narrative.ANALYSIS}”四张表，只填黄色单元格。点一下单元格会显示该填什么。",
        "金额的单位是万元，只填数字；百分数填 95 即可，不必输入百分号。",
        "执行率、完成率、得分、总分和等级自动计算，不用填，也不能改。",
        "文字写得多时行会自动变高。没有变高的，按住左边行号下面的横线往下拖（或双击横线）；看不全的也会全文报送，并写进报告。",
        "从别的文件复制内容时，请用“选择性粘贴－数值”，以免破坏格式。",
        f"填完后看“{status.TITLE}”：没有填的和填错的都列在那里，点击可跳到该处；全部为空即可报送。写“请核对”的，核对无误可以不改。",
        *(proof if evidence else ()),
        "保存后把本文件原样发回，不要另存为 .xls，不要加打开密码。",
    )


def _add_numbered(layout: Layout, row: int, heading: str, lines: tuple[str, ...]) -> int:
    plan = layout.sheets[TITLE]
    _add_line(layout, row, heading, FieldStyle.SUBTITLE)
    row += 1
    for number, line in enumerate(lines, 1):
        layout.add(_label(Span.cell(row, 0), float(number), FieldStyle.PLAIN, align="center"))
        layout.add(_label(Span.across(row, 1, 2), line, FieldStyle.PLAIN))
        plan.heights[row] = _estimate_height(line)
        row += 1
    return row


@lru_cache(1 << 10)
def _estimate_height(line: str) -> float:
    return 18.0 * (sum(2 if ord(c) > 255 else 1 for c in line) // 88 + 1) + 6


def _add_line(layout: Layout, row: int, text: str, look: FieldStyle) -> None:
    layout.add(_label(Span.across(row, 0, 2), text, look))
    layout.sheets[TITLE].heights.setdefault(row, 26)


@lru_cache(1 << 10, typed=True)
def _label(span: Span, value: str | float, look: FieldStyle, align: str = "", part: str = "") -> Field:
    return Field(sheet=TITLE, span=span, role=Role.LABEL, part=part, value=value, look=look, align=align)
