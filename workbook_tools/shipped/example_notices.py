"""Example notices, for the preview of their forms: what goes out to a department, what goes back to it, what a unit has to mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import finding
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.form.fields import Notice
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.found_forms import RETURN_FORM
from workbook_tools.reports.issue_forms import GUIDE_PAGE, GUIDE_TAGS, ISSUE_NOTICE, ISSUE_TAGS, GuideFacts, IssueFacts
from workbook_tools.reports.rectify_form import RECTIFY_FORM, RECTIFY_TAGS, RectifyFacts, RequiredMending
from workbook_tools.reports.tags import FormTag, fill_tags
from workbook_tools.returns.notice import NOTICE_TAGS, NoticeFacts
from workbook_tools.returns.returned import Returned
from workbook_tools.word.rendering import open_form

NOTICE_FORMS: Mapping[str, tuple[FormTag[Any], ...]] = {
    ISSUE_NOTICE: ISSUE_TAGS,
    GUIDE_PAGE: GUIDE_TAGS,
    RETURN_FORM: NOTICE_TAGS,
    RECTIFY_FORM: RECTIFY_TAGS,
}
"""The forms of notices, and what they may print."""
_CONTACT = "绩效管理股 0000-1234567"


def render_notice(
    form: Path, result: ReviewResult, projects: Sequence[Project], look: ReportAppearance | None
) -> bytes:
    """A form of a notice filled with the example, of which ``result`` is the review. Raises TemplateError."""
    wrong = {one.project_code for one in result.findings if one.severity is Severity.ERROR}
    row = next(row for row in result.projects if row.code in wrong)
    tags = NOTICE_FORMS[form.name]
    match form.name:
        case name if name == RETURN_FORM:
            facts: object = _describe_return(result, row)
        case name if name == RECTIFY_FORM:
            facts = _describe_mending(result, row, look or ReportAppearance())
        case name if name == ISSUE_NOTICE:
            own = [project for project in projects if project.department == row.department]
            files = [(project, f"{project.code}_{project.name}.xlsx") for project in own]
            facts = IssueFacts(row.department, row.year, _tell_notice(result, row), files)
        case _:
            facts = GuideFacts(row.year, _tell_notice(result, row), evidence=True)
    return open_form(form).render(fill_tags(tags, facts))


def _tell_notice(result: ReviewResult, row: ProjectRow) -> Notice:
    return Notice(result.authority, f"{row.year + 1}年3月31日", _CONTACT)


def _describe_return(result: ReviewResult, row: ProjectRow) -> NoticeFacts:
    """A project with errors, and a file of which nobody can say whose it is."""
    own = tuple(one for one in result.findings if one.project_code == row.code and one.severity is not Severity.INFO)
    locked = finding("FILE04", file="新建工作表.xlsx")
    items = [
        Returned(row.department, row.file, Path(RETURN_FORM), own, row, Path(row.file).with_suffix(".xlsx")),
        Returned(row.department, locked.file, Path(RETURN_FORM), (locked,)),
    ]
    return NoticeFacts(result.model_copy(update={"year": row.year}), items, f"{row.year + 1}年4月10日", _CONTACT)


def _describe_mending(result: ReviewResult, row: ProjectRow, look: ReportAppearance) -> RectifyFacts:
    """Two of the project's errors, or the only one."""
    errors = [one for one in result.findings if one.project_code == row.code and one.severity is Severity.ERROR]
    matters = [
        RequiredMending(row.name, row.code, "审核错误", f"{one.field}：{one.message}", one.advice, "")
        for one in errors[:2]
    ]
    due = f"{row.year + 1}年6月30日"
    return RectifyFacts(
        unit=row.unit,
        department=row.department,
        year=row.year,
        authority=result.authority,
        contact=_CONTACT,
        red_head=look.red_head,
        number="",
        date="",
        due=due,
        round=1,
        answer_file=f"{row.unit}_整改情况表.xlsx",
        matters=matters,
    )
