"""The labels inside a block of money, and which of them explain a figure: the nearest one left of it, the nearest above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbook_tools.core.model import Measure
from workbook_tools.legacy.tables.funding_blocks import Block
from workbook_tools.legacy.tables.funding_labels import AMOUNTS, MEASURED, find_measure, find_source
from workbook_tools.legacy.words.figures import find_money_unit, names_only_unit, parse_amount, read_points, read_rate
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import LONGEST_LABEL, label_key, stated_points, without_blanks
from workbook_tools.legacy.words.vocabulary import Vocabulary

POINTS = ("rate", "weight", "score")
"""Measures of the whole, which may stand left of their figure in a row of another measure."""

# Measures whose figures are nobody's money in particular.
_OF_NO_SOURCE = (
    "other",
    "other_money",
    "serial",
    "reason",
    "method",
    "weight",
    "score",
    "rate",
    "arrival_rate",
)
# What was provided; where no label says so, amounts below the names of sources are the budget.
_PROVIDED = (Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET, Measure.RECEIVED)
# Two letters in a row; a label of one (省) counts only as an entry of the vocabulary.
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class MoneyLabel:
    """What a label says of the figures beside or below it."""

    cell: GridCell
    measure: str | None
    source: str | None

    @property
    def key(self) -> str:
        """The label as it is compared."""
        return label_key(self.cell.shown)

    @property
    def names_source(self) -> bool:
        """It says whose money it is, in words that have a place in the funding table."""
        return self.source not in (None, "none")


class BlockLabels:
    """The labels of one block, by place."""

    def __init__(self, grid: Grid, block: Block, words: Vocabulary, points: Mapping[str, str]) -> None:
        self._grid, self._block, self._words, self._points = grid, block, words, points
        self.cells = [cell for cell in grid.filled_between(block.first, block.last) if cell is not block.margin]
        self._labels = {cell.place: label for cell in self.cells if (label := self._read(cell)) is not None}
        self.by_column = self._has_sources_by_column()
        self.without_budget = not any(label.measure in _PROVIDED for label in self._labels.values())
        """No label says that its figures are a budget or what was received."""

    def _read(self, cell: GridCell) -> MoneyLabel | None:
        if cell.is_number or parse_amount(cell.shown, "万元") or len(label_key(cell.shown)) > LONGEST_LABEL:
            return None
        if not (_TWO_LETTERS.search(without_blanks(cell.shown)) or self._is_entry(cell.shown)):
            return None
        if read_rate(cell) is not None or read_points(cell) is not None:
            return None
        measure = find_measure(cell.shown, self._words) or self._points.get(label_key(cell.shown))
        source = None if measure in _OF_NO_SOURCE else find_source(without_blanks(cell.shown), self._words)
        if measure is None and source is None and not self._has_figure_beside(cell):
            return None
        return MoneyLabel(cell, measure, source)

    def _is_entry(self, text: str) -> bool:
        return bool(self._words.measures.find_exact(text) or self._words.sources.find_exact(text))

    def _has_figure_beside(self, cell: GridCell) -> bool:
        """An unknown label with figures to its right is a line of its own."""
        right = self._grid.at(cell.row, cell.last_col + 1)
        return (
            right is not None
            and bool(right.shown)
            and (right.is_number or parse_amount(right.shown, "万元") is not None)
        )

    def _has_sources_by_column(self) -> bool:
        """Labels of one row name several sources, and rows begin with what is measured."""
        sources: dict[int, set[str]] = {}
        measured: set[int] = set()
        for label in self._labels.values():
            if label.source is not None:
                sources.setdefault(label.cell.row, set()).add(label.source)
            elif label.measure in MEASURED:
                measured.add(label.cell.row)
        return len(measured) > 1 and any(len(found) > 1 for found in sources.values())

    @property
    def named_cells(self) -> list[GridCell]:
        """The cells whose words say what is measured or whose money it is, the margin first: the same in every form."""
        named = [label.cell for label in self._labels.values() if label.measure is not None or label.source is not None]
        return named if self._block.margin is None else [self._block.margin, *named]

    # -- which label explains a figure

    def at(self, cell: GridCell) -> MoneyLabel | None:
        """The label that a cell is."""
        return self._labels.get(cell.place)

    def left_of(self, cell: GridCell) -> MoneyLabel | None:
        """The nearest label in the row."""
        places = (self._grid.at(cell.row, col) for col in range(cell.col - 1, -1, -1))
        return self._first(places)

    def above(self, cell: GridCell) -> MoneyLabel | None:
        """The nearest label in the column."""
        places = (self._grid.at(row, cell.col) for row in range(cell.row - 1, self._block.first - 1, -1))
        return self._first(places)

    def first_of_row(self, row: int) -> MoneyLabel | None:
        """The first label that stands in a row."""
        return self._first(iter(self._grid.starting_in(row)))

    def _first(self, cells: Iterator[GridCell | None]) -> MoneyLabel | None:
        return next((label for cell in cells if cell is not None and (label := self.at(cell)) is not None), None)

    def in_pairs(self, row: int, above: MoneyLabel | None) -> bool:
        """The row says first what is measured, then label and amount in turn (执行情况: 基本支出 2900 项目支出 1900)."""
        first = self.first_of_row(row)
        return first is not None and first.measure in AMOUNTS and (above is None or above.measure is None)

    # -- what stands in the labels themselves

    def money_unit(self) -> str:
        """The money unit that the block names: in its margin, in a label of amounts, or in the corner of its table."""
        margin = self._block.margin
        labels = [label.cell for label in self._labels.values() if label.measure in AMOUNTS or label.source]
        corner = [c for c in self.cells if c.row == self._block.first and parse_amount(c.shown, "元") is None]
        alone = [cell for cell in self.cells if names_only_unit(cell.shown)]
        named = ([margin] if margin is not None else []) + labels + corner + alone
        return next((unit for cell in named if (unit := find_money_unit(cell.shown))), "")

    def find_points(self) -> Iterator[tuple[GridCell, float]]:
        """Points in the label of the block or of its score column: (20分)."""
        labels = [label.cell for label in self._labels.values() if label.measure in POINTS]
        for cell in [self._block.margin, *labels]:
            if cell is not None and (number := stated_points(cell.shown)) is not None:
                yield cell, number
