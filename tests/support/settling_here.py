"""Files that a test has reviewed by itself, settled as a review settles them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.core.result_parts import join_parts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.review.departments import ReviewFiles, settle_departments
from workbook_tools.review.packing import pack_file
from workbook_tools.review.reviewed_file import ReviewedFile


def settle_items(
    reviewed: Iterable[ReviewedFile], extra: Iterable[Finding], expected: Sequence[Project] | None, **choices: Any
) -> ReviewResult:
    """The whole result."""
    files = ReviewFiles(expected)
    for item in reviewed:
        files.add(pack_file([item]), item.modified, item.clock)
    return join_parts(settle_departments(files, expected, extra, (), **choices))
