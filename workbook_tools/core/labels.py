"""The parts of a form's indicator table (指标表), and what forms call them.

A column is described once, here. A scheme orders and labels the columns; the workbook holds a cell of each per
indicator, named after the column. What is approved is an attribute of that name of
:class:`~workbook_tools.core.model.Indicator`, what is stated of :class:`~workbook_tools.core.model.IndicatorAnswer`;
:class:`~workbook_tools.core.review_result.IndicatorRow` has them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Self

NO_DEPARTMENT, NO_UNIT = "（未填主管部门）", "（未填实施单位）"
"""Stand where nobody has said whose a project is."""


class FormLabels(NamedTuple):
    """The names of the parts of one authority's 自评表; the defaults are the usual ones.

    Direction, unit, tier, completion, 自扣分 and 是否适用 have no column on some authorities' forms; where they are needed they
    are added under their usual names.
    """

    form: str = "自评表"
    dimension: str = "一级指标"
    category: str = "二级指标"
    indicator: str = "三级指标"
    direction: str = "指标性质"
    target: str = "目标值"
    unit: str = "计量单位"
    actual: str = "完成值"
    tier: str = "完成程度"
    completion: str = "完成率"
    weight: str = "分值"
    score: str = "得分"
    self_deduction: str = "自扣分"
    deviation_reason: str = "偏差原因"
    applicable: str = "是否适用"

    def of(self, part: str) -> str:
        """The name of a part of an indicator's row; a completion that is stated goes by the name of its column."""
        if part == "answered":
            return f"有无{self.actual}"
        if part == "rule_score":
            return f"按规则{self.score}"
        if part == "last_actual":
            return f"上年{self.actual}"
        name: str = getattr(self, "completion" if part == "stated" else part)
        return name

    def put_into(self, sentence: str) -> str:
        """A sentence about scoring in the usual words, in the words of this form.

        >>> FormLabels(target="年度指标值", actual="业绩值").put_into("按完成值÷目标值的比例得分")
        '按业绩值÷年度指标值的比例得分'
        """
        usual = {USUAL_LABELS.of(part): self.of(part) for part in _QUANTITIES}
        return re.sub("|".join(usual), lambda match: usual[match[0]], sentence)


_QUANTITIES = ("target", "actual", "tier", "completion", "weight")
"""The parts that a rule of scoring speaks of; 得分 is left out, which is a verb too."""
USUAL_LABELS = FormLabels()
"""Where no form is known."""


class Filled(StrEnum):
    """Where the content of a column comes from."""

    APPROVED = "approved"
    """The project list; typed by the unit where it proposes its own indicators."""
    STATED = "stated"
    """The unit."""
    COMPUTED = "computed"
    """A rule."""


class CellContent(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    """A fraction."""
    QUANTITY = "quantity"
    """A number in the indicator's unit, or the text of a qualitative indicator."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What there is to know of a column besides its name."""

    filled: Filled
    content: CellContent = CellContent.TEXT
    optional: bool = False
    """A form may lack it."""
    plain: bool = False
    """It goes from the form to the results and is shown there; nothing else need know it."""
    title: str = ""
    """The heading of a plain column in our own tables, where it is longer than its name."""
    prompt: str = ""
    """What the unit reads when it fills a plain column; ``{score}`` is what its form calls the score."""


class IndicatorColumn(StrEnum):
    """A column of the indicator table, by the key that schemes, cells and records have for it."""

    facts: ColumnFacts

    def __new__(cls, key: str, facts: ColumnFacts) -> Self:
        """The key is the value; the facts are said beside it."""
        column = str.__new__(cls, key)
        column._value_ = key
        column.facts = facts
        return column

    DIMENSION = "dimension", ColumnFacts(Filled.APPROVED)
    CATEGORY = "category", ColumnFacts(Filled.APPROVED)
    INDICATOR = "indicator", ColumnFacts(Filled.APPROVED)
    DIRECTION = "direction", ColumnFacts(Filled.APPROVED, optional=True)
    TARGET = "target", ColumnFacts(Filled.APPROVED, CellContent.QUANTITY)
    UNIT = "unit", ColumnFacts(Filled.APPROVED, optional=True)
    ACTUAL = "actual", ColumnFacts(Filled.STATED, CellContent.QUANTITY)
    COMPLETION = "completion", ColumnFacts(Filled.COMPUTED, CellContent.PERCENT, optional=True)
    WEIGHT = "weight", ColumnFacts(Filled.APPROVED, CellContent.NUMBER)
    SCORE = "score", ColumnFacts(Filled.COMPUTED, CellContent.NUMBER)
    SELF_DEDUCTION = "self_deduction", ColumnFacts(Filled.STATED, CellContent.NUMBER, optional=True)
    DEVIATION_REASON = (
        "deviation_reason",
        ColumnFacts(Filled.STATED, plain=True, title="偏差原因分析及改进措施"),
    )

    @property
    def label(self) -> str:
        """What it is called where no form is known."""
        return USUAL_LABELS.of(self)


PLAIN_COLUMNS = tuple(column for column in IndicatorColumn if column.facts.plain)
FURTHER_COLUMNS = tuple(column for column in PLAIN_COLUMNS if column is not IndicatorColumn.DEVIATION_REASON)
"""The plain columns that no rule asks for and no draft tells of."""
