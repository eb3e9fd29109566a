"""归档: what was sent back before, and is not what goes back now, is moved aside; it is never deleted, never overwritten."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from pathlib import Path

from workbook_tools.core.errors import OutputError, os_reason
from workbook_tools.files.atomic import move_file, sync_folders
from workbook_tools.files.package import DAMAGED_ZIP
from workbook_tools.files.paths import output_mark, read_whole, replace_file
from workbook_tools.files.properties import read_properties
from workbook_tools.form import identity_sheet
from workbook_tools.reports.found_forms import RETURN_FORM

ARCHIVE = "归档"
"""Folder in 退回; in it the departments' folders."""
_NOTICE = output_mark(Path(RETURN_FORM).stem)
_WORKBOOK_PART, _MAX_PART = "xl/workbook.xml", 1_000_000
_WORKBOOKS = (".xlsx", ".xlsm")


def replace_returned(path: Path, data: bytes) -> None:
    """Write 退回/<主管部门>/<file>; another content that stands there goes to the archive first. Raises OutputError."""
    if path.is_file() and path.read_bytes() != data:
        _move(path)
    replace_file(path, data)


def archive_others(folder: Path, current: Collection[Path]) -> None:
    """Move every copy and notice of ``folder`` that is none of ``current``. What is not ours stays. Raises OutputError."""
    kept = {path.resolve() for path in current}
    for path in sorted(folder.glob("*/*")):
        if path.parent.name != ARCHIVE and path.resolve() not in kept and _is_returned(path):
            _move(path)
    for parent in folder.glob("*/"):
        if not any(parent.iterdir()):  # also where a run broke off between the two
            parent.rmdir()
            sync_folders([folder])


def archive_files(folder: Path, paths: Collection[Path]) -> None:
    """Move these, where they still are copies and notices that lie in ``folder``. Raises OutputError."""
    for path in sorted(paths):
        if path.parent.parent == folder and path.parent.name != ARCHIVE and _is_returned(path):
            _move(path)


def list_copies(folder: Path) -> list[Path]:
    """The workbooks that lie in ``folder`` to be sent to units."""
    places = sorted(folder.glob("*/*"))
    return [path for path in places if path.parent.name != ARCHIVE and path.suffix.lower() in _WORKBOOKS]


def list_archive(folder: Path) -> set[Path]:
    """What lies in the archive of ``folder``."""
    return {path for path in (folder / ARCHIVE).rglob("*") if path.is_file()}


def _is_returned(path: Path) -> bool:
    """It is a returned copy, or a covering notice, whoever has saved it since."""
    if path.suffix.lower() not in (*_WORKBOOKS, Path(RETURN_FORM).suffix) or not path.is_file():
        return False
    data = read_whole(path)
    try:
        if path.suffix.lower() not in _WORKBOOKS:
            return read_properties(data).category == _NOTICE
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(_WORKBOOK_PART) as stream:
            return identity_sheet.RETURN.encode() in stream.read(_MAX_PART)
    except (*DAMAGED_ZIP, RuntimeError):
        return False


def _move(path: Path) -> None:
    """Into the archive, beside what lies there already."""
    target = path.parent.parent / ARCHIVE / path.parent.name / path.name
    number = 2
    while target.exists():
        target = target.with_name(f"{path.stem}（{number}）{path.suffix}")
        number += 1
    try:
        move_file(path, target)
    except OSError as exc:
        raise OutputError(
            f"“{path}”移不到“{target.parent}”（{os_reason(exc)}）：它是否正被 Excel、Word 或 WPS 打开？"
        ) from None
