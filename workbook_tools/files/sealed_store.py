"""Entries under a seal: whoever can write in the working folder, but has no key, cannot put anything into what is kept there, and a
half-written or rotten entry is none."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from workbook_tools.core.digests import digest_facts
from workbook_tools.files.stored_texts import StoredTexts

_SEAL = hashlib.sha256().digest_size


class KeptStore(Protocol):
    """Entries that outlive a run. It is a convenience: one that cannot be read is not there, one that cannot be written is left."""

    def get(self, key: str) -> bytes | None:
        """The entry of that name."""

    def put(self, entries: Mapping[str, bytes]) -> None:
        """Keep these: all of them, or none where that is broken off."""

    def names(self) -> Iterable[str]:
        """The names of all entries."""

    def drop(self, keys: Collection[str]) -> None:
        """Forget these."""


class SealedStore:
    """A store whose entries are of this office, each under its own name; and which of them this run has asked for."""

    def __init__(self, store: KeptStore, *secrets: object) -> None:
        """``secrets``: what nobody else knows; another secret, other entries."""
        self.seal = digest_facts("kept results", *secrets)
        """For the digests that entries are named by; a secret itself, which is written nowhere."""
        self._store, self._used = store, StoredTexts()

    def get(self, name: str) -> bytes | None:
        """An entry; ``None`` where there is none of ours."""
        entry = self._store.get(name)
        if entry is None or not hmac.compare_digest(entry[:_SEAL], self._sign(name, entry[_SEAL:])):
            return None
        return entry[_SEAL:]

    def use(self, name: str) -> None:
        """It is still needed."""
        self._used.add((name,))

    def is_used(self, name: str) -> bool:
        """It was asked for, or put."""
        return name in self._used

    def put(self, entries: Mapping[str, bytes]) -> None:
        """Keep these, all or none."""
        self._store.put({name: self._sign(name, data) + data for name, data in entries.items()})
        self._used.add(entries)

    def drop_others(self) -> None:
        """Forget what was neither asked for nor put."""
        self._store.drop([name for name in self._store.names() if name not in self._used])

    def _sign(self, name: str, data: bytes) -> bytes:
        return hmac.digest(self.seal.encode(), name.encode() + b"\n" + data, "sha256")
