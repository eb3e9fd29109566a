"""A list of several projects in one table (项目名称 is one of its columns) → a form of each, drawn as forms are.

What the list says once of a project (its name, unit, money) goes into rows of labels and values above a table of its
own indicators; every cell keeps the place where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workbook_tools.legacy.columns import NAMES, Header, find_headers
from workbook_tools.legacy.funding import MEASURED
from workbook_tools.legacy.grid import Cell, Grid
from workbook_tools.legacy.labels import is_note, is_title
from workbook_tools.legacy.quantities import is_mark
from workbook_tools.legacy.vocabulary import Vocabulary, key

_PROJECT = "project"
_ONCE = (
    "project",
    "code",
    "department",
    "unit",
    "both",
    "reporter",
    "contact",
    "phone",
    "category",
    "attribute",
    "type",
)
"""What a list may say of a project in columns."""
_LEVEL = "指标"
_APART = 12
"""Rows between the last project and what stands below the list."""


@dataclass
class _Group:
    """The rows of one project."""

    rows: list[int] = field(default_factory=list)


def separated(grid: Grid, words: Vocabulary) -> list[Grid]:
    """A grid for each project of a list; the grid itself if it is none."""
    headers = find_headers(grid, words)
    if len(headers) != 1:
        return [grid]
    (header,) = headers
    once = _columns_of_projects(header, words)
    names = next((cell for cell, kind in once.items() if kind == _PROJECT), None)
    if names is None or not _names_projects(grid, header, names):
        return [grid]
    groups, last = _groups(grid, header, names, words)
    if not groups:
        return [grid]
    parts = [_drawn(grid, header, once, group.rows) for group in groups]
    below = {
        (cell.row + _APART, cell.col): replace(cell, row=cell.row + _APART)
        for cell in grid.filled(last + 1, grid.height)
    }
    parts[-1] = Grid(grid.title, {**parts[-1].cells, **below}, grid.cut)
    return parts


def _columns_of_projects(header: Header, words: Vocabulary) -> dict[Cell, str]:
    """The labels of columns that say something of a project, not of an indicator: head, money or its total."""
    own = {(column.first, column.last): column.meaning for column in header.columns}
    found = {}
    for cell in header.cells:
        kind = words.head.exactly(cell.shown)
        indicators = own.get((cell.col, cell.last_col)) in NAMES
        scores = sum(1 for column in header.columns if words.columns.find(column.label) == "score")
        meant = words.columns.find(cell.shown)
        total = kind == "total" and (meant is None or (scores > 1 and "总" in cell.shown))
        if total or (kind in _ONCE and not indicators):
            found[cell] = str(kind)
        elif meant is None and (measure := words.measures.find(cell.shown)) in MEASURED:
            found[cell] = str(measure)
    return found


def _names_projects(grid: Grid, header: Header, label: Cell) -> bool:
    """Below the label stand names, not levels of indicators; and the indicators have a column of their own."""
    values = [cell.shown for cell in _below(grid, header, label) if not is_mark(cell.shown)]
    named = any(c.meaning in ("name", "level2") and not c.first <= label.col <= c.last for c in header.columns)
    return named and bool(values) and not any(key(value).endswith(_LEVEL) for value in values)


def _below(grid: Grid, header: Header, label: Cell) -> Iterator[Cell]:
    for cell in grid.filled(header.last_row + 1, grid.height):
        if label.col <= cell.col <= label.last_col:
            yield cell


def _groups(grid: Grid, header: Header, names: Cell, words: Vocabulary) -> tuple[list[_Group], int]:
    """Rows by project, and the last row of the list: a note, a title or a sum of all ends it."""
    groups: dict[str, _Group] = {}
    current: _Group | None = None
    last = header.last_row
    for row in (row for row in grid.filled_rows if row > header.last_row):
        cells = grid.starting(row)
        sums = any(words.rows.exactly(c.shown) == "total" for c in cells if c.col <= names.last_col)
        if sums or (len(cells) == 1 and (is_note(cells[0], words) or is_title(cells[0], words))):
            break
        name = next(grid.across(row, names.col, names.last_col), None)
        if name is not None:
            current = groups.setdefault(key(name.shown, keep_brackets=True), _Group())
        if current is None:
            break
        current.rows.append(row)
        last = row
    return [*groups.values()], last


def _drawn(grid: Grid, header: Header, once: dict[Cell, str], rows: list[int]) -> Grid:
    """What stands above the list, the labels and values of one project, and its indicators below the header."""
    cells = list(grid.filled(0, header.row - 1))
    for offset, kinds in enumerate((_ONCE, ("total",), tuple(MEASURED))):
        col = 0
        for label in (label for label, kind in once.items() if kind in kinds):
            value = next((cell for cell in _below(grid, header, label) if cell.row in rows), None)
            if value is None:
                continue
            for cell in (label, value):
                cells.append(replace(cell, row=header.row + offset, col=col, rows=1, cols=1))
                col += 1
    down = header.row + 3
    columns = {col for label in once for col in range(label.col, label.last_col + 1)}
    for cell in header.cells:
        if cell.col not in columns:
            cells.append(replace(cell, row=cell.row - header.row + down))
    first = down + header.last_row - header.row + 1
    for index, row in enumerate(rows):
        for cell in grid.starting(row):
            if cell.col not in columns:
                depth = sum(1 for other in rows if row <= other <= cell.last_row)
                cells.append(replace(cell, row=first + index, rows=depth))
    return Grid(grid.title, {(cell.row, cell.col): cell for cell in cells}, grid.cut)
