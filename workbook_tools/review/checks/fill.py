"""FILL: is everything filled in that the form asks for?

What the reader has said of a cell (a text for a number, a choice that is none) is not said again here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.form.fields import FormBlock
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.locating import (
    at,
    counted_rows,
    number,
    problems,
    row_problems,
    text,
    typed,
    untouched,
)
from workbook_tools.review.scoring import Scored, used_rows
from workbook_tools.rules import library

_OPEN_PARTS = ("weight", "direction", "target")
_TYPED_PARTS = ("weight", "target", "unit", "actual", "tier", "stated", "deviation_reason")
"""What a unit types into an open row besides the name; category and direction come with a choice made."""
_HANDLED = (FormBlock.CONTACT, FormBlock.FUNDING, FormBlock.INDICATORS, FormBlock.TEXTS)
"""Blocks whose blanks other checks report."""
_CAUSE = re.compile("[因由受致未不缺少偏超滞慢晚迟难变没欠弱]|调整|影响|疫情|为了|节约")
_INTENTION = re.compile("今后|继续|进一步|加强|下一步|下步|努力|加大|加快|提高|确保|保证")


def workbook_filled(scored: Scored) -> Iterator[Finding]:
    """报送的工作簿应已填写，不应原样退回（手工表格上只有得分的，另有检查）。"""
    submission = scored.submission
    if untouched(scored) and not (submission.partial and submission.shown):
        yield finding("FILL15")


def required_filled(scored: Scored) -> Iterator[Finding]:
    """黄色单元格均须填写（资金、指标、文字另有检查）。"""
    for item, word in problems(scored):
        if word == library.EMPTY and item.block not in _HANDLED:
            yield at(scored, item.name, "FILL01")


def numbers_in_range(scored: Scored) -> Iterator[Finding]:
    """金额不为负、不超过 1 亿万元；权重在 0 与总分之间。"""
    for item, word in problems(scored):
        if word == library.OUT_OF_RANGE:
            limits = f"{number_text(item.low or 0)}～{number_text(item.high or 0)}"
            yield at(scored, item.name, "FILL03", found=scored.figures[item.name], expected=limits)


def contact_given(scored: Scored) -> Iterator[Finding]:
    """应写明项目负责人、填报人、联系电话和填报日期，以便核实。"""
    blank = [item for item, word in problems(scored) if word == library.EMPTY and item.block is FormBlock.CONTACT]
    if blank:
        labels = "、".join(item.label for item in blank)
        yield at(scored, blank[0].name, "FILL13", f"没有填写{labels}")


def actuals_given(scored: Scored) -> Iterator[Finding]:
    """每个指标都要填实际完成值；定性指标还要选完成程度、填完成率（财预〔2020〕10号）。"""
    for row, words in row_problems(scored):
        missing = [part for part in ("stated", "tier") if words.get(part) == library.EMPTY]
        if words.get("actual") == library.EMPTY:
            rest = "、完成程度和完成率" if len(missing) == 2 else ""
            yield at(scored, row.name("actual"), "FILL01", f"没有填写实际完成值{rest}")
        elif missing:
            yield at(scored, row.name(missing[0]), "FILL10", found=text(scored, row.name("actual")))


def completion_fits_tier(scored: Scored) -> Iterator[Finding]:
    """定性指标的完成率应在所选完成程度的区间内（财预〔2020〕10号）。"""
    for row, words in row_problems(scored):
        if words.get("stated") == library.TIER_MISFIT:
            tier = scored.submission.scheme.tier(text(scored, row.name("tier")))
            stated = number(scored, row.name("stated")) or 0.0
            bounds = f"{tier.name} {tier.lower:.0%}～{tier.upper:.0%}" if tier else ""
            yield at(scored, row.name("stated"), "FILL07", found=percent_text(stated), expected=bounds)


def losses_explained(scored: Scored) -> Iterator[Finding]:
    """得分低于权重的应说明偏差原因和改进措施；方案要求的，超额完成也应说明（财预〔2020〕10号）。"""
    for row, words in row_problems(scored):
        score, weight = number(scored, row.name("score")), number(scored, row.name("weight"))
        if words.get("deviation_reason") == library.REASON_NEEDED and score is not None and weight is not None:
            lost = score < weight
            facts = {"found": f"得{number_text(score)}分", "expected": f"满分{number_text(weight)}分"} if lost else {}
            yield at(scored, row.name("deviation_reason"), "FILL08" if lost else "FILL11", **facts)
        elif _scoreless(scored, row, words):
            message = "完成率未填，本指标不得分，也没有说明原因"
            advice = "请补填完成率；确实没有完成的，请说明原因和改进措施。"
            yield at(scored, row.name("deviation_reason"), "FILL08", message, advice=advice)


def _scoreless(scored: Scored, row: FormRow, words: dict[str, str]) -> bool:
    """A qualitative row that is answered but earns nothing, because its completion is blank, and says not why."""
    answered = typed(scored, row.name("actual")) and not typed(scored, row.name("deviation_reason"))
    asked = not scored.submission.partial or row.name("deviation_reason") in scored.submission.answers
    return words.get("stated") == library.EMPTY and answered and asked


def reasons_name_a_cause(scored: Scored) -> Iterator[Finding]:
    """偏差原因应先写没有完成的原因，再写改进措施（财预〔2020〕10号）。"""
    for row in counted_rows(scored):
        reason = text(scored, row.name("deviation_reason"))
        if reason and _INTENTION.search(reason) and not _CAUSE.search(reason):
            yield at(scored, row.name("deviation_reason"), "FILL14", found=reason)


def proposals_complete(scored: Scored) -> Iterator[Finding]:
    """自拟指标应写明名称、权重、指标性质和目标值；一个都没有填的只提示一次。"""
    layout = scored.submission.layout
    if not layout.open:
        return
    if not used_rows(layout, scored.figures):
        if layout.rows and layout.rows[0].name("indicator") in scored.submission.answers:
            yield at(scored, layout.rows[0].name("indicator"), "FILL09", "没有填写任何自拟指标")
        return
    for row, words in row_problems(scored):
        missing = [part for part in _OPEN_PARTS if words.get(part) == library.EMPTY]
        if not text(scored, row.name("indicator")):
            missing = ["indicator"] if any(typed(scored, row.name(part)) for part in _TYPED_PARTS) else []
        if missing:
            labels = "、".join(row.labels.of(part) for part in missing)
            yield at(scored, row.name(missing[0]), "FILL09", f"自拟指标没有填写{labels}")
