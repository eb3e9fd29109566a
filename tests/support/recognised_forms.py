"""Recognised forms, built by hand: what the recogniser would return. Cells are named as the test likes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook_tools.core.model import Direction, FundingSource, Measure
from workbook_tools.legacy.words.records import FormIndicator, FundingLine, HandmadeForm, Stated, Where

SHEET = "自评表"


def at(value: float | str | None, cell: str, printed: str | None = None, sheet: str = SHEET) -> Stated:
    """A stated value; printed as it is unless the form prints it otherwise."""
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else value
    return Stated(value, text if printed is None else printed, Where(sheet, cell))


def cells(column: str, first: int) -> Iterator[str]:
    """The cells down a column."""
    number = first
    while True:
        yield f"{column}{number}"
        number += 1


def entry(
    row: int, dimension: str, category: str, name: str, target: Any, actual: Any, weight: Any, score: Any, **more: Any
) -> FormIndicator:
    """An indicator in a row of the national form: name C, target D, actual E, weight F, score G, reason H.

    ``target`` and ``actual`` are numbers in ``unit``, or texts; ``direction`` is ≥ unless it is given.
    """
    unit = more.pop("unit", "")
    direction = more.pop("direction", Direction.AT_LEAST if isinstance(target, float) else Direction.QUALITATIVE)
    sign = direction.symbol if isinstance(target, float) else ""
    facts: dict[str, Any] = {
        "target": at(target, f"D{row}", f"{sign}{target:g}{unit}" if isinstance(target, float) else target),
        "actual": at(actual, f"E{row}", f"{actual:g}{unit}" if isinstance(actual, float) else actual or ""),
        "weight": at(weight, f"F{row}"),
        "score": at(score, f"G{row}"),
        "reason": at("", f"H{row}"),
    }
    facts |= more
    return FormIndicator(
        dimension=dimension, category=category, name=at(name, f"C{row}"), direction=direction, unit=unit, **facts
    )


def funding(
    budget: float | None = 100.0, executed: float | None = 100.0, *, rate: str = "100%", score: float | None = 10.0
) -> list[FundingLine]:
    """The funding block of the national form: total and 财政拨款; 年初 D, 全年 E, 执行 F, 分值 G, 执行率 H, 得分 I."""
    amounts = {
        Measure.INITIAL_BUDGET: at(budget, "D6"),
        Measure.ANNUAL_BUDGET: at(budget, "E6"),
        Measure.EXECUTED: at(executed, "F6"),
    }
    share = float(rate.rstrip("%")) / 100 if rate else None
    fiscal = {
        measure: Stated(stated.value, stated.printed, Where(SHEET, stated.where.cell.replace("6", "7")))
        for measure, stated in amounts.items()
    }
    return [
        FundingLine(
            label="年度资金总额",
            source=FundingSource.TOTAL,
            amounts=amounts,
            rate=at(share, "H6", rate),
            weight=at(10.0, "G6"),
            score=at(score, "I6"),
        ),
        FundingLine(label="其中：当年财政拨款", source=FundingSource.FISCAL_SUBTOTAL, amounts=fiscal),
    ]


def form(**changes: Any) -> HandmadeForm:
    """A form in the national layout in which all is met and all adds up to 100."""
    lines = changes.pop("funding", None)
    lines = funding() if lines is None else lines
    facts: dict[str, Any] = {
        "file": "甲.xlsx",
        "sheet": SHEET,
        "title": "项目支出绩效自评表",
        "head": {
            "project": at("农村道路养护", "B3"),
            "department": at("示例县交通运输局", "B4"),
            "unit": at("示例县公路段", "F4"),
        },
        "year": at(2022.0, "A2", "（2022年度）"),
        "funding": lines,
        "columns": {"level1", "level2", "name", "target", "actual", "weight", "score", "reason"},
        "execution_weight": lines[0].weight if lines else None,
        "execution_score": lines[0].score if lines else None,
        "entries": [
            entry(12, "产出指标", "数量指标", "养护里程", 100.0, 102.0, 20.0, 20.0, unit="公里"),
            entry(13, "产出指标", "质量指标", "验收合格率", 95.0, 96.0, 20.0, 20.0, unit="%"),
            entry(
                14,
                "产出指标",
                "成本指标",
                "每公里成本",
                1.5,
                1.45,
                10.0,
                10.0,
                unit="万元",
                direction=Direction.AT_MOST,
            ),
            entry(15, "效益指标", "社会效益指标", "通行条件", "有效改善", "达成预期指标", 30.0, 30.0),
            entry(16, "满意度指标", "服务对象满意度指标", "群众满意度", 90.0, 92.0, 10.0, 10.0, unit="%"),
        ],
        "total": at(100.0, "G17"),
        "texts": {
            "goal_annual": at("2022年全年养护县乡道路一百公里，群众出行更加安全。", "B10"),
            "goal_actual": at("2022年养护一百零二公里，验收全部合格，群众反映良好。", "F10"),
        },
    }
    return HandmadeForm(**(facts | changes))
