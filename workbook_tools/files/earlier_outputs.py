"""Outputs of earlier runs: which still stand as written, and what each was made from, so that they need not be drawn again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.faces import AnyPath
from workbook_tools.files.atomic import Content
from workbook_tools.files.file_digests import digest_file, has_digest
from workbook_tools.files.handed_over import WaitingContent, set_down
from workbook_tools.files.known_batches import KnownBatch, KnownBatches, KnownOutput, describe_places
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.memory import give_back_memory
from workbook_tools.files.paths import replace_result
from workbook_tools.files.program import digest_program
from workbook_tools.files.sealed_store import KeptStore
from workbook_tools.files.side_by_side import write_side_by_side

_MANY = 50
"""So many notes are stored at a time, as each time waits for the disk."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written."""

    path: Path
    facts: object
    """All that its content depends on, except the program itself; as :func:`digest_facts` takes them."""
    draw: Callable[[], Content]
    """Makes its content, whole or piece by piece."""


@dataclass(frozen=True, slots=True)
class OutputBatch:
    """Files that are made from the same part of a result."""

    outputs: Iterable[Output]
    said: Any = None
    """What else the caller wants to know of the part: small, plain data."""
    looked_for: Iterable[AnyPath] = ()
    """Files and folders whose existence matters to the outputs."""


@dataclass(frozen=True, slots=True)
class DrawnOutput:
    """A file that was drawn, or left."""

    path: Path
    made_from: str
    data: bytes | WaitingContent | None
    """Its content; ``None`` if the file stands there already."""
    digest: str = ""
    """SHA-256 of the content."""


@dataclass(frozen=True, slots=True)
class DrawnBatch:
    """A batch that was drawn."""

    outputs: list[DrawnOutput]
    said: Any
    looked_for: Mapping[str, str] = field(default_factory=dict)
    """What was found at the places of ``OutputBatch.looked_for``."""
    place: int = 0
    """Its number among the batches."""


@runtime_checkable
class WeighedBatch(Protocol):
    """A batch whose amount of work is known beforehand."""

    @property
    def weight(self) -> float:
        """The work, in projects whose outputs are drawn."""


def weigh_batch(batch: object) -> float:
    """Its weight; infinite where that is not known."""
    return batch.weight if isinstance(batch, WeighedBatch) else inf


READ_WEIGHT = 0.1
"""The weight of a project that is only read and added up."""

ListBatch = Callable[[], OutputBatch]
"""Lists a batch in the process that draws it. It is sent there, so it has to be small."""
DrawBatch = Callable[[ListBatch], DrawnBatch]
DrawBatches = Callable[[DrawBatch, Iterable[ListBatch]], Iterable[DrawnBatch]]
"""Draws batches and yields them in the order in which they are finished."""


def draw_here(draw: DrawBatch, batches: Iterable[ListBatch]) -> Iterable[DrawnBatch]:
    """One after another, in this process."""
    return map(draw, batches)


def ask_batch(list_batch: ListBatch) -> DrawnBatch:
    """For :data:`DrawBatches` where nothing is drawn and only what batches say is wanted."""
    return DrawnBatch([], list_batch().said)


class EarlierOutputs:
    """Which outputs stand as they were written, and what they were made from: those need not be drawn again.

    Content counts, not the time of a file: one that somebody has changed or removed since does not stand.
    """

    def __init__(
        self,
        store: KeptStore | None = None,
        root: Path = Path(),
        *,
        fresh: bool = False,
        batches: KnownBatches | None = None,
    ) -> None:
        """Without a ``store`` nothing is known of any output; if all is to be drawn ``fresh``, what is known is ignored. Names of
        outputs are relative to ``root``; ``batches`` are the results of batches that are known."""
        self._store, self._root, self._fresh = store, root, fresh
        self._batches = batches
        self._noted: dict[str, bytes] = {}
        self.left = 0
        """How many outputs were left as they stand."""

    def write_batches(
        self,
        batches: Iterable[ListBatch],
        draw_all: DrawBatches = draw_here,
        replace: Callable[[Path, Content], object] = replace_result,
    ) -> Iterator[DrawnBatch]:
        """Write the outputs of each batch by ``replace``, except files that were made from the same facts; yields each batch once it is written.

        ``draw_all`` may draw them in other processes, which also find out what stands; only this process writes files. A batch whose result is
        known, with all its files in place, is not even listed.
        """

        def write(new: tuple[DrawnOutput, Content]) -> DrawnOutput:
            output, data = new
            replace(output.path, data)
            return output

        others: list[tuple[ListBatch, str]] = []
        for batch in batches:
            name = self._batches.name(batch) if self._batches else ""
            if known := self._find_batch(batch, name):
                self.left += len(known.outputs)
                yield known
            else:
                others.append((batch, name))
        orders = [_Placed(place, batch) for place, (batch, _) in enumerate(others)]
        if not orders:
            return
        with temporary_folder() as folder:
            for drawn in draw_all(partial(self._draw, folder), orders):
                changed = [(output, output.data) for output in drawn.outputs if output.data is not None]
                self.left += len(drawn.outputs) - len(changed)
                for output in write_side_by_side(write, changed):
                    self.note(output.path, output.made_from, output.digest)
                yield self._keep_batch(*others[drawn.place], drawn)

    def _find_batch(self, batch: ListBatch, name: str) -> DrawnBatch | None:
        """The known result of a batch all of whose files stand as written."""
        known = self._batches.find(batch, name) if self._batches else None
        if known is None:
            return None
        outputs = [DrawnOutput(self._root / one.place, one.made_from, None, one.digest) for one in known.outputs]
        return DrawnBatch(outputs, known.said) if all(has_digest(one.path, one.digest) for one in outputs) else None

    def _keep_batch(self, batch: ListBatch, name: str, drawn: DrawnBatch) -> DrawnBatch:
        if not self._batches or not name:
            return drawn
        outputs = [KnownOutput(self._name(one.path), one.made_from, one.digest) for one in drawn.outputs]
        return replace(drawn, said=self._batches.keep(batch, name, KnownBatch(outputs, drawn.looked_for, drawn.said)))

    def _draw(self, folder: str, list_batch: ListBatch) -> DrawnBatch:
        """Draw a batch, in any process; large content waits in ``folder``."""
        batch, drawn = list_batch(), []
        looked_for = describe_places(batch.looked_for)
        for output in batch.outputs:
            made_from = digest_facts(output.facts)
            if digest := self.find_standing(output.path, made_from):
                drawn.append(DrawnOutput(output.path, made_from, None, digest))
                continue
            data, digest = set_down(output.draw(), folder)
            drawn.append(DrawnOutput(output.path, made_from, data, digest))
            if isinstance(data, WaitingContent):
                give_back_memory()  # before the next one takes as much
        return DrawnBatch(drawn, batch.said, looked_for, list_batch.place if isinstance(list_batch, _Placed) else 0)

    def __getstate__(self) -> dict[str, object]:
        """In another process it only answers; notes are made here."""
        return {**self.__dict__, "_noted": {}, "_batches": None}

    def stands(self, path: Path, made_from: str, digest: str = "") -> bool:
        """The file stands as written, made from ``made_from`` by this program; ``digest`` is the file's, if the caller knows it."""
        return bool(self.find_standing(path, made_from, digest))

    def knows(self, batch: ListBatch) -> bool:
        """The result of a batch is known, and all its files stand as written."""
        return self._batches is not None and self._find_batch(batch, self._batches.name(batch)) is not None

    def is_as_written(self, path: Path) -> bool:
        """The file stands as written last, whatever it was made from: nobody has saved it since."""
        kept = self._store.get(self._name(path)) if self._store else None
        return kept is not None and has_digest(path, kept.decode().rpartition(" ")[2])

    def find_standing(self, path: Path, made_from: str, digest: str = "") -> str:
        """The digest (SHA-256) of the file that :meth:`stands`; blank where none does."""
        kept = self._store.get(self._name(path)) if self._store and not self._fresh else None
        if kept is not None:
            with suppress(OSError):
                digest = digest or digest_file(path)
                return digest if kept == _describe(made_from, digest) else ""
        return ""

    def note(self, path: Path, made_from: str, digest: str) -> None:
        """A file with this SHA-256, made from ``made_from``, was written to ``path``. What a broken-off run failed to note is drawn again."""
        self._noted[self._name(path)] = _describe(made_from, digest)
        if len(self._noted) >= _MANY:
            self._keep()

    def note_as_it_lies(self, path: Path, made_from: str) -> None:
        """The same for a file that was written by something else."""
        if self._store:
            with suppress(OSError):
                self.note(path, made_from, digest_file(path))

    def close(self) -> None:
        """Store the notes, and drop those of outputs that are gone."""
        self._keep()
        if self._batches:
            self._batches.close()
        if self._store:
            root = str(self._root)
            gone = (name for name in self._store.names() if not os.path.isfile(os.path.join(root, name)))  # noqa: PTH113, PTH118 - thousands of them
            self._store.drop([*gone])

    def _keep(self) -> None:
        if self._store and self._noted:
            self._store.put(self._noted)
        self._noted = {}

    def _name(self, path: Path) -> str:
        with suppress(ValueError):  # another drive of Windows
            return Path(os.path.relpath(path, self._root)).as_posix()
        return path.resolve().as_posix()


def _describe(made_from: str, digest: str) -> bytes:
    return f"{digest_program()} {made_from} {digest}".encode()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A batch with its number."""

    place: int
    batch: ListBatch

    @property
    def weight(self) -> float:
        """The batch's own."""
        return weigh_batch(self.batch)

    def __call__(self) -> OutputBatch:
        return self.batch()
