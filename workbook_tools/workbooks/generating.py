"""Generate (下发): one workbook per project."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.core.errors import TemplateError
from workbook_tools.core.faces import AnyPath, Watch, collect
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Project
from workbook_tools.files.atomic import sync_folders
from workbook_tools.files.paths import project_file, replace_file
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import SigningKey
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme
from workbook_tools.workbooks.writing import build_workbook

NO_NOTICE = Notice()
_ENDINGS = {False: ".xlsx", True: ".xlsm"}


@dataclass(frozen=True, slots=True)
class Generated:
    """What came of one project: a workbook, or a finding that says why not."""

    project: Project
    path: Path
    finding: Finding | None = None
    kept: bool = False
    """Another workbook stands there already and was not replaced."""
    unchanged: bool = False
    """The very same workbook stands there already."""


def load_own_scheme(project: Project) -> Scheme:
    """The built-in scheme that a project names, or the usual one. Raises SchemeError."""
    return load_scheme(project.scheme or DEFAULT_SCHEME)


def generate(
    projects: Collection[Project], folder: AnyPath, key: SigningKey, notice: Notice = NO_NOTICE,
    scheme_of: Callable[[Project], Scheme] = load_own_scheme,
    *, prefill: bool = False, overwrite: bool = False, macros: bool = False, watch: Watch | None = None,
) -> list[Generated]:  # fmt: skip
    """Write <主管部门>/<编码>_<名称>.xlsx for each project; what came of each, in their order.

    The same list gives the same bytes, so running it again writes nothing; a workbook of another content is replaced
    only with ``overwrite``. ``key`` signs them, ``notice`` is printed on 填报说明, ``scheme_of`` gives the scheme of a project, by
    default the built-in one that it names. With ``prefill`` the answers that a project carries are filled in; with
    ``macros`` the workbooks are .xlsm with buttons. ``watch`` hears after each how many of how many are done.
    Raises OutputError, SchemeError. A project that does not fit into a workbook has a finding instead.
    """

    def write(project: Project) -> Generated:
        path = project_file(Path(folder), project.department, project.code, project.name, _ENDINGS[macros])
        issued = project if prefill else project.model_copy(update={"answers": None})
        try:
            data = build_workbook(issued, scheme_of(project), key, notice, macros=macros)
        except TemplateError as exc:
            refused = finding("LIST18", str(exc), project_code=project.code, field="项目", found=project.name)
            return Generated(project, path, refused)
        there = path.read_bytes() if path.is_file() else None
        kept, unchanged = there not in (None, data) and not overwrite, there == data
        if not kept and not unchanged:
            replace_file(path, data, one_of_many=True)
        return Generated(project, path, kept=kept, unchanged=unchanged)

    done = collect(map(write, projects), len(projects), watch)
    sync_folders(item.path.parent for item in done)
    return done
