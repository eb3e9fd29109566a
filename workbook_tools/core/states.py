"""Where a project stands in the order of work: the one vocabulary of the review, its tables, the ledger and 报送情况."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What is to be done with a project next, in the order in which an officer works through them."""

    MISSING = "缺报"
    """Nothing that counts has come."""
    TO_CORRECT = "待更正"
    """It has errors, or is not complete: the unit corrects it."""
    TO_EXPLAIN = "待说明"
    """It has 提醒 that the unit has not explained, and finance has not accepted."""
    READY = "可接收"
    """Nothing is left."""
    ACCEPTED = "已接收"
    """Finance has accepted it."""


@dataclass(frozen=True, slots=True)
class Acceptor:
    """Who has accepted a project (接收人), and why, where a reason was needed."""

    who: str
    because: str = ""

    @property
    def sentence(self) -> str:
        """王强已接收，理由：已电话核实。"""
        return f"{self.who}已接收" + (f"，理由：{self.because}" if self.because else "")


@dataclass(frozen=True, slots=True)
class AcceptedVersion:
    """A version of a project that finance has accepted, as it was then. ``total`` is in 分."""

    acceptor: Acceptor
    at: str
    """When, as 2025-03-10 14:05 by the clock of this computer."""
    file: str
    """The file, relative to the folder that was reviewed."""
    content: str = ""
    """Digest of what it said; blank where that is not known."""
    total: float | None = None
    grade: str = ""


def judge_state(errors: int, to_answer: int, *, complete: bool = True, accepted: bool = False) -> State:
    """The state of a project that has come; ``to_answer`` are the 提醒 that wait for an explanation.

    What is wrong with the project list is finance's own, counts in neither, and holds no project.
    """
    if accepted:
        return State.ACCEPTED
    if errors or not complete:
        return State.TO_CORRECT
    return State.TO_EXPLAIN if to_answer else State.READY
