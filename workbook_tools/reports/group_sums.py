"""What the projects of a department, or of all departments, come to: counts, sums and the few that are named.

It is small however many projects there are, so that it can be sent from process to process: :mod:`part_sums` counts the projects of a
department, :mod:`joined_sums` adds up departments. Of what is named only the first are kept, of reasons and measures those that cost most or
came first: more than a report prints, so that of a department nothing is missing. Of all departments together a reason counts where it
is among those of its department.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Generic, TypeVar

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.review_result import (
    GoneRow,
    IndicatorRow,
    ProjectRow,
)
from workbook_tools.files.packed_records import AsPairs
from workbook_tools.reports.look_sums import LookSum
from workbook_tools.reports.lost_points import Loss, LossSum
from workbook_tools.reports.phrases import Outcome, judge_outcome
from workbook_tools.results.bands import SCORE_DECIMALS
from workbook_tools.results.two_years import RepeatedLoss, TwoYearSums

NAMED = 5
"""So many projects or indicators are named in a sentence."""
LISTED_PENDING = 10
"""So many projects that are left out are named."""
RANKED = 5
"""So many projects are listed from the top and from the bottom where there are more than twice as many."""
LARGEST_LOSSES = 10
"""So many of the indicators that lost most are listed, and of the categories."""
EXAMPLES = 3
"""So many reasons of a kind are quoted, and so many indicators for each."""
KEPT = 50
"""So many reasons of a kind, and so many measures, are kept of a department."""
_MONEY = (Measure.ANNUAL_BUDGET, Measure.EXECUTED)

T = TypeVar("T")
V = TypeVar("V")


@dataclass(slots=True)
class Few(Generic[T]):
    """How many there are, and the first of them."""

    most: int
    count: int = 0
    first: list[T] = field(default_factory=list)

    def add(self, item: T) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < self.most:
            self.first.append(item)

    def join(self, other: Few[T]) -> None:
        """Those of another department, behind these."""
        self.count += other.count
        self.first += other.first[: self.most - len(self.first)]


@dataclass(slots=True)
class SpreadSum:
    """The projects of a grade or band."""

    count: int = 0
    money: dict[Measure, float] = field(default_factory=lambda: dict.fromkeys(_MONEY, 0.0))
    """全年预算 and 全年执行, in 万元."""

    def add(self, project: ProjectRow) -> None:
        """One more."""
        self.count += 1
        for measure in _MONEY:
            self.money[measure] += project.amount(measure) or 0

    def join(self, other: SpreadSum) -> None:
        """Those of another department."""
        self.count += other.count
        for measure in _MONEY:
            self.money[measure] += other.money[measure]


Spread = dict[str, SpreadSum]
"""Projects by the grade or band that they are in, in the order of the table."""


@dataclass(slots=True)
class OutcomeSum:
    """The indicators of a dimension, by how they stand to their targets."""

    name: str
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    short: list[tuple[str, IndicatorRow]] = field(default_factory=list)
    """The first that fell short, each with its project's name."""

    def add(self, project: ProjectRow, row: IndicatorRow) -> None:
        """One more."""
        outcome = judge_outcome(row)
        self.counts[outcome] += 1
        if outcome is Outcome.SHORT and len(self.short) < NAMED:
            self.short.append((project.name, row))

    def join(self, other: OutcomeSum) -> None:
        """Those of another department, or of another dimension."""
        for outcome, count in other.counts.items():
            self.counts[outcome] += count
        self.short += other.short[: NAMED - len(self.short)]

    def count(self, *outcomes: Outcome) -> int:
        """How many of them stand so."""
        return sum(self.counts[outcome] for outcome in outcomes)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.count(*Outcome)

    @property
    def met(self) -> int:
        """Those that reached their target, or went beyond it."""
        return self.count(Outcome.MET, Outcome.OVER)

    @property
    def judged(self) -> int:
        """Those of which it can be told."""
        return self.total - self.count(Outcome.UNKNOWN)

    @classmethod
    def of_all(cls, sums: Iterable[OutcomeSum]) -> OutcomeSum:
        """All dimensions together."""
        whole = cls("合计")
        for one in sums:
            whole.join(one)
        return whole


@dataclass(slots=True)
class CauseSum:
    """What was lost for one reason."""

    count: int = 0
    lost: float = 0.0
    largest: list[Loss] = field(default_factory=list)
    """The largest of these losses."""

    def add(self, loss: Loss) -> None:
        """One more, no larger than those before."""
        self.count += 1
        self.lost += loss.lost
        if len(self.largest) < EXAMPLES:
            self.largest.append(loss)


@dataclass(slots=True)
class KindSum:
    """What was lost for reasons of a kind, in the order of the largest losses."""

    count: int = 0
    lost: float = 0.0
    causes: dict[str, CauseSum] = field(default_factory=dict)


@dataclass(slots=True)
class FindingSum:
    """The findings of a code."""

    first: Finding
    count: int = 0
    projects: int = 0
    is_error: bool = False
    """Some of them are."""

    def join(self, other: FindingSum) -> None:
        """Those of another department."""
        self.count += other.count
        self.projects += other.projects
        self.is_error = self.is_error or other.is_error


@dataclass(slots=True)
class GroupSums:
    """What the projects of a department come to, or of all departments."""

    projects: int = 0
    missing: int = 0
    years: set[int] = field(default_factory=set)
    used: dict[str, None] = field(default_factory=dict)
    """The digests of the projects' schemes."""
    only: str = ""
    """The first project's name."""
    money: Annotated[dict[tuple[Measure, FundingSource], float], AsPairs] = field(default_factory=dict)
    """In 万元."""
    blank: dict[Measure, int] = field(default_factory=dict)
    """In how many projects an amount is blank."""
    totals: list[float] = field(default_factory=list)
    """The totals that count."""
    grade: str = ""
    """Of the first project that has such a total."""
    self_deduction: float = 0.0
    reviewed: int = 0
    looked: LookSum = field(default_factory=LookSum)
    pending: Few[ProjectRow] = field(default_factory=lambda: Few(LISTED_PENDING))
    """Those that are not complete."""
    unscored: Few[ProjectRow] = field(default_factory=lambda: Few(NAMED))
    """Those without a total."""
    unspent: Few[ProjectRow] = field(default_factory=lambda: Few(NAMED))
    """Those that do not say what was spent."""
    slow: Few[ProjectRow] = field(default_factory=lambda: Few(NAMED))
    """Those in the lowest band of execution rates."""
    low: Few[ProjectRow] = field(default_factory=lambda: Few(NAMED))
    """Those in the lowest band of totals."""
    grades: Spread = field(default_factory=dict)
    scores: Spread = field(default_factory=dict)
    rates: Spread = field(default_factory=dict)
    usual_grades: dict[str, None] = field(default_factory=dict)
    """The grades of the schemes, from the best."""
    best: list[ProjectRow] = field(default_factory=list)
    """The projects with the highest totals, and with the lowest."""
    last: list[ProjectRow] = field(default_factory=list)
    dimensions: dict[str, None] = field(default_factory=dict)
    """The dimensions of the schemes, of all projects, and of those that are complete."""
    complete_dimensions: dict[str, None] = field(default_factory=dict)
    outcomes: dict[str, OutcomeSum] = field(default_factory=dict)
    by_dimension: dict[str, LossSum] = field(default_factory=dict)
    by_category: Annotated[dict[tuple[str, str], LossSum], AsPairs] = field(default_factory=dict)
    lost: LossSum = field(default_factory=LossSum)
    """What was lost and not only by rounding."""
    largest: list[Loss] = field(default_factory=list)
    kinds: dict[str, KindSum] = field(default_factory=dict)
    """By the kind of the reason; blank without one."""
    without_score: LossSum = field(default_factory=LossSum)
    """Indicators of scored projects that have no score."""
    findings: dict[str, FindingSum] = field(default_factory=dict)
    """What was found in what the units filled in, by code."""
    measures: dict[str, Few[tuple[str, str]]] = field(default_factory=dict)
    """What the units have announced, each with the projects and indicators that it is announced for."""
    years_apart: TwoYearSums = field(default_factory=TwoYearSums)
    """This year and the year before, where that was named."""
    gone: Few[GoneRow] = field(default_factory=lambda: Few(NAMED))
    """Projects of the year before that are on the list no more."""
    repeated: Few[RepeatedLoss] = field(default_factory=lambda: Few(LARGEST_LOSSES))
    """What lost points in both years, those that lost most this year first."""
    repeated_points: tuple[float, float] = (0.0, 0.0)
    """What all of it lost then, and now."""

    def outline(self) -> GroupSums:
        """The figures without what is named: what others are compared with."""
        kept = {name: getattr(self, name) for name in ("projects", "missing", "years", "money", "totals")}
        return GroupSums(**kept, pending=Few(0, self.pending.count))


def weigh_total(project: ProjectRow) -> float:
    """By which projects are ranked, the highest total first."""
    return -round_total(project.counted_total or 0)


def round_total(total: float) -> float:
    """By which projects are ranked: what is printed alike is alike."""
    return round(total, SCORE_DECIMALS)


def in_order(sums: dict[str, V], names: Iterable[str]) -> dict[str, V]:
    """Those of these names in their order, then the others."""
    return {name: sums[name] for name in names if name in sums} | sums
