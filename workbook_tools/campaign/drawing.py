"""The workbooks of a long list are drawn on all cores; they are written by one process, in the order of the list."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from workbook_tools.files.earlier import DrawBatch, DrawBatches, DrawnBatch, ListBatch, draw_here
from workbook_tools.workbooks.generating import DrawAll, Drawing, Drawn, Order

if TYPE_CHECKING:
    from workbook_tools.review.workers import LostItem

_BATCH = 20
"""Workbooks that a process draws before it hands them over."""
_SINGLE_PROCESS = 60
"""So few are drawn faster by one process than several take to start."""
_BATCH_SECONDS, _SECONDS = 300, 120
"""By the clock, for a batch and then for a workbook alone, which takes a twentieth of a second."""
_OUTPUT_SECONDS, _OUTPUT_MEMORY = 3_600, 4_000_000_000
"""An output is of our own making and as large as the result: this ends only what will never come to an end."""


def choose_output_drawing(count: int, workers: int) -> DrawBatches:
    """How outputs on so many projects are drawn: one batch after another, or by ``workers`` processes (0: one per core)."""
    cores = workers or os.cpu_count() or 1
    return draw_here if cores == 1 or count <= _SINGLE_PROCESS else partial(_draw_outputs, cores)


def _draw_outputs(cores: int, draw: DrawBatch, batches: Iterable[ListBatch]) -> Iterator[DrawnBatch]:
    """Raises SettingsError if the system lets no process live. What a process was ended over is drawn here."""
    from workbook_tools.review.budget import Budget
    from workbook_tools.review.workers import Limits, on_all_cores

    limits = Limits(_OUTPUT_SECONDS, _OUTPUT_SECONDS, Budget(_OUTPUT_SECONDS, _OUTPUT_MEMORY))
    single = ([batch] for batch in batches)
    work = partial(_draw_each, draw)
    for done in on_all_cores(single, work, lambda batch, _: draw(batch), cores, limits, in_order=False):
        yield from done


def _draw_each(draw: DrawBatch, batches: Iterable[ListBatch]) -> list[DrawnBatch]:
    return [draw(batch) for batch in batches]


def choose_drawing(count: int, workers: int = 0) -> DrawAll:
    """How so many workbooks are drawn: one after another, or by ``workers`` processes (0: one per core)."""
    cores = min(workers or os.cpu_count() or 1, -(-count // _BATCH))
    return map if cores == 1 or count <= _SINGLE_PROCESS else partial(_draw_on_cores, cores)


def _draw_on_cores(cores: int, drawing: Drawing, orders: Iterable[Order]) -> Iterator[Drawn]:
    """Raises SettingsError if the system lets no process live."""
    from workbook_tools.review.workers import Limits, on_all_cores  # a short list does without

    listed, limits = list(orders), Limits(_BATCH_SECONDS, _SECONDS)
    batches = (listed[first : first + _BATCH] for first in range(0, len(listed), _BATCH))
    for drawn in on_all_cores(batches, partial(_draw_batch, drawing), partial(_give_up, drawing), cores, limits):
        yield from drawn


def _draw_batch(drawing: Drawing, orders: Iterable[Order]) -> list[Drawn]:
    return [drawing(order) for order in orders]


def _give_up(drawing: Drawing, order: Order, lost: LostItem) -> Drawn:
    """In place of a workbook whose process was ended twice."""
    took = f"用了 {lost.after:g} 秒还没有完" if lost.after else "进程意外终止，可能是内存不足"
    return drawing.refuse(order.project, f"无法生成工作簿：{took}。请关闭别的程序后再运行一次")
