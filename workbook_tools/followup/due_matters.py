"""What is due of 整改, in a line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from workbook_tools.followup.matter_history import MatterHistory, MatterState

OVER = "已过期限"
"""Of a matter whose term has passed."""


def tell_state(history: MatterHistory, now: datetime) -> str:
    """Where a matter stands; that its term has passed goes before all else."""
    return OVER if history.is_over(now) else history.state.value


def count_due(histories: Iterable[MatterHistory], now: datetime) -> str:
    """How many matters wait for what: 已过期限 2 项，等单位整改 3 项; blank where none does."""
    open_ones = [one for one in histories if one.state is not MatterState.CLOSED]
    counts = Counter(tell_state(one, now) for one in open_ones)
    order = (OVER, MatterState.OPEN.value, MatterState.AGAIN.value, MatterState.TO_CHECK.value)
    return "，".join(f"{state} {counts[state]} 项" for state in order if counts[state])


def describe_due(histories: Sequence[MatterHistory], now: datetime) -> list[str]:
    """A line for each matter, in the order given: state, term, unit, project, what was found."""
    return [_describe(history, now) for history in histories]


def _describe(history: MatterHistory, now: datetime) -> str:
    matter, found = history.matter, history.matter.found.replace("\n", " ")
    term = f"{history.due.astimezone():%Y-%m-%d} 到期" if history.due else "没有写期限"
    short = found if len(found) <= _FOUND else f"{found[: _FOUND - 1]}…"
    return "　".join((tell_state(history, now), term, matter.unit, matter.code, short))


_FOUND = 40
"""Characters of what was found."""
