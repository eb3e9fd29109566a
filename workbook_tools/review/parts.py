"""The finished parts of a review, where it has laid them down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from workbook_tools.core.codes import Severity
from workbook_tools.core.result_parts import NO_ROWS, PartSize, ResultParts, read_each
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.packed_records import adapter, unpack_record
from workbook_tools.review.kept_departments import SettledDepartment
from workbook_tools.review.shelf import ReviewShelf

ErrorCounts = Mapping[str, Mapping[str, int]]
"""File → code of an error → at how many places; blank for what is of no file."""


class ReviewParts:
    """A result whose parts lie on the shelf of its review: see :class:`workbook_tools.core.result_parts.ResultParts`."""

    def __init__(self, shelf: ReviewShelf, head: ReviewResult, departments: Mapping[str, SettledDepartment]) -> None:
        """On the shelf the rest is part 0, and the ``departments``, in their order, are the parts from 1."""
        self._shelf, self._head, self._departments = shelf, head, departments
        self._sizes = {name: one.size for name, one in departments.items()}
        self._numbers = {department: number for number, department in enumerate(departments, 1)}

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

    def find_digest(self, department: str) -> str:
        """Of the department's part: the same as long as nothing in it is otherwise; blank where that is not known."""
        return self._departments[department].digest

    def count_errors(self) -> Iterator[ErrorCounts]:
        """Of each part in which files there are errors, without opening it."""
        yield count_errors(self.read_rest())
        yield from (department.errors for department in self._departments.values())

    def _read(self, number: int) -> ReviewResult:
        part: ReviewResult = unpack_record(adapter(ReviewResult), self._shelf.read_part(number))
        return self._head.model_copy(update={name: getattr(part, name) for name in NO_ROWS})


def list_errors(parts: ResultParts) -> Iterator[ErrorCounts]:
    """Of each part in which files there are errors; what a review has settled is not opened for it."""
    return parts.count_errors() if isinstance(parts, ReviewParts) else map(count_errors, read_each(parts))


def count_errors(part: ReviewResult) -> dict[str, dict[str, int]]:
    """In which files of a part there are errors."""
    found: dict[str, Counter[str]] = {}
    for row in part.findings:
        if row.severity is Severity.ERROR:
            found.setdefault(row.file, Counter())[row.code] += 1
    return {file: dict(codes) for file, codes in found.items()}
