"""The lists and limits of what may be typed into a returned workbook, held against those that were issued."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbook_tools.core.cells import Place, address
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.formulas import normalise_formula
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.excel.sheet_frame import TypingCheck
from workbook_tools.excel.sheetxml import Areas
from workbook_tools.form.fields import Field, Layout
from workbook_tools.form.text_limits import write_limit

_RANGE = re.compile(r"(?:('(?:[^']|'')+'|[^'!]+)!)?(\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?)")
"""``校验!$Z$1:$Z$3``: a list that stands in cells."""
_MOST_OPTIONS = 200


def find_changed_checks(
    raw: RawWorkbook, layout: Layout, checks: Sequence[TypingCheck], inputs: Sequence[tuple[Field, Place]]
) -> list[tuple[Field, Place]]:
    """The inputs whose list has other options, whose limits are others, or whose check no longer refuses anything.

    An input without any check is none of them: that it is gone is told elsewhere.
    """
    single: dict[tuple[int, int], list[TypingCheck]] = {}
    wide: list[TypingCheck] = []
    for check in checks:
        if check.area.cell:
            single.setdefault(check.area.cell, []).append(check)
        else:
            wide.append(check)

    def find(place: Place) -> Iterator[TypingCheck]:
        at = place.row, place.col
        yield from single.get(at, ())
        yield from (check for check in wide if at in check.area)

    return [
        (item, place)
        for item, place in inputs
        if item.guarded
        and not all(check.strict and _is_issued(raw, layout, check, item, place) for check in find(place))
    ]


def _is_issued(raw: RawWorkbook, layout: Layout, check: TypingCheck, item: Field, place: Place) -> bool:
    if item.choices:
        return check.kind == "list" and tuple(_read_options(raw, check.first, place.sheet)) == item.choices
    if item.most_bytes and (limits := layout.scheme.form.text_limits):
        row, col = check.area.spans[0][:2]  # other programs write one for neighbours, as its first cell has it
        expected = write_limit(limits, address(row, col), item.most_bytes)
        return check.kind == "custom" and normalise_formula(check.first) == normalise_formula(expected)
    most = layout.reference(item.limit, item.sheet) if item.limit else item.high
    return (check.kind, check.operator) == ("decimal", "between") and all(
        _is_limit(found, expected) for found, expected in ((check.first, item.low), (check.second, most))
    )


def _is_limit(found: str, expected: float | str | None) -> bool:
    """A limit as it was issued: a number, or the cell that has it (which other programs may write with its sheet)."""
    if isinstance(expected, str):
        return normalise_formula(found.rpartition("!")[2]) == normalise_formula(expected.rpartition("!")[2])
    try:
        return float(found) == expected
    except ValueError:
        return False


def _read_options(raw: RawWorkbook, formula: str, sheet: str) -> Iterator[str]:
    """The options of a list, which stand in the formula or in cells."""
    if formula.startswith('"'):
        yield from (option.strip() for option in formula.strip('"').replace('""', '"').split(","))
        return
    match = _RANGE.fullmatch(formula.removeprefix("="))
    if match is None:
        return
    title = (match[1] or sheet).strip("'").replace("''", "'")
    top, left, bottom, right = Areas.of(match[2].replace("$", "")).spans[0]
    if title not in raw.sheets or (bottom - top + 1) * (right - left + 1) > _MOST_OPTIONS:
        return
    try:
        values = [raw.value(Place(title, row, col)) for row in range(top, bottom + 1) for col in range(left, right + 1)]
    except UnreadableWorkbook:
        return
    yield from (str(value) for value in values if value is not None)
