"""Forms side by side on one sheet → a grid for each: parted by a blank column, by labels that stand twice, or by a header of
doubled columns."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from workbook_tools.legacy.tables.headers import find_headers, find_repeated_labels, find_tables_beside
from workbook_tools.legacy.tables.labels import Label, find_label
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Right of every column of a sheet.
_BEYOND = 1 << 20
# Labels that a second form has like the first, and of these how many stand in its first column: a table may well say 合计 twice.
_FEWEST_REPEATED, _FEWEST_IN_COLUMN, _LONGEST_LABEL = 4, 2, 30
LABELS_OF_FORM = 3
"""Labels that stand in the first column of a second form, in so many rows; in that of a second group of columns fewer do."""


def split_side_by_side(grid: Grid, words: Vocabulary) -> list[Grid]:
    """The grid, or its parts where forms stand side by side."""
    if apart := _split_at_blank_column(grid, words) or split_at_repeated_labels(grid, words):
        return [part for half in apart for part in split_side_by_side(half, words)]
    headers = find_headers(grid, words)
    starts = {
        start for header in headers for start in find_tables_beside(header, words) or find_repeated_labels(header)
    }
    if not starts:
        return [grid]
    edges = [0, *sorted(_move_to_name(grid, start, words) for start in starts), _BEYOND]
    return [grid.between_columns(first, last - 1) for first, last in pairwise(edges)]


def _split_at_blank_column(grid: Grid, words: Vocabulary) -> list[Grid]:
    """Both sides of a blank column, where there is a table of indicators on each of them."""
    return _split_at(grid, words, grid.columns_after_gaps())


def split_at_repeated_labels(grid: Grid, words: Vocabulary, fewest: int = _FEWEST_IN_COLUMN) -> list[Grid]:
    """Both sides of a column in which so many labels stand that stood left of it before, whatever they are and in whichever
    rows."""
    return _split_at(grid, words, _columns_of_repeated_labels(grid, fewest))


def _split_at(grid: Grid, words: Vocabulary, columns: Iterable[int]) -> list[Grid]:
    """Left of the first of these columns, and from it on, that has a table of indicators on both sides; the smaller side is
    looked at first."""
    for column in columns:
        halves = [grid.between_columns(0, column - 1), grid.between_columns(column, _BEYOND)]
        if all(find_headers(half, words) for half in sorted(halves, key=lambda half: len(half.cells))):
            return halves
    return []


def _columns_of_repeated_labels(grid: Grid, fewest: int) -> list[int]:
    """Columns that may be the first of a second form, those with the most repeated labels first."""
    first: dict[str, int] = {}
    again: dict[int, set[str]] = {}
    for cell in sorted(grid.cells.values(), key=lambda cell: cell.col):
        if not 1 < len(cell.shown) <= _LONGEST_LABEL or any(map(str.isdecimal, cell.shown)):
            continue
        key = label_key(cell.shown)
        if first.setdefault(key, cell.col) < cell.col:
            again.setdefault(cell.col, set()).add(key)
    if len(set().union(*again.values())) < _FEWEST_REPEATED:
        return []
    crossed = {col for cell in grid.cells.values() if cell.shown for col in range(cell.col + 1, cell.last_col + 1)}
    starts = [col for col, keys in again.items() if len(keys) >= fewest and col not in crossed]
    return sorted(starts, key=lambda col: (-len(again[col]), col))


def _move_to_name(grid: Grid, start: int, words: Vocabulary) -> int:
    """The edge left of a form: where its first rows name its project, which may be further left than its table."""
    for row in grid.filled_rows:
        names = [c.col for c in grid.starting_in(row) if _names_project(c, words)]
        left = [col for col in names[1:] if col <= start]
        if left:
            start = max(left)
    return start


def _names_project(cell: GridCell, words: Vocabulary) -> bool:
    return find_label(cell.shown, words) == Label("head", "project")
