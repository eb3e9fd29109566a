"""Sheet 预算执行: the funding table (seven rows by eight columns) and the points for the execution rate."""

from __future__ import annotations

from functools import cache, partial

from workbook_tools.core.cells import Span
from workbook_tools.core.model import (
    FISCAL_SOURCES,
    INPUT_MEASURES,
    LEAF_SOURCES,
    NO_ANSWERS,
    FundingSource,
    Measure,
    Project,
)
from workbook_tools.core.values import AMOUNT_FORMAT, MAX_AMOUNT, RATE_FORMAT
from workbook_tools.form.fields import Field, FieldStyle, FormBlock, Kind, Layout, Role, SheetPlan, Variables
from workbook_tools.form.text_limits import find_limit
from workbook_tools.rules import library
from workbook_tools.rules.describe import describe_execution_reason
from workbook_tools.rules.expr import NOTHING, Const, Expr, Ref
from workbook_tools.rules.functions import If, IsNumber
from workbook_tools.rules.rule_set import RuleSet

TITLE = "预算执行"

LIMITS = {Measure.EXECUTED: Measure.RECEIVED, Measure.RECEIVED: Measure.ANNUAL_BUDGET}
"""Which row holds the most that a row should hold, source by source."""
_OVER = {Measure.EXECUTED: library.OVER_RECEIVED, Measure.RECEIVED: library.OVER_BUDGET}
_FIRST_ROW = 5
_SOURCES = tuple(FundingSource)
_COLUMN = {source: 2 + i for i, source in enumerate(_SOURCES)}
_LAST_COL = 2 + len(_SOURCES) - 1


@cache
def amount_name(measure: Measure, source: FundingSource) -> str:
    """Defined name of a cell of the funding table."""
    return f"{measure}_{source}"


def build(layout: Layout) -> None:
    """Place the sheet's fields."""
    plan = layout.add_sheet(
        SheetPlan(
            TITLE,
            (20, 15, *(14,) * len(_SOURCES)),
            landscape=True,
            freeze=(_FIRST_ROW, 2),
            heights={0: 32, 1: 22, 3: 24, 4: 24},
        )
    )
    _add_headings(layout)
    for i, measure in enumerate(Measure):
        row = _FIRST_ROW + i
        plan.heights[row] = 26
        layout.add(_label(Span.cell(row, 0), measure.label, align="left"))
        layout.add(_label(Span.cell(row, 1), measure.line))
        for source in _SOURCES:
            layout.add(_amount_field(layout, measure, source, row))
    last = _add_scoring(layout, plan, _FIRST_ROW + len(Measure) + 1)
    plan.print_last = (last, _LAST_COL)


@cache
def _label(span: Span, text: str, look: FieldStyle = FieldStyle.HEADER, align: str = "") -> Field:
    return Field(sheet=TITLE, span=span, role=Role.LABEL, value=text, look=look, align=align)


def _add_headings(layout: Layout) -> None:
    layout.add(_label(Span.across(0, 0, _LAST_COL), "预算执行情况", FieldStyle.TITLE))
    hint = "单位：万元。黄色单元格由单位填写，没有该项资金的留空；灰色单元格自动计算，无需填写。"
    layout.add(_label(Span.across(1, 0, _LAST_COL), hint, FieldStyle.NOTE))
    top, sub = _FIRST_ROW - 2, _FIRST_ROW - 1
    layout.add(_label(Span(top, 0, sub, 0), "项目"))
    layout.add(_label(Span(top, 1, sub, 1), "行次"))
    first, last = _COLUMN[FundingSource.FISCAL_SUBTOTAL], _COLUMN[FISCAL_SOURCES[-1]]
    layout.add(_label(Span.across(top, first, last), "财政资金（万元）"))
    for source, col in _COLUMN.items():
        if source is FundingSource.FISCAL_SUBTOTAL:
            layout.add(_label(Span.cell(sub, col), "小计"))
        elif first < col <= last:
            layout.add(_label(Span.cell(sub, col), source.label))
        else:
            layout.add(_label(Span(top, col, sub, col), f"{source.label}\n（万元）"))


def _amount_field(layout: Layout, measure: Measure, source: FundingSource, row: int) -> Field:
    name = amount_name(measure, source)
    make = partial(
        Field,
        sheet=TITLE,
        span=Span.cell(row, _COLUMN[source]),
        block=FormBlock.FUNDING,
        part=measure,
        name=name,
        label=f"{measure.label}－{source.label}",
    )
    if measure not in INPUT_MEASURES:
        rule, parts = _derived_rule(layout.rules, measure)
        money = measure is Measure.BALANCE
        return make(
            role=Role.FORMULA,
            kind=Kind.AMOUNT if money else Kind.PERCENT,
            rule=rule,
            variables={var: amount_name(m, source) for var, m in parts.items()},
            number_format=AMOUNT_FORMAT if money else RATE_FORMAT,
        )
    if source not in LEAF_SOURCES:
        missing = If(IsNumber(Ref("cell")), Const(NOTHING), Const(library.EMPTY))
        return make(
            role=Role.FORMULA,
            kind=Kind.AMOUNT,
            rule=layout.rules.amount_sum(),
            variables={"amounts": tuple(amount_name(measure, s) for s in _summed_sources(source))},
            number_format=AMOUNT_FORMAT,
            problem=missing if _is_required(layout.project, measure, source) else None,
            problem_variables={"cell": name},
            filled_by=tuple(amount_name(measure, leaf) for leaf in LEAF_SOURCES),
        )
    given = _approved_amounts(layout.project, measure)
    if given is not None:
        return make(role=Role.FIXED, kind=Kind.AMOUNT, value=given.get(source), number_format=AMOUNT_FORMAT)
    answers = layout.project.answers or NO_ANSWERS
    prefilled = {Measure.RECEIVED: answers.received, Measure.EXECUTED: answers.executed}.get(measure, {})
    budget = _approved_amounts(layout.project, Measure.ANNUAL_BUDGET) or {}
    required = measure in (Measure.RECEIVED, Measure.EXECUTED) and budget.get(source, 0) > 0
    return make(
        role=Role.INPUT,
        kind=Kind.AMOUNT,
        value=prefilled.get(source),
        unit="万元",
        number_format=AMOUNT_FORMAT,
        low=0.0,
        high=MAX_AMOUNT,
        prompt="只填数字，单位万元；没有该项资金的留空。",
        problem=layout.rules.amount_problem(MAX_AMOUNT, required, _OVER.get(measure, "")),
        problem_variables={"cell": name, **limit_variables(measure, source)},
    )


def limit_variables(measure: Measure, source: FundingSource) -> Variables:
    """The amounts that an amount should not exceed: execution what was received, that the budget."""
    limit = LIMITS.get(measure)
    if limit is None:
        return {}
    return {"limit": (amount_name(limit, source),), "limit_total": (amount_name(limit, FundingSource.TOTAL),)}


def _summed_sources(source: FundingSource) -> tuple[FundingSource, ...]:
    """小计 is the sum of the levels of government, 年度总金额 of 小计, 上年结转 and 其他."""
    return (
        FISCAL_SOURCES
        if source is FundingSource.FISCAL_SUBTOTAL
        else (FundingSource.FISCAL_SUBTOTAL, FundingSource.CARRIED_OVER, FundingSource.OTHER)
    )


def _derived_rule(rules: RuleSet, measure: Measure) -> tuple[Expr, dict[str, Measure]]:
    received, budget, executed = Measure.RECEIVED, Measure.ANNUAL_BUDGET, Measure.EXECUTED
    if measure is Measure.BALANCE:
        return rules.balance(), {"received": received, "executed": executed}
    if measure is Measure.ARRIVAL_RATE:
        return rules.rate("received", "budget"), {"received": received, "budget": budget}
    return rules.rate("executed", "budget"), {"executed": executed, "budget": budget}


def _approved_amounts(project: Project, measure: Measure) -> dict[FundingSource, float] | None:
    """The amounts that the project list fixes; none of them = the unit types the row."""
    if measure is Measure.INITIAL_BUDGET:
        return project.initial_budget or None
    return (project.annual_budget or None) if measure is Measure.ANNUAL_BUDGET else None


def _is_required(project: Project, measure: Measure, source: FundingSource) -> bool:
    """The rows that scoring needs must not be wholly blank."""
    return (
        source is FundingSource.TOTAL
        and measure is not Measure.INITIAL_BUDGET
        and not _approved_amounts(project, measure)
    )


def _add_scoring(layout: Layout, plan: SheetPlan, row: int) -> int:
    """The rate that is scored, its points, and the reason for a low one. Returns the last row."""
    scheme = layout.scheme
    base = scheme.execution.base_measure
    layout.add(_label(Span.across(row, 0, _LAST_COL), "预算执行率得分", FieldStyle.SUBTITLE))
    executed, budget = amount_name(Measure.EXECUTED, FundingSource.TOTAL), amount_name(base, FundingSource.TOTAL)
    layout.add(_label(Span.across(row + 1, 0, 1), f"计分的执行率（全年执行资金÷{base.label}）"))
    layout.add(
        Field(
            sheet=TITLE,
            span=Span.cell(row + 1, 2),
            role=Role.FORMULA,
            kind=Kind.PERCENT,
            name="scored_rate",
            label="计分的执行率",
            rule=layout.rules.scored_rate(scheme),
            variables={"executed": executed, "base": budget},
            number_format=RATE_FORMAT,
        )
    )
    layout.add(_label(Span.across(row + 1, 3, 4), "分值"))
    layout.add(
        Field(
            sheet=TITLE,
            span=Span.cell(row + 1, 5),
            role=Role.FIXED,
            kind=Kind.SCORE,
            name="execution_weight",
            label="预算执行率分值",
            value=scheme.execution.weight,
            align="center",
        )
    )
    layout.add(_label(Span.across(row + 1, 6, 7), "得分"))
    layout.add(
        Field(
            sheet=TITLE,
            span=Span.cell(row + 1, 8),
            role=Role.FORMULA,
            kind=Kind.SCORE,
            name="execution_score",
            label="预算执行率得分",
            rule=layout.rules.execution_score(scheme),
            variables={"rate": "scored_rate", "base": budget},
            number_format="0.00##",
            align="center",
        )
    )
    layout.add(_label(Span.across(row + 2, 0, 1), "执行率偏差原因分析及改进措施"))
    answers = layout.project.answers or NO_ANSWERS
    layout.add(
        Field(
            sheet=TITLE,
            span=Span.across(row + 2, 2, _LAST_COL),
            role=Role.INPUT,
            kind=Kind.PARAGRAPH,
            name="execution_reason",
            block=FormBlock.FUNDING,
            part="execution_reason",
            label="执行率偏差原因",
            value=answers.execution_reason or None,
            most_bytes=find_limit(scheme, "execution_reason", Kind.PARAGRAPH, Role.INPUT),
            prompt=describe_execution_reason(scheme) or "没有要求写原因；有要说明的，写在这里。",
            problem=layout.rules.execution_reason_problem(scheme),
            problem_variables={"cell": "execution_reason", "rate": "scored_rate"},
        )
    )
    plan.heights |= {row: 24, row + 1: 36, row + 2: 112}
    return row + 2
