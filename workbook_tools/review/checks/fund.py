"""FUND: does the funding table hold together? Amounts in 万元, rates as fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import INPUT_MEASURES, LEAF_SOURCES, RATE_MEASURES, SUM_SOURCES, FundingSource, Measure
from workbook_tools.core.values import MAX_AMOUNT, number_text, percent_text
from workbook_tools.form.fields import Role
from workbook_tools.form.funding import amount_name
from workbook_tools.review.checks.declaring import BUDGET, ISSUED, RATE, RECEIVED, RESULTS, TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import read_passages, split_clauses
from workbook_tools.review.checks.scale import find_form_slips, find_oversized
from workbook_tools.rules import library

_MISSING = {Measure.RECEIVED: "FUND06", Measure.EXECUTED: "FUND05"}
_OFFICE = re.compile("(?:弥补|补充|补足|缓解)[^，。；]{0,6}公用经费|公用经费[^，。；]{0,4}(?:不足|缺口)")
"""用于补充公用经费, 公用经费严重不足."""
_DENIED = re.compile("不存在|没有|不得|严禁|禁止|杜绝|[未非不]用")
"""不存在以项目经费弥补公用经费不足的问题."""


@reports("FUND03", "FUND11")
def budget_given(form: FilledForm) -> Iterator[Finding]:
    """没有预算无法计算执行率（财预〔2020〕10号：执行率＝全年执行数÷全年预算数）；下发时就为零的，提请财政核对。"""
    base = form.scheme.execution.base_measure
    for measure in dict.fromkeys((Measure.ANNUAL_BUDGET, base)):
        budget = form.amount(measure)
        if form.partial and measure is not base:
            continue  # a form of today may have no such column
        if budget is None or budget <= 0:
            typed = _is_typed_by_unit(form, measure)
            message = f"{measure.label}为零或未填" if typed else f"下发的{measure.label}为零"
            name = amount_name(measure, FundingSource.TOTAL)
            yield form.finding(name, "FUND03" if typed else "FUND11", message, found=budget)


def _is_typed_by_unit(form: FilledForm, measure: Measure) -> bool:
    """The row was not fixed when the workbook was issued."""
    fields = form.layout.fields
    return form.partial or any(fields[amount_name(measure, source)].role is Role.INPUT for source in LEAF_SOURCES)


@reports("FILL01", "FUND05", "FUND06", needs=(ISSUED,))
def amounts_filled(form: FilledForm) -> Iterator[Finding]:
    """有预算的资金来源应填到位数和执行数，没有的填 0。"""
    if form.partial:
        return  # its amounts do not stand source by source; IMPORT asks for what scoring needs
    empty = {item.name for item, word in form.problems if word == library.EMPTY}
    for measure, code in _MISSING.items():
        total, *sources = (amount_name(measure, source) for source in FundingSource)
        blank = [name for name in (*sources, total) if name in empty]
        if blank and form.amount(measure) is None:
            yield form.finding(blank[0], code)
        else:
            yield from (form.finding(name, "FILL01") for name in blank)


@reports("FUND08", needs=(BUDGET,))
def amounts_in_ten_thousands(form: FilledForm) -> Iterator[Finding]:
    """资金以万元计；某数达到全年预算一百倍以上的，多为误填了元。"""
    for name, value, budget in find_oversized(form):
        yield form.finding(name, "FUND08", found=value, expected=f"与全年预算{number_text(budget)}万元相称")


@reports("FUND01", needs=(RECEIVED,))
def executed_within_received(form: FilledForm) -> Iterator[Finding]:
    """全年执行资金一般不大于实际到位资金（分来源比较）。"""
    yield from _compare_sources(form, "FUND01", Measure.EXECUTED, Measure.RECEIVED)


@reports("FUND02", needs=(BUDGET,))
def received_within_budget(form: FilledForm) -> Iterator[Finding]:
    """实际到位资金一般不大于全年预算资金（分来源比较）。"""
    yield from _compare_sources(form, "FUND02", Measure.RECEIVED, Measure.ANNUAL_BUDGET)


def _compare_sources(form: FilledForm, code: str, larger: Measure, limit: Measure) -> Iterator[Finding]:
    """Sources whose amount exceeds the limit, by the rule of the cell; a slip of the scale is told as such."""
    word = library.OVER_RECEIVED if limit is Measure.RECEIVED else library.OVER_BUDGET
    rule = library.amount_problem(MAX_AMOUNT, False, word)
    slips = {name for name, *_ in find_oversized(form)} | {slip.name for slip in find_form_slips(form)}
    for source in LEAF_SOURCES:
        name = amount_name(larger, source)
        value, most = form.number(name), form.amount(limit, source) or 0.0
        amounts = {"cell": value, "limit": [most], "limit_total": [form.amount(limit)]}
        if value is not None and rule.value(amounts) == word and not slips & {name, amount_name(limit, source)}:
            message = f"{larger.label}大于{limit.label}（{source.label}）"
            item = form.finding(name, code, message, found=value, expected=f"不大于{number_text(most)}")
            yield item.with_figures(value, most)


@reports("FUND04", needs=(RATE,))
def low_rate_explained(form: FilledForm) -> Iterator[Finding]:
    """预算执行率低于方案规定比例的，应说明原因。"""
    for item, _ in form.problems:
        if item.name == "execution_reason":
            rate = form.number("scored_rate") or 0.0
            limit = percent_text(form.scheme.execution.explain_below)
            message = f"预算执行率低于{limit}，没有说明原因"
            yield form.finding(item.name, "FUND04", message, found=percent_text(rate))


@reports("FUND07", needs=(ISSUED, BUDGET))
def initial_budget_given(form: FilledForm) -> Iterator[Finding]:
    """由单位填的年初预算，年初没有的填 0（执行率按年初预算计分的，另按预算未填处理）；填了 0 的多为年中追加，不再问。"""
    base, initial = form.scheme.execution.base_measure, Measure.INITIAL_BUDGET
    asked = not form.partial and base is not initial and _is_typed_by_unit(form, initial)
    if asked and form.amount(Measure.ANNUAL_BUDGET) and form.amount(initial) is None:
        yield form.finding(amount_name(initial, FundingSource.TOTAL), "FUND07")


@reports("FUND09", needs=(RESULTS,))
def sums_and_rates_agree(form: FilledForm) -> Iterator[Finding]:
    """小计、合计、(5)=(3)-(4)、(6)=(3)/(2)、(7)=(4)/(2) 应与表中数字相符；每行只报第一处。"""
    for measure in Measure:
        write = percent_text if measure in RATE_MEASURES else number_text
        for source in SUM_SOURCES if measure in INPUT_MEASURES else tuple(FundingSource):
            name = amount_name(measure, source)
            pair = form.find_mismatch(name)
            if pair:
                expected = "空白" if pair[1] is None else write(pair[1])
                yield form.finding(name, "FUND09", found=write(pair[0]), expected=expected).with_figures(*pair)
                break


@reports("FUND10", needs=(TEXTS,))
def no_office_expenses(form: FilledForm) -> Iterator[Finding]:
    """项目资金不应用来弥补公用经费（项目支出与基本支出分开）。"""
    for passage in read_passages(form):
        clause = next((c for c in split_clauses(passage.text) if _OFFICE.search(c) and not _DENIED.search(c)), "")
        if clause:
            yield form.finding(passage.name, "FUND10", found=clause)


CHECKS: tuple[Check, ...] = (
    budget_given,
    amounts_filled,
    amounts_in_ten_thousands,
    executed_within_received,
    received_within_budget,
    low_rate_explained,
    initial_budget_given,
    sums_and_rates_agree,
    no_office_expenses,
)
