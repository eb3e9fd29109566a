"""The review of a folder, from end to end: find → read → verify → check → score → settle.

The command line, the demo, the preview and a person with a notebook all call :func:`review_folder`, or
:func:`review_meanwhile`, which learns what is known of the projects while the first files are read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.faces import AnyPath, Watch
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.core.result_parts import ResultParts, hold_whole
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.sealed_store import KeptStore
from workbook_tools.files.sources import FoundSources, Prepare, SourceFile, find_files, need_folder
from workbook_tools.legacy.importing import Importing
from workbook_tools.review.answering import EarlierAnswers
from workbook_tools.review.batch_work import Workers
from workbook_tools.review.departments import settle_departments
from workbook_tools.review.exchanged_files import AcceptedVersions
from workbook_tools.review.frames import ResultFrames
from workbook_tools.review.given import KnownBefore, OfficeChoices
from workbook_tools.review.kept_results import KeptResults
from workbook_tools.review.last_year import LastYear
from workbook_tools.review.many_files import review_batches
from workbook_tools.review.precedence import EarlierContents
from workbook_tools.review.review_files import ReviewFiles
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.trust import IssueBook
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme

if TYPE_CHECKING:
    from workbook_tools.workbooks.reading import Keys

_UNDER_WAY = 4
"""So many batches after ``learn``, the processes that read are busy again, and ``also`` may be done."""


@dataclass(frozen=True)
class Review(ResultFrames):
    """The outcome of a review: the result (审核结果) department by department, as records and as frames, and the items of each file."""

    parts: ResultParts
    folder: Path | None = None
    """The folder that was reviewed; the names of files are relative to it."""
    unchanged: int = 0
    """How many files were taken from an earlier review, as they have not changed."""
    items: ReviewFiles | None = None
    """The items of each file, on the shelf."""

    @cached_property
    def result(self) -> ReviewResult:
        """The whole result, held in memory."""
        return hold_whole(self.parts)

    @cached_property
    def files(self) -> tuple[ReviewedFile, ...]:
        """The items of each file, held in memory; a file with several forms of today has an item for each."""
        return tuple(self.items.read_all()) if self.items else ()


def review_folder(
    folder: AnyPath | Sequence[SourceFile],
    *,
    keys: Keys | None = None,
    projects: Sequence[Project] | None = None,
    findings: Iterable[Finding] = (),
    year: int = 0,
    scheme: str = DEFAULT_SCHEME,
    authority: str = "",
    checks: Mapping[str, str] | None = None,
    load: Callable[[str], Scheme] | None = None,
    importing: Importing | None = None,
    due: str = "",
    answered: EarlierAnswers | None = None,
    earlier: EarlierContents | None = None,
    issued: IssueBook | None = None,
    find_accepted: Callable[[Collection[int]], AcceptedVersions] | None = None,
    last_year: LastYear | None = None,
    workers: Workers = 0,
    prepare: Prepare | None = None,
    kept: KeptStore | None = None,
    watch: Watch | None = None,
) -> Review:
    """Review the workbooks of a folder and below, those in .zip archives too, or just these ``SourceFile``.

    ``keys`` (key id → key) verify the signatures; without them every workbook has a finding that it was not verified.
    ``projects`` is the project list: what is on it and has not come is missing, what is not on it does not count;
    ``findings`` about the list itself become part of the result. ``year`` (0: the newest year that came),
    ``scheme`` (id) and ``authority`` are the campaign's own, for titles; each project is scored under the scheme that it was
    issued with. ``checks`` switches codes off or gives them another severity, as wbt.toml says. ``load`` gives the
    office's scheme of an id: where it has been edited since the workbooks were issued, a finding says so.
    ``importing`` says how forms of today are read. ``due`` is until when files may still come, empty where that is over or
    unknown: what has not come by then is no error yet. ``answered`` is what units answered to 提醒
    in earlier rounds, ``earlier`` what its versions said. ``issued`` is what the ledger knows of what was issued: without it
    no workbook is known to be 本期下发. ``find_accepted`` says of the projects of some years which versions are accepted.
    ``last_year`` is the result of the year before, with which each project is compared.
    ``workers`` is the number of processes (0: one per core), or who else does the work.
    ``prepare`` may put others in the place of documents of old formats (converted). ``kept`` is where what
    came of each file is kept: of one that has not changed since it is taken from there.
    ``watch`` hears how many of how many files are done.

    Raises SettingsError if there is no such folder. What is wrong with files or data is a finding of the result.
    """
    known = KnownBefore(
        projects=projects,
        findings=findings,
        year=year,
        answered=answered or {},
        earlier=earlier or {},
        issued=issued,
        find_accepted=find_accepted,
        last_year=last_year,
    )
    choices = OfficeChoices(scheme=scheme, authority=authority, checks=checks or {}, due=due, load=load)
    return review_meanwhile(
        folder,
        lambda: known,
        choices,
        keys=keys,
        importing=importing,
        workers=workers,
        prepare=prepare,
        kept=kept,
        watch=watch,
    )


def review_meanwhile(
    folder: AnyPath | Sequence[SourceFile],
    learn: Callable[[], KnownBefore],
    choices: OfficeChoices,
    also: Callable[[], object] | None = None,
    *,
    keys: Keys | None = None,
    importing: Importing | None = None,
    workers: Workers = 0,
    prepare: Prepare | None = None,
    kept: KeptStore | None = None,
    watch: Watch | None = None,
) -> Review:
    """The same for callers that need time to ``learn`` what is known before: other processes read the first files meanwhile. ``also`` is done
    later, while they read on; if the review is too short for that, or has one process, it is not done at all. Raises also what these
    two raise.
    """
    if isinstance(folder, (str, PathLike)):
        root = Path(folder)
        need_folder(root)
        found = find_files(root)
        sources: Sequence[SourceFile] = found.sources
    else:
        root, found, sources = None, None, folder
    known = KeptResults(kept, keys or {}, importing) if kept else None
    if prepare and found:
        _prepare_old(found.sources, prepare, known)
    done, beside = 0, workers != 1
    with closing(review_batches(sources, keys or {}, workers=workers, importing=importing, earlier=known)) as batches:
        first = next(batches, []) if beside else []  # the next ones are being read by then
        before = learn()
        files = ReviewFiles(before.projects, before.issued)
        for number, batch in enumerate(chain([first], batches)):
            if also and beside and number == _UNDER_WAY:
                also()
            for packed in batch:
                files.add(packed, *sources[done].read_clocks())
                done += 1
            if watch and batch:
                watch(done, len(sources))
    parts = settle_departments(
        files,
        replace(before, findings=[*before.findings, *(found.findings if found else ())]),
        choices,
        found.evidence if found else (),
        kept=KeptRecords(known.entries) if known else None,
        workers=workers,
    )
    if known and root:
        known.drop_others()
    return Review(parts, root, known.found if known else 0, files)


def _prepare_old(sources: FoundSources, prepare: Prepare, known: KeptResults | None) -> None:
    """Exchange old documents for converted ones, except those whose result is known from an earlier review."""
    old = ((place, source) for place, source in enumerate(sources) if source.is_old_document)
    places = {place: source for place, source in old if not (known and known.holds(source))}
    for place, source in zip(places, prepare([*places.values()]) if places else (), strict=True):
        sources.replace(place, source)
