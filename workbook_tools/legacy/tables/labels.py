"""What stands outside the tables: labels with their values (项目名称, 主管部门), paragraphs, titles, notes, signatures.

The value of a label stands behind its colon, right of it, or below it; below only where its row holds labels alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from workbook_tools.core.model import Value
from workbook_tools.legacy.words.figures import find_money_unit, read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.quantities import says_nothing, ticked_words
from workbook_tools.legacy.words.records import Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

_NUMBERS = ("total", "finance_score")
_TOGETHER = ("management",)
"""Texts of several labels, each of which is told."""
_SPACED = re.compile(r"[ \u3000\t]{3,}|\n|\s+(?=[^\s:：]{2,12}[:：])")
_COLON = re.compile(r"[:：]")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?:年度?|(?=[)）]))")
_CHINESE_YEAR = re.compile(r"二[〇○零Oo0]([〇○零一二三四五六七八九Oo0])([〇○零一二三四五六七八九Oo0])年")
_DIGITS = {**dict.fromkeys("〇○零Oo0", 0), **{c: i for i, c in enumerate("一二三四五六七八九", 1)}}
_INLINE = 16
"""Characters of a label before its colon."""
_PARAGRAPH = 30


@dataclass
class Said:
    """The labelled values of a form."""

    head: dict[str, Stated] = field(default_factory=dict)
    texts: dict[str, Stated] = field(default_factory=dict)
    unit: str = ""
    """The money unit of the form."""
    understood: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Label:
    """What a label asks for: a key of [head], [texts] or [sections]."""

    table: str
    name: str


def label_of(text: str, words: Vocabulary) -> Label | None:
    """What a text is the label of, if it is one."""
    if not text or len(label_key(text)) > _PARAGRAPH:
        return None
    for table, terms in (("head", words.head), ("texts", words.texts), ("sections", words.sections)):
        if name := terms.find_exact(text):
            return Label(table, name)
    if len(label_key(text)) <= _INLINE:
        for table, terms in (("head", words.head), ("texts", words.texts), ("sections", words.sections)):
            if name := terms.find(text, 0.5):
                return Label(table, name)
    return None


def read_labels(grid: Grid, cells: Iterable[GridCell], words: Vocabulary) -> Said:
    """The labelled values among these cells of a grid."""
    reader = _LabelReader(grid, list(cells), words)
    reader.read()
    return reader.said


class _LabelReader:
    def __init__(self, grid: Grid, cells: list[GridCell], words: Vocabulary) -> None:
        self.grid, self.words, self.cells = grid, words, cells
        self.said = Said()
        self.free = {(cell.row, cell.col) for cell in cells}
        texts = [cell for cell in cells if not cell.is_number]
        self.inline = {(cell.row, cell.col): found for cell in texts if (found := [*self._pairs(cell)])}
        self.labels = {
            (cell.row, cell.col): label
            for cell in texts
            if (cell.row, cell.col) not in self.inline and (label := label_of(cell.shown, words)) is not None
        }

    def read(self) -> None:
        for cell in self.cells:
            place = (cell.row, cell.col)
            if place in self.inline:
                self._inline(cell, self.inline[place])
            elif place in self.labels and place in self.free:
                self._take(cell)
                self._value(cell, self.labels[place])

    def _take(self, *cells: GridCell) -> None:
        for cell in cells:
            self.said.understood.add((cell.row, cell.col))
            self.free.discard((cell.row, cell.col))

    # -- behind the colon

    def _inline(self, cell: GridCell, found: list[tuple[Label, str]]) -> None:
        """``单位名称：农业科``, or several labels in one cell (填报人：   填报日期：)."""
        self._take(cell)
        for label, text in found:
            if text:
                self._state(label, cell, text)
            elif len(found) == 1 and (right := self._right(cell)):
                right = right[:1] if label.table == "head" else right
                self._take(*right)
                self._state(label, right[0], "\n".join(c.shown for c in right))

    def _pairs(self, cell: GridCell) -> Iterator[tuple[Label, str]]:
        """The labels before colons, each with what follows up to the next one; a label alone (预期目标：) is none."""
        if not _COLON.search(cell.shown.rstrip(":：")):
            return
        if len(_COLON.findall(cell.shown)) == 1:
            yield from filter(None, [self._pair(cell.shown)])
            return
        label, said = None, ""
        for part in _SPACED.split(cell.shown):
            if (pair := self._pair(part)) is None:
                said = f"{said}\n{part}".strip() if label else ""
                continue
            if label is not None:
                yield label, said
            label, said = pair
        if label is not None:
            yield label, said

    def _pair(self, text: str) -> tuple[Label, str] | None:
        before, colon, after = _COLON.sub(":", text, count=1).partition(":")
        if not colon or len(without_blanks(before)) > _INLINE:
            return None
        label = label_of(before, self.words)
        return (label, after.strip()) if label is not None and label.table != "sections" else None

    # -- beside and below

    def _value(self, cell: GridCell, label: Label) -> None:
        found = self._right(cell)
        if not found and self._row_of_labels(cell):
            found = [*self._below(cell)]
        if not found:
            return
        if label.table == "sections":
            if label.name != "goals" and label.name != "basic":
                return
            label = Label("texts", "goal_annual" if label.name == "goals" else "process")
        if label.table == "head":
            found = found[:1]
        self._take(*found)
        said = "\n".join(c.shown for c in found)
        self._state(label, found[0], f"{without_blanks(cell.shown)}：{said}" if label.name in _TOGETHER else said)

    def _right(self, cell: GridCell) -> list[GridCell]:
        """The cells right of a label in its rows, up to the next label; none if that is the next one."""
        if self._next(cell.row, cell) is None:
            return []
        found: list[GridCell] = []
        for row in range(cell.row, cell.last_row + 1):
            beside = self._next(row, cell)
            while beside is not None:
                found.append(beside)
                beside = self._next(row, beside)
        return found

    def _next(self, row: int, cell: GridCell) -> GridCell | None:
        """The next filled cell of a row right of ``cell``; nothing where it is a label or understood already."""
        for other in self.grid.starting_in(row):
            if other.col > cell.last_col:
                place = (other.row, other.col)
                return other if place in self.free and place not in self.labels and place not in self.inline else None
        return None

    def _row_of_labels(self, cell: GridCell) -> bool:
        return all((c.row, c.col) in self.labels for c in self.grid.starting_in(cell.row))

    def _below(self, cell: GridCell) -> Iterator[GridCell]:
        row = cell.last_row + 1
        while True:
            below = self.grid.at(row, cell.col)
            if any((c.row, c.col) in self.labels for c in self.grid.starting_in(row)):
                return
            if below is None or not below.shown or below.row < row or below.col < cell.col:
                return
            place = (below.row, below.col)
            if place not in self.free or place in self.labels or place in self.inline:
                return
            yield below
            row = below.last_row + 1

    # -- what it means

    def _state(self, label: Label, cell: GridCell, text: str) -> None:
        if not text.strip() or says_nothing(text):
            return
        if label.table == "head" and label.name == "amount_unit":
            unit = find_money_unit(text) or ("万元" if without_blanks(text) == "万" else "")
            self.said.unit = self.said.unit or unit
            if unit:
                return
            label = Label("head", "reporter")
        store = self.said.head if label.table == "head" else self.said.texts
        value: Value = ticked_words(text.strip())
        if label.table == "head" and label.name in _NUMBERS:
            number = read_points(cell if text == cell.shown else replace(cell, value=text, shown=text))
            if number is None:
                return
            value = number
        name = label.name
        if label.table == "texts" and name in store and store[name].value != value:
            value = f"{store[name].value}\n{value}"
            store[name] = Stated(value, value, store[name].where)
        else:
            store.setdefault(name, Stated(value, text.strip(), cell.where))


def year_in(cells: Iterable[GridCell]) -> Stated | None:
    """The year that a title or its line below names: （2022年度）, 2020年度…自评表."""
    for cell in cells:
        text = without_blanks(cell.shown)
        if match := _YEAR.search(text):
            return cell.as_stated(float(match[1]))
        if match := _CHINESE_YEAR.search(text):
            return cell.as_stated(float(2000 + 10 * _DIGITS[match[1]] + _DIGITS[match[2]]))
    return None


def is_title(cell: GridCell, words: Vocabulary) -> bool:
    """The name of a form (项目支出绩效自评表), not a sentence, nor a label with its value (自评项目：…)."""
    text = without_blanks(cell.shown)
    label, colon, _ = _COLON.sub(":", text, count=1).partition(":")
    if colon and label_of(label, words) is not None:
        return False
    return (
        3 < len(text) <= 50
        and any(word in text for word in words.words("marks", "titles"))
        and not re.search("[。；;]", text)
    )


def is_note(cell: GridCell, words: Vocabulary) -> bool:
    """A remark below or above the form, a heading (附件1), or a year on a line of its own."""
    text = without_blanks(cell.shown)
    plain = text.replace("：", ":").replace("．", ".").replace("、", ".")
    if re.fullmatch(r"附[件表]\d*[:：]?|[(（]?20\d{2}年度?[)）]?|[(（]续表?[)）]|续表|公开\d{1,2}表", text):
        return True
    return plain.startswith(words.words("rows", "notes")) or bool(
        re.match(r"(?:注|备注|说明)?[(（]?[\d一二三四五六七八九十]{1,2}[)）.:](?!\d)", plain)
    )


def is_counting_row(cells: list[GridCell], words: Vocabulary) -> bool:
    """A row that only counts the columns: 1 2 3 4, (1) (2) (3), A B C, with 行次 or 列次 before it or not."""
    marks = [re.sub(r"[()（）\s]", "", cell.shown) for cell in cells]
    if marks and marks[0] in words.words("rows", "counting"):
        marks = marks[1:]
    numbers = [int(mark) for mark in marks if mark.isdecimal() and len(mark) < 3]
    if len(numbers) == len(marks) >= 3:
        return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] < 3
    return len(marks) >= 4 and marks == [chr(65 + i) for i in range(len(marks))]
