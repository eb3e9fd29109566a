"""来源: how far a submission can be trusted, in the one vocabulary of the review, its tables, the ledger and acceptance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trust(StrEnum):
    """What is known of where a file comes from; the most trusted first."""

    CURRENT = "本期下发"
    """Sealed by a key of this office that is in force, and the ledger has it as what the project was last issued."""
    SUPERSEDED = "旧版下发"
    """Sealed by a key of this office, but by an older list, scheme, return or year, or not known to the ledger."""
    ELSEWHERE = "他处下发"
    """Sealed by a key that is not this office's."""
    BLANK_FORM = "公开空白表"
    """Sealed by the public key of the blank form: anybody can make one."""
    HAND_MADE = "手工表"
    """A form of today, without any seal."""
    UNVERIFIED = "不能核实"
    """Sealed by a revoked key, the seal is broken, or what the seal is for cannot be compared."""

    @property
    def rank(self) -> int:
        """The greater, the more trusted."""
        return -list(Trust).index(self)

    @property
    def is_accepted_in_bulk(self) -> bool:
        """Every other is accepted by name, with a reason."""
        return self is Trust.CURRENT


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a file can be trusted, and why no further."""

    trust: Trust
    reason: str = ""
    """A clause for users; blank where nothing speaks against the file."""
    code: str = ""
    """Of the finding that tells it where the file counts; blank where another finding does, or nothing is to be told."""
