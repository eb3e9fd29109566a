"""The workbooks of a long list are drawn on all cores; they are written by one process, in the order of the list."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice, tee
from typing import TYPE_CHECKING

from workbook_tools.files.earlier import DrawOutputs, draw_here
from workbook_tools.workbooks.generating import DrawAll, Drawing, Drawn, Order

if TYPE_CHECKING:
    from workbook_tools.review.workers import LostItem

Draw = Callable[[], bytes]
_BATCH = 20
"""Workbooks that a process draws before it hands them over."""
_SINGLE_PROCESS = 60
"""So few are drawn faster by one process than several take to start."""
_BATCH_SECONDS, _SECONDS = 300, 120
"""By the clock, for a batch and then for a workbook alone, which takes a twentieth of a second."""
_OUTPUT_SECONDS, _OUTPUT_MEMORY = 3_600, 4_000_000_000
"""An output is of our own making and as large as the result: this ends only what will never come to an end."""


def choose_output_drawing(count: int, workers: int, batch: int) -> DrawOutputs:
    """How outputs on so many projects are drawn: one after another, or by ``workers`` processes (0: one per core) that take ``batch``
    of them at a time."""
    cores = workers or os.cpu_count() or 1
    return draw_here if cores == 1 or count <= _SINGLE_PROCESS else partial(_draw_outputs, cores, batch)


def _draw_outputs(cores: int, batch: int, draws: Iterable[Draw]) -> Iterator[bytes]:
    """Raises SettingsError if the system lets no process live. What a process was ended over is drawn here."""
    from workbook_tools.review.budget import Budget
    from workbook_tools.review.workers import Limits, on_all_cores

    limits = Limits(_OUTPUT_SECONDS, _OUTPUT_SECONDS, Budget(_OUTPUT_SECONDS, _OUTPUT_MEMORY))
    given, kept = tee(iter(draws))
    batches = iter(lambda: list(islice(given, batch)), [])
    for done in on_all_cores(batches, _draw_each, _leave, cores, limits):
        for data, draw in zip(done, kept, strict=False):
            yield data or draw()


def _draw_each(draws: Iterable[Draw]) -> list[bytes]:
    return [draw() for draw in draws]


def _leave(_: Draw, __: LostItem) -> bytes:
    return b""


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
