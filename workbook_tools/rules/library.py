"""The rules, each written once, as trees over a scheme's settings.

Variables of an indicator's row: ``direction`` (its sign), ``actual``, ``target``, ``weight``, ``tier``, ``stated``
(the completion a unit states for a qualitative indicator), ``completion``, ``score``, ``applicable``; ``points`` (of the
rule) and ``self_deduction``.
Of the funding table: ``received``, ``executed``, ``budget``, ``base`` (the budget that execution is scored on), ``rate``.
Of a form: ranges ``scores``, ``weights``, ``applicables``, ``amounts``, ``states``; ``execution_score``, ``total``,
``total_weight``, ``pending``, ``grade``.

Sources: 财预〔2020〕10号 for the general rule; where authorities differ, the scheme's setting says so.
"""

from __future__ import annotations

from functools import cache

from workbook_tools.core.model import Direction
from workbook_tools.core.states import State
from workbook_tools.core.tolerances import AMOUNT_DECIMALS, COMPARED_DECIMALS, EXACT_DECIMALS
from workbook_tools.core.values import cell_number, number_text
from workbook_tools.rules.expr import NOTHING, Const, Expr, Ref, lift
from workbook_tools.rules.functions import (
    ANY_TEXT,
    Count,
    CountText,
    If,
    IsEmpty,
    IsNumber,
    Joined,
    Round,
    Sum,
    SumUnless,
    TextOf,
    both,
    largest,
    smallest,
)
from workbook_tools.rules.scheme import Scheme, StepRule

NOT_APPLICABLE = "不适用"
APPLICABLE = "适用"

_nothing = Const(NOTHING)
_direction, _actual, _target, _weight = Ref("direction"), Ref("actual"), Ref("target"), Ref("weight")
_completion, _stated, _rate = Ref("completion"), Ref("stated"), Ref("rate")


def is_direction(direction: Direction) -> Expr:
    """The row is of that direction."""
    return _direction.equals(direction.symbol)


# -- one indicator ------------------------------------------------------------------------------------------------


def _reached_share(no_score_at_zero: bool) -> Expr:
    """Actual ÷ target; a target of 0 (or below) is met or not."""
    at_zero: Expr = If(_actual >= _target, Const(1), Const(0), "目标值为{target}，已达到", "目标值为{target}，未达到")
    return If(_target > 0, largest(0, _actual / _target), _nothing if no_score_at_zero else at_zero)


def _at_most_share(scheme: Scheme) -> Expr:
    settings = scheme.at_most
    kept = Const(1)
    if settings.completion == "actual_over_target":
        share: Expr = If(_target > 0, _actual / _target, If(_actual <= _target, kept, Const(0)))
    else:
        share = _unless_nothing_done(
            scheme, If(_actual <= _target, kept, _exceeded_share(scheme), "未超过目标值{target}")
        )
    return If(_target > 0, share, _nothing) if settings.zero_target == "no_score" else share


def _unless_nothing_done(scheme: Scheme, result: Expr) -> Expr:
    """An actual of 0 against a ≤ target above 0 may mean that nothing was done."""
    if scheme.at_most.zero_actual == "met":
        return result
    return If(both(_actual.equals(0), _target > 0), Const(0), result, "完成值为0，不得分")


def _exceeded_share(scheme: Scheme) -> Expr:
    """The share of the weight that an exceeded ≤ target still earns."""
    match scheme.at_most.exceeded:
        case "inverse":
            return If(_target > 0, _target / _actual, Const(0), "", "超过目标值{target}，不得分")
        case "linear":
            return If(
                _target > 0, largest(0, 1 - (_actual - _target) / _target), Const(0), "", "超过目标值{target}，不得分"
            )
        case _:
            return Const(0)


def _equal_share(scheme: Scheme) -> Expr:
    settings = scheme.equal
    if settings.rule == "only_equal":
        return If(_actual.equals(_target), Const(1), Const(0), "等于目标值{target}", "不等于目标值{target}")
    if settings.rule == "as_at_least":
        share = largest(0, _actual / _target)
    else:
        share = largest(0, 1 - largest(_actual - _target, _target - _actual) / _target)
    if settings.zero_target == "no_score":
        return If(_target > 0, share, _nothing)
    kept = _actual <= _target if settings.zero_target == "met_if_not_exceeded" else _actual >= _target
    at_zero = If(kept, Const(1), Const(0), "目标值为{target}，已达到", "目标值为{target}，未达到")
    return If(_target > 0, share, at_zero)


@cache
def completion(scheme: Scheme) -> Expr:
    """完成率 of an indicator: from actual and target, or as stated for a qualitative one."""
    both_numbers = both(IsNumber(_actual), IsNumber(_target))
    quantity = If(
        is_direction(Direction.AT_MOST),
        _at_most_share(scheme),
        If(
            is_direction(Direction.EQUAL),
            _equal_share(scheme),
            _reached_share(scheme.at_least.zero_target == "no_score"),
        ),
    )
    stated = If(IsNumber(_stated), _stated, _nothing)
    share: Expr = If(is_direction(Direction.QUALITATIVE), stated, If(both_numbers, quantity, _nothing))
    return _if_applicable(scheme, share)


def _if_applicable(scheme: Scheme, result: Expr) -> Expr:
    if not scheme.total.rebase:
        return result
    return If(Ref("applicable").equals(NOT_APPLICABLE), _nothing, result)


def _rounded_row(scheme: Scheme, points: Expr) -> Expr:
    if scheme.rounding.stage == "end":
        return Round(points, EXACT_DECIMALS)
    return _rounded(scheme, points)


def _rounded(scheme: Scheme, points: Expr) -> Expr:
    """Rounded as the scheme says, after the noise of binary floats is gone.

    5 × 0.565 is 2.8249999…, which programs round to 2.82 or 2.83; and cut off, 0.29 × 100 is 28 or 29.
    """
    exact = Round(points, EXACT_DECIMALS)
    return Round(exact, scheme.rounding.decimals, "ROUND" if scheme.rounding.mode == "half_up" else "ROUNDDOWN")


def _proportional(scheme: Scheme) -> Expr:
    """Weight × completion, at most the weight, with what the scheme says of over-completion."""
    capped = If(
        _completion > 1,
        _weight,
        _rounded_row(scheme, _weight * _completion),
        "完成率{completion}，超过100%的部分不加分",
    )
    usual = _rounded_row(scheme, _weight * _capped()) if scheme.rounding.stage == "row" else capped
    over = scheme.over_completion
    if over.effect not in ("deduct", "reduce"):
        return usual
    if over.effect == "deduct":
        reduced: Expr = largest(0, _weight - over.points)
        note = f"完成率{{completion}}，达到{over.threshold:.0%}，扣{over.points:g}分"
    else:
        reduced = _weight * largest(0, 1 - (_completion - over.threshold))
        note = f"完成率{{completion}}，超过{over.threshold:.0%}的部分按偏离程度扣减"
    return If(is_over_completed(scheme), _rounded_row(scheme, reduced), usual, note)


def is_over_completed(scheme: Scheme) -> Expr:
    """The completion of a ≥ or ＝ indicator reaches the scheme's threshold (asked only where it is a number)."""
    return Round(_completion, COMPARED_DECIMALS) >= scheme.over_completion.threshold


def _capped() -> Expr:
    return smallest(1, _completion, limit_text="100%")


def _at_most_score(scheme: Scheme) -> Expr:
    if scheme.at_most.completion == "achieved":
        return _rounded_row(scheme, _weight * _capped())
    exceeded = _exceeded_share(scheme)
    lost = exceeded if exceeded == Const(0) else _rounded_row(scheme, _weight * exceeded)
    points = If(
        _actual <= _target,
        _weight,
        lost,
        "未超过目标值{target}，得满分",
        "超过目标值{target}，不得分" if lost == exceeded else "",
    )
    return _unless_nothing_done(scheme, points)


def _step_score(scheme: Scheme, rule: StepRule, unit: str) -> Expr:
    """Points off per step of shortfall, or shares by deviation."""
    high, low = _actual - _target, _target - _actual
    bad = largest(high, low) if rule.symmetric else If(is_direction(Direction.AT_MOST), high, low)
    if rule.bands:
        deviation = Round(bad / _target, COMPARED_DECIMALS)
        result: Expr = Const(0)
        for band in reversed(rule.bands):
            result = If(deviation <= band.within, _rounded_row(scheme, _weight * band.share), result)
        return If(_target > 0, result, _nothing)
    size = rule.every if rule.relative else cell_number(rule.every, unit)
    short = bad / _target if rule.relative else bad
    steps = Round(Round(short / size, COMPARED_DECIMALS), 0, "ROUNDDOWN" if rule.count == "full" else "ROUNDUP")
    points = _rounded_row(scheme, largest(0, smallest(_weight, _weight - steps * rule.minus)))
    return If(_target > 0, points, _nothing) if rule.relative else points


@cache
def score(scheme: Scheme, rule: str = "", unit: str = "") -> Expr:
    """得分 of an indicator, in 分; under one of the scheme's own step rules if ``rule`` names one.

    ``unit`` is the target's unit; it matters to step rules only (a step of 5 in ``%`` is 0.05 in the cell).
    """
    usual = If(
        is_direction(Direction.AT_MOST),
        _at_most_score(scheme),
        If(is_direction(Direction.QUALITATIVE), _rounded_row(scheme, _weight * _capped()), _proportional(scheme)),
    )
    points = usual
    if rule:
        step = _step_score(scheme, scheme.steps[rule], unit)
        points = If(is_direction(Direction.QUALITATIVE), _rounded_row(scheme, _weight * _capped()), step)
    return If(both(IsNumber(_completion), IsNumber(_weight)), points, _nothing)


@cache
def deducted(scheme: Scheme) -> Expr:
    """得分 where the unit may take points off: those of the rule (``points``, of :func:`score`) less 自扣分, never more.

    What is no number takes nothing off, and nothing falls below 0.
    """
    points, off = Ref("points"), Ref("self_deduction")
    left = If(IsNumber(off), _rounded_row(scheme, largest(0, points - largest(0, off))), points)
    return If(IsNumber(points), left, _nothing)


@cache
def tier_fits(scheme: Scheme) -> Expr:
    """The stated completion lies in the range of the chosen tier (asked only where it is a number)."""
    fits: Expr = Const(True)
    stated = Round(_stated, COMPARED_DECIMALS)
    for tier in scheme.tiers:
        below = stated <= tier.upper if tier.upper_included else stated < tier.upper
        fits = If(Ref("tier").equals(tier.name), both(stated >= tier.lower, below), fits)
    return fits


# -- funding ------------------------------------------------------------------------------------------------------


@cache
def amount_sum() -> Expr:
    """小计, 年度总金额: the sum of the typed amounts, blank while none is typed."""
    return If(Count("amounts") > 0, Round(Sum("amounts"), AMOUNT_DECIMALS), _nothing)


@cache
def balance() -> Expr:
    """(5) = (3) - (4)."""
    received, executed = Ref("received"), Ref("executed")
    return If(both(IsNumber(received), IsNumber(executed)), Round(received - executed, AMOUNT_DECIMALS), _nothing)


@cache
def rate(part: str, whole: str) -> Expr:
    """(6) = (3) / (2), (7) = (4) / (2): blank where the budget is blank or 0."""
    top, base = Ref(part), Ref(whole)
    return If(both(IsNumber(top), IsNumber(base)), If(base > 0, top / base, _nothing), _nothing)


@cache
def scored_rate(scheme: Scheme) -> Expr:
    """The execution rate that is scored: executed ÷ base, with what the scheme says of a budget of 0."""
    if scheme.execution.zero_budget != "as_one":
        return rate("executed", "base")
    top, base = Ref("executed"), Ref("base")
    share = If(base > 0, top / base, top / Const(1), "", "预算为0，按1计算")
    return If(both(IsNumber(top), IsNumber(base)), share, _nothing)


@cache
def execution_score(scheme: Scheme) -> Expr:
    """Points for the execution rate; ``rate`` is executed ÷ base, ``base`` the budget in total."""
    settings = scheme.execution
    weight = Const(settings.weight, "分")
    if settings.bands:
        points: Expr = Const(0)
        for band in reversed(settings.bands):
            points = If(
                Round(_rate, COMPARED_DECIMALS) >= band.at_least, _rounded_row(scheme, weight * band.share), points
            )
    else:
        points = _rounded_row(scheme, weight * (smallest(1, _rate, limit_text="100%") if settings.capped else _rate))
    at_zero = {"full": weight, "zero": Const(0)}.get(settings.zero_budget)
    if at_zero is None:
        return If(IsNumber(_rate), points, _nothing)
    without = If(IsNumber(Ref("base")), If(Ref("base").equals(0), at_zero, _nothing, "预算为0"), _nothing)
    return If(IsNumber(_rate), points, without)


# -- the whole form -----------------------------------------------------------------------------------------------


@cache
def dimension_score(scheme: Scheme) -> Expr:
    """Points of one 一级指标: the sum of its indicators' scores."""
    return If(Count("scores") > 0, _rounded(scheme, Sum("scores")), _nothing)


@cache
def total_score(scheme: Scheme) -> Expr:
    """总分: all scores and the execution rate's, with the scheme's re-basing and caps.

    No total without indicators: ``weights`` counts theirs. ``scores`` includes the execution rate's.
    """
    total = _rounded(scheme, Sum("scores"))
    if scheme.total.rebase:
        execution: Expr = Const(scheme.execution.weight)
        if scheme.execution.zero_budget == "blank":  # a rate that is not scored does not apply either
            execution = If(IsNumber(_rate), execution, Const(0))
        counted = SumUnless("weights", "applicables", NOT_APPLICABLE) + execution
        total = _rounded(scheme, If(counted > 0, Sum("scores") / counted * scheme.weights.total, Const(0)))
    if scheme.total.caps:
        limit: Expr = lift(scheme.weights.total)
        for cap in reversed(scheme.total.caps):
            limit = If(Round(_rate, COMPARED_DECIMALS) < cap.below, lift(cap.at_most), limit)
        total = If(IsNumber(_rate), smallest(total, limit), total)
    return If(Count("weights") > 0, If(Count("scores") > 0, total, _nothing), _nothing)


PENDING = State.TO_CORRECT.value
"""Stands in place of a grade where the form is not complete."""
UNSCORED = "未评分"
"""Likewise: there was nothing to score."""
ANSWERED, UNANSWERED = "有", "无"
"""Whether a row in use has an actual."""


@cache
def answered(scheme: Scheme, proposed: bool = False) -> Expr:
    """Whether a row has an actual (a number, of a qualitative indicator a text); nothing for a row that is not in use.

    ``named`` is the name in a row where the unit may propose an indicator; a name or a weight brings it into use.
    """
    quantity = If(IsNumber(_actual), Const(ANSWERED), Const(UNANSWERED))
    quality = If(IsEmpty(_actual), Const(UNANSWERED), Const(ANSWERED))
    state = _if_applicable(scheme, If(is_direction(Direction.QUALITATIVE), quality, quantity))
    return If(IsEmpty(Ref("named")), If(IsNumber(_weight), state, _nothing), state) if proposed else state


@cache
def pending_reason(scheme: Scheme) -> Expr:
    """Why the form is not complete, so that its total is no more than a sum so far; nothing if it is complete.

    Complete: every row in use has an actual (``states``, of :func:`answered`), the points come to the scheme's
    total, and the execution is known where it is scored.
    """
    labels, total = scheme.form.labels, scheme.weights.total
    reason: Expr = _nothing
    if scheme.asks_for_execution:
        known = both(IsNumber(Ref("executed")), IsNumber(Ref("base")))
        reason = If(known, reason, Const("没有填预算资金或执行资金"))
    added = Round(Ref("total_weight"), COMPARED_DECIMALS).equals(total)
    reason = If(added, reason, Const(f"{labels.weight}合计不是{number_text(total)}分"))
    reason = If(CountText("states", ANSWERED) > 0, reason, Const("没有计分的指标"))
    return If(CountText("states", UNANSWERED) > 0, Const(f"有指标没有填{labels.actual}"), reason)


@cache
def grade(scheme: Scheme) -> Expr:
    """评价等级 of the total; a form that is not complete (``pending``, the reason) has none."""
    total = Round(Ref("total"), scheme.grading.decimals)
    *upper, last = scheme.grading.bands
    name: Expr = lift(last.name)
    for band in reversed(upper):
        name = If(total >= band.at_least, lift(band.name), name)
    graded = If(Ref("pending").equals(NOTHING), name, Const(PENDING))
    return If(IsNumber(Ref("total")), graded, _nothing)


@cache
def total_label(scheme: Scheme) -> Expr:
    """What stands before the total: the label, and why it is no more than a sum so far."""
    label = Const(scheme.form.total_label)
    note = Joined((label, Const(f"（{PENDING}："), Ref("pending"), Const("，右边是目前的合计）")))
    return If(Ref("grade").equals(PENDING), note, label)


@cache
def copied(text: bool) -> Expr:
    """Another cell's content, blank where it is blank (a plain reference would show 0)."""
    cell = Ref("cell")
    return TextOf(cell) if text else If(IsNumber(cell), cell, _nothing)


# -- what a cell should hold --------------------------------------------------------------------------------------

EMPTY, NOT_A_NUMBER, OUT_OF_RANGE, REASON_NEEDED, TIER_MISFIT, TOO_MUCH_OFF = (
    "未填",
    "应填数字",
    "超出范围",
    "请说明原因",
    "与完成程度不符",
    "应在 0 至按规则的得分之间",
)
"""The words by which the live 校验 sheet and the central checks name what is wrong with an input."""

_cell = Ref("cell")


@cache
def required_problem() -> Expr:
    """A required text."""
    return If(IsEmpty(_cell), Const(EMPTY), _nothing)


@cache
def evidence_problem(scheme: Scheme, is_open: bool) -> Expr:
    """No material (佐证材料) is listed for an indicator that has to be proven, neither under it (``own``) nor below (``others``)."""
    listed = CountText("own", ANY_TEXT) + CountText("others", ANY_TEXT)
    problem: Expr = If(listed > 0, _nothing, Const(EMPTY))
    if scheme.total.rebase:
        problem = If(Ref("applicable").equals(NOT_APPLICABLE), _nothing, problem)
    return If(IsEmpty(Ref("named")), _nothing, problem) if is_open else problem


OVER_RECEIVED, OVER_BUDGET = "大于到位资金，请核对", "大于全年预算，请核对"
"""What may be right, but seldom is: the unit looks at it, and need not change it."""


@cache
def exceeds_limit() -> Expr:
    """An amount is larger than that of the row above it (``limit``; blank is 0), if that row holds any (``limit_total``)."""
    return both(Sum("limit_total") > 0, Round(_cell - Sum("limit"), AMOUNT_DECIMALS) > 0)


@cache
def amount_problem(high: float, required: bool, over: str = "") -> Expr:
    """An amount of money; ``over`` is the word for one that exceeds its limit, where it has one."""
    return number_problem(0, high, required, If(exceeds_limit(), Const(over), _nothing) if over else _nothing)


@cache
def number_problem(low: float, high: float, required: bool, further: Expr = _nothing) -> Expr:
    """A number within limits; ``further`` is asked of one that is."""
    in_range = If(both(_cell >= low, _cell <= high), further, Const(OUT_OF_RANGE))
    filled = If(IsNumber(_cell), in_range, Const(NOT_A_NUMBER))
    return If(IsEmpty(_cell), Const(EMPTY) if required else _nothing, filled)


@cache
def reason_problem(scheme: Scheme) -> Expr:
    """A reason where points are lost, or where the scheme wants one for over-completion."""
    lost = If(is_score_lost(scheme), Const(REASON_NEEDED), _nothing)
    if scheme.over_completion.effect == "reason":
        over = If(is_direction(Direction.AT_MOST), lost, If(is_over_completed(scheme), Const(REASON_NEEDED), lost))
        lost = If(is_direction(Direction.QUALITATIVE), lost, over)
    scored = both(IsNumber(Ref("score")), IsNumber(_completion), IsNumber(_weight))
    return If(IsEmpty(_cell), If(scored, lost, _nothing), _nothing)


@cache
def is_score_lost(scheme: Scheme) -> Expr:
    """A weight of 13.3333 that earns 13.33 has lost nothing: the scheme's decimals count."""
    decimals = scheme.rounding.decimals
    function = "ROUND" if scheme.rounding.mode == "half_up" else "ROUNDDOWN"
    return Round(Ref("score"), decimals) < Round(_weight, decimals, function)


@cache
def deduction_problem() -> Expr:
    """自扣分: a number from 0 to the points of the rule (``points``)."""
    above = Round(_cell, COMPARED_DECIMALS) > Round(Ref("points"), COMPARED_DECIMALS)
    limited = If(IsNumber(Ref("points")), If(above, Const(TOO_MUCH_OFF), _nothing), _nothing)
    number = If(IsNumber(_cell), If(_cell < 0, Const(TOO_MUCH_OFF), limited), Const(NOT_A_NUMBER))
    return If(IsEmpty(_cell), _nothing, number)


@cache
def stated_problem(scheme: Scheme) -> Expr:
    """The stated completion of a qualitative indicator: there, a number, and in the range of its tier."""
    fits = If(tier_fits(scheme), _nothing, Const(TIER_MISFIT))
    return If(
        IsEmpty(_stated),
        Const(EMPTY),
        If(IsNumber(_stated), If(IsEmpty(Ref("tier")), _nothing, fits), Const(NOT_A_NUMBER)),
    )


@cache
def execution_reason_problem(scheme: Scheme) -> Expr:
    """A reason where the execution rate is below what the scheme asks to be explained."""
    low = If(Round(_rate, COMPARED_DECIMALS) < scheme.execution.explain_below, Const(REASON_NEEDED), _nothing)
    return If(IsEmpty(_cell), If(IsNumber(_rate), low, _nothing), _nothing)
