"""A review is entered in the ledger, and of departments that are as they were when it was entered last nothing is read: as long as the ledger's
last event is the one that was written then, there is nothing to enter of them.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbook_tools.campaign.folder import SENT_OUT, Campaign
from workbook_tools.campaign.ledger.keeping import record_in
from workbook_tools.campaign.ledger.records import ReceivedFile, RecordedPart
from workbook_tools.campaign.ledger.reviewed_parts import ReviewedPart, describe_part
from workbook_tools.campaign.ledger.ruling import record_rulings_in
from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import WorkbookToolsError
from workbook_tools.core.result_parts import ResultParts, read_by_projects
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.memory import give_back_memory
from workbook_tools.files.stored_texts import StoredTexts
from workbook_tools.files.temporary_data import explain_full_disk, open_temporary_database, spell_text
from workbook_tools.results.stored_parts import StoredParts

if TYPE_CHECKING:
    from workbook_tools.campaign.ledger.book import Ledger
    from workbook_tools.review.review_files import ReviewFiles
    from workbook_tools.review.reviewed_file import ReviewedFile

_MANY = 1_000
"""After a department of so many projects, garbage is collected: it leaves much behind."""


@dataclass(frozen=True, slots=True)
class NotedDepartment:
    """A department as it was entered."""

    digest: str
    """Of all that was entered about it; blank if not known."""
    recorded: RecordedPart


@dataclass(frozen=True, slots=True)
class NotedReview:
    """A review as it was entered."""

    head: str
    """The last event of the ledger once the review was entered."""
    own: str
    """Digest of the files that the office itself had sent out."""
    departments: Mapping[str, NotedDepartment] = field(default_factory=dict)


class ReviewNoting:
    """A review to be entered: the reviewed files, what it says about them, and finance's rulings on answers (接受说明).

    What ``records`` know to be entered is not entered again.
    """

    def __init__(
        self, campaign: Campaign | None, reviewed: ReviewFiles | None, at: datetime, records: KeptRecords
    ) -> None:
        self._campaign, self._reviewed, self._at, self._records = campaign, reviewed, at, records
        self._begun: _Noting | None = None

    def describe_ahead(self, parts: ResultParts) -> Iterator[None]:
        """Prepare what is to be entered about departments that have changed, one at each step, while other processes work.

        Nothing is entered yet. Any number of steps may be taken: the rest is prepared when the review is entered.
        """
        if self._campaign is None or self._reviewed is None:
            return
        with suppress(WorkbookToolsError, OSError):
            self._begun = _Noting(self._campaign, parts, self._reviewed, self._at, self._records)
            yield from self._begun.describe_ahead()

    def note(self, parts: ResultParts) -> str:
        """Enter the review, department by department. Returns a sentence for the user if the ledger cannot be written."""
        if self._campaign is None or self._reviewed is None:
            return ""
        if self._begun is None or self._begun.parts is not parts:
            self._begun = _Noting(self._campaign, parts, self._reviewed, self._at, self._records)
        return self._begun.note()


class _DescribedParts:
    """What is to be entered about departments, in an unnamed file: for a large result it would take most of the memory."""

    def __init__(self) -> None:
        self._database = open_temporary_database("CREATE TABLE described (department BLOB, part BLOB)")
        self._whole: set[str] = set()

    def put(self, department: str, pieces: Iterable[ReviewedPart]) -> None:
        """Store all pieces of a department. Raises OutputError if the disk is full."""
        rows = ((spell_text(department), pickle.dumps(part)) for part in pieces)
        with explain_full_disk():
            self._database.executemany("INSERT INTO described VALUES (?, ?)", rows)
        self._whole.add(department)

    def take(self, department: str) -> Iterator[ReviewedPart] | None:
        """The pieces of a department; ``None`` unless all were stored."""
        return self._read(department) if department in self._whole else None

    def _read(self, department: str) -> Iterator[ReviewedPart]:
        sql = "SELECT part FROM described WHERE department = ? ORDER BY rowid"
        for (data,) in self._database.execute(sql, (spell_text(department),)):
            yield pickle.loads(data)  # noqa: S301 - put there by this run


class _Noting:
    def __init__(
        self, campaign: Campaign, parts: ResultParts, reviewed: ReviewFiles, at: datetime, records: KeptRecords
    ) -> None:
        self._campaign, self.parts, self._reviewed, self._at, self._records = campaign, parts, reviewed, at, records
        self._digests = {department: self._digest(department) for department in parts.sizes}
        self._name = records.name("noted review")
        self._noted = NotedReview("", "")
        self._changed: list[str] = [*parts.sizes]
        self._unsaid: set[str] = set()
        """Departments about which there may be more to enter than files and outcomes: rulings."""
        self._described = _DescribedParts()

    def describe_ahead(self) -> Iterator[None]:
        """Prepare a department at each step, except those with nothing to enter unless another command enters something in between."""
        found = self._records.find(NotedReview, self._name)
        known = self._find_known(found[0].head, found[0].own) if found else {}
        for department in self.parts.sizes:
            if department not in known:
                self._described.put(department, self._describe(department))
                yield

    def note(self) -> str:
        """Enter the review, then the rulings. Returns a sentence for the user if that fails."""
        self._own = StoredTexts(self._reviewed.find_untouched())
        self._own.add(_read_digests(self._campaign))
        self._noted = NotedReview("", self._own.digest())
        told = record_in(self._campaign, self._record, "审核已照常完成") or record_rulings_in(
            self._campaign, self._record_rulings
        )
        if not told and self._noted.head:
            self._records.keep(NotedReview, self._name, self._noted)
        return told

    def _digest(self, department: str) -> str:
        """A digest of all that is entered about a department."""
        if not isinstance(self.parts, StoredParts):
            return ""
        codes = self.parts.find_codes(department)
        return digest_facts(self.parts.digest(department), self._reviewed.describe(codes))

    def _record(self, ledger: Ledger) -> None:
        with ledger.alone():
            known = self._find_known(ledger.read_head(), self._noted.own)
            self._changed = [department for department in self.parts.sizes if department not in known]
            others = [one.recorded for one in known.values()]
            pieces: list[str] = []
            _, *done = ledger.record_parts(self._list_parts(pieces), self._at, self._own, others)
            new = {
                name: NotedDepartment(
                    self._digests[name], _join(one for whose, one in zip(pieces, done, strict=True) if whose == name)
                )
                for name in self._changed
            }
            self._noted = NotedReview(ledger.read_head(), self._noted.own, {**known, **new})

    def _find_known(self, head: str, own: str) -> dict[str, NotedDepartment]:
        """The departments with nothing to enter, if ``head`` is the last event of the ledger and ``own`` the digest of what the office sent out."""
        found = self._records.find(NotedReview, self._name)
        if found is None or (found[0].head, found[0].own) != (head, own):
            return {}
        departments = found[0].departments.items()
        return {name: one for name, one in departments if one.digest and one.digest == self._digests.get(name)}

    def _list_parts(self, pieces: list[str]) -> Iterator[ReviewedPart]:
        """What is to be entered, piece by piece; the department of each is appended to ``pieces``."""
        yield describe_part(self.parts.head, ())
        for department in self._changed:
            for part in self._described.take(department) or self._describe(department):
                pieces.append(department)
                yield part

    def _describe(self, department: str) -> Iterator[ReviewedPart]:
        """What is to be entered about a department, in the pieces in which it is read."""
        for part in read_by_projects(self.parts, department):
            items = self._reviewed.read_projects({project.code for project in part.projects})
            files = [received for item in items if (received := _describe_received(item, self._at))]
            known = {(file.year, file.code, file.file) for file in files}
            is_told = all((row.year, row.code, row.file) in known for row in part.projects)
            if not is_told or any(row.ruling for row in part.findings):
                self._unsaid.add(department)
            yield describe_part(part, files)
        if self.parts.sizes[department].projects > _MANY:
            give_back_memory()

    def _record_rulings(self, ledger: Ledger) -> None:
        with ledger.alone():
            is_ours = ledger.read_head() == self._noted.head
            unsaid = [department for department in self._changed if department in self._unsaid]
            ledger.record_rulings(self.parts, self._at, unsaid if is_ours else None)
            head = ledger.read_head() if is_ours else ""  # another command has entered something in between
        self._noted = replace(self._noted, head=head)


def _join(pieces: Iterable[RecordedPart]) -> RecordedPart:
    """Join the recorded pieces of a department."""
    own = [*pieces]
    years = {year for one in own for year in one.years}
    return RecordedPart(sorted(years), sorted({number for one in own for number in one.versions}))


def _read_digests(campaign: Campaign) -> Iterator[str]:
    """SHA-256 of the files in 下发 and 退回, which are the office's own, whatever the ledger says about them."""
    for name in SENT_OUT:
        for path in campaign.folder(name).rglob("*.xls*"):
            try:
                yield hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:  # open elsewhere, or gone
                continue


def _describe_received(item: ReviewedFile, at: datetime) -> ReceivedFile | None:
    """A reviewed file as the ledger records it; ``None`` if it belongs to no project."""
    if item.project is None:
        return None
    modified = datetime.fromtimestamp(item.modified, UTC) if item.modified else at
    return ReceivedFile(
        item.project.year,
        item.project.code,
        item.file,
        item.sha256,
        modified,
        tuple(item.answers),
        item.content,
        item.project.trust,
        item.round,
        item.own_issue.id,
    )
