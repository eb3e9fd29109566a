"""What came of a piece of a department is kept too, and taken again as long as nothing has changed that it depends on.

That is more than its files: its projects on the list, the settings, what the ledger knows of them, their evidence, the year before, what
the comparison of all texts has shown of them. All of it is in the entry's name.
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
    """Digest of what is compared of them."""


@dataclass(frozen=True, slots=True)
class SettledPiece:
    """What is to be known of the rows of a piece without opening them."""

    size: PartSize
    digest: str
    """Of the rows; blank where they have none that lasts."""
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


def digest_data(data: bytes) -> str:
    """SHA-256 of what lasts; blank for what does not."""
    return hashlib.sha256(data).hexdigest() if is_exact(data) else ""
