"""A scheme in plain Chinese, as 填报说明 and ``wbt scheme show`` print it: built from the settings, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.rules.scheme import Scheme, StepRule
from workbook_tools.values import number_text, percent_text


def describe(scheme: Scheme) -> Iterator[str]:
    """The sentences, in the order in which a score comes about."""
    yield _weights(scheme)
    if scheme.execution.weight:
        yield _execution(scheme)
    yield "越大越好（≥）的指标：达到目标值得满分，未达到的按完成值÷目标值的比例得分。"
    yield (
        "越小越好（≤）的指标：不超过目标值得满分，超过的"
        + {
            "inverse": "按目标值÷完成值的比例得分。",
            "linear": "按超过的比例扣分，达到目标值两倍的不得分。",
            "zero": "不得分。",
        }[scheme.at_most.exceeded]
    )
    yield (
        "等于为好（＝）的指标："
        + {
            "as_at_least": "与越大越好的指标同样计分。",
            "only_equal": "等于目标值得满分，否则不得分。",
            "symmetric": "按偏离目标值的比例扣分，偏高偏低都扣。",
        }[scheme.equal.rule]
    )
    yield _qualitative(scheme)
    if over := _over_completion(scheme):
        yield over
    for name, rule in scheme.steps.items():
        yield f"计分规则“{name}”（{rule.label}）：{_step(rule)}"
    yield _rounding(scheme)
    yield from _total(scheme)
    yield _grades(scheme)


def _weights(scheme: Scheme) -> str:
    parts = [f"{d.name}{number_text(d.weight)}分" for d in scheme.dimensions]
    if scheme.execution.weight:
        parts.insert(0, f"预算执行率{number_text(scheme.execution.weight)}分")
    norm = {"exact": "，须按此设置", "principle": "，原则上按此设置", "none": "，可以调整"}[scheme.weights.norm]
    return f"满分{number_text(scheme.weights.total)}分：{'、'.join(parts)}{norm}。"


def _execution(scheme: Scheme) -> str:
    settings = scheme.execution
    weight = number_text(settings.weight)
    base = settings.base_measure.label
    if settings.bands:
        bands = "；".join(
            f"{percent_text(b.at_least)}以上得{number_text(b.share * settings.weight)}分" for b in settings.bands
        )
        how = f"{bands}；再低不得分"
    else:
        how = f"{weight}分×执行率" + ("，最多得满分" if settings.capped else "，超过100%的照实计算")
    zero = {"zero": "不得分", "full": "得满分", "blank": "不计分"}[settings.zero_budget]
    reason = f"执行率低于{percent_text(settings.explain_below)}的须说明原因。" if settings.explain_below else ""
    return f"预算执行率（全年执行资金÷{base}）：{how}；预算为0的{zero}。{reason}"


def _qualitative(scheme: Scheme) -> str:
    tiers = "，".join(
        f"{t.name} {percent_text(t.lower)}（含）～{percent_text(t.upper)}{'（含）' if t.upper_included else ''}"
        for t in scheme.tiers
    )
    return f"定性指标：先选完成程度，再在区间内填完成率（{tiers}），得分＝分值×完成率。"


def _over_completion(scheme: Scheme) -> str:
    over = scheme.over_completion
    head = f"完成值达到目标值的{percent_text(over.threshold)}"
    return {
        "none": "",
        "flag": f"{head}的，审核时提示核实目标值是否偏低，不影响得分。",
        "reason": f"{head}的，须说明原因。",
        "deduct": f"{head}的，该指标扣{number_text(over.points)}分。",
        "reduce": f"{head}的，按超过该比例的部分扣减得分。",
    }[over.effect]


def _step(rule: StepRule) -> str:
    if rule.bands:
        bands = "；".join(f"偏离{percent_text(b.within)}以内得分值的{percent_text(b.share)}" for b in rule.bands)
        return f"{bands}；超过的不得分。"
    size = percent_text(rule.every) if rule.relative else number_text(rule.every)
    count = "每差" if rule.count == "full" else "每差（不足一档按一档）"
    return f"{count}{size}扣{number_text(rule.minus)}分，扣完为止。"


def _rounding(scheme: Scheme) -> str:
    rounding = scheme.rounding
    how = "四舍五入" if rounding.mode == "half_up" else "舍去以下各位"
    where = "每个指标的得分" if rounding.stage == "row" else "只有总分"
    return f"{where}保留{rounding.decimals}位小数，{how}。"


def _total(scheme: Scheme) -> Iterator[str]:
    if scheme.total.rebase:
        yield f"不适用的指标不计分，其余指标的得分按满分{number_text(scheme.weights.total)}分折算。"
    for cap in reversed(scheme.total.caps):
        yield f"预算执行率低于{percent_text(cap.below)}的，总分最高{number_text(cap.at_most)}分。"


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
