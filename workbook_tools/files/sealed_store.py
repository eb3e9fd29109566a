"""Kept entries under a seal: whoever can write in the working folder but has no key cannot forge one, and a half-written or
damaged entry counts as missing."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from workbook_tools.core.digests import digest_facts
from workbook_tools.files.stored_texts import StoredTexts

_SEAL = hashlib.sha256().digest_size


class KeptStore(Protocol):
    """Entries kept from run to run. Losing one costs only time: what cannot be read counts as missing, what cannot be written is skipped."""

    def get(self, key: str) -> bytes | None:
        """The entry of that name."""

    def put(self, entries: Mapping[str, bytes]) -> None:
        """Keep these entries: all, or none if writing breaks off."""

    def names(self) -> Iterable[str]:
        """The names of all entries."""

    def drop(self, keys: Collection[str]) -> None:
        """Drop these entries."""


class SealedStore:
    """A store of entries that this office has sealed; it remembers which of them this run has used."""

    def __init__(self, store: KeptStore, *secrets: object) -> None:
        """``secrets`` are known to the office alone; with other secrets none of the entries is valid."""
        self.seal = digest_facts("kept results", *secrets)
        """Goes into the digests that name the entries. It is a secret, too, and written nowhere."""
        self._store, self._used = store, StoredTexts()

    def get(self, name: str) -> bytes | None:
        """An entry; ``None`` if there is none with a valid seal."""
        entry = self._store.get(name)
        if entry is None or not hmac.compare_digest(entry[:_SEAL], self._sign(name, entry[_SEAL:])):
            return None
        return entry[_SEAL:]

    def use(self, name: str) -> None:
        """Mark an entry as used."""
        self._used.add((name,))

    def is_used(self, name: str) -> bool:
        """It was marked as used, or put."""
        return name in self._used

    def put(self, entries: Mapping[str, bytes]) -> None:
        """Keep these entries, all or none."""
        self._store.put({name: self._sign(name, data) + data for name, data in entries.items()})
        self._used.add(entries)

    def drop_others(self) -> None:
        """Drop what was neither used nor put."""
        self._store.drop([name for name in self._store.names() if name not in self._used])

    def _sign(self, name: str, data: bytes) -> bytes:
        return hmac.digest(self.seal.encode(), name.encode() + b"\n" + data, "sha256")
