"""Rows of a result that are read in order: packed in a temporary file, with only those in use held unpacked.

Each pass unpacks them again, which takes a few microseconds a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import TypeVar

from workbook_tools.core.packed_sequence import PackedSequence
from workbook_tools.files.packed_records import pack_plainly, unpack_plainly
from workbook_tools.files.spooled_bytes import Place, SpooledBytes

Row = TypeVar("Row")
_AT_ONCE = 64
"""So many rows are packed together: one or two hundred kilobytes unpacked."""
_MANY = 512
"""More than a department of a county has: a megabyte."""


def pack_many(rows: Iterable[Row]) -> Sequence[Row]:
    """The rows as they are where they are few, or in memory anyway; else packed as they come."""
    if isinstance(rows, tuple):
        return rows
    left = iter(rows)
    first = tuple(islice(left, _MANY))
    return CompactRows(chain(first, left)) if len(first) == _MANY else first


class CompactRows(PackedSequence[Row, Place]):
    """Takes rows one by one; afterwards it is read like a tuple of them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Raises OutputError where the disk is full."""
        spool = SpooledBytes()

        def pack(some: list[Row]) -> Place:
            return spool.lay(pack_plainly(some))

        def unpack(place: Place) -> list[Row]:
            some: list[Row] = unpack_plainly(spool.read(place))
            return some

        super().__init__(pack, unpack, _AT_ONCE)
        for row in rows:
            self.append(row)
