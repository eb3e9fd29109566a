"""A full disk as databases meet it: SQLite says now that it is full, now that something could not be read, written or opened."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

_LITTLE = 64 * 1024
"""Bytes: a page, a journal and its index may not find room where fewer are left."""


def find_full_disk(fault: Exception, place: Path) -> OSError | None:
    """The system's word for it, if a fault of a database that lies at ``place`` (or in that folder) comes from a full disk."""
    words = str(fault)
    if "disk is full" in words or (("disk I/O" in words or "unable to open" in words) and _is_full(place)):
        return OSError(errno.ENOSPC, words)
    return None


def _is_full(place: Path) -> bool:
    folder = next((one for one in (place, *place.parents) if one.is_dir()), Path())
    try:
        return shutil.disk_usage(folder).free < _LITTLE
    except OSError:
        return False
