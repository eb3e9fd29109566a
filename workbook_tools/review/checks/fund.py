"""FUND: does the funding table hold together? Amounts in 万元, rates as fractions."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import INPUT_MEASURES, LEAF_SOURCES, RATE_MEASURES, SUM_SOURCES, FundingSource, Measure
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.form.fields import Role
from workbook_tools.form.funding import amount_name
from workbook_tools.review.checks.locating import at, mismatch, number, problems, typed
from workbook_tools.review.scoring import Scored
from workbook_tools.rules import library

_MISSING = {Measure.RECEIVED: "FUND06", Measure.EXECUTED: "FUND05"}
_YUAN = 100
"""So many times the budget of the whole year is taken for 元 typed as 万元."""


def _amount(scored: Scored, measure: Measure, source: FundingSource = FundingSource.TOTAL) -> float | None:
    return number(scored, amount_name(measure, source))


def budget_given(scored: Scored) -> Iterator[Finding]:
    """没有预算无法计算执行率（财预〔2020〕10号：执行率＝全年执行数÷全年预算数）；下发时就为零的，提请财政核对。"""
    base = scored.submission.scheme.execution.base_measure
    for measure in dict.fromkeys((Measure.ANNUAL_BUDGET, base)):
        name, label = amount_name(measure, FundingSource.TOTAL), measure.label
        budget, asked = number(scored, name), _asked(scored, measure)
        if scored.submission.partial and measure is not base:
            continue  # a form of today may have no such column
        if asked and (budget is None or budget <= 0):
            yield at(scored, name, "FUND03", f"{label}为零或未填", found=budget)
        elif budget is None or budget <= 0:
            yield at(scored, name, "FUND11", f"下发的{label}为零", found=budget)


def _asked(scored: Scored, measure: Measure) -> bool:
    """The unit types the row; it was not fixed when the workbook was issued."""
    fields = scored.submission.layout.fields
    return scored.submission.partial or any(
        fields[amount_name(measure, source)].role is Role.INPUT for source in LEAF_SOURCES
    )


def amounts_filled(scored: Scored) -> Iterator[Finding]:
    """有预算的资金来源应填到位数和执行数，没有的填 0。"""
    if scored.submission.partial:
        return  # its amounts do not stand source by source; IMPORT asks for what scoring needs
    empty = [item for item, word in problems(scored) if word == library.EMPTY]
    for measure, code in _MISSING.items():
        names = [item.name for item in empty if item.part == measure]
        if not names:
            continue
        if _amount(scored, measure) is None:
            leaves = [name for name in names if name != amount_name(measure, FundingSource.TOTAL)]
            yield at(scored, (leaves or names)[0], code)
        else:
            yield from (at(scored, name, "FILL01") for name in names)


def amounts_in_ten_thousands(scored: Scored) -> Iterator[Finding]:
    """资金以万元计；某数达到全年预算一百倍以上的，多为误填了元。"""
    for name, value, budget in _oversized(scored):
        yield at(scored, name, "FUND08", found=value, expected=f"与全年预算{number_text(budget)}万元相称")


def _oversized(scored: Scored) -> list[tuple[str, float, float]]:
    budget = _amount(scored, Measure.ANNUAL_BUDGET)
    if not budget or budget <= 0:
        return []
    names = [amount_name(m, s) for m in INPUT_MEASURES if m is not Measure.ANNUAL_BUDGET for s in LEAF_SOURCES]
    values = ((name, number(scored, name)) for name in names if typed(scored, name))
    return [(name, value, budget) for name, value in values if value is not None and value >= _YUAN * budget]


def executed_within_received(scored: Scored) -> Iterator[Finding]:
    """全年执行资金一般不大于实际到位资金（分来源比较）。"""
    yield from _exceeding(scored, "FUND01", Measure.EXECUTED, Measure.RECEIVED)


def received_within_budget(scored: Scored) -> Iterator[Finding]:
    """实际到位资金一般不大于全年预算资金（分来源比较）。"""
    yield from _exceeding(scored, "FUND02", Measure.RECEIVED, Measure.ANNUAL_BUDGET)


def _exceeding(scored: Scored, code: str, larger: Measure, limit: Measure) -> Iterator[Finding]:
    """Sources whose amount exceeds the limit; a blank limit counts as 0 once the row holds an amount."""
    if not _amount(scored, limit):
        return
    oversized = {name for name, *_ in _oversized(scored)}
    for source in LEAF_SOURCES:
        name = amount_name(larger, source)
        value, most = number(scored, name), _amount(scored, limit, source) or 0.0
        if value is not None and NOISE.above(value, most) and name not in oversized:
            message = f"{larger.label}大于{limit.label}（{source.label}）"
            yield at(scored, name, code, message, found=value, expected=f"不大于{number_text(most)}")


def low_rate_explained(scored: Scored) -> Iterator[Finding]:
    """预算执行率低于方案规定比例的，应说明原因。"""
    for item, _ in problems(scored):
        if item.name == "execution_reason":
            rate = number(scored, "scored_rate") or 0.0
            limit = percent_text(scored.submission.scheme.execution.explain_below)
            message = f"预算执行率低于{limit}，没有说明原因"
            yield at(scored, item.name, "FUND04", message, found=percent_text(rate))


def initial_budget_given(scored: Scored) -> Iterator[Finding]:
    """年初没有预算而全年有预算的，多为年中追加，提请注意（执行率按年初预算计分的，另按预算未填处理）。"""
    annual, base = _amount(scored, Measure.ANNUAL_BUDGET), scored.submission.scheme.execution.base_measure
    if scored.submission.partial and _amount(scored, Measure.INITIAL_BUDGET) is None:
        return  # many forms of today have no such column
    if annual and not _amount(scored, Measure.INITIAL_BUDGET) and base is not Measure.INITIAL_BUDGET:
        yield at(scored, amount_name(Measure.INITIAL_BUDGET, FundingSource.TOTAL), "FUND07")


def sums_and_rates_agree(scored: Scored) -> Iterator[Finding]:
    """小计、合计、(5)=(3)-(4)、(6)=(3)/(2)、(7)=(4)/(2) 应与表中数字相符；每行只报第一处。"""
    for measure in Measure:
        write = percent_text if measure in RATE_MEASURES else number_text
        for source in SUM_SOURCES if measure in INPUT_MEASURES else tuple(FundingSource):
            name = amount_name(measure, source)
            pair = mismatch(scored, name)
            if pair:
                expected = "空白" if pair[1] is None else write(pair[1])
                yield at(scored, name, "FUND09", found=write(pair[0]), expected=expected)
                break
