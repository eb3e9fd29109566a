"""``wbt draft``: see the texts that the program drafted, accept them, take an acceptance back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.commands.options import ResultOption
from workbook_tools.commands.terminal import print_line, print_warning
from workbook_tools.commands.working_folder import find_campaign, find_result, read_judged
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports.acceptance import (
    PUBLIC_SUFFIX,
    Acceptances,
    Draft,
    choose_drafts,
    find_drafts,
    read_acceptances,
    write_acceptances,
)
from workbook_tools.reports.group_texts import find_group_drafts

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

ProjectCode = Annotated[
    str,
    typer.Argument(
        metavar="编码",
        help="项目编码；部门报告用主管部门的名称，汇总报告和简报用“全部项目”，公开的后面加“（公开版）”。",
    ),
]
Sections = Annotated[
    list[str] | None, typer.Argument(metavar="章节", help="章节的名称或代号，可写多个；不写就是这个项目的全部草稿。")
]


@app.command("list")
def list_drafts(
    code: Annotated[
        str, typer.Argument(metavar="编码", help="项目编码、主管部门的名称或“全部项目”，不写则全部列出。")
    ] = "",
    full: Annotated[bool, typer.Option("--text", help="连同草稿的文字。")] = False,
    result: ResultOption = None,
) -> None:
    """列出全部草稿，已确认的注明。"""
    source, drafts = _read_drafts(result, code)
    accepted = read_acceptances(source)
    chosen = choose_drafts(drafts, code) if code else drafts
    for draft in chosen:
        state = "已确认" if accepted.holds(draft) else "草稿"
        state = "数据有变" if accepted.is_outdated(draft) else state
        print_line(f"{state}　{draft.project_code}　{draft.project_name}　{draft.label}（{draft.section}）")
        if full:
            print_line("\n".join(f"    {line}" for line in draft.shown.splitlines()))
    print_line(f"共 {len(chosen)} 段，待确认 {accepted.count_waiting(chosen)} 段。")


@app.command()
def accept(
    code: Annotated[str, typer.Argument(metavar="编码", help="项目编码；用 --all 时不写。")] = "",
    sections: Sections = None,
    everything: Annotated[bool, typer.Option("--all", help="确认全部项目的全部草稿。")] = False,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="确认人。")] = "",
    result: ResultOption = None,
) -> None:
    """确认草稿：核对过的文字，报告中不再标为草稿。数据变了，文字随之变了，要重新确认。"""
    if bool(code) == everything:
        raise SettingsError("请写明项目编码，或者用 --all 确认全部草稿，二者写其一。")
    source, drafts = _read_drafts(result, code)
    chosen = drafts if everything else choose_drafts(drafts, code, sections or ())
    now = datetime.now().strftime("%Y-%m-%d %H:%M")
    write_acceptances(read_acceptances(source).with_these(chosen, by, now), source)
    print_line(f"已确认 {len(chosen)} 段草稿。重新运行 wbt report，报告中就不再标为草稿。")


@app.command()
def withdraw(code: ProjectCode, sections: Sections = None, result: ResultOption = None) -> None:
    """撤回确认：这些文字重新标为草稿。"""
    source, drafts = _read_drafts(result, code)
    accepted = read_acceptances(source)
    chosen = [draft for draft in choose_drafts(drafts, code, sections or ()) if accepted.holds(draft)]
    write_acceptances(accepted.without(chosen), source)
    print_line(f"已撤回 {len(chosen)} 段草稿的确认。")


def _read_drafts(result: Path | None, code: str) -> tuple[Path, list[Draft]]:
    """审核结果.json, and every draft in the reports of its projects and in those on several projects.

    Drafts of public reports are among them where they are asked for by ``code``, or all are.
    """
    source = find_result(result)
    campaign = find_campaign(result)
    reviewed, _ = read_judged(source, campaign)
    accepted = read_acceptances(source)
    drafts = [*find_drafts(reviewed, accepted), *find_group_drafts(reviewed, accepted)]
    if campaign is not None and (not code or code.endswith(PUBLIC_SUFFIX)) and campaign.project_list.exists():
        drafts += _find_public(campaign, reviewed, accepted)
    return source, drafts


def _find_public(campaign: Campaign, reviewed: ReviewResult, accepted: Acceptances) -> list[Draft]:
    """The drafts of public reports; none, and why, where the project list cannot be read."""
    from workbook_tools.campaign.publishing import find_public_drafts

    try:
        return find_public_drafts(campaign, reviewed, accepted)
    except SettingsError as exc:
        print_warning(f"公开的汇总报告的草稿没有列出：{exc}")
        return []
