"""Batches of work in processes of their own: an item that kills its process, never ends or exceeds its budget does not affect the others.

The pool is pebble's: it tells which process died with which task, ends a task that takes too long, and puts a new
process in its place. The process's note (:mod:`workbook_tools.review.budget`) tells which item of the batch was current:
that one is given up, or done again by itself; those before and after it are done again. Without a note all are done by themselves.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessFuture, ProcessPool

from workbook_tools.core.errors import SettingsError
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.review.batch_work import DoBatches, Limits, LostItem, Workers
from workbook_tools.review.budget import (
    Blame,
    Budget,
    Excess,
    Overseer,
    announce,
    bind_process,
    end_for_memory,
    rest,
)
from workbook_tools.review.processes import choose_context

Item = TypeVar("Item")
Done = TypeVar("Done")
NEW_OBJECTS = 100_000
"""Garbage is collected after so many new objects."""
_PATIENCE = 0.1
"""Seconds between two looks at whether the pool is alive and within its budget."""
CONSTS.sleep_unit = (
    0.02  # a pool that is let go of takes so many seconds to see it; a command has up to five, and pebble's own are 0.1
)


def on_all_cores(
    batches: Iterable[Sequence[Item]],
    work: Callable[[Iterable[Item]], list[Done]],
    give_up: Callable[[Item, LostItem], Done],
    cores: int,
    limits: Limits,
    *,
    in_order: bool = True,
    beside: Callable[[], bool] = bool,
) -> Generator[list[Done], None, None]:
    """What ``work`` makes of each batch, in the order of the batches, or as they are done where one may take as long as many others;
    ``give_up`` stands in for an item that was lost. While nothing is done yet, a step of what else there is to do is done here:
    ``beside`` says whether there was one.

    Only a few batches are under way at a time, so that memory stays flat. ``work`` and what it is given are pickled; it
    asks for an item when it begins with it. Raises SettingsError if the system lets no process live.
    """
    with temporary_folder() as folder:
        crew = Crew(work, give_up, cores, limits, Path(folder), beside)
        waiting: deque[_Scheduled[Item, Done]] = deque()
        try:
            for batch in batches:
                waiting.append((batch, crew.schedule(batch)))
                if len(waiting) > limits.ahead * cores:
                    yield crew.collect(*crew.take_next(waiting, in_order=in_order))
            while waiting:
                yield crew.collect(*crew.take_next(waiting, in_order=in_order))
        except (BrokenProcessPool, RuntimeError) as exc:
            if isinstance(exc, BrokenProcessPool) or not crew.pool.active:
                raise SettingsError(
                    "系统不让程序另开进程来读文件（内存不足，或被安全软件拦下）。请关闭别的程序再试，或用 --workers 1 只用一个进程。"
                ) from exc
            raise
        finally:
            crew.end()


def choose_workers(workers: Workers, most: int = 0) -> DoBatches:
    """How batches are done: by processes of this computer (at most ``most``, if given), or by other computers."""
    if not isinstance(workers, int):
        return workers.do
    cores = workers or os.cpu_count() or 1
    return partial(on_all_cores, cores=min(cores, most or cores))


_Scheduled = tuple[Sequence[Item], ProcessFuture[list[Done]]]
"""A batch, and its future results."""


class Crew(Generic[Item, Done]):
    """The processes, and what is done when one of them is lost."""

    def __init__(
        self,
        work: Callable[[Iterable[Item]], list[Done]],
        give_up: Callable[[Item, LostItem], Done],
        cores: int,
        limits: Limits,
        folder: Path,
        beside: Callable[[], bool] = bool,
    ) -> None:
        self._work, self._give_up, self._limits, self._beside = work, give_up, limits, beside
        self._overseer = Overseer(folder, limits.budget)
        self._bound = (folder, limits.budget)
        self.pool = self._make_pool(cores, limits.retires)
        self._lone: ProcessPool | None = None

    def _make_pool(self, processes: int, tasks: int) -> ProcessPool:
        return ProcessPool(processes, tasks, _prepare, self._bound, choose_context(self._limits.modules))

    def end(self) -> None:
        """End all processes."""
        for pool in (self.pool, self._lone):
            if pool:
                pool.stop()  # type: ignore[no-untyped-call]  # pebble is typed but for this
                pool.join()

    def schedule(self, batch: Sequence[Item]) -> ProcessFuture[list[Done]]:
        return self.pool.schedule(_do_items, (self._work, batch), timeout=self._limits.batch)

    def take_next(self, waiting: deque[_Scheduled[Item, Done]], *, in_order: bool) -> _Scheduled[Item, Done]:
        """Take the first batch, or the first that is done, from those waiting."""
        if in_order:
            return waiting.popleft()
        self._wait_for([future for _, future in waiting])
        found = next(one for one in waiting if one[1].done())
        waiting.remove(found)
        return found

    def collect(self, batch: Sequence[Item], future: ProcessFuture[list[Done]]) -> list[Done]:
        """The results of a batch."""
        try:
            return self._wait(future)
        except (TimeoutError, MemoryError):
            blame = Blame()
        except ProcessExpired as exc:
            blame = self._overseer.find_blame(exc.pid)
            if blame.excess is Excess.TIME and blame.number is not None and blame.number < len(batch):
                lost = LostItem(excess=blame.excess, process=exc.pid, exit_code=exc.exitcode, said=blame.said)
                return self._go_round(batch, blame.number, [self._give_up(batch[blame.number], lost)])
        if blame.number is None or blame.number >= len(batch):
            return [done for item in batch for done in self._do_alone(item)]
        return self._go_round(batch, blame.number, self._do_alone(batch[blame.number]))

    def _go_round(self, batch: Sequence[Item], number: int, done: list[Done]) -> list[Done]:
        """All results of a batch, where that of one item is known."""
        before, behind = batch[:number], batch[number + 1 :]
        parts = [self.collect(part, self.schedule(part)) if part else [] for part in (before, behind)]
        return [*parts[0], *done, *parts[1]]

    def _do_alone(self, item: Item) -> list[Done]:
        """Do an item by itself in a fresh process: others may have taken the memory that it lacked."""
        self._lone = self._lone or self._make_pool(1, 1)
        try:
            return self._wait(self._lone.schedule(_do_items, (self._work, [item]), timeout=self._limits.item))
        except TimeoutError:
            lost = LostItem(after=self._limits.item)
        except MemoryError:
            lost = LostItem(excess=Excess.MEMORY)
        except ProcessExpired as exc:
            blame = self._overseer.find_blame(exc.pid)
            lost = LostItem(excess=blame.excess, process=exc.pid, exit_code=exc.exitcode, said=blame.said)
        return [self._give_up(item, lost)]

    def _wait(self, future: ProcessFuture[list[Done]]) -> list[Done]:
        self._wait_for([future])
        return future.result()

    def _wait_for(self, futures: Sequence[ProcessFuture[list[Done]]]) -> None:
        """Until one of them is done."""
        while not wait(futures, timeout=0 if self._beside() else _PATIENCE, return_when=FIRST_COMPLETED).done:
            self.look()

    def look(self) -> None:
        """Look once whether all processes keep to their budgets. Raises BrokenProcessPool; tasks that had not begun are lost then."""
        self._overseer.look()
        if not self.pool.active:
            raise BrokenProcessPool


def _prepare(folder: Path, budget: Budget) -> None:
    """Set up a process before it works. A workbook makes some ten thousand objects, nearly all freed by reference counts:
    collecting garbage as often as usual would take a tenth of the time."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    bind_process(folder, budget)


def _do_items(work: Callable[[Iterable[Item]], list[Done]], batch: Sequence[Item]) -> list[Done]:
    """Do a batch in the process that works."""
    try:
        return work(announce(batch))
    except MemoryError:
        end_for_memory()
        raise
    finally:
        rest()
