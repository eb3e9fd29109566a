"""收表: a file that was sent is put into 回收 whole, under a name that every system takes; nothing that lies there is replaced."""

from __future__ import annotations

import filecmp
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbook_tools.campaign.folder import INBOX, Campaign
from workbook_tools.core.errors import OutputError, tell_os_error
from workbook_tools.files.atomic import make_folder
from workbook_tools.files.leftovers import temporary_name
from workbook_tools.files.paths import safe_filename

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


def take_file(campaign: Campaign, name: str, content: BinaryIO) -> TakenFile:
    """Put a file into 回收. ``name`` may say in which folders it lay. Raises OutputError."""
    parts = [part for part in name.replace("\\", "/").split("/") if part.strip(" .")][-_DEEPEST:] or ["未命名"]
    folder = campaign.folder(INBOX).joinpath(*map(safe_filename, parts[:-1]))
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
