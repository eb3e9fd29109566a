"""A result is read by a process of its own, which lays its parts down in a temporary folder.

The command that asked for it loads meanwhile what it needs, and holds nothing of the result: its other processes are light copies of
it, and each reads the part that it works on. What is laid down is this program's own, and is read again by none but its processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import HeldParts, PartSize, ResultParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.results.department_books import is_divided
from workbook_tools.review.processes import WorkerProcess, choose_context

if TYPE_CHECKING:
    from workbook_tools.results.folder import StoredResult

_LARGE = 3_000_000
"""Bytes of an 审核结果.json, of some hundred projects; a smaller one is read sooner than a process is started."""
_HEAD, _REST, _WHOLE = "head", "rest", "whole"

Read = Callable[[], "StoredResult"]
"""Loads what reads results: where another process calls it, it does so beside the command."""


@dataclass(frozen=True)
class LaidParts:
    """The parts of a result as they were laid down; pickled it is a path."""

    folder: Path

    def __reduce__(self) -> tuple[type[LaidParts], tuple[Path]]:
        return type(self), (self.folder,)

    @property
    def head(self) -> ReviewResult:
        """What is said once of all."""
        return self._index[0]

    @property
    def sizes(self) -> dict[str, PartSize]:
        """The departments, and how much each has."""
        return self._index[1]

    def read(self, department: str) -> ReviewResult:
        """That department's part."""
        part: ReviewResult = self._load(str([*self.sizes].index(department)))
        return part

    def read_rest(self) -> ReviewResult:
        """What belongs to none."""
        rest: ReviewResult = self._load(_REST)
        return rest

    def read_whole(self) -> ReviewResult:
        """All of it, in the order in which it was written."""
        whole: ReviewResult = self._load(_WHOLE)
        return whole

    @cached_property
    def _index(self) -> tuple[ReviewResult, dict[str, PartSize]]:
        index: tuple[ReviewResult, dict[str, PartSize]] = self._load(_HEAD)
        return index

    def _load(self, name: str) -> Any:
        return ForkingPickler.loads((self.folder / name).read_bytes())


def lay_down(parts: HeldParts, folder: Path) -> LaidParts:
    """Lay the parts down in a folder. Raises OSError."""
    pieces: dict[str, object] = {_HEAD: (parts.head, parts.sizes), _REST: parts.read_rest(), _WHOLE: parts.result}
    for number, department in enumerate(parts.sizes):
        pieces[str(number)] = parts.read(department)
    for name, piece in pieces.items():
        (folder / name).write_bytes(ForkingPickler.dumps(piece))
    return LaidParts(folder)


@contextmanager
def read_ahead(read: Read, data: Path, workers: int) -> Iterator[Callable[[], tuple[ResultParts, tuple[Finding, ...]]]]:
    """Begin to ``read`` the result in 审核结果.json; asked for, its parts and what is wrong with it, till the block is left.

    Where there is one process only, or little to read (a small result, or one whose departments lie beside it each by itself), it is read here
    once it is asked for, and so it is where the other process comes to grief: what is wrong is then raised here.
    """

    def read_here() -> tuple[ResultParts, tuple[Finding, ...]]:
        stored = read()
        return stored.parts, stored.problems

    if (workers or os.cpu_count() or 1) == 1 or not data.is_file() or data.stat().st_size < _LARGE or is_divided(data):
        yield read_here
        return
    with temporary_folder() as folder:
        ours, theirs = choose_context().Pipe(duplex=False)
        process = WorkerProcess(target=_read_there, args=(read, Path(folder), theirs), daemon=True)
        try:
            process.start()
        except OSError:
            yield read_here
            return
        theirs.close()

        def take() -> tuple[ResultParts, tuple[Finding, ...]]:
            with suppress(EOFError, OSError):
                told: tuple[ResultParts, tuple[Finding, ...]] = ours.recv()
                process.join()
                return told
            return read_here()

        try:
            yield take
        finally:
            ours.close()
            process.terminate()
            process.join()


def _read_there(read: Read, folder: Path, connection: Connection) -> None:
    """In the other process; if it fails it says nothing."""
    with suppress(Exception):
        stored = read()
        parts = stored.parts
        connection.send((lay_down(parts, folder) if isinstance(parts, HeldParts) else parts, stored.problems))
    connection.close()
