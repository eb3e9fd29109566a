"""公开: the public version of accepted projects, and of reports on them, as .xlsx, .docx and .pdf, and the list of what was published
and what not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from workbook_tools.campaign.defaults import choose_forms
from workbook_tools.campaign.disclosing import Disclosure, read_typed_disclosure, update_disclosure
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.keeping import make_relative, note_published
from workbook_tools.campaign.ledger.records import PublishedFile
from workbook_tools.campaign.ledger.standing import read_expected
from workbook_tools.campaign.public_list import LIST_KIND, PublicItem, PublicReport, draw_public_list
from workbook_tools.core.errors import OutputError, tell_os_error
from workbook_tools.core.faces import Watch, collect
from workbook_tools.core.model import Measure, Project
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.files.paths import (
    department_folder,
    keep_aside,
    read_whole,
    replace_file,
    replace_result,
    safe_filename,
)
from workbook_tools.reports.acceptance import Acceptances, Draft, find_project_drafts, group_by_project
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.found_forms import find_form, form_name
from workbook_tools.reports.hiding import HiddenText
from workbook_tools.reports.project_tags import ProjectFacts
from workbook_tools.reports.public_groups import PublicGroup, make_public_groups
from workbook_tools.reports.public_version import (
    NOT_FILLED,
    PublicVersion,
    list_blank_sections,
    list_texts,
    make_public,
)
from workbook_tools.rules.recorded import restore_schemes

LIST_FILE = f"{LIST_KIND}.xlsx"
FORM_KIND, REPORT_KIND = "自评表", "自评报告"
_WITHHELD = re.compile(
    r"(?<![不非未无])(?:涉密|涉及国家秘密|机密|绝密|保密)|不(?:予|宜|得|能|便|应)?公开|暂缓公开|依申请公开"
)
"""What a remark of the list says of a project of which nothing may be published; 不涉密 is none."""
_EMPTY_PARTS = re.compile(r"([ _－—-])\1+|（）|\(\)|《》|“”")
"""What is left in a name of a word that is blank."""
MakePdfs = Callable[[Sequence[tuple[Path, Path]]], Mapping[Path, str]]
"""Files and the PDFs to be made of them → of each that could not be made why, by the file."""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of all, in the list's order."""

    items: tuple[PublicItem, ...]
    reports: tuple[PublicReport, ...]
    list_file: Path
    disclosure: Disclosure
    """The table of departments."""
    written: int = 0
    """Files that are new or changed."""
    asides: tuple[Path, ...] = ()
    """The second names of files that somebody had changed."""
    withdrawn: tuple[Path, ...] = ()
    """Files that were published before, lie there still, and may not be published now."""
    without_pdf: Mapping[Path, str] = field(default_factory=dict)
    """Files of which no PDF could be made, and why."""
    unrecorded: str = ""
    """Why the ledger does not know of it, as a sentence for the user; empty where it does."""

    @property
    def public(self) -> list[PublicItem]:
        """The projects of which something is published."""
        return [item for item in self.items if item.files]

    @property
    def waiting(self) -> list[PublicReport]:
        """The reports on several projects with texts that nobody has accepted."""
        return [report for report in self.reports if not report.files]

    @property
    def hidden(self) -> list[HiddenText]:
        """What was struck out of texts, and what may be a name and was not."""
        return [*(one for i in self.items for one in i.hidden), *(one for r in self.reports for one in r.hidden)]


def publish_projects(
    campaign: Campaign,
    result: ReviewResult,
    folder: Path,
    accepted: Acceptances,
    now: datetime,
    make_pdfs: MakePdfs,
    *,
    ready: bool = False,
    forms: Path | None = None,
    watch: Watch | None = None,
) -> Published:
    """Write the public version of each project that finance has accepted, with ``ready`` also of those that it could accept.

    <主管部门>/<file name by wbt.toml>.xlsx is the form, .docx the report; reports on several projects, as wbt.toml wants them, follow
    from the projects of which a form is published. ``make_pdfs`` makes a .pdf of each. 公开清单.xlsx, in
    the working folder and not among what is published, says of every project what is published and why not, 公开情况表.xlsx beside it of every
    department how much of it is public, with what finance has typed there. Files that are the
    same again are not written again. ``accepted`` are the drafts that somebody has accepted; a report with others is not
    published. ``watch`` hears after each project.
    Raises SettingsError (no list: nobody knows what is 涉密), LedgerError, OutputError, TemplateError.
    """
    listed, typed = read_expected(campaign), read_typed_disclosure(campaign)
    with campaign.open_ledger() as ledger:
        before = ledger.find_published()
    place = _PublicFolder(campaign, folder, before)
    chooser = _Chooser(result, accepted, ready)
    publisher = _Publisher(chooser, choose_forms(campaign, forms), place, campaign.settings.report)
    items = collect(map(publisher.publish, listed), len(listed), watch)
    reports = list(publisher.publish_reports(items, campaign.settings.publish.reports))
    sources = [path for files in (*(item.files for item in items), *(r.files for r in reports)) for path in files]
    wanted = [path for path in sources if path in place.changed or not path.with_suffix(".pdf").is_file()]
    for path in wanted:  # a PDF of what has changed is no PDF of it any more, also where no new one can be made
        place.remove(path.with_suffix(".pdf"))
    troubles = make_pdfs([(path, path.with_suffix(".pdf")) for path in wanted]) if wanted else {}
    items = [replace(item, form=_add_pdfs(item.form), report=_add_pdfs(item.report)) for item in items]
    reports = [replace(report, files=_add_pdfs(report.files)) for report in reports]
    title = f"{campaign.settings.authority}{campaign.settings.year}年度项目支出绩效自评公开清单"
    list_file = campaign.root / LIST_FILE
    replace_result(list_file, draw_public_list(items, reports, title, _count_items(items)))
    files = [
        PublishedFile(project.year, item.code, make_relative(path, campaign.root), _digest(read_whole(path)))
        for project, item in zip(listed, items, strict=True)
        for path in item.files
    ]
    files += [
        PublishedFile(result.year, report.whose, make_relative(path, campaign.root), _digest(read_whole(path)))
        for report in reports
        for path in report.files
    ]
    withdrawn = {campaign.root / item.file for item in before} - {campaign.root / item.file for item in files}
    unrecorded = note_published(campaign, files, now)
    disclosure = update_disclosure(campaign, now, items=items, typed=typed)
    return Published(
        tuple(items),
        tuple(reports),
        list_file,
        disclosure,
        len(place.changed),
        tuple(place.asides),
        tuple(sorted(filter(Path.is_file, withdrawn))),
        troubles,
        unrecorded or disclosure.unrecorded,
    )


def find_public_drafts(campaign: Campaign, result: ReviewResult, accepted: Acceptances) -> list[Draft]:
    """The texts of the public reports on several projects that wbt.toml wants. Raises SettingsError as :func:`publish_projects`."""
    chooser = _Chooser(result, accepted)
    listed = read_expected(campaign)
    versions = {row.code: make_public(chooser.facts(row)) for row in map(chooser.find_summed, listed) if row}
    forms = {f"{name}.docx" for name in campaign.settings.publish.reports}
    groups = make_public_groups(result, versions, restore_schemes(result), accepted, forms)
    return [draft for group in groups for draft in group.drafts]


@dataclass(frozen=True)
class _Chooser:
    """Decides what may be published."""

    result: ReviewResult
    accepted: Acceptances
    ready: bool = False

    @cached_property
    def rows(self) -> dict[tuple[int, str], ProjectRow]:
        """The reviewed projects."""
        return {(row.year, row.code): row for row in self.result.projects}

    @cached_property
    def facts(self) -> Callable[[ProjectRow], ProjectFacts]:
        """What the report of a project is made from."""
        schemes = restore_schemes(self.result)
        indicators, findings = group_by_project(self.result.indicators), group_by_project(self.result.findings)
        return lambda row: ProjectFacts(
            row, indicators[row.code], schemes[row.scheme_digest], findings[row.code], self.accepted
        )

    def find_reason(self, project: Project) -> str:
        """Why nothing of a listed project may be published."""
        if _WITHHELD.search(project.remark):
            return f"清单备注：{project.remark}"
        row = self.rows.get((project.year, project.code))
        if row is None:
            return "没有报送，或者报来的不能采用"
        if row.state is State.ACCEPTED or (self.ready and row.state is State.READY):
            return f"总分和等级待更正：{row.pending_reason}" if row.pending else ""
        return f"{row.state}，还没有接收"

    def find_summed(self, project: Project) -> ProjectRow | None:
        """The project as reviewed, if reports on several projects may be on it too: finance has accepted it."""
        row = self.rows.get((project.year, project.code))
        if row is None or self.find_reason(project) or row.state is not State.ACCEPTED:
            return None
        return row if self.facts(row).indicators else None


@dataclass(frozen=True)
class _Publisher:
    """Writes the files of a project and of reports on several, where they may be published."""

    chooser: _Chooser
    forms: Path | None
    place: _PublicFolder
    look: ReportAppearance
    versions: dict[str, PublicVersion] = field(default_factory=dict)
    """Of each project that reports on several are on, by its code."""

    def publish(self, project: Project) -> PublicItem:
        """Write its files, or say why not."""
        row = self.chooser.rows.get((project.year, project.code))
        item = PublicItem(project.code, project.name, project.department, project.unit)
        reason = self.chooser.find_reason(project)
        if row is None:
            return replace(item, reasons=(reason,))
        item = replace(item, budget=row.amount(Measure.ANNUAL_BUDGET))
        if reason:
            return replace(item, reasons=(reason,))
        facts = self.chooser.facts(row)
        public = make_public(facts)
        if self.chooser.find_summed(project):
            self.versions[row.code] = public
        no_form = "" if facts.indicators else "没有填指标，没有自评表"
        no_report = _find_report_reason(facts, self.chooser.accepted)
        form = () if no_form else (self._write(public, FORM_KIND, ".xlsx", public.form),)
        report = () if no_report else (self._write(public, REPORT_KIND, ".docx", self._draw_report(public)),)
        told = (no_form, no_report or _say_blank(facts))
        hidden = tuple(public.hidden) if form or report else ()
        return replace(item, form=form, report=report, reasons=tuple(filter(None, told)), hidden=hidden)

    def publish_reports(self, items: Sequence[PublicItem], wanted: Collection[str]) -> Iterator[PublicReport]:
        """Write the reports on several projects, or say why not; after :meth:`publish` of all projects."""
        forms = {f"{name}.docx" for name in wanted}
        result, accepted = self.chooser.result, self.chooser.accepted
        for group in make_public_groups(result, self.versions, restore_schemes(result), accepted, forms):
            facts = group.report.facts
            own = [item for item in items if facts.department in (None, item.department)]
            left_out = [item for item in own if item.code not in self.versions]
            report = PublicReport(
                group.report.name, facts.department or "", group.whose, len(facts.projects), len(left_out)
            )
            if group.waiting:
                how = f"wbt draft accept {group.whose}"
                yield replace(report, reason=f"有 {group.waiting} 段草稿没有确认（{how}）")
                continue
            path = self.place.choose_report_path(group)
            self.place.write(path, group.write(find_form(group.report.form, self.forms), self.look))
            yield replace(report, files=(path,), hidden=tuple(group.hidden))

    def _draw_report(self, public: PublicVersion) -> bytes:
        form = find_form(form_name(public.facts.scheme.report), self.forms)
        return public.write_report(form, self.look)

    def _write(self, public: PublicVersion, kind: str, ending: str, data: bytes) -> Path:
        path = self.place.choose_path(public, kind, ending)
        self.place.write(path, data)
        return path


def _find_report_reason(facts: ProjectFacts, accepted: Acceptances) -> str:
    """Why its report may not be published."""
    if waiting := accepted.count_waiting(find_project_drafts(facts, accepted)):
        return f"自评报告有 {waiting} 段草稿没有确认（wbt draft accept）"
    if not any(text.strip() for text in list_texts(facts).values()):
        return "没有填报告的文字，没有自评报告"
    return ""


def _say_blank(facts: ProjectFacts) -> str:
    """What a published report lacks."""
    blank = len(list_blank_sections(facts))
    return f"自评报告有 {blank} 段写作“{NOT_FILLED}”" if blank else ""


class _PublicFolder:
    """The folder for the public, and what of it the program wrote."""

    def __init__(self, campaign: Campaign, folder: Path, known: Iterable[PublishedFile]) -> None:
        self._folder, self._rule = folder, campaign.settings.publish.file_name
        self._known = {item.sha256 for item in known}
        self._taken: set[str] = set()
        self.changed: set[Path] = set()
        self.asides: list[Path] = []

    def choose_path(self, public: PublicVersion, kind: str, ending: str) -> Path:
        """Where a file goes, by the office's rule; no two files have one name."""
        row = public.facts.project
        words = {"部门": row.department, "单位": row.unit, "项目": row.name, "年度": str(row.year), "种类": kind}
        return self._choose(department_folder(self._folder, row.department), words, ending)

    def choose_report_path(self, group: PublicGroup) -> Path:
        """The same for a report on several projects; of no department it lies in the folder itself."""
        facts = group.report.facts
        whose = facts.department or facts.campaign.parts.head.authority
        folder = self._folder if facts.department is None else department_folder(self._folder, facts.department)
        words = {"部门": whose, "单位": "", "项目": "", "年度": str(facts.year), "种类": group.report.name}
        return self._choose(folder, words, ".docx")

    def _choose(self, folder: Path, words: Mapping[str, str], ending: str) -> Path:
        named = re.sub(r"\{([^{}]*)\}", lambda match: words[match[1]], self._rule)
        stem, number = safe_filename(_EMPTY_PARTS.sub(r"\1", named).strip(" _-－—")), 1
        path = folder / f"{stem}{ending}"
        while str(path).casefold() in self._taken:
            number += 1
            path = folder / f"{stem}（{number}）{ending}"
        self._taken.add(str(path).casefold())
        return path

    def write(self, path: Path, data: bytes) -> None:
        """Write a file unless it is the same already. Raises OutputError."""
        if path.is_file() and read_whole(path) == data:
            return
        self._keep(path)
        replace_file(path, data)
        self.changed.add(path)

    def remove(self, path: Path) -> None:
        """Remove a file, if there is one. Raises OutputError."""
        self._keep(path)
        try:
            path.unlink(missing_ok=True)
        except OSError as exc:
            raise OutputError(f"无法替换{tell_os_error(exc, path)}") from None

    def _keep(self, path: Path) -> None:
        """What somebody has changed gets a second name."""
        if path.is_file() and _digest(read_whole(path)) not in self._known:
            self.asides.append(keep_aside(path))


def _add_pdfs(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files with the PDFs that there are of them."""
    return files + tuple(pdf for path in files if (pdf := path.with_suffix(".pdf")).is_file())


def _count_items(items: Sequence[PublicItem]) -> str:
    public = sum(bool(item.files) for item in items)
    return f"应公开 {len(items)} 个项目，公开 {public} 个。本清单供内部使用，不要公开。"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
