"""The totals of submitted workbooks under one scheme and under another, whatever they were issued under."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook_tools.files.sources import find_sources
from workbook_tools.review.guarded_reading import find_unreadable
from workbook_tools.review.scoring import totals_under
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.reading import Keys, read_submission


@dataclass(frozen=True, slots=True)
class ComparedTotal:
    """A project's total (分) and grade under both schemes."""

    name: str
    first: float | None
    first_grade: str
    second: float | None
    second_grade: str

    @property
    def moved(self) -> float | None:
        """By how much the total moves, in 分."""
        return None if self.first is None or self.second is None else round(self.second - self.first, 6)


def compare_totals(folder: Path, keys: Keys, first: Scheme, second: Scheme) -> list[ComparedTotal]:
    """Every workbook of ours in a folder, scored under both schemes. Raises SettingsError if there is no such folder."""
    sources = find_sources(folder)[0]
    refused = find_unreadable(sources)
    readings = (read_submission(source, keys) for source in sources if source not in refused)
    submissions = [reading.submission for reading in readings if reading.submission]
    totals = zip(submissions, totals_under(submissions, first), totals_under(submissions, second), strict=True)
    return [ComparedTotal(submission.project.name, *a, *b) for submission, a, b in totals]
