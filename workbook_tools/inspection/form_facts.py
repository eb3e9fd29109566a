"""What a 复核表 prints beside the project: why it was drawn, what the self-evaluation and finance came to, what its quality is marked by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from workbook_tools.core.model import FundingSource, Indicator, Measure, Project
from workbook_tools.core.review_result import IndicatorRow, ProjectRow
from workbook_tools.rules.scheme import Scheme
from workbook_tools.rules.setting_base import Setting


class _PrintedFacts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class QualityMark(_PrintedFacts):
    """How an item of the quality of a self-evaluation is marked (wbt.toml: [quality]). No national sheet is known: each is the office's own."""

    points: Annotated[float, Field(gt=0, le=1000), Setting("满分", example="20")]
    """分, at most."""
    hint: Annotated[str, Setting("怎样给分", example="逾期一天扣5分")] = ""


class QualityItem(QualityMark):
    """The item as it is printed."""

    name: str


class PrintedRow(_PrintedFacts):
    """An indicator as it was evaluated."""

    actual_text: str = ""
    """自评完成值, as the form printed it (96%)."""
    self_score: float | None = None
    """自评得分: what the unit's answers come to, in 分."""
    central_score: float | None = None
    """审核得分: the same, or 核定 where finance has judged."""
    self_deduction: float | None = None
    """自扣分, where the scheme allows that."""
    applicable: bool = True


class PrintedExecution(_PrintedFacts):
    """预算执行率 as it was evaluated."""

    base: float | None = None
    """The budget that it is scored on, in 万元."""
    executed: float | None = None
    """全年执行资金, in 万元."""
    rate: float | None = None
    """A fraction."""
    self_score: float | None = None
    central_score: float | None = None


class FormFacts(_PrintedFacts):
    """All that is printed."""

    reason: str
    """Why the project was drawn, or who has picked it and why."""
    rows: tuple[PrintedRow, ...] = ()
    """Of each indicator of the project, in their order."""
    execution: PrintedExecution = PrintedExecution()
    self_total: float | None = None
    central_total: float | None = None
    central_grade: str = ""
    quality: tuple[QualityItem, ...] = ()


def rebuild_project(row: ProjectRow, indicators: Sequence[IndicatorRow]) -> Project:
    """The project with its indicators as they were scored, out of the result of a review."""
    return Project(
        code=row.code,
        name=row.name,
        department=row.department,
        unit=row.unit,
        year=row.year,
        scheme=row.scheme,
        indicators=tuple(
            Indicator(
                dimension=item.dimension,
                category=item.category,
                name=item.name,
                weight=item.weight,
                direction=item.direction,
                target=item.target,
                unit=item.unit,
                rule=item.rule,
            )
            for item in indicators
        ),
    )


def collect_facts(
    row: ProjectRow,
    indicators: Sequence[IndicatorRow],
    scheme: Scheme,
    reason: str,
    quality: Mapping[str, QualityMark],
) -> FormFacts:
    """What is printed of a reviewed project; ``quality`` by the item's name."""
    return FormFacts(
        reason=reason,
        rows=tuple(
            PrintedRow(
                actual_text=item.actual_text or item.tier,
                self_score=item.score,
                central_score=item.final_score,
                self_deduction=item.self_deduction,
                applicable=item.applicable,
            )
            for item in indicators
        ),
        execution=PrintedExecution(
            base=row.amount(scheme.execution.base_measure, FundingSource.TOTAL),
            executed=row.amount(Measure.EXECUTED, FundingSource.TOTAL),
            rate=row.execution_rate,
            self_score=row.execution_score,
            central_score=row.final_execution_score,
        ),
        self_total=row.total_score,
        central_total=row.final_total,
        central_grade=row.final_grade,
        quality=tuple(QualityItem(name=name, **mark.model_dump()) for name, mark in quality.items()),
    )


def sort_by_dimension(indicators: Sequence[IndicatorRow], scheme: Scheme) -> list[IndicatorRow]:
    """In the order in which a form has them."""
    order = {dimension.name: place for place, dimension in enumerate(scheme.dimensions)}
    return sorted(indicators, key=lambda item: order.get(item.dimension, len(order)))
