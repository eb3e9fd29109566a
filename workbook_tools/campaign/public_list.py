"""公开清单.xlsx: what was published and what not and why, by department, and which numbers were hidden. It is the office's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbook_tools.excel.styles import OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import Column, Table
from workbook_tools.excel.writing import Book
from workbook_tools.reports.public_version import HiddenNumber
from workbook_tools.rules.expr import Ref

LIST_KIND = "公开清单"
_PUBLIC, _WITHHELD = "公开", "不公开"


@dataclass(frozen=True, slots=True)
class PublicItem:
    """What became of a project of the list."""

    code: str
    name: str
    department: str
    unit: str
    budget: float | None = None
    """全年预算资金, 万元; not known of what has not come."""
    form: tuple[Path, ...] = ()
    """The form for the public: the .xlsx, and the .pdf where one could be made."""
    report: tuple[Path, ...] = ()
    """The report likewise: .docx and .pdf."""
    reasons: tuple[str, ...] = ()
    """Why nothing is published, or not all; what a published report lacks."""
    hidden: tuple[HiddenNumber, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All files for the public."""
        return self.form + self.report


@dataclass(frozen=True, slots=True)
class _DepartmentLine:
    """A department, and its projects."""

    department: str
    items: list[PublicItem] = field(default_factory=list)

    def sum_budgets(self, *, public: bool) -> float:
        """全年预算资金 of all its projects, or of those that are public."""
        return sum(item.budget or 0.0 for item in self.items if item.files or not public)


def draw_public_list(items: Sequence[PublicItem], title: str, note: str) -> bytes:
    """The workbook; ``items`` in the list's order."""
    lines: dict[str, _DepartmentLine] = {}
    for item in items:
        lines.setdefault(item.department, _DepartmentLine(item.department)).items.append(item)
    with Book(title=title, kind=LIST_KIND) as book:
        projects, departments, numbers = (book.sheet(name) for name in (LIST_KIND, "分部门", "隐去的号码"))
        table = Table(projects, _project_columns(), title, note)
        table.add_all(list(enumerate(items, 1)))
        table.finish(keep=3)
        for key in ("form", "report"):
            table.tint(key, {_PUBLIC: OK_TINT, _WITHHELD: WARNING_TINT})
        counts = Table(departments, _department_columns(), title, note)
        places = counts.add_all(list(lines.values()))
        end = counts.next - 1
        if places:
            counts.add_total({"department": "合计"}, places)
        counts.finish(filter_to=end, keep=1)
        hidden = [(item, number) for item in items for number in item.hidden]
        told = "公开版中这些号码写作“（号码略）”；本地文件不变。这里只写头尾，供核对。"
        table_of_numbers = Table(numbers, _number_columns(), "隐去的号码", told)
        table_of_numbers.add_all(hidden)
        table_of_numbers.finish(keep=2)
    return book.bytes()


def _project_columns() -> list[Column[tuple[int, PublicItem]]]:
    return [
        Column("number", "序号", 6, lambda line: line[0], "count"),
        Column("code", "项目编码", 14, lambda line: line[1].code),
        Column("name", "项目名称", 30, lambda line: line[1].name),
        Column("department", "主管部门", 18, lambda line: line[1].department),
        Column("unit", "实施单位", 18, lambda line: line[1].unit),
        Column("form", "自评表", 9, lambda line: _PUBLIC if line[1].form else _WITHHELD, "text_center"),
        Column("report", "自评报告", 9, lambda line: _PUBLIC if line[1].report else _WITHHELD, "text_center"),
        Column("reasons", "不公开的原因，公开的说明", 34, lambda line: "；".join(line[1].reasons)),
        Column("hidden", "隐去号码（处）", 9, lambda line: len(line[1].hidden) or None, "count"),
        Column("files", "公开的文件", 60, lambda line: "\n".join(path.name for path in line[1].files), printed=False),
    ]


def _department_columns() -> list[Column[_DepartmentLine]]:
    money = "全年预算资金（万元）"
    return [
        Column("department", "主管部门", 28, lambda line: line.department),
        Column("total", "参评项目（个）", 12, lambda line: len(line.items), "count", total="sum"),
        Column("public", "公开项目（个）", 12, lambda line: sum(bool(i.files) for i in line.items), "count", total="sum"),
        Column(
            "share", "公开率", 10, lambda line: sum(bool(i.files) for i in line.items) / len(line.items), "percent",
            rule=Ref("public") / Ref("total"), total="rule",
        ),
        Column("budget", "参评项目", 16, lambda line: line.sum_budgets(public=False), "money", money, total="sum"),
        Column("open", "公开项目", 16, lambda line: line.sum_budgets(public=True), "money", money, total="sum"),
    ]  # fmt: skip


def _number_columns() -> list[Column[tuple[PublicItem, HiddenNumber]]]:
    return [
        Column("code", "项目编码", 14, lambda pair: pair[0].code),
        Column("name", "项目名称", 30, lambda pair: pair[0].name),
        Column("place", "在哪里", 40, lambda pair: pair[1].place),
        Column("shown", "号码", 14, lambda pair: pair[1].shown, "text_center"),
    ]
