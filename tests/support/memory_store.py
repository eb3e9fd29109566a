"""What earlier runs have left, kept in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping


class MemoryStore:
    """As ``files/sealed_store.py: KeptStore`` has it."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.entries.get(key)

    def put(self, entries: Mapping[str, bytes]) -> None:
        self.entries |= entries

    def names(self) -> list[str]:
        return [*self.entries]

    def drop(self, keys: Collection[str]) -> None:
        for key in keys:
            del self.entries[key]
