"""The form of a report filled in for a project, a department or all of them: what its tags print is in :mod:`project_tags`,
:mod:`department_tags` and :mod:`whole_tags`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.reports.acceptance import NOTHING_ACCEPTED, Acceptances, group_by_project
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.found_forms import find_form, form_name
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.group_texts import GroupReport
from workbook_tools.reports.project_tags import PROJECT_TAGS, ProjectFacts
from workbook_tools.reports.tags import fill_tags
from workbook_tools.reports.whole_tags import GROUP_FORM_TAGS
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.rendering import open_form


def list_project_facts(
    part: ReviewResult, projects: Iterable[ProjectRow], schemes: Mapping[str, Scheme], accepted: Acceptances | None
) -> list[ProjectFacts]:
    """What the reports of these projects are made from."""
    indicators, findings = group_by_project(part.indicators), group_by_project(part.findings)
    return [
        ProjectFacts(one, indicators[one.code], schemes[one.scheme_digest], findings[one.code], accepted)
        for one in projects
    ]


def fill_form(form: Path, tags: dict[str, object]) -> bytes:
    """A form with these tags filled. Raises TemplateError."""
    return open_form(form).render(tags)


def render_project_report(
    result: ReviewResult,
    project: ProjectRow,
    form: Path | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
) -> bytes:
    """The report of one project as .docx, in that form or in the package's form for the scheme.

    ``drafts`` as in :func:`workbook_tools.reports.write_reports`. Raises TemplateError if the form is missing or one of its tags is wrong.
    """
    scheme = restore_schemes(result)[project.scheme_digest]
    rows = [row for row in result.indicators if row.project_code == project.code]
    findings = [row for row in result.findings if row.project_code == project.code]
    path = form if form is not None else find_form(form_name(scheme.report))
    return fill_project_form(path, ProjectFacts(project, rows, scheme, findings, drafts), look)


def render_group_report(
    result: ReviewResult,
    form_name: str,
    department: str | None = None,
    form: Path | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
) -> bytes:
    """A report on the projects of a department, or of all departments, as .docx; ``form_name`` says which report it is.

    ``drafts`` as in :func:`workbook_tools.reports.write_reports`. Raises TemplateError if the form is missing or one of its tags is wrong.
    """
    campaign = CampaignFacts(result, restore_schemes(result), drafts)
    facts = campaign.whole if department is None else campaign.find_department(department)
    path = form if form is not None else find_form(form_name)
    return fill_group_form(path, GroupReport(form_name, facts, ()), look)


def fill_project_form(form: Path, facts: ProjectFacts, look: ReportAppearance | None) -> bytes:
    """A project's form with its tags filled. Raises TemplateError."""
    return open_form(form).render(list_project_values(facts, look))


def fill_group_form(form: Path, report: GroupReport, look: ReportAppearance | None) -> bytes:
    """The form of a report on several projects likewise. Raises TemplateError."""
    return open_form(form).render(list_group_values(report, look))


def list_project_values(facts: ProjectFacts, look: ReportAppearance | None) -> dict[str, object]:
    """What each tag of a project's form prints."""
    return fill_tags(PROJECT_TAGS, facts) | _fill_appearance(look)


def list_group_values(report: GroupReport, look: ReportAppearance | None) -> dict[str, object]:
    """What each tag of the form of a report on several projects prints."""
    return fill_tags(GROUP_FORM_TAGS[report.form], report.facts) | _fill_appearance(look)


def _fill_appearance(look: ReportAppearance | None) -> dict[str, object]:
    return fill_tags(APPEARANCE_TAGS, look or ReportAppearance())
