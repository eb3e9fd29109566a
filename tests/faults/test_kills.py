"""A command that is killed (SIGKILL) at any moment: nothing is half-written, and the next run ends undisturbed."""

from __future__ import annotations

import os
import random
import signal
import sys
import time

import pytest
from disturbing import describe_difference, find_halves, find_untrue
from long_run import LONG, thin
from troubled_office import COMMANDS, Command, Office

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux", reason="processes are forked, and killed by the time that they have used"
    ),
]
KILLS = 100 if LONG else 12
"""In all."""
_PAUSE = 0.0005


def kill_after(office: Office, command: Command, seconds: float) -> bool:
    """Run a command, and kill it once it has used so much processor time; whether it lived till then."""
    child = office.start(command)
    clock = (~child << 3) | 2  # the system's name for the time that a process has used
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        if time.clock_gettime(clock) >= seconds:
            os.kill(child, signal.SIGKILL)
        time.sleep(_PAUSE)


@pytest.mark.parametrize("name", thin(COMMANDS))
def test_a_command_killed_at_random_moments_loses_nothing(office: Office, name: str) -> None:
    command, (wanted, _), moments = COMMANDS[name], office.undisturbed(name), random.Random(name)
    office.restore(command.after)
    seconds = office.run(command).seconds
    office.restore(command.after)
    before, start = office.list_files(), office.look()
    killed = 0
    for attempt in range(-(-KILLS // len(COMMANDS))):
        office.restore(command.after)
        latest = seconds / (1 if attempt else 2)  # the first surely while it runs
        killed += kill_after(office, command, moments.uniform(0, latest))
        assert find_halves(office.list_files(), before, wanted) == []
        assert find_untrue(office.read_kept(), start, wanted) == []
        again = office.run(command)
        assert describe_difference(wanted, office.look(), again) == ""
    assert killed
