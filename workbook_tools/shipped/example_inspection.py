"""An example 复核, for the preview of its forms: one project of the example, of which an indicator came out lower."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.inspection.record import InspectedScore, Inspection, QualityScore
from workbook_tools.inspection.reports import INSPECTION_TAGS, SAMPLE_TAGS, InspectionFacts, InspectionSummary
from workbook_tools.inspection.sample_record import Draw, SampleRow
from workbook_tools.inspection.sampling import SampleRule, draw_sample
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.inspection_forms import INSPECTION_FORM, INSPECTION_SUMMARY
from workbook_tools.reports.tags import FormTag, fill_tags
from workbook_tools.word.rendering import open_form

TAGS: Mapping[str, tuple[FormTag[Any], ...]] = {INSPECTION_FORM: INSPECTION_TAGS, INSPECTION_SUMMARY: SAMPLE_TAGS}
"""The forms of 复核, and what they may print."""
_LESS = 2.0
"""So many 分 the reviewer found less."""


def render_example(form: Path, result: ReviewResult, look: ReportAppearance | None) -> bytes:
    """A form of 复核 filled with a project of the example. Raises TemplateError."""
    row = next(row for row in result.projects if row.total_score is not None)
    item = _inspect(row, [one for one in result.indicators if one.project_code == row.code])
    if form.name == INSPECTION_FORM:
        tags = fill_tags(INSPECTION_TAGS, InspectionFacts(row.year, item))
    else:
        sampled = map(SampleRow.of, draw_sample(result.projects, SampleRule(share=1), "例"))
        draw = Draw(seed="例", at="", rule=SampleRule(share=1), rows=tuple(sampled))
        tags = fill_tags(SAMPLE_TAGS, InspectionSummary(row.year, result.authority, draw, [item]))
    return open_form(form).render(tags | fill_tags(APPEARANCE_TAGS, look or ReportAppearance()))


def _inspect(row: ProjectRow, indicators: list[IndicatorRow]) -> Inspection:
    lowered = next(one for one in indicators if (one.score or 0) >= _LESS)
    total = (row.total_score or 0) - _LESS
    return Inspection(
        code=row.code,
        name=row.name,
        department=row.department,
        unit=row.unit,
        reason="按风险抽中（概率 40%）",
        self_total=row.total_score,
        central_total=row.final_total,
        central_grade=row.final_grade,
        total=total,
        grade=row.final_grade,
        difference=-_LESS,
        scores=tuple(_inspect_score(one, less=one is lowered) for one in indicators),
        quality=(
            QualityScore(name="按时报送", points=40, score=40),
            QualityScore(name="数据真实", points=60, score=50, note="一处与凭证不符"),
        ),
        quality_total=90,
        conclusion="自评基本真实，个别指标高估。",
        reviewer="李敏",
        date=f"{row.year + 1}年4月20日",
    )


def _inspect_score(row: IndicatorRow, *, less: bool) -> InspectedScore:
    found = {"opinion": "佐证材料不足以证明全部完成。", "evidence": "验收单"} if less else {}
    points = row.score - _LESS if less and row.score is not None else row.score
    return InspectedScore(
        dimension=row.dimension,
        name=row.name,
        weight=row.weight,
        target_text=row.target_text,
        actual_text=row.actual_text,
        value_text=row.actual_text,
        self_score=row.score,
        central_score=row.final_score,
        score=points,
        difference=-_LESS if less else 0.0,
        **found,
    )
