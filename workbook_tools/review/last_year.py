"""The year before of a project: found by its code, else by its name and unit, in last year's result, one department at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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


class FoundLastYear:
    """Some projects of last year's result, of which it is kept in mind only in which department each stands."""

    def __init__(self, parts: ResultParts, owners: Mapping[str, str], names: Mapping[tuple[str, str], str]) -> None:
        """``owners``: code → department; ``names``: name and unit, folded → code."""
        self._parts, self._owners, self._names = parts, owners, names
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
        return row.code if row.code in self._owners else self._names.get((fold_name(row.name), fold_name(row.unit)), "")

    def _take(self, department: str) -> ReviewResult:
        """Those of them that stand in a department."""
        if department not in self._read:
            self._read[department] = read_projects(self._parts, department, self._owners.keys())
        return self._read[department]


class LastYear(FoundLastYear):
    """Last year's result, of which one department is held at a time."""

    def __init__(self, parts: ResultParts) -> None:
        owners: dict[str, str] = {}
        names: dict[tuple[str, str], str] = {}
        super().__init__(parts, owners, names)
        self._folded: dict[str, list[tuple[str, str]]] = {}
        """Name, folded → its keys among the names."""
        digests = []
        for department in parts.sizes:
            digests.append(find_digest(parts, department) or digest_result(parts.read(department)))
            for row in list_projects(parts, department):
                owners[row.code] = department
                names[fold_name(row.name), fold_name(row.unit)] = row.code
        for key in names:
            self._folded.setdefault(key[0], []).append(key)
        self.digest = digest_facts(digests)
        """Of all that it says of projects."""

    @property
    def year(self) -> int:
        """Whose result it is."""
        return self._parts.head.year

    def narrow(self, codes: Iterable[str], names: Iterable[str]) -> FoundLastYear:
        """What may be these projects, by the codes or names that they have this year."""
        keys = [key for name in {fold_name(name) for name in names} for key in self._folded.get(name, ())]
        known = {key: self._names[key] for key in keys}
        own = {*codes, *known.values()} & self._owners.keys()
        owners = {code: self._owners[code] for code in sorted(own)}
        parts = HeldParts(_hold_some(self._parts, owners)) if isinstance(self._parts, HeldParts) else self._parts
        return FoundLastYear(parts, owners, known)

    def list_gone(self, listed: Iterable[NamedProject]) -> Iterator[GoneRow]:
        """The projects of the year before that are none of these, department by department."""
        stayed = {self._match(row) for row in listed}
        left = dict.fromkeys(owner for code, owner in self._owners.items() if code not in stayed)
        for department in left:
            for row in list_projects(self._parts, department):
                if row.code not in stayed:
                    yield GoneRow(
                        code=row.code, name=row.name, department=row.department, unit=row.unit, figures=describe_last_year(row)
                    )  # fmt: skip

    def _take(self, department: str) -> ReviewResult:
        if department not in self._read:
            self._read = {department: self._parts.read(department)}
        return self._read[department]


def _hold_some(parts: HeldParts, owners: Mapping[str, str]) -> ReviewResult:
    """Of a result that is held whole these projects."""
    rows = [read_projects(parts, department, owners.keys()) for department in dict.fromkeys(owners.values())]
    some = {field: tuple(row for one in rows for row in getattr(one, field)) for field in ("projects", "indicators")}
    return parts.head.model_copy(update=some)


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
