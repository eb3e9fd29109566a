"""The disk as a process uses it: every call into a folder is told beforehand, and may then fail, or be the last one.

Only for a process that ends soon (a forked child): what is put in the way of the system's calls stays there. SQLite's own
calls to the disk are not seen; its connections are, statement by statement.
"""

from __future__ import annotations

import builtins
import io
import os
import shutil
import sqlite3
import sqlite3.dbapi2
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakSet

CHANGING = frozenset({"create", "write", "sync", "rename", "link", "mkdir", "sql"})
"""Calls that a full disk refuses. Removing something it allows."""


@dataclass(frozen=True)
class Call:
    """One call into the folder."""

    kind: str
    """open, create, list, read, write, sync, rename, link, unlink, mkdir, rmdir, chmod; sql, also of a server."""
    path: str
    target: str = ""
    """Of a rename or a link: the new name. Of sql: the statement."""
    data: bytes = b""
    """What is written, and where."""
    at: int = 0
    failed: type[Exception] = OSError
    """What it raises where it fails."""


Watcher = Callable[[Call], object]


def watch_disk(folder: Path, before: Watcher, after: Watcher = lambda call: None) -> WatchedDisk:
    """From now on ``before`` hears of every call into the folder, and ``after`` that it was done. What ``before`` raises the caller gets."""
    disk = WatchedDisk(os.fspath(folder), before, after)
    disk.put_in_the_way()
    return disk


class WatchedDisk:
    """What stands between this process and the disk."""

    def __init__(self, root: str, before: Watcher, after: Watcher) -> None:
        self.root, self.before, self.after = root, before, after
        self.files: WeakSet[io.FileIO] = WeakSet()
        """Those that are open."""
        self.connections: WeakSet[sqlite3.Connection] = WeakSet()
        """Likewise."""

    def find(self, place: Any) -> str:
        """The path of a file name or handle in the folder; empty for any other."""
        if isinstance(place, int):
            path = str(Path(f"/proc/self/fd/{place}").readlink()).removesuffix(" (deleted)")
        else:
            path = os.path.abspath(os.fsdecode(place))  # noqa: PTH100 - nothing may be resolved
        return path if path == self.root or path.startswith(f"{self.root}/") else ""

    def put_in_the_way(self) -> None:
        for kind, names in {
            "unlink": ("unlink", "remove"),
            "mkdir": ("mkdir",),
            "rmdir": ("rmdir",),
            "chmod": ("chmod",),
            "rename": ("rename", "replace"),
            "link": ("link",),
            "list": ("listdir", "scandir"),
            "sync": ("fsync",),
        }.items():
            for name in names:
                setattr(os, name, self.wrap(kind, getattr(os, name)))
        os.open = self.wrap_open(os.open)
        io.open = builtins.open = self.open_file
        shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined]  # it would copy past us
        sqlite3.dbapi2.connect = sqlite3.connect = self.wrap_connect(sqlite3.connect)  # type: ignore[assignment]

    def wrap(self, kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(place: Any = ".", *rest: Any, **options: Any) -> Any:
            path = self.find(place)
            if not path:
                return real(place, *rest, **options)
            target = self.find(rest[0]) if kind in ("rename", "link") else ""
            call = Call(kind, path, target)
            self.before(call)
            done = real(place, *rest, **options)
            self.after(call)
            return done

        return called

    def wrap_open(self, real: Callable[..., int]) -> Callable[..., int]:
        def called(place: Any, flags: int, *rest: Any, **options: Any) -> int:
            path = self.find(place)
            if (
                not path or flags & os.O_TMPFILE == os.O_TMPFILE
            ):  # a file that never has a name: the path is its folder's
                return real(place, flags, *rest, **options)
            call = Call("create" if flags & (os.O_WRONLY | os.O_RDWR) else "open", path)
            self.before(call)
            handle = real(place, flags, *rest, **options)
            self.after(call)
            return handle

        return called

    def open_file(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        """``open``, with files of ours that tell of each reading and writing."""
        path = "" if isinstance(file, int) else self.find(file)
        if not path or opener is not None:  # the opener's call is heard; a temporary file comes with its folder here
            return io_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        call = Call("create" if set(mode) & set("wax+") else "open", path)
        self.before(call)
        raw = _File(self, path, file, mode.replace("b", "").replace("t", ""), opener)
        self.after(call)
        if buffering == 0:
            return raw
        buffer = (io.BufferedRandom if "+" in mode else io.BufferedReader if "r" in mode else io.BufferedWriter)(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)

    def wrap_connect(self, real: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
        disk = self

        class Cursor(sqlite3.Cursor):
            def execute(self, statement: str, *rest: Any) -> Any:
                return disk.run_sql(statement, super().execute, statement, *rest)

            def executemany(self, statement: str, *rest: Any) -> Any:
                return disk.run_sql(statement, super().executemany, statement, *rest)

        class Connection(sqlite3.Connection):
            def close(self) -> None:
                disk.connections.discard(self)
                super().close()

            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def execute(self, statement: str, *rest: Any) -> Any:
                return disk.run_sql(statement, super().execute, statement, *rest)

            def commit(self) -> None:
                disk.run_sql("COMMIT", super().commit)

        def connect(*args: Any, **options: Any) -> sqlite3.Connection:
            made: sqlite3.Connection = disk.run_sql("connect", real, *args, **{"factory": Connection, **options})
            disk.connections.add(made)
            return made

        return connect

    def run_sql(self, statement: str, work: Callable[..., Any], *args: Any, **options: Any) -> Any:
        call = Call("sql", self.root, " ".join(statement.split()), failed=sqlite3.OperationalError)
        self.before(call)
        done = work(*args, **options)
        self.after(call)
        return done


io_open = io.open


class _File(io.FileIO):
    """A file that tells of the first reading, and of each writing; one that fails has written half."""

    def __init__(self, disk: WatchedDisk, path: str, file: Any, mode: str, opener: Any) -> None:
        self._disk, self._path, self._read = disk, path, False
        super().__init__(file, mode, opener=opener)
        disk.files.add(self)

    def close(self) -> None:
        self._disk.files.discard(self)
        super().close()

    def _begin_reading(self) -> None:
        if not self._read:
            self._read = True
            self._disk.before(Call("read", self._path))

    def readinto(self, buffer: Any) -> Any:
        self._begin_reading()
        return super().readinto(buffer)

    def readall(self) -> Any:
        self._begin_reading()
        return super().readall()

    def read(self, size: int | None = -1) -> Any:
        self._begin_reading()
        return super().read(-1 if size is None else size)

    def write(self, data: Any) -> int:
        call = Call("write", self._path, data=bytes(data), at=self.tell())
        try:
            self._disk.before(call)
        except OSError:
            super().write(call.data[: len(call.data) // 2])
            raise
        written = super().write(data)
        self._disk.after(call)
        return written
