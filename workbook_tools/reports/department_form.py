"""部门汇总报告: the form of the report on a department's projects."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.reports.blocks import HEADING_1, HEADING_2, only_if, plain_table, titles
from workbook_tools.word.drawing import Block, SectionEnd, paragraph

DEPARTMENT_TITLE = "项目支出绩效自评汇总报告"
_NOTHING = "没有已报送的项目。"
_SPREAD = (("项目数\n（个）", "项目数", "Number", 20), ("占比", "占比", "Number", 22),
           ("全年预算资金\n（万元）", "全年预算资金", "Number", 36), ("全年执行资金\n（万元）", "全年执行资金", "Number", 36))  # fmt: skip
"""What is said of the projects of each grade or band."""


def department_body() -> Iterator[Block]:
    """Everything below the head."""
    yield from titles("{{ 年度 }}年度{{ 部门 }}", DEPARTMENT_TITLE)
    yield paragraph(style="Subtitle")
    yield paragraph("一、总体情况", style=HEADING_1)
    yield from _overview()
    yield paragraph("二、评价等级和得分", style=HEADING_1)
    yield from only_if("已报数", *_scores(), otherwise=_NOTHING)
    yield paragraph("三、预算执行情况", style=HEADING_1)
    yield from only_if("已报数", *_execution(), otherwise=_NOTHING)
    yield paragraph("四、失分情况", style=HEADING_1)
    yield from only_if("失分表", *_lost(), otherwise="没有已评分的指标。")
    yield paragraph("五、共性问题", style=HEADING_1)
    yield from _common()
    yield paragraph("六、未报送项目", style=HEADING_1)
    yield from _missing()
    yield paragraph("{%p if 项目表 %}")
    yield SectionEnd(first=True)
    yield paragraph("附件　{{ 年度 }}年度{{ 部门 }}项目自评结果一览表", style="Attachment")
    yield _projects()
    yield SectionEnd(landscape=True)
    yield paragraph("{%p endif %}")
    yield SectionEnd(first=True)


def _overview() -> Iterator[Block]:
    yield paragraph(
        "{{ 年度 }}年度，{{ 部门 }}应开展绩效自评的项目共{{ 应报数 }}个，已报送{{ 已报数 }}个，未报送{{ 未报数 }}个。"
    )
    money = (
        "已报送项目全年预算资金合计{{ 预算合计 }}万元，全年执行资金合计{{ 执行合计 }}万元"
        "{% if 总执行率 %}，总预算执行率{{ 总执行率 }}{% endif %}。"
        "{% if 未填执行数 %}其中{{ 未填执行数 }}个项目没有填写执行数，按0计算。{% endif %}"
    )
    scores = (
        "{% if 平均分 %}已得出总分的项目{{ 有分数 }}个，平均{{ 平均分 }}分，"
        "最高{{ 最高分 }}分，最低{{ 最低分 }}分。{% endif %}"
        "{% if 自扣合计 %}得分中已减去各单位自扣的{{ 自扣合计 }}分。{% endif %}"
        "{% if 核定数 %}其中{{ 核定数 }}个项目的得分经财政部门核定，按核定后的得分计。{% endif %}"
        "{% if 无分数 %}{% if 平均分 %}另{% endif %}有{{ 无分数 }}个项目未得出总分。{% endif %}"
        "{% if 待更正数 %}有{{ 待更正数 }}个项目填报不完整，总分和等级待更正，不参加平均、排名、等级和失分的统计：{{ 待更正项目 }}。{% endif %}"
    )
    yield from only_if("已报数", paragraph(money), paragraph(scores))


def _scores() -> Iterator[Block]:
    yield paragraph("（一）评价等级", style=HEADING_2)
    yield plain_table("等级分布", ("评价等级", "名称", "Centre", 42), *_SPREAD, together=True)
    yield paragraph("{%p if 排名 %}")
    yield paragraph("（二）得分分布", style=HEADING_2)
    yield plain_table("得分分布", ("总分", "名称", "Centre", 42), *_SPREAD, together=True)
    yield from _chart("得分分布", "各得分段的项目数（个）")
    yield paragraph("（三）得分排名", style=HEADING_2)
    yield paragraph(
        "{% if 有分数 > 排名数 * 2 %}得分最高和最低的各{{ 排名数 }}个项目如下表所示，{% else %}项目按总分排名如下表所示，{% endif %}"
        "总分相同的名次并列。",
        keep=True,
    )
    yield plain_table(
        "排名",
        ("名次", "名次", "Centre", 14),
        ("项目名称", "项目名称", "Cell", 60),
        ("实施单位", "实施单位", "Cell", 44),
        ("总分（分）", "总分", "Number", 20),
        ("等级", "等级", "Centre", 18),
        together=True,
    )
    yield paragraph("{%p endif %}")


def _execution() -> Iterator[Block]:
    yield plain_table("执行率分布", ("预算执行率", "名称", "Centre", 42), *_SPREAD, together=True)
    yield from _chart("执行率分布", "各预算执行率段的项目数（个）")


def _lost() -> Iterator[Block]:
    weight = ("分值合计\n（分）", "分值", "Number", 24)
    earned = ("得分合计\n（分）", "得分", "Number", 24)
    lost = (
        ("失分合计\n（分）", "失分", "Number", 24),
        ("失分率", "失分率", "Number", 20),
    )
    projects = ("涉及项目\n（个）", "项目数", "Number", 22)
    yield paragraph("（一）各一级指标", style=HEADING_2)
    yield plain_table("失分表", ("一级指标", "名称", "Centre", 42), projects, weight, earned, *lost, together=True)
    yield from _chart("失分", "各一级指标的失分率（失分占分值的比例）")
    heading = paragraph("（二）失分较多的二级指标", style=HEADING_2)
    categories = plain_table(
        "类别失分",
        ("一级指标", "一级指标", "Centre", 30), ("二级指标", "名称", "Centre", 36), projects, weight, *lost,
        together=True,
    )  # fmt: skip
    yield from only_if("类别失分", heading, categories)
    heading = paragraph("（三）失分最多的指标", style=HEADING_2)
    single = plain_table(
        "失分最多",
        ("项目名称", "项目名称", "Cell", 30),
        ("指标", "指标", "Cell", 27),
        ("目标值", "目标值", "Centre", 17),
        ("完成值", "业绩值", "Centre", 17),
        ("失分\n（分）", "失分", "Number", 15),
        ("偏差原因和改进措施", "原因", "Cell", 50),
    )
    yield from only_if("失分最多", heading, single, otherwise="各项指标均没有失分。")


def _common() -> Iterator[Block]:
    table = plain_table(
        "共性问题",
        ("校验问题", "名称", "Cell", 82),
        ("性质", "性质", "Centre", 16),
        ("出现次数\n（次）", "次数", "Number", 29),
        ("涉及项目\n（个）", "项目数", "Number", 29),
    )
    intro = paragraph("审核中出现较多的问题如下表所示：", keep=True)
    yield from only_if(
        "共性问题", intro, table, otherwise=f"{{% if 已报数 %}}审核未发现问题。{{% else %}}{_NOTHING}{{% endif %}}"
    )


def _missing() -> Iterator[Block]:
    table = plain_table(
        "未报送",
        ("项目编码", "项目编码", "Cell", 32),
        ("项目名称", "项目名称", "Cell", 58),
        ("实施单位", "实施单位", "Cell", 38),
        ("原因", "原因", "Cell", 28),
    )
    yield from only_if("未报送", table, otherwise="清单内的项目均已报送。")


def _projects() -> Block:
    return plain_table(
        "项目表",
        ("序号", "序号", "Centre", 10),
        ("项目编码", "项目编码", "Cell", 24),
        ("项目名称", "项目名称", "Cell", 46),
        ("实施单位", "实施单位", "Cell", 29),
        ("年初预算\n（万元）", "年初预算资金", "Number", 20),
        ("全年预算\n（万元）", "全年预算资金", "Number", 20),
        ("全年执行\n（万元）", "全年执行资金", "Number", 20),
        ("执行率", "预算执行率", "Number", 15),
        ("总分", "总分", "Number", 15),
        ("等级", "等级", "Centre", 16),
        ("名次", "名次", "Centre", 10),
    )


def _chart(tag: str, caption: str) -> Iterator[Block]:
    """A chart with its caption below, where there is one."""
    yield from only_if(
        f"图.{tag}", paragraph(f"{{{{ 图.{tag} }}}}", style="Picture"), paragraph(caption, style="Caption")
    )
