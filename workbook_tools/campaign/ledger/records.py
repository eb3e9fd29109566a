"""What the ledger is told, and how it fails; of the database behind it nothing is loaded here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from workbook_tools.core.errors import WorkbookToolsError
from workbook_tools.core.questions import UnitAnswer
from workbook_tools.core.trust import Trust

ProjectKey = tuple[int, str]
"""Year and code: what tells projects apart."""


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """A workbook that was written for a project."""

    year: int
    code: str
    name: str
    department: str
    unit: str
    file: str
    sha256: str
    key_id: str
    layout_version: str
    scheme: str
    """Id of the scheme."""
    scheme_sha256: str
    issue_id: str = ""
    issue_round: int = 0
    content_sha256: str = ""
    """Which issue it is: see ``form.identity.Issue``."""
    project: str = ""
    """What was issued of the project, packed."""
    scheme_content: str = ""
    """The scheme, whole, as JSON."""


@dataclass(frozen=True, slots=True)
class RecordedPart:
    """What a part of a review came to when it was recorded."""

    years: list[int]
    """Of its projects."""
    versions: list[int]
    """The numbers of the versions that are in its files."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A workbook that came back; ``file`` is relative to the folder that was reviewed."""

    year: int
    code: str
    file: str
    sha256: str
    modified_at: datetime
    answers: tuple[UnitAnswer, ...] = ()
    """What the unit answered to 提醒 in it."""
    content: str = ""
    """Digest of what it says."""
    trust: Trust | None = None
    """How far it can be trusted."""
    round: int = 0
    """The return that it is a copy of."""
    issue_id: str = ""
    """The issue that it was made of; blank of a form that was not issued here."""


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A marked copy that was made for a project."""

    year: int
    code: str
    file: str


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version of a project's workbook that came in, and the marked copy that was made of it."""

    file: str
    """Relative to the folder that was reviewed."""
    sha256: str
    content: str
    """Digest of what it says."""
    at: datetime
    """When it was last changed."""
    received_at: datetime
    returned_file: str | None = None
    """Where the copy was written, relative to the working folder."""
    returned_at: datetime | None = None
    returned_round: int = 0
    """Which return of the project that was, from 1."""
    total: float | None = None
    """分, as a review last reckoned it; ``None`` where none was, or it has none."""


@dataclass(frozen=True, slots=True)
class IssuedVersion:
    """Which issue a workbook is that was written, and when it was first written."""

    issue: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PackedZip:
    """A zip that was made for a department, in a campaign of that year."""

    year: int
    department: str
    file: str
    sha256: str
    issues: tuple[tuple[int, str, str], ...]
    """Of each workbook in it the year and code of its project, and which issue it is."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file that was written for the public."""

    year: int
    code: str
    file: str
    sha256: str
    at: datetime | None = field(default=None, compare=False)
    """When it was recorded; the ledger gives it."""


@dataclass(frozen=True, slots=True)
class PublicCount:
    """How much of a department was published."""

    year: int
    department: str
    projects: int
    """All that were evaluated."""
    published: int
    budget: float
    """全年预算 of all, 万元."""
    published_budget: float


@dataclass(frozen=True, slots=True)
class DisclosedFacts:
    """What finance has typed of a department's publication; each blank where nothing was."""

    year: int
    department: str
    who: str
    """Who has entered it."""
    approved: str = ""
    """批复预算资金, 万元."""
    approved_on: str = ""
    shown_budget: str = ""
    """公开预算金额, 万元."""
    opened_on: str = ""
    address: str = ""
    picture: str = ""
    remark: str = ""
    reason: str = ""
    """Why something is not published."""
    at: datetime | None = field(default=None, compare=False)
    """When it was recorded; the ledger gives it."""

    @property
    def typed(self) -> tuple[str, ...]:
        """All but whose it is and who has entered it."""
        return (
            self.approved,
            self.approved_on,
            self.shown_budget,
            self.opened_on,
            self.address,
            self.picture,
            self.remark,
            self.reason,
        )


@dataclass(frozen=True, slots=True)
class MatterRecord:
    """A step of a matter that a unit has to mend."""

    year: int
    matter: str
    """Its number."""
    code: str
    """Of its project."""
    department: str
    unit: str
    step: str
    """Which kind of step it is."""
    who: str
    """Who has done it."""
    due: str
    """Until when it is to be mended, as an ISO moment; blank where there is no term, or the step sets none."""
    file: str
    sha256: str
    """Of the file."""
    facts: str
    """What else belongs to the step, as JSON."""
    at: datetime | None = None
    """When it was recorded; the ledger gives it."""


class LedgerError(WorkbookToolsError):
    """The ledger cannot be opened, read or written."""


class LedgerLost(LedgerError):
    """There was a ledger, and it is gone, empty or damaged."""
