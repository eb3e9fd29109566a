"""The expression tree in which every rule is written, once.

One tree has four renderings:

* ``excel(refs)``  the formula text of a locked cell;
* ``value(env)``   the result for one row, computed as the cell computes it;
* ``frame(df)``    the same for whole columns (numpy arrays);
* ``explain(env, shown)``  how the result came about, with the numbers in it: ``10分×60%``.

"No value" is the empty text ``""`` in a cell and in ``value``, and NaN in a numeric column. Arithmetic on
something that is no number has no value, and neither has a result beyond all floats; in Excel either would be an
error, which is why a rule always asks ``IsNumber`` first, in an ``If`` around it (AND and OR do not stop early in Excel).

Numbers are binary floats, in the formula's own order; rounding is Excel's: half away from zero on the
decimal value of 15 significant digits. Only functions that Excel 2010, WPS, LibreOffice 7 and Gnumeric share.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from workbook_tools.core.values import is_number

Env = Mapping[str, Any]
"""Variable → value (number, text, ``None`` for a blank cell; a sequence for a range)."""
Array = npt.NDArray[Any]
NOTHING = ""
_WIDE_BLANK = "\u3000"

_MODES = {"ROUND": ROUND_HALF_UP, "ROUNDDOWN": ROUND_DOWN, "ROUNDUP": ROUND_UP}


def excel_round(x: float, digits: int, function: str = "ROUND") -> float:
    """``ROUND``, ``ROUNDDOWN`` or ``ROUNDUP`` as spreadsheets do it: on the value of 15 significant digits.

    >>> excel_round(1.005, 2), round(1.005, 2)
    (1.01, 1.0)
    >>> excel_round(0.29 * 100, 0, "ROUNDDOWN")
    29.0
    """
    shown = Decimal(f"{x:.15g}")
    if int(shown.as_tuple().exponent) >= -digits:
        return float(shown)
    return float(shown.quantize(Decimal(1).scaleb(-digits), rounding=_MODES[function]))


def round_array(x: Array, digits: int, function: str = "ROUND") -> Array:
    """:func:`excel_round` for a column; only values near a tie (or a whole number) take the slow way."""
    scale = 10.0**digits
    scaled = np.abs(x) * scale
    floor = np.floor(scaled)
    part = scaled - floor
    with np.errstate(invalid="ignore"):
        if function == "ROUND":
            whole, near = np.where(part >= 0.5, floor + 1, floor), np.abs(part - 0.5) < 1e-4
        else:
            near = (part < 1e-4) | (part > 1 - 1e-4)
            whole = floor if function == "ROUNDDOWN" else np.ceil(scaled)
        slow = ((near & (part != 0)) | (scaled > 1e9)) & np.isfinite(x)
    result = np.copysign(whole / scale, x)
    for i in np.flatnonzero(slow):
        result[i] = excel_round(float(x[i]), digits, function)
    return result + 0.0  # no negative zero


class Expr:
    """A node; build trees with Python's operators and the classes below."""

    __slots__ = ()

    def excel(self, refs: Mapping[str, str]) -> str:
        """The formula text, without ``=``; ``refs`` gives each variable's cell or range."""
        raise TypeError(type(self))  # pragma: no cover

    def value(self, env: Env) -> Any:
        """The result for one row."""
        raise TypeError(type(self))  # pragma: no cover

    def frame(self, columns: Mapping[str, Array]) -> Array:
        """The result for whole columns: float with NaN, bool, or object with texts."""
        raise TypeError(type(self))  # pragma: no cover

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        """How the result came about; ``shown`` gives each variable as people write it."""
        return _plain(self.value(env))

    def assume(self, known: Env) -> Expr:
        """The tree without the branches that the known variables rule out."""
        return self

    def __add__(self, other: Expr | float) -> Expr:
        return Arithmetic("+", self, lift(other))

    def __sub__(self, other: Expr | float) -> Expr:
        return Arithmetic("-", self, lift(other))

    def __rsub__(self, other: float) -> Expr:
        return Arithmetic("-", lift(other), self)

    def __mul__(self, other: Expr | float) -> Expr:
        return Arithmetic("*", self, lift(other))

    def __truediv__(self, other: Expr | float) -> Expr:
        return Arithmetic("/", self, lift(other))

    def __ge__(self, other: Expr | float) -> Expr:
        return Compare(">=", self, lift(other))

    def __gt__(self, other: Expr | float) -> Expr:
        return Compare(">", self, lift(other))

    def __le__(self, other: Expr | float) -> Expr:
        return Compare("<=", self, lift(other))

    def __lt__(self, other: Expr | float) -> Expr:
        return Compare("<", self, lift(other))

    def equals(self, other: Expr | float | str) -> Expr:
        """``=`` of the sheet (``==`` compares trees)."""
        return Compare("=", self, lift(other))


def lift(value: Expr | float | str) -> Expr:
    """A constant as a node."""
    return value if isinstance(value, Expr) else Const(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.10g}"


@dataclass(frozen=True, slots=True)
class Const(Expr):
    """A number, a text, or (inside conditions) a truth value."""

    constant: float | str | bool
    unit: str = ""
    """Written after the number in an explanation."""

    def excel(self, refs: Mapping[str, str]) -> str:
        if isinstance(self.constant, bool):
            return "TRUE" if self.constant else "FALSE"
        if isinstance(self.constant, str):
            return '"' + self.constant.replace('"', '""') + '"'
        return f"{self.constant:.15g}"

    def value(self, env: Env) -> Any:
        return self.constant

    def frame(self, columns: Mapping[str, Array]) -> Array:
        size = len(next(iter(columns.values())))
        if self.constant == NOTHING:
            return np.full(size, np.nan)
        kind = object if isinstance(self.constant, str) else type(self.constant)
        return np.full(size, self.constant, dtype=kind)

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return _plain(self.constant) + self.unit


@dataclass(frozen=True, slots=True)
class Ref(Expr):
    """A variable: a cell of the row."""

    name: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return refs[self.name]

    def value(self, env: Env) -> Any:
        return env[self.name]

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return columns[self.name]

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return shown[self.name] if self.name in shown else _plain(env[self.name])


_OPERATIONS: dict[str, tuple[Callable[[Any, Any], Any], int, str]] = {
    "+": (operator.add, 1, "＋"),
    "-": (operator.sub, 1, "－"),
    "*": (operator.mul, 2, "×"),
    "/": (operator.truediv, 2, "÷"),
}


@dataclass(frozen=True, slots=True)
class Arithmetic(Expr):
    """``+ - * /`` on two numbers."""

    symbol: str
    left: Expr
    right: Expr

    def _joined(self, left: str, right: str, sign: str) -> str:
        rank = _OPERATIONS[self.symbol][1]
        if isinstance(self.left, Arithmetic) and _OPERATIONS[self.left.symbol][1] < rank:
            left = f"({left})"
        if right.startswith("-") or (isinstance(self.right, Arithmetic) and _OPERATIONS[self.right.symbol][1] <= rank):
            right = f"({right})"
        return f"{left}{sign}{right}"

    def excel(self, refs: Mapping[str, str]) -> str:
        return self._joined(self.left.excel(refs), self.right.excel(refs), self.symbol)

    def value(self, env: Env) -> Any:
        left, right = _number(self.left.value(env)), _number(self.right.value(env))
        if left is None or right is None or (self.symbol == "/" and right == 0):
            return NOTHING
        result = _OPERATIONS[self.symbol][0](left, right)
        return result if math.isfinite(result) else NOTHING

    def frame(self, columns: Mapping[str, Array]) -> Array:
        left, right = self.left.frame(columns), self.right.frame(columns)
        with np.errstate(all="ignore"):
            result: Array = _OPERATIONS[self.symbol][0](left, right)
        return np.where(np.isfinite(result), result, np.nan)

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return self._joined(self.left.explain(env, shown), self.right.explain(env, shown), _OPERATIONS[self.symbol][2])

    def assume(self, known: Env) -> Expr:
        return Arithmetic(self.symbol, self.left.assume(known), self.right.assume(known))


def _number(value: Any) -> float | None:
    """What arithmetic makes of a cell's value: a blank cell counts as 0, a text has no value."""
    if value is None:
        return 0.0
    return value if is_number(value) else None


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}


class Condition(Expr):
    """A node with a truth value."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    """A comparison of two numbers, or of a text with a constant.

    Compare only what was typed or rounded: programs differ on the last bit of a computed number.
    """

    symbol: str
    left: Expr
    right: Expr

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"{self.left.excel(refs)}{self.symbol}{self.right.excel(refs)}"

    def value(self, env: Env) -> Any:
        left, right = self.left.value(env), self.right.value(env)
        if isinstance(left, str) or isinstance(right, str):
            return self.symbol == "=" and ("" if left is None else left) == ("" if right is None else right)
        left, right = _number(left), _number(right)
        return left is not None and right is not None and bool(_COMPARISONS[self.symbol](left, right))

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return np.asarray(_COMPARISONS[self.symbol](self.left.frame(columns), self.right.frame(columns)), dtype=bool)

    def assume(self, known: Env) -> Expr:
        left, right = self.left.assume(known), self.right.assume(known)
        return _decide(self, (left, right), known) or Compare(self.symbol, left, right)


@dataclass(frozen=True, slots=True)
class IsNumber(Condition):
    """``ISNUMBER``."""

    item: Expr

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"ISNUMBER({self.item.excel(refs)})"

    def value(self, env: Env) -> Any:
        return is_number(self.item.value(env))

    def frame(self, columns: Mapping[str, Array]) -> Array:
        values = self.item.frame(columns)
        if values.dtype == object:
            return np.fromiter(map(is_number, values), bool, len(values))
        return np.asarray(~np.isnan(values))

    def assume(self, known: Env) -> Expr:
        return _decide(self, (self.item,), known) or self


@dataclass(frozen=True, slots=True)
class IsEmpty(Condition):
    """Nothing typed: an empty cell, or one that holds only blanks, full-width ones included.

    ``TRIM`` knows the full-width blank in Gnumeric only, so it is made a plain one first.
    """

    item: Expr

    def excel(self, refs: Mapping[str, str]) -> str:
        return f'LEN(TRIM(SUBSTITUTE({self.item.excel(refs)},"{_WIDE_BLANK}"," ")))=0'

    def value(self, env: Env) -> Any:
        value = self.item.value(env)
        return value is None or (isinstance(value, str) and not value.strip(f" {_WIDE_BLANK}"))

    def assume(self, known: Env) -> Expr:
        return _decide(self, (self.item,), known) or self


@dataclass(frozen=True, slots=True)
class TextOf(Expr):
    """``T``: the text of a cell, nothing for a blank one (a plain reference would show 0)."""

    item: Expr

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"T({self.item.excel(refs)})"

    def value(self, env: Env) -> Any:
        value = self.item.value(env)
        return value if isinstance(value, str) else NOTHING


@dataclass(frozen=True, slots=True)
class Joined(Expr):
    """Texts side by side (``&``)."""

    items: tuple[Expr, ...]

    def excel(self, refs: Mapping[str, str]) -> str:
        return "&".join(i.excel(refs) for i in self.items)

    def value(self, env: Env) -> Any:
        return "".join(i.value(env) or "" for i in self.items)


@dataclass(frozen=True, slots=True)
class CountText(Expr):
    """``COUNTIF``: how many cells of a range hold the text (``?*``: any text)."""

    name: str
    text: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return f'COUNTIF({refs[self.name]},"{self.text}")'

    def value(self, env: Env) -> Any:
        wanted = bool if self.text == ANY_TEXT else self.text.__eq__
        return float(sum(1 for v in env[self.name] if isinstance(v, str) and wanted(v)))


ANY_TEXT = "?*"


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """``AND``. Every part must be computable whatever the others are."""

    parts: tuple[Expr, ...]

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"AND({','.join(p.excel(refs) for p in self.parts)})"

    def value(self, env: Env) -> Any:
        return all(p.value(env) for p in self.parts)

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return np.asarray(np.logical_and.reduce([p.frame(columns) for p in self.parts]))

    def assume(self, known: Env) -> Expr:
        parts = [p.assume(known) for p in self.parts]
        open_parts = tuple(p for p in parts if p != Const(True))
        if any(p == Const(False) for p in open_parts):
            return Const(False)
        if len(open_parts) < 2:
            return open_parts[0] if open_parts else Const(True)
        return AllOf(open_parts)


def both(*parts: Expr) -> Expr:
    """All of the conditions."""
    return AllOf(parts)


def _decide(node: Expr, items: Sequence[Expr], known: Env) -> Expr | None:
    """The truth of a condition all of whose parts are known, as a constant."""
    if all(isinstance(i, Const) or (isinstance(i, Ref) and i.name in known) for i in items):
        return Const(bool(node.value(known)))
    return None


@dataclass(frozen=True, slots=True)
class If(Expr):
    """``IF``; a note, where given, says in words why a branch was taken (``{name}`` stands for a variable)."""

    condition: Expr
    then: Expr
    otherwise: Expr
    note: str = ""
    other_note: str = ""

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"IF({self.condition.excel(refs)},{self.then.excel(refs)},{self.otherwise.excel(refs)})"

    def value(self, env: Env) -> Any:
        return self.then.value(env) if self.condition.value(env) else self.otherwise.value(env)

    def frame(self, columns: Mapping[str, Array]) -> Array:
        condition = self.condition.frame(columns)
        then, otherwise = self.then.frame(columns), self.otherwise.frame(columns)
        if then.dtype == object or otherwise.dtype == object:
            then, otherwise = _texts(then), _texts(otherwise)
        return np.where(condition, then, otherwise)

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        branch, note = (self.then, self.note) if self.condition.value(env) else (self.otherwise, self.other_note)
        if not note:
            return branch.explain(env, shown)
        reason = note.format_map(shown)
        return reason if isinstance(branch, Const | Ref) else f"{reason}，{branch.explain(env, shown)}"

    def assume(self, known: Env) -> Expr:
        condition = self.condition.assume(known)
        if isinstance(condition, Const):
            return (self.then if condition.constant else self.otherwise).assume(known)
        then, otherwise = self.then.assume(known), self.otherwise.assume(known)
        if then == otherwise and not (self.note or self.other_note):
            return then
        return If(condition, then, otherwise, self.note, self.other_note)


def _texts(values: Array) -> Array:
    if values.dtype == object:
        return values
    return np.array([NOTHING if math.isnan(v) else v for v in values], dtype=object)


@dataclass(frozen=True, slots=True)
class Extreme(Expr):
    """``MIN`` or ``MAX`` of numbers (not of ranges, and only of what surely is a number)."""

    function: str
    items: tuple[Expr, ...]
    limit_text: str = ""
    """How an explanation calls a constant limit (100%)."""

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"{self.function}({','.join(i.excel(refs) for i in self.items)})"

    def value(self, env: Env) -> Any:
        numbers = [_number(i.value(env)) for i in self.items]
        if None in numbers:
            return NOTHING
        return (min if self.function == "MIN" else max)(n for n in numbers if n is not None)

    def frame(self, columns: Mapping[str, Array]) -> Array:
        reduce = np.minimum.reduce if self.function == "MIN" else np.maximum.reduce
        return np.asarray(reduce([i.frame(columns) for i in self.items]))

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        result = self.value(env)
        chosen = next(i for i in reversed(self.items) if i.value(env) == result)
        return self.limit_text if self.limit_text and isinstance(chosen, Const) else chosen.explain(env, shown)

    def assume(self, known: Env) -> Expr:
        return Extreme(self.function, tuple(i.assume(known) for i in self.items), self.limit_text)


def smallest(*items: Expr | float, limit_text: str = "") -> Expr:
    """``MIN``."""
    return Extreme("MIN", tuple(map(lift, items)), limit_text)


def largest(*items: Expr | float) -> Expr:
    """``MAX``."""
    return Extreme("MAX", tuple(map(lift, items)))


@dataclass(frozen=True, slots=True)
class Round(Expr):
    """``ROUND``, ``ROUNDDOWN`` or ``ROUNDUP``."""

    item: Expr
    digits: int
    function: str = "ROUND"

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"{self.function}({self.item.excel(refs)},{self.digits})"

    def value(self, env: Env) -> Any:
        number = _number(self.item.value(env))
        return NOTHING if number is None else excel_round(number, self.digits, self.function)

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return round_array(self.item.frame(columns), self.digits, self.function)

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return self.item.explain(env, shown)

    def assume(self, known: Env) -> Expr:
        return Round(self.item.assume(known), self.digits, self.function)


@dataclass(frozen=True, slots=True)
class Sum(Expr):
    """``SUM`` of ranges; what is no number is left out. In a frame the column of that name is summed already."""

    name: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"SUM({refs[self.name]})"

    def value(self, env: Env) -> Any:
        return math.fsum(v for v in env[self.name] if is_number(v))

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return columns[self.name]

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return "＋".join(_plain(v) for v in env[self.name] if is_number(v))


@dataclass(frozen=True, slots=True)
class Count(Expr):
    """``COUNT`` of the numbers in ranges. In a frame it is the column ``#name``."""

    name: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"COUNT({refs[self.name]})"

    def value(self, env: Env) -> Any:
        return float(sum(map(is_number, env[self.name])))

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return columns[f"#{self.name}"]

    def assume(self, known: Env) -> Expr:
        return Const(self.value(known)) if self.name in known else self


@dataclass(frozen=True, slots=True)
class SumUnless(Expr):
    """``SUMIF`` of ``values`` over the rows whose ``flags`` cell is not the given text."""

    values: str
    flags: str
    text: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return f'SUMIF({refs[self.flags]},"<>{self.text}",{refs[self.values]})'

    def value(self, env: Env) -> Any:
        pairs = zip(env[self.values], env[self.flags], strict=True)
        return math.fsum(v for v, flag in pairs if is_number(v) and flag != self.text)

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return columns[f"{self.values}@{self.flags}"]
