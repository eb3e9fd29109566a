"""Settling (归并): of all files of a folder, which count, which are strangers, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding, apply_choices, finding
from workbook_tools.core.labels import USUAL_LABELS
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import EvidencePlaces, MissingRow, ProjectRow, ReviewResult
from workbook_tools.files.evidence import EvidencePlace
from workbook_tools.form.identity import project_digest
from workbook_tools.legacy.conversion.approved_indicators import compare_with_approved
from workbook_tools.legacy.conversion.listed_projects import ProjectFinder
from workbook_tools.review.accounting import count_checks
from workbook_tools.review.answering import EarlierAnswers, apply_answers
from workbook_tools.review.batches import ReviewedFile
from workbook_tools.review.checks import check_together
from workbook_tools.review.evidence import compare_evidence
from workbook_tools.review.folding import mark_consequences
from workbook_tools.review.precedence import Candidate, EarlierContents, choose_files
from workbook_tools.review.recognising import Untouched
from workbook_tools.review.states import mark_states
from workbook_tools.review.trust import tell_trust

_WHOSE = "IMPORT17"
"""How it was known whose a form of today is: told also of one that does not count."""
_FORM_AMONG_EVIDENCE = "EVID09"
"""Evidence came, and no form."""


def settle_files(
    reviewed: Iterable[ReviewedFile], extra: Iterable[Finding], expected: Collection[Project] | None, *, year: int, scheme: str,
    authority: str = "", checks: Mapping[str, str] | None = None, due: str = "",
    answered: EarlierAnswers | None = None, earlier: EarlierContents | None = None, evidence: Sequence[EvidencePlace] = (),
) -> ReviewResult:  # fmt: skip
    """The result of a review: duplicates settled, missing projects named, projects compared with each other.

    The projects stand as the list has them, departments together; without a list as they were found.

    ``reviewed`` are matched to the list already, and judged how far they can be trusted. ``expected`` is the project list, or ``None`` if there is none to compare with; ``checks`` switches codes off
    or gives them another severity, as wbt.toml says; ``year`` decides which checks are on trial; ``due`` is until when a
    missing project may still come.
    """
    files, places = list(reviewed), _place_projects(expected or ())
    kept, set_aside = _set_aside(files, earlier or {})
    findings = [*extra, *set_aside]
    if expected is not None:
        kept = _keep_listed(kept, expected, places, findings)
    findings += (row for item in kept for row in tell_trust(item))
    untouched = list(_tell_untouched(files, kept, expected))
    findings += untouched
    compared = compare_evidence(evidence, files, kept, expected or ())
    findings += compared.findings
    projects = [_with_evidence(item.project, compared.places) for item in kept if item.project]
    findings += check_together(projects)
    lone = (f for f in compared.findings if f.code == _FORM_AMONG_EVIDENCE)
    came = {f.project_code: f.message for f in (*lone, *untouched)}
    missing = _find_missing(expected or (), projects, due, came, places)
    causes = {f.project_code: f.code for f in untouched if f.project_code}
    findings += (_tell_missing(row, causes.get(row.code, "")) for row in missing)
    findings = mark_consequences(apply_choices(findings, checks or {}, year))
    findings = [*apply_answers(findings, kept, answered or {})]
    return mark_states(ReviewResult(
        scheme=scheme, year=year, authority=authority, reviewed_files=_count_files(files), projects=tuple(projects),
        indicators=tuple(row for item in kept for row in item.indicators),
        findings=tuple(_sorted(findings)), missing=tuple(missing), evidence=compared.rows, schemes=_collect_schemes(kept),
        checks=count_checks(kept, findings, missing, listed=expected is not None, choices=checks or {}, with_evidence=compared.places),
    ))  # fmt: skip


def _with_evidence(project: ProjectRow, places: Mapping[str, EvidencePlaces]) -> ProjectRow:
    return project.model_copy(update={"evidence": places[project.code]}) if project.code in places else project


def _set_aside(files: Sequence[ReviewedFile], earlier: EarlierContents) -> tuple[list[ReviewedFile], list[Finding]]:
    """The files that count; and of all files what is to be told: nothing that was found in one that does not count."""
    submitted = [(item, item.project) for item in files if item.project]
    chosen = choose_files(_describe(item, project, earlier) for item, project in submitted)
    kept = [item for number, (item, _) in enumerate(submitted) if number in chosen.kept]
    superseded = {id(item) for number, (item, _) in enumerate(submitted) if number not in chosen.kept}
    findings = [f for item in files for f in item.findings if id(item) not in superseded or f.code == _WHOSE]
    return kept, [*findings, *chosen.findings]


def _describe(item: ReviewedFile, project: ProjectRow, earlier: EarlierContents) -> Candidate:
    key = (project.year, project.code)
    return Candidate(
        project=key, code=project.code, name=project.name, file=item.file,
        trust=project.trust, round=item.round, content=item.content, sha256=item.sha256, saved_at=item.saved_at,
        clock=item.clock, first_said=earlier.get(key, {}).get(item.content, ""), doubt=project.trust_reason,
        answers=len(item.answers),
    )  # fmt: skip


def _collect_schemes(kept: Iterable[ReviewedFile]) -> dict[str, dict[str, Any]]:
    """The schemes that these projects were scored under, whole, by digest."""
    used = {item.scheme.digest: item.scheme for item in kept if item.scheme}
    return {digest: scheme.content() for digest, scheme in used.items()}


_PASSED_OVER = ("FILE09", "FILE41")


def _count_files(files: Iterable[ReviewedFile]) -> int:
    """How many files were reviewed; Word documents that hold no form, or cannot be read, were passed over."""
    came = (i for i in files if i.project or i.untouched or any(f.code not in _PASSED_OVER for f in i.findings))
    return len({item.file for item in came})


def match_to_list(files: Iterable[ReviewedFile], expected: Collection[Project]) -> list[ReviewedFile]:
    """Forms of today under the code of the listed project that has their name and unit; what has a listed code stays."""
    listed = {(project.year, project.code): project for project in expected}
    finder = ProjectFinder(expected)
    found = []
    for item in files:
        row = item.project
        if row and row.imported and (row.year, row.code) not in listed and (project := finder.find(row)):
            item = _move_to_project(item, row, project)
        found.append(item)
    return found


def _move_to_project(item: ReviewedFile, row: ProjectRow, listed: Project) -> ReviewedFile:
    """What came of a form, as a file of that listed project."""
    said = finding(
        _WHOSE, f"按名称和单位对应到清单中的 {listed.code}", file=item.file, field="项目编码",
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


def _sorted(rows: Iterable[Finding]) -> list[Finding]:
    """By file; the order within a file, which is that of the sheets, stays."""
    return sorted(rows, key=lambda row: row.file)


def _tell_untouched(
    files: Iterable[ReviewedFile], kept: Iterable[ReviewedFile], expected: Collection[Project] | None
) -> Iterator[Finding]:
    """Our own forms that came back as they went out: whose they are, and whether the unit has still to send one."""
    rounds = {(item.project.year, item.project.code): item.round for item in kept if item.project}
    listed = None if expected is None else {(project.year, project.code) for project in expected}
    for item in files:
        form = item.untouched
        if form is None:
            continue
        key, kind = (form.year, form.code), form.kind
        if form.code and listed is not None and key not in listed:
            where = f"{form.year}年度 {form.code} {form.name}"
            yield finding("FILE09", f"已跳过：是{kind}，不是本次自评的项目", file=item.file, found=where)
        elif key in rounds and (kind is Untouched.ISSUED or rounds[key] >= form.round):
            message = f"已跳过：是{kind}，该项目已报送别的文件"
            yield finding("FILE09", message, project_code=form.code, file=item.file, found=form.name)
        else:
            code = "FILE18" if kind is Untouched.ISSUED else "FILE19"
            yield finding(code, project_code=form.code, file=item.file, found=form.name)


def _keep_listed(
    files: list[ReviewedFile], expected: Collection[Project], places: Mapping[tuple[int, str], int],
    findings: list[Finding],
) -> list[ReviewedFile]:  # fmt: skip
    """Only projects of the list count; they stand in its order."""
    known, years = {(p.year, p.code): p for p in expected}, {p.code: p.year for p in expected}
    came = {key[1] for item in files if item.project and (key := (item.project.year, item.project.code)) in known}
    kept, strangers = [], []
    for item in files:
        project = item.project
        if project is None:
            continue
        listed = known.get((project.year, project.code))
        if listed is None:
            strangers.append(_tell_stranger(item, project, came, years.get(project.code, 0)))
            continue
        # An office may have been renamed, or got an alias, since the form went out: it is counted where the list has it.
        place = places[project.year, project.code]
        where = {"department": listed.department, "unit": listed.unit, "place": place}
        kept.append(replace(item, project=project.model_copy(update=where)))
        if project.imported:
            labels = item.scheme.form.labels if item.scheme else USUAL_LABELS
            findings += compare_with_approved(item.indicators, listed, item.file, labels)
        elif item.issued != project_digest(listed) and not _is_told_apart(item):
            findings.append(finding("FILE17", project_code=project.code, file=item.file))
    elsewhere = {(item.file, item.project_code) for item in strangers}
    # Their content is not for us.
    findings[:] = [f for f in findings if (f.file, f.project_code) not in elsewhere] + strangers
    return sorted(kept, key=lambda item: item.project.place if item.project else 0)


def _is_told_apart(item: ReviewedFile) -> bool:
    """A finding of its own says that it is not what was issued last, and in what it differs."""
    return item.verdict is not None and bool(item.verdict.code)


def _tell_stranger(item: ReviewedFile, project: ProjectRow, came: Collection[str], year: int) -> Finding:
    """A project that is not on the list. ``came``: the codes of those that are, and have come this year; ``year``: in which
    the list has its code, 0 where it has not."""
    where = f"{project.year}年度 {project.code} {project.name}"
    if project.code in came:
        message = "已跳过：是别的年度的表，该项目今年的已报送"
        return finding("FILE09", message, project_code=project.code, file=item.file, found=where)
    message = f"不是本次自评的项目：{project.trust}，{project.trust_reason}" if project.year < year else ""
    return finding("FILE07", message, project_code=project.code, file=item.file, found=where)


def _tell_missing(row: MissingRow, cause: str) -> Finding:
    """That a project has not come: an error once it is due. ``cause`` is the code of what is told of a form that came blank."""
    message = "项目仍按未报送计" if cause else row.reason
    told = finding("CROSS01", message, project_code=row.code, field=f"{row.code} {row.name}")
    told = replace(told, follows_from=cause)
    return replace(told, severity=Severity.INFO, advice="") if row.due else told


def _place_projects(expected: Iterable[Project]) -> dict[tuple[int, str], int]:
    """The places of the list's projects from 1: departments together, in the order in which they first occur."""
    listed = list(expected)
    departments = {name: number for number, name in enumerate(dict.fromkeys(p.department for p in listed))}
    ordered = sorted(listed, key=lambda project: departments[project.department])
    return {(project.year, project.code): place for place, project in enumerate(ordered, 1)}


def _find_missing(
    expected: Iterable[Project], projects: Iterable[ProjectRow], due: str, came: Mapping[str, str],
    places: Mapping[tuple[int, str], int],
) -> list[MissingRow]:  # fmt: skip
    """In the order of ``places``; ``came`` says of a project's code what came instead of a submission."""
    have = {(p.year, p.code) for p in projects}

    def why(code: str) -> str:
        if code in came:
            return f"{came[code]}，{due} 截止" if due else came[code]
        return f"还没有报送，{due} 截止" if due else "未报送"

    rows = (
        MissingRow(
            code=p.code, name=p.name, department=p.department, unit=p.unit, reason=why(p.code), due=due,
            place=places[p.year, p.code],
        )
        for p in expected
        if (p.year, p.code) not in have
    )  # fmt: skip
    return sorted(rows, key=lambda row: row.place)
