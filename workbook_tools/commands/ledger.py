"""``wbt unlock`` and ``accept``: passwords of what was issued, acceptance of what came in, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.ledger.accepting import (
    AcceptedProjects,
    WithdrawnProjects,
    accept_projects,
    withdraw_acceptance,
)
from workbook_tools.campaign.ledger.status import StatusRow, format_local_time
from workbook_tools.commands import clock
from workbook_tools.commands.options import KeyOption
from workbook_tools.commands.terminal import print_line, print_warning
from workbook_tools.commands.typed_arguments import split_codes
from workbook_tools.commands.working_folder import load_known_keys, need_campaign, read_named_key
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.states import Acceptor, State

_SHOWN = 5
"""Projects that were accepted before and are named."""


def unlock(
    targets: Annotated[list[str], typer.Argument(metavar="项目编码|文件", help="项目编码或工作簿文件，可写多个。")],
    key: KeyOption = None,
) -> None:
    """Print the password of each."""
    from workbook_tools.campaign.unlocking import find_password

    campaign = need_campaign()
    keys = load_known_keys(campaign, key)
    signing = read_named_key(key) if key else campaign.key_ring().signing_key
    for target in targets:
        found = find_password(campaign, target, keys, signing)
        if found.trouble:
            print_line(f"没有核对台账：{found.trouble}")
        print_line(f"{found.code or '空白表'}　{found.name}　密码：{found.password}")
    print_line("在 Excel 或 WPS 的“审阅”里选“撤销工作表保护”，输入密码；每张工作表都用这个密码。")


def accept(
    codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="项目编码", callback=split_codes, help="要接收（或撤回接收）的项目，可写多个。"),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="接收所有“可接收”的项目：没有错误，提醒都已说明，而且是本期下发的。")
    ] = False,
    because: Annotated[
        str,
        typer.Option(
            "--because",
            metavar="理由",
            show_default=False,
            help="不是本期下发的，写明编码和接收的理由；撤回的也写明理由。理由记入台账。",
        ),
    ] = "",
    who: Annotated[
        str,
        typer.Option(
            "--who",
            metavar="姓名",
            show_default=False,
            help="接收人，默认为网页上写过的经办人，没有写过的是电脑的登录名。",
        ),
    ] = "",
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="撤回接收：接收错了的，写明编码和理由，项目回到接收以前的状态。")
    ] = False,
) -> None:
    """Print what was accepted with mistakes, and what was not; exit code 1 where something was not."""
    campaign = need_campaign()
    if withdraw:
        _take_back(campaign, codes or [], every=every, because=because, who=who)
        return
    done = accept_projects(campaign, codes or [], clock.now(), every=every, who=who, because=because)
    _print_accepted(done)
    print_warning(done.trouble)
    _refresh(campaign, done.accepted_by)
    raise typer.Exit(1 if done.refused or (done.doubtful and codes) else 0)


def _take_back(campaign: Campaign, codes: Sequence[str], *, every: bool, because: str, who: str) -> None:
    """Acceptances; exit code 1 where a project was not accepted."""
    if every:
        raise SettingsError("撤回要写明项目编码，不与 --all 一起用。没有撤回。")
    done = withdraw_acceptance(campaign, codes, clock.now(), because=because, who=who)
    _print_withdrawn(done)
    print_warning(done.trouble)
    _refresh(campaign, done.accepted_by)
    raise typer.Exit(1 if done.untouched else 0)


def _refresh(campaign: Campaign, accepted: Mapping[str, Acceptor | None]) -> None:
    """Bring 审核结果 up to date with who has accepted what now."""
    from workbook_tools.campaign.reviewing import refresh_states

    stored = refresh_states(campaign, accepted)
    print_warning(stored.told_aside if stored else "")


def _print_withdrawn(done: WithdrawnProjects) -> None:
    """Who had accepted each that is accepted no more, and which was not accepted."""
    for row in done.done:
        when = format_local_time(row.accepted_at)
        print_line(f"已撤回接收：{row.code} {row.name}（{row.accepted_by} {when} 接收）。理由：{done.because}")
    for row in done.untouched:
        print_line(f"没有撤回：{row.code} {row.name} 没有接收过，是“{row.state}”。")
    if done.done:
        print_line("这些项目回到接收以前的状态：要改的照常退回（wbt return），要接收的再接收。")


def _print_accepted(done: AcceptedProjects) -> None:
    """What was accepted with mistakes or doubts, and what was not accepted."""
    for row in done.new:
        if row.state is not State.READY:
            print_line(
                f"请注意：{row.code} {row.name} 是“{row.state}”的，已按您的要求接收。原来要做的：{row.first_step}"
            )
        if row.trust and not row.is_accepted_in_bulk:
            print_line(
                f"已按您写的理由接收：{row.code} {row.name} 是{row.trust}（{row.trust_reason}）。理由：{done.because}"
            )
    _print_doubtful(done.doubtful)
    for row in done.refused:
        print_line(f"没有接收：{row.code} {row.name} 还没有审核过报送的文件。请先把文件放进 回收，运行 wbt review。")
    again = f"，另有 {len(done.before)} 个以前已接收" if done.before else ""
    print_line(f"已接收 {len(done.new)} 个项目{again}。")
    _print_accepted_before(done.before)
    if done.waiting:
        print_line(
            f"有 {len(done.waiting)} 个“{State.TO_EXPLAIN}”的没有接收：提醒还没有说明。看过无妨的，写明编码接收。"
        )


def _print_doubtful(rows: Sequence[StatusRow]) -> None:
    """What was left out as it is not what was issued last, each with why, and how to accept it."""
    for row in rows:
        why = f"是{row.trust}（{row.trust_reason}）" if row.trust else "还没有按来源审核过，请先运行 wbt review"
        print_line(f"没有接收：{row.code} {row.name} {why}。")
    if rows:
        print_line(
            f"不是本期下发的，核实以后逐个写明理由接收，如：wbt accept {rows[0].code} --because 已与单位电话核实"
        )


def _print_accepted_before(rows: list[StatusRow]) -> None:
    """By whom and when, of the last ones: two may be accepting at once, and the first of them stays."""
    rows = sorted((row for row in rows if row.accepted_at), key=lambda row: str(row.accepted_at))
    for row in rows[-_SHOWN:]:
        when = format_local_time(row.accepted_at)
        print_line(f"{row.code} {row.name} 已由{row.accepted_by}于 {when} 接收，接收人和时间不变。")
