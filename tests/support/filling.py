"""Filling in workbooks: compact projects with every kind of row, random answers, and many fillings in one sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builders import KEY
from proof import Output, Table, same
from quick_loading import load_quickly
from random_rows import Row, Typist

from workbook_tools.core.model import Amounts, Answer, Direction, FundingSource, Indicator, Measure, Project, Value
from workbook_tools.core.values import PERCENT
from workbook_tools.form.fields import Evaluation, Field, Kind, Layout, Role
from workbook_tools.form.funding import amount_name
from workbook_tools.form.identity import BLANK_KEY
from workbook_tools.form.layout import build_layout
from workbook_tools.form.submission import Submission
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.writing import build_workbook

Filling = dict[str, Value]
"""What is typed: the name of an input → its content; ``None`` leaves the cell empty."""

_TEXTS = ("无", "约30", "已完成", "　", "a & b < c", '说"好"', "第一行\n第二行", "3月底前完成整改", "=1+1", "-")


# -- projects ---------------------------------------------------------------------------------------------------------


def compact_project(scheme: Scheme, *, approved: bool = True) -> Project:
    """A row of every direction, in numbers and in percent, a target of 0, and each step rule of the scheme.

    The weights add up, so that a filling that leaves nothing out is complete.
    """
    at_least, at_most, equal = Direction.AT_LEAST, Direction.AT_MOST, Direction.EQUAL
    kinds: list[tuple[Direction, float | str, str, str]] = [
        (at_least, 12.0, "个", ""),
        (at_least, 95.5, PERCENT, ""),
        (at_least, 0.0, "项", ""),
        (at_most, 6.3, "万元", ""),
        (at_most, 0.7, PERCENT, ""),
        (equal, 4.0, "次", ""),
        (Direction.QUALITATIVE, "有效提升", "", ""),
    ]
    for rule in scheme.steps:
        kinds += [(at_least, 90.0, PERCENT, rule), (at_most, 30.0, "天", rule), (equal, -5.0, "度", rule)]
    dimensions = scheme.dimensions
    indicators = tuple(
        Indicator(
            dimension=(dimension := dimensions[i % len(dimensions)]).name,
            category=dimension.categories[0],
            name=f"指标{i + 1}",
            weight=(10.0, 12.9, 7.5)[i % 3],
            direction=direction,
            target=target,
            unit=unit,
            rule=rule,
        )
        for i, (direction, target, unit, rule) in enumerate(kinds)
    )
    last = scheme.indicator_weight - sum(indicator.weight or 0.0 for indicator in indicators[:-1])
    indicators = (*indicators[:-1], indicators[-1].model_copy(update={"weight": round(last, 2)}))
    budget: Amounts = {FundingSource.COUNTY: 120.0, FundingSource.OTHER: 30.5}
    return Project(
        code="T001",
        name="示例项目",
        department="示例局",
        unit="示例中心",
        year=2024,
        annual_budget=budget if approved else {},
        indicators=indicators if approved else (),
    )


BLANK_PROJECT = Project(code="", name="", department="", unit="", year=0)
"""That of the blank form, where the unit types which project it is."""


def workbook_of(project: Project, scheme: Scheme, path: Path) -> tuple[Path, Layout]:
    """The project's workbook as it is issued, and its layout."""
    path.write_bytes(build_workbook(project, scheme, KEY if project.code else BLANK_KEY))
    return path, build_layout(project, scheme)


# -- fillings ---------------------------------------------------------------------------------------------------------


def fill(path: Path, layout: Layout, answers: Mapping[str, Value], result: Path | None = None) -> Path:
    """Put answers into a workbook with openpyxl, cell by defined name, and save it (as ``result``)."""
    book = load_quickly(path)
    for name, value in answers.items():
        item = layout.fields[name]
        assert item.role is Role.INPUT, name
        ((sheet, cell),) = book.defined_names[name].destinations
        target = book[sheet][cell.replace("$", "")]
        target.value = value
        if isinstance(value, str) and target.data_type != "s":
            target.data_type = "s"
    target_path = result or path
    book.save(target_path)
    return target_path


def inputs(layout: Layout) -> list[Field]:
    """What a unit fills in."""
    return list(layout.role(Role.INPUT))


def formulas(layout: Layout) -> list[Field]:
    """What the sheet computes."""
    return list(layout.role(Role.FORMULA))


class Filler:
    """Makes random fillings of one form: right and wrong ones, and many on the edges of the scheme."""

    def __init__(self, layout: Layout, seed: int = 0) -> None:
        self.layout = layout
        self.typist = Typist(layout.scheme, seed)
        self.random = self.typist.random

    def filling(self) -> Filling:
        """One filling, with a content (or nothing) for each input."""
        budget = self.typist.amount()
        values: Filling = {}
        for item in inputs(self.layout):
            value = self._value(item, budget, values)
            values[item.name] = value
        return values

    def complete_filling(self) -> Filling:
        """One in which every row has an actual, and the execution is known; approved weights add up."""
        values = self.filling()
        for row in self.layout.rows:
            name = row.name("actual")
            values[name] = "已完成" if row.qualitative else self.typist.points(20)
        for measure in (Measure.ANNUAL_BUDGET, Measure.INITIAL_BUDGET, Measure.RECEIVED, Measure.EXECUTED):
            name = amount_name(measure, FundingSource.COUNTY)
            if self.layout.fields[name].role is Role.INPUT:
                values[name] = abs(self.typist.amount())
        return values

    def _value(self, item: Field, budget: float, values: Filling) -> Value:
        typist, pick = self.typist, self.random
        part = item.name.rpartition("_")[2]
        if item.choices:
            return typist.slip(pick.choice(item.choices))
        match item.kind:
            case Kind.AMOUNT:
                amount = typist.amount() if pick.random() < 0.2 else budget * typist.share()
                return self._slip(round(amount, 6), 0.2)
            case Kind.PERCENT:
                return self._slip(typist.share())
            case Kind.NUMBER:
                return self._slip(self._number(item, part, values))
        if part in ("actual", "target") and self.layout.open:
            return self._slip(self._number(item, part, values))
        return None if pick.random() < 0.3 else pick.choice(_TEXTS)

    def _number(self, item: Field, part: str, values: Filling) -> float:
        if part == "weight":
            return self.typist.points(30)
        if part == "actual" and self.random.random() < 0.8:
            target = item.name.replace("_actual", "_target")
            known = self.layout.fields[target].value if not self.layout.open else values.get(target)
            if isinstance(known, float) and known:
                return float(f"{known * self.typist.share():.12g}")
        return self.typist.number()

    def _slip(self, value: float, often: float = 0.05) -> Value:
        """Sometimes nothing, or a text that no program takes for a number."""
        luck = self.random.random()
        if luck < often:
            return None
        return self.random.choice(_TEXTS) if luck < 1.3 * often else value


def submission(layout: Layout, filling: Mapping[str, Value]) -> Submission:
    """The filling as if it had been read: nothing normalised."""
    answers = {
        item.name: Answer(filling.get(item.name), filling.get(item.name), item.sheet, item.cell)
        for item in inputs(layout)
    }
    return Submission("filling.xlsx", layout.project, layout.scheme, layout, answers)


# -- many fillings in one sheet ---------------------------------------------------------------------------------------


def is_rounded(item: Field) -> bool:
    """A rule rounds the field's number, or it is a text: every program must show exactly that."""
    return item.kind is not Kind.PERCENT


@dataclass
class FormTable(Table):
    """One filling of a form per row: all its inputs, what is fixed, and all its formulas.

    The formulas are the form's own with other addresses, so that thousands of fillings fit one file.
    """

    layout: Layout
    fillings: list[Filling]

    def __post_init__(self) -> None:
        fields = sorted(self.layout.fields.values(), key=lambda item: (item.name.rpartition("_")[2], item.name))
        checks = [item for item in self.layout.fields.values() if item.name.startswith("check_")]
        order = [item for item in fields if item not in checks] + checks  # COUNTIF and SUMIF want neighbours
        self.columns = {item.name: (i, i) for i, item in enumerate(order)}
        self.expected = []
        for filling in self.fillings:
            figures = Evaluation(self.layout, filling)
            self.expected.append({output.key: figures[output.key] for output in self.outputs})

    @classmethod
    def of(cls, title: str, layout: Layout, fillings: list[Filling]) -> FormTable:
        """The table of some fillings of a form."""
        fixed: Row = {item.name: item.value for item in layout.role(Role.FIXED)}
        outputs = tuple(
            Output(item.name, item.rule, item.variables, rounded=is_rounded(item), framed=False)
            for item in formulas(layout)
        )
        return cls(title, outputs, [{**fixed, **filling} for filling in fillings], layout, fillings)


# -- comparisons ------------------------------------------------------------------------------------------------------


def wrong_inputs(read: Submission, filling: Mapping[str, Value]) -> list[tuple[str, Value, Value]]:
    """Inputs that did not come back as they were typed: name, typed, read. Gnumeric drops blanks at the ends."""
    return [
        (item.name, filling.get(item.name), read.answers[item.name].raw)
        for item in inputs(read.layout)
        if _trimmed(filling.get(item.name)) != _trimmed(read.answers[item.name].raw)
    ]


def _trimmed(value: Value) -> Value:
    return value.strip(" ") or None if isinstance(value, str) else value


def wrong_cells(read: Submission, figures: Evaluation) -> list[tuple[str, Value, Value]]:
    """Formula cells that do not show the central figure: name, figure, shown."""
    found: list[tuple[str, Value, Value]] = []
    for item in formulas(read.layout):
        shown = read.shown.get(item.name, "(another formula)")
        shown = "" if shown is None else shown  # reading gives no result and an empty text alike
        if not same(shown, figures[item.name], is_rounded(item)):
            found.append((item.name, figures[item.name], shown))
    return found
