"""Formula cells of a workbook: what we wrote into them, and what another program computes."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import openpyxl

Cells = dict[tuple[str, str], object]


def formula_cells(path: Path) -> dict[tuple[str, str], str]:
    """(sheet, cell) → formula."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def shown(path: Path) -> Cells:
    """(sheet, cell) → the value that the file holds for it; nothing is ``None``."""
    with warnings.catch_warnings():
        # Gnumeric saves no default style, at which openpyxl warns.
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): None if cell.value == "" else cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    }


def differences(path: Path, recalculated: Path) -> list[tuple[tuple[str, str], str, object, object]]:
    """Every formula cell whose value is not what the other program computed: place, formula, ours, theirs."""
    formulas, ours, theirs = formula_cells(path), shown(path), shown(recalculated)
    return [
        (place, formula, ours.get(place), theirs.get(place))
        for place, formula in formulas.items()
        if not _same(ours.get(place), theirs.get(place))
    ]


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return ours == theirs
