"""WEIGHT: do the weights add up, and do they follow the scheme's norm? Weights in 分."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.core.findings import Finding
from workbook_tools.core.tolerances import EQUAL_SHARES, NOISE
from workbook_tools.core.values import number_text
from workbook_tools.review.checks.declaring import INDICATORS, NORM, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.rules.scheme import Dimension

_FEW = 3
"""Indicators from which equal weights say something: two of 45 points each may well be meant."""


def _read_weights(form: FilledForm) -> list[tuple[str, float]]:
    """Dimension and weight of every indicator; nothing if a weight is missing, which FILL09 reports."""
    weights = [(row.indicator.dimension, form.number(row.name("weight"))) for row in form.used_rows]
    return [] if any(w is None for _, w in weights) else [(d, w) for d, w in weights if w is not None]


@reports("WEIGHT01", needs=(INDICATORS,))
def weights_add_up(form: FilledForm) -> Iterator[Finding]:
    """各指标权重之和加预算执行率分值应等于方案规定的总分（财预〔2020〕10号：总分 100 分）。"""
    scheme, weights = form.scheme, _read_weights(form)
    total = sum(weight for _, weight in weights) + scheme.execution.weight
    if weights and not NOISE.same(total, scheme.weights.total):
        found, expected = number_text(total), number_text(scheme.weights.total)
        message = f"{form.labels.weight}之和不对"
        item = form.finding("total_weight", "WEIGHT01", message, found=found, expected=expected)
        yield item.with_figures(total, scheme.weights.total)


def _add_up_dimensions(form: FilledForm) -> list[tuple[Dimension, float | None]]:
    """The weight of each of the scheme's dimensions, ``None`` where it has no indicator."""
    sums: dict[str, float] = {}
    for name, weight in _read_weights(form):
        sums[name] = sums.get(name, 0.0) + weight
    return [(d, sums.get(d.name)) for d in form.scheme.dimensions] if sums else []


@reports("WEIGHT02", "WEIGHT04", needs=(INDICATORS, NORM))
def dimensions_follow_norm(form: FilledForm) -> Iterator[Finding]:
    """一级指标权重按方案规定设置：固定分值的必须相等，原则性规定的提请确认（财预〔2020〕10号：产出 50、效益 30、满意度 10）。"""
    norm = form.scheme.weights.norm
    off = [(d, w) for d, w in _add_up_dimensions(form) if w is not None and not NOISE.same(w, d.weight)]
    if off and norm != "none":
        found = "，".join(f"{d.name}{number_text(w)}分" for d, w in off)
        expected = "，".join(f"{d.name}{number_text(d.weight)}分" for d, _ in off)
        message = f"{form.labels.dimension}的{form.labels.weight}与方案规定不一致"
        code = "WEIGHT04" if norm == "exact" else "WEIGHT02"
        yield form.finding("total_weight", code, message, found=found, expected=expected)


@reports("WEIGHT05", needs=(INDICATORS, NORM))
def dimensions_have_indicators(form: FilledForm) -> Iterator[Finding]:
    """方案规定了分值的一级指标，都应有三级指标（财预〔2020〕10号）。"""
    norm = form.scheme.weights.norm
    missing = [d for d, w in _add_up_dimensions(form) if w is None and d.weight > 0]
    if missing and norm != "none":
        names = "、".join(d.name for d in missing)
        yield form.finding("total_weight", "WEIGHT05", f"没有{names}")


@reports("WEIGHT03", needs=(INDICATORS,))
def weights_differ(form: FilledForm) -> Iterator[Finding]:
    """权重应体现指标的重要程度，不宜平均分配（财预〔2020〕10号）。"""
    weights = [weight for _, weight in _read_weights(form)]
    if len(weights) >= _FEW:
        mean = sum(weights) / len(weights)
        if all(EQUAL_SHARES.same(weight, mean) for weight in weights):
            found = f"{len(weights)}个指标各{number_text(round(mean, 2))}分"
            yield form.finding("total_weight", "WEIGHT03", f"各指标的{form.labels.weight}平均分配", found=found)


CHECKS: tuple[Check, ...] = (
    weights_add_up,
    dimensions_follow_norm,
    dimensions_have_indicators,
    weights_differ,
)
