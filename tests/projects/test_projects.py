"""The project list: each mistake is found in its cell, the clean list is clean, what is written reads back the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from listed_tables import (
    INDICATORS,
    MOF,
    PROJECTS,
    YEAR,
    P,
    Q,
    places,
    read,
    read_tables,
    workbook,
)
from openpyxl import load_workbook

from workbook_tools.core.codes import CODES, Family, Severity
from workbook_tools.core.model import (
    Direction,
    FundingSource,
    Project,
)
from workbook_tools.projects import project_list_workbook
from workbook_tools.projects.columns import INDICATOR_COLUMNS, PROJECT_COLUMNS
from workbook_tools.projects.rows import BLANK_ROWS
from workbook_tools.rules.scheme import StepRule, Weights, load_scheme


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
