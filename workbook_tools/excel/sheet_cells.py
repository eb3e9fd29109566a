"""Sheets that people made and their cells, whatever the format of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook_tools.core.model import Value

Spot = tuple[int, int]
"""Row and column of a cell, from 0."""

MAX_COVERED = 400_000
"""Places that the merged cells of a sheet may cover: a form covers a few hundred, a made-up file billions."""

MAX_FILLED = 300_000
"""Filled and merged cells of a sheet; one with more is passed over."""


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


@dataclass(frozen=True, slots=True)
class CellMarks:
    """What is to be said of cells beside what they hold: by the place of each, all of it in Chinese."""

    struck: Mapping[Spot, str] = field(default_factory=dict)
    """What is left of the text of a cell without what is struck out of it; mostly nothing is."""
    unseen: Mapping[Spot, str] = field(default_factory=dict)
    """Why nobody sees what is in a cell, or in part of it."""
    comments: Mapping[Spot, str] = field(default_factory=dict)
    boxes: Mapping[Spot, str] = field(default_factory=dict)
    """Texts of boxes that are drawn over the cells, by the cell in which a box begins."""
    left_out: Mapping[Spot, str] = field(default_factory=dict)
    """Texts in a cell that are not shown, and do not count to what it holds."""
    uncomputed: Mapping[Spot, str] = field(default_factory=dict)
    """Formulas of which no result is stored: the cell counts as blank."""


NO_MARKS = CellMarks()


@dataclass(frozen=True, slots=True)
class HandmadeSheet:
    """A sheet's filled and merged cells."""

    title: str
    cells: tuple[SheetCell, ...]
    hidden: bool = False
    cut: bool = False
    """There is more below or to the right than was read."""
    unformatted: bool = False
    """Its numbers came without their formats: 95% is 0.95."""
    marks: CellMarks = NO_MARKS
    page_head: tuple[str, ...] = ()
    """Lines of what is printed above it on each page."""
    page_foot: tuple[str, ...] = ()
    """The same below."""


@dataclass
class CellCollector:
    """The cells of a sheet as they are found, from above to below, within what may be read of it."""

    max_rows: int
    max_cols: int
    cells: list[SheetCell] = field(default_factory=list)
    row: int = 0
    """The row at hand."""
    covered: int = 0
    """Places that merged cells cover so far."""
    cut: bool = False

    def put(self, col: int, rows: int, cols: int, value: Value, text: str) -> None:
        """Add a cell to the row at hand: its column, how many rows and columns it covers, its value and the text shown."""
        self.covered += rows * cols - 1
        if self.covered > MAX_COVERED:
            rows = cols = 1
        if self.row >= self.max_rows or col >= self.max_cols or len(self.cells) >= MAX_FILLED:
            self.cut = True
        elif text or rows > 1 or cols > 1:
            self.cells.append(SheetCell(self.row, col, rows, cols, value, text))
