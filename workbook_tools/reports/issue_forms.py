"""What goes out to a department with its workbooks: 下发通知 and the page 怎样填, their forms and their tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_tools.core.model import Project
from workbook_tools.form.fields import Notice
from workbook_tools.form.guide import list_steps
from workbook_tools.reports.blocks import HEADING_1, close_notice, only_if, plain_table, titles
from workbook_tools.reports.tags import FormTag, rows_tag
from workbook_tools.word.drawing import Block, SectionEnd, paragraph
from workbook_tools.word.text import one_line

ISSUE_NOTICE, GUIDE_PAGE = "下发通知.docx", "怎样填.docx"


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """What is sent to a department."""

    department: str
    year: int
    notice: Notice
    workbooks: Sequence[tuple[Project, str]]
    """Its projects in the list's order, each with the name of its workbook in the zip."""

    @property
    def numbered(self) -> list[tuple[int, Project, str]]:
        """The same, counted from 1."""
        return [(number, project, name) for number, (project, name) in enumerate(self.workbooks, 1)]


@dataclass(frozen=True, slots=True)
class GuideFacts:
    """What the page 怎样填 says."""

    year: int
    notice: Notice
    evidence: bool
    """The workbooks have a sheet for 佐证材料."""


_WORKBOOK_LINE: tuple[FormTag[tuple[int, Project, str]], ...] = (
    FormTag("序号", "从 1 起", lambda line: line[0]),
    FormTag("编码", "项目编码", lambda line: one_line(line[1].code)),
    FormTag("项目", "项目名称", lambda line: one_line(line[1].name)),
    FormTag("单位", "实施单位", lambda line: one_line(line[1].unit)),
    FormTag("文件", "压缩包里的工作簿", lambda line: one_line(line[2])),
)
ISSUE_TAGS: tuple[FormTag[IssueFacts], ...] = (
    FormTag("部门", "主管部门", lambda f: one_line(f.department)),
    FormTag("年度", "评价年度", lambda f: str(f.year)),
    FormTag("组织单位", "组织自评的单位，即 `wbt.toml` 中的 `authority`", lambda f: one_line(f.notice.authority)),
    FormTag("期限", "报送截止日期；没有写时为空", lambda f: one_line(f.notice.deadline)),
    FormTag("联系", "联系方式；没有写时为空", lambda f: one_line(f.notice.contact)),
    FormTag("项目数", "该部门的项目个数", lambda f: len(f.workbooks)),
    FormTag("说明页", "说明怎样填的那一页的文件名", lambda _: GUIDE_PAGE),
    rows_tag("项目表", "该部门的项目，按清单的次序", lambda f: f.numbered, _WORKBOOK_LINE),
)
"""Every tag of 下发通知."""
GUIDE_TAGS: tuple[FormTag[GuideFacts], ...] = (
    FormTag("年度", "评价年度", lambda f: str(f.year)),
    FormTag("组织单位", "组织自评的单位", lambda f: one_line(f.notice.authority)),
    FormTag("期限", "报送截止日期；没有写时为空", lambda f: one_line(f.notice.deadline)),
    FormTag("联系", "联系方式；没有写时为空", lambda f: one_line(f.notice.contact)),
    rows_tag(
        "步骤", "怎样填，与工作簿“填报说明”表的相同", lambda f: list(enumerate(list_steps(evidence=f.evidence), 1)),
        (
            FormTag("序号", "从 1 起", lambda line: line[0]),
            FormTag("内容", "一步", lambda line: line[1]),
        ),
    ),
)  # fmt: skip
"""Every tag of 怎样填."""


def draw_issue_notice() -> Iterator[Block]:
    """The form of 下发通知."""
    yield from titles("关于开展{{ 年度 }}年度", "项目支出绩效自评工作的通知")
    yield paragraph(style="Subtitle")
    yield paragraph("{{ 部门 }}：", style="Addressee")
    yield paragraph(
        "现将你部门{{ 年度 }}年度{{ 项目数 }}个项目的绩效自评工作簿发给你们，请转发各项目实施单位填报，并做好组织、审核工作。"
    )
    yield paragraph("一、填报范围", style=HEADING_1)
    yield plain_table(
        "项目表",
        ("序号", "序号", "Centre", 12),
        ("项目编码", "编码", "Cell", 34),
        ("项目名称", "项目", "Cell", 66),
        ("实施单位", "单位", "Cell", 44),
    )
    yield paragraph("二、填报方法", style=HEADING_1)
    yield paragraph(
        "一个项目一个工作簿，以项目编码和名称命名，用 Excel 或 WPS 打开，只填黄色单元格，不要改文件的其他地方。具体方法见同一压缩包中的“{{ 说明页 }}”"
        "和工作簿的第一张表。"
    )
    yield paragraph("三、报送要求", style=HEADING_1)
    yield paragraph(
        "请{% if 期限 %}于{{ 期限 }}前{% else %}尽快{% endif %}将填好的工作簿原样发回{{ 组织单位 }}，由主管部门汇总后统一报送："
        "不要另存为其他格式，不要加打开密码，不要另制表格。项目不再实施或与清单不符的，请先来电说明，不要自行增减。"
    )
    yield from close_notice()


def draw_guide_page() -> Iterator[Block]:
    """The form of 怎样填: one page."""
    yield from titles("{{ 年度 }}年度绩效自评工作簿怎样填")
    yield paragraph("{%p for 行 in 步骤 %}")
    yield paragraph("{{ 行.序号 }}. {{ 行.内容 }}", style="BriefText")
    yield paragraph("{%p endfor %}")
    yield from only_if("期限", paragraph("报送截止：{{ 期限 }}", style="BriefText"))
    yield from only_if("联系", paragraph("咨询联系：{{ 联系 }}", style="BriefText"))
    yield SectionEnd()
