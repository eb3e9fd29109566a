"""IMPORT: what only a form of today can get wrong, because nothing in it is computed. Amounts in 万元, rates as fractions."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.tolerances import NOISE, PRINTED
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.form.funding import amount_name
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.locating import at, counted_rows, mismatch, number
from workbook_tools.review.scoring import Scored


def executed_given(scored: Scored) -> Iterator[Finding]:
    """没有执行数无法计算执行率；手工表格没有分来源的，只看合计。"""
    name = amount_name(Measure.EXECUTED, FundingSource.TOTAL)
    if scored.submission.partial and scored.submission.scheme.execution.weight and number(scored, name) is None:
        yield at(scored, name, "FUND05")


def actuals_given(scored: Scored) -> Iterator[Finding]:
    """指标都没有填完成值的表，等于没有填。"""
    rows = counted_rows(scored) if scored.submission.partial else []
    if rows and not any(row.name("actual") in scored.submission.answers for row in rows):
        yield at(scored, rows[0].name("indicator"), "FILL01", f"{len(rows)}个指标都没有填完成值")


def executed_within_budget(scored: Scored) -> Iterator[Finding]:
    """全年执行数一般不大于全年预算数（手工表格多没有到位数，用预算数比较）。"""
    if not scored.submission.partial:
        return
    names = [amount_name(measure, FundingSource.TOTAL) for measure in (Measure.EXECUTED, Measure.ANNUAL_BUDGET)]
    executed, budget = (number(scored, name) for name in names)
    if executed and budget and NOISE.above(executed, budget):
        yield at(scored, names[0], "IMPORT13", found=executed, expected=f"不大于{number_text(budget)}")


def completions_agree(scored: Scored) -> Iterator[Finding]:
    """印出的完成率应由完成值和目标值算出；超过100%的写成100%、成本类的写成完成值÷目标值，也算相符。"""
    for row in counted_rows(scored) if scored.submission.partial else ():
        pair = mismatch(scored, row.name("completion"))
        if pair and not _fair(scored, row, pair[0]):
            expected = "没有完成率" if pair[1] is None else percent_text(pair[1])
            yield at(scored, row.name("completion"), "IMPORT14", found=percent_text(pair[0]), expected=expected)


def _fair(scored: Scored, row: FormRow, printed: float) -> bool:
    """The printed completion is the plain quotient, or that cut off at 100%."""
    actual, target = number(scored, row.name("actual")), number(scored, row.name("target"))
    if actual is None or not target:
        return False
    return any(PRINTED.same(printed, share) for share in (actual / target, min(1.0, actual / target)))
