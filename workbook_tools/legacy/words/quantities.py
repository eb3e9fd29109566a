"""Cells → numbers, as hand-made forms write them: ``≥95%``, ``不少于800篇``, 0.95 shown as 95%, ``4753.66万元``, 9月前."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbook_tools.core.model import Direction, Value
from workbook_tools.core.values import MONEY_UNITS, PERCENT, Typed, parse, plain, unit_number
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.numerals import in_digits
from workbook_tools.legacy.words.vocabulary import Vocabulary, squeezed

_DATE_UNITS = re.compile(r"(?:月|号|年[末底度内前初中]?)(?:份|底|初|末|中旬|上旬|下旬)?(?:前|之前|底前)?(?:完成)?")
_YEARS = range(1990, 2100)
_RANGE_WORDS = {"behind_at_least": Direction.AT_LEAST, "behind_at_most": Direction.AT_MOST}
_SIGN_WORDS = {"at_least": Direction.AT_LEAST, "at_most": Direction.AT_MOST, "equal": Direction.EQUAL}
_LOOKALIKES = str.maketrans("〉〈", "><")
_RAISED = {"2": "²", "3": "³"}
_TIME = re.compile("[天日时月年周秒钟]$")
_DIGIT = re.compile(r"\d")
_EMPTY_BOXES = "□☐○"
_BOX = re.compile(f"([{_EMPTY_BOXES}☑☒√■✓✔●])([^{_EMPTY_BOXES}☑☒√■✓✔●]*)")
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
    spelled: bool = False
    """Written in Chinese numerals."""

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


def ticked(text: str) -> str:
    """Of words behind boxes (☑优 □良) those that are ticked; any other text as it is."""
    boxes = _BOX.findall(text)
    chosen = [word.strip(" 、,，;；\n\u3000") for mark, word in boxes if mark not in _EMPTY_BOXES]
    if len(chosen) == len(boxes) or not any(chosen) or _BOX.split(text, maxsplit=1)[0].strip():
        return text
    return "、".join(word for word in chosen if word)


def quantity(cell: GridCell, vocabulary: Vocabulary) -> Quantity:
    """A target or an actual: number, unit and sign, or a text."""
    if cell.number is not None:
        return _number_cell(cell, cell.number)
    text = ticked(cell.shown)
    typed, sign = typed_quantity(text, vocabulary)
    if typed is not None:
        return Quantity(typed.number, typed.unit, sign, typed.direction)
    digits = in_digits(squeezed(text), vocabulary.words("marks", "counters"))
    spelled, word = typed_quantity(digits, vocabulary) if digits != squeezed(text) else (None, "")
    if spelled is not None:
        return Quantity(spelled.number, spelled.unit, word, spelled.direction, spelled=True)
    return Quantity(text, sign=sign)


def _number_cell(cell: GridCell, number: float) -> Quantity:
    if cell.shown.endswith(PERCENT):
        return Quantity(unit_number(number, PERCENT), PERCENT)
    typed = parse(cell.shown)
    unit = typed.unit if typed else ""
    return Quantity(float(f"{number:.15g}"), unit)


def typed_quantity(text: str, vocabulary: Vocabulary) -> tuple[Typed | None, str]:
    """A typed quantity with the sign as printed; ``None`` for a text, a date (9月前) or a range."""
    bare = _tidy(text)
    typed = parse(bare)
    if typed is not None and typed.direction is not None:
        return typed, _printed_sign(text)
    if typed is not None and _is_date(typed):
        return None, ""
    ahead = _sign_word(bare, _SIGN_WORDS, vocabulary, str.startswith)
    rest = bare.removeprefix(ahead[0]) if ahead else bare
    behind = _sign_word(rest, _RANGE_WORDS, vocabulary, str.endswith)
    if behind and ahead and behind[1] is not ahead[1]:
        return None, ""
    found = parse(rest.removesuffix(behind[0])) if behind else parse(rest)
    if behind and found and len(behind[0]) == 1 and not _TIME.search(found.unit):
        behind, found = None, typed  # 3处室内
    if found is None or found.direction is not None or (_is_date(found) and not ahead):
        return None, ""
    word, direction = ahead or behind or ("", None)
    return Typed(found.number, found.unit, direction), word


def _sign_word(
    text: str, words: Mapping[str, Direction], vocabulary: Vocabulary, stands: Callable[[str, str], bool]
) -> tuple[str, Direction] | None:
    """The word before or behind a number that says how a target counts, and what it says."""
    known = [(word, direction) for name, direction in words.items() for word in vocabulary.words("signs", name)]
    return next((pair for pair in sorted(known, key=lambda pair: -len(pair[0])) if stands(text, pair[0])), None)


def _tidy(text: str) -> str:
    """Without blanks, brackets round the unit (≥3（个）) or （含）, and with the raised figures of m2 and m3."""
    bare = plain(text).translate(_LOOKALIKES)
    bare = re.sub(r"\(含[^()]{0,2}\)$", "", bare)
    bare = re.sub(r"(?<=\d)\(([^()\d≥≤<>=]{1,6})\)$", r"\1", bare)
    return re.sub(r"(?<=\d)(k?m)([23])$", lambda match: match[1] + _RAISED[match[2]], bare)


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


def points(cell: GridCell) -> float | None:
    """A weight or score: ``10``, ``8.62分``; ``None`` for anything else."""
    if cell.number is not None:
        number = cell.number * 100 if cell.shown.endswith(PERCENT) else cell.number
        return float(f"{number:.15g}")
    typed = parse(cell.shown)
    return typed.number if typed and typed.direction is None and typed.unit in ("", "分", PERCENT) else None


def fraction(cell: GridCell, expected: float | None = None) -> float | None:
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


def amount(cell: GridCell, unit: str) -> Amount | None:
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
    typed = parse(stray) or parse(in_digits(stray, ("元",)))
    if typed is None or typed.direction is not None or (typed.unit and typed.unit not in MONEY_UNITS):
        return None
    return Amount(ten_thousands(typed.number, typed.unit or unit), stray != bare)


_MULTIPLES = {"百": 100.0, "千": 1000.0, "万": 10_000.0, "百万": 1_000_000.0, "千万": 10_000_000.0, "亿": 100_000_000.0}
_BASES = {
    "公里": (1000.0, "米"),
    "千米": (1000.0, "米"),
    "吨": (1000.0, "公斤"),
    "千克": (1.0, "公斤"),
    "公顷": (15.0, "亩"),
}


def unit_ratio(unit: str, wanted: str) -> float | None:
    """How many ``wanted`` one ``unit`` is (人 in 万人: 0.0001; 公里 in 米: 1000); ``None`` if they do not compare."""
    factor, base = _base(unit)
    wanted_factor, wanted_base = _base(wanted)
    return factor / wanted_factor if base and base == wanted_base else None


def _base(unit: str) -> tuple[float, str]:
    if unit in _BASES:
        return _BASES[unit]
    for prefix in sorted(_MULTIPLES, key=len, reverse=True):
        if unit.startswith(prefix) and len(unit) > len(prefix):
            factor, base = _BASES.get(unit.removeprefix(prefix), (1.0, unit.removeprefix(prefix)))
            return factor * _MULTIPLES[prefix], base
    return 1.0, unit


def ten_thousands(number: float, unit: str) -> float:
    """Money in 万元, to 15 significant digits: 215457.6 元 is 21.54576."""
    return float(f"{number * MONEY_UNITS[unit]:.15g}") if unit != "元" else float(f"{number / 10000:.15g}")


_UNIT = re.compile(r"(百万元|万元|亿元|千元|百元|元|亿|(?<=[(（])万(?=[)）]))")


def money_unit(text: str) -> str:
    """The money unit that a label names, or blank."""
    match = _UNIT.search(squeezed(text))
    return match[0] if match else ""
