"""A sequence that packs its items as it grows; only the last ones, and those that were read last, are held unpacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Item = TypeVar("Item")
Pack = TypeVar("Pack")


class PackedSequence(Sequence[Item], Generic[Item, Pack]):
    """``pack`` packs ``at_once`` items together and ``unpack`` restores them; at most ``opened`` packs are held unpacked."""

    def __init__(
        self, pack: Callable[[list[Item]], Pack], unpack: Callable[[Pack], list[Item]], at_once: int, opened: int = 1
    ) -> None:
        self._pack, self._unpack = pack, unpack
        self._at_once, self._most_opened = at_once, opened
        self._packs: list[Pack] = []
        self._last: list[Item] = []
        """Those that are not packed yet."""
        self._opened: dict[int, list[Item]] = {}
        """The packs that were unpacked last, by their numbers."""

    def append(self, item: Item) -> None:
        """One more."""
        self._last.append(item)
        if len(self._last) == self._at_once:
            self._packs.append(self._pack(self._last))
            self._last = []

    def __len__(self) -> int:
        return self._at_once * len(self._packs) + len(self._last)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(place, slice):
            return tuple(self[at] for at in range(len(self))[place])
        number, within = divmod(range(len(self))[place], self._at_once)
        return self._open(number)[within]

    def __iter__(self) -> Iterator[Item]:
        """Pack by pack; this keeps none of them unpacked."""
        for pack in self._packs:
            yield from self._unpack(pack)
        yield from self._last

    def _open(self, number: int) -> list[Item]:
        if number == len(self._packs):
            return self._last
        if number not in self._opened:
            if len(self._opened) == self._most_opened:
                self._opened.pop(next(iter(self._opened)))
            self._opened[number] = self._unpack(self._packs[number])
        return self._opened[number]
