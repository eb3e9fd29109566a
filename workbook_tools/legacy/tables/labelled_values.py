"""What stands outside the tables: labels with their values (项目名称, 主管部门), paragraphs, the money unit.

The value of a label stands behind its colon, right of it, or below it; below only where its row holds labels alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from workbook_tools.core.model import Value
from workbook_tools.legacy.tables.cell_account import CellAccount
from workbook_tools.legacy.tables.labels import LONGEST_UNKNOWN, Label, find_label
from workbook_tools.legacy.words.figures import find_money_unit, read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.quantities import says_nothing, ticked_words
from workbook_tools.legacy.words.records import NAMES_OF_FACTS, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Keys of [head] whose value is a number of points.
_POINTS = ("total", "finance_score")
# Keys of [texts] that several labels have (分配科学性, 下达及时性): each text is told with its label.
_OF_SEVERAL_LABELS = ("management",)
# Blocks whose label may have the text itself beside it (年度总体目标 | 完成甲), and the key of that text.
_TEXT_OF_BLOCK = {"goals": "goal_annual", "basic": "process"}
_COLON = re.compile("[:：]")
# （请填写项目全年工作任务，200字以内）: what the printed form asks for is no text of the unit.
_HINT = re.compile(r"[(（](?:请|简要|说明|填写|不超过)[^()（）]*(?:填写|填报|字|说明)[^()（）]*[)）]")
# What parts several labels of one cell: 填报人：张三   联系电话：123, or lines, or one blank before the next label.
_BETWEEN_LABELS = re.compile(r"[ \u3000\t]{3,}|\n|\s+(?=[^\s:：]{2,12}[:：])")


@dataclass(kw_only=True)
class LabelledValues(CellAccount):
    """The labelled values of a form."""

    head: dict[str, Stated] = field(default_factory=dict)
    texts: dict[str, Stated] = field(default_factory=dict)
    unit: str = ""
    """The money unit of the form."""


def read_labelled_values(grid: Grid, cells: Iterable[GridCell], words: Vocabulary) -> LabelledValues:
    """The labelled values among these cells of a grid."""
    reader = _LabelReader(grid, list(cells), words)
    reader.read()
    return reader.found


class _LabelReader:
    def __init__(self, grid: Grid, cells: list[GridCell], words: Vocabulary) -> None:
        self.grid, self.words, self.cells = grid, words, cells
        self.found = LabelledValues()
        self.free = {cell.place for cell in cells}
        """Places of what is not yet understood."""
        texts = [cell for cell in cells if not cell.is_number]
        self.inline = {cell.place: pairs for cell in texts if (pairs := [*self._split_at_colons(cell)])}
        """Places of cells that hold labels with their values."""
        self.labels = {
            cell.place: label
            for cell in texts
            if cell.place not in self.inline and (label := find_label(cell.shown, words)) is not None
        }
        """Places of cells that are labels."""

    def read(self) -> None:
        for cell in self.cells:
            if cell.place in self.inline:
                self._read_inline(cell, self.inline[cell.place])
            elif cell.place in self.labels and cell.place in self.free:
                self._take(cell)
                self._read_around(cell, self.labels[cell.place])

    def _take(self, *cells: GridCell) -> None:
        for cell in cells:
            self.found.take(cell)
            self.free.discard(cell.place)

    # -- behind the colon

    def _read_inline(self, cell: GridCell, pairs: list[tuple[Label, str]]) -> None:
        """``单位名称：农业科``, or several labels in one cell (填报人：   填报日期：)."""
        self._take(cell)
        for label, text in pairs:
            if text:
                self._store(label, cell, text)
            elif len(pairs) == 1 and (right := self._cells_right_of(cell)):
                right = right[:1] if label.table == "head" else right
                self._take(*right)
                self._store(label, right[0], "\n".join(c.shown for c in right))

    def _split_at_colons(self, cell: GridCell) -> Iterator[tuple[Label, str]]:
        """The labels before colons, each with what follows up to the next one; a label alone (预期目标：) is none."""
        if not _COLON.search(cell.shown.rstrip(":：")):
            return
        if len(_COLON.findall(cell.shown)) == 1:
            yield from filter(None, [self._split_at_colon(cell.shown)])
            return
        label, value = None, ""
        for part in _BETWEEN_LABELS.split(cell.shown):
            if (pair := self._split_at_colon(part)) is None:
                value = f"{value}\n{part}".strip() if label else ""
                continue
            if label is not None:
                yield label, value
            label, value = pair
        if label is not None:
            yield label, value

    def _split_at_colon(self, text: str) -> tuple[Label, str] | None:
        before, colon, after = _COLON.sub(":", text, count=1).partition(":")
        if not colon or len(without_blanks(before)) > LONGEST_UNKNOWN:
            return None
        label = find_label(before, self.words)
        return (label, after.strip()) if label is not None and label.table != "sections" else None

    # -- beside and below

    def _read_around(self, cell: GridCell, label: Label) -> None:
        found = self._cells_right_of(cell)
        if not found and self._stands_among_labels(cell):
            found = [*self._cells_below(cell)]
        if not found:
            return
        if label.table == "sections":
            if label.name not in _TEXT_OF_BLOCK:
                return
            label = Label("texts", _TEXT_OF_BLOCK[label.name])
        if label.table == "head":
            found = found[:1]
        self._take(*found)
        text = "\n".join(c.shown for c in found)
        labelled = f"{without_blanks(cell.shown)}：{text}" if label.name in _OF_SEVERAL_LABELS else text
        self._store(label, found[0], labelled)

    def _cells_right_of(self, cell: GridCell) -> list[GridCell]:
        """The cells right of a label in its rows, up to the next label; none if that is the next one."""
        if self._next_in_row(cell.row, cell) is None:
            return []
        found: list[GridCell] = []
        for row in range(cell.row, cell.last_row + 1):
            beside = self._next_in_row(row, cell)
            while beside is not None:
                found.append(beside)
                beside = self._next_in_row(row, beside)
        return found

    def _next_in_row(self, row: int, cell: GridCell) -> GridCell | None:
        """The next filled cell of a row right of ``cell``; nothing where it is a label or understood already."""
        other = next((c for c in self.grid.starting_in(row) if c.col > cell.last_col), None)
        return other if other is not None and self._may_be_value(other) else None

    def _may_be_value(self, cell: GridCell) -> bool:
        return cell.place in self.free and cell.place not in self.labels and cell.place not in self.inline

    def _stands_among_labels(self, cell: GridCell) -> bool:
        return all(c.place in self.labels for c in self.grid.starting_in(cell.row))

    def _cells_below(self, cell: GridCell) -> Iterator[GridCell]:
        row = cell.last_row + 1
        while not any(c.place in self.labels for c in self.grid.starting_in(row)):
            below = self.grid.at(row, cell.col)
            if below is None or not below.shown or below.row < row or below.col < cell.col:
                return
            if not self._may_be_value(below):
                return
            yield below
            row = below.last_row + 1

    # -- what it means

    def _store(self, label: Label, cell: GridCell, text: str) -> None:
        if not text.strip() or says_nothing(text) or _HINT.fullmatch(without_blanks(text)):
            return
        if label.table == "texts":
            self._store_text(label.name, cell, text)
        elif label.name == "amount_unit" and (unit := _money_unit_of(text)):
            self.found.unit = self.found.unit or unit
            if unit != self.found.unit:
                self.found.doubt(cell, NAMES_OF_FACTS["amount_unit"], self.found.unit, unit)
        else:
            self._store_fact("reporter" if label.name == "amount_unit" else label.name, cell, text)

    def _store_fact(self, name: str, cell: GridCell, text: str) -> None:
        value: Value = ticked_words(text.strip())
        if name in _POINTS:
            value = read_points(cell if text == cell.shown else replace(cell, value=text, shown=text))
        if value is None:
            return
        known = self.found.head.setdefault(name, Stated(value, text.strip(), cell.where))
        if label_key(str(known.value)) != label_key(str(value)):
            self.found.doubt(cell, NAMES_OF_FACTS[name], f"{known.printed}（{known.where.cell}）", text.strip())

    def _store_text(self, name: str, cell: GridCell, text: str) -> None:
        """A text in several places is one text, below each other."""
        text, value = text.strip(), ticked_words(text.strip())
        known = self.found.texts.get(name)
        if known is None:
            self.found.texts[name] = Stated(value, text, cell.where)
        elif known.value != value:
            joined = f"{known.value}\n{value}"
            self.found.texts[name] = Stated(joined, joined, known.where)


def _money_unit_of(text: str) -> str:
    """单位：万 is 万元 too; 单位：水利局 is no money unit but who fills the form."""
    return find_money_unit(text) or ("万元" if without_blanks(text) == "万" else "")
