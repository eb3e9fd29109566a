"""What was read from the files of a working folder, kept for as long as they stay as they are."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Keeps the last thing that was made from files; what somebody saves in Excel meanwhile is noticed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[Hashable, T] | None = None

    def find(self, stamp: Hashable, make: Callable[[], T]) -> T:
        """What was made when the files had this ``stamp``; made anew where they had another."""
        with self._lock:
            if self._kept is None or self._kept[0] != stamp:
                self._kept = None
                self._kept = stamp, make()
            return self._kept[1]

    def forget(self) -> None:
        """What was kept is out of date, whatever the files' times say."""
        with self._lock:
            self._kept = None


class Same:
    """A stamp: the very object that something was made from. It is held, so that no other takes its place."""

    def __init__(self, what: object) -> None:
        self._what = what

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self._what is other._what

    def __hash__(self) -> int:
        return id(self._what)


def stamp_files(paths: Iterable[Path]) -> tuple[tuple[int, int], ...]:
    """What tells whether one of these files was changed; those that are not there have a stamp too."""
    stamps = []
    for path in paths:
        try:
            found = path.stat()
            stamps.append((found.st_mtime_ns, found.st_size))
        except OSError:
            stamps.append((0, 0))
    return tuple(stamps)


def stamp_folder(folder: Path) -> int:
    """The same for all that lies in a folder, at any depth."""
    found: list[tuple[str, int, int]] = []
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                state = os.stat(os.path.join(parent, name))  # noqa: PTH116, PTH118 - thousands of them
                found.append((os.path.join(parent, name), state.st_mtime_ns, state.st_size))  # noqa: PTH118
    return hash(tuple(sorted(found)))
