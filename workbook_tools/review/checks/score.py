"""SCORE: do points follow from what was done? Scores in 分, completions as fractions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Direction, FundingSource, Measure, Value
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import MONEY_UNITS, PERCENT, number_text, parse, percent_text
from workbook_tools.form.fields import Evaluation
from workbook_tools.form.funding import amount_name
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.locating import at, counted_rows, mismatch, number, stated_name, text
from workbook_tools.review.checks.passages import normal
from workbook_tools.review.scoring import Scored, indicator_direction, indicator_text, used_rows
from workbook_tools.rules import library

_FEW = 3


def scores_agree(scored: Scored) -> Iterator[Finding]:
    """表中得分应与集中评分一致；得分以填报数据统一计算的为准。"""
    names = [row.name("score") for row in used_rows(scored.submission.layout, scored.figures)]
    for name in (*names, "execution_score"):
        yield from _compared(scored, name, "SCORE01")


def total_agrees(scored: Scored) -> Iterator[Finding]:
    """表中总分应与集中评分一致；总分以填报数据统一计算的为准。"""
    yield from _compared(scored, "total_score", "SCORE05")


def _compared(scored: Scored, name: str, code: str) -> Iterator[Finding]:
    pair = mismatch(scored, name)
    if pair:
        expected = "没有得分" if pair[1] is None else number_text(pair[1])
        yield at(scored, name, code, found=pair[0], expected=expected)


def has_indicators(scored: Scored) -> Iterator[Finding]:
    """自评应有绩效指标，才能得出总分和等级（财预〔2020〕10号）。"""
    if not used_rows(scored.submission.layout, scored.figures):
        yield at(scored, "total_score", "SCORE02")


def met_targets_score(scored: Scored) -> Iterator[Finding]:
    """完成值达到目标值的指标应得满分（财预〔2020〕10号）；方案另有扣减规定的除外。"""
    for row in counted_rows(scored):
        score, weight = number(scored, row.name("score")), number(scored, row.name("weight"))
        if weight and _met(scored, row) and (score is None or NOISE.below(score, weight)):
            found = "没有得分" if score is None else f"得{number_text(score)}分"
            message = f"完成值“{indicator_text(row, scored.figures, 'actual')}”已达到目标，没有得满分"
            yield at(scored, row.name("score"), "SCORE03", message, found=found, expected=f"{number_text(weight)}分")


def _met(scored: Scored, row: FormRow) -> bool:
    """A qualitative actual is the very target. Points for quantities follow from the rules alone, so they need no look."""
    if indicator_direction(row, scored.figures) is not Direction.QUALITATIVE:
        return False
    target, actual = (normal(text(scored, row.name(part))) for part in ("target", "actual"))
    return bool(target) and target == actual


def total_not_understated(scored: Scored) -> Iterator[Finding]:
    """目标已达成而漏填完成率的指标按零分计入总分，总分因此偏低。"""
    met = (row for row in counted_rows(scored) if _met(scored, row) and number(scored, row.name("weight")))
    blank = [row for row in met if number(scored, row.name("score")) is None]
    total = number(scored, "total_score")
    if blank and total is not None:
        full = max(scored.submission.scheme.tiers, key=lambda tier: tier.upper)
        changes: dict[str, Value] = {row.name("stated"): 1.0 for row in blank}
        changes |= {row.name("tier"): full.name for row in blank}
        other = _recomputed(scored, changes)
        message = f"{len(blank)}个指标目标已达成而没有填完成率"
        expected = f"补填后{number_text(other['total_score'])}分，{other['grade']}"  # type: ignore[arg-type]
        yield at(scored, "total_score", "SCORE12", message, found=number_text(total), expected=expected)


def _recomputed(scored: Scored, changes: Mapping[str, Value]) -> Evaluation:
    """The figures if these inputs were different."""
    inputs = {name: answer.value for name, answer in scored.submission.answers.items()}
    return Evaluation(scored.submission.layout, {**inputs, **changes})


def actuals_near_targets(scored: Scored) -> Iterator[Finding]:
    """完成值大幅超过目标值的（界限由方案规定），可能是目标值偏低（财预〔2020〕10号）。"""
    scheme = scored.submission.scheme
    if scheme.over_completion.effect != "flag":
        return
    for row in counted_rows(scored):
        completion = number(scored, row.name("completion")) if scored.figures.has(row.name("completion")) else None
        if completion is None or indicator_direction(row, scored.figures) not in (Direction.AT_LEAST, Direction.EQUAL):
            continue
        if library.is_over_completed(scheme).value({"completion": completion}):
            found = indicator_text(row, scored.figures, "actual")
            expected = indicator_text(row, scored.figures, "target")
            message = f"完成率{percent_text(completion)}，远超目标值"
            yield at(scored, row.name("actual"), "SCORE04", message, found=found, expected=expected)


def _qualitative(scored: Scored) -> Iterator[tuple[FormRow, str, str]]:
    """Qualitative rows that are answered: row, target, actual."""
    for row in counted_rows(scored):
        target, actual = text(scored, row.name("target")), text(scored, row.name("actual"))
        if actual and indicator_direction(row, scored.figures) is Direction.QUALITATIVE:
            yield row, target, actual


def qualities_described(scored: Scored) -> Iterator[Finding]:
    """定性指标的完成值应写实际情况，不应只写一个数字（财预〔2020〕10号：定性指标分三档评价）。"""
    for row, target, actual in _qualitative(scored):
        if parse(actual) and not any(c.isdigit() for c in target):
            yield at(scored, row.name("actual"), "SCORE06", found=actual, expected=f"针对“{target}”的实际情况")


def qualities_evidenced(scored: Scored) -> Iterator[Finding]:
    """定性指标的完成值应写事实，不宜照抄目标的字样。"""
    for row, target, actual in _qualitative(scored):
        if normal(actual) == normal(target):
            yield at(scored, row.name("actual"), "SCORE07", found=actual)


def percentages_agree(scored: Scored) -> Iterator[Finding]:
    """定性指标的完成值写成百分数的，应与所填完成率相同。"""
    for row, _, actual in _qualitative(scored):
        answer, stated = parse(actual), number(scored, row.name("stated"))
        if answer is None or answer.unit != PERCENT or stated is None:
            continue
        if not NOISE.same(min(1.0, answer.number / 100), stated):
            yield at(scored, row.name("stated"), "SCORE08", found=percent_text(stated), expected=actual)


def targets_not_all_exact(scored: Scored) -> Iterator[Finding]:
    """各项定量指标的完成值都与目标值一分不差的，应有佐证。"""
    pairs = [(number(scored, r.name("actual")), number(scored, r.name("target"))) for r in counted_rows(scored)]
    exact = [actual == target for actual, target in pairs if actual is not None and target is not None]
    if len(exact) >= _FEW and all(exact):
        yield at(scored, "total_score", "SCORE09", f"{len(exact)}个定量指标的完成值都恰好等于目标值")


def cost_targets_revised(scored: Scored) -> Iterator[Finding]:
    """预算年中调整的，成本类指标的目标值应相应调整，不应仍是年初预算数。"""
    initial, annual = (
        number(scored, amount_name(m, FundingSource.TOTAL)) for m in (Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET)
    )
    if not initial or not annual or NOISE.same(initial, annual):
        return
    for row in _exceeded(scored):
        factor = MONEY_UNITS.get(str(scored.figures[row.name("unit")] if row.open else row.indicator.unit) or "万元")
        target = number(scored, row.name("target"))
        if factor and target is not None and NOISE.same(target * factor, initial):
            found, expected = f"{number_text(initial)}（年初预算数）", f"按全年预算{number_text(annual)}万元核定"
            yield at(scored, row.name("target"), "SCORE10", found=found, expected=expected)


def _exceeded(scored: Scored) -> Iterator[FormRow]:
    """Rows whose ≤ target was exceeded."""
    for row in counted_rows(scored):
        actual, target = number(scored, row.name("actual")), number(scored, row.name("target"))
        at_most = indicator_direction(row, scored.figures) is Direction.AT_MOST
        if at_most and actual is not None and target is not None and actual > target:
            yield row


def excess_not_read_as_merit(scored: Scored) -> Iterator[Finding]:
    """不得超过的指标，完成率大于100%表示超出控制数，不是超额完成。"""
    for row in _exceeded(scored):
        completion = number(scored, stated_name(row))
        if completion is not None and completion > 1 and scored.submission.scheme.at_most.completion != "achieved":
            message = f"完成率{percent_text(completion)}表示超出控制数，不是超额完成"
            yield at(scored, row.name("completion"), "SCORE11", message)
