"""What an office's report form leaves out, in the office's words.

A form may do without any part; that is the office's choice. But a table that was deleted by mistake must not go
unnoticed, so whoever makes reports is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports.forms import DEPARTMENT_FORM, find_form, form_name
from workbook_tools.rules.recorded import schemes_in_use
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.rendering import ReportForm, open_form

_PROJECT_PARTS = {
    "资金情况": {"资金", "资金简表", "合计"},
    "指标表": {"自评指标", "绩效指标", "指标"},
    "总分": {"总分"},
    "评价等级": {"等级"},
    "单位写的文字": {"正文", "章节"},
}
"""Part of a project's report → tags, one of which prints it."""
_DEPARTMENT_PARTS = {"报送情况": {"应报数", "已报数"}, "各项目自评结果表": {"项目表"}, "未报送项目": {"未报送"}}


def form_warnings(result: ReviewResult, forms: Path | None, projects: Collection[str] | None = None) -> Iterator[str]:
    """One sentence for each form that these reports use and that lacks a part. Raises TemplateError."""
    reported = [row for row in result.projects if projects is None or row.code in projects]
    names = {form_name(scheme.report) for scheme in schemes_in_use(result, reported)}
    for name in sorted(names | (set() if projects else {DEPARTMENT_FORM})):
        form = open_form(find_form(name, forms))
        if lacking := missing_parts(form):
            yield left_out(name, lacking)


def left_out(name: str, parts: Collection[str]) -> str:
    """The sentence on the parts that the form of that name never prints."""
    return f"报告模板“{name}”中没有{'、'.join(parts)}，报告里也就没有；确实不要的，不用管。"


def missing_parts(form: ReportForm) -> list[str]:
    """The usual parts of such a report that the form never prints."""
    shown = {tag.split(".")[0] for tag in form.shown()}
    parts = _DEPARTMENT_PARTS if "部门" in shown else _PROJECT_PARTS
    return [part for part, tags in parts.items() if not tags & shown]


def unprinted_texts(form: ReportForm, scheme: Scheme) -> list[str]:
    """The sections of the scheme that staff write and the form does not print, by their labels."""
    shown = form.shown()
    if any(tag.startswith("章节") for tag in shown):
        return []
    return [text.label for text in scheme.texts if f"正文.{text.key}" not in shown]
