"""The cells of an indicator's row, drawn once for all rows of their kind: same place, same kind of indicator, other names and figures.

So projects of which no other has the indicators share their rows, and the rules in them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from workbook_tools.core.cells import Span
from workbook_tools.core.model import Indicator, Value
from workbook_tools.core.recent import Recent
from workbook_tools.core.values import PERCENT
from workbook_tools.form.fields import Field, Layout, Role, SheetPlan
from workbook_tools.form.indicator_rows import add_indicator
from workbook_tools.form.rows import FormRow, list_own_facts
from workbook_tools.form.stand_ins import FIRST_NUMBER, FieldMaker, StandInFinder, Strange, kind_of, stand_in
from workbook_tools.rules.expr import NamedFigures


class _RowBlock:
    """How the fields of a row are made; nothing where it has to be drawn."""

    def __init__(self, drawn: Sequence[Field], makers: Sequence[FieldMaker | None]) -> None:
        self._fields = [*zip(drawn, makers, strict=True)]

    def bind(self, own: Sequence[Value]) -> list[Field]:
        """The fields of a row with these names and figures."""
        return [make(own) if make else item for item, make in self._fields]


_BLOCKS = Recent["_RowBlock | str"](33_000)
_TO_BE_DRAWN = "to be drawn"


def place_indicator(layout: Layout, sheet: str, row: FormRow, places: Mapping[str, Span]) -> None:
    """:func:`add_indicator`: place the cells of a row, as that draws them."""
    own = [getattr(row.indicator, name) for name in list_own_facts(layout.scheme)]
    if row.open or layout.project.answers is not None or any(map(_is_stand_in, own)):
        add_indicator(layout, sheet, row, places)
        return
    key = _find_key(layout, sheet, row, places, own)
    block = _BLOCKS.find(key) or _BLOCKS.keep(key, _compile(layout, sheet, row, places, own))
    if isinstance(block, str):
        add_indicator(layout, sheet, row, places)
    else:
        layout.add_all(layout.sheets[sheet], block.bind(own))


def _is_stand_in(value: Value) -> bool:
    return isinstance(value, float) and value >= FIRST_NUMBER


def _find_key(layout: Layout, sheet: str, row: FormRow, places: Mapping[str, Span], own: Sequence[Value]) -> Hashable:
    """All that the drawing may ask."""
    fixed = row.indicator
    asked = fixed.dimension, fixed.category, fixed.direction, fixed.rule, fixed.unit == PERCENT
    return layout.version, layout.scheme, sheet, row.number, asked, *places.items(), *map(kind_of, own)


def _compile(
    layout: Layout, sheet: str, row: FormRow, places: Mapping[str, Span], own: Sequence[Value]
) -> _RowBlock | str:
    """The block of a row, tried on that row."""

    def draw(values: Sequence[Value]) -> Layout:
        apart = Layout(layout.version, layout.project, layout.scheme, layout.notice, {sheet: SheetPlan(sheet, ())})
        indicator: Indicator = row.indicator.model_copy(
            update=dict(zip(list_own_facts(layout.scheme), values, strict=True))
        )
        add_indicator(apart, sheet, replace(row, indicator=indicator), places)
        return apart

    stand_ins = [stand_in(place, value) for place, value in enumerate(own)]
    finder, apart = StandInFinder(stand_ins), draw(stand_ins)
    drawn = apart.sheets[sheet].fields
    try:
        for item in drawn:
            item.bind_rules()
            with suppress(KeyError):  # it refers to another row
                item.formula = apart.formula(item) if item.role is Role.FORMULA else ""
            finder.refuse_traces(item.rule.excel(NamedFigures(item.variables, str)))
            if item.problem is not None:
                finder.refuse_traces(item.problem.excel(NamedFigures(item.problem_variables, str)))
        block = _RowBlock(drawn, [finder.find_maker(item) for item in drawn])
    except Strange:
        return _TO_BE_DRAWN
    return block if block.bind(own) == draw(own).sheets[sheet].fields else _TO_BE_DRAWN
