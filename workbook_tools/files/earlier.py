"""What earlier runs have left for the next one: entries under names, and of each output what it was made from."""

from __future__ import annotations

import hashlib
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
"""So many notes are kept at once: each time the disk is waited for."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file that is to be there."""

    path: Path
    facts: object
    """All that it depends on but for the program itself, as :func:`digest_facts` takes them."""
    draw: Callable[[], Content]
    """Gives its content, whole or piece by piece."""


@dataclass(frozen=True, slots=True)
class OutputBatch:
    """Files that are made from the same part of a result."""

    outputs: Iterable[Output]
    said: Any = None
    """What else is to be known of the part: small, and data."""
    looked_for: Iterable[AnyPath] = ()
    """Files and folders of which it matters whether they are there."""


@dataclass(frozen=True, slots=True)
class DrawnOutput:
    """A file as it is to be there."""

    path: Path
    made_from: str
    data: bytes | WaitingContent | None
    """Its content; none where it stands there already."""
    digest: str = ""
    """SHA-256 of the content."""


@dataclass(frozen=True, slots=True)
class DrawnBatch:
    """A batch that was drawn."""

    outputs: list[DrawnOutput]
    said: Any
    looked_for: Mapping[str, str] = field(default_factory=dict)
    """What stood where it matters."""
    place: int = 0
    """Which of the batches it is."""


@runtime_checkable
class WeighedBatch(Protocol):
    """A batch of which it is known beforehand how much it is."""

    @property
    def weight(self) -> float:
        """The work of so many projects whose outputs are drawn."""


def weigh_batch(batch: object) -> float:
    """Its weight; endless where that is not known."""
    return batch.weight if isinstance(batch, WeighedBatch) else inf


READ_WEIGHT = 0.1
"""Of a project that is read and added up, beside one whose outputs are drawn."""

ListBatch = Callable[[], OutputBatch]
"""What lists a batch in whatever process is to draw it: it is sent there, and is therefore to be small."""
DrawBatch = Callable[[ListBatch], DrawnBatch]
DrawBatches = Callable[[DrawBatch, Iterable[ListBatch]], Iterable[DrawnBatch]]
"""Draws each of the batches, in whatever order they are done."""


def draw_here(draw: DrawBatch, batches: Iterable[ListBatch]) -> Iterable[DrawnBatch]:
    """One after another, in this process."""
    return map(draw, batches)


def ask_batch(list_batch: ListBatch) -> DrawnBatch:
    """For :data:`DrawBatches` where nothing is to be drawn, but what a batch says is to be known."""
    return DrawnBatch([], list_batch().said)


class EarlierOutputs:
    """Which outputs stand as they were written, and what from: what would only be drawn again as it is can be left.

    Of a file its content counts, not its clock: one that somebody has saved, changed or removed since does not stand.
    """

    def __init__(
        self,
        store: KeptStore | None = None,
        root: Path = Path(),
        *,
        fresh: bool = False,
        batches: KnownBatches | None = None,
    ) -> None:
        """Without a ``store`` nothing is known of any output, and where all is done ``fresh`` nothing is asked; names of
        outputs are relative to ``root``. ``batches`` are those of which is known what they come to."""
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
        """Write the outputs of each batch by ``replace``, each unless the file there was made from the same facts; a batch once it is there.

        ``draw_all`` may draw them in other processes, which also look what stands; files are written here alone. A batch is not even listed where
        it is known what it comes to, and all of that stands.
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
                    self.note_digest(output.path, output.made_from, output.digest)
                yield self._keep_batch(*others[drawn.place], drawn)

    def _find_batch(self, batch: ListBatch, name: str) -> DrawnBatch | None:
        """What a batch came to that is known, and of which all stands as it was written."""
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
        """In whatever process; what is large waits in ``folder``."""
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
        """Another process asks, and notes nothing."""
        return {**self.__dict__, "_noted": {}, "_batches": None}

    def stands(self, path: Path, made_from: str, digest: str = "") -> bool:
        """The file is there as it was written, and it was made from this, by this program; ``digest`` is that of the file, where it is known."""
        return bool(self.find_standing(path, made_from, digest))

    def knows(self, batch: ListBatch) -> bool:
        """It is known what a batch comes to, and all of that stands."""
        return self._batches is not None and self._find_batch(batch, self._batches.name(batch)) is not None

    def is_as_written(self, path: Path) -> bool:
        """The file is there as it was written last, whatever from: nobody has saved it since."""
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

    def note(self, path: Path, made_from: str, data: bytes) -> None:
        """This was written to ``path``, made from that. What is noted too late, as the run was broken off, is drawn again."""
        self.note_digest(path, made_from, hashlib.sha256(data).hexdigest())

    def note_digest(self, path: Path, made_from: str, digest: str) -> None:
        """The same of a file with this digest (SHA-256)."""
        self._noted[self._name(path)] = _describe(made_from, digest)
        if len(self._noted) >= _MANY:
            self._keep()

    def note_as_it_lies(self, path: Path, made_from: str) -> None:
        """The same of a file that was written in another way."""
        if self._store:
            with suppress(OSError):
                self.note_digest(path, made_from, digest_file(path))

    def close(self) -> None:
        """Keep what was noted, and forget outputs that are not there any more."""
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
    """A batch with its number among those that are drawn."""

    place: int
    batch: ListBatch

    @property
    def weight(self) -> float:
        """Its own."""
        return weigh_batch(self.batch)

    def __call__(self) -> OutputBatch:
        return self.batch()
