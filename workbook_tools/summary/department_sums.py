"""What a department comes to, and each of its units: of more projects than one workbook lists this is all that is known of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.labels import NO_DEPARTMENT, NO_UNIT
from workbook_tools.core.model import INPUT_MEASURES, Measure
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.files.packed_records import AsPairs, pack_plainly, unpack_plainly
from workbook_tools.results.bands import (
    EXECUTION_BANDS,
    EXECUTION_DECIMALS,
    NO_RATE,
    NO_SCORE,
    SCORE_BANDS,
    SCORE_DECIMALS,
    Band,
)
from workbook_tools.results.facts import EXECUTION_RATE, PENDING, SEVERITY_TINTS, final_grade_text, name_level
from workbook_tools.results.two_years import TwoYearSums, list_pairs, list_repeated_losses, sum_pairs

GRADE, SCORE = "评价等级", "总分"


def _find_total(project: ProjectRow, measure: Measure) -> float:
    return project.amount(measure) or 0.0


@dataclass(slots=True)
class BandCount:
    """The projects of a grade or band."""

    projects: int = 0
    budget: float = 0.0
    executed: float = 0.0
    scored: int = 0
    points: float = 0.0

    def add(self, project: ProjectRow) -> None:
        """One more."""
        self.projects += 1
        self.budget += _find_total(project, Measure.ANNUAL_BUDGET)
        self.executed += _find_total(project, Measure.EXECUTED)
        if project.counted_total is not None:
            self.scored += 1
            self.points += project.counted_total


@dataclass(slots=True)
class GroupCount:
    """What a department comes to, or a unit of it."""

    department: str
    unit: str = ""
    missing: int = 0
    projects: int = 0
    money: dict[str, float] = field(default_factory=lambda: dict.fromkeys(INPUT_MEASURES, 0.0))
    """In 万元, by measure."""
    scored: int = 0
    points: float = 0.0
    highest: float | None = None
    lowest: float | None = None
    pending: int = 0
    faulty: int = 0
    """Projects with errors."""
    levels: dict[str, int] = field(default_factory=dict)
    """Findings by level; of a unit they are not counted."""
    bands: Annotated[dict[tuple[str, str], BandCount], AsPairs] = field(default_factory=dict)
    """By 评价等级, 预算执行率 and 总分, and the band; of a unit, of which there are thousands, by 评价等级 alone."""

    def add(self, project: ProjectRow) -> None:
        """One more."""
        self.projects += 1
        self.pending += project.pending
        self.faulty += bool(project.findings.error)
        for measure in INPUT_MEASURES:
            self.money[measure] += _find_total(project, measure)
        total = project.counted_total
        if total is not None:
            self.scored += 1
            self.points += total
            self.highest = total if self.highest is None else max(self.highest, total)
            self.lowest = total if self.lowest is None else min(self.lowest, total)
        bands = (GRADE, final_grade_text(project)), *(() if self.unit else _list_bands(project))
        for band in bands:
            self.bands.setdefault(band, BandCount()).add(project)


def _list_bands(project: ProjectRow) -> Iterator[tuple[str, str]]:
    """Its bands of 预算执行率 and 总分."""
    executed = Band.of(project.execution_rate, EXECUTION_BANDS, EXECUTION_DECIMALS)
    yield EXECUTION_RATE, executed.label if executed else NO_RATE
    scored = Band.of(project.counted_total, SCORE_BANDS, SCORE_DECIMALS)
    yield SCORE, scored.label if scored else PENDING if project.pending else NO_SCORE


def count_part(part: ReviewResult, department: str) -> list[GroupCount]:
    """A department, and its units in the order in which they first occur."""
    levels = dict.fromkeys(SEVERITY_TINTS, 0)
    whole = GroupCount(department or NO_DEPARTMENT, missing=len(part.missing), levels=levels)
    units: dict[str, GroupCount] = {}

    def find_unit(name: str) -> GroupCount:
        return units.setdefault(name or NO_UNIT, GroupCount(whole.department, name or NO_UNIT))

    for project in part.projects:
        whole.add(project)
        find_unit(project.unit).add(project)
    for row in part.missing:
        find_unit(row.unit).missing += 1
    for finding in part.findings:
        if (level := name_level(finding)) in levels:
            levels[level] += 1
    return [whole, *units.values()]


@dataclass(frozen=True, slots=True)
class DepartmentYears:
    """A department in both years."""

    department: str
    sums: TwoYearSums
    repeated: int = 0
    """Indicators that lost points twice."""
    link: str = ""
    """The file of its workbook beside this one."""


@dataclass(frozen=True, slots=True)
class CountedDepartment:
    """A department as the overview has it; its units, of which a province has thousands, are packed until they are written."""

    whole: GroupCount
    years: DepartmentYears
    digest: str
    """Of what it and its units come to."""
    packed: bytes

    @classmethod
    def of(cls, groups: list[GroupCount], years: DepartmentYears) -> CountedDepartment:
        """Of what :func:`count_part` and :func:`compare_part` give."""
        whole, *units = groups
        return cls(whole, years, digest_facts(groups), pack_plainly(units))

    def list_units(self) -> list[GroupCount]:
        """Its units, in the order in which they first occur."""
        units: list[GroupCount] = unpack_plainly(self.packed)
        return units


def compare_part(part: ReviewResult, department: str, link: str = "") -> DepartmentYears:
    """What a department's part comes to in both years."""
    return DepartmentYears(
        department or NO_DEPARTMENT, sum_pairs(list_pairs(part)), len(list_repeated_losses(part)), link
    )


def compare_closed(rest: ReviewResult) -> Iterator[DepartmentYears]:
    """The departments of last year that have no project on this year's list: theirs are gone."""
    closed = dict.fromkeys(row.department for row in rest.gone)
    for name in closed:
        own = rest.model_copy(update={"gone": tuple(row for row in rest.gone if row.department == name)})
        yield DepartmentYears(name or NO_DEPARTMENT, sum_pairs(list_pairs(own)))
