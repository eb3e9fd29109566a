"""公开情况 by departments: how much of each is public, what finance has typed of it, and what it has still to type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.campaign.ledger.records import DisclosedFacts, PublicCount

DONE = "已填"
"""Nothing is left to be typed."""
_GONE = "清单里没有了"
_TO_TYPE = "待填"
OPENED_ON, ADDRESS, REASON = "公开时间", "公开网址", "不公开原因"
"""What is asked for, by the headings of the table."""


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """A department in the table."""

    place: int
    department: str
    count: PublicCount | None
    """``None`` for one that has no project on the list any more."""
    typed: DisclosedFacts | None

    @property
    def state(self) -> str:
        """What finance has still to type."""
        if self.count is None:
            return _GONE
        lacking = [name for name, value in self._needed() if not value]
        return f"{_TO_TYPE}{'、'.join(lacking)}" if lacking else DONE

    @property
    def is_waiting(self) -> bool:
        """Something is still to be typed."""
        return self.state.startswith(_TO_TYPE)

    def _needed(self) -> Iterator[tuple[str, str]]:
        count, typed = self.count, self.typed
        if count and count.published:
            yield OPENED_ON, typed.opened_on if typed else ""
            yield ADDRESS, typed.address if typed else ""
        if count and count.published < count.projects:
            yield REASON, typed.reason if typed else ""


def list_departments(
    counts: Mapping[str, PublicCount], typed: Mapping[str, DisclosedFacts], listed: Sequence[str]
) -> list[DisclosureLine]:
    """A line for each listed department that was counted, then those of which something was typed and that are gone."""
    here = [name for name in dict.fromkeys(listed) if name in counts]
    gone = [name for name, one in typed.items() if name not in here and any(one.typed)]
    return [
        DisclosureLine(place, name, counts[name] if name in here else None, typed.get(name))
        for place, name in enumerate((*here, *gone), 1)
    ]
