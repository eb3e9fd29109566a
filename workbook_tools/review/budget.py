"""What one file may cost while it is read: processor time and memory.

A process that works says in a small file of its own, its note, which item it has begun and since when. The parent looks at
the notes and ends a process that is over the budget; by the note it knows which item is to blame. On Linux the system
also refuses memory beyond the budget at once: between two looks a made-up file may ask for gigabytes.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar, TypeVar

import psutil

Item = TypeVar("Item")
_RECORD = struct.Struct("=idd")
"""A note: number of the current item, processor time of the process when it began with it, seconds that it may take."""
_NOTHING = -1
_ERRORS = ".err"
_MOST_SAID = 2_000
"""So many bytes of what libraries print are kept."""
_NO_MEMORY = b"memory allocation of"
"""What Rust prints before it aborts the process."""


class Excess(Enum):
    """What an item took too much of."""

    TIME = "time"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Budget:
    """What one item may take."""

    seconds: float = 10.0
    """Of processor time. A workbook takes 0.02; a file with many forms is given more, see :func:`allow_more`."""
    memory: int = 480_000_000
    """Bytes that the process may hold; it holds 80 million before it has read anything."""


# -- in the process that works ----------------------------------------------------------------------------------------


class _Note:
    """The note of this process."""

    own: ClassVar[_Note | None] = None
    """``None`` in a process that nobody watches."""

    def __init__(self, folder: Path, budget: Budget) -> None:
        self._file = (folder / str(os.getpid())).open("wb", buffering=0)
        self._budget = budget
        self._begun = self._more = self._more_of_all = 0.0
        self.begin(_NOTHING)

    def begin(self, number: int, more: float = 0.0) -> None:
        self._number, self._begun, self._more = number, time.process_time(), more
        self._write()

    def allow(self, seconds: float) -> None:
        self._more += seconds
        self._more_of_all += seconds
        self._write()

    def end_items(self, count: int) -> None:
        self.begin(count, self._more_of_all)
        self._more_of_all = 0.0

    def _write(self) -> None:
        self._file.seek(0)
        self._file.write(_RECORD.pack(self._number, self._begun, self._budget.seconds + self._more))


def bind_process(folder: Path, budget: Budget) -> None:
    """Begin the note of this process, and have the system limit its memory; what libraries print about faults is kept beside the note."""
    _Note.own = _Note(folder, budget)
    with (folder / f"{os.getpid()}{_ERRORS}").open("wb") as errors:
        os.dup2(errors.fileno(), 2)
    if sys.platform == "linux":
        import resource

        held = psutil.Process().memory_info()
        most = held.data + max(0, budget.memory - held.rss)
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def announce(items: Iterable[Item]) -> Iterator[Item]:
    """The items; each is noted as current when it is asked for. After the last, until :func:`rest`, the time counts for all of them."""
    note, number = _Note.own, -1
    for number, item in enumerate(items):
        if note:
            note.begin(number)
        yield item
    if note:
        note.end_items(number + 1)


def allow_more(seconds: float) -> None:
    """The current item may take so many seconds more, as it holds more than others."""
    if _Note.own:
        _Note.own.allow(seconds)


def rest() -> None:
    """There is no current item any more."""
    if _Note.own:
        _Note.own.begin(_NOTHING)


def end_for_memory() -> None:
    """End this process for lack of memory, as libraries written in Rust do: items before the current one may hold it."""
    if _Note.own:
        os.write(2, _NO_MEMORY)
        os._exit(1)


# -- in the process that waits for it ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Blame:
    """What is known about the end of a process."""

    number: int | None = None
    """Number of the item that was current; ``None`` if not known."""
    excess: Excess | None = None
    """Which limit of its budget it had exceeded, if any."""
    said: str = ""
    """What its libraries printed."""


class Overseer:
    """Watches the notes in a folder, and ends processes that exceed their budget."""

    def __init__(self, folder: Path, budget: Budget) -> None:
        self._folder, self._budget = folder, budget
        self._processes: dict[int, psutil.Process] = {}
        self._ended: dict[int, tuple[bytes, Excess]] = {}
        """Processes that were ended: their notes at that time, and why."""

    def look(self) -> None:
        """Look at each process once."""
        for path in self._folder.iterdir():
            if not path.suffix:
                with suppress(psutil.Error, OSError):
                    self._look_at(int(path.name))

    def _look_at(self, pid: int) -> None:
        if pid not in self._processes:
            self._processes[pid] = psutil.Process(pid)
        process = self._processes[pid]
        if pid in self._ended or self._measure(process) is None:
            return
        process.suspend()  # or it might go on to another item before it is ended
        if excess := self._measure(process):
            self._ended[pid] = (self._read_note(pid), excess)
            process.kill()
        else:
            process.resume()

    def _measure(self, process: psutil.Process) -> Excess | None:
        note = self._read_note(process.pid)
        number, begun, seconds = _RECORD.unpack(note) if len(note) == _RECORD.size else (_NOTHING, 0.0, 0.0)
        if number == _NOTHING:
            return None
        if process.memory_info().rss > self._budget.memory:
            return Excess.MEMORY
        times = process.cpu_times()
        return Excess.TIME if times.user + times.system - begun > seconds else None

    def _read_note(self, pid: int) -> bytes:
        return (self._folder / str(pid)).read_bytes()

    def find_blame(self, pid: int | None) -> Blame:
        """What ended a process; its note is removed."""
        try:
            note = self._read_note(pid or 0)
            printed = (self._folder / f"{pid}{_ERRORS}").read_bytes()
        except OSError:
            return Blame()
        then, excess = self._ended.pop(pid or 0, (b"", None))
        if then != note:  # it had come on after all
            excess = None
        if excess is None and _NO_MEMORY in printed:
            excess = Excess.MEMORY
        for path in self._folder.glob(f"{pid}*"):
            with suppress(OSError):
                path.unlink()
        self._processes.pop(pid or 0, None)
        number = _RECORD.unpack(note)[0] if len(note) == _RECORD.size else _NOTHING
        return Blame(
            None if number == _NOTHING else number, excess, printed[-_MOST_SAID:].decode(errors="replace").strip()
        )
