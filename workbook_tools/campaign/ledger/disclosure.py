"""公开 in the ledger: the files that were written for the public, how much of each department that is, and when and where it was put."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Table, select

from workbook_tools.campaign.ledger.events import EventWriter
from workbook_tools.campaign.ledger.records import DisclosedFacts, PublicCount, PublishedFile
from workbook_tools.campaign.ledger.tables import COUNTED, DISCLOSED, PUBLISHED


def record_published(writer: EventWriter, files: Iterable[PublishedFile]) -> None:
    """Record the files that are not as they were last."""
    last = {item.file: item for item in read_published(writer.connection)}
    writer.add(PUBLISHED.name, [_to_facts(item) for item in files if last.get(item.file) != item])


def read_published(connection: Connection) -> list[PublishedFile]:
    """Every file, the last one last."""
    columns = (*_columns(PUBLISHED, PublishedFile), PUBLISHED.c.published_at)
    return [PublishedFile(*row) for row in connection.execute(select(*columns).order_by(PUBLISHED.c.id))]


def record_counts(writer: EventWriter, counts: Iterable[PublicCount]) -> None:
    """Record those that are not as they were last."""
    items = list(counts)
    last = {
        (year, name): one
        for year in {i.year for i in items}
        for name, one in read_counts(writer.connection, year).items()
    }
    writer.add(COUNTED.name, [_to_facts(one) for one in items if last.get((one.year, one.department)) != one])


def read_counts(connection: Connection, year: int) -> dict[str, PublicCount]:
    """The last of each department."""
    rows = select(*_columns(COUNTED, PublicCount)).where(COUNTED.c.year == year).order_by(COUNTED.c.id)
    return {one.department: one for one in (PublicCount(*row) for row in connection.execute(rows))}


def record_typed(writer: EventWriter, typed: Iterable[DisclosedFacts]) -> None:
    """Record what differs from what was typed last, whoever has typed it."""
    items = list(typed)
    last = {
        (year, name): one
        for year in {i.year for i in items}
        for name, one in read_typed(writer.connection, year).items()
    }
    new = [
        one for one in items if (before := last.get((one.year, one.department))) is None or before.typed != one.typed
    ]
    writer.add(DISCLOSED.name, [_to_facts(one) for one in new if any(one.typed) or (one.year, one.department) in last])


def read_typed(connection: Connection, year: int) -> dict[str, DisclosedFacts]:
    """The last of each department."""
    columns = (*_columns(DISCLOSED, DisclosedFacts), DISCLOSED.c.disclosed_at)
    rows = connection.execute(select(*columns).where(DISCLOSED.c.year == year).order_by(DISCLOSED.c.id))
    return {one.department: one for one in (DisclosedFacts(*row) for row in rows)}


def _columns(table: Table, record: type) -> list[Any]:
    """The columns of the facts of a record, in its order."""
    return [table.c[part.name] for part in fields(record) if part.name != "at"]


def _to_facts(record: PublishedFile | PublicCount | DisclosedFacts) -> dict[str, Any]:
    return {part.name: getattr(record, part.name) for part in fields(record) if part.name != "at"}
