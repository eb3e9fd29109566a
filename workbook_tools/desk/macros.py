"""The VBA sources compiled, with or without Excel; and a workbook's macros beside them. No macro is ever run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.desk.console_book import MACROS
from workbook_tools.desk.excel import Excel
from workbook_tools.files.paths import replace_file
from workbook_tools.review.guarded_reading import open_guarded
from workbook_tools.vba.packaged import list_packaged_projects, read_packaged_modules
from workbook_tools.vba.project import build_vba_project
from workbook_tools.vba.reading import Likeness, compare_modules, write_issued_lines
from workbook_tools.vba.sources import ENCODING, Module, ModuleKind, read_modules, write_for_editor

_PROJECT = "vbaProject.bin"


# -- compiling --------------------------------------------------------------------------------------------------------


def read_projects(sources: Path | None) -> Mapping[str, Sequence[Module]]:
    """The modules of each VBA project by its name: those of a folder, or the ones that come with the package."""
    if sources:
        return {sources.name: read_modules(sources)}
    return {name: read_packaged_modules(name) for name in list_packaged_projects()}


def write_project(folder: Path, modules: Sequence[Module], sheets: int) -> None:
    """Write vbaProject.bin for a workbook of so many sheets, and the sources as the VBA editor imports them (GBK).

    Raises OutputError.
    """
    replace_file(folder / _PROJECT, build_vba_project(modules, sheets))
    for module in modules:
        replace_file(_source_file(folder, module), write_for_editor(module).encode(ENCODING))


def compile_in_excel(workbook: Path, folder: Path, modules: Sequence[Module]) -> Path:
    """The workbook with the modules whose sources lie in ``folder``, as Excel itself compiles and saves it.

    Code of document modules can't be imported. Raises SettingsError if the result would replace a file, DeskError.
    """
    target = (folder / workbook.name).with_suffix(".xlsm")
    if target.exists():
        raise SettingsError(f"{target} 已存在，没有覆盖。请先移走它，或换一个 --out 文件夹。")
    with Excel() as excel:
        book = excel.open(workbook)
        try:
            book.import_modules([_source_file(folder, m) for m in modules if m.kind is not ModuleKind.DOCUMENT])
            book.save_as(target)
        finally:
            book.close()
    return target


def _source_file(folder: Path, module: Module) -> Path:
    return folder / f"{module.name}.{module.kind.ending}"


# -- looking ----------------------------------------------------------------------------------------------------------


class Origin(Enum):
    """Where a macro comes from, by its source."""

    ISSUED = "与下发的一致"
    GARBLED = "与下发的一致，其中的中文已成乱码（在非中文的系统上保存过）"
    DESK = "与控制台的一致"
    DESK_GARBLED = "与控制台的一致，其中的中文已成乱码；再运行一次 wbt desk"
    STRANGE = "不是下发的"


@dataclass(frozen=True, slots=True)
class FoundMacro:
    """A module of a workbook."""

    name: str
    origin: Origin


def list_macros(workbook: Path) -> list[FoundMacro]:
    """The macro modules of a workbook; old macro sheets and controls are one item. Raises SettingsError if it can't be read."""
    try:
        raw = open_guarded(workbook)
        found = [macro for project in raw.vba_projects() for macro in _list_modules(project)]
        if raw.has_controls:
            found.append(FoundMacro("宏表或控件", Origin.STRANGE))
    except UnreadableWorkbook as exc:
        raise SettingsError(f"“{workbook}”不能核对：{exc.message}。") from None
    return found


def _list_modules(project: bytes) -> list[FoundMacro]:
    desk = frozenset(line for m in read_packaged_modules(MACROS) for line in write_issued_lines(m.name, m.source))
    pairs = zip(compare_modules(project), compare_modules(project, desk), strict=True)
    return [FoundMacro(name, _find_origin(issued, of_desk)) for (name, issued), (_, of_desk) in pairs]


def _find_origin(issued: Likeness, of_desk: Likeness) -> Origin:
    if issued is not Likeness.STRANGE:
        return Origin.ISSUED if issued is Likeness.SAME else Origin.GARBLED
    return {Likeness.SAME: Origin.DESK, Likeness.GARBLED: Origin.DESK_GARBLED}.get(of_desk, Origin.STRANGE)
