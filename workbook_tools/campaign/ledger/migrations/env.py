"""Alembic runs this file; the connection, already in a transaction, comes from ``ledger.database``."""

from __future__ import annotations

from alembic import context

from workbook_tools.campaign.ledger.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
