"""A ledger that is a file: how it is opened, and what SQLite keeps beside it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

BUSY_WAIT: float = 30
"""Seconds to wait for another command that is writing; on a server too."""


def connect_file(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there; SQLite itself would make an empty one where it is not. Raises sqlite3.Error."""
    place = quote(os.fsencode(path.absolute().as_posix()), safe="/:")
    drive = "" if place.startswith("/") else "/"
    # In a folder in which nothing can be written SQLite has no place for what it keeps beside a file that is in WAL mode.
    access = "mode=rw" if os.access(path.parent, os.W_OK) else "mode=ro&immutable=1"
    return sqlite3.connect(f"file://{drive}{place}?{access}", uri=True, timeout=BUSY_WAIT)


def list_side_files(path: Path) -> list[Path]:
    """What SQLite has beside a file while it is at work, and leaves there where that is broken off."""
    return [path.with_name(path.name + ending) for ending in ("-journal", "-wal", "-shm")]
