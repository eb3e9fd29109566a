"""Where a project stands: a pure judgement over what the ledger remembers of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workbook_tools.campaign.deadline import Deadlines
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import FindingCounts


class State(StrEnum):
    """The states in the order in which a project passes through them."""

    NOT_ISSUED = "未下发"
    ISSUED = "已下发"
    RECEIVED = "已报送"
    FAULTY = "有错误待退回"
    RETURNED = "已退回"
    RESUBMITTED = "已重报"
    ACCEPTED = "已接收"


LATE = {True: "逾期", False: "", None: "未判断"}
"""How lateness is shown; without a deadline nobody is judged."""


@dataclass(slots=True)
class Version:
    """One version of a project's workbook as it came in, and what was done with it."""

    id: int
    file: str
    modified_at: datetime
    received_at: datetime
    returned_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: str = ""

    @property
    def arrived(self) -> datetime:
        """When it was there at the latest: a file that is older than the first look at it came before that look."""
        return min(self.modified_at, self.received_at)


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """What the last review said, and of which version."""

    version_id: int
    findings: FindingCounts
    total: float | None
    grade: str


@dataclass(slots=True)
class History:
    """All that the ledger remembers of one project."""

    issued_at: datetime | None = None
    versions: dict[int, Version] = field(default_factory=dict)
    review: ReviewOutcome | None = None

    @property
    def current(self) -> Version | None:
        """The version that counts: the one last reviewed, before any review the newest file."""
        if self.review is not None:
            return self.versions[self.review.version_id]
        return max(self.versions.values(), key=lambda v: (v.modified_at, v.id), default=None)

    @property
    def round(self) -> int:
        """Which return of the project, from 1, that of the current version is or would be."""
        current, returned = self.current, [v.returned_at for v in self.versions.values() if v.returned_at]
        if current is None or current.returned_at is None:
            return len(returned) + 1
        return sum(at <= current.returned_at for at in returned)

    @property
    def state(self) -> State:
        """Where the project stands. What was accepted stays accepted until another version counts."""
        current = self.current
        if current is None:
            return State.ISSUED if self.issued_at else State.NOT_ISSUED
        if current.accepted_at:
            return State.ACCEPTED
        if current.returned_at:
            return State.RETURNED
        if self.review and self.review.findings.error:
            return State.FAULTY
        if any(version.returned_at for version in self.versions.values()):
            return State.RESUBMITTED
        return State.RECEIVED

    def late(self, now: datetime, deadlines: Deadlines) -> bool | None:
        """Its first version came after 报送截止, or none has come and that is over; ``None`` without such a date.

        While it is out for correction the date by which it is to come again counts, and no other: it is not late before.
        """
        if self.state is State.RETURNED and self.current and self.current.returned_at:
            again = deadlines.due_again(self.current.returned_at)
            if again:
                return again.over(now)
        if deadlines.send is None:
            return None
        return deadlines.send.over(min((version.arrived for version in self.versions.values()), default=now))


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One project of the list in 报送情况. Times are UTC, ``total`` is in 分."""

    year: int
    code: str
    name: str
    department: str
    unit: str
    state: State
    late: bool | None
    """``None``: there is no deadline to judge by."""
    issued_at: datetime | None = None
    received_at: datetime | None = None
    """When the first version was there."""
    file: str = ""
    """The version that counts, relative to the folder that was reviewed."""
    versions: int = 0
    findings: FindingCounts | None = None
    """``None`` before the first review."""
    total: float | None = None
    grade: str = ""
    returned_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """Year and code: what tells projects apart."""
        return self.year, self.code


def judge_status(project: Project, history: History, now: datetime, deadlines: Deadlines) -> StatusRow:
    """A listed project with what the ledger remembers of it."""
    current, review = history.current, history.review
    returned = (v.returned_at for v in history.versions.values() if v.returned_at)
    return StatusRow(
        year=project.year,
        code=project.code,
        name=project.name,
        department=project.department,
        unit=project.unit,
        state=history.state,
        late=history.late(now, deadlines),
        issued_at=history.issued_at,
        received_at=min((v.arrived for v in history.versions.values()), default=None),
        file=current.file if current else "",
        versions=len(history.versions),
        findings=review.findings if review else None,
        total=review.total if review else None,
        grade=review.grade if review else "",
        returned_at=max(returned, default=None),
        accepted_at=current.accepted_at if current else None,
        accepted_by=current.accepted_by if current else "",
    )


def group_by_department(rows: Iterable[StatusRow]) -> dict[str, list[StatusRow]]:
    """The rows of each department, in the order of the list."""
    found: dict[str, list[StatusRow]] = {}
    for row in rows:
        found.setdefault(row.department, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many projects of a department are in each state, and how many are late."""

    department: str
    states: dict[State, int]
    late: int

    @property
    def total(self) -> int:
        """All projects of the department that are on the list."""
        return sum(self.states.values())


def count_departments(rows: Sequence[StatusRow]) -> list[StateCount]:
    """The counts of each department, in the order of the list."""
    return [
        StateCount(name, {s: sum(r.state is s for r in members) for s in State}, sum(r.late is True for r in members))
        for name, members in group_by_department(rows).items()
    ]


def add_counts(counts: Sequence[StateCount]) -> StateCount:
    """All departments together."""
    states = {state: sum(count.states[state] for count in counts) for state in State}
    return StateCount("合计", states, sum(count.late for count in counts))


def format_local_time(moment: datetime | None) -> str:
    """A moment as this computer's clock shows it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
