"""Sheet 校验: live, for the unit: what is still empty, what is wrong and where, the total and the grade."""

from __future__ import annotations

from collections import defaultdict

from workbook_tools.core.cells import Span
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.tolerances import COMPARED_DECIMALS
from workbook_tools.form import evaluation, funding
from workbook_tools.form.fields import Field, FieldStyle, Kind, Layout, Role, SheetPlan, Variables
from workbook_tools.form.indicator_rows import SCORE_FORMAT
from workbook_tools.rules import library
from workbook_tools.rules.expr import NOTHING, Const, Expr, Ref
from workbook_tools.rules.functions import ANY_TEXT, CountText, If, Joined, Round, Sum

TITLE = "校验"
LINK_COL = 2
"""Column of the link to the checked cell."""
_STATUS_COL = 3
_PENDING_ROW = 3
_WRONG_SUM = "合计不对"


def check_name(field_name: str) -> str:
    """Defined name of the cell that says what is wrong with a field."""
    return f"check_{field_name}"


def build(layout: Layout) -> None:
    """Place the sheet's fields; every checked field must stand already."""
    checked = [(f, f.problem) for f in layout.fields.values() if f.problem is not None]
    plan = layout.add_sheet(
        SheetPlan(TITLE, (7, 12, 46, 22, 3, 18, 10, 12), heights={0: 34, 1: 24, 2: 24, _PENDING_ROW: 24})
    )
    layout.add(_label(Span.across(0, 0, 7), "填报校验", FieldStyle.TITLE))
    first = 5
    names = []
    for i, text in enumerate(("序号", "工作表", "检查项（点击跳转）", "结果（空白为正确）")):
        layout.add(_label(Span.cell(first - 1, i), text, FieldStyle.HEADER))
    order = {title: i for i, title in enumerate(layout.version.tabs)}
    checked.sort(key=lambda pair: (order[pair[0].sheet], pair[0].span.row, pair[0].span.col))
    for i, (item, problem) in enumerate(checked):
        names.append(_add_check(layout, item, first + i, i + 1, problem, item.problem_variables))
    row = first + len(checked)
    if layout.open:
        names.append(_add_weights_check(layout, row, len(checked) + 1))
        row += 1
    _add_counts(layout, tuple(names))
    _add_pending_reason(layout)
    _add_points(layout)
    _add_hints(layout)
    plan.print_last = (row - 1, 7)
    plan.repeat_rows = (first - 1, first - 1)
    plan.heights[first - 1] = 24
    plan.freeze = (first, 0)


def _label(span: Span, value: str | float, look: FieldStyle = FieldStyle.PLAIN, align: str = "") -> Field:
    return Field(sheet=TITLE, span=span, role=Role.LABEL, value=value, look=look, align=align)


def _add_check(layout: Layout, item: Field, row: int, number: int, problem: Expr, variables: Variables) -> str:
    layout.sheets[TITLE].heights[row] = 22
    layout.add(_label(Span.cell(row, 0), float(number), align="center"))
    layout.add(_label(Span.cell(row, 1), item.sheet, align="center"))
    layout.add(
        Field(
            sheet=TITLE, span=Span.cell(row, LINK_COL), role=Role.LABEL, value=f"{item.label}（{item.cell}）",
            link=item.name, look=FieldStyle.PLAIN,
        )
    )  # fmt: skip
    name = check_name(item.name)
    layout.add(
        Field(
            sheet=TITLE, span=Span.cell(row, _STATUS_COL), role=Role.FORMULA, name=name, label=f"{item.label}的检查",
            link=item.name, rule=problem, variables=variables, align="center",
        )
    )  # fmt: skip
    return name


def _add_weights_check(layout: Layout, row: int, number: int) -> str:
    wrong = If(
        Round(Ref("cell"), COMPARED_DECIMALS).equals(layout.scheme.weights.total),
        Const(NOTHING),
        Const(layout.scheme.form.labels.weight + _WRONG_SUM),
    )
    return _add_check(layout, layout.fields["total_weight"], row, number, wrong, {"cell": "total_weight"})


def _add_counts(layout: Layout, names: tuple[str, ...]) -> None:
    for row, (label, name, rule) in enumerate(
        (
            ("还有多少处没有填", "count_empty", CountText("checks", library.EMPTY)),
            (
                "还有多少处需要改正或说明",
                "count_wrong",
                CountText("checks", ANY_TEXT)
                - CountText("checks", library.EMPTY)
                - CountText("checks", library.OVER_RECEIVED)
                - CountText("checks", library.OVER_BUDGET),
            ),
        ),
        1,
    ):
        layout.add(_label(Span.across(row, 0, 2), label, FieldStyle.LABEL))
        layout.add(
            Field(
                sheet=TITLE, span=Span.cell(row, _STATUS_COL), role=Role.FORMULA, kind=Kind.NUMBER, name=name, label=label,
                rule=rule, variables={"checks": names}, number_format='0"处"', align="center", bold=True,
            )
        )  # fmt: skip


def _add_pending_reason(layout: Layout) -> None:
    """Why there is no grade yet."""
    label = "总分、等级待更正的原因（空白为有效）"
    layout.add(_label(Span.across(_PENDING_ROW, 0, 2), label, FieldStyle.LABEL))
    layout.add(
        Field(
            sheet=TITLE, span=Span.across(_PENDING_ROW, _STATUS_COL, 7), role=Role.FORMULA, name="pending", label=label,
            rule=layout.rules.pending_reason(layout.scheme), align="left", bold=True, pending=True,
            variables={
                "states": tuple(row.name("answered") for row in layout.rows),
                "total_weight": "total_weight",
                "executed": funding.amount_name(Measure.EXECUTED, FundingSource.TOTAL),
                "base": funding.amount_name(layout.scheme.execution.base_measure, FundingSource.TOTAL),
            },
        )
    )  # fmt: skip


def _add_points(layout: Layout) -> None:
    """Points per dimension, total and grade, right of the checks."""
    scheme = layout.scheme
    for i, text in enumerate(("一级指标", "分值", "得分")):
        layout.add(_label(Span.cell(4, 5 + i), text, FieldStyle.HEADER))
    row = 5
    for dimension in scheme.dimensions:
        scores = tuple(r.name("score") for r in layout.rows if r.indicator.dimension == dimension.name)
        if not scores:
            continue
        layout.add(_label(Span.cell(row, 5), dimension.name, FieldStyle.LABEL))
        layout.add(_label(Span.cell(row, 6), dimension.weight, align="center"))
        layout.add(
            Field(
                sheet=TITLE, span=Span.cell(row, 7), role=Role.FORMULA, kind=Kind.SCORE,
                name=evaluation.dimension_score_name(dimension.key), label=f"{dimension.name}得分",
                rule=layout.rules.dimension_score(scheme), variables={"scores": scores}, number_format=SCORE_FORMAT,
                align="center",
            )
        )  # fmt: skip
        row += 1
    row = _add_deductions(layout, row)
    copies = [("总分", "total_score"), ("评价等级", "grade")]
    if scheme.execution.weight:
        copies.insert(0, ("预算执行率", "execution_score"))
    for label, name in copies:
        layout.add(_label(Span.cell(row, 5), label, FieldStyle.LABEL))
        points: float | str = {"execution_score": scheme.execution.weight, "total_score": scheme.weights.total}.get(
            name, ""
        )
        layout.add(_label(Span.cell(row, 6), points, align="center"))
        is_text = name == "grade"
        layout.add(
            Field(
                sheet=TITLE, span=Span.cell(row, 7), role=Role.FORMULA, kind=Kind.TEXT if is_text else Kind.SCORE,
                name=f"status_{name}", label=label,
                rule=layout.rules.copied(is_text),
                variables={"cell": name}, number_format="General" if is_text else SCORE_FORMAT, align="center", bold=True,
                pending=name != "execution_score",
            )
        )  # fmt: skip
        row += 1


def _add_deductions(layout: Layout, row: int) -> int:
    """What the unit took off itself, in all, where the scheme allows that; returns the next row."""
    if not layout.scheme.total.self_deduction:
        return row
    label = f"已减去的{layout.scheme.form.labels.self_deduction}"
    layout.add(_label(Span.cell(row, 5), label, FieldStyle.LABEL))
    layout.add(_label(Span.cell(row, 6), ""))
    layout.add(
        Field(
            sheet=TITLE, span=Span.cell(row, 7), role=Role.FORMULA, kind=Kind.SCORE, name="self_deduction", label=label,
            rule=Round(Sum("deductions"), COMPARED_DECIMALS), number_format=SCORE_FORMAT, align="center",
            variables={"deductions": tuple(r.name("self_deduction") for r in layout.rows)},
        )
    )  # fmt: skip
    return row + 1


def _add_hints(layout: Layout) -> None:
    """On 自评表, beside each indicator: the words of the checks on its row."""
    plan = layout.sheets[evaluation.TITLE]
    hint_col = len(plan.widths) - 1
    checked: dict[int, list[Field]] = defaultdict(list)
    for item in layout.fields.values():
        if item.row and item.problem is not None:
            checked[item.row].append(item)
    for row in layout.rows:
        inputs = checked[row.number]
        checks = {f"check{i}": check_name(f.name) for i, f in enumerate(inputs)}
        words = tuple(_complaint(var, row.labels.of(item.part)) for var, item in zip(checks, inputs, strict=True))
        layout.add(
            Field(
                sheet=plan.title, span=Span.cell(layout.fields[row.name("score")].span.row, hint_col), role=Role.FORMULA,
                name=row.name("hint"), label=f"第{row.number}行提示", rule=Joined(words),
                variables=checks, look=FieldStyle.NOTE,
            )
        )  # fmt: skip


def _complaint(check: str, part: str) -> Expr:
    """完成值未填； where the check says 未填."""
    return If(Ref(check).equals(NOTHING), Const(NOTHING), Joined((Const(part), Ref(check), Const("；"))))
