"""A Dask scheduler in this process, and workers that are processes of their own, each in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from locations import ROOT

import workbook_tools


class Office:
    """Computers that could be anywhere: their workers know the scheduler's address, and nothing of each other's folders."""

    def __init__(self, address: str, place: Path, environment: Mapping[str, str]) -> None:
        self.address, self._place, self._environment = address, place, environment
        self.workers: list[subprocess.Popen[bytes]] = []

    def hire(self) -> None:
        """One more worker."""
        own = self._place / f"电脑{len(self.workers) + 1}"
        own.mkdir()
        program = Path(workbook_tools.__file__).parents[1]  # the one that is tried, installed or not
        paths = os.pathsep.join(map(str, (program, ROOT / "tests" / "support")))
        command = ["distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny"]
        with (own / "记录.txt").open("wb") as log:
            self.workers.append(
                subprocess.Popen(
                    [sys.executable, "-m", *command, "--local-directory", str(own)],
                    cwd=own, env=os.environ | self._environment | {"PYTHONPATH": paths}, stdout=log, stderr=log,
                )
            )  # fmt: skip

    def lose(self, number: int) -> None:
        """A worker ends without a word."""
        self.workers[number].kill()
        self.workers[number].wait()


@contextmanager
def open_office(place: Path, workers: int, environment: Mapping[str, str] | None = None) -> Iterator[Office]:
    """A scheduler, and so many workers, which know besides what is set in that environment."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=":0") as scheduler:
        office = Office(scheduler.scheduler_address, place, environment or {})
        try:
            for _ in range(workers):
                office.hire()
            yield office
        finally:
            for worker in office.workers:
                worker.kill()
                worker.wait()
