"""``wbt import``: forms of today become a project list; and a look at what was understood of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.answering import FILE as ANSWERS_FILE
from workbook_tools.campaign.answering import TakenAnswers, take_answers
from workbook_tools.campaign.defaults import choose_scheme
from workbook_tools.campaign.exchanging import import_tables
from workbook_tools.campaign.form_files import ReadForm
from workbook_tools.campaign.form_reading import SYNONYMS, choose_importing
from workbook_tools.campaign.importing import (
    LIST_NAME,
    ImportedForms,
    draw_listed,
    find_forms,
    import_forms,
    write_list,
)
from workbook_tools.campaign.keeping_import import KeptImport, choose_target, keep_import
from workbook_tools.campaign.kept_readings import ImportMemory
from workbook_tools.commands.form_tables import print_form
from workbook_tools.commands.options import Quiet
from workbook_tools.commands.screen import console
from workbook_tools.commands.terminal import print_findings, print_line, print_warning, show_progress
from workbook_tools.commands.typed_arguments import check_year
from workbook_tools.commands.working_folder import find_campaign
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.desk.old_documents import OldDocuments
from workbook_tools.legacy.importing import Importing


def import_command(
    places: Annotated[list[Path], typer.Argument(metavar="文件或文件夹", help="现有的自评表和自评报告，可写多个。")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="文件", help=f"写出的项目清单，默认 {LIST_NAME}；写 .xlsx 时另写一份同名的 .json。"
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示读到的内容，不写清单。")] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="文件夹", help="为每个文件写一张网页，把读到的内容标在原表上，供核对。"),
    ] = None,
    synonyms: Annotated[
        Path | None,
        typer.Option("--synonyms", metavar="词表", help=f"自己的叫法（TOML），默认用工作文件夹里的 {SYNONYMS}。"),
    ] = None,
    scheme: Annotated[str, typer.Option("--scheme", metavar="代号", help="评分方案；不写时按各表的样式推断。")] = "",
    year: Annotated[
        int,
        typer.Option(
            "--year", metavar="年度", show_default=False, callback=check_year, help="评价年度，表上没有写时用它。"
        ),
    ] = 0,
    next_year: Annotated[
        bool, typer.Option("--next-year", help="作下一年的清单：年度加一，指标、分值、目标值留下，预算和填报内容不要。")
    ] = False,
    exchange: Annotated[
        str, typer.Option("--from", metavar="格式", help="文件是别的系统的表（如 一体化），不是自评表；一次读一个。")
    ] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖已有的清单。")] = False,
    quiet: Quiet = False,
) -> None:
    """Print what was read and what is doubtful, and write the list; exit code 1 where something is wrong or no form was found."""
    campaign = find_campaign()
    if exchange:
        _import_tables(campaign, places, exchange, _ListTarget(out, overwrite, dry_run), year, scheme)
    taken = _take_answers(None if dry_run else campaign)
    importing = choose_importing(campaign, scheme, year, synonyms)
    target = choose_target(campaign, out, taken, allow_existing=overwrite or dry_run)
    sources, passed_over = find_forms(places)
    printed: list[Finding] = []
    show = partial(_show_form, printed, importing) if dry_run else None
    with show_progress("读取", quiet or dry_run) as watch, OldDocuments() as old:
        done = import_forms(old.convert(sources), importing, html=html, show=show, watch=watch)
    errors = _print_findings([*passed_over, *done.findings], printed)
    if not dry_run:
        _keep_import(done, places, target, importing, campaign, taken, next_year)
    _print_outcome(done, html)
    raise typer.Exit(1 if errors or not done.projects else 0)


@dataclass(frozen=True, slots=True)
class _ListTarget:
    """Where a list is to go."""

    out: Path | None
    overwrite: bool
    dry_run: bool


def _import_tables(
    campaign: Campaign | None, places: Sequence[Path], exchange: str, target: _ListTarget, year: int, scheme: str
) -> NoReturn:
    """Write the list that stands in another system's tables; exit code 1 where something in them is wrong."""
    if len(places) != 1:
        raise SettingsError("用 --from 读别的系统的表，一次写一个文件。")
    allowed = target.overwrite or target.dry_run
    path = choose_target(campaign, target.out, TakenAnswers(ImportMemory()), allow_existing=allowed)
    listed, read = import_tables(campaign, places[0], exchange, year, scheme)
    for fault in read.faults:
        print_warning(f"{places[0].name}，{fault}")
    print_line(
        f"读到 {len(listed.projects)} 个项目，{sum(len(project.indicators) for project in listed.projects)} 个指标。"
    )
    if not target.dry_run:
        files = draw_listed(listed, path, choose_scheme(campaign, listed.scheme))
        write_list(files)
        print_line(f"已写出 {'、'.join(map(str, files))}。")
    raise typer.Exit(1 if read.faults else 0)


def _print_outcome(done: ImportedForms, html: Path | None) -> None:
    if html is not None:
        print_line(f"已写出 {done.pages} 张核对网页，在 {html}。")
    if not done.projects:
        print_line("没有认出自评表。")


def _show_form(printed: list[Finding], importing: Importing, read: ReadForm) -> None:
    scheme = next(known for known in importing.schemes if known.id == read.project.scheme)
    printed += print_form(read, scheme, console)


def _take_answers(campaign: Campaign | None) -> TakenAnswers:
    """Take what the office has picked since the last import, and say so."""
    taken = take_answers(campaign, datetime.now())
    for asked in taken.new:
        print_line(
            f"已收下答复：“{asked.doubt.key}”按“{asked.kept.reading if asked.kept else ''}”读，这个版式的表以后不再问。"
        )
    for asked in taken.withdrawn:
        print_line(f"已撤回答复：“{asked.doubt.key}”，以后照样问。")
    for fault in taken.faults:
        print_line(f"请注意：{ANSWERS_FILE} 的 {fault}。")
    return taken


def _print_findings(findings: Sequence[Finding], printed: Sequence[Finding]) -> int:
    """Print what is more than a note and was not printed yet; of the notes only how many there are. The number of errors."""
    known = {id(item) for item in printed}
    worth = [item for item in findings if item.severity is not Severity.INFO]
    print_findings((item for item in worth if id(item) not in known), rest="用 --dry-run 逐个文件看")
    _print_notes(item for item in findings if item.severity is Severity.INFO)
    return sum(item.severity is Severity.ERROR for item in worth)


def _print_notes(notes: Iterable[Finding]) -> None:
    counts = Counter(item.code for item in notes)
    if counts:
        listed = "，".join(f"{code} {count} 条" for code, count in sorted(counts.items()))
        print_line(f"另有说明：{listed}；审核时逐条列出。")


def _keep_import(
    done: ImportedForms,
    places: Sequence[Path],
    target: Path,
    importing: Importing,
    campaign: Campaign | None,
    taken: TakenAnswers,
    next_year: bool,
) -> None:
    """Write what was read, and say so."""
    kept = keep_import(campaign, places, done, target, importing, taken, next_year=next_year)
    _print_doubts(campaign, kept)
    for path in kept.files:
        indicators = sum(len(project.indicators) for project in kept.listed)
        print_line(f"已写出 {path}，{len(kept.listed)} 个项目，{indicators} 个指标。")
    _warn_of_years(kept.listed)
    if kept.files and not next_year:
        name = kept.files[0].name
        print_line(f"下一步：核对清单后运行 wbt generate {name} --prefill，生成已填好内容的工作簿。")


def _print_doubts(campaign: Campaign | None, kept: KeptImport) -> None:
    """Where the doubts that can be answered are to be answered."""
    if kept.doubts_aside:
        print_line(f"填得不对的一份另存为 {kept.doubts_aside}。")
    if not kept.doubts:
        return
    if campaign is None:
        told = f"有 {kept.doubts} 处疑问可以答复一次、以后不再问；在工作文件夹里运行时写入 {ANSWERS_FILE}（先用 wbt init 建立）。"
    else:
        where = campaign.root / ANSWERS_FILE
        told = f"有 {kept.doubts} 处疑问，写在 {where}：在“采用”一列选好，保存关闭，再运行一次 wbt import，同样版式的表以后不再问。"
    print_line(told)


def _warn_of_years(projects: Sequence[Project]) -> None:
    years = Counter(project.year for project in projects)
    if len(years) > 1:
        counts = "，".join(f"{year or '没有写明'} {count} 个" for year, count in sorted(years.items()))
        print_line(f"请注意：各表的年度不同（{counts}）。请核对，或按年度分开导入。")
