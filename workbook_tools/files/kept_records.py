"""Records kept from run to run, each under a digest of all that it depends on and of the program."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from workbook_tools.core.digests import digest_facts
from workbook_tools.files.packed_records import adapter, is_exact, pack_record, unpack_record
from workbook_tools.files.program import digest_program
from workbook_tools.files.sealed_store import SealedStore

_SIZE = 4
"""Bytes that say how long the record is, before its data."""
T = TypeVar("T")


class KeptRecords:
    """The records in a store; without a store none are known and none are kept."""

    def __init__(self, entries: SealedStore | None = None) -> None:
        self._entries = entries

    @property
    def is_open(self) -> bool:
        """There is a store."""
        return self._entries is not None

    def name(self, *facts: object) -> str:
        """The name of what depends on these facts."""
        return digest_facts(digest_program(), *facts)

    def find(self, kind: type[T], name: str) -> tuple[T, bytes] | None:
        """The record under a name, and its data."""
        data = self._entries.get(name) if self._entries else None
        if self._entries is None or data is None:
            return None
        end = _SIZE + int.from_bytes(data[:_SIZE], "big")
        try:
            record: T = unpack_record(adapter(kind), data[_SIZE:end])
        except ValidationError:
            return None
        self._entries.use(name)
        return record, data[end:]

    def use(self, name: str) -> None:
        """Later runs will need what is kept under this name, even if this one does not."""
        if self._entries:
            self._entries.use(name)

    def keep(self, kind: type[T], name: str, record: T, data: bytes = b"") -> None:
        """Keep a record with its data under a name, if the record comes back the same from JSON."""
        head = pack_record(adapter(kind), record) if self._entries and is_exact(data) else None
        if self._entries and head and is_exact(head):
            self._entries.put({name: len(head).to_bytes(_SIZE, "big") + head + data})

    def drop_others(self) -> None:
        """Drop what this run has neither found nor kept."""
        if self._entries:
            self._entries.drop_others()
