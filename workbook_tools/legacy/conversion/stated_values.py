"""A stated value read as a number, as a text, or as the answer of a field; shared by the steps of the conversion."""

from __future__ import annotations

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Answer, Value
from workbook_tools.core.values import is_number
from workbook_tools.legacy.words.records import Stated


def stated_number(stated: Stated | None) -> float | None:
    """The number that is stated, if one is."""
    return float(stated.value) if stated and is_number(stated.value) and not isinstance(stated.value, str) else None  # type: ignore[arg-type]


def printed_text(stated: Stated | None) -> str:
    """What is printed, without blanks around it."""
    return stated.printed.strip() if stated else ""


def understood_text(stated: Stated | None) -> str:
    """The text as understood (a ticked word without its box), or what is printed."""
    return stated.value.strip() if stated and isinstance(stated.value, str) else printed_text(stated)


def make_answer(stated: Stated, value: Value) -> Answer:
    """The value with the place where the form states it; a bare number is raw as a number, so that it gets its unit."""
    raw: Value = printed_text(stated) or None
    if isinstance(raw, str) and isinstance(stated.value, float) and _is_bare_number(raw):
        raw = stated.value
    return Answer(value, raw, stated.where.sheet, stated.where.cell)


def make_finding(code: str, message: str, stated: Stated | None, sheet: str, field: str, **facts: object) -> Finding:
    """A finding at the place of a stated value; of what is nowhere stated, on the sheet of the form."""
    where = {"sheet": stated.where.sheet, "cell": stated.where.cell} if stated else {"sheet": sheet}
    return finding(code, message, field=field, **where, **facts)  # type: ignore[arg-type]


def _is_bare_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True
