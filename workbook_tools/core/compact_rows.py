"""Rows of a result that are gone through from the first to the last: packed, but for those that are looked at.

Packed a row takes a twentieth of the memory. Each time that they are gone through they are made anew, for a few microseconds each.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

Row = TypeVar("Row")
_AT_ONCE = 256
"""So many rows are packed together: some hundred kilobytes as they are."""
_MANY = 2_000
"""More than a department of a county has: some megabytes."""


def pack_many(rows: Iterable[Row]) -> Sequence[Row]:
    """The rows as they are where they are not many, or are in memory anyway; else packed as they come."""
    if isinstance(rows, tuple):
        return rows
    left = iter(rows)
    first = tuple(islice(left, _MANY))
    return CompactRows(chain(first, left)) if len(first) == _MANY else first


class CompactRows(Sequence[Row]):
    """Takes rows one by one; afterwards they can be asked for like those of a tuple."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._packed: list[bytes] = []
        self._count = 0
        self._at, self._rows = -1, list[Row]()
        """Which batch was looked at last, and its rows."""
        left = iter(rows)
        while batch := [*islice(left, _AT_ONCE)]:
            self._packed.append(zlib.compress(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL), 1))
            self._count += len(batch)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        for at in range(len(self._packed)):
            yield from self._unpack(at)

    def __getitem__(self, place: Any) -> Any:
        """One row, or the rows of a slice."""
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(self._count)))
        at = range(self._count)[place]
        if at // _AT_ONCE != self._at:
            self._at, self._rows = at // _AT_ONCE, self._unpack(at // _AT_ONCE)
        return self._rows[at % _AT_ONCE]

    def _unpack(self, at: int) -> list[Row]:
        rows: list[Row] = pickle.loads(zlib.decompress(self._packed[at]))  # noqa: S301 - packed by this process
        return rows
