"""A list of several projects in one table → a form of each, drawn as forms are.

The project stands in a column (项目名称, with its unit and money in columns of their own) or in rows between the
indicators (项目名称：…). What the list says once of a project goes above a table of its own indicators; every cell
keeps the place where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from workbook_tools.legacy.tables.column_meanings import NAMES
from workbook_tools.legacy.tables.funding_labels import MEASURED
from workbook_tools.legacy.tables.headers import ROWS_APART, Header, find_headers
from workbook_tools.legacy.tables.levels import LEVEL_ENDING
from workbook_tools.legacy.tables.titles_and_notes import is_counting_row, is_note, is_title
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.numbering import without_serial
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Labels that mean what they say wherever they stand; they are put where a list has none, or one with another meaning.
_PROJECT_LABEL, _UNIT_LABEL = "项目名称", "单位名称"
# A column that is called so may hold projects or levels of indicators.
_EITHER_LABEL = "项目"
# Keys of [head] that a list may say once for several projects below each other.
_WHOSE = ("department", "unit", "both", "reporter")
# Keys of [head] and [texts] that a list may say of a project in columns.
_FACTS = ("project", *_WHOSE, "code", "contact", "phone", "category", "attribute", "type")
_TEXTS = ("goal_annual", "goal_actual")
# The row of what differs from what was said of the project already; it is drawn below the table, to be listed.
_LEFT_OVER = -1


def split_project_list(grid: Grid, words: Vocabulary) -> list[Grid]:
    """A grid for each project of a list; the grid itself if it is none."""
    headers = find_headers(grid, words)
    if len(headers) != 1:
        return [grid]
    return _split_by_rows(grid, headers[0], words) or _split_by_column(grid, headers[0], words) or [grid]


# -- projects in rows between the indicators


def _split_by_rows(grid: Grid, header: Header, words: Vocabulary) -> list[Grid]:
    """The projects that rows of their own name, the first of them right below the header."""
    below = [row for row in grid.filled_rows if row > header.last_row]
    names = {row: name for row in below if (name := _read_project_row(grid.starting_in(row), words))}
    if not below or below[0] not in names:
        return []
    starts = [*names, grid.height]
    return [
        _draw_project(grid, header, names[start], [row for row in below if start < row < end], set(), header.row)
        for start, end in pairwise(starts)
    ]


def _read_project_row(cells: list[GridCell], words: Vocabulary) -> list[GridCell]:
    """The row as label and value where it names a project: 项目名称：…, or a number and a name (一、防疫项目)."""
    first = cells[0]
    label, colon, _ = without_blanks(first.shown).replace("：", ":").partition(":")
    if words.head.find_exact(label) == "project" and (colon or len(cells) > 1):
        return cells
    name = without_serial(first.shown).lstrip()
    if len(cells) == 1 and name != first.shown and label_key(name).endswith(words.words("marks", "projects")):
        return [_with_text(first, _PROJECT_LABEL), replace(_with_text(first, name), col=first.col + 1)]
    return []


# -- projects in a column


def _split_by_column(grid: Grid, header: Header, words: Vocabulary) -> list[Grid]:
    facts = _find_fact_columns(_labels_of(grid, header), header, words)
    names = next((cell for cell, kind in facts.items() if kind == "project"), None)
    if names is None or not _names_projects(grid, header, names, words):
        return []
    projects, others = _group_rows(grid, header, names, words)
    top = min(cell.row for cell in facts)
    columns = {col for label in facts for col in range(label.col, label.last_col + 1)}
    grids = [
        _draw_project(grid, header, _read_facts(grid, header, facts, rows), rows, columns, top) for rows in projects
    ]
    if not grids:
        return []
    down = grids[-1].height + ROWS_APART
    below = [
        replace(cell, row=cell.row - header.last_row + down)
        for cell in grid.filled_between(header.last_row + 1, grid.height)
        if cell.row in others and not is_counting_row(grid.starting_in(cell.row), words)
    ]
    grids[-1] = Grid(grid.title, {**grids[-1].cells, **{cell.place: cell for cell in below}}, grid.cut)
    return grids


def _labels_of(grid: Grid, header: Header) -> list[GridCell]:
    """The labels of the header and those merged down into it from above."""
    last = max((cell.last_col for cell in header.cells), default=0)
    above = [cell for cell in grid.across(header.row, 0, last) if cell.row < header.row]
    return sorted([*above, *header.cells], key=lambda cell: (cell.col, cell.row))


def _find_fact_columns(labels: Iterable[GridCell], header: Header, words: Vocabulary) -> dict[GridCell, str]:
    """The labels of columns that say something of a project, not of an indicator: head, money, goals or its total."""
    own = {(column.first, column.last): column.meaning for column in header.columns}
    scores = sum(1 for column in header.columns if words.columns.find(column.label) == "score")
    found = {}
    for cell in labels:
        kind, meaning = words.head.find_exact(cell.shown), words.columns.find(cell.shown)
        total = kind == "total" and (meaning is None or (scores > 1 and "总" in cell.shown))
        if meaning == "unit" and cell.col < header.names.first:
            found[_with_text(cell, _UNIT_LABEL)] = "reporter"
        elif total or (kind in _FACTS and own.get((cell.col, cell.last_col)) not in NAMES):
            found[cell] = str(kind)
        elif meaning is None and (measure := words.measures.find(cell.shown)) in MEASURED:
            found[cell] = str(measure)
        elif meaning is None and (text := words.texts.find_exact(cell.shown)) in _TEXTS:
            found[cell] = str(text)
    groups = {cell for cell in found if any(_stands_over(cell, other) for other in found)}
    return {cell: kind for cell, kind in found.items() if cell not in groups}


def _stands_over(cell: GridCell, other: GridCell) -> bool:
    """A label of a group of columns, one of which is ``other``."""
    return cell.last_row < other.row and cell.col <= other.col <= cell.last_col


def _with_text(cell: GridCell, text: str) -> GridCell:
    return replace(cell, value=text, shown=text)


def _names_projects(grid: Grid, header: Header, label: GridCell, words: Vocabulary) -> bool:
    """Below the label stand names, not levels of indicators; and the indicators have a column of their own."""
    values = [label_key(cell.shown) for cell in _cells_below(grid, header, label) if not says_nothing(cell.shown)]
    named = any(c.meaning in ("name", "level2") and not c.first <= label.col <= c.last for c in header.columns)
    levels = any(value.endswith(LEVEL_ENDING) for value in values)
    if label_key(label.shown) == _EITHER_LABEL:
        above = (cell.shown.replace("：", ":").partition(":")[0] for cell in grid.filled_between(0, label.row - 1))
        levels |= any(value.startswith(words.words("marks", "levels")) for value in values)
        levels |= any(words.head.find_exact(text) == "project" for text in above)
    return named and bool(values) and not levels


def _cells_below(grid: Grid, header: Header, label: GridCell) -> Iterator[GridCell]:
    for cell in grid.filled_between(header.last_row + 1, grid.height):
        if label.col <= cell.col <= label.last_col:
            yield cell


def _group_rows(grid: Grid, header: Header, names: GridCell, words: Vocabulary) -> tuple[list[list[int]], list[int]]:
    """Rows by project, and the rows of none: sums of all projects, and what follows the list from a note or title on."""
    projects: dict[str, list[int]] = {}
    current: list[int] = []
    others: list[int] = []
    below = [row for row in grid.filled_rows if row > header.last_row]
    for index, row in enumerate(below):
        cells = grid.starting_in(row)
        if len(cells) == 1 and (is_note(cells[0], words) or is_title(cells[0], words)):
            return [*projects.values()], [*others, *below[index:]]
        name = next(grid.across(row, names.col, names.last_col), None)
        sums = any(words.rows.find_exact(c.shown) == "total" for c in cells if c.col <= names.last_col)
        if sums or is_counting_row(cells, words) or (name is None and not projects):
            others.append(row)
            continue
        if name is not None:
            current = projects.setdefault(without_blanks(name.shown), [])
        current.append(row)
    return [*projects.values()], others


def _read_facts(grid: Grid, header: Header, facts: dict[GridCell, str], rows: list[int]) -> list[GridCell]:
    """Labels and values of one project, in rows of 0 to 2: head, texts, money; what differs from them is left over."""
    cells: list[GridCell] = []
    left_over: list[GridCell] = []
    for row, kinds in enumerate((_FACTS, ("total", *_TEXTS), tuple(MEASURED))):
        for label in (label for label, kind in facts.items() if kind in kinds):
            known = [cell for cell in _cells_below(grid, header, label) if cell.row <= rows[0] or cell.row in rows]
            value = next((cell for cell in known if cell.row in rows or rows[0] <= cell.last_row), None)
            if value is None and facts[label] in _WHOSE:
                value = known[-1] if known else None
            if value is not None:
                cells += [replace(cell, row=row, col=len(cells) + i) for i, cell in enumerate((label, value))]
                left_over += [cell for cell in known if cell.row in rows and cell.shown != value.shown]
    return [*cells, *(replace(cell, row=_LEFT_OVER, col=col) for col, cell in enumerate(left_over))]


# -- one project


def _draw_project(
    grid: Grid, header: Header, facts: list[GridCell], rows: list[int], columns: set[int], top: int
) -> Grid:
    """What stands above the list, the ``facts`` of one project, and its indicators below the header.

    ``columns`` are those that say something of the project; ``top`` is where the header's labels begin.
    """
    cells = list(grid.filled_between(0, top - 1))
    lines = sorted({cell.row for cell in facts if cell.row != _LEFT_OVER})
    cells += [replace(c, row=top + lines.index(c.row), rows=1, cols=1) for c in facts if c.row != _LEFT_OVER]
    down = top + len(lines)
    cells += [replace(cell, row=cell.row - header.row + down) for cell in header.cells if cell.col not in columns]
    first = down + header.last_row - header.row + 1
    end = first + len(rows) + ROWS_APART - 1
    cells += [replace(c, row=end, rows=1, cols=1) for c in facts if c.row == _LEFT_OVER]
    for index, row in enumerate(rows):
        for cell in grid.starting_in(row):
            if cell.col not in columns:
                depth = sum(1 for other in rows if row <= other <= cell.last_row)
                cells.append(replace(cell, row=first + index, rows=depth))
    return Grid(grid.title, {cell.place: cell for cell in cells}, grid.cut)
