"""``wbt publish``: the public version of accepted projects."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign.disclosing import Disclosure, update_disclosure
from workbook_tools.campaign.places import keep_off_inbox
from workbook_tools.campaign.publishing import Published, publish_projects
from workbook_tools.commands.options import Quiet, ResultArgument
from workbook_tools.commands.terminal import print_line, print_warning, show_progress
from workbook_tools.commands.working_folder import find_result, need_campaign, read_judged
from workbook_tools.reports.acceptance import read_acceptances
from workbook_tools.reports.hiding import NAME, NUMBER

log = logging.getLogger(__name__)
_TOLD = 10
"""Files that are named at most."""


def publish(
    result: ResultArgument = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="放公开版的文件夹，默认为 公开。")] = None,
    ready: Annotated[bool, typer.Option("--ready", help="可接收、还没有接收的项目也做。")] = False,
    forms: Annotated[
        Path | None, typer.Option("--forms", metavar="文件夹", help="自己改过的报告模板所在文件夹，默认为 模板。")
    ] = None,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help="不做 pdf，只做 xlsx 和 docx。")] = False,
    table: Annotated[
        bool, typer.Option("--table", help="不做公开版，只把公开情况表里填的时间、网址等登记进台账，重新写表。")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Print what was published and what not; exit code 1 where a judgement is wrong or a PDF could not be made, 2 where the ledger does not know of it."""
    from workbook_tools.desk.convert import OptionalPdfs

    campaign = need_campaign(named=result)
    if table:
        only = update_disclosure(campaign, datetime.now(UTC))
        _print_disclosure(only)
        print_warning(only.unrecorded)
        raise typer.Exit(2 if only.unrecorded else 0)
    source = find_result(result)
    target = keep_off_inbox(out) or campaign.folder("公开")
    reviewed, errors = read_judged(source, campaign)
    pdfs = OptionalPdfs()
    with show_progress("公开版", quiet) as watch:
        done = publish_projects(
            campaign,
            reviewed,
            target,
            read_acceptances(source),
            datetime.now(UTC),
            _make_none if no_pdf else pdfs.make,
            ready=ready,
            forms=forms,
            watch=watch,
        )
    log.info("公开 %d 个项目，不公开 %d 个，在 %s", len(done.public), len(done.items) - len(done.public), target)
    _print_published(done, target)
    print_warning(pdfs.unavailable)
    raise typer.Exit(2 if done.unrecorded else 1 if errors or done.without_pdf else 0)


def _make_none(_: Sequence[tuple[Path, Path]]) -> Mapping[Path, str]:
    return {}


def _print_published(done: Published, target: Path) -> None:
    """What is published, what an officer must look at, and where it is listed."""
    public = len(done.public)
    if not public:
        print_line("没有可以公开的项目：只公开已接收的（wbt accept）；可接收的也要公开，加 --ready。")
    else:
        same = "" if done.written else "，内容没有变化"
        print_line(f"已公开 {public} 个项目，{sum(len(i.files) for i in done.public)} 个文件{same}，在 {target}。")
    _print_reports(done)
    if withheld := len(done.items) - public:
        print_line(f"不公开 {withheld} 个，原因见 {done.list_file.name}。")
    _print_hidden(done)
    _print_files(done)
    print_line(f"公开清单在 {done.list_file}，供内部使用，不要公开。")
    _print_disclosure(done.disclosure)
    print_warning(done.unrecorded)


def _print_disclosure(done: Disclosure) -> None:
    """Where the table of departments is, and what is still to be typed into it."""
    if done.moved_aside:
        print_line(f"原来的 {done.workbook.name} 有手工改动，已另存为 {done.moved_aside.name}，其中填的已登记。")
    for line in done.waiting[:_TOLD]:
        print_line(f"  {line.department}：{line.state}")
    asked = f"，{len(done.waiting)} 个部门还有要填的，填好后运行 wbt publish --table" if done.waiting else ""
    print_line(f"各部门公开情况在 {done.workbook}{asked}。")


def _print_reports(done: Published) -> None:
    """How many reports on several projects are published, and which wait for somebody to accept their texts."""
    if written := len(done.reports) - len(done.waiting):
        print_line(f"另有 {written} 份汇总报告。")
    if done.waiting:
        named = "、".join(report.whose for report in done.waiting[:_TOLD])
        print_line(
            f"{len(done.waiting)} 份汇总报告没有公开：有草稿没有确认。用 wbt draft list 查看，wbt draft accept 确认，后面写：{named}。"
        )


def _print_hidden(done: Published) -> None:
    """What was struck out of texts, and what may be a name and was not."""
    counts = Counter((one.kind, one.struck) for one in done.hidden)
    for kind, what in ((NUMBER, "电话号码"), (NAME, "人的姓名")):
        if struck := counts[kind, True]:
            print_warning(f"文字里有 {struck} 处{what}，公开版中已隐去，在哪里见 {done.list_file.name}。")
    if doubtful := counts[NAME, False]:
        print_warning(f"另有 {doubtful} 处可能是姓名，没有隐去，公开以前请对照 {done.list_file.name} 看一遍。")


def _print_files(done: Published) -> None:
    """Files that need a hand."""
    for source, trouble in list(done.without_pdf.items())[:_TOLD]:
        print_warning(f"“{source.name}”没有做成 pdf：{trouble}")
    for path in done.asides:
        print_line(f"原来的文件有手工改动，已另存为“{path.name}”。")
    for path in done.withdrawn[:_TOLD]:
        print_warning(f"“{path}”以前公开过，现在不公开，请移走；已经上网的请撤下。")
