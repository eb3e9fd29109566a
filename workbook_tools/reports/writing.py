"""Word reports (报告): one per project in its authority's form, and one per department.

Reads the review's result only and decides nothing. What the tags of the forms print is in :mod:`project_tags` and
:mod:`department_tags`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from workbook_tools.core.errors import OutputError
from workbook_tools.core.faces import AnyPath, Watch, collect
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.files.paths import department_folder, project_file, replace_result
from workbook_tools.reports.acceptance import Acceptances, group_by_project
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.department_tags import DEPARTMENT_TAGS, DepartmentFacts
from workbook_tools.reports.forms import DEPARTMENT_FORM, find_form, form_name
from workbook_tools.reports.project_tags import PROJECT_TAGS, ProjectFacts
from workbook_tools.reports.tags import fill_tags
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
    watch: Watch | None = None,
) -> list[Path]:
    """Write 主管部门/编码_名称.docx for each project and 主管部门/部门汇总报告.docx; returns the files written.

    ``forms`` is the office's folder of forms, ``look`` its choice of cover and red head. ``projects`` limits the work to
    these codes, and then no department's report is written. A text that the unit left blank is drafted from the figures;
    ``drafts`` says which drafts have been accepted, the others are marked as drafts; without it the texts stay blank.
    ``watch`` hears after each how many of how many are done. Raises OutputError, TemplateError.
    """
    unknown = set(projects or ()) - {project.code for project in result.projects}
    if unknown:
        raise OutputError(f"审核结果中没有这些项目，无法写报告：{'、'.join(sorted(unknown))}")
    chosen = [project for project in result.projects if projects is None or project.code in projects]
    departments = [*(p.department for p in result.projects), *(row.department for row in result.missing)]
    named = list(dict.fromkeys(departments)) if projects is None else []
    schemes = restore_schemes(result)
    own_forms = Path(forms) if forms is not None else None

    def write() -> Iterator[Path]:
        indicators, findings = group_by_project(result.indicators), group_by_project(result.findings)
        for project in chosen:
            scheme = schemes[project.scheme_digest]
            facts = ProjectFacts(project, indicators[project.code], scheme, findings[project.code], drafts)
            path = project_file(Path(folder), project.department, project.code, project.name, ".docx")
            replace_result(path, fill_project_form(find_form(form_name(scheme.report), own_forms), facts, look))
            yield path
        for department in named:
            path = department_folder(Path(folder), department) / DEPARTMENT_FORM
            facts_of = DepartmentFacts(result, department, schemes)
            replace_result(path, fill_department_form(find_form(DEPARTMENT_FORM, own_forms), facts_of, look))
            yield path

    return collect(write(), len(chosen) + len(named), watch)


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
) -> bytes:
    """The report on all projects of a department as .docx.

    Raises TemplateError if the form is missing or one of its tags is wrong.
    """
    path = form if form is not None else find_form(DEPARTMENT_FORM)
    return fill_department_form(path, DepartmentFacts(result, department, restore_schemes(result)), look)


def fill_project_form(form: Path, facts: ProjectFacts, look: ReportAppearance | None) -> bytes:
    """A project's form with its tags filled. Raises TemplateError."""
    return open_form(form).render(fill_tags(PROJECT_TAGS, facts) | _fill_appearance(look))


def fill_department_form(form: Path, facts: DepartmentFacts, look: ReportAppearance | None) -> bytes:
    """A department's form likewise. Raises TemplateError."""
    return open_form(form).render(fill_tags(DEPARTMENT_TAGS, facts) | _fill_appearance(look))


def _fill_appearance(look: ReportAppearance | None) -> dict[str, object]:
    return fill_tags(APPEARANCE_TAGS, look or ReportAppearance())
