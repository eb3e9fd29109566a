"""Files that somebody has open: Excel, WPS and LibreOffice leave a sign beside each, which they take away when it is closed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SIGNS = {(".~lock.", "#"): "LibreOffice", ("~$", ""): "Excel、Word 或 WPS", (".~", ""): "WPS"}
"""What is put before and after the name, and by whom: by LibreOffice; by Microsoft Office and WPS on Windows; by WPS on Linux."""
_SYSTEM_TELLS = "~$" if sys.platform == "win32" else ""
"""The sign of those whose open files the system itself does not let be written: one that a crash has left there hinders nobody."""
_LONG = 8
"""Of a longer name Word replaces the first two characters by its sign."""


def list_open_files(folders: Iterable[Path]) -> list[Path]:
    """The files directly in these folders that seem to be open; a program that crashed leaves its sign behind."""
    found: list[Path] = []
    for folder in folders:
        with suppress(OSError):
            names = set(os.listdir(folder))  # noqa: PTH208 - names, not paths: called for every page
            found += [folder / name for sign in sorted(names) if (name := _find_file(sign, names))]
    return list(dict.fromkeys(found))


def find_hindrance(path: Path) -> tuple[str, str]:
    """Which program has this file open, and its sign beside it: what is written now it would put back when it saves. Blank where none has."""
    folder, name = os.path.split(path)
    for (before, after), program in _SIGNS.items():
        if before != _SYSTEM_TELLS:
            for named in (name, name[2:]) if before == "~$" and len(name) > _LONG else (name,):
                if os.path.lexists(os.path.join(folder, sign := f"{before}{named}{after}")):  # noqa: PTH118 - of every file that is written
                    return program, sign
    return "", ""


def _find_file(sign: str, names: set[str]) -> str:
    """The file that a sign stands beside; blank where it is none."""
    for before, after in _SIGNS:
        if sign.startswith(before) and sign.endswith(after):
            name = sign[len(before) : len(sign) - len(after)]
            if name in names:
                return name
            if before == "~$":
                return next((one for one in sorted(names) if len(one) > _LONG and one[2:] == name and one != sign), "")
    return ""
