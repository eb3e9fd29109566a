"""What each column of the table of indicators means: by its label, and by its place among the others.

The label says most (:attr:`Vocabulary.columns`); :func:`assign_meanings` then goes through rules that look at all columns
of one header, each of which may give a column another meaning. In the end each meaning stands once, but for remarks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from workbook_tools.legacy.words.figures import read_points
from workbook_tools.legacy.words.grid import Grid
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

NAMES = ("level1", "level2", "name")
"""Meanings of the columns that say which indicator a row is about."""
FIGURES = ("target", "actual", "weight", "score")
"""Meanings of the columns that tell its figures."""


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """A column of the table, which may be several columns of the sheet."""

    meaning: str
    """A key of [columns], or ``unknown``, ``actual_unit``."""
    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns below one header, with what a rule may look at beside their labels."""

    grid: Grid
    last_row: int
    """Of the header; the rows below it hold what the columns contain."""
    words: Vocabulary

    def first_cell_is_text(self, column: HeaderColumn) -> bool:
        """The first thing in a column is a text and no number of points."""
        first = next(self.grid.across(self.last_row + 1, column.first, column.last), None)
        return first is not None and read_points(first) is None


Rule = Callable[[list[HeaderColumn], TableColumns], list[HeaderColumn]]


def assign_meanings(grid: Grid, last_row: int, columns: list[HeaderColumn], words: Vocabulary) -> list[HeaderColumn]:
    """The columns with the meanings that they have in this table."""
    table = TableColumns(grid, last_row, words)
    for rule in _RULES:
        columns = rule(columns, table)
    return columns


def _take_texts_for_level1(columns: list[HeaderColumn], table: TableColumns) -> list[HeaderColumn]:
    """A column of texts left of the name that is called after its points (项目权重: 项目决策2分) is level 1."""
    names = [column.first for column in columns if column.meaning == "name"]
    if not names or any(column.meaning == "level1" for column in columns):
        return columns
    for column in columns:
        if column.meaning == "weight" and column.first < names[0] and table.first_cell_is_text(column):
            return _with(columns, column, "level1")
    return columns


def _split_into_levels(columns: list[HeaderColumn], table: TableColumns) -> list[HeaderColumn]:
    """绩效指标 over several columns is the levels and the name; 三级指标 over several is the name alone."""
    if {column.meaning for column in columns} & {"level1", "level2"}:
        return columns
    of_all = table.words.words("marks", "all_levels")
    parts = (
        _levels_of(c) if c.meaning == "name" and c.last > c.first and label_key(c.label) in of_all else [c]
        for c in columns
    )
    return [column for part in parts for column in part]


def _levels_of(column: HeaderColumn) -> Iterator[HeaderColumn]:
    width = column.last - column.first + 1
    levels = ("level1", "level2") if width > 2 else ("level1",)
    for offset, meaning in enumerate(levels):
        yield HeaderColumn(meaning, column.first + offset, column.first + offset, column.label)
    yield HeaderColumn("name", column.first + len(levels), column.last, column.label)


def _take_sound_for_meaning(columns: list[HeaderColumn], table: TableColumns) -> list[HeaderColumn]:
    """Where no column is known for the actual or the target, an unknown one whose label sounds like it (本年达成水平)."""
    known = {column.meaning for column in columns}
    for meaning in ("actual", "target"):
        if known & {meaning, "state", "adjusted_target"}:
            continue
        cues = table.words.words("marks", f"{meaning}_cues")
        found = next((c for c in columns if c.meaning == "unknown" and any(cue in c.label for cue in cues)), None)
        if found is not None:
            columns = _with(columns, found, meaning)
    return columns


def _keep_own_weight(columns: list[HeaderColumn], _table: TableColumns) -> list[HeaderColumn]:
    """Of several columns of points (of each level) the one right of the name counts."""
    names = [column.first for column in columns if column.meaning == "name"]
    weights = [column for column in columns if column.meaning == "weight"]
    right = [column for column in weights if names and column.first > names[0]]
    if len(weights) < 2 or not right:
        return columns
    return [replace(c, meaning="other") if c in weights and c is not right[0] else c for c in columns]


# Meanings that several columns may have: what they say is joined, or told with the row.
_MAY_REPEAT = ("reason", "unknown", "other", "description", "method", "note")


def _keep_one_of_each(columns: list[HeaderColumn], _table: TableColumns) -> list[HeaderColumn]:
    """A second name describes the first; any other second column of a meaning is told with the row."""
    taken: set[str] = set()
    kept = []
    for column in columns:
        meaning = column.meaning
        if meaning in taken and meaning not in _MAY_REPEAT:
            meaning = "description" if meaning == "name" else "other"
        taken.add(column.meaning)
        kept.append(replace(column, meaning=meaning))
    return kept


def _take_next_best(columns: list[HeaderColumn], _table: TableColumns) -> list[HeaderColumn]:
    """A remark is the reason, 完成情况 the actual, and a description the name, where there is no other."""
    for meaning, next_best in (("reason", "note"), ("actual", "state"), ("name", "description")):
        found = next((c for c in columns if c.meaning == next_best), None)
        if found is not None and all(c.meaning != meaning for c in columns):
            columns = _with(columns, found, meaning)
    return columns


_RULES: tuple[Rule, ...] = (
    _take_texts_for_level1,
    _split_into_levels,
    _take_sound_for_meaning,
    _keep_own_weight,
    _keep_one_of_each,
    _take_next_best,
)
"""In this order: each sees what those before it decided."""


def _with(columns: list[HeaderColumn], column: HeaderColumn, meaning: str) -> list[HeaderColumn]:
    """The columns with another meaning for one of them."""
    return [replace(c, meaning=meaning) if c is column else c for c in columns]
