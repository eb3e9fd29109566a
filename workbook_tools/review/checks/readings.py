"""FILL, readings: what the reader took for a number, where the form itself, or another reader, comes to other points.

The formulas of a form know no “26万元”: to them it is a text. So the form's own total is computed from what stands in
the cells, and told beside the central one. Points in 分.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Answer, Direction, Value
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import PERCENT, is_number, number_text, percent_text
from workbook_tools.form.fields import Evaluation, Kind
from workbook_tools.form.rows import FormRow, indicator_name
from workbook_tools.review.checks.declaring import INDICATORS, ISSUED, QUANTITIES, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.scoring import indicator_unit

_NUMBERS = (Kind.NUMBER, Kind.AMOUNT, Kind.PERCENT)
_SHARE = re.compile("率|度|比例|比重|占比|[%％]")
"""The name of an indicator that is a share: 验收合格率, 群众满意度."""
_MOST = 1.5
"""Up to this a number may be a share: 150%."""
_NEAR = (0.5, 1.5)
"""Between these shares of the target a percentage must lie to be the likelier reading: 0.96 of 95 is 96%, of 2 it is not."""


@reports("FILL21", needs=(ISSUED, INDICATORS))
def form_counts_what_is_read(form: FilledForm) -> Iterator[Finding]:
    """数字带着文字的，表内公式不认，集中评分按其中的数读取；因此表内总分与集中评分不同的，请改填数字。"""
    answers = form.submission.answers.items()
    other = [
        (name, answer) for name, answer in answers if answer.raw is not answer.value
    ]  # what is left is soon looked at
    read = [name for name, answer in other if _is_read_otherwise(form, name, answer)]
    if form.partial or not read:
        return
    own = evaluate_as_typed(form)
    totals = [_number(figures["total_score"]) for figures in (own, form.figures)]
    if _same(*totals):
        return
    said = [f"{number_text(total)}分" if total is not None else "空白" for total in totals]
    for name in [name for name in read if _changes_points(form, own, name)] or read:
        raw = form.submission.answers[name].raw
        counted = "表内公式按原数计算" if isinstance(raw, float) else "填的是文字，表内公式不认"
        message = f"{counted}；表内总分{said[0]}，集中评分{said[1]}"
        yield form.finding(name, "FILL21", message, found=raw, expected=_say_number(form, name))


def evaluate_as_typed(form: FilledForm) -> Evaluation:
    """The figures as the form's own formulas come to them, from what stands in its cells."""
    return Evaluation(form.layout, {name: answer.raw for name, answer in form.submission.answers.items()})


def _is_read_otherwise(form: FilledForm, name: str, answer: Answer) -> bool:
    """A number was read that does not stand in the cell as it is."""
    if not isinstance(answer.value, float) or answer.raw == answer.value:
        return False
    item = form.layout.fields[name]
    return item.kind in _NUMBERS or (form.layout.open and item.part in ("actual", "target"))


def _changes_points(form: FilledForm, own: Evaluation, name: str) -> bool:
    """The form itself comes to other points in the row of the cell; of an amount, to another rate of execution."""
    row = form.layout.fields[name].row
    figure = indicator_name(row, "score") if row else "scored_rate"
    return not _same(_number(own[figure]), _number(form.figures[figure]))


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, (int, float)) and is_number(value) else None


def _same(one: float | None, other: float | None) -> bool:
    return one == other if one is None or other is None else NOISE.same(one, other)


def _say_number(form: FilledForm, name: str) -> str:
    value, unit = form.number(name) or 0.0, form.layout.fields[name].unit
    return percent_text(value) if unit == PERCENT else number_text(value) + unit


@reports("FILL22", needs=(ISSUED, QUANTITIES))
def shares_typed_as_shares(form: FilledForm) -> Iterator[Finding]:
    """目标值没有单位的指标，完成值填成 96% 的，单元格里是 0.96；两种读法得分不同的，请填报单位写明。"""
    for row in () if form.partial else form.counted_rows:
        name = row.name("actual")
        actual, score, weight = (form.number(n) for n in (name, row.name("score"), row.name("weight")))
        if actual is None or score is None or not weight or not _may_be_share(form, row, actual):
            continue
        other = _score_with(form, row, name, actual * 100)
        if other is not None and not NOISE.same(other, score):
            shown, points = number_text(actual * 100), f"得{number_text(score)}分"
            message = f"没有单位，填的是 {number_text(actual)}：按 {number_text(actual)} 计{points}；如果是 {shown}%，得{number_text(other)}分"
            yield form.finding(
                name, "FILL22", message, found=actual, expected=f"{shown}，或核实确为 {number_text(actual)}"
            )


def _may_be_share(form: FilledForm, row: FormRow, actual: float) -> bool:
    """A small number beside a target in percent that says not so."""
    target, low, high = form.number(row.name("target")), *_NEAR
    if indicator_unit(row, form.figures) or target is None or form.direction(row) is Direction.QUALITATIVE:
        return False
    name = form.text(row.name("indicator")) or row.indicator.name
    fits = 0 < actual <= _MOST < target and low * target <= actual * 100 <= high * target
    return fits and (not actual.is_integer() or _SHARE.search(name) is not None)


def _score_with(form: FilledForm, row: FormRow, name: str, value: float) -> float | None:
    """The points of a row, were this its actual."""
    inputs: dict[str, Value] = {key: answer.value for key, answer in form.submission.answers.items()}
    return _number(Evaluation(form.layout, {**inputs, name: value})[row.name("score")])


CHECKS: tuple[Check, ...] = (form_counts_what_is_read, shares_typed_as_shares)
