"""The block of money, in any of its shapes: sources by row, sources by column, or labels and figures side by side.

Every figure is explained by the nearest label left of it and the nearest label above it; one of them says what is
measured (全年执行数), one whose money it is (其他资金). So the shapes need no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workbook_tools.legacy import quantities
from workbook_tools.legacy.grid import Cell, Grid, is_counting
from workbook_tools.legacy.quantities import amount_text, is_mark, money_unit
from workbook_tools.legacy.records import Concern, FundingLine, Remark, Stated
from workbook_tools.legacy.vocabulary import MAX_LABEL, Vocabulary, key, points_in, squeezed
from workbook_tools.model import Measure, Source
from workbook_tools.values import MONEY_UNITS

AMOUNTS = {measure.value: measure for measure in Measure if not measure.value.endswith("rate")}
_MEASURED = frozenset({*AMOUNTS, "rate", "arrival_rate"})
_POINTS = ("rate", "weight", "score")
_LEVELS = ("中央", "省", "自治区", "市", "州", "县", "区")
_STATEMENT = re.compile(r"^(?P<label>[^:：\d]{2,30}?)[:：]\s*(?P<amount>[￥¥]?[\d.,，]+\s*(?:万元|元|亿元|万|%|％)?)?$")
_BETWEEN = re.compile(r"[;；、\n]+|[,，。](?!\d)|\s{2,}")
"""What stands between several statements of one cell."""
_GROUP = re.compile(r"^(按.{2,8}分)[:：]?$")
_STATED = "statement"
_WORDS = re.compile(r"[^\W\d_]{2}")
_OF_IT = "其中"
_PART = re.compile(r"^其中[:：]?")
_LOOK_AHEAD = 3
"""Rows in which measures must follow a header of sources."""
_LONGEST = 60
"""Rows of a block; more is a ledger."""
_GAP = 2
"""Blank rows that end a block."""
_HUGE = 100_000
"""万元 from which an amount without a unit is more likely 元."""


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of the block, and the label down its left margin."""

    first: int
    last: int
    margin: Cell | None


@dataclass
class Funding:
    """What the block says."""

    lines: list[FundingLine] = field(default_factory=list)
    rate: Stated | None = None
    weight: Stated | None = None
    score: Stated | None = None
    unit: str = ""
    """The money unit that it names, if it names one."""
    remarks: list[Remark] = field(default_factory=list)
    kept: set[tuple[int, int]] = field(default_factory=set)
    texts: list[Stated] = field(default_factory=list)
    """Reasons and methods that stand in it."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a label says of the figures beside or below it."""

    cell: Cell
    measure: str | None
    source: str | None


def measures_in(grid: Grid, row: int, vocabulary: Vocabulary) -> set[str]:
    """The measures of money that labels of a row name."""
    cells = [cell for cell in grid.starting(row) if not cell.is_number]
    found = {_measure(cell.shown, vocabulary) for cell in cells}
    found |= {_measure(match["label"], vocabulary) for cell in cells for match in _stated(cell) if match["amount"]}
    return {measure for measure in found if measure in _MEASURED}


def _stated(cell: Cell) -> list[re.Match[str]]:
    """The statements that a cell consists of (``预算数：100万元；执行数：95万元``); none if it says anything else."""
    parts = [_PART.sub("", squeezed(part)) for part in _BETWEEN.split(cell.shown) if part.strip()]
    found = [_STATEMENT.match(part) for part in parts] if ":" in cell.shown or "：" in cell.shown else []
    return [match for match in found if match] if all(found) else []


def find_blocks(grid: Grid, rows: list[int], vocabulary: Vocabulary) -> list[Block]:
    """The blocks of money in these rows."""
    blocks: list[Block] = []
    for index, row in enumerate(rows):
        if blocks and row <= blocks[-1].last:
            continue
        following = rows[index + 1 : index + 1 + _LOOK_AHEAD]
        if _begins(grid, row, following, vocabulary) or _lists_sources(grid, row, following, vocabulary):
            margin = _margin(grid, row, vocabulary)
            blocks.append(
                Block(row, _last(grid, row, rows[index + 1 : index + 1 + _LONGEST], margin, vocabulary), margin)
            )
    return blocks


def _begins(grid: Grid, row: int, following: list[int], vocabulary: Vocabulary) -> bool:
    measures = measures_in(grid, row, vocabulary)
    if len(measures & set(AMOUNTS)) >= 2 or (len(measures) >= 2 and measures & set(AMOUNTS)):
        return True
    if len(sources_in(grid, row, vocabulary)) >= 2:
        return any(measures_in(grid, below, vocabulary) for below in following)
    below = measures_in(grid, following[0], vocabulary) & set(AMOUNTS) if following else set()
    return bool(measures & set(AMOUNTS) and below - measures)


def _lists_sources(grid: Grid, row: int, following: list[int], vocabulary: Vocabulary) -> bool:
    """Amounts by whose money they are, without a word of what is measured, beside the label of the block."""
    margin = _margin(grid, row, vocabulary)
    if margin is None or margin.row != row or vocabulary.sections.find(margin.shown) != "funding":
        return False
    rows = [row, *(below for below in following if below <= margin.last_row)]
    return sum(bool(sources_in(grid, one, vocabulary)) for one in rows) > 1


def sources_in(grid: Grid, row: int, vocabulary: Vocabulary) -> set[str]:
    cells = [cell for cell in grid.starting(row) if not cell.is_number and len(key(cell.shown)) <= MAX_LABEL]
    return {found for cell in cells if (found := vocabulary.sources.find(cell.shown))}


def _margin(grid: Grid, row: int, vocabulary: Vocabulary) -> Cell | None:
    """The label of the whole block: leftmost, and merged down or known as such."""
    first = next(grid.across(row, 0, min(cell.col for cell in grid.starting(row))), None)
    if first is None or first.is_number:
        return None
    known = vocabulary.sections.find(first.shown) == "funding" and len(grid.starting(first.row)) > 2
    if first.rows == 1:
        return first if known and _measure(first.shown, vocabulary) not in AMOUNTS else None
    figures = any(c.is_number or amount_text(c.shown, "元") for c in grid.filled(first.row, first.last_row))
    return first if known or money_unit(first.shown) or figures else None


def _last(grid: Grid, row: int, following: list[int], margin: Cell | None, vocabulary: Vocabulary) -> int:
    """The block's last row: of its margin label, or as long as the rows speak of money."""
    last = row if margin is None else min(margin.last_row, row + _LONGEST)
    if margin is not None and margin.rows > 1:
        return last
    for next_row in following:
        if next_row - last > _GAP:
            break
        if not (_continues(grid, next_row, vocabulary) or _has_amounts(grid, row, next_row, vocabulary)):
            break
        last = next_row
    return last


def _continues(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    cells = [cell for cell in grid.starting(row) if not cell.is_number and not is_mark(cell.shown)]
    if all(amount_text(cell.shown, "元") or quantities.fraction(cell) is not None for cell in cells):
        return bool(grid.starting(row))  # figures alone
    if any(vocabulary.head.exactly(cell.shown) or vocabulary.texts.exactly(cell.shown) for cell in cells[:2]):
        return bool(sources_in(grid, row, vocabulary)) and vocabulary.texts.exactly(cells[0].shown) is None
    if sources_in(grid, row, vocabulary) or measures_in(grid, row, vocabulary):
        return True
    return any(_stated(cell) or _GROUP.match(squeezed(cell.shown)) for cell in cells)


def _has_amounts(grid: Grid, header: int, row: int, vocabulary: Vocabulary) -> bool:
    """Amounts stand below the measures of the header, whatever the row is called."""
    measured = [cell for cell in grid.starting(header) if _measure(cell.shown, vocabulary) in AMOUNTS]
    below = [next(grid.across(row, cell.col, cell.last_col), None) for cell in measured]
    amounts = [cell for cell in below if cell is not None and (cell.is_number or amount_text(cell.shown, "元"))]
    return len(amounts) >= 2


def _measure(label: str, vocabulary: Vocabulary) -> str | None:
    text = squeezed(label)
    if len(key(text)) > MAX_LABEL:
        return None
    ratio = re.search(r"[(（][\w（）()]{1,8}[/÷][\w()（）]{1,8}[)）]", text)
    if ratio:
        return "arrival_rate" if "到位" in text else "rate"
    return vocabulary.measures.find(text)


def _source(text: str, vocabulary: Vocabulary) -> str | None:
    """Whose money; ``none`` where several levels stand together."""
    if sum(level in text for level in _LEVELS[:3]) + any(x in text for x in "市州") + any(x in text for x in "县") > 1:
        return "none"
    return vocabulary.sources.find(text, 0.3)


def read_block(grid: Grid, block: Block, unit: str, vocabulary: Vocabulary) -> Funding:
    """The lines of a block; amounts without a unit of their own are in ``unit`` (blank: the form names none)."""
    return _Reader(grid, block, unit, vocabulary).read()


class _Reader:
    def __init__(self, grid: Grid, block: Block, unit: str, vocabulary: Vocabulary) -> None:
        self.grid, self.block, self.words = grid, block, vocabulary
        self.found = Funding()
        self.cells = [cell for cell in grid.filled(block.first, block.last) if cell is not block.margin]
        self.labels = {(c.row, c.col): m for c in self.cells if (m := self._label(c)) is not None}
        named = [money_unit(m.cell.shown) for m in self.labels.values() if m.measure in AMOUNTS or m.source]
        margin_unit = money_unit(block.margin.shown) if block.margin else ""
        self.found.unit = margin_unit or next((name for name in named if name), "")
        self.unit = self.found.unit or unit
        self.by_column = self._sources_by_column()
        self.unmeasured = not any(m.measure in _MEASURED for m in self.labels.values())
        self.lines: dict[tuple[object, ...], _Line] = {}
        self.heading: dict[int, str] = {}

    def read(self) -> Funding:
        if self.block.margin is not None:
            self._keep(self.block.margin)
        counting = {row for row in {c.row for c in self.cells} if is_counting(self.grid.starting(row))}
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

    def _keep(self, cell: Cell) -> None:
        self.found.kept.add((cell.row, cell.col))

    def _doubt(self, concern: Concern, cell: Cell, what: str, taken: str = "", other: str = "") -> None:
        self.found.remarks.append(
            Remark(concern=concern, where=cell.where, field=what, printed=cell.shown, taken=taken, other=other)
        )

    # -- labels

    def _label(self, cell: Cell) -> _Meaning | None:
        if (
            cell.is_number
            or not (_WORDS.search(squeezed(cell.shown)) or self.words.measures.exactly(cell.shown))
            or amount_text(cell.shown, "万元")
            or len(key(cell.shown)) > MAX_LABEL
        ):
            return None
        if quantities.fraction(cell) is not None or quantities.points(cell) is not None:
            return None
        measure, source = _measure(cell.shown, self.words), _source(squeezed(cell.shown), self.words)
        if measure in ("other", "other_money", "serial", "reason", "method"):
            source = None
        if measure in ("weight", "score", "rate", "arrival_rate"):
            source = None
        if measure is None and source is None and not self._heads_figures(cell):
            return None
        return _Meaning(cell, measure, source)

    def _heads_figures(self, cell: Cell) -> bool:
        """An unknown label with figures to its right is a line of its own."""
        right = self.grid.at(cell.row, cell.last_col + 1)
        return (
            right is not None
            and bool(right.shown)
            and (right.is_number or amount_text(right.shown, "万元") is not None)
        )

    def _left(self, cell: Cell) -> _Meaning | None:
        for col in range(cell.col - 1, -1, -1):
            other = self.grid.at(cell.row, col)
            if other is not None and (found := self.labels.get((other.row, other.col))) is not None:
                return found
        return None

    def _first_label(self, row: int) -> _Meaning | None:
        labels = [self.labels.get((cell.row, cell.col)) for cell in self.grid.starting(row)]
        return next((label for label in labels if label is not None), None)

    def _in_pairs(self, row: int, above: _Meaning | None) -> bool:
        """The row says first what is measured, then label and amount in turn (执行情况: 基本支出 2900 项目支出 1900)."""
        first = self._first_label(row)
        return first is not None and first.measure in AMOUNTS and (above is None or above.measure is None)

    def _above(self, cell: Cell) -> _Meaning | None:
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
            elif label.measure in _MEASURED:
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
            self._line(("row", label.cell.row, label.source if known else key(label.cell.shown)), label)

    def _line(self, name: tuple[object, ...], label: _Meaning | None) -> _Line:
        line = self.lines.setdefault(name, _Line())
        if label is not None:
            line.add(label)
        return line

    # -- figures

    def _figure(self, cell: Cell) -> None:
        left, above = self._left(cell), self._above(cell)
        figure = cell.is_number or amount_text(cell.shown, "元") is not None
        first = self._first_label(cell.row)
        before = figure and first is not None and first.cell.col < cell.col
        meaning = self._measured(left, above, first if before else None)
        if meaning is None and self.unmeasured and left is not None and left.source is not None:
            meaning = Measure.ANNUAL_BUDGET.value
            self._doubt(Concern.AMBIGUOUS, cell, left.cell.shown, Measure.ANNUAL_BUDGET.label, Measure.RECEIVED.label)
        if is_mark(cell.shown) or key(cell.shown) == _OF_IT or (cell.row, cell.col) in self.found.kept:
            self._keep(cell)
            return
        if meaning in ("reason", "method", "other", "serial"):
            self._keep(cell)
            if meaning != "serial":
                self.found.texts.append(cell.stated(cell.shown))
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

    def _line_of(self, cell: Cell, left: _Meaning | None, above: _Meaning | None) -> _Line:
        """By row: the label on the left says whose money it is. By column: the one above."""
        turned = above is not None and above.source is not None and left is not None and left.measure in AMOUNTS
        if left is not None and left.source is not None and not turned:
            name = left.source if left.source != "none" else key(left.cell.shown)
            return self._line(("label", name) if self._in_pairs(cell.row, above) else ("row", cell.row, name), left)
        if above is not None and above.source is not None:
            return self._line(("column", above.cell.col), above)
        if left is not None and left.measure in _POINTS:
            return self._line(("total",), None)
        if left is not None and left.measure is None:
            return self._line(("row", cell.row, key(left.cell.shown)), left)
        if left is not None and above is not None and above.measure is not None:
            return self._line(("row", cell.row, "total"), left)
        return self._line(("total",), None)

    def _amount(self, cell: Cell, line: _Line, measure: Measure, header: _Meaning | None) -> None:
        self._keep(cell)
        unit = self._unit_beside(cell) or (money_unit(header.cell.shown) if header else "") or self.unit
        found = quantities.amount(cell, unit or "万元")
        if found is None:
            self._doubt(Concern.UNKNOWN, cell, measure.label)
            return
        if found.doubtful:
            self._doubt(Concern.AMBIGUOUS, cell, measure.label, f"{found.value:.15g}万元", "金额后有多余符号")
        if not unit and not money_unit(cell.shown) and found.value >= _HUGE:
            self._doubt(Concern.AMBIGUOUS, cell, measure.label, f"{found.value:.15g}万元", f"{found.value:.15g}元")
        line.amounts.setdefault(measure, cell.stated(found.value))

    def _unit_beside(self, cell: Cell) -> str:
        """The unit in a cell of its own right of the amount."""
        beside = self.grid.at(cell.row, cell.last_col + 1)
        if beside is None or squeezed(beside.shown) not in MONEY_UNITS:
            return ""
        self._keep(beside)
        return squeezed(beside.shown)

    def _points(self, cell: Cell, line: _Line, meaning: str) -> None:
        self._keep(cell)
        number = quantities.points(cell)
        if number is None:
            self._doubt(Concern.UNKNOWN, cell, "分值" if meaning == "weight" else "得分")
        elif meaning == "weight":
            line.weight = line.weight or cell.stated(number)
        else:
            line.score = line.score or cell.stated(number)

    def _statements(self, cell: Cell) -> bool:
        """Amounts that stand in a text (``其中:基本支出:1768.16万元``), below a heading (按支出性质分)."""
        if cell.is_number:
            return False
        text = squeezed(cell.shown)
        group = _GROUP.match(text)
        if group:
            self.heading[cell.col] = group[1]
            self._keep(cell)
            return True
        matches = _stated(cell)
        if not matches or not (cell.col in self.heading or any(match["amount"] for match in matches)):
            return False
        self._keep(cell)
        for match in matches:
            self._statement(cell, match["label"], match["amount"])
        return True

    def _statement(self, cell: Cell, label: str, said: str | None) -> None:
        measure, source = _measure(label, self.words), _source(label, self.words)
        if said is None or measure in ("rate", "arrival_rate") or said.endswith(("%", "％")):
            if said is not None and measure == "rate":
                line = self._line(("total",), None)
                line.rate = line.rate or replace(cell, value=said, shown=said)
            return
        found = amount_text(said, self.unit or "万元")
        if found is None:
            return
        stated = Stated(found.value, said, cell.where)
        if measure in AMOUNTS and source is None:
            self._line(("total",), None).amounts.setdefault(AMOUNTS[measure or ""], stated)
            return
        heading = self.heading.get(cell.col)
        printed = f"{heading}: {label}" if heading and _PART.match(squeezed(cell.shown)) else label
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
            self.found.lines = [replace(self.found.lines[0], source=Source.TOTAL)]
        self.found.lines.sort(key=lambda record: record.source is not Source.TOTAL)
        for record in self.found.lines:
            self.found.rate = self.found.rate or record.rate
            self.found.weight = self.found.weight or record.weight
            self.found.score = self.found.score or record.score
        if self.found.weight is None:
            self.found.weight = next(self._labelled_points(), None)

    @staticmethod
    def _order(item: tuple[tuple[object, ...], _Line]) -> tuple[int, int]:
        """Rows as they come; the lists of statements one after the other."""
        name = item[0]
        return (int(str(name[1])), int(str(name[2]))) if name[0] == _STATED else (-1, 0)

    def _labelled_points(self) -> Iterator[Stated]:
        """Points in the label of the block or of its score column: (20分)."""
        labels = [m.cell for m in self.labels.values() if m.measure in ("weight", "score", "rate")]
        for cell in [self.block.margin, *labels]:
            if cell is not None and (number := points_in(cell.shown)) is not None:
                yield cell.stated(number)


@dataclass
class _Line:
    """A line as it is gathered."""

    texts: list[str] = field(default_factory=list)
    source: str | None = None
    amounts: dict[Measure, Stated] = field(default_factory=dict)
    rate: Cell | None = None
    weight: Stated | None = None
    score: Stated | None = None

    def add(self, label: _Meaning) -> None:
        """Another label of the line; labels that say the same count once."""
        text = squeezed(label.cell.shown)
        if text not in self.texts:
            self.texts.append(text)
        self.source = self.source or label.source or ("total" if label.measure else None)

    def take(self, other: _Line) -> bool:
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
        source = Source(self.source) if self.source not in (None, "none") else None
        if not self.texts:
            source = Source.TOTAL
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
        rate = quantities.fraction(self.rate, expected) if self.rate else None
        return FundingLine(
            label="/".join(self.texts),
            source=source,
            amounts=amounts,
            rate=self.rate.stated(rate if rate is not None else self.rate.shown) if self.rate else None,
            weight=self.weight,
            score=self.score,
        )
