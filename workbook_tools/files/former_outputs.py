"""Files of an earlier run that this run would not write: their projects have another name or department now, or are gone."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from workbook_tools.files.paths import is_aside, is_hidden

_NAMED = 5
"""So many files are named."""


def find_former(folder: Path, starts: Sequence[str], ending: str, written: Collection[Path]) -> list[Path]:
    """Files that we made in ``folder`` and its subfolders, with one of these ``starts`` and this ``ending``, except those ``written`` now.

    Files of other people are left out, and so are those saved by hand that were given a second name.
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
    """The files in a folder and its subfolders, as texts: ``Path`` objects of a hundred thousand files would take long. A folder that
    cannot be listed gives none: whoever writes there reports it."""
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
