"""What a form prints twice, against what was read of it: sums of points, points in labels, the number of indicators.

Where they disagree something may have been read wrong (a row passed over, a figure of another column): each finding names
the printed figure with its cell, and what the reading comes to. Sums of money and printed rates are compared by the checks
of the funding table, printed scores by :mod:`printed_figures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_tools.core.findings import Finding
from workbook_tools.core.tolerances import PRINTED
from workbook_tools.core.values import number_text
from workbook_tools.legacy.conversion.stated_values import make_finding, stated_number
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.records import FormIndicator, HandmadeForm, Stated

_POINTS = "分值"


def examine_points(form: HandmadeForm, entries: Sequence[FormIndicator]) -> Iterator[Finding]:
    """The points of the ``entries`` against the sums that the form prints."""
    own = [entry for entry in entries if not entry.is_part]
    points = [stated_number(entry.weight) for entry in own]
    if not own or None in points:
        return
    read = sum(number or 0.0 for number in points)
    execution = stated_number(form.execution_weight) or 0.0
    yield from _examine_total(form, len(own), read, execution)
    yield from _examine_labels(form, own)


def _examine_total(form: HandmadeForm, count: int, read: float, execution: float) -> Iterator[Finding]:
    """The printed sum of points: of the indicators, or with the execution rate, be it that only its score is printed."""
    printed = stated_number(form.total_weight)
    if printed is None or PRINTED.same(printed, read) or PRINTED.same(printed, read + execution):
        return
    score = stated_number(form.execution_score)
    if not execution and score is not None and score <= printed - read:
        return
    whole = read + execution
    message = f"印出的分值合计是{number_text(printed)}分，读到的{count}个指标" + ("和预算执行率" if execution else "")
    message += f"共{number_text(whole)}分：可能有一行没有读到，或多读了一行"
    yield _disagree(message, form, form.total_weight, whole)


def _examine_labels(form: HandmadeForm, entries: Sequence[FormIndicator]) -> Iterator[Finding]:
    """Points that stand behind the name of a level: 产出指标（50分）."""
    for label, stated in form.points.items():
        key = label_key(label)
        below = [e for e in entries if key in (label_key(e.dimension), label_key(e.category))]
        read, printed = sum(stated_number(entry.weight) or 0.0 for entry in below), stated_number(stated)
        if below and printed is not None and not PRINTED.same(printed, read):
            message = f"“{label}”写着{number_text(printed)}分，读到的{len(below)}个指标共{number_text(read)}分"
            yield _disagree(message, form, stated, read)


def _disagree(message: str, form: HandmadeForm, stated: Stated | None, read: float) -> Finding:
    printed = stated_number(stated) or 0.0
    found, expected = number_text(printed), number_text(read)
    item = make_finding("IMPORT20", message, stated, form.sheet, _POINTS, found=found, expected=expected)
    return item.with_figures(printed, read)
