"""公开清单.xlsx: what was published and what not and why, by department, and which numbers and names were hidden. It is the
office's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from workbook_tools.excel.columns import Column
from workbook_tools.excel.styles import OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book
from workbook_tools.reports.hiding import NAME, NUMBER, HiddenText
from workbook_tools.rules.expr import Ref

LIST_KIND = "公开清单"
HIDDEN_SHEET = "隐去的号码和姓名"
REPORT_SHEET = "汇总报告"
_REPORT_NOTE = (
    "公开的汇总报告只汇总公开的项目，不公开的不在里面，也不与别的部门比较；要公开哪几种，在 wbt.toml 的 [publish] reports 里写。\n"
    "起草的文字要有人确认；有不公开的项目时，文字与内部的报告不同，要另外确认。没有一个项目公开的部门，没有公开的报告。"
)
_PUBLIC, _WITHHELD = "公开", "不公开"
_STRUCK, _LEFT = "已隐去", "没有隐去，请核对"
_HIDDEN_NOTE = (
    "已隐去的，公开版中写作“（号码略）”“（姓名略）”，本地文件不变；这里只写头尾，供核对。"
    "“没有隐去，请核对”的可能是姓名，公开以前请看一遍，是姓名的请单位改去。\n"
    "姓名找不全：找得到的是填报人等栏里填的姓名、“联系人：”等后面的姓名；只在句子里出现的，多半找不到。"
)


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
    hidden: tuple[HiddenText, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All files for the public."""
        return self.form + self.report


@dataclass(frozen=True, slots=True)
class PublicReport:
    """What became of a report on several projects."""

    name: str
    department: str
    """Blank: of all departments."""
    whose: str
    """What its drafts are accepted by."""
    inside: int
    """How many projects it is on."""
    left_out: int
    """How many of the list are not in it, as they are not public."""
    files: tuple[Path, ...] = ()
    reason: str = ""
    """Why it is not published."""
    hidden: tuple[HiddenText, ...] = ()


@dataclass(frozen=True, slots=True)
class _HiddenLine:
    """A text that was hidden, and in what."""

    code: str
    name: str
    text: HiddenText


@dataclass(frozen=True, slots=True)
class _DepartmentLine:
    """A department, and its projects."""

    department: str
    items: list[PublicItem] = field(default_factory=list)

    def sum_budgets(self, *, public: bool) -> float:
        """全年预算资金 of all its projects, or of those that are public."""
        return sum(item.budget or 0.0 for item in self.items if item.files or not public)


def draw_public_list(items: Sequence[PublicItem], reports: Sequence[PublicReport], title: str, note: str) -> bytes:
    """The workbook; ``items`` in the list's order, ``reports`` those on several projects."""
    lines: dict[str, _DepartmentLine] = {}
    for item in items:
        lines.setdefault(item.department, _DepartmentLine(item.department)).items.append(item)
    with Book(title=title, kind=LIST_KIND) as book:
        projects, summaries, departments, found = map(book.sheet, (LIST_KIND, REPORT_SHEET, "分部门", HIDDEN_SHEET))
        table = Table(projects, _project_columns(), title, note)
        table.add_all(list(enumerate(items, 1)))
        table.finish(keep=3)
        for key in ("form", "report"):
            table.tint(key, {_PUBLIC: OK_TINT, _WITHHELD: WARNING_TINT})
        listed = Table(summaries, _report_columns(), REPORT_SHEET, _REPORT_NOTE)
        listed.add_all(reports)
        listed.finish(keep=2)
        listed.tint("public", {_PUBLIC: OK_TINT, _WITHHELD: WARNING_TINT})
        counts = Table(departments, _department_columns(), title, note)
        places = counts.add_all(list(lines.values()))
        if places:
            counts.add_total({"department": "合计"})
        counts.finish(keep=1)
        hidden = Table(found, _hidden_columns(), HIDDEN_SHEET, _HIDDEN_NOTE)
        hidden.add_all([_HiddenLine(item.code, item.name, one) for item in items for one in item.hidden])
        hidden.add_all([_HiddenLine("", f"{r.department}{r.name}", one) for r in reports for one in r.hidden])
        hidden.finish(keep=2)
        hidden.tint("struck", {_STRUCK: OK_TINT, _LEFT: WARNING_TINT})
    return book.bytes()


def _project_columns() -> list[Column[tuple[int, PublicItem]]]:
    return [
        Column("number", "序号", 5, lambda line: line[0], "text_center"),
        Column("code", "项目编码", 14, lambda line: line[1].code),
        Column("name", "项目名称", 30, lambda line: line[1].name),
        Column("department", "主管部门", 18, lambda line: line[1].department),
        Column("unit", "实施单位", 18, lambda line: line[1].unit),
        Column("form", "自评表", 9, lambda line: _PUBLIC if line[1].form else _WITHHELD, "text_center"),
        Column("report", "自评报告", 9, lambda line: _PUBLIC if line[1].report else _WITHHELD, "text_center"),
        Column("reasons", "不公开的原因，公开的说明", 34, lambda line: "；".join(line[1].reasons)),
        *(
            Column(f"hidden_{kind}", f"隐去{kind}\n（处）", 9, partial(_count_struck, kind=kind), "count")
            for kind in (NUMBER, NAME)
        ),
        Column("files", "公开的文件", 60, lambda line: "\n".join(path.name for path in line[1].files), printed=False),
    ]


def _department_columns() -> list[Column[_DepartmentLine]]:
    money = "全年预算资金（万元）"
    return [
        Column("department", "主管部门", 28, lambda line: line.department),
        Column("total", "参评项目\n（个）", 12, lambda line: len(line.items), "count", total="sum"),
        Column("public", "公开项目\n（个）", 12, lambda line: sum(bool(i.files) for i in line.items), "count", total="sum"),
        Column(
            "share", "公开率", 10, lambda line: sum(bool(i.files) for i in line.items) / len(line.items), "percent",
            rule=Ref("public") / Ref("total"), total="rule",
        ),
        Column("budget", "参评项目", 16, lambda line: line.sum_budgets(public=False), "money", money, total="sum"),
        Column("open", "公开项目", 16, lambda line: line.sum_budgets(public=True), "money", money, total="sum"),
    ]  # fmt: skip


def _count_struck(line: tuple[int, PublicItem], kind: str) -> int | None:
    return sum(one.kind == kind and one.struck for one in line[1].hidden) or None


def _hidden_columns() -> list[Column[_HiddenLine]]:
    return [
        Column("code", "项目编码", 14, lambda line: line.code),
        Column("name", "项目名称", 30, lambda line: line.name),
        Column("place", "在哪里", 40, lambda line: line.text.place),
        Column("shown", "号码或姓名", 14, lambda line: line.text.shown, "text_center"),
        Column("kind", "种类", 8, lambda line: line.text.kind, "text_center"),
        Column("struck", "处理", 18, lambda line: _STRUCK if line.text.struck else _LEFT, "text_center"),
    ]


def _report_columns() -> list[Column[PublicReport]]:
    return [
        Column("name", "报告", 20, lambda r: r.name),
        Column("department", "主管部门", 24, lambda r: r.department or "全部"),
        Column("public", "公开", 9, lambda r: _PUBLIC if r.files else _WITHHELD, "text_center"),
        Column("inside", "包括的项目\n（个）", 12, lambda r: r.inside, "count"),
        Column("left_out", "不公开、没有\n包括的（个）", 16, lambda r: r.left_out or None, "count"),
        Column("reason", "不公开的原因", 56, lambda r: r.reason),
        Column("files", "公开的文件", 60, lambda r: "\n".join(path.name for path in r.files), printed=False),
    ]
