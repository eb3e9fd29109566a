"""The figures of a block of money → its lines, whichever way it is drawn: sources by row or by column, pairs, sentences.

Every figure is explained by the nearest label left of it and the nearest label above it; one of them says what is
measured (全年执行数), one whose money it is (其他资金). So the shapes need no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.values import MONEY_UNITS
from workbook_tools.legacy.tables.funding import (
    AMOUNTS,
    GROUP,
    MEASURED,
    PART,
    Block,
    measure_of,
    source_of,
    statements,
)
from workbook_tools.legacy.tables.labels import is_counting_row
from workbook_tools.legacy.words.figures import find_money_unit, parse_amount, read_amount, read_points, read_rate
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import LONGEST_LABEL, label_key, stated_points, without_blanks
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.records import Concern, FundingLine, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

_POINTS = ("rate", "weight", "score")
_STATED = "statement"
_WORDS = re.compile(r"[^\W\d_]{2}")
_OF_IT = "其中"
_PROVIDED = ("initial_budget", "annual_budget", "received")
_HUGE = 100_000
"""万元 from which an amount without a unit is more likely 元."""


@dataclass
class StatedFunding:
    """What the block says."""

    lines: list[FundingLine] = field(default_factory=list)
    rate: Stated | None = None
    weight: Stated | None = None
    score: Stated | None = None
    unit: str = ""
    """The money unit that it names, if it names one."""
    remarks: list[Remark] = field(default_factory=list)
    understood: set[tuple[int, int]] = field(default_factory=set)
    texts: list[Stated] = field(default_factory=list)
    """Reasons and methods that stand in it."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a label says of the figures beside or below it."""

    cell: GridCell
    measure: str | None
    source: str | None


def read_block(grid: Grid, block: Block, unit: str, vocabulary: Vocabulary) -> StatedFunding:
    """The lines of a block; amounts without a unit of their own are in ``unit`` (blank: the form names none)."""
    return _FundingReader(grid, block, unit, vocabulary).read()


class _FundingReader:
    def __init__(self, grid: Grid, block: Block, unit: str, vocabulary: Vocabulary) -> None:
        self.grid, self.block, self.words = grid, block, vocabulary
        self.found = StatedFunding()
        self.cells = [cell for cell in grid.filled_between(block.first, block.last) if cell is not block.margin]
        self.labels = {(c.row, c.col): m for c in self.cells if (m := self._label(c)) is not None}
        named = [find_money_unit(m.cell.shown) for m in self.labels.values() if m.measure in AMOUNTS or m.source]
        named += [
            find_money_unit(c.shown) for c in self.cells if c.row == block.first and parse_amount(c.shown, "元") is None
        ]
        margin_unit = find_money_unit(block.margin.shown) if block.margin else ""
        self.found.unit = margin_unit or next((name for name in named if name), "")
        self.unit = self.found.unit or unit
        self.by_column = self._sources_by_column()
        self.unmeasured = not any(m.measure in _PROVIDED for m in self.labels.values())
        self.lines: dict[tuple[object, ...], _GatheredLine] = {}
        self.heading: dict[int, str] = {}

    def read(self) -> StatedFunding:
        if self.block.margin is not None:
            self._keep(self.block.margin)
        counting = {
            row for row in {c.row for c in self.cells} if is_counting_row(self.grid.starting_in(row), self.words)
        }
        for cell in self.cells:
            if cell.row in counting:
                self._keep(cell)
                continue
            meaning = self.labels.get((cell.row, cell.col))
            if self._statements(cell):
                continue
            if meaning is not None:
                self._keep(cell)
                self._open_line(meaning)
            else:
                self._figure(cell)
        self._finish()
        return self.found

    def _keep(self, cell: GridCell) -> None:
        self.found.understood.add((cell.row, cell.col))

    def _doubt(self, concern: Concern, cell: GridCell, what: str, taken: str = "", other: str = "") -> None:
        self.found.remarks.append(
            Remark(concern=concern, where=cell.where, field=what, printed=cell.shown, taken=taken, other=other)
        )

    # -- labels

    def _label(self, cell: GridCell) -> _Meaning | None:
        if (
            cell.is_number
            or not (_WORDS.search(without_blanks(cell.shown)) or self._is_word(cell.shown))
            or parse_amount(cell.shown, "万元")
            or len(label_key(cell.shown)) > LONGEST_LABEL
        ):
            return None
        if read_rate(cell) is not None or read_points(cell) is not None:
            return None
        measure, source = measure_of(cell.shown, self.words), source_of(without_blanks(cell.shown), self.words)
        if measure in ("other", "other_money", "serial", "reason", "method"):
            source = None
        if measure in ("weight", "score", "rate", "arrival_rate"):
            source = None
        if measure is None and source is None and not self._heads_figures(cell):
            return None
        return _Meaning(cell, measure, source)

    def _is_word(self, text: str) -> bool:
        """A label of one character (省) is one only if it is an entry."""
        return bool(self.words.measures.find_exact(text) or self.words.sources.find_exact(text))

    def _heads_figures(self, cell: GridCell) -> bool:
        """An unknown label with figures to its right is a line of its own."""
        right = self.grid.at(cell.row, cell.last_col + 1)
        return (
            right is not None
            and bool(right.shown)
            and (right.is_number or parse_amount(right.shown, "万元") is not None)
        )

    def _left(self, cell: GridCell) -> _Meaning | None:
        for col in range(cell.col - 1, -1, -1):
            other = self.grid.at(cell.row, col)
            if other is not None and (found := self.labels.get((other.row, other.col))) is not None:
                return found
        return None

    def _first_label(self, row: int) -> _Meaning | None:
        labels = [self.labels.get((cell.row, cell.col)) for cell in self.grid.starting_in(row)]
        return next((label for label in labels if label is not None), None)

    def _in_pairs(self, row: int, above: _Meaning | None) -> bool:
        """The row says first what is measured, then label and amount in turn (执行情况: 基本支出 2900 项目支出 1900)."""
        first = self._first_label(row)
        return first is not None and first.measure in AMOUNTS and (above is None or above.measure is None)

    def _above(self, cell: GridCell) -> _Meaning | None:
        for row in range(cell.row - 1, self.block.first - 1, -1):
            other = self.grid.at(row, cell.col)
            if other is not None and (found := self.labels.get((other.row, other.col))) is not None:
                return found
        return None

    def _sources_by_column(self) -> bool:
        """Labels of one row name several sources, and rows begin with what is measured."""
        sources: dict[int, set[str]] = {}
        measured: set[int] = set()
        for label in self.labels.values():
            if label.source is not None:
                sources.setdefault(label.cell.row, set()).add(label.source)
            elif label.measure in MEASURED:
                measured.add(label.cell.row)
        return len(measured) > 1 and any(len(found) > 1 for found in sources.values())

    def _open_line(self, label: _Meaning) -> None:
        """Whose money a label names makes a line, filled or not."""
        if self.by_column or (label.source is None and label.measure is not None):
            return
        above = self._above(label.cell)
        if label.cell.row == self.block.first or label.measure in AMOUNTS:
            return
        if self._in_pairs(label.cell.row, above):
            return
        if above is not None or self._left(label.cell) is None:
            known = label.source not in (None, "none")
            self._line(("row", label.cell.row, label.source if known else label_key(label.cell.shown)), label)

    def _line(self, name: tuple[object, ...], label: _Meaning | None) -> _GatheredLine:
        line = self.lines.setdefault(name, _GatheredLine())
        if label is not None:
            line.add(label)
        return line

    # -- figures

    def _figure(self, cell: GridCell) -> None:
        left, above = self._left(cell), self._above(cell)
        figure = cell.is_number or parse_amount(cell.shown, "元") is not None
        first = self._first_label(cell.row)
        before = figure and first is not None and first.cell.col < cell.col
        meaning = self._measured(left, above, first if before else None)
        whose = next((label for label in (above, left) if label is not None and label.source is not None), None)
        if meaning is None and self.unmeasured and figure and whose is not None:
            meaning = Measure.ANNUAL_BUDGET.value
            self._doubt(Concern.AMBIGUOUS, cell, whose.cell.shown, Measure.ANNUAL_BUDGET.label, Measure.RECEIVED.label)
        if says_nothing(cell.shown) or label_key(cell.shown) == _OF_IT or (cell.row, cell.col) in self.found.understood:
            self._keep(cell)
            return
        if meaning in ("reason", "method", "other", "serial"):
            self._keep(cell)
            if meaning != "serial":
                self.found.texts.append(cell.as_stated(cell.shown))
            return
        if meaning is None and cell.row == self.block.first and not cell.is_number:
            self._keep(cell)  # a corner of the table (项目)
            return
        if meaning is None:
            self._doubt(Concern.UNKNOWN, cell, "资金")
            return
        line = self._line_of(cell, left, above)
        header = above if above is not None and above.measure == meaning else left
        if meaning in AMOUNTS:
            self._amount(cell, line, AMOUNTS[meaning], header)
        elif meaning == "rate":
            self._keep(cell)
            line.rate = line.rate or cell
        elif meaning in ("weight", "score"):
            self._points(cell, line, meaning)
        else:
            self._keep(cell)

    @staticmethod
    def _measured(*labels: _Meaning | None) -> str | None:
        """What the labels measure: the one left of the figure or above it, or the first of its row."""
        left, above, first = labels
        for found in (left if left is not None and left.measure in _POINTS else None, above, left, first):
            if found is not None and found.measure is not None:
                return found.measure
        return None

    def _line_of(self, cell: GridCell, left: _Meaning | None, above: _Meaning | None) -> _GatheredLine:
        """By row: the label on the left says whose money it is. By column: the one above."""
        turned = above is not None and above.source is not None and left is not None and left.measure in AMOUNTS
        if left is not None and left.source is not None and not turned:
            name = left.source if left.source != "none" else label_key(left.cell.shown)
            return self._line(("label", name) if self._in_pairs(cell.row, above) else ("row", cell.row, name), left)
        if above is not None and above.source is not None:
            return self._line(("column", above.cell.col), above)
        if left is not None and left.measure in _POINTS:
            return self._line(("total",), None)
        if left is not None and left.measure is None:
            return self._line(("row", cell.row, label_key(left.cell.shown)), left)
        if left is not None and above is not None and above.measure is not None:
            return self._line(("row", cell.row, "total"), left)
        return self._line(("total",), None)

    def _amount(self, cell: GridCell, line: _GatheredLine, measure: Measure, header: _Meaning | None) -> None:
        self._keep(cell)
        unit = self._unit_beside(cell) or (find_money_unit(header.cell.shown) if header else "") or self.unit
        found = read_amount(cell, unit or "万元")
        if found is None:
            self._doubt(Concern.UNKNOWN, cell, measure.label)
            return
        if found.doubtful:
            self._doubt(Concern.AMBIGUOUS, cell, measure.label, f"{found.value:.15g}万元", "金额后有多余符号")
        if not unit and not find_money_unit(cell.shown) and found.value >= _HUGE:
            self._doubt(Concern.AMBIGUOUS, cell, measure.label, f"{found.value:.15g}万元", f"{found.value:.15g}元")
        line.amounts.setdefault(measure, cell.as_stated(found.value))

    def _unit_beside(self, cell: GridCell) -> str:
        """The unit in a cell of its own right of the amount."""
        beside = self.grid.at(cell.row, cell.last_col + 1)
        if beside is None or without_blanks(beside.shown) not in MONEY_UNITS:
            return ""
        self._keep(beside)
        return without_blanks(beside.shown)

    def _points(self, cell: GridCell, line: _GatheredLine, meaning: str) -> None:
        self._keep(cell)
        number = read_points(cell)
        if number is None:
            self._doubt(Concern.UNKNOWN, cell, "分值" if meaning == "weight" else "得分")
        elif meaning == "weight":
            line.weight = line.weight or cell.as_stated(number)
        else:
            line.score = line.score or cell.as_stated(number)

    def _statements(self, cell: GridCell) -> bool:
        """Amounts that stand in a text (``其中:基本支出:1768.16万元``), below a heading (按支出性质分)."""
        if cell.is_number:
            return False
        text = without_blanks(cell.shown)
        group = GROUP.match(text)
        if group:
            self.heading[cell.col] = group[1]
            self._keep(cell)
            return True
        matches = statements(cell)
        if not matches or not (cell.col in self.heading or any(match["amount"] for match in matches)):
            return False
        self._keep(cell)
        for match in matches:
            self._statement(cell, match["label"], match["amount"])
        return True

    def _statement(self, cell: GridCell, label: str, said: str | None) -> None:
        measure, source = measure_of(label, self.words), source_of(label, self.words)
        if said is None or measure in ("rate", "arrival_rate") or said.endswith(("%", "％")):
            if said is not None and measure == "rate":
                line = self._line(("total",), None)
                line.rate = line.rate or replace(cell, value=said, shown=said)
            return
        found = parse_amount(said, self.unit or "万元")
        if found is None:
            return
        stated = Stated(found.value, said, cell.where)
        if measure in AMOUNTS and source is None:
            self._line(("total",), None).amounts.setdefault(AMOUNTS[measure or ""], stated)
            return
        heading = self.heading.get(cell.col)
        printed = f"{heading}: {label}" if heading and PART.match(without_blanks(cell.shown)) else label
        line = self._line((_STATED, cell.col, cell.row, label), None)
        line.texts, line.source = [printed], source
        line.amounts[AMOUNTS.get(measure or "", Measure.INITIAL_BUDGET)] = stated

    # -- the whole

    def _finish(self) -> None:
        if (alone := self.lines.get(("total",))) is not None:
            rows = [line for line in self.lines.values() if line is not alone and line.source == "total"]
            if rows and rows[0].take(alone):
                del self.lines["total",]
        self.found.lines = [line.record() for _, line in sorted(self.lines.items(), key=self._order)]
        if len(self.found.lines) == 1 and self.found.lines[0].source is None:
            self.found.lines = [replace(self.found.lines[0], source=FundingSource.TOTAL)]
        self.found.lines.sort(key=lambda record: record.source is not FundingSource.TOTAL)
        for record in self.found.lines:
            self.found.rate = self.found.rate or record.rate
            self.found.weight = self.found.weight or record.weight
            self.found.score = self.found.score or record.score
        if self.found.weight is None:
            self.found.weight = next(self._labelled_points(), None)

    @staticmethod
    def _order(item: tuple[tuple[object, ...], _GatheredLine]) -> tuple[int, int]:
        """Rows as they come; the lists of statements one after the other."""
        name = item[0]
        return (int(str(name[1])), int(str(name[2]))) if name[0] == _STATED else (-1, 0)

    def _labelled_points(self) -> Iterator[Stated]:
        """Points in the label of the block or of its score column: (20分)."""
        labels = [m.cell for m in self.labels.values() if m.measure in ("weight", "score", "rate")]
        for cell in [self.block.margin, *labels]:
            if cell is not None and (number := stated_points(cell.shown)) is not None:
                yield cell.as_stated(number)


@dataclass
class _GatheredLine:
    """A line as it is gathered."""

    texts: list[str] = field(default_factory=list)
    source: str | None = None
    amounts: dict[Measure, Stated] = field(default_factory=dict)
    rate: GridCell | None = None
    weight: Stated | None = None
    score: Stated | None = None

    def add(self, label: _Meaning) -> None:
        """Another label of the line; labels that say the same count once."""
        text = without_blanks(label.cell.shown)
        if text not in self.texts:
            self.texts.append(text)
        self.source = self.source or label.source or ("total" if label.measure else None)

    def take(self, other: _GatheredLine) -> bool:
        """Take in what stands beside the rows of the table, unless this line states it itself."""
        if other.amounts.keys() & self.amounts.keys():
            return False
        self.amounts |= other.amounts
        self.rate, self.weight, self.score = (
            self.rate or other.rate,
            self.weight or other.weight,
            self.score or other.score,
        )
        return True

    def record(self) -> FundingLine:
        """The finished line."""
        source = FundingSource(self.source) if self.source not in (None, "none") else None
        if not self.texts:
            source = FundingSource.TOTAL
        amounts = self.amounts
        budget = amounts.get(Measure.ANNUAL_BUDGET) or amounts.get(Measure.INITIAL_BUDGET)
        executed = amounts.get(Measure.EXECUTED)
        expected = None
        if (
            budget
            and executed
            and isinstance(budget.value, float)
            and isinstance(executed.value, float)
            and budget.value
        ):
            expected = executed.value / budget.value
        rate = read_rate(self.rate, expected) if self.rate else None
        return FundingLine(
            label="/".join(self.texts),
            source=source,
            amounts=amounts,
            rate=self.rate.as_stated(rate if rate is not None else self.rate.shown) if self.rate else None,
            weight=self.weight,
            score=self.score,
        )
