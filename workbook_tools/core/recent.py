"""Results that were computed recently, kept under all that they depend on.

They share one room of so many bytes per process, whoever computed them: a review fills it with known forms, drawing
fills it with stencils. So a process takes no more memory for a hundred thousand workbooks than for some hundreds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import wraps
from heapq import heappop, heappush, heapreplace
from itertools import count
from threading import RLock
from typing import Any, Generic, ParamSpec, TypeVar

Found = TypeVar("Found")
Asked = ParamSpec("Asked")
ROOM = 48_000_000
"""Bytes. The shapes that a department has, with what is known of them, take some 20 MB."""


class _Remembered(Generic[Found]):
    """A result, and when it was last used."""

    __slots__ = ("asked", "thing")

    def __init__(self, thing: Found, asked: int) -> None:
        self.thing, self.asked = thing, asked


class Recent(Generic[Found]):
    """Results by what they depend on. Where the room is full, the least recently used of all kinds is dropped."""

    def __init__(self, weight: int) -> None:
        self.weight = weight
        """About how many bytes a result takes with its key, without what it shares with other results."""
        self.things: dict[Hashable, _Remembered[Found]] = {}

    def __iter__(self) -> Iterator[Found]:
        """What is kept."""
        return iter([kept.thing for kept in self.things.values()])

    def find(self, key: Hashable) -> Found | None:
        """What was kept under that key; ``None`` where nothing is."""
        kept = self.things.get(key)
        if kept is None:
            return None
        kept.asked = next(_CLOCK)
        return kept.thing

    def keep(self, key: Hashable, found: Found) -> Found:
        """The thing, from now on kept under that key."""
        _ROOM.keep(self, key, found)
        return found


def remember(weight: int) -> Callable[[Callable[Asked, Found]], Callable[Asked, Found]]:
    """Keeps what a function gives, which is never ``None``, by its arguments; see :class:`Recent` for the weight."""

    def remembered(work: Callable[Asked, Found]) -> Callable[Asked, Found]:
        recent = Recent[Found](weight)

        @wraps(work)
        def find_or_do(*args: Asked.args, **named: Asked.kwargs) -> Found:
            key = (*args, *named.items())
            found = recent.find(key)
            return recent.keep(key, work(*args, **named)) if found is None else found

        return find_or_do

    return remembered


def forget_all() -> None:
    """Nothing is kept any more."""
    _ROOM.clear()


class _Room:
    """Knows what all owners keep, and drops the oldest of it. Threads may share it."""

    def __init__(self) -> None:
        self._queue: list[tuple[int, int, Recent[Any], Hashable]] = []
        """A heap of: last use as known when the entry was queued, a number of its own, owner, key."""
        self._weight = 0
        self._lock = RLock()

    def keep(self, owner: Recent[Any], key: Hashable, thing: Any) -> None:
        with self._lock:
            now = next(_CLOCK)
            if key not in owner.things:
                self._weight += owner.weight
                heappush(self._queue, (now, now, owner, key))
            owner.things[key] = _Remembered(thing, now)
            while self._weight > ROOM:
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        asked, number, owner, key = self._queue[0]
        if owner.things[key].asked > asked:  # used again since it was queued
            heapreplace(self._queue, (owner.things[key].asked, number, owner, key))
            return
        heappop(self._queue)
        del owner.things[key]
        self._weight -= owner.weight

    def clear(self) -> None:
        with self._lock:
            for _, _, owner, _ in self._queue:
                owner.things.clear()
            self._queue.clear()
            self._weight = 0


_CLOCK = count()
"""Counts what is asked for."""
_ROOM = _Room()
