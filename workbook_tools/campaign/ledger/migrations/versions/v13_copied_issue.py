"""Which issue of its project a version that came back was made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "13"
down_revision = "12"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the versions before nothing is known: they are of what was issued before they came."""
    op.add_column("received", sa.Column("issue_id", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Back to step 12."""
    op.drop_column("received", "issue_id")
