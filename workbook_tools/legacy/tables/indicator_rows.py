"""The rows below a header of indicators → entries, rows of the empty form, and the total."""

from __future__ import annotations

import re
from dataclasses import replace

from workbook_tools.legacy.tables.column_meanings import FIGURES, NAMES, NAMES_OF_COLUMNS, SOMETHING_ELSE, list_readings
from workbook_tools.legacy.tables.found_indicators import FoundIndicators
from workbook_tools.legacy.tables.headers import Header
from workbook_tools.legacy.tables.indicator_values import IndicatorReader
from workbook_tools.legacy.tables.levels import LEVEL_ENDING, is_dimension, is_numbered_level, resolve_levels
from workbook_tools.legacy.tables.several_lines import split_lines
from workbook_tools.legacy.tables.sum_rows import adds_up, kind_of_sum
from workbook_tools.legacy.tables.titles_and_notes import is_counting_row
from workbook_tools.legacy.words.figures import read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, stated_points, without_blanks, without_points
from workbook_tools.legacy.words.numbering import has_placeholder, has_serial, is_ordinal, without_placeholder
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.records import FormIndicator, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Characters of a level's key that has a row of its own (服务对象满意度指标 has 9); a longer text is a remark across the table.
_LONGEST_LEVEL = 16


def names_level(header: Header, cells: list[GridCell], words: Vocabulary) -> bool:
    """A row of one cell that names a level: 一、产出指标（50分） across the table, （一）数量指标."""
    if len(cells) != 1:
        return False
    (cell,) = cells
    numbered, has_points = is_numbered_level(cell.shown), stated_points(cell.shown) is not None
    if header.column("level1") and header.column("level2"):
        return (numbered or has_points) and is_dimension(cell.shown, words)
    if cell.cols == 1:
        return numbered and cell.col <= header.names.last
    text = label_key(cell.shown)
    named = text.endswith((LEVEL_ENDING, *words.words("marks", "behind_levels"))) or is_dimension(text, words)
    return 0 < len(text) <= _LONGEST_LEVEL and (named or has_points)


def read_rows(
    grid: Grid, header: Header, rows: list[int], words: Vocabulary, before: FoundIndicators | None = None
) -> FoundIndicators:
    """The entries of these rows of a grid; where the header repeats the one ``before``, its levels go on."""
    reader = _RowReader(grid, header, words)
    if before is not None and [c.meaning for c in before.header.columns] == [c.meaning for c in header.columns]:
        reader.found.levels, reader.entries_before = dict(before.levels), before.entries
    reader.doubt_columns()
    reader.read_level_above()
    for row in rows:
        reader.read_row(row)
    reader.divide_points()
    found = reader.found
    found.entries = resolve_levels(found.entries, found.remarks, found.points, words)
    return found


# A cell left of the names that is merged over more rows than this is the label of them all.
_ROWS_OF_MARGIN = 2
# Columns whose cell of a row is one figure or text of the indicator.
_VALUES = (*FIGURES, "deduction", "adjusted_target", "completion", "folded", "reason")
# Of these, a cell that is merged over rows holds for each of them; a merged score is shared among them.
_HOLD_FOR_EACH_ROW = ("target", "actual", "adjusted_target")
# （50分）, 50分 below the name of a level: its points, in a row of the same merged block.
_POINTS_ALONE = re.compile(r"[(（]?\d+(?:\.\d+)?分[)）]?")


class _RowReader:
    def __init__(self, grid: Grid, header: Header, words: Vocabulary) -> None:
        self.grid, self.header, self.words = grid, header, words
        self.found = FoundIndicators(header=header, kept=grid.kept)
        self.indicators = IndicatorReader(grid, words, self.found)
        self.levels_in_rows = False
        """Names of level 1 have rows of their own; a column of levels is level 2."""
        self.shared_scores: dict[tuple[int, int], int] = {}
        """Place of a score → index of the entry that holds it."""
        self.shared_points: dict[GridCell, list[int]] = {}
        """Cell of points that is merged over rows → the entries in these."""
        self.last_sum = 0
        """How many entries there were at the last row that sums others."""
        self.sum_found = "total"
        """What the row sums that was found to add up."""
        self.entries_before: list[FormIndicator] = []
        """The entries of the page before."""
        self.found.take(*header.cells)

    def read_level_above(self) -> None:
        """Take in the name of a level 1 right above the header."""
        above = self.grid.starting_in(self.header.row - 1)
        if len(above) == 1 and self.header.column("level1") is None and is_dimension(above[0].shown, self.words):
            self.found.levels = {"level1": label_key(above[0].shown), "level2": ""}
            self._take_points(above[0])
            self.found.take(above[0])

    def read_row(self, row: int) -> None:
        """Take in one row."""
        cells = self.grid.starting_in(row)
        if not cells or is_counting_row(cells, self.words):
            self.found.take(*cells)
        elif (label := self._label_of_sum(cells)) is not None:
            self._read_sum(label, cells, kind_of_sum(label.shown, self.words) or "total")
        elif (label := self._first_of_sum(row, cells)) is not None:
            self._read_sum(label, cells, self.sum_found)
        elif names_level(self.header, rest := [c for c in cells if not self._is_margin(c)], self.words):
            self.found.take(*cells)
            self._read_level(rest[0])
        else:
            self._read_margin(cells)
            self._read_indicator(row)

    def doubt_columns(self) -> None:
        """Tell which columns can fairly mean something else."""
        for column in self.header.columns:
            cell = self.grid.at(self.header.last_row, column.first)
            if cell is not None and column.refused:
                self.found.refuse(cell, "这一列", column.key)
            if cell is not None and (column.other or column.answer):
                taken, other = (NAMES_OF_COLUMNS.get(name, SOMETHING_ELSE) for name in (column.meaning, column.other))
                self.found.choose(cell, "这一列", column.key, list_readings(taken, other))

    # -- rows that are no indicators

    def _label_of_sum(self, cells: list[GridCell]) -> GridCell | None:
        """The label of a total or subtotal row; a number is none, though 小计 may be read in it."""
        kinds = {cell: kind_of_sum(cell.shown, self.words) for cell in cells if cell.col <= self.header.names.last}
        label = next((cell for cell, kind in kinds.items() if kind), None)
        return None if label is not None and kinds[label] == "subtotal" and label.is_number else label

    def _first_of_sum(self, row: int, cells: list[GridCell]) -> GridCell | None:
        """The label of a row that tells points alone, and as many as the rows above it have together."""
        values = self._find_values(row, None, leave=False)
        points = {name: read_points(cell) for name, cell in values.items() if name in ("weight", "score")}
        numbers = {name: number for name, number in points.items() if number is not None}
        label, *others = cells
        told = {"target", "actual", "completion"} & values.keys() or label in values.values()
        if not numbers or told or label.is_number or len(others) > len(values):
            return None
        found = adds_up(numbers, self.found.entries, self.last_sum)
        if found is None:
            return None
        self.sum_found = found
        readings = {"合计行": "合计行，不是指标（与上面各行之和相同）", "指标": "一个指标"}
        chosen = self.found.choose(label, "三级指标", f"这一行是什么：{label_key(label.shown)}", readings)
        return label if chosen == "合计行" else None

    def _read_sum(self, label: GridCell, cells: list[GridCell], kind: str) -> None:
        self.found.take(*cells)
        self.last_sum = len(self.found.entries)
        if kind == "total":
            self._read_total(label, [cell for cell in cells if cell is not label])

    def _read_total(self, label: GridCell, values: list[GridCell]) -> None:
        """The numbers of the total row: by their columns, or where these do not fit, the last is the score."""
        numbers = {cell: number for cell in values if (number := read_points(cell)) is not None}
        by_column = {name: self._find_below(name, numbers) for name in ("weight", "score", "folded")}
        weight, score = by_column["weight"], by_column["folded"] or by_column["score"]
        if weight is None and score is None and numbers:
            *before, score = numbers
            weight = before[-1] if before else None
            if not before and stated_points(label.shown) is None and self.header.column("score") is None:
                readings = {"得分合计": "得分合计", "分值合计": "分值合计"}
                if self.found.choose(score, "总分", "合计行里的数是什么", readings) == "分值合计":
                    weight, score = score, None
        if weight is not None and self.found.total_weight is None:
            self.found.total_weight = weight.as_stated(numbers[weight])
        if score is not None:
            self.found.total = score.as_stated(numbers[score])
        for cell in values:
            grade = without_blanks(cell.shown)
            if grade in self.words.words("marks", "grades"):
                self.found.grade = cell.as_stated(grade)
            elif cell not in (weight, score) and not says_nothing(cell.shown) and cell not in numbers:
                self.found.leave(cell, "总分行")

    def _find_below(self, meaning: str, numbers: dict[GridCell, float]) -> GridCell | None:
        column = self.header.column(meaning)
        if column is None:
            return None
        return next((cell for cell in numbers if cell.col <= column.last and cell.last_col >= column.first), None)

    def _read_level(self, cell: GridCell) -> None:
        """A name of level 1 across the table (一、产出指标(50分)), or of level 2 below it; the rows below belong to it."""
        text, before = label_key(cell.shown), self.found.levels["level1"]
        if is_dimension(before, self.words) and not is_dimension(text, self.words) and is_numbered_level(cell.shown):
            self.found.levels["level2"] = text
        else:
            self.found.levels = {"level1": text, "level2": ""}
        self.levels_in_rows = not (self.header.column("level1") and self.header.column("level2"))
        self._take_points(cell)
        self.found.take(cell)

    def _is_margin(self, cell: GridCell) -> bool:
        """The label of the whole block, merged down beside its rows."""
        left = min(c.first for c in self.header.columns if c.meaning in (*NAMES, "serial"))
        return cell.rows > _ROWS_OF_MARGIN and cell.last_col < left

    def _read_margin(self, cells: list[GridCell]) -> None:
        """Labels of the whole block, left of the columns (绩效指标(90分))."""
        for cell in cells:
            if cell.last_col < self.header.first_col:
                self._take_points(cell)
                self.found.take(cell)

    def _take_points(self, cell: GridCell) -> None:
        """The points that the label of a level or block states."""
        points = stated_points(cell.shown)
        if points is not None:
            self.found.points.setdefault(without_points(cell.shown), cell.as_stated(points))

    # -- a row that may be an indicator

    def _read_indicator(self, row: int) -> None:
        started = self._read_levels(row)
        name, extra = self._find_name(row)
        values = self._find_values(row, name)
        figures = {meaning for meaning, cell in values.items() if not says_nothing(cell.shown)} - {"reason"}
        if name is not None and self._join_to_name_above(row, name):
            return
        if name is not None and (name.row < row or (not figures and self._covers_figures(name))):
            self._leave_row(row, {"name": name} if name.row == row else values)
            return
        if name is None or self._is_template(name.shown, bool(figures)):
            label = name or (started[-1] if started else None)
            if not figures or (name is None and not self._has_measure(values)):
                self._read_template_row(label, name, values)
                return
            if label is None:
                self._leave_row(row, values)
                return
            if name is None:
                readings = {"上一级的名称": f"以“{without_blanks(label.shown)}”为指标名称", "不是指标": "没有指标名称"}
                if self.found.choose(label, "三级指标", "没有名称的行用什么名称", readings) == "不是指标":
                    self._leave_row(row, values)
                    return
            name = label
        parts = self._split_row(row, name, values)
        if parts:
            self._read_parts(row, parts, extra)
            return
        self.found.entries.append(self.indicators.read(row, name, values, extra))
        self._share_score(row, values.get("score"))
        self._note_shared_points(row)

    def _split_row(
        self, row: int, name: GridCell, values: dict[str, GridCell]
    ) -> list[tuple[GridCell, dict[str, GridCell]]]:
        """The indicators of a row that has a line for each of several, told wherever it is done."""
        beside = {word: cell for word in ("sign", "unit") if (cell := self.indicators.find_text(word, row))}
        parts = split_lines(name, {**values, **beside}, self.words)
        if not parts:
            return []
        names = "、".join(without_blanks(own.shown) for own, _ in parts)
        readings = {"分开": f"{len(parts)}个指标：{names}", "不分": "一个指标，各格按文字"}
        key = f"一格里的几个指标：{label_key(name.shown)}"
        return parts if self.found.choose(name, "三级指标", key, readings) == "分开" else []

    def _read_parts(self, row: int, parts: list[tuple[GridCell, dict[str, GridCell]]], extra: list[GridCell]) -> None:
        """Take in the indicators of a row that was taken apart; points that stand once are shared by them."""
        first, count = len(self.found.entries), len(parts)
        entries = [self.indicators.read(row, name, values, extra) for name, values in parts]
        self.found.entries += [entries[0], *(replace(entry, remark="") for entry in entries[1:])]
        values = parts[0][1]
        if (score := values.get("score")) is not None and "score" not in parts[1][1]:
            self.found.entries[first] = replace(entries[0], score_rows=count)
            self.shared_scores[score.place] = first
        if (weight := values.get("weight")) is not None and "weight" not in parts[1][1]:
            self.shared_points.setdefault(weight, []).extend(range(first, first + count))

    def _join_to_name_above(self, row: int, name: GridCell) -> bool:
        """Join the rest of the name above, cut off by a page break: nothing else stands in the row or reaches into it."""
        entries = self.found.entries or self.entries_before
        levels = [c for meaning in ("level1", "level2") if (c := self.header.column(meaning)) is not None]
        if not entries or not levels or self.grid.starting_in(row) != [name]:
            return False
        if self._begins_name(name) or self._covers_figures(name):
            return False
        last = entries[-1]
        reached = any(
            self.grid.at(row, col) not in (None, name) for c in self.header.columns for col in (c.first, c.last)
        )
        if reached or last.weight is None or (last.target is None and last.actual is None):
            return False
        whole = f"{last.name.printed}{name.shown}"
        self.found.doubt(name, "三级指标", f"接在上一行后面：{without_blanks(whole)}", "另一个指标，没有填写")
        entries[-1] = replace(last, name=Stated(whole, whole, last.name.where))
        return True

    def _begins_name(self, cell: GridCell) -> bool:
        """A name of its own: with a serial number, 指标1：, 其中, or behind an ornament (★)."""
        text = without_blanks(cell.shown)
        return (
            has_serial(text)
            or has_placeholder(text)
            or text.startswith(self.words.words("rows", "part"))
            or not re.match(r"\w", text)
        )

    def _has_measure(self, values: dict[str, GridCell]) -> bool:
        """A target, an actual, or a number of points; a text among the points is something else."""
        numbers = [values[name] for name in ("weight", "score") if name in values]
        return bool({"target", "actual"} & values.keys()) or any(read_points(c) is not None for c in numbers)

    def _covers_figures(self, cell: GridCell) -> bool:
        """A text across a column of figures is a sentence, no name."""
        columns = [self.header.column(meaning) for meaning in ("target", "actual", "score")]
        return any(c is not None and cell.col <= c.last and cell.last_col >= c.first for c in columns)

    def _leave_row(self, row: int, values: dict[str, GridCell]) -> None:
        """Figures without a name of their own are listed."""
        for cell in values.values():
            if cell.row == row and not says_nothing(cell.shown):
                self.found.take(cell)
                self.found.leave(cell, "不是指标的行")

    def _read_levels(self, row: int) -> list[GridCell]:
        """Carry the levels on; returns the level cells that begin in this row."""
        started = []
        for meaning in ("level1", "level2"):
            column = self.header.column(meaning)
            if column is None:
                continue
            if self.levels_in_rows:
                meaning = "level2"
            across = self.grid.across(row, column.first, column.last)
            cells = [cell for cell in across if not self._covers_figures(cell)]
            text = "".join(without_points(cell.shown) for cell in cells)
            begins = [cell for cell in cells if cell.row == row]
            self.found.take(*cells)
            if begins:
                text = self._join_broken_level(meaning, text)
                for cell in begins:
                    self._take_points(cell)
                if meaning == "level1" and text != self.found.levels["level1"]:
                    self.found.levels["level2"] = ""
                started += begins
            if text:
                self.found.levels[meaning] = text
        return started

    def _join_broken_level(self, meaning: str, text: str) -> str:
        """A level whose name is broken over the cells of several rows (产出 above 指标): its entries get the whole name."""
        before = self.found.levels[meaning]
        if before and _POINTS_ALONE.fullmatch(text):
            return before
        broken = before and not before.endswith(LEVEL_ENDING) and (before + text).endswith(LEVEL_ENDING)
        if not broken or (text.endswith(LEVEL_ENDING) and text != LEVEL_ENDING):
            return text
        whole = before + text
        for index in range(len(self.found.entries) - 1, -1, -1):
            entry = self.found.entries[index]
            if before not in (entry.dimension, entry.category):
                break
            first = meaning == "level1"
            self.found.entries[index] = replace(entry, dimension=whole) if first else replace(entry, category=whole)
        self.found.levels[meaning] = whole
        return whole

    def _find_name(self, row: int) -> tuple[GridCell | None, list[GridCell]]:
        """The cell of the name, and further cells below the same header (a description)."""
        column = self.header.names
        cells = [*self.grid.across(row, column.first, column.last)]
        if len(cells) > 1 and (cells[0].is_number or is_ordinal(without_blanks(cells[0].shown))):
            self.found.take(cells[0])
            cells = cells[1:]
        self.found.take(*cells)
        return (cells[0], cells[1:]) if cells else (None, [])

    def _find_values(self, row: int, name: GridCell | None, *, leave: bool = True) -> dict[str, GridCell]:
        """The figures of the row by meaning; what is merged down from above counts only if rows share it, and a text that
        begins in the column of names is none."""
        values: dict[str, GridCell] = {}
        for column in self.header.columns:
            if column.meaning not in _VALUES:
                continue
            cells = [
                cell
                for cell in self.grid.across(row, column.first, column.last)
                if cell is not name and (cell.row == row or column.meaning in _HOLD_FOR_EACH_ROW)
            ]
            if cells and column.meaning not in values:
                values[column.meaning] = cells[0]
                cells = cells[1:]
            for cell in cells if leave else ():
                if cell.row == row and cell is not values.get(column.meaning) and column.meaning != "reason":
                    self.found.take(cell)
                    self.found.leave(cell, column.label)
        return values

    def _is_template(self, text: str, has_figures: bool) -> bool:
        """A row of the empty form: /, ……, 指标2:, 无."""
        bare = without_blanks(text)
        if says_nothing(bare) or bare in self.words.words("rows", "template"):
            return True
        return not has_figures and says_nothing(without_placeholder(bare))

    def _read_template_row(self, label: GridCell | None, name: GridCell | None, values: dict[str, GridCell]) -> None:
        for cell in values.values():
            self.found.take(cell)
            if not says_nothing(cell.shown):
                self.found.leave(cell, "不是指标的行")
        if label is not None:
            shown = without_blanks(label.shown) if label is name else without_points(label.shown)
            self.found.template_rows.append(label.as_stated(shown))

    def _share_score(self, row: int, cell: GridCell | None) -> None:
        """A score merged over several rows belongs to the first of its entries, and counts them."""
        index = len(self.found.entries) - 1
        column = self.header.column("score")
        if cell is not None:
            self.shared_scores[cell.place] = index
        elif column is not None:
            above = next((c for c in self.grid.across(row, column.first, column.last) if c.row < row), None)
            first = self.shared_scores.get(above.place) if above else None
            if first is not None:
                entry = self.found.entries[first]
                self.found.entries[first] = replace(entry, score_rows=entry.score_rows + 1)

    def _note_shared_points(self, row: int) -> None:
        column = self.header.column("weight")
        cell = next(self.grid.across(row, column.first, column.last), None) if column else None
        if cell is not None and cell.rows > 1:
            self.shared_points.setdefault(cell, []).append(len(self.found.entries) - 1)

    def divide_points(self) -> None:
        """Points that are merged over several rows, as of a level 2, belong to these in equal parts; those whose score is
        merged too are divided with it."""
        for cell, indexes in self.shared_points.items():
            points = read_points(cell)
            others = [self.found.entries[index].weight for index in indexes[1:]]
            if len(indexes) < 2 or points is None or any(others) or self.found.entries[indexes[0]].score_rows > 1:
                continue
            share = float(f"{points / len(indexes):.12g}")
            readings = {
                "平分": f"{len(indexes)}个指标平分，各{share:g}分",
                "归第一个": f"第一个指标{cell.shown}分，其余没有分值",
            }
            if self.found.choose(cell, "分值", "几个指标合用的分值", readings) == "平分":
                for index in indexes:
                    self.found.entries[index] = replace(self.found.entries[index], weight=cell.as_stated(share))
