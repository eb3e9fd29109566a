"""Of the amounts that sentences give for one thing: which is the whole, and what else they may mean.

A whole may be told in parts (培训支出14.3万元。设备支出85.7万元。); a part is not to become the whole. What the report
says besides holds the reading to it: the execution rate, what is left, that all of it was spent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_tools.core.model import Measure
from workbook_tools.core.tolerances import PRINTED, rounding
from workbook_tools.core.values import number_text
from workbook_tools.legacy.prose.found_amounts import ELSEWHERE, MONEY_FIELD, FoundAmount
from workbook_tools.legacy.prose.prose_form import ProseForm
from workbook_tools.legacy.prose.sentence_amounts import Rank
from workbook_tools.legacy.words.records import Stated
from workbook_tools.word.reading import Paragraph


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the execution must be, by something else that the report says."""

    value: float
    """万元."""
    rounded: float
    """By how much it may differ, as what it follows from is rounded."""
    why: str
    paragraph: Paragraph

    def fits(self, value: float) -> bool:
        """An amount is what is expected."""
        return PRINTED.same(value, self.value, self.rounded)

    @property
    def text(self) -> str:
        """The expected amount and why, for people."""
        return f"{number_text(round(self.value, 6))}万元（{self.why}）"


@dataclass(frozen=True, slots=True)
class _AmountReading:
    """One way to read the execution: an amount, or several added."""

    amounts: tuple[FoundAmount, ...]

    @property
    def value(self) -> float:
        return float(f"{sum(one.amount.value for one in self.amounts):.12g}")

    @property
    def paragraph(self) -> Paragraph:
        return self.amounts[0].paragraph

    @property
    def printed(self) -> str:
        return "＋".join(one.amount.printed for one in self.amounts)

    @property
    def is_plain(self) -> bool:
        """A single amount that nothing calls a part."""
        return len(self.amounts) == 1 and _is_plain(self.amounts[0])


def _is_plain(found: FoundAmount) -> bool:
    return not (found.amount.part or found.amount.purpose or found.amount.rest)


def choose_amount(
    report: ProseForm, measure: Measure, found: Sequence[FoundAmount], others: Sequence[FoundAmount] = ()
) -> Stated | None:
    """The surest amount; other readings become a remark. Amounts of one paragraph that only together are what
    ``others`` (of other measures) say are added (第一批30万元，第二批70万元，支出100万元)."""
    if not found:
        return None
    best = min(found, key=lambda f: f.order)
    together = _AmountReading(tuple({f.amount.value: f for f in found if f.paragraph is best.paragraph}.values()))
    known = [f.amount.value for f in others]
    if len(together.amounts) > 1 and not best.amount.total and best.amount.value not in known:
        if any(PRINTED.same(together.value, value) for value in known):
            taken = f"{together.printed}＝{number_text(together.value)}万元"
            field = f"{MONEY_FIELD}－{measure.label}"
            report.remark_ambiguous(best.paragraph, field, together.printed, taken, best.amount.printed)
            return report.state(together.value, together.printed, best.paragraph)
    tell_other_readings(report, measure, best, found)
    return report.state(best.amount.value, best.amount.printed, best.paragraph)


def tell_other_readings(report: ProseForm, measure: Measure, best: FoundAmount, found: Sequence[FoundAmount]) -> None:
    """Other figures that are as sure, or that a word beyond money in general speaks for; and what 拨付 may mean."""
    differing = [f for f in found if f.amount.value != best.amount.value]
    named = [f for f in differing if f.amount.rank is not Rank.MONEY and f.tier < ELSEWHERE]
    others = named + [f for f in differing if f.order == best.order and f not in named]
    if best.adds_up or (best.amount.total and PRINTED.same(sum({f.amount.value for f in others}), best.amount.value)):
        others = []  # the parts of the sum
    field = f"{MONEY_FIELD}－{measure.label}"
    report.use(best.paragraph)
    report.doubt(field, best.paragraph, best.amount.printed, [(f.amount.clause, f.paragraph) for f in others])
    if best.amount.doubtful:
        report.remark_ambiguous(
            best.paragraph, field, best.amount.clause, "拨付给用款单位，即支出", "财政拨付到本单位，即到位"
        )


def choose_executed(
    report: ProseForm, found: Sequence[FoundAmount], expected: Sequence[Expectation], budget: float | None = None
) -> Stated | None:
    """What was spent in all: a whole, or the parts added; told wherever it is more than one plain amount.

    A single amount that is the whole ``budget`` is no part of it, whatever it was spent on.
    """
    plain = sorted((f for f in found if _is_plain(f)), key=lambda f: f.order)
    readings = [*(_AmountReading((one,)) for one in plain), *_add_parts(found)]
    fitting = next((r for r in readings if any(e.fits(r.value) for e in expected)), None)
    taken = fitting or _choose_unconfirmed(readings, bool(expected))
    if taken is None:
        return _derive(report, found, expected[0]) if expected else None
    all_of_it = len(taken.amounts) == 1 and budget is not None and PRINTED.same(taken.value, budget)
    if taken.is_plain or (all_of_it and not any(not e.fits(taken.value) for e in expected)):
        if fitting is None and taken.is_plain:
            tell_other_readings(report, Measure.EXECUTED, taken.amounts[0], plain)
            _tell_expected(report, taken, expected)
    else:
        _tell_parts(report, taken, found, expected)
    report.use(*(one.paragraph for one in taken.amounts))
    return report.state(taken.value, taken.printed, taken.paragraph)


def _add_parts(found: Sequence[FoundAmount]) -> Iterator[_AmountReading]:
    """The parts of each paragraph added, and of the whole report; a single part as it is, last."""
    parts = [f for f in found if not _is_plain(f) and f.amount.source is None]
    by_paragraph: dict[int, list[FoundAmount]] = {}
    for one in parts:
        by_paragraph.setdefault(one.paragraph.number, []).append(one)
    for number, some in by_paragraph.items():
        if any(one.amount.rest for one in some):
            some[:0] = [f for f in found if f.paragraph.number == number and _is_plain(f)][:1]
        if len(some) > 1:
            yield _AmountReading(tuple(some))
    if len(by_paragraph) > 1:
        yield _AmountReading(tuple(one for some in by_paragraph.values() for one in some))
    if len(parts) == 1:
        yield _AmountReading(tuple(parts))


def _choose_unconfirmed(readings: Sequence[_AmountReading], expected: bool) -> _AmountReading | None:
    """A rest adds to what stands before it; else a plain amount is the whole; parts only where nothing says the whole."""
    rest = next((r for r in readings if any(one.amount.rest for one in r.amounts)), None)
    plain = next((r for r in readings if r.is_plain), None)
    return rest or plain or (None if expected else next(iter(readings), None))


def _tell_expected(report: ProseForm, taken: _AmountReading, expected: Sequence[Expectation]) -> None:
    """What else the report says of the execution does not agree with it."""
    if expected:
        field = f"{MONEY_FIELD}－{Measure.EXECUTED.label}"
        report.remark_ambiguous(taken.paragraph, field, taken.printed, taken.printed, expected[0].text)


def _tell_parts(
    report: ProseForm, taken: _AmountReading, found: Sequence[FoundAmount], expected: Sequence[Expectation]
) -> None:
    """The whole was put together from parts, or is named as a part."""
    others = [f"第{f.paragraph.number}段“{f.amount.clause}”" for f in found if f.amount.value != taken.value]
    single = f"{taken.printed}只是其中一部分" if len(taken.amounts) == 1 else ""
    texts = [single, *(e.text for e in expected if not e.fits(taken.value)), *others]
    total = f"{taken.printed}＝{number_text(taken.value)}万元" if len(taken.amounts) > 1 else taken.printed
    report.remark_ambiguous(
        taken.paragraph, f"{MONEY_FIELD}－{Measure.EXECUTED.label}", taken.printed, total,
        "；".join(dict.fromkeys(filter(None, texts))),
    )  # fmt: skip


def _derive(report: ProseForm, found: Sequence[FoundAmount], expectation: Expectation) -> Stated | None:
    """No amount is the whole: what the rest of the report says it must be."""
    others = "；".join(dict.fromkeys(f"第{f.paragraph.number}段“{f.amount.clause}”" for f in found))
    report.remark_ambiguous(
        expectation.paragraph, f"{MONEY_FIELD}－{Measure.EXECUTED.label}", expectation.why, expectation.text,
        others or "没有写支出金额",
    )  # fmt: skip
    return report.state(float(f"{expectation.value:.12g}"), expectation.text, expectation.paragraph)


def expect_by_rate(budget: float | None, rate: Stated | None, paragraph: Paragraph | None) -> Iterator[Expectation]:
    """Budget times the printed execution rate, as far as its decimals go."""
    if budget and rate is not None and paragraph is not None and isinstance(rate.value, float):
        rounded = budget * rounding(rate.printed.rstrip("%")) / 100
        yield Expectation(budget * rate.value, rounded, f"预算×执行率{rate.printed}", paragraph)
