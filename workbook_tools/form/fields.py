"""What a workbook is made of, as data: fields on sheets. Nothing here knows a file format."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import ceil
from typing import Any

from workbook_tools.core.cells import LINE_HEIGHT, MAX_HEIGHT, ROW_PADDING, Span
from workbook_tools.core.copying import make_copier
from workbook_tools.core.model import Project, Value
from workbook_tools.form.rows import FormRow, rows_of
from workbook_tools.rules.expr import NOTHING, Computed, Const, Expr, NamedFigures
from workbook_tools.rules.rule_set import RuleSet
from workbook_tools.rules.scheme import Scheme


class Role(StrEnum):
    """Who writes a cell."""

    INPUT = "input"
    """The unit; the only unlocked cells."""
    FORMULA = "formula"
    """The sheet computes it."""
    FIXED = "fixed"
    """The finance office: approved content."""
    LABEL = "label"
    """Text of the form itself."""


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    AMOUNT = "amount"
    PERCENT = "percent"
    SCORE = "score"
    CHOICE = "choice"


class FieldStyle(StrEnum):
    """How a cell looks; the writer has the fonts and colours."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    CAPTION = "caption"
    HEADER = "header"
    LABEL = "label"
    CELL = "cell"
    NOTE = "note"
    PLAIN = "plain"
    SIGNATURE = "signature"


class FormBlock(StrEnum):
    """A block of inputs whose blanks have a check of their own; what belongs to none is asked for in general (FILL01)."""

    NONE = ""
    CONTACT = "contact"
    FUNDING = "funding"
    INDICATORS = "indicators"
    TEXTS = "texts"
    EVIDENCE = "evidence"


NO_RULE = Const(NOTHING)
_AIR = 0.93
"""So much of a line is filled where words do not break."""
Variables = Mapping[str, "str | tuple[str, ...]"]
"""A rule's variable → the field it stands for; a range → the fields in it."""


@dataclass(slots=True, kw_only=True)
class Field:
    """One cell (or merged rectangle). ``name`` is its defined name; labels have none.

    Nobody changes one that is in use. It is not frozen because that makes it take three times as long, and a form has some 650.
    """

    sheet: str
    span: Span
    role: Role
    kind: Kind = Kind.TEXT
    name: str = ""
    label: str = ""
    """What people call it, in prompts and findings."""
    block: FormBlock = FormBlock.NONE
    row: int = 0
    """Number of the indicator's row that it stands in, from 1; 0 outside the indicator table."""
    part: str = ""
    """Which part of its block: of an indicator's row ``actual``, of the funding table a measure, of the texts a section's
    key; of the legend a colour."""
    link: str = ""
    """Name of the field that it leads to, or of which it says what is wrong."""
    value: Value = None
    """Fixed or label text; for an input what it is prefilled with."""
    rule: Expr = NO_RULE
    variables: Variables = field(default_factory=dict)
    unit: str = ""
    number_format: str = ""
    low: float | None = None
    high: float | None = None
    limit: str = ""
    """Name of the field whose number is the most that may be typed; ``high`` is what that can be at most."""
    choices: tuple[str, ...] = ()
    most_bytes: int = 0
    """So long may a text be, as the scheme counts bytes; 0: as long as a cell allows."""
    prompt: str = ""
    problem: Expr | None = None
    """What is wrong with the input, as a word of rules.library, or nothing; ``cell`` is the input itself."""
    problem_variables: Variables = field(default_factory=dict)
    filled_by: tuple[str, ...] = ()
    """Of a formula that lacks something: names of the inputs that may supply it, which are coloured in its place."""
    pending: bool = False
    """It stands out while the form is not complete, and its total no more than a sum so far."""
    look: FieldStyle = FieldStyle.CELL
    align: str = ""
    bold: bool = False
    compute: Computed | None = field(default=None, compare=False, repr=False)
    compute_problem: Computed | None = field(default=None, compare=False, repr=False)
    """``rule`` and ``problem`` as functions of the figures of a form, where many forms share them."""

    model: Field | None = field(default=None, init=False, compare=False, repr=False)
    """Another that it differs from in what it holds and is called alone. A changed copy is like none."""
    is_model: bool = field(default=False, init=False, compare=False, repr=False)
    """Many forms have this very field."""
    drawing: object = field(default=None, init=False, compare=False, repr=False)
    """What the drawing of fields like it has in common, once one was drawn."""
    formula: str = field(default="", init=False, compare=False, repr=False)
    """The formula of all that are like it, without ``=``, where it refers to nothing but their own row."""

    def share(self) -> Field:
        """The field, from now on to be had by many forms; by itself it decides how it is drawn."""
        if not (self.limit or self.most_bytes or (self.link and self.role is not Role.FORMULA)):
            self.is_model = True
        return self

    @property
    def like(self) -> Field | None:
        """The field that decides how it is drawn, for all that are like it: another, or itself. It does not hold itself: such a ring would lie in memory, with
        all that its rules have been made into, until somebody looks for rings."""
        return self if self.is_model else self.model

    def but_holding(self, value: Value) -> Field:
        """Another like it, that holds something else."""
        made: Field = make_copier(Field, "value", "model")(self, value, self.like)
        return made

    def but_called(self, label: str) -> Field:
        """Another like it, that people call otherwise."""
        made: Field = make_copier(Field, "label", "model")(self, label, self.like)
        return made

    def bind_rules(self) -> None:
        """Make the rules functions."""
        if self.role is Role.FORMULA:
            self.compute = self.rule.bind(self.variables)
        if self.problem is not None:
            self.compute_problem = self.problem.bind(self.problem_variables)

    @property
    def cell(self) -> str:
        """The address of its (first) cell."""
        return self.span.address

    @property
    def guarded(self) -> bool:
        """Its cell refuses what is not in the list, no number within the limits, or too long a text."""
        ranged = self.kind in (Kind.NUMBER, Kind.AMOUNT, Kind.PERCENT) and None not in (self.low, self.high)
        return bool(self.choices) or ranged or self.most_bytes > 0


@dataclass(slots=True)
class SheetPlan:
    """A sheet: its columns, its print setup, and the fields on it."""

    title: str
    widths: tuple[float, ...]
    heights: dict[int, float] = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)
    landscape: bool = False
    print_last: tuple[int, int] | None = None
    """Last row and column of the print area."""
    repeat_rows: tuple[int, int] | None = None
    freeze: tuple[int, int] | None = None
    hidden: bool = False
    frame: Hashable = field(default=None, compare=False)
    """Equal in sheets that differ in contents alone, and in what people call the fields; ``None`` where that is not known."""
    blocks: list[tuple[int, int]] = field(default_factory=list, compare=False)
    """First and last (not included) of fields that stand together in other forms too, such as those of an indicator."""


def text_room(characters: int, width: float) -> float:
    """Points that a row needs for a text to come of so many Chinese characters, in a cell of so many digits' width; at most those of a row.

    >>> text_room(200, 75)
    92.5
    """
    return min(ceil(2 * characters / (_AIR * width)) * LINE_HEIGHT + ROW_PADDING, MAX_HEIGHT)


@dataclass(frozen=True, slots=True)
class Notice:
    """What 填报说明 says of the campaign besides the scheme."""

    authority: str = ""
    deadline: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class LayoutVersion:
    """A layout as it is sent out, and for good: what places its fields, and the rules in its cells. Each is equal to itself alone.

    Another version may put fields elsewhere, label them otherwise and have more of them. The titles of the sheets and
    the names of the fields stay: by them everything that comes after knows a workbook.
    """

    name: str
    builders: Mapping[str, Callable[[Layout], None]]
    """By the sheet of which it places the fields; a later one may refer to the fields of an earlier one."""
    of_facts: tuple[str, ...]
    """The sheets on which nothing depends on the indicators."""
    tabs: tuple[str, ...]
    """The titles of the sheets, in their order."""
    rules: RuleSet
    called: str = "绩效自评表"
    """What people call such a workbook."""


@dataclass
class Layout:
    """Every field of one project's workbook, with its cell and defined name."""

    version: LayoutVersion
    project: Project
    scheme: Scheme
    notice: Notice
    sheets: dict[str, SheetPlan] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    """The named fields."""
    shape: object = None
    """What it has in common with others that it differs from in names and figures alone (``form/shapes.py``), if that is known."""
    frame: Hashable = None
    """The frames of its sheets; ``None`` where they are not known."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What a form of another kind prints besides its project, as JSON has it; issued and signed with it."""
    _formulas: dict[str, str] = field(default_factory=dict, repr=False)
    """Those that were asked for, by the field's name; layouts of one shape share them."""

    @property
    def rules(self) -> RuleSet:
        """The rules in its cells."""
        return self.version.rules

    @cached_property
    def rows(self) -> tuple[FormRow, ...]:
        """The indicator rows."""
        return rows_of(self.project, self.scheme)

    @cached_property
    def fillers(self) -> Mapping[str, tuple[str, ...]]:
        """Of an input that may supply what is asked for elsewhere: the names of the formulas that lack it."""
        found: dict[str, tuple[str, ...]] = {}
        for item in self.fields.values():
            for name in item.filled_by if item.problem is not None else ():
                found[name] = *found.get(name, ()), item.name
        return found

    @cached_property
    def paragraphs(self) -> tuple[Field, ...]:
        """The texts of more than a line that the unit writes."""
        kind, role = Kind.PARAGRAPH, Role.INPUT
        return tuple([f for f in self.fields.values() if f.kind is kind and f.role is role])

    @property
    def blank(self) -> bool:
        """The blank form: no project was issued, the unit types which one it is."""
        return not self.project.code

    @property
    def open(self) -> bool:
        """No indicators were approved: the unit proposes them."""
        return not self.project.indicators

    def add_sheet(self, plan: SheetPlan) -> SheetPlan:
        """A new sheet, after the others."""
        self.sheets[plan.title] = plan
        return plan

    def take_sheet(self, plan: SheetPlan) -> None:
        """A sheet, after the others, with the fields that stand on it."""
        self.sheets[plan.title] = plan
        self.fields |= {item.name: item for item in plan.fields if item.name}

    def add(self, item: Field) -> Field:
        """Place a field on its sheet."""
        if item.name:
            if item.name in self.fields:
                raise ValueError(f"two fields are named {item.name}")
            self.fields[item.name] = item
        self.sheets[item.sheet].fields.append(item)
        return item

    def add_all(self, plan: SheetPlan, items: Sequence[Field]) -> None:
        """Place fields on a sheet, no two of one name."""
        named = {item.name: item for item in items if item.name}
        if not named.keys().isdisjoint(self.fields):
            raise ValueError(f"two fields are named {(named.keys() & self.fields.keys()).pop()}")
        self.fields |= named
        plan.fields += items

    @contextmanager
    def block(self, plan: SheetPlan) -> Iterator[None]:
        """What is placed on that sheet meanwhile stands together in other forms too."""
        first = len(plan.fields)
        yield
        plan.blocks.append((first, len(plan.fields)))

    def role(self, role: Role) -> Iterator[Field]:
        """The named fields of that role."""
        return (f for f in self.fields.values() if f.role is role)

    def reference(self, name: str, sheet: str) -> str:
        """A field's cell as a formula on ``sheet`` writes it."""
        item = self.fields[name]
        return item.cell if item.sheet == sheet else f"{item.sheet}!{item.cell}"

    def _references(self, names: tuple[str, ...], sheet: str) -> str:
        """Cells as ranges where they are neighbours in a column or row, else one by one."""
        parts: list[str] = []
        runs: list[list[Field]] = []
        for item in (self.fields[n] for n in names):
            if runs and _follows(runs[-1], item):
                runs[-1].append(item)
            else:
                runs.append([item])
        for run in runs:
            first, last = run[0], run[-1]
            prefix = "" if first.sheet == sheet else f"{first.sheet}!"
            parts.append(prefix + (first.cell if first is last else f"{first.cell}:{last.cell}"))
        return ",".join(parts)

    def excel(self, rule: Expr, variables: Variables, sheet: str) -> str:
        """A rule's formula text for a cell on ``sheet``, without ``=``."""

        def refer(names: str | tuple[str, ...]) -> str:
            return self.reference(names, sheet) if isinstance(names, str) else self._references(names, sheet)

        return _write_formula(rule, NamedFigures(variables, refer))

    def formula(self, item: Field) -> str:
        """The formula text of a formula field, without ``=``."""
        if item.like is not None and item.like.formula:
            return item.like.formula
        if item.name not in self._formulas:
            self._formulas[item.name] = self.excel(item.rule, item.variables, item.sheet)
        return self._formulas[item.name]


_MARK = "\ue002"
_WRITTEN: dict[int, tuple[Expr, Sequence[str]]] = {}
"""Rules that were written of late, by their ids (each is kept here, so that its id stays its own), and, of those that were written twice,
their texts and variables in turn."""
_MOST_WRITTEN = 2048


class _Marks(Mapping[str, str]):
    """A mark around the name of each variable."""

    def __getitem__(self, variable: str) -> str:
        return f"{_MARK}{variable}{_MARK}"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _write_formula(rule: Expr, refs: Mapping[str, str]) -> str:
    """``rule.excel(refs)``; many forms share their rules."""
    known, pieces = _WRITTEN.get(id(rule), (None, ()))
    if known is None:
        if len(_WRITTEN) >= _MOST_WRITTEN:
            _WRITTEN.clear()
        _WRITTEN[id(rule)] = rule, ()
        return rule.excel(refs)
    if not pieces:
        pieces = rule.excel(_Marks()).split(_MARK)
        _WRITTEN[id(rule)] = rule, pieces
    written, known_refs = [*pieces], {}
    for at, variable in enumerate(pieces[1::2]):
        if variable not in known_refs:
            known_refs[variable] = refs[variable]
        written[2 * at + 1] = known_refs[variable]
    return "".join(written)


def _follows(run: list[Field], item: Field) -> bool:
    last = run[-1]
    if item.sheet != last.sheet:
        return False
    down = item.span.col == last.span.col and item.span.row == last.span.last_row + 1
    right = item.span.row == last.span.row and item.span.col == last.span.last_col + 1
    if len(run) > 1:
        first = run[0]
        return (down and first.span.col == item.span.col) or (right and first.span.row == item.span.row)
    return down or right


class Evaluation:
    """The figures of one filled form: inputs as given, formulas computed by the rules, on demand."""

    def __init__(
        self, layout: Layout, inputs: Mapping[str, Value] | None = None, known: Mapping[str, Value] | None = None
    ) -> None:
        """Without ``inputs``: what they are prefilled with."""
        self.layout = layout
        self._values = _Figures(layout.fields, inputs, known or {})

    def has(self, name: str) -> bool:
        """The form has such a field."""
        return name in self.layout.fields

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def problem(self, item: Field) -> str:
        """What is wrong with an input, as a word of rules.library; nothing if it is fine."""
        if item.problem is None:
            return ""
        return str(self._values.compute(item.problem, item.problem_variables, item.compute_problem) or "")


_INPUT, _FORMULA = Role.INPUT, Role.FORMULA
"""By names of their own: to look one up in its class takes ten times as long, and thousands of figures are asked for."""


class _Figures(dict[str, Value]):
    """What fields hold, by their names; a formula is computed when it is asked for."""

    __slots__ = ("_fields", "_inputs")

    def __init__(
        self, fields: Mapping[str, Field], inputs: Mapping[str, Value] | None, known: Mapping[str, Value]
    ) -> None:
        super().__init__(known)
        self._fields, self._inputs = fields, inputs

    def __missing__(self, name: str) -> Value:
        item = self._fields[name]
        if item.role is _FORMULA:
            value: Value = self.compute(item.rule, item.variables, item.compute)
        elif item.role is _INPUT and self._inputs is not None:
            value = self._inputs.get(name)
        else:
            value = item.value
        self[name] = value
        return value

    def compute(self, rule: Expr, variables: Variables, bound: Computed | None) -> Any:
        """What the rule says of these figures; ``bound`` is the rule as a function of them, if it was made."""
        return bound(self) if bound else rule.value(NamedFigures(variables, self._find))

    def _find(self, names: str | tuple[str, ...]) -> Any:
        return self[names] if isinstance(names, str) else [self[name] for name in names]
