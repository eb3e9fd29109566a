"""Word reports (报告): one per project in its authority's form, one per department, one on all projects, and a brief.

Reads the review's result only and decides nothing. What the tags of the forms print is in :mod:`project_tags`,
:mod:`department_tags` and :mod:`whole_tags`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import OutputError
from workbook_tools.core.faces import AnyPath, Watch, collect
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.files.earlier import DrawOutputs, EarlierOutputs, Output, draw_here
from workbook_tools.files.paths import department_folder, project_file, replace_result
from workbook_tools.reports.acceptance import Acceptances
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.forms import DEPARTMENT_FORM, find_form, form_name
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.group_texts import GroupReport, list_group_reports
from workbook_tools.reports.project_tags import PROJECT_TAGS, ProjectFacts
from workbook_tools.reports.tags import fill_tags
from workbook_tools.reports.whole_tags import GROUP_FORM_TAGS
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.word.rendering import open_form

NOTHING_ACCEPTED = Acceptances()


def write_reports(
    result: ReviewResult,
    folder: AnyPath,
    *,
    forms: AnyPath | None = None,
    projects: Collection[str] | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
    outputs: EarlierOutputs | None = None,
    asides: list[Path] | None = None,
    draw_all: DrawOutputs = draw_here,
    watch: Watch | None = None,
) -> list[Path]:
    """Write 主管部门/编码_名称.docx for each project, 主管部门/部门汇总报告.docx, 全部项目汇总报告.docx where there are several
    departments, and 一页简报.docx; returns the files written.

    ``forms`` is the office's folder of forms, ``look`` its choice of cover and red head. ``projects`` limits the work to
    these codes, and then only their own reports are written; with none of them only the reports on several projects are. A
    text that the unit left blank is drafted from the figures;
    ``drafts`` says which drafts have been accepted, the others are marked as drafts; without it the texts stay blank.
    What ``outputs`` know to stand there already as it would be written is left; a report that somebody has saved is kept aside,
    under a name that is added to ``asides``. ``draw_all`` may fill forms in other processes. ``watch`` hears after each how many of how many are done. Raises OutputError, TemplateError.
    """
    unknown = set(projects or ()) - {project.code for project in result.projects}
    if unknown:
        raise OutputError(f"审核结果中没有这些项目，无法写报告：{'、'.join(sorted(unknown))}")
    chosen = [project for project in result.projects if projects is None or project.code in projects]
    schemes = restore_schemes(result)
    campaign = CampaignFacts(result, schemes, drafts)
    reports = list_group_reports(campaign) if not projects else []
    own_forms = Path(forms) if forms is not None else None
    earlier = outputs or EarlierOutputs()

    digests: dict[Path, str] = {}

    def replace(path: Path, data: bytes) -> None:
        aside = replace_result(path, data)
        if aside and asides is not None:
            asides.append(aside)

    def order(path: Path, form: Path, tags: dict[str, object]) -> Output:
        digests[form] = digests.get(form) or _digest_form(form)
        return Output(path, (form.name, digests[form], tags), partial(_fill_form, form, tags))

    def list_outputs() -> Iterator[Output]:
        indicators, findings = campaign.indicators, campaign.findings
        for project in chosen:
            scheme, code = schemes[project.scheme_digest], project.code
            facts = ProjectFacts(project, indicators.get(code, ()), scheme, findings.get(code, ()), drafts)
            path = place_project_report(Path(folder), project)
            yield order(path, find_form(form_name(scheme.report), own_forms), list_project_values(facts, look))
        for report in reports:
            path = place_group_report(Path(folder), report)
            yield order(path, find_form(report.form, own_forms), list_group_values(report, look))

    return collect(earlier.write_all(list_outputs(), draw_all, replace), len(chosen) + len(reports), watch)


def _fill_form(form: Path, tags: dict[str, object]) -> bytes:
    """In whatever process that is. Raises TemplateError."""
    return open_form(form).render(tags)


def place_project_report(folder: Path, project: ProjectRow) -> Path:
    """Where the report of a project lies."""
    return project_file(folder, project.department, project.code, project.name, ".docx")


def place_group_report(folder: Path, report: GroupReport) -> Path:
    """Where a report on several projects lies."""
    whose = report.facts.department
    return (folder if whose is None else department_folder(folder, whose)) / report.form


def render_project_report(
    result: ReviewResult,
    project: ProjectRow,
    form: Path | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
) -> bytes:
    """The report of one project as .docx, in that form or in the package's form for the scheme.

    ``drafts`` as in :func:`write_reports`. Raises TemplateError if the form is missing or one of its tags is wrong.
    """
    scheme = restore_schemes(result)[project.scheme_digest]
    rows = [row for row in result.indicators if row.project_code == project.code]
    findings = [row for row in result.findings if row.project_code == project.code]
    path = form if form is not None else find_form(form_name(scheme.report))
    return fill_project_form(path, ProjectFacts(project, rows, scheme, findings, drafts), look)


def render_department_report(
    result: ReviewResult,
    department: str,
    form: Path | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
) -> bytes:
    """The report on all projects of a department, as :func:`render_group_report`."""
    return render_group_report(result, DEPARTMENT_FORM, department, form, look, drafts)


def render_group_report(
    result: ReviewResult,
    form_name: str,
    department: str | None = None,
    form: Path | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
) -> bytes:
    """A report on the projects of a department, or of all departments, as .docx; ``form_name`` says which report it is.

    ``drafts`` as in :func:`write_reports`. Raises TemplateError if the form is missing or one of its tags is wrong.
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


def _digest_form(form: Path) -> str:
    with suppress(OSError):
        return digest_facts(form.read_bytes())
    return ""  # opening it says what is wrong


def _fill_appearance(look: ReportAppearance | None) -> dict[str, object]:
    return fill_tags(APPEARANCE_TAGS, look or ReportAppearance())
