"""A ledger that is a file: how it is opened, and what SQLite keeps beside it.

In a folder in which nothing can be written SQLite has no place for what it keeps beside a file that is in WAL mode. There the file is
read as it is; what would have to be mended first (a log of a program that was killed, tables of an older program) is mended in a copy
among the temporary files, which this run reads in its place.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from urllib.parse import quote

from workbook_tools.files.drives import can_write_in
from workbook_tools.files.leftovers import temporary_folder

BUSY_WAIT: float = 30
"""Seconds to wait for another command that is writing; on a server too."""


@dataclass(frozen=True, slots=True)
class _StandIn:
    """A mended copy of a ledger that lies where nothing can be written."""

    stamp: tuple[tuple[int, int], ...]
    """Of what it was made from."""
    path: Path
    folder: TemporaryDirectory[str]
    """Goes with the run."""


_stand_ins: dict[Path, _StandIn] = {}
_one_at_a_time = RLock()


def connect_file(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there; SQLite itself would make an empty one where it is not. Raises sqlite3.Error, OSError."""
    if can_write_in(path.parent):
        return _connect(path, "mode=rw")
    return _connect(_find_whole(path), "mode=ro&immutable=1")


def mend_copy(path: Path, mend: Callable[[Path], None]) -> None:
    """Let ``mend`` bring up to date a copy of a ledger that lies where nothing can be written; from now on this run reads the copy."""
    with _one_at_a_time:
        known = _stand_ins.get(path)
        made = known if known and known.stamp == _read_stamp(path) else _copy(path)
        mend(made.path)
        _stand_ins[path] = made


def list_side_files(path: Path) -> list[Path]:
    """What SQLite has beside a file while it is at work, and leaves there where that is broken off."""
    return [path.with_name(path.name + ending) for ending in ("-journal", "-wal", "-shm")]


def _connect(path: Path, access: str) -> sqlite3.Connection:
    place = quote(os.fsencode(path.absolute().as_posix()), safe="/:")
    drive = "" if place.startswith("/") else "/"
    return sqlite3.connect(f"file://{drive}{place}?{access}", uri=True, timeout=BUSY_WAIT)


def _find_whole(path: Path) -> Path:
    """The file that says all: itself, or the copy into which was taken what lies in a log beside it."""
    with _one_at_a_time:
        stamp, known = _read_stamp(path), _stand_ins.get(path)
        if known is None or known.stamp != stamp:
            if not any(size for _, size in stamp[1:]):
                return path
            known = _stand_ins[path] = _copy(path)
        return known.path


def _copy(path: Path) -> _StandIn:
    """A copy that is alone. Raises OSError where there is no room for it, sqlite3.Error where it is damaged."""
    stamp, folder = _read_stamp(path), temporary_folder()
    copy = Path(folder.name) / path.name
    for source in (path, *_list_logs(path)):
        if source.exists():
            shutil.copyfile(source, copy.with_name(source.name))
    with closing(_connect(copy, "mode=rw")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return _StandIn(stamp, copy, folder)


def _list_logs(path: Path) -> list[Path]:
    """Of the side files those that say something; ``-shm`` is made anew from them."""
    return list_side_files(path)[:2]


def _read_stamp(path: Path) -> tuple[tuple[int, int], ...]:
    """Times and sizes of the file and its logs; zeros for what is not there."""
    found = []
    for one in (path, *_list_logs(path)):
        try:
            facts = one.stat()
        except FileNotFoundError:
            found.append((0, 0))
        else:
            found.append((facts.st_mtime_ns, facts.st_size))
    return tuple(found)
