"""整改通知书: what a unit is told that it has to mend; its form and its tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_tools.reports.blocks import HEADING_1, only_if, plain_table, red_head, signature, titles
from workbook_tools.reports.tags import FormTag, rows_tag
from workbook_tools.word.drawing import Block, SectionEnd, paragraph
from workbook_tools.word.text import one_line, paragraphs

RECTIFY_FORM = "整改通知书.docx"


@dataclass(frozen=True, slots=True)
class RequiredMending:
    """A matter as the notice puts it."""

    project: str
    code: str
    origin: str
    found: str
    required: str
    due: str
    """As printed; blank where no term is given."""


@dataclass(frozen=True, slots=True)
class RectifyFacts:
    """What a unit is told in one notice."""

    unit: str
    department: str
    year: int
    authority: str
    contact: str
    red_head: str
    number: str
    date: str
    due: str
    """Of all matters that have none of their own; blank: as soon as possible."""
    round: int
    answer_file: str
    """Name of the workbook to answer in."""
    matters: Sequence[RequiredMending]

    @property
    def numbered(self) -> list[tuple[int, RequiredMending]]:
        """The matters, counted from 1."""
        return list(enumerate(self.matters, 1))


_MATTER_LINE: tuple[FormTag[tuple[int, RequiredMending]], ...] = (
    FormTag("序号", "从 1 起", lambda line: line[0]),
    FormTag("项目", "名称和编码", lambda line: one_line(f"{line[1].project}（{line[1].code}）")),
    FormTag("来源", "问题从哪里来：审核错误、失分、没有报送，或别处转来的", lambda line: one_line(line[1].origin)),
    FormTag("问题", "发现的问题", lambda line: paragraphs(line[1].found)),
    FormTag("要求", "整改要求和建议", lambda line: paragraphs(line[1].required)),
    FormTag("期限", "这一项的期限；没有写时为“尽快”", lambda line: one_line(line[1].due) or "尽快"),
)
RECTIFY_TAGS: tuple[FormTag[RectifyFacts], ...] = (
    FormTag("单位", "实施单位", lambda f: one_line(f.unit)),
    FormTag("部门", "主管部门", lambda f: one_line(f.department)),
    FormTag("年度", "评价年度", lambda f: str(f.year)),
    FormTag("组织单位", "组织自评的单位，即 `wbt.toml` 中的 `authority`", lambda f: one_line(f.authority)),
    FormTag("版头", "发文机关标志，即 `red_head`；没有写时为空", lambda f: one_line(f.red_head)),
    FormTag("发文字号", "即 `notice_number`；没有写时为空", lambda f: one_line(f.number)),
    FormTag("成文日期", "即 `notice_date`；没有写时为空", lambda f: one_line(f.date)),
    FormTag("期限", "整改期限；没有写时为空", lambda f: one_line(f.due)),
    FormTag("联系", "联系方式；没有写时为空", lambda f: one_line(f.contact)),
    FormTag("次数", "给这个单位的第几次通知", lambda f: f.round),
    FormTag("回复文件", "填写整改情况的工作簿的文件名", lambda f: one_line(f.answer_file)),
    FormTag("事项数", "要整改的事项有几项", lambda f: len(f.matters)),
    FormTag("项目数", "涉及几个项目", lambda f: len({one.code for one in f.matters})),
    rows_tag("事项表", "要整改的事项，按项目排", lambda f: f.numbered, _MATTER_LINE),
)
"""Every tag of 整改通知书."""


def draw_rectify_notice() -> Iterator[Block]:
    """The form of 整改通知书."""
    deadline = "{% if 期限 %}于{{ 期限 }}前{% else %}尽快{% endif %}"
    yield from red_head()
    yield from titles("关于整改{{ 年度 }}年度", "项目支出绩效自评发现问题的通知")
    yield paragraph("{%p if 发文字号 and not 版头 %}")
    yield paragraph("{{ 发文字号 }}", style="Subtitle")
    yield paragraph("{%p else %}")
    yield paragraph(style="Subtitle")
    yield paragraph("{%p endif %}")
    yield paragraph("{{ 单位 }}：", style="Addressee")
    yield paragraph(
        "对{{ 年度 }}年度项目支出绩效自评进行了审核，你单位有{{ 项目数 }}个项目共{{ 事项数 }}项问题需要整改"
        "{% if 次数 > 1 %}（第{{ 次数 }}次通知）{% endif %}。现将有关事项通知如下："
    )
    yield paragraph("一、发现的问题和整改要求", style=HEADING_1)
    yield plain_table(
        "事项表",
        ("序号", "序号", "Centre", 10),
        ("项目", "项目", "Cell", 30),
        ("来源", "来源", "Centre", 14),
        ("发现的问题", "问题", "Cell", 45),
        ("整改要求和建议", "要求", "Cell", 37),
        ("期限", "期限", "Centre", 20),
        small=True,
    )
    yield paragraph("二、整改和报送", style=HEADING_1)
    yield paragraph(
        f"请你单位对照上表逐项整改，{deadline}完成，并将整改措施、结果和佐证材料填入随本通知发送的“{{{{ 回复文件 }}}}”报{{{{ 组织单位 }}}}。"
        "只填其中黄色的单元格，不要另建文件。到期不能完成的，写明原因和预计完成的时间。"
    )
    yield paragraph("整改情况将进行核查，并与绩效评价结果应用相结合。", keep=True)
    yield from only_if("联系", paragraph("联系人及电话：{{ 联系 }}", keep=True))
    yield paragraph("特此通知。", keep=True)
    yield from signature("{{ 组织单位 }}")
    yield from only_if("部门 and 部门 != 单位", paragraph("抄送：{{ 部门 }}"))
    yield SectionEnd()
