"""Settling (归并): of all files of a folder, which count, which are strangers, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding, apply_choices, finding
from workbook_tools.core.labels import USUAL_LABELS
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import (
    EvidencePlaces,
    IndicatorRow,
    LastYearFigures,
    MissingRow,
    ProjectRow,
    ReviewResult,
)
from workbook_tools.core.states import Acceptor
from workbook_tools.core.trust import Trust
from workbook_tools.core.values import plain
from workbook_tools.files.stored_projects import ListedProject, NamedProject
from workbook_tools.form.identity import project_digest
from workbook_tools.legacy.conversion.approved_indicators import compare_budgets, compare_with_approved
from workbook_tools.review.answering import EarlierAnswers, apply_answers
from workbook_tools.review.checks.last_year import LastYearProject, TwoYears, check_last_year
from workbook_tools.review.evidence import EvidenceComparison
from workbook_tools.review.exchanged_files import AcceptedVersions, tell_exchanged
from workbook_tools.review.folding import mark_consequences
from workbook_tools.review.last_year import describe_indicators
from workbook_tools.review.precedence import Candidate, EarlierContents, choose_files
from workbook_tools.review.recognising import Untouched
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.states import mark_states
from workbook_tools.review.trust import list_changes, tell_trust
from workbook_tools.review.unread_files import say_unread, say_what_to_do
from workbook_tools.review.year_figures import describe_last_year

_WHOSE = "IMPORT17"
"""Says how a form of today was matched to its project: reported even for one that does not count."""
_WITHDRAWN = "下发过的项目，现在的项目清单里没有"
_ABOUT_WITHDRAWN = "项目撤销了的，把文件移出回收；清单漏列了的，补上再审核。不退回单位。"
_ABOUT_NAMESAKES = "请在表中写明项目编码，或者核对实施单位的写法（别的写法写进 wbt.toml 的 [aliases]），再审核一次。"
_FORM_AMONG_EVIDENCE = "EVID09"
"""Evidence came, but no form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedProjects:
    """A part of the project list."""

    projects: Sequence[Project]
    places: Mapping[tuple[int, str], int]
    """Year and code → place on the list, from 1: departments together, in the order in which they first occur."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlingRules:
    """Settings for settling any files, and what is known of their projects from elsewhere."""

    year: int
    """It decides which checks are on trial."""
    evidence: EvidenceComparison
    compared: Sequence[Finding] = ()
    """Findings of the comparison of all projects about these."""
    checks: Mapping[str, str] = field(default_factory=dict)
    """Code → ``off`` or another severity, as wbt.toml says."""
    due: str = ""
    """Until when a missing project may still come."""
    answered: EarlierAnswers = field(default_factory=dict)
    accepted: AcceptedVersions = field(default_factory=dict)
    find_last_year: Callable[[NamedProject], LastYearProject | None] | None = None
    """Finds a project in last year's result, if that is named."""
    unread: Mapping[str, Finding] = field(default_factory=dict)
    """Code of a project → why a file that seems to be its own cannot be used."""


@dataclass(frozen=True, slots=True)
class CountingFiles:
    """Those of some files that count, in the order of the list, and all findings, also about the others."""

    kept: list[ReviewedFile]
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class SettledFiles:
    """The outcome of some files: rows of the result, findings sorted by file, and which files count."""

    rows: ReviewResult
    kept: list[ReviewedFile]
    with_evidence: Collection[str]
    """Codes of the projects for which evidence came."""
    with_last_year: Collection[str] = ()
    """Codes of the projects that were there the year before."""
    used_evidence: Collection[str] = ()
    """Paths of the files of evidence that they have listed."""


def choose_counting(
    files: Sequence[ReviewedFile], extra: Iterable[Finding], listed: ExpectedProjects | None, earlier: EarlierContents
) -> CountingFiles:
    """Which of ``files``, which are all files of some projects with their trust judged, count.

    ``extra`` are other findings about these projects, ``earlier`` is what their versions said. Without a list all count.
    """
    kept, set_aside = _set_aside(files, earlier)
    findings = [*extra, *set_aside]
    if listed is not None:
        kept = _keep_listed(kept, listed, findings)
    return CountingFiles(kept, findings)


def settle_files(
    files: Sequence[ReviewedFile],
    counting: CountingFiles,
    codes: Collection[str],
    listed: ExpectedProjects | None,
    rules: SettlingRules,
) -> SettledFiles:
    """The outcome of ``files``, which are all files of the projects of these ``codes``, with missing projects and all findings.

    Projects are in the order of the list; without a list in that in which they were found.
    """
    kept, findings = counting.kept, [*counting.findings]
    findings += (row for item in kept for row in tell_trust(item))
    findings += tell_exchanged(kept, files, rules.accepted)
    untouched = list(_tell_untouched(files, kept, listed))
    findings += untouched
    compared = rules.evidence.compare(kept, codes)
    about_evidence = [_name_unread(f, rules.unread.get(f.project_code)) for f in compared.findings]
    findings += about_evidence
    projects = [_with_evidence(item.project, compared.places) for item in kept if item.project]
    findings += rules.compared
    last, indicators = _compare_last_year(kept, rules, findings)
    projects = [row.model_copy(update={"last_year": last[row.code]}) if row.code in last else row for row in projects]
    lone = (f for f in about_evidence if f.code == _FORM_AMONG_EVIDENCE)
    unread = {code: say_unread(f) for code, f in rules.unread.items()}
    came = unread | {f.project_code: f.message for f in (*lone, *untouched)}
    missing = _find_missing(listed, projects, rules.due, came) if listed else []
    missing = [_with_unread(_with_last_year(row, rules), rules) for row in missing]
    causes = {f.project_code: f.code for f in untouched if f.project_code}
    findings += (_tell_missing(row, causes.get(row.code, ""), rules.unread.get(row.code)) for row in missing)
    findings = mark_consequences(apply_choices(findings, rules.checks, rules.year))
    findings = [*apply_answers(findings, kept, rules.answered)]
    rows = ReviewResult(
        scheme="",
        year=rules.year,
        projects=tuple(projects),
        indicators=tuple(indicators),
        findings=tuple(sort_findings(findings)),
        missing=tuple(missing),
        evidence=compared.rows,
    )
    marked = mark_states(rows, _find_acceptors(kept, rules.accepted))
    return SettledFiles(marked, kept, compared.places.keys(), last.keys(), compared.used)


def _compare_last_year(
    kept: Iterable[ReviewedFile], rules: SettlingRules, findings: list[Finding]
) -> tuple[dict[str, LastYearFigures], list[IndicatorRow]]:
    """Last year's figures of each project that existed then, and all indicators with theirs; findings of the comparison are added to the
    findings."""
    found: dict[str, LastYearFigures] = {}
    indicators: list[IndicatorRow] = []
    for item in kept:
        last = rules.find_last_year(item.project) if rules.find_last_year and item.project else None
        if last is None or item.project is None:
            indicators += item.indicators
            continue
        both = TwoYears(item.project, tuple(item.indicators), last)
        found[item.project.code] = describe_last_year(last.project)
        indicators += describe_indicators(both)
        findings += check_last_year(both)
    return found, indicators


def _with_last_year(row: MissingRow, rules: SettlingRules) -> MissingRow:
    last = rules.find_last_year(row) if rules.find_last_year else None
    return row.model_copy(update={"last_year": describe_last_year(last.project)}) if last else row


def _with_unread(row: MissingRow, rules: SettlingRules) -> MissingRow:
    found = rules.unread.get(row.code)
    told = {"unread_file": found.file, "unread_step": say_what_to_do(found)} if found else {}
    return row.model_copy(update=told) if told else row


def _name_unread(found: Finding, unread: Finding | None) -> Finding:
    """Of evidence without a form: which file it is that came and cannot be used, unless a workbook lies among the evidence."""
    if unread is None or found.code != _FORM_AMONG_EVIDENCE or found.found:
        return found
    return replace(found, message=f"收到了佐证材料，{say_unread(unread)}", advice=unread.advice)


def _find_acceptors(kept: Iterable[ReviewedFile], accepted: AcceptedVersions) -> dict[str, Acceptor]:
    versions = ((item.project.year, item.project.code, item.sha256) for item in kept if item.project)
    found = ((code, accepted.get((year, code), {}).get(digest)) for year, code, digest in versions)
    return {code: version.acceptor for code, version in found if version}


def _with_evidence(project: ProjectRow, places: Mapping[str, EvidencePlaces]) -> ProjectRow:
    return project.model_copy(update={"evidence": places[project.code]}) if project.code in places else project


def _set_aside(files: Sequence[ReviewedFile], earlier: EarlierContents) -> tuple[list[ReviewedFile], list[Finding]]:
    """The files that count, and the findings to report: those in files that do not count are left out."""
    submitted = [(item, item.project) for item in files if item.project]
    chosen = choose_files(_describe(item, project, earlier) for item, project in submitted)
    kept = [item for number, (item, _) in enumerate(submitted) if number in chosen.kept]
    superseded = {id(item) for number, (item, _) in enumerate(submitted) if number not in chosen.kept}
    findings = [f for item in files for f in item.findings if id(item) not in superseded or f.code == _WHOSE]
    return kept, [*findings, *chosen.findings]


def _describe(item: ReviewedFile, project: ProjectRow, earlier: EarlierContents) -> Candidate:
    key = (project.year, project.code)
    return Candidate(
        project=key,
        code=project.code,
        name=project.name,
        file=item.file,
        trust=project.trust,
        round=item.round,
        issue=item.own_issue.round,
        content=item.content,
        sha256=item.sha256,
        saved_at=item.saved_at,
        clock=item.clock,
        first_said=earlier.get(key, {}).get(item.content, ""),
        doubt=project.trust_reason,
        answers=len(item.answers),
    )


def move_to_project(item: ReviewedFile, row: ProjectRow, listed: ListedProject) -> ReviewedFile:
    """A form of today whose ``row`` has a code of its own, turned into a file of the listed project that it is about."""
    said = finding(
        _WHOSE,
        f"按名称和单位对应到清单中的 {listed.code}",
        file=item.file,
        field="项目编码",
        found=f"{row.name}，{row.unit}",
        expected=f"{listed.name}，{listed.unit}",
    )
    facts = {"code": listed.code, "name": listed.name, "department": listed.department, "unit": listed.unit}
    findings = [said, *(f for f in item.findings if f.code != "IMPORT06")]
    return replace(
        item,
        project=row.model_copy(update=facts),
        indicators=[i.model_copy(update={"project_code": listed.code}) for i in item.indicators],
        findings=[replace(f, project_code=listed.code) for f in findings],
    )


def sort_findings(rows: Iterable[Finding]) -> list[Finding]:
    """Sort findings by file; within a file they stay in the order of the sheets."""
    return sorted(rows, key=lambda row: row.file)


def _tell_untouched(
    files: Iterable[ReviewedFile], kept: Iterable[ReviewedFile], listed: ExpectedProjects | None
) -> Iterator[Finding]:
    """Findings about our forms that came back untouched: whose they are, and whether the unit still has to send one."""
    rounds = {(item.project.year, item.project.code): item.round for item in kept if item.project}
    known = None if listed is None else {(project.year, project.code) for project in listed.projects}
    for item in files:
        form = item.untouched
        if form is None:
            continue
        key, kind = (form.year, form.code), form.kind
        if form.code and known is not None and key not in known:
            where = f"{form.year}年度 {form.code} {form.name}"
            yield finding("FILE09", f"已跳过：是{kind}，不是本次自评的项目", file=item.file, found=where)
        elif key in rounds and (kind is Untouched.ISSUED or rounds[key] >= form.round):
            message = f"已跳过：是{kind}，该项目已报送别的文件"
            yield finding("FILE09", message, project_code=form.code, file=item.file, found=form.name)
        else:
            code = "FILE18" if kind is Untouched.ISSUED else "FILE19"
            yield finding(code, project_code=form.code, file=item.file, found=form.name)


def _keep_listed(files: list[ReviewedFile], expected: ExpectedProjects, findings: list[Finding]) -> list[ReviewedFile]:
    """Keep only files of listed projects, in the order of the list."""
    known, years = {(p.year, p.code): p for p in expected.projects}, {p.code: p.year for p in expected.projects}
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
        # Project or office may have been renamed, or got an alias, since the form went out: it counts under the names of the list.
        place = expected.places[project.year, project.code]
        where = {"name": listed.name, "department": listed.department, "unit": listed.unit, "place": place}
        where["signed_name"] = project.name if plain(project.name) != plain(listed.name) else ""
        kept.append(replace(item, project=project.model_copy(update=where)))
        if project.imported:
            labels = item.scheme.form.labels if item.scheme else USUAL_LABELS
            findings += compare_with_approved(item.indicators, listed, item.file, labels)
            findings += compare_budgets(project, listed, item.file)
        elif item.issued != project_digest(listed) and not _is_told_apart(item):
            message = f"不同之处（本文件 → 现在的清单）：{changes}" if (changes := list_changes(item, listed)) else ""
            findings.append(finding("FILE17", message, project_code=project.code, file=item.file))
    elsewhere = {(item.file, item.project_code) for item in strangers}
    # Their content is not for us.
    findings[:] = [f for f in findings if (f.file, f.project_code) not in elsewhere] + strangers
    return sorted(kept, key=lambda item: item.project.place if item.project else 0)


def _is_told_apart(item: ReviewedFile) -> bool:
    """Another finding says that it is not the last issue, and how it differs."""
    return item.verdict is not None and bool(item.verdict.code)


def _tell_stranger(item: ReviewedFile, project: ProjectRow, came: Collection[str], year: int) -> Finding:
    """The finding about a project that is not on the list. ``came``: codes of listed projects that came; ``year``: the year for which the
    list has its code, 0 if it does not."""
    where = f"{project.year}年度 {project.code} {project.name}"
    if project.code in came:
        message = "已跳过：是别的年度的表，该项目今年的已报送"
        return finding("FILE09", message, project_code=project.code, file=item.file, found=where)
    if project.trust is Trust.CURRENT and not year:  # issued this year, and taken off the list since
        told = finding("FILE07", _WITHDRAWN, project_code=project.code, file=item.file, found=where)
        return replace(told.blaming_the_list(), advice=_ABOUT_WITHDRAWN)
    if item.namesakes:
        message = f"清单里有同名的项目（{'、'.join(item.namesakes)}），实施单位对不上，不知道是哪一个"
        return finding(
            "FILE07",
            message,
            project_code=project.code,
            file=item.file,
            found=f"{project.name}，{project.unit}",
            advice=_ABOUT_NAMESAKES,
        )
    message = f"不是本次自评的项目：{project.trust}，{project.trust_reason}" if project.year < year else ""
    return finding("FILE07", message, project_code=project.code, file=item.file, found=where)


def _tell_missing(row: MissingRow, cause: str, unread: Finding | None) -> Finding:
    """The finding about a missing project: an error once it is due. ``cause`` is the code reported for a form that came back blank, ``unread``
    why a file that seems to be its own cannot be used."""
    message = "项目仍按未报送计" if cause else row.reason
    told = finding("CROSS01", message, project_code=row.code, field=f"{row.code} {row.name}")
    told = replace(told, follows_from=cause, advice=(unread.advice if unread else "") or told.advice)
    return replace(told, severity=Severity.INFO, advice="") if row.due else told


def _find_missing(
    listed: ExpectedProjects, projects: Iterable[ProjectRow], due: str, came: Mapping[str, str]
) -> list[MissingRow]:
    """The missing projects in the order of the list; ``came``: code → what came instead of a submission."""
    have = {(p.year, p.code) for p in projects}

    def why(code: str) -> str:
        if code in came:
            return f"{came[code]}，{due} 截止" if due else came[code]
        return f"还没有报送，{due} 截止" if due else "未报送"

    rows = (
        MissingRow(
            code=p.code,
            name=p.name,
            department=p.department,
            unit=p.unit,
            reason=why(p.code),
            due=due,
            place=listed.places[p.year, p.code],
        )
        for p in listed.projects
        if (p.year, p.code) not in have
    )
    return sorted(rows, key=lambda row: row.place)
