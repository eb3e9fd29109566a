"""Three programs that calculate a workbook independently of us: LibreOffice, Gnumeric and formualizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import formualizer
import pytest
from office import recalculate_with_gnumeric, recalculate_with_libreoffice, requires_gnumeric, requires_libreoffice


@dataclass(frozen=True)
class Engine:
    """A program, and how it recalculates workbooks into a folder: the new files in the order of the old."""

    name: str
    recalculate: Callable[[Sequence[Path], Path], list[Path]]

    def __str__(self) -> str:
        return self.name


def recalculate_with_formualizer(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Compute the formulas anew and store their values; nothing else in the files is changed."""
    folder.mkdir(parents=True, exist_ok=True)
    results = [folder / path.name for path in paths]
    for path, result in zip(paths, results, strict=True):
        done = formualizer.recalculate_xlsx_bytes(path.read_bytes())
        assert not done["summary"].get("unknown_functions"), done["summary"]
        result.write_bytes(done["bytes"])
    return results


ENGINES = [
    pytest.param(Engine("LibreOffice", recalculate_with_libreoffice), marks=requires_libreoffice, id="LibreOffice"),
    pytest.param(Engine("Gnumeric", recalculate_with_gnumeric), marks=requires_gnumeric, id="Gnumeric"),
    pytest.param(Engine("formualizer", recalculate_with_formualizer), id="formualizer"),
]
