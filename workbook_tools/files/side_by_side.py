"""Files written in parallel threads: writing one is mostly waiting for the disk, which can sync several at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_FEW, _WIDTH = 16, 8
"""The first 16 are written one after another, as few files need no threads; the others 8 at a time. On a cloud disk a file of 40 KB took
8.5 ms alone and 0.9 ms with eight at a time; more threads gained hardly anything."""


def write_side_by_side(write: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What ``write`` gives for each item, in order; of many items several are written at a time, in threads.

    An item is only taken when it is to be written. If one fails, its exception is raised at its turn and no other is begun;
    those under way are finished first.
    """
    rest = iter(items)
    yield from map(write, islice(rest, _FEW))
    running: deque[Future[R]] = deque()
    with ThreadPoolExecutor(_WIDTH) as threads:
        while True:
            running.extend(threads.submit(write, item) for item in islice(rest, _WIDTH - len(running)))
            if not running:
                return
            yield running.popleft().result()
