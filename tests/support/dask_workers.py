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

    def __init__(self, address: str, place: Path, environment: Mapping[str, str], certificates: Path | None) -> None:
        self.address, self._place, self._environment = address, place, environment
        self._options = [] if certificates is None else list_options(certificates)
        self.workers: list[subprocess.Popen[bytes]] = []

    def hire(self) -> None:
        """One more worker."""
        own = self._place / f"电脑{len(self.workers) + 1}"
        own.mkdir()
        program = Path(workbook_tools.__file__).parents[1]  # the one that is tried, installed or not
        paths = os.pathsep.join(map(str, (program, ROOT / "tests" / "support")))
        command = [
            "distributed.cli.dask_worker",
            self.address,
            "--nthreads",
            "1",
            "--no-dashboard",
            "--no-nanny",
            *self._options,
        ]
        with (own / "记录.txt").open("wb") as log:
            self.workers.append(
                subprocess.Popen(
                    [sys.executable, "-m", *command, "--local-directory", str(own)],
                    cwd=own,
                    env=os.environ | self._environment | {"PYTHONPATH": paths},
                    stdout=log,
                    stderr=log,
                )
            )

    def lose(self, number: int) -> None:
        """A worker ends without a word."""
        self.workers[number].kill()
        self.workers[number].wait()


def list_options(certificates: Path) -> list[str]:
    """As docs/大规模.md writes them."""
    certificate, key = str(certificates / "cert.pem"), str(certificates / "key.pem")
    return ["--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key]


@contextmanager
def open_office(
    place: Path, workers: int, environment: Mapping[str, str] | None = None, certificates: Path | None = None
) -> Iterator[Office]:
    """A scheduler, and so many workers, which know besides what is set in that environment; with ``certificates`` they speak TLS."""
    from distributed import LocalCluster
    from distributed.security import Security

    security = None
    if certificates:
        issuer, certificate, key = list_options(certificates)[1::2]
        own = {
            f"tls_{who}_{what}": path
            for who in ("scheduler", "client")
            for what, path in (("cert", certificate), ("key", key))
        }
        security = Security(require_encryption=True, tls_ca_file=issuer, **own)
    with LocalCluster(n_workers=0, dashboard_address=":0", security=security) as scheduler:
        office = Office(scheduler.scheduler_address, place, environment or {}, certificates)
        try:
            for _ in range(workers):
                office.hire()
            yield office
        finally:
            for worker in office.workers:
                worker.kill()
                worker.wait()
