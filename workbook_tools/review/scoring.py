"""Submissions → scores, from inputs only, never from a number that a sheet shows.

The scores of many submissions are computed at once, as columns (arrays), from the same trees that wrote
the formulas into the cells. Completions are fractions, scores and weights 分.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.model import Direction, FundingSource, Measure, Value
from workbook_tools.core.values import (
    PERCENT,
    is_number,
    number_text,
    percent_text,
    quantity_text,
    target_text,
    unit_number,
)
from workbook_tools.form.evaluation import dimension_score_name
from workbook_tools.form.fields import Evaluation, Layout
from workbook_tools.form.funding import amount_name
from workbook_tools.form.rows import FormRow
from workbook_tools.form.submission import Submission
from workbook_tools.rules import library
from workbook_tools.rules.rounding import Array
from workbook_tools.rules.rule_set import CURRENT_RULES, RuleSet
from workbook_tools.rules.scheme import Scheme

if TYPE_CHECKING:
    import numpy as np
else:
    np = LateModule("numpy")


@dataclass(slots=True)
class Scored:
    """A submission with its central figures, by field name; what is not scored is computed on demand."""

    submission: Submission
    figures: Evaluation


def score_all(submissions: Sequence[Submission]) -> Iterator[Scored]:
    """Score submissions, in their order, each by the rules that it was issued with; alike ones in one pass over columns."""
    groups: dict[tuple[str, str], list[int]] = {}
    for i, submission in enumerate(submissions):
        groups.setdefault((submission.scheme.digest, submission.layout.version.name), []).append(i)
    scored: dict[int, Scored] = {}
    for members in groups.values():
        some = [submissions[i] for i in members]
        for i, known in zip(members, _score_group(some, some[0].scheme, some[0].layout.rules), strict=True):
            inputs = _inputs(submissions[i])
            scored[i] = Scored(submissions[i], Evaluation(submissions[i].layout, inputs, known))
    return (scored[i] for i in range(len(submissions)))


def _inputs(submission: Submission) -> dict[str, Value]:
    return {name: answer.value for name, answer in submission.answers.items()}


Columns = Mapping[str, Array]
"""Arrays of equal length, by name: one value per row."""
_NUMBERS = frozenset({"actual", "target", "weight", "stated", "self_deduction"})
_COLUMNS = (
    "project", "number", "dimension", "rule", "unit", "direction", "actual", "target", "weight", "tier", "stated",
    "applicable", "answered", "self_deduction",
)  # fmt: skip


def indicator_columns(submissions: Sequence[Submission]) -> dict[str, Array]:
    """One row per row of the indicator tables: ``project`` (position in ``submissions``), ``number`` (row),
    ``dimension``, ``rule``, ``unit``, the rules' variables, and ``answered``, whether the row in use has an actual.
    Numbers are floats with NaN for what is none.
    """
    records: list[tuple[Value, ...]] = []
    for position, submission in enumerate(submissions):
        figures = Evaluation(submission.layout, _inputs(submission))
        for row in submission.layout.rows:
            records.append(
                (position, row.number, row.indicator.dimension, row.indicator.rule, *_variables(row, figures))
            )
    values = zip(*records, strict=True) if records else [()] * len(_COLUMNS)
    return {name: make_column(name, column) for name, column in zip(_COLUMNS, values, strict=True)}


def make_column(name: str, values: Sequence[Value]) -> Array:
    """The column of a variable of the rules."""
    if name in _NUMBERS:
        return np.array([value if is_number(value) else np.nan for value in values], dtype=float)
    return np.array(values, dtype=int if name in ("project", "number") else object)


def _variables(row: FormRow, figures: Evaluation) -> tuple[Value, ...]:
    fixed = row.indicator
    return (
        fixed.unit if not row.open and fixed.unit == PERCENT else "",
        figures[row.name("direction")] if row.open else fixed.direction.symbol,
        figures[row.name("actual")],
        figures[row.name("target")],
        figures[row.name("weight")],
        figures[row.name("tier")] if figures.has(row.name("tier")) else None,
        figures[row.name("stated")] if figures.has(row.name("stated")) else None,
        figures[row.name("applicable")] if figures.has(row.name("applicable")) else library.APPLICABLE,
        figures[row.name("answered")],
        figures[row.name("self_deduction")] if figures.has(row.name("self_deduction")) else None,
    )


def score_columns(columns: Columns, scheme: Scheme, rules: RuleSet = CURRENT_RULES) -> dict[str, Array]:
    """The columns of :func:`indicator_columns` with ``completion``, ``points`` (of the rule) and ``score`` (NaN = none)."""
    scored = {**columns, "completion": rules.completion(scheme).frame(columns)}
    points = np.full(len(columns["rule"]), np.nan)
    alike: dict[tuple[str, str], list[int]] = {}
    for number, (rule, unit) in enumerate(zip(columns["rule"], columns["unit"], strict=True)):
        alike.setdefault((rule if rule in scheme.steps else "", unit), []).append(number)
    for (rule, unit), rows in alike.items():
        points[rows] = rules.score(scheme, rule, unit).frame({name: column[rows] for name, column in scored.items()})
    scored["points"] = points
    scored["score"] = rules.deducted(scheme).frame(scored) if scheme.total.self_deduction else points
    return scored


def _score_group(submissions: Sequence[Submission], scheme: Scheme, rules: RuleSet) -> list[dict[str, Value]]:
    """The scored figures of submissions of one scheme, by field name."""
    columns = indicator_columns(submissions)
    known: list[dict[str, Value]] = [{} for _ in submissions]
    totals = _totals(submissions, known, scheme, rules)
    if len(columns["project"]):
        columns = score_columns(columns, scheme, rules)
        for position, number, completion, points, score in zip(
            *(columns[name] for name in ("project", "number", "completion", "points", "score")), strict=True
        ):
            row = submissions[position].layout.rows[number - 1]
            if not row.qualitative:  # an approved qualitative row has the stated completion alone
                known[position][row.name("completion")] = _value(completion)
            known[position][row.name("score")] = _value(score)
            if scheme.total.self_deduction:
                known[position][row.name("rule_score")] = _value(points)
        _dimensions(columns, known, scheme, rules)
        for name, column in _add_up_rows(columns, len(submissions)).items():
            totals[name] = totals[name] + column
    total = rules.total_score(scheme).frame(totals)
    pending = rules.pending_reason(scheme).frame(totals)
    grades = rules.grade(scheme).frame({**totals, "total": total, "pending": pending})
    for figures, points, reason, grade in zip(known, total, pending, grades, strict=True):
        figures["total_score"] = _value(points)
        figures["pending"] = reason
        figures["grade"] = grade if isinstance(grade, str) else ""
    return known


def _add_up_rows(columns: Columns, projects: int) -> dict[str, Array]:
    """Per project the sums and counts over its rows that the rules of a form ask for."""
    score, weight, state = columns["score"], columns["weight"], columns["answered"]
    weights = np.nan_to_num(weight)
    per_row = {
        "scores": np.nan_to_num(score),
        "#scores": ~np.isnan(score),
        "#weights": ~np.isnan(weight),
        "total_weight": weights,
        "weights@applicables": np.where(columns["applicable"] == library.NOT_APPLICABLE, 0.0, weights),
        **{f"states={word}": state == word for word in (library.ANSWERED, library.UNANSWERED)},
    }
    return {name: np.bincount(columns["project"], column, projects) for name, column in per_row.items()}


def totals_under(submissions: Sequence[Submission], scheme: Scheme) -> list[tuple[float | None, str]]:
    """Total and grade of each submission as ``scheme`` would score it, whatever it was issued under.

    Step rules that the scheme does not have count as its usual rule.
    """
    return [
        (total if isinstance(total := known["total_score"], float) else None, str(known["grade"]))
        for known in _score_group(submissions, scheme, CURRENT_RULES)
    ]


def _totals(
    submissions: Sequence[Submission], known: list[dict[str, Value]], scheme: Scheme, rules: RuleSet
) -> dict[str, Array]:
    """Per project: the execution rate, its points (noted in ``known``), and sums that start from these points."""
    parts = {
        "executed": amount_name(Measure.EXECUTED, FundingSource.TOTAL),
        "base": amount_name(scheme.execution.base_measure, FundingSource.TOTAL),
    }
    columns = {}
    forms = [Evaluation(submission.layout, _inputs(submission)) for submission in submissions]
    for variable, name in parts.items():
        columns[variable] = np.array([_number(figures[name]) for figures in forms], dtype=float)
    columns["rate"] = rules.scored_rate(scheme).frame(columns)
    points = rules.execution_score(scheme).frame(columns)
    for figures_by_name, value in zip(known, points, strict=True):
        figures_by_name["execution_score"] = _value(value)
    scored = scheme.execution.weight > 0
    start = np.nan_to_num(points) if scored else np.zeros(len(points))
    count = (~np.isnan(points)).astype(float) if scored else np.zeros(len(points))
    started = {"scores": start, "#scores": count, "total_weight": np.full(len(points), scheme.execution.weight)}
    others = ("#weights", "weights@applicables", f"states={library.ANSWERED}", f"states={library.UNANSWERED}")
    return columns | started | dict.fromkeys(others, np.zeros(len(points)))


def _dimensions(columns: Columns, known: list[dict[str, Value]], scheme: Scheme, rules: RuleSet) -> None:
    """Points per 一级指标."""
    places = list(dict.fromkeys(zip(columns["project"], columns["dimension"], strict=True)))
    number = {place: i for i, place in enumerate(places)}
    where = [number[place] for place in zip(columns["project"], columns["dimension"], strict=True)]
    score = columns["score"]
    sums = {"scores": np.bincount(where, np.nan_to_num(score)), "#scores": np.bincount(where, ~np.isnan(score))}
    for (position, name), value in zip(places, rules.dimension_score(scheme).frame(sums), strict=True):
        dimension = scheme.dimension(name)
        if dimension:
            known[position][dimension_score_name(dimension.key)] = _value(value)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, (int, float)) else np.nan


def _value(number: float) -> Value:
    return "" if np.isnan(number) else float(number)


# -- explanations -------------------------------------------------------------------------------------------------


def explain_indicator(scored: Scored, row: FormRow) -> str:
    """The sentence that derives a row's score: ``30÷50＝60%，10分×60%＝6分``; empty where there is no score."""
    figures, scheme, rules = scored.figures, scored.submission.scheme, scored.submission.layout.rules
    score = figures[row.name("score")]
    if not is_number(score):
        return ""
    completion = figures[row.name("stated" if row.qualitative else "completion")]
    direction = figures[row.name("direction")] if row.open else row.indicator.direction.symbol
    environment = {
        "direction": direction,
        "completion": completion,
        "applicable": library.APPLICABLE,
        **{part: figures[row.name(part)] for part in ("actual", "target", "weight")},
        "stated": figures[row.name("stated")] if figures.has(row.name("stated")) else None,
        "tier": figures[row.name("tier")] if figures.has(row.name("tier")) else None,
    }
    shown = {
        "actual": indicator_text(row, figures, "actual"),
        "target": quantity_text(indicator_value(row, figures, "target"), indicator_unit(row, figures)),
        "weight": f"{_text(environment['weight'])}分",
        "completion": percent_text(completion) if isinstance(completion, float) else "",
        "stated": percent_text(completion) if isinstance(completion, float) else "",
        "tier": str(environment["tier"] or ""),
    }
    rule = rules.score(scheme, row.indicator.rule, row.indicator.unit if row.indicator.unit == PERCENT else "")
    deducts = figures.has(row.name("rule_score"))
    by_rule = figures[row.name("rule_score")] if deducts else score
    points = _derived(rule.explain(environment, shown), by_rule)
    off = figures[row.name("self_deduction")] if deducts else None
    if isinstance(off, float) and off > 0:
        left = {"points": by_rule, "self_deduction": off}
        how = rules.deducted(scheme).explain(left, {name: f"{_text(number)}分" for name, number in left.items()})
        points = f"{points}，自扣{_text(off)}分，{_derived(how, score)}"
    if direction == Direction.QUALITATIVE.symbol:
        tier = f"完成程度“{shown['tier']}”，" if shown["tier"] else ""
        return f"{tier}完成率{shown['completion']}，{points}"
    derived = rules.completion(scheme).explain(environment, shown)
    return f"{derived}，{points}" if "÷" not in derived else f"{derived}＝{shown['completion']}，{points}"


def _derived(how: str, score: Value) -> str:
    """10分×60%＝6分; 未超过目标值10，得满分（10分）."""
    return f"{how}＝{_text(score)}分" if any(sign in how for sign in "＋－×÷") else f"{how}（{_text(score)}分）"


def explain_execution(scored: Scored) -> str:
    """The sentence for the points of the execution rate."""
    figures, scheme, rules = scored.figures, scored.submission.scheme, scored.submission.layout.rules
    base = amount_name(scheme.execution.base_measure, FundingSource.TOTAL)
    score, rate = figures["execution_score"], figures["scored_rate"]
    if not scheme.execution.weight or not is_number(score):
        return ""
    rule = rules.execution_score(scheme)
    amounts = {"executed": figures[amount_name(Measure.EXECUTED, FundingSource.TOTAL)], "base": figures[base]}
    shown = {
        "rate": percent_text(rate) if isinstance(rate, float) else "",
        **{name: _text(amount) for name, amount in amounts.items()},
    }
    points = rule.explain({"rate": rate, **amounts}, shown)
    derived = f"{rules.scored_rate(scheme).explain(amounts, shown)}＝{shown['rate']}，" if shown["rate"] else ""
    return f"{derived}{points}＝{_text(score)}分"


def explain_total(scored: Scored) -> str:
    """The sentence for the total: points per dimension, and the grade."""
    figures, scheme = scored.figures, scored.submission.scheme
    total = figures["total_score"]
    if not is_number(total):
        return ""
    parts = [("预算执行率", figures["execution_score"])] if scheme.execution.weight else []
    for dimension in scheme.dimensions:
        name = dimension_score_name(dimension.key)
        if figures.has(name):
            parts.append((dimension.name, figures[name]))
    shown = "＋".join(f"{name}{_text(points)}" for name, points in parts if is_number(points))
    reason = f"（{figures['pending']}）" if figures["pending"] else ""
    return f"{shown}＝{_text(total)}分，{figures['grade']}{reason}"


def _text(value: Value) -> str:
    return number_text(value) if isinstance(value, (int, float)) else str(value or "")


def indicator_text(row: FormRow, figures: Evaluation, part: str) -> str:
    """Target or actual of a row as the form prints it: ≥95%, 96%, 有效."""
    value = indicator_value(row, figures, part)
    unit = indicator_unit(row, figures)
    if part == "target" and not isinstance(value, str):
        return target_text(value, unit, indicator_direction(row, figures))
    return quantity_text(value, unit)


def indicator_value(row: FormRow, figures: Evaluation, part: str) -> Value:
    """Target or actual of a row in its own unit (95 for a cell of 95%)."""
    value = figures[row.name(part)]
    return unit_number(value, "" if row.open else row.indicator.unit) if isinstance(value, float) else value


def indicator_unit(row: FormRow, figures: Evaluation) -> str:
    """The unit of a row."""
    return str(figures[row.name("unit")] or "") if row.open else row.indicator.unit


def indicator_direction(row: FormRow, figures: Evaluation) -> Direction:
    """The direction of a row."""
    if not row.open:
        return row.indicator.direction
    return Direction.from_symbol(str(figures[row.name("direction")] or "")) or row.indicator.direction


def used_rows(layout: Layout, figures: Evaluation) -> list[FormRow]:
    """The rows that count: all approved ones, and the open ones in which something stands."""
    return [
        row
        for row in layout.rows
        if not row.open or figures[row.name("indicator")] or is_number(figures[row.name("weight")])
    ]
