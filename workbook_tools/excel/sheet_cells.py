"""A cell of a sheet that people made, whatever the format of its file."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_tools.core.model import Value

MAX_COVERED = 400_000
"""Places that the merged cells of a sheet may cover."""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A filled or merged cell; row and column count from 0."""

    row: int
    col: int
    rows: int
    cols: int
    value: Value
    """A date is the text that it shows."""
    shown: str
