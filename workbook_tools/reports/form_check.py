"""What is wrong with an office's report form, or left out of it, in the office's words.

A form may do without any part; that is the office's choice. But a table that was deleted by mistake must not go
unnoticed, nor a tag mistyped where a condition does not hold today, so whoever makes reports is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.found_forms import find_form
from workbook_tools.reports.issue_forms import GUIDE_PAGE, GUIDE_TAGS, ISSUE_NOTICE, ISSUE_TAGS
from workbook_tools.reports.project_tags import PROJECT_TAGS
from workbook_tools.reports.rectify_form import RECTIFY_FORM, RECTIFY_TAGS
from workbook_tools.reports.tags import FormTag, knows_path
from workbook_tools.reports.whole_tags import GROUP_FORM_TAGS
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.rendering import ReportForm, open_form

_TAGS: dict[str, tuple[FormTag[Any], ...]] = {
    **GROUP_FORM_TAGS,
    ISSUE_NOTICE: ISSUE_TAGS,
    GUIDE_PAGE: GUIDE_TAGS,
    RECTIFY_FORM: RECTIFY_TAGS,
}
"""Name of a form → what it may print; all others are projects' reports."""


def check_named_forms(names: Iterable[str], forms: Path | None) -> Iterator[str]:
    """A sentence on each form of these names, for what it lacks and for unknown tags. Raises TemplateError."""
    for name in sorted(names):
        form = open_form(find_form(name, forms))
        if unknown := find_unknown_tags(form):
            yield say_unknown(name, unknown)
        if missing := find_missing_parts(form):
            yield say_missing(name, missing)


def say_missing(name: str, parts: Collection[str]) -> str:
    """The sentence on the parts that the form of that name never prints."""
    return f"报告模板“{name}”中没有{'、'.join(parts)}，报告里也就没有；确实不要的，不用管。"


def say_unknown(name: str, tags: Collection[str]) -> str:
    """The sentence on the tags of the form of that name that no report has."""
    return (
        f"报告模板“{name}”中的标签{''.join(f'“{tag}”' for tag in tags)}写错了，没有这样的内容；请对照报告模板说明更正。"
    )


def find_missing_parts(form: ReportForm) -> list[str]:
    """The usual parts of such a report that the form never prints."""
    shown = {tag.split(".")[0] for tag in form.printed_tags()}
    tags = _tags_of(form)
    printed = {tag.part for tag in tags if tag.name in shown}
    return [part for part in dict.fromkeys(tag.part for tag in tags) if part and part not in printed]


def find_unknown_tags(form: ReportForm, tags: tuple[FormTag[Any], ...] = ()) -> list[str]:
    """The tags of the form that no such report has, as the form writes them; ``tags`` are those that it has, where its name does not say."""
    known = {tag.name: tag for tag in (*(tags or _tags_of(form)), *APPEARANCE_TAGS)}
    return list(dict.fromkeys(written for written, path in form.used_tags() if not knows_path(known, path)))


def find_unprinted_texts(form: ReportForm, scheme: Scheme) -> list[str]:
    """The sections of the scheme that staff write and the form does not print, by their labels."""
    shown = form.printed_tags()
    if any(tag.startswith("章节") for tag in shown):
        return []
    return [text.label for text in scheme.texts if f"正文.{text.key}" not in shown]


def _tags_of(form: ReportForm) -> tuple[FormTag[Any], ...]:
    """The table of the report that the form is for, by its name."""
    return _TAGS.get(form.name, PROJECT_TAGS)
