"""A scheme in plain Chinese, as 填报说明 and ``wbt scheme show`` print it: built from the settings, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from workbook_tools.core.model import Direction
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.rules.scheme import Scheme, StepRule
from workbook_tools.rules.setting_base import words_of


@cache
def describe(scheme: Scheme) -> tuple[str, ...]:
    """The sentences, in the order in which a score comes about, in the words of the scheme's form."""
    return tuple(map(scheme.form.labels.put_into, _sentences(scheme)))


def _sentences(scheme: Scheme) -> Iterator[str]:
    yield _weights(scheme)
    if scheme.execution.weight:
        yield _execution(scheme)
    yield _at_least()
    yield _at_most(scheme)
    yield _equal(scheme)
    yield _zero_targets(scheme)
    yield _qualitative(scheme)
    if scheme.over_completion.effect not in ("none", "reason"):
        yield _over_completion(scheme)
    for name, rule in scheme.steps.items():
        yield f"计分规则“{name}”（{rule.label}）：{_step(rule)}"
    if scheme.total.self_deduction:
        yield "单位可以自扣分：达到目标而工作有不足的，填自扣分并写明原因，得分＝按规则的得分－自扣分；不能加分。"
    yield _reasons(scheme)
    yield _rounding(scheme)
    if scheme.total.rebase:
        yield f"不适用的指标不计分，其余指标的得分按满分{number_text(scheme.weights.total)}分折算。"
    if scheme.total.caps:
        yield _caps(scheme)
    yield _grades(scheme)
    yield _completeness(scheme)


@cache
def describe_indicator(scheme: Scheme, direction: Direction, rule: str = "") -> str:
    """How one indicator is scored, for the prompt on its score's cell."""
    sentences = {Direction.AT_MOST: _at_most, Direction.EQUAL: _equal, Direction.QUALITATIVE: _qualitative}
    if rule and direction is not Direction.QUALITATIVE:
        sentence = f"{scheme.steps[rule].label}：{_step(scheme.steps[rule])}"
    else:
        sentence = sentences[direction](scheme) if direction in sentences else _at_least()
    return scheme.form.labels.put_into(sentence)


@cache
def describe_reason(scheme: Scheme) -> str:
    """When a reason is asked for beside an indicator: the one statement of it, for the guide and the prompt."""
    over = scheme.over_completion
    more = f"，以及 ≥ 和 ＝ 的指标完成值达到目标值的{percent_text(over.threshold)}的" if over.effect == "reason" else ""
    return scheme.form.labels.put_into(f"得分低于分值的指标{more}，须写明原因和改进措施；其他的不用写。")


def describe_execution_reason(scheme: Scheme) -> str:
    """When a reason is asked for beside the execution rate; empty where the scheme asks for none."""
    least = scheme.execution.explain_below
    return f"执行率低于{percent_text(least)}的，须写明原因和改进措施；其他的不用写。" if least else ""


def _weights(scheme: Scheme) -> str:
    parts = [f"{d.name}{number_text(d.weight)}分" for d in scheme.dimensions]
    if scheme.execution.weight:
        parts.insert(0, f"预算执行率{number_text(scheme.execution.weight)}分")
    return f"满分{number_text(scheme.weights.total)}分：{'、'.join(parts)}，{words_of(scheme.weights, 'norm')}。"


def _execution(scheme: Scheme) -> str:
    settings = scheme.execution
    weight = number_text(settings.weight)
    if settings.bands:
        bands = "；".join(
            f"{percent_text(b.at_least)}以上得{number_text(b.share * settings.weight)}分" for b in settings.bands
        )
        how = f"{bands}；再低不得分"
    else:
        how = f"{weight}分×执行率，{words_of(settings, 'capped')}"
    return f"预算执行率（全年执行资金÷{words_of(settings, 'base')}）：{how}；预算为0的{words_of(settings, 'zero_budget')}。"


def _at_least() -> str:
    return "越大越好（≥）的指标：达到目标值得满分，未达到的按完成值÷目标值的比例得分。"


def _equal(scheme: Scheme) -> str:
    return f"等于为好（＝）的指标：{words_of(scheme.equal, 'rule')}。"


def _at_most(scheme: Scheme) -> str:
    nothing_done = "；完成值为0的不得分" if scheme.at_most.zero_actual == "zero" else ""
    return f"越小越好（≤）的指标：不超过目标值得满分，超过的{words_of(scheme.at_most, 'exceeded')}{nothing_done}。"


def _zero_targets(scheme: Scheme) -> str:
    """Directions of one rule share a clause."""
    settings = {Direction.AT_LEAST: scheme.at_least, Direction.AT_MOST: scheme.at_most}
    if scheme.equal.rule != "only_equal":
        settings |= {Direction.EQUAL: scheme.equal}
    clauses: dict[str, list[str]] = {}
    for direction, part in settings.items():
        clauses.setdefault(words_of(part, "zero_target"), []).append(direction.symbol)
    rules = "；".join(f"{'、'.join(signs)}的{rule}" for rule, signs in clauses.items())
    return f"目标值为0的指标：{rules}。"


def _qualitative(scheme: Scheme) -> str:
    tiers = "，".join(
        f"{t.name} {percent_text(t.lower)}（含）～{percent_text(t.upper)}{'（含）' if t.upper_included else ''}"
        for t in scheme.tiers
    )
    return f"定性指标：先选完成程度，再在区间内填完成率（{tiers}），得分＝分值×完成率。"


def _over_completion(scheme: Scheme) -> str:
    over = scheme.over_completion
    effect = f"该指标扣{number_text(over.points)}分" if over.effect == "deduct" else words_of(over, "effect")
    return f"≥ 和 ＝ 的指标，完成值达到目标值的{percent_text(over.threshold)}的，{effect}。"


def _step(rule: StepRule) -> str:
    if rule.bands:
        bands = "；".join(f"偏离{percent_text(b.within)}以内得分值的{percent_text(b.share)}" for b in rule.bands)
        return f"{bands}；超过的不得分。"
    size = f"目标值的{percent_text(rule.every)}" if rule.relative else number_text(rule.every)
    side = "每偏离" if rule.symmetric else "每差"
    begun = "，不足一档按一档" if rule.count == "begun" else ""
    return f"{side}{size}扣{number_text(rule.minus)}分{begun}，扣完为止。"


def _reasons(scheme: Scheme) -> str:
    return "原因：" + describe_reason(scheme) + describe_execution_reason(scheme)


def _rounding(scheme: Scheme) -> str:
    rounding = scheme.rounding
    return f"{words_of(rounding, 'stage')}保留{rounding.decimals}位小数，{words_of(rounding, 'mode')}。"


def _caps(scheme: Scheme) -> str:
    caps = "，".join(
        f"低于{percent_text(cap.below)}的最高{number_text(cap.at_most)}分" for cap in reversed(scheme.total.caps)
    )
    return f"总分按预算执行率封顶：{caps}。"


def _grades(scheme: Scheme) -> str:
    bands = []
    upper = ""
    for grade in scheme.grading.bands:
        lower = number_text(grade.at_least)
        bands.append(f"{grade.name} {lower}分（含）以上" if not upper else f"{grade.name} {lower}（含）～{upper}分")
        upper = lower
    rounded = (
        "" if scheme.grading.decimals >= scheme.rounding.decimals else f"（总分先保留{scheme.grading.decimals}位小数）"
    )
    return f"评价等级{rounded}：{'，'.join(bands)}。"


def _completeness(scheme: Scheme) -> str:
    money = "，预算和执行资金都填了" if scheme.asks_for_execution else ""
    return f"每个指标都填了完成值，分值合计等于满分{money}，才有等级；不完整的，总分和等级待更正。"
