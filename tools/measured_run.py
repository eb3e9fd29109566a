"""A command run as its user runs it, and what it took: time by the clock, processor time, and memory of each of its processes (POSIX)."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_LOOK = 0.2
"""Seconds between two looks at the memory of the processes."""
_ADOPT_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER."""
_ORPHANS = 30
"""Seconds until such a process is let go of."""
_MOST = re.compile(r"VmHWM:\s*(\d+) kB")


@dataclass(slots=True)
class Took:
    """Seconds and bytes."""

    clock: float = 0.0
    processor: float = 0.0
    """User and system time of the command and all its processes."""
    first: int = 0
    """The most memory that the process of the command has had, and of its other processes the largest."""
    other: int = 0
    together: int = 0
    """The most that all of them had at one moment; what they share counts in each."""
    code: int = 0
    times: int = 1
    """How often it was run until it came to its end."""

    def add(self, earlier: Took) -> None:
        """What an earlier run took that was broken off."""
        self.clock, self.processor = self.clock + earlier.clock, self.processor + earlier.processor
        self.first, self.other = max(self.first, earlier.first), max(self.other, earlier.other)
        self.together, self.times = max(self.together, earlier.together), self.times + earlier.times


@contextmanager
def adopted_orphans() -> Iterator[None]:
    """What a command leaves behind meanwhile (the server that its processes are copies of) is this process's to wait for, and so to count (Linux).

    Not for longer: orphans of others would be its own, too, and stay in the list of processes when they have ended.
    """
    adopt = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *_: None
    adopt(_ADOPT_ORPHANS, 1, 0, 0, 0)
    try:
        yield
    finally:
        adopt(_ADOPT_ORPHANS, 0, 0, 0, 0)


def run_measured(
    command: Sequence[str], folder: Path, log: Path, say: Callable[[Took], None], every: float = 60
) -> Took:
    """Run a command in a folder, its output into ``log``; ``say`` hears every so many seconds what it took so far."""
    others = {child.pid for child in psutil.Process().children()}
    took, begun, before = Took(), time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    next_word = begun + every
    with adopted_orphans(), log.open("ab") as output:
        process = psutil.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        while process.poll() is None:
            _look(process, took)
            if time.perf_counter() > next_word:
                took.clock = time.perf_counter() - begun
                say(took)
                next_word += every
            time.sleep(_LOOK)
        took.clock = time.perf_counter() - begun
        _wait_for_orphans(others)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    took.code = process.returncode
    return took


def _wait_for_orphans(others: set[int]) -> None:
    """Until all processes are gone that are ours now and were not before."""
    end = time.monotonic() + _ORPHANS
    while orphans := [child.pid for child in psutil.Process().children() if child.pid not in others]:
        for pid in orphans:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > end:
            return
        time.sleep(0.05)


def _look(process: psutil.Process, took: Took) -> None:
    with suppress(psutil.Error, OSError):
        took.first = max(took.first, _read_most(process))
        together = process.memory_info().rss
        for child in process.children(recursive=True):
            with suppress(psutil.Error, OSError):
                together += child.memory_info().rss
                took.other = max(took.other, _read_most(child))
        took.together = max(took.together, together)


def _read_most(process: psutil.Process) -> int:
    """The most that a process has had, where the system says it; else what it has now."""
    try:
        found = _MOST.search(Path(f"/proc/{process.pid}/status").read_text())
    except OSError:
        found = None
    return 1024 * int(found[1]) if found else int(process.memory_info().rss)
