"""The sheet 概览 of 汇总: the key figures and how they spread, all as formulas over the other sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, isfinite

from workbook_tools.core.cells import address
from workbook_tools.core.findings import Finding
from workbook_tools.core.labels import NO_DEPARTMENT, NO_UNIT
from workbook_tools.core.model import INPUT_MEASURES, Measure
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult
from workbook_tools.excel.cut_texts import cut_text
from workbook_tools.excel.references import sheet_link
from workbook_tools.excel.styles import HEADER_FILL, INK, NAMED, StyleSpec, Tint
from workbook_tools.excel.tables import ROW_HEIGHT, Table, write_rows
from workbook_tools.excel.writing import Sheet
from workbook_tools.results.bands import EXECUTION_BANDS, EXECUTION_DECIMALS, SCORE_BANDS, SCORE_DECIMALS, Band
from workbook_tools.results.facts import (
    BAND_TINTS,
    PENDING,
    SEVERITY_TINTS,
    ResultEntry,
    final_grade_text,
    is_reviewed,
    name_level,
    say_left_out,
)

_LAST = 7
"""The last column."""
_NAME = NAMED["label_line"]
_COUNT = NAMED["text_center"]
_MONEY = NAMED["money"].but(wrap=False, shrink=True)
KEY_MONEY = _MONEY.but(align="center")
"""Money between labels, among other figures in the middle of their cells."""
_SHARE = NAMED["percent_center"]
_SCORE = NAMED["decimal_center"]
SPREAD = ("项目数", "占比", "全年预算（万元）", "占预算", "全年执行（万元）", "预算执行率", "平均得分")
_PAGE_ROWS = 62
_NO_TINT = Tint()


@dataclass(frozen=True, slots=True)
class Group:
    """A department or unit on the sheet 汇总: the rows of its projects, and its subtotal's row."""

    name: str
    rows: Sequence[int]
    total: int


@dataclass(frozen=True, slots=True)
class Groups:
    """What the projects are compared by: 主管部门 or 实施单位."""

    kind: str
    members: Sequence[Group]


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of the other sheets."""

    projects: Table[ResultEntry]
    entries: Mapping[int, ProjectRow]
    """The project in each row of 汇总 that holds one."""
    findings: Table[Finding]
    missing: Table[MissingRow]
    groups: Groups


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a table stands that the charts draw: its first and last row; names in column A, counts in column B."""

    first: int
    last: int


def draw_overview(
    sheet: Sheet, result: ReviewResult, title: str, tables: Tables, tints: Mapping[str, Tint], others: Sequence[str]
) -> tuple[Spread, Spread]:
    """Write the sheet, with links to the ``others``; returns where the grades and the bands of scores stand."""
    sheet.columns([24, 12, 15.5, 15.5, 15.5, 15.5, 15.5, 12.5])
    sheet.merge(0, 0, 0, _LAST, title, NAMED["title"].but(shrink=True))
    sheet.row_height(0, 34)
    note = "本页的数都是公式，随“汇总”等表变动；分档以显示的两位小数为准，含下限、不含上限"
    sheet.merge(1, 0, 1, _LAST, note + say_left_out(result), "note_line")
    for col, name in enumerate(others):
        sheet.link(2, col, sheet_link(name), f"→ {name}", NAMED["link"].but(border=0, wrap=False))
    sheet.view(gridlines=False, active=True)
    page = _Page(sheet, result, tables)
    row = page.draw_key_figures(4)
    row, grades = page.draw_spread(row + 1, "二、评价等级", "评价等级", page.by_grade(tints))
    row, _ = page.draw_spread(row + 1, "三、预算执行率分档", "预算执行率", page.by_execution())
    row, scores = page.draw_spread(row + 1, "四、得分分档", "总分", page.by_score())
    groups = row + 1
    row = page.draw_groups(groups)
    for i in range(3, row):
        sheet.row_height(i, ROW_HEIGHT)
    sheet.print_setup(area=(0, 0, row - 1, _LAST), fit_height=int(row <= _PAGE_ROWS))
    if row > _PAGE_ROWS:
        sheet.break_before(groups)
    return grades, scores


@dataclass(frozen=True, slots=True)
class _Scope:
    """Some of the projects, and how a formula picks them out."""

    rows: Sequence[int]
    """Their rows on 汇总."""
    condition: str = ""
    """Further conditions for COUNTIFS and SUMIFS."""


@dataclass(frozen=True, slots=True)
class _OverviewRow:
    """A row of a table: a name, its colour, and its projects."""

    name: str
    scope: _Scope
    tint: Tint = _NO_TINT


@dataclass(frozen=True, slots=True)
class Figure:
    """A formula, the value that it shows, and its look."""

    formula: str
    value: float | str
    style: StyleSpec


class _Page:
    def __init__(self, sheet: Sheet, result: ReviewResult, tables: Tables) -> None:
        self.sheet = sheet
        self.result = result
        self.tables = tables
        self.table = tables.projects
        reviewed = is_reviewed(result)
        self.total, self.grade = ("final_total", "final_grade") if reviewed else ("total_score", "grade")
        self.all = _Scope(list(tables.entries))

    # -- figures of some projects ----------------------------------------------------------------------------------

    def _where(self, scope: _Scope) -> str:
        """The conditions; every project has a number."""
        return f'{self.table.all("number")},">0"{scope.condition}'

    def _values(self, key: str, scope: _Scope) -> list[float]:
        return [number for row in scope.rows if (number := self.table.number(row, key)) is not None]

    def count(self, scope: _Scope) -> Figure:
        return Figure(f"=COUNTIFS({self._where(scope)})", len(scope.rows), _COUNT)

    def sum(self, key: str, scope: _Scope) -> Figure:
        formula = f"=SUMIFS({self.table.all(key)},{self._where(scope)})"
        return Figure(formula, sum(self._values(key, scope)), _MONEY)

    def mean(self, scope: _Scope) -> Figure:
        values, cells = self._values(self.total, scope), self.table.all(self.total)
        scored = f'COUNTIFS({self._where(scope)},{cells},">=0")'
        formula = f'=IF({scored}=0,"",SUMIFS({cells},{self._where(scope)})/{scored})'
        return Figure(formula, sum(values) / len(values) if values else "", _SCORE)

    def extreme(self, function: str) -> Figure:
        """Of all projects."""
        values, cells = self._values(self.total, self.all), self.table.all(self.total)
        value = (max if function == "MAX" else min)(values, default="")
        return Figure(f'=IF(COUNT({cells})=0,"",{function}({cells}))', value, _SCORE)

    # -- 一 --------------------------------------------------------------------------------------------------------

    def draw_key_figures(self, row: int) -> int:
        """How many, how much, how good, and what is wrong; returns the row after."""
        self.sheet.write(row, 0, "一、总体情况", "heading")
        severities, codes = self.tables.findings.all("severity"), self.tables.missing.all("code")
        gone = sum(bool(m.code) for m in self.result.missing)
        done, listed = len(self.all.rows), len(self.all.rows) + gone
        faulty = [r for r in self.all.rows if self.tables.entries[r].findings.error]
        budget, spent = (self.sum(m, self.all) for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED))
        labels = [name_level(f) for f in self.result.findings]
        listed_cell, done_cell, gone_cell, _ = (address(row + 1, 2 * i + 1) for i in range(4))
        _, budget_cell, _, spent_cell = (address(row + 2, 2 * i + 1) for i in range(len(INPUT_MEASURES)))
        rows = [
            {
                "应报项目": Figure(f"={done_cell}+{gone_cell}", listed, _COUNT),
                "已审核": self.count(self.all),
                "未报": Figure(f'=COUNTIF({codes},"?*")', gone, _COUNT),
                "报送率": divide_cells(done_cell, listed_cell, done, listed),
            },
            {
                f"{m.label.removesuffix('资金')}（万元）": replace(self.sum(m, self.all), style=KEY_MONEY)
                for m in INPUT_MEASURES
            },
            {
                "预算执行率": divide_cells(spent_cell, budget_cell, spent.value, budget.value),
                "平均得分": self.mean(self.all),
                "最高分": self.extreme("MAX"),
                "最低分": self.extreme("MIN"),
            },
            {
                **{
                    f"校验{label}（条）": Figure(f'=COUNTIF({severities},"{label}")', labels.count(label), _COUNT)
                    for label in SEVERITY_TINTS
                },
                "有错误的项目": self.count(_Scope(faulty, f',{self.table.all("errors")},">0"')),
            },
        ]
        for at, figures in enumerate(rows, row + 1):
            for i, (name, figure) in enumerate(figures.items()):
                self.sheet.write(at, 2 * i, name, _NAME)
                self._write(at, 2 * i + 1, figure)
        return row + 1 + len(rows)

    # -- 二 to 四 --------------------------------------------------------------------------------------------------

    def by_grade(self, tints: Mapping[str, Tint]) -> Iterator[_OverviewRow]:
        """The grades; a cell's own text is what the formula looks for."""
        for name, tint in tints.items():
            rows = [r for r, p in self.tables.entries.items() if final_grade_text(p) == name]
            yield _OverviewRow(name, _Scope(rows, f",{self.table.all(self.grade)},{{own}}"), tint)

    def by_execution(self) -> Iterator[_OverviewRow]:
        """The bands of execution rates."""
        parts = self._bands(Measure.EXECUTION_RATE, EXECUTION_BANDS, EXECUTION_DECIMALS, "无法计算")
        for part, tint in zip(parts, [*BAND_TINTS.values(), _NO_TINT], strict=True):
            yield _OverviewRow(part.name, part.scope, tint)

    def by_score(self) -> Iterator[_OverviewRow]:
        """The bands of scores; a sum so far is in none."""
        pending = [row for row, project in self.tables.entries.items() if project.pending]
        *parts, without = self._bands(self.total, SCORE_BANDS, SCORE_DECIMALS, "没有得分", set(pending))
        yield from parts
        yield _OverviewRow(PENDING, _Scope(pending, f",{self.table.all(self.grade)},{{own}}"))
        yield without

    def _bands(
        self, key: str, bands: tuple[Band, ...], decimals: int, without: str, but: Set[int] = frozenset()
    ) -> Iterator[_OverviewRow]:
        cells = self.table.all(key)
        found = {row: Band.of(self.table.number(row, key), bands, decimals) for row in self.all.rows if row not in but}
        edges = [inf, *(band.at_least - 0.5 * 10**-decimals for band in bands)]
        for band, (above, edge) in zip(bands, pairwise(edges), strict=True):
            limits = ((">=", edge), ("<", above))
            condition = "".join(f',{cells},"{sign}{limit:.15g}"' for sign, limit in limits if isfinite(limit))
            yield _OverviewRow(band.label, _Scope([r for r in found if found[r] is band], condition))
        yield _OverviewRow(without, _Scope([r for r in found if found[r] is None], f',{cells},""'))

    def draw_spread(self, row: int, heading: str, kind: str, parts: Iterator[_OverviewRow]) -> tuple[int, Spread]:
        """A table of projects and money by parts, with their sum; returns the row after it, and where the parts stand."""
        self._write_heading(row, heading, (kind, *SPREAD))
        listed = [*parts, _OverviewRow("合计", self.all)]
        first = row + 2
        total = first + len(listed) - 1
        whole = self.sum(Measure.ANNUAL_BUDGET, self.all).value
        for at, part in enumerate(listed, first):
            bold = at == total
            look = _NAME.but(fill=part.tint.fill or HEADER_FILL, colour=part.tint.colour or INK, bold=bold)
            self.sheet.write(at, 0, cut_text(part.name), look)
            condition = part.scope.condition.replace("{own}", address(at, 0))
            scope = _Scope(part.scope.rows, condition)
            count, mean = self.count(scope), self.mean(scope)
            budget, spent = (self.sum(m, scope) for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED))
            b, d, f = (address(at, col) for col in (1, 3, 5))
            share = divide_cells(b, address(total, 1, absolute=True), count.value, len(self.all.rows))
            of_all = divide_cells(d, address(total, 3, absolute=True), budget.value, whole)
            rate = divide_cells(f, d, spent.value, budget.value)
            for col, figure in enumerate((count, share, budget, of_all, spent, rate, mean), 1):
                self._write(at, col, figure, bold=bold)
        return total + 1, Spread(first, total - 1)

    # -- 五 --------------------------------------------------------------------------------------------------------

    def draw_groups(self, row: int) -> int:
        """Each department or unit: how many of its projects came, and what they come to; returns the row after."""
        groups = self.tables.groups
        by_department = groups.kind == "主管部门"
        headers = (
            groups.kind,
            "应报项目",
            "已审核",
            "未报",
            "全年预算（万元）",
            "全年执行（万元）",
            "预算执行率",
            "平均得分",
        )
        self._write_heading(row, f"五、各{groups.kind}", headers)
        where = self.tables.missing.all("department" if by_department else "unit")
        names = (m.department or NO_DEPARTMENT if by_department else m.unit or NO_UNIT for m in self.result.missing)
        gone = Counter(names)
        folded = Counter(name.casefold() for name in gone.elements())  # as Excel compares texts
        came: dict[str, Group | None] = {group.name: group for group in groups.members}
        came |= {name: None for name in gone if name not in came}
        for at, (name, group) in enumerate(came.items(), row + 2):
            self.sheet.write(at, 0, cut_text(name), _NAME)
            name_cell, _, done_cell, missing_cell, budget_cell, spent_cell = (address(at, col) for col in range(6))
            missing = Figure(f"=SUMPRODUCT(--({where}={name_cell}))", folded[name.casefold()], _COUNT)
            done = len(group.rows) if group else 0
            listed = Figure(f"={done_cell}+{missing_cell}", done + folded[name.casefold()], _COUNT)
            figures = [listed, Figure("=0", 0, _COUNT), missing]
            if group:
                count = Figure(self.table.count_group(group.total), done, _COUNT)
                budget, spent = (self._of_group(group, m, _MONEY) for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED))
                rate = divide_cells(spent_cell, budget_cell, spent.value, budget.value)
                figures = [listed, count, missing, budget, spent, rate, self._of_group(group, self.total, _SCORE)]
            for col in range(1, _LAST + 1):
                if col <= len(figures):
                    self._write(at, col, figures[col - 1])
                else:
                    self.sheet.write(at, col, None, _COUNT)
        if not came:
            self.sheet.merge(row + 2, 0, row + 2, _LAST, "（无）", _COUNT)
        return row + 2 + max(len(came), 1)

    def _of_group(self, group: Group, key: str, style: StyleSpec) -> Figure:
        """What a group comes to, from its total on 汇总, which no sort moves; no sum is 0, no mean is blank."""
        nothing = 0 if style is _MONEY else ""
        number = self.table.number(group.total, key)
        return Figure(f"={self.table.cells(key, group.total)}", nothing if number is None else number, style)

    # -- drawing ---------------------------------------------------------------------------------------------------

    def _write_heading(self, row: int, text: str, headers: Sequence[str]) -> None:
        self.sheet.write(row, 0, text, "heading")
        write_rows(self.sheet, row + 1, 0, [headers], ("header",) * len(headers))

    def _write(self, row: int, col: int, figure: Figure, *, bold: bool = False) -> None:
        self.sheet.formula(row, col, figure.formula, figure.style.but(bold=bold), figure.value)


def divide_cells(part: str, whole: str, part_value: float | str, whole_value: float | str) -> Figure:
    """One cell as a share of another; nothing of nothing is blank."""
    value = float(part_value) / float(whole_value) if whole_value else ""
    return Figure(f'=IF({whole}=0,"",{part}/{whole})', value, _SHARE)
