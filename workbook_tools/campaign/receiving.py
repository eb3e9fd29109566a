"""What is brought in from outside: files of units into 回收, whole, under names that every system takes, and nothing there is replaced; and a project list."""

from __future__ import annotations

import filecmp
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from workbook_tools.campaign.defaults import read_list
from workbook_tools.campaign.folder import LIST_FILE, LIST_FOLDER, Campaign
from workbook_tools.core.errors import OutputError, SettingsError, UnreadableWorkbook, tell_os_error
from workbook_tools.core.findings import Finding
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.files.atomic import make_folder
from workbook_tools.files.leftovers import temporary_folder, temporary_name
from workbook_tools.files.paths import keep_aside, may_be_saved_by_hand, replace_file, safe_filename, templates_folder
from workbook_tools.files.stored_projects import ListedProjects
from workbook_tools.projects.columns import INDICATOR_SHEET, PROJECT_SHEET
from workbook_tools.projects.reading import read_listing
from workbook_tools.reports.found_forms import is_report_form
from workbook_tools.summary.names import SUMMARY_FORM, SUPERIOR_FOLDER

_OLD = "旧的"
"""Where a form lies that was replaced: no program looks there."""
_DEEPEST = 6
"""Folders within each other that are kept of where a file lay."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of a file that was sent."""

    path: Path
    known: bool = False
    """The very same file lay there already under that name."""
    renamed: bool = False
    """Another file of that name lay there already; both are kept."""


def take_file(place: Path, name: str, content: BinaryIO) -> TakenFile:
    """Put a file into 回收, or another folder. ``name`` may say in which folders it lay. Raises OutputError."""
    parts = [part for part in name.replace("\\", "/").split("/") if part.strip(" .")][-_DEEPEST:] or ["未命名"]
    folder = place.joinpath(*map(safe_filename, parts[:-1]))
    last = Path(parts[-1])
    ending = safe_filename(f"x{last.suffix}").removeprefix("x")
    target = folder / (safe_filename(last.stem) + ending)
    try:
        make_folder(folder)
        temporary = temporary_name(target)
        try:
            with temporary.open("wb") as copy:
                shutil.copyfileobj(content, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
            return _place(temporary, target)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
    except OSError as exc:
        raise OutputError(f"没有收下“{name}”。无法写入{tell_os_error(exc, target)}") from None


def is_project_list(name: str, content: bytes) -> bool:
    """The file is a 项目清单, with whatever mistakes, and no form of today: a .json; an .xlsx with one of a list's two tables, or that cannot be
    read; a workbook of another format with both tables."""
    ending = Path(name).suffix.lower()
    if ending == ".json":
        return True
    if ending != ".xlsx":
        return _has_list_sheets(name, content)
    with temporary_folder() as place:
        copy = Path(place, f"项目清单{ending}")
        copy.write_bytes(content)
        listing, _ = read_listing(copy)
    return listing is None or listing.has_projects or listing.has_indicators


def _has_list_sheets(name: str, content: bytes) -> bool:
    """Both tables of a list are in it, which WPS or an old Excel has saved in a format of its own."""
    with suppress(UnreadableWorkbook):
        return {PROJECT_SHEET, INDICATOR_SHEET} <= {sheet.title for sheet in open_sheets(Path(name), content)}
    return False


def list_form_names() -> list[str]:
    """The forms of reports, notices and 汇总表 that come with the program and may be changed. Raises TemplateError: the installation is incomplete."""
    found = sorted(path.name for path in templates_folder().iterdir() if path.suffix in (".docx", ".xlsx"))
    return [name for name in found if name.endswith(".docx") or name == SUMMARY_FORM]


def take_form(campaign: Campaign, name: str, content: BinaryIO, *, superior: bool) -> tuple[Path, Path | None]:
    """Put a form into 模板, one that a superior prescribes into its 上级表样; and where the one of that name lies now that stood there before.

    Raises SettingsError (no form is called so, a superior's is no .xlsx; nothing is changed), OutputError.
    """
    plain = Path(name.replace("\\", "/")).name
    if superior and not plain.lower().endswith(".xlsx"):
        raise SettingsError(f"“{plain}”不是 .xlsx，填不了：请用 Excel 或 WPS 另存为 .xlsx，再放进来。没有改动。")
    if not superior and plain not in list_form_names() and not is_report_form(plain):
        names = "、".join(list_form_names())
        raise SettingsError(f"没有叫“{plain}”的模板，名字应为 {names}。没有改动。")
    folder = campaign.forms / SUPERIOR_FOLDER if superior else campaign.forms
    data, target, aside = content.read(), folder / plain, None
    if target.is_file() and (before := target.read_bytes()) != data:
        aside = take_file(folder / _OLD, plain, BytesIO(before)).path
    try:
        make_folder(folder)
    except OSError as exc:
        raise OutputError(f"没有收下“{plain}”。无法写入{tell_os_error(exc, folder)}") from None
    replace_file(target, data)
    return target, aside


@dataclass(frozen=True, slots=True)
class PlacedList:
    """A project list that was put in place."""

    path: Path
    listed: ListedProjects
    findings: list[Finding]
    aside: Path | None
    """Where the former one lies now, if there was one."""


def replace_list(campaign: Campaign, name: str, content: bytes, *, of_department: bool = False) -> PlacedList:
    """Put a 项目清单 (.xlsx or .json) in place of the one there is.

    Where departments' lists lie in the folder 项目清单, or this is one ``of_department``, it is put there, in place of the one of its name.
    Raises SettingsError where no project can be read out of it (then nothing is changed), OutputError.
    """
    ending = Path(name).suffix.lower()
    if ending not in (".xlsx", ".json"):
        raise SettingsError(f"“{name}”是 {ending} 的。请用 Excel 或 WPS 另存为 .xlsx，再换上。没有改动。")
    target, before = (campaign.root / LIST_FILE).with_suffix(ending), campaign.project_list
    if of_department or before.is_dir():
        target = before = campaign.root / LIST_FOLDER / (safe_filename(Path(name).stem) + ending)
    with temporary_folder() as place:
        copy = Path(place, target.name)
        copy.write_bytes(content)
        listed, findings = read_list(campaign, copy, 0, "")
    if not listed.projects:
        why = str(findings[0]) if findings else "里面还没有项目。"
        raise SettingsError(f"没有换上“{name}”：{why}")
    replaces = before.is_file() and before.read_bytes() != content and not _is_untouched_blank(before)
    aside = keep_aside(before) if replaces else None
    replace_file(target, content)
    if before.is_file() and before != target:
        before.unlink()
    return PlacedList(target, listed, findings, aside)


def _is_untouched_blank(path: Path) -> bool:
    """The list as the folder was begun with it: nobody has saved it, and no project is in it."""
    if may_be_saved_by_hand(path):
        return False
    listing, _ = read_listing(path)
    return listing is not None and not listing.projects


def _place(temporary: Path, target: Path) -> TakenFile:
    """Give the file its name, or the next one that is free."""
    place, number = target, 1
    while place.exists():
        if filecmp.cmp(place, temporary, shallow=False):
            return TakenFile(place, known=True)
        number += 1
        place = target.with_name(f"{target.stem}（{number}）{target.suffix}")
    temporary.rename(place)
    return TakenFile(place, renamed=number > 1)
