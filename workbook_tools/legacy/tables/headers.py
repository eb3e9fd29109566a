"""The table of indicators: where its header stands, and the columns below its labels.

A header is a row of at least three known columns, one of them a name and one a figure; or a row of labels that nobody has
seen, where what stands below them speaks for a name and figures. It may have further rows below grouped labels
(年度指标值 over 指标性质, 指标值, 度量单位).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.files.package import unreadable
from workbook_tools.legacy.tables.column_contents import (
    FIGURE_KINDS,
    ColumnContents,
    kind_of,
    kind_of_text,
    read_contents,
)
from workbook_tools.legacy.tables.column_evidence import is_usual_sum, weigh_label
from workbook_tools.legacy.tables.column_meanings import FIGURES, NAMES, HeaderColumn, assign_meanings
from workbook_tools.legacy.tables.funding_labels import AMOUNTS, MEASURED, find_measure, find_source
from workbook_tools.legacy.tables.labels import find_head
from workbook_tools.legacy.tables.levels import is_dimension
from workbook_tools.legacy.words.figures import read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, stated_points
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Known columns of a header: name, target and actual; two known words stand in one row of many other tables.
_FEWEST_COLUMNS = 3
# Rows of a header: a group within a group over its columns (指标完成情况 over 年度指标 over 符号, 值, 单位). A label that is
# merged over more rows (绩效指标 down the margin) is none of the header.
_MOST_ROWS = 3
# Blank rows that end a table: a printed form leaves some between its pages, a sheet more before what is no form.
TABLE_GAP = 6
# Rows between a table that is drawn anew and what stood below it, so that this is none of its rows.
ROWS_APART = 2 * TABLE_GAP
# More rows than this from one filled row to the next may part two forms.
ROWS_BETWEEN_FORMS = 2
# Columns that a heading is merged over at least.
_WIDTH_OF_HEADING = 4
# Headers of a sheet, each of which is compared with what stands below it; the longest sheet that is read has room for no more forms.
_MOST_HEADERS = 500
# Characters of a label as shown, with all that is explained in it; a longer text is a note.
_LONGEST_SHOWN = 60


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


@lru_cache(maxsize=8)
def find_headers(grid: Grid, words: Vocabulary) -> Sequence[Header]:
    """All headers of a grid, from top to bottom. Two tables side by side give one header of doubled columns.

    Where some of the forms below each other have labels of ours and others none, each is read by what it has.
    Every step asks for headers anew, so that those of the last grids are kept.
    """
    known = find_known_headers(grid, words)
    if not known:
        return _find_unseen(grid, grid.filled_rows, words)
    headers = list(known)
    for rows in _find_bands(grid):
        if not any(rows[0] <= header.row <= rows[-1] for header in known):
            headers += [header for header in _find_unseen(grid, rows, words) if _is_whole_table(grid, header, words)]
    return sorted(headers, key=lambda header: header.row)


@lru_cache(maxsize=8)
def find_known_headers(grid: Grid, words: Vocabulary) -> Sequence[Header]:
    """Those whose labels are words of ours."""
    return _find_by(
        grid.filled_rows, lambda row: _read_broken_header(grid, row, words) or _read_header(grid, row, words)
    )


def _find_unseen(grid: Grid, rows: Sequence[int], words: Vocabulary) -> list[Header]:
    return _find_by(rows, lambda row: _read_unseen_header(grid, row, words))


def _find_by(rows: Sequence[int], read: Callable[[int], Header | None]) -> list[Header]:
    headers: list[Header] = []
    for row in rows:
        if headers and row <= headers[-1].last_row:
            continue
        header = read(row)
        if header is not None:
            headers.append(header)
        if len(headers) > _MOST_HEADERS:
            raise unreadable("FILE31", f"工作表里有超过 {_MOST_HEADERS} 行表头")
    return headers


def _find_bands(grid: Grid) -> Iterator[list[int]]:
    """The filled rows between blank ones."""
    band: list[int] = []
    last = -1
    for row in grid.filled_rows:
        if band and parts_forms(grid, last, row):
            yield band
            band = []
        band.append(row)
        last = max(last, *(cell.last_row for cell in grid.starting_in(row)))
    if band:
        yield band


def parts_forms(grid: Grid, above: int, row: int) -> bool:
    """Between two filled rows another form may begin: behind several blank rows, or behind one with a heading across the page."""
    if row - above > ROWS_BETWEEN_FORMS:
        return True
    first, *others = grid.starting_in(row)
    return row - above == ROWS_BETWEEN_FORMS and not others and first.cols >= _WIDTH_OF_HEADING


def _is_whole_table(grid: Grid, header: Header, words: Vocabulary) -> bool:
    """The points below an unseen header are those of a whole form, which a list of something else hardly has."""
    columns = {column.meaning: (column.first, column.last) for column in header.columns}
    places = [columns[meaning] for meaning in ("weight", "name") if meaning in columns]
    *others, names = read_contents(grid, header.last_row, places, words)
    told = sum(stated_points(cell.shown) or 0.0 for cell in names.cells)
    return any(is_usual_sum(points) for points in (told, *(other.total for other in others)))


def has_all_points(grid: Grid, header: Header, rows: Sequence[int]) -> bool:
    """The points of these rows below a header are those of a whole form, so that another one beside it is another form."""
    column = header.column("weight")
    if column is None:
        names = header.names
        texts = (cell for row in rows for cell in grid.across(row, names.first, names.last) if cell.row == row)
        return is_usual_sum(sum(stated_points(cell.shown) or 0.0 for cell in texts))
    cells = (cell for row in rows for cell in grid.across(row, column.first, column.last) if cell.row == row)
    contents = ColumnContents([cell for cell in cells if read_points(cell) is not None])
    *_, last = contents.numbers.values() or (0.0,)
    return is_usual_sum(contents.total) or (is_usual_sum(last) and is_usual_sum(contents.total - last))


def _read_header(grid: Grid, row: int, words: Vocabulary) -> Header | None:
    cells = [cell for cell in grid.starting_in(row) if not cell.is_number and len(cell.shown) < _LONGEST_SHOWN]
    if len(cells) < _FEWEST_COLUMNS or not _make_a_header([words.columns.find(cell.shown) for cell in cells]):
        return None
    cells = _without_margin(grid, cells, words)
    last_row = _find_last_row(grid, row, cells, words)
    columns = [column for cell in cells for column in _columns_below(grid, cell, last_row, words)]
    return _header_of(grid, row, last_row, columns, words)


# Labels of an unseen header, rows of figures below it, and meanings that its columns must have beside the name's; these
# rows are looked at for the first of them, as names of level 1 may have rows of their own.
_FEWEST_LABELS, _FEWEST_FIGURES, _LOOKED_AT = 4, 2, 4


def _read_unseen_header(grid: Grid, row: int, words: Vocabulary) -> Header | None:
    """A row of labels that are no words of ours, above rows that are filled as a table of indicators is."""
    cells = [cell for cell in grid.starting_in(row) if not cell.is_number and len(cell.shown) < _LONGEST_SHOWN]
    if (
        len(cells) < _FEWEST_LABELS
        or len(cells) < len(grid.starting_in(row))
        or not _has_figures_below(grid, row, words)
    ):
        return None
    if any(kind_of_text(cell.shown, words) not in _KINDS_OF_LABELS for cell in cells) or _says_something_else(
        cells, words
    ):
        return None
    last_row = _find_last_row(grid, row, cells, words)
    columns = [column for cell in cells for column in _columns_below(grid, cell, last_row, words)]
    header = _header_of(grid, row, last_row, columns, words)
    return header if header is not None and _holds_indicators(grid, header, words) else None


# 分项 sums a part, where it is no label.
_KINDS_OF_LABELS = ("text", "level2", "unit", "glyph", "nothing", "sum")


def _has_figures_below(grid: Grid, row: int, words: Vocabulary) -> bool:
    """One of the next rows holds figures, in several cells."""
    return any(
        sum(kind_of(cell, words) in FIGURE_KINDS for cell in grid.starting_in(below)) >= _FEWEST_FIGURES
        for below in grid.rows_below(row, _LOOKED_AT)
    )


def _says_something_else(cells: list[GridCell], words: Vocabulary) -> bool:
    """A label of the head or of a text among them, or those of a table of money: an amount, and another one or its rate."""
    if any(
        find_head(cell.shown, words) in _OF_THE_HEAD
        or (words.texts.find_exact(cell.shown) and not words.columns.find(cell.shown))
        for cell in cells
    ):
        return True
    measures = [find_measure(cell.shown, words) for cell in cells]
    return any(measure in AMOUNTS for measure in measures) and sum(measure in MEASURED for measure in measures) > 1


_OF_THE_HEAD = ("project", "department", "unit", "both", "year", "code")


def _holds_indicators(grid: Grid, header: Header, words: Vocabulary) -> bool:
    """Names, and targets, actuals or points beside them; the names of sources of money are none."""
    figures = {column.meaning for column in header.columns} & {*FIGURES}
    if not figures & {"weight", "score"} or not figures & {"target", "actual"}:
        return False
    names = header.names
    below = (
        cell
        for row in grid.rows_below(header.last_row, _MOST_NAMES)
        for cell in grid.across(row, names.first, names.last)
    )
    texts = [cell.shown for cell in below if not cell.is_number]
    first = texts[:_FIRST_NAMES]
    money = sum(find_source(text, words) is not None for text in first)
    return len(texts) > 1 and money < len(first) / 2 and _speaks_of_points(grid, header, words)


def _speaks_of_points(grid: Grid, header: Header, words: Vocabulary) -> bool:
    """Levels of indicators, points of a whole form, or a label that is made of known parts: a list of purchases has none."""
    if any(weigh_label(c.label, words).keys() & _OF_AN_EVALUATION for c in header.columns if c.meaning != "name"):
        return True
    below = (cell for row in grid.rows_below(header.last_row, _MOST_NAMES) for cell in grid.starting_in(row))
    return any(is_dimension(cell.shown, words) for cell in below) or _is_whole_table(grid, header, words)


_OF_AN_EVALUATION = frozenset({"level1", "level2", "target", "actual", "weight", "score"})


# What a table is about shows in its first names; further down another table may follow.
_MOST_NAMES, _FIRST_NAMES = 12, 3


def _read_broken_header(grid: Grid, row: int, words: Vocabulary) -> Header | None:
    """A header whose labels are broken over two rows of cells that are not merged: 三级 above 指标."""
    above = {cell.col: cell for cell in grid.starting_in(row) if not cell.is_number and cell.rows == cell.cols == 1}
    below = {cell.col: cell for cell in grid.starting_in(row + 1)}
    if len(below) < 2 or not below.keys() <= above.keys():
        return None
    labels = {col: cell.shown + (below[col].shown if col in below else "") for col, cell in above.items()}
    if not all(words.columns.find_exact(labels[col]) for col in below):
        return None
    columns = [HeaderColumn(words.columns.find(text) or "unknown", col, col, text) for col, text in labels.items()]
    return _header_of(grid, row, row + 1, columns, words)


def _header_of(grid: Grid, row: int, last_row: int, columns: list[HeaderColumn], words: Vocabulary) -> Header | None:
    found = assign_meanings(grid, last_row, columns, words)
    if any(column.answer for column in found) and not _is_header(found):
        found = assign_meanings(grid, last_row, columns, words, heed=False)
    return Header(row, last_row, tuple(found), tuple(grid.filled_between(row, last_row))) if _is_header(found) else None


def _is_header(columns: list[HeaderColumn]) -> bool:
    return _make_a_header([column.meaning for column in columns])


def _make_a_header(meanings: list[str | None]) -> bool:
    found = {meaning for meaning in meanings if meaning}
    named = "name" in found or "level2" in found
    return len(found) >= _FEWEST_COLUMNS and named and any(figure in found for figure in FIGURES)


def _without_margin(grid: Grid, cells: list[GridCell], words: Vocabulary) -> list[GridCell]:
    """Without the label of the whole block (绩效指标) left of the columns; levels of indicators below it make it one of them."""
    first, *others = cells
    if words.sections.find_exact(first.shown) is None:
        return cells
    below = (grid.at(row, first.col) for row in grid.rows_below(first.last_row, _LOOKED_AT))
    levels = words.words("marks", "levels")
    if first.rows == 1 and sum(cell is not None and label_key(cell.shown).startswith(levels) for cell in below) > 1:
        return cells
    meanings = [words.columns.find(cell.shown) for cell in others]
    own = words.columns.find(first.shown)
    column = own in (*FIGURES, "name") and own not in meanings and first.rows <= _MOST_ROWS
    return cells if column or not any(meaning in NAMES for meaning in meanings) else others


def _find_last_row(grid: Grid, row: int, cells: list[GridCell], words: Vocabulary) -> int:
    """The header's last row: as deep as its merged cells, or one more where a group has its columns below it."""
    deepest = max((cell.last_row for cell in cells if cell.rows <= _MOST_ROWS), default=row)
    if deepest > row:
        return deepest
    for group in cells:
        below = [cell for cell in grid.across(row + 1, group.col, group.last_col) if cell.row == row + 1]
        known = [cell for cell in below if not cell.is_number and words.columns.find_exact(cell.shown)]
        named = len(known) == len(below) or _stands_over_labels(grid, row, below)
        if group.cols > 1 and len(below) >= 2 and named:
            return max(cell.last_row for cell in grid.starting_in(row + 1) if cell.rows <= _MOST_ROWS)
    return row


def _stands_over_labels(grid: Grid, row: int, below: list[GridCell]) -> bool:
    """The next row has nothing but what stands below this group and others: labels of their columns."""
    groups = [cell for cell in grid.starting_in(row) if cell.cols > 1]
    inside = (any(g.col <= c.col and c.last_col <= g.last_col for g in groups) for c in grid.starting_in(row + 1))
    return all(not cell.is_number for cell in below) and all(inside)


# Columns whose group says what they mean, where their own label does not (全年完成值 over 数值, 单位).
_MEANT_BY_GROUP = ("actual", "adjusted_target", "last_year", "score", "weight")


def _columns_below(grid: Grid, cell: GridCell, last_row: int, words: Vocabulary) -> Iterator[HeaderColumn]:
    """The columns that a header cell stands for: itself, or those below it, through groups within groups."""
    meaning, bare = words.columns.find(cell.shown), words.words("marks", "bare_values")
    below = [c for c in grid.across(cell.last_row + 1, cell.col, cell.last_col) if c.row == cell.last_row + 1]
    if cell.last_row >= last_row or not below:
        yield HeaderColumn(meaning or "unknown", cell.col, cell.last_col, cell.shown)
        return
    for part in below:
        for column in _columns_below(grid, part, last_row, words):
            own = words.columns.find(part.shown)
            if column.label != part.shown:
                own = column.meaning
            elif meaning in _MEANT_BY_GROUP and own in ("target", None) and label_key(part.shown) in bare:
                own = meaning
            elif meaning == "actual" and own == "unit":
                own = "actual_unit"
            yield HeaderColumn(
                own or meaning or "unknown", column.first, column.last, f"{cell.shown} {column.label}", own=part.shown
            )


def find_tables_beside(header: Header, words: Vocabulary) -> list[int]:
    """First columns of the second and further tables that share the rows of a header."""
    own = (cell for cell in header.cells if cell.row == header.row and cell.col >= header.first_col)
    cells = sorted(own, key=lambda cell: cell.col)
    starts: list[int] = []
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        meaning = words.columns.find(cell.shown)
        again = meaning in NAMES and meaning in seen and bool(seen & {"score", "actual"})
        if again and _make_a_header([words.columns.find(other.shown) for other in cells[index:]]):
            before = cells[index - 1]
            margin = words.sections.find_exact(before.shown) is not None and before.last_col < cell.col
            starts.append(before.col if margin else cell.col)
            seen = set()
        if meaning:
            seen.add(meaning)
    return starts


# Labels that a second table beside the first repeats at least; two columns may well be called the same.
_FEWEST_REPEATED = 3


def find_repeated_labels(header: Header) -> list[int]:
    """The first column of a second table whose labels are those of the first, whatever they are."""
    keys = [label_key(column.label) for column in header.columns]
    for at in range(_FEWEST_REPEATED, len(keys)):
        if keys[at] == keys[0] and len(set(keys[at:]) & set(keys[:at])) >= _FEWEST_REPEATED:
            return [header.columns[at].first]
    return []
