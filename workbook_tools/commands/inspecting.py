"""``wbt inspect``: a 复核表 for each project of the sample, and back from the reviewers what they found."""

from __future__ import annotations

from typing import Annotated

import typer

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.inspecting import HandedState, ReadInspections, hand_out_forms, read_forms
from workbook_tools.campaign.inspection_record import ISSUED, RETURNED, find_inspection_folder
from workbook_tools.commands.options import ResultArgument
from workbook_tools.commands.terminal import print_findings, print_line
from workbook_tools.commands.working_folder import find_result, need_campaign, read_judged
from workbook_tools.core.values import number_text
from workbook_tools.inspection.record import Inspection

_TOLD = 20
"""Projects that are named at most."""


def inspect(
    result: ResultArgument = None,
    read: Annotated[bool, typer.Option("--read", help="读回放在 复核/回收 里的复核表。")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="得分或评分项变了的，改写已经下发的复核表；不写就保留原来的。")
    ] = False,
) -> None:
    """Print what was written or read; exit code 1 where a 复核表 was refused or a judgement is wrong."""
    campaign = need_campaign(named=result)
    if read:
        raise typer.Exit(1 if _read(campaign) else 0)
    reviewed, errors = read_judged(find_result(result), campaign)
    done = hand_out_forms(campaign, reviewed, overwrite=overwrite)
    for item in done:
        if item.state in (HandedState.KEPT, HandedState.GONE):
            print_line(f"  {item.row.code}　{item.row.name}　{_tell(item.state)}")
    written = sum(item.state is HandedState.NEW for item in done)
    same = sum(item.state is HandedState.SAME for item in done)
    print_line(
        f"抽中的 {len(done)} 个项目：写出复核表 {written} 个，没有变化 {same} 个，在 {find_inspection_folder(campaign, ISSUED)}。"
    )
    print_line(f"复核人填好以后放进 {find_inspection_folder(campaign, RETURNED)}，再运行 wbt inspect --read。")
    raise typer.Exit(1 if errors else 0)


def _tell(state: HandedState) -> str:
    if state is HandedState.GONE:
        return "审核结果里没有这个项目了，没有写复核表"
    return "得分或评分项变了，原来的复核表没有改写；要改写加 --overwrite"


def _read(campaign: Campaign) -> int:
    """Prints it; the number of files that were refused."""
    found = read_forms(campaign)
    print_findings(found.findings, "见上面的文件名")
    for item in found.done[:_TOLD]:
        print_line(f"  {item.code}　{item.name}　{_tell_scores(item)}")
    if len(found.done) > _TOLD:
        print_line(f"  …… 共 {len(found.done)} 个")
    refused = sum(form.inspection is None for form in found.forms)
    print_line(f"抽中的 {len(found.codes)} 个项目：已复核 {len(found.done)} 个，还没有的 {len(found.missing)} 个。")
    if found.missing:
        print_line(f"还没有复核的：{'、'.join(found.missing[:_TOLD])}{'……' if len(found.missing) > _TOLD else ''}")
    _tell_outputs(found)
    if refused:
        print_line(f"没有采用的 {refused} 份，原因见上；改好再读一次，其余的不受影响。")
    return refused


def _tell_outputs(found: ReadInspections) -> None:
    if found.reports.files:
        print_line(f"复核报告 {len(found.reports.files)} 份在 {found.reports.files[0].parent}。")
    for aside in found.reports.asides:
        print_line(f"原来的复核报告有手工改动，已另存为 {aside.name}。")
    if found.told_aside:
        print_line(found.told_aside)


def _tell_scores(item: Inspection) -> str:
    before, after = (("没有" if score is None else number_text(score)) for score in (item.self_total, item.total))
    quality = f"，自评工作质量 {number_text(item.quality_total)}" if item.quality_total is not None else ""
    return f"自评 {before} 分，复核 {after} 分，{len(item.differing)} 处不同{quality}"
