"""打包: for each department one zip to send, with its workbooks, 下发通知 and the page 怎样填; entered in the ledger.

The project list and the ledger decide what goes into a zip, never what happens to be in a folder: so temporary files,
files of other departments, and what came back or was changed by hand cannot get in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from workbook_tools.campaign.defaults import choose_forms, choose_scheme
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.keeping import make_relative, note_packed
from workbook_tools.campaign.ledger.records import IssuedVersion, PackedZip, ProjectKey
from workbook_tools.campaign.ledger.standing import read_expected
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.faces import Watch, collect
from workbook_tools.core.model import Project
from workbook_tools.files.paths import (
    department_folder,
    is_saved_by_hand,
    keep_aside,
    project_file,
    read_whole,
    replace_files,
    short_mark,
)
from workbook_tools.files.stored_projects import list_names, take_projects
from workbook_tools.files.zip_writing import ZippedFile, fit_gbk, write_zip
from workbook_tools.reports.found_forms import find_form
from workbook_tools.reports.issue_forms import GUIDE_PAGE, GUIDE_TAGS, ISSUE_NOTICE, ISSUE_TAGS, GuideFacts, IssueFacts
from workbook_tools.reports.tags import fill_tags
from workbook_tools.word.rendering import ReportForm, open_form

_ENDINGS = (".xlsx", ".xlsm")
Versions = Mapping[ProjectKey, Mapping[str, IssuedVersion]]
"""Of each project what was written for it, by SHA-256, the last issue last."""


@dataclass(frozen=True, slots=True)
class PackedDepartment:
    """What became of a department."""

    department: str
    path: Path
    """Its zip."""
    faults: tuple[str, ...] = ()
    """Why there is none now: a sentence on each project that is not ready."""
    unchanged: bool = False
    """The very same zip stands there already."""
    workbooks: int = 0
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Name with characters that old programs lack → its name in the zip."""
    edited: tuple[Path, ...] = ()
    """Notice and page that somebody has changed in Word, and that were packed as they are."""
    aside: Path | None = None
    """Where a zip that somebody had changed was moved."""


@dataclass(frozen=True, slots=True)
class PackedDepartments:
    """What became of all, in the list's order."""

    items: tuple[PackedDepartment, ...]
    unrecorded: str = ""
    """Why the ledger does not know of the zips, as a sentence for the user; empty where it does."""
    superfluous: tuple[Path, ...] = ()
    """Zips of departments that are not on the list any more."""

    @property
    def made(self) -> list[PackedDepartment]:
        """Those that have a zip of what was issued last."""
        return [item for item in self.items if not item.faults]

    @property
    def refused(self) -> list[PackedDepartment]:
        """Those that have none."""
        return [item for item in self.items if item.faults]


@dataclass(frozen=True, slots=True)
class _IssuedWorkbook:
    """A workbook as it lies there and was issued."""

    project: Project
    path: Path
    data: bytes
    version: IssuedVersion


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """What the zips of all departments are made from."""

    campaign: Campaign
    folder: Path
    notice: ReportForm
    guide: ReportForm
    versions: Versions
    known: Collection[str]
    """SHA-256 of every zip that was made."""


def pack_departments(
    campaign: Campaign,
    now: datetime,
    *,
    departments: Collection[str] = (),
    forms: Path | None = None,
    watch: Watch | None = None,
) -> PackedDepartments:
    """Write 下发/<主管部门>_<年度>年度绩效自评.zip for each department of the list, or for these, and note them in the ledger.

    A department of which a workbook is missing, or is not as it was issued last, has no zip, and says why. What is the same
    again is not written again. ``forms`` are by default the working folder's own. ``watch`` hears after each department.
    Raises SettingsError (no usable list, no such department), LedgerError (what was issued is not known), TemplateError,
    OutputError.
    """
    listed = read_expected(campaign)
    groups = _group_by_department(listed)
    if unknown := [name for name in departments if name not in groups]:
        raise SettingsError(f"项目清单中没有主管部门“{'”“'.join(unknown)}”。没有打包。")
    with campaign.open_ledger() as ledger:
        packed = ledger.find_packed()
        versions = ledger.find_issued_files({project.year for project in list_names(listed)})
    own = choose_forms(campaign, forms)
    outgoing = _Outgoing(
        campaign,
        campaign.folder("下发"),
        open_form(find_form(ISSUE_NOTICE, own)),
        open_form(find_form(GUIDE_PAGE, own)),
        versions,
        {zipped.sha256 for zipped in packed},
    )
    zips: list[PackedZip] = []
    chosen = {name: rows for name, rows in groups.items() if not departments or name in departments}
    items = collect(_pack_all(outgoing, chosen, zips), len(chosen), watch)
    wanted = {make_relative(_choose_zip(outgoing, name), campaign.root) for name in groups}
    superfluous = {campaign.root / zipped.file for zipped in packed if zipped.file not in wanted}
    return PackedDepartments(
        tuple(items), note_packed(campaign, zips, now), tuple(sorted(filter(Path.is_file, superfluous)))
    )


def _group_by_department(projects: Sequence[Project]) -> dict[str, Sequence[Project]]:
    groups: dict[str, list[int]] = {}
    for number, project in enumerate(list_names(projects)):
        groups.setdefault(project.department, []).append(number)
    return {name: take_projects(projects, numbers) for name, numbers in groups.items()}


def _pack_all(
    outgoing: _Outgoing, groups: Mapping[str, Sequence[Project]], zips: list[PackedZip]
) -> Iterator[PackedDepartment]:
    for department, projects in groups.items():
        found = [_read_workbook(outgoing, project) for project in projects]
        workbooks = [item for item in found if isinstance(item, _IssuedWorkbook)]
        if faults := tuple(item for item in found if isinstance(item, str)):
            yield PackedDepartment(department, _choose_zip(outgoing, department), faults)
            continue
        item, data = _pack_department(outgoing, department, workbooks)
        issues = tuple((w.project.year, w.project.code, w.version.issue) for w in workbooks)
        file, digest = make_relative(item.path, outgoing.campaign.root), hashlib.sha256(data).hexdigest()
        zips.append(PackedZip(outgoing.campaign.settings.year, department, file, digest, issues))
        yield item


def _pack_department(
    outgoing: _Outgoing, department: str, workbooks: Sequence[_IssuedWorkbook]
) -> tuple[PackedDepartment, bytes]:
    """Write notice, page and zip of a department; the zip's bytes besides."""
    renamed: dict[str, str] = {}
    names = list(_name_entries(workbooks, renamed))
    documents = _render_documents(outgoing, department, workbooks, names)
    edited = tuple(path for path in documents if is_saved_by_hand(path))
    documents |= {path: read_whole(path) for path in edited}
    saved_at = max(item.version.at for item in workbooks)
    files = [ZippedFile(path.name, data, _show_clock(saved_at)) for path, data in documents.items()]
    files += [
        ZippedFile(name, item.data, _show_clock(item.version.at)) for name, item in zip(names, workbooks, strict=True)
    ]
    target, data = _choose_zip(outgoing, department), write_zip(files)
    there = read_whole(target) if target.is_file() else None
    aside = None
    if there not in (None, data) and hashlib.sha256(there or b"").hexdigest() not in outgoing.known:
        aside = keep_aside(target)
    wanted = {path: content for path, content in {**documents, target: data}.items() if path not in edited}
    changed = {path: content for path, content in wanted.items() if not path.is_file() or read_whole(path) != content}
    if changed:
        replace_files(changed)
    return (
        PackedDepartment(department, target, (), there == data, len(workbooks), renamed, edited, aside),
        data,
    )


def _read_workbook(outgoing: _Outgoing, project: Project) -> _IssuedWorkbook | str:
    """The project's workbook, or why it cannot go out."""
    named = f"{project.code}（{project.name}）"
    paths = [
        project_file(outgoing.folder, project.department, project.code, project.name, ending) for ending in _ENDINGS
    ]
    there = [path for path in paths if path.is_file()]
    if not there:
        return f"{named}还没有工作簿，请先运行 wbt generate。"
    if len(there) > 1:
        return f"{named}有 .xlsx 和 .xlsm 两个工作簿，请移走不发的那一个。"
    data = read_whole(there[0])
    issued = outgoing.versions.get((project.year, project.code), {})
    version = issued.get(hashlib.sha256(data).hexdigest())
    if version is None and not issued:
        return f"{named}的工作簿没有登记台账，请先运行 wbt generate 补记。"
    if version is None:
        return f"{named}的工作簿在下发以后被改动过（{there[0].name}）。请运行 wbt generate --overwrite 重新生成。"
    if version.issue != list(issued.values())[-1].issue:
        return f"{named}的工作簿是以前下发的，不是最近一次的。请运行 wbt generate --overwrite 重新生成。"
    return _IssuedWorkbook(project, there[0], data, version)


def _name_entries(workbooks: Iterable[_IssuedWorkbook], renamed: dict[str, str]) -> Iterator[str]:
    """The names in the zip; no two are alike, also not to Windows, and old programs have all their characters."""
    taken = {name.casefold() for name in (ISSUE_NOTICE, GUIDE_PAGE)}
    for item in workbooks:
        stem, ending = fit_gbk(item.path.stem), item.path.suffix
        if (stem + ending).casefold() in taken:
            stem += short_mark(item.path.stem)
        if stem != item.path.stem:
            renamed[item.path.name] = stem + ending
        taken.add((stem + ending).casefold())
        yield stem + ending


def _render_documents(
    outgoing: _Outgoing, department: str, workbooks: Sequence[_IssuedWorkbook], names: Sequence[str]
) -> dict[Path, bytes]:
    """Notice and page by where they lie."""
    year, notice = outgoing.campaign.settings.year, outgoing.campaign.notice
    projects = [item.project for item in workbooks]
    schemes = {name: choose_scheme(outgoing.campaign, name) for name in {project.scheme for project in projects}}
    evidence = any(scheme.form.evidence != "none" for scheme in schemes.values())
    facts = IssueFacts(department, year, notice, list(zip(projects, names, strict=True)))
    folder = department_folder(outgoing.folder, department)
    return {
        folder / ISSUE_NOTICE: outgoing.notice.render(fill_tags(ISSUE_TAGS, facts)),
        folder / GUIDE_PAGE: outgoing.guide.render(fill_tags(GUIDE_TAGS, GuideFacts(year, notice, evidence))),
    }


def _choose_zip(outgoing: _Outgoing, department: str) -> Path:
    """下发/<主管部门>_<年度>年度绩效自评.zip; the zip is sent by mail and chat, so its own name is one of GBK too."""
    folder = department_folder(outgoing.folder, department).name
    name = fit_gbk(folder)
    if name != folder:
        name += short_mark(department)
    return outgoing.folder / f"{name}_{outgoing.campaign.settings.year}年度绩效自评.zip"


def _show_clock(moment: datetime) -> datetime:
    """A moment as the clocks of the outgoing show it; SQLite may have lost the zone, which is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()
