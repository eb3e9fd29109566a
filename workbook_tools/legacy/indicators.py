"""The rows below a header of indicators → entries, rows of the empty form, and the total."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from workbook_tools.legacy import quantities
from workbook_tools.legacy.columns import FIGURES, Column, Header
from workbook_tools.legacy.grid import Cell, Grid, is_counting
from workbook_tools.legacy.quantities import Quantity, is_mark
from workbook_tools.legacy.records import Concern, Entry, Remark, Stated
from workbook_tools.legacy.vocabulary import Vocabulary, key, points_in, squeezed, without_points
from workbook_tools.model import Direction
from workbook_tools.values import PERCENT

_VALUES = (*FIGURES, "adjusted_target", "completion", "folded", "reason")
_REMARKS = (
    "description",
    "state",
    "method",
    "note",
    "other",
    "coefficient",
    "share",
    "last_year",
    "serial",
    "actual_unit",
)
_LABELLED = ("state", "coefficient", "share", "last_year", "other")
"""Columns whose label is told with the text: 得分系数：100."""
_ORDINAL = re.compile(r"(?:三级)?指标\s*\d*\s*[:：.、]?|\d{1,2}[.、]?")
_LEVEL = "指标"
_POINTS_ALONE = re.compile(r"[(（]?\d+(?:\.\d+)?分[)）]?")
_DIVIDER = 16
"""Characters of a level-1 name that has a row of its own."""


@dataclass
class Found:
    """What the rows of one table say."""

    header: Header
    entries: list[Entry] = field(default_factory=list)
    template_rows: list[Stated] = field(default_factory=list)
    total: Stated | None = None
    total_weight: Stated | None = None
    grade: Stated | None = None
    remarks: list[Remark] = field(default_factory=list)
    kept: set[tuple[int, int]] = field(default_factory=set)
    points: dict[int, Stated] = field(default_factory=dict)
    """Row of an entry → points that stand in a label (of a level or a goal) that begins there."""
    levels: dict[str, str] = field(default_factory=lambda: {"level1": "", "level2": ""})
    """As they stand after the last row."""


def divides(header: Header, cells: list[Cell]) -> bool:
    """A row of one wide cell that names a level 1: 一、产出指标（50分）."""
    if len(cells) != 1 or cells[0].cols == 1 or (header.column("level1") and header.column("level2")):
        return False
    text = key(cells[0].shown)
    return 0 < len(text) <= _DIVIDER and (text.endswith("指标") or points_in(cells[0].shown) is not None)


def read_rows(
    grid: Grid, header: Header, rows: list[int], vocabulary: Vocabulary, before: Found | None = None
) -> Found:
    """The entries of these rows of a grid; where the header repeats the one ``before``, its levels go on."""
    reader = _Rows(grid, header, vocabulary)
    if before is not None and [c.meaning for c in before.header.columns] == [c.meaning for c in header.columns]:
        reader.levels = dict(before.levels)
    for row in rows:
        reader.read(row)
    reader.found.levels = reader.levels
    return reader.found


class _Rows:
    def __init__(self, grid: Grid, header: Header, vocabulary: Vocabulary) -> None:
        self.grid, self.header, self.words = grid, header, vocabulary
        self.found = Found(header)
        self.levels = {"level1": "", "level2": ""}
        self.divided = False
        """Names of level 1 have rows of their own; a column of levels is level 2."""
        self.shared: dict[tuple[int, int], int] = {}
        """Place of a score → index of the entry that holds it."""
        self._keep(*header.cells)

    def read(self, row: int) -> None:
        """Take in one row."""
        cells = self.grid.starting(row)
        if not cells or is_counting(cells):
            self._keep(*cells)
        elif self._is_sum(row, cells) or self._is_divider(cells):
            pass
        else:
            self._margin(cells)
            self._row(row)

    def _keep(self, *cells: Cell) -> None:
        self.found.kept.update((cell.row, cell.col) for cell in cells)

    def _doubt(self, concern: Concern, cell: Cell, what: str, taken: str = "", other: str = "") -> None:
        self.found.remarks.append(
            Remark(concern=concern, where=cell.where, field=what, printed=cell.shown, taken=taken, other=other)
        )

    # -- rows that are no indicators

    def _is_sum(self, row: int, cells: list[Cell]) -> bool:
        """A total or subtotal row."""
        names = self.header.names
        label = next(
            (c for c in cells if c.col <= names.last and self.words.rows.exactly(c.shown) in ("total", "subtotal")),
            None,
        )
        if label is None or (self.words.rows.exactly(label.shown) == "subtotal" and label.is_number):
            return False
        values = [cell for cell in cells if cell is not label]
        self._keep(*cells)
        if self.words.rows.exactly(label.shown) == "total":
            self._total(label, values)
        return True

    def _total(self, label: Cell, values: list[Cell]) -> None:
        """The numbers of the total row: by their columns, or where these do not fit, the last is the score."""
        numbers = {cell: number for cell in values if (number := quantities.points(cell)) is not None}
        by_column = {name: self._under(name, numbers) for name in ("weight", "score", "folded")}
        weight, score = by_column["weight"], by_column["folded"] or by_column["score"]
        if weight is None and score is None and numbers:
            *before, score = numbers
            weight = before[-1] if before else None
            if not before and points_in(label.shown) is None and self.header.column("score") is None:
                self._doubt(Concern.AMBIGUOUS, score, "总分", "得分合计", "分值合计")
        if weight is not None and self.found.total_weight is None:
            self.found.total_weight = weight.stated(numbers[weight])
        if score is not None:
            self.found.total = score.stated(numbers[score])
        for cell in values:
            grade = squeezed(cell.shown)
            if grade in self.words.words("marks", "grades"):
                self.found.grade = cell.stated(grade)
            elif cell not in (weight, score) and not is_mark(cell.shown) and cell not in numbers:
                self._doubt(Concern.UNKNOWN, cell, "总分行")

    def _under(self, meaning: str, numbers: dict[Cell, float]) -> Cell | None:
        column = self.header.column(meaning)
        if column is None:
            return None
        return next((cell for cell in numbers if cell.col <= column.last and cell.last_col >= column.first), None)

    def _is_divider(self, cells: list[Cell]) -> bool:
        """A name of level 1 across the table (一、产出指标(50分)); the rows below belong to it."""
        if not divides(self.header, cells):
            return False
        (cell,) = cells
        self.levels, self.divided = {"level1": key(cell.shown), "level2": ""}, True
        self._note_points(cell)
        self._keep(cell)
        return True

    def _margin(self, cells: list[Cell]) -> None:
        """Labels of the whole block, left of the columns (绩效指标(90分))."""
        for cell in cells:
            if cell.last_col < self.header.first_col:
                self._note_points(cell)
                self._keep(cell)

    def _note_points(self, cell: Cell) -> None:
        stated = points_in(cell.shown)
        if stated is not None:
            self.found.points[cell.row] = cell.stated(stated)

    # -- a row that may be an indicator

    def _row(self, row: int) -> None:
        started = self._levels(row)
        names, extra = self._name(row)
        values = self._values(row)
        name = names[0] if names else None
        filled = {meaning for meaning, cell in values.items() if not is_mark(cell.shown)}
        figures = filled - {"reason"}
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
                self._doubt(
                    Concern.AMBIGUOUS, label, "三级指标", f"以“{squeezed(label.shown)}”为指标名称", "没有指标名称"
                )
            name = label
        self._entry(row, name, values, extra)

    def _measures(self, values: dict[str, Cell]) -> bool:
        """A target, an actual, or a number of points; a text among the points is something else."""
        numbers = [values[name] for name in ("weight", "score") if name in values]
        return bool({"target", "actual"} & values.keys()) or any(quantities.points(c) is not None for c in numbers)

    def _is_sentence(self, cell: Cell) -> bool:
        """A text across the columns of figures is no name."""
        columns = [self.header.column(meaning) for meaning in ("target", "actual", "score")]
        return any(column is not None and cell.last_col >= column.first for column in columns)

    def _strangers(self, row: int, values: dict[str, Cell]) -> None:
        """Figures without a name of their own."""
        for cell in values.values():
            if cell.row == row and not is_mark(cell.shown):
                self._keep(cell)
                self._doubt(Concern.UNKNOWN, cell, "不是指标的行")

    def _levels(self, row: int) -> list[Cell]:
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
            self._keep(*cells)
            if begins:
                text = self._whole(meaning, text)
                for cell in begins:
                    self._note_points(cell)
                if meaning == "level1" and text != self.levels["level1"]:
                    self.levels["level2"] = ""
                started += begins
            if text:
                self.levels[meaning] = text
        return started

    def _whole(self, meaning: str, text: str) -> str:
        """A level whose name is broken over the cells of several rows (产出 above 指标): its entries get the whole name."""
        before = self.levels[meaning]
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
        self.levels[meaning] = whole
        return whole

    def _name(self, row: int) -> tuple[list[Cell], list[Cell]]:
        """The cell of the name, and further cells below the same header (a description)."""
        column = self.header.names
        cells = [*self.grid.across(row, column.first, column.last)]
        if len(cells) > 1 and (_ORDINAL.fullmatch(squeezed(cells[0].shown)) or cells[0].is_number):
            self._keep(cells[0])
            cells = cells[1:]
        self._keep(*cells)
        return cells[:1], cells[1:]

    def _values(self, row: int) -> dict[str, Cell]:
        """The figures of the row by meaning; what is merged down from above counts only if rows share it."""
        values: dict[str, Cell] = {}
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
                    self._keep(cell)
                    self._doubt(Concern.UNKNOWN, cell, column.label)
        return values

    def _is_template(self, text: str, has_figures: bool) -> bool:
        bare = squeezed(text)
        rest = re.sub(r"^(?:三级)?指标\d*[:：.、]?", "", bare)
        nothing = is_mark(bare) or bare in self.words.words("rows", "template")
        return nothing or (not has_figures and (not rest or is_mark(rest)))

    def _template(self, label: Cell | None, name: Cell | None, values: dict[str, Cell]) -> None:
        for cell in values.values():
            self._keep(cell)
            if not is_mark(cell.shown):
                self._doubt(Concern.UNKNOWN, cell, "不是指标的行")
        if label is not None:
            self.found.template_rows.append(
                label.stated(squeezed(label.shown) if label is name else without_points(label.shown))
            )

    def _entry(self, row: int, name: Cell, values: dict[str, Cell], extra: list[Cell]) -> None:
        self._keep(*values.values())
        target_cell = values.get("target")
        if (adjusted := values.get("adjusted_target")) is not None:
            if target_cell is not None and adjusted.shown != target_cell.shown:
                self._doubt(
                    Concern.AMBIGUOUS,
                    adjusted,
                    f"目标值：{squeezed(name.shown)}",
                    f"调整后的 {adjusted.shown}",
                    f"年初的 {target_cell.shown}",
                )
            target_cell = adjusted
        weight, score = self._points("weight", values), self._points("score", values)
        target = self._quantity(target_cell)
        actual = self._quantity(values.get("actual"))
        sign, unit_cell = self._beside("sign", row), self._beside("unit", row)
        target, sign_text = self._signed(target, sign)
        unit = self._unit(name, target, unit_cell, actual)
        target, actual = self._in_unit(name, target, target_cell, actual, values.get("actual"), unit)
        unit = unit or (target.unit if target else "")
        direction = self._direction(target, sign)
        self._doubts(name, target, target_cell, direction, unit, sign_text)
        execution = self._is_execution(name)
        if weight is None and self.header.column("weight") is None and (own := points_in(name.shown)) is not None:
            weight = name.stated(own)
        entry = Entry(
            dimension=self.levels["level1"],
            category=self.levels["level2"],
            name=name.stated(name.shown),
            direction=direction,
            sign=sign_text,
            target=target_cell.stated(target.value) if target_cell and target else None,
            unit=unit,
            actual=values["actual"].stated(actual.value) if actual else None,
            completion=self._completion(values.get("completion")),
            weight=weight,
            score=score,
            folded_score=self._points("folded", values),
            reason=self._reason(row),
            remark=self._remark(row, extra),
            part=squeezed(name.shown).startswith(self.words.words("rows", "part")),
            execution=execution,
        )
        self.found.entries.append(entry)
        self._share_score(row, values.get("score"))

    def _share_score(self, row: int, cell: Cell | None) -> None:
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

    def _points(self, meaning: str, values: dict[str, Cell]) -> Stated | None:
        cell = values.get(meaning)
        if cell is None or is_mark(cell.shown):
            return None
        number = quantities.points(cell)
        if number is None:
            self._doubt(Concern.UNKNOWN, cell, {"weight": "分值", "folded": "折算得分"}.get(meaning, "得分"))
            return None
        return cell.stated(number)

    def _quantity(self, cell: Cell | None) -> Quantity | None:
        if cell is None or is_mark(cell.shown):
            return None
        return quantities.quantity(cell, self.words)

    def _beside(self, meaning: str, row: int) -> Cell | None:
        """A cell of a column of texts that may be merged over rows."""
        column = self.header.column(meaning)
        cell = next(self.grid.across(row, column.first, column.last), None) if column else None
        if cell is not None:
            self._keep(cell)
        return cell if cell is not None and not is_mark(cell.shown) else self._glyph(cell)

    def _glyph(self, cell: Cell | None) -> Cell | None:
        """Signs are marks too, but they say something."""
        return cell if cell is not None and quantities.sign_direction(cell.shown, self.words) else None

    def _signed(self, target: Quantity | None, sign: Cell | None) -> tuple[Quantity | None, str]:
        if sign is None:
            return target, target.sign if target else ""
        if target is not None and quantities.sign_direction(sign.shown, self.words) is None:
            self._doubt(Concern.UNKNOWN, sign, "指标性质")
        return target, squeezed(sign.shown)

    def _unit(self, name: Cell, target: Quantity | None, unit: Cell | None, actual: Quantity | None) -> str:
        """As printed: in its column, behind the target, in the name, behind the actual."""
        if unit is not None:
            return squeezed(unit.shown)
        if target is not None and target.unit:
            return target.unit
        if target is None or target.number is None:
            return ""
        named = re.search(r"[(（]([^()（）\d]{1,8})[)）]\s*$", name.shown)
        if (
            named
            and (named[1] in ("%", "％", "‰") or actual is None or actual.unit in ("", named[1]))
            and _is_unit(named[1])
        ):
            return "%" if named[1] == "％" else squeezed(named[1])
        return actual.unit if actual is not None else ""

    def _in_unit(
        self,
        name: Cell,
        target: Quantity | None,
        target_cell: Cell | None,
        actual: Quantity | None,
        actual_cell: Cell | None,
        unit: str,
    ) -> tuple[Quantity | None, Quantity | None]:
        """Shares of a hundred that cells hold as 0.95 without showing it, brought to the unit of the other cells."""
        if not unit.startswith((PERCENT, "百分")) and not (unit == "" and self._is_share(name)):
            return target, actual
        return self._hundredfold(target, target_cell, name), self._hundredfold(actual, actual_cell, name)

    def _is_share(self, name: Cell) -> bool:
        return key(name.shown).endswith(self.words.words("marks", "shares"))

    def _hundredfold(self, found: Quantity | None, cell: Cell | None, name: Cell) -> Quantity | None:
        if found is None or cell is None or found.number is None or found.unit or not cell.is_number:
            return found
        if not 0 < found.number < 1:
            return found
        percent = float(f"{found.number * 100:.12g}")
        self._doubt(Concern.AMBIGUOUS, cell, squeezed(name.shown), f"{percent:g}%", cell.shown)
        return replace(found, value=percent, unit=PERCENT)

    def _direction(self, target: Quantity | None, sign: Cell | None) -> Direction:
        """The printed sign; else a number is to be reached, or under 成本指标 kept to; a text is qualitative."""
        printed = quantities.sign_direction(sign.shown, self.words) if sign else None
        if target is None or target.number is None:
            return Direction.QUALITATIVE
        if printed is not None and printed is not Direction.QUALITATIVE:
            return printed
        if target.direction is not None:
            return target.direction
        cost = any(word in self.levels["level2"] for word in self.words.words("marks", "cost"))
        return Direction.AT_MOST if cost else Direction.AT_LEAST

    def _doubts(
        self, name: Cell, target: Quantity | None, cell: Cell | None, direction: Direction, unit: str, sign: str
    ) -> None:
        """What a person may fairly read otherwise."""
        what = f"目标值：{squeezed(name.shown)}"
        if target is None or cell is None:
            if self.header.column("target") is not None or self.header.column("adjusted_target") is not None:
                self._doubt(Concern.AMBIGUOUS, cell or name, what, "没有目标值，按定性指标", "目标写在指标名称里")
            return
        if misread := quantities.misread_sign(cell.shown, unit, self.words):
            self._doubt(Concern.AMBIGUOUS, cell, what, cell.shown, f"≥{misread.number:g}{misread.unit}")
        elif target.hides_number:
            self._doubt(Concern.AMBIGUOUS, cell, what, "按文字（定性指标）", "按其中的数字（定量指标）")
        if target.number is None or sign:
            return
        less = any(word in name.shown for word in self.words.words("marks", "less"))
        if direction is Direction.AT_MOST and (unit.startswith(PERCENT) or self._is_share(name)):
            self._doubt(Concern.AMBIGUOUS, cell, what, "未写符号，成本指标按 ≤", "按 ≥")
        elif direction is Direction.AT_LEAST and (target.number == 0 or less):
            self._doubt(Concern.AMBIGUOUS, cell, what, "未写符号，按 ≥", "按 ≤")

    def _is_execution(self, name: Cell) -> bool:
        return self.words.rows.exactly(name.shown) == "execution"

    def _completion(self, cell: Cell | None) -> Stated | None:
        if cell is None or is_mark(cell.shown):
            return None
        rate = quantities.fraction(cell)
        return cell.stated(rate if rate is not None else cell.shown)

    def _reason(self, row: int) -> Stated | None:
        cells: list[Cell] = []
        for column in self.header.columns:
            if column.meaning == "reason":
                cells += [
                    c for c in self.grid.across(row, column.first, column.last) if c.row == row and c not in cells
                ]
        self._keep(*cells)
        texts = [cell for cell in cells if not is_mark(cell.shown)]
        if not texts:
            return None
        joined = "；".join(cell.shown for cell in texts)
        return replace(texts[0].stated(joined), printed=joined)

    def _remark(self, row: int, extra: list[Cell]) -> str:
        """What the other columns say about the row."""
        texts = [cell.shown for cell in extra]
        for column in self.header.columns:
            if column.meaning not in _REMARKS:
                continue
            cells = [*self.grid.across(row, column.first, column.last)]
            self._keep(*cells)
            texts += [
                _labelled(column, cell) for cell in cells if column.meaning != "serial" and not is_mark(cell.shown)
            ]
        return "；".join(texts)


def _labelled(column: Column, cell: Cell) -> str:
    return f"{squeezed(column.label)}：{cell.shown}" if column.meaning in _LABELLED else cell.shown


def _is_unit(text: str) -> bool:
    """What stands in brackets behind a name may be a unit; a longer remark is none."""
    return len(squeezed(text)) <= 4 and not re.search(r"[一-鿿]{3,}", squeezed(text))
