"""A digest of the program: what an earlier run made is used again only if the program has not changed at all."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from workbook_tools.core.errors import TemplateError
from workbook_tools.files.paths import is_hidden, macros_folder, templates_folder

_LIBRARIES = {
    "jinja2",
    "lxml",
    "numpy",
    "openpyxl",
    "pandas",
    "pydantic",
    "python_calamine",
    "python_docx",
    "rapidfuzz",
    "xlrd",
    "xlsxwriter",
}
"""Libraries that read or draw files, or compute, named as their installed folders are."""
_INSTALLED = (".dist-info", ".egg-info")
"""Endings of what describes an installed library; the second is used by packages of Linux distributions."""
_COMPILED = "__pycache__"


@cache
def digest_program() -> str:
    """SHA-256 of the package with its forms and macros, and of the versions of Python and of those libraries."""
    digest = hashlib.sha256(repr((sys.version_info[:3], _find_versions())).encode())
    folders = [Path(__file__).resolve().parent.parent]
    with suppress(TemplateError):
        folders += [templates_folder(), macros_folder()]
    for folder in folders:
        for place, inner, names in os.walk(folder):
            inner[:] = sorted({*inner} - {_COMPILED})
            digest.update(f"{os.path.relpath(place, folder)}/".encode())
            for name in sorted(names):
                if is_hidden(name):  # somebody has a form open
                    continue
                with open(os.path.join(place, name), "rb", buffering=0) as stream:  # noqa: PTH118, PTH123 - at nearly every start
                    data = stream.read()
                digest.update(f"{name}:{len(data)}:".encode() + data)
    return digest.hexdigest()


def _find_versions() -> list[str]:
    """Name and version of each library, from the first place where Python finds it. ``importlib.metadata`` takes longer to load than this whole module."""
    found: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError), os.scandir(folder or ".") as entries:
            for entry in sorted(entry.name for entry in entries if entry.name.endswith(_INSTALLED)):
                if (name := entry.partition("-")[0].lower()) in _LIBRARIES:
                    found.setdefault(name, entry)
    return sorted(found.values())
