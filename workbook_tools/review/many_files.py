"""Reviews many files: results kept from earlier reviews are used again, the other files are read in batches, on all cores.

What reads, checks and scores files is only loaded once there is one to be read.
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
from workbook_tools.review.batch_work import READING, LostItem, Workers, pair_batches
from workbook_tools.review.packing import PackedFile, pack_file
from workbook_tools.review.reviewed_file import ReviewedFile

if TYPE_CHECKING:
    from workbook_tools.workbooks.reading import Keys

log = logging.getLogger(__name__)

BATCH = 50
"""Workbooks per batch: enough to score in columns, few enough to keep memory flat."""
_SINGLE_PROCESS = 2 * BATCH
"""One process reads so few files faster than several processes start."""
_AHEAD = 16 * BATCH
"""Before the number of processes is chosen, files to be read are looked for until there is a batch for each process, or so many."""


class EarlierResults(Protocol):
    """Results from earlier reviews, of files that have not changed since."""

    def locate(self, source: SourceFile) -> str | None:
        """The name under which a file's result is kept; ``None`` if the file has to be read."""

    def open(self, name: str) -> PackedFile | None:
        """The result kept under a name; ``None`` if it is gone by now."""

    def keep(self, reviewed: Iterable[tuple[SourceFile, PackedFile]]) -> None:
        """Keep the results of files that were read now, for the next review."""


def review_batches(
    sources: Sequence[SourceFile],
    keys: Keys,
    *,
    workers: Workers = 0,
    importing: Importing | None = None,
    earlier: EarlierResults | None = None,
) -> Generator[list[PackedFile], None, None]:
    """Review many workbooks in batches, on all cores; batches come in the order of the workbooks, and nothing holds more than a few.

    Results kept by ``earlier`` reviews are used; new ones are kept there batch by batch. No file is read in this process: one
    that crashes its reader becomes a finding, and does not affect the others.
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
    """Looks up the kept results of files, one at a time as they are needed, while other processes read."""

    def __init__(self, sources: Sequence[SourceFile], earlier: EarlierResults | None) -> None:
        self._coming, self._earlier = iter(sources), earlier
        self._names: deque[str | None] = deque()
        """Names of files that were looked up and not taken yet."""
        self._new: deque[int] = deque()
        """Places of files that have to be read and were not taken yet."""
        self._looked_at = 0

    def take_names(self, first: int, end: int) -> list[str | None]:
        """The names of the files in these places, which follow those of the last call."""
        while self._looked_at < end and self._look():
            pass
        return [self._names.popleft() for _ in range(first, min(end, self._looked_at))]

    def list_new(self) -> Iterator[int]:
        """The places of the files that are to be read, in their order."""
        while self._new or self._look():
            if self._new:
                yield self._new.popleft()

    def _look(self) -> bool:
        """Look up the next file. False if there is none."""
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
    """The results of the files in these places, in order."""
    coming = iter(places)
    worth_all = min(_AHEAD, max(_SINGLE_PROCESS + 1, BATCH * _count_processes(workers)))
    ahead = [*islice(coming, worth_all)]
    if not ahead:
        return
    from workbook_tools.review.batches import pack_each, review_each  # these two load all that reads, checks and scores
    from workbook_tools.review.workers import choose_workers

    def list_batches() -> Iterator[list[SourceFile]]:
        left = chain(ahead, coming)
        while some := [sources[place] for place in islice(left, BATCH)]:
            yield some

    most = 1 if len(ahead) <= _SINGLE_PROCESS else -(-len(ahead) // BATCH) if len(ahead) < worth_all else 0
    do_all = choose_workers(workers, most)
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
    """How many processes there may be here; for other computers the number is not known."""
    return (workers or os.cpu_count() or 1) if isinstance(workers, int) else _AHEAD


def _give_up(source: SourceFile, lost: LostItem) -> PackedFile:
    """The result of a file that crashed its reader, never finished or exceeded its budget."""
    from workbook_tools.review.losses import explain_loss

    found, fault = explain_loss(source.name, lost)
    return pack_file([ReviewedFile(source.name, source.modified, findings=[found], fault=fault, given_up=True)])
