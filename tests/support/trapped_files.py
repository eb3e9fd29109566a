"""A review in which some files do harm by their names, in whatever process they are read."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from multiprocessing.context import SpawnProcess
from pathlib import Path
from unittest.mock import patch

from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.importing import Importing
from workbook_tools.review import batches
from workbook_tools.review.batches import review_each
from workbook_tools.review.budget import allow_more
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.workbooks.reading import Keys, Reading, read_submission

_HELD: list[bytearray] = []


class StillbornProcess(SpawnProcess):
    """A process that ends before it has taken any work."""

    def run(self) -> None:
        os._exit(1)


def spring(name: str) -> None:
    """Die as a process does that has no memory left, never come back, or take too much of the machine."""
    if "致命" in name:
        os._exit(9)
    if "不返回" in name:
        time.sleep(3600)
    while "空转" in name:
        pass
    if "攒着" in name:
        _HELD.append(bytearray(250_000_000))
    if "要用" in name:
        bytearray(250_000_000)
    if "巨大" in name:
        _HELD.append(bytearray(900_000_000))
        _HELD[-1][::4096] = bytes(len(_HELD[-1][::4096]))
        time.sleep(2)


def review_trapped_files(
    sources: Iterable[SourceFile], keys: Keys, importing: Importing | None = None
) -> list[list[ReviewedFile]]:
    """As :func:`review_each`."""
    return review_each(_touch(sources), keys, importing)


def _touch(sources: Iterable[SourceFile]) -> Iterator[SourceFile]:
    for source in sources:
        spring(source.name)
        yield source


def review_with_a_fault(
    sources: Iterable[SourceFile], keys: Keys, importing: Importing | None = None
) -> list[list[ReviewedFile]]:
    """As :func:`review_each`, by a program that has a fault: it stumbles over ``a.xlsx``, and ``好.xlsx``."""

    def stumble(source: SourceFile, known: Keys) -> Reading:
        if source.name in ("a.xlsx", "好.xlsx"):
            raise IndexError("a fault of the program")
        return read_submission(source, known)

    with patch.object(batches, "read_submission", stumble):
        return review_each(sources, keys, importing)


def read_trap(path: Path) -> None:
    """A reader that a file's name does harm to."""
    spring(path.name)
    if "故障" in path.name:
        raise IndexError("a fault of the program")


def double(numbers: Iterable[int | str]) -> list[int | str]:
    """Work whose items are numbers and names of traps."""
    done: list[int | str] = []
    for number in numbers:
        if isinstance(number, str):
            spring(number)
            if number == "费时":
                allow_more(5)
                started = time.process_time()
                while time.process_time() - started < 1:
                    pass
            if number == "故障":
                raise ValueError(number)
        done.append(number * 2)
    return done


def double_unbound(numbers: Iterable[int | str]) -> list[int | str]:
    """In a process to which the system grants all memory."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (resource.getrlimit(resource.RLIMIT_DATA)[1],) * 2)
    done = double(numbers)
    _HELD.clear()
    return done


def list_loaded(names: Iterable[str]) -> list[bool]:
    """Which of these modules this process has."""
    return [name in sys.modules for name in names]
