"""``wbt return``: marked copies for the units."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.places import choose_inbox, keep_off_inbox
from workbook_tools.campaign.returning import ReturnedFiles, find_newer, return_files
from workbook_tools.commands import clock
from workbook_tools.commands.options import KeyOption, Quiet, ResultArgument
from workbook_tools.commands.terminal import print_line, print_warning, show_progress
from workbook_tools.commands.typed_arguments import split_codes
from workbook_tools.commands.working_folder import (
    find_campaign,
    find_result,
    load_known_keys,
    need_campaign,
    read_result,
)
from workbook_tools.returns.archiving import ARCHIVE

log = logging.getLogger(__name__)


def return_command(
    result: ResultArgument = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="日期",
            help="重新报送的期限，如 2025年4月10日、2025-04-10、4月10日；写进 wbt.toml，默认用那里的。",
        ),
    ] = "",
    inbox: Annotated[
        Path | None, typer.Option("--inbox", metavar="文件夹", help="收回的工作簿所在文件夹，默认为 回收。")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件夹", help="放退回文件的文件夹，默认为 退回。")
    ] = None,
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="文件夹", help="自己改过的退回通知模板所在文件夹，默认为 模板。")
    ] = None,
    errors_only: Annotated[
        bool, typer.Option("--errors-only", help="只退回有错误的项目；没有错误、只有提醒待说明的不退回。")
    ] = False,
    project: Annotated[
        list[str] | None,
        typer.Option(
            "--project",
            metavar="编码",
            callback=split_codes,
            help="只退回这个项目，可写多次；别的退回文件不动，通知另写一份。",
        ),
    ] = None,
    key: KeyOption = None,
    quiet: Quiet = False,
) -> None:
    """Print what was returned; exit code 1 where a workbook of ours has no copy, 2 where the ledger does not know of it."""
    campaign = find_campaign(result)
    source = find_result(result)
    received = choose_inbox(inbox or need_campaign("--inbox 文件夹", result).root, "wbt return --inbox").folder
    target = keep_off_inbox(out) or need_campaign("--out 文件夹", result).folder("退回")
    reviewed = read_result(source, campaign)
    if newer := find_newer(source, reviewed, received):
        print_line(
            f"请注意：有 {len(newer)} 个文件是审核之后收到的，或者又有改动（如 {newer[0]}），请先运行 wbt review 再退回。"
        )
    keys = load_known_keys(campaign, key)
    with show_progress("退回", quiet) as watch:
        returned = return_files(
            campaign,
            reviewed,
            received,
            target,
            keys,
            clock.now(),
            by=by,
            forms=forms,
            ask=not errors_only,
            only=project or (),
            watch=watch,
        )
    log.info("退回 %d 个文件，在 %s", len(returned.items), target)
    print_returned(returned, target, campaign)
    raise typer.Exit(2 if returned.unrecorded else 1 if returned.without_copy else 0)


def _say_date(returned: ReturnedFiles, campaign: Campaign | None) -> str:
    """Until when the units are asked to send again, and what of it the officer may not expect."""
    send = campaign.settings.deadlines.send if campaign else None
    if returned.by is None:
        return "没有可用的期限（wbt.toml 中没有写，或者已经过去），通知请单位“尽快”重报。要写明期限，请加 --by 日期，或者写在 wbt.toml 的 return_by 里。"
    early = send is not None and returned.by.moment < send.moment
    note = f"。请注意：比报送截止日期 {send.text} 还早" if send and early else ""
    return f"重新报送的期限是 {returned.by.text}{note}。"


def print_returned(returned: ReturnedFiles, target: Path, campaign: Campaign | None) -> None:
    """What was returned, until when to send again, and what could not be."""
    for item in returned.without_copy:
        print_line(f"没有退回副本：{item.file}：{item.reason}")
    if returned.items:
        copies, notices = len(returned.copies), len(returned.notices)
        print_line(f"已生成 {copies} 个退回副本和 {notices} 份退回通知，在 {target}。")
        print_line(_say_date(returned, campaign))
    else:
        print_line("没有需要退回的文件。")
    for item in returned.doubtful:
        if item.project:
            print_line(
                f"请注意：{item.project.code} 的副本取自不是本期下发的文件：{item.project.trust}（{item.project.trust_reason}）。"
            )
    if hand_made := len(returned.hand_made):
        print_line(f"有 {hand_made} 份手工表格没有副本，问题和所在单元格写在退回通知里。")
    if old := len(returned.archived):
        print_line(f"以前的 {old} 个退回文件不再有效，已移到 {target / ARCHIVE}。")
    print_warning(returned.unrecorded)
