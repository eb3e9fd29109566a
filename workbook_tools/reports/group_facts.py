"""What the reports on several projects are made from: a department's projects, or all of them, counted and added up.

The same projects and figures as in 汇总: averages of what counts, quotients of sums, what is not complete in neither. What is printed of all
departments follows from what each comes to (:mod:`group_sums`); only a list of projects, or of those that did not come, needs their rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.result_parts import ONE_WORKBOOK, ResultParts, hold_whole, take_parts
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult
from workbook_tools.core.values import percent_text
from workbook_tools.reports.acceptance import Acceptances
from workbook_tools.reports.group_sums import (
    LARGEST_LOSSES,
    RANKED,
    FindingSum,
    GroupSums,
    OutcomeSum,
    Spread,
    SpreadSum,
    round_total,
)
from workbook_tools.reports.joined_sums import join_sums
from workbook_tools.reports.lost_points import LossSum, is_noticeable
from workbook_tools.reports.part_sums import sum_part
from workbook_tools.results.bands import EXECUTION_BANDS, NO_SCORE, SCORE_BANDS
from workbook_tools.rules.library import PENDING
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.text import one_line

COMMON_FINDINGS = 10
"""So many of the most common findings are listed for a department."""
ALL_PROJECTS = "全部项目"


@dataclass(frozen=True)
class CampaignFacts:
    """A review's result, added up once for all the reports on it; ``schemes`` are the result's, by digest."""

    result: ReviewResult | ResultParts
    schemes: Mapping[str, Scheme]
    accepted: Acceptances | None = None
    """Which drafts somebody has accepted, and what was written in their place; without it nothing is drafted."""
    public: bool = False
    """It is for the public: only projects that are public, and texts that somebody has accepted."""
    known: Mapping[str, GroupSums] | None = None
    """What each department comes to, in the order of the list, where that was added up before; by the name in the list."""

    @cached_property
    def parts(self) -> ResultParts:
        """The result by departments."""
        return take_parts(self.result)

    @cached_property
    def sums(self) -> Mapping[str, GroupSums]:
        """What each department comes to, in the order of the list."""
        if self.known is not None:
            return self.known
        return {name: sum_part(self.parts.read(name), self.schemes) for name in self.parts.sizes}

    @cached_property
    def departments(self) -> list[GroupFacts]:
        """Each department, in the order of the list."""
        return [GroupFacts(self, name, sums) for name, sums in self.sums.items()]

    @cached_property
    def whole(self) -> GroupFacts:
        """All projects together; last year's of departments that are there no more are among those that are gone."""
        closed = [sum_part(self.parts.read_rest(), {})] if self.parts.head.compared_with else []
        return GroupFacts(self, None, join_sums([*self.sums.values(), *closed]))

    def find_department(self, name: str) -> GroupFacts:
        """That department; without projects where there is no such."""
        return next((one for one in self.departments if one.department == name), GroupFacts(self, name, GroupSums()))


@dataclass(frozen=True)
class GroupFacts:
    """The projects that a report is on."""

    campaign: CampaignFacts
    department: str | None
    """None: all departments together."""
    sums: GroupSums

    @property
    def name(self) -> str:
        """Whose projects they are."""
        return ALL_PROJECTS if self.department is None else one_line(self.department) or NO_DEPARTMENT

    @property
    def year(self) -> int:
        """评价年度: that of all the projects, where they share one."""
        return min(self.sums.years) if len(self.sums.years) == 1 else self.campaign.parts.head.year

    @property
    def count(self) -> int:
        """已报: the projects that came in."""
        return self.sums.projects

    @property
    def missing(self) -> int:
        """未报: those that did not."""
        return self.sums.missing

    @property
    def listed(self) -> int:
        """应报: both together."""
        return self.count + self.missing

    @property
    def several(self) -> bool:
        """There is more than one project, so that it must be said which."""
        return self.count > 1

    @cached_property
    def _rows(self) -> tuple[Sequence[ProjectRow], Sequence[MissingRow]]:
        parts = self.campaign.parts
        if self.department is not None:
            part = parts.read(self.department) if self.department in parts.sizes else None
            return (part.projects, part.missing) if part else ((), ())
        if self.listed > ONE_WORKBOOK:
            return (), ()
        whole = hold_whole(parts)
        return whole.projects, whole.missing

    @property
    def projects(self) -> Sequence[ProjectRow]:
        """Those that came in, in the order of the list; of all departments none where they are too many for one table."""
        return self._rows[0]

    @property
    def missing_rows(self) -> Sequence[MissingRow]:
        """Those that did not, likewise."""
        return self._rows[1]

    @property
    def totals(self) -> Sequence[float]:
        """The totals that count."""
        return self.sums.totals

    @cached_property
    def mean(self) -> float | None:
        """The mean of the totals that count, in 分."""
        return sum(self.totals) / len(self.totals) if self.totals else None

    @cached_property
    def execution_rate(self) -> float | None:
        """The execution rate of all together: the quotient of the two sums, as in 汇总."""
        budget = self.add_up(Measure.ANNUAL_BUDGET)
        return self.add_up(Measure.EXECUTED) / budget if budget else None

    def add_up(self, measure: Measure, source: FundingSource = FundingSource.TOTAL) -> float:
        """The amounts together, in 万元."""
        return self.sums.money.get((measure, source), 0.0)

    def count_blank(self, measure: Measure) -> int:
        """In how many projects that amount is blank."""
        return self.sums.blank.get(measure, 0)

    @property
    def outcomes(self) -> Mapping[str, OutcomeSum]:
        """How the indicators of each dimension stand to their targets, in the schemes' order; none without any."""
        return self.sums.outcomes

    @cached_property
    def _first_places(self) -> Mapping[float, int]:
        first: dict[float, int] = {}
        for place, figure in enumerate(sorted(map(round_total, self.totals), reverse=True), 1):
            first.setdefault(figure, place)
        return first

    def find_rank(self, project: ProjectRow) -> int | None:
        """Rank of a project that has a total that counts; equal totals share a rank, and the next ones follow after them all."""
        total = project.counted_total
        return None if total is None else self._first_places[round_total(total)]

    @property
    def ranked(self) -> Sequence[ProjectRow]:
        """The projects from the highest total; of many only the first and the last."""
        best = self.sums.best
        return best if len(self.totals) <= 2 * RANKED else [*best[:RANKED], *self.sums.last]

    @property
    def lost_by_dimension(self) -> Mapping[str, LossSum]:
        """The points lost in each dimension."""
        return self.sums.by_dimension

    @cached_property
    def lost_by_category(self) -> Mapping[tuple[str, str], LossSum]:
        """The categories that lost most."""
        ordered = sorted(self.sums.by_category.items(), key=lambda item: -round(item[1].lost, 6))
        return {names: sums for names, sums in ordered[:LARGEST_LOSSES] if is_noticeable(sums.lost)}

    @cached_property
    def common_findings(self) -> list[FindingSum]:
        """The errors and warnings found most often in what the units filled in, those of a code together, errors first.

        Common is what two projects share; of a single project it is whatever was found.
        """
        least = min(2, self.count)
        groups = [one for one in self.sums.findings.values() if one.projects >= least]
        return sorted(groups, key=_weigh_findings)[:COMMON_FINDINGS]


def _weigh_findings(one: FindingSum) -> tuple[bool, int, int, str]:
    """What is first: errors, then what more projects have."""
    return not one.is_error, -one.projects, -one.count, one.first.code


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
    return _fill_spread(facts.sums.usual_grades, facts.sums.grades) | facts.sums.grades


def spread_by_execution(facts: GroupFacts) -> Spread:
    """Each band of execution rates, and those without one where there are any."""
    return _fill_spread([*(band.label for band in EXECUTION_BANDS)], facts.sums.rates) | facts.sums.rates


def spread_by_score(facts: GroupFacts) -> Spread:
    """Each band of totals; a sum so far is in none."""
    scores = facts.sums.scores
    others = {name: scores[name] for name in (PENDING, NO_SCORE) if name in scores}
    return _fill_spread([band.label for band in SCORE_BANDS], scores) | others


def _fill_spread(names: Iterable[str], spread: Spread) -> Spread:
    """Those of these names, where nobody is too."""
    return {name: spread.get(name) or SpreadSum() for name in names}


def share_text(part: float, whole: float) -> str:
    """What part it is, in %; nothing of nothing."""
    return percent_text(part / whole) if whole else ""
