"""A result part by part: one department at a time, so that nothing needs to hold all of it.

A department's part is a whole :class:`ReviewResult` of its own, and what works on a result works on it. What belongs to no
project that counts (a file that nobody can read, a stranger) stands in the rest.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar, runtime_checkable

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult

Row = TypeVar("Row")
ONE_WORKBOOK = 500
"""Of so many projects all stand in one workbook, row by row; of more it is an overview, and each department's workbook has its own."""
AT_ONCE = 250
"""So many projects of a department are held at once by who needs no more of it. A process holds some 200 KB of each."""
NO_ROWS: dict[str, object] = {
    "projects": (),
    "indicators": (),
    "findings": (),
    "missing": (),
    "evidence": (),
    "gone": (),
}
"""What a result holds by project, and its head does not."""


@dataclass(frozen=True, slots=True)
class PartSize:
    """How much a department's part holds."""

    projects: int = 0
    indicators: int = 0
    findings: int = 0
    missing: int = 0


class ResultParts(Protocol):
    """A result that can be read one department at a time, as often as one likes and from any process: it is pickled by
    where it is kept, where it is not held in memory."""

    @property
    def head(self) -> ReviewResult:
        """What is said once of all: scheme, year, authority, number of files, counts of the checks, schemes; no rows."""

    @property
    def sizes(self) -> Mapping[str, PartSize]:
        """The departments that have a project or miss one, in the order of the list, as the list writes them (blank where it
        has none)."""

    def read(self, department: str) -> ReviewResult:
        """That department's projects, in the order of the list, with all that is said of them; the head's facts beside."""

    def read_rest(self) -> ReviewResult:
        """Findings and evidence that belong to no project of any department; the head's facts beside."""


@runtime_checkable
class DigestedParts(ResultParts, Protocol):
    """Parts of which it may be known that they are as they were, without reading them."""

    def find_digest(self, department: str) -> str:
        """Of the department's part: the same as long as nothing in it is otherwise; blank where that is not known."""


@runtime_checkable
class DigestedResult(DigestedParts, Protocol):
    """Of which that may be known of the whole."""

    def find_whole_digest(self) -> str:
        """Of all parts and the head; blank where that is not known."""


class HeldParts:
    """The parts of a result that is held in memory whole."""

    def __init__(self, result: ReviewResult) -> None:
        self.result = result

    def __reduce__(self) -> tuple[type[HeldParts], tuple[ReviewResult]]:
        return type(self), (self.result,)

    @cached_property
    def head(self) -> ReviewResult:
        return self.result.model_copy(update=NO_ROWS)

    @cached_property
    def sizes(self) -> dict[str, PartSize]:
        return {
            name: PartSize(len(part.projects), len(part.indicators), len(part.findings), len(part.missing))
            for name, part in self._parts.items()
        }

    def read(self, department: str) -> ReviewResult:
        return self._parts[department]

    def read_rest(self) -> ReviewResult:
        owners = self._owners
        indicators = tuple(row for row in self.result.indicators if row.project_code not in owners)
        findings = tuple(row for row in self.result.findings if row.project_code not in owners)
        evidence = tuple(row for row in self.result.evidence if row.project_code not in owners)
        gone = tuple(row for row in self.result.gone if row.department not in self._parts)
        return self.head.model_copy(
            update={"indicators": indicators, "findings": findings, "evidence": evidence, "gone": gone}
        )

    @cached_property
    def _owners(self) -> dict[str, str]:
        """The department of each project that counts or is missing, by its code."""
        listed: list[MissingRow | ProjectRow] = [*self.result.missing, *self.result.projects]
        return {row.code: row.department for row in listed}

    @cached_property
    def _parts(self) -> dict[str, ReviewResult]:
        result = self.result
        listed: list[MissingRow | ProjectRow] = [*result.projects, *result.missing]
        names = dict.fromkeys(row.department for row in sorted(listed, key=lambda row: row.place or math.inf))
        projects = _group((row.department, row) for row in result.projects)
        missing = _group((row.department, row) for row in result.missing)
        owners = self._owners
        indicators = _group((owners[row.project_code], row) for row in result.indicators if row.project_code in owners)
        findings = _group((owners[row.project_code], row) for row in result.findings if row.project_code in owners)
        evidence = _group((owners[row.project_code], row) for row in result.evidence if row.project_code in owners)
        gone = _group((row.department, row) for row in result.gone)
        return {
            name: result.model_copy(
                update={
                    "projects": projects[name],
                    "missing": missing[name],
                    "indicators": indicators[name],
                    "findings": findings[name],
                    "evidence": evidence[name],
                    "gone": gone[name],
                }
            )
            for name in names
        }


def join_parts(parts: ResultParts) -> ReviewResult:
    """The whole result, held in memory: department by department, and first what belongs to none."""
    read = [*read_each(parts)]
    return parts.head.model_copy(
        update={
            "projects": tuple(row for part in read for row in part.projects),
            "indicators": tuple(row for part in read for row in part.indicators),
            "findings": tuple(row for part in read for row in part.findings),
            "missing": tuple(row for part in read for row in part.missing),
            "evidence": tuple(row for part in read for row in part.evidence),
            "gone": tuple(row for part in read for row in part.gone),
        }
    )


def read_each(parts: ResultParts) -> Iterator[ReviewResult]:
    """All of a result, one part after the other: first what belongs to no department."""
    yield parts.read_rest()
    yield from map(parts.read, parts.sizes)


def take_parts(result: ReviewResult | ResultParts) -> ResultParts:
    """The parts of a result, held in memory whole or not."""
    return HeldParts(result) if isinstance(result, ReviewResult) else result


@runtime_checkable
class WholeParts(ResultParts, Protocol):
    """Parts that also know the whole, in the order in which it was written."""

    def read_whole(self) -> ReviewResult:
        """The whole result."""


def hold_whole(parts: ResultParts) -> ReviewResult:
    """The whole result in memory: as it was where that is known, else put together."""
    if isinstance(parts, HeldParts):
        return parts.result
    return parts.read_whole() if isinstance(parts, WholeParts) else join_parts(parts)


@runtime_checkable
class PartsByProject(ResultParts, Protocol):
    """Parts of which some projects can be read without the others."""

    def find_codes(self, department: str) -> tuple[str, ...]:
        """The projects of a department: first those that came, then those that are missing."""

    def list_projects(self, department: str) -> Iterator[ProjectRow]:
        """As :func:`list_projects`."""

    def read_by_projects(self, department: str) -> Iterator[ReviewResult]:
        """As :func:`read_by_projects`."""

    def read_projects(
        self, department: str, codes: Collection[str] | None = None, first: int = 0, end: int | None = None
    ) -> ReviewResult:
        """As :func:`read_projects`."""


@dataclass(frozen=True, slots=True)
class PartOutline:
    """How much there is of each project of a department."""

    codes: Sequence[str]
    """The projects that came, in their order."""
    indicators: Mapping[str, int]
    """How many rows each has, by its code."""
    findings: Mapping[str, int]

    @classmethod
    def of(cls, pieces: Iterable[ReviewResult]) -> PartOutline:
        """Of a department's part, or of the pieces of it one after another."""
        codes: list[str] = []
        indicators, findings = Counter[str](), Counter[str]()
        for piece in pieces:
            codes += (row.code for row in piece.projects)
            indicators.update(row.project_code for row in piece.indicators)
            findings.update(row.project_code for row in piece.findings)
        return cls(codes, indicators, findings)


@runtime_checkable
class PartsByPlace(ResultParts, Protocol):
    """Parts that lie in pieces: who goes through a large department need not hold all of it."""

    def outline(self, department: str) -> PartOutline:
        """How much there is of each of its projects."""

    def read_range(self, department: str, first: int, stop: int) -> ReviewResult:
        """The projects of a department from one place to before another, with at least all rows that are of them, or of no project that came, in
        the order of the part; the head's facts beside."""


HoldRows = Callable[[str, Iterable[Any]], Sequence[Any]]
"""Takes the rows of a field (projects, indicators …) one by one, and gives what is to stand for them."""


@runtime_checkable
class PartsByRow(ResultParts, Protocol):
    """Parts whose rows come one by one: who does not need all of them as they are need not hold them."""

    def read_held(self, department: str, hold: HoldRows) -> ReviewResult:
        """As :func:`read_held`."""


def read_held(parts: ResultParts, department: str, hold: HoldRows) -> ReviewResult:
    """That department's part, its rows as ``hold`` keeps them; a part that is in memory has them there as tuples."""
    if isinstance(parts, PartsByRow):
        return parts.read_held(department, hold)
    return hold_rows(parts.read(department), hold)


def hold_rows(part: ReviewResult, hold: HoldRows) -> ReviewResult:
    """A part that is in memory, its rows as ``hold`` keeps them."""
    return part.model_copy(update={field: hold(field, getattr(part, field)) for field in NO_ROWS})


def read_projects(
    parts: ResultParts, department: str, codes: Collection[str] | None = None, first: int = 0, end: int | None = None
) -> ReviewResult:
    """The projects of a department with these codes, or all, from the first of these numbers to before the last; with them their
    indicators and findings, and nothing else but the head's facts."""
    if isinstance(parts, PartsByProject):
        return parts.read_projects(department, codes, first, end)
    part = parts.read(department)
    projects = tuple(row for row in part.projects if codes is None or row.code in codes)[first:end]
    own = {row.code for row in projects}
    rows = {
        "projects": projects,
        "indicators": tuple(row for row in part.indicators if row.project_code in own),
        "findings": tuple(row for row in part.findings if row.project_code in own),
    }
    return part.model_copy(update=NO_ROWS | rows)


def read_by_projects(parts: ResultParts, department: str) -> Iterator[ReviewResult]:
    """All projects of a department that came, with their findings and the head's facts; not more than :data:`AT_ONCE` at a time where that can be done."""
    if isinstance(parts, PartsByProject):
        yield from parts.read_by_projects(department)
    else:
        yield parts.read(department)


def list_projects(parts: ResultParts, department: str) -> Iterator[ProjectRow]:
    """The projects of a department that came, one by one, without what is said of them beside."""
    yield from parts.list_projects(department) if isinstance(parts, PartsByProject) else parts.read(department).projects


def find_departments(parts: ResultParts, codes: Collection[str]) -> list[str]:
    """The departments that have one of these projects, came or missing; all where that would have to be looked up."""
    if not isinstance(parts, PartsByProject):
        return [*parts.sizes] if codes else []
    wanted = {*codes}
    return [department for department in parts.sizes if not wanted.isdisjoint(parts.find_codes(department))]


def list_came(parts: ResultParts, department: str) -> list[str]:
    """The codes of the projects of a department that came; where the parts know them no row is read."""
    if isinstance(parts, PartsByProject):
        return [*parts.find_codes(department)[: parts.sizes[department].projects]]
    return [row.code for row in parts.read(department).projects]


def narrow_parts(parts: ResultParts, department: str) -> ResultParts:
    """The parts for whoever reads that department alone: nothing else is sent to another process."""
    return HeldParts(parts.read(department)) if isinstance(parts, HeldParts) else parts


def find_digest(parts: ResultParts, department: str) -> str:
    """Of a department's part (:meth:`DigestedParts.find_digest`); blank where nothing is known of such parts."""
    return parts.find_digest(department) if isinstance(parts, DigestedParts) else ""


def find_whole_digest(parts: ResultParts) -> str:
    """Of all parts and the head likewise."""
    return parts.find_whole_digest() if isinstance(parts, DigestedResult) else ""


def digest_result(result: ReviewResult) -> str:
    """Of all that a result holds, spelled some rows at a time: whole it would take as much memory again, several times."""
    pieces = [digest_facts(result.model_copy(update=NO_ROWS))]
    bare = ReviewResult(scheme="", year=0)
    for field in NO_ROWS:
        rows = getattr(result, field)
        for first in range(0, len(rows), AT_ONCE):
            pieces.append(digest_facts(bare.model_copy(update={field: rows[first : first + AT_ONCE]})))
    return digest_facts(pieces)


def count_all_projects(parts: ResultParts) -> int:
    """How many projects came, of all departments."""
    return sum(size.projects for size in parts.sizes.values())


def _group(rows: Iterable[tuple[str, Row]]) -> defaultdict[str, tuple[Row, ...]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for name, row in rows:
        found[name].append(row)
    return defaultdict(tuple, {name: tuple(some) for name, some in found.items()})


WorkBeside = Callable[[ResultParts], Iterator[object]]
"""What can be done with the parts of a result, as they are written, while others draw its workbooks: a step at a time."""


def nothing_beside(_: ResultParts) -> Iterator[object]:
    """There is nothing else to do."""
    return iter(())
