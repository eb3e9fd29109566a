"""Where the form of a report lies, and what its file is called; what a form says is drawn in :mod:`workbook_tools.reports.forms`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.errors import TemplateError, UnreadableWorkbook
from workbook_tools.core.faces import LateModule
from workbook_tools.files.paths import templates_folder
from workbook_tools.reports.appearance import GROUP_REPORTS
from workbook_tools.rules.scheme import Scheme

if TYPE_CHECKING:
    from workbook_tools.excel import loaded_book
    from workbook_tools.review import guarded_reading
    from workbook_tools.word import rendering
else:  # most of those who look for a form open none
    loaded_book = LateModule("workbook_tools.excel.loaded_book")
    guarded_reading = LateModule("workbook_tools.review.guarded_reading")
    rendering = LateModule("workbook_tools.word.rendering")

GROUP_FORMS = DEPARTMENT_FORM, WHOLE_FORM, BRIEF_FORM = tuple(f"{name}.docx" for name in GROUP_REPORTS)
"""The forms of the reports on several projects."""
RETURN_FORM = "退回通知.docx"
_REPORT, _DOCUMENT = "报告-", ".docx"


def form_name(report: str) -> str:
    """The file name of the form that a scheme names in ``report`` (曲沃 → 报告-曲沃.docx)."""
    return f"{_REPORT}{report}{_DOCUMENT}"


def is_report_form(name: str) -> bool:
    """Some scheme may name it."""
    return name.startswith(_REPORT) and name.endswith(_DOCUMENT)


def list_forms(schemes: Iterable[Scheme], *, several: bool) -> set[str]:
    """The names of the forms of projects under these schemes, and of the reports on ``several`` projects."""
    return {form_name(scheme.report) for scheme in schemes} | (set(GROUP_FORMS) if several else set())


def find_form(name: str, folder: Path | None = None) -> Path:
    """The form of that file name: the office's own in ``folder`` before the package's.

    Raises TemplateError if there is none, or the office's own takes too much to be opened.
    """
    form = locate_form(name, folder)
    if form is None:
        raise TemplateError(f"找不到报告模板“{name}”；找过的文件夹：{'、'.join(map(str, _list_places(folder)))}")
    if form.parent == folder:
        weigh_form(form)
    return form


def locate_form(name: str, folder: Path | None = None) -> Path | None:
    """Where it lies, if there is one; nothing is opened."""
    return next((place / name for place in _list_places(folder) if (place / name).is_file()), None)


def _list_places(folder: Path | None) -> list[Path]:
    return [place for place in (folder, templates_folder()) if place is not None]


def weigh_form(path: Path) -> None:
    """Have another process open a form that the package did not bring. Raises TemplateError for one that takes too much."""
    try:
        guarded_reading.try_reading(rendering.open_form if path.suffix.lower() == ".docx" else _open_table, path)
    except UnreadableWorkbook as exc:
        raise TemplateError(f"模板“{path}”打不开：{exc.message}。请用 wbt templates 取一份新的，再改。") from None


def _open_table(path: Path) -> None:
    with suppress(ValueError):  # told by who opens it
        loaded_book.load_book(path.read_bytes())
