"""The table of indicators: where its header stands and what each column means.

A header is a row of at least three known columns, one of them a name and one a figure. It may have a second row below
grouped labels (年度指标值 over 指标性质, 指标值, 度量单位).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbook_tools.legacy.words.figures import read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

NAMES = ("level1", "level2", "name")
FIGURES = ("target", "actual", "weight", "score")
_INHERITED = ("actual", "adjusted_target", "last_year", "score", "weight")
_BARE = ("值", "数值", "指标值")
_ALL_LEVELS = ("绩效指标", "评价指标", "考核指标", "指标", "自评指标", "指标体系", "绩效评价指标")
_LEAST = 3
_DEEPEST = 3
"""Rows of a header."""


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """A column of the table, which may be several columns of the sheet."""

    meaning: str
    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class Header:
    """A header and its columns from left to right."""

    row: int
    last_row: int
    columns: tuple[HeaderColumn, ...]
    cells: tuple[GridCell, ...]

    def column(self, meaning: str) -> HeaderColumn | None:
        """The first column of a meaning."""
        return next((column for column in self.columns if column.meaning == meaning), None)

    @property
    def names(self) -> HeaderColumn:
        """The column of names, or the lowest level there is."""
        return self.column("name") or self.column("level2") or self.columns[0]

    @property
    def first_col(self) -> int:
        """Where the table begins; labels of whole blocks stand left of it."""
        return min(column.first for column in self.columns)

    @property
    def last_col(self) -> int:
        """Where it ends."""
        return max(column.last for column in self.columns)


def find_headers(grid: Grid, vocabulary: Vocabulary) -> list[Header]:
    """All headers of a grid, from top to bottom. Two tables side by side give one header of doubled columns."""
    headers: list[Header] = []
    for row in grid.filled_rows:
        if headers and row <= headers[-1].last_row:
            continue
        header = _header(grid, row, vocabulary)
        if header is not None:
            headers.append(header)
    return headers


def _header(grid: Grid, row: int, vocabulary: Vocabulary) -> Header | None:
    cells = [cell for cell in grid.starting_in(row) if not cell.is_number and len(cell.shown) < 60]
    if (broken := _broken_header(grid, row, vocabulary)) is not None:
        return broken
    if len(cells) < _LEAST or not _is_header([vocabulary.columns.find(cell.shown) for cell in cells]):
        return None
    cells = _without_margin(cells, vocabulary)
    last_row = _last_row(grid, row, cells, vocabulary)
    columns = [column for cell in cells for column in _leaves(grid, cell, last_row, vocabulary)]
    columns = _settled(_levels_called_weights(grid, columns, last_row), vocabulary)
    if not _is_header([column.meaning for column in columns]):
        return None
    return Header(row, last_row, tuple(columns), tuple(grid.filled_between(row, last_row)))


def _levels_called_weights(grid: Grid, columns: list[HeaderColumn], last_row: int) -> list[HeaderColumn]:
    """A column of texts left of the name that is called after its points (项目权重: 项目决策2分) is level 1."""
    names = [column.first for column in columns if column.meaning == "name"]
    if not names or any(column.meaning == "level1" for column in columns):
        return columns
    for index, column in enumerate(columns):
        first = next(grid.across(last_row + 1, column.first, column.last), None)
        if column.meaning == "weight" and column.first < names[0] and first is not None and read_points(first) is None:
            return [*columns[:index], replace(column, meaning="level1"), *columns[index + 1 :]]
    return columns


def _broken_header(grid: Grid, row: int, vocabulary: Vocabulary) -> Header | None:
    """A header whose labels are broken over two rows of cells that are not merged: 三级 above 指标."""
    above = {cell.col: cell for cell in grid.starting_in(row) if not cell.is_number and cell.rows == cell.cols == 1}
    below = {cell.col: cell for cell in grid.starting_in(row + 1)}
    if len(below) < 2 or not below.keys() <= above.keys():
        return None
    labels = {col: cell.shown + (below[col].shown if col in below else "") for col, cell in above.items()}
    if not all(vocabulary.columns.find_exact(labels[col]) for col in below):
        return None
    columns = [HeaderColumn(vocabulary.columns.find(text) or "unknown", col, col, text) for col, text in labels.items()]
    if not _is_header([column.meaning for column in columns]):
        return None
    return Header(row, row + 1, tuple(_settled(columns, vocabulary)), tuple(grid.filled_between(row, row + 1)))


def _is_header(meanings: list[str | None]) -> bool:
    found = {meaning for meaning in meanings if meaning}
    named = "name" in found or "level2" in found
    return len(found) >= _LEAST and named and any(figure in found for figure in FIGURES)


def _without_margin(cells: list[GridCell], vocabulary: Vocabulary) -> list[GridCell]:
    """Without the label of the whole block (绩效指标) left of the columns."""
    first, *others = cells
    if vocabulary.sections.find_exact(first.shown) is None:
        return cells
    meanings = [vocabulary.columns.find(cell.shown) for cell in others]
    own = vocabulary.columns.find(first.shown)
    column = own in (*FIGURES, "name") and own not in meanings and first.rows <= _DEEPEST
    return cells if column or not any(meaning in NAMES for meaning in meanings) else others


def _last_row(grid: Grid, row: int, cells: list[GridCell], vocabulary: Vocabulary) -> int:
    """The header's last row: as deep as its merged cells, or one more where a group has its columns below it."""
    deepest = max((cell.last_row for cell in cells if cell.rows <= _DEEPEST), default=row)
    if deepest > row:
        return deepest
    for group in cells:
        below = [cell for cell in grid.across(row + 1, group.col, group.last_col) if cell.row == row + 1]
        known = [cell for cell in below if not cell.is_number and vocabulary.columns.find_exact(cell.shown)]
        if group.cols > 1 and len(known) >= 2 and len(known) == len(below):
            return max(cell.last_row for cell in grid.starting_in(row + 1) if cell.rows <= _DEEPEST)
    return row


def _leaves(grid: Grid, cell: GridCell, last_row: int, vocabulary: Vocabulary) -> Iterator[HeaderColumn]:
    """The columns that a header cell stands for: itself, or those below it, through groups within groups."""
    meaning = vocabulary.columns.find(cell.shown)
    below = [c for c in grid.across(cell.last_row + 1, cell.col, cell.last_col) if c.row == cell.last_row + 1]
    if cell.last_row >= last_row or not below:
        yield HeaderColumn(meaning or "unknown", cell.col, cell.last_col, cell.shown)
        return
    for part in below:
        for leaf in _leaves(grid, part, last_row, vocabulary):
            own = vocabulary.columns.find(part.shown)
            if leaf.label != part.shown:
                own = leaf.meaning
            elif meaning in _INHERITED and own in ("target", None) and label_key(part.shown) in _BARE:
                own = meaning
            elif meaning == "actual" and own == "unit":
                own = "actual_unit"
            yield HeaderColumn(own or meaning or "unknown", leaf.first, leaf.last, f"{cell.shown} {leaf.label}")


def _settled(columns: list[HeaderColumn], vocabulary: Vocabulary) -> list[HeaderColumn]:
    """One column for each meaning: a second name describes the first, a remark is a reason where there is no other."""
    columns = [part for column in columns for part in _split(column, columns)]
    columns = _guessed(columns, vocabulary)
    columns = _own_weight(columns)
    taken: set[str] = set()
    settled = []
    meanings = {column.meaning for column in columns}
    for column in columns:
        meaning = column.meaning
        if meaning == "name" and meaning in taken:
            meaning = "description"
        elif meaning in taken and meaning not in ("reason", "unknown", "other", "description", "method", "note"):
            meaning = "other"
        elif meaning == "note" and "reason" not in meanings and "note" not in taken:
            taken.add("note")
            meaning = "reason"
        elif meaning == "state" and "actual" not in meanings:
            meaning = "actual"
        taken.add(meaning)
        settled.append(HeaderColumn(meaning, column.first, column.last, column.label))
    if "name" not in meanings and "description" in meanings:
        settled = [HeaderColumn("name", c.first, c.last, c.label) if c.meaning == "description" else c for c in settled]
    return settled


def _split(column: HeaderColumn, columns: list[HeaderColumn]) -> Iterator[HeaderColumn]:
    """绩效指标 over several columns is the levels and the name; 三级指标 over several is the name alone."""
    levels = {other.meaning for other in columns} & {"level1", "level2"}
    width = column.last - column.first + 1
    if column.meaning != "name" or levels or width == 1 or label_key(column.label) not in _ALL_LEVELS:
        yield column
        return
    meanings = ("level1", "level2") if width > 2 else ("level1",)
    for offset, meaning in enumerate(meanings):
        yield HeaderColumn(meaning, column.first + offset, column.first + offset, column.label)
    yield HeaderColumn("name", column.first + len(meanings), column.last, column.label)


def _guessed(columns: list[HeaderColumn], vocabulary: Vocabulary) -> list[HeaderColumn]:
    """Where no column is known for the actual or the target, an unknown one whose label sounds like it."""
    known = {column.meaning for column in columns}
    for meaning in ("actual", "target"):
        if meaning in known or ({"state", "adjusted_target"} & known):
            continue
        cues = vocabulary.words("marks", f"{meaning}_cues")
        place = next(
            (i for i, c in enumerate(columns) if c.meaning == "unknown" and any(w in c.label for w in cues)), None
        )
        if place is not None:
            columns = [replace(c, meaning=meaning) if i == place else c for i, c in enumerate(columns)]
    return columns


def _own_weight(columns: list[HeaderColumn]) -> list[HeaderColumn]:
    """Of several columns of points (of each level) the one right of the name counts."""
    names = [column.first for column in columns if column.meaning == "name"]
    weights = [column for column in columns if column.meaning == "weight"]
    right = [column for column in weights if names and column.first > names[0]]
    if len(weights) < 2 or not right:
        return columns
    return [replace(c, meaning="other") if c in weights and c is not right[0] else c for c in columns]


def side_by_side(header: Header, vocabulary: Vocabulary) -> list[int]:
    """First columns of the second and further tables that share the rows of a header."""
    own = (cell for cell in header.cells if cell.row == header.row and cell.col >= header.first_col)
    cells = sorted(own, key=lambda cell: cell.col)
    starts: list[int] = []
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        meaning = vocabulary.columns.find(cell.shown)
        if (
            meaning in NAMES
            and meaning in seen
            and "score" in seen | {"actual"}
            and _starts_again(cells[index:], vocabulary)
        ):
            before = cells[index - 1]
            margin = vocabulary.sections.find_exact(before.shown) is not None and before.last_col < cell.col
            starts.append(before.col if margin else cell.col)
            seen = set()
        if meaning:
            seen.add(meaning)
    return starts


def _starts_again(cells: list[GridCell], vocabulary: Vocabulary) -> bool:
    return _is_header([vocabulary.columns.find(cell.shown) for cell in cells])
