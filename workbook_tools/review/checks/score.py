"""SCORE: do points follow from what was done? Scores in 分, completions as fractions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from workbook_tools.core.findings import Finding, quote
from workbook_tools.core.model import Direction, Measure
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import (
    DAY_ZERO,
    MONEY_UNITS,
    PERCENT,
    number_text,
    parse_quantity,
    percent_text,
    unit_number,
)
from workbook_tools.form.fields import Evaluation
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.declaring import BUDGET, EXCESS, INDICATORS, QUALITIES, QUANTITIES, RESULTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import normal_form
from workbook_tools.review.scoring import indicator_unit
from workbook_tools.rules import library

_MOST_DAYS = 100_000
"""Until 2173."""
_YEARS_TYPED_IN = 3
"""A form is filled in in its year, or in one of the two that follow."""
_COUNTED = 10
"""Fewer things than this are counted out one by one: 2套, 3处."""
_SHARE = re.compile("率|[%％]|满意度")
"""The name of an indicator that is a share, whether its unit says so or not."""
_AT_MOST_ALL = re.compile("满意[度率]|(?:合格|达标|及格|准确|正确|及时|知晓|完好)率")
"""Of these there is no more than all; 完成率, 覆盖率, 到位率 over 100% are written in earnest."""
_VERDICT = re.compile(
    "(?:已经?|均已?|都已?|全部|全面|基本)?(?:完成|达成|达到|实现|做到|落实|很?好|较好)了?(?:年度|年初|预期|既定|绩效)*(?:指标|目标|要求|效果)*"
)
"""What says that all is well and not what was done: 好, 已完成, 达成预期指标. 优, 达标, 按时完成 may be the fact that was asked for."""
_MAY_FALL = re.compile("增|降|减|变化|变动|差|温")
"""What may be below nought: 人口自然增长率, 成本变动率, 温度."""
_FEW = 3
"""Quantities from which it is odd that all are exact: a count or two (养护里程 100公里) often is."""


@reports("SCORE01", needs=(INDICATORS, RESULTS))
def scores_agree(form: FilledForm) -> Iterator[Finding]:
    """表中得分应与集中评分一致；得分以填报数据统一计算的为准。"""
    names = [row.name("score") for row in form.used_rows]
    for name in (*names, "execution_score"):
        yield from _compare_shown(form, name, "SCORE01")


@reports("SCORE05", needs=(RESULTS,))
def total_agrees(form: FilledForm) -> Iterator[Finding]:
    """表中总分应与集中评分一致；总分以填报数据统一计算的为准。"""
    yield from _compare_shown(form, "total_score", "SCORE05")


def _compare_shown(form: FilledForm, name: str, code: str) -> Iterator[Finding]:
    pair = form.find_mismatch(name)
    if pair:
        expected = f"没有{form.labels.score}" if pair[1] is None else number_text(pair[1])
        yield form.finding(name, code, found=pair[0], expected=expected).with_figures(*pair)


@reports("SCORE02")
def has_indicators(form: FilledForm) -> Iterator[Finding]:
    """自评应有绩效指标，才能得出总分和等级（财预〔2020〕10号）。"""
    if not form.used_rows:
        yield form.finding("total_score", "SCORE02")


@reports("SCORE03", needs=(INDICATORS, QUALITIES))
def met_targets_score(form: FilledForm) -> Iterator[Finding]:
    """完成值达到目标值的指标应得满分（财预〔2020〕10号）；方案另有扣减规定的除外。"""
    for row in form.counted_rows:
        score, weight = form.number(row.name("score")), form.number(row.name("weight"))
        deducted = form.number(row.name("self_deduction"))
        if weight and not deducted and _repeats_target(form, row) and form.loses_points(row):
            found = f"没有{form.labels.score}" if score is None else f"得{number_text(score)}分"
            message = f"{form.labels.actual}“{form.quantity(row, 'actual')}”已达到目标，没有得满分"
            item = form.finding(row.name("score"), "SCORE03", message, found=found, expected=f"{number_text(weight)}分")
            yield item.with_figures(score, weight)


def _repeats_target(form: FilledForm, row: FormRow) -> bool:
    """A qualitative actual is the very target. Points for quantities follow from the rules alone, so they need no look."""
    if form.direction(row) is not Direction.QUALITATIVE:
        return False
    target, actual = (normal_form(form.text(row.name(part))) for part in ("target", "actual"))
    return bool(target) and target == actual


@reports("SCORE12", needs=(INDICATORS, QUALITIES))
def total_not_understated(form: FilledForm) -> Iterator[Finding]:
    """目标已达成而漏填完成率的指标按零分计入总分，总分因此偏低。"""
    met = (row for row in form.counted_rows if _repeats_target(form, row) and form.number(row.name("weight")))
    blank = [row for row in met if form.number(row.name("score")) is None]
    total = form.number("total_score")
    if blank and total is not None:
        full = _evaluate_as_complete(form, blank)
        message = f"{len(blank)}个指标目标已达成而没有填{form.labels.completion}"
        expected = f"补填后{quote(full['total_score'])}分，{full['grade']}"
        yield form.finding("total_score", "SCORE12", message, found=number_text(total), expected=expected)


def _evaluate_as_complete(form: FilledForm, rows: Iterable[FormRow]) -> Evaluation:
    """The figures if these qualitative rows were answered as complete."""
    best = max(form.scheme.tiers, key=lambda tier: tier.upper)
    inputs = {name: answer.value for name, answer in form.submission.answers.items()}
    for row in rows:
        inputs |= {row.name("stated"): 1.0, row.name("tier"): best.name}
    return Evaluation(form.layout, inputs)


@reports("SCORE04", needs=(EXCESS, QUANTITIES))
def actuals_near_targets(form: FilledForm) -> Iterator[Finding]:
    """完成值大幅超过目标值的（界限由方案规定），可能是目标值偏低（财预〔2020〕10号）。"""
    scheme = form.scheme
    if scheme.over_completion.effect != "flag":
        return
    for row in form.counted_rows:
        completion = form.number(row.name("completion"))
        if completion is None or form.direction(row) not in (Direction.AT_LEAST, Direction.EQUAL):
            continue
        if library.is_over_completed(scheme).value({"completion": completion}):
            found = form.quantity(row, "actual")
            expected = form.quantity(row, "target")
            message = f"{form.labels.completion}{percent_text(completion)}，远超{form.labels.target}"
            message += _tell_date(form.number(row.name("actual")), form.submission.project.year)
            yield form.finding(row.name("actual"), "SCORE04", message, found=found, expected=expected)


def _tell_date(actual: float | None, year: int) -> str:
    """That a number is one that programs make of a day without its year (1/2), which is that of the year when it was typed."""
    if actual is None or not actual.is_integer() or not 0 < actual < _MOST_DAYS:
        return ""
    day = DAY_ZERO + timedelta(days=int(actual))
    if not year <= day.year < year + _YEARS_TYPED_IN:
        return ""
    return f"；{number_text(actual)} 恰好是 {day.year}年{day.month}月{day.day}日 的序号，多为填“1/2”“1-2”这样的内容时变成了日期"


def _answered_qualities(form: FilledForm) -> Iterator[tuple[FormRow, str, str]]:
    """Qualitative rows that are answered: row, target, actual."""
    for row in form.counted_rows:
        target, actual = form.text(row.name("target")), form.text(row.name("actual"))
        if actual and form.direction(row) is Direction.QUALITATIVE:
            yield row, target, actual


@reports("SCORE06", needs=(INDICATORS, QUALITIES))
def qualities_described(form: FilledForm) -> Iterator[Finding]:
    """定性指标的完成值应写实际情况，不应只写一个数字或几个符号（财预〔2020〕10号：定性指标分三档评价）。"""
    for row, target, actual in _answered_qualities(form):
        if not any(c.isalnum() for c in actual):  # “……”，“√”
            message = f"{form.labels.actual}只有符号，没有写实际情况"
        elif parse_quantity(actual) and not any(c.isdigit() for c in target):
            message = ""
        else:
            continue
        expected = f"针对“{target}”的实际情况"
        yield form.finding(row.name("actual"), "SCORE06", message, found=actual, expected=expected)


@reports("SCORE07", needs=(INDICATORS, QUALITIES))
def qualities_evidenced(form: FilledForm) -> Iterator[Finding]:
    """定性指标的完成值应写事实，不宜照抄目标的字样，也不宜只写“好”“完成”。"""
    for row, target, actual in _answered_qualities(form):
        is_copied = normal_form(actual) == normal_form(target)
        if is_copied or _VERDICT.fullmatch(normal_form(actual)):
            message = f"照抄{form.labels.target}" if is_copied else "只说了好、完成，没有写事实"
            message = f"{form.labels.actual}{message}"
            yield form.finding(row.name("actual"), "SCORE07", message, found=actual)


@reports("SCORE08", needs=(INDICATORS, QUALITIES))
def percentages_agree(form: FilledForm) -> Iterator[Finding]:
    """定性指标的完成值写成百分数的，应与所填完成率相同。"""
    for row, _, actual in _answered_qualities(form):
        answer, stated = parse_quantity(actual), form.number(row.name("stated"))
        if answer is None or answer.unit != PERCENT or stated is None:
            continue
        if not NOISE.same(min(1.0, answer.number / 100), stated):
            message = f"{form.labels.actual}中的百分数与{form.labels.completion}不一致"
            item = form.finding(row.name("stated"), "SCORE08", message, found=percent_text(stated), expected=actual)
            yield item.with_figures(stated, answer.number / 100)


@reports("SCORE09", needs=(INDICATORS, QUANTITIES))
def targets_not_all_exact(form: FilledForm) -> Iterator[Finding]:
    """各项定量指标的完成值都与目标值一分不差的，应有佐证；本来就该相等的（100%、几套几处、成本）不算。"""
    free = [row for row in form.counted_rows if _may_differ(form, row)]
    exact = [form.number(r.name("actual")) == form.number(r.name("target")) for r in free]
    if len(exact) >= _FEW and all(exact):
        message = f"{len(exact)}个定量指标的{form.labels.actual}都恰好等于{form.labels.target}"
        yield form.finding("total_score", "SCORE09", message)


def _may_differ(form: FilledForm, row: FormRow) -> bool:
    """Target and actual are numbers, and others than the target were as likely: not 100%, not 2 sets, not a cost."""
    target, actual = (form.number(row.name(part)) for part in ("target", "actual"))
    if target is None or actual is None or form.direction(row) is Direction.AT_MOST:
        return False
    unit = indicator_unit(row, form.figures)
    shown = unit_number(target, "" if row.open else unit)
    return (
        shown != 100
        if unit == PERCENT or _SHARE.search(form.text(row.name("indicator")) or row.indicator.name)
        else shown >= _COUNTED
    )


@reports("SCORE10", needs=(BUDGET, QUANTITIES))
def cost_targets_revised(form: FilledForm) -> Iterator[Finding]:
    """预算年中调整的，成本类指标的目标值应相应调整，不应仍是年初预算数。"""
    initial, annual = form.amount(Measure.INITIAL_BUDGET), form.amount(Measure.ANNUAL_BUDGET)
    if not initial or not annual or NOISE.same(initial, annual):
        return
    for row in _rows_over_target(form):
        factor = MONEY_UNITS.get(str(form.figures[row.name("unit")] if row.open else row.indicator.unit) or "万元")
        target = form.number(row.name("target"))
        if factor and target is not None and NOISE.same(target * factor, initial):
            found = f"{number_text(initial)}（{Measure.INITIAL_BUDGET.label}）"
            expected = f"按全年预算{number_text(annual)}万元核定"
            yield form.finding(row.name("target"), "SCORE10", found=found, expected=expected)


def _rows_over_target(form: FilledForm) -> Iterator[FormRow]:
    """Rows whose ≤ target was exceeded."""
    for row in form.counted_rows:
        actual, target = form.number(row.name("actual")), form.number(row.name("target"))
        at_most = form.direction(row) is Direction.AT_MOST
        if at_most and actual is not None and target is not None and actual > target:
            yield row


@reports("SCORE11", needs=(INDICATORS, QUANTITIES))
def excess_not_read_as_merit(form: FilledForm) -> Iterator[Finding]:
    """不得超过的指标，完成率大于100%表示超出控制数，不是超额完成。"""
    for row in _rows_over_target(form):
        completion = form.number(row.name("completion"))
        if completion is not None and completion > 1 and form.scheme.at_most.completion != "achieved":
            message = f"{form.labels.completion}{percent_text(completion)}表示超出控制数，不是超额完成"
            yield form.finding(row.name("completion"), "SCORE11", message)


@reports("SCORE15", needs=(INDICATORS, QUANTITIES))
def actuals_possible(form: FilledForm) -> Iterator[Finding]:
    """占比的完成值不会大于100%；不得超过的指标，完成值不会是负数（增长、增减、变化的除外），否则负得越多越算完成。"""
    for row in form.counted_rows:
        actual = form.number(row.name("actual"))
        name = form.text(row.name("indicator")) if row.open else row.indicator.name
        whole = 100 if row.open else 1
        if actual is None:
            continue
        if actual < 0 and form.direction(row) is Direction.AT_MOST and not _MAY_FALL.search(name):
            message = f"{form.labels.actual}是负数"
        elif actual > whole and indicator_unit(row, form.figures) == PERCENT and _AT_MOST_ALL.search(name):
            message = f"{form.labels.actual}大于100%，“{name}”到不了"
        else:
            continue
        yield form.finding(row.name("actual"), "SCORE15", message, found=form.quantity(row, "actual"))


CHECKS: tuple[Check, ...] = (
    scores_agree,
    total_agrees,
    has_indicators,
    met_targets_score,
    total_not_understated,
    actuals_near_targets,
    qualities_described,
    qualities_evidenced,
    percentages_agree,
    targets_not_all_exact,
    cost_targets_revised,
    excess_not_read_as_merit,
    actuals_possible,
)
