"""复核报告 and 复核汇总报告: the forms of what reviewers found of a project, and of all projects of a sample."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.reports.blocks import (
    HEADING_1,
    front_matter,
    only_if,
    plain_table,
    red_head,
    signature,
    titles,
)
from workbook_tools.word.drawing import Block, SectionEnd, paragraph

INSPECTION_FORM, INSPECTION_SUMMARY = "复核报告.docx", "复核汇总报告.docx"
TITLE = "项目支出绩效自评复核报告"


def draw_inspection_report() -> Iterator[Block]:
    """The form of the report on one project."""
    facts = (
        ("项目名称", "{{ 项目名称 }}"),
        ("项目编码", "{{ 项目编码 }}"),
        ("主管部门", "{{ 主管部门 }}"),
        ("实施单位", "{{ 实施单位 }}"),
        ("评价年度", "{{ 年度 }}年度"),
    )
    yield from front_matter("{{ 年度 }}年度{{ 项目名称 }}", TITLE, facts=facts)
    yield from red_head()
    yield from titles("{{ 年度 }}年度{{ 项目名称 }}", TITLE)
    yield paragraph("（{{ 实施单位 }}）", style="Subtitle")
    yield paragraph("一、复核对象", style=HEADING_1)
    yield paragraph(
        "{{ 项目名称 }}（项目编码{{ 项目编码 }}），主管部门{{ 主管部门 }}，实施单位{{ 实施单位 }}。抽查原因：{{ 抽查原因 }}。"
    )
    yield paragraph("二、复核结果", style=HEADING_1)
    yield paragraph(
        "{% if 自评总分 %}自评总分{{ 自评总分 }}分{% else %}自评没有总分{% endif %}"
        "{% if 审核总分 %}，审核总分{{ 审核总分 }}分{% endif %}，复核总分{{ 复核总分 }}分，复核等级“{{ 复核等级 }}”"
        "{% if 差异 %}，与自评的差异{{ 差异 }}分{% endif %}。{% if 不同数 %}有{{ 不同数 }}处得分与自评不同。{% else %}各项得分与自评没有不同。{% endif %}"
        "各项得分如下表所示：",
        keep=True,
    )
    yield plain_table(
        "得分表",
        ("指标", "指标", "Cell", 33),
        ("分值", "分值", "Number", 11),
        ("目标值", "目标值", "Centre", 19),
        ("自评\n完成值", "自评值", "Centre", 20),
        ("复核值", "复核值", "Centre", 20),
        ("自评\n得分", "自评得分", "Number", 13),
        ("审核\n得分", "审核得分", "Number", 13),
        ("复核\n得分", "复核得分", "Number", 13),
        ("差异", "差异", "Number", 14),
    )
    yield paragraph("三、得分不同的原因", style=HEADING_1)
    reasons = plain_table(
        "差异表",
        ("指标", "指标", "Cell", 36),
        ("差异\n（分）", "差异", "Number", 16),
        ("复核意见", "意见", "Cell", 64),
        ("复核依据", "依据", "Cell", 40),
    )
    yield from only_if("差异表", reasons, otherwise="复核得分与自评得分没有不同。")
    yield paragraph("{%p if 质量表 %}")
    yield paragraph("四、自评工作质量", style=HEADING_1)
    yield paragraph("自评工作质量得{{ 质量得分 }}分，满分{{ 质量满分 }}分。", keep=True)
    yield plain_table(
        "质量表",
        ("评分项", "名称", "Cell", 56),
        ("满分", "满分", "Number", 18),
        ("得分", "得分", "Number", 18),
        ("说明", "说明", "Cell", 64),
        together=True,
    )
    yield paragraph("{%p endif %}")
    yield paragraph("{% if 质量表 %}五{% else %}四{% endif %}、复核结论", style=HEADING_1)
    yield paragraph("{{ 结论 }}")
    yield paragraph("复核不改变审核得分；需要改变的，由财政部门核定。", keep=True)
    yield paragraph(keep=True)
    yield paragraph("复核人：{{ 复核人 }}", style="Signature", keep=True)
    yield paragraph("{{ 复核日期 }}", style="Signature")
    yield SectionEnd(first=True)


def draw_inspection_summary() -> Iterator[Block]:
    """The form of the report on all of them."""
    yield from front_matter(
        "{{ 年度 }}年度{{ 组织单位 }}", TITLE, facts=(("组织单位", "{{ 组织单位 }}"), ("评价年度", "{{ 年度 }}年度"))
    )
    yield from red_head()
    yield from titles("{{ 年度 }}年度{{ 组织单位 }}", TITLE)
    yield paragraph(style="Subtitle")
    yield paragraph("一、复核开展情况", style=HEADING_1)
    yield paragraph(
        "{{ 年度 }}年度抽查了{{ 抽查数 }}个项目的自评，其中随机抽中{{ 抽中数 }}个{% if 指定数 %}，指定{{ 指定数 }}个{% endif %}；已复核{{ 复核数 }}个"
        "{% if 未复核数 %}，还没有复核{{ 未复核数 }}个（{{ 未复核项目 }}）{% endif %}。抽查的规则、种子和每个项目的原因见抽查名单。"
    )
    yield paragraph("二、自评与复核的差异", style=HEADING_1)
    yield paragraph("{{ 总体情况 }}")
    yield paragraph("各主管部门的情况如下表所示：", keep=True)
    yield plain_table(
        "部门表",
        ("主管部门", "部门", "Cell", 42),
        ("抽查\n（个）", "抽查数", "Number", 14),
        ("已复核\n（个）", "复核数", "Number", 15),
        ("自评\n平均分", "自评平均", "Number", 17),
        ("审核\n平均分", "审核平均", "Number", 17),
        ("复核\n平均分", "复核平均", "Number", 17),
        ("平均\n差异", "差异", "Number", 15),
        ("自评工作\n质量", "质量平均", "Number", 19),
        together=True,
    )
    yield paragraph("三、得分不同的指标", style=HEADING_1)
    yield paragraph("{%p if 差异表 %}")
    yield paragraph("{{ 差异情况 }}", keep=True)
    yield plain_table(
        "差异表",
        ("项目", "项目", "Cell", 36),
        ("指标", "指标", "Cell", 32),
        ("自评\n（分）", "自评得分", "Number", 14),
        ("复核\n（分）", "复核得分", "Number", 14),
        ("差异\n（分）", "差异", "Number", 14),
        ("复核意见", "意见", "Cell", 46),
    )
    yield paragraph("{%p else %}")
    yield paragraph("各项得分与自评没有不同。")
    yield paragraph("{%p endif %}")
    yield paragraph("{%p if 质量表 %}")
    yield paragraph("四、自评工作质量", style=HEADING_1)
    yield paragraph("各评分项的平均得分如下表所示：", keep=True)
    yield plain_table(
        "质量表",
        ("评分项", "名称", "Cell", 66),
        ("项目（个）", "项目数", "Number", 26),
        ("满分", "满分", "Number", 22),
        ("平均得分", "平均", "Number", 22),
        ("得分率", "得分率", "Number", 20),
        together=True,
    )
    yield paragraph("{%p endif %}")
    yield paragraph("{% if 质量表 %}五{% else %}四{% endif %}、各项目的复核结论", style=HEADING_1)
    yield plain_table(
        "项目表",
        ("项目", "项目", "Cell", 38),
        ("主管部门", "部门", "Cell", 30),
        ("自评\n（分）", "自评总分", "Number", 15),
        ("复核\n（分）", "复核总分", "Number", 15),
        ("复核等级", "等级", "Centre", 16),
        ("复核结论", "结论", "Cell", 42),
    )
    yield paragraph("复核不改变审核得分；需要改变的，由财政部门核定。", keep=True)
    yield from signature("{{ 组织单位 }}")
    yield SectionEnd(first=True)
