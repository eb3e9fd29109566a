"""Our reports beside the eight published ones: headings, shapes of tables, merged cells, and every printed cell.

The published figures are in golden/reports.json. The reports come from the whole flow: project list, filled workbooks,
review, report. Where a cell differs, a recorded mistake of the published report must say why (golden/anomalies.json);
an explanation that explains nothing fails too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.table import Table
from locations import GOLDEN
from made_demo import show_demo

from workbook_tools.core.model import FundingSource

PUBLISHED: dict[str, dict[str, Any]] = json.loads((GOLDEN / "reports.json").read_text("utf-8"))
ANOMALIES = {row["id"]: row for row in json.loads((GOLDEN / "anomalies.json").read_text("utf-8"))}
QUWO = tuple(code for code in PUBLISHED if code.startswith("QW"))
ZHANGYE = tuple(code for code in PUBLISHED if code.startswith("ZY"))

SOURCES = tuple(source.label for source in FundingSource)
NOTHING_RECEIVED = ("中央级", "省级", "市级", "上年结转资金", "其他资金")
RATES = ("预算到位率", "预算执行率")
TOTALS = ("年度总金额", "财政资金小计")
SHORT = ("二级指标", "三级指标", "权重", "目标值", "业绩值", "得分")
LONG = ("一级指标", "二级指标", "目标指标", "权重", "目标值", "业绩值", "完成率", "指标得分", "偏差原因分析及改进措施")
VALUES = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值")
POINTS = ("一级指标", "二级指标", "三级指标", "分值", "得分", "未完成原因及改进措施")
FILLED = "（已填）"
"""Stands for a reason: the example tells them in other words."""


class Cell(NamedTuple):
    """A place in a report: table, row (its first telling words) and column."""

    table: str
    row: str
    column: str


class Why(NamedTuple):
    """A recorded mistake, and the cells of ours that differ because of it."""

    anomaly: str
    tables: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    def cells(self) -> set[Cell]:
        return {Cell(*place) for place in product(self.tables, self.rows, self.columns)}


def _targets(anomaly: str, **rows: tuple[str, ...]) -> list[Why]:
    """Targets printed without a sign, as numbers: ours say ≥ or ≤, as approved."""
    return [Why(anomaly, (table, "附件1"), names, ("目标值",)) for table, names in rows.items()]


EXPLAINED: dict[str, list[Why]] = {
    "QW2021-001": [
        Why("quwo-zhichao-03", ("资金",), RATES, NOTHING_RECEIVED),
        *_targets("quwo-zhichao-06", 产出=("科技治超系统套数", "成本总控制"), 满意度=("企业满意度（%）",)),
    ],
    "QW2021-002": [
        Why("quwo-zhihuijiaotong-03", ("资金",), RATES, NOTHING_RECEIVED),
        *_targets(
            "quwo-zhihuijiaotong-05",
            产出=("监控建设规模", "数据质控合格率", "24小时抓拍违法行为", "成本总控制"),
            满意度=("群众满意度（%）",),
        ),
    ],
    "QW2021-003": [
        Why("quwo-jingwutong-03", ("资金",), RATES, NOTHING_RECEIVED),
        *_targets(
            "quwo-jingwutong-06",
            产出=("通信服务数量", "通信服务合格率（%）", "服务完成及时率（%）", "通信服务成本控制数"),
            满意度=("使用人员满意度",),
        ),
        # Scored 0 although met, because no completion was stated: ours leaves the score blank, the total is the same.
        Why("quwo-jingwutong-07", ("效益",), ("通信服务管理水平",), ("得分",)),
        Why("quwo-jingwutong-07", ("附件1",), ("通信服务管理水平",), ("指标得分",)),
        Why("quwo-jingwutong-10", ("效益",), ("通信服务使用年限",), ("得分",)),
        Why("quwo-jingwutong-10", ("附件1",), ("通信服务使用年限",), ("指标得分",)),
    ],
    "QW2021-004": [
        Why("quwo-zhihuijianguan-03", ("资金",), RATES, NOTHING_RECEIVED),
        *(
            Why(f"quwo-zhihuijianguan-{number:02}", ("资金",), (row,), TOTALS)
            for number, row in (
                (8, "年初预算资金"),
                (9, "全年预算资金"),
                (10, "实际到位资金"),
                (11, "全年执行资金"),
                (12, "资金结余"),
                (13, "预算到位率"),
                (14, "预算执行率"),
            )
        ),
        Why("quwo-zhihuijianguan-15", ("执行",), ("预算执行率",), ("业绩值",)),
        Why("quwo-zhihuijianguan-15", ("附件1",), ("预算执行率",), ("业绩值", "完成率")),
        *_targets(
            "quwo-zhihuijianguan-07",
            产出=("新建（购）应用系统与平台数量", "新建（购）系统验收通过率", "平台建设成本"),
            效益=("系统安全等级达标率", "系统功能模块使用率"),
            满意度=("平台服务对象满意度",),
        ),
    ],
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Docx]:
    """Every project's report of the demo, by the project's code."""
    made = show_demo()
    return {path.name.split("_")[0]: Document(str(path)) for path in made.reports if "_" in path.name}


# -- what is printed --------------------------------------------------------------------------------------------------


def texts(table: Table) -> list[list[str]]:
    return [["".join(cell.text.split()) for cell in row.cells] for row in table.rows]


def continued(table: Table) -> list[tuple[bool, ...]]:
    """Which of the first two cells of each row continue the cell above."""
    rows = [[cell.find("./{*}tcPr/{*}vMerge") for cell in row._tr.tc_lst[:2]] for row in table.rows]
    return [tuple(mark is not None and mark.val == "continue" for mark in row) for row in rows]


def printed(value: str | None) -> str:
    """Ways to write one thing: 100.00% is 100%, and brackets of either width are brackets."""
    text = re.sub(r"(\d)\.0+%", r"\1%", value or "")
    return text.replace(" ", "").replace("(", "（").replace(")", "）")


def published_funding(report: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Row → column → text. The published form says % in the row's label, ours in the cell; a balance of 0 where
    nothing came in is nothing."""
    rows = {}
    for measure, (label, _) in report["funding_rows"].items():
        values = dict(zip(SOURCES, report["funding"][measure], strict=True))
        if measure.endswith("_rate"):
            values = {source: f"{value}%" for source, value in values.items()}
        if measure == "balance":
            nothing = [s for s, came in zip(SOURCES, report["funding"]["received"], strict=True) if came is None]
            values = {s: None if s in nothing and value == "0" else value for s, value in values.items()}
        rows[label.removesuffix("(%)")] = {source: printed(value) for source, value in values.items()}
    return rows


def published_rows(report: dict[str, Any], columns: tuple[str, ...], dimension: str = "") -> dict[str, dict[str, str]]:
    """Indicator → column → text."""
    found, first, second = {}, "", ""
    for level1, level2, name, weight, target, actual, completion, score, reason in report["indicators"]:
        first, second = level1 or first, level2 or second
        cells = {
            "一级指标": first, "二级指标": second, "三级指标": name, "目标指标": name, "权重": weight, "分值": weight,
            "目标值": target, "年度指标值": target, "业绩值": actual, "实际完成值": actual, "完成率": completion,
            "得分": score, "指标得分": score, "偏差原因分析及改进措施": FILLED if reason else "",
            "未完成原因及改进措施": FILLED if reason else "",
        }  # fmt: skip
        if first.startswith(dimension):
            found[printed(name)] = {column: printed(cells[column]) for column in columns}
    return found


def our_rows(table: Table, columns: tuple[str, ...], name: str) -> dict[str, dict[str, str]]:
    head, *rows = texts(table)
    assert tuple(head) == columns
    named = [dict(zip(columns, map(printed, row), strict=True)) for row in rows]
    for row in named:
        row |= {column: FILLED for column in columns if "原因" in column and row[column]}
    return {row[name]: row for row in named}


def differences(
    table: str, ours: dict[str, dict[str, str]], theirs: dict[str, dict[str, str]]
) -> Iterator[tuple[Cell, str, str]]:
    assert list(ours) == list(theirs)
    for row, cells in theirs.items():
        for column, text in cells.items():
            if ours[row][column] != text:
                yield Cell(table, row, column), text, ours[row][column]


# -- 曲沃 -------------------------------------------------------------------------------------------------------------


def quwo_differences(report: Docx, published: dict[str, Any]) -> Iterator[tuple[Cell, str, str]]:
    funding, *results, attached = report.tables
    rows = {row[0]: dict(zip(SOURCES, row[2:], strict=True)) for row in texts(funding)[2:]}
    theirs = published_funding(published)
    yield from differences("资金", rows, {row: theirs[row] for row in rows})
    for table, (name, dimension) in zip(
        results, (("执行", "预算"), ("产出", "产出"), ("效益", "效益"), ("满意度", "满意")), strict=True
    ):
        yield from differences(name, our_rows(table, SHORT, "三级指标"), published_rows(published, SHORT, dimension))
    yield from differences("附件1", our_rows(attached, LONG, "目标指标"), published_rows(published, LONG))


@pytest.mark.parametrize("code", QUWO)
def test_every_printed_cell_is_in_our_report_or_a_recorded_mistake_says_why_not(
    code: str, reports: dict[str, Docx]
) -> None:
    found = {place: (theirs, ours) for place, theirs, ours in quwo_differences(reports[code], PUBLISHED[code])}
    explained = set().union(*(why.cells() for why in EXPLAINED[code]))
    assert {place: texts for place, texts in found.items() if place not in explained} == {}
    assert explained - set(found) == set(), "explains no difference"
    assert {why.anomaly for why in EXPLAINED[code]} <= {name for name, a in ANOMALIES.items() if a["code"] == code}


@pytest.mark.parametrize("code", QUWO)
def test_the_funding_table_has_the_published_shape(code: str, reports: dict[str, Docx]) -> None:
    table = reports[code].tables[0]
    assert texts(table)[0] == [
        "项目",
        "行次",
        "年度总金额(万元)",
        *["财政资金"] * 5,
        "上年结转资金(万元)",
        "其他资金(万元)",
    ]
    assert texts(table)[1][3:8] == ["小计", "中央级", "省级", "市级", "县区级"]
    lines = {label.removesuffix("(%)"): line for label, line in PUBLISHED[code]["funding_rows"].values()}
    assert [row[:2] for row in texts(table)[2:]] == sorted(map(list, lines.items()), key=lambda row: row[1])
    spans = [[cell.grid_span for cell in row._tr.tc_lst] for row in table.rows]
    assert spans == [[1, 1, 1, 5, 1, 1], *[[1] * 10] * 8]
    assert [cell.vMerge for cell in table.rows[0]._tr.tc_lst] == ["restart"] * 3 + [None] + ["restart"] * 2


@pytest.mark.parametrize("code", QUWO)
def test_the_attached_table_merges_the_cells_that_the_published_one_merges(code: str, reports: dict[str, Docx]) -> None:
    rows = PUBLISHED[code]["indicators"]
    assert continued(reports[code].tables[-1]) == [(False, False), *((not row[0], not row[1]) for row in rows)]


def test_published_rows_out_of_order_are_a_recorded_mistake() -> None:
    order = {code: [line for _, line in PUBLISHED[code]["funding_rows"].values()] for code in QUWO}
    out_of_order = {code for code, lines in order.items() if lines != sorted(lines)}
    assert out_of_order == {a["code"] for a in ANOMALIES.values() if a["kind"] == "row_order"}


# -- 张掖 -------------------------------------------------------------------------------------------------------------


def test_the_zhangye_tables_hold_every_printed_cell(reports: dict[str, Docx]) -> None:
    values, points = reports["ZY2023-001"].tables
    published = PUBLISHED["ZY2023-001"]
    found = [
        *differences("指标值", our_rows(values, VALUES, "三级指标"), published_rows(published, VALUES)),
        *differences("得分", our_rows(points, POINTS, "三级指标"), published_rows(published, POINTS)),
    ]
    # The same target, with its sign and its unit as the project list holds them.
    assert found == [(Cell("指标值", "项目总支出", "年度指标值"), "等于5万", "＝5万元")]
    for table in (values, points):
        assert continued(table) == [(False, False), *((not row[0], not row[1]) for row in published["indicators"])]


@pytest.mark.parametrize("code", ZHANGYE)
def test_the_money_and_the_rates_of_the_text_are_in_our_report(code: str, reports: dict[str, Docx]) -> None:
    published = PUBLISHED[code]
    (sentence,) = (p.text for p in reports[code].paragraphs if p.text.startswith("本项目全年预算资金"))
    money = published["funding"]
    assert f"全年预算资金{money['annual']}万元，实际到位资金{money['received']}万元，" in sentence
    executed = f"{money['executed']}万元" if money["executed"] else None
    missing = {a["kind"] for a in ANOMALIES.values() if a["code"] == code}
    assert f"全年执行资金{executed or '（未填写）万元'}" in sentence
    assert (executed is None) == ("execution_figure_missing" in missing)
    arrival, execution = published["rates"]
    assert f"预算到位率{arrival or '100%'}；" in sentence
    assert sentence.endswith(f"预算执行率{execution or ('100%' if executed else '（无法计算）')}。")


# -- both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PUBLISHED)
def test_every_heading_is_there_in_its_order(code: str, reports: dict[str, Docx]) -> None:
    """A heading may be followed by the text in the same line, and be preceded by its number."""
    rest = iter(p.text for p in reports[code].paragraphs if p._p.find("{*}hyperlink") is None)
    missing = [
        heading
        for heading in PUBLISHED[code]["headings"].values()
        if heading and not any(re.match(rf"[\W\d一二三四五六七八九]*(附件2\.)?{heading}", text) for text in rest)
    ]
    assert missing == []


@pytest.mark.parametrize("code", PUBLISHED)
def test_the_stated_total_and_grade_are_in_our_report_or_a_recorded_mistake_says_why_not(
    code: str, reports: dict[str, Docx]
) -> None:
    published = PUBLISHED[code]
    text = "\n".join(p.text for p in reports[code].paragraphs)
    kinds = {a["kind"] for a in ANOMALIES.values() if a["code"] == code}
    stated = bool(published["total"]) and f"总得分{published['total']}分" in text
    assert stated or kinds & {"indicator_table_missing", "score_total_missing"}
    assert not published["grade"] or f"“{published['grade']}”" in text
