"""Cells → numbers, as hand-made forms write them: ``≥95%``, ``不少于800篇``, 0.95 shown as 95%, ``4753.66万元``, 9月前."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook_tools.legacy.grid import Cell
from workbook_tools.legacy.vocabulary import Vocabulary, squeezed
from workbook_tools.model import Direction, Value
from workbook_tools.values import MONEY_UNITS, PERCENT, Typed, parse, plain, unit_number

_DATE_UNITS = re.compile(r"(?:月|号|年[末底度内前初中]?)(?:份|底|初|末|中旬|上旬|下旬)?(?:前|之前|底前)?(?:完成)?")
_YEARS = range(1990, 2100)
_RANGE_WORDS = {"behind_at_least": Direction.AT_LEAST, "behind_at_most": Direction.AT_MOST}
_SIGN_WORDS = {"at_least": Direction.AT_LEAST, "at_most": Direction.AT_MOST, "equal": Direction.EQUAL}
_DIGIT = re.compile(r"\d")
_MOST_AS_FRACTION = 1.5
"""A rate up to here is a fraction (1 is 100%, 1.0259 is 102.59%), above it is per cent."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a target or actual says."""

    value: Value
    """A number in ``unit``, or the text."""
    unit: str = ""
    sign: str = ""
    """As printed."""
    direction: Direction | None = None

    @property
    def number(self) -> float | None:
        """The number, if it is one."""
        return self.value if isinstance(self.value, float) else None

    @property
    def hides_number(self) -> bool:
        """A text with figures in it."""
        return isinstance(self.value, str) and bool(_DIGIT.search(self.value))


def is_mark(text: str) -> bool:
    """The text stands for nothing (``/``, ``—``, ``……``)."""
    return not re.search(r"[\w%％‰℃℉°]", text)


def quantity(cell: Cell, vocabulary: Vocabulary) -> Quantity:
    """A target or an actual: number, unit and sign, or a text."""
    if cell.number is not None:
        return _number_cell(cell, cell.number)
    text = cell.shown
    typed, sign = typed_quantity(text, vocabulary)
    if typed is None:
        return Quantity(text, sign=sign)
    return Quantity(typed.number, typed.unit, sign, typed.direction)


def _number_cell(cell: Cell, number: float) -> Quantity:
    if cell.shown.endswith(PERCENT):
        return Quantity(unit_number(number, PERCENT), PERCENT)
    typed = parse(cell.shown)
    unit = typed.unit if typed else ""
    return Quantity(float(f"{number:.15g}"), unit)


def typed_quantity(text: str, vocabulary: Vocabulary) -> tuple[Typed | None, str]:
    """A typed quantity with the sign as printed; ``None`` for a text, a date (9月前) or a range."""
    typed = parse(text)
    bare = plain(text)
    if typed is not None and typed.direction is None and _is_date(typed):
        return None, ""
    if typed is not None:
        return typed, _printed_sign(text) if typed.direction else ""
    for name, direction in _SIGN_WORDS.items():
        for word in sorted(vocabulary.words("signs", name), key=len, reverse=True):
            rest = parse(bare[len(word) :]) if bare.startswith(word) else None
            if rest is not None and rest.direction is None:
                return Typed(rest.number, rest.unit, direction), word
    for name, direction in _RANGE_WORDS.items():
        for word in sorted(vocabulary.words("signs", name), key=len, reverse=True):
            rest = parse(bare.removesuffix(word)) if bare.endswith(word) else None
            if rest is not None and rest.direction is None and not _is_date(rest):
                return Typed(rest.number, rest.unit, direction), word
    return None, ""


def _is_date(typed: Typed) -> bool:
    """A month or a year, not a duration: 7月, 2022年 (12个月 and 3年 are durations)."""
    if not _DATE_UNITS.fullmatch(typed.unit):
        return False
    return not typed.unit.startswith("年") or typed.number in _YEARS


def _printed_sign(text: str) -> str:
    match = re.match(r"[^\d.．０-９+\-−－–]+", squeezed(text))
    return match[0] if match else ""


def sign_direction(text: str, vocabulary: Vocabulary) -> Direction | None:
    """What the text of a sign column means."""
    bare = squeezed(text)
    found = Direction.from_symbol(bare) or Direction.from_symbol(plain(text))
    if found:
        return found
    for name, direction in {**_SIGN_WORDS, "qualitative": Direction.QUALITATIVE}.items():
        if bare in vocabulary.words("signs", name):
            return direction
    return None


def misread_sign(text: str, unit: str, vocabulary: Vocabulary) -> Typed | None:
    """What a scanned copy may mean: ``290%`` and ``工90%`` are ≥90%; ``None`` where there is no such doubt."""
    bare = plain(text)
    first, rest = bare[:1], parse(bare[1:])
    if first not in vocabulary.words("signs", "misread") or rest is None or rest.direction is not None:
        return None
    share = rest.unit or unit
    if share != PERCENT or not 50 <= rest.number <= 100:
        return None
    return Typed(rest.number, share, Direction.AT_LEAST)


def points(cell: Cell) -> float | None:
    """A weight or score: ``10``, ``8.62分``; ``None`` for anything else."""
    if cell.number is not None:
        number = cell.number * 100 if cell.shown.endswith(PERCENT) else cell.number
        return float(f"{number:.15g}")
    typed = parse(cell.shown)
    return typed.number if typed and typed.direction is None and typed.unit in ("", "分", PERCENT) else None


def fraction(cell: Cell, expected: float | None = None) -> float | None:
    """A rate as a fraction; of a number without % the reading nearest to ``expected`` (executed ÷ budget)."""
    if cell.number is not None:
        number, percent = cell.number, cell.shown.endswith(PERCENT)
        if percent:
            return float(f"{number:.15g}")
    else:
        typed = parse(cell.shown)
        if typed is None or typed.unit not in ("", PERCENT):
            return None
        number, percent = typed.number, typed.unit == PERCENT
    if not percent and expected is not None:
        percent = abs(number / 100 - expected) < abs(number - expected)
    elif not percent:
        percent = number > _MOST_AS_FRACTION
    return float(f"{number / 100 if percent else number:.15g}")


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in 万元."""

    value: float
    doubtful: bool = False
    """A stray mark behind the figure was passed over."""


def amount(cell: Cell, unit: str) -> Amount | None:
    """Money; ``unit`` holds where the cell names none of its own."""
    if cell.number is not None:
        typed = parse(cell.shown)
        own = typed.unit if typed and typed.unit in MONEY_UNITS else unit
        return None if cell.shown.endswith(PERCENT) else Amount(ten_thousands(cell.number, own))
    return amount_text(cell.shown, unit)


def amount_text(text: str, unit: str) -> Amount | None:
    """Money that is typed as a text."""
    bare = plain(text).strip("￥¥")
    stray = bare.rstrip("?？*")
    typed = parse(stray)
    if typed is None or typed.direction is not None or (typed.unit and typed.unit not in MONEY_UNITS):
        return None
    return Amount(ten_thousands(typed.number, typed.unit or unit), stray != bare)


def ten_thousands(number: float, unit: str) -> float:
    """Money in 万元, to 15 significant digits: 215457.6 元 is 21.54576."""
    return float(f"{number * MONEY_UNITS[unit]:.15g}") if unit != "元" else float(f"{number / 10000:.15g}")


_UNIT = re.compile(r"(百万元|万元|亿元|千元|百元|元|亿|(?<=[(（])万(?=[)）]))")


def money_unit(text: str) -> str:
    """The money unit that a label names, or blank."""
    match = _UNIT.search(squeezed(text))
    return match[0] if match else ""
