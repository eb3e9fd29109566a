"""What came of a department is kept too, and taken again as long as nothing has changed that it depends on.

That is more than its files: its projects on the list, the settings, what the ledger knows of them, their evidence, the year before, what
the comparison of all texts has shown of them. All of it is in the entry's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import PartSize
from workbook_tools.core.review_result import EvidenceRow
from workbook_tools.files.sealed_store import SealedStore
from workbook_tools.review.accounting import CheckCounts
from workbook_tools.review.packing import adapter, is_exact, pack_record, unpack_record


@dataclass(frozen=True, slots=True)
class CountedDepartment:
    """Which files of a department count."""

    files: Sequence[str]
    """In the order of its projects."""
    texts: str
    """Digest of what is compared of them."""


@dataclass(frozen=True, slots=True)
class SettledDepartment:
    """What is to be known of a department's part without opening it."""

    size: PartSize
    digest: str
    """Of the part; blank where it has none that lasts."""
    counts: CheckCounts
    schemes: Mapping[str, int]
    """How many projects were scored under each, by digest."""
    findings: Sequence[Finding]
    """What was told that belongs to no department, as :attr:`evidence`."""
    evidence: Sequence[EvidenceRow]
    with_evidence: Sequence[str]
    """Codes of the projects for which evidence came."""
    used_evidence: Sequence[str]
    """Paths of the files of evidence that they have listed."""
    errors: Mapping[str, Mapping[str, int]]
    """In which files there are errors, and how many of each code."""


class KeptDepartments:
    """What a store knows of departments; without one nothing is known, and nothing kept."""

    def __init__(self, entries: SealedStore | None) -> None:
        self._entries = entries

    @property
    def is_open(self) -> bool:
        """Something may be kept."""
        return self._entries is not None

    def find_counted(self, name: str) -> tuple[CountedDepartment, bytes] | None:
        """What is kept under a name, and the texts, packed."""
        return self._find(CountedDepartment, name)

    def find_settled(self, name: str) -> tuple[SettledDepartment, bytes] | None:
        """What is kept under a name, and the part, packed."""
        return self._find(SettledDepartment, name)

    def find_compared(self, name: str) -> list[Finding] | None:
        """What the comparison of all texts has shown."""
        found = self._find(list[Finding], name)
        return found[0] if found else None

    def keep(self, kind: type, name: str, record: object, data: bytes = b"") -> None:
        """Keep a record with its data under a name, where both come back the same."""
        head = pack_record(adapter(kind), record) if self._entries and is_exact(data) else None
        if self._entries and head and is_exact(head):
            self._entries.put({name: len(head).to_bytes(4, "big") + head + data})

    def _find(self, kind: type, name: str) -> tuple[Any, bytes] | None:
        data = self._entries.get(name) if self._entries else None
        if self._entries is None or data is None:
            return None
        size = int.from_bytes(data[:4], "big")
        try:
            record = unpack_record(adapter(kind), data[4 : 4 + size])
        except ValidationError:
            return None
        self._entries.use(name)
        return record, data[4 + size :]


def digest_data(data: bytes) -> str:
    """SHA-256 of what lasts; blank for what does not."""
    return hashlib.sha256(data).hexdigest() if is_exact(data) else ""


def group_by_code(facts: Mapping[tuple[Any, ...], object]) -> dict[str, list[object]]:
    """What is known under year and code (and more), by the code alone."""
    found: dict[str, list[object]] = {}
    for key, fact in facts.items():
        found.setdefault(key[1], []).append((key, fact))
    return found
