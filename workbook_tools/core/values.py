"""What people type → numbers, and back.

``≥95%``, ``≤0.6万元``, ``9５％``, ``26万元``, ``1,234.50``: one parser for targets (in the project list and
in forms of today) and for what is pasted into number cells. Nothing is guessed: what cannot be
read whole is no number.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from workbook_tools.core.model import (
    Direction,
    Value,
)

PERCENT = "%"
MONEY_UNITS = {
    "元": 0.0001,
    "百元": 0.01,
    "千元": 0.1,
    "万元": 1.0,
    "万": 1.0,
    "百万元": 100.0,
    "亿元": 10000.0,
    "亿": 10000.0,
}
"""A money unit → how many 万元 it is."""

DAY_ZERO = date(1899, 12, 30)
"""Day 0 of spreadsheet programs: a date in a cell is the number of days since then."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+")
"""95, 1,234.50, +5, .5."""
_NUMBERING = ("<circle>", "<compat>", "<sub>")
_NO_UNIT = re.compile(
    r"^[Oo〇零]|[\d,;；~至-]|^[%‰][^\W\d_]|^[多余来²³]|[前后底约]|完成|达到|(左右|上下|以上|以下|以内)$"
)
"""What follows the number is more than a unit: another number, a letter that is taken for a nought (10O), or words that make it a rough one."""
_SIGNS = sorted(
    (
        ">=",
        "≧",
        "≥",
        "﹥",
        ">",
        "<=",
        "≦",
        "≤",
        "<",
        "=",
        "═",
        "不低于",
        "不少于",
        "大于等于",
        "不高于",
        "不超过",
        "小于等于",
        "等于",
    ),
    key=len,
    reverse=True,
)
_RAISED = {"²": "²", "³": "³", "㎡": "m²", "㎥": "m³"}
_MINUS = str.maketrans(
    {"−": "-", "－": "-", "–": "-", "，": ",", "。": ".", "≧": "≥", "≦": "≤", "═": "=", "＝": "=", "﹥": ">"}
)


@dataclass(frozen=True, slots=True)
class TypedQuantity:
    """A typed quantity taken apart: ``≥95%`` → AT_LEAST, 95, ``%``."""

    number: float
    unit: str = ""
    direction: Direction | None = None


@lru_cache(maxsize=1 << 13)
def plain(text: str) -> str:
    """Full-width characters narrowed, blanks removed, look-alike signs unified; ㎡ and m² are m², not m2."""
    parts = re.split("([²³㎡㎥])", text.translate(_MINUS))
    narrow = "".join(_RAISED.get(part) or unicodedata.normalize("NFKC", part) for part in parts).translate(_MINUS)
    return re.sub(r"\s+", "", narrow)


@lru_cache(maxsize=1 << 13)
def parse_quantity(text: str) -> TypedQuantity | None:
    """A typed quantity, or ``None`` if the text is not exactly [sign] number [unit].

    >>> parse_quantity("≥ 9５％")
    TypedQuantity(number=95.0, unit='%', direction=<Direction.AT_LEAST: 'at_least'>)
    >>> parse_quantity("26万元")
    TypedQuantity(number=26.0, unit='万元', direction=None)
    >>> [parse_quantity(text) for text in ("达到95", "95左右", "10²", "①98", "10O")]
    [None, None, None, None, None]
    """
    if not text.isascii() and any(_is_numbering(character) for character in text):
        return None
    rest = plain(text)
    direction = None
    for sign in _SIGNS:
        if rest.startswith(sign):
            direction, rest = Direction.from_symbol(sign), rest[len(sign) :]
            break
    match = _NUMBER.match(rest)
    if not match:
        return None
    number, unit = float(match[0].replace(",", "")), rest[match.end() :]
    if _NO_UNIT.search(unit) or len(unit) > 12 or not math.isfinite(number):
        return None
    return TypedQuantity(number, unit, direction)


def _is_numbering(character: str) -> bool:
    """It is a digit in a circle or with a stop (①98, ⒈98), which would become a digit of the number that it stands before."""
    return unicodedata.category(character) == "No" and unicodedata.decomposition(character).startswith(_NUMBERING)


def unit_factor(unit: str, wanted: str) -> float | None:
    """By what to multiply a number in ``unit`` to get it in ``wanted``; ``None`` if they do not compare."""
    unit, wanted = plain(unit), plain(wanted)
    if unit == wanted or not unit:
        return 1.0
    if unit in MONEY_UNITS and wanted in MONEY_UNITS:
        return MONEY_UNITS[unit] / MONEY_UNITS[wanted]
    if {unit, wanted} <= {PERCENT, "百分比", "％"}:
        return 1.0
    return None


def cell_number(number: float, unit: str) -> float:
    """A number in ``unit`` as a cell holds it: 95 % is 0.95 in a cell of percent format.

    To 15 significant digits, as if 0.7% had been typed there: 0.7 / 100 is 0.006999…, and would be another number.

    >>> cell_number(0.7, "%"), cell_number(0.1 + 0.2, "个")
    (0.007, 0.3)
    """
    return float(f"{number / 100 if unit == PERCENT else number:.15g}")


def unit_number(number: float, unit: str) -> float:
    """The inverse of :func:`cell_number`, to 15 significant digits."""
    return float(f"{number * 100:.12g}") if unit == PERCENT else number


def is_number(value: object) -> bool:
    """A finite number (a truth value is none)."""
    if type(value) is float:
        return math.isfinite(value)
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


_EXACT_TO_TEN = 1e5
"""A float below this is exact to ten decimals."""


def count_bytes(text: str, wide: int) -> int:
    """The length of a text where a Chinese character takes ``wide`` bytes: 2 as in GBK (a character that GBK lacks takes 4, as in GB 18030), 3 as in UTF-8.

    >>> count_bytes("道路A", 2), count_bytes("道路A", 3), count_bytes("😀", 2)
    (5, 7, 4)
    """
    return len(text.encode("gb18030" if wide == 2 else "utf-8", "replace"))


def number_text(number: float, decimals: int | None = None) -> str:
    """A number for people: no exponent, no superfluous zeros; or with fixed decimals.

    >>> number_text(12.850000000000001), number_text(600.0), number_text(0.1, 2), number_text(3703704999.7)
    ('12.85', '600', '0.10', '3703704999.7')
    """
    if decimals is not None:
        return f"{_rounded(number, decimals):.{decimals}f}"
    shown = f"{number:.12g}"
    # Of a large number ten decimals would show what a float holds beyond its 15 digits: 3703704999.6999998093.
    text = (f"{float(shown):.10f}" if abs(number) < _EXACT_TO_TEN else f"{Decimal(shown):.10f}").rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent_text(fraction: float, decimals: int = 2) -> str:
    """0.8667 → 86.67%, 1 → 100%, 0.65625 → 65.63% as a cell shows it."""
    return number_text(_rounded(fraction * 100 + 0.0, decimals)) + PERCENT


def _rounded(number: float, decimals: int) -> float:
    """Half away from zero on the value of 15 significant digits, as a spreadsheet shows a number."""
    shown = Decimal(f"{number:.15g}")
    if not shown.is_finite() or int(shown.as_tuple().exponent) >= -decimals:
        return float(shown)
    return float(shown.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def target_text(target: Value, unit: str, direction: Direction) -> str:
    """A target as a form prints it: ≥95%, ≤0.6万元, 有效."""
    if target is None or isinstance(target, str):
        return target or ""
    sign = "" if direction is Direction.QUALITATIVE else direction.symbol
    return f"{sign}{number_text(target)}{unit}"


def quantity_text(value: Value, unit: str) -> str:
    """An actual as a form prints it: 96%, 23处, 有效."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{number_text(value)}{unit}"


MAX_AMOUNT = 100_000_000.0
"""万元; more is a slip of the unit."""
AMOUNT_FORMAT = "#,##0.00####"
"""万元: two decimals, up to six where typed (one 分 of a 万元 is 0.000001)."""
RATE_FORMAT = "0.00%"
