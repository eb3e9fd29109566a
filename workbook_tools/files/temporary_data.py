"""What temporary files and databases share: explaining a full disk, and spelling texts that SQLite would refuse."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook_tools.core.errors import OutputError, tell_os_error
from workbook_tools.files.full_disks import find_full_disk


@contextmanager
def explain_full_disk(fault: str = "临时文件读写出错") -> Iterator[None]:
    """Turns a temporary file or database that cannot be read or written into an OutputError that begins with ``fault``."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as exc:
        folder = tempfile.gettempdir()
        known = exc if isinstance(exc, OSError) else find_full_disk(exc, Path(folder))
        if known:
            raise OutputError(f"{fault}，系统的临时文件夹{tell_os_error(known, folder)}") from None
        raise OutputError(f"{fault}（{exc}）。请看看系统的临时文件夹“{folder}”所在的盘，清理后再试。") from None


def open_temporary_database(tables: str) -> sqlite3.Connection:
    """An unnamed SQLite file with these tables, removed when its connection is closed; a small one stays in memory. Raises OutputError if the disk is full."""
    with explain_full_disk():
        database = sqlite3.connect("", check_same_thread=False)
        database.executescript(tables)
    return database


def spell_text(text: str) -> bytes:
    """A text as bytes: a damaged file name may hold a lone surrogate, which SQLite refuses."""
    return text.encode("utf-8", "surrogatepass")


def read_text(data: bytes) -> str:
    """What :func:`spell_text` has spelled."""
    return data.decode("utf-8", "surrogatepass")
