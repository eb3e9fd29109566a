"""A form of a report or a table tried out with the built-in example, so that an office sees at once what it has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.defaults import choose_scheme, settings_of
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.paths import replace_result
from workbook_tools.form.identity import SigningKey
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import render_group_report, render_project_report
from workbook_tools.reports.form_check import (
    find_missing_parts,
    find_unknown_tags,
    find_unprinted_texts,
    say_missing,
    say_unknown,
)
from workbook_tools.reports.found_forms import DEPARTMENT_FORM, GROUP_FORMS, form_name, weigh_form
from workbook_tools.review.folder import review_folder
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, builtin_schemes
from workbook_tools.shipped.example import load_example
from workbook_tools.shipped.example_inspection import TAGS, render_example
from workbook_tools.shipped.example_notices import NOTICE_FORMS, render_notice
from workbook_tools.summary.names import PREVIEW_MARK
from workbook_tools.summary.office_form import SummaryForm
from workbook_tools.summary.superior_forms import OTHER_FORMATS, fill_superior_form, refuse_other_format
from workbook_tools.word.rendering import ReportForm, open_form
from workbook_tools.workbooks.generating import generate

_OTHERS = {**TAGS, **NOTICE_FORMS}
"""The forms of what is no report of a project or of several, and what they may print."""
_AUTHORITY = "某县财政局"


@dataclass(frozen=True, slots=True)
class Preview:
    """A report of an example project in a form."""

    report: bytes
    scheme: Scheme
    missing: list[str]
    """Usual parts that the form leaves out."""
    unprinted: list[str]
    """Sections of the scheme that the form leaves out."""


@dataclass(frozen=True, slots=True)
class TablePreview:
    """A table of the example in an office's workbook with tags."""

    table: bytes
    notes: list[str]
    """What the form holds and the table does not, a sentence each."""


@dataclass(frozen=True, slots=True)
class WrittenPreview:
    """Where a preview lies, and what somebody has to know of the form, a sentence each."""

    path: Path
    warnings: tuple[str, ...]


def name_preview(form: Path) -> Path:
    """Where the preview of a form is written: beside it."""
    ending = ".docx" if form.suffix.lower() == ".docx" else ".xlsx"
    return form.with_name(f"{form.stem}{PREVIEW_MARK}{ending}")


def write_preview(campaign: Campaign | None, form: Path, scheme: str = "", out: Path | None = None) -> WrittenPreview:
    """Try a form out: of a report (.docx), by default with the working folder's scheme where that uses it, or of a table with tags.

    ``out`` is by default beside it. Raises TemplateError if the form is missing or wrong, SchemeError, OutputError.
    """
    target = out or name_preview(form)
    if form.suffix.lower() in {".xlsx", *OTHER_FORMATS}:
        table = preview_table(form)
        replace_result(target, table.table)
        return WrittenPreview(target, tuple(f"{form.name}：{note}。" for note in table.notes))
    made = preview_form(form, _choose_scheme(campaign, scheme, form.name), settings_of(campaign).report)
    replace_result(target, made.report)
    warnings = [say_missing(form.name, made.missing)] if made.missing else []
    if made.unprinted:
        warnings.append(f"方案“{made.scheme.id}”要求填写、而模板没有印出的文字：{'、'.join(made.unprinted)}。")
    return WrittenPreview(target, tuple(warnings))


def _choose_scheme(campaign: Campaign | None, named: str, form: str) -> Scheme | None:
    """The scheme that is named, or the working folder's if it uses the form; else the preview finds one."""
    if named:
        return choose_scheme(campaign, named)
    own = campaign.scheme() if campaign else None
    return own if own and form_name(own.report) == form else None


def preview_table(path: Path) -> TablePreview:
    """A workbook with tags (汇总表.xlsx, or a table that a superior prescribes) filled with the example's projects.

    Raises TemplateError if it is missing or wrong.
    """
    refuse_other_format(path)
    weigh_form(path)
    example = _review_example(load_example().projects, builtin_schemes())
    result = example.model_copy(update={"authority": _AUTHORITY})
    form = SummaryForm.open(path, result)
    lost = [f"{'、'.join(form.losses)}带不到表里"] if form.losses else []
    strangers = [f"{said}（例子里没有，您的项目里有就不用管）" for said in form.find_strangers(result)]
    return TablePreview(fill_superior_form(form, result), [*lost, *strangers])


def preview_form(path: Path, scheme: Scheme | None = None, look: ReportAppearance | None = None) -> Preview:
    """The form filled with an example project; ``scheme`` is by default the built-in one that uses a form of that name.

    Raises TemplateError if the form is missing or wrong.
    """
    weigh_form(path)
    form = open_form(path)
    if path.name in _OTHERS:
        return _preview_other(form, path, look)
    chosen = scheme or _find_scheme(path.name)
    whole = path.name in GROUP_FORMS
    report = _render_group(path, look) if whole else _render_project(path, chosen, look)
    if unknown := find_unknown_tags(form):
        raise TemplateError(say_unknown(path.name, unknown))
    return Preview(report, chosen, find_missing_parts(form), [] if whole else find_unprinted_texts(form, chosen))


def _preview_other(form: ReportForm, path: Path, look: ReportAppearance | None) -> Preview:
    projects = load_example().projects
    result = _review_example(projects, builtin_schemes()).model_copy(update={"authority": _AUTHORITY})
    report = render_example(path, result, look) if path.name in TAGS else render_notice(path, result, projects, look)
    if unknown := find_unknown_tags(form, _OTHERS[path.name]):
        raise TemplateError(say_unknown(path.name, unknown))
    return Preview(report, builtin_schemes()[DEFAULT_SCHEME], [], [])


def _render_group(form: Path, look: ReportAppearance | None) -> bytes:
    result = _review_example(load_example().projects, builtin_schemes())
    department = result.projects[0].department if form.name == DEPARTMENT_FORM else None
    return render_group_report(result, form.name, department, form, look)


def _render_project(form: Path, scheme: Scheme, look: ReportAppearance | None) -> bytes:
    example = [project for project in load_example().projects if project.answers and project.indicators]
    project = next((p for p in reversed(example) if p.scheme == scheme.id), example[-1])
    result = _review_example([project.model_copy(update={"scheme": scheme.id})], {scheme.id: scheme})
    return render_project_report(result, result.projects[0], form, look)


def _find_scheme(name: str) -> Scheme:
    if not name.startswith(form_name("")[:3]) and name not in GROUP_FORMS:
        raise TemplateError(
            f"“{name}”不是报告模板的名字，应为“{form_name('……')}”、{'、'.join(f'“{one}”' for one in (*GROUP_FORMS, *_OTHERS))}；"
            "……处与评分方案中 report 的写法相同"
        )
    schemes = builtin_schemes()
    usual = schemes[DEFAULT_SCHEME]
    return next((s for s in (usual, *schemes.values()) if form_name(s.report) == name), usual)


def _review_example(projects: Iterable[Project], schemes: dict[str, Scheme]) -> ReviewResult:
    """The example as a review would give it: filled workbooks, written, read and scored."""
    projects = list(projects)
    key = SigningKey.new()
    with temporary_folder() as folder:
        generate(projects, folder, key, scheme_of=lambda p: schemes[p.scheme], prefill=True)
        review = review_folder(
            folder, keys={key.id: key}, projects=projects, year=projects[0].year, scheme=projects[0].scheme, workers=1
        )
    return review.result
