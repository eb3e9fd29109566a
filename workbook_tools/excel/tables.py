"""A table on a sheet: columns as data, rows as records, sums as formulas that carry their value.

A column says once what it shows, under which heading, how wide, and how it is summed; the same columns
serve 审核结果 and 汇总. A figure that follows from others in its row is a formula made from a rule's tree,
which also gives the value that a program shows that does not calculate.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from math import fsum, isfinite, isnan, nan
from typing import Any, Generic, TypeGuard, TypeVar

from workbook_tools.core.cells import (
    LINE_HEIGHT,
    MAX_HEIGHT,
    MAX_ROWS,
    ROW_PADDING,
    address,
    column_area,
    column_letters,
)
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.tolerances import STORED
from workbook_tools.core.values import is_number
from workbook_tools.excel.columns import Column, ColumnDrawing, Formatted, Link, choose_style, fit_screen
from workbook_tools.excel.cut_texts import CUT, break_header, cut_text
from workbook_tools.excel.printed_pages import find_last_page
from workbook_tools.excel.styles import NAMED, SUBTOTAL_FILL, StyleSpec, Tint
from workbook_tools.excel.text_extent import (
    BODY_SIZE,
    column_pixels,
    fit_height,
    row_height,
)
from workbook_tools.excel.writing import Scalar, Sheet
from workbook_tools.rules.expr import Expr

R = TypeVar("R")

TOP_ROW = 2
"""The heading's first row; above it stand the title and a line of explanation."""

MAX_LINKS = 65_530
"""Excel's limit per sheet; further links are written as plain texts."""
ROW_HEIGHT = LINE_HEIGHT + ROW_PADDING
GAP_HEIGHT = 4.5
"""Points. Rows get their heights here: not every program fits them to wrapped texts when it opens a file."""


class Table(Generic[R]):
    """A sheet with one table: title, a line of explanation, heading, rows of records, rows of totals."""

    def __init__(
        self,
        sheet: Sheet,
        columns: Sequence[Column[R]],
        title: str,
        note: str = "",
        *,
        size: float = BODY_SIZE,
        rest: str = "",
    ) -> None:
        """Draw title, note and heading; ``size`` is that of the texts in points. Columns wider than a screen give up room.

        ``rest`` says where the whole of a text stands that is cut.
        """
        self.sheet = sheet
        self.columns = columns = fit_screen(columns)
        self.top = TOP_ROW
        self.first = first_row(columns)
        self.next = self.first
        self.last = self.first
        """The last row that a filter shows or hides, and a sort moves; totals stand below it."""
        self._links = MAX_LINKS
        self._sheet = "'" + sheet.title.replace("'", "''") + "'"
        self._heights = array("d")
        """Of the rows from the first one; what nobody has given a height has 0."""
        self._place = {column.key: i for i, column in enumerate(columns)}
        self._styles = [choose_style(c, size) for c in columns]
        self._header = NAMED["header"].but(size=size)
        self._drawings = [
            ColumnDrawing(column, style, sheet.book, f"……（以下略，{rest}）" if rest else CUT)
            for column, style in zip(columns, self._styles, strict=True)
        ]
        self._least = max(drawing.least for drawing in self._drawings)
        self._numbers = _ColumnNumbers()
        self._totals: dict[int, dict[str, float]] = {}
        """The numbers in the rows of records, and in each row of totals."""
        self._groups: dict[int, str] = {}
        """Of each total of a group, the conditions by which a formula finds its records."""
        sheet.columns([c.width for c in columns])
        self._printed = sum(c.printed for c in columns)
        sheet.merge(0, 0, 0, self._printed - 1, title, NAMED["title"].but(shrink=True))
        self._set_height(0, 28)
        sheet.merge(1, 0, 1, self._printed - 1, note, "note")
        self._set_height(1, _fit([(note, self.printed_width, NAMED["note"])]))
        self._heading()

    def _heading(self) -> None:
        low = self.first - 1
        headers = [break_header(c.header, c.width, self._header) for c in self.columns]
        groups = {
            name: sum(c.width for c in self.columns if c.group == name) for name in {c.group for c in self.columns}
        }
        if any(groups):
            grouped = ((name, width, self._header) for name, width in groups.items() if name)
            self._set_height(self.top, _fit(grouped))
        self._set_height(low, _fit((h, c.width, self._header) for h, c in zip(headers, self.columns, strict=True)) + 2)
        done = 0
        for i, column in enumerate(self.columns):
            if i < done:
                continue
            if not column.group:
                self.sheet.merge(self.top, i, low, i, headers[i], self._header)
                continue
            done = i
            while done < len(self.columns) and self.columns[done].group == column.group:
                self.sheet.write(low, done, headers[done], self._header)
                done += 1
            self.sheet.merge(self.top, i, self.top, done - 1, column.group, self._header)

    # -- rows -----------------------------------------------------------------------------------------

    def add(self, record: R, lines: int = 1) -> int:
        """Write a record, ``lines`` high at least; returns its row. Raises TemplateError where the sheet has no row left."""
        if self.full:
            raise TemplateError(f"工作表“{self.sheet.title}”放不下：超过 {MAX_ROWS} 行")
        row, drawings = self.next, self._drawings
        values = [drawing.read(record) for drawing in drawings]
        numbers = {
            d.column.key: v for d, v in zip(drawings, values, strict=True) if type(v) is not str and _is_number(v)
        }
        height, begun = self._least, 0
        cells: list[tuple[Scalar, Any]] = []
        for i, (drawing, value) in enumerate(zip(drawings, values, strict=True)):
            if isinstance(value, str):
                cells.append((cut_text(value), drawing.text_look))
                height = max(height, drawing.height(value))
            elif value is None or not (drawing.computes or isinstance(value, Link | Formatted)):
                cells.append((value, drawing.look))
            else:
                self.sheet.write_cells(row, begun, cells)
                height = max(height, self._draw_special(row, i, value, numbers))
                cells, begun = [], i + 1
        self.sheet.write_cells(row, begun, cells)
        self._set_height(row, max(min(height, MAX_HEIGHT), row_height(lines)))
        self._numbers[row] = numbers
        self.last = row
        self.next += 1
        return row

    def _draw_special(
        self, row: int, col: int, value: Scalar | Link | Formatted, numbers: Mapping[str, float]
    ) -> float:
        """A link, a number in a format of its own, or what follows from other columns; the points that it needs."""
        drawing = self._drawings[col]
        if isinstance(value, Link):
            text = cut_text(value.text)
            if value.target and self._links > 0:
                self._links -= 1
                self.sheet.link(row, col, value.target, text, drawing.link_style)
            else:
                self.sheet.write(row, col, text, drawing.text_style)
            return drawing.height(value.text)
        if isinstance(value, Formatted):
            self.sheet.write(row, col, value.value, drawing.in_format(value.number_format))
        elif _is_number(value) and (formula := self._find_formula(drawing.column, row, numbers, value)):
            self.sheet.formula(row, col, formula, drawing.style, value)
        else:
            self.sheet.write(row, col, value, drawing.style)
        return self._least

    def _find_formula(self, column: Column[R], row: int, numbers: Mapping[str, float], value: float) -> str:
        """The formula of a value that follows from other columns of its row; nothing where it does not."""
        if column.rule is not None and self._follows(column.rule, numbers, value):
            return self._formula(column.rule, row)
        if column.adds and _close(sum(numbers.get(k, 0) for k in column.adds), value):
            return f"=SUM({self.address(column.adds[0], row)}:{self.address(column.adds[-1], row)})"
        return ""

    def add_all(self, records: Iterable[R]) -> list[int]:
        """Write as many records as the sheet holds, and say above the table if it cannot hold all; returns their rows."""
        rows = []
        left = 0
        for record in records:
            if self.full:
                left += 1
            else:
                rows.append(self.add(record))
        if left:
            text = f"共有 {len(rows) + left} 行，超出 Excel 一张表的行数，末尾 {left} 行没有列出"
            self.sheet.write(1, 0, text, "note_line")
        return rows

    @property
    def printed_width(self) -> float:
        """Of the columns that are printed, in characters."""
        return sum(column.width for column in self.columns[: self._printed])

    @property
    def last_printed(self) -> int:
        """The last column that is printed."""
        return self._printed - 1

    @property
    def full(self) -> bool:
        """No row is left, but for the totals."""
        return self.next >= MAX_ROWS - 2

    def leave_gap(self) -> None:
        """A thin empty row: what stands below it no program takes for a part of the list that it filters or sorts."""
        self._set_height(self.next, GAP_HEIGHT)
        self.next += 1

    def add_total(self, labels: Mapping[str, Scalar], fill: str = SUBTOTAL_FILL) -> int:
        """Write the total of all records: SUBTOTAL, which follows a filter. A gap keeps it out of the list."""
        self.leave_gap()

        def total(column: Column[R], area: str) -> tuple[str, float] | None:
            known = self._numbers.list(column.key)
            if not known:
                return None
            mean = column.total == "mean"
            return f"=SUBTOTAL({1 if mean else 9},{area})", fsum(known) / (len(known) if mean else 1)

        return self._add_sums(labels, total, fill)

    def add_group_total(
        self, labels: Mapping[str, Scalar], key: str, numbers: tuple[int, int], rows: Sequence[int], fill: str
    ) -> int:
        """Write the total of the records whose number in the column ``key`` is one of these, from the first to the last.

        They are the ``rows`` now; the formulas find them wherever a sort has put them.
        """
        area = self._column(key)
        same = f'{area},">={numbers[0]}",{area},"<={numbers[1]}"'
        self._groups[self.next] = same.replace(area, self.all(key))

        def total(column: Column[R], _: str) -> tuple[str, float | str] | None:
            known = [n for row in rows if (n := self._numbers.find(row, column.key)) is not None]
            area = self._column(column.key)
            if column.total == "sum":
                return (f"=SUMIFS({area},{same})", fsum(known)) if known else None
            count = f'COUNTIFS({same},{area},">=0")'
            return f'=IF({count}=0,"",SUMIFS({area},{same})/{count})', fsum(known) / len(known) if known else ""

        return self._add_sums(labels, total, fill)

    def count_group(self, row: int) -> str:
        """The formula for how many records the total of a group in ``row`` is of."""
        return f"=COUNTIFS({self._groups[row]})"

    def _add_sums(
        self, labels: Mapping[str, Scalar], total: Callable[[Column[R], str], tuple[str, float | str] | None], fill: str
    ) -> int:
        """A row of labels, of totals by column, and of rules over these."""
        row = self.next
        found: dict[str, tuple[str, float | str] | None] = {}
        for i, column in enumerate(self.columns):
            if column.total in ("sum", "mean"):
                found[column.key] = total(column, column_area(i, self.first, self.last))
        shown = {key: made[1] for key, made in found.items() if made and _is_number(made[1])}
        for column in self.columns:
            if column.total == "rule" and column.rule is not None:
                value = column.rule.value(self._row_env(shown))
                found[column.key] = self._formula(column.rule, row), value
                shown |= {column.key: value} if _is_number(value) else {}
        for i, column in enumerate(self.columns):
            style = self._styles[i].but(bold=True, fill=fill, underline=False, colour=NAMED["text"].colour)
            if made := found.get(column.key):
                self.sheet.formula(row, i, made[0], style, made[1])
            else:
                label = labels.get(column.key)
                self.sheet.write(row, i, cut_text(label) if isinstance(label, str) else label, style)
        self._set_height(row, self._row_height([str(labels.get(c.key, "")) for c in self.columns]))
        self._totals[row] = shown
        self.next += 1
        return row

    def finish(self, *, keep: int = 0, foot: Sequence[float] = ()) -> None:
        """Freeze the heading and the first ``keep`` columns; filter buttons over the records.

        Rows below the table are printed with it, never alone on a page: ``foot`` are their heights in points; whoever asks for them
        writes them, from ``next`` on.
        """
        if self.next == self.first:
            self.sheet.merge(self.first, 0, self.first, len(self.columns) - 1, "（无）", "text_center")
            self.next += 1
        self.sheet.autofilter(self.first - 1, 0, self.last, len(self.columns) - 1)
        self.sheet.freeze(self.first, keep)
        self.sheet.numbers_as_text(self.first, 0, self.next, len(self.columns) - 1)
        area = (0, 0, self.next - 1 + len(foot), self.last_printed)
        heights = [*(height or ROW_HEIGHT for height in self._heights[: self.next]), *foot]
        pixels = sum(column_pixels(column.width) for column in self.columns[: self._printed])
        self.sheet.print_setup(landscape=True, repeat_rows=(self.top, self.first - 1), area=area)
        if start := find_last_page(heights, sum(heights[self.top : self.first]), pixels, len(foot)):
            self.sheet.break_before(start)
        for drawing in self._drawings:
            drawing.height.cache_clear()

    # -- reading back ---------------------------------------------------------------------------------

    def all(self, key: str) -> str:
        """The absolute range of the records in a column, with the sheet: '汇总'!$K$5:$K$30."""
        return self.cells(key, self.first, self.last)

    def cells(self, key: str, first: int, last: int | None = None) -> str:
        """The absolute address of a column's value in one row, or of those in several, with the sheet."""
        col = self._place[key]
        place = address(first, col, absolute=True) if last is None else column_area(col, first, last, absolute=True)
        return f"{self._sheet}!{place}"

    def jump(self, key: str, sought: str, shown: str) -> str:
        """The formula that leads to the first record with that number in a column, wherever a sort has put it.

        ``sought`` is a number, or the address of a cell with one; ``shown`` what stands in the cell: a text, as programs differ on numbers.
        """
        text = shown.replace('"', '""')
        return f'=HYPERLINK("#{self._sheet}!A"&{self.first}+MATCH({sought},{self.all(key)},0),"{text}")'

    def address(self, key: str, row: int) -> str:
        """The relative address of a column's value in a row: K5."""
        return f"{column_letters(self._place[key])}{row + 1}"  # not remembered: there are thousands of rows

    def number(self, row: int, key: str) -> float | None:
        """The number that a row shows in a column."""
        return self._totals[row].get(key) if row in self._totals else self._numbers.find(row, key)

    def write_formula(self, key: str, row: int, formula: str, value: str | float, look: str) -> None:
        """Put a formula in place of a record's value, in the font and colour of another look."""
        style = self._drawings[self._place[key]].in_look(look)
        self.sheet.formula(row, self._place[key], formula, style, value)

    def tint(self, key: str, tints: Mapping[str, Tint]) -> None:
        """Colour the cells of a column by their text."""
        col = self._place[key]
        for text, tint in tints.items():
            quoted = text.replace('"', '""')
            options = {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": tint}
            self.sheet.highlight(self.first, col, max(self.next - 1, self.first), col, options)

    def tint_bands(self, key: str, bands: Mapping[float, Tint]) -> None:
        """Colour the numbers of a column by the lower edges that they reach, the highest edge first."""
        cell = self.address(key, self.first)
        col = self._place[key]
        for edge, tint in bands.items():
            reached = f",{cell}>={edge!r}" if isfinite(edge) else ""
            options = {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}){reached})", "format": tint}
            options["stop_if_true"] = True
            self.sheet.highlight(self.first, col, max(self.next - 1, self.first), col, options)

    def validate(self, key: str, options: Mapping[str, Any]) -> None:
        """A data validation on a column; a formula in it is written as for the first record."""
        col = self._place[key]
        self.sheet.validate(self.first, col, max(self.next - 1, self.first), col, options)

    # -- inside ---------------------------------------------------------------------------------------

    def _set_height(self, row: int, height: float) -> None:
        self._heights.extend(repeat(0.0, row + 1 - len(self._heights)))
        self._heights[row] = height
        self.sheet.row_height(row, height)

    def _column(self, key: str) -> str:
        """The absolute range of the records in a column of this sheet: $K$5:$K$30."""
        return column_area(self._place[key], self.first, self.last, absolute=True)

    def _row_height(self, texts: Sequence[str]) -> float:
        return min(max(d.height(text) for text, d in zip(texts, self._drawings, strict=True)), MAX_HEIGHT)

    def _follows(self, rule: Expr, numbers: Mapping[str, float], value: float) -> bool:
        computed = rule.value(self._row_env(numbers))
        return _is_number(computed) and _close(computed, value)

    def _row_env(self, numbers: Mapping[str, float]) -> dict[str, float | None]:
        return {key: numbers.get(key) for key in self._place}

    def _formula(self, rule: Expr, row: int) -> str:
        return "=" + rule.excel(_RowAddresses(row, self._place))


class _RowAddresses(dict[str, str]):
    """The addresses of a row by the keys of their columns, each made when a rule asks for it, and remembered nowhere."""

    def __init__(self, row: int, places: Mapping[str, int]) -> None:
        super().__init__()
        self._row, self._places = row, places

    def __missing__(self, key: str) -> str:
        return f"{column_letters(self._places[key])}{self._row + 1}"


def _close(computed: float, value: float) -> bool:
    return STORED.same(computed, value)


def first_row(columns: Sequence[Column[R]]) -> int:
    """The row of the first record of a table with these columns."""
    return TOP_ROW + (2 if any(column.group for column in columns) else 1)


class _ColumnNumbers:
    """The numbers of rows, column by column: a mapping for each row takes thirty times the memory."""

    def __init__(self) -> None:
        self._columns: dict[str, array[float]] = {}
        self._first: int | None = None

    def __setitem__(self, row: int, numbers: Mapping[str, float]) -> None:
        """Those of the next row."""
        if self._first is None:
            self._first = row
        at = row - self._first
        for key, number in numbers.items():
            column = self._columns.get(key)
            if column is None:
                column = self._columns[key] = array("d")
            if len(column) < at:
                column.extend([nan] * (at - len(column)))
            column.append(number)

    def find(self, row: int, key: str) -> float | None:
        """That of a row in a column, if there is one."""
        column, at = self._columns.get(key, ()), row - (self._first or 0)
        return column[at] if at < len(column) and not isnan(column[at]) else None

    def list(self, key: str) -> list[float]:
        """All in a column."""
        return [number for number in self._columns.get(key, ()) if not isnan(number)]


def _fit(texts: Iterable[tuple[str, float, StyleSpec]]) -> float:
    """Points that a row needs for these texts, each in a column of that width and in that style; at most what Excel allows."""
    return min(max(fit_height(*text) for text in texts), MAX_HEIGHT)


def write_rows(sheet: Sheet, row: int, col: int, rows: Iterable[Sequence[Scalar]], styles: Sequence[str]) -> int:
    """Plain rows of values below each other; returns the row after the last."""
    for values in rows:
        for i, value in enumerate(values):
            sheet.write(row, col + i, cut_text(value) if isinstance(value, str) else value, styles[i])
        row += 1
    return row


def _is_number(value: object) -> TypeGuard[float]:
    return is_number(value)
