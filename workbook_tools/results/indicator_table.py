"""指标明细 and 指标得分: a row per indicator, with how its score came about."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence

from workbook_tools.core.labels import PLAIN_COLUMNS, CellContent, IndicatorColumn
from workbook_tools.core.review_result import IndicatorRow, ReviewResult
from workbook_tools.core.values import quantity_text
from workbook_tools.excel.columns import SMALL, Column, widen
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Sheet
from workbook_tools.results.facts import (
    EXECUTION_RATE,
    IndicatorEntry,
    each_indicator,
    has_self_deduction,
    points_text,
    show_target,
)
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.tables import WHOLE_TEXT, link_to_cell
from workbook_tools.rules.expr import Ref

INDICATOR_NOTE = "得分由程序按评分方案统一计算，“得分说明”写明算式；失分＝权重－得分"

_STYLES = {CellContent.TEXT: "text", CellContent.NUMBER: "decimal", CellContent.PERCENT: "percent"}


def indicator_columns(
    result: ReviewResult, places: OutputLinks, judging: Sequence[Column[IndicatorEntry]] = ()
) -> list[Column[IndicatorEntry]]:
    """One row per indicator, with how its score came about; ``judging`` is what stands there about 核定."""
    lost = Ref("weight") - Ref("score")
    deduction: Column[IndicatorEntry] = Column(
        "self_deduction", "其中：自扣分", 5.5, lambda e: e.row.self_deduction, _STYLES[CellContent.NUMBER]
    )
    return [
        Column("code", "项目编码", 9, lambda e: e.project.code, whole=True),
        Column("project", "项目名称", 11, lambda e: e.project.name),
        Column("dimension", "一级指标", 7, lambda e: e.row.dimension, whole=True),
        Column("category", "二级指标", 7.5, lambda e: e.row.category, whole=True),
        Column("indicator", "三级指标", 14, lambda e: e.row.name, whole=True),
        Column("direction", "性质", 4, lambda e: _direction_text(e.row), "text_center"),
        Column("target", "目标值", 8, lambda e: show_target(e.row), "text_center"),
        Column("actual", "完成值", 8, lambda e: _actual_text(e.row), "text_center"),
        Column("tier", "完成程度", 6, lambda e: e.row.tier, "text_center"),
        Column("completion", "完成率", 7, lambda e: e.row.completion, _STYLES[CellContent.PERCENT]),
        Column("weight", "权重", 5, lambda e: e.row.weight, _STYLES[CellContent.NUMBER]),
        Column("score", "得分", 5, lambda e: e.row.score, _STYLES[CellContent.NUMBER]),
        Column(
            "lost",
            "失分",
            5.5,
            lambda e: points_text(_lost_points(e.row), pending=not e.project.grade),
            "decimal",
            rule=lost,
        ),
        *([deduction] if has_self_deduction(result) else []),
        *(_plain_column(column) for column in PLAIN_COLUMNS),
        Column("explanation", "得分说明", 15, lambda e: e.row.explanation),
        *judging,
        Column(
            "cell",
            "所在单元格",
            12,
            lambda e: link_to_cell(places, e.project.file, e.row.sheet, e.row.cell),
            printed=False,
        ),
    ]


def _plain_column(column: IndicatorColumn) -> Column[IndicatorEntry]:
    content = column.facts.content
    width = 15.0 if content is CellContent.TEXT else 7
    return Column(column, column.facts.title or column.label, width, lambda e: getattr(e.row, column), _STYLES[content])


def _direction_text(row: IndicatorRow) -> str:
    return "" if row.category == EXECUTION_RATE else row.direction.symbol


def _actual_text(row: IndicatorRow) -> str:
    return row.actual_text or quantity_text(row.actual, row.unit)


def _lost_points(row: IndicatorRow) -> float | None:
    return None if row.weight is None or row.score is None else row.weight - row.score


def draw_indicators(
    sheet: Sheet,
    result: ReviewResult,
    places: OutputLinks,
    judging: Sequence[Column[IndicatorEntry]] = (),
    note: str = INDICATOR_NOTE,
) -> tuple[Table[IndicatorEntry], Mapping[str, array[int]]]:
    """The sheet of all scored indicators; and of each dimension the rows of its own."""
    texts = [key for key in PLAIN_COLUMNS if key.facts.content is CellContent.TEXT]
    columns = widen(indicator_columns(result, places, judging), each_indicator(result), *texts, "explanation")
    table = Table(sheet, columns, sheet.title, note, size=SMALL, rest=WHOLE_TEXT)
    rows: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))

    def note_dimension(entry: IndicatorEntry) -> IndicatorEntry:
        if not table.full:
            rows[entry.row.dimension].append(table.next)
        return entry

    table.add_all(map(note_dimension, each_indicator(result)))
    table.finish(keep=2)
    return table, rows
