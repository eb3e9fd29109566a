"""What a project came to in a year, in the figures that are compared with those of another year."""

from __future__ import annotations

from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import LastYearFigures, ProjectRow


def describe_last_year(row: ProjectRow) -> LastYearFigures:
    """What a project of the year before came to, as it stands beside the same project this year."""
    counted = row.counted_total is not None
    return LastYearFigures(
        year=row.year,
        score=row.counted_total,
        grade=row.final_grade,
        rate=row.execution_rate,
        budget=row.amount(Measure.ANNUAL_BUDGET),
        executed=row.amount(Measure.EXECUTED),
        execution_weight=row.execution_weight,
        execution_score=row.final_execution_score if counted else None,
    )
