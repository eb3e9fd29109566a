"""Three programs that calculate a workbook independently of us: LibreOffice, Gnumeric and formualizer."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import formualizer
import pytest
from office import recalculate_with_gnumeric, recalculate_with_libreoffice, requires_gnumeric, requires_libreoffice
from surgery import CONTENT_TYPES, zipped

Recalculate = Callable[[Sequence[Path], Path], list[Path]]
"""Calculates workbooks anew into a folder; the new files in the order of the old."""


def recalculate_with_formualizer(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Compute the formulas anew and store their values; nothing else in the files is changed but the kind of one with macros."""
    folder.mkdir(parents=True, exist_ok=True)
    results = [folder / path.name for path in paths]
    for path, result in zip(paths, results, strict=True):
        done = formualizer.recalculate_xlsx_bytes(_declare_xlsx(path))
        assert not done["summary"].get("unknown_functions"), done["summary"]
        result.write_bytes(done["bytes"])
    return results


def _declare_xlsx(path: Path) -> bytes:
    """The workbook; one with macros says that it is one without, for formualizer takes no others."""
    if path.suffix != ".xlsm":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(_WITH_MACROS, _WITHOUT)
    return zipped(parts)


_WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_WITHOUT = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

PROGRAMS: dict[str, Recalculate] = {
    "LibreOffice": recalculate_with_libreoffice,
    "Gnumeric": recalculate_with_gnumeric,
    "formualizer": recalculate_with_formualizer,
}
_NEEDED = {"LibreOffice": [requires_libreoffice], "Gnumeric": [requires_gnumeric]}
ENGINES = [pytest.param(recalculate, id=name, marks=_NEEDED.get(name, ())) for name, recalculate in PROGRAMS.items()]
"""The programs as parameters of a test, which skips where one is missing."""
OTHER_ENGINES = [engine for engine in ENGINES if engine.id != "LibreOffice"]
"""For a test beside one that looks into what LibreOffice has calculated."""
