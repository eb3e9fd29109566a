"""Which return of its project (退回轮次) each copy is: counted by the order of the events, as clocks may be set back, and on from what
copies say that came back, as a ledger that was restored from an older backup knows less than they do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbook_tools.core.trust import Trust


@dataclass(frozen=True, slots=True)
class CountedVersion:
    """What is to be known of a version of a project."""

    id: int
    """Number of the event that it was received with."""
    round: int
    """The return that it is a copy of, where that can be trusted; else 0."""
    returned_as: int = 0
    """Number of the event that it was returned with; 0 where it was not."""


@dataclass(frozen=True, slots=True)
class ReturnNumbers:
    """Which return, from 1, that of each version was, by its id; and which the next one is."""

    of: dict[int, int]
    next: int


def find_round(copied: int, trust: str) -> int:
    """The return of which a file says that it is a copy, where it can be trusted so far (``trust`` as it stands in the ledger); else 0."""
    return copied if trust == Trust.CURRENT.value else 0


def number_returns(versions: Iterable[CountedVersion]) -> ReturnNumbers:
    """Number the returns of a project's versions.

    >>> number_returns([CountedVersion(3, 0, returned_as=5), CountedVersion(7, 1)])
    ReturnNumbers(of={3: 1}, next=2)
    """
    known, last, of = list(versions), 0, dict[int, int]()
    for one in sorted((one for one in known if one.returned_as), key=lambda one: one.returned_as):
        last = of[one.id] = _last_before(known, last, one.returned_as) + 1
    return ReturnNumbers(of, max([last, *(one.round for one in known)]) + 1)


def _last_before(known: Iterable[CountedVersion], last: int, event: int) -> int:
    return max([last, *(one.round for one in known if one.id < event)])
