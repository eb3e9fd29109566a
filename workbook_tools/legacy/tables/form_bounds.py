"""Where the parts of forms begin and end on a sheet: tables of indicators, and forms one below the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from workbook_tools.legacy.tables.funding_labels import AMOUNTS, measures_in, sources_in
from workbook_tools.legacy.tables.headers import (
    ROWS_BETWEEN_FORMS,
    TABLE_GAP,
    Header,
    find_headers,
    has_all_points,
    parts_forms,
)
from workbook_tools.legacy.tables.indicator_rows import names_level
from workbook_tools.legacy.tables.labels import find_head, find_label
from workbook_tools.legacy.tables.sum_rows import kind_of_sum
from workbook_tools.legacy.tables.titles_and_notes import is_note, is_title
from workbook_tools.legacy.words.figures import read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.vocabulary import Vocabulary


@dataclass
class IndicatorTable:
    """A header of indicators and the rows below it."""

    header: Header
    rows: list[int]

    @property
    def last_row(self) -> int:
        """The last row of all."""
        return self.rows[-1] if self.rows else self.header.last_row

    @property
    def all_rows(self) -> list[int]:
        """Those of the header too."""
        return [*range(self.header.row, self.header.last_row + 1), *self.rows]


# -- tables of indicators


def find_tables(grid: Grid, words: Vocabulary) -> list[IndicatorTable]:
    """The tables of indicators, from top to bottom."""
    headers = find_headers(grid, words)
    limits = [*(header.row for header in headers[1:]), grid.height]
    tables = []
    for header, limit in zip(headers, limits, strict=False):
        below = [row for row in grid.filled_rows if header.last_row < row < limit]
        tables.append(IndicatorTable(header, [*_rows_of_table(grid, header, below, words)]))
    return tables


def _rows_of_table(grid: Grid, header: Header, rows: list[int], words: Vocabulary) -> Iterator[int]:
    last, begun, summed = header.last_row, False, False
    for row, following in zip_longest(rows, rows[1:]):
        gap = row - last - _deepest_cell(grid, last)
        parts = gap >= ROWS_BETWEEN_FORMS or parts_forms(grid, row - 1 - gap, row)
        heads_another = parts and _is_heading(grid, header, row, words)
        if begun and not summed and _is_remark_between(grid, header, row, following, words):
            last = row
            continue
        if gap > TABLE_GAP or heads_another or _ends_table(grid, header, row, words):
            yield from _total_behind_note(grid, header, [below for below in rows if row < below], words)
            return
        total = _is_total(grid, header, row, words)
        if summed and not (total or _has_points(header, grid.starting_in(row))):
            return
        yield row
        last = row
        summed = summed or (begun and total)
        begun = True


def _is_remark_between(grid: Grid, header: Header, row: int, following: int | None, words: Vocabulary) -> bool:
    """A note of one cell, right below which the indicators go on, or the next level of them begins."""
    cells = grid.starting_in(row)
    if len(cells) != 1 or following != row + 1 or _is_name(header, cells[0]) or names_level(header, cells, words):
        return False
    below = grid.starting_in(following)
    columns = [c for c in header.columns if c.meaning in ("target", "actual", "weight", "score")]
    filled = sum(any(column.first <= cell.col <= column.last for cell in below) for column in columns)
    goes_on = filled > 1 and _has_points(header, below) and not _is_total(grid, header, following, words)
    return is_note(cells[0], words) and (goes_on or names_level(header, below, words))


def _is_heading(grid: Grid, header: Header, row: int, words: Vocabulary) -> bool:
    """One text across several columns, which names no level: behind blank rows another form begins with it."""
    cells = grid.starting_in(row)
    return len(cells) == 1 and cells[0].cols > 1 and not names_level(header, cells, words)


def _total_behind_note(grid: Grid, header: Header, rows: list[int], words: Vocabulary) -> Iterator[int]:
    """The total row where one row of text stands between it and the indicators."""
    if rows and _is_total(grid, header, rows[0], words) and _has_points(header, grid.starting_in(rows[0])):
        yield rows[0]


def _deepest_cell(grid: Grid, row: int) -> int:
    """Rows of the deepest cell that begins in a row: those it is merged over are not blank."""
    return max((cell.rows for cell in grid.starting_in(row)), default=1)


def _is_total(grid: Grid, header: Header, row: int, words: Vocabulary) -> bool:
    return any(c.col <= header.names.last and kind_of_sum(c.shown, words) == "total" for c in grid.starting_in(row))


def _has_points(header: Header, cells: list[GridCell]) -> bool:
    """Numbers stand in columns of points."""
    columns = [c for c in header.columns if c.meaning in ("weight", "score")]
    return any(
        column.first <= cell.col <= column.last and read_points(cell) is not None
        for column in columns
        for cell in cells
    )


def _ends_table(grid: Grid, header: Header, row: int, words: Vocabulary) -> bool:
    """The row is none of the table: a note, a labelled text, a signature, another block, a title."""
    cells = grid.starting_in(row)
    if len(measures_in(grid, row, words) & AMOUNTS.keys()) >= 2 or len(sources_in(grid, row, words) - {"none"}) >= 2:
        return True
    if _is_total(grid, header, row, words) or _has_points(header, cells) or names_level(header, cells, words):
        return False
    first = cells[0]
    if len(cells) == 1 and (is_note(first, words) or is_title(first, words)) and not _is_name(header, first):
        return True
    return _begins_with_label(header, cells, words)


def _begins_with_label(header: Header, cells: list[GridCell], words: Vocabulary) -> bool:
    """The row begins, left of the names, with a label of a text or of the head; not the margin of the table itself."""
    first = cells[0]
    before = header.column("level2") or header.names
    if first.col > max(before.last, header.first_col):
        return False
    text, colon, _ = without_blanks(first.shown).replace("：", ":").partition(":")
    label = find_label(text if colon else first.shown, words)
    if label is None or label.table == "sections":
        return False
    if label.table == "head" and find_head(text, words) is None and len(cells) > 1:
        return False
    margin = words.sections.find_exact(first.shown) == "indicators" and first.last_col < header.first_col
    return not margin


def _is_name(header: Header, cell: GridCell) -> bool:
    name = header.column("name")
    return name is not None and name.first <= cell.col <= name.last and cell.last_col <= name.last


# -- forms one below the other


def find_starts(grid: Grid, tables: list[IndicatorTable], others: list[int], words: Vocabulary) -> list[int]:
    """The first rows of the forms; a new one begins where a project is named, or titled with money of its own."""
    starts = [0]
    for before, after in pairwise(tables):
        between = [row for row in others if before.last_row < row < after.header.row]
        named = next((row for row in between if _names_form(grid, row, words)), None)
        if named is None:
            named = next((row for row in between if _has_head(grid, row, words)), None)
        titled = next((row for row in between if any(is_title(c, words) for c in grid.starting_in(row))), None)
        funded = any(len(measures_in(grid, row, words)) > 1 for row in between)
        apart = _first_behind_gap(grid, before.last_row, between)
        whole = apart is not None and all(has_all_points(grid, one.header, one.rows) for one in (before, after))
        if named is None and not (titled is not None and funded) and not whole:
            continue
        begin = min(row for row in (named, titled, apart if whole else None) if row is not None)
        starts.append(_move_to_heading(grid, begin, between, words))
    return starts


def _first_behind_gap(grid: Grid, row: int, between: list[int]) -> int | None:
    """The row behind the blank rows that part two forms."""
    rows = [row, *between]
    return next((after for one, after in pairwise(rows) if parts_forms(grid, one, after)), None)


def _move_to_heading(grid: Grid, begin: int, rows: list[int], words: Vocabulary) -> int:
    """The first row of the headings (附件1, titles, lines of their own) right above a row."""
    for row in reversed([row for row in rows if row < begin]):
        cells = grid.starting_in(row)
        alone = (
            len(cells) == 1 and not _ENDS_SENTENCE.search(cells[0].shown) and find_label(cells[0].shown, words) is None
        )
        if begin - row > _GAP_OF_HEADING or not (alone or all(is_title(c, words) or _is_annex(c) for c in cells)):
            break
        begin = row
    return begin


# Between a heading and what it stands over there is no blank row but one; a sentence ends the form before.
_GAP_OF_HEADING, _ENDS_SENTENCE = 2, re.compile("[。；]$")


_ANNEX = "附"


def _is_annex(cell: GridCell) -> bool:
    """附件1, 附表2, 附："""
    return without_blanks(cell.shown).startswith(_ANNEX)


def _names_form(grid: Grid, row: int, words: Vocabulary) -> bool:
    """A row that says whose form follows."""
    return any(find_head(label, words) in ("project", "both") for label in _labels_in(grid, row))


def _has_head(grid: Grid, row: int, words: Vocabulary) -> bool:
    return any(find_head(label, words) in ("unit", "department", "year") for label in _labels_in(grid, row))


def _labels_in(grid: Grid, row: int) -> Iterator[str]:
    """What may be labels of a row: what stands before the value, in a cell of its own or before a colon."""
    for cell in grid.starting_in(row)[::2] if len(grid.starting_in(row)) > 2 else grid.starting_in(row):
        yield without_blanks(cell.shown).replace("：", ":").partition(":")[0]
