"""A form of today beside the list: nothing in it is locked, so what was approved has to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.labels import USUAL_LABELS, FormLabels
from workbook_tools.core.model import Direction, FundingSource, Indicator, Measure, Project
from workbook_tools.core.review_result import IndicatorRow, ProjectRow
from workbook_tools.core.tolerances import NOISE, STORED
from workbook_tools.core.values import is_number, number_text, plain, target_text

_OUT_OF_SCALE = 1000.0
"""So many times a budget does not change in a year; 元 for 万元 is ten thousand times."""


def compare_with_approved(
    rows: Sequence[IndicatorRow], project: Project, file: str, labels: FormLabels = USUAL_LABELS
) -> Iterator[Finding]:
    """How the indicators of a form differ from the approved ones of its project, if there are any.

    ``labels`` are what the form of its scheme calls its parts.
    """
    if not project.indicators:
        return
    stated = {plain(row.name): row for row in rows}
    for indicator in project.indicators:
        row = stated.pop(plain(indicator.name), None)
        if row is None:
            yield _finding_about(project, file, indicator.name, "批复的指标表上没有", "", _target_of(indicator))
        else:
            yield from _compare_row(row, indicator, project, file, labels)
    for row in stated.values():
        yield _finding_about(project, file, row.name, "表上的指标清单中没有", row.target_text, "", row)


def compare_budgets(row: ProjectRow, project: Project, file: str) -> Iterator[Finding]:
    """The first budget of a form that is another order of magnitude than that of its project in the list, where both have one."""
    for measure in (Measure.ANNUAL_BUDGET, Measure.INITIAL_BUDGET):
        stated = row.funding.get(measure, {}).get(FundingSource.TOTAL) or 0.0
        listed = sum(amount or 0.0 for amount in getattr(project, measure.value).values())
        if stated > 0 and listed > 0 and max(stated / listed, listed / stated) >= _OUT_OF_SCALE:
            yield finding(
                "IMPORT22",
                project_code=project.code,
                file=file,
                field=measure.label,
                found=f"{number_text(stated)}万元",
                expected=f"清单中 {number_text(listed)}万元",
            )
            return


def _compare_row(
    row: IndicatorRow, indicator: Indicator, project: Project, file: str, labels: FormLabels
) -> Iterator[Finding]:
    weight = indicator.weight
    if weight is not None and (row.weight is None or not NOISE.same(row.weight, weight)):
        found = f"没有{labels.weight}" if row.weight is None else f"{number_text(row.weight)}分"
        yield _finding_about(
            project, file, row.name, f"{labels.weight}与批复的不一致", found, f"{number_text(weight)}分", row
        )
    if not _same_target(row, indicator):
        yield _finding_about(
            project, file, row.name, f"{labels.target}与批复的不一致", row.target_text, _target_of(indicator), row
        )


def _same_target(row: IndicatorRow, indicator: Indicator) -> bool:
    if isinstance(indicator.target, str) or indicator.target is None or not is_number(row.target):
        return plain(row.target_text) == plain(_target_of(indicator))
    target = float(row.target)  # type: ignore[arg-type]
    alike = STORED.same(target, indicator.target)
    return alike and row.direction is indicator.direction and plain(row.unit) in ("", plain(indicator.unit))


def _target_of(indicator: Indicator) -> str:
    direction = Direction.QUALITATIVE if isinstance(indicator.target, str) else indicator.direction
    return target_text(indicator.target, indicator.unit, direction)


def _finding_about(
    project: Project, file: str, name: str, message: str, found: str, expected: str, row: IndicatorRow | None = None
) -> Finding:
    place = {"sheet": row.sheet, "cell": row.cell} if row else {}
    return finding(
        "IMPORT18", message, project_code=project.code, file=file, field=name, found=found, expected=expected, **place
    )
