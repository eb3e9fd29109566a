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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX, _ENDING = ".wbt-", ".tmp"
"""Of the names of our temporary files. What begins with a dot is no submission, and nothing packs it."""
_FOLDER_PREFIX = "wbt-"
"""Of our folders among the system's temporary ones."""
_HOST = hashlib.sha256(platform.node().encode()).hexdigest()[:6]
"""Another computer that works in the same shared folder has process numbers of its own."""
_STALE, _STALE_FOLDER = 600, 24 * 60 * 60
"""Seconds after which a temporary file is a left-over, whosever it is (writing one takes a moment), and a folder."""


def temporary_name(path: Path) -> Path:
    """Where a file is written before it is renamed: beside its place, under a name of its own."""
    return path.with_name(f"{_PREFIX}{_name_run()}-{secrets.token_hex(6)}{_ENDING}")


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder among the system's temporary ones, for the length of a ``with`` block."""
    return tempfile.TemporaryDirectory(prefix=f"{_FOLDER_PREFIX}{_name_run()}-", ignore_cleanup_errors=True)


@contextmanager
def gather_temporary_files() -> Iterator[None]:
    """What libraries write in this block among the system's temporary files lies in a folder of the run, and goes with it."""
    before = tempfile.tempdir
    with temporary_folder() as tempfile.tempdir:
        try:
            yield
        finally:
            tempfile.tempdir = before


def remove_leftovers(folder: Path) -> None:
    """Remove from a folder, and what is below it, the temporary files of runs that ended without removing them."""
    for parent, _, names in os.walk(folder):
        for name in filter(_is_ours, names):
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
            if _is_dead(path, path.name.removeprefix(_FOLDER_PREFIX), _STALE_FOLDER):
                shutil.rmtree(path, ignore_errors=True)


def _is_ours(name: str) -> bool:
    return name.startswith(_PREFIX) and name.endswith(_ENDING)


def _remove_file(path: Path) -> None:
    with suppress(OSError):
        if _is_dead(path, path.name.removeprefix(_PREFIX), _STALE):
            path.unlink()


def _is_dead(path: Path, run: str, stale: int) -> bool:
    number = run.removeprefix(f"{_HOST}-").partition("-")[0]
    if os.name != "nt" and run.startswith(f"{_HOST}-") and number.isdecimal() and not _is_running(int(number)):
        return True
    return time.time() - path.stat().st_mtime > stale


def _name_run() -> str:
    return f"{_HOST}-{os.getpid()}"


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)  # asks only; on Windows it would end the process
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
