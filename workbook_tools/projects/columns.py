"""The one table of columns of 项目清单: what writes a heading, finds it again, and explains it to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from workbook_tools.core.model import LEAF_SOURCES, Direction, FundingSource, Measure
from workbook_tools.core.values import plain

PROJECT_SHEET, INDICATOR_SHEET, GUIDE_SHEET = "项目", "指标", "填写说明"
BUDGETS = (Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET)
"""The funding rows that the list states; the others come back from the units."""

Kind = Literal["code", "line", "short", "paragraph", "amount", "points"]

_MARKS = re.compile(r"\((?:必填|选填|可不填|分)\)|单位:|[*()\[\]【】:,_/·—-]")
"""What is left out of a heading: (分) and * of 权重(分)*."""


def heading(text: object) -> str:
    """A heading without what people add or change: blanks, line breaks, brackets, dashes, （必填）, （分）, ``*``."""
    return _MARKS.sub("", plain(str(text)))


@dataclass(frozen=True)
class ListColumn:
    """A column of the list. ``key`` is the model's field, ``budget.source`` for an amount."""

    key: str
    label: str
    kind: Kind
    width: float
    prompt: str
    unit: str = ""
    required: bool = False
    written: bool = True
    """Not written: only understood when somebody's list has it."""
    last_year: bool = False
    """What was reached the year before, to read and not to fill in; written only where the list has any of it."""
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The heading as written: 权重（分）, 项目编码*."""
        return self.label + (f"（{self.unit}）" if self.unit else "") + ("*" if self.required else "")

    @cached_property
    def headings(self) -> frozenset[str]:
        """The headings by which the column is found, as :func:`heading` gives them (without the unit 万元)."""
        return frozenset(heading(name) for name in (self.label, *self.aliases))


def amount_key(budget: Measure, source: FundingSource) -> str:
    """Key of an amount's column."""
    return f"{budget.value}.{source.value}"


_OTHER_NAMES = {
    FundingSource.TOTAL: ("", "合计", "总额", "总金额", "资金总额"),
    FundingSource.FISCAL_SUBTOTAL: ("小计", "财政资金"),
    FundingSource.COUNTY: ("县", "县级", "区级"),
    FundingSource.CARRIED_OVER: ("结转", "结转资金"),
}


def _amount_columns(budget: Measure, prompt: str) -> Iterator[ListColumn]:
    short = budget.label.removesuffix("预算资金")
    for source in (*LEAF_SOURCES, FundingSource.TOTAL, FundingSource.FISCAL_SUBTOTAL):
        name = source.label.removesuffix("级").removesuffix("资金")
        ends = (name, source.label, f"{source.label}资金", *_OTHER_NAMES.get(source, ()))
        yield ListColumn(
            amount_key(budget, source),
            f"{short}-{name}",
            "amount",
            7,
            f"{prompt}：{source.label}，只写数字，没有的留空。",
            unit="万元",
            written=source in LEAF_SOURCES,
            aliases=tuple(
                f"{start}{end}" for start in (short, f"{short}预算", f"{short}预算数", budget.label) for end in ends
            ),
        )


_ONLY_TO_READ = "由上年的审核结果带入，定今年的目标时参考，不用填写。"
# Up to 年度总体目标 they fit a screen of 1366 pixels at 100%, in small texts.
PROJECT_COLUMNS = (
    ListColumn(
        "code", "项目编码", "code", 9.5, "一个年度内不得重复。按文本保存，开头的 0 会保留。",
        required=True, aliases=("项目编号", "项目代码"),
    ),
    ListColumn("name", "项目名称", "line", 16, "与预算批复一致。", required=True),
    ListColumn("department", "主管部门", "line", 9, "汇总和部门报告按它归类，同一部门写法要一致。", required=True),
    ListColumn("unit", "实施单位", "line", 10, "实际使用资金并填报自评表的单位。", required=True, aliases=("项目实施单位", "项目单位")),
    ListColumn("scheme", "评分方案", "short", 6, "方案的代号；留空则用本次自评的方案。"),
    *_amount_columns(Measure.INITIAL_BUDGET, "年初批复的预算"),
    *_amount_columns(Measure.ANNUAL_BUDGET, "调整后的全年预算，执行率以它计算"),
    ListColumn(
        "annual_goal", "年度总体目标", "paragraph", 17, "批复的年度总体目标。",
        aliases=("年度目标", "年度绩效目标", "项目年度目标"),
    ),
    ListColumn(
        "period_goal", "实施期目标", "paragraph", 17, "跨年度项目整个实施期的目标；没有的留空。",
        aliases=("实施期绩效目标", "项目实施期绩效目标", "实施期总目标", "中长期目标"),
    ),
    ListColumn("remark", "备注", "line", 15, "只给自己看，不下发。不能公开的写“涉密”或“不公开”和原因，做公开版时就不公开。"),
    ListColumn("last_rate", "上年执行率", "short", 9, _ONLY_TO_READ, last_year=True),
    ListColumn("last_score", "上年得分", "points", 7, _ONLY_TO_READ, unit="分", last_year=True),
    ListColumn("last_grade", "上年等级", "short", 7, _ONLY_TO_READ, last_year=True),
)  # fmt: skip

INDICATOR_COLUMNS = (
    ListColumn(
        "code", "项目编码", "code", 24, "与“项目”表一致，每一行都要写。",
        required=True, aliases=("项目编号", "项目代码"),
    ),
    ListColumn("dimension", "一级指标", "line", 15, "从评分方案的一级指标中选择。预算执行率由程序加入，不要写。", required=True),
    ListColumn("category", "二级指标", "line", 20, "一般从列表中选择，也可另写。", required=True),
    ListColumn("name", "三级指标", "line", 36, "具体指标的名称。", required=True, aliases=("三级指标名称", "指标名称")),
    ListColumn("weight", "权重", "points", 10, "只写数字。各指标之和加预算执行率的分值等于总分。", unit="分", aliases=("分值", "指标权重")),
    ListColumn(
        "direction", "指标性质", "short", 11,
        f"{Direction.AT_LEAST.symbol} 不低于目标；{Direction.AT_MOST.symbol} 不超过目标；{Direction.EQUAL.symbol} 等于目标；"
        f"{Direction.QUALITATIVE.symbol} 用文字描述的目标。",
        aliases=("性质",),
    ),
    ListColumn(
        "target", "目标值", "short", 16, "定量指标写数字，也可写成“≥95%”，程序会拆开；定性指标写文字，如“有效”。",
        aliases=("指标值", "年度指标值", "年度目标值"),
    ),
    ListColumn("unit", "计量单位", "short", 11, "与目标值、完成值一致，如 %、个、万元、天。", aliases=("度量单位",)),
    ListColumn("rule", "计分规则", "short", 13, "一般留空；方案另有专门规则的，写规则代号。"),
    ListColumn("last_target", "上年目标值", "short", 12, _ONLY_TO_READ, last_year=True),
    ListColumn("last_actual", "上年实际值", "short", 12, _ONLY_TO_READ, last_year=True),
    ListColumn("last_score", "上年得分", "points", 9, _ONLY_TO_READ, unit="分", last_year=True),
)  # fmt: skip
INDICATOR_COLUMN = {column.key: column for column in INDICATOR_COLUMNS}
