"""Random expression trees that keep to what rules.expr asks of a rule, and the variables they are about.

``x``, ``y`` and ``z`` are typed numbers (or blanks, or texts), ``t`` is a typed text (or a blank). A tree asks first
whether the numbers are numbers, divides only by what it knows to be above 0, and compares only what was typed or rounded.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from workbook_tools.rules.expr import NOTHING, Arithmetic, Compare, Const, Expr, Ref
from workbook_tools.rules.functions import If, IsNumber, Round, both, largest, smallest

NUMBERS, TEXT = ("x", "y", "z"), "t"
WORDS = ("甲", "乙", 'a"b', "=1", "达成")
Env = dict[str, Any]

typed_numbers = st.one_of(
    st.integers(-20, 200).map(float),
    st.decimals(-100, 1000, places=2, allow_nan=False, allow_infinity=False).map(float),
    st.sampled_from((0.0, 1.0, 0.5, 1e6, 1e-3)),
)
cells = st.one_of(typed_numbers, typed_numbers, typed_numbers, st.none(), st.sampled_from(("26万元", "", " ", "12")))
environments: st.SearchStrategy[Env] = st.fixed_dictionaries(
    {**dict.fromkeys(NUMBERS, cells), TEXT: st.one_of(st.none(), st.sampled_from(WORDS))}
)

_ref = st.sampled_from(NUMBERS).map(Ref)
_constant = st.sampled_from((0.0, 1.0, 2.0, 0.5, 1.3, 100.0, -3.0)).map(Const)
_leaf: st.SearchStrategy[Expr] = st.one_of(_ref, _ref, _constant)


def _extended(numbers: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """Numbers made of numbers."""
    rounded = st.builds(Round, numbers, st.sampled_from((0, 2, 6)), st.sampled_from(("ROUND", "ROUNDDOWN", "ROUNDUP")))
    compared = st.one_of(_ref, st.builds(Round, numbers, st.just(6)))
    comparison = st.builds(Compare, st.sampled_from(("=", ">=", ">", "<=", "<")), compared, st.one_of(_constant, _ref))
    word = st.builds(lambda text: Ref(TEXT).equals(text), st.sampled_from(WORDS))
    simple = st.one_of(comparison, comparison, word)
    condition = st.one_of(simple, st.lists(simple, min_size=2, max_size=3).map(lambda parts: both(*parts)))
    return st.one_of(
        st.builds(Arithmetic, st.sampled_from("+-*"), numbers, numbers),
        st.builds(lambda top, base, other: If(base > 0, top / base, other), numbers, _ref, numbers),
        st.builds(smallest, numbers, numbers),
        st.builds(largest, numbers, numbers, numbers),
        rounded,
        st.builds(If, condition, numbers, numbers),
    )


_number_trees = st.recursive(_leaf, _extended, max_leaves=8)


def _guarded(result: Expr, otherwise: Expr) -> Expr:
    """The rule that asks first."""
    return If(both(*(IsNumber(Ref(name)) for name in NUMBERS)), result, otherwise)


trees: st.SearchStrategy[Expr] = st.one_of(
    st.builds(_guarded, _number_trees, st.just(Const(NOTHING))),
    st.builds(
        lambda number, edge, high, low: _guarded(If(Round(number, 2) >= edge, Const(high), Const(low)), Const(NOTHING)),
        _number_trees,
        st.sampled_from((0.0, 60.0, 0.9)),
        st.sampled_from(WORDS),
        st.sampled_from((*WORDS, 3.0)),
    ),
)
"""A number or nothing; or a text."""
