"""From a file to rows: the two sheets of a workbook as values with the cells they stand in (of JSON: :mod:`~workbook_tools.projects.json_rows`).

Only what concerns the file itself is judged here: sheets and columns that are missing. What the values say is judged in
:mod:`workbook_tools.projects.judging` and :mod:`workbook_tools.projects.reading`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook_tools.core.cells import FIRST_CELL, Place, address
from workbook_tools.core.errors import UnreadableWorkbook, refuse_withheld
from workbook_tools.core.faces import LateModule
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Answers, Value
from workbook_tools.core.values import MONEY_UNITS, is_number, number_text, plain
from workbook_tools.core.visible_text import show_invisible
from workbook_tools.projects.columns import (
    INDICATOR_COLUMNS,
    INDICATOR_SHEET,
    PROJECT_COLUMNS,
    PROJECT_SHEET,
    ListColumn,
    heading,
)

if TYPE_CHECKING:
    from workbook_tools.excel import reading
else:  # a JSON list needs none of it
    reading = LateModule("workbook_tools.excel.reading")

HEADER_ROWS = 30
"""So many rows may stand above the header: titles, remarks."""
BLANK_ROWS = 1000
"""So many blank rows on end are the end of the list."""
MAX_COLUMNS = 64
"""So many columns are looked at: ours, and those that people add."""

_REMARK = re.compile(r"(合计|总计|小计|(填表)?说明|备?注\d*|填表人|审核人)(\W.*)?")
"""The first cell of a row that is no project: 合计, 填表说明：请核对, 备注1."""
_TRAILING_UNIT = re.compile("(" + "|".join(sorted(MONEY_UNITS, key=len, reverse=True)) + ")$")
"""万元 of 全年预算万元."""


def code_text(value: Value) -> str:
    """A code as text: 0012 stays, the number 12.0 is 12."""
    if isinstance(value, str):  # nearly all are
        return value.strip()
    if not is_number(value):
        return "" if value is None else str(value)
    number = float(value)  # type: ignore[arg-type]
    return str(int(number)) if number.is_integer() else number_text(number)


def is_blank(value: Value) -> bool:
    """Nothing, or blanks only."""
    return value is None or (isinstance(value, str) and not value.strip())


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the list. ``owner`` says which project it is of: its code, or its place in the JSON."""

    sheet: str
    owner: str
    values: Mapping[str, Value]
    cells: Mapping[str, str]
    """Cell by column key; only columns that the list has."""
    typed: bool = True
    """Typed into a sheet by hand; JSON numbers are exact."""
    answers: Answers | None = None
    year: int = 0
    """A project's own year, which JSON carries; 0 = the list's."""

    @property
    def code(self) -> str:
        """The project's code; blank if missing."""
        return code_text(self.values.get("code"))


@dataclass(slots=True)
class Listing:
    """A list as it stands in the file."""

    projects: list[ListRow] = field(default_factory=list)
    indicators: list[ListRow] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """Of each project a digest of all that its rows say, wherever they stand; blank, or none at all, where it may be known by none."""
    has_projects: bool = True
    """False when the sheet was not found, so that its absence is not reported once per row."""
    has_indicators: bool = True
    authority: str = ""
    scheme: str = ""
    year: int = 0
    """The year the list states; 0 if none."""


class Notes:
    """Collects the findings about one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def add(self, code: str, message: str = "", **facts: Any) -> None:
        """A finding about the file; ``facts`` as :func:`workbook_tools.core.findings.finding` takes them."""
        self.findings.append(finding(code, message, file=self.file, **facts))

    def name_projects(self, rows: Sequence[ListRow]) -> None:
        """Put code and name of the project before the field of each finding about a cell; its rows stand far apart.

        Of a code that stands twice nobody knows which is meant; places in JSON name the project themselves.
        """
        times = Counter(row.code for row in rows)
        names = {row.code: " ".join(str(row.values.get("name") or "").split()) for row in rows if times[row.code] == 1}
        for at, row in enumerate(self.findings):
            if row.sheet and (name := names.get(row.project_code)):
                self.findings[at] = replace(row, field=f"{show_invisible(row.project_code)} {name}，{row.field}")

    def at(self, row: ListRow, column: ListColumn, code: str, message: str = "", **facts: Any) -> None:
        """A finding about one cell of a row; without that column, about the row's first cell."""
        cell = row.cells.get(column.key) or row.cells.get("code", "")
        place = {"sheet": row.sheet, "cell": cell, "field": column.label}
        self.add(code, message, project_code=row.code, **place, **facts)


# -- workbook ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _ListSheet:
    """A sheet of the list, and which column of it is which of ours."""

    book: reading.RawWorkbook
    title: str
    header: int
    places: Mapping[str, int]

    def rows(self) -> Iterator[ListRow]:
        """The lines that say something: not blank ones, and not sums or remarks, which carry no code."""
        width = max(self.places.values()) + 1
        number, blank = self.header, 0
        while blank < BLANK_ROWS:
            number += 1
            line = _read_line(self.book, self.title, number, width)
            values = {key: line[col] for key, col in self.places.items()}
            blank = blank + 1 if all(map(is_blank, line)) else 0
            if all(map(is_blank, values.values())) or _is_remark(line, values):
                continue
            cells = {key: address(number, col) for key, col in self.places.items()}
            yield ListRow(self.title, code_text(values.get("code")), values, cells)


def _read_line(book: reading.RawWorkbook, title: str, row: int, width: int) -> list[Value]:
    """The first cells of a row."""
    cells = (book.value(Place(title, row, col)) for col in range(width))
    return [str(value).upper() if isinstance(value, bool) else value for value in cells]


def _is_remark(line: Sequence[Value], values: Mapping[str, Value]) -> bool:
    """合计, 说明：… in the first cell that is not blank, and no project beside it."""
    first = next(value for value in line if not is_blank(value))
    if not isinstance(first, str) or not _REMARK.fullmatch(plain(first)):
        return False
    code = values.get("code")
    others = (values.get(key) for key in ("department", "unit", "dimension", "category"))
    return (is_blank(code) or code == first) and all(is_blank(value) or value == first for value in others)


def read_workbook(path: Path, notes: Notes) -> Listing | None:
    """The rows of both sheets; ``None`` if the file is no workbook that can be read."""
    try:
        book = reading.open_workbook(path)
        projects = _find_table(book, PROJECT_SHEET, PROJECT_COLUMNS, notes)
        indicators = _find_table(book, INDICATOR_SHEET, INDICATOR_COLUMNS, notes)
        return Listing(
            projects=list(projects.rows()) if projects else [],
            indicators=list(indicators.rows()) if indicators else [],
            has_projects=projects is not None,
            has_indicators=indicators is not None,
        )
    except UnreadableWorkbook as exc:
        refuse_withheld(exc, path)
        notes.add("LIST15", exc.message)
        return None


def _find_table(
    book: reading.RawWorkbook, wanted: str, columns: Sequence[ListColumn], notes: Notes
) -> _ListSheet | None:
    """The sheet of that name with its columns found; what is missing is noted."""
    title = next((t for t in book.sheets if plain(t).removesuffix("清单").removesuffix("表") == wanted), None)
    if title is None:
        notes.add("LIST01", f"没有工作表“{wanted}”", sheet=wanted, found="、".join(book.sheets), expected=wanted)
        return None
    known = {name: column for column in columns for name in column.headings}
    lines = [
        [_match_heading(value, known) for value in _read_line(book, title, row, MAX_COLUMNS)]
        for row in range(HEADER_ROWS)
    ]
    matches = [len({column.key for column, _ in filter(None, line)}) for line in lines]
    if max(matches) < 2:
        notes.add(
            "LIST01",
            "没有找到表头",
            sheet=title,
            cell=FIRST_CELL,
            expected="、".join(c.label for c in columns if c.required),
        )
        return None
    header = matches.index(max(matches))
    places = _find_columns(lines[header], header, title, notes)
    for column in columns:
        if column.required and column.key not in places:
            cell = address(header, min(places.values()))
            notes.add(
                "LIST01", f"缺少列“{column.label}”", sheet=title, cell=cell, field=column.label, expected=column.title
            )
    return _ListSheet(book, title, header, places)


def _match_heading(value: Value, known: Mapping[str, ListColumn]) -> tuple[ListColumn, str] | None:
    """The column that a heading means, with the money unit it names (万元 if none)."""
    name = heading(value) if isinstance(value, str) else ""
    if name in known:
        return known[name], "万元"
    unit = _TRAILING_UNIT.search(name)
    column = known.get(name[: unit.start()]) if unit else None
    return (column, unit[0]) if unit and column and column.kind == "amount" else None


def _find_columns(line: Sequence[tuple[ListColumn, str] | None], row: int, title: str, notes: Notes) -> dict[str, int]:
    """Column key → column. A heading twice, or amounts in another unit than 万元, are noted."""
    places: dict[str, int] = {}
    for col, match in enumerate(line):
        if match is None:
            continue
        column, unit = match
        where = {"sheet": title, "cell": address(row, col), "field": column.label}
        if MONEY_UNITS[unit] != 1:
            notes.add(
                "LIST01", "金额列的单位不对", found=unit, expected="万元", advice="请换算为万元后改表头。", **where
            )
        elif column.key in places:
            first = address(row, places[column.key])
            notes.add("LIST01", f"这一列与 {first} 重复", advice="请删去或改名其中一列；目前采用前一列。", **where)
        else:
            places[column.key] = col
    return places
