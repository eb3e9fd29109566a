"""``wbt return``: marked copies for the units."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign.ledger.keeping import note_returned
from workbook_tools.commands.options import KeyOption, Quiet, ResultArgument
from workbook_tools.commands.terminal import print_line, print_warning, watched
from workbook_tools.commands.working_folder import (
    find_campaign,
    find_result,
    load_known_keys,
    need_campaign,
    read_result,
)
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.files.sources import find_sources
from workbook_tools.returns import write_returns

log = logging.getLogger(__name__)


def return_command(
    result: ResultArgument = None,
    by: Annotated[
        str, typer.Option("--by", metavar="日期", help="重新报送的期限，如 2025年3月10日；默认用 wbt.toml 中的。")
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
    key: KeyOption = None,
    quiet: Quiet = False,
) -> None:
    """把有错误的工作簿标出问题退回单位，并给每个主管部门写一份退回通知。"""
    campaign = find_campaign()
    source = find_result(result)
    received = inbox or need_campaign("--inbox 文件夹").folder("回收")
    target = out or need_campaign("--out 文件夹").folder("退回")
    if not received.is_dir():
        raise SettingsError(f"找不到文件夹 {received}。")
    reviewed = read_result(source, campaign)
    _warn_of_newer(source, received)
    keys = load_known_keys(campaign, key)
    by, contact = by or (campaign.settings.deadline if campaign else ""), campaign.settings.contact if campaign else ""
    faulty = {f.file for f in reviewed.findings if f.file and f.severity is Severity.ERROR}
    work = write_returns(
        reviewed, received, target, keys, by=by, contact=contact, forms=forms or (campaign.forms if campaign else None)
    )
    done = list(watched("退回", work, len(faulty), quiet))
    log.info("退回 %d 个文件，在 %s", len(done), target)
    copies = [(item.project, item.path) for item in done if item.project and item.path]
    told = [(item.project, item.notice) for item in done if item.project and item.project.imported]
    without = [item for item in done if item.project and not item.path and not item.project.imported]
    for item in without:
        print_line(f"没有退回副本：{item.file}：{item.reason}")
    notes = len({item.notice for item in done})
    if not done:
        print_line("没有需要退回的文件。")
    else:
        print_line(f"已生成 {len(copies)} 个退回副本和 {notes} 份退回通知，在 {target}。")
    if told:
        print_line(f"有 {len(told)} 份手工表格没有副本，问题和所在单元格写在退回通知里。")
    print_warning(note_returned(campaign, [*copies, *told], datetime.now(UTC)))
    raise typer.Exit(1 if without else 0)


def _warn_of_newer(result: Path, inbox: Path) -> None:
    """The findings are those of the last review: a file that came later must be reviewed first."""
    reviewed = result.stat().st_mtime
    newer = [source.name for source in find_sources(inbox)[0] if source.modified > reviewed]
    if newer:
        print_line(f"请注意：有 {len(newer)} 个文件在审核之后又有改动（如 {newer[0]}），请先运行 wbt review 再退回。")
