"""The project list: each mistake is found in its cell, the clean list is clean, what is written reads back the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from workbook_tools.core.codes import CODES, Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import (
    LEAF_SOURCES,
    Answers,
    Direction,
    FundingSource,
    Indicator,
    IndicatorAnswer,
    Project,
    ProjectList,
)
from workbook_tools.core.names import Aliases
from workbook_tools.excel.writing import Book
from workbook_tools.projects import project_list_workbook, projects_json_schema, read_projects
from workbook_tools.projects.columns import INDICATOR_COLUMNS, PROJECT_COLUMNS
from workbook_tools.projects.rows import BLANK_ROWS
from workbook_tools.rules.scheme import Scheme, StepRule, Weights, builtin_schemes, load_scheme

YEAR = 2023
MOF = load_scheme("mof-2020")

PROJECTS = """
| 项目编码* | 项目名称* | 主管部门* | 实施单位* | 评分方案 | 年初-县区（万元） | 全年-县区（万元） | 年度总体目标 |
| '0012'   | 储备粮轮换 | 发改局    | 粮食中心  |         | 120.5          | 130            | 完成轮换     |
| '0013'   | 公路养护   | 交通局    | 公路段    | quwo    | 80             | 80             |            |
"""
INDICATORS = """
| 项目编码* | 一级指标*  | 二级指标*     | 三级指标* | 权重（分） | 指标性质 | 目标值 | 计量单位 | 计分规则 |
| '0012'   | 产出指标   | 数量指标      | 轮换数量  | 40       | ≥      | 5000  | 吨      |        |
| '0012'   | 产出指标   | 成本指标      | 轮换成本  | 10       | ≤      | 120   | 万元    |        |
| '0012'   | 效益指标   | 社会效益指标   | 粮食安全  | 30       | 定性    | 有效   |         |        |
| '0012'   | 满意度指标 | 服务对象满意度 | 满意度   | 10       | ≥      | 95    | %       |        |
| '0013'   | 产出指标   | 数量指标      | 养护里程  | 50       | ＝     | 36.5  | 公里    |        |
| '0013'   | 效益指标   | 社会效益      | 通行时间  | 30       | ≤      | 40    | 分钟    |        |
| '0013'   | 满意度指标 | 服务对象满意度 | 满意度   | 10       | ≥      | 90    | %       |        |
"""


def cells(table: str) -> list[list[str | float | None]]:
    """A Markdown table as rows of values: figures are numbers, '0012' is a text, \\n a line break."""

    def value(text: str) -> str | float | None:
        text = text.strip().replace("\\n", "\n")
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            return float(text)
        return text.strip("'") or None

    return [[value(cell) for cell in line.strip().strip("|").split("|")] for line in table.strip().splitlines()]


def workbook(folder: Path, **sheets: str) -> Path:
    """A workbook with a sheet per Markdown table."""
    with Book() as book:
        for title, table in sheets.items():
            sheet = book.sheet(title)
            for row, line in enumerate(cells(table)):
                for col, value in enumerate(line):
                    if value is not None:
                        sheet.write(row, col, value)
    path = folder / "项目清单.xlsx"
    path.write_bytes(book.bytes())
    return path


def read(path: Path, scheme: Scheme = MOF) -> tuple[ProjectList, list[Finding]]:
    return read_projects(path, year=YEAR, default_scheme=scheme, load=load_scheme)


def read_tables(
    folder: Path, projects: str, indicators: str, scheme: Scheme = MOF, **aliases: str
) -> tuple[ProjectList, list[Finding]]:
    path = workbook(folder, 项目=projects, 指标=indicators)
    return read_projects(path, year=YEAR, default_scheme=scheme, load=load_scheme, aliases=Aliases(aliases))


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(f.code, f"{f.sheet}!{f.cell}" if f.sheet else f.cell) for f in findings]


def changed(table: str, row: int, heading: str, value: str) -> str:
    """The table with one cell changed (row 2 is the first below the heading, as in Excel); its address is ours to know."""
    lines = [line.split("|") for line in table.strip().splitlines()]
    col = next(i for i, text in enumerate(lines[0]) if heading in text)
    lines[row - 1][col] = value
    return "\n".join("|".join(line) for line in lines)


def without(table: str, heading: str) -> str:
    lines = [line.split("|") for line in table.strip().splitlines()]
    col = next(i for i, text in enumerate(lines[0]) if heading in text)
    return "\n".join("|".join(line[:col] + line[col + 1 :]) for line in lines)


def row_of(table: str, *values: str) -> str:
    return f"{table.strip()}\n| {' | '.join(values)} |"


def test_the_clean_list_has_no_findings(tmp_path: Path) -> None:
    listed, findings = read_tables(tmp_path, PROJECTS, INDICATORS)
    assert findings == []
    grain, road = listed.projects
    assert grain == Project(
        code="0012",
        name="储备粮轮换",
        department="发改局",
        unit="粮食中心",
        year=YEAR,
        annual_goal="完成轮换",
        initial_budget={FundingSource.COUNTY: 120.5},
        annual_budget={FundingSource.COUNTY: 130},
        indicators=grain.indicators,
    )
    assert road.scheme == "quwo"
    assert [(i.name, i.weight, i.direction, i.target, i.unit) for i in grain.indicators] == [
        ("轮换数量", 40, Direction.AT_LEAST, 5000, "吨"),
        ("轮换成本", 10, Direction.AT_MOST, 120, "万元"),
        ("粮食安全", 30, Direction.QUALITATIVE, "有效", ""),
        ("满意度", 10, Direction.AT_LEAST, 95, "%"),
    ]
    assert (listed.year, listed.scheme) == (YEAR, "mof-2020")


P, Q = PROJECTS, INDICATORS
IN_YUAN = changed(
    changed(changed(changed(P, 2, "年初", "1205000"), 2, "全年", "1300000"), 3, "年初", "800000"), 3, "全年", "800000"
)
MISTAKES = {
    "LIST51 a code with a blank without width": (P.replace("'0013'", "'00\u200b13'"), Q.replace("'0013'", "'00\u200b13'"), [("LIST51", "项目!A3")]),
    "LIST01 no column": (without(P, "主管部门"), Q, [("LIST01", "项目!A1")]),
    "LIST02 no name": (changed(P, 2, "项目名称", " "), Q, [("LIST02", "项目!B2")]),
    "LIST03 codes that differ in width alone": (
        row_of(P, "'００１２'", "另一项目", "发改局", "粮食中心", "", "1", "1", ""), Q, [("LIST03", "项目!A4"), ("LIST09", "项目!A4")],
    ),
    "LIST03 equal codes": (
        row_of(P, "'0012'", "另一项目", "发改局", "粮食中心", "", "1", "1", ""), Q, [("LIST03", "项目!A4")],
    ),
    "LIST04 no number": (changed(P, 3, "年初", "八十"), Q, [("LIST04", "项目!F3")]),
    "LIST05 weights": (P, changed(Q, 2, "权重", "41"), [("LIST05", "指标!E2"), ("LIST06", "指标!E2")]),
    "LIST06 dimension": (
        P, changed(changed(Q, 3, "权重", "15"), 4, "权重", "25"), [("LIST06", "指标!E2"), ("LIST06", "指标!E4")],
    ),
    "LIST07 direction": (P, changed(Q, 2, "指标性质", "正向"), [("LIST07", "指标!F2")]),
    "LIST08 unknown project": (
        P, row_of(Q, "'0099'", "产出指标", "数量指标", "次数", "1", "≥", "1", "次", ""), [("LIST08", "指标!A9")],
    ),
    "LIST09 no indicators": (
        row_of(P, "'0014'", "新项目", "发改局", "粮食中心", "", "1", "1", ""), Q, [("LIST09", "项目!A4")],
    ),
    "LIST10 unknown dimension": (P, changed(Q, 4, "一级指标", "效果指标"), [("LIST10", "指标!B4")]),
    "LIST11 target typed whole": (
        P, changed(changed(changed(Q, 5, "目标值", "≥ 9５％"), 5, "计量单位", ""), 5, "指标性质", ""), [("LIST11", "指标!G5")],
    ),
    "LIST12 unknown scheme": (changed(P, 3, "评分方案", "太原"), Q, [("LIST12", "项目!E3")]),
    "LIST41 nothing to happen": (
        P, changed(changed(changed(Q, 2, "目标值", "0"), 2, "指标性质", ""), 2, "三级指标", "事故起数"), [("LIST41", "指标!F2")],
    ),
    "LIST13 no target": (P, changed(Q, 2, "目标值", ""), [("LIST13", "指标!G2")]),
    "LIST14 no unit": (P, changed(Q, 2, "计量单位", ""), [("LIST14", "指标!H2")]),
    "LIST16 negative": (changed(P, 2, "全年", "-130"), Q, [("LIST16", "项目!G2")]),
    "LIST17 unknown rule": (P, changed(Q, 2, "计分规则", "每少一吨扣一分"), [("LIST17", "指标!I2")]),
    "LIST19 budget in yuan": (changed(P, 2, "全年", "1300000"), Q, [("LIST19", "项目!G2")]),
    "LIST31 the whole list in yuan": (
        row_of(IN_YUAN, "'0014'", "新项目", "发改局", "粮食中心", "", "60000", "60000", ""), Q, [("LIST31", ""), ("LIST09", "项目!A4")],
    ),
    "LIST21 one department in two ways": (
        row_of(P, "'0014'", "新项目", "县发改局", "粮食中心", "", "1", "1", ""), Q, [("LIST09", "项目!A4"), ("LIST21", "项目!C2")],
    ),
    "LIST20 cost in yuan": (P, changed(Q, 3, "目标值", "1200000"), [("LIST20", "指标!G3")]),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_found_in_its_cell_and_nothing_else(tmp_path: Path, name: str) -> None:
    projects, indicators, expected = MISTAKES[name]
    _, findings = read_tables(tmp_path, projects, indicators)
    assert places(findings) == expected
    assert {f.file for f in findings} == {"项目清单.xlsx"}


def test_names_are_compared_within_their_column_and_the_less_usual_one_is_asked_about(tmp_path: Path) -> None:
    projects = changed(P, 3, "主管部门", "县发改局")
    projects = row_of(projects, "'0014'", "三", "县发改局", "县粮食中心", "", "1", "1", "")
    projects = row_of(projects, "'0015'", "四", "县发改局", "发改局", "", "1", "1", "")
    _, findings = read_tables(tmp_path, projects, Q)
    alike = [(f.code, f"{f.sheet}!{f.cell}", f.found, f.expected) for f in findings if f.code == "LIST21"]
    assert alike == [
        ("LIST21", "项目!C2", "发改局", "县发改局"),
        ("LIST21", "项目!D2", "粮食中心", "县粮食中心"),
    ]


def test_an_alias_makes_one_department_of_two(tmp_path: Path) -> None:
    projects = row_of(P, "'0014'", "三", "县发改局", "县 粮食中心", "", "1", "1", "")
    listed, findings = read_tables(tmp_path, projects, Q, 县发改局="发改局", 县粮食中心="粮食中心")
    assert [(p.department, p.unit) for p in listed.projects if p.code != "0013"] == [("发改局", "粮食中心")] * 2
    assert [f.code for f in findings] == ["LIST09"]


def test_an_alias_of_a_name_that_the_list_has_not_is_refused(tmp_path: Path) -> None:
    _, findings = read_tables(tmp_path, P, Q, 县发改局="发改委")
    assert [(f.code, f.field, f.found, f.project_code) for f in findings] == [
        ("LIST22", "wbt.toml [aliases] 县发改局", "发改委", "")
    ]


FOUND_WHEN_GENERATING = {"LIST18"}


def test_every_code_of_the_family_has_a_list_that_triggers_it() -> None:
    tried = {name.split()[0] for name in MISTAKES} | {"LIST15", "LIST22"}
    assert tried == {code for code, entry in CODES.items() if entry.family is Family.LIST} - FOUND_WHEN_GENERATING


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "空.xlsx"),
        (b"PK\x03\x04 half", "断.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.xls"),
        (b"a,b", "表.csv"),
    ],
)
def test_a_file_that_is_no_workbook_is_one_finding(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    listed, findings = read(path)
    assert (listed.projects, places(findings), findings[0].file) == ((), [("LIST15", "")], name)


@pytest.mark.parametrize("name", ["没有.xlsx", "没有.json"])
def test_a_file_that_is_not_there_is_one_finding(tmp_path: Path, name: str) -> None:
    assert places(read(tmp_path / name)[1]) == [("LIST15", "")]


def test_every_mistake_of_a_list_is_reported_at_once_with_its_project(tmp_path: Path) -> None:
    projects = changed(changed(changed(P, 2, "项目名称", ""), 2, "年初", "x"), 3, "评分方案", "nope")
    indicators = changed(changed(changed(Q, 2, "目标值", ""), 6, "权重", "五十"), 7, "三级指标", "")
    listed, findings = read_tables(tmp_path, projects, indicators)
    assert [(f.code, f.cell, f.project_code, f.field) for f in findings] == [
        ("LIST02", "B2", "0012", "项目名称"),
        ("LIST04", "F2", "0012", "年初-县区"),
        ("LIST12", "E3", "0013", "0013 公路养护，评分方案"),
        ("LIST13", "G2", "0012", "目标值"),
        ("LIST04", "E6", "0013", "0013 公路养护，权重"),
        ("LIST02", "D7", "0013", "0013 公路养护，三级指标"),
    ]
    assert listed.projects == ()


def test_of_a_code_that_stands_twice_no_name_is_guessed(tmp_path: Path) -> None:
    _, findings = read_tables(tmp_path, changed(P, 3, "项目编码", "'0012'"), changed(Q, 2, "目标值", ""))
    assert {f.field for f in findings if f.code == "LIST13"} == {"目标值"}


def test_a_mistake_that_can_be_carried_leaves_the_project_in(tmp_path: Path) -> None:
    listed, findings = read_tables(tmp_path, changed(P, 2, "年初", "一百"), Q)
    assert [p.code for p in listed.projects] == ["0012", "0013"]
    assert listed.projects[0].initial_budget == {}
    assert findings[0].severity is Severity.ERROR


# -- sheets and headings ------------------------------------------------------------------------------------


def test_columns_are_found_under_titles_in_any_order_and_spelling(tmp_path: Path) -> None:
    projects = """
    | 2023年度项目清单 |
    |      |          |           |           |        | 单位：万元 |
    | 序号 | 实施单位（必填） | 主 管 部 门 | 项目名称＊ | 备注   | 项目\\n编码* | 年初-县区级(万元) | 全年预算—中央 |
    | 1   | 粮食中心       | 发改局     | 储备粮轮换 | 无     | '0012'    | 120.5          | 7           |
    """
    indicators = (
        without(Q, "计分规则").replace("目标值", "年度指标值").replace("权重（分）", "权 重(分)").split("\n| '0013'")[0]
    )
    listed, findings = read(workbook(tmp_path, 封面="| 项目清单 |", 项目清单=projects, 指标表=indicators))
    assert findings == []
    (project,) = listed.projects
    assert (project.code, project.unit) == ("0012", "粮食中心")
    assert (project.initial_budget, project.annual_budget) == (
        {FundingSource.COUNTY: 120.5},
        {FundingSource.CENTRAL: 7},
    )


def test_a_missing_sheet_is_one_finding_not_one_per_row(tmp_path: Path) -> None:
    assert places(read(workbook(tmp_path, 项目=P))[1]) == [("LIST01", "指标!")]
    listed, findings = read(workbook(tmp_path, 指标=Q))
    assert (listed.projects, places(findings)) == ((), [("LIST01", "项目!")])


def test_a_sheet_without_headings_is_one_finding(tmp_path: Path) -> None:
    assert places(read_tables(tmp_path, "| 甲 | 乙 |", Q)[1]) == [("LIST01", "项目!A1")]
    assert places(read_tables(tmp_path, "|  |", Q)[1]) == [("LIST01", "项目!A1")]


def test_amounts_in_another_unit_and_doubled_headings_are_not_guessed(tmp_path: Path) -> None:
    listed, findings = read_tables(tmp_path, P.replace("年初-县区（万元）", "年初-县区（元）"), Q)
    assert places(findings) == [("LIST01", "项目!F1")]
    assert listed.projects[0].initial_budget == {}
    assert places(read_tables(tmp_path, P.replace("年度总体目标", "项目名称"), Q)[1]) == [("LIST01", "项目!H1")]


def test_sums_remarks_and_blank_rows_are_skipped_only_without_a_code(tmp_path: Path) -> None:
    remarks = [
        ("", "", "", "", "", "", "", ""),
        ("合 计", "", "", "", "", "200.5", "210", ""),
        ("", "总计", "", "", "", "200.5", "210", ""),
        ("说明：金额以批复为准", "", "", "", "", "", "", ""),
    ]
    projects = P
    for remark in remarks:
        projects = row_of(projects, *remark)
    assert read_tables(tmp_path, projects, Q)[1] == []
    assert places(read_tables(tmp_path, row_of(P, "", "第三个", "发改局", "粮食中心", "", "", "", ""), Q)[1]) == [
        ("LIST02", "项目!A4")
    ]
    listed, findings = read_tables(tmp_path, row_of(P, "'0014'", "合计", "发改局", "粮食中心", "", "", "", ""), Q)
    assert (listed.projects[-1].name, places(findings)) == ("合计", [("LIST09", "项目!A4")])


# -- projects -----------------------------------------------------------------------------------------------


def test_codes_are_text(tmp_path: Path) -> None:
    projects = P.replace("'0013'", "12")
    listed, findings = read_tables(tmp_path, projects, Q.replace("'0013'", "12"))
    assert ([p.code for p in listed.projects], findings) == (["0012", "12"], [])


def test_a_code_that_lost_its_zeros_in_one_sheet_is_named(tmp_path: Path) -> None:
    findings = read_tables(tmp_path, P, Q.replace("'0013'", "13"))[1]
    assert places(findings) == [("LIST08", f"指标!A{row}") for row in (6, 7, 8)] + [("LIST09", "项目!A3")]
    assert {f.expected for f in findings[:3]} == {"0013"}


def test_a_number_too_long_for_excel_is_no_code(tmp_path: Path) -> None:
    long = "140001230000000012345"
    findings = read_tables(tmp_path, P.replace("'0013'", long), Q.replace("'0013'", long))[1]
    assert places(findings) == [("LIST16", "项目!A3")]
    listed, findings = read_tables(tmp_path, P.replace("'0013'", f"'{long}'"), Q.replace("'0013'", f"'{long}'"))
    assert (listed.projects[1].code, findings) == (long, [])


def test_two_equal_codes_stay_in_and_are_both_marked_by_the_code(tmp_path: Path) -> None:
    listed, findings = read_tables(tmp_path, P.replace("'0013'", "'0012'"), Q)
    assert [p.code for p in listed.projects] == ["0012", "0012"]
    assert places(findings) == [("LIST03", "项目!A3")] + [("LIST08", f"指标!A{row}") for row in (6, 7, 8)]
    assert findings[0].project_code == "0012"


def test_names_may_be_long_and_hold_what_windows_forbids_in_file_names(tmp_path: Path) -> None:
    for name in ("长" * 200, '治超<A>:"B"/C\\D?*', "𠮷野家😀 & Söhne"):
        listed, findings = read_tables(tmp_path, changed(P, 2, "项目名称", name), Q)
        assert (listed.projects[0].name, findings) == (name, [])


def test_line_breaks_go_from_names_and_stay_in_goals(tmp_path: Path) -> None:
    projects = changed(changed(P, 2, "项目名称", "储备粮\\n轮换"), 2, "年度总体目标", "一、轮换\\n二、安全")
    project = read_tables(tmp_path, projects, Q)[0].projects[0]
    assert (project.name, project.annual_goal) == ("储备粮轮换", "一、轮换\n二、安全")


@pytest.mark.parametrize(
    ("typed", "amount", "codes"),
    [
        ("26万元", 26, ["LIST11"]),
        ("2600元", 0.26, ["LIST11"]),
        ("１２", 12, ["LIST11"]),
        ("'1,234.50'", 1234.5, ["LIST11"]),
        ("'80.5'", 80.5, []),
        ("0", 0, []),
        ("-", None, ["LIST11"]),
        ("约80", None, ["LIST04"]),
        ("80%", None, ["LIST04"]),
        ("≥80", None, ["LIST04"]),
        ("100000001", None, ["LIST16"]),
    ],
)
def test_amounts_as_people_type_them(tmp_path: Path, typed: str, amount: float | None, codes: list[str]) -> None:
    listed, findings = read_tables(tmp_path, changed(P, 2, "年初", typed), Q)
    assert places(findings) == [(code, "项目!F2") for code in codes]
    assert listed.projects[0].initial_budget == ({} if amount is None else {FundingSource.COUNTY: amount})


def test_a_single_total_column_is_taken_as_the_countys_and_said_so(tmp_path: Path) -> None:
    projects = P.replace("年初-县区（万元）", "年初预算（万元）")
    listed, findings = read_tables(tmp_path, projects, Q)
    assert places(findings) == [("LIST11", "项目!F2"), ("LIST11", "项目!F3")]
    assert listed.projects[0].initial_budget == {FundingSource.COUNTY: 120.5}


def test_a_total_beside_its_sources_is_not_used_and_said_so_where_it_differs(tmp_path: Path) -> None:
    projects = without(P, "年度总体目标").replace("评分方案", "年初预算").replace("quwo", "81")
    projects = changed(projects, 2, "年初预算", "120.5")
    listed, findings = read_tables(tmp_path, projects, Q)
    assert [(f.code, f.cell, f.found, f.expected) for f in findings] == [("LIST11", "E3", "81", "80")]
    assert listed.projects[1].initial_budget == {FundingSource.COUNTY: 80}


# -- indicators ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "target", "unit", "read_as", "found"),
    [
        ("≥", "≥95%", "", (Direction.AT_LEAST, 95, "%"), [("LIST11", "G5")]),
        ("", "不低于95%", "", (Direction.AT_LEAST, 95, "%"), [("LIST11", "G5")]),
        ("", "≤0.6万元", "", (Direction.AT_MOST, 0.6, "万元"), [("LIST11", "G5")]),
        ("", "控制在5%以内", "", (Direction.AT_MOST, 5, "%"), [("LIST11", "G5")]),
        ("", "低于3起", "", (Direction.AT_MOST, 3, "起"), [("LIST11", "G5")]),
        ("", "9月底前", "", (Direction.QUALITATIVE, "9月底前", ""), [("LIST11", "F5")]),
        ("", "0", "起", (Direction.AT_MOST, 0, "起"), [("LIST41", "F5")]),
        ("≥", "0", "起", (Direction.AT_LEAST, 0, "起"), []),
        ("", "≤0", "起", (Direction.AT_MOST, 0, "起"), [("LIST11", "G5")]),
        ("", "95", "%", (Direction.AT_LEAST, 95, "%"), [("LIST11", "G5")]),
        ("", "有效", "", (Direction.QUALITATIVE, "有效", ""), [("LIST11", "F5")]),
        ("", "", "", (Direction.AT_LEAST, None, ""), [("LIST13", "G5")]),
        (">=", "95", "％", (Direction.AT_LEAST, 95, "%"), [("LIST11", "G5")]),
        ("＝", "95%", "%", (Direction.EQUAL, 95, "%"), []),
        ("≥", "0.95", "%", (Direction.AT_LEAST, 95, "%"), [("LIST11", "G5")]),
        ("≥", "'0.95'", "%", (Direction.AT_LEAST, 95, "%"), [("LIST11", "G5")]),
        ("≥", "1", "%", (Direction.AT_LEAST, 100, "%"), [("LIST11", "G5")]),
        ("≤", "1", "%", (Direction.AT_MOST, 1, "%"), []),
        ("≤", "0.5%", "%", (Direction.AT_MOST, 0.5, "%"), []),
        ("≥", "0.95", "吨", (Direction.AT_LEAST, 0.95, "吨"), []),
        ("≤", "≥95%", "%", (Direction.AT_MOST, 95, "%"), [("LIST07", "G5"), ("LIST11", "G5")]),
        ("≥", "95%", "个", (Direction.AT_LEAST, 95, "个"), [("LIST07", "G5"), ("LIST11", "G5")]),
        ("≤", "6000元", "万元", (Direction.AT_MOST, 0.6, "万元"), [("LIST11", "G5")]),
        ("≥", "1-2次", "次", (Direction.AT_LEAST, "1-2次", "次"), [("LIST13", "G5")]),
        ("定性", "", "", (Direction.QUALITATIVE, None, ""), [("LIST13", "G5")]),
        ("定性", "100%", "", (Direction.QUALITATIVE, "100%", ""), [("LIST13", "G5")]),
        ("定性指标", "≥95%", "", (Direction.QUALITATIVE, "≥95%", ""), [("LIST07", "G5")]),
        ("大", "95", "%", (Direction.AT_LEAST, 95, "%"), [("LIST07", "F5")]),
        ("大", "有效", "", (Direction.AT_LEAST, "有效", ""), [("LIST07", "F5"), ("LIST13", "G5")]),
    ],
)
def test_targets_as_people_type_them(
    tmp_path: Path,
    direction: str,
    target: str,
    unit: str,
    read_as: tuple[Direction, float | str | None, str],
    found: list[tuple[str, str]],
) -> None:
    table = changed(changed(changed(Q, 5, "指标性质", direction), 5, "目标值", target), 5, "计量单位", unit)
    listed, findings = read_tables(tmp_path, P, table)
    indicator = listed.projects[0].indicators[-1]
    assert (indicator.direction, indicator.target, indicator.unit) == read_as
    assert [(f.code, f.cell) for f in findings] == found


def test_a_cost_target_without_a_sign_is_an_upper_limit(tmp_path: Path) -> None:
    listed, findings = read_tables(tmp_path, P, changed(Q, 3, "指标性质", ""))
    assert listed.projects[0].indicators[1].direction is Direction.AT_MOST
    assert places(findings) == [("LIST11", "指标!G3")]


def test_a_contradiction_quotes_both(tmp_path: Path) -> None:
    findings = read_tables(tmp_path, P, changed(Q, 5, "目标值", "≤95%"))[1]
    assert (findings[0].code, findings[0].found) == ("LIST07", "≥；≤95%")


def test_the_execution_rate_is_left_to_the_scheme(tmp_path: Path) -> None:
    table = row_of(Q, "'0012'", "预算执行指标", "预算执行指标", "预算执行率", "10", "≥", "100%", "", "")
    listed, findings = read_tables(tmp_path, P, table)
    assert places(findings) == [("LIST11", "指标!B9")]
    assert len(listed.projects[0].indicators) == 4


def test_indicators_follow_the_schemes_order_of_dimensions_and_take_its_names(tmp_path: Path) -> None:
    lines = Q.strip().splitlines()
    table = "\n".join([lines[0], lines[4], lines[3], lines[2], lines[1], *lines[5:]]).replace("产出指标", "产出")
    listed, findings = read_tables(tmp_path, P, table)
    assert findings == []
    assert [(i.dimension, i.name) for i in listed.projects[0].indicators] == [
        ("产出指标", "轮换成本"),
        ("产出指标", "轮换数量"),
        ("效益指标", "粮食安全"),
        ("满意度指标", "满意度"),
    ]


def test_weights_add_up_as_people_add_them(tmp_path: Path) -> None:
    """12.9 + 12.85 × 6 is 90, though not in binary."""
    lines = Q.strip().splitlines()
    rows = [lines[1].replace("| 40 ", f"| {weight} ") for weight in (12.9, *[12.85] * 6)]
    free = MOF.model_copy(update={"weights": Weights(norm="none")})
    projects = "\n".join(P.strip().splitlines()[:2])
    assert read_tables(tmp_path, projects, "\n".join([lines[0], *rows]), free)[1] == []
    rows[0] = rows[0].replace("12.9", "12.90001")
    assert places(read_tables(tmp_path, projects, "\n".join([lines[0], *rows]), free)[1]) == [("LIST05", "指标!E2")]


@pytest.mark.parametrize(("norm", "found"), [("exact", ["E2", "E4"]), ("principle", ["E2", "E4"]), ("none", [])])
def test_the_norm_per_dimension_is_the_schemes(tmp_path: Path, norm: str, found: list[str]) -> None:
    scheme = MOF.model_copy(update={"weights": Weights.model_validate({"norm": norm})})
    table = changed(changed(Q, 3, "权重", "15"), 4, "权重", "25")
    assert [f.cell for f in read_tables(tmp_path, P, table, scheme)[1]] == found


def test_a_dimension_without_indicators_is_against_the_norm(tmp_path: Path) -> None:
    table = changed(Q, 5, "一级指标", "效益指标")
    findings = read_tables(tmp_path, P, table)[1]
    assert [(f.code, f.cell, f.found) for f in findings] == [("LIST06", "E4", "40"), ("LIST06", "E2", "0")]


def test_a_rule_of_the_scheme_is_accepted(tmp_path: Path) -> None:
    scheme = MOF.model_copy(update={"steps": {"per_ton": StepRule(label="每少一吨扣一分", every=1, minus=1)}})
    listed, findings = read_tables(tmp_path, P, changed(Q, 2, "计分规则", "per_ton"), scheme)
    assert (listed.projects[0].indicators[0].rule, findings) == ("per_ton", [])


# -- JSON ---------------------------------------------------------------------------------------------------


def as_json(folder: Path, content: object, name: str = "项目清单.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def clean_json(folder: Path) -> dict[str, Any]:
    listed, _ = read_tables(folder, P, Q)
    data = json.loads(listed.model_dump_json())
    assert isinstance(data, dict)
    return data


def test_the_same_list_as_json_gives_the_same_projects(tmp_path: Path) -> None:
    listed, _ = read_tables(tmp_path, P, Q)
    again, findings = read(as_json(tmp_path, json.loads(listed.model_dump_json())))
    assert (again, findings) == (listed, [])


def test_the_rules_hold_for_json_with_places_in_words(tmp_path: Path) -> None:
    data = clean_json(tmp_path)
    first, second = data["projects"]
    first["indicators"][0]["weight"] = 41
    first["indicators"][1]["dimension"] = "效果"
    first["indicators"][3]["target"] = 0.95
    second["code"] = "0012"
    second["annual_budget"] = {"total": -1}
    second["scheme"] = "nope"
    _, findings = read(as_json(tmp_path, data))
    one, other = f"第1个项目“{first['name']}”", f"第2个项目“{second['name']}”"
    assert [(f.code, f.cell, f.field) for f in findings] == [
        ("LIST12", other, "评分方案"),
        ("LIST16", other, "全年-年度总金额"),
        ("LIST03", other, "项目编码"),
        ("LIST10", f"{one}第2个指标", "一级指标"),
    ]


def test_json_figures_are_exact(tmp_path: Path) -> None:
    data = clean_json(tmp_path)
    data["projects"][0]["indicators"][3]["target"] = 0.95
    listed, findings = read(as_json(tmp_path, data))
    assert (listed.projects[0].indicators[3].target, findings) == (0.95, [])


def test_a_project_that_does_not_follow_the_model_loses_only_itself(tmp_path: Path) -> None:
    data = clean_json(tmp_path)
    first = data["projects"][0]
    del first["unit"]
    first["annual_budget"] = {"county": "很多", "village": 3}
    first["indicators"][0] |= {"weight": "x", "direction": "up", "target": [1], "colour": "red"}
    first["name"] = 5
    listed, findings = read(as_json(tmp_path, data))
    assert [p.code for p in listed.projects] == ["0013"]
    assert {f.project_code for f in findings} == {"0012"}
    assert sorted(places(findings)) == [
        ("LIST02", "projects[0].unit"),
        ("LIST04", "projects[0].annual_budget.county"),
        ("LIST04", "projects[0].indicators[0].target"),
        ("LIST04", "projects[0].indicators[0].weight"),
        ("LIST07", "projects[0].indicators[0].direction"),
        ("LIST15", "projects[0].annual_budget.village"),
        ("LIST15", "projects[0].indicators[0].colour"),
        ("LIST15", "projects[0].name"),
    ]
    labels = {f.cell: f.field for f in findings}
    assert labels["projects[0].annual_budget.county"] == "全年-县区"
    assert labels["projects[0].indicators[0].weight"] == "权重"


@pytest.mark.parametrize(
    ("content", "cell"),
    [
        (b"{", ""),
        (b"[]", ""),
        ('{"year": 2023, "authority": "财政局"}'.encode("gbk"), ""),
        (b"[" * 100_000, ""),
        (b'{"projects": []}', "year"),
        (b'{"year": 2023, "schema_version": "9"}', "schema_version"),
        (b'{"year": 2023, "projects": {}}', "projects"),
        (b'{"year": 2021}', "year"),
    ],
)
def test_json_that_is_not_the_models_is_one_finding(tmp_path: Path, content: bytes, cell: str) -> None:
    path = tmp_path / "清单.json"
    path.write_bytes(content)
    listed, findings = read(path)
    assert (listed.projects, places(findings)) == ((), [("LIST15", cell)])


def test_answers_follow_their_indicators(tmp_path: Path) -> None:
    indicators = [
        Indicator(dimension="满意度指标", category="满意度", name="丙", weight=10, target=90, unit="%"),
        Indicator(dimension="预算执行", category="预算执行", name="执行率", weight=10),
        Indicator(dimension="产出指标", category="数量指标", name="甲", weight=50, target=1, unit="个"),
        Indicator(dimension="效益指标", category="社会效益", name="乙", weight=30, target=1, unit="个"),
    ]
    answers = Answers(indicators=tuple(IndicatorAnswer(actual=float(n)) for n in range(3)))
    project = Project(
        code="1", name="项目", department="局", unit="站", year=YEAR, indicators=tuple(indicators), answers=answers
    )
    path = as_json(tmp_path, json.loads(ProjectList(year=YEAR, projects=(project,)).model_dump_json()))
    listed, findings = read(path)
    assert places(findings) == [("LIST11", "第1个项目“项目”第2个指标")]
    (again,) = listed.projects
    assert again.answers is not None
    given_by_name = [(i.name, a.actual) for i, a in zip(again.indicators, again.answers.indicators, strict=True)]
    assert given_by_name == [("甲", 2), ("乙", None), ("丙", 0)]


def test_the_schema_describes_what_is_read(tmp_path: Path) -> None:
    schema = projects_json_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert list(validator.iter_errors(clean_json(tmp_path))) == []
    assert [e.validator for e in validator.iter_errors({"year": 2023, "projekte": []})] == ["additionalProperties"]


# -- writing ------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
PARAGRAPHS = st.lists(WORDS, max_size=3).map("\n".join)
AMOUNTS = st.dictionaries(st.sampled_from(LEAF_SOURCES), st.decimals(0, 10**8, places=6).map(float))
FIGURES = st.decimals(-(10**6), 10**6, places=4).map(float)
NUMERIC = (Direction.AT_LEAST, Direction.AT_MOST, Direction.EQUAL)


@st.composite
def indicators(draw: st.DrawFn) -> Indicator:
    qualitative = draw(st.booleans())
    facts = {
        "dimension": draw(st.sampled_from([d.name for d in MOF.dimensions])),
        "category": draw(WORDS),
        "name": draw(WORDS),
        "weight": draw(st.none() | st.decimals(0, 100, places=2).map(float)),
        "direction": Direction.QUALITATIVE if qualitative else draw(st.sampled_from(NUMERIC)),
        "target": draw(
            st.sampled_from(["有效", "按时完成", "95左右"]) if qualitative else FIGURES | st.sampled_from([0.5, 1.0])
        ),
        "unit": draw(st.sampled_from(["", "%", "个", "万元", "人次/年"])),
    }
    return Indicator.model_validate(facts)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    order = [d.name for d in MOF.dimensions]
    facts = {
        "code": draw(st.from_regex(r"[0-9A-Z]{1,20}", fullmatch=True)),
        "name": draw(WORDS),
        "department": draw(WORDS),
        "unit": draw(WORDS),
        "year": YEAR,
        "scheme": draw(st.sampled_from(["", "quwo", "mof-2020"])),
        "initial_budget": draw(AMOUNTS),
        "annual_budget": draw(AMOUNTS),
        "annual_goal": draw(PARAGRAPHS),
        "period_goal": draw(PARAGRAPHS),
        "indicators": sorted(draw(st.lists(indicators(), max_size=4)), key=lambda i: order.index(i.dimension)),
    }
    return Project.model_validate(facts)


ODD = Project(
    code="007",
    name="<r>甲</r>",
    department="=1+1",
    unit="_x0041_",
    year=YEAR,
    annual_goal="合计",
    indicators=(
        Indicator(dimension="产出指标", category="数", name="&", direction=Direction.AT_MOST, target=1, unit="%"),
    ),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(projects(), max_size=3, unique_by=lambda p: p.code))
@example([ODD])
def test_what_is_written_reads_back_the_same(tmp_path: Path, listed: list[Project]) -> None:
    path = tmp_path / "项目清单.xlsx"
    path.write_bytes(project_list_workbook(ProjectList(year=YEAR, projects=tuple(listed)), MOF))
    assert list(read(path)[0].projects) == listed


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(projects(), max_size=3, unique_by=lambda p: p.code))
def test_json_reads_back_the_same(tmp_path: Path, listed: list[Project]) -> None:
    content = ProjectList(year=YEAR, projects=tuple(listed)).model_dump_json()
    assert list(read(as_json(tmp_path, json.loads(content)))[0].projects) == listed


def test_a_clean_list_written_reads_back_without_findings(tmp_path: Path) -> None:
    listed, _ = read_tables(tmp_path, P, Q)
    path = tmp_path / "again.xlsx"
    path.write_bytes(project_list_workbook(listed, MOF))
    assert read(path) == (listed, [])


def test_the_empty_form_is_an_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    path.write_bytes(project_list_workbook(None, MOF))
    assert read(path) == (ProjectList(year=YEAR, scheme="mof-2020"), [])
    assert project_list_workbook(None, MOF) == path.read_bytes()


def test_the_form_offers_choices_and_keeps_codes_as_text(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    path.write_bytes(project_list_workbook(None, MOF))
    book = load_workbook(path)
    assert book.sheetnames == ["填写说明", "项目", "指标"]
    sheet = book["指标"]
    lists = {
        next(iter(v.sqref.ranges)).min_col: v.formula1
        for v in sheet.data_validations.dataValidation
        if v.type == "list"
    }
    assert lists[2] == '"产出指标,效益指标,满意度指标"'
    assert lists[6] == '"≥,≤,＝,定性"'
    offered = [v.formula1 for v in book["项目"].data_validations.dataValidation if v.type == "list"]
    assert offered == [f'"{",".join(builtin_schemes())}"']
    prompts = [v.prompt for v in sheet.data_validations.dataValidation]
    assert prompts == [column.prompt for column in INDICATOR_COLUMNS if not column.last_year]
    assert (sheet.freeze_panes, book["项目"].freeze_panes) == ("B2", "C2")
    assert {
        sheet["A2"].number_format,
        sheet["G2"].number_format,
        book["项目"].column_dimensions["A"].number_format,
    } == {"@"}


def test_choices_that_do_not_fit_a_drop_down_are_left_out(tmp_path: Path) -> None:
    dimension = MOF.dimensions[0].model_copy(update={"name": "产出,指标", "categories": ("长" * 200, "长" * 100)})
    scheme = MOF.model_copy(update={"dimensions": (dimension, *MOF.dimensions[1:])})
    path = tmp_path / "模板.xlsx"
    path.write_bytes(project_list_workbook(None, scheme))
    rules = load_workbook(path)["指标"].data_validations.dataValidation
    assert [v.type for v in rules[:3]] == [None, None, None]


def test_whatever_the_program_says_can_be_shown_on_a_windows_console(tmp_path: Path) -> None:
    """GBK is what a Chinese Windows console and its Notepad use."""
    said = [f"{column.title}{column.prompt}" for column in (*PROJECT_COLUMNS, *INDICATOR_COLUMNS)]
    for table, other, _ in MISTAKES.values():
        said += [str(f) for f in read_tables(tmp_path, table, other)[1]]
    book = load_workbook(workbook_of_form(tmp_path))
    said += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    for text in said:
        assert text.encode("gbk").decode("gbk") == text


def workbook_of_form(folder: Path) -> Path:
    path = folder / "模板.xlsx"
    path.write_bytes(project_list_workbook(None, MOF))
    return path


@pytest.mark.parametrize(("blank", "read_on"), [(BLANK_ROWS - 1, True), (BLANK_ROWS, False)])
def test_a_list_ends_after_a_thousand_blank_rows(blank: int, read_on: bool, tmp_path: Path) -> None:
    first, second = PROJECTS.strip().splitlines()[:2], PROJECTS.strip().splitlines()[2]
    gap = ["|" + " |" * second.count("|")] * blank
    listing, _ = read(workbook(tmp_path, 项目="\n".join([*first, *gap, second]), 指标=INDICATORS))
    assert len(listing.projects) == 1 + read_on


def test_a_direction_that_nobody_wrote_is_taken_from_the_name_and_told(tmp_path: Path) -> None:
    table = changed(changed(INDICATORS, 2, "指标性质", ""), 2, "三级指标", "安全事故起数")
    listed, findings = read_tables(tmp_path, PROJECTS, table)
    assert listed.projects[0].indicators[0].direction is Direction.AT_MOST
    assert places(findings) == [("LIST11", "指标!G2")]


def test_a_cost_that_is_called_a_saving_is_asked_for(tmp_path: Path) -> None:
    table = changed(changed(INDICATORS, 3, "指标性质", ""), 3, "三级指标", "成本节约额")
    table = changed(table, 3, "二级指标", "成本指标")
    _, findings = read_tables(tmp_path, PROJECTS, table, load_scheme("hubei"))
    assert ("LIST41", "指标!F3") in places(findings)
