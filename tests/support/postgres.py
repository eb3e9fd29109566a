"""A PostgreSQL server of our own for tests: started in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

PASSWORD = secrets.token_urlsafe() + " 密#码@/"
"""With all that has to be escaped in a URL."""
_ROLE = "postgres"
"""The server refuses to run as root; then it runs as this user of the system."""


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest version that is installed."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3].split(".")[0]))
    return Path(found).parent if found else debian[-1].parent if debian else None


@dataclass(slots=True)
class Server:
    """A running server."""

    port: int
    _numbers: Iterator[int]

    def url(self, database: str = "postgres", user: str = "wbt", password: str = PASSWORD) -> str:
        """The URL of a database, as in wbt.toml."""
        from sqlalchemy import URL

        made = URL.create("postgresql+psycopg", user, password, "127.0.0.1", self.port, database)
        return made.render_as_string(hide_password=False)

    def new_database(self, like: str = "template1") -> str:
        """The URL of a fresh database: an empty one, or a copy of that database, to which nobody is connected."""
        name = f"t{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    def run(self, statement: str) -> None:
        """Run a statement as the server's master."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="wbt", password=PASSWORD, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@contextmanager
def server(bin_folder: Path) -> Iterator[Server]:
    """Start a server on a free port of this computer, and stop it."""
    root = Path(tempfile.mkdtemp(prefix="wbt-postgres-"))
    try:
        (root / "password").write_text(PASSWORD, "utf-8")
        if os.geteuid() == 0:
            for path in (root, root / "password"):
                shutil.chown(path, _ROLE)
        data, port = root / "data", free_port()
        _run(
            [
                bin_folder / "initdb",
                "-D",
                data,
                "-U",
                "wbt",
                "-A",
                "scram-sha-256",
                f"--pwfile={root / 'password'}",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ]
        )
        options = f"-p {port} -k {root} -c listen_addresses=127.0.0.1 -c fsync=off -c autovacuum=off"  # nobody but a test is ever in a database that is copied
        control: list[str | Path] = [bin_folder / "pg_ctl", "-D", data, "-w"]
        _run([*control, "-l", root / "log", "-o", options, "start"])
        try:
            yield Server(port, count(1))
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(root)


def _run(command: Sequence[str | Path]) -> None:
    """Run as the server's user; its output is for nobody, and a server must not hold our pipes open."""
    unprivileged = ["runuser", "-u", _ROLE, "--"] if os.geteuid() == 0 else []
    quiet = subprocess.DEVNULL
    subprocess.run([*unprivileged, *command], check=True, stdin=quiet, stdout=quiet, stderr=quiet, cwd="/")


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
