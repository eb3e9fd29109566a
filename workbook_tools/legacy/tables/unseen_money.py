"""A table of money whose labels nobody has seen (盘子, 用出去的, 花了几成): its columns are known by what they come to.

Below the labels stand rows by whose money they are; what was spent divided by what was to be spent is the printed rate, and
the points by that rate are the score. Such labels are put as they are usually called, so that every later step reads them,
and each is told with both readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from workbook_tools.core.tolerances import NOISE, PRINTED, rounding
from workbook_tools.core.values import PERCENT
from workbook_tools.legacy.tables.column_contents import FIGURE_KINDS, kind_of
from workbook_tools.legacy.tables.funding_labels import MEASURED, find_measure, find_source
from workbook_tools.legacy.tables.labels import find_head
from workbook_tools.legacy.words.choosing import DoubtfulPlace, choose_reading
from workbook_tools.legacy.words.doubts import KeptReading
from workbook_tools.legacy.words.figures import find_money_unit, is_amount, read_points, read_rate
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.records import Remark
from workbook_tools.legacy.words.vocabulary import Vocabulary

_USUAL_LABELS = {
    "initial_budget": "年初预算数",
    "annual_budget": "全年预算数",
    "executed": "全年执行数",
    "rate": "执行率",
    "weight": "分值",
    "score": "得分",
}
_OTHERWISE = "别的内容"
# Rows of such a table below its labels: whose money it is, in a handful of kinds.
_MOST_ROWS = 8
# Rows above it in which the unit of a form's money may stand.
_ROWS_ABOVE = 8
# Figures of its first row: budget, spent and the rate at least.
_FEWEST_FIGURES = 3
# Letters, and what explains them in brackets.
_LABEL = re.compile(r"[^\W\d]{2,12}(?:[(（][^()（）\d]*[)）])?")
# No project spends half as much again as it has.
_LARGEST_RATE = 1.5


def name_unseen_money(grid: Grid, words: Vocabulary) -> Grid:
    """The grid with those labels of money put as usual that no list of words has."""
    labels: dict[tuple[int, int], GridCell] = {}
    doubts: list[Remark] = []
    for row, below in pairwise([*grid.filled_rows, grid.height]):
        columns = _read_columns(grid, row, below, words) or _read_pairs(grid, row, words)
        meanings = _find_meanings(columns)
        for column in columns:
            if column.measure is None and (meaning := meanings.get(column.figure.col)):
                labels[column.label.place] = put_label(column.label, meaning, grid.kept, doubts)
    return grid.with_labels(labels, doubts) if labels else grid


def put_label(cell: GridCell, meaning: str, kept: Mapping[str, KeptReading], doubts: list[Remark]) -> GridCell:
    """A label of money as it is usually called, with the unit that it names; what it was taken for is added to ``doubts``."""
    usual = _USUAL_LABELS[meaning]
    likely = {"annual_budget": "年初预算数", "initial_budget": "全年预算数"}.get(meaning, _OTHERWISE)
    names = dict.fromkeys((usual, likely, *_USUAL_LABELS.values(), _OTHERWISE))
    key = f"这一列资金是什么：{label_key(cell.shown)}"
    place = DoubtfulPlace(cell.where, "这一列", cell.shown)
    chosen = choose_reading(place, key, {name: name for name in names}, kept, doubts)
    if chosen == _OTHERWISE:
        return cell
    unit = find_money_unit(cell.shown)
    text = f"{chosen}（{unit}）" if unit else chosen
    return replace(cell, value=text, shown=text)


# -- the columns of a row of labels, with their first figures


@dataclass(frozen=True)
class _MoneyColumn:
    label: GridCell
    figure: GridCell
    measure: str | None
    """What the label measures, if it is a word of ours."""

    @property
    def number(self) -> float:
        number = self.figure.number if self.figure.number is not None else read_points(self.figure)
        return number or 0.0


def _read_columns(grid: Grid, row: int, below: int, words: Vocabulary) -> list[_MoneyColumn]:
    """The columns of a row of labels above rows of money; none where it is no such row, or all of them are known."""
    labels = [cell for cell in grid.starting_in(row) if not cell.is_number]
    if len(labels) < _FEWEST_FIGURES or len(labels) < len(grid.starting_in(row)) or any(map(is_amount, labels)):
        return []
    columns = []
    for figure in grid.starting_in(below):
        above = grid.at(below - 1, figure.col)
        if above in labels and (is_amount(figure) or read_rate(figure) is not None):
            columns.append(_MoneyColumn(above, figure, find_measure(above.shown, words)))
    if len(columns) < _FEWEST_FIGURES or all(column.measure for column in columns):
        return []
    return columns if _lists_sources(grid, row, columns, words) else []


def _read_pairs(grid: Grid, row: int, words: Vocabulary) -> list[_MoneyColumn]:
    """Labels each with its figure right of it, in one row of a form that names its unit of money; so are amounts and a rate."""
    cells = grid.starting_in(row)
    labels, figures = cells[::2], cells[1::2]
    if len(labels) != len(figures) or len(labels) < _FEWEST_FIGURES or not all(_may_be_label(cell) for cell in labels):
        return []
    if not all(is_amount(cell) or read_rate(cell) is not None for cell in figures):
        return []
    measures = [find_measure(cell.shown, words) for cell in labels]
    known = any(words.columns.find(cell.shown) or find_head(cell.shown, words) for cell in labels)
    if all(measures) or (known and not any(measures)) or not _names_unit(grid, row):
        return []
    return [_MoneyColumn(label, figure, m) for label, figure, m in zip(labels, figures, measures, strict=True)]


def _may_be_label(cell: GridCell) -> bool:
    """A few letters, without any figure."""
    return not cell.is_number and bool(_LABEL.fullmatch(without_blanks(cell.shown)))


def _names_unit(grid: Grid, row: int) -> bool:
    """A label of the row, or a line above it, names a unit of money."""
    return any(
        find_money_unit(cell.shown) for cell in grid.filled_between(row - _ROWS_ABOVE, row) if not cell.is_number
    )


def _lists_sources(grid: Grid, row: int, columns: Sequence[_MoneyColumn], words: Vocabulary) -> bool:
    """Each row of figures below begins with whose money it is."""
    places, found = {column.figure.col for column in columns}, 0
    first = min(places)
    for below in grid.rows_below(row, _MOST_ROWS):
        cells = grid.starting_in(below)
        if sum(cell.col in places and kind_of(cell, words) in FIGURE_KINDS for cell in cells) < 2:
            break
        label = next((cell for cell in reversed(cells) if cell.col < first), None)
        if label is None or find_source(label.shown, words) is None:
            return False
        found += 1
    return found > 0


# -- what they come to


def _find_meanings(columns: Sequence[_MoneyColumn]) -> dict[int, str]:
    """Column of the sheet → its meaning, where budget, spent and rate fit together."""
    if not columns:
        return {}
    best = max(_find_triples(columns), key=lambda three: _rank(three, columns), default=None)
    if best is None:
        return {}
    budget, spent, rate = best
    found = {budget.figure.col: "annual_budget", spent.figure.col: "executed", rate.figure.col: "rate"}
    if budget.measure == "initial_budget":
        found[budget.figure.col] = budget.measure
    else:
        before = [c for c in columns if c.figure.col < budget.figure.col and c.measure is None]
        found |= {before[-1].figure.col: "initial_budget"} if before else {}
    return found | _find_points([c for c in columns if c.figure.col not in found], rate)


_Triple = tuple[_MoneyColumn, _MoneyColumn, _MoneyColumn]


def _find_triples(columns: Sequence[_MoneyColumn]) -> Iterator[_Triple]:
    """Budget, spent and rate that fit together, as far as their labels allow."""
    for rate in columns:
        share = read_rate(rate.figure)
        if rate.measure not in (None, "rate") or share is None or not 0 < share <= _LARGEST_RATE:
            continue
        near = rounding(rate.figure.shown.rstrip("%％")) / (100 if rate.figure.shown.endswith(PERCENT) else 1)
        for budget in columns:
            for spent in columns:
                if (
                    budget.figure.col < spent.figure.col
                    and rate not in (budget, spent)
                    and budget.measure in (None, "annual_budget", "initial_budget")
                    and spent.measure in (None, "executed")
                    and budget.number
                    and NOISE.same(spent.number / budget.number, share, near)
                ):
                    yield budget, spent, rate


def _rank(three: _Triple, columns: Sequence[_MoneyColumn]) -> tuple[int, int, int]:
    """The triple with the most known labels; of several the leftmost, as points stand right of amounts; of equal amounts the
    last is what was spent, and the one before it the budget of the year."""
    budget, spent, _ = three
    known = sum(column.measure in MEASURED for column in three)
    same = [c.figure.col for c in columns if c.number == spent.number]
    run = spent.number == budget.number and same[0] == _first_amount(columns)
    return known, spent.figure.col if run else -spent.figure.col, budget.figure.col


def _first_amount(columns: Sequence[_MoneyColumn]) -> int:
    return min(column.figure.col for column in columns)


def _find_points(rest: Sequence[_MoneyColumn], rate: _MoneyColumn) -> dict[int, str]:
    """Points, and the score that the rate gives of them."""
    share = min(1.0, read_rate(rate.figure) or 0.0)
    for weight in rest:
        for score in rest:
            if weight is not score and weight.number and weight.figure.col < score.figure.col:
                if PRINTED.same(weight.number * share, score.number):
                    return {weight.figure.col: "weight", score.figure.col: "score"}
    return {}
