"""The sheet 图表 of 汇总: charts over 概览 and over two small tables of formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any

from workbook_tools.core.cells import address
from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import EXECUTION, ProjectRow, ReviewResult
from workbook_tools.excel.cut_texts import cut_text
from workbook_tools.excel.styles import ERROR_TINT, GREY, INFO_TINT, INK, NAMED, OK_TINT, WARNING_TINT, Tint
from workbook_tools.excel.tables import ROW_HEIGHT, Table, write_rows
from workbook_tools.excel.writing import Sheet, strict
from workbook_tools.results.bands import SCORE_BANDS
from workbook_tools.results.facts import (
    EXECUTION_RATE,
    PENDING,
    IndicatorEntry,
    ResultEntry,
    is_reviewed,
    list_dimensions,
)
from workbook_tools.results.tables import points_key
from workbook_tools.summary.overview import Groups, Spread

MOST_BARS = 20
CHART_FONT = "微软雅黑"
_WIDTH, _HEIGHT = 640, 320
_COL, _LAST_COL = 7, 15
"""The charts stand to the right of the tables."""
_PAGE_ROWS = 66
_ROW_PIXELS = ROW_HEIGHT * 4 / 3
_PALE = "#D9D9D9"
_BLUE_BAR, _ORANGE_BAR, _GREY_BAR = "#4F81BD", "#E69F45", "#A6A6A6"
_GRADE_BARS = {OK_TINT: "#6AA84F", INFO_TINT: _BLUE_BAR, WARNING_TINT: _ORANGE_BAR, ERROR_TINT: "#CC4B4C"}
_ANY_NUMBER = "1000000"
"""More than any points: what is below it is a number, not the text of a sum so far."""
_LONGEST_NAME = 24
_NAME = NAMED["label_line"]
_SHARE = NAMED["percent_center"]
_POINTS = NAMED["decimal_center"]


def draw_charts(
    sheet: Sheet,
    result: ReviewResult,
    tints: Mapping[str, Tint],
    overview: Sheet,
    spreads: tuple[Spread, Spread],
    projects: Table[ResultEntry],
    groups: Groups,
    indicators: Table[IndicatorEntry],
    indicator_rows: Mapping[str, Iterable[int]],
) -> None:
    """Write the tables and place the charts; without projects there is only a sentence.

    ``indicator_rows`` gives the rows of the indicators of each dimension on 指标明细.
    """
    sheet.columns([26, 8, 10, 10, 10, 10.5, 2])
    sheet.merge(0, 0, 0, _LAST_COL, "绩效自评情况图表", "title")
    sheet.row_height(0, 34)
    sheet.view(gridlines=False)
    if not result.projects:
        sheet.write(2, 0, "没有可供统计的项目。", "note_line")
        sheet.print_setup(area=(0, 0, 2, _LAST_COL), fit_height=1)
        return
    second = _draw_scores(sheet, 2, tints, overview, spreads)
    total = "final_total" if is_reviewed(result) else "total_score"
    third = _draw_execution(sheet, second, projects, groups, total)
    end = _draw_lost_points(sheet, third, result, projects, indicators, indicator_rows)
    for i in range(1, end):
        sheet.row_height(i, ROW_HEIGHT)
    sheet.print_setup(area=(0, 0, end, _LAST_COL), fit_height=int(end <= _PAGE_ROWS))
    if end > _PAGE_ROWS:
        sheet.break_before(second - 1, third - 1)  # the blank rows above: a chart's edge reaches over its row


# -- the charts and their tables ----------------------------------------------------------------------------------------------


def _draw_scores(
    sheet: Sheet, row: int, tints: Mapping[str, Tint], overview: Sheet, spreads: tuple[Spread, Spread]
) -> int:
    """How many projects have each grade, and how their scores spread; the numbers stand on 概览."""
    sheet.write(row, 0, "一、评价等级和得分分布", "heading")
    grades, scores = spreads
    looks = (
        ("评价等级分布（项目数）", grades, 0, [_GRADE_BARS.get(tint, _GREY_BAR) for tint in tints.values()]),
        ("得分分布（项目数）", scores, _COL, [_BLUE_BAR] * len(SCORE_BANDS) + [_GREY_BAR] * 2),
    )
    height = 0
    for title, spread, col, colours in looks:
        points = [{"fill": {"color": colour}} for colour in colours]
        series = {"gap": 80, "points": points, "data_labels": {"value": True, "font": _font(9)}}
        rows = (spread.first, spread.last)
        height = _draw_chart(sheet, row + 1, "column", title, rows, 1, series, number_format="0", at=col, data=overview)
    return row + 1 + height + 1


def _draw_execution(sheet: Sheet, row: int, projects: Table[ResultEntry], groups: Groups, total: str) -> int:
    """The execution rate and the mean score of each department or unit, the lowest rate first."""
    first = _write_heading(
        sheet, row, f"二、各{groups.kind}预算执行率", (groups.kind, "项目数", EXECUTION_RATE, "平均得分")
    )
    rates = {group.total: projects.number(group.total, Measure.EXECUTION_RATE) for group in groups.members}
    known = sum(rate is not None for rate in rates.values())
    ordered = sorted(groups.members, key=lambda g: (rates[g.total] is None, rates[g.total] or 0))
    for i, group in enumerate(ordered, first):
        sheet.write(i, 0, _shorten(group.name), _NAME)
        sheet.formula(i, 1, projects.count_group(group.total), "text_center", len(group.rows))
        for col, key, style in ((2, Measure.EXECUTION_RATE, _SHARE), (3, total, _POINTS)):
            number = projects.number(group.total, key)
            if number is None:
                sheet.write(i, col, None, style)
            else:
                sheet.formula(i, col, f"={projects.cells(key, group.total)}", style, number)
    last = first + len(ordered) - 1
    bars = min(known, MOST_BARS)
    if not bars:
        return last + 2
    title = f"预算执行率最低的{bars}个{groups.kind}" if known > MOST_BARS else f"各{groups.kind}预算执行率"
    series = {"gap": 60, "fill": {"color": _BLUE_BAR}, "data_labels": {"value": True, "font": _font(9)}}
    shown = (first, first + bars - 1)
    height = _draw_chart(
        sheet, row, "bar", title, shown, 2, series, number_format="0%", pixels=max(_HEIGHT, 110 + 24 * bars)
    )
    return max(last, row + height) + 2


def _draw_lost_points(
    sheet: Sheet,
    row: int,
    result: ReviewResult,
    projects: Table[ResultEntry],
    indicators: Table[IndicatorEntry],
    indicator_rows: Mapping[str, Iterable[int]],
) -> int:
    """Points lost per dimension: in all, per project, and as a share of the weight."""
    headers = ("一级指标", "项目数", "权重合计", "失分合计", "平均失分", "失分占权重")
    basis = "（按程序计算的得分）" if is_reviewed(result) else ""
    basis += f"（不含{PENDING}的项目）" if any(not p.grade for p in result.projects) else ""
    first = _write_heading(sheet, row, f"三、各一级指标失分{basis}", headers)
    keys = {EXECUTION: "execution_score"} if any(p.execution_weight for p in result.projects) else {}
    keys |= {name: points_key(name) for name in list_dimensions(result)}
    dimension = indicators.all("dimension")
    for i, (name, key) in enumerate(keys.items(), first):
        rows = [r for r in indicator_rows.get(name, ()) if indicators.number(r, "lost") is not None]
        lost = sum(indicators.number(r, "lost") or 0 for r in rows)
        weight = sum(indicators.number(r, "weight") or 0 for r in rows)
        count = sum(bool(p.grade) and _points_of(p, name) is not None for p in result.projects)
        name_cell, count_cell, weight_cell, lost_cell = (address(i, col) for col in range(4))
        same = f"{dimension},{name_cell}"
        weights = f'=SUMIFS({indicators.all("weight")},{same},{indicators.all("lost")},"<{_ANY_NUMBER}")'
        counted = f'=COUNTIFS({projects.all("number")},">0",{projects.all(key)},">=0")'
        sheet.write(i, 0, cut_text(name), _NAME)
        sheet.formula(i, 1, counted, "text_center", count)
        sheet.formula(i, 2, weights, _POINTS, weight)
        sheet.formula(i, 3, f"=SUMIFS({indicators.all('lost')},{same})", _POINTS, lost)
        sheet.formula(i, 4, f'=IF({count_cell}=0,"",{lost_cell}/{count_cell})', _POINTS, lost / count if count else "")
        sheet.formula(
            i, 5, f'=IF({weight_cell}=0,"",{lost_cell}/{weight_cell})', _SHARE, lost / weight if weight else ""
        )
    last = first + len(keys) - 1
    if not keys:
        return last + 2
    series = {"gap": 80, "fill": {"color": _ORANGE_BAR}, "data_labels": {"value": True, "font": _font(9)}}
    height = _draw_chart(sheet, row, "column", "平均每个项目失分（分）", (first, last), 4, series, number_format="0.00")
    return max(last, row + height) + 2


def _points_of(project: ProjectRow, name: str) -> float | None:
    return project.execution_score if name == EXECUTION else project.scores.get(name)


# -- drawing ----------------------------------------------------------------------------------------------------------


def _write_heading(sheet: Sheet, row: int, text: str, headers: Sequence[str]) -> int:
    """Heading and header row of a table; returns its first row."""
    sheet.write(row, 0, text, "heading")
    return write_rows(sheet, row + 1, 0, [headers], ("header",) * len(headers))


def _shorten(name: str) -> str:
    """A name that leaves room for the bars beside it."""
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _font(size: float, **more: Any) -> dict[str, Any]:
    return {"name": CHART_FONT, "size": size, "color": INK, "bold": False, **more}


def _draw_chart(
    sheet: Sheet,
    row: int,
    kind: str,
    title: str,
    rows: tuple[int, int],
    col: int,
    series: Mapping[str, Any],
    *,
    number_format: str,
    pixels: int = _HEIGHT,
    at: int = _COL,
    data: Sheet | None = None,
) -> int:
    """One chart of column ``col`` over the names in column A (of ``data``); returns how many rows it is high."""
    chart = sheet.book.chart(kind)
    first, last = rows
    names, values = ([(data or sheet).title, first, c, last, c] for c in (0, col))
    lying = kind == "bar"
    named = {"num_font": _font(9), "line": {"color": _PALE}, "major_tick_mark": "none", "reverse": lying}
    measured = {"num_font": _font(9, color=GREY), "num_format": number_format, "min": 0, "visible": not lying}
    measured |= {
        "line": {"none": True},
        "major_gridlines": {"visible": not lying, "line": {"color": _PALE, "width": 0.5}},
    }
    with strict(f"图表“{title}”"):
        chart.add_series({"name": title, "categories": names, "values": values, **series})
        chart.set_title({"name": title, "name_font": _font(12), "overlay": False})
        chart.set_legend({"none": True})
        # XlsxWriter's x axis is the horizontal one, also where the bars lie.
        (chart.set_y_axis if lying else chart.set_x_axis)(named)
        (chart.set_x_axis if lying else chart.set_y_axis)(measured)
        chart.set_chartarea({"border": {"color": _PALE}})
    sheet.chart(row, at, chart, _WIDTH, pixels, title)
    return ceil(pixels / _ROW_PIXELS)
