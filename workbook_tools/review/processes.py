"""How the processes are started that read files; light, so that a command can begin with it before it loads anything."""

from __future__ import annotations

import sys
import types
from multiprocessing.context import BaseContext
from typing import Any

if sys.platform == "win32":
    from multiprocessing.context import SpawnContext as _Context
    from multiprocessing.context import SpawnProcess as _Process
else:  # forked from a clean server that has the libraries loaded: they inherit no threads or locks
    from multiprocessing import forkserver
    from multiprocessing.context import ForkServerContext as _Context
    from multiprocessing.context import ForkServerProcess as _Process


class WorkerProcess(_Process):
    """A process that does not load the script that it was started from, which may have no ``if __name__ == "__main__":``."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's name
        script = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            return _Process._Popen(process_obj)
        finally:
            sys.modules["__main__"] = script


class WorkerContext(_Context):
    """How the processes are started."""

    Process = WorkerProcess


def choose_context() -> BaseContext:
    """The way that processes are started here."""
    chosen = WorkerContext()
    if sys.platform != "win32":
        chosen.set_forkserver_preload(["workbook_tools.review.batches"])
    return chosen


def start_ahead() -> None:
    """Begin to load the libraries for the processes, where that is done once for all; whoever calls this goes on meanwhile."""
    choose_context()
    if sys.platform != "win32":
        forkserver.ensure_running()
