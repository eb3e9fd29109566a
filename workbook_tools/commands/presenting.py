"""``wbt merge`` and ``report``: 汇总 workbooks and Word reports from 审核结果.json."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.convert import print_pdfs
from workbook_tools.commands.drafts import waiting
from workbook_tools.commands.options import PdfToo, Quiet, ResultArgument
from workbook_tools.commands.terminal import print_line, print_warning, progress_bar, show_progress
from workbook_tools.commands.working_folder import find_campaign, find_result, need_campaign, read_judged
from workbook_tools.desk.convert import pdf_jobs
from workbook_tools.reports import write_reports
from workbook_tools.reports.acceptance import find_drafts, read_acceptances
from workbook_tools.reports.form_check import check_forms
from workbook_tools.reports.forms import find_form
from workbook_tools.summary.office_form import SUMMARY_FORM
from workbook_tools.summary.workbooks import write_form_tables, write_summaries

log = logging.getLogger(__name__)


def merge(
    result: ResultArgument = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="放汇总表的文件夹，默认为 汇总。")] = None,
    inbox: Annotated[
        Path | None, typer.Option("--inbox", metavar="文件夹", help="收回的工作簿所在文件夹，用来做链接，默认为 回收。")
    ] = None,
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="文件夹", help="自己改过的 汇总表.xlsx 所在文件夹，默认为 模板。")
    ] = None,
    pdf: PdfToo = False,
    quiet: Quiet = False,
) -> None:
    """按主管部门和全部项目，生成汇总工作簿；并按 汇总表.xlsx 的样子，生成上报用的汇总表。"""
    campaign = find_campaign()
    source = find_result(result)
    target = out or need_campaign("--out 文件夹").folder("汇总")
    reviewed, errors = read_judged(source, campaign)
    with progress_bar(quiet) as progress:
        task = progress.add_task("汇总", total=None)
        written = write_summaries(
            reviewed, target,
            inbox=inbox or (campaign.folder("回收") if campaign else None),
            reports=campaign.folder("报告") if campaign else None,
            watch=lambda done, total: progress.update(task, completed=done, total=2 * total),
        )  # fmt: skip
        form = find_form(SUMMARY_FORM, forms or (campaign.forms if campaign else None))
        tables, losses = write_form_tables(
            reviewed,
            target,
            form,
            watch=lambda done, total: progress.update(task, completed=total + done, total=2 * total),
        )
    log.info("汇总 %d 个、汇总表 %d 个，在 %s", len(written), len(tables), target)
    if losses:
        print_warning(f"模板 {form} 中的{'、'.join(losses)}带不到汇总表里，见 docs/汇总表模板.md。")
    print_line(f"已生成 {len(written)} 个汇总工作簿和 {len(tables)} 个汇总表，在 {target}。")
    failed = print_pdfs(pdf_jobs([*written, *tables]), quiet=quiet) if pdf else 0
    raise typer.Exit(1 if errors or failed else 0)


def report(
    result: ResultArgument = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="放报告的文件夹，默认为 报告。")] = None,
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="文件夹", help="自己改过的报告模板所在文件夹，默认为 模板。")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--project", metavar="编码", help="只写这个编码的项目，可写多次；这时不写部门报告。"),
    ] = None,
    no_drafts: Annotated[
        bool, typer.Option("--no-drafts", help="单位没有写的文字不起草，报告中留“（未填写）”。")
    ] = False,
    pdf: PdfToo = False,
    quiet: Quiet = False,
) -> None:
    """为每个项目、每个主管部门生成 Word 报告。"""
    campaign = find_campaign()
    source = find_result(result)
    target = out or need_campaign("--out 文件夹").folder("报告")
    reviewed, errors = read_judged(source, campaign)
    accepted = read_acceptances(source)
    with show_progress("报告", quiet) as watch:
        written = write_reports(
            reviewed,
            target,
            forms=forms or (campaign.forms if campaign else None),
            projects=only,
            look=campaign.settings.report if campaign else None,
            drafts=None if no_drafts else accepted,
            watch=watch,
        )
    log.info("报告 %d 份，在 %s", len(written), target)
    for warning in check_forms(reviewed, forms or (campaign.forms if campaign else None), only):
        print_warning(warning)
    print_line(f"已生成 {len(written)} 份报告，在 {target}。")
    if not no_drafts:
        own = [draft for draft in find_drafts(reviewed) if not only or draft.project_code in only]
        if count := waiting(own, accepted):
            print_line(
                f"其中 {count} 段文字是根据填报数据起草的，已标为草稿。核对后用 wbt draft accept 确认；用 wbt draft list 查看。"
            )
    failed = print_pdfs(pdf_jobs(written), quiet=quiet) if pdf else 0
    raise typer.Exit(1 if errors or failed else 0)
