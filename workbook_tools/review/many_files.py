"""Many files are reviewed: what is known of them from before is taken from there, the others are read in batches, on all cores.

Nothing of what reads, checks and scores a file is loaded before there is one to be read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.importing import Importing
from workbook_tools.review.hands import READING, LostItem, Workers
from workbook_tools.review.packing import PackedFile, pack_file
from workbook_tools.review.reviewed_file import ReviewedFile

if TYPE_CHECKING:
    from workbook_tools.workbooks.reading import Keys

log = logging.getLogger(__name__)

BATCH = 50
"""Workbooks per batch: enough to score in columns, few enough to keep memory flat."""
_SINGLE_PROCESS = 2 * BATCH
"""So few files are read faster by one process than several take to start."""


class EarlierResults(Protocol):
    """What is known from earlier reviews of files that have not changed since."""

    def locate(self, source: SourceFile) -> str | None:
        """Under which name it is kept what came of a file; ``None`` where the file is to be read."""

    def open(self, name: str) -> PackedFile | None:
        """What is kept under a name; ``None`` where it is not there any more."""

    def keep(self, reviewed: Iterable[tuple[SourceFile, PackedFile]]) -> None:
        """Keep what came of files that were not found, for the next review."""


def review_batches(
    sources: Sequence[SourceFile], keys: Keys, *, workers: Workers = 0, importing: Importing | None = None,
    earlier: EarlierResults | None = None,
) -> Iterator[list[PackedFile]]:  # fmt: skip
    """Review many workbooks in batches, on all cores; batches come in the order of the workbooks, and nothing holds more than a few.

    What is known of ``earlier`` reviews is taken from there, the rest is kept there batch by batch.
    No file is read in this process: what one of them does to its reader is a finding, and costs the others nothing.
    """
    names = [earlier.locate(source) if earlier else None for source in sources]
    review_anew = partial(_review_anew, sources, keys=keys, workers=workers, importing=importing, earlier=earlier)
    anew = review_anew([at for at, name in enumerate(names) if name is None])
    for first in range(0, len(sources), BATCH):
        some = range(first, min(first + BATCH, len(sources)))
        known = {at: found for at in some if earlier and (name := names[at]) and (found := earlier.open(name))}
        lost = review_anew([at for at in some if names[at] and at not in known])
        yield [known.get(at) or next(lost if names[at] else anew) for at in some]


def _review_anew(
    sources: Sequence[SourceFile], places: Sequence[int], keys: Keys, workers: Workers, importing: Importing | None,
    earlier: EarlierResults | None,
) -> Iterator[PackedFile]:  # fmt: skip
    """What came of each of the files in these places, in their order."""
    if not places:
        return
    from workbook_tools.review.batches import pack_each, review_each  # these two load all that reads, checks and scores
    from workbook_tools.review.workers import choose_hands

    def list_batches() -> Iterator[list[SourceFile]]:
        for first in range(0, len(places), BATCH):
            yield [sources[place] for place in places[first : first + BATCH]]

    do_all = choose_hands(workers, 1 if len(places) <= _SINGLE_PROCESS else -(-len(places) // BATCH))
    review = partial(review_each, importing=importing)
    if isinstance(workers, int):
        work = partial(pack_each, review=partial(review, keys=dict(keys)))
        reviewed = do_all(list_batches(), work, _give_up, limits=READING)
    else:
        from workbook_tools.review.verifying import review_without_keys

        reviewed = review_without_keys(do_all, list_batches(), review, keys, _give_up, READING)
    for batch, done in zip(list_batches(), reviewed, strict=True):
        for source, packed in zip(batch, done, strict=True):
            if packed.fault:
                log.error("处理 %s 时程序出错\n%s", source.name, packed.fault)
        if earlier:
            earlier.keep(zip(batch, done, strict=True))
        yield from done


def _give_up(source: SourceFile, lost: LostItem) -> PackedFile:
    """In place of a file that killed the process that read it, kept it busy for ever or took too much."""
    from workbook_tools.review.losses import explain_loss

    found, fault = explain_loss(source.name, lost)
    return pack_file([ReviewedFile(source.name, source.modified, findings=[found], fault=fault, given_up=True)])
