"""Finds a project in last year's result: by name and unit, else by code. One department is read at a time.

A code is unique in one year only, as some lists number their projects anew. An equal code means the same project if the names
have half of their characters in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.names import fold_name
from workbook_tools.core.result_parts import (
    HeldParts,
    ResultParts,
    digest_result,
    find_digest,
    list_projects,
    read_projects,
)
from workbook_tools.core.review_result import (
    GoneRow,
    IndicatorRow,
    LastYearIndicator,
    ReviewResult,
)
from workbook_tools.files.stored_projects import NamedProject
from workbook_tools.review.checks.last_year import LastYearProject, TwoYears
from workbook_tools.review.year_figures import describe_last_year

_Called = tuple[str, str]
"""Name and unit, folded."""
_ALIKE = 0.5
"""Two names may be those of one project if they share at least this part of the shorter one's characters."""


class FoundLastYear:
    """Some projects of last year's result; only their names and departments are held in memory."""

    def __init__(
        self, parts: ResultParts, owners: Mapping[str, str], names: Mapping[_Called, str], called: dict[str, _Called]
    ) -> None:
        """``owners``: code → department; ``names``: name and unit, folded → code, and ``called`` the other way round."""
        self._parts, self._owners, self._names, self._called = parts, owners, names, called
        self._read: dict[str, ReviewResult] = {}

    def find(self, row: NamedProject) -> LastYearProject | None:
        """The project the year before; ``None`` where it was not there."""
        code = self._match(row)
        if not code:
            return None
        part = self._take(self._owners[code])
        project = next(one for one in part.projects if one.code == code)
        return LastYearProject(project, tuple(one for one in part.indicators if one.project_code == code))

    def _match(self, row: NamedProject) -> str:
        """The code that the project had; blank where it was not there."""
        now, then = (fold_name(row.name), fold_name(row.unit)), self._called.get(row.code)
        if now != then and (code := self._names.get(now)):
            return code
        return row.code if then and (now == then or _are_alike(now[0], then[0])) else ""

    def _take(self, department: str) -> ReviewResult:
        """A department's projects among them."""
        if department not in self._read:
            self._read[department] = read_projects(self._parts, department, self._owners.keys())
        return self._read[department]


def _are_alike(one: str, other: str) -> bool:
    """Two names, folded, may be those of one project: 农村道路养护 and 农村公路养护项目."""
    shorter = min(len(one), len(other))
    return (Counter(one) & Counter(other)).total() >= _ALIKE * shorter > 0


class LastYear(FoundLastYear):
    """Last year's result, of which one department is held at a time."""

    def __init__(self, parts: ResultParts) -> None:
        owners: dict[str, str] = {}
        names: dict[_Called, str] = {}
        super().__init__(parts, owners, names, {})
        self._folded: dict[str, list[_Called]] = {}
        """Name, folded → its keys among the names."""
        digests = []
        for department in parts.sizes:
            digests.append(find_digest(parts, department) or digest_result(parts.read(department)))
            for row in list_projects(parts, department):
                owners[row.code] = department
                key = self._called[row.code] = fold_name(row.name), fold_name(row.unit)
                names.setdefault(key, row.code)
        for key in names:
            self._folded.setdefault(key[0], []).append(key)
        self.digest = digest_facts(digests)
        """Digest of all that it says about projects."""

    @property
    def year(self) -> int:
        """The year of the result."""
        return self._parts.head.year

    def narrow(self, codes: Collection[str], names: Iterable[str]) -> FoundLastYear:
        """The projects that may be these, by the codes or names that they have this year."""
        keys = [key for name in {fold_name(name) for name in names} for key in self._folded.get(name, ())]
        known = {key: self._names[key] for key in keys}
        called = {code: key for code in (*codes, *known.values()) if (key := self._called.get(code))}
        own = {*codes, *known.values()} & self._owners.keys()
        owners = {code: self._owners[code] for code in sorted(own)}
        parts = HeldParts(_hold_some(self._parts, owners)) if isinstance(self._parts, HeldParts) else self._parts
        return FoundLastYear(parts, owners, known, called)

    def list_gone(self, listed: Iterable[NamedProject]) -> Iterator[GoneRow]:
        """The projects of the year before that are none of these, department by department."""
        stayed = {self._match(row) for row in listed}
        left = dict.fromkeys(owner for code, owner in self._owners.items() if code not in stayed)
        for department in left:
            for row in list_projects(self._parts, department):
                if row.code not in stayed:
                    yield GoneRow(
                        code=row.code,
                        name=row.name,
                        department=row.department,
                        unit=row.unit,
                        figures=describe_last_year(row),
                    )

    def _take(self, department: str) -> ReviewResult:
        if department not in self._read:
            self._read = {department: self._parts.read(department)}
        return self._read[department]


def _hold_some(parts: HeldParts, owners: Mapping[str, str]) -> ReviewResult:
    """These projects of a result that is held in memory."""
    rows = [read_projects(parts, department, owners.keys()) for department in dict.fromkeys(owners.values())]
    some = {field: tuple(row for one in rows for row in getattr(one, field)) for field in ("projects", "indicators")}
    return parts.head.model_copy(update=some)


def describe_indicators(both: TwoYears) -> Iterator[IndicatorRow]:
    """This year's indicators, each with last year's figures if it existed then."""
    counted = both.last.project.counted_total is not None
    for row, before in both.match_indicators():
        if before is None or not before.applicable:
            yield row
            continue
        facts = LastYearIndicator(
            target_text=before.target_text,
            actual_text=before.actual_text,
            weight=before.weight,
            score=before.final_score if counted else None,
        )
        yield row.model_copy(update={"last_year": facts})
