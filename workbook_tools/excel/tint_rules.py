"""What conditional formats do to what is seen of a cell, and whether they hold for it, as far as that can be told without computing formulas."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

from workbook_tools.core.model import Value
from workbook_tools.excel.cell_looks import CellLook, Tinting, is_illegible
from workbook_tools.excel.format_codes import hides_value
from workbook_tools.excel.sheet_frame import TintRule

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "equal": operator.eq,
    "notEqual": operator.ne,
    "greaterThan": operator.gt,
    "greaterThanOrEqual": operator.ge,
    "lessThan": operator.lt,
    "lessThanOrEqual": operator.le,
}
_TRUE_OF_TEXTS = frozenset({"notEqual", "greaterThan", "greaterThanOrEqual", "notBetween"})
"""A text is greater than every number."""
_NEVER = re.compile(
    r"(?i)\s*(?:FALSE(?:\(\))?|0|(?:IS(?:ERROR|ERR|NA|BLANK)|IFERROR)\([^()]*\)|\$?[A-Z]{1,3}\$?\d+\s*=\s*\"\")\s*"
)
"""Formulas that hold for no cell with a value that is no error: by these offices whiten ``#DIV/0!`` and what is blank."""
_BLANKS = frozenset({"containsBlanks", "containsErrors"})
"""Kinds of rules that do not either."""


def hides_by_rule(rule: TintRule, tint: Tinting, look: CellLook) -> bool:
    """Where the rule holds nothing is read of what is in a cell with that look."""
    if rule.hides_value or (tint.number_format and hides_value(1.0, tint.number_format)):
        return True
    if any(is_illegible(look.ink, (colour,)) for colour in rule.scale):
        return True
    return is_illegible(tint.ink or look.ink, (tint.ground,) if tint.ground else look.grounds)


def may_hold(rule: TintRule, value: Value) -> bool:
    """The rule may hold for a cell with that value; it does not where it compares numbers and says so."""
    kind, compared, *formulas = rule.condition
    if kind in _BLANKS:
        return False
    if kind == "expression":
        return not _NEVER.fullmatch(formulas[0])
    if kind != "cellIs":
        return True
    limits = [_read_number(text) for text in formulas if text]
    if not isinstance(value, float):
        return compared in _TRUE_OF_TEXTS or None in limits
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits) or not known:
        return True
    if compared in ("between", "notBetween"):
        return (min(known) <= value <= max(known)) is (compared == "between")
    return compared not in _COMPARED or _COMPARED[compared](value, known[0])


def _read_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
