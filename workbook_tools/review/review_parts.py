"""The finished parts of a review, as stored on its shelf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook_tools.core.codes import Severity
from workbook_tools.core.digests import digest_facts
from workbook_tools.core.result_parts import NO_ROWS, PartOutline, PartSize, ResultParts, read_each
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.packed_records import adapter, unpack_record
from workbook_tools.review.kept_departments import SettledPiece
from workbook_tools.review.settling import sort_findings
from workbook_tools.review.shelf import ReviewShelf

ErrorCounts = Mapping[str, Mapping[str, int]]
"""File (blank: none) → code of an error → number of findings."""


@dataclass(frozen=True, slots=True)
class PieceEntry:
    """A piece of a department, and facts about its rows."""

    number: int
    """Its number on the shelf."""
    size: PartSize
    digest: str
    """Of its rows; blank if not known."""


class ReviewParts:
    """A result whose parts lie on the shelf of its review, in pieces: see :class:`workbook_tools.core.result_parts.ResultParts`."""

    def __init__(self, shelf: ReviewShelf, head: ReviewResult, pieces: Mapping[str, Sequence[PieceEntry]]) -> None:
        """``pieces`` are those of the departments, in order; what belongs to no department is on the shelf as piece 0."""
        self._shelf, self._head, self._pieces = shelf, head, pieces
        self._sizes = {name: _add_sizes(one.size for one in own) for name, own in pieces.items()}
        self._others: dict[int, ReviewResult] = {}
        """What belongs to no project, of pieces that were opened."""

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
        pieces = [self._read(piece.number) for piece in self._pieces[department]]
        if len(pieces) == 1:
            return self._head.model_copy(update={name: getattr(pieces[0], name) for name in NO_ROWS})
        rows = {name: tuple(row for piece in pieces for row in getattr(piece, name)) for name in NO_ROWS}
        return self._head.model_copy(update=rows | {"findings": tuple(sort_findings(rows["findings"]))})

    def outline(self, department: str) -> PartOutline:
        """How many rows each of its projects has; one piece is in memory at a time."""
        return PartOutline.of(map(self._open, self._pieces[department]))

    def read_range(self, department: str, first: int, stop: int) -> ReviewResult:
        """The projects of these places, with their rows: only pieces that have some of them are opened."""
        rows: dict[str, list[Any]] = {name: [] for name in NO_ROWS}
        start = 0
        for piece in self._pieces[department]:
            end = start + piece.size.projects
            if start < stop and first < end:
                part = self._open(piece)
            else:
                part = self._others.get(piece.number) or _leave_projects(self._open(piece))
            rows["projects"] += part.projects[max(0, first - start) : max(0, stop - start)]
            for name in rows.keys() - {"projects"}:
                rows[name] += getattr(part, name)
            start = end
        rows["findings"] = sort_findings(rows["findings"])
        return self._head.model_copy(update={name: tuple(some) for name, some in rows.items()})

    def _open(self, piece: PieceEntry) -> ReviewResult:
        part = self._read(piece.number)
        if piece.number not in self._others:
            self._others[piece.number] = _leave_projects(part)
        return part

    def read_rest(self) -> ReviewResult:
        """What belongs to no department."""
        rest = self._read(0)
        return self._head.model_copy(update={name: getattr(rest, name) for name in NO_ROWS})

    def find_digest(self, department: str) -> str:
        """The digest of a department's part; blank if not known."""
        digests = [piece.digest for piece in self._pieces[department]]
        if len(digests) == 1:
            return digests[0]
        return digest_facts(digests) if all(digests) else ""

    def count_errors(self) -> Iterator[ErrorCounts]:
        """The errors of each piece by file, without opening it."""
        yield count_errors(self.read_rest())
        for pieces in self._pieces.values():
            for piece in pieces:
                known: SettledPiece = unpack_record(adapter(SettledPiece), self._shelf.read_settled(piece.number))
                yield known.errors

    def _read(self, piece: int) -> ReviewResult:
        rows: ReviewResult = unpack_record(adapter(ReviewResult), self._shelf.read_rows(piece))
        return rows


def _leave_projects(piece: ReviewResult) -> ReviewResult:
    """A piece without its projects and the rows about them."""
    own = {row.code for row in piece.projects}
    said = ("indicators", "findings", "evidence")
    others = {name: tuple(row for row in getattr(piece, name) if row.project_code not in own) for name in said}
    return piece.model_copy(update={"projects": (), **others})


def _add_sizes(sizes: Iterable[PartSize]) -> PartSize:
    rows = [(one.projects, one.indicators, one.findings, one.missing) for one in sizes]
    return PartSize(*map(sum, zip(*rows, strict=True)))


def list_errors(parts: ResultParts) -> Iterator[ErrorCounts]:
    """The errors of each part by file; parts of a review are not opened for it."""
    return parts.count_errors() if isinstance(parts, ReviewParts) else map(count_errors, read_each(parts))


def count_errors(part: ReviewResult) -> dict[str, dict[str, int]]:
    """The errors of a part by file."""
    found: dict[str, Counter[str]] = {}
    for row in part.findings:
        if row.severity is Severity.ERROR:
            found.setdefault(row.file, Counter())[row.code] += 1
    return {file: dict(codes) for file, codes in found.items()}
