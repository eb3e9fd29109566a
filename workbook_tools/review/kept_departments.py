"""The results of settling a piece of a department are kept, too, and used again as long as nothing that they depend on has changed.

They depend on more than files: the projects on the list, the settings, what the ledger knows of the projects, their evidence, the year
before, and what the comparison of all texts has shown. All of that is in the digest that names the entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import PartSize
from workbook_tools.core.review_result import EvidenceRow
from workbook_tools.files.packed_records import is_exact
from workbook_tools.review.accounting import CheckCounts


@dataclass(frozen=True, slots=True)
class CountedPiece:
    """Which files of a piece of a department count."""

    files: Sequence[str]
    """In the order of its projects."""
    texts: str
    """Digest of their texts that are compared."""


@dataclass(frozen=True, slots=True)
class SettledPiece:
    """Facts about the rows of a piece, known without opening the rows."""

    size: PartSize
    digest: str
    """Of the rows; blank if they are not JSON."""
    counts: CheckCounts
    schemes: Mapping[str, int]
    """How many projects were scored under each, by digest."""
    findings: Sequence[Finding]
    """Findings that belong to no department; so does :attr:`evidence`."""
    evidence: Sequence[EvidenceRow]
    with_evidence: Sequence[str]
    """Codes of the projects for which evidence came."""
    used_evidence: Sequence[str]
    """Paths of the files of evidence that they have listed."""
    errors: Mapping[str, Mapping[str, int]]
    """In which files there are errors, and how many of each code."""


def digest_data(data: bytes) -> str:
    """SHA-256 of packed rows that are JSON; blank for a pickle."""
    return hashlib.sha256(data).hexdigest() if is_exact(data) else ""
