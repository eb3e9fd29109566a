"""Recording: a fact becomes an event, and the tables follow from the events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, UniqueConstraint, delete, select

from workbook_tools.campaign.ledger.chain import (
    READMITTED,
    ROOT,
    WITHDRAWN,
    Author,
    Event,
    Sign,
    clean_text,
    link_events,
    sealed_text,
)
from workbook_tools.campaign.ledger.tables import ACCEPTED, DERIVED, DISMISSED, EVENT, UtcTime

Row = dict[str, Any]
_PER_QUERY = 500
"""So many values are asked for at once; databases take a few thousand."""
_MANY = 200
"""So many rows at once, and a table is another than before."""


class EventWriter:
    """What is recorded in one transaction that no other writer is in, by one author at one moment."""

    def __init__(self, connection: Connection, author: Author, at: datetime) -> None:
        self.connection = connection
        self._author, self._at = author, at
        self._last: Event | None = None
        """The last event: it is written at the end, with the seal. All before it are."""
        self._count = 0
        self._measured = set[Table]()

    def add_new(self, table: Table, rows: Sequence[Row]) -> None:
        """Record the rows that are not there yet, by the table's unique constraint; of equal ones the first."""
        if not rows:
            return
        columns = _find_key(table)
        known = _read_keys(self.connection, columns, rows)
        new: dict[tuple[Any, ...], Row] = {}
        for row in map(_clean, rows):
            key = tuple(row[column.name] for column in columns)
            if key not in known:
                new.setdefault(key, row)
        self.add(table.name, list(new.values()))

    def add(self, kind: str, facts: Sequence[Row]) -> None:
        """Record facts of one kind, and what follows for the tables."""
        if not facts:
            return
        last = self._last
        after = (last.id, last.digest) if last else read_head(self.connection)
        new = link_events(after, self._author, self._at, kind, map(_clean, facts))
        derive_tables(self.connection, new)
        if len(new) >= _MANY and (table := DERIVED.get(kind)) is not None:
            self._measure(table)
        *others, self._last = [*([last] if last else []), *new]
        insert_events(self.connection, others)
        self._count += len(new)

    def _measure(self, table: Table) -> None:
        """Have the server look how large a table has become, once it has grown: it knows nothing of rows that are not committed, takes
        the table for as small as it was, and looks through all of it at each question, which takes longer with each batch."""
        if table not in self._measured and self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql(f"ANALYZE {table.name}")
            self._measured.add(table)

    def finish(self, sign: Sign) -> int:
        """Write the events, at the end of the transaction, the last one sealed; returns how many."""
        if self._last:
            insert_events(self.connection, [replace(self._last, seal=sign(sealed_text(self._last.digest)))])
        return self._count


def read_head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last event."""
    row = connection.execute(select(EVENT.c.id, EVENT.c.digest).order_by(EVENT.c.id.desc()).limit(1)).first()
    return (row.id, row.digest) if row else (0, ROOT)


def read_events(connection: Connection) -> list[Event]:
    """All events, as they stand there."""
    return [Event(*row) for row in connection.execute(select(EVENT).order_by(EVENT.c.id))]


def insert_events(connection: Connection, events: Sequence[Event]) -> None:
    """Write events that are linked."""
    if not events:
        return
    names = [column.name for column in EVENT.c]  # not asdict, which copies deeply: it would double what a review costs
    connection.execute(EVENT.insert(), [{name: getattr(event, name) for name in names} for event in events])


# -- the tables follow from the events --------------------------------------------------------------------------------


_UNDONE = {READMITTED: DISMISSED, WITHDRAWN: ACCEPTED}
"""Kind of event that undoes an earlier one about the same version → the table that loses its row."""


@dataclass(frozen=True, slots=True)
class Change:
    """What follows from an event: a row is added to a table, or that of a version is taken out of it."""

    table: Table
    row: Row
    adds: bool = True


def derive_change(event: Event) -> Change | None:
    """What an event changes in the tables; ``None`` where it changes nothing.

    Raises ValueError, KeyError or TypeError: it was changed by hand, or is a newer program's.
    """
    facts = json.loads(event.facts)
    if not isinstance(facts, dict):
        raise TypeError(event.facts)
    if (undone := _UNDONE.get(event.kind)) is not None:
        return Change(undone, facts, adds=False)
    table = DERIVED.get(event.kind)
    if table is None:
        return None
    defaults = _list_defaults(table)
    if unknown := facts.keys() - defaults.keys():
        raise KeyError(*unknown)
    row = {**defaults, **facts, "id": event.id}
    if (moment := f"{table.name}_at") in row:
        row[moment] = event.at
    for name in _list_moments(table):
        row[name] = datetime.fromisoformat(row[name])
    return Change(table, row)


@cache
def _list_defaults(table: Table) -> Row:
    """What the columns hold of which an event says nothing: those that were not there yet when it was recorded."""
    found = {}
    for column in table.c:
        default = getattr(column.server_default, "arg", None)
        found[column.name] = int(default) if isinstance(column.type, Integer) and default is not None else default
    return found


@cache
def _list_moments(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.c if isinstance(column.type, UtcTime))


def derive_tables(connection: Connection, events: Iterable[Event]) -> None:
    """Change the tables as these events, which follow all that are there, want it."""
    changes = filter(None, map(derive_change, events))
    for (name, adds), group in groupby(changes, key=lambda change: (change.table.name, change.adds)):
        rows = [change.row for change in group]
        if adds:
            connection.execute(DERIVED[name].insert(), rows)
        else:
            table = DERIVED[name]
            connection.execute(delete(table).where(table.c.received_id.in_([row["received_id"] for row in rows])))


def replay(events: Iterable[Event]) -> dict[str, dict[int, Row]]:
    """The tables as these events make them: name → number → row."""
    found: dict[str, dict[int, Row]] = {name: {} for name in DERIVED}
    for change in filter(None, map(derive_change, events)):
        rows = found[change.table.name]
        if change.adds:
            rows[change.row["id"]] = change.row
        else:
            for number in [n for n, row in rows.items() if row["received_id"] == change.row["received_id"]]:
                del rows[number]
    return found


def rebuild_tables(connection: Connection) -> None:
    """Make all tables anew from the events."""
    for table in reversed(DERIVED.values()):
        connection.execute(delete(table))
    derive_tables(connection, read_events(connection))


# -- what is there already --------------------------------------------------------------------------------------------


def _clean(row: Mapping[str, Any]) -> Row:
    return {name: clean_text(value) if isinstance(value, str) else value for name, value in row.items()}


def _find_key(table: Table) -> list[Column[Any]]:
    """The columns that no two rows have alike."""
    (unique,) = (item for item in table.constraints if isinstance(item, UniqueConstraint))
    return list(unique.columns)


def _read_keys(connection: Connection, columns: Sequence[Column[Any]], rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    """The keys of the rows that are there already, and others like them."""
    narrow = next((column for column in columns if column.name == "code"), columns[0])
    years = [columns[0].in_({row[columns[0].name] for row in rows})] if narrow is not columns[0] else []
    values, found = sorted({row[narrow.name] for row in rows}), set[tuple[Any, ...]]()
    for start in range(0, len(values), _PER_QUERY):
        some = select(*columns).where(*years, narrow.in_(values[start : start + _PER_QUERY]))
        found |= {tuple(row) for row in connection.execute(some)}
    return found
