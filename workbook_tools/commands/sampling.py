"""``wbt sample``: draw the projects whose self-evaluation is inspected."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Annotated

import typer

from workbook_tools.campaign.sampling import SampleList, draw_list
from workbook_tools.campaign.settings import change_rule
from workbook_tools.commands.options import ResultArgument
from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.typed_arguments import split_codes
from workbook_tools.commands.working_folder import find_result, need_campaign, read_judged
from workbook_tools.core.errors import SettingsError

log = logging.getLogger(__name__)
_TOLD = 20
"""Projects that are named at most."""


def sample(
    result: ResultArgument = None,
    share: Annotated[
        float | None, typer.Option("--share", metavar="比例", help="抽多少：0.15 是 15%，默认用 wbt.toml 中的。")
    ] = None,
    count: Annotated[int | None, typer.Option("--count", metavar="个数", help="抽多少个，写了就不看比例。")] = None,
    by_risk: Annotated[
        bool | None, typer.Option("--by-risk/--evenly", help="按风险加权抽，或各项目可能相同；默认用 wbt.toml 中的。")
    ] = None,
    seed: Annotated[
        str,
        typer.Option("--seed", metavar="种子", help="随机种子，任意文字或数字；默认由程序随机取一个，都记在名单里。"),
    ] = "",
    pick: Annotated[
        list[str] | None,
        typer.Option("--pick", metavar="编码", callback=split_codes, help="指定这个项目，可写多次；不占抽取的名额。"),
    ] = None,
    because: Annotated[str, typer.Option("--because", metavar="文字", help="指定的原因。")] = "",
    again: Annotated[str, typer.Option("--again", metavar="原因", help="已经抽过的，写明原因重抽一次。")] = "",
) -> None:
    """Print what was drawn; exit code 1 where a judgement is wrong."""
    if bool(pick) != bool(because.strip()):
        raise SettingsError("--pick 和 --because 要一起写：指定哪个项目，为什么。")
    campaign = need_campaign(named=result)
    rule = change_rule(campaign.settings.sample, share=share, count=count, by_risk=by_risk)
    reviewed, errors = read_judged(find_result(result), campaign)
    done = draw_list(
        campaign,
        reviewed,
        datetime.now(UTC),
        rule=rule,
        seed=seed,
        picked=dict.fromkeys(pick or (), because.strip()),
        again=again.strip(),
    )
    log.info("抽查：种子 %s，抽中 %d 个", done.draw.seed, len(done.draw.chosen))
    _print_sample(done)
    raise typer.Exit(1 if errors else 0)


def _print_sample(done: SampleList) -> None:
    """The sample, its seed, and where it lies."""
    draw = done.draw
    drawn, picked = sum(row.drawn for row in draw.rows), sum(bool(row.picked) for row in draw.rows)
    print_line(f"已报送的 {len(draw.rows)} 个项目中抽中 {drawn} 个，指定 {picked} 个，种子 {draw.seed}。")
    for row in draw.chosen[:_TOLD]:
        print_line(f"  {row.code}　{row.name}　{row.department}")
    if len(draw.chosen) > _TOLD:
        print_line(f"  …… 共 {len(draw.chosen)} 个")
    if draw.missing:
        print_line(f"没有报送的 {draw.missing} 个不在内。")
    if done.moved_aside:
        print_line(f"原来的 {done.workbook.name} 有手工改动，已另存为 {done.moved_aside.name}。")
    print_line(f"名单、每个项目的概率和抽法在 {done.workbook}。")
