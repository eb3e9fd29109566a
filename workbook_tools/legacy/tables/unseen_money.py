"""A table of money whose labels nobody has seen (盘子, 用出去的, 花了几成): its columns are known by what they come to.

Below the labels stand rows by whose money they are; what was spent divided by what was to be spent is the printed rate, and
the points by that rate are the score. Such labels are put as they are usually called, so that every later step reads them,
and each is told with both readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbook_tools.core.tolerances import PRINTED, rounding
from workbook_tools.core.values import PERCENT
from workbook_tools.legacy.tables.funding_labels import MEASURED, find_measure, find_source
from workbook_tools.legacy.words.choosing import DoubtfulPlace, choose_reading
from workbook_tools.legacy.words.figures import find_money_unit, is_amount, read_points, read_rate
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.records import Remark
from workbook_tools.legacy.words.vocabulary import Vocabulary

_USUAL_LABELS = {
    "initial_budget": "年初预算数", "annual_budget": "全年预算数", "executed": "全年执行数", "rate": "执行率",
    "weight": "分值", "score": "得分",
}  # fmt: skip
_OTHERWISE = "别的内容"
# Rows of such a table below its labels: whose money it is, in a handful of kinds.
_MOST_ROWS = 8
# Figures of its first row: budget, spent and the rate at least.
_FEWEST_FIGURES = 3
# No project spends half as much again as it has.
_LARGEST_RATE = 1.5


@dataclass
class NamedMoney:
    """A grid in which the labels of money are called as usual, and what is told of that: row → remarks."""

    grid: Grid
    remarks: dict[int, list[Remark]] = field(default_factory=dict)


def name_unseen_money(grid: Grid, words: Vocabulary) -> NamedMoney:
    """The grid with those labels of money put that no list of words has."""
    named = NamedMoney(grid)
    renamed: dict[tuple[int, int], GridCell] = {}
    for row, below in zip(grid.filled_rows, grid.filled_rows[1:], strict=False):
        columns = _read_columns(grid, row, below, words)
        meanings = _find_meanings(columns)
        for column in columns:
            if column.measure is None and (meaning := meanings.get(column.figure.col)):
                label = _put_label(column.label, meaning, grid, named.remarks.setdefault(row, []))
                renamed[label.place] = label
    if renamed:
        named.grid = replace_cells(grid, renamed)
    return named


def replace_cells(grid: Grid, cells: Mapping[tuple[int, int], GridCell]) -> Grid:
    """The grid with these cells in the places of its own."""
    return Grid(grid.title, {**grid.cells, **cells}, grid.cut, grid.kept)


def _put_label(cell: GridCell, meaning: str, grid: Grid, remarks: list[Remark]) -> GridCell:
    """The label as it is usually called, with the unit that it names."""
    usual = _USUAL_LABELS[meaning]
    others = [name for name in (*_USUAL_LABELS.values(), _OTHERWISE) if name != usual]
    likely = {"annual_budget": "年初预算数", "initial_budget": "全年预算数"}.get(meaning, _OTHERWISE)
    readings = {name: name for name in dict.fromkeys((usual, likely, *others))}
    key = f"这一列资金是什么：{label_key(cell.shown)}"
    chosen = choose_reading(DoubtfulPlace(cell.where, "这一列", cell.shown), key, readings, grid.kept, remarks)
    if chosen == _OTHERWISE:
        return cell
    unit = find_money_unit(cell.shown)
    text = f"{chosen}（{unit}）" if unit else chosen
    return replace(cell, value=text, shown=text)


# -- the columns of a row of labels, with their first figures


@dataclass(frozen=True)
class _Column:
    label: GridCell
    figure: GridCell
    measure: str | None
    """What the label measures, if it is a word of ours."""

    @property
    def number(self) -> float:
        number = self.figure.number if self.figure.number is not None else read_points(self.figure)
        return number or 0.0


def _read_columns(grid: Grid, row: int, below: int, words: Vocabulary) -> list[_Column]:
    """The columns of a row of labels above rows of money; none where it is no such row, or all of them are known."""
    labels = [cell for cell in grid.starting_in(row) if not cell.is_number]
    if len(labels) < _FEWEST_FIGURES or len(labels) < len(grid.starting_in(row)) or any(map(is_amount, labels)):
        return []
    columns = []
    for figure in grid.starting_in(below):
        above = grid.at(below - 1, figure.col)
        if above in labels and (is_amount(figure) or read_rate(figure) is not None):
            columns.append(_Column(above, figure, find_measure(above.shown, words)))
    if len(columns) < _FEWEST_FIGURES or all(column.measure for column in columns):
        return []
    return columns if _lists_sources(grid, row, columns, words) else []


def _lists_sources(grid: Grid, row: int, columns: Sequence[_Column], words: Vocabulary) -> bool:
    """Each row of figures below begins with whose money it is."""
    first, found = min(column.figure.col for column in columns), 0
    for below in grid.rows_below(row, _MOST_ROWS):
        cells = grid.starting_in(below)
        if not any(cell.col == first and is_amount(cell) for cell in cells):
            break
        label = next((cell for cell in reversed(cells) if cell.col < first), None)
        if label is None or find_source(label.shown, words) is None:
            return False
        found += 1
    return found > 0


# -- what they come to


def _find_meanings(columns: Sequence[_Column]) -> dict[int, str]:
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


_Triple = tuple[_Column, _Column, _Column]


def _find_triples(columns: Sequence[_Column]) -> Iterator[_Triple]:
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
                    and abs(spent.number / budget.number - share) <= near * 1.01
                ):
                    yield budget, spent, rate


def _rank(three: _Triple, columns: Sequence[_Column]) -> tuple[int, int, int]:
    """The triple with the most known labels; of several the leftmost, as points stand right of amounts; of equal amounts the
    last is what was spent, and the one before it the budget of the year."""
    budget, spent, _ = three
    known = sum(column.measure in MEASURED for column in three)
    same = [c.figure.col for c in columns if c.number == spent.number]
    run = spent.figure.col if spent.number == budget.number and same[0] == _first_amount(columns) else 0
    return known, run, (budget.figure.col if run else -budget.figure.col)


def _first_amount(columns: Sequence[_Column]) -> int:
    return min(column.figure.col for column in columns)


def _find_points(rest: Sequence[_Column], rate: _Column) -> dict[int, str]:
    """Points, and the score that the rate gives of them."""
    share = min(1.0, read_rate(rate.figure) or 0.0)
    for weight in rest:
        for score in rest:
            if weight is not score and weight.number and weight.figure.col < score.figure.col:
                if PRINTED.same(weight.number * share, score.number):
                    return {weight.figure.col: "weight", score.figure.col: "score"}
    return {}
