"""Three programs that calculate a workbook independently of us: LibreOffice, Gnumeric and formualizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import formualizer
import pytest
from office import recalculate_with_gnumeric, recalculate_with_libreoffice, requires_gnumeric, requires_libreoffice

Recalculate = Callable[[Sequence[Path], Path], list[Path]]
"""Calculates workbooks anew into a folder; the new files in the order of the old."""


def recalculate_with_formualizer(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Compute the formulas anew and store their values; nothing else in the files is changed."""
    folder.mkdir(parents=True, exist_ok=True)
    results = [folder / path.name for path in paths]
    for path, result in zip(paths, results, strict=True):
        done = formualizer.recalculate_xlsx_bytes(path.read_bytes())
        assert not done["summary"].get("unknown_functions"), done["summary"]
        result.write_bytes(done["bytes"])
    return results


PROGRAMS: dict[str, Recalculate] = {
    "LibreOffice": recalculate_with_libreoffice,
    "Gnumeric": recalculate_with_gnumeric,
    "formualizer": recalculate_with_formualizer,
}
_NEEDED = {"LibreOffice": [requires_libreoffice], "Gnumeric": [requires_gnumeric]}
ENGINES = [pytest.param(recalculate, id=name, marks=_NEEDED.get(name, ())) for name, recalculate in PROGRAMS.items()]
"""The programs as parameters of a test, which skips where one is missing."""
