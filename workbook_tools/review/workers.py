"""Batches of work on all cores: an item that kills its process, or never ends, costs nobody else anything.

The pool is pebble's: it tells which process died with which task, ends a task that takes too long, and puts a new
process in its place. A batch that came to grief is done again item by item, so that the item to blame is known.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from workbook_tools.core.errors import SettingsError

Item = TypeVar("Item")
Done = TypeVar("Done")
_PATIENCE = 1.0
"""Seconds between two looks at whether the pool still lives."""


@dataclass(frozen=True, slots=True)
class LostItem:
    """Why there is no result: the process that worked on the item ended by itself, or was ended after so many seconds."""

    after: float | None = None
    """Seconds; ``None`` if it ended by itself."""
    process: int | None = None
    exit_code: int | None = None
    """Of the process that ended by itself; negative is the number of a signal (-9: the system's memory ran out)."""


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How many seconds a batch may take before it is done again item by item, and then an item before it is given up."""

    batch: float
    item: float


def on_all_cores(
    batches: Iterable[Sequence[Item]], work: Callable[[Sequence[Item]], list[Done]],
    give_up: Callable[[Item, LostItem], Done], cores: int, limits: TimeLimits,
) -> Iterator[list[Done]]:  # fmt: skip
    """What ``work`` makes of each batch, in the order of the batches; ``give_up`` stands in for an item that was lost.

    Only a few batches are under way at a time, so that memory stays flat. ``work`` and what it is given are pickled.
    Raises SettingsError if the system lets no process live.
    """
    pool = ProcessPool(cores, context=_choose_context())
    waiting: deque[tuple[Sequence[Item], ProcessFuture[list[Done]]]] = deque()

    def result(future: ProcessFuture[list[Done]]) -> list[Done]:
        while not wait([future], timeout=_PATIENCE).done:
            if not pool.active:  # a broken pool forgets the tasks that had not begun
                raise BrokenProcessPool
        return future.result()

    def take() -> list[Done]:
        batch, future = waiting.popleft()
        try:
            return result(future)
        except (ProcessExpired, TimeoutError):
            return [done for item in batch for done in one(item)]

    def one(item: Item) -> list[Done]:
        try:
            return result(pool.schedule(work, ([item],), timeout=limits.item))
        except TimeoutError:
            return [give_up(item, LostItem(after=limits.item))]
        except ProcessExpired as exc:
            return [give_up(item, LostItem(process=exc.pid, exit_code=exc.exitcode))]

    try:
        for batch in batches:
            waiting.append((batch, pool.schedule(work, (batch,), timeout=limits.batch)))
            if len(waiting) > 2 * cores:
                yield take()
        while waiting:
            yield take()
    except (BrokenProcessPool, RuntimeError) as exc:
        if isinstance(exc, BrokenProcessPool) or not pool.active:
            raise SettingsError(
                "系统不让程序同时使用几个进程（内存不足，或被安全软件拦下）。请关闭别的程序再试，或用 --workers 1 只用一个进程；"
                '在 Python 脚本里，请把要运行的写在 if __name__ == "__main__": 下面，或用 workers=1。'
            ) from exc
        raise
    finally:
        pool.stop()  # type: ignore[no-untyped-call]  # pebble is typed but for this
        pool.join()


def _choose_context() -> BaseContext:
    """Processes that inherit no threads or locks: forked from a clean server that has the libraries loaded already."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["workbook_tools.review.batches"])
    return context
