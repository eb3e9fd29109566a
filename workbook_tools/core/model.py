"""The records that cross every border of the program.

Two kinds of records live here. *Interchange* records (pydantic) are what 项目清单.json and the
identity sheet of a workbook carry; they have a JSON Schema. *Working* records (slotted dataclasses)
carry a filled workbook from the reader to the checks; they are made by the hundred per workbook.

Units: money in 万元; weights and scores in 分; rates and completions as fractions (0.95 is 95%).
A number whose unit is ``%`` is held as people say it in an :class:`Indicator` (95) and as the cell
holds it in an :class:`Answer` (0.95); :func:`workbook_tools.core.values.cell_number` converts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

PROJECTS_SCHEMA_VERSION = "1"
"""Version of the JSON form of the project list (docs/schema/projects.schema.json)."""

Value = float | str | None
"""What a cell can hold for us: a number, a text, or nothing."""


class Direction(StrEnum):
    """指标性质: when a target counts as met."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUAL = "equal"
    QUALITATIVE = "qualitative"

    @property
    def symbol(self) -> str:
        """The sign used in cells and drop-downs."""
        return _SYMBOLS[self]

    def is_opposite(self, other: Direction | None) -> bool:
        """One is a least and the other a most: that something is at most 100 says nothing of whether it is at least that."""
        return {self, other} == {Direction.AT_LEAST, Direction.AT_MOST}

    @classmethod
    def from_symbol(cls, text: str) -> Direction | None:
        """The direction that a sign or word means, or ``None``."""
        return _DIRECTIONS.get(text.strip())


_SYMBOLS = {Direction.AT_LEAST: "≥", Direction.AT_MOST: "≤", Direction.EQUAL: "＝", Direction.QUALITATIVE: "定性"}
_DIRECTIONS = {
    **{symbol: direction for direction, symbol in _SYMBOLS.items()},
    **{direction.value: direction for direction in Direction},
    **dict.fromkeys((">=", "≧", "＞＝", ">", "＞", "不低于", "不少于", "大于等于"), Direction.AT_LEAST),
    **dict.fromkeys(("<=", "≦", "＜＝", "<", "＜", "不高于", "不超过", "小于等于"), Direction.AT_MOST),
    **dict.fromkeys(("=", "═", "等于"), Direction.EQUAL),
}


class FundingSource(StrEnum):
    """The columns of the funding table: where money comes from."""

    TOTAL = "total"
    FISCAL_SUBTOTAL = "fiscal_subtotal"
    CENTRAL = "central"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    COUNTY = "county"
    CARRIED_OVER = "carried_over"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The column's heading in the funding table."""
        return _SOURCE_LABELS[self]


FISCAL_SOURCES = (FundingSource.CENTRAL, FundingSource.PROVINCIAL, FundingSource.MUNICIPAL, FundingSource.COUNTY)
"""小计 ＝ 中央 ＋ 省 ＋ 市 ＋ 县区."""
LEAF_SOURCES = (*FISCAL_SOURCES, FundingSource.CARRIED_OVER, FundingSource.OTHER)
"""The sources that are typed."""
SUM_SOURCES = (FundingSource.TOTAL, FundingSource.FISCAL_SUBTOTAL)
"""The other two, which are sums."""
_SOURCE_LABELS = {
    FundingSource.TOTAL: "年度总金额",
    FundingSource.FISCAL_SUBTOTAL: "财政资金小计",
    FundingSource.CENTRAL: "中央级",
    FundingSource.PROVINCIAL: "省级",
    FundingSource.MUNICIPAL: "市级",
    FundingSource.COUNTY: "县区级",
    FundingSource.CARRIED_OVER: "上年结转资金",
    FundingSource.OTHER: "其他资金",
}


class Measure(StrEnum):
    """The rows of the funding table."""

    INITIAL_BUDGET = "initial_budget"
    ANNUAL_BUDGET = "annual_budget"
    RECEIVED = "received"
    EXECUTED = "executed"
    BALANCE = "balance"
    ARRIVAL_RATE = "arrival_rate"
    EXECUTION_RATE = "execution_rate"

    @property
    def label(self) -> str:
        """The row's heading."""
        return _MEASURE_LABELS[self][0]

    @property
    def line(self) -> str:
        """The row's number in the form (行次), with its formula where it has one."""
        return _MEASURE_LABELS[self][1]


INPUT_MEASURES = (Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET, Measure.RECEIVED, Measure.EXECUTED)
"""The rows that are typed; the other three are formulas."""
RATE_MEASURES = (Measure.ARRIVAL_RATE, Measure.EXECUTION_RATE)
"""Fractions; the other rows are 万元."""
_MEASURE_LABELS = {
    Measure.INITIAL_BUDGET: ("年初预算资金", "(1)"),
    Measure.ANNUAL_BUDGET: ("全年预算资金", "(2)"),
    Measure.RECEIVED: ("实际到位资金", "(3)"),
    Measure.EXECUTED: ("全年执行资金", "(4)"),
    Measure.BALANCE: ("资金结余", "(5)=(3)-(4)"),
    Measure.ARRIVAL_RATE: ("预算到位率", "(6)=(3)/(2)"),
    Measure.EXECUTION_RATE: ("预算执行率", "(7)=(4)/(2)"),
}


class Record(BaseModel):
    """A frozen interchange record; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_EXACT = 1e15
"""A whole number below has no more than fifteen digits."""


def _fifteen_digits(value: Any) -> Any:
    if not isinstance(value, float) or (value.is_integer() and abs(value) < _EXACT):
        return value
    return float(f"{value:.15g}")


_AS_A_FORMULA_HOLDS_IT = AfterValidator(_fifteen_digits)
"""90/7 is 12.8571428571429 for the cell, for the formula and for us."""
Number = Annotated[float | None, _AS_A_FORMULA_HOLDS_IT]
Quantity = Annotated[float | str | None, _AS_A_FORMULA_HOLDS_IT]
Amounts = dict[FundingSource, Annotated[float, Field(allow_inf_nan=False), _AS_A_FORMULA_HOLDS_IT]]
"""万元 per leaf source; a source that is missing is blank in the table."""


class Indicator(Record):
    """One level-3 indicator as approved: what will be measured, how much it weighs, and its target."""

    dimension: str
    """一级指标, by the name the scheme gives it (产出指标)."""
    category: str
    """二级指标 (数量指标)."""
    name: str
    """三级指标."""
    weight: Number = None
    """分."""
    direction: Direction = Direction.AT_LEAST
    target: Quantity = None
    """A number in ``unit``; for a qualitative indicator a text (有效)."""
    unit: str = ""
    rule: str = ""
    """Name of one of the scheme's own step rules, or blank for the scheme's usual rule."""
    last_target: str = ""
    """上年目标值, as the form of the year before printed it (≥95%); blank where it was not there."""
    last_actual: str = ""
    """上年实际值, likewise (96%)."""
    last_score: Number = None
    """上年得分, in 分, as it counted."""


class Material(Record):
    """佐证材料: a paper or file that a unit lists, as typed."""

    name: str = ""
    pages: str = ""
    """页数 of a paper."""
    file: str = ""
    """文件名 of a file."""
    used_for: str = ""
    """Numbers of the indicators that it is for, where it is not listed under one."""


class IndicatorAnswer(Record):
    """What a unit states for one indicator, as typed."""

    actual: Quantity = None
    tier: str = ""
    """完成程度 of a qualitative indicator, by the scheme's tier names."""
    completion: Number = None
    """完成率 of a qualitative indicator, a fraction."""
    self_deduction: Number = None
    """自扣分, in 分: what the unit takes off the points of the rule, where its scheme allows that."""
    deviation_reason: str = ""
    applicable: bool = True
    materials: tuple[Material, ...] = ()
    """佐证材料 listed under it."""


class Answers(Record):
    """Everything a unit fills in; used to generate prefilled workbooks."""

    received: Amounts = {}
    executed: Amounts = {}
    indicators: tuple[IndicatorAnswer, ...] = ()
    """In the order of the project's indicators (or of ``proposed``)."""
    proposed: tuple[Indicator, ...] = ()
    """Indicators the unit proposes where none were approved."""
    execution_reason: str = ""
    texts: dict[str, str] = {}
    """Section key of the scheme → text."""
    info: dict[str, str] = {}
    """Other cells by field name: contact, phone, date …"""
    materials: tuple[Material, ...] = ()
    """佐证材料 listed below the indicators: for several of them, or for the project."""


NO_ANSWERS = Answers()


class Project(Record):
    """One row of the project list, with its indicators."""

    code: str
    """项目编码, unique in a year."""
    name: str
    department: str
    """主管部门."""
    unit: str
    """实施单位."""
    year: int
    scheme: str = ""
    """Id of the scheme; blank = the campaign's."""
    initial_budget: Amounts = {}
    annual_budget: Amounts = {}
    annual_goal: str = ""
    """年度总体目标 as approved."""
    period_goal: str = ""
    """实施期目标."""
    remark: str = ""
    """备注 of the list: the office's own, never issued. Where it says 涉密 or 不公开, nothing of the project is published."""
    last_rate: str = ""
    """上年执行率, as printed (96.5%)."""
    last_score: Number = None
    """上年得分, in 分, as it counted."""
    last_grade: str = ""
    """上年等级."""
    indicators: tuple[Indicator, ...] = ()
    answers: Answers | None = None


class ProjectList(Record):
    """项目清单 as JSON."""

    schema_version: str = PROJECTS_SCHEMA_VERSION
    year: int
    authority: str = ""
    scheme: str = ""
    projects: tuple[Project, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A value with the cell it came from. ``value`` is what is scored, ``raw`` what was typed."""

    value: Value
    raw: Value
    sheet: str
    cell: str

    @property
    def blank(self) -> bool:
        """Nothing was typed (blanks and full-width blanks count as nothing)."""
        return self.raw is None or (isinstance(self.raw, str) and not self.raw.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMaterial:
    """佐证材料 that a form lists: a line of the sheet in which something was typed, or a part of a cell of a form of today."""

    number: int
    """Of its indicator, from 1; 0 below the indicators."""
    indicator: str
    """Name of the indicator; for several those names, or what was typed."""
    name: str
    pages: str
    file: str
    sheet: str
    cell: str
    """Where its file name stands; its name where there is none."""
    label: str
    """What people call that cell."""
    unclear: str = ""
    """What is not clear about how it is written, as a sentence for the user."""
