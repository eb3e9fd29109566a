"""In which unit amounts are typed, decided by what a form prints twice: sums of sources, rates, and amounts in its sentences.

Where the printed sums or rates come out in one unit and not in the other, that unit is taken, and told at every cell with
both readings. What comes out in neither is left as it is: the checks of the funding table tell it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_tools.core.model import FISCAL_SOURCES, FundingSource, Measure
from workbook_tools.core.tolerances import NOISE, PRINTED
from workbook_tools.core.values import MONEY_UNITS, number_text
from workbook_tools.legacy.words.choosing import DoubtfulPlace, choose_reading
from workbook_tools.legacy.words.doubts import KeptReading
from workbook_tools.legacy.words.figures import find_money_unit
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.records import FundingLine, HandmadeForm

_UNITS = ("万元", "元", "千元", "亿元")
# 预算安排150万元: an amount in a sentence, with its unit.
_IN_SENTENCE = re.compile(r"(\d[\d,]*(?:\.\d+)?)(亿元|万元|千元|元)")

# 万元 that a project of a county has, the largest amount of its form: 人均补贴15元 says nothing of a budget of 15万元.
_USUAL = (0.1, 10_000.0)

_Place = tuple[int, Measure]
"""Number of a line, and what is measured."""
_Amounts = Mapping[_Place, float]
"""万元, as read."""


@dataclass(frozen=True)
class _PrintedSum:
    """Printed parts that add up to a printed sum."""

    total: _Place
    parts: tuple[_Place, ...]

    def holds(self, amounts: _Amounts) -> bool:
        return PRINTED.same(sum(amounts[part] for part in self.parts) / amounts[self.total], 1.0)


@dataclass(frozen=True)
class _PrintedRate:
    """A printed rate of what was spent."""

    budget: _Place
    executed: _Place
    rate: float

    def holds(self, amounts: _Amounts) -> bool:
        return PRINTED.same(amounts[self.executed] / amounts[self.budget], self.rate)


def settle_amount_units(form: HandmadeForm, cells: Iterable[GridCell], kept: Mapping[str, KeptReading]) -> None:
    """Read amounts of the funding block in the unit in which what is printed comes out. ``kept`` is what the office has said.

    ``cells`` are those of the form, in whose sentences amounts may stand once more.
    """
    amounts = {
        (index, measure): stated.value
        for index, line in enumerate(form.funding)
        for measure, stated in line.amounts.items()
        if isinstance(stated.value, float) and stated.value > 0
    }
    known: list[_PrintedSum | _PrintedRate] = [*_find_sums(form.funding, amounts), *_find_rates(form.funding, amounts)]
    if known and not all(fact.holds(amounts) for fact in known):
        found = _find_unit_of_some(form, amounts, known)
    else:
        found = _find_unit_of_all(form, amounts, cells)
    if found is not None:
        _take_unit(form, *found, kept)


# -- what is printed twice


def _find_sums(lines: Sequence[FundingLine], amounts: _Amounts) -> Iterator[_PrintedSum]:
    unplaced = {measure for at, measure in amounts if lines[at].source is None}
    for measure in {measure for _, measure in amounts} - unplaced:
        by_source = {lines[at].source: (at, m) for at, m in amounts if m is measure}
        levels = [by_source[source] for source in FISCAL_SOURCES if source in by_source]
        fiscal, total = by_source.get(FundingSource.FISCAL_SUBTOTAL), by_source.get(FundingSource.TOTAL)
        others = [
            place
            for source, place in by_source.items()
            if source not in (*FISCAL_SOURCES, FundingSource.FISCAL_SUBTOTAL, FundingSource.TOTAL)
        ]
        if fiscal is not None and len(levels) > 1:
            yield _PrintedSum(fiscal, tuple(levels))
        parts = ([fiscal] if fiscal is not None else levels) + others
        if total is not None and len(parts) > 1:
            yield _PrintedSum(total, tuple(parts))


def _find_rates(lines: Sequence[FundingLine], amounts: _Amounts) -> Iterator[_PrintedRate]:
    for at, line in enumerate(lines):
        executed = (at, Measure.EXECUTED)
        budgets = [(at, measure) for measure in (Measure.ANNUAL_BUDGET, Measure.INITIAL_BUDGET)]
        budget = next((place for place in budgets if place in amounts), None)
        rate = line.rate.value if line.rate is not None else None
        if budget is not None and executed in amounts and isinstance(rate, float) and rate > 0:
            yield _PrintedRate(budget, executed, rate)


# -- in which unit it comes out

_Found = tuple[Sequence[_Place], str]
"""Amounts, and the unit that they are in."""


def _find_unit_of_some(
    form: HandmadeForm, amounts: _Amounts, known: Sequence[_PrintedSum | _PrintedRate]
) -> _Found | None:
    """One amount, or those of one measure, that another unit makes right; nothing where several would."""
    groups = [[place] for place in amounts] + [
        [place for place in amounts if place[1] is measure] for measure in {measure for _, measure in amounts}
    ]
    found = []
    for group in groups:
        for unit in _other_units(form) if all(_names_no_unit(form, place) for place in group) else ():
            trial = {**amounts, **{place: _convert(amounts[place], form, unit) for place in group}}
            if all(fact.holds(trial) for fact in known) and (group, unit) not in found:
                found.append((group, unit))
    return found[0] if len(found) == 1 else None


def _find_unit_of_all(form: HandmadeForm, amounts: _Amounts, cells: Iterable[GridCell]) -> _Found | None:
    """The unit in which an amount of the block stands once more in a sentence, where it does in no other, of amounts that are
    no project's as they were read."""
    places = [place for place in amounts if _names_no_unit(form, place)]
    if not places or _USUAL[0] <= max(amounts[place] for place in places) <= _USUAL[1]:
        return None
    said = {
        float(number.replace(",", "")) * MONEY_UNITS[unit]
        for cell in cells
        if not cell.is_number
        for number, unit in _IN_SENTENCE.findall(without_blanks(cell.shown))
    }
    if _is_said(amounts, places, said):
        return None
    fitting = []
    for unit in _other_units(form):
        trial = {place: _convert(amounts[place], form, unit) for place in places}
        if _USUAL[0] <= max(trial.values()) <= _USUAL[1] and _is_said(trial, places, said):
            fitting.append(unit)
    return (places, fitting[0]) if len(fitting) == 1 else None


def _is_said(amounts: _Amounts, places: Sequence[_Place], said: set[float]) -> bool:
    return any(NOISE.same(amounts[place], amount) for place in places for amount in said)


def _other_units(form: HandmadeForm) -> list[str]:
    return [unit for unit in _UNITS if unit != form.amount_unit]


def _convert(amount: float, form: HandmadeForm, unit: str) -> float:
    """An amount in 万元 that was read in the unit of the form, read in another."""
    return float(f"{amount / MONEY_UNITS[form.amount_unit] * MONEY_UNITS[unit]:.12g}")


def _names_no_unit(form: HandmadeForm, place: _Place) -> bool:
    """The cell of an amount does not say itself in which unit it is."""
    return not find_money_unit(form.funding[place[0]].amounts[place[1]].printed)


def _take_unit(form: HandmadeForm, places: Sequence[_Place], unit: str, kept: Mapping[str, KeptReading]) -> None:
    for at, measure in places:
        line = form.funding[at]
        stated = line.amounts[measure]
        before = float(str(stated.value))
        readings = {
            unit: f"{number_text(_convert(before, form, unit))}万元（按{unit}，与印出的合计、执行率或文字相符）",
            form.amount_unit: f"{number_text(before)}万元（按{form.amount_unit}）",
        }
        place = DoubtfulPlace(stated.where, measure.label, stated.printed)
        chosen = choose_reading(place, f"与表上印的对不上的{measure.label}，单位是", readings, kept, form.remarks)
        value = _convert(before, form, chosen)
        form.funding[at] = replace(line, amounts={**line.amounts, measure: replace(stated, value=value)})
