"""A list of several projects in one table → a form of each, drawn as forms are.

The project stands in a column (项目名称, with its unit and money in columns of their own) or in rows between the
indicators (项目名称：…). What the list says once of a project goes above a table of its own indicators; every cell
keeps the place where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from workbook_tools.legacy.tables.columns import NAMES, Header, find_headers
from workbook_tools.legacy.tables.funding import MEASURED
from workbook_tools.legacy.tables.labels import is_counting_row, is_note, is_title
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.vocabulary import Vocabulary

_PROJECT = "project"
_WHOSE = ("department", "unit", "both", "reporter")
"""Said once for several projects below each other."""
_ONCE = (_PROJECT, *_WHOSE, "code", "contact", "phone", "category", "attribute", "type")
"""What a list may say of a project in columns."""
_TEXTS = ("goal_annual", "goal_actual")
_UNIT, _PROJECT_LABEL, _UNIT_LABEL = "unit", "项目名称", "单位名称"
_BARE, _LEVEL = "项目", "指标"
_LABEL = re.compile("[:：]")
_NUMBERED = re.compile(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*(?=\D)")
_APART = 12
"""Rows between the last project and what stands below the list."""
_OVER = -1


def separated(grid: Grid, words: Vocabulary) -> list[Grid]:
    """A grid for each project of a list; the grid itself if it is none."""
    headers = find_headers(grid, words)
    if len(headers) != 1:
        return [grid]
    return _by_rows(grid, headers[0], words) or _by_column(grid, headers[0], words) or [grid]


# -- projects in rows between the indicators


def _by_rows(grid: Grid, header: Header, words: Vocabulary) -> list[Grid]:
    """The projects that rows of their own name, the first of them right below the header."""
    below = [row for row in grid.filled_rows if row > header.last_row]
    named = {row: name for row in below if (name := _named(grid.starting_in(row), words))}
    if not below or below[0] not in named:
        return []
    starts = [*named, grid.height]
    return [
        _drawn(grid, header, named[start], [row for row in below if start < row < end], set(), header.row)
        for start, end in pairwise(starts)
    ]


def _named(cells: list[GridCell], words: Vocabulary) -> list[GridCell]:
    """The row as label and value where it names a project: 项目名称：…, or a number and a name (一、防疫项目)."""
    label, colon, _ = without_blanks(cells[0].shown).replace("：", ":").partition(":")
    if words.head.find_exact(label) == _PROJECT and (colon or len(cells) > 1):
        return cells
    name = _NUMBERED.sub("", cells[0].shown)
    if len(cells) == 1 and name != cells[0].shown and label_key(name).endswith(words.words("marks", "projects")):
        return [_relabelled(cells[0], _PROJECT_LABEL), replace(cells[0], col=cells[0].col + 1, value=name, shown=name)]
    return []


# -- projects in a column


def _by_column(grid: Grid, header: Header, words: Vocabulary) -> list[Grid]:
    once = _columns_of_projects(_labels(grid, header), header, words)
    names = next((cell for cell, kind in once.items() if kind == _PROJECT), None)
    if names is None or not _names_projects(grid, header, names, words):
        return []
    groups, apart = _groups(grid, header, names, words)
    top = min(cell.row for cell in once)
    columns = {col for label in once for col in range(label.col, label.last_col + 1)}
    parts = [_drawn(grid, header, _said(grid, header, once, rows), rows, columns, top) for rows in groups]
    if not parts:
        return []
    down = parts[-1].height + _APART
    below = [
        replace(cell, row=cell.row - header.last_row + down)
        for cell in grid.filled_between(header.last_row + 1, grid.height)
        if cell.row in apart and not is_counting_row(grid.starting_in(cell.row), words)
    ]
    parts[-1] = Grid(grid.title, {**parts[-1].cells, **{(cell.row, cell.col): cell for cell in below}}, grid.cut)
    return parts


def _labels(grid: Grid, header: Header) -> list[GridCell]:
    """The labels of the header and those merged down into it from above."""
    last = max((cell.last_col for cell in header.cells), default=0)
    above = [cell for cell in grid.across(header.row, 0, last) if cell.row < header.row]
    return sorted([*above, *header.cells], key=lambda cell: (cell.col, cell.row))


def _columns_of_projects(labels: Iterable[GridCell], header: Header, words: Vocabulary) -> dict[GridCell, str]:
    """The labels of columns that say something of a project, not of an indicator: head, money, goals or its total."""
    own = {(column.first, column.last): column.meaning for column in header.columns}
    scores = sum(1 for column in header.columns if words.columns.find(column.label) == "score")
    found = {}
    for cell in labels:
        kind, meant = words.head.find_exact(cell.shown), words.columns.find(cell.shown)
        total = kind == "total" and (meant is None or (scores > 1 and "总" in cell.shown))
        if meant == _UNIT and cell.col < header.names.first:
            found[_relabelled(cell, _UNIT_LABEL)] = "reporter"
        elif total or (kind in _ONCE and own.get((cell.col, cell.last_col)) not in NAMES):
            found[cell] = str(kind)
        elif meant is None and (measure := words.measures.find(cell.shown)) in MEASURED:
            found[cell] = str(measure)
        elif meant is None and (text := words.texts.find_exact(cell.shown)) in _TEXTS:
            found[cell] = str(text)
    groups = {cell for cell in found if any(_above(cell, other) for other in found)}
    return {cell: kind for cell, kind in found.items() if cell not in groups}


def _above(cell: GridCell, other: GridCell) -> bool:
    """A label of a group of columns, one of which is ``other``."""
    return cell.last_row < other.row and cell.col <= other.col <= cell.last_col


def _relabelled(cell: GridCell, label: str) -> GridCell:
    return replace(cell, value=label, shown=label)


def _names_projects(grid: Grid, header: Header, label: GridCell, words: Vocabulary) -> bool:
    """Below the label stand names, not levels of indicators; and the indicators have a column of their own."""
    values = [label_key(cell.shown) for cell in _below(grid, header, label) if not says_nothing(cell.shown)]
    named = any(c.meaning in ("name", "level2") and not c.first <= label.col <= c.last for c in header.columns)
    levels = any(value.endswith(_LEVEL) for value in values)
    if label_key(label.shown) == _BARE:
        above = (_LABEL.split(cell.shown)[0] for cell in grid.filled_between(0, label.row - 1))
        levels |= any(value.startswith(words.words("marks", "levels")) for value in values)
        levels |= any(words.head.find_exact(text) == _PROJECT for text in above)
    return named and bool(values) and not levels


def _below(grid: Grid, header: Header, label: GridCell) -> Iterator[GridCell]:
    for cell in grid.filled_between(header.last_row + 1, grid.height):
        if label.col <= cell.col <= label.last_col:
            yield cell


def _groups(grid: Grid, header: Header, names: GridCell, words: Vocabulary) -> tuple[list[list[int]], list[int]]:
    """Rows by project, and the rows of none: sums of all projects, and what follows the list from a note or title on."""
    groups: dict[str, list[int]] = {}
    current: list[int] = []
    apart: list[int] = []
    below = [row for row in grid.filled_rows if row > header.last_row]
    for index, row in enumerate(below):
        cells = grid.starting_in(row)
        if len(cells) == 1 and (is_note(cells[0], words) or is_title(cells[0], words)):
            return [*groups.values()], [*apart, *below[index:]]
        name = next(grid.across(row, names.col, names.last_col), None)
        sums = any(words.rows.find_exact(c.shown) == "total" for c in cells if c.col <= names.last_col)
        if sums or is_counting_row(cells, words) or (name is None and not groups):
            apart.append(row)
            continue
        if name is not None:
            current = groups.setdefault(without_blanks(name.shown), [])
        current.append(row)
    return [*groups.values()], apart


def _said(grid: Grid, header: Header, once: dict[GridCell, str], rows: list[int]) -> list[GridCell]:
    """Labels and values of one project, in rows of 0 to 2: head, texts, money; what differs from them in row _OVER."""
    cells: list[GridCell] = []
    over: list[GridCell] = []
    for row, kinds in enumerate((_ONCE, ("total", *_TEXTS), tuple(MEASURED))):
        for label in (label for label, kind in once.items() if kind in kinds):
            known = [cell for cell in _below(grid, header, label) if cell.row <= rows[0] or cell.row in rows]
            value = next((cell for cell in known if cell.row in rows or rows[0] <= cell.last_row), None)
            if value is None and once[label] in _WHOSE:
                value = known[-1] if known else None
            if value is not None:
                cells += [replace(cell, row=row, col=len(cells) + i) for i, cell in enumerate((label, value))]
                over += [cell for cell in known if cell.row in rows and cell.shown != value.shown]
    return [*cells, *(replace(cell, row=_OVER, col=col) for col, cell in enumerate(over))]


# -- one project


def _drawn(grid: Grid, header: Header, said: list[GridCell], rows: list[int], columns: set[int], top: int) -> Grid:
    """What stands above the list, what is ``said`` of one project, and its indicators below the header.

    ``columns`` are those that say something of the project; ``top`` is where the header's labels begin.
    """
    cells = list(grid.filled_between(0, top - 1))
    lines = sorted({cell.row for cell in said if cell.row != _OVER})
    cells += [replace(c, row=top + lines.index(c.row), rows=1, cols=1) for c in said if c.row != _OVER]
    down = top + len(lines)
    cells += [replace(cell, row=cell.row - header.row + down) for cell in header.cells if cell.col not in columns]
    first = down + header.last_row - header.row + 1
    cells += [replace(c, row=first + len(rows) + _APART - 1, rows=1, cols=1) for c in said if c.row == _OVER]
    for index, row in enumerate(rows):
        for cell in grid.starting_in(row):
            if cell.col not in columns:
                depth = sum(1 for other in rows if row <= other <= cell.last_row)
                cells.append(replace(cell, row=first + index, rows=depth))
    return Grid(grid.title, {(cell.row, cell.col): cell for cell in cells}, grid.cut)
