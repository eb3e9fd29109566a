"""The command line. It parses, calls one function of a lower floor, and prints.

Exit codes: 0 all is well; 1 done, but there are findings of severity error; 2 could not be done.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workbook_tools import __version__
from workbook_tools.acceptance import all_drafts, read_acceptances
from workbook_tools.blanks import write_blanks
from workbook_tools.campaign import LIST_FILE, Campaign, Settings
from workbook_tools.charts import why_not
from workbook_tools.commands import bundle as bundle_commands
from workbook_tools.commands import convert as convert_commands
from workbook_tools.commands import desk as desk_commands
from workbook_tools.commands import drafts as draft_commands
from workbook_tools.commands import importing as import_commands
from workbook_tools.commands import ledger as ledger_commands
from workbook_tools.commands import macros as macro_commands
from workbook_tools.commands import preview as preview_commands
from workbook_tools.commands import returns as return_commands
from workbook_tools.commands import scheme as scheme_commands
from workbook_tools.commands.chinese import chinese_complaint, chinese_help, speak_chinese
from workbook_tools.commands.convert import PdfToo, print_pdfs
from workbook_tools.commands.importing import importing_of
from workbook_tools.commands.journal import Journal, journal, log_review
from workbook_tools.commands.returns import judged_result
from workbook_tools.commands.terminal import (
    KeyOption,
    Quiet,
    be_quiet,
    console,
    current_campaign,
    known_keys,
    need_campaign,
    print_findings,
    progress_bar,
    say,
    tell,
    the_key,
    the_scheme,
    watched,
)
from workbook_tools.demo import RESULT_NAME, run_demo
from workbook_tools.desk.convert import pdf_jobs
from workbook_tools.desk.open_now import as_open_now
from workbook_tools.errors import OutputError, SettingsError, WorkbookToolsError
from workbook_tools.excel.summary_form import SUMMARY_FORM
from workbook_tools.findings import Finding, Severity
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import SigningKey
from workbook_tools.form_check import form_warnings
from workbook_tools.judgement import carry_over
from workbook_tools.ledger.keeping import note_issued, note_review
from workbook_tools.legacy.intake import Importing
from workbook_tools.model import Project, ProjectList
from workbook_tools.paths import replace_file
from workbook_tools.pipeline import Generated, assemble, generate, recognised, review_batches, review_files
from workbook_tools.projects import project_list_workbook, read_projects
from workbook_tools.report import find_form, write_reports
from workbook_tools.results import ReviewResult
from workbook_tools.review import write_json, write_workbook
from workbook_tools.rules.scheme import Scheme, load_scheme
from workbook_tools.sources import Source, find_sources
from workbook_tools.summary import departments, write_form_tables, write_summaries
from workbook_tools.values import number_text, percent_text

app = typer.Typer(
    name="wbt",
    help="项目支出绩效自评：下发锁定的 Excel 模板，收回后集中校验、评分、汇总、出报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(scheme_commands.app, name="scheme")
app.add_typer(draft_commands.app, name="draft")
app.add_typer(macro_commands.app, name="macros")
ledger_commands.register(app)
return_commands.register(app)
preview_commands.register(app)
convert_commands.register(app)
bundle_commands.register(app)
desk_commands.register(app)
import_commands.register(app)

log = logging.getLogger(__name__)
INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells have it."""

SchemeOption = Annotated[str, typer.Option("--scheme", metavar="代号", help="评分方案，默认用 wbt.toml 中的。")]
YearOption = Annotated[
    int, typer.Option("--year", metavar="年度", show_default=False, help="评价年度；在工作文件夹里不用写。")
]


# -- what every command shares ------------------------------------------------------------------------------------


def _projects(campaign: Campaign | None, path: Path, year: int, scheme: str) -> tuple[ProjectList, list[Finding]]:
    if not path.is_file():
        raise SettingsError(f"找不到项目清单 {path}。请先填写它，或用参数指明清单文件。")
    if not year:
        raise SettingsError("不在工作文件夹里时，请用 --year 写明评价年度。")
    return read_projects(
        path, year=year, default_scheme=the_scheme(campaign, scheme), load=lambda name: the_scheme(campaign, name)
    )


# -- commands -----------------------------------------------------------------------------------------------------


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="要建立的工作文件夹。")],
    year: Annotated[int, typer.Option(metavar="年度", show_default=False, help="评价年度，默认为去年。")] = 0,
    authority: Annotated[str, typer.Option(metavar="单位", help="组织自评的单位，如 某县财政局。")] = "",
    scheme: Annotated[str, typer.Option(metavar="代号", help="评分方案；用 wbt scheme list 查看。")] = "mof-2020",
    deadline: Annotated[str, typer.Option(metavar="日期", help="报送截止日期，印在填报说明上。")] = "",
    contact: Annotated[str, typer.Option(metavar="文字", help="咨询电话和联系人，印在填报说明上。")] = "",
) -> None:
    """建立一次自评的工作文件夹：设置、项目清单和各个子文件夹。"""
    chosen = load_scheme(scheme)
    settings = Settings(
        year=year or date.today().year - 1, authority=authority, scheme=scheme, deadline=deadline, contact=contact
    )
    campaign = Campaign.create(folder, settings)
    if not campaign.project_list.exists():
        replace_file(campaign.root / LIST_FILE, project_list_workbook(None, chosen))
    say(f"已建立工作文件夹 {folder}。")
    say(f"下一步：填写其中的 {LIST_FILE}，再进入该文件夹运行 wbt generate。")
    say("文件夹 .wbt 中有签名密钥，请一并备份，不要外发。")


@app.command("generate")
def generate_command(
    project_list: Annotated[
        Path | None, typer.Argument(metavar="项目清单", help="项目清单 .xlsx 或 .json，默认用工作文件夹里的。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="文件夹", help="放工作簿的文件夹，默认为 下发。")] = None,
    prefill: Annotated[bool, typer.Option("--prefill", help="清单（JSON）里已有的填报内容一并填入。")] = False,
    only: Annotated[
        list[str] | None, typer.Option("--project", metavar="编码", help="只生成这个编码的项目，可写多次。")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="清单改过后，覆盖已生成的工作簿。")] = False,
    macros: Annotated[
        bool, typer.Option("--macros", help="生成带宏按钮的 .xlsm；公式、校验和得分与 .xlsx 相同。")
    ] = False,
    year: YearOption = 0,
    scheme: SchemeOption = "",
    key: KeyOption = None,
    quiet: Quiet = False,
) -> None:
    """按项目清单，为每个项目生成一个锁定的自评工作簿。"""
    campaign = current_campaign() if project_list is None or out is None else None
    campaign = campaign or Campaign.find(project_list.resolve().parent if project_list else Path.cwd())
    if campaign is None and (project_list is None or out is None):
        need_campaign("项目清单和 --out 文件夹")
    source = project_list or need_campaign("项目清单").project_list
    target = out or need_campaign("--out 文件夹").folder("下发")
    listed, findings = _projects(campaign, source, year or (campaign.settings.year if campaign else 0), scheme)
    errors = print_findings(f for f in findings if not quiet or f.severity is Severity.ERROR)
    wrong = {f.project_code for f in findings if f.severity is Severity.ERROR}
    if "" in wrong and not listed.projects:
        raise SettingsError("项目清单有误，没有生成工作簿。请按上面的提示改正后重新运行。")
    chosen = [p for p in listed.projects if p.code not in wrong and (not only or p.code in only)]
    if only and (unknown := set(only) - {p.code for p in listed.projects}):
        raise SettingsError(f"清单中没有这些项目编码：{'、'.join(sorted(unknown))}。")

    def scheme_of(project: Project) -> Scheme:
        return the_scheme(campaign, project.scheme or scheme)

    notice = campaign.notice if campaign else Notice()
    office = the_key(campaign, key)
    made: list[Generated] = []
    kept = 0
    work = generate(chosen, target, office, notice, scheme_of, prefill=prefill, overwrite=overwrite, macros=macros)
    for item in watched("生成", work, len(chosen), quiet):
        if item.finding:
            errors += print_findings([item.finding])
        elif item.kept:
            kept += 1
            tell(f"没有覆盖：{item.path} 已存在且内容不同。确要用新清单替换请加 --overwrite。")
        else:
            made.append(item)
    log.info("生成 %d 个，没有覆盖 %d 个，在 %s", len(made), kept, target)
    tell(note_issued(campaign, made, office, scheme_of, datetime.now(UTC)))
    say(f"已生成 {len(made)} 个工作簿，在 {target}。")
    if not listed.projects:
        say(f"清单 {source.name} 里还没有项目，请先填写。")
    if len(listed.projects) > len(chosen) and not only:
        say(f"有 {len(listed.projects) - len(chosen)} 个项目因清单有误没有生成。")
    raise typer.Exit(1 if errors or kept else 0)


@app.command()
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
    workers: Annotated[int, typer.Option(metavar="个数", help="同时使用的处理器核数，0 为全部。")] = 0,
    quiet: Quiet = False,
) -> None:
    """读取收回的工作簿：核验、检查、评分，写出 审核结果.xlsx 和 审核结果.json。"""
    campaign = current_campaign() if inbox is None else Campaign.find(inbox.resolve())
    folder = inbox or need_campaign("收回的文件夹").folder("回收")
    if not folder.is_dir():
        raise SettingsError(f"找不到文件夹 {folder}。")
    target = out or (campaign.folder("审核") if campaign else need_campaign("--out 文件夹").folder("审核"))
    listed, list_findings = _expected(campaign, project_list, year, scheme)
    importing = importing_of(campaign, scheme, year)
    keys = known_keys(campaign, key)
    result = _review(folder, campaign, keys, listed, list_findings, scheme, workers, quiet, importing)
    folders = campaign.scheme_folders if campaign else ()
    judged = carry_over(result, target, RESULT_NAME, folders)
    workbook = target / f"{RESULT_NAME}.xlsx"
    aside = write_workbook(judged.result, workbook, inbox=folder, scheme_folders=folders, judgements=judged.judgements)
    write_json(judged.result, target / f"{RESULT_NAME}.json")
    if not quiet and result.reviewed_files:
        _print_result(result)
    if not result.reviewed_files:
        say(f"{folder} 里没有工作簿。请把单位报送的文件放进去，再运行一次。")
    print_findings(judged.findings)
    if aside:
        say(f"原来的 {workbook.name} 有手工改动，已另存为 {aside.name}；其中的核定得分已带入新的结果。")
    say(f"审核结果在 {target}：{RESULT_NAME}.xlsx（给人看）、{RESULT_NAME}.json（给程序用）。")
    raise typer.Exit(1 if any(f.severity is Severity.ERROR for f in result.findings) else 0)


def _expected(
    campaign: Campaign | None, path: Path | None, year: int, scheme: str
) -> tuple[ProjectList | None, list[Finding]]:
    """The project list to compare with, if there is one; its own mistakes are for generate to report."""
    source = path or (campaign.project_list if campaign and campaign.project_list.is_file() else None)
    if source is None:
        return None, []
    listed, findings = _projects(campaign, source, year or (campaign.settings.year if campaign else 0), scheme)
    unreadable = [f for f in findings if not f.project_code and f.severity is Severity.ERROR]
    return (listed if listed.projects else None), unreadable


def _review(
    folder: Path, campaign: Campaign | None, keys: dict[str, SigningKey], listed: ProjectList | None, extra: list[Finding],
    scheme: str, workers: int, quiet: bool, importing: Importing,
) -> ReviewResult:  # fmt: skip
    files, passed_over = find_sources(folder)
    reviewed = []
    with progress_bar(quiet) as progress:
        task = progress.add_task("审核", total=len(files))
        for batch in review_batches(files, keys, workers=workers or None, importing=importing):
            reviewed += batch
            progress.advance(task, len({item.file for item in batch}))
    usual = scheme or (campaign.settings.scheme if campaign else "mof-2020")
    years = [item.project.year for item in reviewed if item.project]
    year = campaign.settings.year if campaign else (listed.year if listed else max(years, default=0))
    authority = campaign.settings.authority if campaign else ""
    expected = listed.projects if listed else None
    reviewed = recognised(reviewed, expected or ())
    checks = campaign.settings.checks if campaign else {}
    result = assemble(
        reviewed, [*extra, *passed_over], expected, year=year, scheme=usual, authority=authority, checks=checks
    )
    log_review(result)
    tell(note_review(campaign, result, reviewed, datetime.now(UTC)))
    return result


def _print_result(result: ReviewResult) -> None:
    table = Table(title=f"{result.year}年度　共 {len(result.projects)} 个项目", title_justify="left")
    for heading, side in (("项目", "left"), ("主管部门", "left"), ("执行率", "right"), ("总分", "right"), ("等级", "left"),
                          ("错误", "right"), ("提醒", "right"), ("说明", "right")):  # fmt: skip
        table.add_column(heading, justify="right" if side == "right" else "left", overflow="fold")
    for p in result.projects:
        table.add_row(
            escape(p.name), escape(p.department), "" if p.execution_rate is None else percent_text(p.execution_rate),
            "—" if p.total_score is None else number_text(p.total_score), p.grade or "—",
            str(p.findings.error or ""), str(p.findings.warning or ""), str(p.findings.info or ""),
        )  # fmt: skip
    console.print(table)
    own = {p.code for p in result.projects}
    loose = [f for f in result.findings if f.project_code not in own and f.severity is not Severity.INFO]
    print_findings(loose)


@app.command()
def merge(
    result: Annotated[
        Path | None, typer.Argument(metavar="审核结果", help="审核结果.json，默认用工作文件夹里的。")
    ] = None,
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
    campaign = current_campaign()
    source = result or need_campaign("审核结果.json").folder("审核") / f"{RESULT_NAME}.json"
    target = out or need_campaign("--out 文件夹").folder("汇总")
    folders = campaign.scheme_folders if campaign else ()
    reviewed, errors = judged_result(source, folders)
    with progress_bar(quiet) as progress:
        task = progress.add_task("汇总", total=None)
        written = write_summaries(
            reviewed, target,
            inbox=inbox or (campaign.folder("回收") if campaign else None),
            reports=campaign.folder("报告") if campaign else None,
            scheme_folders=folders,
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
        tell(f"模板 {form} 中的{'、'.join(losses)}带不到汇总表里，见 docs/汇总表模板.md。")
    say(f"已生成 {len(written)} 个汇总工作簿和 {len(tables)} 个汇总表，在 {target}。")
    failed = print_pdfs(pdf_jobs([*written, *tables]), quiet=quiet) if pdf else 0
    raise typer.Exit(1 if errors or failed else 0)


@app.command()
def report(
    result: Annotated[
        Path | None, typer.Argument(metavar="审核结果", help="审核结果.json，默认用工作文件夹里的。")
    ] = None,
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
    campaign = current_campaign()
    source = result or need_campaign("审核结果.json").folder("审核") / f"{RESULT_NAME}.json"
    target = out or need_campaign("--out 文件夹").folder("报告")
    folders = campaign.scheme_folders if campaign else (Path.cwd(),)
    reviewed, errors = judged_result(source, folders)
    accepted = read_acceptances(source)
    work = write_reports(
        reviewed,
        target,
        scheme_folders=folders,
        forms=forms or (campaign.forms if campaign else None),
        projects=only,
        look=campaign.settings.report if campaign else None,
        drafts=None if no_drafts else accepted,
    )
    total = len(only) if only else len(reviewed.projects) + len(departments(reviewed))
    written = list(watched("报告", work, total, quiet))
    log.info("报告 %d 份，在 %s", len(written), target)
    for warning in form_warnings(reviewed, forms or (campaign.forms if campaign else None), folders, only):
        tell(warning)
    say(f"已生成 {len(written)} 份报告，在 {target}。")
    if not only and (reason := why_not()):
        tell(f"部门汇总报告中没有图：{reason}。")
    if not no_drafts:
        own = [draft for draft in all_drafts(reviewed, folders) if not only or draft.project_code in only]
        if waiting := draft_commands.waiting(own, accepted):
            say(f"其中 {waiting} 段文字是根据填报数据起草的，已标为草稿。核对后用 wbt draft accept 确认；用 wbt draft list 查看。")
    failed = print_pdfs(pdf_jobs(written), quiet=quiet) if pdf else 0
    raise typer.Exit(1 if errors or failed else 0)


@app.command()
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
    """说明一个工作簿的每项得分是怎样算出来的。"""
    campaign = Campaign.find(file.resolve().parent)
    keys = known_keys(campaign, key)
    with as_open_now(file) if as_open else nullcontext(file) as path:
        found = review_files([Source(path, file.name)], keys, importing_of(campaign))
    projects = [(item, item.project) for item in found if item.project]
    if not projects:
        print_findings(f for item in found for f in item.findings)
        raise typer.Exit(2)
    if indicator and not any(indicator in row.name for item in found for row in item.indicators):
        raise SettingsError(f"没有名称含“{indicator}”的指标。")
    for item, project in projects:
        if len(projects) > 1:
            say(f"—— {project.name}")
        for row in item.indicators:
            if indicator in row.name:
                say(f"{row.name}：{row.explanation or '没有得分（完成值或完成率未填）'}")
        if not indicator:
            say(f"预算执行率：{project.execution_explanation or '没有得分'}")
            say(f"总分：{project.total_explanation or '没有总分'}")


@app.command()
def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", help="放演示结果的文件夹；里面已有文件时自动另取名字。")
    ] = Path("自评演示"),
) -> None:
    """用内置的八个真实项目走完全过程：生成、填报、审核、汇总、报告。"""
    made = run_demo(_free_folder(folder), datetime.now(UTC))
    root = made.campaign.root
    _print_result(made.result)
    say(f"结果都在 {root.resolve()}：")
    for name, what in (
        ("下发", f"{len(made.issued)} 个下发的工作簿"),
        ("回收", "各单位填好的工作簿（照公开报告填写，错误保留）"),
        ("审核", f"{RESULT_NAME}.xlsx、{RESULT_NAME}.json，共 {len(made.result.findings)} 条校验问题"),
        ("汇总", f"{len(made.summaries)} 个汇总工作簿"),
        ("报告", f"{len(made.reports)} 份 Word 报告"),
    ):
        say(f"  {name}/　{what}")


def _free_folder(folder: Path) -> Path:
    """The folder, or the next free name beside it: an earlier demo is kept."""
    candidate, number = folder, 2
    while candidate.exists() and any(candidate.iterdir()):
        candidate = folder.with_name(f"{folder.name}{number}")
        number += 1
    return candidate


@app.command()
def templates(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="放空白模板的文件夹。")],
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="代号", help="评分方案；用 wbt scheme list 查看。")
    ] = "mof-2020",
) -> None:
    """生成空白的自评表模板、项目清单模板，并取出报告模板供修改。"""
    for path in write_blanks(folder, the_scheme(current_campaign(), scheme)):
        say(f"已生成 {path}")


def _version(wanted: bool) -> None:
    if wanted:
        say(f"workbook-tools {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")] = False,
) -> None:
    """项目支出绩效自评：下发锁定的 Excel 模板，收回后集中校验、评分、汇总、出报告。"""


def main() -> NoReturn:
    """Entry point: faults are told in a sentence, never as a traceback."""
    _utf8_output()
    be_quiet(False)
    logging.basicConfig(level=logging.ERROR, handlers=[logging.NullHandler()])
    with journal(sys.argv[1:]) as book:
        book.code = _guarded(speak_chinese(typer.main.get_command(app)), book)
    sys.exit(book.code)


def _guarded(command: Callable[..., object], book: Journal) -> int:
    try:
        code = command(standalone_mode=False)
        # typer turns Ctrl+C into this code.
        return _interrupted() if code == INTERRUPTED else code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return _interrupted()
    except typer.Exit as exc:
        return int(exc.exit_code)
    except typer.Abort:
        _fail("已取消。")
    except WorkbookToolsError as exc:
        log.error("%s", exc)
        _fail(str(exc))
    except OSError as exc:
        _fail(f"读写文件时出错：{exc.filename or ''} {exc.strerror or exc}。{_keep_details(book)}")
    except Exception as exc:
        if type(exc).__name__ == "NoArgsIsHelpError":
            say(chinese_help(str(exc)))
        elif hasattr(exc, "format_message"):  # click's own: a wrong option or argument
            _fail(f"命令用法不对：{chinese_complaint(exc.format_message())}。用 wbt --help 查看用法。")
        else:
            _fail(f"程序意外出错：{type(exc).__name__}。{_keep_details(book)}")
    return 2


def _interrupted() -> int:
    log.warning("用户中断")
    _fail("已按 Ctrl+C 停止。已写好的文件都是完整的；要接着做，再运行一次同样的命令。")
    return INTERRUPTED


def _fail(message: str) -> None:
    Console(stderr=True, highlight=False).print(message, style="red", markup=False, soft_wrap=True)


def _keep_details(book: Journal) -> str:
    """Keep the details of an unexpected fault where the user can find and send them: in the log, or in a file."""
    log.exception("程序意外出错")
    if book.path:
        return f"详情已写入 {book.path}，请把它发给维护人员。"
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        path = folder / "wbt-错误日志.txt"
        try:
            replace_file(path, traceback.format_exc().encode())
        except OutputError:
            continue
        return f"详情已写入 {path}，请把它发给维护人员。"
    return "详情无法写入日志：磁盘已满，或文件夹只读。"


def _utf8_output() -> None:
    """Chinese on a console or in a pipe whose encoding is not known (LANG=C) must not stop the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and os.name != "nt":
            stream.reconfigure(encoding="utf-8", errors="replace")
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
