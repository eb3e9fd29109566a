"""The report forms that come with the package, as code: ``build_forms`` makes the files in templates/.

Offices change the files in Word; this module only says how they look when they leave us. What the
tags mean is in docs/报告模板.md. Headings and labels are those of the authorities' own forms.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.reports.blocks import (
    END_FOR,
    HEADING_1,
    HEADING_2,
    HEADING_3,
    close_notice,
    conclusion,
    front_matter,
    funding_table,
    headed,
    indicator_table,
    narrative,
    only_if,
    plain_table,
    red_head,
    signature,
    titles,
)
from workbook_tools.reports.department_form import department_body
from workbook_tools.reports.found_forms import BRIEF_FORM, DEPARTMENT_FORM, RETURN_FORM, WHOLE_FORM, form_name
from workbook_tools.reports.group_form import GROUP_TITLE
from workbook_tools.reports.inspection_forms import (
    INSPECTION_FORM,
    INSPECTION_SUMMARY,
    draw_inspection_report,
    draw_inspection_summary,
)
from workbook_tools.reports.inspection_forms import TITLE as INSPECTION_TITLE
from workbook_tools.reports.issue_forms import GUIDE_PAGE, ISSUE_NOTICE, draw_guide_page, draw_issue_notice
from workbook_tools.reports.rectify_form import RECTIFY_FORM, draw_rectify_notice
from workbook_tools.reports.whole_form import BRIEF_TITLE, brief_body, whole_body
from workbook_tools.rules.scheme import Scheme, load_scheme
from workbook_tools.word.drawing import Block, SectionEnd, TableBlock, TableCell, TagRow, draw_document, paragraph
from workbook_tools.word.official_style import LANDSCAPE_WIDTH, TEXT_WIDTH

REPORT_TITLE = "项目支出绩效自评报告"
NO_INDICATORS = "本项目未提交绩效指标自评表。"


def build_forms() -> dict[str, bytes]:
    """Every form of the package, by file name; the same bytes each time."""
    title = "{{ 项目名称 }}" + REPORT_TITLE
    return {
        form_name("曲沃"): draw_document(_project(_quwo(load_scheme("quwo"))), title=title),
        form_name("张掖"): draw_document(_project(_zhangye(load_scheme("zhangye"))), title=title),
        form_name("财政部"): draw_document(_project(_general()), title=title),
        DEPARTMENT_FORM: draw_document(
            _with_head(department_body(), "{{ 部门 }}", GROUP_TITLE, "主管部门"),
            title="{{ 部门 }}" + GROUP_TITLE,
        ),
        WHOLE_FORM: draw_document(
            _with_head(whole_body(), "{{ 地区 }}", GROUP_TITLE, "组织单位"),
            title="{{ 年度 }}年度{{ 地区 }}" + GROUP_TITLE,
        ),
        BRIEF_FORM: draw_document(brief_body(), title="{{ 年度 }}年度{{ 地区 }}" + BRIEF_TITLE),
        RETURN_FORM: draw_document(_return_notice(), title="退回{{ 年度 }}年度项目支出绩效自评材料的通知"),
        INSPECTION_FORM: draw_document(draw_inspection_report(), title="{{ 项目名称 }}" + INSPECTION_TITLE),
        INSPECTION_SUMMARY: draw_document(
            draw_inspection_summary(), title="{{ 年度 }}年度{{ 组织单位 }}" + INSPECTION_TITLE
        ),
        ISSUE_NOTICE: draw_document(draw_issue_notice(), title="关于开展{{ 年度 }}年度项目支出绩效自评工作的通知"),
        RECTIFY_FORM: draw_document(
            draw_rectify_notice(), title="关于整改{{ 年度 }}年度项目支出绩效自评发现问题的通知"
        ),
        GUIDE_PAGE: draw_document(draw_guide_page(), title="{{ 年度 }}年度项目支出绩效自评工作簿怎样填"),
    }


def _project(body: Iterator[Block]) -> Iterator[Block]:
    """A project's report: what all of them have before the authority's own parts."""
    facts = (
        ("项目名称", "{{ 项目名称 }}"),
        ("项目编码", "{{ 项目编码 }}"),
        ("主管部门", "{{ 主管部门 }}"),
        ("实施单位", "{{ 实施单位 }}"),
        ("评价年度", "{{ 年度 }}年度"),
    )
    yield from front_matter("{{ 年度 }}年度{{ 项目名称 }}", REPORT_TITLE, facts=facts)
    yield from red_head()
    yield from body


def _with_head(body: Iterator[Block], whose: str, title: str, office: str) -> Iterator[Block]:
    """A report on several projects likewise: ``whose`` they are, the title, and which ``office`` the cover names."""
    name = "{{ 部门 }}" if office == "主管部门" else "{{ 组织单位 }}"
    facts = ((office, name), ("评价年度", "{{ 年度 }}年度"))
    yield from front_matter(f"{{{{ 年度 }}}}年度{whose}", title, facts=facts)
    yield from red_head()
    yield from body


# -- 曲沃 -------------------------------------------------------------------------------------------------------------


def _quwo(scheme: Scheme) -> Iterator[Block]:
    yield from titles("{{ 年度 }}年度{{ 项目名称 }}", REPORT_TITLE)
    yield paragraph("（{{ 实施单位 }}）", style="Subtitle")
    yield from _quwo_basics()
    yield from _quwo_results()
    yield paragraph("三、项目绩效分析", style=HEADING_1)
    yield from headed(HEADING_3, "1. 项目实施和预算执行情况及分析", "analysis_execution")
    yield from headed(HEADING_3, "2. 产出情况及分析", "analysis_output")
    yield from headed(HEADING_3, "3. 效益情况及分析", "analysis_benefit")
    yield from headed(HEADING_3, "4. 满意度情况及分析", "analysis_satisfaction")
    yield from headed(HEADING_1, "四、项目主要经验做法", "experience")
    yield from headed(HEADING_1, "五、项目管理中存在问题及原因分析", "problems")
    yield from headed(HEADING_1, "六、进一步加强项目管理措施及建议", "suggestions")
    yield SectionEnd(first=True)
    yield paragraph("附件1.项目支出绩效自评表", style="Attachment")
    columns = [(column.key, column.label) for column in scheme.form.columns]
    grid = indicator_table("自评指标", columns, width=LANDSCAPE_WIDTH)
    yield from only_if("自评指标", grid, otherwise=NO_INDICATORS)
    yield SectionEnd(landscape=True)
    yield from headed("Attachment", "附件2.绩效自评相关资料", "attachment2")
    yield SectionEnd()


def _quwo_basics() -> Iterator[Block]:
    yield paragraph("一、项目的基本情况", style=HEADING_1)
    yield paragraph("（一）项目概况", style=HEADING_2)
    yield narrative("overview", "项目概况：")
    yield narrative("basis", "立项依据：")
    yield narrative("necessity", "设立的必要性：")
    yield narrative("safeguards", "保证项目实施的措施与制度：")
    yield narrative("plan", "项目实施计划：")
    yield paragraph("（二）预算执行情况", style=HEADING_2)
    yield funding_table()
    yield paragraph("（三）项目绩效目标", style=HEADING_2)
    yield from headed(HEADING_3, "（1）项目实施期绩效目标", "goal_period")
    yield from headed(HEADING_3, "（2）项目年度目标", "goal_annual")


def _quwo_results() -> Iterator[Block]:
    yield paragraph("二、项目绩效情况", style=HEADING_1)
    yield from conclusion(
        "综合考虑预算执行情况、产出、效益、服务对象满意度各方面因素，通过数据采集及分析，最终评分结果："
        "{{ 项目名称 }}绩效自评价结果为：总得分{{ 总分 }}分，属于“{{ 等级 }}”。",
        NO_INDICATORS,
    )
    columns = (
        ("category", "二级指标"),
        ("indicator", "三级指标"),
        ("weight", "权重"),
        ("target", "目标值"),
        ("actual", "业绩值"),
        ("score", "得分"),
    )
    for heading, rows in (
        ("（一）预算执行情况", "执行指标"),
        ("（二）项目产出情况", "指标.output"),
        ("（三）项目效益情况", "指标.benefit"),
        ("（四）项目满意度情况", "指标.satisfaction"),
    ):
        yield paragraph(heading, style=HEADING_2)
        grid = indicator_table(rows, columns, width=TEXT_WIDTH, together=True)
        yield from only_if(rows, grid, otherwise="未提交该类绩效指标。")


# -- 张掖 -------------------------------------------------------------------------------------------------------------


def _zhangye(scheme: Scheme) -> Iterator[Block]:
    yield from titles("{{ 实施单位 }}", "{{ 年度 }}年度{{ 项目名称 }}", REPORT_TITLE)
    yield paragraph(style="Subtitle")
    yield paragraph("一、项目基本情况", style=HEADING_1)
    yield from headed(HEADING_2, "（一）项目概况", "overview")
    yield from headed(HEADING_2, "（二）项目绩效目标", "goals")
    yield paragraph("二、绩效目标完成情况分析", style=HEADING_1)
    yield paragraph("（一）资金投入情况分析", style=HEADING_2)
    yield paragraph(
        "本项目全年预算资金{{ 合计.全年预算资金 }}万元，实际到位资金{{ 合计.实际到位资金 }}万元，"
        "预算到位率{{ 合计.预算到位率 }}；全年执行资金{{ 合计.全年执行资金 }}万元，预算执行率{{ 合计.预算执行率 }}。"
    )
    yield from only_if("正文.funding_intro", narrative("funding_intro"))
    yield from headed(HEADING_3, "1. 项目资金到位情况分析", "funding_arrival")
    yield from headed(HEADING_3, "2. 项目资金执行情况分析", "funding_execution")
    yield from headed(HEADING_3, "3. 项目资金管理情况分析", "funding_management")
    yield from headed(HEADING_2, "（二）总体绩效目标完成情况分析", "overall_completion")
    yield from _zhangye_indicators(scheme)
    yield from _zhangye_deviations(scheme)
    yield from headed(HEADING_1, "四、绩效自评结果拟应用和公开情况", "use_and_disclosure")
    yield from headed(HEADING_1, "五、其他需要说明的问题", "other", keep=True)
    yield from signature()
    yield SectionEnd(first=True)


def _zhangye_indicators(scheme: Scheme) -> Iterator[Block]:
    yield paragraph("（三）绩效目标完成情况分析", style=HEADING_2)
    yield from only_if("正文.completion_intro", narrative("completion_intro"))
    yield paragraph("1. 产出指标完成情况分析", style=HEADING_3)
    yield narrative("output_quantity", "（1）数量指标。")
    yield narrative("output_quality", "（2）质量指标。")
    yield narrative("output_timeliness", "（3）时效指标。")
    yield narrative("output_cost", "（4）成本指标。")
    yield paragraph("2. 效益指标完成情况分析", style=HEADING_3)
    yield narrative("benefit_economic", "（1）经济效益。")
    yield narrative("benefit_social", "（2）社会效益。")
    yield narrative("benefit_ecological", "（3）生态效益。")
    yield narrative("benefit_sustainable", "（4）可持续影响。")
    yield from headed(HEADING_3, "3. 满意度指标完成情况分析", "satisfaction")
    grid = _zhangye_table(scheme, "dimension", "category", "indicator", "target", "actual")
    yield from only_if(
        "绩效指标", paragraph("各项绩效指标完成情况如下表所示：", keep=True), grid, otherwise=NO_INDICATORS
    )


def _zhangye_deviations(scheme: Scheme) -> Iterator[Block]:
    yield paragraph("三、偏离绩效目标的原因和下一步改进措施", style=HEADING_1)
    yield narrative("deviation")
    grid = _zhangye_table(scheme, "dimension", "category", "indicator", "weight", "score", "deviation_reason")
    yield from only_if("绩效指标", paragraph("各项绩效指标得分和未完成原因如下表所示：", keep=True), grid)
    yield from conclusion(
        "预算执行率{{ 预算执行率 }}，得{{ 执行得分 }}分（满分{{ 执行分值 }}分）；"
        "自评总得分{{ 总分 }}分，评价等级为“{{ 等级 }}”。",
        NO_INDICATORS,
    )


def _zhangye_table(scheme: Scheme, *keys: str) -> Block:
    """The scheme's indicator table, only these columns, without the execution rate."""
    labels = {column.key: column.label for column in scheme.form.columns}
    columns = [(key, label) for key in keys for column, label in labels.items() if column == key]
    return indicator_table("绩效指标", columns, width=TEXT_WIDTH, level_weight=True)


# -- 财政部: the general form, for any scheme -------------------------------------------------------------------------


def _general() -> Iterator[Block]:
    yield from titles("{{ 年度 }}年度{{ 项目名称 }}", REPORT_TITLE)
    yield paragraph("（{{ 实施单位 }}）", style="Subtitle")
    yield from _general_sections("基本情况", offset="0")
    yield paragraph("{{ (章节.基本情况|length + 1)|汉字 }}、资金安排和执行情况", style=HEADING_1)
    yield funding_table()
    yield paragraph("{{ (章节.基本情况|length + 2)|汉字 }}、自评结果", style=HEADING_1)
    yield from conclusion(
        "对照绩效目标，从预算执行和各项绩效指标完成情况综合评分，{{ 项目名称 }}自评总得分{{ 总分 }}分，"
        "评价等级为“{{ 等级 }}”。各部分得分如下表所示：",
        NO_INDICATORS,
        keep=True,
    )
    points = plain_table(
        "得分表",
        ("一级指标", "名称", "Centre", 76),
        ("分值（分）", "分值", "Number", 40),
        ("得分（分）", "得分", "Number", 40),
    )
    yield from only_if("总分", points)
    yield from _general_sections("绩效分析", offset="章节.基本情况|length + 2")
    yield SectionEnd(first=True)
    yield paragraph("附件", style="Attachment")
    yield paragraph("{{ 自评表名称 }}", style="Title")
    yield paragraph("（{{ 年度 }}年度）", style="Subtitle")
    yield _general_head()
    yield from only_if("绩效指标", _general_grid(), otherwise=NO_INDICATORS)
    yield SectionEnd(landscape=True)


def _general_sections(sheet: str, *, offset: str) -> Iterator[Block]:
    """Every section of the scheme, in its order, whatever their number."""
    yield paragraph(f"{{%p for 组 in 章节.{sheet} %}}")
    yield paragraph(f"{{{{ ({offset} + loop.index)|汉字 }}}}、{{{{ 组.标题 }}}}", style=HEADING_1)
    yield paragraph("{%p for 节 in 组.各节 %}")
    yield paragraph("（{{ loop.index|汉字 }}）{{ 节.标题 }}", style=HEADING_2)
    yield paragraph("{{ 节.内容 }}")
    yield paragraph("{%p endfor %}")
    yield paragraph("{%p endfor %}")


def _general_head() -> Block:
    """The upper part of the national 自评表: project, money and goals."""
    amounts = ("年初预算资金", "全年预算资金", "全年执行资金", "分值", "预算执行率", "得分")
    labels = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    label = "{{ 同上 }}"
    return TableBlock(
        (28, 47, 28, 28, 28, 20, 24, 22),
        [
            [
                TableCell("项目名称", "Label"),
                TableCell("{{ 项目名称 }}{% if 项目编码 %}（{{ 项目编码 }}）{% endif %}", span=7),
            ],
            [
                TableCell("主管部门", "Label"),
                TableCell("{{ 主管部门 }}", span=2),
                TableCell("实施单位", "Label"),
                TableCell("{{ 实施单位 }}", span=4),
            ],
            [TableCell("项目资金\n（万元）", "Label"), *(TableCell(text, "Header") for text in ("资金来源", *labels))],
            TagRow("{%tr for 行 in 资金简表 %}"),
            [
                TableCell(label, "Label"),
                TableCell("{{ 行.名称 }}"),
                *(TableCell(f"{{{{ 行.{name} }}}}", "Number") for name in amounts),
            ],
            END_FOR,
            TagRow("{%tr if 预期目标 or 目标完成 %}"),
            [TableCell("预期目标", "Label"), TableCell("{{ 预期目标 }}", span=7)],
            [TableCell("实际完成\n情况", "Label"), TableCell("{{ 目标完成 }}", span=7)],
            TagRow("{%tr endif %}"),
        ],
        header_rows=0,
    )


def _general_grid() -> Block:
    """The lower part: indicators and total."""
    keys = ("dimension", "category", "indicator", "target", "actual", "weight", "score", "deviation_reason")
    return indicator_table(
        "绩效指标",
        [(key, f"{{{{ 列名.{key} }}}}") for key in keys],
        width=LANDSCAPE_WIDTH,
        last=(
            TableCell("总分（含预算执行率得分）", "Label", span=5),
            TableCell("{{ 总分值 }}", "Number"),
            TableCell("{{ 总分 }}", "Number"),
            TableCell("{{ 等级 }}", "Centre"),
        ),
    )


# -- 退回通知 ---------------------------------------------------------------------------------------------------------


def _return_notice() -> Iterator[Block]:
    yield from titles("关于退回{{ 年度 }}年度", "项目支出绩效自评材料的通知")
    yield paragraph(style="Subtitle")
    yield paragraph("{{ 部门 }}：", style="Addressee")
    deadline = "{% if 期限 %}于{{ 期限 }}前{% else %}尽快{% endif %}"
    sentence = (
        "你部门报送的{{ 年度 }}年度项目支出绩效自评材料已经审核。其中{{ 项目表|length }}个项目的自评工作簿"
        f"{{% if 待说明数 %}}有错误需要更正，或有提醒需要说明{{% else %}}存在错误{{% endif %}}，"
        f"现予退回，请督促有关单位{deadline}改正{{% if 待说明数 %}}、说明{{% endif %}}后重新报送。"
    )
    how = (
        "{% if 项目表|length != 手工表数 %}请打开随本通知退回的工作簿，按第一张表“退回意见”逐条改正。"
        "{% if 待说明数 %}提醒不一定是错：没有填错的，在该表黄色的“单位说明”栏写明情况。{% endif %}请直接在该文件中修改、保存，再次报送该文件，不要另建文件。{% endif %}"
        "{% if 手工表数 %}自制的表格没有退回的副本，请按下表所列的单元格在原表上改正"
        "{% if 待说明数 %}；其中的提醒，请在重新报送时附书面说明{% endif %}。{% endif %}"
    )
    projects = plain_table(
        "项目表",
        ("序号", "序号", "Centre", 10),
        ("项目", "项目", "Cell", 28),
        ("单位", "单位", "Cell", 20),
        ("报送的文件", "文件", "Cell", 21),
        ("错误数", "错误数", "Centre", 10),
        ("待说明", "待说明数", "Centre", 10),
        ("错误和提醒", "问题", "Cell", 36),
        ("退回的文件", "退回", "Cell", 21),
    )
    yield from only_if("项目表", paragraph(sentence), paragraph(how), projects)
    others = plain_table(
        "文件表",
        ("序号", "序号", "Centre", 13),
        ("文件", "文件", "Cell", 47),
        ("问题", "问题", "Cell", 48),
        ("怎样改", "办法", "Cell", 48),
    )
    intro = paragraph(f"{{% if 项目表 %}}另有{{% endif %}}下列文件没有采用，请核对，需要重新报送的，请{deadline}报送：")
    yield from only_if("文件表", intro, others)
    yield from close_notice()
