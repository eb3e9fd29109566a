"""What the steps of the conversion share: where a stated value stands, and reading it as a number or a text."""

from __future__ import annotations

from workbook_tools.core.model import Answer, Value
from workbook_tools.core.values import is_number
from workbook_tools.legacy.words.records import FormIndicator, Stated


def number(stated: Stated | None) -> float | None:
    """The number that is stated, if one is."""
    return float(stated.value) if stated and is_number(stated.value) and not isinstance(stated.value, str) else None  # type: ignore[arg-type]


def words(stated: Stated | None) -> str:
    """What is printed, without blanks around it."""
    return stated.printed.strip() if stated else ""


def meaning(stated: Stated | None) -> str:
    """The text as understood, or what is printed."""
    return stated.value.strip() if stated and isinstance(stated.value, str) else words(stated)


def weight_of(entry: FormIndicator) -> float | None:
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
