"""``wbt merge`` and ``report``: 汇总 workbooks and Word reports from 审核结果.json."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbook_tools.campaign.places import keep_off_inbox
from workbook_tools.campaign.worker_choice import is_here, open_workers, say_why_alone
from workbook_tools.commands.options import DaskOption, Fresh, PdfToo, Quiet, ResultArgument, WorkersOption
from workbook_tools.commands.terminal import print_line, print_warning, show_progress
from workbook_tools.commands.typed_arguments import split_codes
from workbook_tools.commands.working_folder import find_campaign, find_result, need_campaign, read_judged_ahead
from workbook_tools.core.errors import SettingsError
from workbook_tools.files.former_outputs import tell_former

if TYPE_CHECKING:
    from workbook_tools.campaign.folder import Campaign
    from workbook_tools.campaign.merging import Summaries
    from workbook_tools.campaign.reporting import WrittenReports

log = logging.getLogger(__name__)
_TOLD = 10
"""Texts and files that are named at most."""


def merge(
    result: ResultArgument = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="放汇总表的文件夹，默认为 汇总。")] = None,
    inbox: Annotated[
        Path | None, typer.Option("--inbox", metavar="文件夹", help="收回的工作簿所在文件夹，用来做链接，默认为 回收。")
    ] = None,
    forms: Annotated[
        Path | None,
        typer.Option("--forms", metavar="文件夹", help="自己改过的 汇总表.xlsx 和 上级表样 所在文件夹，默认为 模板。"),
    ] = None,
    pdf: PdfToo = False,
    fresh: Fresh = False,
    workers: WorkersOption = 0,
    dask: DaskOption = "",
    quiet: Quiet = False,
) -> None:
    """Print what was written; exit code 1 where a judgement is wrong or a PDF could not be made."""
    campaign = find_campaign(result)
    source = find_result(result)
    target = keep_off_inbox(out) or need_campaign("--out 文件夹", result).folder("汇总")
    with read_judged_ahead(source, campaign, _count_readers(campaign, workers, dask)) as read:
        from workbook_tools.campaign.merging import merge_result  # while it is read

        reviewed, errors = read()
        print_warning(say_why_alone(campaign, workers, dask))
        with open_workers(campaign, workers, dask, need_folder=True) as hands, show_progress("汇总", quiet) as watch:
            done = merge_result(
                campaign, reviewed, target, inbox=inbox, forms=forms, fresh=fresh, workers=hands, watch=watch
            )
    print_summaries(done, target)
    failed = _convert([*done.workbooks, *done.tables, *done.superior.tables], quiet=quiet) if pdf else 0
    raise typer.Exit(1 if errors or failed or done.superior.faults else 0)


def report(
    result: ResultArgument = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="放报告的文件夹，默认为 报告。")] = None,
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="文件夹", help="自己改过的报告模板所在文件夹，默认为 模板。")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--project",
            metavar="编码",
            callback=split_codes,
            help="只写这个编码的项目，可写多次；这时不写部门报告、汇总报告和简报。",
        ),
    ] = None,
    no_projects: Annotated[
        bool,
        typer.Option("--no-projects", help="不写各项目的报告，只写部门报告、全部项目汇总报告和一页简报。"),
    ] = False,
    no_drafts: Annotated[
        bool, typer.Option("--no-drafts", help="单位没有写的文字不起草，报告中留“（未填写）”。")
    ] = False,
    pdf: PdfToo = False,
    fresh: Fresh = False,
    workers: WorkersOption = 0,
    dask: DaskOption = "",
    quiet: Quiet = False,
) -> None:
    """Print what was written and how much of it is drafted; exit code 1 where a judgement is wrong or a PDF could not be made."""
    if only and no_projects:
        raise SettingsError("--project 和 --no-projects 不能一起用，写其一。")
    campaign = find_campaign(result)
    source = find_result(result)
    target = keep_off_inbox(out) or need_campaign("--out 文件夹", result).folder("报告")
    chosen = () if no_projects else only
    kept = None if no_drafts else source
    with read_judged_ahead(source, campaign, _count_readers(campaign, workers, dask)) as read:
        from workbook_tools.campaign.reporting import report_result  # while it is read

        reviewed, errors = read()
        print_warning(say_why_alone(campaign, workers, dask))
        with open_workers(campaign, workers, dask, need_folder=True) as hands, show_progress("报告", quiet) as watch:
            done = report_result(
                campaign,
                reviewed,
                target,
                kept,
                datetime.now(),
                forms=forms,
                only=chosen,
                fresh=fresh,
                workers=hands,
                watch=watch,
            )
    print_reports(done, target)
    failed = _convert(done.files, quiet=quiet) if pdf else 0
    raise typer.Exit(1 if errors or failed else 0)


def _convert(files: Sequence[Path], *, quiet: bool) -> int:
    from workbook_tools.commands.convert import print_pdfs

    return print_pdfs(files, quiet=quiet)


def _count_readers(campaign: Campaign | None, workers: int, dask: str) -> int:
    """Other computers do not see what a process of this one lays down."""
    return workers if is_here(campaign, workers, dask) else 1


def say_left(count: int) -> str:
    """How many of the outputs were left as they stood; nothing where none were."""
    return f"其中 {count} 个没有变化，未重写。" if count else ""


def print_summaries(done: Summaries, target: Path) -> None:
    """What was written, and what of the office's form could not be carried over."""
    log.info("汇总 %d 个、汇总表 %d 个，在 %s", len(done.workbooks), len(done.tables), target)
    if done.losses:
        print_warning(f"模板 {done.form} 中的{'、'.join(done.losses)}带不到汇总表里，见 docs/汇总表模板.md。")
    for note in done.superior.notes:
        print_warning(f"{note}。")
    for fault in done.superior.faults:
        print_warning(f"这个表没有填，其余的照常：{fault}。")
    superior = f"、{len(done.superior.tables)} 个上级规定的表" if done.superior.tables else ""
    print_line(
        f"已生成 {len(done.workbooks)} 个汇总工作簿和 {len(done.tables)} 个汇总表{superior}，在 {target}。{say_left(done.unchanged)}"
    )
    print_warning(tell_former(target, done.former))


def print_reports(done: WrittenReports, target: Path) -> None:
    """What was written, what the forms leave out, and how much is drafted."""
    from workbook_tools.campaign.report_texts import FILE_NAME

    log.info("报告 %d 份，在 %s", len(done.files), target)
    for warning in done.form_warnings:
        print_warning(warning)
    print_line(f"已生成 {len(done.files)} 份报告，在 {target}。{say_left(done.unchanged)}")
    print_warning(tell_former(target, done.former))
    _print_edits(done)
    for fault in done.text_faults:
        print_warning(f"{FILE_NAME}：{fault}。")
    if done.waiting:
        print_line(
            f"其中 {done.waiting} 段文字是根据填报数据起草的，已标为草稿。"
            "核对后用 wbt draft accept 确认；用 wbt draft list 查看。"
        )
    if done.outdated:
        print_warning(f"有 {done.outdated} 段文字确认以后数据变了，已重新标出，请核对后再确认。")
    if done.texts:
        print_line(
            "起草的文字可以直接在 Word 里改，保存、关闭以后再运行一次 wbt report，改的就收回来；"
            f"部门报告、汇总报告和简报的，也可以在 {done.texts} 里修改、确认。"
        )


def _print_edits(done: WrittenReports) -> None:
    """What was taken from reports that somebody has changed in Word, and where the files as they were lie."""
    if done.word_edits:
        named = "、".join(done.word_edits[:_TOLD]) + ("等" if len(done.word_edits) > _TOLD else "")
        print_line(f"收回了在 Word 里改的 {len(done.word_edits)} 段文字：{named}。核对后用 wbt draft accept 确认。")
    for fault in done.word_faults:
        print_warning(f"{fault}。")
    if done.asides:
        named = "、".join(f"“{path.name}”" for path in done.asides[:_TOLD]) + ("等" if len(done.asides) > _TOLD else "")
        rest = "除了收回的，别的" if done.word_edits else ""
        print_line(f"有 {len(done.asides)} 份报告手工保存过，原样另存为{named}；{rest}改动都在那里，新报告里没有。")
