"""The two databases that a ledger can lie in: a SQLite file, and a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest

from workbook_tools.campaign.ledger import Ledger
from workbook_tools.campaign.ledger.author import name_command


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (initdb was not found)")
    pytest.importorskip("psycopg")
    with postgres.server(programs) as running:
        yield running


@pytest.fixture(scope="session")
def tables(server: postgres.Server) -> str:
    """The name of a database with the tables of a ledger, of which others are copies."""
    url = server.new_database()
    Ledger.open(url).close()
    return url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """An empty place for a ledger; no command runs, whatever another test of this process has called.

    Where the test takes a ``ledger`` of it, a database has the tables of one already: to make them takes most of the time of such a test.
    """
    name_command("")
    if request.param == "sqlite":
        return tmp_path / "自评 100%" / ".wbt" / "ledger.sqlite3"
    running: postgres.Server = request.getfixturevalue("server")
    return running.new_database(request.getfixturevalue("tables") if "ledger" in request.fixturenames else "template1")
