"""The work on a piece of a department: as many of its projects as a process should hold at once.

All that is said about a project depends on the files of that project alone, so the results of a department are those of its pieces, one after another.
The process that makes them puts them on the review's shelf, and hands back only few facts.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Generic, Protocol, TypeVar

from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import PartSize
from workbook_tools.core.review_result import GoneRow, ReviewResult
from workbook_tools.files.packed_records import adapter, pack_record
from workbook_tools.files.stored_projects import digest_projects, list_names
from workbook_tools.review.accounting import CheckAccount
from workbook_tools.review.batch_work import Limits, Work, Workers, do_each, do_here
from workbook_tools.review.budget import Budget
from workbook_tools.review.checks.cross import ComparedTexts, read_texts
from workbook_tools.review.kept_departments import CountedPiece, SettledPiece, digest_data
from workbook_tools.review.precedence import EarlierContents
from workbook_tools.review.review_files import TakenFiles
from workbook_tools.review.review_parts import count_errors
from workbook_tools.review.settling import (
    ExpectedProjects,
    SettledFiles,
    SettlingRules,
    choose_counting,
    settle_files,
)

_SECONDS = 3_600
LIMITS = Limits(_SECONDS, _SECONDS, Budget(_SECONDS, memory=4_000_000_000))
"""This is our own data, so the limits end only what would never finish."""
Texts = list[ComparedTexts]
Came = TypeVar("Came")
Given = TypeVar("Given", covariant=True)


@dataclass(frozen=True, slots=True)
class DepartmentPiece:
    """Some projects of a department, by their codes; a code may be of two departments, in two years."""

    number: int
    """From 1, in the order of the list."""
    department: str
    codes: Sequence[str]
    listed: ExpectedProjects | None

    def describe(self) -> list[object]:
        """All that defines it, for a digest."""
        if self.listed is None:
            return [self.department, self.codes]
        projects = self.listed.projects
        places = [self.listed.places[named.year, named.code] for named in list_names(projects)]
        return [self.department, self.codes, digest_projects(projects), places]


@dataclass(frozen=True, slots=True)
class Done(Generic[Given]):
    """The result of a piece."""

    came: Given
    lasts: bool = True
    """It depends on nothing beyond what its name is a digest of, and may be kept."""
    faults: Sequence[str] = ()
    """Why the ledger could not be read, for the user."""


class Task(Work[Done[Given]], Protocol[Given]):
    """Work on a piece."""

    @property
    def piece(self) -> DepartmentPiece: ...


@dataclass(frozen=True, slots=True)
class Counting:
    """Find out which files count, and store their texts that are compared."""

    piece: DepartmentPiece
    files: TakenFiles
    earlier: EarlierContents
    is_compared: bool
    lasting: bool
    """The result may be kept."""

    def do(self) -> Done[CountedPiece]:
        """Raises OutputError where the disk is full."""
        items = self.files.read()
        kept = choose_counting(items, (), self.piece.listed, self.earlier).kept
        rows = [item.project for item in kept if item.project and item.project.department == self.piece.department]
        compared = [*map(read_texts, rows)] if self.is_compared else []
        del items, kept  # they take more memory than the result, which is packed by now
        texts = pack_record(adapter(Texts), compared, lasting=self.lasting)
        self.files.shelf.add_texts(self.piece.number, texts)
        counted = CountedPiece([row.file for row in rows], digest_data(texts))
        return _finish(counted, self.files)


@dataclass(frozen=True, slots=True)
class Settling:
    """Settle a piece, and store its rows."""

    piece: DepartmentPiece
    files: TakenFiles
    earlier: EarlierContents
    extra: Sequence[Finding]
    """Findings about its projects that come from no file."""
    gone: Sequence[GoneRow]
    rules: SettlingRules
    owners: Mapping[str, str]
    """The departments of its codes."""
    alone: bool
    """There is only one project in the whole review."""
    lasting: bool

    def do(self) -> Done[SettledPiece]:
        """Raises OutputError where the disk is full."""
        piece = self.piece
        items = self.files.read()
        counting = choose_counting(items, self.extra, piece.listed, self.earlier)
        settled = settle_files(items, counting, piece.codes, piece.listed, self.rules)
        part, others = self._split(settled)
        part = part.model_copy(update={"gone": tuple(self.gone)})
        kept = [item for item in settled.kept if item.project and item.project.department == piece.department]
        account = CheckAccount(listed=piece.listed is not None, choices=self.rules.checks, alone=self.alone)
        account.add(
            kept, (*part.findings, *others.findings), part.missing, settled.with_evidence, settled.with_last_year
        )
        known = SettledPiece(
            size=PartSize(len(part.projects), len(part.indicators), len(part.findings), len(part.missing)),
            digest="",
            counts=account.count(),
            schemes=dict(Counter(row.scheme_digest for row in part.projects)),
            findings=[*others.findings],
            evidence=[*others.evidence],
            with_evidence=[*settled.with_evidence],
            used_evidence=[*settled.used_evidence],
            errors=count_errors(part),
        )
        del items, counting, settled, kept, others
        rows = pack_record(adapter(ReviewResult), part, lasting=self.lasting)
        known = replace(known, digest=digest_data(rows))
        self.files.shelf.add_settled(piece.number, pack_settled(known), rows)
        return _finish(known, self.files)

    def _split(self, settled: SettledFiles) -> tuple[ReviewResult, ReviewResult]:
        """What belongs to the department, and what belongs to none."""
        rows, name, owners = settled.rows, self.piece.department, self.owners
        mine = {
            "projects": tuple(row for row in rows.projects if row.department == name),
            "missing": tuple(row for row in rows.missing if row.department == name),
            "indicators": tuple(row for row in rows.indicators if owners.get(row.project_code) == name),
            "findings": tuple(row for row in rows.findings if owners.get(row.project_code) == name),
            "evidence": tuple(row for row in rows.evidence if owners.get(row.project_code) == name),
        }
        others = {
            "findings": tuple(row for row in rows.findings if row.project_code not in owners),
            "evidence": tuple(row for row in rows.evidence if row.project_code not in owners),
        }
        return rows.model_copy(update=mine), rows.model_copy(update=others)


def pack_settled(known: SettledPiece) -> bytes:
    """Pack the facts for the shelf."""
    return pack_record(adapter(SettledPiece), known, lasting=False)


def _finish(came: Came, files: TakenFiles) -> Done[Came]:
    return Done(came, lasts=not files.asked, faults=files.issued.faults if files.asked and files.issued else ())


# -- by whom it is done ---------------------------------------------------------------------------------------------------


def do_tasks(tasks: Iterable[Task[Came]], workers: Workers, worth: int) -> Iterator[Done[Came]]:
    """The results of tasks, in order. Up to ``worth`` projects they are done here, more by several processes of this computer; other
    computers have neither the shelf nor the ledger.

    Only tasks under way are asked for. Raises OutputError, SettingsError.
    """
    several = workers if isinstance(workers, int) else 0
    coming, first = iter(tasks), list[Task[Came]]()
    if (several or os.cpu_count() or 1) > 1:
        first = _take_until(coming, worth)
    if sum(len(task.piece.codes) for task in first) <= worth or len(first) == 1:
        yield from (task.do() for task in chain(first, coming))
        return
    from workbook_tools.review.workers import choose_workers

    single = ([task] for task in chain(first, coming))
    for done in choose_workers(several)(single, do_each, do_here, limits=LIMITS):
        yield from done


def _take_until(tasks: Iterator[Task[Came]], worth: int) -> list[Task[Came]]:
    first: list[Task[Came]] = []
    for task in tasks:
        first.append(task)
        if len(first) > 1 and sum(len(one.piece.codes) for one in first) > worth:
            break
    return first
