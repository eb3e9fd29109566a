"""What a cell of a returned workbook holds, held against what was issued in it, and as a finding quotes it."""

from __future__ import annotations

from workbook_tools.core.model import Value
from workbook_tools.core.tolerances import STORED
from workbook_tools.core.values import PERCENT, is_number, number_text, unit_number
from workbook_tools.form.fields import Field
from workbook_tools.form.printed_texts import normal_text


def is_same(found: Value, expected: Value) -> bool:
    """A cell holds what was issued: numbers as Excel stores them, texts but for the blanks and line ends that programs change."""
    if isinstance(found, float) and is_number(expected) and not isinstance(expected, str):
        return STORED.same(found, float(expected or 0))
    if isinstance(expected, str):
        return found == expected or normal_text(found) == normal_text(expected)
    return expected is None and (found is None or found == "")


def show_value(value: Value, item: Field) -> str:
    """A value as a finding quotes it: a share of a percent cell in %."""
    if isinstance(value, float):
        return (
            f"{number_text(unit_number(value, PERCENT))}%" if item.number_format.endswith("%") else number_text(value)
        )
    return value or ""
