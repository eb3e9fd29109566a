"""Results with the year before beside them."""

from __future__ import annotations

from typing import Any

from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import (
    GoneRow,
    IndicatorRow,
    LastYearFigures,
    LastYearIndicator,
    ProjectRow,
    ReviewResult,
)
from workbook_tools.review.year_figures import describe_last_year

CLOSED = "档案局"
"""A department that is there no more."""


def gone(number: int, row: ProjectRow, **changes: Any) -> GoneRow:
    """A project of last year that cost as much as this one does."""
    figures = describe_last_year(row).model_copy(update={"year": row.year - 1})
    facts = {"code": f"G{number:02d}", "name": f"上年第{number}号项目", "department": row.department, "unit": row.unit}
    return GoneRow(**{**facts, **changes}, figures=figures)


def compare(result: ReviewResult) -> ReviewResult:
    """The same beside a year before: its first project is new, one had no score then, two are gone, and what lost points lost some then too."""
    year = result.year - 1
    first = {row.code for row in result.projects[:1]}
    projects = [row if row.code in first else _earlier(n, row, year) for n, row in enumerate(result.projects)]
    indicators = tuple(row if row.project_code in first else _lost_before(row) for row in result.indicators)
    left = [gone(1, row) for row in result.projects[:1]] + [
        gone(2, row, department=CLOSED) for row in result.projects[1:2]
    ]
    return result.model_copy(
        update={"projects": tuple(projects), "indicators": indicators, "gone": tuple(left), "compared_with": year}
    )


def _earlier(number: int, row: ProjectRow, year: int) -> ProjectRow:
    budget, executed = (row.amount(measure) for measure in (Measure.ANNUAL_BUDGET, Measure.EXECUTED))
    score = None if number == 1 or row.counted_total is None else round(row.counted_total - number % 5 + 1, 2)
    figures = LastYearFigures(
        year=year,
        score=score,
        grade="" if score is None else row.final_grade,
        rate=0.5,
        budget=None if budget is None else budget - 10,
        executed=None if executed is None else executed / 2,
        execution_weight=row.execution_weight,
        execution_score=None if score is None else 5.0,
    )
    return row.model_copy(update={"last_year": figures})


def _lost_before(row: IndicatorRow) -> IndicatorRow:
    score = None if row.score is None else max(0.0, row.score - 0.5)
    facts = LastYearIndicator(target_text=row.target_text or "100", actual_text="90", weight=row.weight, score=score)
    return row.model_copy(update={"last_year": facts})
