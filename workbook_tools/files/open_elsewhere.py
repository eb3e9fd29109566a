"""Files that somebody has open: Excel, WPS and LibreOffice leave a sign beside each, which they take away when it is closed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SIGNS = ((".~lock.", "#"), ("~$", ""), (".~", ""))
"""What is put before and after the name: by LibreOffice; by Microsoft Office and WPS on Windows; by WPS on Linux."""


def list_open_files(folders: Iterable[Path]) -> list[Path]:
    """The files directly in these folders that seem to be open; a program that crashed leaves its sign behind."""
    found: list[Path] = []
    for folder in folders:
        with suppress(OSError):
            names = set(os.listdir(folder))  # noqa: PTH208 - names, not paths: called for every page
            found += [folder / name for sign in sorted(names) if (name := _find_file(sign, names))]
    return list(dict.fromkeys(found))


def _find_file(sign: str, names: set[str]) -> str:
    """The file that a sign stands beside; blank where it is none."""
    for before, after in _SIGNS:
        if sign.startswith(before) and sign.endswith(after):
            name = sign[len(before) : len(sign) - len(after)]
            if name in names:
                return name
            if before == "~$":  # of a long name Word replaces the first two characters
                return next((one for one in sorted(names) if len(one) > 8 and one[2:] == name and one != sign), "")
    return ""
