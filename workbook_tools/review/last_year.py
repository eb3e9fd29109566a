"""The year before of a project: found by its code, else by its name and unit, in last year's result, one department at a time."""

from __future__ import annotations

from typing import Protocol

from workbook_tools.core.model import Measure
from workbook_tools.core.names import fold_name
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.core.review_result import LastYearFigures, ReviewResult
from workbook_tools.review.checks.last_year import LastYearProject


class Sought(Protocol):
    """What a project of another year is known by."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...


class LastYear:
    """Last year's result, of which it is kept in mind only which project stands in which department."""

    def __init__(self, parts: ResultParts) -> None:
        self._parts = parts
        self._owners: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._read: tuple[str, ReviewResult] | None = None
        for department in parts.sizes:
            for row in parts.read(department).projects:
                self._owners[row.code] = department
                self._names[fold_name(row.name), fold_name(row.unit)] = row.code

    @property
    def year(self) -> int:
        """Whose result it is."""
        return self._parts.head.year

    def find(self, row: Sought) -> LastYearProject | None:
        """The project the year before; ``None`` where it was not there."""
        code = row.code if row.code in self._owners else self._names.get((fold_name(row.name), fold_name(row.unit)), "")
        if not code:
            return None
        part = self._take(self._owners[code])
        project = next(one for one in part.projects if one.code == code)
        return LastYearProject(project, tuple(one for one in part.indicators if one.project_code == code))

    def _take(self, department: str) -> ReviewResult:
        if self._read is None or self._read[0] != department:
            self._read = department, self._parts.read(department)
        return self._read[1]


def describe_last_year(last: LastYearProject) -> LastYearFigures:
    """What of it stands beside the project this year."""
    row = last.project
    return LastYearFigures(
        year=row.year, score=row.counted_total, grade=row.final_grade, rate=row.execution_rate, budget=row.amount(Measure.ANNUAL_BUDGET),
        executed=row.amount(Measure.EXECUTED),
    )  # fmt: skip
