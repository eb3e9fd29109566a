"""汇总_全部 of more projects than one workbook lists: every department and unit with its totals, and a link to the workbook of its projects.

What is said of a department stands in its own workbook; what is said of all of them are formulas over the departments here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from workbook_tools.core.cells import address
from workbook_tools.core.model import INPUT_MEASURES, Measure
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.columns import SMALL, Column, Link
from workbook_tools.excel.cut_texts import cut_text
from workbook_tools.excel.references import file_link, sheet_link
from workbook_tools.excel.styles import HEADER_FILL, INK, NAMED, StyleSpec, Tint
from workbook_tools.excel.tables import ROW_HEIGHT, Table, write_rows
from workbook_tools.excel.writing import Book, Scalar, Sheet
from workbook_tools.results.bands import EXECUTION_DECIMALS, NO_RATE, NO_SCORE, SCORE_BANDS
from workbook_tools.results.facts import BAND_TINTS, EXECUTION_RATE, PENDING, SEVERITY_TINTS
from workbook_tools.rules.library import rate
from workbook_tools.summary.department_sums import (
    GRADE,
    SCORE,
    BandCount,
    CountedDepartment,
    DepartmentYears,
    GroupCount,
)
from workbook_tools.summary.overview import KEY_MONEY, SPREAD, Figure, divide_cells
from workbook_tools.summary.whole_comparison import draw_whole_comparison
from workbook_tools.summary.year_comparison import COMPARISON

OVERVIEW, DEPARTMENTS, UNITS, BANDS = "概览", "各部门", "各单位", "分档"
_NOTE = (
    "一行一个{whose}。点主管部门的名称打开它的汇总工作簿：每个项目的资金、得分、指标、问题和未报清单都在里面，这里的数与它的合计相同。\n"
    "合计：资金和项目相加，执行率按合计数计算，得分按有得分的项目平均。"
)
_LAST = 7
_NO_TINT = Tint()


@dataclass(frozen=True, slots=True)
class WholeOverview:
    """汇总_全部 of so many departments."""

    title: str
    tints: Mapping[str, Tint]
    """Of the grades that there are."""
    counts: Sequence[CountedDepartment]
    links: Mapping[str, str]
    """Of each department, as the tables name it, the file of its workbook beside this one."""
    head: ReviewResult
    years: Sequence[DepartmentYears] = ()
    """Of each department both years, where last year's result was named."""

    def draw(self) -> Iterator[bytes]:
        """The workbook, piece by piece."""
        book = Book(title=self.title, kind="汇总")
        compared = (COMPARISON,) if self.head.compared_with else ()
        sheets = {name: book.sheet(name) for name in (OVERVIEW, DEPARTMENTS, UNITS, BANDS, *compared)}
        own = [one.whole for one in self.counts]
        departments = self._draw_groups(sheets[DEPARTMENTS], own, "主管部门")
        self._draw_groups(sheets[UNITS], (unit for one in self.counts for unit in one.list_units()), "实施单位")
        bands = _draw_bands(sheets[BANDS], own)
        heading = self.title.removesuffix("汇总表")
        page = _Overview(sheets[OVERVIEW], departments, bands, own)
        page.draw(heading + OVERVIEW, self.tints, list(sheets)[1:])
        if self.head.compared_with:
            draw_whole_comparison(sheets[COMPARISON], self.head, heading, self.years)
        return book.pieces()

    def _draw_groups(self, sheet: Sheet, groups: Iterable[GroupCount], whose: str) -> Table[GroupCount]:
        used = {name for one in self.counts for kind, name in one.whole.bands if kind == GRADE}
        grades = [name for name in self.tints if name in used]
        columns = list(_list_columns(grades, self.links, by_unit=whose == "实施单位"))
        table = Table(
            sheet,
            columns,
            f"{self.title.removesuffix('汇总表')}{sheet.title}汇总",
            _NOTE.format(whose=whose),
            size=SMALL,
        )
        if table.add_all(groups):
            table.add_total({"department": "合计"})
        table.finish(keep=1)
        table.tint_bands(
            Measure.EXECUTION_RATE, {b.at_least - 0.5 * 10**-EXECUTION_DECIMALS: t for b, t in BAND_TINTS.items()}
        )
        return table


def _list_columns(grades: Iterable[str], links: Mapping[str, str], *, by_unit: bool) -> Iterator[Column[GroupCount]]:
    def count(key: str, header: str, value: Callable[[GroupCount], Scalar], group: str = "") -> Column[GroupCount]:
        return Column(key, header, 5, value, "count", group, total="sum")

    def link(entry: GroupCount) -> Link:
        return Link(entry.department, file_link(links[entry.department]))

    yield Column("department", "主管部门", 24, link, least=14 if by_unit else 22)
    if by_unit:
        yield Column("unit", "实施单位", 20, lambda e: e.unit, least=12)
    yield count("listed", "应报", lambda e: e.projects + e.missing)
    yield count("projects", "已审核", lambda e: e.projects)
    yield count("missing", "未报", lambda e: e.missing or None)
    for measure in INPUT_MEASURES:
        header = f"{measure.label.removesuffix('资金')}\n（万元）"
        yield Column(measure, header, 9.5, lambda e, m=measure: e.money[m], "money", total="sum")  # type: ignore[misc]
    executed = rate(Measure.EXECUTED, Measure.ANNUAL_BUDGET)
    yield Column(
        Measure.EXECUTION_RATE,
        "预算\n执行率",
        7,
        lambda e: _divide(e.money[Measure.EXECUTED], e.money[Measure.ANNUAL_BUDGET]),
        "percent",
        rule=executed,
        total="rule",
    )
    yield count("scored", "有得分", lambda e: e.scored)
    mean = rate("points", "scored")
    yield Column("mean", "平均\n得分", 6, lambda e: _divide(e.points, e.scored), "decimal", rule=mean, total="rule")
    yield Column("highest", "最高", 6, lambda e: e.highest, "decimal")
    yield Column("lowest", "最低", 6, lambda e: e.lowest, "decimal")
    for name in grades:
        yield count(f"grade:{name}", name, partial(_count_grade, name), "评价等级（个）")
    if not by_unit:
        for level in SEVERITY_TINTS:
            yield count(f"level:{level}", level, partial(_count_level, level), "校验问题（条）")
    yield count("faulty", "有错误\n的项目", lambda e: e.faulty or None)
    yield Column("points", "得分合计", 10, lambda e: e.points, "decimal", total="sum", printed=False)


def _count_grade(name: str, entry: GroupCount) -> int | None:
    band = entry.bands.get((GRADE, name))
    return band.projects if band else None


def _count_level(level: str, entry: GroupCount) -> int | None:
    return entry.levels[level] or None


def _divide(part: float, whole: float) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class _BandRow:
    department: str
    kind: str
    name: str
    count: BandCount


def _draw_bands(sheet: Sheet, departments: Iterable[GroupCount]) -> Table[_BandRow]:
    """What 概览 adds up."""
    columns: list[Column[_BandRow]] = [
        Column("department", "主管部门", 26, lambda e: e.department),
        Column("kind", "按", 12, lambda e: e.kind, "text_center"),
        Column("band", "等级、分档", 14, lambda e: e.name, "text_center"),
        Column("projects", "项目数", 9, lambda e: e.count.projects, "count", total="sum"),
        Column("budget", "全年预算\n（万元）", 14, lambda e: e.count.budget, "money", total="sum"),
        Column("executed", "全年执行\n（万元）", 14, lambda e: e.count.executed, "money", total="sum"),
        Column("scored", "有得分", 9, lambda e: e.count.scored, "count", total="sum"),
        Column("points", "得分合计", 12, lambda e: e.count.points, "decimal", total="sum"),
    ]
    note = "每个主管部门的项目，按评价等级、预算执行率、总分各分一遍；“概览”由这里相加"
    table = Table(sheet, columns, BANDS, note, size=SMALL)
    table.add_all(_BandRow(one.department, *band, count) for one in departments for band, count in one.bands.items())
    table.finish(keep=1)
    return table


# -- 概览 -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Overview:
    sheet: Sheet
    table: Table[GroupCount]
    bands: Table[_BandRow]
    departments: Sequence[GroupCount]

    def draw(self, heading: str, tints: Mapping[str, Tint], others: Sequence[str]) -> None:
        sheet = self.sheet
        sheet.columns([24, 12, 15.5, 15.5, 15.5, 15.5, 15.5, 12.5])
        sheet.merge(0, 0, 0, _LAST, heading, NAMED["title"].but(shrink=True))
        sheet.row_height(0, 34)
        count = sum(one.projects for one in self.departments)
        pending = sum(one.pending for one in self.departments)
        left_out = f"；{PENDING}的 {pending} 个项目填报不完整，不计入平均、最高、最低和等级" if pending else ""
        note = f"项目有 {count} 个，每个主管部门的在它自己的汇总工作簿里，从“{DEPARTMENTS}”打开。本页的数都是公式，由“{DEPARTMENTS}”“{BANDS}”相加{left_out}"
        sheet.merge(1, 0, 1, _LAST, note, "note")
        sheet.row_height(1, 2 * ROW_HEIGHT)
        for col, name in enumerate(others):
            sheet.link(2, col, sheet_link(name), f"→ {name}", NAMED["link"].but(border=0, wrap=False))
        sheet.view(gridlines=False, active=True)
        row = self._draw_key_figures(4)
        rates = {band.label: tint for band, tint in BAND_TINTS.items()} | {NO_RATE: _NO_TINT}
        scores = dict.fromkeys([*(band.label for band in SCORE_BANDS), PENDING, NO_SCORE], _NO_TINT)
        row = self._draw_spread(row + 1, "二、评价等级", GRADE, tints)
        row = self._draw_spread(row + 1, "三、预算执行率分档", EXECUTION_RATE, rates)
        row = self._draw_spread(row + 1, "四、得分分档", SCORE, scores)
        for i in range(3, row):
            sheet.row_height(i, ROW_HEIGHT)
        sheet.print_setup(area=(0, 0, row - 1, _LAST), fit_height=1)

    def _draw_key_figures(self, row: int) -> int:
        sheet, own = self.sheet, self.departments
        sheet.write(row, 0, "一、总体情况", "heading")
        done, gone = sum(one.projects for one in own), sum(one.missing for one in own)
        budget, spent = (sum(one.money[m] for one in own) for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED))
        points, scored = sum(one.points for one in own), sum(one.scored for one in own)
        highest = max((one.highest for one in own if one.highest is not None), default=None)
        lowest = min((one.lowest for one in own if one.lowest is not None), default=None)
        money = [self._sum(m, sum(one.money[m] for one in own), KEY_MONEY) for m in INPUT_MEASURES]
        rows: list[dict[str, Figure]] = [
            {
                "应报项目": self._sum("listed", done + gone),
                "已审核": self._sum("projects", done),
                "未报": self._sum("missing", gone),
                "报送率": divide_cells(self._all("projects"), self._all("listed"), done, done + gone),
            },
            {f"{m.label.removesuffix('资金')}（万元）": figure for m, figure in zip(INPUT_MEASURES, money, strict=True)},
            {
                "预算执行率": divide_cells(self._all(Measure.EXECUTED), self._all(Measure.ANNUAL_BUDGET), spent, budget),
                "平均得分": _say_mean(self._all("points"), self._all("scored"), _divide(points, scored)),
                "最高分": self._extreme("MAX", "highest", highest),
                "最低分": self._extreme("MIN", "lowest", lowest),
            },
            {
                **{f"校验{level}（条）": self._sum(f"level:{level}", sum(one.levels[level] for one in own)) for level in SEVERITY_TINTS},
                "有错误的项目": self._sum("faulty", sum(one.faulty for one in own)),
            },
        ]  # fmt: skip
        for at, figures in enumerate(rows, row + 1):
            for i, (name, figure) in enumerate(figures.items()):
                sheet.write(at, 2 * i, name, "label_line")
                sheet.formula(at, 2 * i + 1, figure.formula, figure.style, figure.value)
        return row + 1 + len(rows)

    def _all(self, key: str) -> str:
        return f"SUM({self.table.all(key)})"

    def _sum(self, key: str, value: float, style: StyleSpec = NAMED["text_center"]) -> Figure:
        return Figure(f"={self._all(key)}", value, style)

    def _extreme(self, function: str, key: str, value: float | None) -> Figure:
        cells = self.table.all(key)
        shown = "" if value is None else value
        return Figure(f'=IF(COUNT({cells})=0,"",{function}({cells}))', shown, NAMED["decimal_center"])

    def _draw_spread(self, row: int, heading: str, kind: str, names: Mapping[str, Tint]) -> int:
        """Projects and money by grade or band, with their sum; returns the row after."""
        sheet = self.sheet
        sheet.write(row, 0, heading, "heading")
        write_rows(sheet, row + 1, 0, [(kind, *SPREAD)], ("header",) * (_LAST + 1))
        first, total = row + 2, row + 2 + len(names)
        known = self._add_up(kind)
        whole = BandCount()
        for count in known.values():
            _join(whole, count)
        for at, (name, tint) in enumerate([*names.items(), ("合计", _NO_TINT)], first):
            look = NAMED["label_line"].but(fill=tint.fill or HEADER_FILL, colour=tint.colour or INK, bold=at == total)
            sheet.write(at, 0, cut_text(name), look)
            condition = f'{self.bands.all("kind")},"{kind}"'
            if at < total:
                condition += f",{self.bands.all('band')},{address(at, 0)}"
            count = whole if at == total else known.get(name, BandCount())

            for col, figure in enumerate(self._list_figures(at, total, condition, count, whole), 1):
                sheet.formula(at, col, figure.formula, figure.style.but(bold=at == total), figure.value)
        return total + 1

    def _list_figures(
        self, row: int, total: int, condition: str, count: BandCount, whole: BandCount
    ) -> Iterator[Figure]:
        """The projects of a grade or band, and their money; ``total`` is the row of all of them."""

        def add(key: str) -> str:
            return f"SUMIFS({self.bands.all(key)},{condition})"

        money = NAMED["money"].but(wrap=False, shrink=True)
        projects, budget, executed = (address(row, col) for col in (1, 3, 5))
        all_projects, all_budget = (address(total, col, absolute=True) for col in (1, 3))
        yield Figure(f"={add('projects')}", count.projects, NAMED["text_center"])
        yield divide_cells(projects, all_projects, count.projects, whole.projects)
        yield Figure(f"={add('budget')}", count.budget, money)
        yield divide_cells(budget, all_budget, count.budget, whole.budget)
        yield Figure(f"={add('executed')}", count.executed, money)
        yield divide_cells(executed, budget, count.executed, count.budget)
        yield _say_mean(add("points"), add("scored"), _divide(count.points, count.scored))

    def _add_up(self, kind: str) -> dict[str, BandCount]:
        sums: dict[str, BandCount] = {}
        for department in self.departments:
            for (of, name), count in department.bands.items():
                if of == kind:
                    _join(sums.setdefault(name, BandCount()), count)
        return sums


def _say_mean(points: str, scored: str, value: float | None) -> Figure:
    shown = "" if value is None else value
    return Figure(f'=IF({scored}=0,"",{points}/{scored})', shown, NAMED["decimal_center"])


def _join(sums: BandCount, other: BandCount) -> None:
    sums.projects += other.projects
    sums.budget += other.budget
    sums.executed += other.executed
    sums.scored += other.scored
    sums.points += other.points
