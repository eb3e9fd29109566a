"""What the steps of the conversion share: where a stated value stands, and reading it as a number or a text."""

from __future__ import annotations

from workbook_tools.legacy.records import Entry, Stated
from workbook_tools.model import Answer, Value
from workbook_tools.values import is_number

EXECUTION = "预算执行"
"""A row of the indicator table with these words is the execution rate, which the scheme scores by itself."""


def number(stated: Stated | None) -> float | None:
    """The number that is stated, if one is."""
    return float(stated.value) if stated and is_number(stated.value) and not isinstance(stated.value, str) else None  # type: ignore[arg-type]


def words(stated: Stated | None) -> str:
    """What is printed, without blanks around it."""
    return stated.printed.strip() if stated else ""


def weight_of(entry: Entry) -> float | None:
    """The points of an indicator, if the form states them."""
    return number(entry.weight)


def answer(stated: Stated, value: Value) -> Answer:
    """The value with the place where the form states it; a bare number is raw as a number, so that it gets its unit."""
    raw: Value = words(stated) or None
    if isinstance(raw, str) and isinstance(stated.value, float) and _bare(raw):
        raw = stated.value
    return Answer(value, raw, stated.where.sheet, stated.where.cell)


def _bare(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True
