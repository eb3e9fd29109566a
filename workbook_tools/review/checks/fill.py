"""FILL: is everything filled in that the form asks for?

What the reader has said of a cell (a text for a number, a choice that is none) is not said again here.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.questions import is_answer
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import count_bytes, number_text, percent_text
from workbook_tools.form.fields import FormBlock
from workbook_tools.form.narrative import INFO
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.declaring import DEDUCTIONS, INDICATORS, PROPOSALS, QUALITIES, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.reasons import names_cause, tells_plans
from workbook_tools.rules import library

_OPEN_PARTS = ("weight", "direction", "target")
_TYPED_PARTS = ("weight", "target", "unit", "actual", "tier", "stated", "deviation_reason")
"""What a unit types into an open row besides the name; category and direction come with a choice made."""
_REPORTED_ELSEWHERE = (FormBlock.CONTACT, FormBlock.FUNDING, FormBlock.INDICATORS, FormBlock.TEXTS)
"""Blocks whose blanks other checks report."""


@reports("FILL15")
def workbook_filled(form: FilledForm) -> Iterator[Finding]:
    """报送的工作簿应已填写，不应原样退回（手工表格上只有得分的，另有检查）。"""
    submission = form.submission
    if form.untouched and not (submission.partial and submission.shown):
        yield finding("FILL15")


@reports("FILL01")
def required_filled(form: FilledForm) -> Iterator[Finding]:
    """黄色单元格均须填写（资金、指标、文字另有检查）。"""
    for item, word in form.problems:
        if word == library.EMPTY and item.block not in _REPORTED_ELSEWHERE:
            yield form.finding(item.name, "FILL01")


@reports("FILL03")
def numbers_in_range(form: FilledForm) -> Iterator[Finding]:
    """金额不为负、不超过 1 亿万元；权重在 0 与总分之间。"""
    for item, word in form.problems:
        if word == library.OUT_OF_RANGE:
            limits = f"{number_text(item.low or 0)}～{number_text(item.high or 0)}"
            yield form.finding(item.name, "FILL03", found=form.figures[item.name], expected=limits)


@reports("FILL13")
def contact_given(form: FilledForm) -> Iterator[Finding]:
    """应写明项目负责人、填报人、联系电话和填报日期，以便核实；只写“无”、横线、标点的，不算。"""
    empty = {item.name for item, word in form.problems if word == library.EMPTY and item.block is FormBlock.CONTACT}
    empty |= {name for name, *_ in INFO if (said := form.text(name)) and not is_answer(said)}
    if empty:
        first = next(name for name, *_ in INFO if name in empty)
        labels = "、".join(label for name, label, _ in INFO if name in empty)
        yield form.finding(first, "FILL13", f"没有填写{labels}", found=form.text(first))


@reports("FILL01", "FILL10", needs=(INDICATORS,))
def actuals_given(form: FilledForm) -> Iterator[Finding]:
    """每个指标都要填实际完成值；定性指标还要选完成程度、填完成率（财预〔2020〕10号）。"""
    labels = form.labels
    for row, words in form.row_problems():
        missing = [part for part in ("stated", "tier") if words.get(part) == library.EMPTY]
        if words.get("actual") == library.EMPTY:
            rest = f"、{labels.tier}和{labels.completion}" if len(missing) == 2 else ""
            yield form.finding(row.name("actual"), "FILL01", f"没有填写{labels.actual}{rest}")
        elif missing:
            message = f"填了{labels.actual}但没有填{'和'.join(labels.of(part) for part in reversed(missing))}"
            yield form.finding(row.name(missing[0]), "FILL10", message, found=form.text(row.name("actual")))


@reports("FILL07", needs=(INDICATORS, QUALITIES))
def completion_fits_tier(form: FilledForm) -> Iterator[Finding]:
    """定性指标的完成率应在所选完成程度的区间内（财预〔2020〕10号）。"""
    for row, words in form.row_problems():
        if words.get("stated") == library.TIER_MISFIT:
            tier = form.scheme.tier(form.text(row.name("tier")))
            stated = form.number(row.name("stated")) or 0.0
            bounds = f"{tier.name} {tier.lower:.0%}～{tier.upper:.0%}" if tier else ""
            message = f"{form.labels.completion}与所选{form.labels.tier}不符"
            yield form.finding(row.name("stated"), "FILL07", message, found=percent_text(stated), expected=bounds)


@reports("FILL08", "FILL11", needs=(INDICATORS,))
def losses_explained(form: FilledForm) -> Iterator[Finding]:
    """得分低于权重的应说明偏差原因和改进措施；方案要求的，超额完成也应说明（财预〔2020〕10号）。"""
    for row, words in form.row_problems():
        score, weight = form.number(row.name("score")), form.number(row.name("weight"))
        if words.get("deviation_reason") == library.REASON_NEEDED and score is not None and weight is not None:
            lost = form.loses_points(row)
            facts = {"found": f"得{number_text(score)}分", "expected": f"满分{number_text(weight)}分"} if lost else {}
            off = form.number(row.name("self_deduction"))
            message = f"自扣了{number_text(off)}分，没有说明原因" if lost and off else ""
            yield form.finding(row.name("deviation_reason"), "FILL08" if lost else "FILL11", message, **facts)
        elif _is_scoreless_without_reason(form, row, words):
            message = f"{form.labels.completion}未填，本指标不得分，也没有说明原因"
            advice = f"请补填{form.labels.completion}；确实没有完成的，请说明原因和改进措施。"
            yield form.finding(row.name("deviation_reason"), "FILL08", message, advice=advice)


def _is_scoreless_without_reason(form: FilledForm, row: FormRow, words: dict[str, str]) -> bool:
    """A qualitative row that is answered but earns nothing, because its completion is blank, and says not why."""
    answered = form.is_typed(row.name("actual")) and not form.is_typed(row.name("deviation_reason"))
    asked = not form.partial or row.name("deviation_reason") in form.submission.answers
    return words.get("stated") == library.EMPTY and answered and asked


@reports("FILL31", needs=(DEDUCTIONS,))
def deductions_within_points(form: FilledForm) -> Iterator[Finding]:
    """自扣分在 0 至按规则的得分之间，不能用来加分；没有写原因的，同失分没有写原因一样提示（方案允许自扣分的）。"""
    for row, words in form.row_problems():
        name, off = row.name("self_deduction"), form.number(row.name("self_deduction"))
        if words.get("self_deduction") == library.TOO_MUCH_OFF:
            most = form.number(row.name("rule_score"))
            expected = "不小于 0" if most is None else f"0～{number_text(most)}"
            yield form.finding(name, "FILL31", found=off, expected=expected)


@reports("FILL14", needs=(INDICATORS,))
def reasons_name_a_cause(form: FilledForm) -> Iterator[Finding]:
    """失分、执行率偏低的原因应写明为什么没有完成，再写改进措施（财预〔2020〕10号）；没有失分的不问。"""
    names = [row.name("deviation_reason") for row in form.counted_rows if form.loses_points(row)]
    rate, limit = form.number("scored_rate"), form.scheme.execution.explain_below
    if rate is not None and NOISE.below(rate, limit):
        names.append("execution_reason")
    for name in names:
        reason = form.text(name)
        if reason and not names_cause(reason):
            message = "原因只写了打算" if tells_plans(reason) else "没有写出原因"
            yield form.finding(name, "FILL14", message, found=reason)


@reports("FILL09", needs=(PROPOSALS,))
def proposals_complete(form: FilledForm) -> Iterator[Finding]:
    """自拟指标应写明名称、权重、指标性质和目标值；一个都没有填的只提示一次。"""
    layout = form.layout
    if not layout.open:
        return
    if not form.used_rows:
        if layout.rows and layout.rows[0].name("indicator") in form.submission.answers:
            yield form.finding(layout.rows[0].name("indicator"), "FILL09", "没有填写任何自拟指标")
        return
    for row, words in form.row_problems():
        missing = [part for part in _OPEN_PARTS if words.get(part) == library.EMPTY]
        if not form.text(row.name("indicator")):
            missing = ["indicator"] if any(form.is_typed(row.name(part)) for part in _TYPED_PARTS) else []
        if missing:
            labels = "、".join(form.labels.of(part) for part in missing)
            yield form.finding(row.name(missing[0]), "FILL09", f"自拟指标没有填写{labels}")


@reports("FILL23")
def texts_short_enough(form: FilledForm) -> Iterator[Finding]:
    """文字不超过评分方案里写的字节数（表要导入的系统限制长度）；方案没有写的不查。"""
    limits = form.scheme.form.text_limits
    for item in form.layout.fields.values() if limits else ():
        length = count_bytes(form.text(item.name), limits.wide) if limits and item.most_bytes else 0
        if length > item.most_bytes:
            message = f"文字超过系统收的长度，多 {length - item.most_bytes} 个字节"
            yield form.finding(
                item.name, "FILL23", message, found=f"{length}个字节", expected=f"最多{item.most_bytes}个字节"
            )


CHECKS: tuple[Check, ...] = (
    required_filled,
    numbers_in_range,
    contact_given,
    actuals_given,
    completion_fits_tier,
    losses_explained,
    deductions_within_points,
    reasons_name_a_cause,
    proposals_complete,
    texts_short_enough,
)
"""What is asked of a workbook in which something was typed; :func:`workbook_filled` comes before."""
