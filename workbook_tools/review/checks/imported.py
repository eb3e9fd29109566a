"""IMPORT: what only a form of today can get wrong, because nothing in it is computed. Amounts in 万元, rates as fractions."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.tolerances import NOISE, PRINTED
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.form.funding import amount_name
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.declaring import BUDGET, HAND_MADE, INDICATORS, TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import is_report, read_passages
from workbook_tools.review.checks.stated_scores import find_grades, find_totals


@reports("FUND05", needs=(HAND_MADE,))
def executed_given(form: FilledForm) -> Iterator[Finding]:
    """没有执行数无法计算执行率；手工表格没有分来源的，只看合计。"""
    name = amount_name(Measure.EXECUTED, FundingSource.TOTAL)
    if form.partial and form.scheme.execution.weight and form.number(name) is None:
        yield form.finding(name, "FUND05")


@reports("FILL01", needs=(HAND_MADE, INDICATORS))
def actuals_given(form: FilledForm) -> Iterator[Finding]:
    """指标都没有填完成值的表，等于没有填。"""
    rows = form.counted_rows if form.partial else []
    if rows and not any(row.name("actual") in form.submission.answers for row in rows):
        yield form.finding(rows[0].name("indicator"), "FILL01", f"{len(rows)}个指标都没有填{form.labels.actual}")


@reports("IMPORT13", needs=(HAND_MADE, BUDGET))
def executed_within_budget(form: FilledForm) -> Iterator[Finding]:
    """全年执行数一般不大于全年预算数（手工表格多没有到位数，用预算数比较）。"""
    if not form.partial:
        return
    names = [amount_name(measure, FundingSource.TOTAL) for measure in (Measure.EXECUTED, Measure.ANNUAL_BUDGET)]
    executed, budget = (form.number(name) for name in names)
    if executed and budget and NOISE.above(executed, budget):
        item = form.finding(names[0], "IMPORT13", found=executed, expected=f"不大于{number_text(budget)}")
        yield item.with_figures(executed, budget)


@reports("IMPORT14", needs=(HAND_MADE, INDICATORS))
def completions_agree(form: FilledForm) -> Iterator[Finding]:
    """印出的完成率应由完成值和目标值算出；超过100%的写成100%、成本类的写成完成值÷目标值，也算相符。"""
    for row in form.counted_rows if form.partial else ():
        pair = form.find_mismatch(row.name("completion"))
        if pair and not _is_plain_quotient(form, row, pair[0]):
            name, expected = form.labels.completion, "" if pair[1] is None else percent_text(pair[1])
            message = f"印出的{name}与计算结果不一致" if expected else f"印出了{name}，按填报数据算不出来"
            found = percent_text(pair[0])
            item = form.finding(row.name("completion"), "IMPORT14", message, found=found, expected=expected)
            yield item.with_figures(*pair)


def _is_plain_quotient(form: FilledForm, row: FormRow, printed: float) -> bool:
    """The printed completion is the plain quotient, or that cut off at 100%."""
    actual, target = form.number(row.name("actual")), form.number(row.name("target"))
    if actual is None or not target:
        return False
    return any(PRINTED.same(printed, share) for share in (actual / target, min(1.0, actual / target)))


@reports("IMPORT19", needs=(HAND_MADE, INDICATORS, TEXTS))
def report_is_whole(form: FilledForm) -> Iterator[Finding]:
    """手工编的完整报告（有五段以上分析文字、印了指标得分）应有预算执行率的得分、总分和等级，写在文字里的也算；单独一张表不问。"""
    shown, passages = form.submission.shown, read_passages(form)
    scored = any(isinstance(shown.get(row.name("score")), float) for row in form.counted_rows)
    if not (form.partial and scored and is_report(form)):
        return
    there = {
        "预算执行率的得分": not form.scheme.execution.weight or "execution_score" in shown,
        "总分": "total_score" in shown or any(find_totals(form, p.text) for p in passages),
        "等级": bool(shown.get("grade")) or any(any(find_grades(form, p.text)) for p in passages),
    }
    missing = [what for what, told in there.items() if not told]
    if missing:
        yield form.finding("total_score", "IMPORT19", f"完整的报告中没有{'、'.join(missing)}")


CHECKS: tuple[Check, ...] = (
    actuals_given,
    executed_given,
    executed_within_budget,
    completions_agree,
    report_is_whole,
)
