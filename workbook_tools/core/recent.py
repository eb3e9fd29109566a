"""What was worked out of late, kept by all that it depends on.

All of it lies in one room, which a process has once and which holds so many bytes, whoever they are from: what is reviewed
fills it with known forms, what is drawn with stencils. So a process takes no more memory for a hundred thousand workbooks than for some hundreds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from functools import wraps
from threading import RLock
from typing import Any, Generic, ParamSpec, TypeVar

Found = TypeVar("Found")
Asked = ParamSpec("Asked")
ROOM = 48_000_000
"""Bytes. The shapes that a department has, with what is known of them, take some 20 MB."""


class Recent(Generic[Found]):
    """Things by what they depend on. Where the room is full, what was not asked for longest goes, of whichever kind."""

    def __init__(self, weight: int) -> None:
        self.weight = weight
        """Bytes that a thing takes, about, with its key, without what is shared with other things that are kept."""

    def __iter__(self) -> Iterator[Found]:
        """What is kept."""
        return iter([found for (owner, _), found in _KEPT.things.items() if owner is self])

    def find(self, key: Hashable) -> Found | None:
        """What was kept under that key; ``None`` where nothing is."""
        found: Found | None = _KEPT.find((self, key))
        return found

    def keep(self, key: Hashable, found: Found) -> Found:
        """The thing, from now on kept under that key."""
        _KEPT.keep((self, key), found)
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
    _KEPT.clear()


class _Room:
    """Whose thing it is and its key → the thing, what was not asked for longest first. Threads may share it."""

    def __init__(self) -> None:
        self.things: OrderedDict[tuple[Recent[Any], Hashable], Any] = OrderedDict()
        self._weight = 0
        self._lock = RLock()

    def find(self, place: tuple[Recent[Any], Hashable]) -> Any:
        with self._lock:
            found = self.things.get(place)
            if found is not None:
                self.things.move_to_end(place)
        return found

    def keep(self, place: tuple[Recent[Any], Hashable], thing: Any) -> None:
        with self._lock:
            if place not in self.things:
                self._weight += place[0].weight
            self.things[place] = thing
            while self._weight > ROOM:
                (owner, _), _ = self.things.popitem(last=False)
                self._weight -= owner.weight

    def clear(self) -> None:
        with self._lock:
            self.things.clear()
            self._weight = 0


_KEPT = _Room()
