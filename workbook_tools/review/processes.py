"""How the processes are started that read files; light, so that a command can begin with it before it loads anything."""

from __future__ import annotations

import sys
import threading
import types
import warnings
from multiprocessing.context import BaseContext
from typing import Any

if sys.platform == "win32":
    from multiprocessing.context import SpawnContext as _Context
    from multiprocessing.context import SpawnProcess as _Process
else:  # a server that has the libraries loaded, and nothing else: what is forked from it inherits no threads or locks
    from multiprocessing import forkserver
    from multiprocessing.context import ForkServerContext as _Context
    from multiprocessing.context import ForkServerProcess as _Process


_LIGHT = 140_000_000
"""Bytes that a process may hold whose copy reads files: they are taken from what a file may take, and stand beside what the copy keeps of its own."""


class WorkerProcess(_Process):
    """A process that does not load the script that it was started from, which may have no ``if __name__ == "__main__":``."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's name
        if sys.platform == "linux" and _is_light():
            from multiprocessing.context import ForkProcess

            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # over threads of numpy, which expects forks
                return ForkProcess._Popen(process_obj)
        script = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            return _Process._Popen(process_obj)
        finally:
            sys.modules["__main__"] = script


def _is_light() -> bool:
    """This process can be copied as it is, with the libraries that it has loaded: it has no threads, and holds little."""
    import psutil

    return threading.active_count() == 1 and psutil.Process().memory_info().rss < _LIGHT


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
    """Begin to load the libraries for the processes, where that is done beside this one; whoever calls this goes on meanwhile.

    On Linux they are copies of this one; on Windows each loads them when it is started.
    """
    choose_context()
    if sys.platform == "darwin":
        forkserver.ensure_running()
