"""Bringing the tables of a ledger up to date, step by step, with alembic."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = Lock()
"""Alembic keeps what it works on in global names."""


def list_steps() -> list[str]:
    """The steps of ``migrations/versions``, the last one first."""
    return [step.revision for step in ScriptDirectory.from_config(_make_config()).walk_revisions()]


def migrate(connection: Connection, to: str = "head") -> None:
    """Take every step that the tables have not taken yet, up to the last one or the named one, in the transaction of the connection."""
    config = _make_config()
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, to)


def _make_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
