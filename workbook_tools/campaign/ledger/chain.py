"""Events, and the chain that they form: each holds the hash of the one before.

An event is one fact as it was recorded: who, when, with which command, what. Nothing of it is ever changed or taken out.
A ledger in which that was done nevertheless is found out, since no hash after it fits any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ROOT = "0" * 64
"""What the first event holds in place of a hash."""
STARTED = "started"
"""Kind of the first event of a ledger; ``taken_over`` says how many facts older tables held."""
READMITTED = "readmitted"
"""What was dismissed counts again."""
WITHDRAWN = "withdrawn"
"""An acceptance was taken back: by whom, and why."""
RESTORED = "restored"
"""A copy was put in the place of the ledger."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who records, and with which command."""

    who: str
    """Name of the login; empty where the computer does not know it."""
    command: str
    """Words of the command line, as ``accept``; empty for a call from Python."""


@dataclass(frozen=True, slots=True)
class Event:
    """One fact as it was recorded."""

    id: int
    """From 1, without gaps."""
    at: str
    """A moment in UTC, as :func:`write_moment`."""
    who: str
    command: str
    kind: str
    """Name of the table that it adds a row to, or one of the words above."""
    facts: str
    """Columns of that row, as :func:`write_facts`."""
    previous: str
    digest: str
    """SHA-256 of all that stands above."""
    seal: str = ""
    """Signature of the office's key over ``digest``; on the last event of what was recorded at once."""

    @property
    def fitting_digest(self) -> str:
        """What ``digest`` must be, unless the event was changed."""
        return _hash(self.id, self.at, self.who, self.command, self.kind, self.facts, self.previous)


def link_events(
    after: tuple[int, str], author: Author, at: datetime, kind: str, facts: Iterable[Mapping[str, Any]]
) -> list[Event]:
    """Events of one kind that follow the one of this number and hash. Raises ValueError: a time without a time zone."""
    (number, digest), found = after, []
    who, moment = clean_text(author.who), write_moment(at)
    for text in map(write_facts, facts):
        parts = (number := number + 1, moment, who, author.command, kind, text, digest)
        found.append(Event(*parts, digest=(digest := _hash(*parts))))
    return found


Sign = Callable[[str], str]
"""Makes the seal of a text; blank where there is no key."""


def leave_unsealed(_: str) -> str:
    """No seal."""
    return ""


def sealed_text(digest: str) -> str:
    """What is signed to seal the chain up to the event of this hash."""
    return f"ledger:{digest}"


def _hash(*parts: str | int) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def write_facts(facts: Mapping[str, Any]) -> str:
    """Facts as one line of JSON, spelt the same each time."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=write_moment)


def write_moment(moment: datetime) -> str:
    """A moment in UTC, spelt the same each time. Raises ValueError: a time without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def clean_text(text: str) -> str:
    """A text that every database takes: a damaged file name holds half characters that have no UTF-8."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
