"""Amounts out of scale: 元 for 万元, a digit too many or too few, said at the very cell or text that is wrong.

Amounts in 万元. The figures of the funding table, what the texts state of them and the cost indicators are looked at
together; :mod:`workbook_tools.core.scale` says which one does not fit the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import INPUT_MEASURES, LEAF_SOURCES, Direction, FundingSource, Measure
from workbook_tools.core.scale import find_cost_slips, find_slips, put_right, say_power
from workbook_tools.core.tolerances import NOISE, rounding
from workbook_tools.core.values import MONEY_UNITS, number_text
from workbook_tools.form.fields import Role
from workbook_tools.form.funding import amount_name
from workbook_tools.form.rows import FormRow
from workbook_tools.review.checks.declaring import BUDGET, QUANTITIES, TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import read_passages
from workbook_tools.review.checks.stated_figures import StatedAmount, find_amounts, find_rates
from workbook_tools.review.scoring import indicator_unit

_YUAN = 100
"""So many times the budget of the whole year is taken for 元 typed as 万元: 1 500 000 beside a budget of 150万元 is
10 000 times as much, while money added in the year makes it twice or three times."""
_MAY_BE_NOUGHT = re.compile("社会|生态|环境|超|增|减|损|罚|节|差|额外")
"""Categories and names of costs of which none is good news: 社会成本指标, 超出概算金额, 设备损失."""
_ABOUT_NOUGHT = "请核对：漏填的、把节约的数填成完成值的，改正；这一项确实没有花钱的，写明情况。"
_TEXT_POWERS = (4, -4, 1, -1, 2, -2, 3, -3)


@dataclass(frozen=True, slots=True)
class Slip:
    """An amount of the funding table that is ``10 ** power`` times what it should be."""

    name: str
    measure: Measure
    source: FundingSource
    value: float
    power: int

    @property
    def right(self) -> float:
        """What was meant."""
        return put_right({self.measure: self.value}, {self.measure: self.power})[self.measure]


@lru_cache(maxsize=1)  # several checks of the form at hand ask
def find_form_slips(form: FilledForm) -> tuple[Slip, ...]:
    """The amounts of the funding table that do not fit the others of their source and what the texts state."""
    totals = {m: a for m in INPUT_MEASURES if (a := form.amount(m)) is not None}
    agree, found = _read_statements(form), []
    for source in _used_sources(form):
        own = {m: a for m in INPUT_MEASURES if (a := form.amount(m, source)) is not None}

        def count(right: Mapping[Measure, float], own: Mapping[Measure, float] = own) -> int:
            """How many statements agree with the totals, were these the amounts of the source."""
            changed = {m: total - own.get(m, 0.0) + right.get(m, own.get(m, 0.0)) for m, total in totals.items()}
            return sum(says(changed) for says in agree)

        slips = find_slips(own, count, len(agree))
        found += [Slip(amount_name(m, source), m, source, own[m], power) for m, power in slips.items()]
    return tuple(found)


def _used_sources(form: FilledForm) -> tuple[FundingSource, ...]:
    """The sources that hold amounts; of a form of today with totals alone the total."""
    used = [s for s in LEAF_SOURCES if any(form.amount(m, s) is not None for m in INPUT_MEASURES)]
    return tuple(used) or (FundingSource.TOTAL,)


_Statement = Callable[[Mapping[Measure, float]], bool]


def _read_statements(form: FilledForm) -> list[_Statement]:
    """What the texts state of the totals, each as the question whether some totals agree with it."""
    year, found = str(form.submission.project.year), []
    for passage in read_passages(form):
        found += [_state_amount(s) for s in find_amounts(passage.text, year) if s.measure and not s.several_years]
        found += [_state_rate(kind, digits) for _, kind, digits in find_rates(passage.text)]
    return found


def _state_amount(stated: StatedAmount) -> _Statement:
    return lambda totals: any(
        NOISE.same(stated.amount, amount, stated.margin) for m, amount in totals.items() if m is stated.measure
    )


def _state_rate(kind: str, digits: str) -> _Statement:
    part = Measure.RECEIVED if kind == "到位率" else Measure.EXECUTED

    def agrees(totals: Mapping[Measure, float]) -> bool:
        base = totals.get(Measure.ANNUAL_BUDGET)
        return (
            base is not None
            and base > 0
            and NOISE.same(float(digits), 100 * totals.get(part, 0.0) / base, rounding(digits))
        )

    return agrees


@lru_cache(maxsize=1)  # several checks of the form at hand ask
def correct_totals(form: FilledForm) -> dict[Measure, float]:
    """The totals of the funding table without the slips."""
    totals = {m: a for m in INPUT_MEASURES if (a := form.amount(m)) is not None}
    for slip in find_form_slips(form):
        totals[slip.measure] += slip.right - slip.value
    return totals


def is_issued(form: FilledForm, name: str) -> bool:
    """The cell was fixed when the workbook was issued: finance's, not the unit's."""
    return not form.partial and form.layout.fields[name].role is Role.FIXED


@lru_cache(maxsize=1)  # several checks of the form at hand ask
def find_oversized(form: FilledForm) -> list[tuple[str, float, float]]:
    """Typed amounts that must be 元: name, amount, and the budget of the year, in its right scale."""
    budget = correct_totals(form).get(Measure.ANNUAL_BUDGET)
    if not budget or budget <= 0:
        return []
    names = [amount_name(m, s) for m in INPUT_MEASURES if m is not Measure.ANNUAL_BUDGET for s in LEAF_SOURCES]
    values = ((name, form.number(name)) for name in names if form.is_typed(name))
    return [(name, value, budget) for name, value in values if value is not None and value >= _YUAN * budget]


@reports("FUND12", "FUND13", needs=(BUDGET,))
def amounts_in_scale(form: FilledForm) -> Iterator[Finding]:
    """预算、到位、执行资金应在同一个数量级；某数与其他数字相差10倍、1万倍的，多为单位或小数点错位，应改该数。"""
    oversized = {name for name, *_ in find_oversized(form)}
    for slip in find_form_slips(form):
        if slip.name not in oversized:
            code = "FUND13" if is_issued(form, slip.name) else "FUND12"
            message = f"{slip.measure.label}（{slip.source.label}）与其他金额相比{say_power(slip.power)}"
            item = form.finding(slip.name, code, message, found=slip.value, expected=slip.right)
            yield item.with_figures(slip.value, slip.right)


@reports("SCORE13", "SCORE14", needs=(BUDGET, QUANTITIES))
def costs_in_scale(form: FilledForm) -> Iterator[Finding]:
    """成本指标的目标值、完成值应与项目资金在同一个数量级：不大于资金总额，两格相称，总成本与预算相符；花了钱的，成本不会是 0。"""
    totals = correct_totals(form)
    known = [a for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED, Measure.INITIAL_BUDGET) if (a := totals.get(m))]
    for row in form.counted_rows if known else ():
        name = form.text(row.name("indicator")) if row.open else row.indicator.name
        unit = indicator_unit(row, form.figures)
        costs = {p: a * MONEY_UNITS.get(unit, 0.0) for p in ("target", "actual") if (a := form.number(row.name(p)))}
        for part, power in find_cost_slips(costs, known, f"{name}{unit}").items():
            code = "SCORE14" if is_issued(form, row.name(part)) else "SCORE13"
            message = f"{form.labels.of(part)}与项目资金、{form.labels.target}相比{say_power(power)}"
            yield form.finding(row.name(part), code, message, found=form.quantity(row, part))
        if unit in MONEY_UNITS and _is_nought(form, row, name) and (spent := totals.get(Measure.EXECUTED, 0.0)) > 0:
            message = f"{form.labels.actual}是 0，而全年执行资金有 {number_text(spent)} 万元"
            found = form.quantity(row, "actual")
            yield form.finding(row.name("actual"), "SCORE13", message, found=found, advice=_ABOUT_NOUGHT)


def _is_nought(form: FilledForm, row: FormRow, name: str) -> bool:
    """A cost that was to be something, and is said to have been nothing. Where no money was spent at all, the execution rate says so."""
    target, category = form.number(row.name("target")), row.indicator.category
    dimension = form.scheme.dimension(row.indicator.dimension)
    return (
        form.number(row.name("actual")) == 0
        and target is not None
        and target > 0
        and form.direction(row) is Direction.AT_MOST
        and dimension is not None
        and category in dimension.cost_like
        and not _MAY_BE_NOUGHT.search(category + name)
    )


@reports("TEXT21", needs=(TEXTS,))
def stated_amounts_in_scale(form: FilledForm) -> Iterator[Finding]:
    """文字中的金额与资金表相差10倍、1万倍，而资金表各数相称的，应改文字。"""
    for passage in read_passages(form):
        for stated in dict.fromkeys(find_amounts(passage.text, str(form.submission.project.year))):
            power = find_text_power(form, stated)
            if power:
                message = f"文字中的金额与资金表相比{say_power(power)}"
                right = number_text(stated.amount / 10.0**power) + "万元"
                yield form.finding(passage.name, "TEXT21", message, found=stated.words, expected=right)


def find_text_power(form: FilledForm, stated: StatedAmount) -> int:
    """By which power of ten the stated amount is off its line of the funding table; 0 where it agrees or is another."""
    if stated.measure is None or stated.several_years:
        return 0
    totals = correct_totals(form)
    lines = [a for m, a in totals.items() if m is stated.measure and a > 0]
    if any(NOISE.same(stated.amount, a, stated.margin) for a in (*totals.values(), *lines)):
        return 0
    powers = (p for p in _TEXT_POWERS for a in lines if _is_shifted(stated, a, p))
    return next(powers, 0)


def _is_shifted(stated: StatedAmount, amount: float, power: int) -> bool:
    scale = 10.0**power
    return stated.amount > 0 and NOISE.same(stated.amount / scale, amount, min(stated.margin / scale, amount / 100))


CHECKS: tuple[Check, ...] = (amounts_in_scale, costs_in_scale, stated_amounts_in_scale)
