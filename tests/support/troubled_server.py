"""The small campaign with its ledger on a PostgreSQL server, and a server that goes away at a statement."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres import Server
from troubled_office import Command, Office, Outcome


class ServerOffice(Office):
    """The ledger is in a database of a server; each prepared state keeps one of its own."""

    def __init__(self, base: Path, patch: pytest.MonkeyPatch, server: Server) -> None:
        self.server = server
        self.server.run("CREATE DATABASE ledger")
        super().__init__(base, patch, server.url("ledger"))

    def restore_from(self, folder: Path) -> None:
        """The folder as it was, and the database."""
        super().restore_from(folder)
        self._copy_database(f"state {folder.name}", "ledger")

    def keep_in(self, folder: Path) -> None:
        """A copy of both."""
        super().keep_in(folder)
        self._copy_database("ledger", f"state {folder.name}")

    def _copy_database(self, source: str, target: str) -> None:
        self.server.run(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        self.server.run(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')


class Trouble(Enum):
    """What becomes of a statement."""

    REFUSED = "the server cannot carry it out"
    ENDED = "the server ends the connection before it"
    UNHEARD = "it is carried out, and the connection breaks before that is heard"


@dataclass(frozen=True)
class Disturbed:
    """A command and its statement that came to grief."""

    outcome: Outcome
    statement: str
    """Empty where the command has no statement of that number."""


def disturb_statement(office: ServerOffice, command: Command, at: int, trouble: Trouble) -> Disturbed:
    """Run a command in a process of its own whose statement of that number comes to grief."""
    child = os.fork()
    if child == 0:
        bad = _BadServer(office.server, at, trouble)
        bad.put_in_the_way()
        outcome = office.call(command)
        office.end(Disturbed(outcome, bad.statement))
    done: Disturbed = office.wait(child)
    return done


class _BadServer:
    def __init__(self, server: Server, at: int, trouble: Trouble) -> None:
        self.server, self.at, self.trouble = server, at, trouble
        self.number, self.statement, self.busy = 0, "", False

    def put_in_the_way(self) -> None:
        for owner, name in (
            (psycopg.Cursor, "execute"),
            (psycopg.Cursor, "executemany"),
            (psycopg.Connection, "commit"),
        ):
            setattr(owner, name, self.wrap(getattr(owner, name)))

    def wrap(self, real: Any) -> Any:
        def called(place: Any, statement: Any = "COMMIT", *rest: Any, **options: Any) -> Any:
            given = () if statement == "COMMIT" else (statement, *rest)
            work = partial(real, place, *given, **options)
            return work() if self.busy else self.run(str(statement), work)

        return called

    def run(self, statement: str, work: Any) -> Any:
        self.number += 1
        if self.number != self.at:
            return work()
        self.statement = statement
        if self.trouble is Trouble.REFUSED:
            raise psycopg.OperationalError("could not extend file: No space left on device")
        if self.trouble is Trouble.ENDED:
            self.busy = True
            self.server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'ledger'")
            self.busy = False
            return work()
        work()
        raise psycopg.OperationalError("server closed the connection unexpectedly")
