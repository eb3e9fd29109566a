"""``wbt run``: review, return, reports and summaries in one go, with one closing screen."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.whole_round import WholeRound, run_round
from workbook_tools.campaign.worker_choice import open_workers, say_why_alone
from workbook_tools.commands import clock
from workbook_tools.commands.journal import log_review
from workbook_tools.commands.options import DaskOption, Fresh, KeyOption, Quiet
from workbook_tools.commands.presenting import print_reports, print_summaries
from workbook_tools.commands.returns import print_returned
from workbook_tools.commands.reviewing import print_stored, print_unchanged
from workbook_tools.commands.terminal import print_line, print_warning, show_progress
from workbook_tools.commands.working_folder import load_known_keys, need_campaign
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import State
from workbook_tools.desk.old_documents import OldDocuments
from workbook_tools.results.finding_tables import count_causes
from workbook_tools.results.names import RESULT_NAME
from workbook_tools.results.overview import rank_waiting
from workbook_tools.review.folding import fold_findings
from workbook_tools.review.states import find_unused_files

log = logging.getLogger(__name__)

_SHOWN = 5
"""So many projects are named under each heading."""


def run(
    by: Annotated[
        str, typer.Option("--by", metavar="日期", help="退回的重新报送期限，如 2025年4月10日；默认用 wbt.toml 中的。")
    ] = "",
    key: KeyOption = None,
    dask: DaskOption = "",
    fresh: Fresh = False,
    quiet: Quiet = False,
) -> None:
    """Print what came, what is missing, what to look at first and where all lies; exit code 2 where a step failed or the ledger does not know of it."""
    campaign = need_campaign()
    keys = load_known_keys(campaign, key)
    print_warning(say_why_alone(campaign, 0, dask))
    with open_workers(campaign, 0, dask) as hands, OldDocuments() as old:
        done = run_round(
            campaign,
            keys,
            clock.now(),
            lambda step: show_progress(step, quiet),
            by=by,
            prepare=old.convert,
            fresh=fresh,
            workers=hands,
        )
    log_review(done.reviewed.review.parts)
    print_warning(done.reviewed.unrecorded)
    print_stored(done.reviewed)
    if not done.reviewed.result.reviewed_files:
        print_line(f"{campaign.folder('回收')} 里没有工作簿。请把单位报送的文件放进去，再运行一次。")
        raise typer.Exit(_choose_code(done))
    print_unchanged(done.reviewed)
    _print_work(done.reviewed.result)
    _print_places(campaign, done)
    for step, reason in done.failures.items():
        log.error("%s：%s", step, reason)
        print_warning(f"没有完成：{step}：{reason.rstrip('。')}。其余各步的结果都在；解决以后再运行一次。")
    raise typer.Exit(_choose_code(done))


def _choose_code(done: WholeRound) -> int:
    if done.failures or done.reviewed.unrecorded or (done.returned and done.returned.unrecorded):
        return 2
    return 1 if done.reviewed.has_errors or (done.returned and done.returned.without_copy) else 0


def _print_work(result: ReviewResult) -> None:
    """The closing screen: what came, what is missing, what to look at first."""
    print_line(f"一、收到 {result.reviewed_files} 个文件，{len(result.projects)} 个项目：{_count_states(result)}。")
    if unused := sorted(find_unused_files(result)):
        print_line(f"其中 {len(unused)} 个文件没有采用（读不了或认不出），为什么、怎么办见“问题清单”：")
        _print_some(unused, "“问题清单”")
    if others := result.reviewed_files - len({project.file for project in result.projects}) - len(unused):
        print_line(f"另有 {others} 个没有计入：重复的、较旧的，或者没有填写的，见“问题清单”“说明”。")
    print_line(f"二、还缺 {len(result.missing)} 个项目{'：' if result.missing else '。'}")
    _print_some([f"{row.name}（{row.code}，{row.unit}）：{row.first_step}" for row in result.missing], "“未报清单”")
    waiting = rank_waiting(result, count_causes(fold_findings(result.findings, result.projects, result.missing)))
    print_line("三、先看：" if waiting else "三、没有要退回更正或请单位说明的。")
    _print_some([f"{row.state}　{row.name}（{row.code}）：{row.first_step}" for row in waiting], "“审核概览”“项目得分”")


def _print_places(campaign: Campaign, done: WholeRound) -> None:
    """The closing screen: where things lie."""
    print_line("四、东西在哪里：")
    print_line(f"{RESULT_NAME}.xlsx 在 {campaign.folder('审核')}，先看第一张表“审核概览”。")
    if done.returned:
        print_returned(done.returned, campaign.folder("退回"), campaign)
    if done.reports:
        print_reports(done.reports, campaign.folder("报告"))
    if done.summaries:
        print_summaries(done.summaries, campaign.folder("汇总"))


def _count_states(result: ReviewResult) -> str:
    counts = Counter(project.state for project in result.projects)
    return "、".join(f"{state} {counts[state]}" for state in State if counts[state]) or "没有可用的"


def _print_some(lines: Sequence[str], rest: str) -> None:
    """The first of them; ``rest`` is where all stand."""
    for line in lines[:_SHOWN]:
        print_line(f"  {line}")
    if len(lines) > _SHOWN:
        print_line(f"  ……共 {len(lines)} 个，见{RESULT_NAME}.xlsx 的{rest}。")
