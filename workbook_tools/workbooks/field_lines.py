"""What the cells of a sheet hold and show when it is drawn, line by line: lines of the same fields are worked out once, but for contents.

A text that surely fits on a line of a row that is high enough decides nothing more. Only the others are looked at by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from workbook_tools.core.model import Value
from workbook_tools.core.recent import Recent
from workbook_tools.excel.framed_pieces import KnownPiece, Piece
from workbook_tools.excel.framed_sheet import FramedSheet
from workbook_tools.excel.number_formats import format_value
from workbook_tools.excel.text_extent import ColumnFit
from workbook_tools.form.fields import Evaluation, Field, Layout, Role, SheetPlan
from workbook_tools.workbooks.field_frames import cut_title, find_frame
from workbook_tools.workbooks.row_fitting import (
    PageDivision,
    ShownField,
    find_width,
    fit_text,
    keep_off_page_end,
    may_grow,
    may_hold,
)

_ANY = -1
"""Any text of the field has to be looked at, an empty one too."""
_TALL = -1
NO_ANSWERS: Mapping[str, Value] = {}


class _Line:
    """What lines of these fields have in common, in columns of these widths: all but what their own fields hold."""

    def __init__(self, plan: SheetPlan, items: Sequence[Field], layout: Layout) -> None:
        self.models = [item.like for item in items]
        """Kept, so that their ids stay their own."""
        self.frames = [find_frame(item, layout) for item in items]
        self.looks = [frame.style for frame in self.frames]
        self.values: list[Value] = [item.value for item in items]
        numbered = [*enumerate(items)]
        self.computed = [at for at, item in numbered if item.role is Role.FORMULA]
        self.own = [at for at, item in numbered if item.like is not item and item.role is not Role.FORMULA]
        self.has_inputs = any(item.role is Role.INPUT for item in items)
        self.growing = [item.span.row for item in items if may_grow(item)]
        self.least: dict[int, float] = {}
        """Row → points that every single line in it fits into."""
        self.short: list[tuple[int, int]] = []
        """Fields whose texts may need more, and the characters up to which none does."""
        self._fits: list[ColumnFit] = []
        for at, item in numbered:
            fit = ColumnFit(find_width(item, plan.widths), self.looks[at])
            self._fits.append(fit)
            tall = item.span.row != item.span.last_row
            if not tall:
                self.least[item.span.row] = max(self.least.get(item.span.row, 0.0), fit.least)
            if tall or may_hold(item, fit.least):
                self.short.append((at, _ANY))
            elif self.looks[at].wrap and not (item.like is item and self._fits_always(item, fit, layout)):
                self.short.append((at, _count_short(item, fit)))
        self.blank = {at for at, item in numbered if not item.choices}
        """Fields that show nothing where they hold nothing."""
        silent = {at for at in self.blank if self.values[at] in (None, "")} - {*self.own, *self.computed}
        self.usual = [(at, short) for at, short in self.short if short < 0 or at not in silent]
        """Of those the ones that show anything where nothing is filled in."""
        self._widths = plan.widths
        self._shown: dict[int, ShownField] = {}
        self._titles = {at: cut_title(item) for at, item in numbered if item.like is item}
        """What those are called that are called the same in all forms."""

    def show(self, at: int, item: Field, value: Value, text: str) -> ShownField:
        """What a field shows; where forms have the very same, that is worked out once."""
        known = self._shown.get(at)
        if known is not None and known.field is item and known.value == value and known.text == text:
            return known
        shown = fit_text(item, value, text, self.frames[at], self._widths, self._fits[at])
        if item.like is item:
            self._shown[at] = shown
        return shown

    @staticmethod
    def _fits_always(item: Field, fit: ColumnFit, layout: Layout) -> bool:
        """It holds the same in every form, on a single line."""
        fixed = item.role in (Role.LABEL, Role.FIXED) and not item.choices
        return fixed and fit.height(_show_text(item, item.value, layout)) <= fit.least

    @cached_property
    def piece(self) -> KnownPiece:
        """What the fields have on a sheet. Raises Unusual."""
        own = {*self.own, *self.computed}
        return self._know({at: value for at, value in enumerate(self.values) if at not in own})

    def know_without_values(self) -> KnownPiece:
        """The same, where what they hold is not as in any form. Raises Unusual."""
        return self._know({})

    def _know(self, values: Mapping[int, Value]) -> KnownPiece:
        return KnownPiece(
            Piece.join([frame.piece for frame in self.frames]), self.looks, values, self._titles, self.computed
        )

    def list_suspects(self, heights: Mapping[int, float], *, answered: bool) -> Sequence[tuple[int, int]]:
        """As ``short``; of a row that is not high enough for a line every field."""
        low = [row for row, least in self.least.items() if heights.get(row, 0.0) < least]
        if not low:
            return self.short if answered else self.usual
        short = dict(self.short) | {at: _ANY for at, frame in enumerate(self.frames) if frame.field.span.row in low}
        return sorted(short.items())


def _count_short(item: Field, fit: ColumnFit) -> int:
    shown_with = len(item.number_format) if "@" in item.number_format else 0
    choices = max((fit.short + 1 if "\n" in choice else len(choice) for choice in item.choices), default=0)
    return fit.short - shown_with if choices <= fit.short else _ANY


_LINES = Recent[_Line](7_000)


def _find_line(plan: SheetPlan, items: Sequence[Field], layout: Layout) -> _Line:
    """The line of these fields: known by what they are like (a field that is like itself holds the same in all, one like another does not),
    or else by their frames."""
    fillers = layout.fillers
    key = (
        plan.widths,
        *[
            find_frame(item, layout)
            if (model := item.like) is None or item.name in fillers
            else id(model)
            if model is item
            else -id(model)
            for item in items
        ],
    )
    return _LINES.find(key) or _LINES.keep(key, _Line(plan, items, layout))


@dataclass(slots=True)
class ShownLine:
    """A line of a form: its fields, what their cells hold, and those that decide how high rows are, by their place in the line."""

    line: _Line
    items: Sequence[Field]
    values: Sequence[Value]
    shown: Mapping[int, ShownField]
    answered: bool
    """Inputs hold something else than what was issued."""

    @property
    def growing(self) -> Sequence[int]:
        """The rows that a program may fit to what is typed into them, but for what else stands there."""
        return self.line.growing

    @property
    def has_inputs(self) -> bool:
        """Something may be typed into one of the fields."""
        return self.line.has_inputs

    def draw(self, sheet: FramedSheet, layout: Layout, pages: PageDivision) -> None:
        """Draw the fields. Raises Unusual."""
        line, items, looks = self.line, self.items, self.line.looks
        for at, one in self.shown.items():
            look = keep_off_page_end(one, pages)
            if look is not looks[at]:
                looks = [*looks[:at], look, *looks[at + 1 :]]
        piece, values = line.know_without_values() if self.answered else line.piece, self.values
        formulas = [(layout.formula(items[at]), values[at]) for at in line.computed]
        sheet.place_known(piece, looks, values, formulas, [cut_title(items[at]) for at, *_ in piece.called])


def show_lines(
    plan: SheetPlan, figures: Evaluation, answers: Mapping[str, Value] = NO_ANSWERS, *, all_shown: bool = False
) -> list[ShownLine]:
    """What the cells of a sheet hold and show. ``answers``: what inputs hold in place of what was issued; with ``all_shown`` every field is looked
    at."""
    layout, lines = figures.layout, []
    for items in _divide_sheet(plan):
        line = _find_line(plan, items, layout)
        values = [find_content(item, figures, answers) for item in items] if answers else line.values.copy()
        for at in line.own if not answers else ():
            values[at] = items[at].value
        for at in line.computed:
            values[at] = figures[items[at].name]
        suspects = (
            [(at, _ANY) for at in range(len(items))]
            if all_shown
            else line.list_suspects(plan.heights, answered=bool(answers))
        )
        shown = {}
        for at, short in suspects:
            value = values[at]
            if (value is None or value == "") and short >= 0 and at in line.blank:
                continue
            text = _show_text(items[at], value, layout)
            if len(text) > short or "\n" in text:
                shown[at] = line.show(at, items[at], value, text)
        lines.append(ShownLine(line, items, values, shown, bool(answers)))
    return lines


def show_field(item: Field, plan: SheetPlan, figures: Evaluation) -> ShownField:
    """What the cell of a single field holds and shows."""
    value = find_content(item, figures)
    text = _show_text(item, value, figures.layout)
    return fit_text(item, value, text, find_frame(item, figures.layout), plan.widths)


def find_content(item: Field, figures: Evaluation, answers: Mapping[str, Value] = NO_ANSWERS) -> Value:
    """What the cell of a field holds, or its formula gives."""
    if item.role is Role.FORMULA:
        return figures[item.name]
    return answers.get(item.name, item.value) if answers and item.role is Role.INPUT else item.value


def _show_text(item: Field, value: Value, layout: Layout) -> str:
    """The text that the cell shows, of what may be chosen the longest."""
    if value is None or value == "":
        return "" if layout.open else max(item.choices, key=len, default="")  # of open rows many stay blank
    if isinstance(value, str) and "@" in item.number_format:
        return item.number_format.replace('"', "").replace("@", value)
    return value if isinstance(value, str) else format_value(value, item.number_format)


def _divide_sheet(plan: SheetPlan) -> Iterator[Sequence[Field]]:
    """Fields of a block, and others that follow each other in a row; those of several rows apart. A sheet of a known shape is as good as a line."""
    if plan.frame is not None:
        yield plan.fields
        return
    done = 0
    for first, last in plan.blocks:
        yield from _divide_rows(plan.fields[done:first])
        yield plan.fields[first:last]
        done = last
    yield from _divide_rows(plan.fields[done:])


def _divide_rows(fields: Sequence[Field]) -> Iterator[Sequence[Field]]:
    return ([*line] for _, line in groupby(fields, _find_row))


def _find_row(item: Field) -> int:
    span = item.span
    return span.row if span.row == span.last_row else _TALL
