"""与上年比较 in 汇总: every project in both years, what they come to, and what lost points twice.

On 两年对照 stand the figures of both years' results; those of 与上年比较 are formulas over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.cells import address
from workbook_tools.core.labels import NO_DEPARTMENT, NO_UNIT
from workbook_tools.core.review_result import LastYearFigures, ReviewResult
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.cut_texts import cut_text
from workbook_tools.excel.references import sheet_link
from workbook_tools.excel.styles import HEADER_FILL, INK, NAMED, StyleSpec, Tint
from workbook_tools.excel.tables import ROW_HEIGHT, Table, write_rows
from workbook_tools.excel.writing import Sheet
from workbook_tools.results.facts import EXECUTION_RATE, PENDING
from workbook_tools.results.two_years import (
    Presence,
    RepeatedLoss,
    TwoYearSums,
    YearPair,
    YearSum,
    list_pairs,
    list_repeated_losses,
    sum_pairs,
)
from workbook_tools.rules.expr import Ref
from workbook_tools.summary.overview import Figure, divide_cells

COMPARISON_SHEETS = COMPARISON, PAIRS, REPEATED = "与上年比较", "两年对照", "连续失分"
_LAST_COLUMN = 9
_COUNT, _MONEY, _NAME = NAMED["text_center"], NAMED["money"].but(wrap=False, shrink=True), NAMED["label_line"]
_SHARE, _SCORE = NAMED["percent_center"], NAMED["decimal_center"]
_POINTS = _SHARE.but(number_format='+0.00"个百分点";-0.00"个百分点";0.00"个百分点"', shrink=True)
_BUDGET, _EXECUTED, _RATE, _TOTAL = "budget", "executed", "rate", "score"


@dataclass(frozen=True, slots=True)
class _PairRow:
    """A row of 两年对照."""

    pair: YearPair
    number: int
    group: int
    """The number of its department or unit, by which formulas find it."""


@dataclass(frozen=True, slots=True)
class _PairGroup:
    """A department or unit."""

    name: str
    number: int
    pairs: Sequence[YearPair]


def draw_comparison(
    sheets: Mapping[str, Sheet], result: ReviewResult, heading: str, tints: Mapping[str, Tint], *, by_department: bool
) -> None:
    """Draw the three sheets; ``heading`` says whose result it is."""
    pairs = list(list_pairs(result))
    kind = "主管部门" if by_department and len({pair.department for pair in pairs}) > 1 else "实施单位"
    groups = _group_pairs(pairs, kind)
    table = _draw_pairs(sheets[PAIRS], result, groups)
    _draw_repeated(sheets[REPEATED], result)
    _ComparisonPage(sheets[COMPARISON], table, result, pairs).draw(heading, kind, groups, tints)


def _group_pairs(pairs: Sequence[YearPair], kind: str) -> list[_PairGroup]:
    """Departments or units in the order in which they first occur."""
    found: dict[str, list[YearPair]] = {}
    for pair in pairs:
        name = pair.department or NO_DEPARTMENT if kind == "主管部门" else pair.unit or NO_UNIT
        found.setdefault(name, []).append(pair)
    return [_PairGroup(name, number, own) for number, (name, own) in enumerate(found.items(), 1)]


# -- 两年对照 ---------------------------------------------------------------------------------------------------------


def _draw_pairs(sheet: Sheet, result: ReviewResult, groups: Sequence[_PairGroup]) -> Table[_PairRow]:
    last, now = result.compared_with, result.year
    note = (
        f"上年是 {last} 年度，各数都在上年的审核结果里；今年是 {now} 年度，同“汇总”。“资金可比”：两年都填了预算和执行；"
        f"“得分可比”：两年都有得分（{PENDING}的没有）。增减＝今年－上年，只算两年都有的"
    )
    table = Table(sheet, [*_pair_columns()], f"{sheet.title}", note, size=SMALL)
    numbered = ((pair, group.number) for group in groups for pair in group.pairs)
    table.add_all(_PairRow(pair, number, group) for number, (pair, group) in enumerate(numbered, 1))
    table.finish(keep=5)
    return table


def _pair_columns() -> Iterator[Column[_PairRow]]:
    yield Column("number", "序号", 4, lambda e: e.number, "text_center")
    yield Column("department", "主管部门", 9.5, lambda e: e.pair.department or NO_DEPARTMENT, whole=True)
    yield Column("unit", "实施单位", 10, lambda e: e.pair.unit or NO_UNIT, whole=True)
    yield Column("code", "项目编码", 9, lambda e: e.pair.code, whole=True)
    yield Column("name", "项目名称", 16, lambda e: e.pair.name, whole=True)
    yield Column("standing", "情况", 6, lambda e: e.pair.standing.value, "text_center")
    yield from _two_columns(_BUDGET, "全年预算（万元）", lambda one: one.budget, "money", 8.5)
    yield from _two_columns(_EXECUTED, "全年执行（万元）", lambda one: one.executed, "money", 8.5)
    yield from _two_columns(_RATE, EXECUTION_RATE, lambda one: one.rate, "percent", 7)
    yield from _two_columns(_TOTAL, "得分（分）", lambda one: one.score, "decimal", 6)
    group = "评价等级"
    yield Column("grade:last", "上年", 6, lambda e: _grade(e.pair.last, pending=False), "text_center", group)
    yield Column("grade:now", "今年", 6, lambda e: _grade(e.pair.now, pending=e.pair.pending), "text_center", group)
    yield Column("same_money", "资金\n可比", 4, lambda e: int(e.pair.same_money) or None, "count", printed=False)
    yield Column("same_score", "得分\n可比", 4, lambda e: int(e.pair.same_score) or None, "count", printed=False)
    yield Column("group", "组号", 4, lambda e: e.group, "key", printed=False)


def _two_columns(
    key: str, header: str, read: Callable[[LastYearFigures], float | None], style: str, width: float
) -> Iterator[Column[_PairRow]]:
    """Last year's figure, this year's, and by how much it changed."""
    last, now = f"{key}:last", f"{key}:now"

    def find(one: LastYearFigures | None) -> float | None:
        return read(one) if one else None

    def change(row: _PairRow) -> float | None:
        then, since = find(row.pair.last), find(row.pair.now)
        return None if then is None or since is None else since - then

    yield Column(last, "上年", width, lambda e: find(e.pair.last), style, header)
    yield Column(now, "今年", width, lambda e: find(e.pair.now), style, header)
    yield Column(f"{key}:change", "增减", width, change, style, header, rule=Ref(now) - Ref(last))


def _grade(one: LastYearFigures | None, *, pending: bool) -> str:
    return (one.grade or (PENDING if pending else "")) if one else ""


# -- 连续失分 ---------------------------------------------------------------------------------------------------------


def _draw_repeated(sheet: Sheet, result: ReviewResult) -> None:
    """What lost points in both years."""
    note = (
        "两年都失分的指标（含预算执行率），今年失分多的在前；只看两年都有得分的项目。得分按核定后的，失分＝权重－得分"
    )
    table = Table(sheet, [*_repeated_columns()], sheet.title, note, size=SMALL)
    table.add_all(list_repeated_losses(result))
    if table.next > table.first:
        table.add_total({"name": "合计"})
    table.finish(keep=2)


def _repeated_columns() -> Iterator[Column[RepeatedLoss]]:
    yield Column("code", "项目编码", 9, lambda e: e.project.code, whole=True)
    yield Column("name", "项目名称", 14, lambda e: e.project.name, whole=True)
    yield Column("department", "主管部门", 9.5, lambda e: e.project.department or NO_DEPARTMENT, whole=True)
    yield Column("unit", "实施单位", 10, lambda e: e.project.unit or NO_UNIT, whole=True)
    yield Column("dimension", "一级指标", 7, lambda e: e.dimension)
    yield Column("indicator", "三级指标", 14, lambda e: e.indicator)
    for key, group in (("last", "上年"), ("now", "今年")):
        yield from _year_columns(key, group)
    yield Column("reason", "今年填的偏差原因", 22, lambda e: e.reason)


def _year_columns(key: str, group: str) -> Iterator[Column[RepeatedLoss]]:
    yield Column(f"{key}:target", "目标值", 8, lambda e: getattr(e, key).target, "text_center", group)
    yield Column(f"{key}:actual", "完成值", 8, lambda e: getattr(e, key).actual, "text_center", group)
    yield Column(f"{key}:weight", "权重", 5, lambda e: getattr(e, key).weight, "decimal", group)
    yield Column(f"{key}:score", "得分", 5, lambda e: getattr(e, key).score, "decimal", group)
    lost = Ref(f"{key}:weight") - Ref(f"{key}:score")
    yield Column(f"{key}:lost", "失分", 5.5, lambda e: getattr(e, key).lost, "decimal", group, rule=lost, total="sum")


# -- 与上年比较 -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _ComparisonPage:
    sheet: Sheet
    table: Table[_PairRow]
    result: ReviewResult
    pairs: Sequence[YearPair]

    def draw(self, heading: str, kind: str, groups: Sequence[_PairGroup], tints: Mapping[str, Tint]) -> None:
        """Title, links, and the four tables."""
        sheet = self.sheet
        sheet.columns([22, 13, 14.5, 14.5, 14.5, 14.5, 11, 13, 12.5, 12.5])
        sheet.merge(0, 0, 0, _LAST_COLUMN, heading + COMPARISON, NAMED["title"].but(shrink=True))
        sheet.row_height(0, 34)
        sheet.merge(1, 0, 1, _LAST_COLUMN, self._write_note(), "note")
        sheet.row_height(1, 2 * ROW_HEIGHT)
        for col, name in enumerate((PAIRS, REPEATED)):
            sheet.link(2, col, sheet_link(name), f"→ {name}", NAMED["link"].but(border=0, wrap=False))
        sheet.view(gridlines=False)
        row = self._draw_whole(4)
        row = self._draw_standings(row + 1)
        row = self._draw_grades(row + 1, tints)
        row = self._draw_groups(row + 1, kind, groups) if len(groups) > 1 else row
        for i in range(3, row):
            sheet.row_height(i, ROW_HEIGHT)
        sheet.print_setup(landscape=True, area=(0, 0, row - 1, _LAST_COLUMN))

    def _write_note(self) -> str:
        return (
            f"上年：{self.result.compared_with} 年度，今年：{self.result.year} 年度，得分按核定后的。本页的数都是“{PAIRS}”上的公式。增减只比两年都有的项目：资金比两年都填了的，"
            "得分比两年都有得分的；上年没有的、今年未报的、今年清单里没有的，另列在第二节"
        )

    # -- 一 --------------------------------------------------------------------------------------------------------

    def _draw_whole(self, row: int) -> int:
        """Money, execution and mean score of what is compared; returns the row after."""
        headers = ("可比的项目", "项目数", "上年", "今年", "增减", "增减率")
        self._head(row, "一、总的变化", headers)
        names = ("全年预算（万元）", "全年执行（万元）", EXECUTION_RATE, "平均得分（分）")
        for at, (name, figures) in enumerate(zip(names, self._list_whole(row + 2), strict=True), row + 2):
            self.sheet.write(at, 0, name, _NAME)
            self._fill(at, figures, 5)
        return row + 2 + len(names)

    def _list_whole(self, row: int) -> Iterator[list[Figure]]:
        sums = sum_pairs(self.pairs)
        money = self._count("same_money", "", sums.money)
        budget, executed, rate, score = (row + i for i in range(4))
        for at, key in ((budget, _BUDGET), (executed, _EXECUTED)):
            then, now = (self._sum(f"{key}:{year}", "", getattr(of, key)) for year, of in _years(sums))
            yield [money, then, now, _change(at, then, now, _MONEY), _grow(at, then, now)]
        then, now = (
            divide_cells(address(executed, col), address(budget, col), of.executed, of.budget)
            for col, (_, of) in enumerate(_years(sums), 2)
        )
        yield [money, then, now, _change(rate, then, now, _POINTS, times=100)]
        then, now = (self._mean(year, "", sums, of) for year, of in _years(sums))
        yield [
            self._count("same_score", "", sums.scored),
            then,
            now,
            _change(score, then, now, _SCORE),
            _grow(score, then, now),
        ]

    # -- 二 --------------------------------------------------------------------------------------------------------

    def _draw_standings(self, row: int) -> int:
        """How many projects are in which year, and all the money of both; returns the row after."""
        headers = ("项目", "项目数", "上年预算（万元）", "上年执行（万元）", "今年预算（万元）", "今年执行（万元）")
        self._head(row, "二、项目的去留", headers)
        first = row + 2
        keys = [f"{key}:{year}" for year in ("last", "now") for key in (_BUDGET, _EXECUTED)]
        for at, standing in enumerate(Presence, first):
            self.sheet.write(at, 0, standing.value, _NAME)
            own = [pair for pair in self.pairs if pair.standing is standing]
            same = f"{self.table.all('standing')},{address(at, 0)}"
            sums = [Figure(f"=SUMIFS({self.table.all(key)},{same})", _add(own, key), _MONEY) for key in keys]
            self._fill(at, [Figure(f"=COUNTIFS({same})", len(own), _COUNT), *sums], 5)
        total = first + len(Presence)
        self.sheet.write(total, 0, "合计", _NAME.but(bold=True))
        values = [float(len(self.pairs)), *(_add(self.pairs, key) for key in keys)]
        figures = [
            Figure(f"=SUM({address(first, col)}:{address(total - 1, col)})", value, _COUNT if col == 1 else _MONEY)
            for col, value in enumerate(values, 1)
        ]
        self._fill(total, figures, 5, bold=True)
        return total + 1

    # -- 三 --------------------------------------------------------------------------------------------------------

    def _draw_grades(self, row: int, tints: Mapping[str, Tint]) -> int:
        """The grades of what had a score in both years; returns the row after."""
        self._head(row, "三、评价等级（得分可比的项目）", ("评价等级", "上年（个）", "今年（个）", "增减（个）"))
        sums = sum_pairs(self.pairs)
        used = [name for name in tints if sums.last.grades[name] or sums.now.grades[name]]
        used += [name for name in {**sums.last.grades, **sums.now.grades} if name not in tints]
        for at, name in enumerate(used, row + 2):
            tint = tints.get(name, Tint())
            self.sheet.write(at, 0, cut_text(name), _NAME.but(fill=tint.fill or HEADER_FILL, colour=tint.colour or INK))
            counts = [
                Figure(
                    f"=COUNTIFS({self.table.all(f'grade:{year}')},{address(at, 0)},{self.table.all('same_score')},1)",
                    of.grades[name],
                    _COUNT,
                )
                for year, of in _years(sums)
            ]
            value = float(counts[1].value) - float(counts[0].value)
            self._fill(at, [*counts, Figure(f"={address(at, 2)}-{address(at, 1)}", value, _COUNT)], 3)
        if not used:
            self.sheet.merge(row + 2, 0, row + 2, 3, "（无）", _COUNT)
        return row + 2 + max(len(used), 1)

    # -- 四 --------------------------------------------------------------------------------------------------------

    def _draw_groups(self, row: int, kind: str, groups: Sequence[_PairGroup]) -> int:
        """Each department or unit; returns the row after."""
        headers = (
            kind,
            "资金可比（个）",
            "上年预算（万元）",
            "今年预算（万元）",
            "预算增减率",
            "上年执行率",
            "今年执行率",
            "得分可比（个）",
            "上年平均得分",
            "今年平均得分",
        )
        self._head(row, f"四、各{kind}（可比的项目）", headers)
        for at, group in enumerate(groups, row + 2):
            where = f",{self.table.all('group')},{group.number}"
            sums = sum_pairs(group.pairs)
            self.sheet.write(at, 0, cut_text(group.name), _NAME)
            then, now = (self._sum(f"{_BUDGET}:{year}", where, of.budget) for year, of in _years(sums))
            figures = [
                self._count("same_money", where, sums.money),
                then,
                now,
                _grow(at, then, now),
                *(self._rate(year, where, of) for year, of in _years(sums)),
                self._count("same_score", where, sums.scored),
                *(self._mean(year, where, sums, of) for year, of in _years(sums)),
            ]
            self._fill(at, figures, _LAST_COLUMN)
        return row + 2 + len(groups)

    # -- figures ---------------------------------------------------------------------------------------------------

    def _count(self, same: str, where: str, value: float) -> Figure:
        return Figure(f"=COUNTIFS({self.table.all(same)},1{where})", value, _COUNT)

    def _add(self, key: str, same: str, where: str) -> str:
        return f"SUMIFS({self.table.all(key)},{self.table.all(same)},1{where})"

    def _sum(self, key: str, where: str, value: float) -> Figure:
        return Figure(f"={self._add(key, 'same_money', where)}", value, _MONEY)

    def _rate(self, year: str, where: str, of: YearSum) -> Figure:
        budget, executed = (self._add(f"{key}:{year}", "same_money", where) for key in (_BUDGET, _EXECUTED))
        return divide_cells(executed, budget, of.executed, of.budget)

    def _mean(self, year: str, where: str, sums: TwoYearSums, of: YearSum) -> Figure:
        count = f"COUNTIFS({self.table.all('same_score')},1{where})"
        mean = sums.mean(of)
        formula = f'=IF({count}=0,"",{self._add(f"{_TOTAL}:{year}", "same_score", where)}/{count})'
        return Figure(formula, "" if mean is None else mean, _SCORE)

    # -- drawing ---------------------------------------------------------------------------------------------------

    def _head(self, row: int, text: str, headers: Sequence[str]) -> None:
        self.sheet.write(row, 0, text, "heading")
        write_rows(self.sheet, row + 1, 0, [headers], ("header",) * len(headers))

    def _fill(self, row: int, figures: Sequence[Figure], last: int, *, bold: bool = False) -> None:
        for col, figure in enumerate(figures, 1):
            self.sheet.formula(row, col, figure.formula, figure.style.but(bold=bold), figure.value)
        for col in range(1 + len(figures), last + 1):
            self.sheet.write(row, col, None, _COUNT)


def _years(sums: TwoYearSums) -> tuple[tuple[str, YearSum], tuple[str, YearSum]]:
    return ("last", sums.last), ("now", sums.now)


def _add(pairs: Sequence[YearPair], key: str) -> float:
    """The amounts of one year together, where they are known."""
    what, year = key.split(":")
    ones = (getattr(pair, year) for pair in pairs)
    return sum(getattr(one, what) or 0.0 for one in ones if one)


def _change(row: int, then: Figure, now: Figure, style: StyleSpec, *, times: int = 1) -> Figure:
    """This year's figure, in column D, less last year's, in column C (in percentage points 100 times); nothing where one is missing."""
    last, this = address(row, 2), address(row, 3)
    value: float | str = "" if "" in (then.value, now.value) else times * (float(now.value) - float(then.value))
    difference = f"{times}*({this}-{last})" if times > 1 else f"{this}-{last}"
    return Figure(f'=IF(COUNT({last}:{this})<2,"",{difference})', value, style)


def _grow(row: int, then: Figure, now: Figure) -> Figure:
    """By what part of last year's figure this year's is larger."""
    last, this = address(row, 2), address(row, 3)
    value = "" if then.value in ("", 0) or now.value == "" else float(now.value) / float(then.value) - 1
    return Figure(f'=IF(COUNT({last}:{this})<2,"",IF({last}=0,"",{this}/{last}-1))', value, _SHARE)
