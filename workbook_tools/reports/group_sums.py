"""What the projects of a department come to: counts, sums and the few that are named; departments are added up to all.

It is small however many projects there are, so that it can be sent from process to process, and added up without them. Of what is named
only the first are kept, of reasons and measures those that cost most or came first: more than a report prints, so that of a
department nothing is missing. Of all departments together a reason counts where it is among those of its department.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Generic, TypeVar

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.findings import ACCEPTED, Finding
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.review_result import (
    EXECUTION,
    EvidencePlaces,
    GoneRow,
    IndicatorRow,
    ProjectRow,
    ReviewResult,
)
from workbook_tools.files.packed_records import AsPairs
from workbook_tools.reports.look_sums import LookSum
from workbook_tools.reports.lost_points import Loss, LossSum, is_noticeable, list_losses, sum_losses
from workbook_tools.reports.phrases import Outcome, find_cause, find_measures, judge_outcome
from workbook_tools.reports.reason_kinds import find_kind
from workbook_tools.results.bands import EXECUTION_BANDS, EXECUTION_DECIMALS, SCORE_BANDS, SCORE_DECIMALS, Band
from workbook_tools.results.two_years import RepeatedLoss, TwoYearSums, list_pairs, list_repeated_losses, sum_pairs
from workbook_tools.rules.library import PENDING
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.text import one_line

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
QUOTED = 80
"""So many characters of a unit's words stand in a sentence."""
_KEPT = 50
"""So many reasons of a kind, and so many measures, are kept of a department."""
UNSCORED, NO_RATE, NO_SCORE = "未得出等级", "无法计算", "没有得分"
OFFICE_FAMILIES = (
    Family.LIST, Family.FILE, Family.TAMPER, Family.CROSS, Family.REVIEW, Family.SCHEME, Family.IMPORT, Family.ANSWER,
)  # fmt: skip
"""Findings that are the office's business, no problem of the units': the project list, files that came twice, seals,
passages that are alike in two projects, how a form of today was read. The others are about what a unit filled in."""
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


# -- one department ---------------------------------------------------------------------------------------------------


def sum_part(part: ReviewResult, schemes: Mapping[str, Scheme]) -> GroupSums:
    """Add up a department's part; ``schemes`` by digest."""
    rows = _group(part.indicators, part)
    projects = [slim_project(project) for project in part.projects]
    sums = GroupSums(len(projects), len(part.missing), {project.year for project in projects})
    sums.used = dict.fromkeys(project.scheme_digest for project in projects)
    sums.only = projects[0].name if projects else ""
    for project in part.projects:
        _add_money(sums, project)
    for project in projects:
        _add_project(sums, project, schemes[project.scheme_digest])
    _rank(sums, projects)
    _add_outcomes(sums, projects, rows, schemes)
    _add_losses(sums, projects, rows, schemes)
    _add_findings(sums, part)
    _add_measures(sums, part.projects, rows)
    _add_last_year(sums, part.model_copy(update={"projects": tuple(projects)}))
    return sums


def slim_project(project: ProjectRow) -> ProjectRow:
    """The project without its texts, and with no amounts but the sums."""
    total = FundingSource.TOTAL
    funding = {measure: {total: row.get(total)} for measure, row in project.funding.items()}
    nothing = {
        "texts": {},
        "text_places": {},
        "info": {},
        "evidence": EvidencePlaces(),
        "annual_goal": "",
        "period_goal": "",
    }
    return project.model_copy(update={**nothing, "funding": funding})


def _group(indicators: Iterable[IndicatorRow], part: ReviewResult) -> dict[str, list[IndicatorRow]]:
    rows: dict[str, list[IndicatorRow]] = {project.code: [] for project in part.projects}
    for row in indicators:
        if row.project_code in rows:
            rows[row.project_code].append(row)
    return rows


def _add_money(sums: GroupSums, project: ProjectRow) -> None:
    for measure in Measure:
        for source in FundingSource:
            key = measure, source
            sums.money[key] = sums.money.get(key, 0.0) + (project.amount(measure, source) or 0)
        sums.blank[measure] = sums.blank.get(measure, 0) + (project.amount(measure) is None)


def _add_project(sums: GroupSums, project: ProjectRow, scheme: Scheme) -> None:
    """What it counts for, and in which bands it is."""
    if project.counted_total is not None:
        sums.grade = sums.grade if sums.totals else project.final_grade
        sums.totals.append(project.counted_total)
    sums.self_deduction += project.self_deduction or 0
    sums.reviewed += project.reviewed
    if project.second_look:
        sums.looked.add(project.second_look)
    rate = Band.of(project.execution_rate, EXECUTION_BANDS, EXECUTION_DECIMALS)
    score = Band.of(project.counted_total, SCORE_BANDS, SCORE_DECIMALS)
    for holds, few in (
        (project.pending, sums.pending),
        (project.final_total is None, sums.unscored),
        (project.amount(Measure.EXECUTED) is None, sums.unspent),
        (rate is EXECUTION_BANDS[-1], sums.slow),
        (score is SCORE_BANDS[-1], sums.low),
    ):
        if holds:
            few.add(project)
    sums.usual_grades |= {band.name: None for band in scheme.grading.bands}
    instead = PENDING if project.pending else None
    for spread, name in (
        (sums.grades, project.final_grade or instead or UNSCORED),
        (sums.rates, rate.label if rate else NO_RATE),
        (sums.scores, score.label if score else instead or NO_SCORE),
    ):
        spread.setdefault(name, SpreadSum()).add(project)


def _rank(sums: GroupSums, projects: Iterable[ProjectRow]) -> None:
    scored = (project for project in projects if project.counted_total is not None)
    ranked = sorted(scored, key=_weigh_total)
    sums.best, sums.last = ranked[: 2 * RANKED], ranked[-RANKED:]


def _weigh_total(project: ProjectRow) -> float:
    return -round_total(project.counted_total or 0)


def round_total(total: float) -> float:
    """By which projects are ranked: what is printed alike is alike."""
    return round(total, SCORE_DECIMALS)


def _add_outcomes(
    sums: GroupSums, projects: Sequence[ProjectRow], rows: Mapping[str, list[IndicatorRow]], schemes: Mapping[str, Scheme]
) -> None:  # fmt: skip
    sums.dimensions = _list_dimensions(projects, schemes)
    for project in projects:
        for row in rows[project.code]:
            known = schemes[project.scheme_digest].dimension(row.dimension)
            name = known.name if known else row.dimension
            if row.applicable:
                sums.outcomes.setdefault(name, OutcomeSum(name)).add(project, row)
            if row.applicable and project.counted_total is not None and row.final_score is None and row.weight:
                sums.without_score.add(row.weight, 0.0)
    sums.outcomes = _in_order(sums.outcomes, sums.dimensions)


def _list_dimensions(projects: Iterable[ProjectRow], schemes: Mapping[str, Scheme]) -> dict[str, None]:
    used = dict.fromkeys(project.scheme_digest for project in projects)
    return {dimension.name: None for digest in used for dimension in schemes[digest].dimensions}


def _add_losses(
    sums: GroupSums, projects: Sequence[ProjectRow], rows: Mapping[str, list[IndicatorRow]], schemes: Mapping[str, Scheme]
) -> None:  # fmt: skip
    """Of the projects that are complete."""
    complete = [project for project in projects if not project.pending]
    sums.complete_dimensions = _list_dimensions(complete, schemes)
    losses = list(list_losses((row for project in complete for row in rows[project.code]), complete, schemes))
    sums.by_dimension = sum_losses(losses, lambda loss: loss.dimension)
    sums.by_category = sum_losses(losses, lambda loss: (loss.dimension, loss.category))
    noticeable = sorted((loss for loss in losses if is_noticeable(loss.lost)), key=lambda loss: -loss.lost)
    sums.lost = sum_losses(noticeable, lambda _: "").get("", LossSum())
    sums.largest = noticeable[:LARGEST_LOSSES]
    for loss in noticeable:
        cause = find_cause(loss.reason)
        kind = sums.kinds.setdefault(find_kind(cause) if cause else "", KindSum())
        kind.count += 1
        kind.lost += loss.lost
        if cause:
            kind.causes.setdefault(cut(cause), CauseSum()).add(loss)
    for kind in sums.kinds.values():
        kind.causes = _keep_dearest(kind.causes)


def _keep_dearest(causes: dict[str, CauseSum]) -> dict[str, CauseSum]:
    """Those that cost most, in their order."""
    if len(causes) <= _KEPT:
        return causes
    dearest = set(sorted(causes, key=lambda cause: -round(causes[cause].lost, 6))[:_KEPT])
    return {cause: own for cause, own in causes.items() if cause in dearest}


def cut(text: str) -> str:
    """A unit's words as they stand in a sentence."""
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 2].rstrip('，。；、')}……"


def is_about_filling(finding: Finding) -> bool:
    """An error or a warning about what the unit filled in, that finance has not let pass."""
    own = not finding.code.startswith(OFFICE_FAMILIES) and not finding.of_the_list
    return own and finding.severity is not Severity.INFO and finding.ruling != ACCEPTED


def _add_findings(sums: GroupSums, part: ReviewResult) -> None:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for row in part.findings:
        found[row.project_code].append(row)
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for project in part.projects:
        for row in found.get(project.code, ()):
            if is_about_filling(row):
                one = sums.findings.setdefault(row.code, FindingSum(row))
                one.count += 1
                one.is_error = one.is_error or row.severity is Severity.ERROR
                codes[row.code].add(project.code)
    for code, projects in codes.items():
        sums.findings[code].projects = len(projects)


def _add_measures(sums: GroupSums, projects: Iterable[ProjectRow], rows: Mapping[str, list[IndicatorRow]]) -> None:
    for project in projects:
        for name, reason in _list_stated_reasons(project, rows[project.code]):
            if text := find_measures(reason):
                quoted = cut(text)
                if quoted in sums.measures or len(sums.measures) < _KEPT:
                    sums.measures.setdefault(quoted, Few(EXAMPLES)).add((project.name, name))


def _add_last_year(sums: GroupSums, part: ReviewResult) -> None:
    sums.years_apart = sum_pairs(list_pairs(part))
    for row in part.gone:
        sums.gone.add(row)
    losses = list_repeated_losses(part)
    for loss in losses:
        sums.repeated.add(loss)
    sums.repeated_points = sum(one.last.lost for one in losses), sum(one.now.lost for one in losses)


def _list_stated_reasons(project: ProjectRow, rows: Iterable[IndicatorRow]) -> Iterator[tuple[str, str]]:
    """Execution rate and indicators of a project, with what the unit wrote of each."""
    yield Measure.EXECUTION_RATE.label, project.execution_reason
    for row in rows:
        if row.applicable:
            yield one_line(row.name), row.deviation_reason


# -- all departments --------------------------------------------------------------------------------------------------


def join_sums(parts: Iterable[GroupSums]) -> GroupSums:
    """What several departments come to together, in their order."""
    whole, parts = GroupSums(), list(parts)
    for part in parts:
        whole.dimensions |= part.dimensions
        whole.complete_dimensions |= part.complete_dimensions
        whole.usual_grades |= part.usual_grades
    places = {name: place for place, name in enumerate([EXECUTION, *whole.complete_dimensions])}

    def weigh(loss: Loss) -> tuple[float, int]:
        return -loss.lost, places.get(loss.dimension, len(places))

    for part in parts:
        _join_counts(whole, part)
        _join_spreads(whole, part)
        _join_losses(whole, part, weigh)
        _join_texts(whole, part)
        _join_last_year(whole, part)
    whole.outcomes = _in_order(whole.outcomes, whole.dimensions)
    whole.by_dimension = _in_order(whole.by_dimension, places)
    by_place = sorted(whole.by_category.items(), key=lambda item: places.get(item[0][0], len(places)))
    whole.by_category = dict(by_place)
    for kind in whole.kinds.values():
        kind.causes = dict(sorted(kind.causes.items(), key=lambda item: weigh(item[1].largest[0])))
    return whole


def _join_counts(whole: GroupSums, part: GroupSums) -> None:
    whole.only = whole.only if whole.projects else part.only
    whole.grade = whole.grade if whole.totals else part.grade
    whole.projects += part.projects
    whole.missing += part.missing
    whole.years |= part.years
    whole.used |= part.used
    whole.totals += part.totals
    whole.self_deduction += part.self_deduction
    whole.reviewed += part.reviewed
    whole.looked.join(part.looked)
    for key, amount in part.money.items():
        whole.money[key] = whole.money.get(key, 0.0) + amount
    for measure, count in part.blank.items():
        whole.blank[measure] = whole.blank.get(measure, 0) + count
    for name in ("pending", "unscored", "unspent", "slow", "low"):
        getattr(whole, name).join(getattr(part, name))


def _join_spreads(whole: GroupSums, part: GroupSums) -> None:
    for own, other in ((whole.grades, part.grades), (whole.scores, part.scores), (whole.rates, part.rates)):
        for name, one in other.items():
            own.setdefault(name, SpreadSum()).join(one)
    whole.best = sorted([*whole.best, *part.best], key=_weigh_total)[: 2 * RANKED]
    whole.last = sorted([*whole.last, *part.last], key=_weigh_total)[-RANKED:]


def _join_losses(whole: GroupSums, part: GroupSums, weigh: Callable[[Loss], tuple[float, int]]) -> None:
    for name, outcomes in part.outcomes.items():
        whole.outcomes.setdefault(name, OutcomeSum(name)).join(outcomes)
    for dimension, sums in part.by_dimension.items():
        whole.by_dimension.setdefault(dimension, LossSum()).join(sums)
    for category, sums in part.by_category.items():
        whole.by_category.setdefault(category, LossSum()).join(sums)
    whole.lost.join(part.lost)
    whole.without_score.join(part.without_score)
    whole.largest = sorted([*whole.largest, *part.largest], key=weigh)[:LARGEST_LOSSES]
    for name, kind in part.kinds.items():
        own = whole.kinds.setdefault(name, KindSum())
        own.count += kind.count
        own.lost += kind.lost
        for text, cause in kind.causes.items():
            known = own.causes.setdefault(text, CauseSum())
            known.count += cause.count
            known.lost += cause.lost
            known.largest = sorted([*known.largest, *cause.largest], key=weigh)[:EXAMPLES]


def _join_texts(whole: GroupSums, part: GroupSums) -> None:
    for code, found in part.findings.items():
        whole.findings.setdefault(code, FindingSum(found.first)).join(found)
    for text, names in part.measures.items():
        if text in whole.measures or len(whole.measures) < _KEPT:
            whole.measures.setdefault(text, Few(EXAMPLES)).join(names)


def _join_last_year(whole: GroupSums, part: GroupSums) -> None:
    whole.years_apart.join(part.years_apart)
    whole.gone.join(part.gone)
    repeated = sorted([*whole.repeated.first, *part.repeated.first], key=lambda one: -round(one.now.lost, 6))
    whole.repeated = Few(LARGEST_LOSSES, whole.repeated.count + part.repeated.count, repeated[:LARGEST_LOSSES])
    (last, now), (more_last, more_now) = whole.repeated_points, part.repeated_points
    whole.repeated_points = last + more_last, now + more_now


def _in_order(sums: dict[str, V], names: Iterable[str]) -> dict[str, V]:
    """Those of these names in their order, then the others."""
    return {name: sums[name] for name in names if name in sums} | sums
