"""The layout of a project without drawing it anew: that of its shape, with its own names and figures put in.

Projects whose forms differ in names and figures alone have one shape. It is drawn once, by :func:`build_layout`, for a project of
stand-ins (``stand_ins.py``); what a drawing may ask of a name or a figure is part of the shape.

A shape is used from the third project on: with the second it is tried against that project's own drawing. Where the shape is not known, the
sheets on which nothing depends on the indicators are made so all the same: they have a shape by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import itemgetter

from workbook_tools.core.copying import make_copier
from workbook_tools.core.model import Project, Value
from workbook_tools.core.recent import Recent
from workbook_tools.core.values import PERCENT
from workbook_tools.form.evaluation import count_goal_characters
from workbook_tools.form.fields import Field, Layout, Notice, Role, SheetPlan
from workbook_tools.form.layout import CURRENT_VERSION, NO_SHEETS, VERSIONS, build_layout
from workbook_tools.form.rows import list_own_facts
from workbook_tools.form.stand_ins import FieldMaker, Own, StandInFinder, Strange, kind_of, stand_in
from workbook_tools.rules.scheme import Scheme

_copy_plan = make_copier(SheetPlan, "fields", "frame")
_FACTS = ("code", "name", "department", "unit", "annual_goal", "period_goal")


class Shapes:
    """The shapes that were seen of late, and how those are drawn that were seen twice."""

    def __init__(self, worth: int = 2) -> None:
        self._worth = worth
        """With so many projects a shape is compiled."""
        self._seen, self._known = Recent[int](3_000), Recent[Shape](1_000_000)
        self._of_facts = Recent[Shape](350_000)
        """Shapes that hold only the sheets on which nothing depends on the indicators."""
        self.bound = 0
        """How many layouts were made without a drawing."""

    def bind(self, project: Project, scheme: Scheme, notice: Notice, version: str = CURRENT_VERSION) -> Layout:
        """The layout of a project, as :func:`build_layout` draws it. Raises KeyError as that does."""
        if project.answers is not None:
            return build_layout(project, scheme, notice, version)
        key = VERSIONS[version], scheme, notice, *_asked_of(project, scheme)
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


def _asked_of(project: Project, scheme: Scheme) -> tuple[Hashable, ...]:
    """What a drawing may ask of a project: everything but its names and figures, and of them what shows in the drawing."""
    indicators = tuple(
        (row.dimension, row.category, row.direction, row.rule, row.unit == PERCENT) for row in project.indicators
    )
    sources = (*project.initial_budget, None, *project.annual_budget)
    return (
        project.year,
        sources,
        indicators,
        count_goal_characters(project),
        *map(kind_of, _own_values(project, scheme)),
    )


def _asked_of_facts(project: Project) -> tuple[Hashable, ...]:
    """The same of what is not about its indicators."""
    sources = (*project.initial_budget, None, *project.annual_budget)
    return project.year, sources, *map(kind_of, _own_facts(project))


def _own_facts(project: Project) -> list[Value]:
    """The names and figures that are no indicator's."""
    values: list[Value] = [getattr(project, name) for name in _FACTS]
    return [*values, *project.initial_budget.values(), *project.annual_budget.values()]


def _own_values(project: Project, scheme: Scheme) -> list[Value]:
    """Its names and figures, as many as a form of the scheme shows, always in the same order."""
    values, names = _own_facts(project), list_own_facts(scheme)
    for row in project.indicators:
        values += [getattr(row, name) for name in names]
    return values


def _with_values(project: Project, values: Iterable[Value], scheme: Scheme) -> Project:
    """The project with others in their place."""
    given, names = iter(values), list_own_facts(scheme)
    return project.model_copy(
        update={name: next(given) for name in _FACTS}
        | {
            name: {source: next(given) for source in getattr(project, name)}
            for name in ("initial_budget", "annual_budget")
        }
        | {
            "indicators": tuple(
                row.model_copy(update={name: next(given) for name in names}) for row in project.indicators
            )
        }
    )


@dataclass(slots=True, eq=False, weakref_slot=True)
class Shape:
    """How the fields of a shape are made for a project, those of one sheet after those of another."""

    model: Layout
    makers: list[FieldMaker | None]
    """``None``: all projects share the field."""
    usable: bool = True
    _of_frame: dict[str, list[Own]] = field(init=False)
    _own: dict[str, list[tuple[int, FieldMaker]]] = field(init=False)
    """By sheet; of the second with the number of the field on it."""
    _pick_named: Callable[[list[Field]], tuple[Field, ...]] = field(init=False)
    """Out of the fields of all sheets, one behind the other, the named ones as the layout orders them."""

    def __post_init__(self) -> None:
        made = iter(self.makers)
        self._own = {
            title: [(at, make) for at, make in enumerate(islice(made, len(plan.fields))) if make]
            for title, plan in self.model.sheets.items()
        }
        self._of_frame = {
            title: [find for _, make in own for find in make.of_frame] for title, own in self._own.items()
        }
        items = [item for plan in self.model.sheets.values() for item in plan.fields]
        numbers = {item.name: number for number, item in enumerate(items) if item.name}
        self._pick_named = itemgetter(*[numbers[name] for name in self.model.fields if name in numbers])

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
        sheets = {}
        for title, plan in self.model.sheets.items():
            items = plan.fields.copy()
            for at, make in self._own[title]:
                items[at] = make(own)
            of_frame = tuple([find(own) for find in self._of_frame[title]])
            sheets[title] = _copy_plan(plan, items, (self, title, of_frame))
        return sheets

    def bind(self, project: Project) -> Layout:
        """The layout of a project of this shape."""
        sheets = self.bind_sheets(_own_values(project, self.model.scheme))
        items = [item for plan in sheets.values() for item in plan.fields]
        ordered = dict(zip(self.model.fields, self._pick_named(items), strict=True))
        frame = tuple([plan.frame for plan in sheets.values()])
        return replace(self.model, project=project, sheets=sheets, fields=ordered, shape=self, frame=frame)


def _compile(drawn: Layout, titles: Collection[str] = ()) -> Shape:
    """The shape of a layout, tried on the project that it was drawn for; unusable where that gives anything else.

    With ``titles`` the shape of these sheets, for all projects that differ from it in their indicators too.
    """
    own = _own_values(drawn.project, drawn.scheme)
    stand_ins = [stand_in(place, value) for place, value in enumerate(own)]
    model = build_layout(
        _with_values(drawn.project, stand_ins, drawn.scheme), drawn.scheme, drawn.notice, drawn.version.name
    )
    if titles:
        model = replace(model, sheets={title: plan for title, plan in model.sheets.items() if title in titles})
    for plan in model.sheets.values():
        for item in plan.fields:
            item.bind_rules()
    finder = StandInFinder(stand_ins)
    try:
        makers = [finder.find_maker(item) for plan in model.sheets.values() for item in plan.fields]
        for item in (item for item in model.role(Role.FORMULA) if item.sheet in model.sheets):
            finder.refuse_traces(model.formula(item))
    except Strange:
        return Shape(model, [], usable=False)
    shape = Shape(model, makers)
    if titles:
        shape.usable = _keeps_to_itself(model) and _is_of_facts(shape, drawn)
        for item in (item for plan in model.sheets.values() for item in plan.fields if shape.usable):
            item.formula = model.formula(item) if item.role is Role.FORMULA else ""
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


_SHAPES = Shapes(4)
"""To find where the stand-ins have gone takes as long as three drawings."""


def bind_layout(project: Project, scheme: Scheme, notice: Notice, version: str = CURRENT_VERSION) -> Layout:
    """:meth:`Shapes.bind`, with the shapes that this process has seen."""
    return _SHAPES.bind(project, scheme, notice, version)
