"""Alembic runs this file; the connection, already in a transaction, comes from ``ledger.database``."""

from __future__ import annotations

from alembic import context

from workbook_tools.campaign.ledger.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True
)
context.run_migrations()
