"""The blank forms that come with the package: templates/自评表模板.xlsx and 项目清单模板.xlsx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbook_tools.form.identity import BLANK_KEY
from workbook_tools.model import Project
from workbook_tools.paths import replace_result, templates_folder
from workbook_tools.projects import project_list_workbook
from workbook_tools.rules.scheme import Scheme
from workbook_tools.template import build_workbook

BLANK_FORM, BLANK_LIST = "自评表模板.xlsx", "项目清单模板.xlsx"


def blank_form(scheme: Scheme) -> bytes:
    """The form for a unit that is on no list: it types which project it is and proposes the indicators."""
    return build_workbook(Project(code="", name="", department="", unit="", year=0), scheme, BLANK_KEY)


def write_blanks(folder: Path, scheme: Scheme) -> Iterator[Path]:
    """Write both blank forms and the report forms, and yield each file written.

    What somebody changed is moved aside, not lost. Raises OutputError.
    """
    blanks = {BLANK_FORM: blank_form(scheme), BLANK_LIST: project_list_workbook(None, scheme)}
    reports = {path.name: path.read_bytes() for path in sorted(templates_folder().glob("*.docx"))}
    for name, data in (blanks | reports).items():
        replace_result(folder / name, data)
        yield folder / name
