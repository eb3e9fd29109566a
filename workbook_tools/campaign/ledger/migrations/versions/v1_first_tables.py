"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """From an empty database."""
    op.create_table(
        "issued",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "name", "department", "unit", "file")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("sha256", "key_id", "layout_version")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("scheme", "scheme_sha256")),
        sa.Column("issued_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issued"),
        sa.UniqueConstraint("year", "code", "sha256", name="uq_issued_year_code_sha256"),
    )
    op.create_table(
        "received",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "file", "sha256")),
        sa.Column("modified_at", _MOMENT, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_received"),
        sa.UniqueConstraint("year", "code", "sha256", name="uq_received_year_code_sha256"),
    )
    op.create_table(
        "reviewed",
        *_of_a_version("reviewed"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("errors", "warnings", "infos")),
        sa.Column("total", sa.Double(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("reviewed_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_reviewed_received_id", "reviewed", ["received_id"])
    op.create_table(
        "returned",
        *_of_a_version("returned"),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("returned_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("received_id", name="uq_returned_received_id"),
    )
    op.create_table(
        "accepted",
        *_of_a_version("accepted"),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("accepted_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("received_id", name="uq_accepted_received_id"),
    )


def _of_a_version(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["received_id"], ["received.id"], name=f"fk_{table}_received_id"),
    )


def downgrade() -> None:
    """Back to an empty database."""
    for table in ("accepted", "returned", "reviewed", "received", "issued"):
        op.drop_table(table)
