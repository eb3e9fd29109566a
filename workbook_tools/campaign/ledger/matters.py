"""整改 in the ledger: the steps of the matters that units have to mend."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import Connection, select

from workbook_tools.campaign.ledger.events import EventWriter
from workbook_tools.campaign.ledger.records import MatterRecord
from workbook_tools.campaign.ledger.tables import RECTIFIED

_FACTS = tuple(MatterRecord.__dataclass_fields__)[:-1]


def record_matters(writer: EventWriter, steps: Iterable[MatterRecord]) -> None:
    """Record the steps; one that is as the matter's last step is left out."""
    items = [replace(step, at=None) for step in steps]
    read = read_matters(writer.connection, {step.year for step in items})
    last = {(one.year, one.matter): replace(one, at=None) for one in read}
    new = [step for step in items if last.get((step.year, step.matter)) != step]
    writer.add(RECTIFIED.name, [{name: getattr(step, name) for name in _FACTS} for step in new])


def read_matters(connection: Connection, years: Collection[int]) -> list[MatterRecord]:
    """Every step of these years, the last one last."""
    columns = (*(RECTIFIED.c[name] for name in _FACTS), RECTIFIED.c.rectified_at)
    rows = connection.execute(select(*columns).where(RECTIFIED.c.year.in_(years)).order_by(RECTIFIED.c.id))
    return [MatterRecord(*row) for row in rows]
