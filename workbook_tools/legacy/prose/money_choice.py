"""Of the amounts that sentences give for one thing: which is the whole, and what else they may mean.

A whole may be told in parts (培训支出14.3万元。设备支出85.7万元。); a part is not to become the whole. What the report
says besides holds the reading to it: the execution rate, what is left, that all of it was spent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.model import Measure
from workbook_tools.core.tolerances import PRINTED, rounding
from workbook_tools.core.values import number_text
from workbook_tools.legacy.prose.found_amounts import ELSEWHERE, MONEY_FIELD, FoundAmount
from workbook_tools.legacy.prose.prose_form import ProseForm
from workbook_tools.legacy.prose.sentence_amounts import Rank, SentenceAmount
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
    def name(self) -> str:
        """Its clauses in words, as every report of one form has them: without figures."""
        return "＋".join(_without_figures(one.amount) for one in self.amounts)

    @property
    def printed(self) -> str:
        return "＋".join(one.amount.printed for one in self.amounts)

    @property
    def is_plain(self) -> bool:
        """A single amount that nothing calls a part."""
        return len(self.amounts) == 1 and _is_plain(self.amounts[0])


def _is_plain(found: FoundAmount) -> bool:
    return not (found.amount.part or found.amount.purpose or found.amount.rest)


# A name of a reading is read in a pick list.
_LONGEST_NAME, _MOST_READINGS = 24, 6
_FIGURES = re.compile(r"[\d.,%]+")


def _without_figures(amount: SentenceAmount) -> str:
    words = _FIGURES.sub("", amount.clause.removesuffix(amount.printed)).replace('"', "").strip("(（、，；：: ")
    return words[-_LONGEST_NAME:] or amount.printed


def _name_readings(readings: Iterable[_AmountReading]) -> dict[str, _AmountReading]:
    """The first of the readings by their names; of one name those of another value are counted."""
    named: dict[str, _AmountReading] = {}
    for one in readings:
        if len(named) >= _MOST_READINGS or any(one.value == other.value for other in named.values()):
            continue
        same = sum(name.partition("（第")[0] == one.name for name in named)
        named[f"{one.name}（第{same + 1}处）" if same else one.name] = one
    return named


def _key_of(measure: Measure) -> str:
    return f"{measure.label}按哪一处"


def choose_amount(
    report: ProseForm, measure: Measure, found: Sequence[FoundAmount], others: Sequence[FoundAmount] = ()
) -> Stated | None:
    """The surest amount; other readings become a remark. Amounts of one paragraph that only together are what
    ``others`` (of other measures) say are added (第一批30万元，第二批70万元，支出100万元)."""
    if not found:
        return None
    best = min(found, key=lambda f: f.order)
    together = _AmountReading(tuple({f.amount.value: f for f in found if f.paragraph is best.paragraph}.values()))
    singles = [_AmountReading((one,)) for one in sorted(found, key=lambda f: f.order)]
    named = _name_readings([*singles, together])
    if answered := _find_answered(report, measure, named):
        return answered
    since = len(report.form.remarks)
    taken = _choose_unanswered(report, measure, best, together, found, others)
    _ask(report, measure, named, taken, since)
    return taken


def _find_answered(report: ProseForm, measure: Measure, named: Mapping[str, _AmountReading]) -> Stated | None:
    """The amount that the office has chosen for reports with these headings."""
    if not named:
        return None
    paragraph = next(iter(named.values())).paragraph
    readings = {name: one.printed for name, one in named.items()}
    name = report.find_answer(_key_of(measure), readings, f"{MONEY_FIELD}－{measure.label}", paragraph)
    if not name:
        return None
    report.use(*(one.paragraph for one in named[name].amounts))
    return report.state(named[name].value, named[name].printed, named[name].paragraph)


def _ask(
    report: ProseForm, measure: Measure, named: Mapping[str, _AmountReading], taken: Stated | None, since: int
) -> None:
    """What was told ``since`` can be answered with one of the named readings; the one taken comes first."""
    first = [name for name, one in named.items() if taken is not None and one.value == taken.value]
    report.ask(_key_of(measure), dict.fromkeys((*first, *named)), since)


def _choose_unanswered(
    report: ProseForm,
    measure: Measure,
    best: FoundAmount,
    together: _AmountReading,
    found: Sequence[FoundAmount],
    others: Sequence[FoundAmount],
) -> Stated:
    """The surest amount, or those of its paragraph together."""
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
    named = _name_readings([*readings, *(_AmountReading((one,)) for one in found)])
    if answered := _find_answered(report, Measure.EXECUTED, named):
        return answered
    since = len(report.form.remarks)
    stated = _choose_among(report, readings, plain, found, expected, budget)
    _ask(report, Measure.EXECUTED, named, stated, since)
    return stated


def _choose_among(
    report: ProseForm,
    readings: Sequence[_AmountReading],
    plain: Sequence[FoundAmount],
    found: Sequence[FoundAmount],
    expected: Sequence[Expectation],
    budget: float | None,
) -> Stated | None:
    """The reading that fits what else the report says, or else the likeliest; other ones are told."""
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
    others = [
        f"{report.find_place(f.paragraph).cell}“{f.amount.clause}”" for f in found if f.amount.value != taken.value
    ]
    single = f"{taken.printed}只是其中一部分" if len(taken.amounts) == 1 else ""
    texts = [single, *(e.text for e in expected if not e.fits(taken.value)), *others]
    total = f"{taken.printed}＝{number_text(taken.value)}万元" if len(taken.amounts) > 1 else taken.printed
    report.remark_ambiguous(
        taken.paragraph,
        f"{MONEY_FIELD}－{Measure.EXECUTED.label}",
        taken.printed,
        total,
        "；".join(dict.fromkeys(filter(None, texts))),
    )


def _derive(report: ProseForm, found: Sequence[FoundAmount], expectation: Expectation) -> Stated | None:
    """No amount is the whole: what the rest of the report says it must be."""
    others = "；".join(dict.fromkeys(f"{report.find_place(f.paragraph).cell}“{f.amount.clause}”" for f in found))
    report.remark_ambiguous(
        expectation.paragraph,
        f"{MONEY_FIELD}－{Measure.EXECUTED.label}",
        expectation.why,
        expectation.text,
        others or "没有写支出金额",
    )
    return report.state(float(f"{expectation.value:.12g}"), expectation.text, expectation.paragraph)


def expect_by_rate(budget: float | None, rate: Stated | None, paragraph: Paragraph | None) -> Iterator[Expectation]:
    """Budget times the printed execution rate, as far as its decimals go."""
    if budget and rate is not None and paragraph is not None and isinstance(rate.value, float):
        rounded = budget * rounding(rate.printed.rstrip("%")) / 100
        yield Expectation(budget * rate.value, rounded, f"预算×执行率{rate.printed}", paragraph)
