"""What a check says of itself: the codes that it reports, and what a form must have for it to be able to look.

“Nothing found” is never “could not look”: a check that found nothing in a form that lacks what it needs has not
run, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from workbook_tools.core.model import Direction, Measure
from workbook_tools.review.checks.filled_form import FilledForm
from workbook_tools.review.checks.passages import read_passages

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """What a check cannot do without, and how a user is told that it is not there. Each is equal to itself alone."""

    missing: str
    is_met: Callable[[FilledForm], bool]
    of_the_kind: bool = False
    """Forms without it are none that the check is for: nobody has to supply it."""


def _has_rows(form: FilledForm, qualitative: bool) -> bool:
    return any((form.direction(row) is Direction.QUALITATIVE) is qualitative for row in form.counted_rows)


ISSUED = Need("手工表格上没有这些格", lambda form: not form.partial, of_the_kind=True)
HAND_MADE = Need("只查手工表格", lambda form: form.partial, of_the_kind=True)
INDICATORS = Need("没有绩效指标", lambda form: bool(form.counted_rows))
QUALITIES = Need("没有定性指标", lambda form: _has_rows(form, qualitative=True), of_the_kind=True)
QUANTITIES = Need("没有定量指标", lambda form: _has_rows(form, qualitative=False), of_the_kind=True)
PROPOSALS = Need("指标是下发的，没有自拟指标", lambda form: form.layout.open, of_the_kind=True)
BUDGET = Need("没有全年预算资金", lambda form: bool(form.amount(Measure.ANNUAL_BUDGET)))
RECEIVED = Need("没有实际到位资金", lambda form: bool(form.amount(Measure.RECEIVED)))
RATE = Need("没有预算或执行资金，算不出预算执行率", lambda form: form.number("scored_rate") is not None)
RESULTS = Need(
    "表中没有算出的数可以比对", lambda form: any(isinstance(v, float) for v in form.submission.shown.values())
)
GRADE = Need("表中没有等级", lambda form: isinstance(form.submission.shown.get("grade"), str))
TEXTS = Need("没有文字部分", lambda form: bool(read_passages(form)))
NORM = Need("评分方案没有规定各类分值", lambda form: form.scheme.weights.norm != "none", of_the_kind=True)
DEDUCTIONS = Need("评分方案不许单位自行扣分", lambda form: form.scheme.total.self_deduction, of_the_kind=True)
EXCESS = Need("评分方案不问超额完成", lambda form: form.scheme.over_completion.effect == "flag", of_the_kind=True)


def reports(*codes: str, needs: Sequence[Need] = ()) -> Callable[[Function], Function]:
    """Say of a check which codes it reports and what it needs.

    >>> @reports("FILL01", needs=(INDICATORS,))
    ... def some_check(form): ...
    >>> codes_of(some_check)
    ('FILL01',)
    """

    def declare(check: Function) -> Function:
        check.__dict__.update(codes=codes, needs=tuple(needs))
        return check

    return declare


def codes_of(check: Callable[..., Any]) -> tuple[str, ...]:
    """The codes that a check reports."""
    codes: tuple[str, ...] = check.__dict__.get("codes", ())
    return codes


def find_lack(check: Callable[..., Any], form: FilledForm, known: dict[Need, bool]) -> Need | None:
    """The first need of a check that a form does not meet, so that it cannot look.

    ``known`` keeps what was asked of this form already.
    """
    needs: tuple[Need, ...] = check.__dict__.get("needs", ())
    for need in needs:
        if need not in known:
            known[need] = need.is_met(form)
        if not known[need]:
            return need
    return None


@cache
def name_of(check: Callable[..., Any]) -> str:
    """A check's name, by which its runs are counted: fill.contact_given."""
    return f"{check.__module__.rpartition('.')[2]}.{getattr(check, '__name__', '')}"
