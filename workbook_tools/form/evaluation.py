"""Sheet 自评表: the authority's own form, with the columns and labels that the scheme gives it.

Right of the official table, outside the print area, stand the helper columns (填报辅助): what the
official form has no column for (完成程度, 完成率 …) and a live hint per row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import groupby

from workbook_tools.core.cells import Span, spread
from workbook_tools.core.labels import FormLabels
from workbook_tools.core.model import Direction, FundingSource, Indicator, Measure, Value
from workbook_tools.core.tolerances import COMPARED_DECIMALS
from workbook_tools.core.values import PERCENT, cell_number, is_number
from workbook_tools.form import funding
from workbook_tools.form.fields import Field, FieldStyle, Kind, Layout, Role, SheetPlan
from workbook_tools.form.rows import FormRow
from workbook_tools.rules import library
from workbook_tools.rules.describe import describe_indicator
from workbook_tools.rules.expr import NOTHING, Const, Expr, Ref
from workbook_tools.rules.functions import If, IsEmpty, Round, Sum
from workbook_tools.rules.scheme import ExecutionRow, FundingBlock, GoalsBlock

TITLE = "自评表"
SCORE_FORMAT = "0.00##"
_HELPER_WIDTHS = {
    "direction": 10.0, "unit": 10.0, "applicable": 10.0, "tier": 13.0, "stated": 12.0, "completion": 10.0,
}  # fmt: skip
_HELPER_NOTES = {"tier": "（定性指标选）", "stated": "（定性指标填）"}
_CALLED_AS = {"stated": "completion"}
"""A part of a row that goes by the name of another."""


def dimension_score_name(key: str) -> str:
    """Defined name of a dimension's score."""
    return f"dimension_{key}_score"


def build(layout: Layout) -> None:
    """Place the sheet's fields."""
    _Builder(layout).build()


class _Builder:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.scheme = layout.scheme
        self.form = layout.scheme.form
        self.names = self.form.labels
        self.rows = layout.rows
        self.columns = {column.key: i for i, column in enumerate(self.form.columns)}
        self.last = len(self.form.columns) - 1
        self.helpers = {key: self.last + 2 + i for i, key in enumerate(self._helper_keys())}
        self.hint = self.last + 2 + len(self.helpers)
        widths = [column.width for column in self.form.columns] + [2.0]
        widths += [_HELPER_WIDTHS[key] for key in self.helpers] + [26.0]
        self.plan = layout.add_sheet(SheetPlan(TITLE, tuple(widths), landscape=True))
        self.label = partial(Field, sheet=TITLE, role=Role.LABEL)

    def _helper_keys(self) -> Iterable[str]:
        is_open = self.layout.open
        qualitative = is_open or any(row.qualitative for row in self.rows)
        wanted = {
            "direction": is_open and "direction" not in self.columns,
            "unit": is_open and "unit" not in self.columns,
            "applicable": self.scheme.total.rebase,
            "tier": qualitative,
            "stated": is_open,
            "completion": "completion" not in self.columns,
        }
        return (key for key, needed in wanted.items() if needed)

    def at(self, key: str) -> int:
        """The column where a part of a row stands."""
        return self.columns[key] if key in self.columns else self.helpers[key]

    def build(self) -> None:
        row = self._head()
        if self.form.funding:
            row = self._funding_block(row, self.form.funding)
        if self.form.goals:
            row = self._goals(row, self.form.goals)
        header = row
        self._header(row)
        row += 1
        if self.form.execution_row:
            self._execution_row(row, self.form.execution_row)
            row += 1
        first = row
        for item in self.rows:
            self._indicator_row(item, row)
            row += 1
        self._merge_levels(first)
        self._totals(row)
        self._signature(row + 1)
        self.plan.print_last = (row + 1, self.last)
        self.plan.repeat_rows = (header, header)
        self.plan.freeze = None

    # -- above the table ------------------------------------------------------------------------------------------

    def _head(self) -> int:
        year = "（　　　　年度）" if self.layout.blank else f"（{self.layout.project.year}年度）"
        title = self.form.number + ("　" if self.form.number else "") + self.form.title
        self.layout.add(self.label(span=Span.across(0, 0, self.last), value=title, look=FieldStyle.TITLE))
        self.layout.add(self.label(span=Span.across(1, 0, self.last), value=year, look=FieldStyle.CAPTION))
        self.plan.heights |= {0: 34, 1: 20, 2: 24, 3: 24}
        self._copied(2, "项目名称", 0, 1, self.last, "project_name")
        middle = self.last // 2
        self._copied(3, "主管部门", 0, 1, middle, "department")
        self._copied(3, "实施单位", middle + 1, middle + 2, self.last, "unit")
        return 4

    def _copied(self, row: int, label: str, at: int, first: int, last: int, source: str) -> None:
        """A label, and beside it the text of another field."""
        self.layout.add(self.label(span=Span.cell(row, at), value=label, look=FieldStyle.LABEL))
        self.layout.add(
            Field(
                sheet=TITLE, span=Span.across(row, first, last), role=Role.FORMULA, name=f"form_{source}", label=label,
                rule=library.copied(True), variables={"cell": source}, align="left",
            )
        )  # fmt: skip

    def _funding_block(self, row: int, block: FundingBlock) -> int:
        columns = spread(len(block.columns), 2, self.last)
        bottom = row + len(block.rows)
        self.layout.add(self.label(span=Span(row, 0, bottom, 0), value=block.label, look=FieldStyle.LABEL))
        self.layout.add(self.label(span=Span.cell(row, 1), value="", look=FieldStyle.LABEL))
        for column, (first, last) in zip(block.columns, columns, strict=True):
            self.layout.add(self.label(span=Span.across(row, first, last), value=column.label, look=FieldStyle.LABEL))
        self.plan.heights[row] = 24
        for i, line in enumerate(block.rows):
            at = row + 1 + i
            self.plan.heights[at] = 28
            self.layout.add(self.label(span=Span.cell(at, 1), value=line.label, look=FieldStyle.LABEL))
            for column, (first, last) in zip(block.columns, columns, strict=True):
                self._funding_cell(column.key, line.source, Span.across(at, first, last))
        return bottom + 1

    def _funding_cell(self, key: str, source: FundingSource, span: Span) -> None:
        make = partial(Field, sheet=TITLE, span=span, align="center")
        if key in ("weight", "score", "execution_reason"):
            if source is not FundingSource.TOTAL:
                self.layout.add(make(role=Role.LABEL, value="—", look=FieldStyle.PLAIN))
                return
            origin = {"weight": "execution_weight", "score": "execution_score", "execution_reason": "execution_reason"}[
                key
            ]
        else:
            origin = funding.amount_name(Measure(key), source)
            if key == Measure.EXECUTION_RATE and source is FundingSource.TOTAL:
                origin = "scored_rate"
        item = self.layout.fields[origin]
        text = key == "execution_reason"
        self.layout.add(
            make(
                role=Role.FORMULA,
                kind=item.kind,
                name=f"form_{origin}",
                label=item.label,
                rule=library.copied(text),
                variables={"cell": origin},
                number_format=item.number_format,
            )
        )

    def _goals(self, row: int, goals: GoalsBlock) -> int:
        self.layout.add(self.label(span=Span.down(row, row + 1, 0), value=goals.label, look=FieldStyle.LABEL))
        middle = self.last // 2
        for name, key, first, last in (
            ("预期目标", goals.expected, 1, middle),
            ("实际完成情况", goals.actual, middle + 1, self.last),
        ):
            self.layout.add(self.label(span=Span.across(row, first, last), value=name, look=FieldStyle.LABEL))
            self.layout.add(
                Field(
                    sheet=TITLE, span=Span.across(row + 1, first, last), role=Role.FORMULA, kind=Kind.PARAGRAPH,
                    name=f"form_text_{key}", label=name, rule=library.copied(True), variables={"cell": f"text_{key}"},
                )
            )  # fmt: skip
        self.plan.heights |= {row: 22, row + 1: 76}
        return row + 2

    # -- the table ------------------------------------------------------------------------------------------------

    def _header(self, row: int) -> None:
        for column, at in zip(self.form.columns, self.columns.values(), strict=True):
            self.layout.add(self.label(span=Span.cell(row, at), value=column.label, look=FieldStyle.HEADER))
        if row:
            span = Span.across(row - 1, self.last + 2, self.hint)
            self.layout.add(self.label(span=span, value="填报辅助（不打印）", look=FieldStyle.NOTE))
        for key, at in self.helpers.items():
            heading = self._name(key) + _HELPER_NOTES.get(key, "")
            self.layout.add(self.label(span=Span.cell(row, at), value=heading, look=FieldStyle.HEADER))
        self.layout.add(self.label(span=Span.cell(row, self.hint), value="本行提示", look=FieldStyle.HEADER))
        self.plan.heights[row] = 34

    def _execution_row(self, row: int, names: ExecutionRow) -> None:
        self.plan.heights[row] = 40
        texts = {"dimension": names.dimension, "category": names.category, "indicator": names.name}
        for key, text in texts.items():
            self.layout.add(
                self.label(
                    span=Span.cell(row, self.at(key)),
                    value=text,
                    look=FieldStyle.PLAIN,
                    align="" if key == "indicator" else "center",
                )
            )
        self.layout.add(
            Field(
                sheet=TITLE, span=Span.cell(row, self.at("target")), role=Role.LABEL, value=1.0, number_format="0%",
                look=FieldStyle.PLAIN, align="center",
            )
        )  # fmt: skip
        copies = {
            "weight": "execution_weight",
            "actual": "scored_rate",
            "completion": "scored_rate",
            "score": "execution_score",
            "deviation_reason": "execution_reason",
        }
        for key, origin in copies.items():
            if key == "completion" and key not in self.columns:
                continue
            item = self.layout.fields[origin]
            is_text = origin == "execution_reason"
            self.layout.add(
                Field(
                    sheet=TITLE, span=Span.cell(row, self.at(key)), role=Role.FORMULA, kind=item.kind,
                    name=f"form_execution_{key}", label=f"预算执行率－{item.label}",
                    rule=library.copied(is_text),
                    variables={"cell": origin}, number_format=item.number_format, align="" if is_text else "center",
                )
            )  # fmt: skip

    def _indicator_row(self, row: FormRow, at: int) -> None:
        indicator = row.indicator
        cell = partial(Field, sheet=TITLE)
        place = {key: Span.cell(at, self.at(key)) for key in (*self.columns, *self.helpers)}
        self.plan.heights[at] = _height(indicator.name, self.form.columns[self.columns["indicator"]].width)
        self._approved_parts(row, place)
        percent = not row.open and indicator.unit == PERCENT
        value = row.answer.actual
        self.layout.add(
            cell(
                span=place["actual"], role=Role.INPUT, kind=Kind.TEXT if row.open or row.qualitative else Kind.NUMBER,
                name=row.name("actual"), label=self._label(row, "actual"),
                value=cell_number(value, indicator.unit) if isinstance(value, float) and not row.open else value,
                unit="" if row.open else indicator.unit, number_format=_quantity_format(indicator, row.open, None),
                prompt=_actual_prompt(row, self.names), problem=self._actual_problem(row),
                problem_variables=self._asked_of(row, cell="actual"), align="center",
                low=-1e12, high=1e12,
            )
        )  # fmt: skip
        if "tier" in place and (row.open or row.qualitative):
            self._qualitative_inputs(row, place)
        if "applicable" in place:
            self.layout.add(
                cell(
                    span=place["applicable"], role=Role.INPUT, kind=Kind.CHOICE, name=row.name("applicable"),
                    label=self._label(row, "applicable"), choices=(library.APPLICABLE, library.NOT_APPLICABLE), align="center",
                    value=library.APPLICABLE if row.answer.applicable else library.NOT_APPLICABLE,
                )
            )  # fmt: skip
        self._scores(row, place, percent)
        reason = library.reason_problem(self.scheme).assume(self._known(row))
        self.layout.add(
            cell(
                span=place["deviation_reason"], role=Role.INPUT, kind=Kind.PARAGRAPH, name=row.name("reason"),
                label=self._label(row, "deviation_reason"), value=row.answer.deviation_reason or None,
                prompt=f"{self.names.score}低于{self.names.weight}时填写：偏差的原因，下一步怎样改进。", problem=reason,
                problem_variables={"cell": row.name("reason"), **self._row_variables(row)},
            )
        )  # fmt: skip

    def _label(self, row: FormRow, part: str) -> str:
        return f"{row.indicator.name or f'第{row.number}行'}－{self._name(part)}"

    def _name(self, part: str) -> str:
        """What the form calls a part of a row."""
        name: str = getattr(self.names, _CALLED_AS.get(part, part))
        return name

    def _approved_parts(self, row: FormRow, place: dict[str, Span]) -> None:
        """Level 1 to 3, weight, direction, target, unit: fixed where approved, inputs where the unit proposes."""
        indicator = row.indicator
        if not row.open:
            fixed: dict[str, tuple[Value, Kind, str]] = {
                "dimension": (indicator.dimension, Kind.TEXT, ""),
                "category": (indicator.category, Kind.TEXT, ""),
                "indicator": (indicator.name, Kind.TEXT, ""),
                "weight": (indicator.weight, Kind.SCORE, "General"),
                "direction": (indicator.direction.symbol, Kind.TEXT, ""),
                "unit": (indicator.unit, Kind.TEXT, ""),
                "target": (row.target, Kind.NUMBER, _quantity_format(indicator, False, self.columns.keys())),
            }
            for key, (value, kind, number_format) in fixed.items():
                if key in place:
                    self.layout.add(
                        Field(
                            sheet=TITLE, span=place[key], role=Role.FIXED, kind=kind, name=row.name(key), value=value,
                            label=self._label(row, key), number_format=number_format,
                            align="left" if key == "indicator" else "center",
                        )
                    )  # fmt: skip
            return
        dimension = self.scheme.dimension(indicator.dimension)
        named = {"named": row.name("indicator")}
        text_problem = _if_named(library.required_problem())
        number_problem = _if_named(library.number_problem(0, self.scheme.weights.total, True))
        target_problem = _if_named(
            If(
                Ref("direction").equals(Direction.QUALITATIVE.symbol),
                library.required_problem(),
                library.number_problem(-1e12, 1e12, True),
            )
        )
        parts: dict[str, tuple[Value, Kind, tuple[str, ...], str, Expr | None]] = {
            "category": (indicator.category, Kind.CHOICE, dimension.categories if dimension else (), f"选择{self.names.category}。", None),
            "indicator": (indicator.name or None, Kind.TEXT, (), "写指标名称；不用的行留空。", None),
            "weight": (indicator.weight, Kind.NUMBER, (), "只填数字，各行合计应等于方案规定的分数。", number_problem),
            "direction": (
                indicator.direction.symbol, Kind.CHOICE, tuple(d.symbol for d in Direction),
                "≥ 越大越好，≤ 越小越好，＝ 等于为好，不能用数字衡量的选“定性”。", text_problem,
            ),
            "target": (row.target, Kind.TEXT, (), "定量指标只填数字，定性指标写文字，如“有效提升”。", target_problem),
            "unit": (indicator.unit or None, Kind.TEXT, (), f"如 个、公里、%；定性指标留空。选 % 时{self.names.target}和{self.names.actual}填 95 即表示 95%。", None),
        }  # fmt: skip
        self.layout.add(
            Field(
                sheet=TITLE, span=place["dimension"], role=Role.FIXED, name=row.name("dimension"),
                value=indicator.dimension, label=self._label(row, "dimension"), align="center",
            )
        )  # fmt: skip
        for key, (value, kind, choices, prompt, problem) in parts.items():
            self.layout.add(
                Field(
                    sheet=TITLE, span=place[key], role=Role.INPUT, kind=kind, name=row.name(key), value=value,
                    label=self._label(row, key), choices=choices, prompt=prompt, problem=problem,
                    problem_variables={"cell": row.name(key), "direction": row.name("direction"), **named},
                    low=0 if key == "weight" else None, high=self.scheme.weights.total if key == "weight" else None,
                    align="left" if key == "indicator" else "center",
                )
            )  # fmt: skip

    def _qualitative_inputs(self, row: FormRow, place: dict[str, Span]) -> None:
        tiers = tuple(tier.name for tier in self.scheme.tiers)
        self.layout.add(
            Field(
                sheet=TITLE, span=place["tier"], role=Role.INPUT, kind=Kind.CHOICE, name=row.name("tier"),
                label=self._label(row, "tier"), value=row.answer.tier or None, choices=tiers, align="center",
                prompt=f"定性指标：先选{self.names.tier}，再填{self.names.completion}。", problem=self._asked(row, library.required_problem(), qualitative=True),
                problem_variables=self._asked_of(row, cell="tier"),
            )
        )  # fmt: skip
        self.layout.add(
            Field(
                sheet=TITLE, span=place["stated" if row.open else "completion"], role=Role.INPUT, kind=Kind.PERCENT,
                name=row.name("stated"), label=self._label(row, "completion"), value=row.answer.completion, unit=PERCENT,
                number_format="0.00%", low=0.0, high=max(t.upper for t in self.scheme.tiers), align="center",
                prompt="填百分数：" + "，".join(f"{t.name} {t.lower:.0%}～{t.upper:.0%}" for t in self.scheme.tiers) + "。",
                problem=self._asked(row, library.stated_problem(self.scheme), qualitative=True),
                problem_variables=self._asked_of(row, stated="stated", tier="tier"),
            )
        )  # fmt: skip

    def _asked(self, row: FormRow, problem: Expr, qualitative: bool = False) -> Expr:
        """The problem where the answer is asked for at all: in a named row, that applies, of that direction."""
        if row.open and qualitative:
            problem = If(Ref("direction").equals(Direction.QUALITATIVE.symbol), problem, Const(NOTHING))
        if self.scheme.total.rebase:
            problem = If(Ref("applicable").equals(library.NOT_APPLICABLE), Const(NOTHING), problem)
        return _if_named(problem) if row.open else problem

    def _asked_of(self, row: FormRow, **parts: str) -> dict[str, str]:
        """The variables of such a problem; ``parts`` are those of the problem itself."""
        common = {"direction": "direction", "named": "indicator", "applicable": "applicable"}
        return {variable: row.name(part) for variable, part in (common | parts).items()}

    def _actual_problem(self, row: FormRow) -> Expr:
        text, number = library.required_problem(), library.number_problem(-1e12, 1e12, True)
        if row.open:
            either = If(Ref("direction").equals(Direction.QUALITATIVE.symbol), text, number)
            return self._asked(row, either)
        return self._asked(row, text if row.qualitative else number)

    def _row_variables(self, row: FormRow) -> dict[str, str]:
        """A rule's variables in this row; direction only where it has a cell."""
        parts = ["actual", "target", "weight", "score", "completion", "stated", "tier", "applicable", "direction"]
        names = {part: row.name(part) for part in parts}
        if row.qualitative:
            names["completion"] = row.name("stated")
        return names

    def _known(self, row: FormRow) -> dict[str, Value]:
        """What is fixed when the workbook is generated, so that formulas stay short."""
        if row.open:
            return {}
        known: dict[str, Value] = {"direction": row.indicator.direction.symbol}
        if is_number(row.indicator.weight):
            known["weight"] = row.indicator.weight
        target = row.target
        if is_number(target):
            known["target"] = target
        return known

    def _scores(self, row: FormRow, place: dict[str, Span], percent: bool) -> None:
        known, variables = self._known(row), self._row_variables(row)
        if not row.qualitative:
            self.layout.add(
                Field(
                    sheet=TITLE, span=place["completion"], role=Role.FORMULA, kind=Kind.PERCENT, align="center",
                    name=row.name("completion"), label=self._label(row, "completion"), number_format="0.00%",
                    rule=library.completion(self.scheme).assume(known), variables=variables,
                )
            )  # fmt: skip
        rule = library.score(self.scheme, row.indicator.rule, row.indicator.unit if percent else "")
        self.layout.add(
            Field(
                sheet=TITLE, span=place["score"], role=Role.FORMULA, kind=Kind.SCORE, name=row.name("score"),
                label=self._label(row, "score"), number_format=SCORE_FORMAT, rule=rule.assume(known), variables=variables,
                align="center", prompt=self._how_scored(row),
            )
        )  # fmt: skip

    def _how_scored(self, row: FormRow) -> str:
        """The rule in words, shown when the score's cell is clicked."""
        if row.open:
            return "自动计算，计分办法见填报说明。"
        return "自动计算。" + describe_indicator(self.scheme, row.indicator.direction, row.indicator.rule)

    def _merge_levels(self, first: int) -> None:
        """Equal neighbours of level 1, and of level 2 where approved, become one merged cell."""
        numbered = list(enumerate(self.rows, first))
        levels: dict[str, Callable[[tuple[int, FormRow]], object]] = {"dimension": lambda p: p[1].indicator.dimension}
        if not self.layout.open:
            levels["category"] = lambda p: (p[1].indicator.dimension, p[1].indicator.category)
        for part, level in levels.items():
            for _, group in groupby(numbered, level):
                block = list(group)
                if len(block) == 1:
                    continue
                names = [row.name(part) for _, row in block]
                head = self.layout.fields[names[0]]
                for name in names[1:]:
                    self.plan.fields.remove(self.layout.fields.pop(name))
                merged = replace(head, span=Span.down(block[0][0], block[-1][0], self.at(part)))
                self.plan.fields[self.plan.fields.index(head)] = merged
                self.layout.fields[names[0]] = merged

    def _totals(self, row: int) -> None:
        label_end = min(self.at("weight"), self.at("score"), self.at("target")) - 1
        self.layout.add(
            self.label(span=Span.across(row, 0, label_end), value=self.form.total_label, look=FieldStyle.HEADER)
        )
        weights = tuple(r.name("weight") for r in self.rows)
        scores = tuple(r.name("score") for r in self.rows)
        execution = self.scheme.execution.weight > 0
        if self.form.execution_row:
            scored, weighed = ("form_execution_score", *scores), ("form_execution_weight", *weights)
        else:
            scored, weighed = (*scores, "execution_score"), (*weights, "execution_weight")
        approved = {} if self.layout.open else {"weights": [r.indicator.weight for r in self.rows]}
        known_rule = library.total_score(self.scheme).assume(approved)
        variables: dict[str, str | tuple[str, ...]] = {
            "scores": scored if execution else scores, "weights": weights, "rate": "scored_rate",
        }  # fmt: skip
        if self.scheme.total.rebase:
            variables["applicables"] = tuple(r.name("applicable") for r in self.rows)
        cell = partial(Field, sheet=TITLE, role=Role.FORMULA, align="center", bold=True)
        self.layout.add(
            cell(
                span=Span.cell(row, self.at("weight")), kind=Kind.SCORE, name="total_weight", label=f"{self.names.weight}合计",
                number_format="General", rule=Round(Sum("weights"), COMPARED_DECIMALS), variables={"weights": weighed if execution else weights},
            )
        )  # fmt: skip
        self.layout.add(
            cell(
                span=Span.cell(row, self.at("score")), kind=Kind.SCORE, name="total_score", label="总分",
                number_format=SCORE_FORMAT, rule=known_rule, variables=variables,
            )
        )  # fmt: skip
        self.layout.add(
            cell(
                span=Span.cell(row, self.at("deviation_reason")), name="grade", label="评价等级",
                number_format='"评价等级："@', rule=library.grade(self.scheme), variables={"total": "total_score"},
            )
        )  # fmt: skip
        taken = {self.at("weight"), self.at("score"), self.at("deviation_reason")}
        for col in range(label_end + 1, self.last + 1):
            if col not in taken:
                self.layout.add(self.label(span=Span.cell(row, col), value="", look=FieldStyle.HEADER))
        self.plan.heights[row] = 28

    def _signature(self, row: int) -> None:
        self.plan.heights[row] = 24
        for (first, last), (label, source) in zip(
            spread(3, 0, self.last),
            (("填报人：", "filler"), ("联系电话：", "phone"), ("填报日期：", "fill_date")),
            strict=True,
        ):
            self.layout.add(
                Field(
                    sheet=TITLE, span=Span.across(row, first, last), role=Role.FORMULA, name=f"form_{source}", label=label,
                    rule=library.copied(True), variables={"cell": source}, number_format=f'"{label}"@', align="left", look=FieldStyle.PLAIN,
                )
            )  # fmt: skip


def _if_named(problem: Expr) -> Expr:
    """Only rows with a name count."""
    return If(IsEmpty(Ref("named")), Const(NOTHING), problem)


def _quantity_format(indicator: Indicator, is_open: bool, columns: Iterable[str] | None) -> str:
    """A number with its unit (and, for a target, its sign) in the cell's format, so that the cell stays a number."""
    if is_open or isinstance(indicator.target, str) or indicator.direction is Direction.QUALITATIVE:
        return "General"
    target = columns is not None
    unit = "" if target and "unit" in (columns or ()) else indicator.unit
    sign = indicator.direction.symbol if target and "direction" not in (columns or ()) else ""
    if indicator.unit == PERCENT:
        number = _percent_format(indicator.target or 0.0) if target else "0.00%"
    else:
        number = "General" + (f'"{unit}"' if unit else "")
    return (f'"{sign}"' if sign else "") + number


def _percent_format(percent: float) -> str:
    """As many decimals as the target has: ≥95%, ≥99.5%."""
    text = f"{percent:.10g}"
    decimals = len(text.split(".")[1]) if "." in text else 0
    return "0" + ("." + "0" * decimals if decimals else "") + "%"


def _actual_prompt(row: FormRow, names: FormLabels) -> str:
    indicator = row.indicator
    if row.open:
        return f"定量指标只填数字；定性指标写实际情况，再在右侧选{names.tier}、填{names.completion}。"
    if row.qualitative:
        return f"写实际完成情况的文字，再选{names.tier}，并填{names.completion}。"
    unit = f"，单位：{indicator.unit}" if indicator.unit else ""
    return f"只填数字{unit}。" + ("填 95 即表示 95%。" if indicator.unit == PERCENT else "")


def _height(text: str, width: float) -> float:
    """Row height so that a wrapped name is whole: a Chinese character is two units wide."""
    units = sum(2 if ord(c) > 255 else 1 for c in text)
    lines = max(1, -(-units // max(1, int(width) - 2)))
    return max(30.0, 16.0 * lines + 6)
