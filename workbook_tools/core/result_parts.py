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
"""Up to so many projects stand row by row in one workbook; of more that workbook is an overview, and each department has one of its own."""
AT_ONCE = 250
"""So many projects of a department are held at once by whoever can work on some at a time; each takes some 200 KB."""
NO_ROWS: dict[str, object] = {
    "projects": (),
    "indicators": (),
    "findings": (),
    "missing": (),
    "evidence": (),
    "gone": (),
}
"""The fields of a result that hold rows; its head has them empty."""


@dataclass(frozen=True, slots=True)
class PartSize:
    """How much a department's part holds."""

    projects: int = 0
    indicators: int = 0
    findings: int = 0
    missing: int = 0


class ResultParts(Protocol):
    """A result that can be read one department at a time, any number of times and in any process: pickled, it is the place
    where it is stored, unless it is held in memory."""

    @property
    def head(self) -> ReviewResult:
        """The facts of the whole result (scheme, year, authority, number of files, counts of the checks, schemes), without rows."""

    @property
    def sizes(self) -> Mapping[str, PartSize]:
        """The departments with a project that came or is missing, in the order of the list and as the list writes them (blank
        where it names none)."""

    def read(self, department: str) -> ReviewResult:
        """That department's projects in the order of the list with all rows about them, and the facts of the head."""

    def read_rest(self) -> ReviewResult:
        """Findings and evidence that belong to no project of any department, and the facts of the head."""


@runtime_checkable
class DigestedParts(ResultParts, Protocol):
    """Parts that can tell whether they have changed without being read."""

    def find_digest(self, department: str) -> str:
        """A digest of the department's part, equal as long as nothing in it changes; blank where it is not known."""


@runtime_checkable
class DigestedResult(DigestedParts, Protocol):
    """Such parts that can tell the same of the whole result."""

    def find_whole_digest(self) -> str:
        """A digest of all parts and the head; blank where it is not known."""


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
    """The parts of a result, whether it is held in memory or not."""
    return HeldParts(result) if isinstance(result, ReviewResult) else result


@runtime_checkable
class WholeParts(ResultParts, Protocol):
    """Parts that also know the whole, in the order in which it was written."""

    def read_whole(self) -> ReviewResult:
        """The whole result."""


def hold_whole(parts: ResultParts) -> ReviewResult:
    """The whole result in memory: as it was written, where the parts know that, else joined department by department."""
    if isinstance(parts, HeldParts):
        return parts.result
    return parts.read_whole() if isinstance(parts, WholeParts) else join_parts(parts)


@runtime_checkable
class PartsByProject(ResultParts, Protocol):
    """Parts that can read some projects of a department without the others."""

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
    """Parts stored in pieces, so that nobody has to hold all of a large department."""

    def outline(self, department: str) -> PartOutline:
        """How much there is of each of its projects."""

    def read_range(self, department: str, first: int, stop: int) -> ReviewResult:
        """The projects of a department from place ``first`` to before ``stop``, with at least all rows about them and about no project that
        came, in the order of the part, and the facts of the head."""


HoldRows = Callable[[str, Iterable[Any]], Sequence[Any]]
"""Takes the rows of a field (projects, indicators …) one by one, and gives the sequence that the part is to hold."""


@runtime_checkable
class PartsByRow(ResultParts, Protocol):
    """Parts that hand out their rows one by one, so that nobody has to hold all of them."""

    def read_held(self, department: str, hold: HoldRows) -> ReviewResult:
        """As :func:`read_held`."""


def read_held(parts: ResultParts, department: str, hold: HoldRows) -> ReviewResult:
    """That department's part with its rows as ``hold`` keeps them. Parts held in memory give ``hold`` their tuples."""
    if isinstance(parts, PartsByRow):
        return parts.read_held(department, hold)
    return hold_rows(parts.read(department), hold)


def hold_rows(part: ReviewResult, hold: HoldRows) -> ReviewResult:
    """A part held in memory, with its rows as ``hold`` keeps them."""
    return part.model_copy(update={field: hold(field, getattr(part, field)) for field in NO_ROWS})


def read_projects(
    parts: ResultParts, department: str, codes: Collection[str] | None = None, first: int = 0, end: int | None = None
) -> ReviewResult:
    """The projects of a department with these codes (``None``: all), from number ``first`` to before ``end``, with their indicators and
    findings, and the facts of the head."""
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
    """All projects of a department that came, with their findings and the facts of the head: at most :data:`AT_ONCE` at a time, where the parts
    can be read so."""
    if isinstance(parts, PartsByProject):
        yield from parts.read_by_projects(department)
    else:
        yield parts.read(department)


def list_projects(parts: ResultParts, department: str) -> Iterator[ProjectRow]:
    """The projects of a department that came, one by one, without indicators and findings."""
    yield from parts.list_projects(department) if isinstance(parts, PartsByProject) else parts.read(department).projects


def find_departments(parts: ResultParts, codes: Collection[str]) -> list[str]:
    """The departments with one of these projects, came or missing; all departments where the parts do not know."""
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
    """The parts as sent to a process that reads that department alone: nothing else goes with them."""
    return HeldParts(parts.read(department)) if isinstance(parts, HeldParts) else parts


def find_digest(parts: ResultParts, department: str) -> str:
    """The digest of a department's part, see :class:`DigestedParts`; blank where the parts have none."""
    return parts.find_digest(department) if isinstance(parts, DigestedParts) else ""


def find_whole_digest(parts: ResultParts) -> str:
    """The digest of all parts and the head, likewise."""
    return parts.find_whole_digest() if isinstance(parts, DigestedResult) else ""


def digest_result(result: ReviewResult) -> str:
    """A digest of all that a result holds, spelled some rows at a time: whole, its text would take several times the memory of the result."""
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
"""Work on the parts of a result as they are written, done step by step while other processes draw its workbooks."""


def nothing_beside(_: ResultParts) -> Iterator[object]:
    """There is nothing else to do."""
    return iter(())
