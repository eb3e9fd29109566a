"""报送情况.xlsx: every project with its state, and the counts per department."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from workbook_tools.campaign.ledger.status import (
    LATE,
    StateCount,
    StatusRow,
    count_departments,
    format_local_time,
)
from workbook_tools.core.codes import Severity
from workbook_tools.core.states import State
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.styles import ERROR_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book
from workbook_tools.files.paths import replace_result
from workbook_tools.results.facts import STATE_TINTS
from workbook_tools.rules.functions import add_up

DEPARTMENTS, PROJECTS = "分部门", "报送情况"


def write_status(path: Path, rows: Sequence[StatusRow], title: str, note: str) -> None:
    """Write 报送情况.xlsx; what somebody changed in an earlier one is moved aside. Raises OutputError."""
    replace_result(path, draw_status(rows, title, note))


def draw_status(rows: Sequence[StatusRow], title: str, note: str) -> bytes:
    """The workbook; ``note`` says up to when, and by which deadline, it was judged."""
    with Book(title=title, kind="报送情况") as book:
        departments, projects = book.sheet(DEPARTMENTS), book.sheet(PROJECTS)
        counts = Table(departments, _count_columns(), title, note)
        places = counts.add_all(count_departments(rows))
        if places:
            counts.add_total({"department": "合计"})
        counts.finish(keep=1)
        table = Table(projects, _project_columns(), title, note, size=SMALL)
        table.add_all(rows)
        table.finish(keep=2)
        table.tint("state", STATE_TINTS)
        table.tint("late", {LATE[True]: ERROR_TINT})
    return book.bytes()


def _count_columns() -> list[Column[StateCount]]:
    states = [Column(state.name, state.value, 10, _count_state(state), "count", total="sum") for state in State]
    return [
        Column("department", "主管部门", 28, lambda c: c.department),
        Column("total", "应报项目", 10, lambda c: c.total, "count", rule=add_up([s.key for s in states]), total="sum"),
        *states,
        Column("late", "其中逾期", 10, lambda c: c.late, "count", total="sum"),
        Column("evidence", "缺佐证材料", 11, lambda c: c.without_evidence, "count", total="sum"),
        Column("packed", "打包时间", 16, lambda c: format_local_time(c.packed_at), "text_center"),
        Column("to_pack", "打包后改过", 11, lambda c: c.to_pack if c.packed_at else None, "count", total="sum"),
    ]


def _count_state(state: State) -> Callable[[StateCount], int]:
    return lambda count: count.states[state]


def _project_columns() -> list[Column[StatusRow]]:
    return [
        Column("code", "项目编码", 9.5, lambda r: r.code),
        Column("name", "项目名称", 18.5, lambda r: r.name),
        Column("department", "主管部门", 10, lambda r: r.department),
        Column("unit", "实施单位", 11, lambda r: r.unit),
        Column("state", "状态", 5, lambda r: r.state.value, "text_center"),
        Column("first_step", "先做什么", 20, lambda r: r.first_step),
        Column("late", "是否逾期", 5.5, lambda r: LATE[r.late], "text_center"),
        Column("issued", "下发时间", 8.5, lambda r: format_local_time(r.issued_at), "text_center"),
        Column("received", "首次报送", 8.5, lambda r: format_local_time(r.received_at), "text_center"),
        Column("versions", "报送次数", 5, lambda r: r.versions, "count"),
        *(_count_findings(severity) for severity in Severity),
        Column("total", "总分", 5.5, lambda r: r.total, "decimal"),
        Column("grade", "评价等级", 5.5, lambda r: r.grade, "text_center"),
        Column("trust", "来源", 6.5, lambda r: r.trust or "", "text_center"),
        Column("returned", "最近退回", 8.5, lambda r: format_local_time(r.returned_at), "text_center"),
        Column("accepted", "接收时间", 8.5, lambda r: format_local_time(r.accepted_at), "text_center", printed=False),
        Column("who", "接收人", 6, lambda r: r.accepted_by, "text_center", printed=False),
        Column("because", "接收理由", 16, lambda r: r.accepted_because, printed=False),
        Column("evidence", "缺佐证材料", 6, lambda r: r.evidence_absent or None, "count", printed=False),
        Column("packed", "打包时间", 8.5, lambda r: format_local_time(r.packed_at), "text_center", printed=False),
        Column("file", "采用的文件", 26, lambda r: r.file, printed=False),
    ]


def _count_findings(severity: Severity) -> Column[StatusRow]:
    """How many findings of a severity the version that counts has."""
    return Column(
        f"{severity}s",
        severity.label,
        3.5,
        lambda r: getattr(r.findings, severity) if r.findings else None,
        "count",
        "问题（处）",
    )
