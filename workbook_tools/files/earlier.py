"""What earlier runs have left for the next one: entries under names, and of each output what it was made from."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbook_tools.core.digests import digest_facts
from workbook_tools.files.paths import replace_result
from workbook_tools.files.program import digest_program

_MANY = 50
"""So many notes are kept at once: each time the disk is waited for."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file that is to be there."""

    path: Path
    facts: object
    """All that it depends on but for the program itself, as :func:`digest_facts` takes them."""
    draw: Callable[[], bytes]
    """Gives its content; another process can be asked for it."""


DrawOutputs = Callable[[Iterable[Callable[[], bytes]]], Iterable[bytes]]
"""Asks each for its content; what they give is in their order."""


def draw_here(draws: Iterable[Callable[[], bytes]]) -> Iterator[bytes]:
    """One after another, in this process."""
    return (draw() for draw in draws)


class KeptStore(Protocol):
    """Entries that outlive a run. It is a convenience: one that cannot be read is not there, one that cannot be written is left."""

    def get(self, key: str) -> bytes | None:
        """The entry of that name."""

    def put(self, entries: Mapping[str, bytes]) -> None:
        """Keep these: all of them, or none where that is broken off."""

    def names(self) -> Collection[str]:
        """The names of all entries."""

    def drop(self, keys: Collection[str]) -> None:
        """Forget these."""


class EarlierOutputs:
    """Which outputs stand as they were written, and what from: what would only be drawn again as it is can be left.

    Of a file its content counts, not its clock: one that somebody has saved, changed or removed since does not stand.
    """

    def __init__(self, store: KeptStore | None = None, root: Path = Path(), *, fresh: bool = False) -> None:
        """Without a ``store`` nothing is known of any output, and where all is done ``fresh`` nothing is asked; names of
        outputs are relative to ``root``."""
        self._store, self._root, self._fresh = store, root, fresh
        self._noted: dict[str, bytes] = {}
        self.left = 0
        """How many outputs were left as they stand."""

    def write_all(
        self, outputs: Iterable[Output], draw_all: DrawOutputs = draw_here, replace: Callable[[Path, bytes], object] = replace_result
    ) -> Iterator[Path]:  # fmt: skip
        """Write the outputs by ``replace``, in their order, each unless the file there was made from the same facts; the path of each once it is there.

        ``draw_all`` may ask for the contents in other processes; files are written here alone.
        """
        waiting: deque[tuple[Output, str]] = deque()

        def list_draws() -> Iterator[Callable[[], bytes]]:
            for output in outputs:
                made_from = digest_facts(output.facts)
                stands = self.stands(output.path, made_from)
                waiting.append((output, "" if stands else made_from))
                if not stands:
                    yield output.draw

        def pass_standing() -> Iterator[Path]:
            while waiting and not waiting[0][1]:
                self.left += 1
                yield waiting.popleft()[0].path

        for data in draw_all(list_draws()):
            yield from pass_standing()
            output, made_from = waiting.popleft()
            replace(output.path, data)
            self.note(output.path, made_from, data)
            yield output.path
        yield from pass_standing()

    def stands(self, path: Path, made_from: str) -> bool:
        """The file is there as it was written, and it was made from this, by this program."""
        kept = self._store.get(self._name(path)) if self._store and not self._fresh else None
        if kept is None:
            return False
        with suppress(OSError):
            return kept == _describe(made_from, path.read_bytes())
        return False

    def note(self, path: Path, made_from: str, data: bytes) -> None:
        """This was written to ``path``, made from that. What is noted too late, as the run was broken off, is drawn again."""
        self._noted[self._name(path)] = _describe(made_from, data)
        if len(self._noted) >= _MANY:
            self._keep()

    def note_as_it_lies(self, path: Path, made_from: str) -> None:
        """The same of a file that was written in another way."""
        if self._store:
            with suppress(OSError):
                self.note(path, made_from, path.read_bytes())

    def close(self) -> None:
        """Keep what was noted, and forget outputs that are not there any more."""
        self._keep()
        if self._store:
            self._store.drop([name for name in self._store.names() if not (self._root / name).is_file()])

    def _keep(self) -> None:
        if self._store and self._noted:
            self._store.put(self._noted)
        self._noted = {}

    def _name(self, path: Path) -> str:
        with suppress(ValueError):  # another drive of Windows
            return Path(os.path.relpath(path, self._root)).as_posix()
        return path.resolve().as_posix()


def _describe(made_from: str, data: bytes) -> bytes:
    return f"{digest_program()} {made_from} {hashlib.sha256(data).hexdigest()}".encode()
