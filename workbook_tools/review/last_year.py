"""The year before of a project: found by its code, else by its name and unit, in last year's result, one department at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.model import Measure
from workbook_tools.core.names import fold_name
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.core.review_result import (
    GoneRow,
    IndicatorRow,
    LastYearFigures,
    LastYearIndicator,
    ProjectRow,
    ReviewResult,
)
from workbook_tools.files.stored_projects import NamedProject
from workbook_tools.review.checks.last_year import LastYearProject, TwoYears


class LastYear:
    """Last year's result, of which it is kept in mind only which project stands in which department."""

    def __init__(self, parts: ResultParts) -> None:
        self._parts = parts
        self._owners: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._read: tuple[str, ReviewResult] | None = None
        digests = []
        for department in parts.sizes:
            part = parts.read(department)
            digests.append(digest_facts(part))
            for row in part.projects:
                self._owners[row.code] = department
                self._names[fold_name(row.name), fold_name(row.unit)] = row.code
        self.digest = digest_facts(digests)
        """Of all that it says of projects."""

    @property
    def year(self) -> int:
        """Whose result it is."""
        return self._parts.head.year

    def find(self, row: NamedProject) -> LastYearProject | None:
        """The project the year before; ``None`` where it was not there."""
        code = self._match(row)
        if not code:
            return None
        part = self._take(self._owners[code])
        project = next(one for one in part.projects if one.code == code)
        return LastYearProject(project, tuple(one for one in part.indicators if one.project_code == code))

    def list_gone(self, listed: Iterable[NamedProject]) -> Iterator[GoneRow]:
        """The projects of the year before that are none of these, department by department."""
        stayed = {self._match(row) for row in listed}
        left = dict.fromkeys(owner for code, owner in self._owners.items() if code not in stayed)
        for department in left:
            for row in self._take(department).projects:
                if row.code not in stayed:
                    yield GoneRow(
                        code=row.code, name=row.name, department=row.department, unit=row.unit, figures=describe_last_year(row)
                    )  # fmt: skip

    def _match(self, row: NamedProject) -> str:
        """The code that the project had; blank where it was not there."""
        return row.code if row.code in self._owners else self._names.get((fold_name(row.name), fold_name(row.unit)), "")

    def _take(self, department: str) -> ReviewResult:
        if self._read is None or self._read[0] != department:
            self._read = department, self._parts.read(department)
        return self._read[1]


def describe_last_year(row: ProjectRow) -> LastYearFigures:
    """What a project of the year before came to, as it stands beside the same project this year."""
    counted = row.counted_total is not None
    return LastYearFigures(
        year=row.year, score=row.counted_total, grade=row.final_grade, rate=row.execution_rate, budget=row.amount(Measure.ANNUAL_BUDGET),
        executed=row.amount(Measure.EXECUTED), execution_weight=row.execution_weight,
        execution_score=row.final_execution_score if counted else None,
    )  # fmt: skip


def describe_indicators(both: TwoYears) -> Iterator[IndicatorRow]:
    """This year's indicators, those that were there the year before with what they came to then."""
    counted = both.last.project.counted_total is not None
    for row, before in both.match_indicators():
        if before is None or not before.applicable:
            yield row
            continue
        facts = LastYearIndicator(
            target_text=before.target_text, actual_text=before.actual_text, weight=before.weight,
            score=before.final_score if counted else None,
        )  # fmt: skip
        yield row.model_copy(update={"last_year": facts})
