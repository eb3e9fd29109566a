"""The workbook of a layout without drawing it anew: by a stencil, cut from the drawn workbook of another project of its shape.

What a shape says to differ (``form/shapes.py``) and the results of formulas have their holes; what goes into them is found as the
drawing finds it. So the drawing stays the one truth. Where more differs than holes take (pages that end elsewhere, letters
that shrink), there is another stencil, or none, and the workbook is drawn.
"""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal
from weakref import WeakKeyDictionary

from workbook_tools.core.cells import address
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.model import Value
from workbook_tools.core.recent import Recent
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.framed_pieces import OWN, Unusual, write_title
from workbook_tools.excel.stencil import BookFacts, Filling, Holes, Stencil
from workbook_tools.excel.text_extent import fit_height
from workbook_tools.excel.usual_tags import write_usual_validation
from workbook_tools.form import identity_sheet
from workbook_tools.form.fields import Evaluation, Field, Layout, Role, SheetPlan
from workbook_tools.form.identity import Seal
from workbook_tools.form.shapes import Shape
from workbook_tools.form.stand_ins import has_traces
from workbook_tools.workbooks.field_frames import cut_title, validate_field
from workbook_tools.workbooks.field_lines import find_content, show_field
from workbook_tools.workbooks.row_fitting import (
    PageDivision,
    ShownField,
    divide_into_pages,
    find_held_rows,
    fit_rows,
    fit_text,
    may_grow,
)
from workbook_tools.workbooks.writing import draw_workbook, name_book

_IN_HOLES = {"value", "label", "prompt", "unit", "low", "high", "choices"}
"""What of a field shows in its cell and its validation alone."""
_NAMED = {"value", "label", "unit"}
"""What shows in the validation at most as its title."""


def stamp_workbook(layout: Layout, seal: Seal) -> bytes:
    """The workbook that :func:`draw_workbook` draws as issued, byte for byte. Raises TemplateError as that does."""
    if not isinstance(layout.shape, Shape):
        return draw_workbook(layout, seal)
    if layout.shape not in _PRESSES:
        _PRESSES[layout.shape] = _Press(layout.shape, seal)
    return _PRESSES[layout.shape].stamp(layout, seal)


class _Press:
    """The stencils of a shape."""

    def __init__(self, shape: Shape, seal: Seal) -> None:
        self._sheets = [_ShapedSheet(shape, plan) for plan in shape.model.sheets.values()]
        self._stencils = Recent[Stencil | Literal[False]](430_000)
        """By what no hole takes; false where the stencil did not give the workbook that it was cut from."""
        self._usable = self._has_all_holes(shape.model, seal)

    def _has_all_holes(self, model: Layout, seal: Seal) -> bool:
        """Nothing of what stands in for a project's own is left beside the holes."""
        try:
            drawn = Stencil(draw_workbook(model, seal), self._list_holes(model, seal))
        except TemplateError:
            return False
        return not has_traces(drawn.pieces)

    def _list_holes(self, layout: Layout, seal: Seal) -> list[Holes]:
        return [*(sheet.holes for sheet in self._sheets), _find_identity_holes(layout, seal)]

    def stamp(self, layout: Layout, seal: Seal) -> bytes:
        """The workbook of a layout of this shape."""
        if self._usable:
            with suppress(Unusual):
                return self._stamp(layout, seal)
        return draw_workbook(layout, seal)

    def _stamp(self, layout: Layout, seal: Seal) -> bytes:
        """Raises Unusual."""
        figures = Evaluation(layout)
        plans = [*layout.sheets.values()]
        fitted = [sheet.fit(plan, figures) for sheet, plan in zip(self._sheets, plans, strict=True)]
        identity = _fill_identity(layout, seal)
        fillings = [
            sheet.fill(plan, figures, fit) for sheet, plan, fit in zip(self._sheets, plans, fitted, strict=True)
        ]
        facts = BookFacts(*name_book(layout), seal.key.password(layout.project))
        key = (
            len(identity.cells),
            *(fit.pages for fit in fitted),
            *(sheet.list_attributes(plan) for sheet, plan in zip(self._sheets, plans, strict=True)),
        )
        known = self._stencils.find(key)
        if known is False:
            raise Unusual
        if known:
            return known.fill([*fillings, identity], facts)
        drawn = draw_workbook(layout, seal)
        stencil = Stencil(drawn, self._list_holes(layout, seal))
        with suppress(Unusual):  # where this project is unusual, the next one gives the stencil
            self._stencils.keep(key, stencil if stencil.fill([*fillings, identity], facts) == drawn else False)
        return drawn


_PRESSES: WeakKeyDictionary[Shape, _Press] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Fitted:
    """The heights of a sheet's rows, which of them grow, and how it is printed."""

    heights: dict[int, float]
    growing: set[int]
    pages: PageDivision


class _ShapedSheet:
    """What the workbooks of a shape have in common on a sheet, and where they differ."""

    def __init__(self, shape: Shape, plan: SheetPlan) -> None:
        own = shape.list_own(plan.title)
        figures = Evaluation(shape.model, {})
        shown = [show_field(item, plan, figures) for item in plan.fields]
        differing = [at for at, item in enumerate(plan.fields) if own[at] or item.role is Role.FORMULA]
        same = [one for at, one in enumerate(shown) if at not in {*differing}]
        low = (one for one in same if not _is_tall(one.field))
        self._plan = replace(plan, heights=fit_rows(plan, low))
        growing = {item.span.row for item in plan.fields if may_grow(item)}
        blank = (fit_text(one.field, None, "", one.frame, plan.widths) for one in shown)
        self._growing = growing - find_held_rows(chain(blank, same))
        self._measured = [
            (at if at in differing else None, one)
            for at, one in enumerate(shown)
            if _is_tall(one.field) or (at in differing and self._may_raise(one))
        ]
        """Whose texts may make rows higher, in their order: number of a field that differs, or none; as the model shows it."""
        self._last_shown: dict[int, tuple[tuple[Value, str], ShownField]] = {}
        self._attributes = [(at, name) for at, names in enumerate(own) for name in names if name not in _IN_HOLES]
        self._cells = [(plan.fields[at].cell, at) for at in differing]
        self._validations = [
            (plan.fields[at].cell, at, _cut_validation(plan.fields[at], shape) if _NAMED.issuperset(own[at]) else None)
            for at in differing
            if own[at] and _has_validation(plan.fields[at], shape)
        ]
        """Address, number of the field, and the tag before and behind the title where nothing else of it is the project's own."""
        self._rows = sorted(
            {row for _, one in self._measured for row in range(one.field.span.row, one.field.span.last_row + 1)}
        )
        self.holes = Holes(
            {
                item.cell: "" if at in differing or not isinstance(item.value, str) else clean_cell_text(item.value)
                for at, item in enumerate(plan.fields)
                if item.role is not Role.FORMULA and (at in differing or item.value not in (None, ""))
            },
            {cell for cell, _ in self._cells},
            {cell for cell, *_ in self._validations},
            {row + 1 for row in self._rows},
        )

    def _may_raise(self, one: ShownField) -> bool:
        """Another text may need another height than the row has anyway."""
        row = one.field.span.row
        return (
            one.style.wrap or row not in self._plan.heights or fit_height("字", 1, one.style) > self._plan.heights[row]
        )

    def fit(self, plan: SheetPlan, figures: Evaluation) -> _Fitted:
        """How high the rows are. Raises Unusual where letters shrink."""
        shown = []
        for at, usual in self._measured:
            one = usual if at is None else self._show(at, plan, figures)
            if one.style.size != usual.style.size:
                raise Unusual
            shown.append(one)
        heights = fit_rows(self._plan, shown)
        growing = self._growing - find_held_rows(shown)
        return _Fitted(heights, growing, divide_into_pages(plan, heights))

    def _show(self, at: int, plan: SheetPlan, figures: Evaluation) -> ShownField:
        """What a field shows; most show the same in one workbook as in the next."""
        item = plan.fields[at]
        facts = find_content(item, figures), item.number_format
        last = self._last_shown.get(at)
        if last is None or last[0] != facts:
            last = self._last_shown[at] = facts, show_field(item, plan, figures)
        return last[1]

    def list_attributes(self, plan: SheetPlan) -> tuple[Hashable, ...]:
        """What of a project's own no hole takes."""
        return tuple(getattr(plan.fields[at], name) for at, name in self._attributes)

    def fill(self, plan: SheetPlan, figures: Evaluation, fitted: _Fitted) -> Filling:
        """What a project has in the holes."""
        heights, fields = fitted.heights, plan.fields
        return Filling(
            {cell: find_content(fields[at], figures) for cell, at in self._cells},
            {cell: _fill_validation(fields[at], figures.layout, cut) for cell, at, cut in self._validations},
            {row + 1: (heights[row], row in fitted.growing) for row in self._rows if row in heights},
        )


def _is_tall(item: Field) -> bool:
    return item.span.row != item.span.last_row


def _cut_validation(item: Field, shape: Shape) -> tuple[str, str] | None:
    """The tag before and behind the title; nothing where it has none, is not of the usual kind, or shows more of the project's own."""
    options = validate_field(item, shape.model)
    tag = write_usual_validation({**options, "input_title": OWN}, item.cell) if "input_title" in options else None
    begun, _, ended = (tag or "").partition(OWN)
    return (begun, ended) if ended and not has_traces(begun + ended) else None


def _fill_validation(item: Field, layout: Layout, cut: tuple[str, str] | None) -> str:
    """Raises Unusual."""
    if cut:
        return cut[0] + write_title(cut_title(item)) + cut[1]
    tag = write_usual_validation(validate_field(item, layout), item.cell)
    if tag is None:
        raise Unusual
    return tag


def _has_validation(item: Field, shape: Shape) -> bool:
    return bool(validate_field(item, shape.model))


def _find_identity_holes(layout: Layout, seal: Seal) -> Holes:
    fields = identity_sheet.identity_fields(seal.content, seal.signature, layout)
    texts: dict[str, str] = {}
    for item in fields:
        texts |= {address(item.span.row, 0): item.label, item.cell: ""}
    return Holes(texts, {item.cell for item in fields}, frozenset(), frozenset())


def _fill_identity(layout: Layout, seal: Seal) -> Filling:
    fields = identity_sheet.identity_fields(seal.content, seal.signature, layout)
    return Filling({item.cell: item.value for item in fields}, {}, {})
