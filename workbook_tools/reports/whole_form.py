"""全部项目汇总报告 and 一页简报: the forms of the report on all projects, and of the brief for the leader."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.reports.blocks import HEADING_1, drafted, only_if, plain_table, signature, titles
from workbook_tools.reports.group_form import (
    GROUP_TITLE,
    LISTED,
    REVIEWED,
    SIGNER,
    achievement,
    attachments,
    change,
    departments_table,
    either,
    losses,
    money,
    problems,
    proposals,
    scores,
    submission,
)
from workbook_tools.word.drawing import Block, SectionEnd, paragraph

BRIEF_TITLE = "项目支出绩效自评简报"
_DEPARTMENTS = "{{ 范围 or '本次' }}{{ 部门数 }}个主管部门"


def whole_body() -> Iterator[Block]:
    """The report on all projects, below the head."""
    yield from titles("{{ 年度 }}年度{{ 地区 }}", GROUP_TITLE)
    yield paragraph(style="Subtitle")
    yield paragraph("一、自评工作开展情况", style=HEADING_1)
    yield submission("{{ 年度 }}年度，" + _DEPARTMENTS)
    yield from only_if("未报送", paragraph("未报送的项目见附件{% if 项目表 and 逐个列出 %}2{% endif %}。"))
    yield paragraph("{%p if 已报数 %}")
    yield paragraph("二、资金安排和使用情况", style=HEADING_1)
    yield from money()
    yield paragraph("三、绩效目标完成情况", style=HEADING_1)
    yield from achievement()
    yield paragraph("四、自评结果", style=HEADING_1)
    yield from scores(ranked_in=True)
    yield from change("{% if 有分数 > 1 %}四{% else %}二{% endif %}")
    yield paragraph("五、各部门情况", style=HEADING_1)
    yield from drafted("部门比较")
    yield paragraph("各主管部门的情况如下表所示：", keep=True)
    yield from either(departments_table("部门表", public=True), departments_table("部门表"))
    yield paragraph("六、失分情况和原因", style=HEADING_1)
    yield from only_if("失分表", *losses(), otherwise="没有已评分的指标。")
    yield paragraph("七、存在的主要问题", style=HEADING_1)
    yield from problems()
    yield paragraph("{%p endif %}")
    yield paragraph("{% if 已报数 %}八{% else %}二{% endif %}、下一步工作建议", style=HEADING_1)
    yield from proposals()
    yield from signature(SIGNER)
    yield SectionEnd(first=True)
    yield from attachments("{{ 地区 }}", "项目表 and 逐个列出", with_department=True)


def brief_body() -> Iterator[Block]:
    """The brief: one page, whatever the figures are."""
    yield from titles("{{ 年度 }}年度{{ 地区 }}" + BRIEF_TITLE)
    yield _heading("一、总体情况")
    yield paragraph(
        _DEPARTMENTS + LISTED + "{% if 未报数 and 已报数 %}，报送率{{ 报送率 }}{% endif %}。"
        "{% if 已报数 %}{% if 未填预算数 < 已报数 %}全年预算资金合计{{ 预算合计 }}万元"
        "{% if 未填执行数 < 已报数 %}，全年执行资金合计{{ 执行合计 }}万元{% if 总执行率 %}，总预算执行率{{ 总执行率 }}{% endif %}{% endif %}。{% endif %}"
        "{% if 有分数 > 1 %}得出总分的项目{{ 有分数 }}个，平均{{ 平均分 }}分，最高{{ 最高分 }}分，最低{{ 最低分 }}分。"
        "{% elif 有分数 %}得出总分的项目1个，{{ 平均分 }}分。{% endif %}"
        + REVIEWED
        + "评价等级：{{ 等级情况 }}。{% endif %}",
        style="BriefText",
    )
    whose, results = (
        ("主管部门", "部门简称", "Cell", 56),
        (("执行率", "预算执行率", "Number", 20), ("平均分", "平均分", "Number", 17)),
    )
    came = (
        ("应报（个）", "应报数", "Number", 20),
        ("已报（个）", "已报数", "Number", 20),
        ("有总分（个）", "有分数", "Number", 23),
    )
    public = plain_table("部门表", whose, ("项目（个）", "已报数", "Number", 63), *results, together=True, small=True)
    table = either(public, plain_table("部门表", whose, *came, *results, together=True, small=True))
    heading = "二、{% if 部门数 > 部门表|length %}平均得分最高和最低的部门{% else %}各部门情况{% endif %}"
    yield from only_if("部门表", _heading(heading), *table)
    number = "{% if 部门表 %}三{% else %}二{% endif %}"
    yield _heading(f"{number}、主要问题")
    yield from drafted("简报问题", "没有发现需要指出的问题。", style="BriefText")
    number = "{% if 部门表 %}四{% else %}三{% endif %}"
    yield _heading(f"{number}、工作建议")
    yield from drafted("简报建议", "没有需要另行提出的工作建议。", style="BriefText", keep=True)
    yield from signature(SIGNER, style="BriefSignature")
    yield SectionEnd(first=True)


def _heading(text: str) -> Block:
    return paragraph(text, style="BriefHeading")
