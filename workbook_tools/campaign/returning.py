"""退回: the marked copies of a review, written and entered in the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign.deadline import Deadline, read_given_date
from workbook_tools.campaign.defaults import choose_forms, settings_of
from workbook_tools.campaign.folder import SETTINGS_FILE, Campaign
from workbook_tools.campaign.ledger.keeping import find_versions, note_returned, read_rounds
from workbook_tools.campaign.ledger.ruling import note_rulings
from workbook_tools.campaign.settings import write_settings
from workbook_tools.core.faces import Watch
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.files.sources import SourceFile, find_arrival, find_sources, need_folder
from workbook_tools.returns import write_returns
from workbook_tools.returns.archiving import archive_files, list_archive
from workbook_tools.returns.returned import Returned
from workbook_tools.workbooks.reading import Keys


@dataclass(frozen=True, slots=True)
class ReturnedFiles:
    """What became of the files with errors."""

    items: tuple[Returned, ...]
    by: Deadline | None = None
    """Until when to send again, as notices and copies say it; without it they say 尽快."""
    unrecorded: str = ""
    """Why the ledger does not know of them, as a sentence for the user; empty where it does."""
    archived: frozenset[Path] = frozenset()
    """Where copies and notices of earlier returns were moved."""

    @property
    def copies(self) -> list[Path]:
        """The marked copies."""
        return [item.path for item in self.items if item.project and item.path]

    @property
    def notices(self) -> set[Path]:
        """The covering notices, one per department."""
        return {item.notice for item in self.items}

    @property
    def doubtful(self) -> list[Returned]:
        """Those whose copy is of a file that is not what the project was issued last."""
        return [
            item for item in self.items if item.path and item.project and not item.project.trust.is_accepted_in_bulk
        ]

    @property
    def hand_made(self) -> list[Returned]:
        """Forms of today: of them there is no copy, what is wrong stands in the notice."""
        return [item for item in self.items if item.project and item.project.imported]

    @property
    def without_copy(self) -> list[Returned]:
        """Workbooks of ours of which no copy could be made; each has its ``reason``."""
        return [item for item in self.items if item.project and not item.path and not item.project.imported]


def find_newer(place: Path, result: ReviewResult, inbox: Path) -> list[str]:
    """Names of files that came or were changed after the review of this result: they must be reviewed first.

    Raises SettingsError if there is no such folder.
    """
    need_folder(inbox)
    is_newer = tell_newer(place, result)
    return [source.name for source in find_sources(inbox)[0] if is_newer(source)]


def tell_newer(place: Path, result: ReviewResult) -> Callable[[SourceFile], bool]:
    """A function that tells whether a file came or was changed after the review. The names of reviewed files are in the result, so that a copied
    file is found, too, which keeps the time of its last change."""
    reviewed, now = place.stat().st_mtime, time.time()
    known = {row.file for row in result.projects} | {row.file for row in result.findings}

    def is_newer(source: SourceFile) -> bool:
        changed = source.modified
        return source.name not in known or (changed if changed <= now else find_arrival(source.path)) > reviewed

    return is_newer


def agree_on_date(campaign: Campaign | None, by: str, now: datetime) -> Deadline | None:
    """Until when to send again: ``by``, which is written into wbt.toml; without it the date there that has not passed.

    ``None`` where there is none such. Raises SettingsError (``by`` is no date to come), OutputError.
    """
    if not by:
        return settings_of(campaign).deadlines.still_open(now)
    given = read_given_date(by, "--by", now)
    if campaign:
        write_settings(campaign.root / SETTINGS_FILE, {"return_by": given.text})
    return given


def return_files(
    campaign: Campaign | None,
    result: ReviewResult,
    inbox: Path,
    folder: Path,
    keys: Keys,
    now: datetime,
    *,
    by: str = "",
    forms: Path | None = None,
    ask: bool = True,
    only: Collection[str] = (),
    watch: Watch | None = None,
) -> ReturnedFiles:
    """Write a marked copy of each file to return and the covering notices, and note them in the working folder's ledger.

    What has no error, but 提醒 to explain, goes back only with ``ask``; ``only`` are codes of projects that are returned by
    themselves, as :func:`write_returns` says.

    ``by`` until when to send again is written into wbt.toml, where 催报 and status read it; by default it is the date
    there that has not passed yet. ``forms`` are by default the working folder's own.
    ``watch`` hears how many of how many are done. Raises SettingsError (``by`` is no date to come; nothing to return of one of ``only``), OutputError,
    TemplateError.
    """
    settings, date = settings_of(campaign), agree_on_date(campaign, by, now)
    before = list_archive(folder)
    faults: list[str] = []
    rounds = read_rounds(campaign, {project.year for project in result.projects}, faults)
    items = write_returns(
        result,
        inbox,
        folder,
        keys,
        by=date.text if date else "",
        contact=settings.contact,
        forms=choose_forms(campaign, forms),
        rounds=rounds,
        ask=ask,
        only=only,
        watch=watch,
    )
    if campaign and only:
        _archive_former(campaign, folder, items, faults)
    unrecorded = note_rulings(campaign, result, now) or note_returned(campaign, _given_back(items), now)
    return ReturnedFiles(
        tuple(items), date, unrecorded or "".join(faults[:1]), frozenset(list_archive(folder) - before)
    )


def _archive_former(campaign: Campaign, folder: Path, items: list[Returned], faults: list[str]) -> None:
    """Archive copies made earlier for these projects under other names: they are not to be sent any more."""
    current = {item.path for item in items}
    keys = {(item.project.year, item.project.code) for item in items if item.project}
    for versions in find_versions(campaign, keys, faults).values():
        former = {campaign.root / version.returned_file for version in versions if version.returned_file}
        archive_files(folder, former - current)


def _given_back(items: list[Returned]) -> Iterator[tuple[ProjectRow, Path]]:
    """What each project's unit gets: the copy, or for a form of today the notice."""
    for item in items:
        if item.project and (item.path or item.project.imported):
            yield item.project, item.path or item.notice
