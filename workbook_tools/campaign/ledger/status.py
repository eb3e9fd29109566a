"""Where a project stands: a pure judgement over what the ledger remembers of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workbook_tools.campaign.deadline import Deadline, Deadlines
from workbook_tools.campaign.ledger.return_numbers import CountedVersion, number_returns
from workbook_tools.core.review_result import FindingCounts
from workbook_tools.core.states import Acceptor, State, judge_state
from workbook_tools.core.trust import Trust
from workbook_tools.files.stored_projects import ListedProject

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
    acceptor: Acceptor | None = None
    round: int = 0
    """The return that it is a copy of, where that can be trusted."""
    returned_as: int = 0
    """Number of the event that it was returned with."""

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
    complete: bool = True
    first_step: str = ""
    """The first thing to do, as a sentence."""
    trust: Trust | None = None
    """How far that version can be trusted; ``None`` in reviews before step 6."""
    trust_reason: str = ""
    evidence_absent: int = 0
    """How many files it lists as 佐证材料 that had not come; 0 in reviews before step 10."""


@dataclass(slots=True)
class History:
    """All that the ledger remembers of one project."""

    issued_at: datetime | None = None
    versions: dict[int, Version] = field(default_factory=dict)
    review: ReviewOutcome | None = None
    last_issue: str = ""
    """The issue that its workbook is now."""
    packed_at: datetime | None = None
    packed_issue: str = ""
    """The issue that lies in its department's zip."""

    @property
    def current(self) -> Version | None:
        """The version that counts: the one last reviewed, before any review the newest file."""
        if self.review is not None:
            return self.versions[self.review.version_id]
        return max(self.versions.values(), key=lambda v: (v.modified_at, v.id), default=None)

    @property
    def to_pack(self) -> bool:
        """Its department's zip holds an earlier issue than its workbook is now."""
        return self.packed_at is not None and self.packed_issue != self.last_issue

    @property
    def round(self) -> int:
        """Which return of the project, from 1, that of the current version is or would be."""
        returns = number_returns(CountedVersion(v.id, v.round, v.returned_as) for v in self.versions.values())
        return returns.of.get(self.current.id, returns.next) if self.current else returns.next

    @property
    def state(self) -> State:
        """Where the project stands, by the last review; what was accepted stays so until another version counts.

        What no review has seen does not count as having come.
        """
        current, review = self.current, self.review
        if current is None or (review is None and not current.accepted_at):
            return State.MISSING
        found = review.findings if review else FindingCounts()
        return judge_state(
            found.error,
            found.to_answer,
            complete=review is None or review.complete,
            accepted=current.accepted_at is not None,
        )

    @property
    def is_out(self) -> bool:
        """It was returned, and has neither come again nor been accepted."""
        return self.current is not None and self.current.returned_at is not None and not self.current.accepted_at

    def due_again(self, deadlines: Deadlines) -> Deadline | None:
        """Until when it is to come again, where it is out for correction and a date was given."""
        returned = self.current.returned_at if self.current and self.is_out else None
        return deadlines.due_again(returned) if returned else None

    def late(self, now: datetime, deadlines: Deadlines) -> bool | None:
        """Its first version came after 报送截止, or none has come and that is over; ``None`` without such a date.

        While it is out for correction the date by which it is to come again counts, and no other: it is not late before.
        """
        if again := self.due_again(deadlines):
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
    first_step: str = ""
    """The first thing to do, as a sentence."""
    is_out: bool = False
    """It was returned, and has neither come again nor been accepted."""
    issued_at: datetime | None = None
    packed_at: datetime | None = None
    """When it was last put into its department's zip."""
    to_pack: bool = False
    """It has been issued anew since."""
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
    accepted_because: str = ""
    """Why it was accepted although it is not what was issued last."""
    trust: Trust | None = None
    """来源 of the version that counts; ``None`` before the first review."""
    trust_reason: str = ""
    """Why it is not trusted further."""
    evidence_absent: int = 0
    """How many files that version lists as 佐证材料 and have not come."""
    unread_file: str = ""
    """A file that came, seems by its name to be this project's, and cannot be used; only of one that is missing."""
    unread_reason: str = ""
    """Why it cannot."""

    @property
    def is_accepted_in_bulk(self) -> bool:
        """It may be accepted without being named."""
        return self.trust is not None and self.trust.is_accepted_in_bulk

    @property
    def key(self) -> tuple[int, str]:
        """Year and code: what tells projects apart."""
        return self.year, self.code


def judge_status(project: ListedProject, history: History, now: datetime, deadlines: Deadlines) -> StatusRow:
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
        first_step=_say_first_step(history, now, deadlines),
        is_out=history.is_out,
        issued_at=history.issued_at,
        packed_at=history.packed_at,
        to_pack=history.to_pack,
        received_at=min((v.arrived for v in history.versions.values()), default=None),
        file=current.file if current else "",
        versions=len(history.versions),
        findings=review.findings if review else None,
        total=review.total if review else None,
        grade=review.grade if review else "",
        returned_at=max(returned, default=None),
        accepted_at=current.accepted_at if current else None,
        accepted_by=current.acceptor.who if current and current.acceptor else "",
        accepted_because=current.acceptor.because if current and current.acceptor else "",
        trust=review.trust if review else None,
        trust_reason=review.trust_reason if review else "",
        evidence_absent=review.evidence_absent if review else 0,
    )


def _say_first_step(history: History, now: datetime, deadlines: Deadlines) -> str:
    """What the review said, unless the ledger knows more: nothing came, it went back, it was accepted."""
    current, again = history.current, history.due_again(deadlines)
    if current is None:
        return _say_missing(history, now, deadlines)
    if current.acceptor:
        return current.acceptor.sentence
    if history.is_out:
        late = "催报：wbt status --remind；" if again and again.over(now) else ""
        awaited = "说明" if history.state is State.TO_EXPLAIN else "重报"
        return f"{late}已退回，等单位{awaited}" + (f"，{again.text} 截止" if again else "")
    return history.review.first_step if history.review else "审核：wbt review"


def _say_missing(history: History, now: datetime, deadlines: Deadlines) -> str:
    if history.issued_at is None:
        return "下发：wbt generate"
    if history.to_pack:
        return "下发以后又改过，重新打包：wbt pack"
    if history.late(now, deadlines):
        return "催报：wbt status --remind"
    return "等单位报送" + (f"，{deadlines.send.text} 截止" if deadlines.send else "")


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
    packed_at: datetime | None = None
    """When a zip with workbooks of theirs was last made."""
    to_pack: int = 0
    """How many, once there is a zip, are not in it as they were issued last."""
    without_evidence: int = 0
    """How many list 佐证材料 that has not come."""

    @property
    def total(self) -> int:
        """All projects of the department that are on the list."""
        return sum(self.states.values())


def count_departments(rows: Sequence[StatusRow]) -> list[StateCount]:
    """The counts of each department, in the order of the list."""
    return [_count_department(name, members) for name, members in group_by_department(rows).items()]


def _count_department(name: str, rows: Sequence[StatusRow]) -> StateCount:
    packed_at = max((row.packed_at for row in rows if row.packed_at), default=None)
    outside = [row for row in rows if row.to_pack or (row.issued_at and not row.packed_at)]
    return StateCount(
        name,
        {state: sum(row.state is state for row in rows) for state in State},
        sum(row.late is True for row in rows),
        packed_at,
        len(outside) if packed_at else 0,
        sum(row.evidence_absent > 0 for row in rows),
    )


def add_counts(counts: Sequence[StateCount]) -> StateCount:
    """All departments together."""
    states = {state: sum(count.states[state] for count in counts) for state in State}
    packed_at = max((count.packed_at for count in counts if count.packed_at), default=None)
    late, to_pack, without = (sum(getattr(c, name) for c in counts) for name in ("late", "to_pack", "without_evidence"))
    return StateCount("合计", states, late, packed_at, to_pack, without)


def format_local_time(moment: datetime | None) -> str:
    """A moment as this computer's clock shows it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
