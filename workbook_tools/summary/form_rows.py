"""What stands in an office's form: which of its rows are repeated, which are about one record that they name, which cells are totals.

A row is about what its tags say (projects, indicators, departments …). A sheet has at most one row that is repeated, and as many rows as
it likes that name what they are about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from workbook_tools.core.errors import TemplateError
from workbook_tools.excel.loaded_book import find_texts
from workbook_tools.excel.row_insertion import Loaded
from workbook_tools.summary.list_tags import FIGURE_STYLES, NAMEABLE, ListKind, TagColumn, name_column
from workbook_tools.summary.tags import TEXTS

TAG = re.compile(r"[{｛]{2}\s*(?:(合计|平均)\s*[:：]\s*)?([^{}｛｝]*?)\s*[}｝]{2}")
"""A tag: what is made of the column, and its name."""
_BRACES = re.compile(r"[{｛]{2}|[}｝]{2}")
"""What begins or ends a tag."""
_NAMING = re.compile(rf"({'|'.join(NAMEABLE)})\s*[=＝]\s*(.+)")
"""A tag that names something: 部门=某县教育局."""
_PAGE = "docs/汇总表模板.md"


@dataclass(frozen=True, slots=True)
class TaggedRow:
    """A row with tags of columns."""

    sheet: str
    row: int
    kind: ListKind
    named: str = ""
    """The one that it is about; blank where it is repeated for each."""


@dataclass(frozen=True, slots=True)
class TotalCell:
    """A cell that sums or averages a column of a repeated row."""

    sheet: str
    cell: str
    kind: str
    """合计, 平均."""
    name: str
    of: TaggedRow


@dataclass(frozen=True, slots=True)
class FormRows:
    """What a form asks for."""

    repeated: tuple[TaggedRow, ...]
    named: tuple[TaggedRow, ...]
    totals: Mapping[tuple[str, str], TotalCell]
    """By sheet and cell."""


def find_column(name: str, columns: Mapping[str, TagColumn]) -> TagColumn | None:
    """What a tag stands for; one that names something ({{部门=某县教育局}}) is made of its name."""
    if found := columns.get(name):
        return found
    naming = _NAMING.fullmatch(name)
    return name_column(ListKind(naming[1]), naming[2]) if naming else None


def list_tags(text: str, columns: Mapping[str, TagColumn]) -> dict[str, TagColumn]:
    """The tags of rows in a text, by name; neither totals nor what may stand anywhere."""
    found = {name: find_column(name, columns) for kind, name in TAG.findall(text) if not kind}
    return {name: column for name, column in found.items() if column and column.kind is not ListKind.ALL}


def read_form(path: Path, book: Loaded, columns: Mapping[str, TagColumn]) -> FormRows:
    """What the form asks for. Raises TemplateError that names every wrong tag, row or total with its sheet and cell."""
    found = _read_tags(book, columns)
    if found.wrong:
        raise complain(path, f"有 {len(found.wrong)} 处标签不对：{'；'.join(found.wrong)}。全部标签见 {_PAGE}")
    rows, wrong = [], []
    for where, tags in found.rows.items():
        row = _judge_row(where, tags)
        if isinstance(row, str):
            wrong.append(row)
        else:
            rows.append(row)
    if wrong:
        raise complain(path, f"有 {len(wrong)} 行的标签不能放在一起：{'；'.join(wrong)}")
    if not rows and not found.anywhere:
        raise complain(path, "没有样行：要有一行写着 {{项目名称}}、{{得分}} 这样的标签，每个项目照这一行重复")
    _refuse_merged(path, book, rows)
    repeated, places = _choose_repeated(path, rows, found)
    totals = {}
    for (sheet, cell), (row_number, kind, name) in found.totals.items():
        chosen = _choose_list(sheet, row_number, name, repeated, places, columns[name])
        if isinstance(chosen, str):
            raise complain(path, f"{_place(sheet, cell)}：{chosen}")
        totals[sheet, cell] = TotalCell(sheet, cell, kind, name, chosen)
    return FormRows(tuple(repeated), tuple(row for row in rows if row.named), totals)


def complain(path: Path, problem: str) -> TemplateError:
    """What is wrong with that form."""
    return TemplateError(f"汇总表模板“{path}”{problem}")


# -- tags -------------------------------------------------------------------------------------------------------------

_Where = tuple[str, int]
"""Sheet and row."""


@dataclass(slots=True)
class _FoundTags:
    """The tags of a form."""

    rows: dict[_Where, list[tuple[str, str, bool, TagColumn]]] = field(default_factory=dict)
    """Of each row with tags of columns: cell, name, whether it is all that the cell holds, and column."""
    totals: dict[tuple[str, str], tuple[int, str, str]] = field(default_factory=dict)
    """Sheet and cell of each total → its row, 合计 or 平均, and the column."""
    anywhere: bool = False
    """There is a figure of everything together."""
    wrong: list[str] = field(default_factory=list)


def _read_tags(book: Loaded, columns: Mapping[str, TagColumn]) -> _FoundTags:
    found = _FoundTags()
    for cell in find_texts(book, _BRACES):
        sheet, text = cell.parent.title, str(cell.value).strip()
        if _BRACES.search(TAG.sub("", text)):
            found.wrong.append(
                f"{_place(sheet, cell.coordinate)}：“{text}”的花括号没有成对，标签要写成 {{{{项目名称}}}} 的样子"
            )
        alone = bool(TAG.fullmatch(text))
        for kind, name in TAG.findall(text):
            column = find_column(name, columns)
            if problem := _find_problem(kind, name, column, columns, alone=alone):
                found.wrong.append(f"{_place(sheet, cell.coordinate)}：{problem}")
            elif kind:
                found.totals[sheet, cell.coordinate] = (cell.row, kind, name)
            elif column and column.kind is ListKind.ALL:
                found.anywhere = True
            elif column:
                found.rows.setdefault((sheet, cell.row), []).append((cell.coordinate, name, alone, column))
    return found


def _find_problem(
    kind: str, name: str, column: TagColumn | None, columns: Mapping[str, TagColumn], *, alone: bool
) -> str:
    """What is wrong with a tag by itself."""
    if column is None:
        return "" if not kind and name in TEXTS else f"不认识标签“{{{{{name}}}}}”{_suggest(name, columns)}"
    if not kind:
        return ""
    if not alone:
        return f"“{{{{{kind}:{name}}}}}”要单独占一个单元格"
    if column.kind is ListKind.ALL:
        return f"“{name}”只有一个数，不能{kind}，直接写 {{{{{name}}}}}"
    if column.is_number:
        return ""
    if column.column.style not in FIGURE_STYLES:
        return f"“{name}”不是数字，不能{kind}"
    whole = ListKind.ALL.tag(column.column.header)
    instead = f"，全部项目的写 {{{{{whole}}}}}" if whole in columns else ""
    return f"“{name}”再{kind}没有意义{instead}"


def _suggest(name: str, columns: Mapping[str, TagColumn]) -> str:
    close = get_close_matches(name, [*columns, *TEXTS], n=3, cutoff=0.4)
    return f"，是不是{'、'.join(f'“{word}”' for word in close)}？" if close else ""


def _place(sheet: str, cell: str) -> str:
    return f"工作表“{sheet}”{cell}"


# -- rows -------------------------------------------------------------------------------------------------------------


def _judge_row(where: _Where, tags: list[tuple[str, str, bool, TagColumn]]) -> TaggedRow | str:
    """What a row is about; or, in words, why that cannot be said."""
    sheet, row = where
    kinds: dict[ListKind, str] = {}
    for cell, name, _, column in tags:
        kinds.setdefault(column.kind, f"{cell} 的“{name}”")
    named = {column.named: cell for cell, _, _, column in tags if column.named}
    if set(kinds) == {ListKind.PROJECT, ListKind.INDICATOR} and not named:
        del kinds[ListKind.PROJECT]
    if len(kinds) > 1:
        told = "、".join(f"{told}是{kind}的" for kind, told in kinds.items())
        return f"工作表“{sheet}”第 {row} 行：{told}，一行只能写同一种"
    if len(named) > 1:
        return f"工作表“{sheet}”第 {row} 行：{'、'.join(named.values())} 写明了不同的对象，一行只能写明一个"
    return TaggedRow(sheet, row, *kinds, *named)


def _refuse_merged(path: Path, book: Loaded, rows: list[TaggedRow]) -> None:
    for tagged in (row for row in rows if not row.named):
        for area in book[tagged.sheet].merged_cells.ranges:
            if area.min_row != area.max_row and area.min_row <= tagged.row <= area.max_row:
                raise complain(path, f"工作表“{tagged.sheet}”{area.coord}：样行的单元格不能上下合并，请取消合并")


def _choose_repeated(
    path: Path, rows: list[TaggedRow], found: _FoundTags
) -> tuple[dict[TaggedRow, frozenset[str]], dict[str, TaggedRow]]:
    """The rows that are repeated, each with the tags that fill cells of their own; and the one of each sheet."""
    repeated: dict[TaggedRow, frozenset[str]] = {}
    of_sheet: dict[str, TaggedRow] = {}
    for row in rows:
        if row.named:
            continue
        if row.sheet in of_sheet:
            same = [one for one in rows if one.sheet == row.sheet and not one.named]
            places = "、".join(_place(one.sheet, found.rows[one.sheet, one.row][0][0]) for one in same)
            raise complain(
                path,
                f"一个工作表只能有一个样行，现有 {len(same)} 行有标签：{places}。"
                "固定的行要写明是哪一个，如 {{部门=某县教育局}}；别的清单请另放一个工作表",
            )
        of_sheet[row.sheet] = row
        repeated[row] = frozenset(name for _, name, alone, _ in found.rows[row.sheet, row.row] if alone)
    return repeated, of_sheet


def _choose_list(
    sheet: str,
    row: int,
    name: str,
    repeated: Mapping[TaggedRow, frozenset[str]],
    of_sheet: Mapping[str, TaggedRow],
    column: TagColumn,
) -> TaggedRow | str:
    """The repeated row whose column a total is about: that of its own sheet, else the only other one; or why there is none."""
    own = of_sheet.get(sheet)
    if own and own.row == row:
        return "合计、平均要放在样行的上面或下面"
    holding = [one for one in repeated if name in repeated[one]]
    if own in holding:
        holding = [one for one in holding if one is own]
    if not holding:
        return f"样行里没有“{name}”这一栏，无法合计。请在样行里加上，或去掉合计"
    if len(holding) > 1:
        return f"有 {len(holding)} 个工作表的样行有“{name}”，请把合计写在那个工作表里"
    if holding[0].kind is not column.kind:
        return f"样行是每个指标一行，项目的“{name}”会重复相加，不能合计"
    return holding[0]
