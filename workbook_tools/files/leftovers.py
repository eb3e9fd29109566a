"""Temporary files and folders of a run, by whose names a later run knows that they are the left-overs of a dead one."""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import secrets
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_PREFIX, _ENDING = ".wbt-", ".tmp"
"""Of the names of our temporary files. What begins with a dot is no submission, and nothing packs it."""
_FOLDER_PREFIX = "wbt-"
"""Of our folders among the system's temporary ones."""
_HOST = hashlib.sha256(platform.node().encode()).hexdigest()[:6]
"""Another computer that works in the same shared folder has process numbers of its own."""
_STALE = 600
"""Seconds after which a temporary file of another computer is a left-over: writing one takes a moment."""


def temporary_name(path: Path) -> Path:
    """Where a file is written before it is renamed: beside its place, under a name of its own."""
    return path.with_name(f"{_PREFIX}{_name_run()}-{secrets.token_hex(6)}{_ENDING}")


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder among the system's temporary ones, for the length of a ``with`` block."""
    return tempfile.TemporaryDirectory(prefix=f"{_FOLDER_PREFIX}{_name_run()}-", ignore_cleanup_errors=True)


def remove_leftovers(folder: Path) -> None:
    """Remove from a folder, and what is below it, the temporary files of runs that ended without removing them."""
    for parent, _, names in os.walk(folder):
        for name in names:
            _remove_file(Path(parent, name))


@functools.cache
def remove_leftovers_here(folder: Path) -> None:
    """The same for a folder alone, at the first call of a run."""
    for path in folder.glob(f"{_PREFIX}*{_ENDING}"):
        _remove_file(path)


def remove_temporary_folders() -> None:
    """Remove the folders that dead runs on this computer left among the system's temporary ones."""
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}{_HOST}-*"):
            if not _is_running(_read_process(path.name.removeprefix(_FOLDER_PREFIX))):
                shutil.rmtree(path, ignore_errors=True)


def _remove_file(path: Path) -> None:
    if path.name.startswith(_PREFIX) and path.name.endswith(_ENDING):
        with suppress(OSError):
            if _is_dead(path):
                path.unlink()


def _is_dead(path: Path) -> bool:
    run = path.name.removeprefix(_PREFIX)
    if run.startswith(f"{_HOST}-"):
        return not _is_running(_read_process(run))
    return time.time() - path.stat().st_mtime > _STALE


def _name_run() -> str:
    return f"{_HOST}-{os.getpid()}"


def _read_process(run: str) -> int:
    """Its number; 0 where the name was not given by us."""
    number = run.split("-")[1]
    return int(number) if number.isdecimal() else 0


def _is_running(process: int) -> bool:
    if os.name == "nt":  # where to ask as below would end the process
        import psutil

        return bool(psutil.pid_exists(process))
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
