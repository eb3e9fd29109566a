"""The power goes at any moment: nothing that was not forced onto the disk is sure, and the next run ends undisturbed all the same."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest
from disturbing import describe_difference, find_halves, find_untrue
from long_run import LONG, thin
from power_cut import cut_at_the_end, cut_everywhere, record, write_tree
from troubled_office import COMMANDS, TEMPORARY, Office

from workbook_tools.campaign.ledger.database import open_database

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked, open files are found in /proc"),
]
ALL = os.environ.get("WBT_ALL_FAULTS") == "1"
EXTRA = 3
"""SQLite's strictest way: also the folder is forced onto the disk."""
SOME = 6 if LONG else 1
"""So many of the states that may be left of a command are tried, unless all are."""


@pytest.mark.parametrize("name", thin(COMMANDS))
def test_after_a_power_cut_the_next_run_is_whole_and_what_was_done_stays(office: Office, name: str) -> None:
    command, (wanted, _) = COMMANDS[name], office.undisturbed(name)
    recorded = record(office, command)
    assert recorded.outcome.code in (0, 1)
    states = list(cut_everywhere(recorded, office.home))
    if not ALL:
        states = random.Random(name).sample(states, min(SOME, len(states)))
    office.restore(command.after)
    before, start = office.list_files(), office.look()
    for upto, left in states:
        office.restore(command.after)
        write_tree(office.home, left, recorded.start)
        assert find_halves(office.list_files(), before, wanted) == [], upto
        assert find_untrue(office.read_kept(), start, wanted) == [], upto
        again = office.run(command)
        assert describe_difference(wanted, office.look(), again) == "", (upto, recorded.calls[upto - 1])
    office.restore(command.after)
    write_tree(office.home, cut_at_the_end(recorded, office.home), recorded.start)
    assert office.look() == wanted, "it was done, and the power went then"
    assert not any((office.home / TEMPORARY).iterdir())


def test_the_ledger_asks_the_disk_to_keep_every_commit(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "ledger.sqlite3")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == EXTRA
    engine.dispose()
