"""The tables of another system as a project list: what was approved there, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbook_tools.core.cells import address
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.model import (
    Amounts,
    Answers,
    Direction,
    FundingSource,
    Indicator,
    IndicatorAnswer,
    Project,
    Value,
)
from workbook_tools.core.values import MONEY_UNITS, PERCENT, number_text, parse_quantity, plain
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.exchange.format import ExchangeColumn, ExchangeFormat, ExchangeTable, RowKind
from workbook_tools.review.guarded_reading import open_guarded, try_reading
from workbook_tools.rules.scheme import Scheme

_SOURCES = {source.label: source for source in FundingSource}
_MOST_FAULTS = 20
"""So many are told at once."""


@dataclass(slots=True)
class ReadExchange:
    """What was read."""

    projects: list[Project] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What is wrong, a sentence each with its cell; the project of it was read without that."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: what stands in each field, and where."""

    sheet: str
    values: Mapping[str, Value]
    cells: Mapping[str, str]

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else number_text(value) if isinstance(value, float) else value.strip()

    def place(self, name: str) -> str:
        return f"“{self.sheet}”{self.cells.get(name, '')}"


def read_exchange(path: Path, wanted: ExchangeFormat, year: int, scheme: Scheme) -> ReadExchange:
    """The projects of the tables in a workbook (.xlsx, .xls), in their order; ``year`` and ``scheme`` are those of projects that name none.

    Raises SettingsError: it is no workbook that can be read, or has none of the tables of projects.
    """
    tables = _read_tables(path, wanted)
    done = ReadExchange()
    drafts: dict[str, _ProjectRows] = {}
    for row in tables["project"]:
        code = row.text("code")
        if code:
            drafts.setdefault(code, _ProjectRows(done.faults)).add_facts(row)
    for kind in ("indicator", "source"):
        for row in tables[kind]:
            draft = drafts.get(row.text("code"))
            if draft is None:
                done.faults.append(f"{row.place('code')}，项目代码“{row.text('code')}”在项目的表里没有，这一行没有采用")
            elif kind == "indicator":
                draft.add_indicator(row)
            else:
                draft.add_money(row)
    done.projects = [draft.project(code, year, scheme) for code, draft in drafts.items()]
    if len(done.faults) > _MOST_FAULTS:
        more = f"…… 共 {len(done.faults)} 处"
        done.faults = [*done.faults[:_MOST_FAULTS], more]
    return done


# -- tables -----------------------------------------------------------------------------------------------------------

_Grid = list[list[Value]]


def _read_tables(path: Path, wanted: ExchangeFormat) -> dict[RowKind, list[_Row]]:
    sheets = _open(path)
    found: dict[RowKind, list[_Row]] = {"project": [], "indicator": [], "source": []}
    for table in wanted.tables:
        grid = sheets.get(plain(table.sheet))
        if grid:
            found[table.rows] += _read_rows(table, grid, wanted, path)
    if not found["project"]:
        names = "、".join(table.sheet for table in wanted.tables if table.rows == "project")
        raise SettingsError(
            f"“{path.name}”里没有 {names} 这样的表，或者表里没有项目。表名、列名要与交换格式“{wanted.name}”的一致。"
        )
    return found


def _open(path: Path) -> dict[str, _Grid]:
    """Sheet → rows. An .xlsx of any length; of other formats so much as a hand-made form may have."""
    try:
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            book = open_guarded(path)
            return {plain(title): [[_value(cell) for cell in row] for row in book.rows(title)] for title in book.sheets}
        try_reading(_look, path)
        grids: dict[str, _Grid] = {}
        for sheet in open_sheets(path, path.read_bytes()):
            if sheet.cut:
                raise SettingsError(f"“{path.name}”的工作表“{sheet.title}”太长，请另存为 .xlsx 再读。")
            grid: _Grid = [[] for _ in range(max((cell.row for cell in sheet.cells), default=-1) + 1)]
            for cell in sheet.cells:
                grid[cell.row] += [None] * (cell.col + 1 - len(grid[cell.row]))
                grid[cell.row][cell.col] = cell.value
            grids[plain(sheet.title)] = grid
        return grids
    except FileNotFoundError:
        raise SettingsError(f"找不到 {path}。") from None
    except UnreadableWorkbook as exc:
        raise SettingsError(f"“{path.name}”无法读取：{exc.message}。") from None


def _look(path: Path) -> object:
    return open_sheets(path, path.read_bytes())


def _value(cell: object) -> Value:
    if cell in (None, ""):
        return None
    return float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else str(cell)


def _read_rows(table: ExchangeTable, grid: _Grid, wanted: ExchangeFormat, path: Path) -> Iterator[_Row]:
    known = {plain(column.heading): column for column in table.columns if column.field}
    places = {known[key]: col for col, heading in enumerate(grid[0]) if (key := plain(str(heading or ""))) in known}
    if not any(column.field == "code" for column in places):
        lost = next((column.heading for column in table.columns if column.field == "code"), "项目代码")
        raise SettingsError(f"“{path.name}”的工作表“{table.sheet}”第一行没有列“{lost}”，不知道每一行是哪个项目的。")
    for number, line in enumerate(grid[1:], 1):
        values = {c.field: _scale(line[col], c, wanted) for c, col in places.items() if col < len(line)}
        if any(value not in (None, "") for value in values.values()):
            yield _Row(table.sheet, values, {column.field: address(number, col) for column, col in places.items()})


def _scale(value: Value, column: ExchangeColumn, wanted: ExchangeFormat) -> Value:
    """An amount in 万元; the name of a code that has one."""
    if column.unit and (number := _number(value)) is not None:
        return float(f"{number * MONEY_UNITS[column.unit] / MONEY_UNITS['万元']:.15g}")
    if column.field.endswith("_code") and isinstance(value, str):
        return wanted.names.get(value.strip(), "")
    return value


def _number(value: Value) -> float | None:
    if isinstance(value, str):
        typed = parse_quantity(value)
        return typed.number if typed and not typed.unit and typed.direction is None else None
    return value


# -- projects ---------------------------------------------------------------------------------------------------------


class _ProjectRows:
    """A project as its rows come."""

    def __init__(self, faults: list[str]) -> None:
        self._faults = faults
        self._facts: dict[str, str] = {}
        self._indicators: list[tuple[Indicator, IndicatorAnswer]] = []
        self._money: dict[str, Amounts] = {"initial": {}, "annual": {}, "received": {}, "executed": {}}

    def add_facts(self, row: _Row) -> None:
        """What the tables of projects say, each of its own."""
        for name in row.values:
            if (text := row.text(name)) and not self._facts.get(name):
                self._facts[name] = text

    def add_money(self, row: _Row) -> None:
        """A source's row."""
        source = _SOURCES.get(plain(row.text("source") or row.text("source_code")))
        if source is None:
            self._faults.append(
                f"{row.place('source')}，不认识资金来源“{row.text('source')}”，应为 {'、'.join(_SOURCES)}"
            )
            return
        for name, amounts in self._money.items():
            value = row.values.get(name)
            if value in (None, ""):
                continue
            number = _number(value)
            if number is None:
                self._faults.append(f"{row.place(name)}，“{value}”不是金额，没有采用")
            else:
                amounts[source] = number

    def add_indicator(self, row: _Row) -> None:
        """An indicator's row: its target taken apart, and what was reached."""
        direction, target, unit = _read_target(row)
        weight = _number(row.values.get("weight"))
        if weight is None:
            self._faults.append(f"{row.place('weight')}，“{row.text('indicator')}”没有权重")
        indicator = Indicator(
            dimension=row.text("dimension") or row.text("dimension_code"),
            category=row.text("category") or row.text("category_code"),
            name=row.text("indicator"),
            weight=weight,
            direction=direction,
            target=target,
            unit=unit,
        )
        self._indicators.append((indicator, _read_answer(row, indicator)))

    def project(self, code: str, year: int, scheme: Scheme) -> Project:
        """The project; without answers where none stand in the tables."""
        facts = self._facts
        stated = facts.get("year", "")
        goals, answers = scheme.form.goals, tuple(answer for _, answer in self._indicators)
        texts = {goals.actual: facts["goal_actual"]} if goals and facts.get("goal_actual") else {}
        given = Answers(
            received=self._money["received"], executed=self._money["executed"], indicators=answers, texts=texts
        )
        answered = given.received or given.executed or texts or any(one != IndicatorAnswer() for one in answers)
        return Project(
            code=code,
            name=facts.get("name", ""),
            department=facts.get("department") or facts.get("department_code", ""),
            unit=facts.get("unit") or facts.get("unit_code", ""),
            year=int(stated) if stated.isdigit() else year,
            scheme=facts.get("scheme", "") or scheme.id,
            annual_goal=facts.get("annual_goal", ""),
            initial_budget=self._money["initial"],
            annual_budget=self._money["annual"],
            indicators=tuple(indicator for indicator, _ in self._indicators),
            answers=given if answered else None,
        )


def _read_target(row: _Row) -> tuple[Direction, float | str | None, str]:
    """``≥95%`` → at least, 95, %; a text is a qualitative target."""
    text, unit = row.text("target_text"), row.text("measure")
    stated = Direction.from_symbol(row.text("direction")) if row.text("direction") else None
    typed = parse_quantity(text)
    if stated is Direction.QUALITATIVE or typed is None:
        return Direction.QUALITATIVE, text or None, unit
    return (
        stated or typed.direction or Direction.AT_LEAST,
        typed.number,
        unit if "measure" in row.values else typed.unit,
    )


def _read_answer(row: _Row, indicator: Indicator) -> IndicatorAnswer:
    text, value = row.text("actual_text"), row.values.get("actual_text")
    typed, qualitative = parse_quantity(text), indicator.direction is Direction.QUALITATIVE
    same = typed is not None and typed.direction is None and plain(typed.unit) == plain(indicator.unit)
    actual: Value = typed.number if typed and same and not qualitative else (text or None)
    if isinstance(value, float) and indicator.unit == PERCENT and value <= 1:
        actual = value * 100
    stated = _number(row.values.get("completion")) if qualitative else None  # of others it is computed
    return IndicatorAnswer(
        actual=actual,
        tier=row.text("tier"),
        completion=stated,
        deviation_reason=row.text("deviation_reason"),
        applicable=text != "不适用",
    )
