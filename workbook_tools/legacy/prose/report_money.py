"""The money that a report tells: of all amounts in its sentences those of the year's own budget, by measure and source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbook_tools.core.model import INPUT_MEASURES, FundingSource, Measure
from workbook_tools.core.values import number_text
from workbook_tools.legacy.prose.found_amounts import (
    ELSEWHERE,
    MONEY_FIELD,
    FoundAmount,
    find_amounts,
    is_of_another_year,
    is_of_the_year,
)
from workbook_tools.legacy.prose.money_choice import Expectation, choose_amount, choose_executed, expect_by_rate
from workbook_tools.legacy.prose.prose_form import ProseForm
from workbook_tools.legacy.prose.sections import HeadedPassage
from workbook_tools.legacy.prose.sentence_amounts import AmountFinder, Rank
from workbook_tools.legacy.prose.text import compact, split_sentences
from workbook_tools.legacy.words.records import FundingLine, Stated
from workbook_tools.word.reading import Paragraph

__all__ = ["MONEY_FIELD", "read_report_money"]

# Sections that say what was meant to be: their amounts are no facts.
_SECTIONS_OF_GOALS = ("goal_annual", "goal_period", "plan")

_Lines = dict[FundingSource, dict[Measure, Stated]]


def read_report_money(report: ProseForm, passages: Sequence[HeadedPassage], finder: AmountFinder) -> None:
    """Take the funding lines from the sentences; what else they say of money becomes a remark."""
    passages = [p for p in passages if p.section not in _SECTIONS_OF_GOALS]
    found = [_without_own_name(f, report) for f in find_amounts(passages, finder)]
    ours = [f for f in found if is_of_the_year(f, report)]
    rate, rate_from = _read_rate(report, passages, finder)
    lines: _Lines = {}
    for measure in INPUT_MEASURES:
        of_measure = [f for f in ours if f.amount.measure is measure]
        parts = _parts_by_source(of_measure)
        whole = [f for f in of_measure if f not in parts.values()]
        if measure is Measure.EXECUTED:
            expected = [*_expect_executed(lines, found, passages, finder, report)]
            by_rate = [*expect_by_rate(_budget(lines), rate, rate_from)] if whole else []
            best = choose_executed(report, whole, [*by_rate, *expected], _budget(lines))
        else:
            others = [f for f in ours if f.amount.measure is not measure]
            best = choose_amount(report, measure, [f for f in whole if not f.amount.part], others)
            if measure is Measure.ANNUAL_BUDGET and best is None:
                best = _adjust_initial(report, lines, found)
        if best:
            lines.setdefault(FundingSource.TOTAL, {})[measure] = best
        for source, one in parts.items():
            stated = report.state(one.amount.value, one.amount.printed, one.paragraph)
            lines.setdefault(source, {})[measure] = stated
    if rate:
        lines.setdefault(FundingSource.TOTAL, {})
    report.form.funding = [
        FundingLine(
            label=source.label,
            source=source,
            amounts=lines[source],
            rate=rate if source is FundingSource.TOTAL else None,
        )
        for source in FundingSource
        if source in lines
    ]
    if lines:
        report.form.funding_from = "prose"
        report.form.amount_unit = "元" if {f.amount.unit for f in ours} == {"元"} else "万元"
    used = {float(stated.value or 0) for amounts in lines.values() for stated in amounts.values()}
    _list_unused(report, found, used)


def _without_own_name(found: FoundAmount, report: ProseForm) -> FoundAmount:
    """Spent on the project itself is no part of it (农村饮水安全项目支出98万元)."""
    project = report.form.head.get("project")
    own = report.form.title + (project.printed if project else "")
    purpose = found.amount.purpose
    return replace(found, amount=replace(found.amount, purpose="")) if purpose and purpose in own else found


def _budget(lines: _Lines) -> float | None:
    """The year's budget, as far as it is read: all of it that could be spent."""
    amounts = lines.get(FundingSource.TOTAL, {})
    stated = amounts.get(Measure.ANNUAL_BUDGET) or amounts.get(Measure.INITIAL_BUDGET) or amounts.get(Measure.RECEIVED)
    return float(stated.value) if stated is not None and isinstance(stated.value, float) else None


def _expect_executed(
    lines: _Lines,
    found: Sequence[FoundAmount],
    passages: Sequence[HeadedPassage],
    finder: AmountFinder,
    report: ProseForm,
) -> Iterator[Expectation]:
    """What was spent, by what is left of the budget, or by the word that all of it was."""
    budget = _budget(lines)
    if not budget:
        return
    left = [f for f in found if f.amount.left and f.tier < ELSEWHERE and not is_of_another_year(f, report)]
    if len({f.amount.value for f in left}) == 1 and left[0].amount.value <= budget:
        value, why = budget - left[0].amount.value, f"预算－结余{left[0].amount.printed}"
        yield Expectation(value, 0.0, why, left[0].paragraph)
    for passage in passages:
        about_money = FoundAmount.tier_of(passage) < ELSEWHERE
        if about_money and any(finder.says_all_spent(s) for s in split_sentences(compact(passage.text))):
            yield Expectation(budget, 0.0, "已全部支出", passage.paragraph)
            return


def _adjust_initial(report: ProseForm, lines: _Lines, found: Sequence[FoundAmount]) -> Stated | None:
    """The initial budget with what was added and taken away in the year, where no sentence says what it came to."""
    initial = lines.get(FundingSource.TOTAL, {}).get(Measure.INITIAL_BUDGET)
    changes = [f for f in found if f.amount.change and f.tier < ELSEWHERE and not is_of_another_year(f, report)]
    if initial is None or not isinstance(initial.value, float) or not changes:
        return None
    changes = [*{(f.amount.value, f.amount.change): f for f in changes}.values()]
    signs = {1: "＋", -1: "－"}
    printed = initial.printed + "".join(f"{signs[f.amount.change]}{f.amount.printed}" for f in changes)
    value = float(f"{initial.value + sum(f.amount.value * f.amount.change for f in changes):.12g}")
    taken = f"{printed}＝{number_text(value)}万元"
    field = f"{MONEY_FIELD}－{Measure.ANNUAL_BUDGET.label}"
    report.remark_ambiguous(changes[0].paragraph, field, changes[0].amount.clause, taken, initial.printed)
    return report.state(value, printed, changes[0].paragraph)


def _parts_by_source(found: Sequence[FoundAmount]) -> dict[FundingSource, FoundAmount]:
    """Amounts that are said to be one source's: parts of a sum, or one beside others in a list."""
    parts: dict[FundingSource, FoundAmount] = {}
    by_paragraph: dict[int, set[FundingSource]] = {}
    for one in found:
        if one.amount.source:
            by_paragraph.setdefault(one.paragraph.number, set()).add(one.amount.source)
    summed = {one.paragraph.number for one in found if one.adds_up}
    for one in found:
        source = one.amount.source
        if source and (one.amount.part or len(by_paragraph[one.paragraph.number]) > 1 or _is_added(one, summed)):
            parts.setdefault(source, one)
    return parts


def _is_added(one: FoundAmount, summed: set[int]) -> bool:
    """Money carried over beside the year's own, and their sum behind them."""
    return one.amount.source is FundingSource.CARRIED_OVER and one.paragraph.number in summed


def _read_rate(
    report: ProseForm, passages: Sequence[HeadedPassage], finder: AmountFinder
) -> tuple[Stated | None, Paragraph | None]:
    rates = [
        (rate, printed, p.paragraph)
        for p in passages
        for sentence in split_sentences(compact(p.text))
        for rate, printed in finder.find_rates(sentence)
    ]
    if not rates:
        return None, None
    rate, printed, paragraph = rates[0]
    others = [(text, place) for other, text, place in rates if other != rate]
    report.doubt(f"{MONEY_FIELD}－执行率", paragraph, printed, others)
    return report.state(rate, printed, paragraph), paragraph


def _list_unused(report: ProseForm, found: Sequence[FoundAmount], used: set[float]) -> None:
    """List the amounts that were left out, but for what a sum was spent on; the sentence is kept with its section."""
    doubts = {text for remark in report.form.remarks for text in (remark.other, remark.printed)}
    for one in found:
        amount = one.amount
        meant = amount.measure or amount.rank is Rank.OTHER
        breakdown = amount.part and amount.source is None
        doubted = any(amount.clause in other for other in doubts)
        if meant and not breakdown and not doubted and one.tier < ELSEWHERE and amount.value not in used:
            used.add(amount.value)
            report.remark_unknown(one.paragraph, f"{MONEY_FIELD}金额", amount.clause)
