"""Every call to the disk of every command that writes, made to fail: a sentence, nothing half-written, the next run ends undisturbed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from disturbing import NUMBERS, Fault, disturb, find_troubles
from long_run import LONG, thin
from troubled_office import COMMANDS, Office
from watched_disk import CHANGING, Call

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked, open files are found in /proc"),
]
ALL = os.environ.get("WBT_ALL_FAULTS") == "1"
"""Every fault at every call. Else one fault at each call that changes something, and at some of the others, in turn; of these
again a sample, unless ``WBT_LONG=1``."""
FAULTS = [Fault(number, forever) for forever in (False, True) for number in NUMBERS]
SOME = 4
"""Looking, reading and SQL are alike in all commands: every fourth of these calls."""
THINNED = {"run": 7}
"""It makes the calls of review, return, report and merge again: every seventh of all."""
SAMPLE = 1 if LONG else 29
"""One in so many."""


@pytest.mark.parametrize("name", thin(COMMANDS))
def test_whatever_call_fails_it_is_told_and_the_next_time_all_is_whole(
    office: Office, name: str, tmp_path: Path
) -> None:
    def choose(at: int, call: Call) -> Sequence[Fault]:
        if ALL:
            return FAULTS
        every = SAMPLE * (THINNED.get(name) or (1 if call.kind in _WRITING else SOME))
        return () if (at - 1) % every else (FAULTS[at // every % len(FAULTS)],)

    office.undisturbed(name)
    done = disturb(office, COMMANDS[name], choose, tmp_path / "copies")
    assert done
    assert find_troubles(office, name, done, tmp_path / "copies") == []


_WRITING = (CHANGING | {"unlink", "rmdir"}) - {"sql"}
