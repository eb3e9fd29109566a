"""Sheet 校验: live, for the unit: what is still empty, what is wrong and where, the total and the grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby

from workbook_tools.core.cells import Span
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.recent import Recent
from workbook_tools.core.tolerances import COMPARED_DECIMALS
from workbook_tools.form import evaluation, funding
from workbook_tools.form.fields import Field, FieldStyle, Kind, Layout, Role, SheetPlan, Variables
from workbook_tools.form.indicator_rows import SCORE_FORMAT
from workbook_tools.form.known_fields import find_frames, place_known
from workbook_tools.form.rows import FormRow
from workbook_tools.rules import library
from workbook_tools.rules.expr import NOTHING, Computed, Const, Expr, Ref
from workbook_tools.rules.functions import ANY_TEXT, CountText, If, IsEmpty, Joined, Round, Sum

TITLE = "校验"
LINK_COL = 2
"""Column of the link to the checked cell."""
_STATUS_COL = 3
_FIRST = 5
"""The first row of the list."""
_LAST_COL = 7
_WIDTHS = (7.0, 12.0, 46.0, 22.0, 3.0, 18.0, 10.0, 12.0)
_DETAIL_COL = 9
_OPEN_WIDTHS = (*_WIDTHS, 3.0, 36.0, 14.0)
"""With the single checks beside the printed list."""
_PENDING_ROW = 3
_LINE_HEIGHT = 22
_WRONG_SUM = "合计不对"
_COUNT_EMPTY = CountText("checks", library.EMPTY)
_COUNT_WRONG = (
    CountText("checks", ANY_TEXT)
    - _COUNT_EMPTY
    - CountText("checks", library.OVER_RECEIVED)
    - CountText("checks", library.OVER_BUDGET)
)


def check_name(field_name: str) -> str:
    """Defined name of the cell that says what is wrong with a field."""
    return f"check_{field_name}"


@dataclass(frozen=True, slots=True)
class _Check:
    """A field and what may be wrong with it."""

    item: Field
    problem: Expr
    variables: Variables
    compute: Computed | None = None
    """The problem as a function of the figures of a form, if it was made."""

    @property
    def label(self) -> str:
        """What the list calls it; where something is lacking that is typed elsewhere, it says so."""
        label = self.item.label
        return f"{label.partition('－')[0]}（至少填一项）" if self.item.filled_by else label

    @property
    def target(self) -> str:
        """The field that a click leads to."""
        return self.item.filled_by[0] if self.item.filled_by else self.item.name


def build(layout: Layout) -> None:
    """Place the sheet's fields; every checked field must stand already."""
    plan = layout.add_sheet(
        SheetPlan(TITLE, _OPEN_WIDTHS if layout.open else _WIDTHS, heights={0: 34, 1: 24, 2: 24, _PENDING_ROW: 24})
    )
    layout.add(_label(Span.across(0, 0, _LAST_COL), "填报校验", FieldStyle.TITLE))
    for i, text in enumerate(("序号", "工作表", "检查项（点击跳转）", "结果（空白为正确）")):
        layout.add(_label(Span.cell(_FIRST - 1, i), text, FieldStyle.HEADER))
    checks = _collect_checks(layout)
    last = _add_open_list(layout, checks) if layout.open else _add_list(layout, checks)
    _add_counts(layout, tuple(check_name(check.item.name) for check in checks))
    _add_pending_reason(layout)
    place_known(layout, plan, _find_kind_of_points(layout), lambda: _add_points(layout))
    _add_hints(layout)
    plan.print_last = (last, _LAST_COL)
    plan.repeat_rows = (_FIRST - 1, _FIRST - 1)
    plan.heights[_FIRST - 1] = 24
    plan.freeze = (_FIRST, 0)


def _collect_checks(layout: Layout) -> list[_Check]:
    """All that is checked, in the order of the sheets; in an open form its weights too."""
    order = {title: i for i, title in enumerate(layout.version.tabs)}
    checks = [
        _Check(f, f.problem, f.problem_variables, f.compute_problem)
        for f in layout.fields.values()
        if f.problem is not None
    ]
    checks.sort(key=lambda check: (order[check.item.sheet], check.item.span.row, check.item.span.col))
    if layout.open:
        wrong = If(
            Round(Ref("cell"), COMPARED_DECIMALS).equals(layout.scheme.weights.total),
            Const(NOTHING),
            Const(layout.scheme.form.labels.weight + _WRONG_SUM),
        )
        checks.append(_Check(layout.fields["total_weight"], wrong, {"cell": "total_weight"}))
    return checks


@lru_cache(1 << 12, typed=True)
def _label(span: Span, value: str | float, look: FieldStyle = FieldStyle.PLAIN, align: str = "") -> Field:
    return Field(sheet=TITLE, span=span, role=Role.LABEL, value=value, look=look, align=align).share()


def _add_list(layout: Layout, checks: Sequence[_Check]) -> int:
    """A line for each check; returns the last row."""
    plan, row = layout.sheets[TITLE], _FIRST
    for _, group in groupby(checks, lambda check: (check.item.sheet, check.item.row)):
        placed: list[Field] = []
        for check in group:
            placed += (*_label_line(row, row - _FIRST + 1, check.item.sheet), *_find_line(layout, row, check))
            row += 1
        with layout.block(plan):
            layout.add_all(plan, placed)
    plan.heights |= dict.fromkeys(range(_FIRST, row), _LINE_HEIGHT)
    return row - 1


def _find_line(layout: Layout, row: int, check: _Check) -> tuple[Field, Field]:
    """The link and the result of a check in that row: of a field that many forms have those that many have; of one like another those of the first
    such, but for what the field is called."""
    item, model = check.item, check.item.like
    if model is None or (item.filled_by and model is not item):
        return _make_link(layout, row, check), _make_result(check, Span.cell(row, _STATUS_COL))
    place = (layout.fields[check.target] if item.filled_by else item).cell
    key = id(model), model is item, place, row
    _, link, result = _LINES.find(key) or _LINES.keep(key, (model, *_make_model_line(layout, row, check)))
    if model is item:
        return link, result
    return link.but_holding(_call_link(check, place)), result.but_called(_call_result(item))


_LINES = Recent[tuple[Field, Field, Field]](2_500)
"""By the field (kept, so that its id stays its own) that others are like, whether it is itself checked, the cell that a click leads to, and the row."""


def _make_model_line(layout: Layout, row: int, check: _Check) -> tuple[Field, Field]:
    """The link and the result that others are like."""
    link, result = _make_link(layout, row, check), _make_result(check, Span.cell(row, _STATUS_COL))
    if not check.item.filled_by:
        link.is_model = result.is_model = True
        result.formula = layout.excel(check.problem, check.variables, TITLE) if _stays_with(check, layout) else ""
    return link, result


def _stays_with(check: _Check, layout: Layout) -> bool:
    """All that is asked stands in the row of the checked field, or, as that itself, on sheets on which nothing depends on the indicators: in the
    same places wherever a field like it stands."""
    names = chain.from_iterable((of,) if isinstance(of, str) else of for of in check.variables.values())
    asked = [layout.fields[name] for name in names if name in layout.fields]
    if row := check.item.row:
        return all(item.row == row for item in asked)
    return all(item.sheet in layout.version.of_facts for item in (check.item, *asked))


@lru_cache(1 << 11)
def _label_line(row: int, number: int, sheet: str) -> tuple[Field, Field]:
    """Number and sheet of what is checked."""
    return _label(Span.cell(row, 0), float(number), align="center"), _label(Span.cell(row, 1), sheet, align="center")


def _make_link(layout: Layout, row: int, check: _Check) -> Field:
    target = layout.fields[check.target]
    return Field(
        sheet=TITLE,
        span=Span.cell(row, LINK_COL),
        role=Role.LABEL,
        value=_call_link(check, target.cell),
        link=target.name,
        look=FieldStyle.PLAIN,
    )


def _make_result(check: _Check, span: Span) -> Field:
    return Field(
        sheet=TITLE,
        span=span,
        role=Role.FORMULA,
        name=check_name(check.item.name),
        label=_call_result(check.item),
        link=check.item.name,
        rule=check.problem,
        variables=check.variables,
        align="center",
        compute=check.compute,
    )


def _call_link(check: _Check, place: str) -> str:
    return f"{check.label}（{place}）"


def _call_result(item: Field) -> str:
    return f"{item.label}的检查"


def _add_open_list(layout: Layout, checks: Sequence[_Check]) -> int:
    """Where the unit drafts the indicators: a line for each row that it uses, the single checks beside the print; returns the last row."""
    layout.add(_label(Span.across(_FIRST - 1, _DETAIL_COL, _DETAIL_COL + 1), "逐格检查（不打印）", FieldStyle.HEADER))
    for at, check in enumerate(checks, _FIRST):
        layout.sheets[TITLE].heights.setdefault(at, _LINE_HEIGHT)
        layout.add(_label(Span.cell(at, _DETAIL_COL), check.label))
        layout.add(_make_result(check, Span.cell(at, _DETAIL_COL + 1)))
    plan, others = layout.sheets[TITLE], [check for check in checks if not check.item.row]
    for number, check in enumerate(others, 1):
        row = _FIRST + number - 1
        plan.heights[row] = _LINE_HEIGHT
        layout.add_all(plan, (*_label_line(row, number, check.item.sheet), _make_link(layout, row, check)))
        _add_copy(layout, row, f"line_{check.item.name}", check_name(check.item.name), check.item.name)
    for row, item in enumerate(layout.rows, _FIRST + len(others)):
        _add_row_line(layout, row, item)
    return _FIRST + len(others) + len(layout.rows) - 1


def _add_row_line(layout: Layout, row: int, own: FormRow) -> None:
    """The line of an indicator's row: blank while the row is not used, and so without a link, which some programs show in a blank cell."""
    layout.sheets[TITLE].heights[row] = _LINE_HEIGHT
    number = own.number
    named = own.name("indicator")
    place = layout.fields[named].cell
    name = If(IsEmpty(Ref("named")), Const(NOTHING), Joined((Const(f"第{number}行（{place}）　"), Ref("named"))))
    layout.add(
        Field(
            sheet=TITLE,
            span=Span.across(row, 0, LINK_COL),
            role=Role.FORMULA,
            name=f"line_{number:03d}_name",
            label=f"第{number}行的指标",
            rule=name,
            variables={"named": named},
            look=FieldStyle.PLAIN,
            align="left",
        )
    )
    _add_copy(layout, row, f"line_{number:03d}", own.name("hint"), named, FieldStyle.PLAIN)


def _add_copy(layout: Layout, row: int, name: str, source: str, of: str, look: FieldStyle = FieldStyle.CELL) -> None:
    """The result of a line, said elsewhere."""
    layout.add(
        Field(
            sheet=TITLE,
            span=Span.cell(row, _STATUS_COL),
            role=Role.FORMULA,
            name=name,
            label="校验结果",
            link=of,
            align="center",
            look=look,
            rule=layout.rules.copied(True),
            variables={"cell": source},
        )
    )


def _add_counts(layout: Layout, names: tuple[str, ...]) -> None:
    for row, (label, name, rule) in enumerate(
        (
            ("还有多少处没有填", "count_empty", _COUNT_EMPTY),
            ("还有多少处需要改正或说明", "count_wrong", _COUNT_WRONG),
        ),
        1,
    ):
        layout.add(_label(Span.across(row, 0, 2), label, FieldStyle.LABEL))
        layout.add(
            Field(
                sheet=TITLE,
                span=Span.cell(row, _STATUS_COL),
                role=Role.FORMULA,
                kind=Kind.NUMBER,
                name=name,
                label=label,
                rule=rule,
                variables={"checks": names},
                number_format='0"处"',
                align="center",
                bold=True,
            )
        )


def _add_pending_reason(layout: Layout) -> None:
    """Why there is no grade yet."""
    label = "总分、等级待更正的原因（空白为有效）"
    layout.add(_label(Span.across(_PENDING_ROW, 0, 2), label, FieldStyle.LABEL))
    layout.add(
        Field(
            sheet=TITLE,
            span=Span.across(_PENDING_ROW, _STATUS_COL, _LAST_COL),
            role=Role.FORMULA,
            name="pending",
            label=label,
            rule=layout.rules.pending_reason(layout.scheme),
            align="left",
            bold=True,
            pending=True,
            variables={
                "states": tuple(row.name("answered") for row in layout.rows),
                "total_weight": "total_weight",
                "executed": funding.amount_name(Measure.EXECUTED, FundingSource.TOTAL),
                "base": funding.amount_name(layout.scheme.execution.base_measure, FundingSource.TOTAL),
            },
        )
    )


def _find_kind_of_points(layout: Layout) -> Hashable:
    """What decides on them: which rows are of which dimension, and where all stands that is added up or copied; nothing where that is not known."""
    frames = find_frames(layout)
    if layout.open or not frames:
        return None
    rows = [(row.indicator.dimension, layout.fields[row.name("score")].span) for row in layout.rows]
    copied = [layout.fields[name].span for name in ("execution_score", "total_score", "grade") if name in layout.fields]
    taken = [
        layout.fields[row.name("self_deduction")].span for row in layout.rows if layout.scheme.total.self_deduction
    ]
    return "points", frames, *rows, *copied, *taken


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
                sheet=TITLE,
                span=Span.cell(row, 7),
                role=Role.FORMULA,
                kind=Kind.SCORE,
                name=evaluation.dimension_score_name(dimension.key),
                label=f"{dimension.name}得分",
                rule=layout.rules.dimension_score(scheme),
                variables={"scores": scores},
                number_format=SCORE_FORMAT,
                align="center",
            )
        )
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
                sheet=TITLE,
                span=Span.cell(row, 7),
                role=Role.FORMULA,
                kind=Kind.TEXT if is_text else Kind.SCORE,
                name=f"status_{name}",
                label=label,
                rule=layout.rules.copied(is_text),
                variables={"cell": name},
                number_format="General" if is_text else SCORE_FORMAT,
                align="center",
                bold=True,
                pending=name != "execution_score",
            )
        )
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
            sheet=TITLE,
            span=Span.cell(row, 7),
            role=Role.FORMULA,
            kind=Kind.SCORE,
            name="self_deduction",
            label=label,
            rule=Round(Sum("deductions"), COMPARED_DECIMALS),
            number_format=SCORE_FORMAT,
            align="center",
            variables={"deductions": tuple(r.name("self_deduction") for r in layout.rows)},
        )
    )
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
        at = layout.fields[row.name("score")].span.row
        layout.add(
            _make_hint(
                Span.cell(at, hint_col),
                row.number,
                row.name("hint"),
                tuple([f.name for f in inputs]),
                tuple([row.labels.of(f.part) for f in inputs]),
            )
        )


@lru_cache(1 << 10)
def _make_hint(span: Span, number: int, name: str, checked: tuple[str, ...], parts: tuple[str, ...]) -> Field:
    """The words of the checks on these inputs, each under what its part is called."""
    checks = {f"check{i}": check_name(one) for i, one in enumerate(checked)}
    words = tuple(_complaint(variable, part) for variable, part in zip(checks, parts, strict=True))
    made = Field(
        sheet=evaluation.TITLE,
        span=span,
        role=Role.FORMULA,
        name=name,
        label=f"第{number}行提示",
        rule=Joined(words),
        variables=checks,
        look=FieldStyle.NOTE,
    ).share()
    made.bind_rules()
    return made


def _complaint(check: str, part: str) -> Expr:
    """完成值未填； where the check says 未填."""
    return If(Ref(check).equals(NOTHING), Const(NOTHING), Joined((Const(part), Ref(check), Const("；"))))
