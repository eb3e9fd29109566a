"""The built-in example holds the printed facts of the eight reports, and their recorded mistakes."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from typing import Any

import pytest
from locations import GOLDEN

from workbook_tools.core.model import Direction, FundingSource, Project
from workbook_tools.rules.scheme import Scheme, load_scheme
from workbook_tools.shipped.example import load_example

TOTALS: dict[str, dict[str, Any]] = json.loads((GOLDEN / "totals.json").read_text("utf-8"))
ANOMALIES: list[dict[str, Any]] = json.loads((GOLDEN / "anomalies.json").read_text("utf-8"))

EXAMPLE = load_example()
PROJECTS = {project.code: project for project in EXAMPLE.projects}
SCORED = ("QW2021-001", "QW2021-002", "QW2021-003", "QW2021-004", "ZY2023-001")

# code → name, scheme, year, (年初预算, 全年预算, 实际到位, 全年执行) in 万元; None = not printed
FACTS: dict[str, tuple[str, str, int, tuple[float | None, ...]]] = {
    "QW2021-001": ("科技治超运行经费", "quwo", 2021, (5, 5, 5, 5)),
    "QW2021-002": ("智慧交通二期工程", "quwo", 2021, (600, 600, 600, 600)),
    "QW2021-003": ("警务通通信服务", "quwo", 2021, (58, 58, 58, 58)),
    "QW2021-004": ("智慧监管信息化平台建设经费", "quwo", 2021, (10, 30, 30, 26)),
    "ZY2023-001": ("交通运输执法工作专项经费", "zhangye", 2023, (None, 5, 5, 5)),
    "ZY2023-002": ("交通运输行业工作经费", "zhangye", 2023, (None, 30, 30, 30)),
    "ZY2023-003": ("省级公路国土空间控制规划", "zhangye", 2023, (None, 100, 100, None)),
    "ZY2023-004": (
        "张掖市道路运输车辆动态监管综合服务平台功能拓展改造升级",
        "zhangye",
        2023,
        (None, 39.78, 39.78, 39.78),
    ),
}
# code → 三级指标, weight, sign, target, unit, actual as stated
INDICATORS: dict[str, list[tuple[str, float, str, float | str, str, float | str]]] = {
    "QW2021-001": [
        ("科技治超系统套数", 15, "≥", 1, "", "1套"),
        ("符合国家相关标准", 15, "定性", "符合", "", "100%"),
        ("完成及时性", 15, "定性", "及时", "", "100%"),
        ("成本总控制", 15, "≤", 5, "", "5万"),
        ("实时监控，提高生命安全", 15, "定性", "有效", "", "100%"),
        ("企业满意度（%）", 15, "≥", 95, "%", 95),
    ],
    "QW2021-002": [
        ("监控建设规模", 15, "≥", 23, "", "23处"),
        ("数据质控合格率", 15, "≥", 99, "%", 99),
        ("24小时抓拍违法行为", 15, "≥", 24, "", "24小时"),
        ("成本总控制", 15, "≤", 600, "", "600万元"),
        ("道路交通事故指标", 15, "定性", "显著下降", "", "90%"),
        ("群众满意度（%）", 15, "≥", 95, "%", 95),
    ],
    "QW2021-003": [
        ("通信服务数量", 12.9, "≥", 2, "", "2个"),
        ("通信服务合格率（%）", 12.85, "≥", 100, "", "100%"),
        ("服务完成及时率（%）", 12.85, "≥", 100, "%", 100),
        ("通信服务成本控制数", 12.85, "≤", 29, "", "29万元/个"),
        ("通信服务管理水平", 12.85, "定性", "有效", "", "有效"),
        ("通信服务使用年限", 12.85, "定性", "长期有效", "", "长期有效"),
        ("使用人员满意度", 12.85, "≥", 95, "", "95%"),
    ],
    "QW2021-004": [
        ("新建（购）应用系统与平台数量", 12.9, "≥", 1, "", "1个"),
        ("新建（购）系统验收通过率", 12.85, "≥", 100, "%", 100),
        ("系统上线及时性", 12.85, "定性", "及时", "", "100%"),
        ("平台建设成本", 12.85, "≤", 10, "", "26万元"),
        ("系统安全等级达标率", 12.85, "≥", 100, "%", 100),
        ("系统功能模块使用率", 12.85, "≥", 100, "%", 100),
        ("平台服务对象满意度", 12.85, "≥", 95, "", "95%"),
    ],
    "ZY2023-001": [
        ("夜间执法装备配备数量", 10, "≥", 50, "", 30),
        ("巩固超限治理良好环境", 15, "定性", "巩固", "", "巩固"),
        ("12月下旬完成配备工作", 10, "定性", "按时完成", "", "按时完成"),
        ("项目总支出", 15, "＝", 5, "万元", "等于5万"),
        ("减少因装备不足引起的成本支出", 15, "定性", "减少", "", "减少"),
        ("全市交通运输环境大力提升", 15, "定性", "提升", "", "提升"),
        ("公众满意度提高", 10, "≥", 95, "", "96%"),
    ],
}
# code → weight per dimension as printed: 产出, 效益, 满意度
DIMENSION_WEIGHTS = {
    "QW2021-001": (60, 15, 15),
    "QW2021-002": (60, 15, 15),
    "QW2021-003": (51.45, 25.7, 12.85),
    "QW2021-004": (51.45, 25.7, 12.85),
    "ZY2023-001": (50, 30, 10),
}
# code → required sections that the report left blank, does not have, or covers by its indicator table
BLANK = {
    "QW2021-001": {"attachment2"},
    "QW2021-002": {"attachment2"},
    "QW2021-003": {"attachment2"},
    "QW2021-004": {"attachment2"},
    "ZY2023-001": {
        "output_quantity",
        "output_quality",
        "output_timeliness",
        "output_cost",
        "benefit_economic",
        "benefit_social",
        "benefit_ecological",
        "benefit_sustainable",
        "satisfaction",
    },
    "ZY2023-002": set(),
    "ZY2023-003": set(),
    "ZY2023-004": {"benefit_ecological"},
}


def scheme_of(project: Project) -> Scheme:
    return load_scheme(project.scheme)


def texts(code: str) -> dict[str, str]:
    answers = PROJECTS[code].answers
    assert answers is not None
    return answers.texts


def sentences(text: str) -> list[str]:
    """Parts of more than 15 characters between full stops and semicolons."""
    return [part for part in re.split(r"[。；\n]", text) if len(part) > 15]


def likeness(one: str, other: str) -> float:
    """The highest likeness, or 1 where a sentence of the one stands in the other."""
    pairs = [(a, b) for a in sentences(one) for b in sentences(other)]
    return max(1.0 if a in b or b in a else SequenceMatcher(None, a, b, autojunk=False).ratio() for a, b in pairs)


def by_code(kind: str) -> list[Any]:
    rows = [a for a in ANOMALIES if a["kind"] == kind]
    return [pytest.param(row, id=row["id"]) for row in rows]


def test_list_is_one_campaign_of_eight_projects() -> None:
    assert (EXAMPLE.year, EXAMPLE.scheme, EXAMPLE.authority) == (2023, "quwo", "示例县财政局")
    assert list(PROJECTS) == list(FACTS) == list(TOTALS) == list(BLANK)


def test_reading_the_packaged_file_twice_gives_equal_records() -> None:
    assert load_example() == EXAMPLE


@pytest.mark.parametrize("code", FACTS)
def test_project_carries_the_printed_name_year_and_funding(code: str) -> None:
    project, (name, scheme, year, funding) = PROJECTS[code], FACTS[code]
    assert project.answers is not None
    source = FundingSource.COUNTY if scheme == "quwo" else FundingSource.MUNICIPAL
    rows = (project.initial_budget, project.annual_budget, project.answers.received, project.answers.executed)
    assert (project.name, project.scheme, project.year) == (name, scheme, year)
    assert rows == tuple({} if amount is None else {source: amount} for amount in funding)
    assert project.department
    assert project.unit


def test_two_departments_have_several_projects() -> None:
    departments = [project.department for project in EXAMPLE.projects]
    assert {d: departments.count(d) for d in departments} == {
        "曲沃县交通运输局": 1,
        "曲沃县公安局": 2,
        "曲沃县市场监督管理局": 1,
        "张掖市交通运输局": 4,
    }


@pytest.mark.parametrize("code", FACTS)
def test_indicators_and_actuals_are_those_printed(code: str) -> None:
    project = PROJECTS[code]
    assert project.answers is not None
    rows = [
        (i.name, i.weight, i.direction.symbol, i.target, i.unit, answer.actual)
        for i, answer in zip(project.indicators, project.answers.indicators, strict=True)
    ]
    assert rows == INDICATORS.get(code, [])


@pytest.mark.parametrize("code", SCORED)
def test_weights_add_up_to_what_the_scheme_leaves_for_indicators(code: str) -> None:
    project = PROJECTS[code]
    sums = dict.fromkeys(("产出指标", "效益指标", "满意度指标"), 0.0)
    for indicator in project.indicators:
        sums[indicator.dimension] += indicator.weight or 0
    assert tuple(sums.values()) == pytest.approx(DIMENSION_WEIGHTS[code])
    assert sum(sums.values()) == pytest.approx(90)
    assert scheme_of(project).indicator_weight == 90


@pytest.mark.parametrize("code", SCORED)
def test_dimensions_and_categories_are_the_schemes_own(code: str) -> None:
    scheme = scheme_of(PROJECTS[code])
    known = {(d.name, category) for d in scheme.dimensions for category in d.categories}
    assert {(i.dimension, i.category) for i in PROJECTS[code].indicators} <= known


@pytest.mark.parametrize("code", SCORED)
def test_qualitative_rows_have_tier_and_completion_where_points_were_given(code: str) -> None:
    project = PROJECTS[code]
    assert project.answers is not None
    for indicator, answer, printed in zip(
        project.indicators, project.answers.indicators, TOTALS[code]["printed_scores"], strict=True
    ):
        stated = indicator.direction is Direction.QUALITATIVE and printed > 0
        assert answer.tier == ("达成" if stated else "")
        assert answer.completion == (pytest.approx(printed / indicator.weight) if stated else None)


@pytest.mark.parametrize("code", [c for c in SCORED if TOTALS[c]["printed_total"] is not None])
def test_printed_scores_add_up_to_the_printed_total(code: str) -> None:
    row = TOTALS[code]
    assert sum(row["printed_scores"]) + row["printed_execution_score"] == pytest.approx(row["printed_total"])


def test_reasons_stand_where_the_reports_gave_one() -> None:
    given = {
        (project.code, indicator.name)
        for project in EXAMPLE.projects
        if project.answers is not None
        for indicator, answer in zip(project.indicators, project.answers.indicators, strict=True)
        if answer.deviation_reason
    }
    assert given == {
        ("QW2021-002", "道路交通事故指标"),
        ("QW2021-004", "平台建设成本"),
        ("ZY2023-001", "夜间执法装备配备数量"),
    }
    assert [p.code for p in EXAMPLE.projects if p.answers and p.answers.execution_reason] == ["QW2021-004"]


@pytest.mark.parametrize("code", FACTS)
def test_sections_are_the_schemes_and_blanks_stay_blank(code: str) -> None:
    sections = {section.key: section for section in scheme_of(PROJECTS[code]).texts}
    written = texts(code)
    assert set(written) <= set(sections)
    assert all(text.strip() for text in written.values())
    assert {key for key, section in sections.items() if section.required} - set(written) == BLANK[code]


def test_leftover_form_instruction_is_the_schemes_own_prompt() -> None:
    prompts = {section.key: section.prompt for section in scheme_of(PROJECTS["ZY2023-002"]).texts}
    leftover = {(c, key) for c in FACTS for key, text in texts(c).items() if text in prompts.values()}
    assert leftover == {("ZY2023-002", "deviation")}
    assert texts("ZY2023-002")["deviation"] == prompts["deviation"]


@pytest.mark.parametrize(
    ("code", "section", "mistake"),
    [
        ("ZY2023-001", "overall_completion", "2022年"),
        ("QW2021-004", "overview", "50万"),
        ("QW2021-004", "analysis_execution", "86.66%"),
        ("QW2021-002", "analysis_output", "通信服务数量>=23个"),
        ("QW2021-002", "safeguards", "中国人民共和国道路交通安全法"),
        ("ZY2023-003", "overview", "377万元"),
        ("ZY2023-004", "overview", "200万元"),
        ("ZY2023-004", "use_and_disclosure", "97分"),
    ],
)
def test_recorded_slip_stands_in_the_text(code: str, section: str, mistake: str) -> None:
    assert mistake in texts(code)[section]


def test_first_report_names_no_evaluation_year() -> None:
    assert set(re.findall(r"20\d\d", "".join(texts("QW2021-001").values()))) == {"2018", "2019"}


@pytest.mark.parametrize("row", by_code("incomplete_sentence"))
def test_unfinished_texts_stay_unfinished(row: dict[str, Any]) -> None:
    unfinished = {
        "quwo-zhichao-21": "总控制数，",
        "quwo-zhichao-22": "作用不落空。",
        "quwo-zhihuijianguan-35": "50万，",
        "zhangye-zhifazhuanxiang-17": "有关规定。",
        "zhangye-daoluyunshu-14": "支付，",
    }
    (section,) = row["where"]
    assert texts(row["code"])[section.removeprefix("texts.")].endswith(unfinished[row["id"]])


@pytest.mark.parametrize("row", by_code("duplicate_text"))
def test_sentences_shared_by_two_reports_are_shared_here(row: dict[str, Any]) -> None:
    (section,) = row["where"]
    key = section.removeprefix("texts.")
    one, other = texts(row["code"])[key], texts(row["other_code"])[key]
    assert likeness(one, other) >= (1 if row["match"] == "identical" else 0.75)


@pytest.mark.parametrize("row", by_code("duplicate_text_within"))
def test_sentences_repeated_in_one_report_are_repeated_here(row: dict[str, Any]) -> None:
    one, other = (texts(row["code"])[section.removeprefix("texts.")] for section in row["where"])
    assert likeness(one, other) >= (0.75 if row["match"] == "near-identical" else 1)


def test_goals_copied_from_another_section_are_copied_here() -> None:
    copied = {"QW2021-001": "overview", "QW2021-002": "goal_annual", "QW2021-003": "safeguards"}
    assert all(texts(code)["goal_period"] == texts(code)[key] for code, key in copied.items())
    assert re.sub(r"\s", "", texts("QW2021-004")["goal_period"]) == re.sub(
        r"\s", "", texts("QW2021-004")["goal_annual"]
    )


def test_anomalies_point_at_what_exists() -> None:
    assert len(ANOMALIES) == len({row["id"] for row in ANOMALIES}) == 209
    for row in ANOMALIES:
        project = PROJECTS[row["code"]]
        keys = {section.key for section in scheme_of(project).texts}
        assert row["severity"] in {"error", "warning", "info"}
        assert row.get("other_code", row["code"]) in PROJECTS
        for where in row["where"]:
            if match := re.fullmatch(r"texts\.(\w+)", where):
                assert match[1] in keys, row["id"]
            if match := re.match(r"indicators\[(\d+)\]", where):
                assert int(match[1]) < len(project.indicators), row["id"]


def test_blank_sections_of_the_record_are_blank_here() -> None:
    blank = {
        (r["code"], w.removeprefix("texts.")) for r in ANOMALIES if r["kind"] == "blank_section" for w in r["where"]
    }
    assert blank == {(code, "attachment2") for code in FACTS if code.startswith("QW")}
    assert all(section not in texts(code) for code, section in blank)
