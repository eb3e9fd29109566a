"""What temporary files and databases have in common: why they cannot grow, and texts that SQLite would not take."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from workbook_tools.core.errors import OutputError, os_reason


@contextmanager
def explain_full_disk(fault: str = "临时文件读写出错") -> Iterator[None]:
    """Raises OutputError that says ``fault`` and why, where a temporary database or file cannot be read or grow."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as exc:
        why = os_reason(exc) if isinstance(exc, OSError) else exc
        raise OutputError(f"{fault}（{why}）。请看看系统的临时文件夹所在的盘是否已满，清理后再试。") from None


def open_temporary_database(tables: str) -> sqlite3.Connection:
    """A SQLite file without a name, with these tables, which goes with its connection; a small one stays in memory. Raises OutputError where the disk is full."""
    with explain_full_disk():
        database = sqlite3.connect("", check_same_thread=False)
        database.executescript(tables)
    return database


def spell_text(text: str) -> bytes:
    """A damaged name may hold half a character, which SQLite takes for no text."""
    return text.encode("utf-8", "surrogatepass")


def read_text(data: bytes) -> str:
    """What :func:`spell_text` has spelled."""
    return data.decode("utf-8", "surrogatepass")
