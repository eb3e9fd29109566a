"""What units have to mend, what they have answered, and what finance has concluded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "11"
down_revision = "10"
branch_labels = None
depends_on = None
_TEXTS = ("matter", "code", "department", "unit", "step", "who", "due", "file", "sha256", "facts")


def upgrade() -> None:
    """A table of it; of those before nothing is known."""
    op.create_table(
        "rectified",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("rectified_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rectified"),
    )


def downgrade() -> None:
    """Back to step 10."""
    op.drop_table("rectified")
