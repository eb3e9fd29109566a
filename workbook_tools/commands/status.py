"""``wbt status``: who has submitted what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from workbook_tools.campaign.ledger.reminder import REMINDER_FILE, remind_departments
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.campaign.ledger.status import (
    LATE,
    StateCount,
    StatusRow,
    add_counts,
    count_departments,
    format_local_time,
)
from workbook_tools.campaign.places import choose_target
from workbook_tools.commands import clock
from workbook_tools.commands.screen import console
from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.working_folder import need_campaign
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.states import State
from workbook_tools.core.values import number_text
from workbook_tools.followup.due_matters import count_due, describe_due
from workbook_tools.followup.matter_history import MatterHistory

_SHOWN = 30
"""Projects printed at most; all are in the workbook."""
_COPIES_SHOWN = 5
_DUE_SHOWN = 20
"""Matters to mend that are printed at most."""


def status(
    department: Annotated[str, typer.Option("--department", metavar="名称", help="只列这个主管部门的全部项目。")] = "",
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="文件", help="写成 Excel 工作簿，如 报送情况.xlsx。")
    ] = None,
    remind: Annotated[
        bool, typer.Option("--remind", help=f"给每个还欠报的主管部门写一段催报文字，存入 {REMINDER_FILE}。")
    ] = False,
) -> None:
    """Print the counts and the projects that are not done yet."""
    campaign, now = need_campaign(), clock.now()
    found = find_standing(campaign, now)
    rows = found.rows
    if department:
        rows = [row for row in rows if row.department == department]
        if not rows:
            raise SettingsError(f"项目清单中没有主管部门“{department}”。")
    _print_status(rows, found.title, found.note, whole=bool(department))
    _print_mending(found.mending, department, now)
    _print_unneeded(found.unneeded)
    if xlsx is not None:
        from workbook_tools.campaign.ledger.workbook import write_status

        write_status(choose_target(xlsx, ".xlsx"), rows, f"{campaign.settings.authority}{found.title}", found.note)
        print_line(f"报送情况已写入 {xlsx}。")
    if remind:
        print_line("\n" + remind_departments(campaign, rows, now))
        print_line(f"以上文字已存入 {campaign.root / REMINDER_FILE}。")


def _print_status(rows: Sequence[StatusRow], title: str, note: str, *, whole: bool) -> None:
    """The counts; then every project of the one department, or of all departments what is not done yet."""
    _print_counts(rows, title)
    print_line(note)
    if whole:
        _print_projects("全部项目", rows, whole=True)
    elif left := [row for row in rows if row.state is not State.ACCEPTED]:
        _print_projects("还没有完成的项目", left[:_SHOWN], whole=False)
        if len(left) > _SHOWN:
            print_line(f"……还有 {len(left) - _SHOWN} 个，用 --xlsx 报送情况.xlsx 查看全部。")
    else:
        print_line("所有项目都已接收。")


def _print_mending(matters: Sequence[MatterHistory], department: str, now: datetime) -> None:
    """What units have to mend and finance to check, over its term first."""
    if own := [one for one in matters if department in ("", one.matter.department)]:
        print_line(f"整改：{count_due(own, now)}。登记答复和结论用 wbt rectify。")
        print_due_matters(describe_due(own, now))


def _print_unneeded(copies: Mapping[str, str]) -> None:
    """The marked copies that no unit is to get any more, and why."""
    if copies:
        told = "、".join(f"{name}（{why}）" for name, why in islice(copies.items(), _COPIES_SHOWN))
        more = f" 等 {len(copies)} 个" if len(copies) > _COPIES_SHOWN else ""
        print_line(f"不要再发的退回副本：{told}{more}。再运行 wbt return 时移进归档。")


def print_due_matters(lines: Sequence[str]) -> None:
    """What is due, over its term first."""
    for line in lines[:_DUE_SHOWN]:
        print_line(f"  {line}")
    if len(lines) > _DUE_SHOWN:
        print_line(f"  …… 共 {len(lines)} 项")


def _print_projects(title: str, rows: Sequence[StatusRow], *, whole: bool) -> None:
    table = Table(title=title, title_justify="left")
    columns = _columns(whole, doubtful=any(row.trust and not row.is_accepted_in_bulk for row in rows))
    for heading, cell in columns:
        number = heading == "总分"
        table.add_column(heading, justify="right" if number else "left", overflow="fold", no_wrap=cell is _code)
    for row in rows:
        table.add_row(*(escape(cell(row)) for _, cell in columns))
    console.print(table)


def _columns(whole: bool, doubtful: bool) -> list[tuple[str, Callable[[StatusRow], str]]]:
    """Heading → what it shows; few enough for a narrow window. Where a file comes from only where one is ``doubtful``."""
    source: list[tuple[str, Callable[[StatusRow], str]]] = [("来源", lambda r: r.trust or "")] if doubtful else []
    who: list[tuple[str, Callable[[StatusRow], str]]] = [
        ("项目编码", _code),
        ("项目名称", lambda r: r.name),
        ("状态", lambda r: r.state.value),
        *source,
        ("逾期", lambda r: LATE[r.late]),
        ("先做什么", lambda r: r.first_step),
    ]
    if not whole:
        return [("主管部门", lambda r: r.department), *who]
    return [
        ("实施单位", lambda r: r.unit),
        *who,
        ("总分", lambda r: "" if r.total is None else number_text(r.total)),
        ("采用的文件", lambda r: r.file),
    ]


def _code(row: StatusRow) -> str:
    return row.code


def _print_counts(rows: Sequence[StatusRow], title: str) -> None:
    """One line per department; only the states that occur."""
    counts = count_departments(rows)
    total = add_counts(counts)
    states = [state for state in State if total.states[state]]
    table = Table(title=title, title_justify="left")
    table.add_column("主管部门", overflow="fold", min_width=16)
    packed = ("打包",) if total.packed_at else ()
    evidence = ("缺佐证材料",) if total.without_evidence else ()
    for heading in ("应报", *(state.value for state in states), "逾期", *evidence, *packed):
        table.add_column(heading, justify="right", overflow="fold")
    for item in counts:
        table.add_row(*_count_cells(item, states), *_tell_evidence(item, evidence), *_tell_packed(item, packed))
    if len(counts) > 1:
        table.add_section()
        table.add_row(*_count_cells(total, states), *_tell_evidence(total, evidence))
    console.print(table)


def _count_cells(count: StateCount, states: Sequence[State]) -> Iterator[str]:
    yield escape(count.department)
    yield from (str(number or "") for number in (count.total, *(count.states[state] for state in states), count.late))


def _tell_evidence(count: StateCount, columns: Sequence[str]) -> list[str]:
    """How many projects list evidence that has not come; nothing where there is no such column."""
    return [str(count.without_evidence or "") for _ in columns]


def _tell_packed(count: StateCount, columns: Sequence[str]) -> list[str]:
    """When the department's zip was made, and how much of it is out of date; nothing where there is no such column."""
    changed = f"，{count.to_pack} 个改过" if count.to_pack else ""
    return [format_local_time(count.packed_at)[5:] + changed for _ in columns]
