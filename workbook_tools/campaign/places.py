"""Which folder is meant: a working folder is recognised wherever it is given or stood in.

What lies in one, but for 回收, is the office's own: reviewed as if it had come in, it would spoil results and ledger.
So a folder that is such a part of one, or that has a working folder somewhere in it, is refused with the right call.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbook_tools.campaign.folder import (
    FOLDERS,
    FORM_FOLDER,
    INBOX,
    INSPECTION_FOLDER,
    LIST_FOLDER,
    LOG_FOLDER,
    SAMPLE_FOLDER,
    SCHEME_FOLDER,
    STATE_FOLDER,
    Campaign,
    find_working_folder,
    is_working_folder,
)
from workbook_tools.core.errors import SettingsError

_OWN = frozenset(
    {*FOLDERS, SCHEME_FOLDER, FORM_FOLDER, LOG_FOLDER, STATE_FOLDER, SAMPLE_FOLDER, INSPECTION_FOLDER} - {INBOX}
)
"""Folders of a working folder in which nothing lies that a unit has sent."""
_NOT_TO_WRITE_IN = frozenset({INBOX, LIST_FOLDER, "审核", FORM_FOLDER, STATE_FOLDER})
"""Folders with files that no command makes again."""
_TELLING = 3
"""So many of its folders side by side are a working folder, also where its wbt.toml was left behind."""
_SHOWN = 3
"""Working folders that a refusal names at most."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """What is to be reviewed, and the working folder that it belongs to, if any."""

    folder: Path
    campaign: Campaign | None = None


def choose_inbox(given: Path, command: str = "wbt review") -> Inbox:
    """The folder of what came in: of a working folder its 回收, else the folder itself.

    Raises SettingsError, with the ``command`` to type, for a folder in which the office's own files lie.
    """
    place = given.resolve()
    root = find_working_folder(place)
    if root is None and (stripped := _find_stripped(place)):
        raise SettingsError(
            f"“{stripped}”像是工作文件夹，但缺少设置文件 wbt.toml。"
            f"请从备份恢复它，或运行 wbt init {_quote(stripped)} 重新建立（已有的文件都保留），再运行 {command} {_quote(stripped)}。"
        )
    if root == place:
        return Inbox(given / INBOX, Campaign.open(root))
    if root is not None and (part := place.relative_to(root).parts[0]) in _OWN:
        raise SettingsError(
            f"“{given}”在工作文件夹“{root.name}”的“{part}”里，那里是程序自己的文件，不是单位报送的。"
            f"请运行 {command} {_quote(root)}，它只读其中的“{INBOX}”。"
        )
    if inner := list(islice(find_below(place), _SHOWN)):
        raise SettingsError(
            f"“{given}”里面有工作文件夹{_list_names(inner)}，不能整个当作报送的文件。"
            f"请指明其中一个，如 {command} {_quote(inner[0])}；要审核的文件请放进它的“{INBOX}”。"
        )
    return Inbox(given, Campaign.open(root) if root else None)


def keep_off_inbox(out: Path | None) -> Path | None:
    """``out``, where results are to go. Raises SettingsError for 回收, in which only files of the units belong."""
    root = find_working_folder(out.resolve()) if out else None
    if out and root and root / INBOX in (out.resolve(), *out.resolve().parents):
        raise SettingsError(
            f"“{out}”在“{INBOX}”里，那里只放单位报送的文件，不能放程序生成的结果。请换一个文件夹，或者不写 --out。"
        )
    return out


def choose_target(file: Path, *endings: str) -> Path:
    """``file``, where one file is to be written. Raises SettingsError: its ending says that it is a file of another kind (a mistyped name
    must not replace wbt.toml), or it is a project list or lies where files are that no command makes again."""
    if file.suffix.lower() not in endings:
        raise SettingsError(f"“{file}”没有写：文件名要以 {' 或 '.join(endings)} 结尾。")
    place = file.resolve()
    root = find_working_folder(place.parent)
    *folders, _ = place.relative_to(root).parts if root else ("",)
    if root and (folders[0] in _NOT_TO_WRITE_IN if folders else place.stem == LIST_FOLDER):
        raise SettingsError(f"“{file}”没有写：那里是工作文件夹自己的文件，会被盖掉。请换一个名称。")
    return file


def find_below(folder: Path, depth: int | None = None) -> Iterator[Path]:
    """The working folders below a folder, in a fixed order, at most ``depth`` folders down."""
    for parent, names, _ in os.walk(folder):
        names.sort()
        path = Path(parent)
        if path != folder and (is_working_folder(path) or _is_stripped(names)):
            names.clear()
            yield path
        elif depth is not None and len(path.relative_to(folder).parts) >= depth:
            names.clear()


def _find_stripped(place: Path) -> Path | None:
    """The working folder without wbt.toml that ``place`` is, or is a part of."""
    parts = [
        folder for folder, inside in zip(place.parents, (place, *place.parents), strict=False) if inside.name in _OWN
    ]
    for folder in (place, *parts):
        if folder.is_dir() and _is_stripped(entry.name for entry in os.scandir(folder) if entry.is_dir()):
            return folder
    return None


def _is_stripped(names: Iterable[str]) -> bool:
    return len({*FOLDERS} & {*names}) >= _TELLING


def _list_names(folders: list[Path]) -> str:
    return "、".join(f"“{folder.name}”" for folder in folders)


def _quote(path: Path) -> str:
    """A path as it is typed, relative to where we are where that is shorter."""
    try:
        text = str(path.relative_to(Path.cwd()))
    except ValueError:
        text = str(path)
    return f'"{text}"' if " " in text else text
