"""What work costs: processor time, user and system, of this process or of a command with all that it starts (Linux)."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from measured_run import adopted_orphans


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: processor time and time by the clock in seconds, memory of the largest process in MB."""

    used: float
    passed: float
    memory: float


def measure_work(work: Callable[[], object]) -> float:
    """Seconds of processor time of this process."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def measure_command(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None, *, findings: bool = False
) -> Cost:
    """Run a command; all that it started is waited for, and counted, so nothing else may run beside as a child of this process.

    SystemExit if it fails; with ``findings`` 1 is no failure (``wbt review``).
    """
    begun, used, memory, passed = time.perf_counter(), 0.0, 0.0, 0.0
    with adopted_orphans():
        started = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=environment)
        while True:
            try:
                pid, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            if pid == started.pid:
                passed, started.returncode = time.perf_counter() - begun, os.waitstatus_to_exitcode(status)
            used += usage.ru_utime + usage.ru_stime
            memory = max(memory, usage.ru_maxrss / 1024)
    if started.returncode not in ((0, 1) if findings else (0,)):
        raise SystemExit(f"{' '.join(command)} failed in {folder}")
    return Cost(used, passed, memory)
