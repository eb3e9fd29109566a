"""报送情况.xlsx: every project with its state, and the counts per department."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from workbook_tools.campaign.ledger.status import State, StatusRow, by_department
from workbook_tools.core.codes import Severity
from workbook_tools.excel.styles import ERROR_TINT, INFO_TINT, OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import Column, Table
from workbook_tools.excel.writing import Book
from workbook_tools.rules.expr import Expr, Ref

DEPARTMENTS, PROJECTS = "分部门", "报送情况"
LATE = {True: "逾期", False: "", None: "未判断"}
STATE_TINTS = {
    State.ISSUED: WARNING_TINT,
    State.FAULTY: ERROR_TINT,
    State.RETURNED: WARNING_TINT,
    State.RESUBMITTED: INFO_TINT,
    State.ACCEPTED: OK_TINT,
}


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many projects of a department are in each state, and how many are late."""

    department: str
    states: dict[State, int]
    late: int

    @property
    def total(self) -> int:
        """All projects of the department that are on the list."""
        return sum(self.states.values())


def count_departments(rows: Sequence[StatusRow]) -> list[StateCount]:
    """The counts of each department, in the order of the list."""
    return [
        StateCount(name, {s: sum(r.state is s for r in members) for s in State}, sum(r.late is True for r in members))
        for name, members in by_department(rows).items()
    ]


def local_time(moment: datetime | None) -> str:
    """A moment as this computer's clock shows it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""


def status_workbook(rows: Sequence[StatusRow], title: str, note: str) -> bytes:
    """The workbook; ``note`` says up to when, and by which deadline, it was judged."""
    with Book(title=title) as book:
        departments, projects = book.sheet(DEPARTMENTS), book.sheet(PROJECTS)
        counts = Table(departments, _count_columns(), title, note)
        places = counts.add_all(count_departments(rows))
        end = counts.next - 1
        if places:
            counts.add_total({"department": "合计"}, places)
        counts.finish(filter_to=end, keep=1)
        table = Table(projects, _project_columns(), title, note)
        table.add_all(rows)
        table.finish(keep=2)
        table.tint("state", {state.value: tint for state, tint in STATE_TINTS.items()})
        table.tint("late", {LATE[True]: ERROR_TINT})
    return book.bytes()


def _count_columns() -> list[Column[StateCount]]:
    states = [Column(state.name, state.value, 10, _state_count(state), "count", total="sum") for state in State]
    return [
        Column("department", "主管部门", 28, lambda c: c.department),
        Column("total", "应报项目", 10, lambda c: c.total, "count", rule=_sum([s.key for s in states]), total="sum"),
        *states,
        Column("late", "其中逾期", 10, lambda c: c.late, "count", total="sum"),
    ]


def _state_count(state: State) -> Callable[[StateCount], int]:
    return lambda count: count.states[state]


def _sum(keys: Sequence[str]) -> Expr:
    first, *others = map(Ref, keys)
    return reduce(operator.add, others, first)


def _project_columns() -> list[Column[StatusRow]]:
    group = "校验问题（个）"
    return [
        Column("code", "项目编码", 12, lambda r: r.code),
        Column("name", "项目名称", 28, lambda r: r.name),
        Column("department", "主管部门", 18, lambda r: r.department),
        Column("unit", "实施单位", 18, lambda r: r.unit),
        Column("state", "状态", 13, lambda r: r.state.value, "text_center"),
        Column("late", "是否逾期", 8, lambda r: LATE[r.late], "text_center"),
        Column("issued", "下发时间", 16, lambda r: local_time(r.issued_at), "text_center"),
        Column("received", "首次报送", 16, lambda r: local_time(r.received_at), "text_center"),
        Column("versions", "报送次数", 8, lambda r: r.versions, "count"),
        Column("errors", Severity.ERROR.label, 6, lambda r: r.findings.error if r.findings else None, "count", group),
        Column(
            "warnings", Severity.WARNING.label, 6, lambda r: r.findings.warning if r.findings else None, "count", group
        ),
        Column("infos", Severity.INFO.label, 6, lambda r: r.findings.info if r.findings else None, "count", group),
        Column("total", "总分", 8, lambda r: r.total, "score"),
        Column("grade", "评价等级", 9, lambda r: r.grade, "text_center"),
        Column("returned", "最近退回", 16, lambda r: local_time(r.returned_at), "text_center"),
        Column("accepted", "接收时间", 16, lambda r: local_time(r.accepted_at), "text_center"),
        Column("who", "接收人", 10, lambda r: r.accepted_by, "text_center"),
        Column("file", "采用的文件", 40, lambda r: r.file, printed=False),
    ]
