"""Zips of departments that were made to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of them; of those before nothing is known."""
    op.create_table(
        "packed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("department", "file", "sha256", "issues")),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_packed"),
    )


def downgrade() -> None:
    """Back to step 7."""
    op.drop_table("packed")
