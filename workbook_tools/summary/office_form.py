"""A workbook that an office made, whose tags say which figure stands where: its own 汇总表.xlsx, or a table that a superior prescribes.

A row with tags of columns ({{项目名称}} {{全年预算}}) is repeated for every project, indicator or department, or is about the one
that it names; tags of totals ({{合计:全年预算}}) become formulas over the repeated rows; a few others ({{年度}}) may stand anywhere.
Everything else stays as the office made it. :mod:`form_rows` reads what a form asks for; here it is filled.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from workbook_tools.core.cells import MAX_HEIGHT, MAX_ROWS, column_area
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.excel.columns import Column
from workbook_tools.excel.cut_texts import cut_to_height
from workbook_tools.excel.loaded_book import find_texts, list_losses, load_book, save_book, write_value
from workbook_tools.excel.printed_pages import find_last_page
from workbook_tools.excel.repeated_rows import RepeatedRow
from workbook_tools.excel.row_insertion import Loaded, break_before, column_width, make_room
from workbook_tools.excel.styles import NAMED, PLAIN_NUMBER, StyleSpec
from workbook_tools.excel.tables import ROW_HEIGHT
from workbook_tools.excel.text_extent import BODY_SIZE, ColumnFit, column_pixels
from workbook_tools.excel.writing import Scalar
from workbook_tools.results.facts import ResultEntry
from workbook_tools.summary.form_rows import TAG, FormRows, TaggedRow, TotalCell, complain, list_tags, read_form
from workbook_tools.summary.list_tags import (
    FIGURE_STYLES,
    NAMED_KEY,
    YUAN,
    ListedIndicator,
    ListGroup,
    ListKind,
    TagColumn,
    is_called,
    list_groups,
    list_indicators,
    name_record,
)
from workbook_tools.summary.tags import FINAL_SCORE, REASONS, TELLING, form_columns, reason_column

_UNFORMATTED = (PLAIN_NUMBER, "@")
_A4 = 9


Record = ResultEntry | ListedIndicator | ListGroup
"""What a row is about."""


@dataclass(frozen=True, slots=True)
class SummaryForm:
    """A form that was read and found right."""

    path: Path
    data: bytes
    rows: FormRows
    known: ReviewResult
    """The result, or its outline, that says which tags there are."""
    losses: tuple[str, ...]
    """What stands in the form and cannot be carried over."""

    @classmethod
    def open(cls, path: Path, result: ReviewResult) -> SummaryForm:
        """Read a form. Raises TemplateError that names every wrong tag with its sheet and cell."""
        try:
            data = path.read_bytes()
            book = load_book(data)
            losses = tuple(list_losses(data))
        except (OSError, ValueError) as exc:
            raise TemplateError(
                f"汇总表模板“{path}”打不开：它要是没有密码的 .xlsx 工作簿。请用 Excel 或 WPS 重新另存，或用 wbt templates 取一份新的。（{exc}）"
            ) from None
        return cls(path, data, read_form(path, book, form_columns(result)), result, losses)

    def fill(self, result: ReviewResult, owner: str, kind: str = "汇总表") -> bytes:
        """The form with these projects, in the order of the list; ``owner`` is the tag 部门, ``kind`` what of ours it is. Raises TemplateError.

        What has not come has a row as well: whoever reads the table sees every project.
        """
        columns = form_columns(self.known)
        columns[REASONS] = replace(columns[REASONS], column=reason_column(result))
        book, records = load_book(self.data), _Records(result)
        # What projects are called comes last: a name may look like a tag.
        totals = self._write_texts(book, columns, records, owner)
        named = [(row, _read_samples(book[row.sheet], row.row, columns)) for row in self.rows.named]
        repeated = [(row, _read_samples(book[row.sheet], row.row, columns)) for row in self.rows.repeated]
        for row, samples in named:
            _fill_row(book[row.sheet], row.row, samples, records.find(row))
        for row, _ in repeated:
            self._make_room(book[row.sheet], row, records)
        written = {row: RepeatedRow(book[row.sheet], row.row, records.count(row.kind)) for row, _ in repeated}
        areas = {row: _repeat(written[row], samples, records.list(row.kind)) for row, samples in repeated}
        shown: dict[tuple[str, str], Scalar] = {}
        for cell, total in totals:
            column = columns[total.name].column
            _set_default_format(cell, column)
            near = [replace(area, away=total.of.sheet != total.sheet) for area in areas[total.of]]
            own = [area for area in near if area.name == total.name]
            above = next((area for area in own if area.column == cell.column and not area.away), own[0])
            by_key = {columns[area.name].column.key: area for area in near if area.name in columns}
            cell.value, shown[cell.parent.title, cell.coordinate] = _write_total(total.kind, column, above, by_key)
        return save_book(book, kind, shown, {row.sheet: rows for row, rows in written.items()})

    def find_strangers(self, result: ReviewResult) -> list[str]:
        """The rows that name something that the result does not have, a sentence each; they are written without figures."""
        records, said = _Records(result), []
        for row in self.rows.named:
            if records.find(row) is None:
                close = get_close_matches(row.named, map(name_record, records.list(row.kind)), n=1, cutoff=0.4)
                guess = f"（是不是“{close[0]}”？）" if close else ""
                said.append(f"工作表“{row.sheet}”第 {row.row} 行：没有{row.kind}“{row.named}”{guess}，这一行没有数")
        return said

    def _write_texts(
        self, book: Loaded, columns: Mapping[str, TagColumn], records: _Records, owner: str
    ) -> list[tuple[Any, TotalCell]]:
        """Write what may stand anywhere; returns the cells of totals, which move with their rows."""
        result = records.result
        texts: dict[str, Scalar] = {
            "年度": result.year,
            "组织单位": result.authority,
            "部门": owner,
            "应报数": len(result.projects) + len(result.missing),
            "项目数": len(result.projects),
            "未报数": len(result.missing),
            "待更正数": sum(project.pending for project in result.projects),
            "核定数": sum(project.reviewed for project in result.projects),
        }
        whole = ListGroup(1, owner, records.projects)
        totals = []
        for cell in list(find_texts(book, TAG)):
            text = str(cell.value).strip()
            if total := self.rows.totals.get((cell.parent.title, cell.coordinate)):
                totals.append((cell, total))
                continue
            tags = {name: columns[name].column for _, name in TAG.findall(text) if name in columns}
            figures = {name: column for name, column in tags.items() if columns[name].kind is ListKind.ALL}
            only = TAG.fullmatch(text)
            if only and only[2] in figures:
                _set_default_format(cell, figures[only[2]])
                write_value(cell, _plain_value(figures[only[2]], whole))
            elif only and only[2] in texts:
                write_value(cell, texts[only[2]])
            elif not only:
                write_value(cell, _replace_tags(text, texts | _show_values(figures, whole)))
        return totals

    def _make_room(self, sheet: Loaded, row: TaggedRow, records: _Records) -> None:
        """Leave room for every record of that kind. On all sheets before any row is filled: a formula that is filled down refers to places as they come to be."""
        count = records.count(row.kind)
        if sheet.max_row + count > MAX_ROWS:
            raise complain(
                self.path, f"工作表“{sheet.title}”放不下：{count} 行{row.kind}，一个工作表最多 {MAX_ROWS} 行"
            )
        make_room(sheet, row.row, count)


class _Records:
    """What rows can be about, of the projects of a workbook."""

    def __init__(self, result: ReviewResult) -> None:
        self.result = result
        self.projects = list_all_projects(result)
        self._known: dict[ListKind, Sequence[Record]] = {}

    def list(self, kind: ListKind) -> Sequence[Record]:
        """All of a kind, in their order."""
        if kind not in self._known:
            self._known[kind] = self._gather(kind)
        return self._known[kind]

    def count(self, kind: ListKind) -> int:
        """How many rows they take: one, left blank, where there are none."""
        return max(1, len(self.list(kind)))

    def _gather(self, kind: ListKind) -> Sequence[Record]:
        if kind is ListKind.PROJECT:
            return [ResultEntry(number, project) for number, project in enumerate(self.projects, 1)]
        if kind is ListKind.INDICATOR:
            return list_indicators(self.result, self.projects)
        return list_groups(kind, self.result, self.projects)

    def find(self, row: TaggedRow) -> Record | None:
        """The one that a row names."""
        return next((record for record in self.list(row.kind) if is_called(row.kind, record, row.named)), None)


def list_all_projects(result: ReviewResult) -> list[ProjectRow]:
    """Every project of the list in its order, those that have not come without figures; then what is on no list."""
    missing = (
        ProjectRow(
            code=row.code,
            name=row.name,
            department=row.department,
            unit=row.unit,
            year=result.year,
            scheme="",
            scheme_digest="",
            file="",
            state=State.MISSING,
            place=row.place,
            pending_reason=row.reason,
        )
        for row in result.missing
    )
    return sorted([*result.projects, *missing], key=lambda project: project.place or math.inf)


# -- filling ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sample:
    """A cell of the sample row with tags."""

    column: int
    text: str
    name: str
    """Its tag, where it is the only one and all that the cell holds."""
    tags: Mapping[str, Column[Any]]
    room: float
    """How wide it is, in characters."""
    wraps: bool


def _read_samples(sheet: Loaded, row: int, columns: Mapping[str, TagColumn]) -> list[_Sample]:
    found = []
    for (at, column), cell in sorted(sheet._cells.items()):
        text = str(cell.value).strip() if at == row and cell.value is not None else ""
        tags = {name: tag.column for name, tag in list_tags(text, columns).items()}
        if not tags:
            continue
        whole = TAG.fullmatch(text)
        if whole:
            _set_default_format(cell, tags[whole[2]])
        merged = next((area for area in sheet.merged_cells.ranges if cell.coordinate in area), None)
        last = merged.max_col if merged else column
        room = sum(column_width(sheet, c) for c in range(column, last + 1))
        found.append(_Sample(column, text, whole[2] if whole else "", tags, room, bool(cell.alignment.wrap_text)))
    return found


def _set_default_format(cell: Any, column: Column[Any]) -> None:
    """A number format that the office did not choose is the usual one of the column."""
    usual = NAMED[column.style].number_format
    if usual != PLAIN_NUMBER and cell.number_format in _UNFORMATTED:
        cell.number_format = usual


def _fill_row(sheet: Loaded, row: int, samples: Sequence[_Sample], record: Record | None) -> None:
    needed = 0.0
    for sample in samples:
        if sample.name:
            value = _plain_value(sample.tags[sample.name], record)
        else:
            value = _replace_tags(sample.text, _show_values(sample.tags, record))
        cell = sheet.cell(row, sample.column)
        write_value(cell, value)
        if not isinstance(value, str):
            continue
        instead = bool(sample.name) and sample.tags[sample.name].style in FIGURE_STYLES  # 待更正 in place of a number
        if instead and not sample.wraps:
            _change_alignment(cell, wrap_text=True, shrink_to_fit=False)
        if sample.wraps or instead:
            look = StyleSpec(size=cell.font.sz or BODY_SIZE, wrap=True)
            height = ColumnFit(sample.room, look).height(value)
            if height > MAX_HEIGHT:
                write_value(cell, cut_to_height(value, sample.room, look))
            needed = max(needed, height)
    height = sheet.row_dimensions[row].height
    if height is not None:
        sheet.row_dimensions[row].height = max(height, min(MAX_HEIGHT, needed))
    silent = not any(name in TELLING for sample in samples for name in sample.tags)
    if silent and isinstance(record, ResultEntry) and record.project.reviewed:
        _mark_reviewed(sheet, row, samples)


def _repeat(rows: RepeatedRow, samples: Sequence[_Sample], records: Sequence[Record]) -> list[_Area]:
    """Fill a row for every record; returns where each of its columns stands, and what is in it."""
    sheet, first = rows.sheet, rows.first
    areas = [_Area(sheet, one.name, one.column, first, rows.last, array("d")) for one in samples if one.name]
    for at, row in enumerate(rows.lay()):
        _fill_row(sheet, row, samples, records[at] if records else None)
        for area in areas:
            area.note(row)
    _keep_end_in_company(rows)
    return areas


def _keep_end_in_company(rows: RepeatedRow) -> None:
    """What stands below the repeated rows is not printed alone on a page: of a form across an A4, fitted to its width."""
    sheet = rows.sheet
    setup, titles = sheet.page_setup, sheet.print_title_rows
    lying = setup.orientation == "landscape" and int(setup.paperSize or 0) == _A4
    if not (lying and sheet.sheet_properties.pageSetUpPr.fitToPage and not int(setup.fitToHeight or 0)):
        return
    above, below = (
        [float(sheet.row_dimensions[row].height or ROW_HEIGHT) for row in range(begin, end + 1)]
        for begin, end in ((1, rows.first), (max(rows.last, rows.first + 1), sheet.max_row))
    )
    heights = [*above, *(height or ROW_HEIGHT for height in rows.heights), *below]
    first, _, end = (titles or "").replace("$", "").partition(":")
    head = sum(heights[int(first) - 1 : int(end)]) if first and end else 0.0
    pixels = sum(column_pixels(column_width(sheet, column)) for column in range(1, sheet.max_column + 1))
    if start := find_last_page(heights, head, pixels, sheet.max_row - rows.last):
        break_before(sheet, start)


def _mark_reviewed(sheet: Loaded, row: int, samples: Sequence[_Sample]) -> None:
    """A score that finance has changed says so in its own cell, where no other cell of the row does; it stays a number."""
    for sample in samples:
        cell = sheet.cell(row, sample.column)
        if sample.name == FINAL_SCORE and isinstance(cell.value, int | float):
            cell.number_format += '"（核定）"'
            _change_alignment(cell, wrap_text=False, shrink_to_fit=True)


def _change_alignment(cell: Any, **changes: bool) -> None:
    look = copy(cell.alignment)
    for name, value in changes.items():
        setattr(look, name, value)
    cell.alignment = look


def _plain_value(column: Column[Any], record: Record | None) -> Scalar:
    """What stands in the cell; a row that names what is not there shows that name alone."""
    if record is None and column.key != NAMED_KEY:
        return None
    value = column.value(record)
    return value if value is None or isinstance(value, str | int | float) else value.text


def _show_values(tags: Mapping[str, Column[Any]], record: Record | None) -> dict[str, str]:
    """The same as texts, for cells that hold more than a tag."""
    return {name: _to_text(_plain_value(column, record), column.style) for name, column in tags.items()}


def _replace_tags(text: str, values: Mapping[str, Scalar]) -> str:
    """A text with the tags replaced that have a value; the others stay."""
    return TAG.sub(lambda tag: _to_text(values.get(tag[2], tag[0])), text)


def _to_text(value: Scalar, style: str = "") -> str:
    if isinstance(value, float):
        return percent_text(value) if style == "percent" else number_text(value)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class _Area:
    """The cells of the records in a column."""

    sheet: Loaded
    name: str
    """Its tag; more columns than one may have it."""
    column: int
    first: int
    last: int
    numbers: array[float]
    """What is summed and averaged: the numbers, no words in place of one."""
    away: bool = False
    """What is said of it stands on another sheet."""

    def __str__(self) -> str:
        area = column_area(self.column - 1, self.first - 1, self.last - 1)
        quoted = self.sheet.title.replace("'", "''")
        return f"'{quoted}'!{area}" if self.away else area

    def note(self, row: int) -> None:
        """The number that stands in that row, if it is one."""
        value = self.sheet.cell(row, self.column).value
        if isinstance(value, int | float):
            self.numbers.append(value)


def _write_total(kind: str, column: Column[Any], own: _Area, areas: Mapping[str, _Area]) -> tuple[str, Scalar]:
    """The formula of a total over the rows of the records, and what it gives; ``areas`` of the other columns by their keys."""
    rule = column.rule if column.total == "rule" else None
    if kind == "平均" or (column.style == "percent" and column.rule is None):
        return _write_mean(own)
    if rule is None:
        return f"=SUM({own})", math.fsum(own.numbers)
    for unit in ("", YUAN):
        beside = {key.removesuffix(unit): area for key, area in areas.items() if key.endswith(unit)}
        with suppress(KeyError):
            formula = rule.excel({key: f"SUM({area})" for key, area in beside.items()})
            return f"={formula}", rule.value({key: math.fsum(area.numbers) for key, area in beside.items()})
    # Without the amounts beside it a rate of the sums cannot be had.
    return _write_mean(own)


def _write_mean(area: _Area) -> tuple[str, Scalar]:
    numbers = area.numbers
    return f'=IF(COUNT({area})=0,"",AVERAGE({area}))', math.fsum(numbers) / len(numbers) if numbers else ""
