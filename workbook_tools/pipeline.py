"""The steps for a folder of workbooks: generate and review. It decides nothing itself and prints nothing.

Files are read, verified, checked and scored in batches, on all cores; a batch keeps only its results.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from workbook_tools.assembly import count, finding_row, indicator_rows, project_row
from workbook_tools.checks import check, check_together
from workbook_tools.errors import TemplateError
from workbook_tools.findings import Finding, Severity, finding
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import SigningKey, project_digest
from workbook_tools.legacy.approved import departures
from workbook_tools.legacy.intake import Importing, take_in
from workbook_tools.legacy.matching import ProjectFinder
from workbook_tools.model import Project, Submission
from workbook_tools.paths import project_file, replace_file
from workbook_tools.results import FindingRow, IndicatorRow, MissingRow, ProjectRow, ReviewResult
from workbook_tools.rules.scheme import Scheme
from workbook_tools.scoring import score_all
from workbook_tools.sources import Source
from workbook_tools.submission import Keys, Reading, read_submission
from workbook_tools.template import build_workbook
from workbook_tools.workers import on_all_cores

log = logging.getLogger(__name__)

BATCH = 50
"""Workbooks per batch: enough to score in columns, few enough to keep memory flat."""
_SINGLE_PROCESS = 2 * BATCH
"""So few files are read faster by one process than several take to start."""


# -- generate -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Generated:
    """What came of one project: a workbook, or a finding that says why not."""

    project: Project
    path: Path
    finding: Finding | None = None
    kept: bool = False
    """Another workbook stands there already and was not replaced."""


def generate(
    projects: Iterable[Project], folder: Path, key: SigningKey, notice: Notice, scheme_of: Callable[[Project], Scheme],
    *, prefill: bool = False, overwrite: bool = False, macros: bool = False,
) -> Iterator[Generated]:  # fmt: skip
    """Write one workbook per project. The same list gives the same bytes, so running it again changes nothing;
    a workbook of another content is replaced only with ``overwrite``. With ``macros`` they are .xlsm. Raises OutputError, SchemeError.
    """
    for project in projects:
        path = project_file(folder, project.department, project.code, project.name, ".xlsm" if macros else ".xlsx")
        issued = project if prefill else project.model_copy(update={"answers": None})
        try:
            data = build_workbook(issued, scheme_of(project), key, notice, macros=macros)
        except TemplateError as exc:
            yield Generated(
                project, path, finding("LIST18", str(exc), project_code=project.code, field="项目", found=project.name)
            )
            continue
        kept = path.is_file() and not overwrite and path.read_bytes() != data
        if not kept:
            replace_file(path, data)
        yield Generated(project, path, kept=kept)


# -- review -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Reviewed:
    """What came of one file."""

    file: str
    modified: float
    sha256: str = ""
    issued: str = ""
    """Digest of the project as it was issued."""
    findings: list[Finding] = field(default_factory=list)
    project: ProjectRow | None = None
    indicators: list[IndicatorRow] = field(default_factory=list)
    fault: str = ""
    """Traceback of a fault of the program while it was busy with the file."""


def review_files(sources: Sequence[Source], keys: Keys, importing: Importing | None = None) -> list[Reviewed]:
    """Read, verify, check and score a batch of workbooks; a file with several forms of today gives one item for each."""
    done: list[Reviewed] = []
    usable: list[tuple[Reviewed, Submission]] = []
    for source in sources:
        readings, fault = _read(source, keys, importing or Importing())
        for reading in readings:
            item = Reviewed(source.name, source.modified, reading.sha256, findings=reading.findings, fault=fault)
            done.append(item)
            if reading.submission:
                item.issued = project_digest(reading.submission.layout.project)
                usable.append((item, reading.submission))
    _judge(usable)
    return done


def _judge(usable: Sequence[tuple[Reviewed, Submission]]) -> None:
    """Score and check. A submission that brings the program down has a finding instead, and the others go on."""
    try:
        judged = [
            (item, [*item.findings, *check(scored)], project_row(scored), indicator_rows(scored))
            for (item, _), scored in zip(usable, score_all([s for _, s in usable]), strict=True)
        ]
    except Exception:
        if len(usable) > 1:
            for one in usable:
                _judge([one])
            return
        [(item, _)] = usable
        item.findings, item.fault = [finding("FILE13", file=item.file)], traceback.format_exc()
        return
    for item, findings, project, indicators in judged:
        item.findings, item.project, item.indicators = findings, project, indicators


def _read(source: Source, keys: Keys, importing: Importing) -> tuple[list[Reading], str]:
    """A file, and the traceback where reading it brought the program down: it must not take the others with it."""
    try:
        first = Reading(source.name) if source.is_document else read_submission(source, keys)
        return take_in(source, first, importing), ""
    except Exception:
        return [Reading(source.name, None, [finding("FILE13", file=source.name)])], traceback.format_exc()


def review_batches(
    sources: Sequence[Source], keys: Keys, *, workers: int | None = None, importing: Importing | None = None
) -> Iterator[list[Reviewed]]:
    """Review many workbooks in batches, on all cores; batches come in the order of the workbooks."""
    batches = [sources[i : i + BATCH] for i in range(0, len(sources), BATCH)]
    cores = workers or os.cpu_count() or 1
    alone = cores == 1 or len(sources) <= _SINGLE_PROCESS
    work = partial(review_files, keys=dict(keys), importing=importing)
    for done in map(work, batches) if alone else on_all_cores(batches, work, _killed, cores):
        for item in done:
            if item.fault:
                log.error("处理 %s 时程序出错\n%s", item.file, item.fault)
        yield done


def _killed(source: Source) -> Reviewed:
    """In place of a file that killed the process that read it."""
    message = "读取这个文件的进程意外终止，可能是文件太大、内存不足"
    found = finding("FILE13", message, file=source.name)
    return Reviewed(source.name, source.modified, findings=[found], fault="读取它的进程意外终止")


def assemble(
    reviewed: Iterable[Reviewed], extra: Iterable[Finding], expected: Collection[Project] | None, *, year: int, scheme: str,
    authority: str = "", checks: Mapping[str, str] | None = None,
) -> ReviewResult:  # fmt: skip
    """The result of a review: duplicates settled, missing projects named, projects compared with each other.

    ``expected`` is the project list, or ``None`` if there is none to compare with; ``checks`` switches codes off
    or gives them another severity, as wbt.toml says.
    """
    files = list(reviewed)
    if expected is not None:
        files = recognised(files, expected)
    findings = [*extra, *(f for item in files for f in item.findings)]
    kept = _without_duplicates(files, findings)
    if expected is not None:
        kept = _without_strangers(kept, expected, findings)
    projects = [item.project for item in kept if item.project]
    findings += check_together(projects)
    missing = _missing(expected or (), projects)
    findings += [finding("CROSS01", project_code=m.code, field=f"{m.code} {m.name}") for m in missing]
    findings = list(_as_configured(findings, checks or {}))
    by_project: dict[str, list[Finding]] = {}
    for item in findings:
        by_project.setdefault(item.project_code, []).append(item)
    rows = [p.model_copy(update={"findings": count(_own(by_project.get(p.code, ()), p.file))}) for p in projects]
    return ReviewResult(
        scheme=scheme, year=year, authority=authority, reviewed_files=_counted(files), projects=tuple(rows),
        indicators=tuple(row for item in kept for row in item.indicators),
        findings=tuple(_sorted(map(finding_row, findings))), missing=tuple(missing),
    )  # fmt: skip


def _counted(files: Iterable[Reviewed]) -> int:
    """How many files were reviewed; Word documents that hold no form were passed over."""
    return len({item.file for item in files if item.project or any(f.code != "FILE09" for f in item.findings)})


def recognised(files: Iterable[Reviewed], expected: Collection[Project]) -> list[Reviewed]:
    """Forms of today under the code of the listed project that has their name and unit; what has a listed code stays."""
    listed = {(project.year, project.code): project for project in expected}
    finder = ProjectFinder(expected)
    found = []
    for item in files:
        row = item.project
        if row and row.imported and (row.year, row.code) not in listed and (project := finder.find(row)):
            item = _under(item, row, project)
        found.append(item)
    return found


def _under(item: Reviewed, row: ProjectRow, listed: Project) -> Reviewed:
    """What came of a form, as a file of that listed project."""
    said = finding(
        "IMPORT17", f"按名称和单位对应到清单中的 {listed.code}", file=item.file, field="项目编码",
        found=f"{row.name}，{row.unit}", expected=f"{listed.name}，{listed.unit}",
    )  # fmt: skip
    facts = {"code": listed.code, "name": listed.name, "department": listed.department, "unit": listed.unit}
    findings = [said, *(f for f in item.findings if f.code != "IMPORT06")]
    return replace(
        item,
        project=row.model_copy(update=facts),
        indicators=[i.model_copy(update={"project_code": listed.code}) for i in item.indicators],
        findings=[replace(f, project_code=listed.code) for f in findings],
    )


def _own(findings: Iterable[Finding], file: str) -> Iterator[Finding]:
    """The findings of the file that counts: those of an older version of it do not."""
    return (item for item in findings if item.file in ("", file))


def _as_configured(findings: Iterable[Finding], checks: Mapping[str, str]) -> Iterator[Finding]:
    for item in findings:
        wanted = checks.get(item.code)
        if wanted is None:
            yield item
        elif wanted != "off":
            yield replace(item, severity=Severity(wanted))


def _sorted(rows: Iterable[FindingRow]) -> list[FindingRow]:
    """By file; the order within a file, which is that of the sheets, stays."""
    return sorted(rows, key=lambda row: row.file)


def _without_duplicates(files: list[Reviewed], findings: list[Finding]) -> list[Reviewed]:
    """Of several files of one project the newest counts; a workbook that was issued before any form of today."""
    newest: dict[tuple[int, str], Reviewed] = {}
    for item in files:
        if item.project:
            key = (item.project.year, item.project.code)
            other = newest.get(key)
            newest[key] = item if other is None or _rank(item) >= _rank(other) else other
    kept = []
    for item in files:
        if not item.project:
            continue
        best = newest[item.project.year, item.project.code]
        if best is item:
            kept.append(item)
        elif item.project.imported and best.project and not best.project.imported:
            findings.append(
                finding(
                    "IMPORT16",
                    project_code=item.project.code,
                    file=item.file,
                    found=item.project.name,
                    expected=best.file,
                )
            )
        else:
            message = f"同一项目报送了多份，采用了较新的“{best.file}”，本文件未计入"
            findings.append(
                finding("FILE08", message, project_code=item.project.code, file=item.file, found=item.project.name)
            )
    return kept


def _rank(item: Reviewed) -> tuple[bool, float]:
    return item.project is not None and not item.project.imported, item.modified


def _without_strangers(files: list[Reviewed], expected: Collection[Project], findings: list[Finding]) -> list[Reviewed]:
    """Only projects of the list count."""
    known = {(p.year, p.code): p for p in expected}
    kept, strangers = [], []
    for item in files:
        project = item.project
        if project is None:
            continue
        listed = known.get((project.year, project.code))
        if listed is None:
            where = f"{project.year}年度 {project.code} {project.name}"
            strangers.append(finding("FILE07", project_code=project.code, file=item.file, found=where))
            continue
        kept.append(item)
        if project.imported:
            findings += departures(item.indicators, listed, item.file)
        elif item.issued != project_digest(listed):
            findings.append(finding("FILE17", project_code=project.code, file=item.file))
    elsewhere = {(item.file, item.project_code) for item in strangers}
    # Their content is not for us.
    findings[:] = [f for f in findings if (f.file, f.project_code) not in elsewhere] + strangers
    return kept


def _missing(expected: Iterable[Project], projects: Iterable[ProjectRow]) -> list[MissingRow]:
    have = {(p.year, p.code) for p in projects}
    return [
        MissingRow(code=p.code, name=p.name, department=p.department, unit=p.unit)
        for p in expected
        if (p.year, p.code) not in have
    ]
