"""Excel's functions as nodes of a rule's tree: only those that Excel 2010, WPS, LibreOffice 7 and Gnumeric share."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from workbook_tools.core.faces import LateModule
from workbook_tools.core.values import is_number
from workbook_tools.rules.expr import (
    NOTHING,
    Computed,
    Condition,
    Const,
    Env,
    Expr,
    Names,
    Ref,
    as_number,
    decide,
    lift,
    plain,
)
from workbook_tools.rules.rounding import Array, excel_round, round_array

if TYPE_CHECKING:
    import numpy as np
else:
    np = LateModule("numpy")

_WIDE_BLANK = "\u3000"
ANY_TEXT = "?*"
"""COUNTIF's pattern for a text that is not empty."""

# -- conditions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IsNumber(Condition):
    """``ISNUMBER``."""

    item: Expr

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"ISNUMBER({self.item.excel(refs)})"

    def value(self, env: Env) -> Any:
        return is_number(self.item.value(env))

    def bind(self, names: Names) -> Computed:
        item = self.item.bind(names)
        return lambda figures: is_number(item(figures))

    def frame(self, columns: Mapping[str, Array]) -> Array:
        values = self.item.frame(columns)
        if values.dtype == object:
            return np.fromiter(map(is_number, values), bool, len(values))
        return np.asarray(~np.isnan(values))

    def assume(self, known: Env) -> Expr:
        return decide(self, (self.item,), known) or self


@dataclass(frozen=True, slots=True)
class IsEmpty(Condition):
    """Nothing typed: an empty cell, or one that holds only blanks, full-width ones included.

    ``TRIM`` knows the full-width blank in Gnumeric only, so it is made a plain one first.
    """

    item: Expr

    def excel(self, refs: Mapping[str, str]) -> str:
        return f'LEN(TRIM(SUBSTITUTE({self.item.excel(refs)},"{_WIDE_BLANK}"," ")))=0'

    def value(self, env: Env) -> Any:
        return _is_empty(self.item.value(env))

    def bind(self, names: Names) -> Computed:
        item = self.item.bind(names)
        return lambda figures: _is_empty(item(figures))

    def assume(self, known: Env) -> Expr:
        return decide(self, (self.item,), known) or self


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(f" {_WIDE_BLANK}"))


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """``AND``. Every part must be computable whatever the others are."""

    parts: tuple[Expr, ...]

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"AND({','.join(p.excel(refs) for p in self.parts)})"

    def value(self, env: Env) -> Any:
        return all(p.value(env) for p in self.parts)

    def bind(self, names: Names) -> Computed:
        parts = [part.bind(names) for part in self.parts]
        return lambda figures: all(part(figures) for part in parts)

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

    def bind(self, names: Names) -> Computed:
        condition, then, otherwise = self.condition.bind(names), self.then.bind(names), self.otherwise.bind(names)
        return lambda figures: then(figures) if condition(figures) else otherwise(figures)

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


# -- numbers ----------------------------------------------------------------------------------------------------------


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
        return self._choose([as_number(i.value(env)) for i in self.items])

    def bind(self, names: Names) -> Computed:
        items, choose = [item.bind(names) for item in self.items], self._choose
        return lambda figures: choose([as_number(item(figures)) for item in items])

    def _choose(self, numbers: Sequence[float | None]) -> Any:
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


def add_up(keys: Sequence[str]) -> Expr:
    """The variables of these names, added one after the other."""
    first, *others = map(Ref, keys)
    return reduce(operator.add, others, first)


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
        return self._round(self.item.value(env))

    def bind(self, names: Names) -> Computed:
        item, rounded = self.item.bind(names), self._round
        return lambda figures: rounded(item(figures))

    def _round(self, value: Any) -> Any:
        number = as_number(value)
        return NOTHING if number is None else excel_round(number, self.digits, self.function)

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return round_array(self.item.frame(columns), self.digits, self.function)

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return self.item.explain(env, shown)

    def assume(self, known: Env) -> Expr:
        return Round(self.item.assume(known), self.digits, self.function)


# -- texts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextOf(Expr):
    """``T``: the text of a cell, nothing for a blank one (a plain reference would show 0)."""

    item: Expr

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"T({self.item.excel(refs)})"

    def value(self, env: Env) -> Any:
        value = self.item.value(env)
        return value if isinstance(value, str) else NOTHING

    def bind(self, names: Names) -> Computed:
        item = self.item.bind(names)
        return lambda figures: value if isinstance(value := item(figures), str) else NOTHING


@dataclass(frozen=True, slots=True)
class Joined(Expr):
    """Texts side by side (``&``)."""

    items: tuple[Expr, ...]

    def excel(self, refs: Mapping[str, str]) -> str:
        return "&".join(i.excel(refs) for i in self.items)

    def value(self, env: Env) -> Any:
        return "".join(i.value(env) or "" for i in self.items)

    def bind(self, names: Names) -> Computed:
        items = [item.bind(names) for item in self.items]
        return lambda figures: "".join([item(figures) or "" for item in items])


# -- ranges -----------------------------------------------------------------------------------------------------------


def _bind_range(names: Names, range_: str, compute: Callable[[Iterable[Any]], Any]) -> Computed:
    """The function of the figures in a range."""
    cells = names.get(range_, ())
    read = itemgetter(*cells) if len(cells) > 1 else lambda figures: [figures[name] for name in cells]
    return lambda figures: compute(read(figures))


def _sum(values: Iterable[Any]) -> float:
    return math.fsum(v for v in values if is_number(v))


def _count(values: Iterable[Any]) -> float:
    return float(sum(map(is_number, values)))


@dataclass(frozen=True, slots=True)
class Sum(Expr):
    """``SUM`` of ranges; what is no number is left out. In a frame the column of that name is summed already."""

    name: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"SUM({refs[self.name]})"

    def value(self, env: Env) -> Any:
        return _sum(env[self.name])

    def bind(self, names: Names) -> Computed:
        return _bind_range(names, self.name, _sum)

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return columns[self.name]

    def explain(self, env: Env, shown: Mapping[str, str]) -> str:
        return "＋".join(plain(v) for v in env[self.name] if is_number(v))


@dataclass(frozen=True, slots=True)
class Count(Expr):
    """``COUNT`` of the numbers in ranges. In a frame it is the column ``#name``."""

    name: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return f"COUNT({refs[self.name]})"

    def value(self, env: Env) -> Any:
        return _count(env[self.name])

    def bind(self, names: Names) -> Computed:
        return _bind_range(names, self.name, _count)

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

    def assume(self, known: Env) -> Expr:
        return Const(self.value(known)) if {self.values, self.flags} <= known.keys() else self


@dataclass(frozen=True, slots=True)
class CountText(Expr):
    """``COUNTIF``: how many cells of a range hold the text (``?*``: any text). In a frame it is the column ``name=text``."""

    name: str
    text: str

    def excel(self, refs: Mapping[str, str]) -> str:
        return f'COUNTIF({refs[self.name]},"{self.text}")'

    def value(self, env: Env) -> Any:
        return self._count(env[self.name])

    def bind(self, names: Names) -> Computed:
        return _bind_range(names, self.name, self._count)

    def _count(self, values: Iterable[Any]) -> float:
        wanted = bool if self.text == ANY_TEXT else self.text.__eq__
        return float(sum(1 for v in values if isinstance(v, str) and wanted(v)))

    def frame(self, columns: Mapping[str, Array]) -> Array:
        return columns[f"{self.name}={self.text}"]
