"""How processes that read files are started. It imports little, so that a command can start them before it loads anything else."""

from __future__ import annotations

import sys
import threading
import types
import warnings
from collections.abc import Sequence
from multiprocessing.context import BaseContext
from typing import Any

if sys.platform == "win32":
    from multiprocessing.context import SpawnContext as _Context
    from multiprocessing.context import SpawnProcess as _Process
else:  # a server that has the libraries loaded, and nothing else: what is forked from it inherits no threads or locks
    from multiprocessing import forkserver
    from multiprocessing.context import ForkServerContext as _Context
    from multiprocessing.context import ForkServerProcess as _Process


_READERS = ("workbook_tools.review.batches",)
_LIGHT = 140_000_000
"""A process is forked for reading files only if it holds at most so many bytes: the fork shares them, and they count against a file's budget."""


class WorkerProcess(_Process):
    """A process that does not import the script that started it, which may lack ``if __name__ == "__main__":``."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's name
        if sys.platform == "linux" and _is_light():
            from multiprocessing.context import ForkProcess

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # about threads of numpy, which survives forks
                return ForkProcess._Popen(process_obj)
        script = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            return _Process._Popen(process_obj)
        finally:
            sys.modules["__main__"] = script


def _is_light() -> bool:
    """This process can be forked with the libraries that it has loaded: it has no threads, and holds little memory."""
    import psutil

    return threading.active_count() == 1 and psutil.Process().memory_info().rss < _LIGHT


class WorkerContext(_Context):
    """How the processes are started."""

    Process = WorkerProcess


def choose_context(modules: Sequence[str] = ()) -> BaseContext:
    """The way that processes are started here. Those that are not forked from this one are forked from a server that has these modules, or
    those that read files; it keeps to those that it began with."""
    chosen = WorkerContext()
    if sys.platform != "win32":
        chosen.set_forkserver_preload([*(modules or _READERS)])
    return chosen


def start_ahead() -> None:
    """Start the fork server where processes come from one (macOS): it loads the libraries while the caller goes on.

    On Linux processes are mostly forks of this one; on Windows each loads the libraries itself.
    """
    choose_context()
    if sys.platform == "darwin":
        forkserver.ensure_running()
