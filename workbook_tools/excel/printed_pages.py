"""Where the last page of a printed list begins, so that what stands below it (totals, where to sign) is never alone there.

A sheet is fitted to the width of a page, and how much of it a program prints on one depends on its fonts: the widths of columns are measured
by a digit. A page that we begin ourselves begins there in every program.
"""

from __future__ import annotations

from collections.abc import Sequence

PAGE_WIDTH, PAGE_HEIGHT = 770.0, 505.0
"""Points that an A4 page across has room for within our margins."""
POINTS_PER_PIXEL = 0.75
_PARTS = [0.88 + 0.04 * n for n in range(12)]
"""So much of what we reckon stands on a page: less where a program keeps room for the page number, more where its digits are wide."""
_KEPT_TOGETHER = 3
"""Rows of a list that stand at least on the page of what follows it."""


def find_last_page(heights: Sequence[float], head: float, pixels: int, foot: int) -> int:
    """The row with which the last page is to begin where the last ``foot`` rows might be alone; else 0.

    ``heights`` of all rows that are printed, and ``head`` of those that are repeated on each page, in points; ``pixels``: the width of
    all columns.
    """
    room = PAGE_HEIGHT / min(1.0, PAGE_WIDTH / (pixels * POINTS_PER_PIXEL))
    start = len(heights) - foot - _KEPT_TOGETHER
    return start if foot and any(_begin_last_page(heights, head, room * part) > start for part in _PARTS) else 0


def _begin_last_page(heights: Sequence[float], head: float, room: float) -> int:
    """With which row the last page begins, of pages that are filled."""
    used, begun = 0.0, 0
    for row, height in enumerate(heights):
        if used and used + height > room:
            used, begun = head, row
        used += height
    return begun
