"""The rows below a header of indicators → entries, rows of the empty form, and the total."""

from __future__ import annotations

import re
from dataclasses import replace

from workbook_tools.legacy.tables.columns import FIGURES, Header
from workbook_tools.legacy.tables.entries import EntryMaker, FoundIndicators
from workbook_tools.legacy.tables.labels import is_counting_row
from workbook_tools.legacy.tables.levels import is_dimension, is_numbered_level, settled
from workbook_tools.legacy.words.figures import read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, stated_points, without_blanks, without_points
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.records import Concern, FormIndicator, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

_VALUES = (*FIGURES, "adjusted_target", "completion", "folded", "reason")
_ORDINAL = re.compile(r"(?:三级)?指标\s*\d*\s*[:：.、]?|\d{1,2}[.、]?")
_BEGINS = re.compile(r"(?:三级)?指标\s*\d|[(（]?\d{1,2}[)）.、]|[(（]?[一二三四五六七八九十]{1,2}[)）.、]|其中|[^\w]")
"""How a name of its own begins, where names are numbered."""
_LEVEL = "指标"
_POINTS_ALONE = re.compile(r"[(（]?\d+(?:\.\d+)?分[)）]?")
_DIVIDER = 16
"""Characters of a level-1 name that has a row of its own."""


def divides(header: Header, cells: list[GridCell], words: Vocabulary) -> bool:
    """A row of one cell that names a level: 一、产出指标（50分） across the table, （一）数量指标."""
    if len(cells) != 1:
        return False
    (cell,) = cells
    text = label_key(cell.shown)
    told = is_numbered_level(cell.shown) or stated_points(cell.shown) is not None
    if header.column("level1") and header.column("level2"):
        return told and is_dimension(cell.shown, words)
    if cell.cols == 1:
        return is_numbered_level(cell.shown) and cell.col <= header.names.last
    return 0 < len(text) <= _DIVIDER and (text.endswith(_LEVEL) or stated_points(cell.shown) is not None)


def read_rows(
    grid: Grid, header: Header, rows: list[int], vocabulary: Vocabulary, before: FoundIndicators | None = None
) -> FoundIndicators:
    """The entries of these rows of a grid; where the header repeats the one ``before``, its levels go on."""
    reader = _Rows(grid, header, vocabulary)
    if before is not None and [c.meaning for c in before.header.columns] == [c.meaning for c in header.columns]:
        reader.found.levels, reader.above = dict(before.levels), before.entries
    reader.begin()
    for row in rows:
        reader.read(row)
    found = reader.found
    found.entries = settled(found.entries, found.remarks, found.points, vocabulary)
    return found


class _Rows:
    def __init__(self, grid: Grid, header: Header, vocabulary: Vocabulary) -> None:
        self.grid, self.header, self.words = grid, header, vocabulary
        self.found = FoundIndicators(header)
        self.maker = EntryMaker(grid, vocabulary, self.found)
        self.divided = False
        """Names of level 1 have rows of their own; a column of levels is level 2."""
        self.shared: dict[tuple[int, int], int] = {}
        """Place of a score → index of the entry that holds it."""
        self.above: list[FormIndicator] = []
        """The entries of the page before."""
        self.found.keep(*header.cells)

    def begin(self) -> None:
        """Take in the name of a level 1 right above the header."""
        above = self.grid.starting_in(self.header.row - 1)
        if len(above) == 1 and self.header.column("level1") is None and is_dimension(above[0].shown, self.words):
            self.found.levels = {"level1": label_key(above[0].shown), "level2": ""}
            self._note_points(above[0])
            self.found.keep(above[0])

    def read(self, row: int) -> None:
        """Take in one row."""
        cells = self.grid.starting_in(row)
        if not cells or is_counting_row(cells, self.words):
            self.found.keep(*cells)
        elif self._is_sum(row, cells) or self._is_divider(cells):
            pass
        else:
            self._margin(cells)
            self._row(row)

    # -- rows that are no indicators

    def _is_sum(self, row: int, cells: list[GridCell]) -> bool:
        """A total or subtotal row."""
        names = self.header.names
        label = next(
            (c for c in cells if c.col <= names.last and self.words.rows.find_exact(c.shown) in ("total", "subtotal")),
            None,
        )
        if label is None or (self.words.rows.find_exact(label.shown) == "subtotal" and label.is_number):
            return False
        values = [cell for cell in cells if cell is not label]
        self.found.keep(*cells)
        if self.words.rows.find_exact(label.shown) == "total":
            self._total(label, values)
        return True

    def _total(self, label: GridCell, values: list[GridCell]) -> None:
        """The numbers of the total row: by their columns, or where these do not fit, the last is the score."""
        numbers = {cell: number for cell in values if (number := read_points(cell)) is not None}
        by_column = {name: self._under(name, numbers) for name in ("weight", "score", "folded")}
        weight, score = by_column["weight"], by_column["folded"] or by_column["score"]
        if weight is None and score is None and numbers:
            *before, score = numbers
            weight = before[-1] if before else None
            if not before and stated_points(label.shown) is None and self.header.column("score") is None:
                self.found.doubt(Concern.AMBIGUOUS, score, "总分", "得分合计", "分值合计")
        if weight is not None and self.found.total_weight is None:
            self.found.total_weight = weight.as_stated(numbers[weight])
        if score is not None:
            self.found.total = score.as_stated(numbers[score])
        for cell in values:
            grade = without_blanks(cell.shown)
            if grade in self.words.words("marks", "grades"):
                self.found.grade = cell.as_stated(grade)
            elif cell not in (weight, score) and not says_nothing(cell.shown) and cell not in numbers:
                self.found.doubt(Concern.UNKNOWN, cell, "总分行")

    def _under(self, meaning: str, numbers: dict[GridCell, float]) -> GridCell | None:
        column = self.header.column(meaning)
        if column is None:
            return None
        return next((cell for cell in numbers if cell.col <= column.last and cell.last_col >= column.first), None)

    def _is_divider(self, cells: list[GridCell]) -> bool:
        """A name of level 1 across the table (一、产出指标(50分)); the rows below belong to it."""
        if not divides(self.header, cells, self.words):
            return False
        (cell,) = cells
        text, before = label_key(cell.shown), self.found.levels["level1"]
        if is_dimension(before, self.words) and not is_dimension(text, self.words) and is_numbered_level(cell.shown):
            self.found.levels["level2"] = text
        else:
            self.found.levels = {"level1": text, "level2": ""}
        self.divided = not (self.header.column("level1") and self.header.column("level2"))
        self._note_points(cell)
        self.found.keep(cell)
        return True

    def _margin(self, cells: list[GridCell]) -> None:
        """Labels of the whole block, left of the columns (绩效指标(90分))."""
        for cell in cells:
            if cell.last_col < self.header.first_col:
                self._note_points(cell)
                self.found.keep(cell)

    def _note_points(self, cell: GridCell) -> None:
        stated = stated_points(cell.shown)
        if stated is not None:
            self.found.points.setdefault(without_points(cell.shown), cell.as_stated(stated))

    # -- a row that may be an indicator

    def _row(self, row: int) -> None:
        started = self._levels(row)
        names, extra = self._name(row)
        values = self._values(row)
        name = names[0] if names else None
        filled = {meaning for meaning, cell in values.items() if not says_nothing(cell.shown)}
        figures = filled - {"reason"}
        if name is not None and self._goes_on(row, name):
            return
        if name is not None and (name.row < row or (not figures and self._is_sentence(name))):
            self._strangers(row, {"name": name} if name.row == row else values)
            return
        if name is None or self._is_template(name.shown, bool(figures)):
            label = name or (started[-1] if started else None)
            if not figures or (name is None and not self._measures(values)):
                self._template(label, name, values)
                return
            if label is None:
                self._strangers(row, values)
                return
            if name is None:
                self.found.doubt(
                    Concern.AMBIGUOUS, label, "三级指标", f"以“{without_blanks(label.shown)}”为指标名称", "没有指标名称"
                )
            name = label
        self.found.entries.append(self.maker.entry(row, name, values, extra))
        self._share_score(row, values.get("score"))

    def _goes_on(self, row: int, name: GridCell) -> bool:
        """The rest of the name above, cut off by a page break: nothing else stands in the row or reaches into it."""
        entries = self.found.entries or self.above
        levels = [c for meaning in ("level1", "level2") if (c := self.header.column(meaning)) is not None]
        if (
            not entries
            or not levels
            or self.grid.starting_in(row) != [name]
            or _BEGINS.match(without_blanks(name.shown))
        ):
            return False
        last = entries[-1]
        reached = any(
            self.grid.at(row, col) not in (None, name) for c in self.header.columns for col in (c.first, c.last)
        )
        if reached or last.weight is None or (last.target is None and last.actual is None):
            return False
        whole = f"{last.name.printed}{name.shown}"
        taken, other = f"接在上一行后面：{without_blanks(whole)}", "另一个指标，没有填写"
        self.found.doubt(Concern.AMBIGUOUS, name, "三级指标", taken, other)
        entries[-1] = replace(last, name=Stated(whole, whole, last.name.where))
        return True

    def _measures(self, values: dict[str, GridCell]) -> bool:
        """A target, an actual, or a number of points; a text among the points is something else."""
        numbers = [values[name] for name in ("weight", "score") if name in values]
        return bool({"target", "actual"} & values.keys()) or any(read_points(c) is not None for c in numbers)

    def _is_sentence(self, cell: GridCell) -> bool:
        """A text across the columns of figures is no name."""
        columns = [self.header.column(meaning) for meaning in ("target", "actual", "score")]
        return any(column is not None and cell.last_col >= column.first for column in columns)

    def _strangers(self, row: int, values: dict[str, GridCell]) -> None:
        """Figures without a name of their own."""
        for cell in values.values():
            if cell.row == row and not says_nothing(cell.shown):
                self.found.keep(cell)
                self.found.doubt(Concern.UNKNOWN, cell, "不是指标的行")

    def _levels(self, row: int) -> list[GridCell]:
        """Carry the levels on; returns the level cells that begin in this row."""
        started = []
        for meaning in ("level1", "level2"):
            column = self.header.column(meaning)
            if column is None:
                continue
            if self.divided:
                meaning = "level2"
            cells = [*self.grid.across(row, column.first, column.last)]
            text = "".join(without_points(cell.shown) for cell in cells)
            begins = [cell for cell in cells if cell.row == row]
            self.found.keep(*cells)
            if begins:
                text = self._whole(meaning, text)
                for cell in begins:
                    self._note_points(cell)
                if meaning == "level1" and text != self.found.levels["level1"]:
                    self.found.levels["level2"] = ""
                started += begins
            if text:
                self.found.levels[meaning] = text
        return started

    def _whole(self, meaning: str, text: str) -> str:
        """A level whose name is broken over the cells of several rows (产出 above 指标): its entries get the whole name."""
        before = self.found.levels[meaning]
        if before and _POINTS_ALONE.fullmatch(text):
            return before
        broken = before and not before.endswith(_LEVEL) and (before + text).endswith(_LEVEL)
        if not broken or (text.endswith(_LEVEL) and text != _LEVEL):
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

    def _name(self, row: int) -> tuple[list[GridCell], list[GridCell]]:
        """The cell of the name, and further cells below the same header (a description)."""
        column = self.header.names
        cells = [*self.grid.across(row, column.first, column.last)]
        if len(cells) > 1 and (_ORDINAL.fullmatch(without_blanks(cells[0].shown)) or cells[0].is_number):
            self.found.keep(cells[0])
            cells = cells[1:]
        self.found.keep(*cells)
        return cells[:1], cells[1:]

    def _values(self, row: int) -> dict[str, GridCell]:
        """The figures of the row by meaning; what is merged down from above counts only if rows share it."""
        values: dict[str, GridCell] = {}
        for column in self.header.columns:
            if column.meaning not in _VALUES:
                continue
            cells = [*self.grid.across(row, column.first, column.last)]
            shared = column.meaning in ("target", "actual", "adjusted_target")
            cells = [cell for cell in cells if cell.row == row or shared]
            if cells and column.meaning not in values:
                values[column.meaning] = cells[0]
                cells = cells[1:]
            for cell in cells:
                if cell.row == row and cell is not values.get(column.meaning) and column.meaning != "reason":
                    self.found.keep(cell)
                    self.found.doubt(Concern.UNKNOWN, cell, column.label)
        return values

    def _is_template(self, text: str, has_figures: bool) -> bool:
        bare = without_blanks(text)
        rest = re.sub(r"^(?:三级)?指标\d*[:：.、]?", "", bare)
        nothing = says_nothing(bare) or bare in self.words.words("rows", "template")
        return nothing or (not has_figures and (not rest or says_nothing(rest)))

    def _template(self, label: GridCell | None, name: GridCell | None, values: dict[str, GridCell]) -> None:
        for cell in values.values():
            self.found.keep(cell)
            if not says_nothing(cell.shown):
                self.found.doubt(Concern.UNKNOWN, cell, "不是指标的行")
        if label is not None:
            self.found.template_rows.append(
                label.as_stated(without_blanks(label.shown) if label is name else without_points(label.shown))
            )

    def _share_score(self, row: int, cell: GridCell | None) -> None:
        """A score merged over several rows belongs to the first of its entries, and counts them."""
        index = len(self.found.entries) - 1
        column = self.header.column("score")
        if cell is not None:
            self.shared[cell.row, cell.col] = index
        elif column is not None:
            above = next((c for c in self.grid.across(row, column.first, column.last) if c.row < row), None)
            first = self.shared.get((above.row, above.col)) if above else None
            if first is not None:
                entry = self.found.entries[first]
                self.found.entries[first] = replace(entry, score_rows=entry.score_rows + 1)
