"""``wbt review`` and ``explain``: what the units sent back, read, checked and scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.form_reading import choose_importing
from workbook_tools.campaign.places import choose_inbox, keep_off_inbox
from workbook_tools.campaign.reviewing import ReviewedInbox, review_inbox
from workbook_tools.campaign.worker_choice import open_workers
from workbook_tools.commands import clock
from workbook_tools.commands.journal import log_review
from workbook_tools.commands.options import DaskOption, Fresh, KeyOption, Quiet, SchemeOption, WorkersOption, YearOption
from workbook_tools.commands.terminal import print_findings, print_line, print_warning, show_progress
from workbook_tools.commands.working_folder import load_known_keys, need_campaign
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.desk.old_documents import OldDocuments
from workbook_tools.desk.open_books import copy_open_book
from workbook_tools.files.sources import SourceFile
from workbook_tools.results import StoredResult
from workbook_tools.results.facts import LEVEL_TINTS, grade_text, name_level
from workbook_tools.results.finding_tables import count_causes
from workbook_tools.results.names import DATA_FOLDER, DEPARTMENTS_FOLDER, RESULT_NAME
from workbook_tools.review.folder import review_folder
from workbook_tools.review.folding import fold_findings

_PROJECT_COLUMNS = (
    ("项目", "left"),
    ("主管部门", "left"),
    ("状态", "left"),
    ("执行率", "right"),
    ("总分", "right"),
    ("等级", "left"),
    ("错误", "right"),
    ("提醒", "right"),
)


def review(
    inbox: Annotated[
        Path | None, typer.Argument(metavar="文件夹", help="收回的工作簿所在文件夹，默认为 回收。")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件夹", help="放审核结果的文件夹，默认为 审核。")
    ] = None,
    project_list: Annotated[
        Path | None, typer.Option("--list", metavar="文件", help="项目清单，用来核对谁没有报；默认用工作文件夹里的。")
    ] = None,
    year: YearOption = 0,
    scheme: SchemeOption = "",
    key: KeyOption = None,
    workers: WorkersOption = 0,
    dask: DaskOption = "",
    data: Annotated[
        bool,
        typer.Option("--data", help="也写“审核数据”（项目、指标、问题各部门一个 .jsonl），供 pandas、DuckDB、BI 读。"),
    ] = False,
    fresh: Fresh = False,
    quiet: Quiet = False,
) -> None:
    """Print the projects and what belongs to none; exit code 1 where an error was found, 2 where the ledger does not know of it."""
    campaign, folder, target = _choose_places(inbox, out)
    keys = load_known_keys(campaign, key)
    with open_workers(campaign, workers, dask) as hands, show_progress("审核", quiet) as watch, OldDocuments() as old:
        done = review_inbox(
            campaign,
            folder,
            keys,
            clock.now(),
            out=target,
            project_list=project_list,
            year=year,
            scheme=scheme,
            workers=hands,
            prepare=old.convert,
            fresh=fresh,
            data=data,
            watch=watch,
        )
    log_review(done.review.parts)
    print_warning(done.unrecorded)
    if not done.review.parts.head.reviewed_files:
        print_line(f"{folder} 里没有工作簿。请把单位报送的文件放进去，再运行一次。")
    elif not quiet and not (done.stored and done.stored.is_by_department):
        print_result(done.result)
    print_unchanged(done)
    print_stored(done)
    print_line(f"审核结果在 {target}：{describe_files(done.stored)}")
    raise typer.Exit(2 if done.unrecorded else 1 if done.has_errors else 0)


def describe_files(stored: StoredResult | None) -> str:
    """What lies where, and whether it was written anew."""
    left = "没有变化，未重写。" if stored and stored.unchanged else ""
    if stored and stored.is_by_department:
        sizes = stored.parts.sizes.values()
        count = sum(size.projects for size in sizes)
        return (
            f"{RESULT_NAME}.xlsx 是总的，列着 {len(sizes)} 个部门、{count} 个项目的情况；每个部门的工作簿在 {DEPARTMENTS_FOLDER}，"
            f"核定和接受说明填在那里；{RESULT_NAME}.json 和 {DATA_FOLDER} 给程序用。{left}"
        )
    return f"{RESULT_NAME}.xlsx（给人看）、{RESULT_NAME}.json（给程序用）。{left}"


def print_unchanged(done: ReviewedInbox) -> None:
    """How many of the files were not read again."""
    if count := done.review.unchanged:
        print_line(f"其中 {count} 个文件没有变化，沿用上次的审核。要全部重新审核，加 --fresh。")


def print_stored(done: ReviewedInbox) -> None:
    """What is wrong with what finance has typed into 审核结果.xlsx, and where a workbook of theirs was moved."""
    if done.stored:
        print_findings(done.stored.problems)
        print_warning(done.stored.told_aside)


def _choose_places(inbox: Path | None, out: Path | None) -> tuple[Campaign | None, Path, Path]:
    """The working folder of the inbox, the inbox, and where the result goes."""
    found = choose_inbox(inbox or need_campaign("收回的文件夹").root)
    target = keep_off_inbox(out) or (found.campaign or need_campaign("--out 文件夹")).folder("审核")
    return found.campaign, found.folder, target


def print_result(result: ReviewResult) -> None:
    """A table of the projects; below it the findings that belong to none of them."""
    from rich.markup import escape
    from rich.table import Table

    from workbook_tools.commands.screen import console

    table = Table(title=f"{result.year}年度　共 {len(result.projects)} 个项目", title_justify="left")
    for heading, side in _PROJECT_COLUMNS:
        table.add_column(heading, justify="right" if side == "right" else "left", overflow="fold")
    causes = count_causes(fold_findings(result.findings, result.projects, result.missing))
    for project in result.projects:
        table.add_row(*map(escape, _project_cells(project, causes)))
    console.print(table)
    print_line(f"“错误”“提醒”是问题清单中的件数（一个原因一件）。全部：{_describe_counts(result, causes) or '没有'}。")
    print_findings(_list_others(result))


def _list_others(result: ReviewResult) -> Iterator[Finding]:
    """What is wrong and belongs to no project that counts, with its cause once; what finance typed is told apart."""
    own = {p.code for p in result.projects}
    for row in result.findings:
        told = row.severity is not Severity.INFO and not row.follows_from and not row.is_about_judgement
        if told and row.project_code not in own:
            yield row


def _project_cells(p: ProjectRow, causes: Counter[tuple[str, str]]) -> Iterator[str]:
    yield from (p.name, p.department, p.state.value)
    yield "" if p.execution_rate is None else percent_text(p.execution_rate)
    yield "—" if p.total_score is None else number_text(p.total_score)
    yield "—" if p.total_score is None else grade_text(p)
    yield from (str(causes[p.code, severity.label] or "") for severity in (Severity.ERROR, Severity.WARNING))


def _describe_counts(result: ReviewResult, causes: Counter[tuple[str, str]]) -> str:
    """What there is to read: of each level the rows of 问题清单 and 说明, and at how many places they come from."""
    rows: Counter[str] = Counter()
    for (_, level), count in causes.items():
        rows[level] += count
    places = Counter(map(name_level, result.findings))
    return "、".join(f"{level} {rows[level]} 件（{places[level]} 处）" for level in LEVEL_TINTS if rows[level])


def explain(
    file: Annotated[Path, typer.Argument(metavar="工作簿", help="填好的工作簿。")],
    indicator: Annotated[
        str, typer.Argument(metavar="指标名称", help="指标名称（或其中几个字），不写则列出全部。")
    ] = "",
    as_open: Annotated[
        bool, typer.Option("--open", help="工作簿正在 Excel 中打开：连同还没有保存的改动一起读。")
    ] = False,
    key: KeyOption = None,
) -> None:
    """Print how each score came about; exit code 2 where the file cannot be scored."""
    campaign = Campaign.find(file.resolve().parent)
    keys = load_known_keys(campaign, key)
    importing = choose_importing(campaign)
    with copy_open_book(file) if as_open else nullcontext(file) as path:
        found = review_folder([SourceFile(path, file.name)], keys=keys, importing=importing)
    scored = [(item.project, item.indicators) for item in found.files if item.project]
    if not scored:
        print_findings(found.result.findings)
        raise typer.Exit(2)
    _require_indicator(indicator, (row for _, rows in scored for row in rows))
    for project, rows in scored:
        _print_explanations(project, rows, indicator, titled=len(scored) > 1)


def _require_indicator(name: str, rows: Iterable[IndicatorRow]) -> None:
    if name and not any(name in row.name for row in rows):
        raise SettingsError(f"没有名称含“{name}”的指标。")


def _print_explanations(project: ProjectRow, rows: Iterable[IndicatorRow], indicator: str, *, titled: bool) -> None:
    """How the indicators of that name were scored; without a name all, the execution rate and the total."""
    if titled:
        print_line(f"—— {project.name}")
    for row in rows:
        if indicator in row.name:
            print_line(f"{row.name}：{row.explanation or '没有得分（完成值或完成率未填）'}")
    if not indicator:
        print_line(f"预算执行率：{project.execution_explanation or '没有得分'}")
        print_line(f"总分：{project.total_explanation or '没有总分'}")
