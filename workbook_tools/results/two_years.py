"""This year beside the year before: which projects are in both, what they came to in each, and what lost points twice.

Like is compared with like: money of projects of which both years say all of it, scores of those that counted in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbook_tools.core.review_result import (
    EXECUTION,
    LastYearFigures,
    MissingRow,
    ProjectRow,
    ReviewResult,
)
from workbook_tools.core.tolerances import PRINTED
from workbook_tools.core.values import percent_text
from workbook_tools.results.facts import EXECUTION_RATE
from workbook_tools.review.year_figures import describe_last_year


class Presence(StrEnum):
    """In which of the two years a project is."""

    BOTH = "两年都有"
    NEW = "上年没有"
    NOT_COME = "今年未报"
    GONE = "今年没有"


@dataclass(frozen=True, slots=True)
class YearPair:
    """A project in both years, or in one of them."""

    code: str
    name: str
    department: str
    unit: str
    last: LastYearFigures | None
    now: LastYearFigures | None
    standing: Presence
    pending: bool = False
    """This year's form is not complete."""

    @property
    def same_money(self) -> bool:
        """Both years say what was budgeted and spent."""
        return all(one is not None and None not in (one.budget, one.executed) for one in (self.last, self.now))

    @property
    def same_score(self) -> bool:
        """It counted in both years."""
        return all(one is not None and one.score is not None for one in (self.last, self.now))


def list_pairs(result: ReviewResult) -> Iterator[YearPair]:
    """This year's projects in their order, then those that have not come and those that are gone; none where no year was named."""
    if not result.compared_with:
        return
    for row in result.projects:
        standing = Presence.BOTH if row.last_year else Presence.NEW
        yield _pair(row, row.last_year, describe_last_year(row), standing, pending=row.pending)
    for missing in result.missing:
        if missing.last_year:
            yield _pair(missing, missing.last_year, None, Presence.NOT_COME)
    for gone in result.gone:
        yield YearPair(gone.code, gone.name, gone.department, gone.unit, gone.figures, None, Presence.GONE)


def _pair(
    row: ProjectRow | MissingRow,
    last: LastYearFigures | None,
    now: LastYearFigures | None,
    standing: Presence,
    *,
    pending: bool = False,
) -> YearPair:
    return YearPair(row.code, row.name, row.department, row.unit, last, now, standing, pending)


# -- what they come to --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class YearSum:
    """Of the projects that are compared, one of the two years."""

    budget: float = 0.0
    executed: float = 0.0
    points: float = 0.0
    grades: Counter[str] = field(default_factory=Counter)

    def join(self, other: YearSum) -> None:
        """Those of another department."""
        self.budget += other.budget
        self.executed += other.executed
        self.points += other.points
        self.grades += other.grades

    @property
    def rate(self) -> float | None:
        """执行率 of all together."""
        return self.executed / self.budget if self.budget else None


@dataclass(slots=True)
class TwoYearSums:
    """What projects come to in two years."""

    presences: Counter[Presence] = field(default_factory=Counter)
    money: int = 0
    """Projects whose money is compared."""
    scored: int = 0
    """Projects whose scores are."""
    last: YearSum = field(default_factory=YearSum)
    now: YearSum = field(default_factory=YearSum)

    def add(self, pair: YearPair) -> None:
        """One more."""
        self.presences[pair.standing] += 1
        self.money += pair.same_money
        self.scored += pair.same_score
        for own, one in ((self.last, pair.last), (self.now, pair.now)):
            if one and pair.same_money:
                own.budget += one.budget or 0
                own.executed += one.executed or 0
            if one and pair.same_score:
                own.points += one.score or 0
                own.grades[one.grade] += 1

    def join(self, other: TwoYearSums) -> None:
        """Those of another department."""
        self.presences += other.presences
        self.money += other.money
        self.scored += other.scored
        self.last.join(other.last)
        self.now.join(other.now)

    def mean(self, year: YearSum) -> float | None:
        """The mean score of one of the years."""
        return year.points / self.scored if self.scored else None


def sum_pairs(pairs: Iterable[YearPair]) -> TwoYearSums:
    """All of them together."""
    sums = TwoYearSums()
    for pair in pairs:
        sums.add(pair)
    return sums


# -- what lost points twice ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndicatorYear:
    """An indicator in one of the years."""

    target: str
    actual: str
    weight: float
    score: float

    @property
    def lost(self) -> float:
        """In 分."""
        return self.weight - self.score


@dataclass(frozen=True, slots=True)
class RepeatedLoss:
    """An indicator, or the execution rate, that lost points in both years."""

    project: ProjectRow
    dimension: str
    indicator: str
    last: IndicatorYear
    now: IndicatorYear
    reason: str
    """What the unit says of it this year."""


def list_repeated_losses(result: ReviewResult) -> list[RepeatedLoss]:
    """Those that lost most this year first; of projects that counted in both years."""
    counted = {row.code: row for row in result.projects if row.counted_total is not None and row.last_year}
    losses = [*_list_executions(counted.values()), *_list_indicators(result, counted)]
    twice = (one for one in losses if PRINTED.above(one.last.lost, 0.0) and PRINTED.above(one.now.lost, 0.0))
    return sorted(twice, key=lambda one: -round(one.now.lost, 6))


def _list_executions(projects: Iterable[ProjectRow]) -> Iterator[RepeatedLoss]:
    for row in projects:
        last, score = row.last_year, row.final_execution_score
        if last and last.execution_weight and last.execution_score is not None and score is not None:
            then = IndicatorYear(percent_text(1), _rate(last.rate), last.execution_weight, last.execution_score)
            now = IndicatorYear(percent_text(1), _rate(row.execution_rate), row.execution_weight, score)
            yield RepeatedLoss(row, EXECUTION, EXECUTION_RATE, then, now, row.execution_reason)


def _list_indicators(result: ReviewResult, projects: Mapping[str, ProjectRow]) -> Iterator[RepeatedLoss]:
    for row in result.indicators:
        last, project, score = row.last_year, projects.get(row.project_code), row.final_score
        if project and last and row.applicable and None not in (last.weight, last.score, row.weight, score):
            then = IndicatorYear(last.target_text, last.actual_text, last.weight or 0, last.score or 0)
            now = IndicatorYear(row.target_text, row.actual_text or row.tier, row.weight or 0, score or 0)
            yield RepeatedLoss(project, row.dimension, row.name, then, now, row.deviation_reason)


def _rate(rate: float | None) -> str:
    return "" if rate is None else percent_text(rate)
