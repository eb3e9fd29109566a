"""Compares the texts of all projects that count, to find what was copied. Of many projects another process does it: it takes some fifty megabytes,
which the long-running process of the command would not get back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from workbook_tools.core.findings import Finding
from workbook_tools.files.packed_records import adapter, unpack_record
from workbook_tools.files.temporary_data import explain_full_disk
from workbook_tools.review.batch_work import Workers, do_each, do_here
from workbook_tools.review.checks import CROSS_CHECKS
from workbook_tools.review.checks.cross import TextComparison
from workbook_tools.review.pieces import LIMITS, Texts
from workbook_tools.review.shelf import ReviewShelf

_MANY = 500
"""The texts of so many projects are compared faster here than by starting a process."""


@dataclass(frozen=True, slots=True)
class ComparedAll:
    """The result of a comparison."""

    found: list[Finding]
    unlike: bytes
    """The pairs of sentences found unlike, which were most of the work, packed; empty if there is nothing new to keep."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """The comparison of the texts of these pieces, which lie on the shelf."""

    shelf: ReviewShelf
    pieces: Sequence[int]
    unlike: bytes
    """What an earlier comparison found unlike."""
    lasting: bool
    """The result may be kept for the next review."""

    def do(self) -> ComparedAll:
        """Raises OutputError where the disk is full."""
        with explain_full_disk(), closing(TextComparison(self.unlike)) as comparison:
            for piece in self.pieces:
                comparison.add_texts(unpack_record(adapter(Texts), self.shelf.read_texts(piece)))
            found = [row for check in CROSS_CHECKS for row in check(comparison)]
            return ComparedAll(found, comparison.sentences.pack_unlike() if self.lasting else b"")


def compare_all(comparing: Comparing, projects: int, workers: Workers) -> ComparedAll:
    """Compare the texts of so many projects, here or by another process of this computer. Raises OutputError, SettingsError."""
    several = workers if isinstance(workers, int) else 0
    if projects <= _MANY or (several or os.cpu_count() or 1) == 1:
        return comparing.do()
    from workbook_tools.review.workers import choose_workers

    comparing.shelf.commit()
    [[compared]] = choose_workers(several, most=1)([[comparing]], do_each, do_here, limits=LIMITS)
    return compared
