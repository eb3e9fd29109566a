"""Files that a test has reviewed by itself, settled as a review settles them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.core.result_parts import join_parts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.review.departments import settle_departments
from workbook_tools.review.given import KnownBefore, OfficeChoices
from workbook_tools.review.packing import pack_file
from workbook_tools.review.review_files import ReviewFiles
from workbook_tools.review.reviewed_file import ReviewedFile


def settle_items(
    reviewed: Iterable[ReviewedFile],
    extra: Iterable[Finding],
    expected: Sequence[Project] | None,
    *,
    year: int,
    scheme: str,
) -> ReviewResult:
    """The whole result."""
    files = ReviewFiles(expected)
    for item in reviewed:
        files.add(pack_file([item]), item.modified, item.clock)
    known = KnownBefore(projects=expected, findings=extra, year=year)
    return join_parts(settle_departments(files, known, OfficeChoices(scheme=scheme)))
