"""Outputs about many projects are drawn on all cores, and written by one process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from math import inf
from typing import TYPE_CHECKING

from workbook_tools.files.earlier_outputs import DrawBatch, DrawBatches, DrawnBatch, ListBatch, draw_here, weigh_batch
from workbook_tools.files.memory import give_back_memory

if TYPE_CHECKING:
    from workbook_tools.review.batch_work import Workers

SINGLE_PROCESS = 60
"""One process draws the outputs of so few projects faster than several start."""
ANY_COUNT = SINGLE_PROCESS + 1
"""In place of the count where each batch says how much work it is."""
_OUTPUT_SECONDS, _OUTPUT_MEMORY = 3_600, 4_000_000_000
"""Outputs are our own and may be as large as the result, so the limits end only what would never finish."""
_LARGE = 500
"""After a batch of so many projects a process is replaced, as it would keep twice the memory of a new one."""


def choose_output_drawing(count: int, workers: Workers, modules: Sequence[str] = ()) -> DrawBatches:
    """How outputs about so many projects are drawn: one batch after another here, or by ``workers``. Drawing needs the working folder, so other
    computers that do not see it are not used. ``modules`` are those that draw; they are loaded once for all processes."""
    if not isinstance(workers, int) and not workers.has_folder:
        workers = 0
    here = isinstance(workers, int) and ((workers or os.cpu_count() or 1) == 1 or count <= SINGLE_PROCESS)
    return draw_here if here else partial(_draw_outputs, workers, modules)


def _draw_outputs(
    workers: Workers, modules: Sequence[str], draw: DrawBatch, batches: Iterable[ListBatch]
) -> Iterator[DrawnBatch]:
    """Draw batches in several processes, or here if there is little to draw. A batch over which a process was lost is drawn here. Raises
    SettingsError if the system lets no process live."""
    batches = [*batches]
    if sum(map(weigh_batch, batches)) <= SINGLE_PROCESS:
        yield from draw_here(draw, batches)
        return
    load_for_copies(modules)
    from workbook_tools.review.batch_work import Limits
    from workbook_tools.review.budget import Budget
    from workbook_tools.review.workers import choose_workers

    limits = Limits(_OUTPUT_SECONDS, _OUTPUT_SECONDS, Budget(_OUTPUT_SECONDS, _OUTPUT_MEMORY), modules=modules)
    if any(_LARGE < weigh_batch(batch) < inf for batch in batches):
        limits = replace(limits, retires=1)
    single = ([batch] for batch in batches)
    work, do_all = partial(_draw_each, draw), choose_workers(workers)
    for done in do_all(single, work, lambda batch, _: draw(batch), limits=limits, in_order=False):
        yield from done


def load_for_copies(modules: Iterable[str]) -> None:
    """Load what draws, if the processes that will draw are forked from this one; otherwise each of them loads it."""
    if sys.platform == "linux":
        for name in modules:
            import_module(name)


def _draw_each(draw: DrawBatch, batches: Iterable[ListBatch]) -> list[DrawnBatch]:
    """Draw each batch; a workbook's objects are large and in reference cycles, so they are freed before the next is drawn."""
    drawn = []
    for batch in batches:
        drawn.append(draw(batch))
        give_back_memory()
    return drawn
