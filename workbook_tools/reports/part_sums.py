"""What the projects of a department come to: :class:`GroupSums` of its part of a result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.findings import ACCEPTED, Finding
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.review_result import EvidencePlaces, IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.reports.group_sums import (
    EXAMPLES,
    KEPT,
    LARGEST_LOSSES,
    RANKED,
    CauseSum,
    Few,
    FindingSum,
    GroupSums,
    KindSum,
    OutcomeSum,
    SpreadSum,
    in_order,
    weigh_total,
)
from workbook_tools.reports.lost_points import LossSum, is_noticeable, list_losses, sum_losses
from workbook_tools.reports.phrases import cut, find_cause, find_measures
from workbook_tools.reports.reason_kinds import find_kind
from workbook_tools.results.bands import (
    EXECUTION_BANDS,
    EXECUTION_DECIMALS,
    NO_RATE,
    NO_SCORE,
    SCORE_BANDS,
    SCORE_DECIMALS,
    Band,
)
from workbook_tools.results.two_years import list_pairs, list_repeated_losses, sum_pairs
from workbook_tools.rules.library import PENDING, UNSCORED
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.text import one_line

OFFICE_FAMILIES = (
    Family.LIST,
    Family.FILE,
    Family.TAMPER,
    Family.CROSS,
    Family.REVIEW,
    Family.SCHEME,
    Family.IMPORT,
    Family.ANSWER,
)
"""Findings that are the office's business, no problem of the units': the project list, files that came twice, seals,
passages that are alike in two projects, how a form of today was read. The others are about what a unit filled in."""


def sum_part(part: ReviewResult, schemes: Mapping[str, Scheme]) -> GroupSums:
    """Add up a department's part; ``schemes`` by digest."""
    rows = _group(part.indicators, part)
    projects = [slim_project(project) for project in part.projects]
    sums = GroupSums(len(projects), len(part.missing), {project.year for project in projects})
    sums.used = dict.fromkeys(project.scheme_digest for project in projects)
    sums.only = projects[0].name if projects else ""
    for project in part.projects:
        _add_money(sums, project)
    for project in projects:
        _add_project(sums, project, schemes[project.scheme_digest])
    _rank(sums, projects)
    _add_outcomes(sums, projects, rows, schemes)
    _add_losses(sums, projects, rows, schemes)
    _add_findings(sums, part)
    _add_measures(sums, part.projects, rows)
    _add_last_year(sums, part.model_copy(update={"projects": tuple(projects)}))
    return sums


def slim_project(project: ProjectRow) -> ProjectRow:
    """The project without its texts, and with no amounts but the sums."""
    total = FundingSource.TOTAL
    funding = {measure: {total: row.get(total)} for measure, row in project.funding.items()}
    nothing = {
        "texts": {},
        "text_places": {},
        "info": {},
        "evidence": EvidencePlaces(),
        "annual_goal": "",
        "period_goal": "",
    }
    return project.model_copy(update={**nothing, "funding": funding})


def _group(indicators: Iterable[IndicatorRow], part: ReviewResult) -> dict[str, list[IndicatorRow]]:
    rows: dict[str, list[IndicatorRow]] = {project.code: [] for project in part.projects}
    for row in indicators:
        if row.project_code in rows:
            rows[row.project_code].append(row)
    return rows


def _add_money(sums: GroupSums, project: ProjectRow) -> None:
    for measure in Measure:
        for source in FundingSource:
            key = measure, source
            sums.money[key] = sums.money.get(key, 0.0) + (project.amount(measure, source) or 0)
        sums.blank[measure] = sums.blank.get(measure, 0) + (project.amount(measure) is None)


def _add_project(sums: GroupSums, project: ProjectRow, scheme: Scheme) -> None:
    """What it counts for, and in which bands it is."""
    if project.counted_total is not None:
        sums.grade = sums.grade if sums.totals else project.final_grade
        sums.totals.append(project.counted_total)
    sums.self_deduction += project.self_deduction or 0
    sums.reviewed += project.reviewed
    if project.second_look:
        sums.looked.add(project.second_look)
    rate = Band.of(project.execution_rate, EXECUTION_BANDS, EXECUTION_DECIMALS)
    score = Band.of(project.counted_total, SCORE_BANDS, SCORE_DECIMALS)
    for holds, few in (
        (project.pending, sums.pending),
        (project.final_total is None, sums.unscored),
        (project.amount(Measure.EXECUTED) is None, sums.unspent),
        (rate is EXECUTION_BANDS[-1], sums.slow),
        (score is SCORE_BANDS[-1], sums.low),
    ):
        if holds:
            few.add(project)
    sums.usual_grades |= {band.name: None for band in scheme.grading.bands}
    instead = PENDING if project.pending else None
    for spread, name in (
        (sums.grades, project.final_grade or instead or UNSCORED),
        (sums.rates, rate.label if rate else NO_RATE),
        (sums.scores, score.label if score else instead or NO_SCORE),
    ):
        spread.setdefault(name, SpreadSum()).add(project)


def _rank(sums: GroupSums, projects: Iterable[ProjectRow]) -> None:
    scored = (project for project in projects if project.counted_total is not None)
    ranked = sorted(scored, key=weigh_total)
    sums.best, sums.last = ranked[: 2 * RANKED], ranked[-RANKED:]


def _add_outcomes(
    sums: GroupSums,
    projects: Sequence[ProjectRow],
    rows: Mapping[str, list[IndicatorRow]],
    schemes: Mapping[str, Scheme],
) -> None:
    sums.dimensions = _list_dimensions(projects, schemes)
    for project in projects:
        for row in rows[project.code]:
            known = schemes[project.scheme_digest].dimension(row.dimension)
            name = known.name if known else row.dimension
            if row.applicable:
                sums.outcomes.setdefault(name, OutcomeSum(name)).add(project, row)
            if row.applicable and project.counted_total is not None and row.final_score is None and row.weight:
                sums.without_score.add(row.weight, 0.0)
    sums.outcomes = in_order(sums.outcomes, sums.dimensions)


def _list_dimensions(projects: Iterable[ProjectRow], schemes: Mapping[str, Scheme]) -> dict[str, None]:
    used = dict.fromkeys(project.scheme_digest for project in projects)
    return {dimension.name: None for digest in used for dimension in schemes[digest].dimensions}


def _add_losses(
    sums: GroupSums,
    projects: Sequence[ProjectRow],
    rows: Mapping[str, list[IndicatorRow]],
    schemes: Mapping[str, Scheme],
) -> None:
    """Of the projects that are complete."""
    complete = [project for project in projects if not project.pending]
    sums.complete_dimensions = _list_dimensions(complete, schemes)
    losses = list(list_losses((row for project in complete for row in rows[project.code]), complete, schemes))
    sums.by_dimension = sum_losses(losses, lambda loss: loss.dimension)
    sums.by_category = sum_losses(losses, lambda loss: (loss.dimension, loss.category))
    noticeable = sorted((loss for loss in losses if is_noticeable(loss.lost)), key=lambda loss: -loss.lost)
    sums.lost = sum_losses(noticeable, lambda _: "").get("", LossSum())
    sums.largest = noticeable[:LARGEST_LOSSES]
    for loss in noticeable:
        cause = find_cause(loss.reason)
        kind = sums.kinds.setdefault(find_kind(cause) if cause else "", KindSum())
        kind.count += 1
        kind.lost += loss.lost
        if cause:
            kind.causes.setdefault(cut(cause), CauseSum()).add(loss)
    for kind in sums.kinds.values():
        kind.causes = _keep_dearest(kind.causes)


def _keep_dearest(causes: dict[str, CauseSum]) -> dict[str, CauseSum]:
    """Those that cost most, in their order."""
    if len(causes) <= KEPT:
        return causes
    dearest = set(sorted(causes, key=lambda cause: -round(causes[cause].lost, 6))[:KEPT])
    return {cause: own for cause, own in causes.items() if cause in dearest}


def is_about_filling(finding: Finding) -> bool:
    """An error or a warning about what the unit filled in, that finance has not let pass."""
    own = not finding.code.startswith(OFFICE_FAMILIES) and not finding.of_the_list
    return own and finding.severity is not Severity.INFO and finding.ruling != ACCEPTED


def _add_findings(sums: GroupSums, part: ReviewResult) -> None:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for row in part.findings:
        found[row.project_code].append(row)
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for project in part.projects:
        for row in found.get(project.code, ()):
            if is_about_filling(row):
                one = sums.findings.setdefault(row.code, FindingSum(row))
                one.count += 1
                one.is_error = one.is_error or row.severity is Severity.ERROR
                codes[row.code].add(project.code)
    for code, projects in codes.items():
        sums.findings[code].projects = len(projects)


def _add_measures(sums: GroupSums, projects: Iterable[ProjectRow], rows: Mapping[str, list[IndicatorRow]]) -> None:
    for project in projects:
        for name, reason in _list_stated_reasons(project, rows[project.code]):
            if text := find_measures(reason):
                quoted = cut(text)
                if quoted in sums.measures or len(sums.measures) < KEPT:
                    sums.measures.setdefault(quoted, Few(EXAMPLES)).add((project.name, name))


def _add_last_year(sums: GroupSums, part: ReviewResult) -> None:
    sums.years_apart = sum_pairs(list_pairs(part))
    for row in part.gone:
        sums.gone.add(row)
    losses = list_repeated_losses(part)
    for loss in losses:
        sums.repeated.add(loss)
    sums.repeated_points = sum(one.last.lost for one in losses), sum(one.now.lost for one in losses)


def _list_stated_reasons(project: ProjectRow, rows: Iterable[IndicatorRow]) -> Iterator[tuple[str, str]]:
    """Execution rate and indicators of a project, with what the unit wrote of each."""
    yield Measure.EXECUTION_RATE.label, project.execution_reason
    for row in rows:
        if row.applicable:
            yield one_line(row.name), row.deviation_reason
