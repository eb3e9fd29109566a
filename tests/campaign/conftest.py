"""The two databases that a ledger can lie in: a SQLite file, and a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest

from workbook_tools.campaign.ledger.author import name_command


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (initdb was not found)")
    pytest.importorskip("psycopg")
    with postgres.server(programs) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """An empty place for a ledger; no command runs, whatever another test of this process has called."""
    name_command("")
    if request.param == "sqlite":
        return tmp_path / "自评 100%" / ".wbt" / "ledger.sqlite3"
    running: postgres.Server = request.getfixturevalue("server")
    return running.new_database()
