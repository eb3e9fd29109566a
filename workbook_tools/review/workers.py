"""Batches of work on all cores, that go on when one of the processes dies."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")


def on_all_cores(
    batches: Iterable[Sequence[Item]], work: Callable[[Sequence[Item]], list[Done]], killed: Callable[[Item], Done], cores: int
) -> Iterator[list[Done]]:  # fmt: skip
    """What ``work`` makes of each batch, in the order of the batches; ``killed`` stands in for an item that kills its process.

    Only a few batches are under way at a time, so that memory stays flat.
    """
    workers = _Workers(work, killed, cores)
    try:
        for batch in batches:
            workers.submit(batch)
            if len(workers.waiting) > 2 * cores:
                yield workers.next()
        while workers.waiting:
            yield workers.next()
    finally:
        workers.pool.shutdown(cancel_futures=True)


class _Workers(Generic[Item, Done]):
    """A pool of processes that is renewed when one of them dies (killed for its memory, or by a broken library).

    The pool cannot tell whose item it was. So the oldest batch is done again one by one, and the rest as before:
    each death costs one batch, and the batch with the item to blame becomes the oldest in the end.
    """

    def __init__(
        self, work: Callable[[Sequence[Item]], list[Done]], killed: Callable[[Item], Done], cores: int
    ) -> None:
        self.work = work
        self.killed = killed
        self.cores = cores
        self.pool = _pool(cores)
        self.waiting: deque[tuple[Sequence[Item], Future[list[Done]]]] = deque()

    def submit(self, batch: Sequence[Item]) -> None:
        """Put a batch to work."""
        try:
            future = self.pool.submit(self.work, batch)
        except BrokenProcessPool:
            self._renew()
            future = self.pool.submit(self.work, batch)
        self.waiting.append((batch, future))

    def next(self) -> list[Done]:
        """Wait for the oldest batch."""
        batch, future = self.waiting.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            self._renew()
            return self._one_by_one(batch)

    def _renew(self) -> None:
        self.pool.shutdown(wait=False)
        self.pool = _pool(self.cores)
        lost, self.waiting = self.waiting, deque()
        for batch, future in lost:
            if future.done() and future.exception() is None:
                self.waiting.append((batch, future))
            else:
                self.submit(batch)

    def _one_by_one(self, batch: Sequence[Item]) -> list[Done]:
        """A batch in a process of its own."""
        done: list[Done] = []
        pool = _pool(1)
        try:
            for item in batch:
                try:
                    done += pool.submit(self.work, [item]).result()
                except BrokenProcessPool:
                    pool = _pool(1)
                    done.append(self.killed(item))
        finally:
            pool.shutdown(cancel_futures=True)
        return done


def _pool(cores: int) -> ProcessPoolExecutor:
    """Processes that leave Ctrl+C to the one that started them."""
    return ProcessPoolExecutor(cores, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
