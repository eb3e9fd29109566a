"""The figures of a block of money → its lines, whichever way it is drawn: sources by row or by column, pairs, sentences.

Every figure is explained by the nearest label left of it and the nearest label above it; one of them says what is
measured (全年执行数), one whose money it is (其他资金). So the shapes need no names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workbook_tools.core.model import INPUT_MEASURES, FundingSource, Measure
from workbook_tools.core.tolerances import PRINTED
from workbook_tools.core.values import MONEY_UNITS
from workbook_tools.legacy.tables.block_labels import POINTS, BlockLabels, MoneyLabel
from workbook_tools.legacy.tables.cell_account import CellAccount
from workbook_tools.legacy.tables.funding_blocks import Block
from workbook_tools.legacy.tables.funding_labels import (
    AMOUNTS,
    find_measure,
    find_source,
    heading_of_statements,
    split_statements,
)
from workbook_tools.legacy.tables.gathered_line import GatheredLine
from workbook_tools.legacy.tables.titles_and_notes import is_counting_row
from workbook_tools.legacy.words.figures import (
    find_money_unit,
    is_amount,
    names_only_unit,
    parse_amount,
    read_amount,
    read_points,
    read_rate,
)
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.records import FundingLine, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

# 万元 from which an amount without a unit is more likely 元: 10亿元 is more than any project of a county has.
_MORE_LIKELY_YUAN = 100_000
# 调整后预算, 追加后预算数, 全年安排: beside 预算安排 it is what holds in the end.
_CHANGED_LATER = re.compile("调整|变更|追加后|全年|最终")
# #DIV/0!, 约98%, 98%（含结转）: a rate that can't be read is shown as it is printed; a word right of 执行率 is another label.
_STATED_BADLY = re.compile(r"\d|#")
# What is asked where nothing names the unit of a block.
_UNIT_ASKED = "资金表没有写单位，金额是"
# Measures whose cells are texts, told with the form.
_TEXTS = ("reason", "method", "other")

_LineName = tuple[object, ...]
"""What the figures of one line have in common: their row and source, or their column, or the statement they stand in."""
_TOTAL: _LineName = ("total",)


@dataclass(kw_only=True)
class StatedFunding(CellAccount):
    """What the block says."""

    lines: list[FundingLine] = field(default_factory=list)
    rate: Stated | None = None
    weight: Stated | None = None
    score: Stated | None = None
    unit: str = ""
    """The money unit that it names, if it names one."""
    texts: list[Stated] = field(default_factory=list)
    """Reasons and methods that stand in it."""


def read_funding_lines(
    grid: Grid, block: Block, unit: str, words: Vocabulary, points: Mapping[str, str]
) -> StatedFunding:
    """The lines of a block; amounts without a unit of their own are in ``unit`` (blank: the form names none).

    ``points`` are the keys of the labels that the table of indicators has for points and scores: here they mean the same.
    """
    return _FundingReader(grid, block, unit, words, points).read()


class _FundingReader:
    def __init__(self, grid: Grid, block: Block, unit: str, words: Vocabulary, points: Mapping[str, str]) -> None:
        self.grid, self.block, self.words = grid, block, words
        self.labels = BlockLabels(grid, block, words, points)
        self.found = StatedFunding(unit=self.labels.money_unit(), kept=grid.kept)
        self.unit = self.found.unit or unit
        self.lines: dict[_LineName, GatheredLine] = {}
        self.headings: dict[int, str] = {}
        """Column → the heading over the statements in it."""
        self.chosen: dict[tuple[str, str], str] = {}
        """Of two labels that measure the same the one that was taken."""

    def read(self) -> StatedFunding:
        if self.block.margin is not None:
            self.found.take(self.block.margin)
        rows = {cell.row for cell in self.labels.cells}
        counting = {row for row in rows if is_counting_row(self.grid.starting_in(row), self.words)}
        for cell in self.labels.cells:
            if cell.row in counting:
                self.found.take(cell)
            elif self._read_statements(cell):
                continue
            elif (label := self.labels.at(cell)) is not None:
                self.found.take(cell)
                self._open_line(label)
            else:
                self._read_figure(cell)
        self._finish()
        return self.found

    # -- lines

    def _open_line(self, label: MoneyLabel) -> None:
        """Whose money a label names makes a line, filled or not."""
        if self.labels.by_column or (label.source is None and label.measure is not None):
            return
        if label.cell.row == self.block.first or label.measure in AMOUNTS:
            return
        above = self.labels.above(label.cell)
        if self.labels.in_pairs(label.cell.row, above):
            return
        if above is not None or self.labels.left_of(label.cell) is None:
            self._line(("row", label.cell.row, label.source if label.names_source else label.key), label)

    def _line(self, name: _LineName, label: MoneyLabel | None = None) -> GatheredLine:
        line = self.lines.setdefault(name, GatheredLine())
        if label is not None:
            line.add_label(label)
        return line

    def _line_of(self, cell: GridCell, left: MoneyLabel | None, above: MoneyLabel | None) -> GatheredLine:
        """By row: the label on the left says whose money it is. By column: the one above."""
        by_column = above is not None and above.source is not None
        if left is not None and left.source is not None and not (by_column and left.measure in AMOUNTS):
            name = left.source if left.names_source else left.key
            in_pairs = self.labels.in_pairs(cell.row, above)
            return self._line(("label", name) if in_pairs else ("row", cell.row, name), left)
        if above is not None and by_column:
            return self._line(("column", above.cell.col), above)
        if left is None or left.measure in POINTS:
            return self._line(_TOTAL)
        if left.measure is None:
            return self._line(("row", cell.row, left.key), left)
        if above is not None and above.measure is not None:
            return self._line(("row", cell.row, "total"), left)
        return self._line(_TOTAL)

    # -- figures

    def _read_figure(self, cell: GridCell) -> None:
        left, above = self.labels.left_of(cell), self.labels.above(cell)
        measure = self._measure_of(cell, left, above)
        of_it = label_key(cell.shown) in self.words.words("rows", "part")
        if says_nothing(cell.shown) or names_only_unit(cell.shown) or of_it or cell.place in self.found.understood:
            self.found.take(cell)
        elif measure in _TEXTS:
            self.found.take(cell)
            self.found.texts.append(cell.as_stated(cell.shown))
        elif measure is None and (cell.is_number or cell.row != self.block.first):
            self.found.leave(cell, "资金")
        elif measure is None or measure == "serial":
            self.found.take(cell)  # a number of the row, or the corner of the table (项目)
        else:
            self._take_figure(cell, measure, left, above)

    def _measure_of(self, cell: GridCell, left: MoneyLabel | None, above: MoneyLabel | None) -> str | None:
        """What is measured: by the label left of the figure or above it, or the first of its row; else it is the budget."""
        figure, first = is_amount(cell), self.labels.first_of_row(cell.row)
        points = left if left is not None and left.measure in POINTS else None
        before = first if figure and first is not None and first.cell.col < cell.col else None
        for label in (points, above, left, before):
            if label is not None and label.measure is not None:
                return label.measure
        whose = next((label for label in (above, left) if label is not None and label.source is not None), None)
        if not figure or whose is None or not self.labels.without_budget:
            return None
        readings = {measure.label: measure.label for measure in (Measure.ANNUAL_BUDGET, Measure.RECEIVED)}
        chosen = self.found.choose(cell, whose.cell.shown, f"这笔钱是什么：{label_key(whose.cell.shown)}", readings)
        return next(measure.value for measure in INPUT_MEASURES if measure.label == chosen)

    def _take_figure(self, cell: GridCell, measure: str, left: MoneyLabel | None, above: MoneyLabel | None) -> None:
        if measure == "rate" and read_rate(cell) is None and not _STATED_BADLY.search(cell.shown):
            self.found.leave(cell, "资金")
            return
        line = self._line_of(cell, left, above)
        self.found.take(cell)
        if measure in AMOUNTS:
            header = above if above is not None and above.measure == measure else left
            self._take_amount(cell, line, AMOUNTS[measure], header)
        elif measure == "rate":
            line.rate = line.rate or cell
        elif measure in ("weight", "score"):
            self._take_points(cell, line, measure)

    def _take_amount(self, cell: GridCell, line: GatheredLine, measure: Measure, header: MoneyLabel | None) -> None:
        unit = self._unit_beside(cell) or (find_money_unit(header.cell.shown) if header else "") or self.unit
        unit = unit or self._choose_unit(cell, measure)
        amount = read_amount(cell, unit)
        if amount is None:
            self.found.leave(cell, measure.label)
            return
        shown = f"{amount.value:.15g}万元"
        if amount.doubt:
            self.found.doubt(cell, measure.label, shown, amount.doubt)
        stated, label = cell.as_stated(amount.value), header.cell if header else cell
        if line.amounts.setdefault(measure, stated) is stated:
            line.headers[measure] = label
        else:
            self._choose_amount(line, measure, stated, label)

    def _choose_amount(self, line: GatheredLine, measure: Measure, second: Stated, header: GridCell) -> None:
        """Two columns of one measure: the one taken is told; a budget that was changed later is the year's, and the other the initial one."""
        first, earlier = line.amounts[measure], line.headers.get(measure, header)
        known, new = (label_key(one.shown) for one in (earlier, header))
        if first.value == second.value and (known, new) not in self.chosen:
            return
        if known == new:
            self.found.doubt(header, measure.label, first.printed, second.printed)
            return
        is_budget = measure is Measure.ANNUAL_BUDGET and Measure.INITIAL_BUDGET not in line.amounts
        order = (new, known) if _CHANGED_LATER.search(new) and not _CHANGED_LATER.search(known) else (known, new)
        pair = known, new
        if pair not in self.chosen:
            rest = "是年初预算" if is_budget else "不采用"
            readings = {one: f"{one}一栏，{other}{rest}" for one, other in (order, order[::-1])}
            self.chosen[pair] = self.found.choose(
                header, measure.label, f"两栏{measure.label}：{known}、{new}", readings
            )
        taken, left = (second, first) if self.chosen[pair] == new else (first, second)
        line.amounts[measure] = taken
        if is_budget:
            line.amounts[Measure.INITIAL_BUDGET] = left

    def _choose_unit(self, cell: GridCell, measure: Measure) -> str:
        """The unit of an amount that nothing names: 万元, told where that is unlikely; or what the office has said."""
        amount = read_amount(cell, "万元")
        if amount is None or find_money_unit(cell.shown):
            return "万元"
        if amount.value < _MORE_LIKELY_YUAN and _UNIT_ASKED not in self.found.kept:
            return "万元"
        readings = {unit: f"{amount.value:.15g}{unit}" for unit in ("万元", "元", "千元")}
        chosen = self.found.choose(cell, measure.label, _UNIT_ASKED, readings)
        if _UNIT_ASKED in self.found.kept:
            self.found.unit = chosen
        return chosen

    def _unit_beside(self, cell: GridCell) -> str:
        """The unit in a cell of its own right of the amount."""
        beside = self.grid.at(cell.row, cell.last_col + 1)
        if beside is None or without_blanks(beside.shown) not in MONEY_UNITS:
            return ""
        self.found.take(beside)
        return without_blanks(beside.shown)

    def _take_points(self, cell: GridCell, line: GatheredLine, measure: str) -> None:
        number = read_points(cell)
        if number is None:
            self.found.leave(cell, "分值" if measure == "weight" else "得分")
        elif measure == "weight":
            line.weight = line.weight or cell.as_stated(number)
        else:
            line.score = line.score or cell.as_stated(number)

    # -- amounts that stand in a text

    def _read_statements(self, cell: GridCell) -> bool:
        """Take statements (``其中:基本支出:1768.16万元``), or the heading over them (按支出性质分)."""
        if cell.is_number:
            return False
        if heading := heading_of_statements(cell):
            self.headings[cell.col] = heading
            self.found.take(cell)
            return True
        matches = split_statements(cell)
        if not matches or not (cell.col in self.headings or any(match["amount"] for match in matches)):
            return False
        self.found.take(cell)
        for match in matches:
            if match["amount"] is not None:
                self._read_statement(cell, match["label"], match["amount"])
        return True

    def _read_statement(self, cell: GridCell, label: str, figure: str) -> None:
        measure, source = find_measure(label, self.words), find_source(label, self.words)
        if measure in ("rate", "arrival_rate") or figure.endswith(("%", "％")):
            if measure == "rate":
                line = self._line(_TOTAL)
                line.rate = line.rate or replace(cell, value=figure, shown=figure)
            return
        amount = parse_amount(figure, self.unit or "万元")
        if amount is None:
            return
        stated = Stated(amount.value, figure, cell.where)
        if measure in AMOUNTS and source is None:
            self._line(_TOTAL).amounts.setdefault(AMOUNTS[measure or ""], stated)
            return
        heading = self.headings.get(cell.col)
        part = without_blanks(cell.shown).startswith(self.words.words("rows", "part"))
        line = self._line(("statement", cell.col, cell.row, label))
        line.labels, line.source = [f"{heading}: {label}" if heading and part else label], source
        line.amounts[AMOUNTS.get(measure or "", Measure.INITIAL_BUDGET)] = stated

    # -- the whole

    def _finish(self) -> None:
        alone = self.lines.get(_TOTAL)
        if alone is not None:
            rows = [line for line in self.lines.values() if line is not alone and line.source == "total"]
            if rows and rows[0].take_in(alone):
                del self.lines[_TOTAL]
        found = self.found
        found.lines = [line.record() for _, line in sorted(self.lines.items(), key=_order_of_line)]
        if len(found.lines) == 1 and found.lines[0].source is None:
            found.lines = [replace(found.lines[0], source=FundingSource.TOTAL)]
        self._find_total_by_sums()
        found.lines.sort(key=lambda record: record.source is not FundingSource.TOTAL)
        for record in found.lines:
            found.rate = found.rate or record.rate
            found.weight = found.weight or record.weight
            found.score = found.score or record.score
        if found.weight is None:
            found.weight = next((cell.as_stated(number) for cell, number in self.labels.find_points()), None)

    def _find_total_by_sums(self) -> None:
        """Where no label names the total: the line whose amounts are the sums of those of all others."""
        lines = self.found.lines
        if len(lines) < 2 or any(line.source is FundingSource.TOTAL for line in lines):
            return
        for at, line in enumerate(lines):
            others = [other for other in lines if other is not line]
            if (
                line.source is None
                and line.amounts
                and all(
                    PRINTED.same(_number(stated), sum(_number(other.amounts.get(measure)) for other in others))
                    for measure, stated in line.amounts.items()
                )
            ):
                first = next(iter(line.amounts.values()))
                cell = next(cell for cell in self.labels.cells if cell.where == first.where)
                readings = {"资金总额": "资金总额（等于其余各行之和）", "另一种资金": "另一种资金"}
                key = f"总额还是其中一部分：{label_key(line.label)}"
                if self.found.choose(cell, line.label, key, readings) == "资金总额":
                    lines[at] = replace(line, source=FundingSource.TOTAL)
                return


def _number(stated: Stated | None) -> float:
    return stated.value if stated is not None and isinstance(stated.value, float) else 0.0


def _order_of_line(item: tuple[_LineName, GatheredLine]) -> tuple[int, int]:
    """Rows as they come; the lists of statements one after the other."""
    name = item[0]
    return (int(str(name[1])), int(str(name[2]))) if name[0] == "statement" else (-1, 0)
