"""Which program this is, to the letter: what an earlier run made stays true only as long as nothing of it has changed."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workbook_tools.core.errors import TemplateError
from workbook_tools.files.paths import macros_folder, templates_folder

_LIBRARIES = (
    "jinja2", "lxml", "numpy", "openpyxl", "pandas", "pydantic", "python-calamine", "python-docx", "rapidfuzz", "xlrd", "xlsxwriter",
)  # fmt: skip
"""Those that read and draw files, or compute."""
_COMPILED = "__pycache__"


@cache
def digest_program() -> str:
    """SHA-256 of the package, its forms and macros, and of the versions of Python and of the libraries that it reads and draws with."""
    digest = hashlib.sha256(repr((sys.version_info[:3], [*map(_find_version, _LIBRARIES)])).encode())
    folders = [Path(__file__).resolve().parent.parent]
    with suppress(TemplateError):
        folders += [templates_folder(), macros_folder()]
    for folder in folders:
        for place, inner, names in os.walk(folder):
            inner[:] = sorted({*inner} - {_COMPILED})
            digest.update(f"{os.path.relpath(place, folder)}/".encode())
            for name in sorted(names):
                data = Path(place, name).read_bytes()
                digest.update(f"{name}:{len(data)}:".encode() + data)
    return digest.hexdigest()


def _find_version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
