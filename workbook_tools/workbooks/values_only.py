"""The printed form of a workbook and nothing else: one sheet of values, without formulas, names, locks or hints.

It is what is shown to the public (公开版). The form is the authority's, as :mod:`workbook_tools.form.evaluation` places it, from the
title down to the total; who filled it in, and the helpers beside it, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from math import ceil

from workbook_tools.core.cells import MAX_HEIGHT
from workbook_tools.core.model import Value
from workbook_tools.excel.styles import NAMED, StyleSpec
from workbook_tools.excel.text_extent import fit_height
from workbook_tools.excel.writing import Book
from workbook_tools.form import evaluation
from workbook_tools.form.fields import Evaluation, Field, FieldStyle, Kind, Layout, Role, SheetPlan

_PREFIX = re.compile(r'"([^"]*)"@')
"""A number format that puts words before a text: ``"评价等级："@``. Here they are a part of the text."""
_NUMBERS = (Kind.AMOUNT, Kind.PERCENT, Kind.SCORE, Kind.NUMBER)
_DEFAULT_HEIGHT, _ONE_PAGE = 18.0, 760.0
"""Points: a row of no stated height, and what is shrunk onto one page across at most."""


def draw_values(layout: Layout, figures: Evaluation, shown: Mapping[str, Value], title: str) -> bytes:
    """The workbook as bytes. ``shown`` is what stands in a field in place of its figure, by the field's name.

    Raises TemplateError if the content does not fit Excel's limits.
    """
    plan = layout.sheets[evaluation.TITLE]
    fields = [(item, _find_value(item, figures, shown)) for item in _choose_fields(layout, plan)]
    last_row, last_col = max(item.span.last_row for item, _ in fields), len(layout.scheme.form.columns) - 1
    planned = [plan.heights.get(row, _DEFAULT_HEIGHT) for row in range(last_row + 1)]
    heights = _fit_heights(planned, plan.widths, fields)
    drawn = [ceil(height / MAX_HEIGHT) for height in heights]
    starts = [0, *accumulate(drawn)]
    with Book(title=title) as book:
        sheet = book.sheet(evaluation.TITLE)
        sheet.columns(plan.widths[: last_col + 1])
        for row, height in enumerate(heights):
            for part in range(starts[row], starts[row + 1]):
                sheet.row_height(part, height / drawn[row])
        for item, value in fields:
            span, last = item.span, starts[item.span.last_row + 1] - 1
            sheet.merge(starts[span.row], span.col, last, span.last_col, value, _choose_style(item, value))
        sheet.view(gridlines=False, active=True)
        whole = sum(heights) <= _ONE_PAGE
        header = None if whole or not plan.repeat_rows else (starts[plan.repeat_rows[0]], starts[plan.repeat_rows[1]])
        sheet.print_setup(landscape=plan.landscape, fit_height=int(whole), repeat_rows=header)
    return book.bytes()


def _choose_fields(layout: Layout, plan: SheetPlan) -> Iterator[Field]:
    """What is printed, down to the total."""
    last_row, last_col = layout.fields["total_score"].span.last_row, len(layout.scheme.form.columns) - 1
    return (item for item in plan.fields if item.span.last_row <= last_row and item.span.last_col <= last_col)


def _find_value(item: Field, figures: Evaluation, shown: Mapping[str, Value]) -> Value:
    figure = item.value if item.role is Role.LABEL else figures[item.name]
    value = shown.get(item.name, figure)
    prefix = _PREFIX.fullmatch(item.number_format)
    return f"{prefix[1]}{value}" if prefix and value not in (None, "") else value


def _choose_style(item: Field, value: Value) -> StyleSpec:
    """As on the authority's form: black on white, whoever fills the cell in."""
    if item.role is Role.LABEL:
        named = {FieldStyle.TITLE: "title", FieldStyle.CAPTION: "subtitle", FieldStyle.PLAIN: "text"}
        style = NAMED[named.get(item.look, "header")].but(fill="")
    else:
        style = NAMED["header" if item.look is FieldStyle.HEADER else "text"].but(fill="")
    if item.number_format and not isinstance(value, str):
        style = style.but(number_format=item.number_format)
    if item.align or item.kind in _NUMBERS:
        style = style.but(align=item.align or "center", indent=int(item.align == "left"))
    return style.but(bold=True) if item.bold else style


def _fit_heights(planned: list[float], widths: Sequence[float], fields: Iterable[tuple[Field, Value]]) -> list[float]:
    """The planned heights, greater where a text takes more; the last row of a merged cell makes up for what lacks.

    One may be more than a row can have: then several rows are drawn for it.
    """
    heights = list(planned)
    for item, value in sorted(fields, key=lambda field: field[0].span.last_row):
        span = item.span
        if isinstance(value, str):
            needed = fit_height(value, sum(widths[span.col : span.last_col + 1]), _choose_style(item, value))
            lacking = needed - sum(heights[span.row : span.last_row + 1])
            heights[span.last_row] += max(lacking, 0.0)
    return heights
