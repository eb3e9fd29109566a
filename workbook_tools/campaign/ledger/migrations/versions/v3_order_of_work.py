"""What a review says that is to be done with a project first, and whether its form is complete."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the reviews before nothing is known: they count as complete."""
    op.add_column("reviewed", sa.Column("complete", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("reviewed", sa.Column("first_step", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Back to the tables with answers."""
    op.drop_column("reviewed", "first_step")
    op.drop_column("reviewed", "complete")
