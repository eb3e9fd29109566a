"""``wbt ledger``: is the ledger as it was recorded, what stands in it, and how it is restored."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign.ledger.checking import check_ledger
from workbook_tools.campaign.ledger.copies import list_copies
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.campaign.ledger.log import read_chain, read_log
from workbook_tools.campaign.ledger.restoring import (
    begin_anew,
    repair_ledger,
    restore_copy,
    restore_events,
    write_export,
)
from workbook_tools.campaign.places import choose_target
from workbook_tools.commands import clock
from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.working_folder import need_campaign
from workbook_tools.core.errors import SettingsError
from workbook_tools.files.paths import replace_file

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@app.command()
def verify(
    repair: Annotated[bool, typer.Option("--repair", help="登记没有问题、只是表不对的，按登记重做各表。")] = False,
) -> None:
    """核对台账：文件完好吗，登记有没有被改过、删过，各表和登记、和每天的备份一致吗。"""
    campaign = need_campaign()
    if repair:
        mended = repair_ledger(campaign)
        done = mended.check
        if mended.repaired:
            print_line(f"有 {mended.repaired} 处表和登记不一致，已按登记重做各表。")
    else:
        done = check_ledger(open_database(campaign.ledger_place, campaign.has_issued), campaign.known_keys())
    for sentence in done.report:
        print_line(sentence)
    raise typer.Exit(1 if done.faults else 0)


@app.command()
def log(
    project: Annotated[str, typer.Option("--project", metavar="项目编码", help="只列这个项目的。")] = "",
    last: Annotated[int, typer.Option("--last", metavar="件数", min=1, help="最多列出最近的多少件。")] = 30,
) -> None:
    """列出登记过的事：谁、什么时候、用哪个命令、登记了什么。"""
    chosen = [event for event in read_log(need_campaign()) if not project or event.code == project]
    for event in chosen[-last:]:
        print_line(str(event))
    print_line(f"共 {len(chosen)} 件" + (f"，以上是最近的 {last} 件。" if len(chosen) > last else "。"))


@app.command()
def export(file: Annotated[Path, typer.Argument(metavar="文件", help="如 台账登记.jsonl。")]) -> None:
    """导出全部登记，每行一件（JSON），可用 wbt ledger restore 恢复到另一个空的台账里。"""
    target = choose_target(file, ".jsonl")
    events = read_chain(need_campaign())
    replace_file(target, write_export(events))
    print_line(f"已把 {len(events)} 件登记导出到 {file}。")


@app.command()
def restore(
    source: Annotated[
        str,
        typer.Argument(metavar="日期|文件", show_default=False, help="备份的日期，如 2025-03-20；或导出的登记文件。"),
    ] = "",
) -> None:
    """用某一天的备份或导出的登记恢复台账；不写日期的列出有哪些备份。"""
    campaign, now = need_campaign(), clock.now()
    place = campaign.ledger_place
    if not source:
        _list_copies(place)
        return
    if not _DAY.fullmatch(source):
        aside = restore_events(place, Path(source), now, campaign.sign_ledger)
    elif isinstance(place, Path):
        aside = restore_copy(place, _read_day(source), now, campaign.sign_ledger)
    else:
        raise SettingsError("台账在数据库服务器上，请管理员从他的备份恢复；有导出的登记文件的，写明那个文件。")
    print_line(f"台账已用 {source} 恢复。" + (f"原来的台账移到了 {aside}。" if aside else ""))
    print_line("在那以后的登记不在里面：请再运行一次 wbt review、wbt return 补上，那以后接收的要重新接收。")


@app.command()
def new() -> None:
    """台账丢失或损坏，又没有备份时，从头建立一本空的。"""
    aside = begin_anew(need_campaign().ledger_place, clock.now())
    print_line("已从头建立台账。" + (f"原来的文件移到了 {aside}。" if aside else ""))
    print_line("请依次运行 wbt generate 和 wbt review 重新登记；以前接收的要重新接收，以前的说明和退回不再记得。")


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{text} 不是日期，请写成 2025-03-20 这样。") from None


def _list_copies(place: Path | str) -> None:
    copies = list_copies(place) if isinstance(place, Path) else []
    if not copies:
        print_line("没有台账备份。" if isinstance(place, Path) else "台账在数据库服务器上，备份由它的管理员做。")
        return
    for copy in copies:
        print_line(f"{copy.day}　{copy.path}")
    print_line(f"要用哪一天的，运行 wbt ledger restore {copies[0].day} 这样的命令。")
