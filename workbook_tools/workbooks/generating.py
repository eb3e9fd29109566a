"""Generate (下发): one workbook per project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.core.errors import TemplateError
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Project
from workbook_tools.files.paths import project_file, replace_file
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import SigningKey
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.writing import build_workbook


@dataclass(frozen=True, slots=True)
class Generated:
    """What came of one project: a workbook, or a finding that says why not."""

    project: Project
    path: Path
    finding: Finding | None = None
    kept: bool = False
    """Another workbook stands there already and was not replaced."""


def generate(
    projects: Iterable[Project], folder: Path, key: SigningKey, notice: Notice, scheme_of: Callable[[Project], Scheme],
    *, prefill: bool = False, overwrite: bool = False, macros: bool = False,
) -> Iterator[Generated]:  # fmt: skip
    """Write one workbook per project. The same list gives the same bytes, so running it again changes nothing;
    a workbook of another content is replaced only with ``overwrite``. With ``macros`` they are .xlsm. Raises OutputError, SchemeError.
    """
    for project in projects:
        path = project_file(folder, project.department, project.code, project.name, ".xlsm" if macros else ".xlsx")
        issued = project if prefill else project.model_copy(update={"answers": None})
        try:
            data = build_workbook(issued, scheme_of(project), key, notice, macros=macros)
        except TemplateError as exc:
            yield Generated(
                project, path, finding("LIST18", str(exc), project_code=project.code, field="项目", found=project.name)
            )
            continue
        kept = path.is_file() and not overwrite and path.read_bytes() != data
        if not kept:
            replace_file(path, data)
        yield Generated(project, path, kept=kept)
