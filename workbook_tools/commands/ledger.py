"""``wbt status``, ``unlock``, ``accept``: who has submitted what, passwords, acceptance."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.book import ProjectKey
from workbook_tools.campaign.ledger.database import LedgerError
from workbook_tools.campaign.ledger.keeping import open_ledger
from workbook_tools.campaign.ledger.reminder import NOTHING_OWED, Sender, reminders
from workbook_tools.campaign.ledger.standing import listed_projects, standing
from workbook_tools.campaign.ledger.status import State, StatusRow
from workbook_tools.campaign.ledger.workbook import LATE, count_departments, status_workbook
from workbook_tools.commands.terminal import KeyOption, console, current_campaign, say, the_key
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Project
from workbook_tools.core.values import number_text
from workbook_tools.files.paths import replace_file, replace_result
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.identity import BLANK_KEY, SigningKey
from workbook_tools.workbooks.reading import read_submission

REMINDER_FILE = "催报通知.txt"
_OPEN = (State.NOT_ISSUED, State.ISSUED, State.FAULTY, State.RETURNED)
"""Somebody still has to do something before these can be accepted."""
_SOUND = (State.RECEIVED, State.RESUBMITTED)
_SHOWN = 30
"""Projects printed at most; all are in the workbook."""


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(status)
    app.command()(unlock)
    app.command()(accept)


# -- commands ---------------------------------------------------------------------------------------------------------


def status(
    department: Annotated[str, typer.Option("--department", metavar="名称", help="只列这个主管部门的全部项目。")] = "",
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="文件", help="写成 Excel 工作簿，如 报送情况.xlsx。")
    ] = None,
    remind: Annotated[
        bool, typer.Option("--remind", help=f"给每个还欠报的主管部门写一段催报文字，存入 {REMINDER_FILE}。")
    ] = False,
) -> None:
    """查看报送情况：哪些项目没有报、逾期、已退回、已接收。"""
    campaign, now = _campaign(), _now()
    found = standing(campaign, now)
    rows = found.rows
    if department:
        rows = [row for row in rows if row.department == department]
        if not rows:
            raise SettingsError(f"项目清单中没有主管部门“{department}”。")
    _print_status(rows, found.title, found.note, whole=bool(department))
    if xlsx is not None:
        replace_result(xlsx, status_workbook(rows, f"{campaign.settings.authority}{found.title}", found.note))
        say(f"报送情况已写入 {xlsx}。")
    if remind:
        _remind(campaign, rows, now, over=found.over)


def unlock(
    targets: Annotated[list[str], typer.Argument(metavar="项目编码|文件", help="项目编码或工作簿文件，可写多个。")],
    key: KeyOption = None,
) -> None:
    """给出下发的工作簿的工作表保护密码。"""
    campaign = _campaign()
    office = the_key(campaign, key)
    for target in targets:
        path = Path(target)
        project = _issued_project(path, office) if path.is_file() else _known_project(campaign, target, office)
        password = (office if project.code else BLANK_KEY).password(project)
        say(f"{project.code or '空白表'}　{project.name}　密码：{password}")
    say("在 Excel 或 WPS 的“审阅”里选“撤销工作表保护”，输入密码；每张工作表都用这个密码。")


def accept(
    codes: Annotated[list[str] | None, typer.Argument(metavar="项目编码", help="要接收的项目，可写多个。")] = None,
    every: Annotated[bool, typer.Option("--all", help="接收所有已报送、没有错误的项目。")] = False,
    who: Annotated[
        str, typer.Option("--who", metavar="姓名", show_default=False, help="接收人，默认为电脑的登录名。")
    ] = "",
) -> None:
    """登记已接收的项目：财政部门认可，不再退回。"""
    campaign, now = _campaign(), _now()
    listed = listed_projects(campaign)
    with open_ledger(campaign) as ledger:
        rows = ledger.status(listed, now)
        chosen = _chosen(rows, codes or [], every)
        refused = ledger.accept([_key(row) for row in chosen], who or _user(), now)
    taken = [row for row in chosen if _key(row) not in refused]
    new = [row for row in taken if row.state is not State.ACCEPTED]
    for row in new:
        if row.findings and row.findings.error:
            say(f"请注意：{row.code} {row.name} 还有 {row.findings.error} 处错误，已按您的要求接收。")
    for row in chosen:
        if _key(row) in refused:
            say(f"没有接收：{row.code} {row.name} 还没有审核过报送的文件。请先把文件放进 回收，运行 wbt review。")
    again = f"，另有 {len(taken) - len(new)} 个以前已接收" if len(taken) > len(new) else ""
    say(f"已接收 {len(new)} 个项目{again}。")
    raise typer.Exit(1 if refused else 0)


# -- what they share --------------------------------------------------------------------------------------------------


def _campaign() -> Campaign:
    campaign = current_campaign()
    if campaign is None:
        raise SettingsError("这里不是工作文件夹。请先进入工作文件夹再运行本命令。")
    return campaign


def _now() -> datetime:
    return datetime.now(UTC)


def _key(row: StatusRow) -> ProjectKey:
    return row.year, row.code


# -- status -----------------------------------------------------------------------------------------------------------


def _print_status(rows: Sequence[StatusRow], title: str, note: str, *, whole: bool) -> None:
    """The counts; then every project of the one department, or of all departments what is not done yet."""
    _print_counts(rows, title)
    say(note)
    shown = list(rows) if whole else [row for row in rows if row.state in _OPEN]
    if not shown:
        say("所有项目都已报送，没有待处理的错误。")
        return
    table = Table(title="全部项目" if whole else "还没有完成的项目", title_justify="left")
    for heading, cell in _columns(whole):
        number = heading in ("错误", "总分")
        table.add_column(heading, justify="right" if number else "left", overflow="fold", no_wrap=cell is _code)
    for row in shown if whole else shown[:_SHOWN]:
        table.add_row(*(escape(cell(row)) for _, cell in _columns(whole)))
    console.print(table)
    if not whole and len(shown) > _SHOWN:
        say(f"……还有 {len(shown) - _SHOWN} 个，用 --xlsx 报送情况.xlsx 查看全部。")


def _columns(whole: bool) -> list[tuple[str, Callable[[StatusRow], str]]]:
    """Heading → what it shows; few enough for a narrow window."""
    who: list[tuple[str, Callable[[StatusRow], str]]] = [
        ("实施单位", lambda r: r.unit),
        ("项目编码", _code),
        ("项目名称", lambda r: r.name),
        ("状态", lambda r: r.state.value),
        ("逾期", lambda r: LATE[r.late]),
        ("错误", lambda r: str(r.findings.error) if r.findings else ""),
    ]
    if not whole:
        return [("主管部门", lambda r: r.department), *who]
    return [*who, ("总分", lambda r: "" if r.total is None else number_text(r.total)), ("采用的文件", lambda r: r.file)]


def _code(row: StatusRow) -> str:
    return row.code


def _print_counts(rows: Sequence[StatusRow], title: str) -> None:
    """One line per department; only the states that occur."""
    states = [state for state in State if any(row.state is state for row in rows)]
    table = Table(title=title, title_justify="left")
    table.add_column("主管部门", overflow="fold", min_width=16)
    for heading in ("应报", *(state.value for state in states), "逾期"):
        table.add_column(heading, justify="right", overflow="fold")
    counts = count_departments(rows)
    for item in counts:
        numbers = (item.total, *(item.states[state] for state in states), item.late)
        table.add_row(escape(item.department), *map(_blank_zero, numbers))
    if len(counts) > 1:
        sums = (sum(c.states[state] for c in counts) for state in states)
        table.add_section()
        table.add_row("合计", *map(_blank_zero, (len(rows), *sums, sum(c.late for c in counts))))
    console.print(table)


def _blank_zero(number: int) -> str:
    return str(number or "")


def _remind(campaign: Campaign, rows: Sequence[StatusRow], now: datetime, *, over: bool) -> None:
    s = campaign.settings
    letters = reminders(rows, Sender(s.authority, s.year, s.deadline, s.contact, over), now.astimezone().date())
    text = "\n".join(letters) or NOTHING_OWED + "\n"
    say("\n" + text)
    path = campaign.root / REMINDER_FILE
    replace_file(path, text.encode("utf-8-sig"))
    say(f"以上文字已存入 {path}。")


# -- unlock -----------------------------------------------------------------------------------------------------------


def _issued_project(path: Path, key: SigningKey) -> Project:
    """The project a workbook was issued for. Raises SettingsError if it is none of ours or of another key."""
    reading = read_submission(SourceFile(path, path.name), {key.id: key})
    if reading.submission is None:
        raise SettingsError(f"“{path}”没有密码可给：{'；'.join(f.message for f in reading.findings)}。")
    if any(finding.code == "TAMPER08" for finding in reading.findings):
        raise SettingsError(f"“{path}”不是用这里的密钥下发的，无法得知它的密码。请到下发它的工作文件夹里运行。")
    project: Project = reading.submission.layout.project
    return project


def _known_project(campaign: Campaign, code: str, key: SigningKey) -> Project:
    """The listed project of that code. Raises SettingsError if there is none, or it was issued with another key."""
    project = next((project for project in listed_projects(campaign) if project.code == code), None)
    if project is None:
        raise SettingsError(f"项目清单中没有编码“{code}”，也没有这个名字的文件。")
    try:
        with open_ledger(campaign) as ledger:
            issued_with = ledger.key_id((project.year, project.code))
    except LedgerError as exc:
        say(f"没有核对台账：{exc}")
        return project
    if issued_with and issued_with != key.id:
        raise SettingsError(
            f"{code} 是用另一个密钥（{issued_with}）下发的，现在的密钥（{key.id}）给不出它的密码。请用 --key 指明原来的密钥文件。"
        )
    return project


# -- accept -----------------------------------------------------------------------------------------------------------


def _chosen(rows: Sequence[StatusRow], codes: Sequence[str], every: bool) -> list[StatusRow]:
    """The rows to accept. Raises SettingsError where nothing is chosen, or a code is not on the list."""
    if unknown := sorted(set(codes) - {row.code for row in rows}):
        raise SettingsError(f"项目清单中没有这些项目编码：{'、'.join(unknown)}。没有接收任何项目。")
    if not codes and not every:
        raise SettingsError("请写明要接收的项目编码，或用 --all 接收所有没有错误的项目。")
    return [row for row in rows if row.code in codes or (every and row.state in _SOUND)]


def _user() -> str:
    """The name of whoever is logged in. Raises SettingsError if the computer does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise SettingsError("不知道是谁在接收，请用 --who 写明姓名。") from None
