"""Many files are reviewed: what is known of them from before is taken from there, the others are read in batches, on all cores.

Nothing of what reads, checks and scores a file is loaded before there is one to be read.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol

from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.importing import Importing
from workbook_tools.review.hands import READING, LostItem, Workers, pair_batches
from workbook_tools.review.packing import PackedFile, pack_file
from workbook_tools.review.reviewed_file import ReviewedFile

if TYPE_CHECKING:
    from workbook_tools.workbooks.reading import Keys

log = logging.getLogger(__name__)

BATCH = 50
"""Workbooks per batch: enough to score in columns, few enough to keep memory flat."""
_SINGLE_PROCESS = 2 * BATCH
"""So few files are read faster by one process than several take to start."""
_AHEAD = 16 * BATCH
"""So many files that are to be read, and no more than give each process a batch, are looked for before it is said how many processes they are worth."""


class EarlierResults(Protocol):
    """What is known from earlier reviews of files that have not changed since."""

    def locate(self, source: SourceFile) -> str | None:
        """Under which name it is kept what came of a file; ``None`` where the file is to be read."""

    def open(self, name: str) -> PackedFile | None:
        """What is kept under a name; ``None`` where it is not there any more."""

    def keep(self, reviewed: Iterable[tuple[SourceFile, PackedFile]]) -> None:
        """Keep what came of files that were not found, for the next review."""


def review_batches(
    sources: Sequence[SourceFile],
    keys: Keys,
    *,
    workers: Workers = 0,
    importing: Importing | None = None,
    earlier: EarlierResults | None = None,
) -> Generator[list[PackedFile], None, None]:
    """Review many workbooks in batches, on all cores; batches come in the order of the workbooks, and nothing holds more than a few.

    What is known of ``earlier`` reviews is taken from there, the rest is kept there batch by batch.
    No file is read in this process: what one of them does to its reader is a finding, and costs the others nothing.
    """
    found = _LocatedFiles(sources, earlier)
    review_anew = partial(_review_anew, sources, keys=keys, workers=workers, importing=importing, earlier=earlier)
    anew = review_anew(found.list_new())
    for first in range(0, len(sources), BATCH):
        names = dict(enumerate(found.take_names(first, first + BATCH), first))
        known = {at: packed for at, name in names.items() if earlier and name and (packed := earlier.open(name))}
        lost = review_anew(at for at, name in names.items() if name and at not in known)
        yield [known.get(at) or next(lost if name else anew) for at, name in names.items()]


class _LocatedFiles:
    """Under which names it is kept what came of files: each is looked at when it is its turn, so that others are read meanwhile."""

    def __init__(self, sources: Sequence[SourceFile], earlier: EarlierResults | None) -> None:
        self._coming, self._earlier = iter(sources), earlier
        self._names: deque[str | None] = deque()
        """Of files that were looked at, and not asked for yet."""
        self._new: deque[int] = deque()
        """Places of files that are to be read, and nobody has taken."""
        self._looked_at = 0

    def take_names(self, first: int, end: int) -> list[str | None]:
        """Of the files in these places, which follow those of the last call."""
        while self._looked_at < end and self._look():
            pass
        return [self._names.popleft() for _ in range(first, min(end, self._looked_at))]

    def list_new(self) -> Iterator[int]:
        """The places of the files that are to be read, in their order."""
        while self._new or self._look():
            if self._new:
                yield self._new.popleft()

    def _look(self) -> bool:
        """Look at the next file; there may be none."""
        for source in self._coming:
            name = self._earlier.locate(source) if self._earlier else None
            self._names.append(name)
            if name is None:
                self._new.append(self._looked_at)
            self._looked_at += 1
            return True
        return False


def load_reading() -> None:
    """Load all that reads, checks and scores."""
    from workbook_tools.review import batches, workers  # noqa: F401


def _review_anew(
    sources: Sequence[SourceFile],
    places: Iterable[int],
    keys: Keys,
    workers: Workers,
    importing: Importing | None,
    earlier: EarlierResults | None,
) -> Iterator[PackedFile]:
    """What came of each of the files in these places, in their order."""
    coming = iter(places)
    worth_all = min(_AHEAD, max(_SINGLE_PROCESS + 1, BATCH * _count_processes(workers)))
    ahead = [*islice(coming, worth_all)]
    if not ahead:
        return
    from workbook_tools.review.batches import pack_each, review_each  # these two load all that reads, checks and scores
    from workbook_tools.review.workers import choose_hands

    def list_batches() -> Iterator[list[SourceFile]]:
        left = chain(ahead, coming)
        while some := [sources[place] for place in islice(left, BATCH)]:
            yield some

    most = 1 if len(ahead) <= _SINGLE_PROCESS else -(-len(ahead) // BATCH) if len(ahead) < worth_all else 0
    do_all = choose_hands(workers, most)
    review = partial(review_each, importing=importing)
    if isinstance(workers, int):
        work = partial(pack_each, review=partial(review, keys=dict(keys)))
        reviewed = pair_batches(list_batches(), lambda batches: do_all(batches, work, _give_up, limits=READING))
    else:
        from workbook_tools.review.verifying import review_without_keys

        reviewed = review_without_keys(do_all, list_batches(), review, keys, _give_up, READING)
    for batch, done in reviewed:
        for source, packed in zip(batch, done, strict=True):
            if packed.fault:
                log.error("处理 %s 时程序出错\n%s", source.name, packed.fault)
        if earlier:
            earlier.keep(zip(batch, done, strict=True))
        yield from done


def _count_processes(workers: Workers) -> int:
    """As many as there may be here; it is not known how many there are elsewhere."""
    return (workers or os.cpu_count() or 1) if isinstance(workers, int) else _AHEAD


def _give_up(source: SourceFile, lost: LostItem) -> PackedFile:
    """In place of a file that killed the process that read it, kept it busy for ever or took too much."""
    from workbook_tools.review.losses import explain_loss

    found, fault = explain_loss(source.name, lost)
    return pack_file([ReviewedFile(source.name, source.modified, findings=[found], fault=fault, given_up=True)])
