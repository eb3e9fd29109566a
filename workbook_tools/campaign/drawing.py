"""The workbooks of a long list are drawn on all cores; they are written by one process, in the order of the list."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from workbook_tools.campaign.output_drawing import SINGLE_PROCESS, load_for_copies
from workbook_tools.core.errors import TemplateError
from workbook_tools.workbooks.generating import DRAWING, DrawAll, Drawing, Drawn, Order

if TYPE_CHECKING:
    from workbook_tools.review.batch_work import DoBatches, Limits, LostItem, Workers

_BATCH = 20
"""Workbooks that a process draws before it hands them over."""
_BATCH_SECONDS, _SECONDS = 300, 120
"""By the clock, for a batch and then for a workbook alone, which takes a twentieth of a second."""


def choose_drawing(count: int, workers: Workers = 0) -> DrawAll:
    """How so many workbooks are drawn: one after another, or by ``workers`` processes (0: one per core), or whoever else they are."""
    here = isinstance(workers, int) and ((workers or os.cpu_count() or 1) == 1 or count <= SINGLE_PROCESS)
    return map if here else partial(_draw_in_batches, count, workers)


def learn_forms(drawing: Drawing, orders: Iterable[Order], count: int, workers: Workers) -> Iterator[object]:
    """Draw some of so many workbooks, one after another as long as somebody asks for the next, and let go of them: what is known of their forms
    by then is known to all processes that are copies of this one."""
    if sys.platform == "linux" and isinstance(workers, int) and choose_drawing(count, workers) is not map:
        yield from map(drawing, orders)


def load_for_many() -> None:
    """Load what draws many workbooks, while it is not known yet how many there are."""
    load_for_copies(DRAWING)


def _draw_in_batches(count: int, workers: Workers, drawing: Drawing, orders: Iterable[Order]) -> Iterator[Drawn]:
    """Raises SettingsError if the system lets no process live. Where no more than a few of a long list are new, they are drawn here."""
    left = iter(orders)
    first = [*islice(left, SINGLE_PROCESS + 1)]
    if isinstance(workers, int) and len(first) <= SINGLE_PROCESS:
        yield from map(drawing, first)
        return
    orders = chain(first, left)
    load_for_many()
    from workbook_tools.review.batch_work import Limits
    from workbook_tools.review.workers import choose_workers  # a short list does without

    limits = Limits(_BATCH_SECONDS, _SECONDS, modules=DRAWING)
    do_all = choose_workers(workers, -(-count // _BATCH))
    batches: Iterable[Sequence[Order | Drawn]] = _make_batches(orders)
    here = isinstance(workers, int)
    if not here:
        batches = _seal_batches(drawing, _make_batches(orders), do_all, limits)
    work = partial(_draw_batch, drawing if here else drawing.without_key())
    for drawn in do_all(batches, work, partial(_give_up, drawing), limits=limits):
        yield from drawn


def _seal_batches(
    drawing: Drawing, batches: Iterable[list[Order]], do_all: DoBatches, limits: Limits
) -> Iterator[list[Order | Drawn]]:
    """The orders with their signatures, so that processes which draw need no key. Only the digests of the form's own texts are not known here:
    other processes lay out the forms and compute them. Orders that cannot be laid out come back refused."""
    asked: deque[list[Order]] = deque()

    def ask() -> Iterator[list[Order]]:
        for batch in batches:
            asked.append([_look_up_issue(drawing, order) for order in batch])
            yield asked[-1]

    work = partial(_digest_batch, drawing.without_key())
    for told in do_all(ask(), work, partial(_give_up, drawing), limits=limits):
        yield [
            _seal(drawing, order, texts) if isinstance(texts, dict) else texts
            for order, texts in zip(asked.popleft(), told, strict=True)
        ]


def _seal(drawing: Drawing, order: Order, texts: Mapping[str, str]) -> Order:
    return replace(order, sealed=drawing.lend(drawing.seal(order, texts), order.project))


def _digest_batch(drawing: Drawing, orders: Iterable[Order]) -> list[dict[str, str] | Drawn]:
    return [_digest_texts(drawing, order) for order in orders]


def _digest_texts(drawing: Drawing, order: Order) -> dict[str, str] | Drawn:
    try:
        return drawing.digest_texts(order)
    except TemplateError as exc:
        return drawing.refuse(order.project, str(exc))


def _make_batches(orders: Iterable[Order]) -> Iterator[list[Order]]:
    left = iter(orders)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _look_up_issue(drawing: Drawing, order: Order) -> Order:
    """The order with the issue that the existing workbook names, if nothing else tells it: other computers may not see that workbook."""
    from workbook_tools.workbooks.reading import read_issue

    place = drawing.place(order.project)
    return replace(order, last=read_issue(place, drawing.key)) if order.last is None and place.is_file() else order


def _draw_batch(drawing: Drawing, orders: Iterable[Order | Drawn]) -> list[Drawn]:
    return [drawing(order) if isinstance(order, Order) else order for order in orders]


def _give_up(drawing: Drawing, order: Order | Drawn, lost: LostItem) -> Drawn:
    """In place of a workbook whose process was ended twice."""
    if not isinstance(order, Order):  # refused before
        return order
    took = f"用了 {lost.after:g} 秒还没有完" if lost.after else "进程意外终止，可能是内存不足"
    return drawing.refuse(order.project, f"无法生成工作簿：{took}。请关闭别的程序后再运行一次")
