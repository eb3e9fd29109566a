"""What units answered to 提醒, and what finance said of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_COUNTS = ("to_answer", "answered", "of_the_list")


def upgrade() -> None:
    """Counts of a review, answers, rulings."""
    for name in _COUNTS:
        op.add_column("reviewed", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "answered",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "place", "facts", "question", "answer")),
        sa.Column("answered_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answered"),
        sa.ForeignKeyConstraint(["received_id"], ["received.id"], name="fk_answered_received_id"),
        sa.UniqueConstraint(
            "received_id", "place", "facts", "answer", name="uq_answered_received_id_place_facts_answer"
        ),
    )
    op.create_index("ix_answered_received_id", "answered", ["received_id"])
    op.create_table(
        "ruled",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "number", "answer")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("ruling", "reason", "who")),
        sa.Column("ruled_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ruled"),
    )


def downgrade() -> None:
    """Back to the first tables."""
    op.drop_table("ruled")
    op.drop_table("answered")
    for name in _COUNTS:
        op.drop_column("reviewed", name)
