"""The VBA projects that come with the package: macros/<project>/*.bas."""

from __future__ import annotations

from functools import cache

from workbook_tools.files.paths import macros_folder
from workbook_tools.vba.project import build_vba_project
from workbook_tools.vba.sources import Module, read_modules

STAFF = "填报"
"""The buttons of the units' workbooks."""


@cache
def read_packaged_modules(name: str) -> tuple[Module, ...]:
    """The modules of a packaged project. Raises TemplateError if the installation is incomplete."""
    return read_modules(macros_folder() / name)


@cache
def build_packaged_project(name: str, sheets: int) -> bytes:
    """A packaged project as the vbaProject.bin of a workbook with so many sheets. Raises TemplateError."""
    return build_vba_project(read_packaged_modules(name), sheets)


def list_packaged_projects() -> tuple[str, ...]:
    """The packaged projects."""
    return tuple(sorted(folder.name for folder in macros_folder().iterdir() if folder.is_dir()))
