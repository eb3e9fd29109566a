"""``wbt import``: forms of today become a project list; and a look at what was understood of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.defaults import choose_scheme, read_own_schemes, usual_scheme
from workbook_tools.commands.form_tables import print_form
from workbook_tools.commands.options import Quiet
from workbook_tools.commands.terminal import console, print_findings, print_line, progress_bar
from workbook_tools.commands.working_folder import find_campaign
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.files.paths import replace_file, replace_result, safe_filename
from workbook_tools.files.sources import DOCUMENTS, WORKBOOKS, SourceFile, find_sources
from workbook_tools.legacy.intake import Importing, convert_form, look, with_usual
from workbook_tools.legacy.showing.overlay import overlay
from workbook_tools.legacy.words.vocabulary import default_vocabulary
from workbook_tools.projects import project_list_workbook

LIST_NAME = "项目清单.json"
SYNONYMS = "词表.toml"
"""An office's own words, in its working folder."""


def importing_of(campaign: Campaign | None, scheme: str = "", year: int = 0, synonyms: Path | None = None) -> Importing:
    """How forms of today are read here: ``scheme`` alone if it is given, else all that are known.

    The office's words come from ``synonyms``, or from 词表.toml in the working folder.
    Raises SchemeError, SettingsError.
    """
    words = synonyms or (campaign.root / SYNONYMS if campaign else None)
    vocabulary = default_vocabulary()
    if words is not None and (synonyms or words.is_file()):
        vocabulary = vocabulary.extended(words)
    year = year or (campaign.settings.year if campaign else 0)
    if scheme:
        return Importing((choose_scheme(campaign, scheme),), year, vocabulary)
    return Importing(with_usual(usual_scheme(campaign), read_own_schemes(campaign)), year, vocabulary)


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
        int, typer.Option("--year", metavar="年度", show_default=False, help="评价年度，表上没有写时用它。")
    ] = 0,
    next_year: Annotated[
        bool, typer.Option("--next-year", help="作下一年的清单：年度加一，指标、分值、目标值留下，预算和填报内容不要。")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖已有的清单。")] = False,
    quiet: Quiet = False,
) -> None:
    """读取现有的自评表（Excel、WPS、Word），写成项目清单，可直接生成工作簿。"""
    campaign = find_campaign()
    importing = importing_of(campaign, scheme, year, synonyms)
    target = out or (campaign.root if campaign else Path.cwd()) / LIST_NAME
    if not dry_run and not overwrite:
        _refuse_existing(target)
    sources, passed_over = _sources(places)
    work = _Work(importing, html, dry_run)
    with progress_bar(quiet or dry_run) as progress:
        task = progress.add_task("读取", total=len(sources))
        for source in sources:
            work.read(source)
            progress.advance(task)
    projects = work.projects()
    errors = _tell([*passed_over, *work.findings], work.printed)
    if not dry_run:
        _write(projects, target, campaign, importing, next_year)
    if html is not None:
        print_line(f"已写出 {work.pages} 张核对网页，在 {html}。")
    if not work.taken:
        print_line("没有认出自评表。")
    raise typer.Exit(1 if errors or not work.taken else 0)


def _sources(places: Sequence[Path]) -> tuple[list[SourceFile], list[Finding]]:
    sources: list[SourceFile] = []
    findings: list[Finding] = []
    for place in places:
        if place.is_dir():
            found, passed_over = find_sources(place)
            sources += found
            findings += passed_over
        elif not place.is_file():
            raise SettingsError(f"找不到 {place}。")
        elif place.suffix.lower() in WORKBOOKS | DOCUMENTS:
            sources.append(SourceFile(place, place.name))
        else:
            endings = "、".join(sorted(WORKBOOKS | DOCUMENTS))
            raise SettingsError(f"{place} 不是表格或 Word 文档。可以读取的有：{endings}。")
    return sources, findings


@dataclass(slots=True)
class _Work:
    """Reads files one by one; of each only its projects and findings are kept."""

    importing: Importing
    html: Path | None
    show: bool
    findings: list[Finding] = field(default_factory=list)
    taken: list[tuple[Project, str, float]] = field(default_factory=list)
    """Project, file, when the file was changed."""
    pages: int = 0
    printed: set[int] = field(default_factory=set)
    """Findings (by identity) that stand in the tables on the screen."""

    def read(self, source: SourceFile) -> None:
        """One file."""
        try:
            looked = look(source, self.importing)
        except UnreadableWorkbook as exc:
            advice = {"advice": "请让单位核对后重新发送。"} if source.is_document else {}
            self.findings.append(finding(exc.code, exc.message, file=source.name, **advice))
            return
        self.findings += looked.findings
        if not looked.forms:
            return
        if self.html is not None:
            replace_file(self.html / f"{safe_filename(source.name, 120)}.html", overlay(source, looked.forms).encode())
            self.pages += 1
        for form in looked.forms:
            converted = convert_form(form, self.importing)
            self.findings += converted.findings
            self.taken.append((converted.project, source.name, source.modified))
            if self.show:
                self.printed |= {id(item) for item in print_form(form, converted, console)}

    def projects(self) -> list[Project]:
        """The projects; of several forms of one project that of the newest file."""
        newest: dict[tuple[int, str], tuple[Project, str, float]] = {}
        for item in sorted(self.taken, key=lambda item: item[2]):
            project, file, _ = item
            before = newest.get((project.year, project.code))
            if before is not None:
                message = f"同一项目有多份，采用了较新的“{file}”，本文件未计入"
                self.findings.append(
                    finding("FILE08", message, project_code=project.code, file=before[1], found=project.name)
                )
            newest[project.year, project.code] = item
        kept = {id(project) for project, *_ in newest.values()}
        return [project for project, *_ in self.taken if id(project) in kept]


def _tell(findings: Sequence[Finding], printed: Collection[int]) -> int:
    """Print what is more than a note; of the notes only how many there are. The number of errors."""
    told = (f for f in findings if f.severity is not Severity.INFO and id(f) not in printed)
    errors = print_findings(told, rest="用 --dry-run 逐个文件看")
    errors += sum(1 for f in findings if f.severity is Severity.ERROR and id(f) in printed)
    notes = Counter(item.code for item in findings if item.severity is Severity.INFO)
    if notes:
        print_line(
            "另有说明："
            + "，".join(f"{code} {count} 条" for code, count in sorted(notes.items()))
            + "；审核时逐条列出。"
        )
    return errors


def _refuse_existing(target: Path) -> None:
    existing = [path for path in _written(target) if path.exists()]
    if existing:
        raise SettingsError(f"{existing[0]} 已经存在，没有覆盖。请用 --out 换一个名字，或加 --overwrite。")


def _written(target: Path) -> Iterator[Path]:
    """The files that a list is written to: answers have no place in a workbook."""
    if target.suffix.lower() not in (".json", ".xlsx"):
        raise SettingsError(f"项目清单应写成 .json 或 .xlsx，不能写成 {target.name}。")
    yield target.with_suffix(".json")
    if target.suffix.lower() == ".xlsx":
        yield target


def _write(
    projects: Sequence[Project], target: Path, campaign: Campaign | None, importing: Importing, next_year: bool
) -> None:
    if not projects:
        return
    if next_year:
        projects = [for_next_year(project) for project in projects]
    years = Counter(project.year for project in projects)
    usual = Counter(project.scheme for project in projects).most_common(1)[0][0]
    listed = ProjectList(
        year=years.most_common(1)[0][0],
        authority=campaign.settings.authority if campaign else "",
        scheme=usual,
        projects=tuple(projects),
    )
    chosen = next(scheme for scheme in importing.schemes if scheme.id == usual)
    for path in _written(target):
        if path.suffix == ".json":
            replace_file(path, (listed.model_dump_json(indent=1, exclude_defaults=True) + "\n").encode())
        else:
            replace_result(path, project_list_workbook(listed, chosen))
        print_line(f"已写出 {path}，{len(projects)} 个项目，{sum(len(p.indicators) for p in projects)} 个指标。")
    if len(years) > 1:
        said = "，".join(f"{year or '没有写明'} {count} 个" for year, count in sorted(years.items()))
        print_line(f"请注意：各表的年度不同（{said}）。请核对，或按年度分开导入。")
    if not next_year:
        json = target.with_suffix(".json").name
        print_line(f"下一步：核对清单后运行 wbt generate {json} --prefill，生成已填好内容的工作簿。")


def for_next_year(project: Project) -> Project:
    """The project as it is listed for the year after: indicators stay, what was budgeted, aimed at and answered does not."""
    changes: dict[str, object] = {
        "year": project.year + 1,
        "answers": None,
        "annual_goal": "",
        "initial_budget": {},
        "annual_budget": {},
    }
    return project.model_copy(update=changes)
