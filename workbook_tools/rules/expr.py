"""The expression tree in which every rule is written, once.

One tree has four renderings:

* ``excel(refs)``  the formula text of a locked cell;
* ``value(env)``   the result for one row, computed as the cell computes it (``bind(names)``: as a function, for many forms);
* ``frame(df)``    the same for whole columns (numpy arrays);
* ``explain(env, shown)``  how the result came about, with the numbers in it: ``10分×60%``.

"No value" is the empty text ``""`` in a cell and in ``value``, and NaN in a numeric column. Arithmetic on
something that is no number has no value, and neither has a result beyond all floats; in Excel either would be an
error, which is why a rule always asks ``IsNumber`` first, in an ``If`` around it (AND and OR do not stop early in Excel).

Numbers are binary floats, in the formula's own order; rounding is Excel's (``rules.rounding``).
Here are constants, variables and what Python's operators make of them; Excel's functions are in ``rules.functions``.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from workbook_tools.core.faces import LateModule
from workbook_tools.core.values import is_number
from workbook_tools.rules.rounding import Array

if TYPE_CHECKING:
    import numpy as np
else:
    np = LateModule("numpy")

Env = Mapping[str, Any]
"""Variable → value (number, text, ``None`` for a blank cell; a sequence for a range)."""
NOTHING = ""
Names = Mapping[str, "str | tuple[str, ...]"]
"""Variable → the name of the figure that it stands for; a range → the names of those in it."""
Computed = Callable[[Mapping[str, Any]], Any]
"""The result of a rule, from figures by their names."""


class NamedFigures(Mapping[str, Any]):
    """Figures by the variables of a rule, looked up when they are asked for: a pruned rule may have variables without any."""

    __slots__ = ("_find", "_names")

    def __init__(self, names: Names, find: Callable[[Any], Any]) -> None:
        self._names, self._find = names, find

    def __getitem__(self, variable: str) -> Any:
        return self._find(self._names[variable])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Expr:
    """A node; build trees with Python's operators and the classes below."""

    __slots__ = ()

    def excel(self, refs: Mapping[str, str]) -> str:
        """The formula text, without ``=``; ``refs`` gives each variable's cell or range."""
        raise TypeError(type(self))  # pragma: no cover

    def value(self, env: Env) -> Any:
        """The result for one row."""
        raise TypeError(type(self))  # pragma: no cover

    def bind(self, names: Names) -> Computed:
        """:meth:`value` as a function of figures by their names: worth making for a rule that is asked for often."""
        value = self.value

        def compute(figures: Mapping[str, Any]) -> Any:
            return value(
                NamedFigures(names, lambda of: figures[of] if isinstance(of, str) else [figures[n] for n in of])
            )

        return compute

    def frame(self, columns: Mapping[str, Array]) -> Array:
        """The result for whole columns: float with NaN, bool, or object with texts."""
        raise TypeError(type(self))  # pragma: no cover

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        """How the result came about; ``shown`` gives each variable as people write it."""
        return plain(self.value(env))

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


def plain(value: Any) -> str:
    """A text as it is; a number without needless zeros."""
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

    def bind(self, names: Names) -> Computed:
        constant = self.constant
        return lambda _: constant

    def frame(self, columns: Mapping[str, Array]) -> Array:
        size = len(next(iter(columns.values())))
        if self.constant == NOTHING:
            return np.full(size, np.nan)
        kind = object if isinstance(self.constant, str) else type(self.constant)
        return np.full(size, self.constant, dtype=kind)

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return plain(self.constant) + self.unit


@dataclass(frozen=True, slots=True)
class Ref(Expr):
    """A variable: a cell of the row."""

    name: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return refs[self.name]

    def value(self, env: Env) -> Any:
        return env[self.name]

    def bind(self, names: Names) -> Computed:
        name = names.get(self.name)
        return itemgetter(name) if isinstance(name, str) else Expr.bind(self, names)

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return columns[self.name]

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return shown[self.name] if self.name in shown else plain(env[self.name])


# -- arithmetic -------------------------------------------------------------------------------------------------------

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
        left, right = as_number(self.left.value(env)), as_number(self.right.value(env))
        if left is None or right is None or (self.symbol == "/" and right == 0):
            return NOTHING
        result = _OPERATIONS[self.symbol][0](left, right)
        return result if math.isfinite(result) else NOTHING

    def bind(self, names: Names) -> Computed:
        one, other, operate, divides = (
            self.left.bind(names),
            self.right.bind(names),
            _OPERATIONS[self.symbol][0],
            self.symbol == "/",
        )

        def compute(figures: Mapping[str, Any]) -> Any:
            left, right = as_number(one(figures)), as_number(other(figures))
            if left is None or right is None or (divides and right == 0):
                return NOTHING
            result = operate(left, right)
            return result if math.isfinite(result) else NOTHING

        return compute

    def frame(self, columns: Mapping[str, Array]) -> Array:
        left, right = self.left.frame(columns), self.right.frame(columns)
        with np.errstate(all="ignore"):
            result: Array = _OPERATIONS[self.symbol][0](left, right)
        return np.where(np.isfinite(result), result, np.nan)

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return self._joined(self.left.explain(env, shown), self.right.explain(env, shown), _OPERATIONS[self.symbol][2])

    def assume(self, known: Env) -> Expr:
        return Arithmetic(self.symbol, self.left.assume(known), self.right.assume(known))


def as_number(value: Any) -> float | None:
    """What arithmetic makes of a cell's value: a blank cell counts as 0, a text has no value."""
    if value is None:
        return 0.0
    return value if is_number(value) else None


# -- conditions -------------------------------------------------------------------------------------------------------

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
        return compare(self.symbol, self.left.value(env), self.right.value(env))

    def bind(self, names: Names) -> Computed:
        left, right, symbol = self.left.bind(names), self.right.bind(names), self.symbol
        return lambda figures: compare(symbol, left(figures), right(figures))

    def frame(self, columns: Mapping[str, Array]) -> Array:
        left = self.left.frame(columns)
        if self.right == Const(NOTHING):  # NaN equals nothing, not even NaN
            return np.isnan(left) if left.dtype.kind == "f" else np.array([v in (None, NOTHING) for v in left])
        return np.asarray(_COMPARISONS[self.symbol](left, self.right.frame(columns)), dtype=bool)

    def assume(self, known: Env) -> Expr:
        left, right = self.left.assume(known), self.right.assume(known)
        return decide(self, (left, right), known) or Compare(self.symbol, left, right)


def compare(symbol: str, left: Any, right: Any) -> bool:
    """What a cell says of two values; a blank one is the empty text beside a text, and 0 beside a number."""
    if isinstance(left, str) or isinstance(right, str):
        return symbol == "=" and ("" if left is None else left) == ("" if right is None else right)
    left, right = as_number(left), as_number(right)
    return left is not None and right is not None and bool(_COMPARISONS[symbol](left, right))


def decide(node: Expr, items: Sequence[Expr], known: Env) -> Expr | None:
    """The truth of a condition all of whose parts are known, as a constant."""
    if all(isinstance(i, Const) or (isinstance(i, Ref) and i.name in known) for i in items):
        return Const(bool(node.value(known)))
    return None
