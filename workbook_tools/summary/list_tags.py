"""What a row of an office's form can be about besides a project, and the tags for it: {{指标·目标值}} makes a row of each indicator,
{{部门·全年预算}} one of each department, and so on; {{全部·平均分}} stands anywhere.

The page 汇总表模板 lists them from here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from workbook_tools.core.labels import NO_DEPARTMENT, NO_UNIT
from workbook_tools.core.model import INPUT_MEASURES, Direction, Measure
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.core.values import MONEY_UNITS, plain, quantity_text
from workbook_tools.excel.columns import Column
from workbook_tools.excel.styles import NAMED, PLAIN_NUMBER
from workbook_tools.excel.writing import Scalar
from workbook_tools.results.facts import EXECUTION_RATE, final_grade_text, points_text, show_target
from workbook_tools.rules.library import rate
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.rules.scheme import builtin_schemes

FIGURE_STYLES = frozenset(name for name, style in NAMED.items() if style.number_format != PLAIN_NUMBER)
"""The styles of columns that hold numbers."""


class ListKind(StrEnum):
    """What a row is about, as its tags begin: {{部门·…}}; those of a project begin with nothing."""

    PROJECT = "项目"
    INDICATOR = "指标"
    DEPARTMENT = "部门"
    UNIT = "单位"
    SCHEME = "方案"
    GRADE = "等级"
    ALL = "全部"
    """Everything in the workbook: no row, a figure that may stand anywhere."""

    def tag(self, name: str) -> str:
        """The tag of that column."""
        return name if self is ListKind.PROJECT else f"{self}·{name}"


GROUPS = (ListKind.DEPARTMENT, ListKind.UNIT, ListKind.SCHEME, ListKind.GRADE)
"""Kinds of rows in which projects are added up."""
NAMED_KEY = "named"
"""The key of a column that names what its row is about."""
NAMEABLE = (ListKind.PROJECT, *GROUPS)
"""Kinds of which a row can name one: {{部门=某县教育局}}."""


@dataclass(frozen=True, slots=True)
class TagColumn:
    """What a tag of a row stands for."""

    meaning: str
    column: Column[Any]
    kind: ListKind = ListKind.PROJECT
    named: str = ""
    """The one that the row is about: the tag names it."""

    @property
    def is_number(self) -> bool:
        """It can be summed or averaged over rows."""
        return self.column.style in FIGURE_STYLES and bool(self.column.total)


@dataclass(frozen=True, slots=True)
class ListedIndicator:
    """A row of an indicator; what is said of its project can stand in it as well."""

    number: int
    project: ProjectRow
    row: IndicatorRow


@dataclass(frozen=True, slots=True)
class ListGroup:
    """A row in which projects are added up, those that have not come with them."""

    number: int
    name: str
    projects: Sequence[ProjectRow] = ()

    @property
    def come(self) -> list[ProjectRow]:
        """Those that have come."""
        return [project for project in self.projects if project.state is not State.MISSING]

    @property
    def totals(self) -> list[float]:
        """The totals that count."""
        return [project.counted_total for project in self.projects if project.counted_total is not None]

    def sum(self, measure: Measure) -> float | None:
        """万元 of all projects; nothing where none has an amount."""
        amounts = [project.amount(measure) for project in self.projects]
        known = [amount for amount in amounts if amount is not None]
        return math.fsum(known) if known else None


YUAN = "·元"
"""Ends the tag of an amount that is shown in 元."""


def add_yuan(columns: Mapping[str, TagColumn]) -> dict[str, TagColumn]:
    """The columns, and of every amount the same in 元."""
    money = {name: one for name, one in columns.items() if one.column.style == "money"}
    return {**columns, **{f"{name}{YUAN}": _in_yuan(one) for name, one in money.items()}}


def _in_yuan(one: TagColumn) -> TagColumn:
    def value(record: Any) -> Scalar:
        amount = one.column.value(record)
        return round(amount * MONEY_UNITS["万元"] / MONEY_UNITS["元"], 2) if isinstance(amount, int | float) else None

    meaning = one.meaning.replace("万元", "元")
    return replace(one, meaning=meaning, column=replace(one.column, key=f"{one.column.key}{YUAN}", value=value))


# -- rows -------------------------------------------------------------------------------------------------------------


def list_indicators(result: ReviewResult, projects: Iterable[ProjectRow]) -> list[ListedIndicator]:
    """The indicators of these projects, project by project, in the order of the form."""
    rows: dict[str, list[IndicatorRow]] = {}
    for row in result.indicators:
        rows.setdefault(row.project_code, []).append(row)
    found = ((project, row) for project in projects for row in rows.get(project.code, ()))
    return [ListedIndicator(number, project, row) for number, (project, row) in enumerate(found, 1)]


def list_groups(kind: ListKind, result: ReviewResult, projects: Iterable[ProjectRow]) -> list[ListGroup]:
    """The groups of these projects, in the order of the list; grades best first, each that a scheme of theirs knows.

    Under which scheme a project would have been scored that has not come is not known: it is in no group of that kind.
    """
    projects, schemes = list(projects), restore_schemes(result)
    naming: dict[ListKind, Callable[[ProjectRow], str]] = {
        ListKind.DEPARTMENT: lambda project: project.department or NO_DEPARTMENT,
        ListKind.UNIT: lambda project: project.unit or NO_UNIT,
        ListKind.SCHEME: lambda project: schemes[project.scheme_digest].name if project.scheme_digest else "",
        ListKind.GRADE: final_grade_text,
    }
    groups: dict[str, list[ProjectRow]] = {}
    if kind is ListKind.GRADE:
        used = dict.fromkeys(project.scheme_digest for project in projects if project.scheme_digest)
        groups = {band.name: [] for digest in used for band in schemes[digest].grading.bands}
    for project in projects:
        if name := naming[kind](project):
            groups.setdefault(name, []).append(project)
    return [ListGroup(number, name, rows) for number, (name, rows) in enumerate(groups.items(), 1)]


def name_record(record: Any) -> str:
    """How what a row is about is called."""
    return str(record.name if isinstance(record, ListGroup) else record.project.name)


def is_called(kind: ListKind, record: Any, name: str) -> bool:
    """A row names this one: a project by its code or name, a scheme by its name or id, any other by its name."""
    if isinstance(record, ListGroup):
        ids = {project.scheme for project in record.projects} if kind is ListKind.SCHEME else set()
        return plain(name) in {plain(one) for one in (record.name, *ids)}
    return plain(name) in (plain(record.project.code), plain(record.project.name))


# -- columns ----------------------------------------------------------------------------------------------------------


def name_column(kind: ListKind, name: str) -> TagColumn:
    """The tag that names what its row is about; in its place stands how that is called, or as it was named where there is none."""
    column: Column[Any] = Column(NAMED_KEY, kind, 20, lambda record: name_record(record) if record else name)
    return TagColumn(f"这一行是{kind}“{name}”", column, kind, name)


def list_columns(result: ReviewResult) -> Iterator[tuple[str, TagColumn]]:
    """Tag and column of all rows but those of projects, and of what may stand anywhere."""
    for meaning, column in _indicator_columns():
        yield ListKind.INDICATOR.tag(column.header), TagColumn(meaning, column, ListKind.INDICATOR)
    grades = known_grades(result)
    for kind in (*GROUPS, ListKind.ALL):
        for meaning, column in _group_columns(kind, grades):
            yield kind.tag(column.header), TagColumn(meaning, column, kind)


def known_grades(result: ReviewResult) -> list[str]:
    """The grades of the result's schemes, and of those that come with the program: their tags are known in any year."""
    schemes = (*restore_schemes(result).values(), *builtin_schemes().values())
    return list(dict.fromkeys(band.name for scheme in schemes for band in scheme.grading.bands))


_Described = tuple[str, Column[Any]]


def _indicator_columns() -> Iterator[_Described]:
    def column(
        key: str, header: str, value: Callable[[ListedIndicator], Scalar], style: str = "text", *, summed: bool = False
    ) -> Column[ListedIndicator]:
        return Column(key, header, 12, value, style, total="sum" if summed else "")

    def points(key: str, header: str, value: Callable[[IndicatorRow], float | None]) -> Column[ListedIndicator]:
        return column(
            key, header, lambda e: points_text(value(e.row), pending=e.project.pending), "decimal", summed=True
        )

    yield "从 1 起的序号", column("number", "序号", lambda e: e.number)
    yield "一级指标", column("dimension", "一级指标", lambda e: e.row.dimension)
    yield "二级指标", column("category", "二级指标", lambda e: e.row.category)
    yield "三级指标，即指标的名称", column("indicator", "三级指标", lambda e: e.row.name)
    yield "指标性质：≥、≤、＝、定性", column("direction", "指标性质", lambda e: e.row.direction.symbol)
    yield "目标值，照自评表上的写法", column("target_text", "目标值", lambda e: show_target(e.row))
    yield "目标的数值，没有符号和单位；定性的是文字", column("target", "指标值", lambda e: e.row.target)
    yield "计量单位", column("measure", "计量单位", lambda e: e.row.unit)
    yield "完成值，照自评表上的写法", column("actual_text", "完成值", lambda e: _show_actual(e.row))
    yield "定性指标的完成程度", column("tier", "完成程度", lambda e: e.row.tier)
    yield "完成率，百分比", column("completion", "完成率", lambda e: e.row.completion, "percent")
    yield "权重，分", column("weight", "权重", lambda e: e.row.weight, "decimal", summed=True)
    yield "得分，经核定的为核定后的", points("score", "得分", lambda row: row.final_score)
    yield "权重减得分", points("lost", "失分", _count_lost)
    yield "偏差原因及改进措施", column("reason", "偏差原因", lambda e: e.row.deviation_reason)
    yield "得分的算式", column("explanation", "得分说明", lambda e: e.row.explanation)
    yield "得分经核定的写明原来多少分", column("remark", "备注", lambda e: _remark(e.row))


def _show_actual(row: IndicatorRow) -> str:
    if not row.applicable:
        return "不适用"
    unit = "" if row.direction is Direction.QUALITATIVE else row.unit
    return row.actual_text or quantity_text(row.actual, unit)


def _count_lost(row: IndicatorRow) -> float | None:
    return None if row.weight is None or row.final_score is None else row.weight - row.final_score


def _remark(row: IndicatorRow) -> str:
    if row.reviewed_score is None:
        return ""
    return "得分经核定" + ("" if row.score is None else f"，原为{row.score:.2f}分")


def _group_columns(kind: ListKind, grades: Iterable[str]) -> Iterator[_Described]:
    """The same for every kind; of everything together no number and no name."""
    if kind is not ListKind.ALL:
        yield "从 1 起的序号", Column("number", "序号", 4, lambda e: e.number)
        yield f"{kind}的名称", Column("name", "名称", 20, lambda e: e.name)
    if kind is ListKind.UNIT:
        yield "单位的主管部门", Column("department", "主管部门", 20, lambda e: _find_department(e))
    for meaning, header, count in _COUNTS:
        yield meaning, Column(header, header, 8, _count_by(count), "count", total="sum")
    for measure in (*INPUT_MEASURES, Measure.BALANCE):
        label = measure.label.removesuffix("资金") if measure is not Measure.BALANCE else measure.label
        yield f"{label}的合计，万元", Column(measure, label, 11, _sum_of(measure), "money", total="sum")
    yield (
        "合计的预算执行率，百分比",
        Column(
            "rate",
            EXECUTION_RATE,
            8,
            _divide_money,
            "percent",
            rule=rate(Measure.EXECUTED, Measure.ANNUAL_BUDGET),
            total="rule",
        ),
    )
    shown: Mapping[str, Callable[[list[float]], float]] = {"平均分": _mean, "最高分": max, "最低分": min}
    for header, choose in shown.items():
        yield (
            f"得分的{header.removesuffix('分')}，待更正的不计入",
            Column(header, header, 8, _of_totals(choose), "decimal"),
        )
    for grade in grades:
        yield (
            f"等级是{grade}的项目数",
            Column(f"grade:{grade}", f"等级·{grade}", 6, _count_grade(grade), "count", total="sum"),
        )


_COUNTS: tuple[tuple[str, str, Callable[[ListGroup], int]], ...] = (
    ("项目数，没有报送的也算", "应报数", lambda group: len(group.projects)),
    ("报送了的项目数", "项目数", lambda group: len(group.come)),
    ("没有报送的项目数", "未报数", lambda group: len(group.projects) - len(group.come)),
    ("填报不完整、不计入平均的项目数", "待更正数", lambda group: sum(one.pending for one in group.projects)),
    ("得分经财政部门核定的项目数", "核定数", lambda group: sum(one.reviewed for one in group.projects)),
    ("财政部门已接收的项目数", "已接收数", lambda group: sum(one.state is State.ACCEPTED for one in group.projects)),
    ("校验问题中错误的个数", "错误", lambda group: sum(one.findings.error for one in group.projects)),
    ("校验问题中提醒的个数", "提醒", lambda group: sum(one.findings.unanswered for one in group.projects)),
)
"""What is counted: meaning, heading and how."""


def _find_department(group: ListGroup) -> str:
    return "、".join(dict.fromkeys(project.department or NO_DEPARTMENT for project in group.projects))


def _count_by(count: Callable[[ListGroup], int]) -> Callable[[ListGroup], Scalar]:
    return count


def _sum_of(measure: Measure) -> Callable[[ListGroup], Scalar]:
    return lambda group: group.sum(measure)


def _divide_money(group: ListGroup) -> float | None:
    executed, annual = group.sum(Measure.EXECUTED), group.sum(Measure.ANNUAL_BUDGET)
    return executed / annual if executed is not None and annual else None


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _of_totals(choose: Callable[[list[float]], float]) -> Callable[[ListGroup], Scalar]:
    return lambda group: choose(group.totals) if group.totals else None


def _count_grade(grade: str) -> Callable[[ListGroup], Scalar]:
    return lambda group: sum(final_grade_text(project) == grade for project in group.projects)
