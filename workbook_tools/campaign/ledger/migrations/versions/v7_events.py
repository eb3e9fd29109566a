"""Events with a chain. What the tables hold is taken over as the first events, and every row has the number of its event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from workbook_tools.campaign.ledger.chain import ROOT, STARTED, Author, Event, link_events

revision = "7"
down_revision = "6"
branch_labels = None
depends_on = None

_TABLES = ("schemes", "issued", "received", "answered", "reviewed", "returned", "accepted", "ruled", "dismissed")
_WORDS = ("at", "who", "command", "kind", "facts", "previous", "digest", "seal")
_NOBODY = Author("", "")


def upgrade() -> None:
    """Who recorded what was there, and with which command, is not known."""
    event = op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _WORDS),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    connection = op.get_bind()
    known = sa.MetaData()
    known.reflect(connection, only=_TABLES)
    tables = [known.tables[name] for name in _TABLES]
    held = [(t, [dict(row) for row in connection.execute(sa.select(t).order_by(t.c.id)).mappings()]) for t in tables]
    for table in reversed(tables):
        connection.execute(sa.delete(table))
    events = [*_take_over(held)]
    connection.execute(sa.insert(event), [asdict(item) for item in events])
    for table, rows in held:
        if rows:
            connection.execute(sa.insert(table), rows)


def _take_over(held: list[tuple[sa.Table, list[dict[str, Any]]]]) -> Iterator[Event]:
    """The events of what is held; the rows get the numbers of their events."""
    total = sum(len(rows) for _, rows in held)
    now = datetime.now(UTC)
    (last,) = link_events((0, ROOT), _NOBODY, now, STARTED, [{"taken_over": total}])
    yield last
    versions: dict[int, int] = {}
    for table, rows in held:
        for row in rows:
            if "received_id" in row:
                row["received_id"] = versions[row["received_id"]]
            if table.name == "received":
                versions[row["id"]] = last.id + 1
            row["id"] = last.id + 1
            facts = {name: _in_utc(value) for name, value in row.items() if name != "id"}
            at = facts.pop(f"{table.name}_at", now)
            (last,) = link_events((last.id, last.digest), _NOBODY, at, table.name, [facts])
            yield last


def _in_utc(value: Any) -> Any:
    """SQLite keeps no time zone."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def downgrade() -> None:
    """Back to step 6: the tables stay."""
    op.drop_table("event")
