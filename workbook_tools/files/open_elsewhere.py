"""Files that somebody has open: Excel, WPS and LibreOffice put a lock file beside each, and remove it when the file is closed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SIGNS = {(".~lock.", "#"): "LibreOffice", ("~$", ""): "Excel、Word 或 WPS", (".~", ""): "WPS"}
"""What the name of a lock file has before and after that of the file: of LibreOffice; of Microsoft Office and WPS on Windows; of WPS on Linux."""
_SYSTEM_TELLS = "~$" if sys.platform == "win32" else ""
"""The lock files of programs whose open files the system itself protects from writing: one left by a crash hinders nobody there."""
_LONG = 8
"""In the lock file of a longer name, Word replaces the first two characters."""


def list_open_files(folders: Iterable[Path]) -> list[Path]:
    """The files directly in these folders that seem to be open. A program that crashed leaves its lock file behind."""
    found: list[Path] = []
    for folder in folders:
        with suppress(OSError):
            names = set(os.listdir(folder))  # noqa: PTH208 - names, not paths: called for every page
            found += [folder / name for sign in sorted(names) if (name := _find_file(sign, names))]
    return list(dict.fromkeys(found))


def find_hindrance(path: Path) -> tuple[str, str]:
    """Which program has this file open, and the lock file that says so; both blank if none has. When that program saves, it overwrites what we wrote."""
    folder, name = os.path.split(path)
    for (before, after), program in _SIGNS.items():
        if before != _SYSTEM_TELLS:
            for named in (name, name[2:]) if before == "~$" and len(name) > _LONG else (name,):
                if os.path.lexists(os.path.join(folder, sign := f"{before}{named}{after}")):  # noqa: PTH118 - of every file that is written
                    return program, sign
    return "", ""


def _find_file(sign: str, names: set[str]) -> str:
    """The file that a lock file belongs to; blank if it is not one."""
    for before, after in _SIGNS:
        if sign.startswith(before) and sign.endswith(after):
            name = sign[len(before) : len(sign) - len(after)]
            if name in names:
                return name
            if before == "~$":
                return next((one for one in sorted(names) if len(one) > _LONG and one[2:] == name and one != sign), "")
    return ""
