"""Cards, one for each indicator (三级指标: …, 目标值: … side by side or one below the other), and tables with an
indicator in each column → a table with an indicator in each row.

Every cell keeps the place where it stands; only its row and column are those of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workbook_tools.legacy.tables.column_meanings import FIGURES, NAMES
from workbook_tools.legacy.tables.headers import ROWS_APART, find_known_headers
from workbook_tools.legacy.tables.labels import find_head
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Meanings of labels that stand on cards, in the order of the table's columns.
_ON_CARDS = (*NAMES, *FIGURES, "sign", "unit", "reason", "completion", "description", "method", "note")
# One card is no table: a row of labels and a row of values may be anything.
_FEWEST_CARDS = 2
# 指标1, 绩效指标（一）, 第2项: what stands above a card.
_CAPTION = re.compile(r"(?:绩效)?指标[(（]?[\d一二三四五六七八九十]{1,3}[)）]?|第[\d一二三四五六七八九十]{1,3}项")


@dataclass
class _Card:
    """One indicator: meaning → its label and its value."""

    first_row: int
    last_row: int
    values: dict[str, tuple[GridCell, GridCell | None]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """It names an indicator and tells figures: the labels of a table's header have no values beside them."""
        told = {meaning for meaning, (_, value) in self.values.items() if value is not None}
        return "name" in told and len(told & set(FIGURES)) > 1


def draw_cards_as_table(grid: Grid, words: Vocabulary) -> Grid:
    """The grid with its cards drawn as one table; the grid itself where there are none."""
    cards = [card for card in _read_cards(grid, words) if card.complete]
    if len(cards) < _FEWEST_CARDS and not find_known_headers(grid, words):
        cards = [card for card in _read_columns(grid, words) if card.complete]
        if len(cards) >= _FEWEST_CARDS and (projects := _find_projects(grid, words)) is not None:
            return _turn(grid, projects.row, cards[-1].last_row)
    return _draw(grid, cards) if len(cards) >= _FEWEST_CARDS else grid


def _draw(grid: Grid, cards: list[_Card]) -> Grid:
    """The cards as rows below a header in the row where the first of them begins; what stands below them, below that."""
    labels: dict[str, GridCell] = {}
    for card in cards:
        for meaning, (label, _) in card.values.items():
            labels.setdefault(meaning, label)
    order = sorted(labels, key=_ON_CARDS.index)
    first, last = cards[0].first_row, cards[-1].last_row
    used = {c.place for card in cards for pair in card.values.values() for c in pair if c is not None}
    down = len(cards) + ROWS_APART
    cells = [
        cell if cell.row < first else replace(cell, row=cell.row + down)
        for cell in grid.filled_between(0, grid.height)
        if cell.place not in used and not (first - 1 <= cell.row <= last and _is_caption(cell))
    ]
    cells += [replace(labels[meaning], row=first, col=col, rows=1, cols=1) for col, meaning in enumerate(order)]
    for row, card in enumerate(cards, first + 1):
        for col, meaning in enumerate(order):
            value = card.values.get(meaning, (None, None))[1]
            if value is not None:
                cells.append(replace(value, row=row, col=col, rows=1, cols=1))
    return Grid(grid.title, {cell.place: cell for cell in cells}, grid.cut)


def _read_cards(grid: Grid, words: Vocabulary) -> Iterator[_Card]:
    """Labels and values in the order of reading; a card ends where one of its labels comes again."""
    card: _Card | None = None
    for meaning, label, value in _read_pairs(grid, words):
        if card is None or meaning in card.values:
            if card is not None:
                yield card
            card = _Card(label.row, label.row)
        if not card.values and meaning not in NAMES:
            card = None
            continue
        card.values[meaning] = (label, value)
        card.last_row = max(card.last_row, label.row)
    if card is not None:
        yield card


def _read_pairs(grid: Grid, words: Vocabulary) -> Iterator[tuple[str, GridCell, GridCell | None]]:
    """Meaning, label and the value right of it, of every label that stands on cards."""
    for row in grid.filled_rows:
        cells = grid.starting_in(row)
        for index, cell in enumerate(cells):
            no_label = cell.is_number or (len(cells) == 1 and _is_caption(cell))
            meaning = None if no_label else words.columns.find_exact(cell.shown)
            if meaning not in _ON_CARDS:
                continue
            beside = cells[index + 1] if index + 1 < len(cells) else None
            if beside is not None and (beside.is_number or words.columns.find_exact(beside.shown) is None):
                yield meaning, cell, beside if beside.col == cell.last_col + 1 else None
            else:
                yield meaning, cell, None


def _read_columns(grid: Grid, words: Vocabulary) -> Iterator[_Card]:
    """The columns of a table that is turned: labels down the left, an indicator in each column."""
    labels: dict[str, GridCell] = {}
    for row in grid.filled_rows:
        first, *others = grid.starting_in(row)
        meaning = words.columns.find_exact(first.shown)
        if meaning in _ON_CARDS and others and not any(words.columns.find_exact(cell.shown) for cell in others):
            labels.setdefault(meaning, first)
    if "name" not in labels:
        return
    first_row, last_row = min(c.row for c in labels.values()), max(c.row for c in labels.values())
    for name in grid.starting_in(labels["name"].row)[1:]:
        values = {meaning: (label, grid.at(label.row, name.col)) for meaning, label in labels.items()}
        filled = {m: (label, cell if cell and cell.shown else None) for m, (label, cell) in values.items()}
        yield _Card(first_row, last_row, filled)


def _find_projects(grid: Grid, words: Vocabulary) -> GridCell | None:
    """The label of a row that names several projects, each above its own indicators."""
    for row in grid.filled_rows:
        label, *names = grid.starting_in(row)
        if find_head(label.shown, words) == "project" and len({cell.shown for cell in names}) > 1:
            return label if not any(find_head(cell.shown, words) for cell in names) else None
    return None


def _turn(grid: Grid, first: int, last: int) -> Grid:
    """These rows as columns: a list with a project in each row. What stands below goes below it."""
    turned = [
        replace(cell, row=first + cell.col, col=cell.row - first, rows=cell.cols, cols=cell.rows)
        for cell in grid.filled_between(first, last)
    ]
    down = max((cell.last_row for cell in turned), default=last) - last + ROWS_APART
    rest = [cell for cell in grid.filled_between(0, grid.height) if not first <= cell.row <= last]
    moved = [cell if cell.row < first else replace(cell, row=cell.row + down) for cell in rest]
    return Grid(grid.title, {cell.place: cell for cell in (*turned, *moved)}, grid.cut)


def _is_caption(cell: GridCell) -> bool:
    return is_caption(cell.shown)


def is_caption(text: str) -> bool:
    """The text stands above a card and counts it: 指标1, 第2项, 指标三."""
    return bool(_CAPTION.fullmatch(without_blanks(text)))
