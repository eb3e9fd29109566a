"""Which issue a workbook is of, how far a version can be trusted, and why it was accepted all the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"
branch_labels = None
depends_on = None

_WORDS = {
    "issued": ("issue_id", "content_sha256", "project"),
    "received": ("trust",),
    "reviewed": ("trust", "trust_reason"),
    "accepted": ("because", "trust"),
}
_NUMBERS = {"issued": "issue_round", "received": "round"}


def upgrade() -> None:
    """Of what was recorded before nothing of this is known."""
    for table, names in _WORDS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for table, name in _NUMBERS.items():
        op.add_column(table, sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "schemes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schemes"),
        sa.UniqueConstraint("sha256", name="uq_schemes_sha256"),
    )


def downgrade() -> None:
    """Back to step 5."""
    op.drop_table("schemes")
    for table, name in _NUMBERS.items():
        op.drop_column(table, name)
    for table, names in _WORDS.items():
        for name in names:
            op.drop_column(table, name)
