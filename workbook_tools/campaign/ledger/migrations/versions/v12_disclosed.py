"""How much each department has published, when and where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "12"
down_revision = "11"
branch_labels = None
depends_on = None
_TYPED = (
    "department",
    "who",
    "approved",
    "approved_on",
    "shown_budget",
    "opened_on",
    "address",
    "picture",
    "remark",
    "reason",
)


def upgrade() -> None:
    """Two tables of it; of those before nothing is known."""
    op.create_table(
        "counted",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("year", "projects", "published")),
        sa.Column("department", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("budget", "published_budget")),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_counted"),
    )
    op.create_table(
        "disclosed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TYPED),
        sa.Column("disclosed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_disclosed"),
    )


def downgrade() -> None:
    """Back to step 11."""
    op.drop_table("disclosed")
    op.drop_table("counted")
