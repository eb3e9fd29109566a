"""Cells → targets and actuals, as hand-made forms write them: ``≥95%``, ``不少于800篇``, ``5000m2``, 9月前."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook_tools.core.model import Direction, Value
from workbook_tools.core.units import unit_ratio
from workbook_tools.core.values import PERCENT, TypedQuantity, parse_quantity, plain, unit_number
from workbook_tools.legacy.words.figures import has_several_figures
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.numerals import write_in_digits
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.rules.direction_words import WORDS_BEFORE, parse_signed


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
    wrapped: bool = False
    """Words around the number were passed over (完成300份, 约99%)."""

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
    if has_several_figures(text):
        return Quantity(text)
    typed, sign = parse_signed(text, vocabulary.tables["signs"])
    if typed is not None:
        return Quantity(typed.number, typed.unit, sign, typed.direction)
    bare = without_blanks(text)
    digits = write_in_digits(bare, vocabulary.words("marks", "counters"))
    spelled, word = parse_signed(digits, vocabulary.tables["signs"]) if digits != bare else (None, "")
    if spelled is not None:
        return Quantity(spelled.number, spelled.unit, word, spelled.direction, spelled=True)
    inner = _unwrap(plain(text), vocabulary)
    if inner is not None:
        return Quantity(inner.number, inner.unit, direction=inner.direction, wrapped=True)
    return Quantity(text, sign=sign)


# 300余人, 300多人: a rough number.
_ROUGH = re.compile(r"(?<=\d)[余多](?=[^\d]|$)")
# Characters of a unit behind such a number (完成3项任务); more is a sentence.
_LONGEST_UNIT = 4


def _unwrap(text: str, vocabulary: Vocabulary) -> TypedQuantity | None:
    """The quantity in a text that says besides only that it was done, or that it is rough: 完成300份, 约99%, 300余人."""
    rest = _ROUGH.sub("", text)
    for word in sorted(vocabulary.words("marks", "around_before"), key=len, reverse=True):
        rest = rest.removeprefix(word)
    for word in sorted(vocabulary.words("marks", "around_behind"), key=len, reverse=True):
        rest = rest.removesuffix(word)
    found = parse_signed(rest, vocabulary.tables["signs"])[0] if rest != text else None
    if found is None or len(found.unit) > _LONGEST_UNIT or found.unit.startswith(("年", "月", "日", "号")):
        return None
    return found


# 已完成，96%。 and 已完成（96%）: a word and a figure that are set apart.
_SET_APART = re.compile(r"(\w+)\s*[,:;。\s]\s*(\d[^,:;。\s]*)。?|(\w+)\((\d[^()]*)\)。?")


def read_done_figure(text: str, unit: str, vocabulary: Vocabulary) -> Quantity | None:
    """The one figure behind a plain word of completion, where its unit is that of the target, or converts into it."""
    match = _SET_APART.fullmatch(text.strip().translate(_FULL_WIDTH))
    word, figure = (match[1] or match[3], match[2] or match[4]) if match else ("", "")
    if word not in vocabulary.words("marks", "done"):
        return None
    typed = parse_signed(figure, vocabulary.tables["signs"])[0]
    if typed is None or typed.direction is not None or not typed.unit or not unit:
        return None
    fits = is_per_cent(typed.unit) if is_per_cent(unit) else unit_ratio(typed.unit, unit) is not None
    return Quantity(typed.number, typed.unit, wrapped=True) if fits else None


_FULL_WIDTH = str.maketrans("，：；（）．", ",:;().")


def _read_number_cell(cell: GridCell, number: float) -> Quantity:
    if cell.shown.endswith(PERCENT):
        return Quantity(unit_number(number, PERCENT), PERCENT)
    typed = parse_quantity(cell.shown)
    unit = typed.unit if typed else ""
    return Quantity(float(f"{number:.15g}"), unit)


# -- signs


def read_direction(text: str, vocabulary: Vocabulary) -> Direction | None:
    """What the text of a sign column means."""
    bare = without_blanks(text)
    found = Direction.from_symbol(bare) or Direction.from_symbol(plain(text))
    if found:
        return found
    for name, direction in {**WORDS_BEFORE, "qualitative": Direction.QUALITATIVE}.items():
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
