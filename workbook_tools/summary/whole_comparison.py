"""与上年比较 of more projects than one workbook lists: a row for each department, whose projects stand in its own workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.columns import SMALL, Column, Link
from workbook_tools.excel.references import file_link
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Scalar, Sheet
from workbook_tools.results.facts import EXECUTION_RATE
from workbook_tools.results.two_years import Presence, YearSum
from workbook_tools.rules.expr import Ref
from workbook_tools.rules.library import rate
from workbook_tools.summary.department_sums import DepartmentYears
from workbook_tools.summary.year_comparison import COMPARISON, PAIRS, REPEATED

_YEARS = {"last": "上年", "now": "今年"}


def draw_whole_comparison(sheet: Sheet, head: ReviewResult, title: str, rows: Sequence[DepartmentYears]) -> None:
    """The sheet."""
    note = (
        f"上年：{head.compared_with} 年度，今年：{head.year} 年度，得分按核定后的。增减只比两年都有的项目：资金比两年都填了的，得分比两年都有得分的。"
        f"各项目见各部门汇总工作簿的“{PAIRS}”“{REPEATED}”；合计：相加，率和平均按合计数计算"
    )
    table = Table(sheet, [*_list_columns()], f"{title}{COMPARISON}", note, size=SMALL)
    table.add_all(rows)
    if rows:
        table.add_total({"department": "合计"})
    table.finish(keep=1)


def _list_columns() -> Iterator[Column[DepartmentYears]]:
    def link(entry: DepartmentYears) -> Link:
        return Link(entry.department, file_link(entry.link) if entry.link else "")

    yield Column("department", "主管部门", 22, link, least=16)
    for standing in Presence:
        yield _count(f"standing:{standing}", standing.value, partial(_count_standing, standing), "项目（个）")
    yield _count("money", "可比", lambda e: e.sums.money, "资金（万元）")
    yield from _money_columns("budget", "预算")
    yield from _money_columns("executed", "执行")
    for year, name in _YEARS.items():
        executed = rate(f"executed:{year}", f"budget:{year}")
        yield Column(
            f"rate:{year}", name, 7, partial(_rate, year), "percent", EXECUTION_RATE, rule=executed, total="rule"
        )
    yield _count("scored", "可比", lambda e: e.sums.scored, "得分")
    for year, name in _YEARS.items():
        mean = rate(f"points:{year}", "scored")
        yield Column(f"mean:{year}", f"{name}平均", 6, partial(_mean, year), "decimal", "得分", rule=mean, total="rule")
    yield _count("repeated", "连续失分\n的指标", lambda e: e.repeated or None, "")
    for year, name in _YEARS.items():
        points = partial(_sum, "points", year)
        yield Column(f"points:{year}", f"{name}\n得分合计", 9, points, "decimal", total="sum", printed=False)


def _count(key: str, header: str, value: Callable[[DepartmentYears], Scalar], group: str) -> Column[DepartmentYears]:
    return Column(key, header, 5.5, value, "count", group, total="sum")


def _money_columns(what: str, name: str) -> Iterator[Column[DepartmentYears]]:
    """Both years' sums, and by how much they changed."""
    group = "资金（万元）"
    for year, when in _YEARS.items():
        yield Column(f"{what}:{year}", f"{when}{name}", 9.5, partial(_sum, what, year), "money", group, total="sum")
    change = Ref(f"{what}:now") - Ref(f"{what}:last")
    yield Column(
        f"{what}:change",
        f"{name}增减",
        9,
        lambda e: _sum(what, "now", e) - _sum(what, "last", e),
        "money",
        group,
        rule=change,
        total="rule",
    )


def _count_standing(standing: Presence, entry: DepartmentYears) -> int:
    return entry.sums.presences[standing]


def _year(year: str, entry: DepartmentYears) -> YearSum:
    return entry.sums.last if year == "last" else entry.sums.now


def _sum(what: str, year: str, entry: DepartmentYears) -> float:
    amount: float = getattr(_year(year, entry), what)
    return amount


def _rate(year: str, entry: DepartmentYears) -> float | None:
    return _year(year, entry).rate


def _mean(year: str, entry: DepartmentYears) -> float | None:
    return entry.sums.mean(_year(year, entry))
