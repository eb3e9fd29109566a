"""A list with a project in each row and a group of columns for each indicator → a form of each project.

The groups repeat the same labels (指标名称 目标值 完成值 得分 | 指标名称 目标值 …); where these have no name among them, what stands
over a group names its indicator. Every cell keeps the place where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbook_tools.legacy.tables.column_contents import FIGURE_KINDS, kind_of
from workbook_tools.legacy.tables.column_evidence import weigh_label
from workbook_tools.legacy.tables.funding_labels import AMOUNTS, find_measure
from workbook_tools.legacy.tables.headers import ROWS_APART
from workbook_tools.legacy.tables.labels import find_head
from workbook_tools.legacy.tables.sum_rows import kind_of_sum
from workbook_tools.legacy.tables.titles_and_notes import is_counting_row, is_note
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Labels of a group, and groups of a list: two columns that stand twice may be anything.
_LABELS_OF_GROUP, _FEWEST_GROUPS = range(2, 13), 2
# Rows below a label that tell what it asks for.
_LOOKED_AT = 3
# A label that means what it says, put above the names that stand over the groups.
_NAME_LABEL = "三级指标"
# Labels that are put where a list has its own, by what they ask for.
_LABEL_OF_FACT = {"project": "项目名称", "unit": "实施单位", "department": "主管部门", "total": "总得分"}


# Labels of facts that stand side by side where two forms do.
_WHOSE = ("project", "unit", "department", "year", "both")


@dataclass(frozen=True)
class _WideList:
    """The labels of a list: its groups, and the columns that say something of the project."""

    groups: Sequence[Sequence[GridCell]]
    facts: Sequence[tuple[GridCell, str]]
    """Label → a key of [head] or of [measures]."""
    first_row: int
    last_row: int
    """Of the header."""

    @property
    def columns(self) -> range:
        """The columns of the groups."""
        return range(self.groups[0][0].col, self.groups[-1][-1].last_col + 1)


def split_wide_list(grid: Grid, words: Vocabulary) -> list[Grid]:
    """A grid for each project of a wide list; none where the grid is no such list."""
    for row in grid.filled_rows:
        groups = _find_groups(grid.starting_in(row))
        found = _read_labels(grid, row, groups, words) if groups else None
        if found is not None:
            return [*_draw_projects(grid, found, words)]
    return []


def _find_groups(cells: list[GridCell]) -> list[list[GridCell]]:
    """The labels of a row in groups that are the same; none where they do not repeat."""
    keys = [label_key(cell.shown) for cell in cells]
    if len({*keys}) == len(keys):
        return []
    for start in range(len(cells)):
        for width in _LABELS_OF_GROUP:
            first = keys[start : start + width]
            if len(set(first)) < width or any(cell.is_number for cell in cells[start : start + width]):
                continue
            count = 1
            while keys[start + count * width : start + (count + 1) * width] == first:
                count += 1
            if count >= _FEWEST_GROUPS:
                return [cells[start + i * width : start + (i + 1) * width] for i in range(count)]
    return []


def _read_labels(grid: Grid, row: int, groups: list[list[GridCell]], words: Vocabulary) -> _WideList | None:
    """The list below these groups, where a column beside them names projects, in rows of their own."""
    inside = range(groups[0][0].col, groups[-1][-1].last_col + 1)
    if any(find_head(label.shown, words) in _WHOSE for label in groups[0]) or not _has_figures(
        grid, row, inside, words
    ):
        return None
    last = max(cell.last_col for cell in grid.cells.values())
    labels = {cell.place: cell for at in (row - 1, row) if at >= 0 for cell in grid.across(at, 0, last)}
    facts = [
        (cell, kind)
        for cell in labels.values()
        if cell.col not in inside and (kind := find_head(cell.shown, words) or find_measure(cell.shown, words))
    ]
    if not any(kind == "project" for _, kind in facts):
        named = next(
            (cell for cell in labels.values() if cell.col not in inside and _names_projects(grid, cell, words)), None
        )
        if named is None:
            return None
        facts.append((named, "project"))
    return _WideList(groups, facts, min(cell.row for cell in labels.values()), row)


def _has_figures(grid: Grid, row: int, columns: range, words: Vocabulary) -> bool:
    """The row below the labels holds figures of several groups."""
    below = [cell for at in grid.rows_below(row, 1) for cell in grid.starting_in(at) if cell.col in columns]
    return sum(kind_of(cell, words) in FIGURE_KINDS for cell in below) >= _FEWEST_GROUPS


def _names_projects(grid: Grid, label: GridCell, words: Vocabulary) -> bool:
    """What stands below a label ends as names of projects do (…项目, …工程)."""
    rows = grid.rows_below(label.last_row, _LOOKED_AT)
    below = [cell for row in rows for cell in grid.across(row, label.col, label.last_col) if not cell.is_number]
    return bool(below) and all(cell.shown.endswith(words.words("marks", "projects")) for cell in below)


def _draw_projects(grid: Grid, found: _WideList, words: Vocabulary) -> Iterator[Grid]:
    names = next(label for label, kind in found.facts if kind == "project")
    rows: list[int] = []
    others: list[int] = []
    for row in grid.filled_rows:
        if row <= found.last_row:
            continue
        cells = grid.starting_in(row)
        name = next(grid.across(row, names.col, names.last_col), None)
        sums = any(kind_of_sum(cell.shown, words) for cell in cells if cell.col <= names.last_col)
        note = len(cells) == 1 or is_note(cells[0], words) or is_counting_row(cells, words)
        (others if sums or note or name is None or name.row != row else rows).append(row)
    for row in rows:
        yield _draw_project(grid, found, row, others if row == rows[-1] else [], words)


def _draw_project(grid: Grid, found: _WideList, row: int, others: list[int], words: Vocabulary) -> Grid:
    """What stands above the list, the facts of a project, its indicators below each other, and what is left of its row."""
    top = found.first_row
    cells = list(grid.filled_between(0, top - 1))
    taken = {label.place for label, _ in found.facts}
    for kinds, at in ((AMOUNTS.keys() | {"rate", "weight", "score"}, top + 1), (None, top)):
        col = 0
        for label, kind in found.facts:
            if (
                (kind in kinds)
                if kinds is not None
                else (kind not in AMOUNTS and kind not in ("rate", "weight", "score"))
            ):
                value = next(grid.across(row, label.col, label.last_col), None)
                shown = _LABEL_OF_FACT.get(kind, label.shown)
                cells.append(replace(label, row=at, col=col, rows=1, cols=1, value=shown, shown=shown))
                if value is not None:
                    cells.append(replace(value, row=at, col=col + 1, rows=1, cols=1))
                    taken.add(value.place)
                col += 2
    down = top + 2
    cells += _draw_table(grid, found, row, down, words)
    below = down + len(found.groups) + ROWS_APART
    left = [c for c in grid.starting_in(row) if c.place not in taken and c.col not in found.columns and not _counts(c)]
    cells += [replace(cell, row=below, col=at, rows=1, cols=1) for at, cell in enumerate(left)]
    cells += [
        replace(c, row=below + 1 + at, rows=1) for at, other in enumerate(others) for c in grid.starting_in(other)
    ]
    return Grid(grid.title, {cell.place: cell for cell in cells}, grid.cut)


def _counts(cell: GridCell) -> bool:
    """The number of the row."""
    return cell.col == 0 and cell.is_number


def _draw_table(grid: Grid, found: _WideList, row: int, top: int, words: Vocabulary) -> Iterator[GridCell]:
    """The indicators of a row below each other; a group that is blank is none."""
    first = found.groups[0]
    named = _has_names(grid, found, row, words)
    for at, label in enumerate(first):
        yield replace(label, row=top, col=at + 1, rows=1, cols=1)
    if not named:
        yield replace(first[0], row=top, col=0, rows=1, cols=1, value=_NAME_LABEL, shown=_NAME_LABEL)
    for number, group in enumerate(found.groups, 1):
        values = [(at, value) for at, c in enumerate(group) if (value := _value_below(grid, row, c)) is not None]
        over = next((c for c in grid.across(found.last_row - 1, group[0].col, group[0].col)), None)
        if values and over is not None and not named:
            yield replace(over, row=top + number, col=0, rows=1, cols=1)
        for at, value in values:
            yield replace(value, row=top + number, col=at + 1, rows=1, cols=1)


def _value_below(grid: Grid, row: int, label: GridCell) -> GridCell | None:
    return next((cell for cell in grid.across(row, label.col, label.last_col) if cell.row == row), None)


def _has_names(grid: Grid, found: _WideList, row: int, words: Vocabulary) -> bool:
    """A column of each group names its indicator: by its label, or because texts that differ stand in it."""
    if any("name" in weigh_label(label.shown, words) for label in found.groups[0]):
        return True
    for at in range(len(found.groups[0])):
        texts = [value.shown for group in found.groups if (value := _value_below(grid, row, group[at])) is not None]
        if len(set(texts)) == len(texts) > 1 and not any(char.isdecimal() for text in texts for char in text):
            return True
    return False
