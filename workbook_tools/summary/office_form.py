"""汇总表.xlsx: the office's own summary form, a workbook whose tags say which figure stands where.

One row, the sample row, holds tags of columns ({{项目名称}} {{全年预算}}); it is repeated for every project. Tags of totals
({{合计:全年预算}}) become formulas over these rows; a few others ({{年度}}) may stand anywhere. Everything else stays
as the office made it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from workbook_tools.core.cells import MAX_HEIGHT, column_area
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.excel.cut_texts import cut_to_height
from workbook_tools.excel.loaded_book import find_texts, list_losses, load_book, save_book, write_value
from workbook_tools.excel.printed_pages import find_last_page
from workbook_tools.excel.row_insertion import Loaded, break_before, column_width, repeat_row
from workbook_tools.excel.styles import NAMED, PLAIN_NUMBER, StyleSpec
from workbook_tools.excel.tables import ROW_HEIGHT, Column
from workbook_tools.excel.text_extent import BODY_SIZE, column_pixels, fit_height
from workbook_tools.excel.writing import Scalar
from workbook_tools.results.facts import ResultEntry
from workbook_tools.summary.tags import (
    FIGURE_STYLES,
    FINAL_SCORE,
    REASONS,
    TELLING,
    TEXTS,
    TagColumn,
    form_columns,
    reason_column,
)

_TAG = re.compile(r"\{\{\s*(?:(合计|平均)\s*[:：]\s*)?([^{}]*?)\s*\}\}")
_UNFORMATTED = (PLAIN_NUMBER, "@")
_A4 = 9


@dataclass(frozen=True, slots=True)
class SummaryForm:
    """A form that was read and found right."""

    path: Path
    data: bytes
    sheet: str
    row: int
    """The sample row."""
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
        columns = form_columns(result)
        sheet, row = _find_sample_row(path, book, columns)
        return cls(path, data, sheet, row, result, losses)

    def fill(self, result: ReviewResult, owner: str) -> bytes:
        """The form with these projects, in the order of the list; ``owner`` is the tag 部门. Raises TemplateError.

        What has not come has a row as well: whoever reads the table sees every project.
        """
        columns = form_columns(self.known)
        columns[REASONS] = replace(columns[REASONS], column=reason_column(result))
        book = load_book(self.data)
        sheet = book[self.sheet]
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
        # What projects are called comes last: a name may look like a tag.
        totals = []
        for cell in list(find_texts(book, _TAG)):
            whole = _TAG.fullmatch(str(cell.value).strip())
            if whole and whole[1]:
                totals.append((cell, whole[1], columns[whole[2]].column))
            elif whole and whole[2] in texts:
                write_value(cell, texts[whole[2]])
            elif not whole:
                write_value(cell, _replace_tags(str(cell.value), texts))
        sample = _read_samples(sheet, self.row, columns)
        projects = list_all_projects(result)
        count = max(1, len(projects))
        repeat_row(sheet, self.row, count)
        silent = not any(name in TELLING for one in sample for name in one.tags)
        for i in range(count):
            entry = ResultEntry(i + 1, projects[i]) if projects else None
            _fill_row(sheet, self.row + i, sample, entry)
            if silent and entry and entry.project.reviewed:
                _mark_reviewed(sheet, self.row + i, sample)
        _keep_end_in_company(sheet, self.row + count - 1)
        areas = {
            columns[one.name].column.key: _Area(sheet, one.column, self.row, self.row + count - 1)
            for one in sample
            if one.name
        }
        shown: dict[tuple[str, str], Scalar] = {}
        for cell, kind, column in totals:
            _set_default_format(cell, column)
            cell.value, shown[cell.parent.title, cell.coordinate] = _write_total(kind, column, areas)
        return save_book(book, "汇总表", shown)


def list_all_projects(result: ReviewResult) -> list[ProjectRow]:
    """Every project of the list in its order, those that have not come without figures; then what is on no list."""
    missing = (
        ProjectRow(
            code=row.code, name=row.name, department=row.department, unit=row.unit, year=result.year, scheme="",
            scheme_digest="", file="", state=State.MISSING, place=row.place, pending_reason=row.reason,
        )
        for row in result.missing
    )  # fmt: skip
    return sorted([*result.projects, *missing], key=lambda project: project.place or math.inf)


@dataclass(slots=True)
class _FoundTags:
    """The tags of a form, by place (工作表“汇总表”D5)."""

    rows: dict[tuple[str, int], str] = field(default_factory=dict)
    """Sheet and row of each row with tags of columns, and the first of them."""
    totals: list[tuple[str, tuple[str, int], str]] = field(default_factory=list)
    """Place, sheet and row, and column of each total."""
    wrong: list[str] = field(default_factory=list)


def _find_tags(book: Any, columns: Mapping[str, TagColumn]) -> _FoundTags:
    found = _FoundTags()
    for cell in find_texts(book, _TAG):
        place, where = f"工作表“{cell.parent.title}”{cell.coordinate}", (cell.parent.title, cell.row)
        alone = bool(_TAG.fullmatch(str(cell.value).strip()))
        for kind, name in _TAG.findall(str(cell.value)):
            if name not in columns and (kind or name not in TEXTS):
                found.wrong.append(f"{place}：不认识标签“{{{{{name}}}}}”{_suggest(name, columns)}")
            elif kind and not alone:
                found.wrong.append(f"{place}：“{{{{{kind}:{name}}}}}”要单独占一个单元格")
            elif kind and not columns[name].is_number:
                found.wrong.append(f"{place}：“{name}”不是数字，不能{kind}")
            elif kind:
                found.totals.append((place, where, name))
            elif name in columns:
                found.rows.setdefault(where, place)
    return found


def _find_sample_row(path: Path, book: Any, columns: Mapping[str, TagColumn]) -> tuple[str, int]:
    """Sheet and row of the sample row. Raises TemplateError with what is wrong in the form."""
    found = _find_tags(book, columns)
    if found.wrong:
        raise _complain(
            path, f"有 {len(found.wrong)} 处标签不对：{'；'.join(found.wrong)}。全部标签见 docs/汇总表模板.md"
        )
    if not found.rows:
        raise _complain(path, "没有样行：要有一行写着 {{项目名称}}、{{得分}} 这样的标签，每个项目照这一行重复")
    if len(found.rows) > 1:
        places = "、".join(found.rows.values())
        raise _complain(path, f"只能有一个样行，现有 {len(found.rows)} 行有项目的标签：{places}")
    ((sheet, row),) = found.rows
    for area in book[sheet].merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_row != area.max_row:
            raise _complain(path, f"工作表“{sheet}”{area.coord}：样行的单元格不能上下合并，请取消合并")
    present = {sample.name for sample in _read_samples(book[sheet], row, columns)}
    for place, where, name in found.totals:
        if where == (sheet, row):
            raise _complain(path, f"{place}：合计、平均要放在样行的上面或下面")
        if name not in present:
            raise _complain(path, f"{place}：样行里没有“{name}”这一栏，无法合计。请在样行里加上，或去掉合计")
    return sheet, row


def _complain(path: Path, problem: str) -> TemplateError:
    return TemplateError(f"汇总表模板“{path}”{problem}")


def _suggest(name: str, columns: Mapping[str, TagColumn]) -> str:
    close = get_close_matches(name, [*columns, *TEXTS], n=3, cutoff=0.4)
    return f"，是不是{'、'.join(f'“{word}”' for word in close)}？" if close else ""


# -- filling ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sample:
    """A cell of the sample row with tags."""

    column: int
    text: str
    name: str
    """Its tag, where it is the only one and all that the cell holds."""
    tags: Mapping[str, Column[ResultEntry]]
    room: float
    """How wide it is, in characters."""
    wraps: bool


def _read_samples(sheet: Loaded, row: int, columns: Mapping[str, TagColumn]) -> list[_Sample]:
    found = []
    for (at, column), cell in sorted(sheet._cells.items()):
        text = str(cell.value).strip() if at == row and cell.value is not None else ""
        tags = {name: columns[name].column for kind, name in _TAG.findall(text) if not kind and name in columns}
        if not tags:
            continue
        whole = _TAG.fullmatch(text)
        if whole:
            _set_default_format(cell, tags[whole[2]])
        merged = next((area for area in sheet.merged_cells.ranges if cell.coordinate in area), None)
        last = merged.max_col if merged else column
        room = sum(column_width(sheet, c) for c in range(column, last + 1))
        found.append(_Sample(column, text, whole[2] if whole else "", tags, room, bool(cell.alignment.wrap_text)))
    return found


def _set_default_format(cell: Any, column: Column[ResultEntry]) -> None:
    """A number format that the office did not choose is the usual one of the column."""
    usual = NAMED[column.style].number_format
    if usual != PLAIN_NUMBER and cell.number_format in _UNFORMATTED:
        cell.number_format = usual


def _fill_row(sheet: Loaded, row: int, samples: Sequence[_Sample], entry: ResultEntry | None) -> None:
    needed = 0.0
    for sample in samples:
        values = {name: _plain_value(column, entry) for name, column in sample.tags.items()}
        value = values[sample.name] if sample.name else _replace_tags(sample.text, values)
        cell = sheet.cell(row, sample.column)
        write_value(cell, value)
        if not isinstance(value, str):
            continue
        instead = bool(sample.name) and sample.tags[sample.name].style in FIGURE_STYLES  # 待更正 in place of a number
        if instead and not sample.wraps:
            _change_alignment(cell, wrap_text=True, shrink_to_fit=False)
        if sample.wraps or instead:
            look = StyleSpec(size=cell.font.sz or BODY_SIZE, wrap=True)
            write_value(cell, cut_to_height(value, sample.room, look))
            needed = max(needed, fit_height(value, sample.room, look))
    height = sheet.row_dimensions[row].height
    if height is not None:
        sheet.row_dimensions[row].height = max(height, min(MAX_HEIGHT, needed))


def _keep_end_in_company(sheet: Loaded, last: int) -> None:
    """What stands below the projects, whose last row is ``last``, is not printed alone on a page: of a form across an A4, fitted to its width."""
    setup, titles = sheet.page_setup, sheet.print_title_rows
    lying = setup.orientation == "landscape" and int(setup.paperSize or 0) == _A4
    if not (lying and sheet.sheet_properties.pageSetUpPr.fitToPage and not int(setup.fitToHeight or 0)):
        return
    heights = [float(sheet.row_dimensions[row].height or ROW_HEIGHT) for row in range(1, sheet.max_row + 1)]
    first, _, end = (titles or "").replace("$", "").partition(":")
    head = sum(heights[int(first) - 1 : int(end)]) if first and end else 0.0
    pixels = sum(column_pixels(column_width(sheet, column)) for column in range(1, sheet.max_column + 1))
    if start := find_last_page(heights, head, pixels, sheet.max_row - last):
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


def _plain_value(column: Column[ResultEntry], entry: ResultEntry | None) -> Scalar:
    if entry is None:
        return None
    value = column.value(entry)
    return value if value is None or isinstance(value, str | int | float) else value.text


def _replace_tags(text: str, values: Mapping[str, Scalar]) -> str:
    """A text with the tags replaced that have a value; the others stay."""
    return _TAG.sub(lambda tag: _to_text(values.get(tag[2], tag[0])), text)


def _to_text(value: Scalar) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class _Area:
    """The cells of the projects in a column."""

    sheet: Loaded
    column: int
    first: int
    last: int

    def __str__(self) -> str:
        return column_area(self.column - 1, self.first - 1, self.last - 1)

    @property
    def numbers(self) -> list[float]:
        """What is summed and averaged: the numbers, no words in place of one."""
        cells = (self.sheet.cell(row, self.column).value for row in range(self.first, self.last + 1))
        return [float(value) for value in cells if isinstance(value, int | float)]


def _write_total(kind: str, column: Column[ResultEntry], areas: Mapping[str, _Area]) -> tuple[str, Scalar]:
    """The formula of a total over the rows of the projects, and what it gives."""
    own = areas[column.key]
    rule = column.rule if column.total == "rule" else None
    if kind == "平均" or (column.style == "percent" and column.rule is None):
        return _write_mean(own)
    if rule is None:
        return f"=SUM({own})", math.fsum(own.numbers)
    try:
        formula = rule.excel({key: f"SUM({area})" for key, area in areas.items()})
        return f"={formula}", rule.value({key: math.fsum(area.numbers) for key, area in areas.items()})
    except KeyError:
        # Without the amounts beside it a rate of the sums cannot be had.
        return _write_mean(own)


def _write_mean(area: _Area) -> tuple[str, Scalar]:
    numbers = area.numbers
    return f'=IF(COUNT({area})=0,"",AVERAGE({area}))', math.fsum(numbers) / len(numbers) if numbers else ""
