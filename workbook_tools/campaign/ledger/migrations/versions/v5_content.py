"""What a version says: one that only repeats an earlier one is known, whatever its bytes and its clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the versions before nothing is known."""
    op.add_column("received", sa.Column("content", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Back to step 4."""
    op.drop_column("received", "content")
