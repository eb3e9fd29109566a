"""What stands in a column below its label, counted by kind: signed figures, points, texts, sentences, levels …"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from workbook_tools.core.tolerances import PRINTED
from workbook_tools.core.values import MONEY_UNITS, PERCENT, parse_quantity
from workbook_tools.legacy.tables.composite_cells import split_figures
from workbook_tools.legacy.tables.funding_labels import AMOUNTS, find_measure
from workbook_tools.legacy.tables.labels import find_head
from workbook_tools.legacy.tables.levels import is_dimension, is_second_level
from workbook_tools.legacy.tables.sum_rows import kind_of_sum
from workbook_tools.legacy.words.figures import read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import stated_points, without_blanks
from workbook_tools.legacy.words.quantities import is_per_cent, read_direction, says_nothing
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Rows below a header that are looked at, and blank rows that end them: what a column holds shows in its first rows.
_MOST_ROWS, _LARGEST_GAP, _LONGEST_MERGED = 40, 3, 20
# So many texts below columns of figures begin something else; so many rows of hardly any cell end the table.
_TEXTS_OF_HEADER, _ROWS_APART = 3, 2
# A text beside so many rows may be the level 1 of them all.
_ROWS_OF_MARGIN = 3
# Characters of a text that is a sentence, if no comma or full stop says so.
_SENTENCE = 26
_SENTENCE_MARKS = re.compile("[。，；！;]")
_HAS_DIGIT = re.compile(r"[\d０-９]")
# 30个, 3.5万元, 12月底前, 1,500株: a figure and a short word.
_FIGURE = re.compile(r"^\D{0,2}?[\d,.，．]+(?:[%％‰]|[^\d,.]{0,7})$")
# 已达30座, 完成32个: what was done, seldom what is to be done.
_AS_DONE = re.compile(r"(?:已|实际|完成|累计)\D{0,2}\d")
# %（百分比）, 百分点: a unit of shares.
_LONGEST_UNIT = 7

FIGURE_KINDS = ("number", "percent", "quantity", "signed")
"""Kinds of cells that tell a figure."""


@lru_cache(maxsize=1 << 14)
def kind_of_text(text: str, words: Vocabulary) -> str:
    """What kind of thing a text in a table is."""
    if says_nothing(text) and read_direction(text, words) is None:
        return "nothing"
    bare = without_blanks(text)
    if kind_of_sum(bare, words):
        return "sum"
    typed = parse_quantity(bare)
    if typed is not None and typed.direction is None:
        return "percent" if typed.unit == PERCENT else "number" if typed.unit in ("", "分") else "quantity"
    if typed is not None:
        return "signed"
    if halves := split_figures(bare, words):
        return kind_of_text(halves[0][1], words)
    if read_direction(bare, words) is not None or bare in words.words("signs", "quantitative"):
        return "glyph"
    if is_dimension(bare, words):
        return "level1"
    if is_second_level(bare, words):
        return "level2"
    if not _HAS_DIGIT.search(bare):
        if bare in MONEY_UNITS or bare in words.words("marks", "counters") or _is_share(bare):
            return "unit"
    elif _begins_with_sign(bare, words):
        return "signed"
    elif _FIGURE.match(bare):
        return "quantity"
    return "sentence" if len(bare) >= _SENTENCE or _SENTENCE_MARKS.search(text.strip()) else "text"


def _is_share(text: str) -> bool:
    """The unit says per cent; 合格率（%） says what of."""
    return len(text) <= _LONGEST_UNIT and is_per_cent(text[:2])


def _begins_with_sign(text: str, words: Vocabulary) -> bool:
    before = (word for name in ("at_least", "at_most", "equal") for word in words.words("signs", name))
    behind = (
        word for name in ("behind_at_least", "behind_at_most") for word in words.words("signs", name) if len(word) > 1
    )
    return len(text) < _SENTENCE and (text.startswith(tuple(before)) or text.endswith(tuple(behind)))


def kind_of(cell: GridCell, words: Vocabulary) -> str:
    """What kind of thing a cell holds."""
    if cell.is_number:
        return "percent" if cell.shown.endswith(PERCENT) else "number"
    return kind_of_text(cell.shown, words)


@dataclass
class ColumnContents:
    """The cells of one column, by kind."""

    cells: list[GridCell] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    """Rows of the table, filled in this column or not."""

    @property
    def count(self) -> int:
        """Cells that say something."""
        return len(self.cells)

    def share(self, *kinds: str) -> float:
        """The share of its cells that are of these kinds."""
        return sum(self.kinds[kind] for kind in kinds) / self.count if self.cells else 0.0

    @cached_property
    def numbers(self) -> dict[int, float]:
        """Row → number of points; a row that sums those above it is none of them."""
        found: dict[int, float] = {}
        total = since = 0.0
        for cell in self.cells:
            number = read_points(cell)
            if number is None:
                continue
            if len(found) > 1 and number and (PRINTED.same(number, total) or PRINTED.same(number, since)):
                since = 0.0
                continue
            found[cell.row] = number
            total, since = total + number, since + number
        return found

    @cached_property
    def quantities(self) -> dict[int, float]:
        """Row → the number of a target or an actual, whatever its sign and unit."""
        found: dict[int, float] = {}
        for cell in self.cells:
            typed = None if cell.is_number else parse_quantity(cell.shown)
            number = cell.number if cell.is_number else typed.number if typed else None
            if number is not None:
                found[cell.row] = number
        return found

    @cached_property
    def told_as_done(self) -> float:
        """The share of its cells that say of a figure that it was done."""
        return sum(bool(_AS_DONE.match(cell.shown)) for cell in self.cells) / self.count if self.cells else 0.0

    @cached_property
    def states_points(self) -> bool:
        """Most of its texts say how many points they have: 路灯安装数量（12分）."""
        told = sum(stated_points(cell.shown) is not None for cell in self.cells)
        return told > self.count / 2

    @cached_property
    def has_figure(self) -> dict[int, bool]:
        """Row → whether a figure stands in it, or a text."""
        return {cell.row: cell.is_number or bool(_HAS_DIGIT.search(cell.shown)) for cell in self.cells}

    @cached_property
    def total(self) -> float:
        """The sum of its numbers."""
        return round(sum(self.numbers.values()), 6)

    @cached_property
    def distinct(self) -> float:
        """The share of its texts that stand once."""
        return len({cell.shown for cell in self.cells}) / self.count if self.cells else 0.0

    @cached_property
    def grouped(self) -> float:
        """The share of its cells that are merged down, or repeat the one above."""
        again = sum(1 for a, b in zip(self.cells, self.cells[1:], strict=False) if a.shown == b.shown)
        return (sum(cell.rows > 1 for cell in self.cells) + again) / self.count if self.cells else 0.0

    @property
    def is_margin(self) -> bool:
        """One text down all rows is the label of the whole block."""
        return self.count == 1 and self.rows > _ROWS_OF_MARGIN and self.cells[0].rows >= self.rows / 2

    @cached_property
    def filled(self) -> float:
        """The share of the rows in which it has a cell, merged ones counted for all their rows."""
        return min(1.0, sum(cell.rows for cell in self.cells) / self.rows) if self.rows else 0.0

    @cached_property
    def counting(self) -> bool:
        """It counts the rows: 1, 2, 3."""
        values = [read_points(cell) for cell in self.cells]
        whole = [value for value in values if value is not None]
        return len(whole) > 1 and len(whole) == len(values) and whole == [whole[0] + i for i in range(len(whole))]


def read_contents(
    grid: Grid, last_row: int, places: Sequence[tuple[int, int]], words: Vocabulary
) -> list[ColumnContents]:
    """The contents of the columns at these places (first and last column of the sheet) below a header."""
    columns = [ColumnContents() for _ in places]
    for row in _rows_below(grid, last_row, words):
        found = [(at, cell) for cell in row if (at := _column_of(cell, places)) is not None]
        kinds = [(at, cell, kind_of(cell, words)) for at, cell in found]
        texts = [
            at
            for at, _, kind in kinds
            if kind in ("text", "sentence") and columns[at].share("number", "percent", "signed") > 0.5
        ]
        if len(texts) >= _TEXTS_OF_HEADER:
            break
        for at, cell, kind in kinds:
            if kind not in ("nothing", "sum"):
                columns[at].cells.append(cell)
                columns[at].kinds[kind] += 1
        sums = any(kind == "sum" for _, _, kind in kinds)
        for column in columns:
            column.rows += bool(kinds) and not sums
    return columns


def _rows_below(grid: Grid, last_row: int, words: Vocabulary) -> Iterator[list[GridCell]]:
    """The rows that may belong to the table: up to its total, a gap, or a label of the head; one cell across it names a
    level or is a note. A few rows less are no loss, rows of something else would speak of the wrong things."""
    before, lonely = last_row, 0
    for place, row in enumerate(grid.rows_below(last_row, _MOST_ROWS)):
        cells = grid.starting_in(row)
        lonely = lonely + 1 if len(cells) < 2 else 0
        first = cells[0]
        label = "" if first.is_number else first.shown.replace("：", ":").partition(":")[0]
        if row - before > _LARGEST_GAP or lonely > _ROWS_APART or find_head(label, words) in _OF_ANOTHER_FORM:
            return
        if place > 1 and (kind_of_sum(label, words) == "total" or _is_header_of_money(cells, words)):
            return
        before = max([row, *(min(cell.last_row, row + _LONGEST_MERGED) for cell in cells)])
        yield cells


def _is_header_of_money(cells: list[GridCell], words: Vocabulary) -> bool:
    """A row of labels alone, of which two measure amounts."""
    if len(cells) < _TEXTS_OF_HEADER or any(cell.is_number for cell in cells):
        return False
    return sum(find_measure(cell.shown, words) in AMOUNTS for cell in cells) > 1


# Facts that stand in the head of the next form.
_OF_ANOTHER_FORM = ("project", "unit", "department", "both")


def _column_of(cell: GridCell, places: Sequence[tuple[int, int]]) -> int | None:
    return next((at for at, (first, last) in enumerate(places) if first <= cell.col and cell.last_col <= last), None)
