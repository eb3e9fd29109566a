"""``wbt pack``: one zip per department to send."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.packing import PackedDepartment, PackedDepartments, pack_departments
from workbook_tools.commands.options import Quiet
from workbook_tools.commands.terminal import print_line, print_warning, show_progress
from workbook_tools.commands.working_folder import need_campaign

log = logging.getLogger(__name__)


def pack(
    department: Annotated[
        list[str] | None, typer.Option("--department", metavar="名称", help="只打包这个主管部门，可写多次。")
    ] = None,
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="文件夹", help="自己改过的下发通知模板所在文件夹，默认为 模板。")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Print what was packed and what was not; exit code 1 where a department has no zip, 2 where the ledger does not know of one."""
    campaign, now = need_campaign(), datetime.now(UTC)
    with show_progress("打包", quiet) as watch:
        packed = pack_departments(campaign, now, departments=department or (), forms=forms, watch=watch)
    log.info("打包 %d 个部门，没有打包 %d 个", len(packed.made), len(packed.refused))
    for item in packed.items:
        _print_department(item)
    _print_summary(packed, campaign, now)
    raise typer.Exit(2 if packed.unrecorded else 1 if packed.refused else 0)


def _print_department(item: PackedDepartment) -> None:
    """What an officer must know of it before it is sent."""
    if item.faults:
        stale = f"原来的压缩包“{item.path.name}”不要再发。" if item.path.is_file() else ""
        print_warning(f"没有打包：{item.department}。{''.join(item.faults)}{stale}")
    for name, fitted in item.renamed.items():
        print_line(f"“{name}”里有老电脑上没有的字，压缩包里写作“{fitted}”，内容不变。")
    for path in item.edited:
        print_line(f"“{path}”有手工改动，照改过的样子装入；要按设置和模板重写，请先把它移走。")
    if item.aside:
        print_line(f"原来的压缩包有手工改动，已另存为“{item.aside.name}”。")


def _print_summary(packed: PackedDepartments, campaign: Campaign, now: datetime) -> None:
    _print_zips(packed.made, campaign.folder("下发"))
    for path in packed.superfluous:
        print_warning(f"“{path.name}”是清单上已经没有的主管部门的，请移走，不要再发。")
    if packed.made:
        _print_gaps(campaign, now)
    print_warning(packed.unrecorded)


def _print_zips(made: Sequence[PackedDepartment], folder: Path) -> None:
    new = [item for item in made if not item.unchanged]
    same = len(made) - len(new)
    if new:
        workbooks = sum(item.workbooks for item in new)
        more = f"另有 {same} 个没有变化。" if same else ""
        print_line(f"已打包 {len(new)} 个主管部门的 {workbooks} 个工作簿，在 {folder}。{more}")
        for item in new:
            print_line(f"　{item.path.name}")
    elif same:
        print_line(f"没有变化：{same} 个压缩包已在 {folder}，没有重写。")


def _print_gaps(campaign: Campaign, now: datetime) -> None:
    """What the notices do not say, or say too late."""
    notice, send = campaign.notice, campaign.settings.deadlines.send
    blank = [
        label
        for label, value in (
            ("组织单位 authority", notice.authority),
            ("截止日期 deadline", notice.deadline),
            ("联系方式 contact", notice.contact),
        )
        if not value
    ]
    if blank:
        print_warning(f"wbt.toml 中没有写{'、'.join(blank)}，通知里也就没有；写上以后再运行一次 wbt pack。")
    if send and send.over(now):
        print_warning(f"通知里的报送截止日期 {send.text} 已经过去，请核对 wbt.toml 中的 deadline。")
