"""A scored submission and its findings → the rows of the review result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook_tools.core.labels import PLAIN_COLUMNS, CellContent, IndicatorColumn
from workbook_tools.core.model import FundingSource, Measure, Value
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, TextPlace
from workbook_tools.core.tolerances import EXACT_DECIMALS
from workbook_tools.core.values import is_number
from workbook_tools.form.evaluation import dimension_score_name
from workbook_tools.form.fields import Evaluation
from workbook_tools.form.funding import amount_name
from workbook_tools.form.narrative import INFO, text_name
from workbook_tools.form.rows import FormRow
from workbook_tools.review.scoring import (
    Scored,
    explain_execution,
    explain_indicator,
    explain_total,
    indicator_direction,
    indicator_text,
    indicator_unit,
    indicator_value,
    used_rows,
)
from workbook_tools.rules.library import NOT_APPLICABLE
from workbook_tools.rules.scheme import TextSection


def build_project_row(scored: Scored) -> ProjectRow:
    """A project's row of the result, with funding table and texts; its findings are counted once all files are settled."""
    submission, figures = scored.submission, scored.figures
    project, scheme = submission.project, submission.scheme
    used = used_rows(submission.layout, figures)
    weights: dict[str, float] = {}
    for row in used:
        weight = figures[row.name("weight")]
        if isinstance(weight, float):
            weights[row.indicator.dimension] = weights.get(row.indicator.dimension, 0.0) + weight
    present = [d for d in scheme.dimensions if d.name in weights]
    return ProjectRow(
        code=project.code,
        name=project.name,
        department=project.department,
        unit=project.unit,
        year=project.year,
        scheme=scheme.id,
        scheme_digest=scheme.digest,
        layout_version=submission.layout.version.name,
        file=submission.file,
        annual_goal=project.annual_goal,
        period_goal=project.period_goal,
        funding={m: {s: _number(figures[amount_name(m, s)]) for s in FundingSource} for m in Measure},
        execution_rate=_number(figures["scored_rate"]),
        execution_score=_number(figures["execution_score"]) if scheme.execution.weight else None,
        execution_weight=scheme.execution.weight,
        execution_reason=_text(figures["execution_reason"]),
        execution_explanation=explain_execution(scored),
        scores={d.name: _number(figures[dimension_score_name(d.key)]) for d in present},
        weights={name: float(f"{weight:.12g}") for name, weight in weights.items()},
        self_deduction=_add_deductions(scored, used),
        total_score=_number(figures["total_score"]),
        grade="" if figures["pending"] else _text(figures["grade"]),
        complete=not figures["pending"],
        pending_reason=_text(figures["pending"]),
        total_explanation=explain_total(scored),
        texts={t.key: text for t in scheme.texts if (text := _text(figures[text_name(t.key)]))},
        text_places={t.key: _find_text_place(scored, t) for t in scheme.texts if _text(figures[text_name(t.key)])},
        info={name: text for name, *_ in INFO if (text := _text(figures[name]))},
        imported=submission.partial,
    )


def _find_deduction(figures: Evaluation, row: FormRow) -> float | None:
    """The points taken off those of the rule, which may be less than typed; ``None`` if none were."""
    by_rule = _number(figures[row.name("rule_score")]) if figures.has(row.name("rule_score")) else None
    score = _number(figures[row.name("score")])
    off = round(by_rule - score, EXACT_DECIMALS) if by_rule is not None and score is not None else 0.0
    return off or None


def _add_deductions(scored: Scored, rows: Sequence[FormRow]) -> float | None:
    """All points taken off; ``None`` if the scheme allows no self-deduction."""
    if not scored.submission.scheme.total.self_deduction:
        return None
    return round(sum(_find_deduction(scored.figures, row) or 0.0 for row in rows), EXACT_DECIMALS)


def _find_text_place(scored: Scored, section: TextSection) -> TextPlace:
    sheet, cell = scored.submission.place_of(text_name(section.key))
    return TextPlace(sheet=sheet, cell=cell, label=section.label)


def build_indicator_rows(scored: Scored) -> list[IndicatorRow]:
    """The scored indicators of a project."""
    return [_build_indicator_row(scored, row) for row in used_rows(scored.submission.layout, scored.figures)]


def _build_indicator_row(scored: Scored, row: FormRow) -> IndicatorRow:
    figures = scored.figures
    sheet, cell = scored.submission.place_of(row.name("score"))
    completion = figures[row.name("stated" if row.qualitative else "completion")]
    tier, applicable = row.name("tier"), row.name("applicable")
    return IndicatorRow(
        project_code=scored.submission.project.code,
        dimension=row.indicator.dimension,
        category=_text(figures[row.name("category")]) if row.open else row.indicator.category,
        name=_text(figures[row.name("indicator")]) if row.open else row.indicator.name,
        direction=indicator_direction(row, figures),
        rule=row.indicator.rule,
        target=_none_if_blank(indicator_value(row, figures, "target")),
        unit=indicator_unit(row, figures),
        weight=_number(figures[row.name("weight")]),
        actual=_none_if_blank(indicator_value(row, figures, "actual")),
        tier=_text(figures[tier]) if figures.has(tier) else "",
        completion=_number(completion),
        score=_number(figures[row.name("score")]),
        self_deduction=_find_deduction(figures, row),
        **{column: _read_plain(scored, row, column) for column in PLAIN_COLUMNS},
        explanation=explain_indicator(scored, row),
        target_text=indicator_text(row, figures, "target"),
        actual_text=_read_as_typed(scored, row) or indicator_text(row, figures, "actual"),
        sheet=sheet,
        cell=cell,
        applicable=not figures.has(applicable) or figures[applicable] != NOT_APPLICABLE,
    )


def _read_plain(scored: Scored, row: FormRow, column: IndicatorColumn) -> Any:
    """The value of a plain column in the row; what was approved, if the form has no such column."""
    name = row.name(column)
    value = scored.figures[name] if scored.figures.has(name) else getattr(row.indicator, column, None)
    return _text(value) if column.facts.content is CellContent.TEXT else _number(value)


def _read_as_typed(scored: Scored, row: FormRow) -> str:
    """The unit's own text, if it wrote the number with words (26万元)."""
    raw = scored.submission.answers[row.name("actual")].raw if row.name("actual") in scored.submission.answers else None
    return raw.strip() if isinstance(raw, str) else ""


def _number(value: Value) -> float | None:
    return float(value) if is_number(value) and not isinstance(value, str) and value is not None else None


def _none_if_blank(value: Value) -> Value:
    return value if value != "" else None


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""
