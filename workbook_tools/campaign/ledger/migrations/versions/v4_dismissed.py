"""What was recorded as received and is no submission."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of these versions."""
    op.create_table(
        "dismissed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_id", sa.Integer(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dismissed"),
        sa.ForeignKeyConstraint(["received_id"], ["received.id"], name="fk_dismissed_received_id"),
        sa.UniqueConstraint("received_id", name="uq_dismissed_received_id"),
    )


def downgrade() -> None:
    """Back to step 3."""
    op.drop_table("dismissed")
