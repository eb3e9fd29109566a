"""公开版 of the reports on several projects: made from the projects that are public, and from nothing else.

Projects that are withheld are in no sum, ranking, table or sentence. The drafted texts are therefore other texts than those of the
office's own report where something is withheld, and somebody must accept them as such; where nothing is, what was accepted holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbook_tools.core.result_parts import hold_whole
from workbook_tools.core.review_result import EvidencePlaces, ReviewResult
from workbook_tools.reports.acceptance import PUBLIC_SUFFIX, Acceptances, Draft, EditedText
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import fill_group_form
from workbook_tools.reports.found_forms import DEPARTMENT_FORM
from workbook_tools.reports.group_facts import CampaignFacts, GroupFacts
from workbook_tools.reports.group_texts import GroupReport, find_draft, list_group_reports
from workbook_tools.reports.hiding import HiddenText, Hider, list_persons
from workbook_tools.reports.public_version import PublicVersion, strip_report
from workbook_tools.rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class PublicGroup:
    """A report on several projects as anybody may read it."""

    report: GroupReport
    drafts: Sequence[Draft]
    """Its texts, as drafted from the projects that are public, or as an officer wrote them."""
    waiting: int
    """How many of them nobody has accepted: with any it must not be published."""
    hidden: Sequence[HiddenText]

    @property
    def whose(self) -> str:
        """What its drafts are accepted by."""
        return self.report.facts.name + PUBLIC_SUFFIX

    def write(self, form: Path, look: ReportAppearance | None) -> bytes:
        """The report as .docx, in that form. Raises TemplateError."""
        plain = (look or ReportAppearance()).model_copy(update={"contents": False})
        facts, name = self.report.facts, self.report.name
        return strip_report(fill_group_form(form, self.report, plain), f"{facts.year}年度{facts.name}{name}")


def make_public_groups(
    result: ReviewResult,
    versions: Mapping[str, PublicVersion],
    schemes: Mapping[str, Scheme],
    accepted: Acceptances,
    wanted: Collection[str],
) -> Iterator[PublicGroup]:
    """The reports of these forms on the projects that are public, by their codes; none where no project is."""
    inside = CampaignFacts(_choose(result, versions), schemes)
    outside = {_key(report): report for report in list_group_reports(CampaignFacts(result, schemes))}
    public = CampaignFacts(_make_public(result, versions), schemes, public=True)
    rows = {row.code: row for row in result.projects}
    drawn = {_key(report): report for report in _list_reports(public)}
    for report in _list_reports(inside):
        if report.form not in wanted or not report.facts.count:
            continue
        drafts = list(_find_drafts(report, outside.get(_key(report)), accepted))
        persons = {name for project in report.facts.projects for name in list_persons(rows[project.code])}
        hider = Hider(persons)
        shown = [replace(draft, edited=hider.hide(f"{report.name}－{draft.label}", draft.shown)) for draft, _ in drafts]
        facts = _with_texts(drawn[_key(report)].facts, shown)
        yield PublicGroup(
            replace(report, facts=facts),
            [draft for draft, _ in drafts],
            sum(not held for _, held in drafts),
            hider.found,
        )


def _list_reports(campaign: CampaignFacts) -> Iterator[GroupReport]:
    """A department's report is made from its own projects: it is compared with no other."""
    for report in list_group_reports(campaign):
        if report.form == DEPARTMENT_FORM:
            alone = replace(campaign, result=_of_department(hold_whole(campaign.parts), report.facts.department or ""))
            report = replace(report, facts=alone.departments[0])
        yield report


def _key(report: GroupReport) -> tuple[str, str]:
    return report.form, report.facts.name


def _of_department(result: ReviewResult, department: str) -> ReviewResult:
    projects = tuple(row for row in result.projects if row.department == department)
    return _choose(result.model_copy(update={"projects": projects}), {row.code for row in projects})


def _choose(result: ReviewResult, codes: Collection[str]) -> ReviewResult:
    """The result of these projects, and of nothing that did not come; what the year before was may not have been public, nor is what a reviewer found."""
    projects = (
        row.model_copy(update={"last_year": None, "second_look": None}) for row in result.projects if row.code in codes
    )
    return result.model_copy(
        update={
            "projects": tuple(projects),
            "missing": (),
            "evidence": (),
            "gone": (),
            "compared_with": 0,
            "indicators": tuple(row for row in result.indicators if row.project_code in codes),
            "findings": tuple(row for row in result.findings if row.project_code in codes),
        }
    )


def _make_public(result: ReviewResult, versions: Mapping[str, PublicVersion]) -> ReviewResult:
    """The same as anybody may read it: the projects are numbered, not by their codes."""
    chosen = _choose(result, versions)
    numbers = {row.code: str(number) for number, row in enumerate(chosen.projects, 1)}
    projects = [
        versions[row.code].facts.project.model_copy(update={"code": numbers[row.code], "evidence": EvidencePlaces()})
        for row in chosen.projects
    ]
    indicators = [
        one.model_copy(update={"project_code": numbers[row.code]})
        for row in chosen.projects
        for one in versions[row.code].facts.indicators
    ]
    findings = [replace(row, project_code=numbers[row.project_code]) for row in chosen.findings]
    return chosen.model_copy(
        update={"projects": tuple(projects), "indicators": tuple(indicators), "findings": tuple(findings)}
    )


def _find_drafts(report: GroupReport, own: GroupReport | None, accepted: Acceptances) -> Iterator[tuple[Draft, bool]]:
    """The texts of a report, each with whether somebody has accepted it: as the public one, or the same text as the office's own."""
    for section in report.sections:
        draft = find_draft(report.facts, section, accepted)
        if draft is None:
            continue
        inner = find_draft(own.facts, section, accepted) if own else None
        public = replace(draft, project_code=draft.project_code + PUBLIC_SUFFIX, project_name=report.name)
        same = inner is not None and inner.text == draft.text and accepted.holds(inner)
        yield public, accepted.holds(public) or same


def _with_texts(facts: GroupFacts, shown: Iterable[Draft]) -> GroupFacts:
    """The facts with these texts in place of what would be drafted, without a mark."""
    texts = [replace(draft, project_code=facts.name) for draft in shown]
    edited = [EditedText(year=d.year, project_code=d.project_code, section=d.section, text=d.edited) for d in texts]
    accepted = Acceptances().with_edited(edited)
    return replace(facts, campaign=replace(facts.campaign, accepted=accepted))
