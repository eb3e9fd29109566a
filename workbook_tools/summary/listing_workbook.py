"""汇总 of some projects, one row for each: the workbook of a department, and of all where they are few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbook_tools.core.labels import NO_DEPARTMENT, NO_UNIT
from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.styles import BLUE_FILL, HEADER_FILL, SUBTOTAL_FILL, Tint
from workbook_tools.excel.tables import ROW_HEIGHT, Table
from workbook_tools.excel.writing import Book, Sheet
from workbook_tools.results.bands import EXECUTION_DECIMALS
from workbook_tools.results.facts import BAND_TINTS, EXECUTION_RATE, ResultEntry, is_reviewed, say_left_out
from workbook_tools.results.finding_tables import FINDINGS, detail_columns, draw_details, errors_first
from workbook_tools.results.indicator_table import draw_indicators
from workbook_tools.results.judging_cells import judged_columns
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.second_looks import SECOND_LOOKS, draw_second_looks, has_second_looks, second_look_columns
from workbook_tools.results.tables import (
    MISSING,
    SIGNATURE_HEIGHT,
    draw_legend,
    draw_missing,
    draw_signatures,
    funding_columns,
    project_columns,
)
from workbook_tools.summary.charts import draw_charts
from workbook_tools.summary.overview import Group, Groups, Tables, draw_overview
from workbook_tools.summary.year_comparison import COMPARISON_SHEETS, draw_comparison

OVERVIEW, SUMMARY, FUNDING = "概览", "汇总", "资金来源"
INDICATORS, CHARTS = "指标明细", "图表"
SHEETS = (OVERVIEW, SUMMARY, FUNDING, INDICATORS, FINDINGS, MISSING, CHARTS)


def draw_summary(
    result: ReviewResult, title: str, places: OutputLinks, tints: Mapping[str, Tint], *, by_department: bool
) -> Iterator[bytes]:
    """The workbook over these projects, piece by piece, with subtotals per unit and, if asked, per department."""
    book = Book(title=title, kind="汇总")
    compared = COMPARISON_SHEETS if result.compared_with else ()
    looked = (SECOND_LOOKS,) if has_second_looks(result) else ()
    sheets = {name: book.sheet(name) for name in (*SHEETS[:-1], *looked, *compared, CHARTS)}
    heading = title.removesuffix("汇总表")
    tree = _group_projects(result.projects)
    summary = _draw_summary_sheet(sheets[SUMMARY], result, title, places, tints, tree, by_department=by_department)
    _draw_funding(sheets[FUNDING], result, tree, by_department=by_department)
    judging = judged_columns() if is_reviewed(result) else ()
    indicators, rows = draw_indicators(sheets[INDICATORS], result, places, judging)
    findings = draw_details(sheets[FINDINGS], detail_columns(result, places), errors_first(result.findings))
    missing = draw_missing(sheets[MISSING], result)
    if looked:
        draw_second_looks(sheets[SECOND_LOOKS], result)
    if result.compared_with:
        draw_comparison(sheets, result, heading, tints, by_department=by_department)
    tables = Tables(summary.table, summary.entries, findings, missing, summary.groups)
    others = (*SHEETS[1:], *looked, *compared[:1])
    spreads = draw_overview(sheets[OVERVIEW], result, heading + OVERVIEW, tables, tints, others)
    draw_charts(
        sheets[CHARTS], result, tints, sheets[OVERVIEW], spreads, summary.table, summary.groups, indicators, rows
    )
    return book.pieces()


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    projects: list[ProjectRow]


def _group_projects(projects: Iterable[ProjectRow]) -> dict[str, list[_Unit]]:
    """Departments and their units in the order in which they first occur."""
    tree: dict[str, dict[str, _Unit]] = {}
    for project in projects:
        units = tree.setdefault(project.department or NO_DEPARTMENT, {})
        units.setdefault(project.unit or NO_UNIT, _Unit(project.unit or NO_UNIT, [])).projects.append(project)
    return {department: list(units.values()) for department, units in tree.items()}


@dataclass(frozen=True, slots=True)
class _Listed:
    """A table of all projects with subtotals."""

    table: Table[ResultEntry]
    entries: dict[int, ProjectRow]
    """The project in each row that holds one."""
    groups: Groups
    """What is compared: departments, or units where there is one department only."""


_UNIT_NUMBER: Column[ResultEntry] = Column("unit_number", "单位编号", 7, lambda e: e.unit, "key", printed=False)
"""By which the subtotals find their projects; the units of a department have numbers that follow each other."""


def _draw_projects(table: Table[ResultEntry], tree: Mapping[str, list[_Unit]], *, by_department: bool) -> _Listed:
    """Write the projects, the grand total, and below it, in a table of their own, what each department and unit comes to.

    A list with subtotals in it could not be sorted. A department of one unit has one row for both.
    """
    entries: dict[int, ProjectRow] = {}
    parts: dict[str, list[tuple[int, str, list[int]]]] = {department: [] for department in tree}
    units_of = ((department, unit) for department, members in tree.items() for unit in members)
    for number, (department, unit) in enumerate(units_of, 1):
        rows = [table.add(ResultEntry(n, p, number)) for n, p in enumerate(unit.projects, len(entries) + 1)]
        entries |= dict(zip(rows, unit.projects, strict=True))
        parts[department].append((number, unit.name, rows))
    if not entries:
        return _Listed(table, entries, Groups("实施单位", []))
    table.add_total({"name": "合计"}, BLUE_FILL)
    table.leave_gap()
    departments: list[Group] = []
    units: list[Group] = []
    for department, own in parts.items():
        (first, name, _), (last, *_) = own[0], own[-1]
        single = {"unit": name} if first == last else {}
        if by_department:
            rows = [row for *_, some in own for row in some]
            numbers = f"{first}～{last}" if first < last else first
            labels = {"department": department, **single, "name": "部门小计", _UNIT_NUMBER.key: numbers}
            total = table.add_group_total(labels, _UNIT_NUMBER.key, (first, last), rows, HEADER_FILL)
            departments.append(Group(department, rows, total))
            if single:
                units.append(Group(name, rows, total))
                continue
        for number, name, rows in own:
            labels = {"department": department, "unit": name, "name": "单位小计", _UNIT_NUMBER.key: number}
            total = table.add_group_total(labels, _UNIT_NUMBER.key, (number, number), rows, SUBTOTAL_FILL)
            units.append(Group(name, rows, total))
    groups = Groups("主管部门", departments) if len(departments) > 1 else Groups("实施单位", units)
    return _Listed(table, entries, groups)


def _draw_summary_sheet(
    sheet: Sheet,
    result: ReviewResult,
    title: str,
    places: OutputLinks,
    tints: Mapping[str, Tint],
    tree: Mapping[str, list[_Unit]],
    *,
    by_department: bool,
) -> _Listed:
    """The sheet 汇总: the projects, what the colours mean, and where to sign."""
    listed = _draw_projects(
        Table(
            sheet,
            [*project_columns(result, places), *second_look_columns(result), _UNIT_NUMBER],
            title,
            _write_note(result),
            size=SMALL,
        ),
        tree,
        by_department=by_department,
    )
    legend = {
        EXECUTION_RATE: {band.label: tint for band, tint in BAND_TINTS.items()},
        "评价等级": {name: tint for name, tint in tints.items() if tint.fill},
    }
    table = listed.table
    table.finish(keep=5, foot=[ROW_HEIGHT] * (len(legend) + 1) + [SIGNATURE_HEIGHT])
    table.tint_bands(
        Measure.EXECUTION_RATE, {b.at_least - 0.5 * 10**-EXECUTION_DECIMALS: t for b, t in BAND_TINTS.items()}
    )
    table.tint("grade", tints)
    if is_reviewed(result):
        table.tint("final_grade", tints)
    draw_legend(sheet, table.next + 1, 4, legend)
    draw_signatures(sheet, table.next + 1 + len(legend), table)
    return listed


def _draw_funding(sheet: Sheet, result: ReviewResult, tree: Mapping[str, list[_Unit]], *, by_department: bool) -> None:
    """The sheet 资金来源: of each project, where its money came from and what of it was spent."""
    note = "只列有金额的来源。合计只算筛选后看得见的，小计不随筛选、排序变动"
    table = Table(sheet, [*funding_columns(result), _UNIT_NUMBER], sheet.title, note, size=SMALL)
    _draw_projects(table, tree, by_department=by_department).table.finish(keep=5)


def _write_note(result: ReviewResult) -> str:
    missing = f"；未报 {len(result.missing)} 个，见“未报清单”" if result.missing else ""
    reviewed = "。核定后：按核定得分重算，没有核定的与程序计算的相同" if is_reviewed(result) else ""
    return (
        f"已审核项目 {len(result.projects)} 个{missing}。小计、合计：资金和问题相加，得分平均，执行率按合计数计算；"
        f"合计只算筛选后看得见的，小计不随筛选、排序变动{reviewed}{say_left_out(result)}"
    )
