"""A PostgreSQL server that fails or goes away at a statement: a sentence, and the next run ends undisturbed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count

import postgres
import pytest
from disturbing import UNASKED, describe_difference, find_halves
from long_run import LONG
from troubled_office import COMMANDS
from troubled_server import ServerOffice, Trouble, disturb_statement

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked"),
]
NAMES = ("generate", "review again", "return", "accept", "run")
"""Commands that write into the ledger."""
EVERY = 6 if LONG else 150
"""Of the statements one in so many: most are alike."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerOffice]:
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (initdb was not found)")
    with postgres.server(programs) as running, pytest.MonkeyPatch.context() as patch:
        yield ServerOffice(tmp_path_factory.mktemp("office"), patch, running)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_statement_comes_to_grief_it_is_told_and_the_next_time_all_is_whole(
    office: ServerOffice, name: str
) -> None:
    command, (wanted, _) = COMMANDS[name], office.undisturbed(name)
    office.restore(command.after)
    before = office.list_files()
    for at in count(1, EVERY):
        trouble = list(Trouble)[at // EVERY % len(Trouble)]
        office.restore(command.after)
        done = disturb_statement(office, command, at, trouble)
        if not done.statement:
            break
        told = f"{done.outcome.code} {trouble} {done.statement[:80]} {done.outcome.said[-300:]}"
        assert done.outcome.code == 2, told
        assert not any(word in done.outcome.said for word in ("意外", "Traceback", postgres.PASSWORD)), told
        assert UNASKED in done.outcome.said or find_halves(office.list_files(), before, wanted) == [], told
        again = office.run(command)
        assert describe_difference(wanted, office.look(), again) == "", told
    assert at > 1
