"""复核 in 审核结果 and 汇总: what reviewers found of the projects of the sample, beside what the units and finance had."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.review_result import ProjectRow, ReviewResult, SecondLook
from workbook_tools.core.tolerances import NOISE
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.styles import BLUE_FILL, HEADER_FILL, NOTICE_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Sheet
from workbook_tools.results.facts import ResultEntry
from workbook_tools.rules.expr import Ref

SECOND_LOOKS = "复核"
OUTDATED = "得分后来变了"
_NOTE = (
    "抽中并复核过的项目。差异＝复核得分－自评得分；复核不改变审核得分，要改的由财政部门核定。“得分后来变了”是复核以后审核得分有变化的。\n"
    "合计：得分平均，只算筛选后看得见的；部门小计不随筛选、排序变动。"
)


@dataclass(frozen=True, slots=True)
class LookEntry:
    """A project that was looked at again."""

    number: int
    project: ProjectRow
    look: SecondLook
    department: int
    """The number of its department, by which the subtotals find it."""


def has_second_looks(result: ReviewResult) -> bool:
    """Some project was looked at again."""
    return any(project.second_look for project in result.projects)


def is_outdated(project: ProjectRow, look: SecondLook) -> bool:
    """The total that counts is another one than the reviewer saw."""
    now, then = project.final_total, look.central_total
    return (now is None) != (then is None) or (now is not None and then is not None and not NOISE.same(now, then))


def second_look_columns(result: ReviewResult) -> list[Column[ResultEntry]]:
    """复核得分 of a project in the tables of all projects, where any was looked at again."""
    if not has_second_looks(result):
        return []
    return [
        Column(
            "second_total",
            "复核\n得分",
            5.5,
            lambda e: e.project.second_look.total if e.project.second_look else None,
            "decimal",
            total="mean",
        )
    ]


def draw_second_looks(sheet: Sheet, result: ReviewResult) -> Table[LookEntry]:
    """The sheet 复核: each such project, and below them what each department comes to."""
    table = Table(sheet, _list_columns(result), SECOND_LOOKS, _NOTE, size=SMALL)
    rows: dict[str, list[int]] = {}
    for number, (project, look) in enumerate(_sort_by_department(result), 1):
        own = rows.setdefault(project.department, [])
        own.append(table.add(LookEntry(number, project, look, len(rows))))
    table.add_total({"name": "合计"}, BLUE_FILL)
    table.leave_gap()
    for place, (name, own) in enumerate(rows.items(), 1):
        labels = {"department": name or NO_DEPARTMENT, "name": "部门小计"}
        table.add_group_total(labels, "group", (place, place), own, HEADER_FILL)
    table.finish(keep=3)
    table.tint("state", {OUTDATED: NOTICE_TINT})
    return table


def _sort_by_department(result: ReviewResult) -> list[tuple[ProjectRow, SecondLook]]:
    """Departments together, in the order in which they first occur."""
    found = [(project, project.second_look) for project in result.projects if project.second_look]
    places = {name: place for place, name in enumerate(dict.fromkeys(project.department for project, _ in found))}
    return sorted(found, key=lambda pair: places[pair[0].department])


def _list_columns(result: ReviewResult) -> list[Column[LookEntry]]:
    quality: list[Column[LookEntry]] = [
        Column("quality", "自评工作\n质量", 7, lambda e: e.look.quality, "decimal", total="mean"),
        Column("quality_points", "质量\n满分", 6, lambda e: e.look.quality_points, "decimal"),
    ]
    marked = any(project.second_look and project.second_look.quality is not None for project in result.projects)
    return [
        Column("number", "序号", 4, lambda e: e.number, "text_center"),
        Column("code", "项目编码", 9, lambda e: e.project.code, whole=True),
        Column("name", "项目名称", 17, lambda e: e.project.name),
        Column("department", "主管部门", 11, lambda e: e.project.department or NO_DEPARTMENT),
        Column("unit", "实施单位", 11, lambda e: e.project.unit),
        Column("self_total", "自评\n得分", 6, lambda e: e.look.self_total, "decimal", total="mean"),
        Column("central_total", "审核\n得分", 6, lambda e: e.look.central_total, "decimal", total="mean"),
        Column("total", "复核\n得分", 6, lambda e: e.look.total, "decimal", total="mean"),
        Column(
            "difference",
            "差异",
            6,
            lambda e: e.look.difference,
            "decimal",
            rule=Ref("total") - Ref("self_total"),
            total="rule",
        ),
        Column("grade", "复核\n等级", 6, lambda e: e.look.grade, "text_center"),
        Column("differing", "不同的\n得分", 6, lambda e: e.look.differing, "count", total="sum"),
        *(quality if marked else []),
        Column("conclusion", "复核结论", 30, lambda e: e.look.conclusion),
        Column("reason", "抽查原因", 18, lambda e: e.look.reason),
        Column("by", "复核人", 7, lambda e: e.look.by, "text_center"),
        Column("at", "复核日期", 9, lambda e: e.look.at, "text_center"),
        Column("state", "状态", 9, lambda e: OUTDATED if is_outdated(e.project, e.look) else "", "text_center"),
        Column("group", "部门编号", 7, lambda e: e.department, "key", printed=False),
    ]
