"""What the reports on several projects are made from: a department's projects, or all of them, counted and added up.

The same projects and figures as in 汇总: averages of what counts, quotients of sums, what is not complete in neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.findings import ACCEPTED, Finding
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.review_result import IndicatorRow, MissingRow, ProjectRow, ReviewResult, common_year
from workbook_tools.core.values import percent_text
from workbook_tools.reports.acceptance import Acceptances
from workbook_tools.reports.formatting import find_amount
from workbook_tools.reports.lost_points import Loss, LossSum, is_noticeable, list_losses, sum_losses
from workbook_tools.reports.phrases import Outcome, judge_outcome
from workbook_tools.results.bands import EXECUTION_BANDS, EXECUTION_DECIMALS, SCORE_BANDS, SCORE_DECIMALS, Band
from workbook_tools.results.facts import NO_DEPARTMENT
from workbook_tools.rules.library import PENDING
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.text import one_line

COMMON_FINDINGS = 10
"""So many of the most common findings are listed for a department."""
LARGEST_LOSSES = 10
"""So many of the indicators that lost most are listed, and of the categories."""
RANKED = 5
"""So many projects are listed from the top and from the bottom where there are more than twice as many."""
ALL_PROJECTS = "全部项目"
UNSCORED, NO_RATE, NO_SCORE = "未得出等级", "无法计算", "没有得分"
OFFICE_FAMILIES = (
    Family.LIST, Family.FILE, Family.TAMPER, Family.CROSS, Family.REVIEW, Family.SCHEME, Family.IMPORT, Family.ANSWER,
)  # fmt: skip
"""Findings that are the office's business, no problem of the units': the project list, files that came twice, seals,
passages that are alike in two projects, how a form of today was read. The others are about what a unit filled in."""

Spread = dict[str, list[ProjectRow]]
"""Projects by the grade or band that they are in, in the order of the table."""
Groups = Mapping[tuple[str, ...], LossSum]
"""Points lost, by the names of dimension and category."""


@dataclass(frozen=True)
class CampaignFacts:
    """A review's result, sorted once for all the reports on it; ``schemes`` are the result's, by digest."""

    result: ReviewResult
    schemes: Mapping[str, Scheme]
    accepted: Acceptances | None = None
    """Which drafts somebody has accepted, and what was written in their place; without it nothing is drafted."""
    public: bool = False
    """It is for the public: only projects that are public, and texts that somebody has accepted."""

    @cached_property
    def indicators(self) -> Mapping[str, Sequence[IndicatorRow]]:
        """The indicators of each project, by its code."""
        groups: defaultdict[str, list[IndicatorRow]] = defaultdict(list)
        for row in self.result.indicators:
            groups[row.project_code].append(row)
        return groups

    @cached_property
    def findings(self) -> Mapping[str, Sequence[Finding]]:
        """The findings of each project, likewise."""
        groups: defaultdict[str, list[Finding]] = defaultdict(list)
        for row in self.result.findings:
            groups[row.project_code].append(row)
        return groups

    @cached_property
    def departments(self) -> list[GroupFacts]:
        """Each department, in the order of the list."""
        projects: defaultdict[str, list[ProjectRow]] = defaultdict(list)
        missing: defaultdict[str, list[MissingRow]] = defaultdict(list)
        for project in self.result.projects:
            projects[project.department].append(project)
        for row in self.result.missing:
            missing[row.department].append(row)
        listed: list[ProjectRow | MissingRow] = [*self.result.projects, *self.result.missing]
        names = dict.fromkeys(row.department for row in sorted(listed, key=lambda row: row.place or inf))
        return [GroupFacts(self, name, projects[name], missing[name]) for name in names]

    @cached_property
    def whole(self) -> GroupFacts:
        """All projects together."""
        return GroupFacts(self, None, self.result.projects, self.result.missing)

    def find_department(self, name: str) -> GroupFacts:
        """That department; without projects where there is no such."""
        return next((one for one in self.departments if one.department == name), GroupFacts(self, name, (), ()))


@dataclass(frozen=True)
class GroupFacts:
    """The projects that a report is on."""

    campaign: CampaignFacts
    department: str | None
    """None: all departments together."""
    projects: Sequence[ProjectRow]
    """Those that came in, in the order of the list."""
    missing: Sequence[MissingRow]
    """Those that did not."""

    @property
    def name(self) -> str:
        """Whose projects they are."""
        return ALL_PROJECTS if self.department is None else one_line(self.department) or NO_DEPARTMENT

    @property
    def year(self) -> int:
        """评价年度."""
        return common_year(self.projects, self.campaign.result.year)

    @property
    def listed(self) -> int:
        """应报: the projects that came in and those that did not."""
        return len(self.projects) + len(self.missing)

    @property
    def scored(self) -> list[ProjectRow]:
        """The projects with a total that counts."""
        return [project for project in self.projects if project.counted_total is not None]

    @property
    def pending(self) -> list[ProjectRow]:
        """The projects that are not complete: they count as submitted, and in no average, ranking or grade."""
        return [project for project in self.projects if project.pending]

    @property
    def rated(self) -> list[ProjectRow]:
        """The projects with an execution rate."""
        return [project for project in self.projects if project.execution_rate is not None]

    @cached_property
    def totals(self) -> list[float]:
        """The totals that count."""
        return [project.counted_total for project in self.projects if project.counted_total is not None]

    @cached_property
    def mean(self) -> float | None:
        """The mean of the totals that count, in 分."""
        return sum(self.totals) / len(self.totals) if self.totals else None

    @cached_property
    def execution_rate(self) -> float | None:
        """The execution rate of all together: the quotient of the two sums, as in 汇总."""
        budget = self.add_up(Measure.ANNUAL_BUDGET)
        return self.add_up(Measure.EXECUTED) / budget if budget else None

    def amounts(self, measure: Measure, source: FundingSource = FundingSource.TOTAL) -> list[float | None]:
        """An amount of each project, in 万元."""
        return [find_amount(project, measure, source) for project in self.projects]

    def add_up(self, measure: Measure, source: FundingSource = FundingSource.TOTAL) -> float:
        """The amounts together, in 万元."""
        return sum(amount or 0 for amount in self.amounts(measure, source))

    @cached_property
    def indicators(self) -> list[tuple[ProjectRow, IndicatorRow]]:
        """The indicators that apply, each with its project."""
        found = self.campaign.indicators
        return [(p, row) for p in self.projects for row in found.get(p.code, ()) if row.applicable]

    @cached_property
    def outcomes(self) -> dict[str, OutcomeSum]:
        """How the indicators of each dimension stand to their targets, in the schemes' order; none without any."""
        schemes = self.campaign.schemes
        sums = {d.name: OutcomeSum(d.name) for p in self.projects for d in schemes[p.scheme_digest].dimensions}
        for project, row in self.indicators:
            known = schemes[project.scheme_digest].dimension(row.dimension)
            name = known.name if known else row.dimension
            sums.setdefault(name, OutcomeSum(name)).rows[judge_outcome(row)].append((project, row))
        return {name: one for name, one in sums.items() if one.total}

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Rank of each project that has a total that counts; equal totals share a rank, and the next ones follow after them all."""
        totals = {p.code: round(p.counted_total, SCORE_DECIMALS) for p in self.projects if p.counted_total is not None}
        return rank_highest(totals)

    @cached_property
    def losses(self) -> list[Loss]:
        """What was scored, and what it lost, in the projects that are complete."""
        complete = [project for project in self.projects if not project.pending]
        rows = [row for project in complete for row in self.campaign.indicators.get(project.code, ())]
        return list(list_losses(rows, complete, self.campaign.schemes))

    @cached_property
    def lost_by_dimension(self) -> Groups:
        """The points lost in each dimension."""
        return sum_losses(self.losses, lambda loss: (loss.dimension,))

    @cached_property
    def lost_by_category(self) -> Groups:
        """The categories that lost most."""
        groups = sum_losses(self.losses, lambda loss: (loss.dimension, loss.category))
        ordered = sorted(groups.items(), key=lambda item: -item[1].lost)
        return {names: sums for names, sums in ordered[:LARGEST_LOSSES] if is_noticeable(sums.lost)}

    @cached_property
    def noticeable_losses(self) -> list[Loss]:
        """What lost points, the most first."""
        noticeable = (loss for loss in self.losses if is_noticeable(loss.lost))
        return sorted(noticeable, key=lambda loss: -loss.lost)

    @cached_property
    def common_findings(self) -> list[list[Finding]]:
        """The errors and warnings found most often in what the units filled in, those of a code together, errors first.

        Common is what two projects share; of a single project it is whatever was found.
        """
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for project in self.projects:
            for finding in self.campaign.findings.get(project.code, ()):
                if is_about_filling(finding):
                    found[finding.code].append(finding)
        least = min(2, len(self.projects))
        groups = [rows for rows in found.values() if count_projects(rows) >= least]
        return sorted(groups, key=_weigh_findings)[:COMMON_FINDINGS]


@dataclass(frozen=True, slots=True)
class OutcomeSum:
    """The indicators of a dimension, by how they stand to their targets."""

    name: str
    rows: dict[Outcome, list[tuple[ProjectRow, IndicatorRow]]] = field(
        default_factory=lambda: {outcome: [] for outcome in Outcome}
    )

    def count(self, *outcomes: Outcome) -> int:
        """How many of them stand so."""
        return sum(len(self.rows[outcome]) for outcome in outcomes)

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
            for outcome, rows in one.rows.items():
                whole.rows[outcome].extend(rows)
        return whole


def is_about_filling(finding: Finding) -> bool:
    """An error or a warning about what the unit filled in, that finance has not let pass."""
    own = not finding.code.startswith(OFFICE_FAMILIES) and not finding.of_the_list
    return own and finding.severity is not Severity.INFO and finding.ruling != ACCEPTED


def _weigh_findings(rows: Sequence[Finding]) -> tuple[bool, int, int, str]:
    """What is first: errors, then what more projects have."""
    return not any(row.severity is Severity.ERROR for row in rows), -count_projects(rows), -len(rows), rows[0].code


def count_projects(findings: Iterable[Finding]) -> int:
    """In how many projects these were found."""
    return len({finding.project_code for finding in findings})


def rank_highest(figures: Mapping[str, float]) -> dict[str, int]:
    """Rank of each from the highest; equal ones share a rank, and the next ones follow after them all.

    >>> rank_highest({"甲": 90.0, "乙": 80.0, "丙": 90.0})
    {'甲': 1, '乙': 3, '丙': 1}
    """
    first: dict[float, int] = {}
    for place, figure in enumerate(sorted(figures.values(), reverse=True), 1):
        first.setdefault(figure, place)
    return {name: first[figure] for name, figure in figures.items()}


# -- how the projects spread ------------------------------------------------------------------------------------------


def spread_by_grade(facts: GroupFacts) -> Spread:
    """Each grade of the schemes in use, from the best."""
    used = dict.fromkeys(project.scheme_digest for project in facts.projects)
    spread: Spread = {band.name: [] for digest in used for band in facts.campaign.schemes[digest].grading.bands}
    for project in facts.projects:
        spread.setdefault(project.final_grade or (PENDING if project.pending else UNSCORED), []).append(project)
    return spread


def spread_by_execution(projects: Iterable[ProjectRow]) -> Spread:
    """Each band of execution rates."""
    return _spread(projects, lambda project: project.execution_rate, EXECUTION_BANDS, EXECUTION_DECIMALS, NO_RATE)


def spread_by_score(projects: Iterable[ProjectRow]) -> Spread:
    """Each band of totals; a sum so far is in none."""
    spread = _spread(projects, lambda project: project.counted_total, SCORE_BANDS, SCORE_DECIMALS, NO_SCORE)
    pending = [project for project in spread.get(NO_SCORE, []) if project.pending]
    if pending:
        others = [project for project in spread.pop(NO_SCORE) if not project.pending]
        spread |= {PENDING: pending} | ({NO_SCORE: others} if others else {})
    return spread


def _spread(
    projects: Iterable[ProjectRow],
    value: Callable[[ProjectRow], float | None],
    bands: tuple[Band, ...],
    decimals: int,
    without: str,
) -> Spread:
    """Every band, and those without a value where there are any."""
    spread: Spread = {band.label: [] for band in bands}
    for project in projects:
        band = Band.of(value(project), bands, decimals)
        spread.setdefault(band.label if band else without, []).append(project)
    return spread


def share_text(part: float, whole: float) -> str:
    """What part it is, in %; nothing of nothing."""
    return percent_text(part / whole) if whole else ""
