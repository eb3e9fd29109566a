"""Outputs on many projects are drawn on all cores; they are written by one process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from workbook_tools.files.earlier_outputs import DrawBatch, DrawBatches, DrawnBatch, ListBatch, draw_here, weigh_batch
from workbook_tools.files.memory import give_back_memory

if TYPE_CHECKING:
    from workbook_tools.review.batch_work import Workers

SINGLE_PROCESS = 60
"""What so few projects need is drawn faster by one process than several take to start."""
ANY_COUNT = SINGLE_PROCESS + 1
"""Where each batch says how much work it is."""
_OUTPUT_SECONDS, _OUTPUT_MEMORY = 3_600, 4_000_000_000
"""An output is of our own making and as large as the result: this ends only what will never come to an end."""
_LARGE = 500
"""After a batch of so many projects another process takes a process's place: it would go on with twice the memory of one that begins."""


def choose_output_drawing(count: int, workers: Workers, load: Callable[[], object] | None = None) -> DrawBatches:
    """How outputs on so many projects are drawn: one batch after another, or by ``workers`` processes (0: one per core), or whoever else they
    are. They need the working folder: others that do not have it do nothing of this. ``load`` loads what draws, once for all processes that are
    copies of this one."""
    if not isinstance(workers, int) and not workers.has_folder:
        workers = 0
    here = isinstance(workers, int) and ((workers or os.cpu_count() or 1) == 1 or count <= SINGLE_PROCESS)
    return draw_here if here else partial(_draw_outputs, workers, load)


def _draw_outputs(
    workers: Workers, load: Callable[[], object] | None, draw: DrawBatch, batches: Iterable[ListBatch]
) -> Iterator[DrawnBatch]:
    """Where little is due, here. Raises SettingsError if the system lets no process live. What a process was ended over is drawn here."""
    batches = [*batches]
    if sum(map(weigh_batch, batches)) <= SINGLE_PROCESS:
        yield from draw_here(draw, batches)
        return
    if load:
        load_for_copies(load)
    from workbook_tools.review.batch_work import Limits
    from workbook_tools.review.budget import Budget
    from workbook_tools.review.workers import choose_workers

    limits = Limits(_OUTPUT_SECONDS, _OUTPUT_SECONDS, Budget(_OUTPUT_SECONDS, _OUTPUT_MEMORY))
    if any(_LARGE < weigh_batch(batch) < inf for batch in batches):
        limits = replace(limits, retires=1)
    single = ([batch] for batch in batches)
    work, do_all = partial(_draw_each, draw), choose_workers(workers)
    for done in do_all(single, work, lambda batch, _: draw(batch), limits=limits, in_order=False):
        yield from done


def load_for_copies(load: Callable[[], object]) -> None:
    """Load what draws, where the processes that will draw are copies of this one; elsewhere each of them loads it."""
    if sys.platform == "linux":
        load()


def _draw_each(draw: DrawBatch, batches: Iterable[ListBatch]) -> list[DrawnBatch]:
    """A workbook's objects know each other, and are large: they are let go of before the next one is drawn."""
    drawn = []
    for batch in batches:
        drawn.append(draw(batch))
        give_back_memory()
    return drawn
