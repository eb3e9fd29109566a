"""``wbt rectify``: what units have to mend, from the list that finance chooses from to its end."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign.folder import ANSWERS, RECTIFICATION
from workbook_tools.campaign.rectifying import Rectified, rectify
from workbook_tools.commands.options import ResultArgument
from workbook_tools.commands.status import print_due_matters
from workbook_tools.commands.terminal import print_findings, print_line, print_warning
from workbook_tools.commands.working_folder import find_result, need_campaign, read_judged
from workbook_tools.core.errors import SettingsError
from workbook_tools.followup.due_matters import describe_due
from workbook_tools.followup.matter_history import sort_due

log = logging.getLogger(__name__)
_TOLD = 20
"""Units and files that are named at most."""


def rectify_command(
    result: ResultArgument = None,
    send: Annotated[
        bool,
        typer.Option("--send", help="给选了“是”、还没有通知的单位写整改通知书和供填写的整改情况表，登记进台账。"),
    ] = False,
    by: Annotated[
        str,
        typer.Option("--by", metavar="日期", help="整改期限，如 2025年6月30日、6月30日；写进 wbt.toml，默认用那里的。"),
    ] = "",
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="文件夹", help="自己改过的整改通知书模板所在文件夹，默认为 模板。")
    ] = None,
) -> None:
    """Print what there is to mend and what is due; exit code 1 where an answer could not be taken, 2 where the ledger does not know of something."""
    if by and not send:
        raise SettingsError("--by 是通知里的整改期限，和 --send 一起写。")
    campaign = need_campaign(named=result)
    reviewed, errors = read_judged(find_result(result), campaign)
    now = datetime.now(UTC)
    done = rectify(campaign, reviewed, now, send=send, by=by, forms=forms)
    log.info("整改：%d 项，新发通知 %d 份，收到答复 %d 份", len(done.lines), len(done.sent), len(done.answered))
    wrong = print_findings(done.findings)
    _print_work(done)
    _print_due(done, now)
    _print_files(done)
    raise typer.Exit(2 if done.unrecorded else 1 if errors or wrong else 0)


def _print_work(done: Rectified) -> None:
    """What was done now."""
    for sent in done.sent[:_TOLD]:
        print_line(
            f"通知　{sent.unit}：{sent.matters} 项，{sent.notice.name} 和 {sent.workbook.name}，在 {sent.notice.parent}"
        )
    if len(done.sent) > _TOLD:
        print_line(f"…… 共通知 {len(done.sent)} 个单位")
    for file in done.answered[:_TOLD]:
        print_line(f"答复　{file.unit}：{len(file.answers)} 项，{file.name}")
    if done.concluded:
        print_line(f"登记了 {done.concluded} 项整改结论。")
    if done.outdated:
        print_warning(
            f"有 {len(done.outdated)} 项填结论以后又来了新的答复，结论没有登记，请看过新的答复，在 {done.workbook.name} 里重新填。"
        )


def _print_due(done: Rectified, now: datetime) -> None:
    """How many matters stand where, and what is due."""
    counts = Counter(line.state for line in done.lines)
    print_line(
        f"整改事项 {len(done.lines)} 项：" + "，".join(f"{state} {count}" for state, count in counts.items()) + "。"
    )
    print_due_matters(describe_due(sort_due(done.histories, now), now))


def _print_files(done: Rectified) -> None:
    for path in done.moved_aside:
        print_line(f"原来的文件有手工改动，已另存为 {path.name}；其中填的已带入新的一份。")
    if done.undecided:
        print_line(f"有 {done.undecided} 项没有定要不要整改：在 {done.workbook} 的“是否整改”里选，由财政部门决定。")
    if done.to_send:
        print_line(f"有 {done.to_send} 项要整改、还没有通知单位：wbt rectify --send --by 日期。")
    print_line(f"单位的答复放进 {RECTIFICATION}/{ANSWERS}，再运行 wbt rectify。")
    print_warning(done.unrecorded)
