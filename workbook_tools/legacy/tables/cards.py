"""Cards, one for each indicator (三级指标: …, 目标值: … side by side or one below the other), and tables with an
indicator in each column → a table with an indicator in each row.

Every cell keeps the place where it stands; only its row and column are those of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workbook_tools.legacy.tables.columns import FIGURES, NAMES, find_headers
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.vocabulary import Vocabulary

_ON_CARDS = (*NAMES, *FIGURES, "sign", "unit", "reason", "completion", "description", "method", "note")
_CAPTION = re.compile(r"(?:绩效)?指标[(（]?[\d一二三四五六七八九十]{1,3}[)）]?|第[\d一二三四五六七八九十]{1,3}项")
_FEWEST = 2
_APART = 12
"""Rows between the table and what stood below the cards."""


@dataclass
class _Card:
    """One indicator: meaning → its label and its value."""

    first: int
    last: int
    values: dict[str, tuple[GridCell, GridCell | None]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """It names an indicator and tells figures: the labels of a table's header have no values beside them."""
        told = {meaning for meaning, (_, value) in self.values.items() if value is not None}
        return "name" in told and len(told & set(FIGURES)) > 1


def dealt(grid: Grid, words: Vocabulary) -> Grid:
    """The grid with its cards drawn as one table; the grid itself where there are none."""
    cards = [card for card in _cards(grid, words) if card.complete]
    if len(cards) < _FEWEST and not find_headers(grid, words):
        cards = [card for card in _turned(grid, words) if card.complete]
    if len(cards) < _FEWEST:
        return grid
    meanings: dict[str, GridCell] = {}
    for card in cards:
        for meaning, (label, _) in card.values.items():
            meanings.setdefault(meaning, label)
    order = sorted(meanings, key=lambda meaning: _ON_CARDS.index(meaning))
    first, last = cards[0].first, cards[-1].last
    used = {(c.row, c.col) for card in cards for pair in card.values.values() for c in pair if c is not None}
    down = len(cards) + _APART
    cells = [
        cell if cell.row < first else replace(cell, row=cell.row + down)
        for cell in grid.filled_between(0, grid.height)
        if (cell.row, cell.col) not in used
        and not (first - 1 <= cell.row <= last and _CAPTION.fullmatch(without_blanks(cell.shown)))
    ]
    cells += [replace(meanings[meaning], row=first, col=col, rows=1, cols=1) for col, meaning in enumerate(order)]
    for row, card in enumerate(cards, first + 1):
        for col, meaning in enumerate(order):
            value = card.values.get(meaning, (None, None))[1]
            if value is not None:
                cells.append(replace(value, row=row, col=col, rows=1, cols=1))
    return Grid(grid.title, {(cell.row, cell.col): cell for cell in cells}, grid.cut)


def _cards(grid: Grid, words: Vocabulary) -> Iterator[_Card]:
    """Labels and values in the order of reading; a card ends where one of its labels comes again."""
    card: _Card | None = None
    for meaning, label, value in _pairs(grid, words):
        if card is None or meaning in card.values:
            if card is not None:
                yield card
            card = _Card(label.row, label.row)
        if not card.values and meaning not in NAMES:
            card = None
            continue
        card.values[meaning] = (label, value)
        card.last = max(card.last, label.row)
    if card is not None:
        yield card


def _turned(grid: Grid, words: Vocabulary) -> Iterator[_Card]:
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
        yield _Card(
            first_row, last_row, {m: (c, v if v is not None and v.shown else None) for m, (c, v) in values.items()}
        )


def _pairs(grid: Grid, words: Vocabulary) -> Iterator[tuple[str, GridCell, GridCell | None]]:
    for row in grid.filled_rows:
        cells = grid.starting_in(row)
        for index, cell in enumerate(cells):
            caption = len(cells) == 1 and _CAPTION.fullmatch(without_blanks(cell.shown))
            meaning = None if cell.is_number or caption else words.columns.find_exact(cell.shown)
            if meaning not in _ON_CARDS:
                continue
            beside = cells[index + 1] if index + 1 < len(cells) else None
            if beside is not None and (beside.is_number or words.columns.find_exact(beside.shown) is None):
                yield meaning, cell, beside if beside.col == cell.last_col + 1 else None
            else:
                yield meaning, cell, None
