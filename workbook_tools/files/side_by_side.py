"""Files written side by side: whoever writes one waits for the disk most of the time, and it forces several down at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_FEW, _WIDTH = 16, 8
"""The first ones are written one after another: few need no threads. Of the others so many at once: on a disk of a cloud a file
of 40 KB took 8.5 ms alone and 0.9 ms by eight, and hardly less by more."""


def write_side_by_side(write: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What ``write`` gives for each item, in their order; of many items some are written at once, in threads.

    No more items are taken than are being written. Where one fails, that is raised at its turn, and no other is begun;
    those that were begun are done by then.
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
