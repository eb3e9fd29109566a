"""What the ledger records of a review about some projects: made from its result alone, so that it can be prepared before the ledger is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbook_tools.campaign.ledger.records import ProjectKey, ReceivedFile
from workbook_tools.campaign.ledger.status import ReviewOutcome
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.review.states import mark_states

UNKNOWN_VERSION = 0
"""The version of an outcome before the ledger has given its number."""


@dataclass(frozen=True, slots=True)
class ReviewedPart:
    """Some projects of a review that is to be recorded."""

    year: int
    """Of the review."""
    outcomes: Sequence[tuple[ProjectKey, str, ReviewOutcome]]
    """The outcome of each project that came, with the SHA-256 of its file; the version is not known yet."""
    files: Sequence[ReceivedFile]
    """The files of these projects, in the order in which they are recorded."""

    @property
    def years(self) -> set[int]:
        """That of the review, and those of its projects."""
        return {self.year, *(year for (year, _), _, _ in self.outcomes)}


def describe_part(result: ReviewResult, files: Iterable[ReceivedFile]) -> ReviewedPart:
    """What a result says about its projects and these files of theirs, without files of projects that do not count, and projects without a file."""
    result = mark_states(result, {})  # acceptance of a version is a fact of its own
    counted = {(row.year, row.code) for row in result.projects}
    chosen = {(row.year, row.code, row.file) for row in result.projects}
    known = [file for file in files if (file.year, file.code) in counted]
    known.sort(key=lambda file: (file.year, file.code, file.file) not in chosen)  # rather than the name of a copy
    digests = {(file.year, file.code, file.file): file.sha256 for file in known}
    outcomes = [
        (key, digest, read_outcome(project, UNKNOWN_VERSION))
        for project in result.projects
        if (digest := digests.get((*(key := (project.year, project.code)), project.file)))
    ]
    return ReviewedPart(result.year, outcomes, known)


def read_outcome(project: ProjectRow, version: int) -> ReviewOutcome:
    """What a review says about a version of a project."""
    return ReviewOutcome(
        version,
        project.findings,
        project.total_score,
        project.grade,
        project.complete,
        project.first_step,
        project.trust,
        project.trust_reason,
        project.evidence.absent,
    )
