"""The layout of a project without drawing it anew: that of its shape, with its own names and figures put in.

Projects whose forms differ in names and figures alone have one shape. It is drawn once, by :func:`build_layout`, for a project
of stand-ins: texts and numbers that occur nowhere else. Where they turn up in the fields, there the project's own go. So the
drawing stays the one truth, and nothing here knows which field holds what; what a drawing may *ask* of a name or a figure (is
there one, is it above 0, has it decimals) is part of the shape.

A shape is used from the third project on: with the second it is tried against that project's own drawing. Where the shape is not known, the
sheets on which nothing depends on the indicators are made so all the same: they have a shape by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any

from workbook_tools.core.model import Project, Value
from workbook_tools.core.recent import Recent
from workbook_tools.core.values import PERCENT, cell_number, number_text
from workbook_tools.form.fields import Field, Layout, Notice, Role, SheetPlan
from workbook_tools.form.layout import CURRENT_VERSION, NO_SHEETS, VERSIONS, build_layout
from workbook_tools.rules.scheme import Scheme

_KEPT = 64
"""Shapes that a process holds, some 300 KB each; the one not used for longest goes first."""
_REMEMBERED = 1_000
"""Shapes of which a process knows that it has seen them."""
_STAND_IN = re.compile("\ue000([0-9]+)\ue001")
_TRACE = re.compile("[\ue000\ue001]|73100")
"""What is left of a stand-in that was cut, or written out as a part of a text."""
_FIRST_NUMBER = 7_310_000
_MOST_DECIMALS = 3
_FACTS = ("code", "name", "department", "unit", "annual_goal", "period_goal")
_SLOTS = tuple(slot.name for slot in fields(Field))
_read_slots = attrgetter(*_SLOTS)

_CONTENTS = ("value", "label", "prompt", "unit")
"""Slots that decide nothing of how a cell looks, and nothing of what may be typed."""

_Own = Callable[[Sequence[Value]], Value]
"""What a field holds, out of the names and figures of a project."""


class Shapes:
    """The shapes that were seen of late, and how those are drawn that were seen twice."""

    def __init__(self, worth: int = 2) -> None:
        self._worth = worth
        """With so many projects a shape is compiled."""
        self._seen, self._known = Recent[int](_REMEMBERED), Recent[Shape](_KEPT)
        self._of_facts = Recent[Shape](_KEPT)
        """Shapes that hold only the sheets on which nothing depends on the indicators."""
        self.bound = 0
        """How many layouts were made without a drawing."""

    def bind(self, project: Project, scheme: Scheme, notice: Notice, version: str = CURRENT_VERSION) -> Layout:
        """The layout of a project, as :func:`build_layout` draws it. Raises KeyError as that does."""
        if project.answers is not None:
            return build_layout(project, scheme, notice, version)
        key = VERSIONS[version], scheme, notice, *_asked_of(project)
        shape = self._known.find(key)
        if shape is not None and shape.usable:
            self.bound += 1
            return shape.bind(project)
        drawn = self._draw(project, scheme, notice, version)
        if shape is None and self._count(key) == self._worth:
            self._known.keep(key, _compile(drawn))
        return drawn

    def _draw(self, project: Project, scheme: Scheme, notice: Notice, version: str) -> Layout:
        """A drawing, of the sheets on which nothing depends on the indicators only the first time."""
        titles = VERSIONS[version].of_facts
        key = VERSIONS[version], scheme, notice, not project.indicators, *_asked_of_facts(project)
        shape = self._of_facts.find(key)
        ready = shape.bind_sheets(_own_facts(project)) if shape is not None and shape.usable else NO_SHEETS
        drawn = build_layout(project, scheme, notice, version, ready)
        if shape is None and self._count(key) == self._worth:
            self._of_facts.keep(key, _compile(drawn, titles))
        return drawn

    def _count(self, key: Hashable) -> int:
        """How many projects with that key have been seen, this one with them."""
        return self._seen.keep(key, (self._seen.find(key) or 0) + 1)


def is_same_drawing(one: Layout, other: Layout) -> bool:
    """The same fields in the same places and order, on sheets that are alike."""
    return one.sheets == other.sheets and [*one.fields.items()] == [*other.fields.items()]


def _asked_of(project: Project) -> tuple[Hashable, ...]:
    """What a drawing may ask of a project: everything but its names and figures, and of them what shows in the drawing."""
    indicators = tuple(
        (row.dimension, row.category, row.direction, row.rule, row.unit == PERCENT) for row in project.indicators
    )
    sources = (*project.initial_budget, None, *project.annual_budget)
    return project.year, sources, indicators, *map(_kind_of, _own_values(project))


def _asked_of_facts(project: Project) -> tuple[Hashable, ...]:
    """The same of what is not about its indicators."""
    sources = (*project.initial_budget, None, *project.annual_budget)
    return project.year, sources, *map(_kind_of, _own_facts(project))


def _own_facts(project: Project) -> list[Value]:
    """The names and figures that are no indicator's."""
    values: list[Value] = [getattr(project, name) for name in _FACTS]
    return [*values, *project.initial_budget.values(), *project.annual_budget.values()]


def _own_values(project: Project) -> list[Value]:
    """Its names and figures, always in the same order."""
    values = _own_facts(project)
    for row in project.indicators:
        values += (row.name, row.weight, row.target, row.unit)
    return values


def _with_values(project: Project, values: Iterable[Value]) -> Project:
    """The project with others in their place."""
    given = iter(values)
    return project.model_copy(
        update={name: next(given) for name in _FACTS}
        | {name: {source: next(given) for source in getattr(project, name)} for name in ("initial_budget", "annual_budget")}
        | {
            "indicators": tuple(
                row.model_copy(update={name: next(given) for name in ("name", "weight", "target", "unit")})
                for row in project.indicators
            )
        }
    )  # fmt: skip


def _kind_of(value: Value) -> Hashable:
    """What may be asked of a value: how many decimals a figure has; what is blank, a percent sign or not above 0 stays as it is."""
    if isinstance(value, str):
        return value if value in ("", PERCENT) else str
    if value is None or not 0 < value < _FIRST_NUMBER:
        return value
    decimals = len(number_text(value).partition(".")[2])
    return (decimals,) if decimals <= _MOST_DECIMALS else value


def _stands_in(place: int, value: Value) -> Value:
    """What stands for the value at that place among the project's own."""
    match _kind_of(value):
        case (0,):
            return float(_FIRST_NUMBER + place)
        case (int(decimals),):
            return float(f"{_FIRST_NUMBER + place}.{1:0{decimals}}")
        case kind:
            return f"\ue000{place}\ue001" if kind is str else value


class _Strange(Exception):
    """The drawing has done more with a name or figure than to put it into a field."""


class _Maker:
    """Makes a field like the model's for a project."""

    __slots__ = ("_found", "_same")

    def __init__(self, state: Mapping[str, Any], found: Mapping[str, _Own]) -> None:
        self._same = {name: value for name, value in state.items() if name not in found}
        self._found = found

    @property
    def slots(self) -> tuple[str, ...]:
        """What of the field is the project's own."""
        return tuple(self._found)

    @property
    def of_frame(self) -> list[_Own]:
        """What makes the project's own of it that is neither a content nor what people call it: units in formats, limits."""
        return [find for name, find in self._found.items() if name not in _CONTENTS]

    def __call__(self, own: Sequence[Value]) -> Field:
        found: dict[str, Any] = {name: find(own) for name, find in self._found.items()}
        return Field(**self._same, **found)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Shape:
    """How the fields of a shape are made for a project, those of one sheet after those of another."""

    model: Layout
    makers: list[_Maker | None]
    """``None``: all projects share the field."""
    usable: bool = True
    _of_frame: dict[str, list[_Own]] = field(init=False)
    """By sheet."""

    def __post_init__(self) -> None:
        made = iter(self.makers)
        self._of_frame = {
            title: [find for make in islice(made, len(plan.fields)) if make for find in make.of_frame]
            for title, plan in self.model.sheets.items()
        }

    def list_own(self, title: str) -> list[tuple[str, ...]]:
        """For each field of a sheet what of it is a project's own."""
        before = 0
        for name, plan in self.model.sheets.items():
            if name == title:
                return [make.slots if make else () for make in self.makers[before : before + len(plan.fields)]]
            before += len(plan.fields)
        raise KeyError(title)

    def bind_sheets(self, own: Sequence[Value]) -> dict[str, SheetPlan]:
        """The sheets of a project of this shape, which has these names and figures."""
        made = iter(self.makers)
        sheets = {}
        for title, plan in self.model.sheets.items():
            items = [make(own) if (make := next(made)) else item for item in plan.fields]
            of_frame = tuple([find(own) for find in self._of_frame[title]])
            sheets[title] = replace(plan, fields=items, frame=(self, title, of_frame))
        return sheets

    def bind(self, project: Project) -> Layout:
        """The layout of a project of this shape."""
        sheets = self.bind_sheets(_own_values(project))
        named = {item.name: item for plan in sheets.values() for item in plan.fields if item.name}
        ordered = {name: named[name] for name in self.model.fields}
        frame = tuple([plan.frame for plan in sheets.values()])
        return replace(self.model, project=project, sheets=sheets, fields=ordered, shape=self, frame=frame)


def _compile(drawn: Layout, titles: Collection[str] = ()) -> Shape:
    """The shape of a layout, tried on the project that it was drawn for; unusable where that gives anything else.

    With ``titles`` the shape of these sheets, for all projects that differ from it in their indicators too.
    """
    own = _own_values(drawn.project)
    stand_ins = [_stands_in(place, value) for place, value in enumerate(own)]
    model = build_layout(_with_values(drawn.project, stand_ins), drawn.scheme, drawn.notice, drawn.version.name)
    if titles:
        model = replace(model, sheets={title: plan for title, plan in model.sheets.items() if title in titles})
    for plan in model.sheets.values():
        for item in plan.fields:
            item.bind_rules()
    finder = _Finder(stand_ins)
    try:
        makers = [finder.find_maker(item) for plan in model.sheets.values() for item in plan.fields]
        for item in (item for item in model.role(Role.FORMULA) if item.sheet in model.sheets):
            finder.refuse_traces(model.formula(item))
    except _Strange:
        return Shape(model, [], usable=False)
    shape = Shape(model, makers)
    if titles:
        shape.usable = _keeps_to_itself(model) and _is_of_facts(shape, drawn)
    else:
        shape.usable = is_same_drawing(shape.bind(drawn.project), drawn)
    return shape


def _is_of_facts(shape: Shape, drawn: Layout) -> bool:
    """The sheets of the shape come out as drawn without a name or figure of an indicator."""
    try:
        return shape.bind_sheets(_own_facts(drawn.project)) == {
            title: drawn.sheets[title] for title in shape.model.sheets
        }
    except IndexError:
        return False


def _keeps_to_itself(layout: Layout) -> bool:
    """Nothing on its sheets points to a field on another one: where that is depends on the indicators."""
    others = {item.sheet for item in layout.fields.values()} - layout.sheets.keys()
    items = [item for plan in layout.sheets.values() for item in plan.fields]
    formulas = (layout.formula(item) for item in items if item.role is Role.FORMULA)
    return not any(f"{title}!" in formula for formula in formulas for title in others) and not any(
        item.limit and layout.fields[item.limit].sheet in others for item in items
    )


def has_traces(text: str) -> bool:
    """Something of what stands in for a project's own is in the text."""
    return _TRACE.search(text) is not None


class _Finder:
    """Finds where the stand-ins have gone."""

    def __init__(self, stand_ins: Sequence[Value]) -> None:
        self._plain: set[str] = set()
        """Texts without a stand-in: most are in many fields."""
        self._numbers: dict[float, _Own] = {}
        """What stands in for a number, and that number as a cell of percent format holds it."""
        for place, value in enumerate(stand_ins):
            if isinstance(value, float) and value >= _FIRST_NUMBER:
                self._numbers[cell_number(value, PERCENT)] = partial(_as_percent, place)
                self._numbers[value] = itemgetter(place)

    def find_maker(self, item: Field) -> _Maker | None:
        """What makes the field for a project; ``None`` where nothing in it is the project's own."""
        state = dict(zip(_SLOTS, _read_slots(item), strict=True))
        found = {name: own for name, value in state.items() if value and (own := self._find_own(value))}
        return _Maker(state, found) if found else None

    def _find_own(self, value: Any) -> _Own | None:
        kind = type(value)
        if kind is float:
            return self._numbers.get(value)
        if kind is tuple:
            self.refuse_traces("".join(map(str, value)))
        if kind is not str or value in self._plain:
            return None
        if not _TRACE.search(value):
            self._plain.add(value)
            return None
        pieces = _STAND_IN.split(value)  # texts and places in turn
        self.refuse_traces("".join(pieces[::2]))
        return partial(_join_pieces, pieces[::2], [int(place) for place in pieces[1::2]])

    def refuse_traces(self, text: str) -> None:
        """Raises _Strange where a stand-in was made a part of something."""
        if has_traces(text):
            raise _Strange


def _as_percent(place: int, own: Sequence[Value]) -> Value:
    value = own[place]
    return cell_number(value, PERCENT) if isinstance(value, float) else value


def _join_pieces(texts: Sequence[str], places: Sequence[int], own: Sequence[Value]) -> str:
    return texts[0] + "".join(f"{own[place]}{text}" for place, text in zip(places, texts[1:], strict=True))


_SHAPES = Shapes(4)
"""To find where the stand-ins have gone takes as long as three drawings."""


def bind_layout(project: Project, scheme: Scheme, notice: Notice, version: str = CURRENT_VERSION) -> Layout:
    """:meth:`Shapes.bind`, with the shapes that this process has seen."""
    return _SHAPES.bind(project, scheme, notice, version)
