"""The money that a report tells: of all amounts in its sentences those of the year's own budget, by measure and source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_tools.core.model import INPUT_MEASURES, FundingSource, Measure
from workbook_tools.core.tolerances import PRINTED
from workbook_tools.legacy.prose.prose_form import ProseForm
from workbook_tools.legacy.prose.sections import HeadedPassage
from workbook_tools.legacy.prose.sentence_amounts import AmountFinder, Rank, SentenceAmount
from workbook_tools.legacy.prose.text import compact, split_sentences
from workbook_tools.legacy.words.records import FundingLine, Stated
from workbook_tools.word.reading import Paragraph

MONEY_FIELD = "资金"
"""How the field of a remark about money begins."""
# Sections that say what was meant to be: their amounts are no facts.
_SECTIONS_OF_GOALS = ("goal_annual", "goal_period", "plan")
# Sections that may tell the money in passing.
_SECTIONS_OF_FACTS = ("overview", "basis", "organization")
_ABOUT_MONEY, _ABOUT_PROJECT, _ELSEWHERE = 0, 1, 2
"""How much a section is about money."""


@dataclass(frozen=True, slots=True)
class _FoundAmount:
    """An amount with its passage."""

    amount: SentenceAmount
    passage: HeadedPassage
    about_budget: bool
    """Its sentence names a budget."""

    @property
    def paragraph(self) -> Paragraph:
        return self.passage.paragraph

    @property
    def tier(self) -> int:
        """How much the section is about money."""
        section = self.passage.section
        if section is None or section.startswith("funding") or section == "analysis_execution":
            return _ABOUT_MONEY
        return _ABOUT_PROJECT if section in _SECTIONS_OF_FACTS else _ELSEWHERE

    @property
    def order(self) -> tuple[bool, int, bool]:
        """The smaller, the surer."""
        return self.amount.rank is Rank.MONEY, self.tier, not self.amount.total


def read_report_money(report: ProseForm, passages: Sequence[HeadedPassage], finder: AmountFinder) -> None:
    """Take the funding lines from the sentences; what else they say of money becomes a remark."""
    passages = [p for p in passages if p.section not in _SECTIONS_OF_GOALS]
    found = [*_find_amounts(passages, finder)]
    ours = [f for f in found if _is_of_the_year(f, report)]
    by_source: dict[FundingSource, dict[Measure, Stated]] = {}
    used: set[float] = set()
    for measure in INPUT_MEASURES:
        of_measure = [f for f in ours if f.amount.measure is measure]
        parts = _parts_by_source(of_measure)
        whole = [f for f in of_measure if f not in parts.values() and not f.amount.part]
        best = _choose_amount(report, measure, whole)
        for source, one in [*([(FundingSource.TOTAL, best)] if best else []), *parts.items()]:
            stated = report.state(one.amount.value, one.amount.printed, one.paragraph)
            by_source.setdefault(source, {})[measure] = stated
            used.add(one.amount.value)
    rate = _read_rate(report, passages, finder)
    if rate:
        by_source.setdefault(FundingSource.TOTAL, {})
    report.form.funding = [
        FundingLine(
            label=source.label,
            source=source,
            amounts=by_source[source],
            rate=rate if source is FundingSource.TOTAL else None,
        )
        for source in FundingSource
        if source in by_source
    ]
    if by_source:
        report.form.funding_from = "prose"
        report.form.amount_unit = "元" if {f.amount.unit for f in ours} == {"元"} else "万元"
    _list_unused(report, found, used)


def _find_amounts(passages: Sequence[HeadedPassage], finder: AmountFinder) -> Iterator[_FoundAmount]:
    for passage in passages:
        for sentence in split_sentences(compact(passage.text)):
            amounts = [*finder.find(sentence)]
            about = any(a.rank is Rank.NAME and a.measure for a in amounts)
            yield from (_FoundAmount(amount, passage, about) for amount in amounts)


def _is_of_the_year(found: _FoundAmount, report: ProseForm) -> bool:
    """An amount of the year's own money."""
    amount, year = found.amount, report.form.year
    if amount.measure is None or amount.rank is Rank.OTHER:
        return False
    if amount.year is not None and (amount.year == 0 or (year is not None and amount.year != year.value)):
        return False
    return found.tier < _ELSEWHERE or (found.about_budget and amount.rank is not Rank.MONEY)


def _parts_by_source(found: Sequence[_FoundAmount]) -> dict[FundingSource, _FoundAmount]:
    """Amounts that are said to be one source's: parts of a sum, or one beside others in a list."""
    parts: dict[FundingSource, _FoundAmount] = {}
    by_paragraph: dict[int, set[FundingSource]] = {}
    for one in found:
        if one.amount.source:
            by_paragraph.setdefault(one.paragraph.number, set()).add(one.amount.source)
    for one in found:
        source = one.amount.source
        if source and (one.amount.part or len(by_paragraph[one.paragraph.number]) > 1):
            parts.setdefault(source, one)
    return parts


def _choose_amount(report: ProseForm, measure: Measure, found: Sequence[_FoundAmount]) -> _FoundAmount | None:
    """The surest amount; other readings become a remark."""
    if not found:
        return None
    best = min(found, key=lambda f: f.order)
    others = _other_readings(best, found)
    if best.amount.total and PRINTED.same(sum({f.amount.value for f in others}), best.amount.value):
        others = []  # the parts of the sum
    field = f"{MONEY_FIELD}－{measure.label}"
    report.use(best.paragraph)
    report.doubt(field, best.paragraph, best.amount.printed, [(f.amount.clause, f.paragraph) for f in others])
    if best.amount.doubtful:
        report.remark_ambiguous(
            best.paragraph, field, best.amount.clause, "拨付给用款单位，即支出", "财政拨付到本单位，即到位"
        )
    return best


def _other_readings(best: _FoundAmount, found: Sequence[_FoundAmount]) -> list[_FoundAmount]:
    """Other figures that are as sure, or that a word beyond money in general speaks for."""
    differing = [f for f in found if f.amount.value != best.amount.value]
    named = [f for f in differing if f.amount.rank is not Rank.MONEY and f.tier < _ELSEWHERE]
    return named + [f for f in differing if f.order == best.order and f not in named]


def _read_rate(report: ProseForm, passages: Sequence[HeadedPassage], finder: AmountFinder) -> Stated | None:
    rates = [
        (rate, printed, p.paragraph)
        for p in passages
        for sentence in split_sentences(compact(p.text))
        for rate, printed in finder.find_rates(sentence)
    ]
    if not rates:
        return None
    rate, printed, paragraph = rates[0]
    others = [(text, place) for other, text, place in rates if other != rate]
    report.doubt(f"{MONEY_FIELD}－执行率", paragraph, printed, others)
    return report.state(rate, printed, paragraph)


def _list_unused(report: ProseForm, found: Sequence[_FoundAmount], used: set[float]) -> None:
    """List the amounts that were left out, but for what a sum was spent on; the sentence is kept with its section."""
    doubts = {remark.other for remark in report.form.remarks}
    for one in found:
        amount = one.amount
        meant = amount.measure or amount.rank is Rank.OTHER
        breakdown = amount.part and amount.source is None
        doubted = any(amount.clause in other for other in doubts)
        if meant and not breakdown and not doubted and one.tier < _ELSEWHERE and amount.value not in used:
            used.add(amount.value)
            report.remark_unknown(one.paragraph, f"{MONEY_FIELD}金额", amount.clause)
