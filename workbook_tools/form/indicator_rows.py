"""The cells of one indicator on 自评表: what was approved, what the unit states, what is computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from workbook_tools.core.cells import Span
from workbook_tools.core.labels import PLAIN_COLUMNS, CellContent, Filled, IndicatorColumn
from workbook_tools.core.model import Direction, Indicator, Value
from workbook_tools.core.values import PERCENT, cell_number, is_number
from workbook_tools.form.fields import Field, FieldStyle, FormBlock, Kind, Layout, Role, Variables
from workbook_tools.form.rows import FormRow
from workbook_tools.form.text_limits import find_limit
from workbook_tools.rules import library
from workbook_tools.rules.describe import describe_indicator, describe_reason
from workbook_tools.rules.expr import NOTHING, Const, Expr, Ref
from workbook_tools.rules.functions import If, IsEmpty

SCORE_FORMAT = "0.00##"
_RATE_FORMAT = "0.00%"
_FORMATS = {
    CellContent.TEXT: (Kind.TEXT, ""),
    CellContent.NUMBER: (Kind.NUMBER, "General"),
    CellContent.PERCENT: (Kind.PERCENT, _RATE_FORMAT),
    CellContent.QUANTITY: (Kind.NUMBER, "General"),
}
_DEDUCTION_PROMPT = "达到目标而工作有不足的，可以自行扣分：填要扣的分数（0 至按规则{score}），并在“{deviation_reason}”写明原因；不扣的不填。"
_UNASKED = "—"
_LARGEST = 1e12
"""Beyond it a quantity is a slip of the keyboard."""
_VARIABLES = ("actual", "target", "weight", "score", "completion", "stated", "tier", "applicable", "direction")
"""The variables of the rules of a row: each is a part of the row."""


def add_indicator(layout: Layout, sheet: str, row: FormRow, places: Mapping[str, Span]) -> None:
    """Place the cells of a row; ``places`` has a cell for each column of the form and each helper beside it."""
    _IndicatorCells(layout, sheet, row, places).add()


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What a unit types in an open row in place of something approved."""

    prompt: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    problem: Expr | None = None
    high: float | None = None


class _IndicatorCells:
    def __init__(self, layout: Layout, sheet: str, row: FormRow, places: Mapping[str, Span]) -> None:
        self.layout = layout
        self.scheme = layout.scheme
        self.rules = layout.rules
        self.sheet = sheet
        self.row = row
        self.places = places
        self.labels = row.labels

    def add(self) -> None:
        """All cells, in the order in which a row is filled in."""
        proposals = self._proposals() if self.row.open else {}
        for column in IndicatorColumn:
            if column.facts.filled is not Filled.APPROVED or column not in self.places:
                continue
            if self.row.open and column is not IndicatorColumn.DIMENSION:
                self._add_proposed(column, proposals.get(column) or self._plain_proposal(column))
            else:
                self._add_approved(column)
        if "last_actual" in self.places:
            self._add_last_actual()
        self._add_actual()
        if self.row.open or self.row.qualitative:
            self._add_tier()
            self._add_stated()
        elif "tier" in self.places:
            self._add_unasked("tier")
        if "applicable" in self.places:
            self._add_applicable()
        for column, rule in self.rules.figures.items():
            if column in self.places and not (column is IndicatorColumn.COMPLETION and self.row.qualitative):
                self._add_figure(column, rule(self.scheme))
        self._add_score("rule_score" if self.scheme.total.self_deduction else "score")
        if self.scheme.total.self_deduction:
            self._add_self_deduction()
        self._add_answered()
        for column in PLAIN_COLUMNS:
            if column.facts.filled is Filled.STATED and column in self.places:
                self._add_plain(column)

    def _add_field(self, part: str, role: Role, at: str = "", **facts: Any) -> None:
        """A cell of the row, in its own place or in that of another part."""
        usual: dict[str, Any] = {"name": self.row.name(part), "label": self.row.label(part), "align": "center"}
        usual["most_bytes"] = find_limit(self.scheme, part, facts.get("kind", Kind.TEXT), role)
        self.layout.add(
            Field(
                sheet=self.sheet,
                span=self.places[at or part],
                role=role,
                block=FormBlock.INDICATORS,
                row=self.row.number,
                part=part,
                **usual | facts,
            )
        )

    # -- approved, or proposed by the unit --------------------------------------------------------------------------

    def _approved_value(self, column: IndicatorColumn) -> Value:
        """What was approved, as its cell holds it."""
        indicator = self.row.indicator
        special: dict[IndicatorColumn, Value] = {
            IndicatorColumn.INDICATOR: indicator.name,
            IndicatorColumn.DIRECTION: indicator.direction.symbol,
            IndicatorColumn.TARGET: self.row.target,
        }
        value: Value = special[column] if column in special else getattr(indicator, column)
        return value

    def _add_approved(self, column: IndicatorColumn) -> None:
        kind, number_format = _FORMATS[column.facts.content]
        if column is IndicatorColumn.TARGET:
            number_format = target_format(self.row.indicator, self.places)
        align = "left" if column is IndicatorColumn.INDICATOR else "center"
        value = self._approved_value(column)
        self._add_field(column, Role.FIXED, value=value, kind=kind, number_format=number_format, align=align)

    def _add_proposed(self, column: IndicatorColumn, proposal: _Proposal) -> None:
        value = self._approved_value(column)
        variables = {"cell": column, "direction": "direction", "named": "indicator"}
        self._add_field(
            column,
            Role.INPUT,
            value=None if value == "" else value,
            kind=proposal.kind,
            choices=proposal.choices,
            prompt=proposal.prompt,
            problem=proposal.problem,
            problem_variables=self._name_parts(variables),
            low=None if proposal.high is None else 0,
            high=proposal.high,
            align="left" if column is IndicatorColumn.INDICATOR else "center",
        )

    def _plain_proposal(self, column: IndicatorColumn) -> _Proposal:
        return _Proposal(self._prompt(column), _FORMATS[column.facts.content][0])

    def _prompt(self, column: IndicatorColumn) -> str:
        """What the unit reads when it fills a plain column, in the words of its form."""
        if column is IndicatorColumn.DEVIATION_REASON:
            return describe_reason(self.scheme)
        return column.facts.prompt.format(**self.labels._asdict())

    def _proposals(self) -> dict[IndicatorColumn, _Proposal]:
        text, total = self.rules.required_problem(), self.scheme.weights.total
        dimension = self.scheme.dimension(self.row.indicator.dimension)
        quantity = self.rules.number_problem(-_LARGEST, _LARGEST, True)
        return {
            IndicatorColumn.CATEGORY: _Proposal(
                f"选择{self.labels.category}。", Kind.CHOICE, dimension.categories if dimension else ()
            ),
            IndicatorColumn.INDICATOR: _Proposal("写指标名称；不用的行留空。"),
            IndicatorColumn.WEIGHT: _Proposal(
                "只填数字，各行合计应等于方案规定的分数。",
                Kind.NUMBER,
                problem=_if_named(self.rules.number_problem(0, total, True)),
                high=total,
            ),
            IndicatorColumn.DIRECTION: _Proposal(
                "≥ 越大越好，≤ 越小越好，＝ 等于为好，不能用数字衡量的选“定性”。",
                Kind.CHOICE,
                tuple(d.symbol for d in Direction),
                problem=_if_named(text),
            ),
            IndicatorColumn.TARGET: _Proposal(
                "定量指标只填数字，定性指标写文字，如“有效提升”。", problem=_if_named(_by_direction(text, quantity))
            ),
            IndicatorColumn.UNIT: _Proposal(
                f"如 个、公里、%；定性指标留空。选 % 时{self.labels.target}和{self.labels.actual}填 95 即表示 95%。"
            ),
        }

    def _add_last_actual(self) -> None:
        """What was reached the year before, for the unit to read."""
        if self.row.indicator.last_actual:
            self._add_field("last_actual", Role.FIXED, value=self.row.indicator.last_actual)
        else:
            self._add_unasked("last_actual")

    # -- stated -----------------------------------------------------------------------------------------------------

    def _add_actual(self) -> None:
        row, unit = self.row, self.row.indicator.unit
        text, number = self.rules.required_problem(), self.rules.number_problem(-_LARGEST, _LARGEST, True)
        wanted = _by_direction(text, number) if row.open else text if row.qualitative else number
        value = row.answer.actual
        self._add_field(
            "actual",
            Role.INPUT,
            kind=Kind.TEXT if row.open or row.qualitative else Kind.NUMBER,
            value=cell_number(value, unit) if isinstance(value, float) and not row.open else value,
            unit="" if row.open else unit,
            number_format=actual_format(row.indicator, row.open),
            prompt=_actual_prompt(row),
            problem=self._limit_to_asked(wanted),
            problem_variables=self._problem_variables(cell="actual"),
            low=-_LARGEST,
            high=_LARGEST,
        )

    def _add_tier(self) -> None:
        self._add_field(
            "tier",
            Role.INPUT,
            kind=Kind.CHOICE,
            value=self.row.answer.tier or None,
            choices=tuple(t.name for t in self.scheme.tiers),
            prompt=f"定性指标：先选{self.labels.tier}，再填{self.labels.completion}。",
            problem=self._limit_to_qualities(self.rules.required_problem()),
            problem_variables=self._problem_variables(cell="tier"),
        )

    def _add_unasked(self, part: str) -> None:
        """A cell of the table where nothing is to be filled in."""
        self.layout.add(
            Field(
                sheet=self.sheet,
                span=self.places[part],
                role=Role.LABEL,
                value=_UNASKED,
                look=FieldStyle.PLAIN,
                align="center",
            )
        )

    def _add_stated(self) -> None:
        tiers = self.scheme.tiers
        self._add_field(
            "stated",
            Role.INPUT,
            at="stated" if self.row.open else "completion",
            kind=Kind.PERCENT,
            value=self.row.answer.completion,
            unit=PERCENT,
            number_format=_RATE_FORMAT,
            low=0.0,
            high=max(t.upper for t in tiers),
            prompt="填百分数：" + "，".join(f"{t.name} {t.lower:.0%}～{t.upper:.0%}" for t in tiers) + "。",
            problem=self._limit_to_qualities(self.rules.stated_problem(self.scheme)),
            problem_variables=self._problem_variables(stated="stated", tier="tier"),
        )

    def _add_applicable(self) -> None:
        value = library.APPLICABLE if self.row.answer.applicable else library.NOT_APPLICABLE
        choices = (library.APPLICABLE, library.NOT_APPLICABLE)
        self._add_field("applicable", Role.INPUT, kind=Kind.CHOICE, choices=choices, value=value)

    def _add_plain(self, column: IndicatorColumn) -> None:
        """What the unit states and nothing is computed from; why points were lost is asked where they were."""
        kind, number_format = _FORMATS[column.facts.content]
        text, value = kind is Kind.TEXT, getattr(self.row.answer, column)
        asked = column is IndicatorColumn.DEVIATION_REASON
        problem = self.rules.reason_problem(self.scheme).assume(list_known_values(self.row)) if asked else None
        self._add_field(
            column,
            Role.INPUT,
            kind=Kind.PARAGRAPH if text else kind,
            number_format=number_format,
            value=None if value == "" else value,
            prompt=self._prompt(column),
            unit=PERCENT if kind is Kind.PERCENT else "",
            low=None if text else -_LARGEST,
            high=None if text else _LARGEST,
            align="" if text else "center",
            problem=problem,
            problem_variables={"cell": self.row.name(column), **list_rule_variables(self.row)},
        )

    def _limit_to_asked(self, problem: Expr) -> Expr:
        """The problem where the answer is asked for at all: in a named row, that applies."""
        if self.scheme.total.rebase:
            problem = If(Ref("applicable").equals(library.NOT_APPLICABLE), Const(NOTHING), problem)
        return _if_named(problem) if self.row.open else problem

    def _limit_to_qualities(self, problem: Expr) -> Expr:
        """The problem where, besides, the row is qualitative."""
        return self._limit_to_asked(_by_direction(problem, Const(NOTHING)) if self.row.open else problem)

    def _problem_variables(self, **parts: str) -> Variables:
        """The variables of such a problem; ``parts`` are those of the problem itself."""
        return self._name_parts({"direction": "direction", "named": "indicator", "applicable": "applicable"} | parts)

    # -- computed ---------------------------------------------------------------------------------------------------

    def _add_figure(self, column: IndicatorColumn, rule: Expr) -> None:
        kind, number_format = _FORMATS[column.facts.content]
        rule = rule.assume(list_known_values(self.row))
        self._add_field(
            column,
            Role.FORMULA,
            kind=kind,
            number_format=number_format,
            rule=rule,
            variables=list_rule_variables(self.row),
        )

    def _add_score(self, part: str) -> None:
        """The points of the rule: the score itself, where the unit may not take any off."""
        indicator = self.row.indicator
        rule = self.rules.score(self.scheme, indicator.rule, find_score_unit(self.row)).assume(
            list_known_values(self.row)
        )
        how = describe_indicator(self.scheme, indicator.direction, indicator.rule)
        prompt = "自动计算，计分办法见填报说明。" if self.row.open else f"自动计算。{how}"
        self._add_field(
            part,
            Role.FORMULA,
            kind=Kind.SCORE,
            number_format=SCORE_FORMAT,
            rule=rule,
            variables=list_rule_variables(self.row),
            prompt=prompt,
        )

    def _add_self_deduction(self) -> None:
        """What the unit takes off the points of the rule, and the score that is left."""
        weight = self.row.indicator.weight
        most = self.scheme.weights.total if self.row.open or weight is None else weight
        parts = {"points": "rule_score", "self_deduction": "self_deduction", "cell": "self_deduction"}
        self._add_field(
            "self_deduction",
            Role.INPUT,
            kind=Kind.NUMBER,
            number_format="General",
            value=self.row.answer.self_deduction,
            low=0.0,
            high=most,
            prompt=_DEDUCTION_PROMPT.format(**self.labels._asdict()),
            problem=self.rules.deduction_problem(),
            problem_variables=self._name_parts(parts),
            limit=self.row.name("rule_score"),
        )
        self._add_field(
            "score",
            Role.FORMULA,
            kind=Kind.SCORE,
            number_format=SCORE_FORMAT,
            rule=self.rules.deducted(self.scheme),
            variables=self._name_parts(parts),
            prompt=f"自动计算：{self.labels.of('rule_score')}－{self.labels.self_deduction}。",
        )

    def _add_answered(self) -> None:
        """Whether the row has an actual; the total counts these words."""
        rule = self.rules.answered(self.scheme, self.row.open).assume(list_known_values(self.row))
        variables = {**list_rule_variables(self.row), "named": self.row.name("indicator")}
        self._add_field("answered", Role.FORMULA, rule=rule, variables=variables)

    def _name_parts(self, parts: Mapping[str, str]) -> Variables:
        return {variable: self.row.name(part) for variable, part in parts.items()}


def list_rule_variables(row: FormRow) -> Variables:
    """The variables of the rules of a row, and the fields that they stand for; direction has one only where it has a cell."""
    parts = dict(zip(_VARIABLES, _VARIABLES, strict=True))
    if row.qualitative:
        parts["completion"] = "stated"
    return {variable: row.name(part) for variable, part in parts.items()}


def list_known_values(row: FormRow) -> dict[str, Value]:
    """What of a row is fixed when the workbook is generated, so that formulas stay short."""
    if row.open:
        return {}
    facts = {"weight": row.indicator.weight, "target": row.target}
    known: dict[str, Value] = {"direction": row.indicator.direction.symbol}
    return known | {name: value for name, value in facts.items() if is_number(value)}


def find_score_unit(row: FormRow) -> str:
    """The unit that the rule for the score of a row depends on."""
    return PERCENT if not row.open and row.indicator.unit == PERCENT else ""


def _if_named(problem: Expr) -> Expr:
    """Only rows with a name count."""
    return If(IsEmpty(Ref("named")), Const(NOTHING), problem)


def _by_direction(quality: Expr, quantity: Expr) -> Expr:
    """In an open row the direction that the unit chooses decides."""
    return If(Ref("direction").equals(Direction.QUALITATIVE.symbol), quality, quantity)


def target_format(indicator: Indicator, columns: Collection[str]) -> str:
    """A target with its sign and unit in the cell's format, so that the cell stays a number; without those that have a column."""
    if not _is_quantity(indicator):
        return "General"
    sign = "" if "direction" in columns else f'"{indicator.direction.symbol}"'
    if indicator.unit == PERCENT:
        target = indicator.target
        return sign + _percent_format(target if isinstance(target, float) else 0.0)
    return sign + "General" + (f'"{indicator.unit}"' if indicator.unit and "unit" not in columns else "")


def actual_format(indicator: Indicator, is_open: bool) -> str:
    """An actual with its unit in the cell's format."""
    if is_open or not _is_quantity(indicator):
        return "General"
    if indicator.unit == PERCENT:
        return _RATE_FORMAT
    return "General" + (f'"{indicator.unit}"' if indicator.unit else "")


def _is_quantity(indicator: Indicator) -> bool:
    return not isinstance(indicator.target, str) and indicator.direction is not Direction.QUALITATIVE


def _percent_format(percent: float) -> str:
    """As many decimals as the target has: ≥95%, ≥99.5%."""
    text = f"{percent:.10g}"
    decimals = len(text.split(".")[1]) if "." in text else 0
    return "0" + ("." + "0" * decimals if decimals else "") + "%"


def _actual_prompt(row: FormRow) -> str:
    indicator = row.indicator
    if row.open:
        return f"定量指标只填数字；定性指标写实际情况，再选{row.labels.tier}、填{row.labels.completion}。"
    if row.qualitative:
        return f"写实际完成情况的文字，再选{row.labels.tier}，并填{row.labels.completion}。"
    unit = f"，单位：{indicator.unit}" if indicator.unit else ""
    return f"只填数字{unit}。" + ("填 95 即表示 95%。" if indicator.unit == PERCENT else "")
