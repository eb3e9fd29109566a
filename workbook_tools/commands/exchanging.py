"""``wbt export``: the tables that another system takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign.exchanging import describe_limits, export_tables
from workbook_tools.campaign.places import choose_target
from workbook_tools.commands.options import ResultArgument
from workbook_tools.commands.terminal import print_line, print_warning
from workbook_tools.commands.working_folder import find_campaign, find_result, read_judged

_TOLD = 20
"""Texts that are too long of which so many are told."""


def export(
    result: ResultArgument = None,
    to: Annotated[
        str, typer.Option("--to", metavar="格式", help="交换格式的名称；自己的写成 模板/名称.toml。")
    ] = "一体化",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="写到哪里，.xlsx 或 .xls，默认为 交换/格式名.xlsx。")
    ] = None,
    limits: Annotated[
        bool,
        typer.Option("--limits", help="只写出评分方案里限制文字长度的设置（[form.text_limits]），照系统收的长度。"),
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="不写系统没有、只为读得回来的列。")] = False,
) -> None:
    """Print what was written and which texts are too long; exit code 1 where there are any, or a judgement is wrong."""
    campaign = find_campaign(result)
    if limits:
        print_line(describe_limits(campaign, to).rstrip())
        return
    reviewed, errors = read_judged(find_result(result), campaign)
    done = export_tables(campaign, reviewed, to, choose_target(out, ".xlsx", ".xls") if out else None, strict=strict)
    for fault in done.faults[:_TOLD]:
        print_warning(fault)
    if len(done.faults) > _TOLD:
        print_warning(f"…… 共 {len(done.faults)} 处太长")
    if done.moved_aside:
        print_line(f"原来的 {done.path.name} 有手工改动，已另存为 {done.moved_aside.name}。")
    print_line(f"已写出 {done.path}：{'，'.join(f'{sheet} {rows} 行' for sheet, rows in done.rows.items())}。")
    raise typer.Exit(1 if errors or done.faults else 0)
