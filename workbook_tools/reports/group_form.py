"""What the reports on several projects are built of: the parts that a department's report and that on all projects share."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.reports.blocks import HEADING_2, drafted, only_if, plain_table
from workbook_tools.word.drawing import Block, SectionEnd, paragraph

NO_INDICATORS = "已报送的项目没有可以对照目标判断的绩效指标。"
GROUP_TITLE = "项目支出绩效自评汇总报告"
SIGNER = "{{ 组织单位 }}"
_SPREAD = (
    ("项目数\n（个）", "项目数", "Number", 20),
    ("占比", "占比", "Number", 22),
    ("全年预算资金\n（万元）", "全年预算资金", "Number", 36),
    ("全年执行资金\n（万元）", "全年执行资金", "Number", 36),
)
"""What is said of the projects of each grade or band."""
SUBMITTED = (
    "{% if not 未报数 %}{% if 应报数 > 1 %}，已全部报送{% else %}，已报送{% endif %}"
    "{% elif 已报数 %}，已报送{{ 已报数 }}个，未报送{{ 未报数 }}个{% else %}，{% if 应报数 > 1 %}均{% endif %}未报送{% endif %}"
)
"""How many of the listed projects came."""
LISTED = (
    "{% if 公开版 %}公开绩效自评结果的项目{% else %}应开展绩效自评的项目{% endif %}{% if 应报数 > 1 %}共{% endif %}{{ 应报数 }}个"
    "{% if not 公开版 %}" + SUBMITTED + "{% endif %}"
)
"""How many projects were to come, and came; for the public how many it is on."""
_MONEY = (
    "{% if 未填预算数 == 已报数 %}{{ 唯一项目 or '已报送的项目' }}没有填报全年预算资金{% else %}"
    "{% if 唯一项目 %}{{ 唯一项目 }}全年预算资金{% else %}已报送项目全年预算资金合计{% endif %}{{ 预算合计 }}万元"
    "{% if 资金来源 %}（{{ 资金来源 }}）{% endif %}{% endif %}"
    "{% if 未填到位数 < 已报数 %}，实际到位资金{% if not 唯一项目 %}合计{% endif %}{{ 到位合计 }}万元{% endif %}"
    "{% if 未填执行数 < 已报数 %}，全年执行资金{% if not 唯一项目 %}合计{% endif %}{{ 执行合计 }}万元"
    "{% if 总执行率 %}，{% if not 唯一项目 %}总{% endif %}预算执行率{{ 总执行率 }}{% endif %}"
    "{% else %}，执行资金没有填报{% endif %}。"
    "{% if 未填执行数 and 未填执行数 < 已报数 %}其中{{ 未填执行数 }}个项目没有填写执行数，按0计算。{% endif %}"
)
REVIEWED = "{% if 核定数 %}{% if not 唯一项目 %}其中{{ 核定数 }}个项目的{% endif %}得分经财政部门核定，按核定后的得分计。{% endif %}"
"""That scores are those that finance has decided on."""
_SCORES = (
    "{% if 有分数 > 1 %}已得出总分的项目{{ 有分数 }}个，平均{{ 平均分 }}分，最高{{ 最高分 }}分，最低{{ 最低分 }}分。"
    "{% elif 有分数 %}{% if 唯一项目 %}{{ 唯一项目 }}{% else %}得出总分的项目1个，{% endif %}{% if 唯一项目 %}自评总得分{% endif %}{{ 平均分 }}分，评价等级为“{{ 等级 }}”。{% endif %}"
    "{% if 自扣合计 %}得分中已减去各单位自扣的{{ 自扣合计 }}分。{% endif %}"
    + REVIEWED
    + "{% if 无分数 %}{% if 唯一项目 %}该项目没有得出总分。{% else %}{% if 平均分 %}另{% endif %}有{{ 无分数 }}个项目未得出总分。{% endif %}{% endif %}"
    "{% if 待更正数 %}{% if 唯一项目 %}该项目填报不完整，总分和等级待更正：{{ 待更正项目 }}。"
    "{% else %}有{{ 待更正数 }}个项目填报不完整，总分和等级待更正，不参加平均、排名、等级和失分的统计：{{ 待更正项目 }}。{% endif %}{% endif %}"
)


def submission(head: str) -> Block:
    """The sentence on how many projects were to come, and came; it begins with ``head``."""
    return paragraph(head + LISTED + "。")


def money() -> Iterator[Block]:
    """What was budgeted and spent, and how the execution rates spread."""
    yield paragraph(_MONEY)
    yield paragraph("{%p if not 唯一项目 %}")
    yield paragraph("各项目的预算执行率分布如下表所示：", keep=True)
    yield plain_table("执行率分布", ("预算执行率", "名称", "Centre", 42), *_SPREAD, together=True)
    yield from chart("执行率分布", "各预算执行率段的项目数（个）")
    yield paragraph("{%p endif %}")


def achievement() -> Iterator[Block]:
    """How the indicators stand to their targets."""
    yield from drafted("目标完成情况", NO_INDICATORS)
    table = plain_table(
        "指标完成",
        ("一级指标", "名称", "Centre", 36),
        ("指标数\n（项）", "指标数", "Number", 20),
        ("达到目标\n（项）", "达到数", "Number", 22),
        ("其中超过\n（项）", "超过数", "Number", 22),
        ("未达到\n（项）", "未达到数", "Number", 20),
        ("不能判断\n（项）", "不明数", "Number", 20),
        ("达标率", "达标率", "Number", 16),
        together=True,
    )
    yield from only_if("指标完成", table)


def scores(*, ranked_in: bool) -> Iterator[Block]:
    """Totals, grades, how they spread, and the ranking; ``ranked_in``: with the department of each project."""
    yield paragraph(_SCORES)
    yield from only_if("复核情况", paragraph("{{ 复核情况 }}"))
    yield paragraph("{%p if not 唯一项目 %}")
    yield paragraph("（一）评价等级", style=HEADING_2)
    yield plain_table("等级分布", ("评价等级", "名称", "Centre", 42), *_SPREAD, together=True)
    yield paragraph("{%p if 有分数 > 1 %}")
    yield paragraph("（二）得分分布", style=HEADING_2)
    yield plain_table("得分分布", ("总分", "名称", "Centre", 42), *_SPREAD, together=True)
    yield from chart("得分分布", "各得分段的项目数（个）")
    yield paragraph("（三）得分排名", style=HEADING_2)
    yield paragraph(
        "{% if 有分数 > 排名数 * 2 %}得分最高和最低的各{{ 排名数 }}个项目如下表所示，{% else %}项目按总分排名如下表所示，{% endif %}"
        "总分相同的名次并列。",
        keep=True,
    )
    whose = "主管部门" if ranked_in else "实施单位"
    yield plain_table(
        "排名",
        ("名次", "名次", "Centre", 14),
        ("项目名称", "项目名称", "Cell", 60),
        (whose, whose, "Cell", 44),
        ("总分（分）", "总分", "Number", 20),
        ("等级", "等级", "Centre", 18),
        together=True,
    )
    yield paragraph("{%p endif %}")
    yield paragraph("{%p endif %}")


def change(number: str) -> Iterator[Block]:
    """This year and the year before, where that was named; ``number`` is that of its heading."""
    yield paragraph("{%p if 上年年度 %}")
    yield from only_if("not 唯一项目", paragraph(f"（{number}）与上年比较", style=HEADING_2))
    yield from drafted("与上年比较", "没有上年数据。")
    table = plain_table(
        "上年对比",
        ("可比的项目", "名称", "Centre", 34),
        ("单位", "单位", "Centre", 14),
        ("项目数\n（个）", "项目数", "Number", 16),
        ("上年", "上年", "Number", 29),
        ("今年", "今年", "Number", 29),
        ("增减", "增减", "Number", 34),
        together=True,
    )
    yield from only_if("上年对比", table)
    repeated = plain_table(
        "连续失分",
        ("项目名称", "项目名称", "Cell", 28),
        ("指标", "指标", "Cell", 26),
        ("上年\n完成值", "上年完成值", "Centre", 15),
        ("上年失分\n（分）", "上年失分", "Number", 14),
        ("今年\n完成值", "今年完成值", "Centre", 15),
        ("今年失分\n（分）", "今年失分", "Number", 14),
        ("今年填写的原因", "原因", "Cell", 44),
    )
    yield from only_if("连续失分", paragraph("两年都失分的指标如下表所示：", keep=True), repeated)
    yield paragraph("{%p endif %}")


def losses() -> Iterator[Block]:
    """Where points were lost, and why."""
    weight = ("分值合计\n（分）", "分值", "Number", 24)
    earned = ("得分合计\n（分）", "得分", "Number", 24)
    lost = (("失分合计\n（分）", "失分", "Number", 24), ("失分率", "失分率", "Number", 20))
    projects = ("涉及项目\n（个）", "项目数", "Number", 22)
    yield paragraph("（一）各一级指标的失分", style=HEADING_2)
    yield plain_table("失分表", ("一级指标", "名称", "Centre", 42), projects, weight, earned, *lost, together=True)
    yield from chart("失分", "各一级指标的失分率（失分占分值的比例）")
    yield paragraph("{%p if 类别失分 %}")
    yield paragraph("（二）失分较多的二级指标", style=HEADING_2)
    yield plain_table(
        "类别失分",
        ("一级指标", "一级指标", "Centre", 30),
        ("二级指标", "名称", "Centre", 36),
        projects,
        weight,
        *lost,
        together=True,
    )
    yield paragraph("（三）失分原因", style=HEADING_2)
    yield from drafted("失分原因")
    yield paragraph("失分最多的指标如下表所示：", keep=True)
    yield plain_table(
        "失分最多",
        ("项目名称", "项目名称", "Cell", 30),
        ("指标", "指标", "Cell", 27),
        ("目标值", "目标值", "Centre", 17),
        ("完成值", "业绩值", "Centre", 17),
        ("失分\n（分）", "失分", "Number", 15),
        ("偏差原因和改进措施", "原因", "Cell", 50),
    )
    yield paragraph("{%p else %}")
    yield paragraph("各项指标均没有失分。")
    yield paragraph("{%p endif %}")


def problems() -> Iterator[Block]:
    """What is wrong, and what the review found most often; the words of its checks are not for the public."""
    yield from drafted("主要问题", "没有发现需要指出的问题。")
    table = plain_table(
        "共性问题",
        ("校验问题", "名称", "Cell", 82),
        ("性质", "性质", "Centre", 16),
        ("出现次数\n（次）", "次数", "Number", 29),
        ("涉及项目\n（个）", "项目数", "Number", 29),
        together=True,
    )
    intro = paragraph("审核中两个以上项目都有的问题如下表所示：", keep=True)
    yield from only_if("共性问题 and not 唯一项目 and not 公开版", intro, table)


def proposals() -> Iterator[Block]:
    """What is to be done; the signature follows, so it holds its page."""
    yield from drafted("工作建议", "没有需要另行提出的工作建议。", keep=True)


def either(public: Block, otherwise: Block) -> Iterator[Block]:
    """One for the public, or the office's own."""
    yield paragraph("{%p if 公开版 %}")
    yield public
    yield paragraph("{%p else %}")
    yield otherwise
    yield paragraph("{%p endif %}")


def departments_table(tag: str, *, together: bool = False, public: bool = False) -> Block:
    """Departments, or a department and all projects, beside each other; for the public there is none that has not come."""
    came = (("应报\n（个）", "应报数", "Number", 13), ("已报\n（个）", "已报数", "Number", 13))
    return plain_table(
        tag,
        ("主管部门", "部门", "Cell", 34),
        *((("项目\n（个）", "已报数", "Number", 26.0),) if public else came),
        ("全年预算\n（万元）", "全年预算资金", "Number", 24),
        ("全年执行\n（万元）", "全年执行资金", "Number", 24),
        ("执行率", "预算执行率", "Number", 18),
        ("有总分\n（个）", "有分数", "Number", 15),
        ("平均分", "平均分", "Number", 15),
        together=together,
    )


def missing(*, with_department: bool) -> Block:
    """The projects that did not come."""
    whose = (("主管部门", "主管部门", "Cell", 34),) if with_department else ()
    name = 42 if with_department else 58
    return plain_table(
        "未报送",
        ("项目编码", "项目编码", "Cell", 28),
        ("项目名称", "项目名称", "Cell", name),
        *whose,
        ("实施单位", "实施单位", "Cell", 30 if with_department else 40),
        ("原因", "原因", "Cell", 22 if with_department else 30),
    )


def projects_table(*, with_department: bool, public: bool = False) -> Block:
    """All projects with their results, on a page turned sideways; for the public without their codes."""
    code, name = 22 if with_department else 24, 38 if with_department else 46
    whose = (("主管部门", "主管部门", "Cell", 28),) if with_department else ()
    return plain_table(
        "项目表",
        ("序号", "序号", "Centre", 10),
        *(() if public else (("项目编码", "项目编码", "Cell", code),)),
        ("项目名称", "项目名称", "Cell", name + code if public else name),
        *whose,
        ("实施单位", "实施单位", "Cell", 25 if with_department else 28),
        ("年初预算\n（万元）", "年初预算资金", "Number", 18 if with_department else 20),
        ("全年预算\n（万元）", "全年预算资金", "Number", 18 if with_department else 20),
        ("全年执行\n（万元）", "全年执行资金", "Number", 18 if with_department else 20),
        ("执行率", "预算执行率", "Number", 16),
        ("总分", "总分", "Number", 13 if with_department else 15),
        ("等级", "等级", "Centre", 13 if with_department else 16),
        ("名次", "名次", "Centre", 10),
    )


def chart(tag: str, caption: str) -> Iterator[Block]:
    """A chart with its caption below, where there is one."""
    yield from only_if(
        f"图.{tag}", paragraph(f"{{{{ 图.{tag} }}}}", style="Picture"), paragraph(caption, style="Caption")
    )


def attachments(whose: str, listed: str, *, with_department: bool) -> Iterator[Block]:
    """The projects, where the condition ``listed`` holds, and those that did not come; ``whose`` they are stands in the titles."""
    yield paragraph(f"{{%p if {listed} %}}")
    number = "{% if 未报送 %}1{% endif %}"
    yield paragraph(f"附件{number}　{{{{ 年度 }}}}年度{whose}项目自评结果一览表", style="Attachment")
    yield from either(
        projects_table(with_department=with_department, public=True), projects_table(with_department=with_department)
    )
    yield SectionEnd(landscape=True)
    yield paragraph("{%p endif %}")
    yield paragraph("{%p if 未报送 %}")
    number = f"{{% if {listed} %}}2{{% endif %}}"
    yield paragraph(f"附件{number}　{{{{ 年度 }}}}年度{whose}未报送的项目", style="Attachment")
    yield missing(with_department=with_department)
    yield paragraph("{%p endif %}")
    yield SectionEnd()
