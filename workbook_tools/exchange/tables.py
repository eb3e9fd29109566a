"""A result as the tables of another system: rows by the columns of a format, and what of it would not fit there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from workbook_tools.core.cells import address
from workbook_tools.core.model import LEAF_SOURCES, FundingSource, Measure
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.core.values import MONEY_UNITS, is_number
from workbook_tools.excel.plain_tables import PlainTable
from workbook_tools.excel.writing import Scalar
from workbook_tools.exchange.format import ExchangeColumn, ExchangeFormat, ExchangeTable
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.rules.scheme import Scheme

YES, NO = "是", "否"


@dataclass(slots=True)
class FilledTables:
    """The tables with their rows."""

    tables: list[PlainTable] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What is longer than the system takes, a sentence each with its cell."""


def fill_tables(result: ReviewResult, wanted: ExchangeFormat, *, strict: bool = False) -> FilledTables:
    """The rows of each table, project by project; ``strict`` leaves out the columns that are ours.

    Points are those that count (核定 in force). A text that is too long stands there whole, and is a fault.
    """
    rows = _ResultRows(result, wanted)
    done = FilledTables()
    for table in wanted.tables:
        columns = [column for column in table.columns if not (strict and column.own)]
        filled = PlainTable(table.sheet, [column.heading for column in columns])
        for code, facts in rows.list_rows(table):
            line = [_shape(facts.get(column.field), column) for column in columns]
            filled.rows.append(line)
            done.faults += _find_long(wanted, filled, columns, code)
        done.tables.append(filled)
    return done


def _shape(value: object, column: ExchangeColumn) -> Scalar:
    """The value in the unit and with the decimals of the column."""
    if not is_number(value):
        return None if value is None else str(value)
    number = float(value)  # type: ignore[arg-type]
    if column.unit:
        number = float(f"{number * MONEY_UNITS['万元'] / MONEY_UNITS[column.unit]:.15g}")
    return number if column.decimals is None else round(number, column.decimals)


def _find_long(wanted: ExchangeFormat, table: PlainTable, columns: list[ExchangeColumn], code: str) -> Iterator[str]:
    row = len(table.rows)
    for col, (value, column) in enumerate(zip(table.rows[-1], columns, strict=True)):
        length = wanted.count_bytes(value) if column.bytes and isinstance(value, str) else 0
        if length > column.bytes:
            table.marked.add((row - 1, col))
            yield (
                f"“{table.title}”{address(row, col)}，项目 {code}，{column.heading}：{length} 个字节，"
                f"系统最多收 {column.bytes} 个（一个汉字算 {wanted.count_bytes('汉')} 个），请缩短 {length - column.bytes} 个字节"
            )


_Facts = Mapping[str, object]


class _ResultRows:
    def __init__(self, result: ReviewResult, wanted: ExchangeFormat) -> None:
        self._result, self._format, self._schemes = result, wanted, restore_schemes(result)
        self._indicators: dict[str, list[IndicatorRow]] = {}
        for row in result.indicators:
            self._indicators.setdefault(row.project_code, []).append(row)

    def list_rows(self, table: ExchangeTable) -> Iterator[tuple[str, _Facts]]:
        """The project's code and the facts of each row."""
        for project in self._result.projects:
            if table.rows == "project":
                yield project.code, self._describe_project(project, self._schemes[project.scheme_digest])
            elif table.rows == "indicator":
                for row in self._indicators.get(project.code, ()):
                    yield project.code, self._describe_indicator(row)
            else:
                for source in LEAF_SOURCES:
                    if facts := self._describe_source(project, source):
                        yield project.code, facts

    def _code(self, name: str) -> str:
        return self._format.codes.get(name, "")

    def _describe_project(self, row: ProjectRow, scheme: Scheme) -> _Facts:
        reasons = [row.execution_reason, *(one.deviation_reason for one in self._indicators.get(row.code, ()))]
        goals = scheme.form.goals
        return {
            "year": row.year, "region_code": self._format.region.code, "region_name": self._format.region.name,
            "department_code": self._code(row.department), "department": row.department,
            "unit_code": self._code(row.unit), "unit": row.unit, "code": row.code, "name": row.name, "scheme": row.scheme,
            "deviation": "；".join(dict.fromkeys(reason.strip().rstrip("。；") for reason in reasons if reason.strip())),
            "score": row.counted_total, "accepted": YES if row.state is State.ACCEPTED else NO,
            "annual_goal": row.annual_goal or (row.texts.get(goals.expected, "") if goals and goals.expected else ""),
            "goal_actual": row.texts.get(goals.actual, "") if goals and goals.actual else "",
        }  # fmt: skip

    def _describe_indicator(self, row: IndicatorRow) -> _Facts:
        return {
            "code": row.project_code, "dimension_code": self._code(row.dimension), "dimension": row.dimension,
            "category_code": self._code(row.category), "category": row.category, "indicator": row.name,
            "target_text": row.target_text, "actual_text": row.actual_text if row.applicable else "不适用",
            "direction": row.direction.symbol, "measure": row.unit, "tier": row.tier, "completion": row.completion,
            "weight": row.weight, "indicator_score": row.final_score, "deviation_reason": row.deviation_reason,
        }  # fmt: skip

    def _describe_source(self, row: ProjectRow, source: FundingSource) -> _Facts:
        """Nothing where the project has no money from there. Rate and points are the project's, and stand in its first row."""

        def amount(measure: Measure) -> float | None:
            return row.amount(measure, source)

        initial, annual = amount(Measure.INITIAL_BUDGET), amount(Measure.ANNUAL_BUDGET)
        received, executed = amount(Measure.RECEIVED), amount(Measure.EXECUTED)
        if not any(value is not None for value in (initial, annual, received, executed)):
            return {}
        own = None if annual in (None, 0) or executed is None else executed / (annual or 1)
        adjustment = None if initial is None and annual is None else round((annual or 0.0) - (initial or 0.0), 6)
        return {
            "code": row.code,
            "source_code": self._code(source.label),
            "source": source.label,
            "initial": initial,
            "adjustment": adjustment,
            "annual": annual,
            "received": received,
            "executed": executed,
            "rate": own,
            "execution_score": row.execution_score,
        }
