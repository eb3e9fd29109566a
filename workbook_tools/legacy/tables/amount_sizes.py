"""Amounts of one table agree in size: one of ten thousand times the others was typed in 元 beside 万元."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from workbook_tools.core.model import Measure
from workbook_tools.core.values import number_text
from workbook_tools.legacy.words.choosing import DoubtfulPlace, choose_reading
from workbook_tools.legacy.words.doubts import KeptReading
from workbook_tools.legacy.words.figures import find_money_unit
from workbook_tools.legacy.words.records import FundingLine, HandmadeForm, Stated

# 元 in a 万元.
_YUAN = 10_000.0
# By so much amounts of one project differ by themselves: a budget of 100万元 of which 5万元 came is a twentieth.
_APART = 20.0


@dataclass(frozen=True, slots=True)
class _TableAmount:
    line: int
    measure: Measure
    stated: Stated
    value: float


def settle_amount_sizes(form: HandmadeForm, kept: Mapping[str, KeptReading]) -> None:
    """Read the odd amounts of a funding block in 元 where the others then agree with them; told at their cells.
    ``kept`` is what the office has said of the layout.

    An amount that names its unit, or stands alone, is left as it is.
    """
    amounts = [*_collect(form.funding)]
    odd = [one for one in amounts if _is_odd(one, amounts)]
    for one in odd:
        others = [other.value for other in amounts if other not in odd]
        value = float(f"{one.value / _YUAN:.15g}")
        fits = any(1 / _APART <= value / other <= _APART for other in others)
        readings = {
            "元": f"{number_text(value)}万元" + "（与表中其他金额相称）" * fits,
            "万元": f"{number_text(one.value)}万元",
        }
        readings = readings if fits else dict(reversed(readings.items()))
        place = DoubtfulPlace(one.stated.where, one.measure.label, one.stated.printed)
        chosen = choose_reading(place, f"与别的金额相差万倍的{one.measure.label}，单位是", readings, kept, form.remarks)
        _replace_amount(form, one, value if chosen == "元" else one.value)


def _collect(lines: list[FundingLine]) -> Iterator[_TableAmount]:
    for index, line in enumerate(lines):
        for measure, stated in line.amounts.items():
            if isinstance(stated.value, float) and stated.value > 0 and not find_money_unit(stated.printed):
                yield _TableAmount(index, measure, stated, stated.value)


def _is_odd(one: _TableAmount, amounts: list[_TableAmount]) -> bool:
    """Most of the other amounts are some ten thousand times smaller."""
    others = [other for other in amounts if other is not one]
    smaller = [other for other in others if _YUAN / _APART <= one.value / other.value <= _YUAN * _APART]
    return 2 * len(smaller) > len(others)


def _replace_amount(form: HandmadeForm, one: _TableAmount, value: float) -> None:
    line = form.funding[one.line]
    amounts: Mapping[Measure, Stated] = {**line.amounts, one.measure: replace(one.stated, value=value)}
    form.funding[one.line] = replace(line, amounts=amounts)
