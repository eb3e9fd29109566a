"""Cells → targets and actuals, as hand-made forms write them: ``≥95%``, ``不少于800篇``, ``5000m2``, 9月前."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbook_tools.core.model import Direction, Value
from workbook_tools.core.values import PERCENT, TypedQuantity, parse_quantity, plain, unit_number
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.numerals import write_in_digits
from workbook_tools.legacy.words.vocabulary import Vocabulary


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
        return isinstance(self.value, str) and any(char.isdecimal() for char in self.value)


# Letters, figures, and the signs of units that stand alone in a column of units.
_SAYS_SOMETHING = re.compile(r"[\w%％‰℃℉°]")


def says_nothing(text: str) -> bool:
    """The text stands for nothing (``/``, ``—``, ``……``)."""
    return not _SAYS_SOMETHING.search(text)


_EMPTY_BOXES, _TICKED_BOXES = "□☐○", "☑☒√■✓✔●"
# ☑优 □良 □中: a box and the word behind it, up to the next box.
_BOX = re.compile(f"([{_EMPTY_BOXES}{_TICKED_BOXES}])([^{_EMPTY_BOXES}{_TICKED_BOXES}]*)")


def ticked_words(text: str) -> str:
    """Of words behind boxes (☑优 □良) those that are ticked; any other text as it is."""
    boxes = _BOX.findall(text)
    chosen = [word.strip(" 、,，;；\n\u3000") for mark, word in boxes if mark not in _EMPTY_BOXES]
    if len(chosen) == len(boxes) or not any(chosen) or _BOX.split(text, maxsplit=1)[0].strip():
        return text
    return "、".join(word for word in chosen if word)


# -- a number, its unit and its sign


def read_quantity(cell: GridCell, vocabulary: Vocabulary) -> Quantity:
    """A target or an actual: number, unit and sign, or a text."""
    if cell.number is not None:
        return _read_number_cell(cell, cell.number)
    text = ticked_words(cell.shown)
    typed, sign = _parse_with_sign(text, vocabulary)
    if typed is not None:
        return Quantity(typed.number, typed.unit, sign, typed.direction)
    bare = without_blanks(text)
    digits = write_in_digits(bare, vocabulary.words("marks", "counters"))
    spelled, word = _parse_with_sign(digits, vocabulary) if digits != bare else (None, "")
    if spelled is not None:
        return Quantity(spelled.number, spelled.unit, word, spelled.direction, spelled=True)
    return Quantity(text, sign=sign)


def _read_number_cell(cell: GridCell, number: float) -> Quantity:
    if cell.shown.endswith(PERCENT):
        return Quantity(unit_number(number, PERCENT), PERCENT)
    typed = parse_quantity(cell.shown)
    unit = typed.unit if typed else ""
    return Quantity(float(f"{number:.15g}"), unit)


# Key of [signs] → direction, of words before a number and behind it.
_WORDS_BEFORE = {"at_least": Direction.AT_LEAST, "at_most": Direction.AT_MOST, "equal": Direction.EQUAL}
_WORDS_BEHIND = {"behind_at_least": Direction.AT_LEAST, "behind_at_most": Direction.AT_MOST}
# Behind a duration, 内 alone is a limit (30天内); behind another unit it is part of the word (3处室内).
_DURATION = re.compile("[天日时月年周秒钟]$")
# What of a text that is typed with a sign is the sign: all before the number.
_SIGN_AS_PRINTED = re.compile(r"[^\d.．０-９+\-−－–]+")


def _parse_with_sign(text: str, vocabulary: Vocabulary) -> tuple[TypedQuantity | None, str]:
    """A typed quantity with the sign as printed; ``None`` for a text, a date (9月前) or a range."""
    bare = _tidy(text)
    typed = parse_quantity(bare)
    if typed is not None and typed.direction is not None:
        match = _SIGN_AS_PRINTED.match(without_blanks(text))
        return typed, match[0] if match else ""
    if typed is not None and _is_date(typed):
        return None, ""
    ahead = _find_sign_word(bare, _WORDS_BEFORE, vocabulary, str.startswith)
    rest = bare.removeprefix(ahead[0]) if ahead else bare
    behind = _find_sign_word(rest, _WORDS_BEHIND, vocabulary, str.endswith)
    if behind and ahead and behind[1] is not ahead[1]:
        return None, ""
    found = parse_quantity(rest.removesuffix(behind[0])) if behind else parse_quantity(rest)
    if behind and found and len(behind[0]) == 1 and not _DURATION.search(found.unit):
        behind, found = None, typed
    if found is None or found.direction is not None or (_is_date(found) and not ahead):
        return None, ""
    word, direction = ahead or behind or ("", None)
    return TypedQuantity(found.number, found.unit, direction), word


def _find_sign_word(
    text: str, lists: Mapping[str, Direction], vocabulary: Vocabulary, stands: Callable[[str, str], bool]
) -> tuple[str, Direction] | None:
    """The longest word before or behind a number that says how a target counts, and what it says."""
    known = [(word, direction) for name, direction in lists.items() for word in vocabulary.words("signs", name)]
    return next((pair for pair in sorted(known, key=lambda pair: -len(pair[0])) if stands(text, pair[0])), None)


_LOOK_ALIKES = str.maketrans("〉〈", "><")
# ≥90%（含）, ≤5（含5）: the bound itself counts, which it does anyway.
_INCLUDED = re.compile(r"\(含[^()]{0,2}\)$")
# ≥3（个）: a unit in brackets; (≥5) and (2023) are none.
_UNIT_IN_BRACKETS = re.compile(r"(?<=\d)\(([^()\d≥≤<>=]{1,6})\)$")
# 5000m2, 20km2, 30m3: raised figures that are typed plain.
_PLAIN_POWER = re.compile(r"(?<=\d)(k?m)([23])$")
_POWERS = {"2": "²", "3": "³"}


def _tidy(text: str) -> str:
    """Without blanks, brackets round the unit (≥3（个）) or （含）, and with the raised figures of m2 and m3."""
    bare = _INCLUDED.sub("", plain(text).translate(_LOOK_ALIKES))
    bare = _UNIT_IN_BRACKETS.sub(r"\1", bare)
    return _PLAIN_POWER.sub(lambda match: match[1] + _POWERS[match[2]], bare)


# 12月, 12月底前, 9月中旬完成, 15号, 2022年底: parts of a date; 12个月 has another unit, and 3年 another number.
_DATE_UNITS = re.compile(r"(?:月|号|年[末底度内前初中]?)(?:份|底|初|末|中旬|上旬|下旬)?(?:前|之前|底前)?(?:完成)?")
_YEARS = range(1990, 2100)


def _is_date(typed: TypedQuantity) -> bool:
    """A month or a year, not a duration: 7月, 2022年 (12个月 and 3年 are durations)."""
    if not _DATE_UNITS.fullmatch(typed.unit):
        return False
    return not typed.unit.startswith("年") or typed.number in _YEARS


# -- signs


def read_direction(text: str, vocabulary: Vocabulary) -> Direction | None:
    """What the text of a sign column means."""
    bare = without_blanks(text)
    found = Direction.from_symbol(bare) or Direction.from_symbol(plain(text))
    if found:
        return found
    for name, direction in {**_WORDS_BEFORE, "qualitative": Direction.QUALITATIVE}.items():
        if bare in vocabulary.words("signs", name):
            return direction
    return None


# ≥ is misread only where it would make sense of the figure: of 290% the 90% is a usual target, of 230% the 30% is not.
_USUAL_SHARES = (50, 100)


def find_misread_sign(text: str, unit: str, vocabulary: Vocabulary) -> TypedQuantity | None:
    """What a scanned copy may mean: ``290%`` and ``工90%`` are ≥90%; ``None`` where there is no such doubt."""
    bare = plain(text)
    first, rest = bare[:1], parse_quantity(bare[1:])
    if first not in vocabulary.words("signs", "misread") or rest is None or rest.direction is not None:
        return None
    share = rest.unit or unit
    if share != PERCENT or not _USUAL_SHARES[0] <= rest.number <= _USUAL_SHARES[1]:
        return None
    return TypedQuantity(rest.number, share, Direction.AT_LEAST)


# -- units

# %, ％, 百分比, 百分点, 百分率: whatever else the unit says.
_PER_CENT = re.compile(r"[%％]|百分[比点率]")


def is_per_cent(unit: str) -> bool:
    """The unit says per cent."""
    return bool(_PER_CENT.search(unit))


_MULTIPLES = {"百": 100.0, "千": 1000.0, "万": 10_000.0, "百万": 1_000_000.0, "千万": 10_000_000.0, "亿": 100_000_000.0}
_BASE_UNITS = {
    "公里": (1000.0, "米"),
    "千米": (1000.0, "米"),
    "吨": (1000.0, "公斤"),
    "千克": (1.0, "公斤"),
    "公顷": (15.0, "亩"),
}


def unit_ratio(unit: str, wanted: str) -> float | None:
    """How many ``wanted`` one ``unit`` is (人 in 万人: 0.0001; 公里 in 米: 1000); ``None`` if they do not compare."""
    factor, base = _take_apart(unit)
    wanted_factor, wanted_base = _take_apart(wanted)
    return factor / wanted_factor if base and base == wanted_base else None


def _take_apart(unit: str) -> tuple[float, str]:
    """A unit as a multiple of its base unit: 万人 → 10000, 人."""
    if unit in _BASE_UNITS:
        return _BASE_UNITS[unit]
    for prefix in sorted(_MULTIPLES, key=len, reverse=True):
        if unit.startswith(prefix) and len(unit) > len(prefix):
            factor, base = _BASE_UNITS.get(unit.removeprefix(prefix), (1.0, unit.removeprefix(prefix)))
            return factor * _MULTIPLES[prefix], base
    return 1.0, unit
