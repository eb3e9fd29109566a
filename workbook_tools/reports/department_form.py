"""部门汇总报告: the form of the report on a department's projects."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.reports.blocks import HEADING_1, HEADING_2, drafted, only_if, signature, titles
from workbook_tools.reports.group_form import (
    GROUP_TITLE,
    SIGNER,
    achievement,
    attachments,
    change,
    departments_table,
    losses,
    money,
    problems,
    proposals,
    scores,
    submission,
)
from workbook_tools.word.drawing import Block, SectionEnd, paragraph


def department_body() -> Iterator[Block]:
    """Everything below the head."""
    yield from titles("{{ 年度 }}年度{{ 部门 }}", GROUP_TITLE)
    yield paragraph(style="Subtitle")
    yield paragraph("一、自评工作开展情况", style=HEADING_1)
    yield submission("{{ 年度 }}年度，{{ 部门 }}")
    yield from only_if("未报送", paragraph("未报送的项目见附件{% if 项目表 %}2{% endif %}。"))
    yield paragraph("{%p if 已报数 %}")
    yield paragraph("二、资金安排和使用情况", style=HEADING_1)
    yield from money()
    yield paragraph("三、绩效目标完成情况", style=HEADING_1)
    yield from achievement()
    yield paragraph("四、自评结果", style=HEADING_1)
    yield from scores(ranked_in=False)
    yield from _comparison()
    yield from change("{{ '一二三四五'[(3 if 有分数 > 1 else 1) + (1 if 比较 else 0)] }}")
    yield paragraph("五、失分情况和原因", style=HEADING_1)
    yield from only_if("失分表", *losses(), otherwise="没有已评分的指标。")
    yield paragraph("六、存在的主要问题", style=HEADING_1)
    yield from problems()
    yield paragraph("{%p endif %}")
    yield paragraph("{% if 已报数 %}七{% else %}二{% endif %}、下一步工作建议", style=HEADING_1)
    yield from proposals()
    yield from signature(SIGNER)
    yield SectionEnd(first=True)
    yield from attachments("{{ 部门 }}", "项目表", with_department=False)


def _comparison() -> Iterator[Block]:
    """Beside all projects, where there are other departments."""
    number = "{% if 有分数 > 1 %}四{% else %}二{% endif %}"
    heading = only_if("not 唯一项目", paragraph(f"（{number}）与全部项目比较", style=HEADING_2))
    table = departments_table("比较", together=True)
    yield from only_if("比较", *heading, *drafted("部门比较", keep=True), table)
