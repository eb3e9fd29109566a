"""What a form of today was understood to say: every value with the place where it stands.

The recogniser makes these records; :mod:`workbook_tools.legacy.conversion.convert` turns them into Projects and Submissions.

Units: money in 万元 whatever the form uses; weights and scores in 分; a rate as a fraction (0.95); a target or
actual in ``FormIndicator.unit`` (95 with unit %), or a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from workbook_tools.core.model import Direction, FundingSource, Measure, Value
from workbook_tools.legacy.words.doubts import Doubt, FormLayout, KeptReading

NAMES_OF_FACTS = {
    "project": "项目名称",
    "code": "项目编码",
    "department": "主管部门",
    "unit": "实施单位",
    "both": "部门（单位）",
    "reporter": "填报单位",
    "contact": "联系人",
    "phone": "联系电话",
    "date": "填报日期",
    "category": "项目类别",
    "attribute": "项目属性",
    "type": "项目类型",
    "higher_department": "上级主管部门",
    "year": "评价年度",
    "period": "实施期",
    "special": "是否专项资金",
    "amount_unit": "金额单位",
    "total": "自评总分",
    "finance_score": "财政审核得分",
    "grade": "评价等级",
    "form_number": "报表编号",
}
"""Key of the form's head → what people call it."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place a person can find: sheet and cell (B7), 表格3 and 第5行第2格, or 正文 and 第12段."""

    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that the form states."""

    value: Value
    """As understood: a number in our unit, or a text."""
    printed: str
    """As the form shows it, without blanks around it."""
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class FormIndicator:
    """One indicator: a row of the form's table. What the form has no cell for is ``None``."""

    dimension: str
    """一级指标, without blanks and without points (产出指标)."""
    category: str
    """二级指标, likewise."""
    name: Stated
    """三级指标."""
    direction: Direction
    direction_from: str = ""
    """From what it was derived, in words, where no sign states it."""
    sign: str = ""
    """指标性质 as printed, in its own column or before the target."""
    target: Stated | None = None
    unit: str = ""
    """As printed: behind the target, in its own column, in the name, or behind the actual."""
    actual: Stated | None = None
    completion: Stated | None = None
    """完成率, a fraction."""
    weight: Stated | None = None
    score: Stated | None = None
    """得分. One that is merged over several rows belongs to the first of them."""
    score_rows: int = 1
    """So many indicators share the score."""
    folded_score: Stated | None = None
    """单项得分×权重占比, where the form folds its scores."""
    reason: Stated | None = None
    evidence: Stated | None = None
    """佐证材料: what proves the actual. A cell that is merged over several rows is stated in each of them."""
    remark: str = ""
    """Text of columns that say something else about the row (得分计算方法, 说明 …)."""
    is_part: bool = False
    """A 其中 row: part of the indicator above it."""
    is_execution_rate: bool = False
    """预算执行率 as a row of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingLine:
    """A row of the funding block."""

    label: str
    source: FundingSource | None
    """Whose money; ``None`` where the words have no place in the funding table."""
    amounts: Mapping[Measure, Stated] = field(default_factory=dict)
    """万元, by initial_budget, annual_budget, received, executed."""
    rate: Stated | None = None
    """执行率 as printed, a fraction."""
    weight: Stated | None = None
    score: Stated | None = None


class Concern(StrEnum):
    """Why a person should look at a place."""

    AMBIGUOUS = "ambiguous"
    """It can fairly be read in two ways; one was taken."""
    UNKNOWN = "unknown"
    """It was not understood and is not in the result."""
    ANSWERED = "answered"
    """It can be read in two ways; the office has said which one holds for forms of this layout."""
    UNSEEN = "unseen"
    """It was read, and nobody sees it: a hidden row, ink of the ground."""
    REFUSED = "refused"
    """What the office has said cannot be: the doubt is read as if nothing had been said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What was doubtful or not understood, with its place. Nothing is dropped without one."""

    concern: Concern
    where: Where
    field: str
    """What it is about (目标值 of 培训人数)."""
    printed: str
    taken: str = ""
    """The reading taken, in words."""
    other: str = ""
    """The other fair reading, in words."""
    doubt: Doubt | None = None
    """What an office may answer once for the layout."""
    kept: KeptReading | None = None
    """What it has answered, and was taken or refused."""
    differs: str = ""
    """What of its layout differs from one of which the same was answered."""

    def of_layout(self, layout: FormLayout) -> Remark:
        """Its doubt, if it has one, arose in this layout."""
        return self if self.doubt is None else replace(self, doubt=replace(self.doubt, layout=layout))


@dataclass(slots=True, kw_only=True)
class HandmadeForm:
    """One recognised form: a project's self-evaluation."""

    file: str
    sheet: str
    title: str = ""
    head: dict[str, Stated] = field(default_factory=dict)
    """project, code, department, unit, contact, phone, date, category … by key of the vocabulary."""
    unformatted: bool = False
    """Its numbers came without their formats."""
    is_report: bool = False
    """A full report, with sections of text: what a report must have, and it has not, is asked for."""
    year: Stated | None = None
    """评价年度 as a number."""
    amount_unit: str = "万元"
    """As the form says (万元 or 元); amounts here are in 万元 already."""
    funding: list[FundingLine] = field(default_factory=list)
    """The total row first, where there is one."""
    funding_from: str = "table"
    """``table`` or ``prose``."""
    execution_rate: Stated | None = None
    """预算执行率 as printed, a fraction, wherever the form states it."""
    execution_weight: Stated | None = None
    """Points for the execution rate, wherever the form states them."""
    execution_score: Stated | None = None
    entries: list[FormIndicator] = field(default_factory=list)
    template_rows: list[Stated] = field(default_factory=list)
    """Rows of the empty form (指标2:, ……, /) that are no indicators."""
    total: Stated | None = None
    """总分 as printed."""
    total_weight: Stated | None = None
    """The weights' sum as printed."""
    grade: Stated | None = None
    texts: dict[str, Stated] = field(default_factory=dict)
    """goal_annual, goal_actual, problems, suggestions … by key of the vocabulary; a text of several cells is joined."""
    points: dict[str, Stated] = field(default_factory=dict)
    """Points that labels of levels and goals state (产出指标(50分)), by label without them."""
    blank_sections: set[str] = field(default_factory=set)
    """Headings of a report below which nothing stands, by key of the vocabulary."""
    blank: str = ""
    """That nothing is filled in while another sheet of the workbook is, as a sentence."""
    columns: set[str] = field(default_factory=set)
    """What the table of indicators has columns for, by key of the vocabulary."""
    remarks: list[Remark] = field(default_factory=list)
    places: set[Where] = field(default_factory=set)
    """Where its cells stand in the file: those that were understood and those that are listed."""
    cells_understood: int = 0
    """How many cells with content were understood, of ``cells_filled``."""
    cells_filled: int = 0

    @property
    def total_line(self) -> FundingLine | None:
        """The funding's total row."""
        return next((line for line in self.funding if line.source is FundingSource.TOTAL), None)
