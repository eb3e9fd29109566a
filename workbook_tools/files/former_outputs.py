"""What an earlier run has written and this one would not any more: its project has another name or department now, or is gone."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from workbook_tools.files.paths import is_aside, is_hidden

_NAMED = 5
"""So many files are named."""


def find_former(folder: Path, starts: Sequence[str], ending: str, written: Collection[Path]) -> list[Path]:
    """The files in ``folder`` and the folders in it, other than ``written``, that we made: of that ending, with a name that starts so.

    What is somebody's own, or was saved by hand and has got a second name, is none.
    """
    current = {os.fspath(path) for path in written}
    others = (Path(place) for place in list_files_below(folder, (ending,)) if place not in current)
    named = (path for path in others if path.name.startswith(tuple(starts)) and not is_aside(path))
    return sorted(filter(_is_ours, named))


def tell_former(folder: Path, paths: Sequence[Path]) -> str:
    """What to do about them, as a sentence; blank where there are none."""
    if not paths:
        return ""
    return f"“{folder.name}”里还有以前写的、现在的结果里没有的文件（项目改了名称、换了主管部门，或者不在了）：{name_files(folder, paths)}。请移走，不要再发。"


def name_files(folder: Path, paths: Sequence[Path]) -> str:
    """The first of these files as they lie in the folder, and how many there are."""
    named = "、".join(path.relative_to(folder).as_posix() for path in paths[:_NAMED])
    return named + (f" 等 {len(paths)} 个" if len(paths) > _NAMED else "")


def list_files_below(folder: Path, endings: tuple[str, ...]) -> Iterator[str]:
    """The files in a folder and in the folders in it, as texts: of a hundred thousand files paths would take long. What cannot be listed
    has none: whoever writes there tells."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    with os.scandir(entry) as inside:
                        yield from (one.path for one in inside if _is_file_of(one.name, endings))
                elif _is_file_of(entry.name, endings):
                    yield entry.path
    except OSError:
        return


def _is_file_of(name: str, endings: tuple[str, ...]) -> bool:
    return name.lower().endswith(endings) and not is_hidden(name)


def _is_ours(path: Path) -> bool:
    from workbook_tools.files.properties import read_properties  # mostly there is no such file

    try:
        return bool(read_properties(path.read_bytes()).produced)
    except OSError:
        return False
