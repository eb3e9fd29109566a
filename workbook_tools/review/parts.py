"""The finished parts of a review, where it has laid them down."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_tools.core.result_parts import NO_ROWS, PartSize
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.review.shelf import ReviewShelf


class ReviewParts:
    """A result whose parts lie on the shelf of its review: see :class:`workbook_tools.core.result_parts.ResultParts`."""

    def __init__(self, shelf: ReviewShelf, head: ReviewResult, sizes: Mapping[str, PartSize]) -> None:
        """On the shelf the rest is part 0, and the departments, in the order of ``sizes``, are the parts from 1."""
        self._shelf, self._head, self._sizes = shelf, head, sizes
        self._numbers = {department: number for number, department in enumerate(sizes, 1)}

    @property
    def head(self) -> ReviewResult:
        """What is said once of all."""
        return self._head

    @property
    def sizes(self) -> Mapping[str, PartSize]:
        """The departments, in the order of the list."""
        return self._sizes

    def read(self, department: str) -> ReviewResult:
        """A department's part."""
        return self._read(self._numbers[department])

    def read_rest(self) -> ReviewResult:
        """What belongs to no department."""
        return self._read(0)

    def _read(self, number: int) -> ReviewResult:
        part = self._shelf.read_part(number)
        return self._head.model_copy(update={name: getattr(part, name) for name in NO_ROWS})
