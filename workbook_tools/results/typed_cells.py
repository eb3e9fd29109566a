"""What finance has typed into the yellow cells of 审核结果, over all its workbooks, and a result with it in force.

However many workbooks there are, and whichever project stands in which by now: what is typed belongs to a project by its code. A
project that stands in none of them (a workbook is missing or damaged) keeps what was in force.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from workbook_tools.core.codes import Family
from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import Finding, apply_choices
from workbook_tools.core.result_parts import (
    HoldRows,
    PartSize,
    ResultParts,
    find_digest,
    find_whole_digest,
    hold_rows,
    list_projects,
    read_by_projects,
    read_held,
    read_projects,
)
from workbook_tools.core.review_result import (
    IndicatorRow,
    Judgement,
    MissingRow,
    ProjectRow,
    ReviewResult,
    Ruling,
)
from workbook_tools.results.facts import plain_text
from workbook_tools.results.judgement import (
    apply_judgements,
)
from workbook_tools.results.judging_cells import locate_judgements
from workbook_tools.results.rulings import RuledFile, apply_rulings
from workbook_tools.results.stored_parts import StoredParts
from workbook_tools.rules.recorded import EDITED, find_edited_schemes
from workbook_tools.rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class TypedCells:
    """Judgements (核定) and rulings (接受说明) as they were typed, also those that cannot be in force."""

    judgements: Sequence[Judgement] = ()
    rulings: Sequence[Ruling] = ()
    ruled_on: Mapping[str, RuledFile] = field(default_factory=dict)
    """Each project's file when they were typed."""
    findings: Sequence[Finding] = ()
    """Which workbooks could not be read."""

    @property
    def codes(self) -> set[str]:
        """The projects they are about, as a cell shows their codes."""
        return {item.key[0] for item in self.judgements} | {plain_text(item.project_code) for item in self.rulings}

    def narrow(self, codes: Collection[str]) -> TypedCells:
        """Those about these projects."""
        judgements = [item for item in self.judgements if item.key[0] in codes]
        rulings = [item for item in self.rulings if plain_text(item.project_code) in codes]
        return replace(self, judgements=judgements, rulings=rulings, findings=())

    def list_ranked_rulings(self) -> list[tuple[Ruling, RuledFile | None]]:
        """The rulings, each with the file that it was made on."""
        return [(item, self.ruled_on.get(item.project_code)) for item in self.rulings]

    def move_to(self, workbook: str, result: ReviewResult) -> TypedCells:
        """The same with the cells where a new workbook of this result will hold the judgements."""
        moved = [replace(item, file=workbook) for item in locate_judgements(result, self.judgements)]
        return replace(self, judgements=moved)


@dataclass(frozen=True, slots=True)
class JudgedResult:
    """A result with what was typed in force, all of that as it stands, and what is wrong with it."""

    result: ReviewResult
    judgements: tuple[Judgement, ...]
    rulings: tuple[Ruling, ...]
    findings: tuple[Finding, ...]


def judge(result: ReviewResult, typed: TypedCells) -> JudgedResult:
    """The result with these in force in place of any it had."""
    judged, wrong = apply_judgements(result, typed.judgements)
    ruled = apply_rulings(judged, typed.rulings, typed.ruled_on)
    found = (*typed.findings, *wrong, *ruled.findings)
    return JudgedResult(ruled.result, tuple(typed.judgements), ruled.rulings, found)


def list_codes(part: ReviewResult) -> set[str]:
    """The projects of a part that came or are missing, as a cell shows their codes."""
    return {plain_text(row.code) for row in part.projects} | {plain_text(row.code) for row in part.missing}


class _Decided(Exception):
    """What finance decided is in force in a row of a result."""


def _refuse_decided(row: Any) -> Any:
    """The row. Raises _Decided."""
    if _is_decided(row):
        raise _Decided
    return row


def _is_decided(row: Any) -> bool:
    match row:
        case ProjectRow():
            return row.reviewed or row.reviewed_total is not None
        case IndicatorRow():
            return row.reviewed_score is not None
        case Finding():
            return bool(row.ruling) or row.code.startswith(Family.REVIEW)
        case _:
            return False


class JudgedParts:
    """The parts of a result as they stand on disk, with what is typed in its workbooks by now in force in each that is read."""

    def __init__(self, parts: ResultParts, typed: TypedCells) -> None:
        self._parts, self._typed = parts, typed
        self.head = parts.head
        self.sizes: Mapping[str, PartSize] = parts.sizes
        self._unknown = typed.codes
        self.findings = [*typed.findings]
        """What is wrong with what is typed."""
        self._edited: list[Finding] | None = None
        for name in self.sizes if self._unknown else ():
            codes = self._list_codes(name) & self._unknown
            self._unknown = self._unknown - codes
            if codes:
                self.findings += self._judge(parts.read(name), codes).findings
        if self._unknown:
            self.findings += self._judge(parts.read_rest(), self._unknown).findings

    def read(self, department: str) -> ReviewResult:
        """That department's part, judged."""
        return self._judge(self._parts.read(department), self._list_codes(department)).result

    def read_held(self, department: str, hold: HoldRows) -> ReviewResult:
        """The same, its rows as ``hold`` keeps them: one by one where nothing is typed of its projects, and nothing was."""
        if self._typed.codes.isdisjoint(self._list_codes(department)):
            with suppress(_Decided):
                return read_held(self._parts, department, lambda field, rows: hold(field, map(_refuse_decided, rows)))
        return hold_rows(self.read(department), hold)

    def read_projects(
        self, department: str, codes: Collection[str] | None = None, first: int = 0, end: int | None = None
    ) -> ReviewResult:
        """Some of its projects, judged; no others are read where the parts on the disk know them by their codes."""
        part = read_projects(self._parts, department, codes, first, end)
        return self._judge(part, list_codes(part)).result

    def list_projects(self, department: str) -> Iterator[ProjectRow]:
        """Its projects, judged: one by one where nothing is typed of them; one of which something was is asked for again."""
        if not self._typed.codes.isdisjoint(self._list_codes(department)):
            yield from self.read(department).projects
            return
        for row in list_projects(self._parts, department):
            yield from self.read_projects(department, [row.code]).projects if _is_decided(row) else [row]

    def read_by_projects(self, department: str) -> Iterator[ReviewResult]:
        """Its projects with their findings, judged, some at a time."""
        for part in read_by_projects(self._parts, department):
            yield self._judge(part, list_codes(part)).result

    def find_codes(self, department: str) -> tuple[str, ...]:
        """Its projects: first those that came, then those that are missing."""
        if isinstance(self._parts, StoredParts):
            return self._parts.find_codes(department)
        part = self._parts.read(department)
        listed: list[ProjectRow | MissingRow] = [*part.projects, *part.missing]
        return tuple(row.code for row in listed)

    def read_rest(self) -> ReviewResult:
        """What belongs to none; with it what is typed of projects that the result does not have."""
        rest = self._judge(self._parts.read_rest(), self._unknown).result
        if self._edited is None:
            return rest
        others = (row for row in rest.findings if row.code != EDITED)
        return rest.model_copy(update={"findings": (*self._edited, *others)})

    def find_digest(self, department: str) -> str:
        """Of that department's part, and what is typed of its projects; blank where the parts have none."""
        digest = find_digest(self._parts, department)
        return self._digest_typed(digest, self._list_codes(department)) if digest else ""

    def find_whole_digest(self) -> str:
        """Of all parts, and all that is typed."""
        digest = find_whole_digest(self._parts)
        return digest and digest_facts(self._edited, self._digest_typed(digest, self._typed.codes))

    def _digest_typed(self, digest: str, codes: Collection[str]) -> str:
        typed = self._typed.narrow(codes)
        return digest_facts(digest, typed.judgements, typed.list_ranked_rulings())

    def note_edited_schemes(self, load: Callable[[str], Scheme], checks: Mapping[str, str]) -> list[Finding]:
        """What :func:`find_edited_schemes` finds now stands in the rest, in place of what was found before; it is returned."""

        def count(digest: str) -> int:
            listed = (list_projects(self._parts, name) for name in self.sizes)
            return sum(row.scheme_digest == digest for row in chain.from_iterable(listed))

        found = find_edited_schemes(self.head, load, count)
        self._edited = list(apply_choices(found, checks, self.head.year))
        return self._edited

    def _judge(self, part: ReviewResult, codes: Collection[str]) -> JudgedResult:
        return judge(part, self._typed.narrow(codes))

    def _list_codes(self, department: str) -> set[str]:
        if isinstance(self._parts, StoredParts):
            return {*map(plain_text, self._parts.find_codes(department))}
        return list_codes(self._parts.read(department))
