"""Headers of two rows in tables without merged cells (.csv, text): which label of the first stands over which of the second.

In such a table a label reaches over the blank cells right of it, up to the next label. Where the row below has labels in all of
these columns (年度指标值 over 符号, 值, 单位), it is a group; where it is blank there, the label belongs to both rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from workbook_tools.legacy.tables.column_meanings import FIGURES
from workbook_tools.legacy.tables.funding_labels import AMOUNTS, find_measure
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import LONGEST_LABEL, label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Known labels of a first row, a figure among them: fewer stand in any row.
_FEWEST_KNOWN = 3


def spread_header_labels(grid: Grid, words: Vocabulary) -> Grid:
    """The grid with the labels of such headers as if they were merged; as it is where any of its cells are merged."""
    if any(cell.rows > 1 or cell.cols > 1 for cell in grid.cells.values()):
        return grid
    spread = {cell.place: cell for row in grid.filled_rows for cell in _spread_row(grid, row, words)}
    return Grid(grid.title, {**grid.cells, **spread}, grid.cut, grid.kept) if spread else grid


def _may_begin_header(cells: list[GridCell], words: Vocabulary) -> bool:
    known = [words.columns.find(cell.shown) for cell in cells if not cell.is_number]
    return sum(meaning is not None for meaning in known) >= _FEWEST_KNOWN and any(one in FIGURES for one in known)


def _spread_row(grid: Grid, row: int, words: Vocabulary) -> Iterator[GridCell]:
    cells = grid.starting_in(row)
    if _may_begin_header(cells, words):
        yield from _spread_labels(grid, row)
    elif not any(cell.is_number for cell in cells):
        yield from _spread_measures(cells, words)


def _spread_measures(cells: list[GridCell], words: Vocabulary) -> Iterator[GridCell]:
    """预算安排情况 | | | 资金到位情况 | | |: what is measured, over the labels and amounts of the rows below."""
    reach = [(one, after.col - one.col) for one, after in pairwise(cells) if find_measure(one.shown, words) in AMOUNTS]
    if len(reach) > 1 and all(cols > 1 for _, cols in reach):
        yield from (replace(cell, cols=cols) for cell, cols in reach)


def _spread_labels(grid: Grid, row: int) -> Iterator[GridCell]:
    """The labels of a first row with the cells that they cover; none where the next row is not the second of a header."""
    above, below = grid.starting_in(row), {cell.col: cell for cell in grid.starting_in(row + 1)}
    last = max(cell.col for cells in (above, below.values()) for cell in cells)
    edges = [*(cell.col for cell in above[1:]), last + 1]
    groups, both = [], []
    for cell, after in zip(above, edges, strict=True):
        under = [below.pop(col) for col in range(cell.col, after) if col in below]
        if not under:
            both.append(replace(cell, rows=2, cols=after - cell.col))
        elif after - cell.col == len(under) > 1 and all(map(_is_label, under)):
            groups.append(replace(cell, cols=len(under)))
        else:
            return
    if groups and both and not below:
        yield from (*groups, *both)


def _is_label(cell: GridCell) -> bool:
    return not cell.is_number and 0 < len(label_key(cell.shown)) <= LONGEST_LABEL and any(map(str.isalpha, cell.shown))
