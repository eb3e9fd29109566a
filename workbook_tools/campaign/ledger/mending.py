"""What the ledger knows of the matters that units have to mend, as their histories."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from workbook_tools.campaign.ledger.records import MatterRecord
from workbook_tools.followup.matter_history import (
    Conclusion,
    MatterAnswer,
    MatterHistory,
    MatterStep,
    MendingVerdict,
    NoticeSent,
)
from workbook_tools.followup.matters import Matter

SENT, ANSWERED, CONCLUDED = "通知", "答复", "结论"
"""The kinds of steps."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def restore_histories(records: Iterable[MatterRecord]) -> dict[str, MatterHistory]:
    """The histories by the numbers of the matters; ``records`` in the order in which they were recorded."""
    found: dict[str, MatterHistory] = {}
    for record in records:
        history = found.setdefault(record.matter, MatterHistory(record.matter, record.year))
        history.steps.append(restore_step(record, record.at or _LONG_AGO))
    return found


def restore_step(record: MatterRecord, at: datetime) -> MatterStep:
    """The step that was recorded at that moment."""
    facts: dict[str, Any] = json.loads(record.facts)
    if record.step == SENT:
        due = datetime.fromisoformat(record.due) if record.due else None
        matter = Matter(**facts["matter"])
        return NoticeSent(at=at, by=record.who, round=facts["round"], due=due, matter=matter, file=record.file)
    if record.step == ANSWERED:
        return MatterAnswer(at=at, by=record.who, file=record.file, sha256=record.sha256, **facts)
    return Conclusion(at=at, by=record.who, verdict=MendingVerdict(facts["verdict"]), remark=facts["remark"])
