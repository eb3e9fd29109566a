"""Figures of a project as its report and its department's report print them."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.core.model import RATE_MEASURES, FundingSource, Measure
from workbook_tools.core.review_result import EXECUTION, ProjectRow
from workbook_tools.core.values import number_text, percent_text


def figure(value: float | None) -> str:
    """A number as it is printed; nothing for none."""
    return "" if value is None else number_text(value)


def percent(value: float | None) -> str:
    """A fraction as it is printed, in %; nothing for none."""
    return "" if value is None else percent_text(value)


def money(project: ProjectRow, measure: Measure, source: FundingSource) -> float | None:
    """An amount of the funding table in 万元, or a rate as a fraction."""
    return project.funding.get(measure, {}).get(source)


def amount(project: ProjectRow, measure: Measure, source: FundingSource) -> str:
    """A cell of the funding table as it is printed: 万元, or a rate in %."""
    value = money(project, measure, source)
    return percent(value) if measure in RATE_MEASURES else figure(value)


def dimension_points(project: ProjectRow) -> Iterator[tuple[str, float, float | None]]:
    """Name, weight and score of the execution rate and of each dimension."""
    if project.execution_weight:
        yield EXECUTION, project.execution_weight, project.final_execution_score
    for name, weight in project.weights.items():
        yield name, weight, project.final_scores.get(name)
