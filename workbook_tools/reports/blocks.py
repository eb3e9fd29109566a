"""What the report forms are built of: headings with a narrative, conditions, tables over rows of data.

These pieces know the tags; :mod:`workbook_tools.word.drawing` knows how Word wants them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_tools.core.labels import FURTHER_COLUMNS, CellContent
from workbook_tools.core.model import FundingSource
from workbook_tools.word.drawing import (
    Block,
    ContentsBlock,
    SectionEnd,
    TableBlock,
    TableCell,
    TagRow,
    TextRun,
    paragraph,
)
from workbook_tools.word.official_style import TEXT_WIDTH

END_FOR = TagRow("{%tr endfor %}")
HEADING_1, HEADING_2, HEADING_3 = "Heading1", "Heading2", "Heading3"

INDICATOR_CELLS: dict[str, tuple[str, str, float]] = {
    "dimension": ("{{ 行.一级指标 }}", "Centre", 27.5),
    "category": ("{{ 行.二级指标 }}", "Centre", 29),
    "indicator": ("{{ 行.三级指标 }}", "Cell", 40),
    "direction": ("{{ 行.指标性质 }}", "Centre", 14),
    "unit": ("{{ 行.计量单位 }}", "Centre", 14),
    "weight": ("{{ 行.权重 }}", "Number", 18),
    "target": ("{{ 行.目标值 }}", "Centre", 21),
    "actual": ("{{ 行.业绩值 }}", "Centre", 22),
    "completion": ("{{ 行.完成率 }}", "Number", 19.5),
    "score": ("{{ 行.得分 }}", "Number", 20),
    "self_deduction": ("{{ 行.自扣分 }}", "Number", 15),
    "deviation_reason": ("{{ 行.原因 }}", "Cell", 50),
    **{
        column: (f"{{{{ 行.{column.label} }}}}", "Cell" if column.facts.content is CellContent.TEXT else "Number", 25)
        for column in FURTHER_COLUMNS
    },
}
"""Column of an indicator table → what its cells print, their style, and the column's share of the width."""


def front_matter(*title: str, facts: Sequence[tuple[str, str]]) -> Iterator[Block]:
    """Cover and table of contents in a section of their own, without page numbers; each if the settings ask for it."""
    yield paragraph("{%p if 封面 or 目录 %}")
    yield paragraph("{%p if 封面 %}")
    yield from (paragraph(style="CoverTitle") for _ in range(3))
    yield from (paragraph(line, style="CoverTitle") for line in title)
    yield from (paragraph(style="CoverTitle") for _ in range(3))
    for label, text in facts:
        line = paragraph(TextRun(f"{label}：", font="黑体"), text, style="CoverLine")
        yield from only_if(label, line) if label == "项目编码" else (line,)  # the public version has none
    yield paragraph("{%p endif %}")
    yield from only_if("目录", paragraph("目　　录", style="ContentsTitle"), ContentsBlock())
    yield SectionEnd(numbered=False)
    yield paragraph("{%p endif %}")


def red_head() -> Iterator[Block]:
    """版头: the issuing body in red, the document's number and the red line, if the settings name a body."""
    yield from only_if(
        "版头",
        paragraph("{{ 版头 }}", style="RedHead"),
        paragraph("{{ 发文字号 }}", style="RedNumber"),
    )


def signature(who: str = "{{ 实施单位 }}", *, style: str = "Signature") -> Iterator[Block]:
    """落款: who and when, never alone on a page; without a date in the settings there is room to write it.

    What stands above it must hold its last paragraph on the page of what follows (``keep``).
    """
    yield paragraph(keep=True, style=style if style != "Signature" else "")
    yield paragraph(who, style=style)
    yield paragraph("{% if 成文日期 %}{{ 成文日期 }}{% else %}年　　月　　日{% endif %}", style=style)


def close_notice() -> Iterator[Block]:
    """The end of a notice: whom to ask, and who and when, held on one page by the sentence above them."""
    yield from only_if("联系", paragraph("联系人及电话：{{ 联系 }}", keep=True))
    yield paragraph("特此通知。", keep=True)
    yield paragraph(keep=True)
    yield paragraph("{{ 组织单位 }}", style="Signature", keep=True)
    yield paragraph("年　　月　　日", style="Signature")
    yield SectionEnd()


def narrative(key: str, label: str = "", *, keep: bool = False) -> Block:
    """A narrative section, with its label in front if it has no heading of its own.

    ``keep`` holds its last paragraph on the page of what follows.
    """
    return paragraph(TextRun(label, bold=True), f"{{{{ 正文.{key} }}}}", keep=keep)


def headed(style: str, heading: str, key: str, *, keep: bool = False) -> Iterator[Block]:
    """A heading and its narrative section."""
    yield paragraph(heading, style=style)
    yield narrative(key, keep=keep)


def only_if(condition: str, *then: Block, otherwise: str = "") -> Iterator[Block]:
    """Blocks under a condition; else a sentence, or nothing."""
    yield paragraph(f"{{%p if {condition} %}}")
    yield from then
    if otherwise:
        yield paragraph("{%p else %}")
        yield paragraph(otherwise)
    yield paragraph("{%p endif %}")


def drafted(name: str, otherwise: str = "", *, style: str = "", keep: bool = False) -> Iterator[Block]:
    """A text that is drafted from the figures, if there is one; ``keep`` as in :func:`narrative`."""
    yield paragraph(f"{{%p if 正文.{name} %}}")
    yield paragraph(f"{{{{ 正文.{name} }}}}", style=style, keep=keep)
    if otherwise:
        yield paragraph("{%p else %}")
        yield paragraph(otherwise, style=style, keep=keep)
    yield paragraph("{%p endif %}")


def titles(*lines: str) -> Iterator[Block]:
    """The lines of the title."""
    for line in lines:
        yield paragraph(line, style="Title")


def conclusion(sentence: str, no_indicators: str, *, keep: bool = False) -> Iterator[Block]:
    """The sentence with total and grade, or why there is none; ``keep`` holds it on the page of the table below."""
    renamed = "单位填报、签字时的项目名称是“{{ 填报时名称 }}”，本报告用现在项目清单中的名称。"
    yield from only_if("填报时名称", paragraph(renamed, keep=keep))
    yield paragraph("{%p if 待更正 %}")
    yield paragraph("填报不完整（{{ 待更正 }}），目前各项得分合计{{ 总分 }}分，总分和评价等级{{ 等级 }}。", keep=keep)
    yield from only_if("复核说明", paragraph("{{ 复核说明 }}", keep=keep))
    yield paragraph("{%p elif 总分 %}")
    yield paragraph(sentence, keep=keep)
    yield paragraph("{%p if 核定说明 %}")
    yield paragraph("{{ 核定说明 }}", keep=keep)
    yield paragraph("{%p endif %}")
    yield paragraph("{%p if 自扣说明 %}")
    yield paragraph("{{ 自扣说明 }}", keep=keep)
    yield paragraph("{%p endif %}")
    yield from only_if("复核说明", paragraph("{{ 复核说明 }}", keep=keep))
    yield paragraph("{%p elif 自评指标 %}")
    yield paragraph("现有填报内容不足以得出总分，本报告不列总分和等级。")
    yield paragraph("{%p else %}")
    yield paragraph(no_indicators + "本报告不列总分和等级。")
    yield paragraph("{%p endif %}")


def funding_table() -> Block:
    """资金表: seven rows by eight columns of money under a header of two rows."""
    fiscal = (
        FundingSource.FISCAL_SUBTOTAL,
        FundingSource.CENTRAL,
        FundingSource.PROVINCIAL,
        FundingSource.MUNICIPAL,
        FundingSource.COUNTY,
    )
    total, *tail = (
        TableCell(f"{s.label}\n(万元)", "SmallHeader", merge="restart")
        for s in (FundingSource.TOTAL, FundingSource.CARRIED_OVER, FundingSource.OTHER)
    )
    outer = [TableCell(text, "SmallHeader", merge="restart") for text in ("项目", "行次")]
    below = TableCell("", "SmallHeader", merge="continue")
    names = [TableCell(s.label.removeprefix("财政资金"), "SmallHeader") for s in fiscal]
    amounts = [TableCell(f"{{{{ 行.{s.label} }}}}", "SmallNumber") for s in FundingSource]
    widths = [21, 19, 17.2]
    rest = (TEXT_WIDTH - sum(widths)) / (len(FundingSource) - 1)
    return TableBlock(
        [*widths, *[rest] * (len(FundingSource) - 1)],
        [
            [*outer, total, TableCell("财政资金", "SmallHeader", span=len(fiscal)), *tail],
            [below, below, below, *names, below, below],
            TagRow("{%tr for 行 in 资金 %}"),
            [TableCell("{{ 行.项目 }}", "SmallCell"), TableCell("{{ 行.行次 }}", "SmallCentre"), *amounts],
            END_FOR,
        ],
        header_rows=2,
        margin=0.6,
        together=True,
    )


def indicator_table(
    rows: str,
    columns: Sequence[tuple[str, str]],
    *,
    width: float,
    level_weight: bool = False,
    last: Sequence[TableCell] = (),
    together: bool = False,
) -> Block:
    """A table over ``rows`` (a tag): key and heading of each column; ``last`` is a closing row.

    ``level_weight`` prints the weight of a dimension below its name; ``together`` keeps a short table on one page.
    """
    cells = {key: INDICATOR_CELLS[key] for key, _ in columns}
    total = sum(share for _, _, share in cells.values())
    body = [TableCell(text, style) for text, style, _ in cells.values()]
    if level_weight:
        weight = "{% if 行.一级权重 %}{{ 换行 }}（{{ 行.一级权重 }}分）{% endif %}"
        body[0] = TableCell(body[0].text + weight, body[0].style)
    lines: list[Sequence[TableCell] | TagRow] = [
        [TableCell(heading, "Header") for _, heading in columns],
        TagRow(f"{{%tr for 行 in {rows} %}}"),
        body,
        END_FOR,
    ]
    if last:
        lines.append(last)
    return TableBlock([width * share / total for _, _, share in cells.values()], lines, together=together)


def plain_table(rows: str, *columns: tuple[str, str, str, float], together: bool = False, small: bool = False) -> Block:
    """A table over ``rows``: heading, tag, cell style and width of each column; ``together``: on one page.

    Its letters are ``small`` where it has many columns, or where that is asked for.
    """
    prefix = "Small" if small or len(columns) > 6 else ""
    return TableBlock(
        [width for *_, width in columns],
        [
            [TableCell(heading, f"{prefix}Header") for heading, *_ in columns],
            TagRow(f"{{%tr for 行 in {rows} %}}"),
            [TableCell(f"{{{{ 行.{tag} }}}}", prefix + style) for _, tag, style, _ in columns],
            END_FOR,
        ],
        together=together,
    )
