"""Cells → points, rates and money: ``8.62分``, 0.95 shown as 95%, ``4753.66万元``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook_tools.core.values import MONEY_UNITS, PERCENT, TypedQuantity, parse_quantity, plain
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.numerals import write_in_digits

_POINTS = "分"
# 8.5分（扣1.5分）: why it is not all of the points.
_DEDUCED = re.compile(r"[(（]扣[^()（）]*[)）]\s*$")
# A rate up to here is a fraction (1 is 100%, 1.0259 is 102.59%), above it is per cent: no one overspends by half.
_LARGEST_FRACTION = 1.5
# 5,200,000.00? in a copied form: a stray mark behind an amount, which is passed over and told.
_STRAY_MARKS = "?？*"
_CURRENCY_SIGNS = "￥¥"
# 人民币15万元整, 15万元（含税）: what stands around an amount and says nothing of it; 约 makes it a rough one.
_WHOLE = re.compile(r"^(?:人民币|共计|合计|共)|[整正]$|\(含[^()]{0,4}\)$")
_ROUGHLY = re.compile(r"^(?:大约|约|近)")
_MYRIADS = ("万", "亿")
# （万元）, 单位：元, 资金(万): the longest first, as 元 ends all of them; 万 alone only in brackets (万人 is no money).
_MONEY_UNIT = re.compile(r"百万元|万元|亿元|千元|百元|元|亿|(?<=[(（])万(?=[)）])")


def has_several_figures(text: str) -> bool:
    """Each line of a text is a figure of its own: ``20⏎20`` is not 2020.

    >>> has_several_figures("20\\n20"), has_several_figures("20\\n公里"), has_several_figures("2020")
    (True, False, False)
    """
    lines = [line for line in text.splitlines() if line.strip()] if "\n" in text else []
    return len(lines) > 1 and all(parse_quantity(line) is not None for line in lines)


def read_points(cell: GridCell) -> float | None:
    """A weight or score: ``10``, ``8.62分``, ``8.5分（扣1.5分）``, 10% of a hundred; ``None`` for anything else."""
    if cell.number is not None:
        number = cell.number * 100 if cell.shown.endswith(PERCENT) else cell.number
        return float(f"{number:.15g}")
    if has_several_figures(cell.shown):
        return None
    typed = parse_quantity(_DEDUCED.sub("", cell.shown))
    return typed.number if typed and typed.direction is None and typed.unit in ("", _POINTS, PERCENT) else None


def read_rate(cell: GridCell, expected: float | None = None) -> float | None:
    """A rate as a fraction; of a number without % the reading nearest to ``expected`` (executed ÷ budget)."""
    if cell.number is not None:
        number, percent = cell.number, cell.shown.endswith(PERCENT)
        if percent:
            return float(f"{number:.15g}")
    elif has_several_figures(cell.shown):
        return None
    else:
        typed = parse_quantity(cell.shown)
        if typed is None or typed.unit not in ("", PERCENT):
            return None
        number, percent = typed.number, typed.unit == PERCENT
    if not percent and expected is not None:
        percent = abs(number / 100 - expected) < abs(number - expected)
    elif not percent:
        percent = number > _LARGEST_FRACTION
    return float(f"{number / 100 if percent else number:.15g}")


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in 万元."""

    value: float
    doubt: str = ""
    """What was passed over, in words: a stray mark behind the figure, that it is a rough one."""


def read_amount(cell: GridCell, unit: str) -> Amount | None:
    """Money; ``unit`` holds where the cell names none of its own."""
    if cell.number is None:
        return parse_amount(cell.shown, unit)
    typed = parse_quantity(cell.shown)
    own = typed.unit if typed and typed.unit in MONEY_UNITS else unit
    return None if cell.shown.endswith(PERCENT) else Amount(_in_ten_thousands(cell.number, own))


def parse_amount(text: str, unit: str) -> Amount | None:
    """Money that is typed as a text."""
    if has_several_figures(text):
        return None
    bare = plain(text).strip(_CURRENCY_SIGNS)
    clean = _WHOLE.sub("", bare.rstrip(_STRAY_MARKS))
    typed = parse_quantity(clean) or _parse_numeral(clean) or parse_quantity(_ROUGHLY.sub("", clean))
    if typed is None or typed.direction is not None or (typed.unit and typed.unit not in MONEY_UNITS):
        return None
    doubt = "金额后有多余符号" if bare.rstrip(_STRAY_MARKS) != bare else "约数" if _ROUGHLY.match(clean) else ""
    return Amount(_in_ten_thousands(typed.number, typed.unit or unit), doubt)


def _parse_numeral(text: str) -> TypedQuantity | None:
    """壹拾伍万元, 十五万: money in Chinese numerals, whose 元 may be left out behind 万."""
    whole = text if text.endswith("元") or not text.endswith(_MYRIADS) else text + "元"
    digits = write_in_digits(whole, ("元",))
    return parse_quantity(digits) if digits != whole else None


def is_amount(cell: GridCell) -> bool:
    """The cell holds a number, or a text that is money."""
    return cell.is_number or parse_amount(cell.shown, "元") is not None


def find_money_unit(text: str) -> str:
    """The money unit that a label names, or blank."""
    match = _MONEY_UNIT.search(without_blanks(text))
    return match[0] if match else ""


def names_only_unit(text: str) -> bool:
    """（元）: the unit of a block in a cell of its own, with the brackets of a label above it."""
    bare = without_blanks(text)
    return bare[:1] in ("(", "（") and bare.strip("()（）") in MONEY_UNITS


def _in_ten_thousands(number: float, unit: str) -> float:
    """To 15 significant digits; 元 are divided, as a product with 0.0001 would not be exact: 215457.6 is 21.54576."""
    return float(f"{number * MONEY_UNITS[unit]:.15g}") if unit != "元" else float(f"{number / 10000:.15g}")
