"""``wbt propose``: what may follow from the grades for the next budget."""

from __future__ import annotations

import typer

from workbook_tools.campaign.proposing import write_proposals
from workbook_tools.commands.options import ResultArgument
from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.working_folder import find_result, need_campaign, read_judged


def propose(result: ResultArgument = None) -> None:
    """Print what is proposed how often; exit code 1 where a judgement is wrong."""
    campaign = need_campaign(named=result)
    reviewed, errors = read_judged(find_result(result), campaign)
    done = write_proposals(campaign, reviewed)
    for advice, times in done.advice.most_common():
        print_line(f"{advice or '没有建议（没有报送、没有填完或没有等级）'}：{times} 个")
    if done.unknown_grades:
        print_line(f"wbt.toml 的 [outcome] 写了 {'、'.join(done.unknown_grades)}，没有项目是这个等级。")
    if done.moved_aside:
        print_line(
            f"原来的 {done.workbook.name} 有手工改动，已另存为 {done.moved_aside.name}，其中填的意见已带入新的一份。"
        )
    print_line(f"建议和依据在 {done.workbook}，已填财政意见的 {done.decided} 个都保留；怎样安排由财政部门决定。")
    raise typer.Exit(1 if errors else 0)
