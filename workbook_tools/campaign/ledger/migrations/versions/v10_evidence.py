"""How many of the files that a version lists as evidence had not come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "10"
down_revision = "9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the reviews before nothing is known: they count as complete."""
    op.add_column("reviewed", sa.Column("evidence_absent", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Back to step 9."""
    op.drop_column("reviewed", "evidence_absent")
