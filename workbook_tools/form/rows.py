"""The rows of the indicator table: the approved indicators, or open rows where a unit proposes its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from workbook_tools.core.labels import FormLabels
from workbook_tools.core.model import NO_ANSWERS, Direction, Indicator, IndicatorAnswer, Project, Value
from workbook_tools.core.values import cell_number
from workbook_tools.rules.scheme import Scheme

_OPEN_ROWS = {"output": 3}
_OTHER_OPEN_ROWS = 2
"""Open rows per category, by the dimension's key."""
_NO_ANSWER = IndicatorAnswer()


@lru_cache(maxsize=4096)
def indicator_name(number: int, part: str) -> str:
    """Defined name of a cell in an indicator's row; rows count from 1."""
    return f"indicator_{number:03d}_{part}"


def list_own_facts(scheme: Scheme) -> tuple[str, ...]:
    """Of an indicator what a form shows that is its own: names and figures, no kinds."""
    usual = ("name", "weight", "target", "unit")
    return (*usual, "last_actual") if scheme.form.last_actual else usual


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of the table. In an ``open`` row the unit types what is fixed elsewhere."""

    number: int
    indicator: Indicator
    answer: IndicatorAnswer
    labels: FormLabels
    open: bool
    shows_last_year: bool = False
    """Its form shows what was reached the year before, and there is such."""

    def name(self, part: str) -> str:
        """Defined name of a cell of this row."""
        return indicator_name(self.number, part)

    def label(self, part: str) -> str:
        """What a cell of this row is called: 养护里程－完成值."""
        return f"{self.indicator.name or f'第{self.number}行'}－{self.labels.of(part)}"

    @property
    def qualitative(self) -> bool:
        """Known to be qualitative."""
        return not self.open and self.indicator.direction is Direction.QUALITATIVE

    @property
    def target(self) -> Value:
        """The approved target as its cell holds it."""
        target, unit = self.indicator.target, self.indicator.unit
        return cell_number(target, unit) if isinstance(target, float) and not self.open else target


def rows_of(project: Project, scheme: Scheme) -> tuple[FormRow, ...]:
    """The rows, grouped by dimension in the scheme's order, with the answers that a prefilled form has."""
    answers = project.answers or NO_ANSWERS
    order = {d.name: i for i, d in enumerate(scheme.dimensions)}
    indicators = project.indicators or answers.proposed
    pairs = list(zip(indicators, _padded(answers.indicators, len(indicators)), strict=True))
    pairs.sort(key=lambda pair: order.get(pair[0].dimension, len(order)))
    if not project.indicators:
        pairs = _with_open_rows(pairs, scheme)
    shown, labels = scheme.form.last_actual and bool(project.indicators), scheme.form.labels
    return tuple(
        FormRow(i, *pair, labels, open=not project.indicators, shows_last_year=shown and bool(pair[0].last_actual))
        for i, pair in enumerate(pairs, 1)
    )


def _with_open_rows(
    proposed: list[tuple[Indicator, IndicatorAnswer]], scheme: Scheme
) -> list[tuple[Indicator, IndicatorAnswer]]:
    rows = []
    for dimension in scheme.dimensions:
        own = [pair for pair in proposed if pair[0].dimension == dimension.name]
        rows += own
        for category in dimension.categories:
            used = sum(1 for indicator, _ in own if indicator.category == category)
            direction = Direction.AT_MOST if category in dimension.cost_like else Direction.AT_LEAST
            blank = Indicator(dimension=dimension.name, category=category, name="", direction=direction)
            rows += [(blank, IndicatorAnswer())] * max(0, _OPEN_ROWS.get(dimension.key, _OTHER_OPEN_ROWS) - used)
    return rows


def _padded(answers: Sequence[IndicatorAnswer], count: int) -> list[IndicatorAnswer]:
    return [*answers[:count], *repeat(_NO_ANSWER, count - len(answers))]
