"""What has become of a matter: the notices of it, what the unit has answered, what finance has concluded; and what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workbook_tools.core.digests import digest_facts
from workbook_tools.followup.matters import Matter


class MendingVerdict(StrEnum):
    """整改结论."""

    DONE = "整改到位"
    AGAIN = "继续整改"
    DROPPED = "不再整改"


class MatterState(StrEnum):
    """Where a matter stands that a unit was told of."""

    OPEN = "等单位整改"
    TO_CHECK = "已答复，待核查"
    AGAIN = "继续整改"
    CLOSED = "已办结"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent:
    """A unit was told to mend it."""

    at: datetime
    by: str
    """Who has sent it."""
    round: int
    """Counts the notices to the unit from 1."""
    due: datetime | None
    """Until when; ``None`` where no term was given."""
    matter: Matter
    """As it was put to the unit; its advice is what was required."""
    file: str
    """The workbook to answer in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAnswer:
    """What the unit has answered."""

    at: datetime
    """When it was taken in."""
    by: str
    """填报人, as typed."""
    measure: str
    term: str
    """When it is or will be done, as typed."""
    result: str
    evidence: str
    file: str
    sha256: str

    @property
    def said(self) -> tuple[str, ...]:
        """What it says; another file that says the same is no other answer."""
        return self.measure, self.term, self.result, self.evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """整改结果和结论."""

    at: datetime
    by: str
    verdict: MendingVerdict
    remark: str


MatterStep = NoticeSent | MatterAnswer | Conclusion


@dataclass(slots=True)
class MatterHistory:
    """All steps of a matter in their order; the first is a notice."""

    number: str
    year: int
    steps: list[MatterStep] = field(default_factory=list)

    @property
    def notices(self) -> list[NoticeSent]:
        """The notices, the first first."""
        return [step for step in self.steps if isinstance(step, NoticeSent)]

    @property
    def answers(self) -> list[MatterAnswer]:
        """The answers likewise; each is kept."""
        return [step for step in self.steps if isinstance(step, MatterAnswer)]

    @property
    def conclusions(self) -> list[Conclusion]:
        """The conclusions likewise."""
        return [step for step in self.steps if isinstance(step, Conclusion)]

    @property
    def matter(self) -> Matter:
        """As it was last put to the unit."""
        return self.notices[-1].matter

    @property
    def due(self) -> datetime | None:
        """Until when it is to be mended."""
        return self.notices[-1].due

    @property
    def state(self) -> MatterState:
        """By the last step: an answer is to be checked, also one that comes after the matter was closed."""
        last = self.steps[-1]
        if isinstance(last, NoticeSent):
            return MatterState.OPEN
        if isinstance(last, MatterAnswer):
            return MatterState.TO_CHECK
        return MatterState.AGAIN if last.verdict is MendingVerdict.AGAIN else MatterState.CLOSED

    @property
    def standing_conclusion(self) -> Conclusion | None:
        """The conclusion in force: nothing has come after it."""
        last = self.steps[-1]
        return last if isinstance(last, Conclusion) else None

    @property
    def mark(self) -> str:
        """Identifies what a conclusion is about: how many notices and answers there were."""
        return digest_facts(len(self.notices), [answer.said for answer in self.answers])[:8]

    def is_over(self, now: datetime) -> bool:
        """The unit is to mend it, and its term has passed."""
        waits = self.state in (MatterState.OPEN, MatterState.AGAIN)
        return waits and self.due is not None and now > self.due


def sort_due(histories: Iterable[MatterHistory], now: datetime) -> list[MatterHistory]:
    """Those that are not closed: over their term first, then by their terms; last what waits for finance."""

    def rank(history: MatterHistory) -> tuple[bool, bool, float]:
        due = history.due.timestamp() if history.due else float("inf")
        return not history.is_over(now), history.state is MatterState.TO_CHECK, due

    return sorted((one for one in histories if one.state is not MatterState.CLOSED), key=rank)
