"""A worksheet in plain form, taken apart in one pass: what its cells hold, and its skeleton, which is all the rest.

Most sheets of a round have a skeleton that was seen before. What follows from it alone (formulas, styles, merges, what is checked)
is searched once, in the XML of the first sheet that had it, and holds for all. Nor is a cell taken apart that is written as one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from workbook_tools.core.recent import Recent
from workbook_tools.excel import sheetxml
from workbook_tools.excel.sheet_frame import LowRows, SheetFrame, find_frame, read_frame, read_low_rows
from workbook_tools.excel.sheet_grammar import PlainSheet, cut_around
from workbook_tools.excel.written_cells import Content, WrittenLine

Place = tuple[int, int]


class Skeleton:
    """A sheet without what its cells hold; ``plain`` is one that has it. Each is equal to itself alone.

    What it says raises ValueError, or an error of lxml, where the sheet is damaged.
    """

    def __init__(self, plain: PlainSheet) -> None:
        self._plain = plain
        self._around = plain.xml if plain.lines is None else plain.around
        self.places = tuple([(cell.row, cell.col) for cell in plain.cells or ()])
        """Row and column of each cell that is written, from 0; of a large sheet none."""
        self.shared = False
        """There were others that have it."""
        self._frames: dict[bool, SheetFrame] = {}

    @cached_property
    def formulas(self) -> sheetxml.Formulas:
        """All formulas, by row and column."""
        if (cells := self._plain.cells) is not None:
            written = [(cell.row, cell.col, cell.formula) for cell in cells if cell.formula]
            if not any(formula.startswith(b"<f ") for *_, formula in written):
                return sheetxml.list_formulas(written)
        return sheetxml.read_formulas(self._plain.xml)

    @cached_property
    def styles(self) -> sheetxml.CellStyles:
        """Which number of a style stands where."""
        if (cells := self._plain.cells) is not None and not sheetxml.has_line_styles(self._plain.xml):
            return sheetxml.CellStyles({(cell.row, cell.col): cell.style for cell in cells}, {}, ())
        return sheetxml.read_styles(self._plain.xml)

    @cached_property
    def used_styles(self) -> tuple[int, ...]:
        """The numbers of the styles on it, and 0."""
        styles = self.styles
        return tuple(
            sorted({0, *styles.cells.values(), *styles.rows.values(), *(style for *_, style in styles.columns)})
        )

    @cached_property
    def low_rows(self) -> LowRows:
        """The rows that are hidden, or too low to be read."""
        if self._plain.lines is None:
            return read_low_rows(self._plain.xml)
        return LowRows.of((item.row, item.tag) for line in self._plain.lines for item in line.tags if item.tag)

    @cached_property
    def hidden_columns(self) -> frozenset[int]:
        """The columns that are hidden, or too narrow to be read."""
        return sheetxml.read_hidden_columns(self._around)

    @cached_property
    def merged(self) -> frozenset[str]:
        """The merged cells (``B7:D7``)."""
        return sheetxml.read_merged(self._around)

    @cached_property
    def validated(self) -> sheetxml.Areas:
        """The cells that check what is typed into them."""
        return sheetxml.read_validated(self._around)

    @cached_property
    def protected(self) -> bool:
        """The sheet's protection is switched on."""
        return sheetxml.is_protected(self._around)

    def frame(self, *, plain_rules: bool) -> SheetFrame:
        """What lies around the cells; see :func:`sheet_frame.read_frame`."""
        if plain_rules not in self._frames:
            if self._plain.lines is None:
                self._frames[plain_rules] = read_frame(cut_around(self._plain.xml), plain_rules)
            else:
                self._frames[plain_rules] = find_frame(self._plain.around, plain_rules)
        return self._frames[plain_rules]


_SKELETONS = Recent[Skeleton](80_000)
_SEEN = Recent[bool](200)
"""The hashes of skeletons that were seen: forms that come once must not drive out what many have."""


def find_skeleton(plain: PlainSheet) -> Skeleton:
    """The skeleton of a sheet. It is kept from the second sheet on that has it; that of a large one is not."""
    if plain.lines is None:
        return Skeleton(plain)
    key = plain.frames, plain.around
    skeleton = _SKELETONS.find(key)
    if skeleton is None:
        skeleton = Skeleton(plain)
        if _SEEN.find(hash(key)):
            skeleton.shared = True
            _SKELETONS.keep(key, skeleton)
        _SEEN.keep(hash(key), True)
    return skeleton


def list_contents(lines: Sequence[WrittenLine], texts: Sequence[str]) -> list[Content] | None:
    """What each cell holds, nothing for an error, as calamine reads it, none of them odd; ``None`` where only calamine can.

    ``texts`` are the shared ones; no number is a date.
    """
    contents: list[Content] = []
    try:
        for line in lines:
            first = len(contents)
            contents += line.contents
            for place, number in line.shared:
                contents[first + place] = texts[number]
    except IndexError:  # calamine says so
        return None
    return contents


def build_grid(places: Sequence[Place], contents: Sequence[Content]) -> list[list[Content]]:
    """The values of a sheet from A1 on to the last cell that holds something; ``""`` where there is none."""
    filled = [(*place, content) for place, content in zip(places, contents, strict=True) if content is not None]
    width = max((col for _, col, _ in filled), default=-1) + 1
    grid: list[list[Content]] = [[""] * width for _ in range(filled[-1][0] + 1)] if filled else []
    for row, col, content in filled:
        grid[row][col] = content
    return grid
