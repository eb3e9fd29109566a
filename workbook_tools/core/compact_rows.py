"""Rows of a result that are gone through from the first to the last: packed, but for those that are looked at.

Packed a row takes a twentieth of the memory. Each time that they are gone through they are made anew, for a few microseconds each.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import TypeVar

from workbook_tools.core.packed_sequence import PackedSequence

Row = TypeVar("Row")
_AT_ONCE = 256
"""So many rows are packed together: some hundred kilobytes as they are."""
_MANY = 512
"""More than a department of a county has: a megabyte."""


def pack_many(rows: Iterable[Row]) -> Sequence[Row]:
    """The rows as they are where they are not many, or are in memory anyway; else packed as they come."""
    if isinstance(rows, tuple):
        return rows
    left = iter(rows)
    first = tuple(islice(left, _MANY))
    return CompactRows(chain(first, left)) if len(first) == _MANY else first


class CompactRows(PackedSequence[Row, bytes]):
    """Takes rows one by one; afterwards they can be asked for like those of a tuple."""

    def __init__(self, rows: Iterable[Row]) -> None:
        super().__init__(_pack, _unpack, _AT_ONCE)
        for row in rows:
            self.append(row)


def _pack(rows: list[Row]) -> bytes:
    return zlib.compress(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), 1)


def _unpack(packed: bytes) -> list[Row]:
    rows: list[Row] = pickle.loads(zlib.decompress(packed))  # noqa: S301 - packed by this process
    return rows
