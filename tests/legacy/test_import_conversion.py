"""A form of today becomes a submission: scored centrally, checked, and every finding in its own cells."""

from __future__ import annotations

from dataclasses import replace

import drawn_sheets
import pytest
from builders import MOF
from hypothesis import given, settings
from hypothesis import strategies as st
from recognised_forms import SHEET, at, entry, form, funding

from workbook_tools.core.model import INPUT_MEASURES, Direction, FundingSource, Measure
from workbook_tools.legacy.conversion.project_identity import make_project_code
from workbook_tools.legacy.conversion.submission import ConvertedForm, convert
from workbook_tools.legacy.words.records import Concern, FormIndicator, FundingLine, HandmadeForm, Remark, Where
from workbook_tools.review.checks import check
from workbook_tools.review.result_rows import build_indicator_rows, build_project_row
from workbook_tools.review.scoring import Scored, score_all
from workbook_tools.rules.scheme import builtin_schemes, load_scheme, restore_scheme

QUIET = {"IMPORT06", "IMPORT08", "IMPORT10", "SCORE07"}
"""What is told of nearly every form."""


def scored(converted: ConvertedForm) -> Scored:
    (result,) = score_all([converted.submission])
    return result


def places(made: HandmadeForm, year: int = 0) -> list[tuple[str, str]]:
    """Code and cell of all that is found, without what is told of nearly every form."""
    converted = convert(made, MOF, year)
    found = [*converted.findings, *check(scored(converted))]
    assert all(item.sheet in ("", SHEET) for item in found)
    return [(item.code, item.cell) for item in found if item.code not in QUIET]


def test_a_sound_form_is_scored_in_full_and_nothing_is_found():
    result = scored(convert(form(), MOF))
    row = build_project_row(result)
    assert (row.total_score, row.grade, row.execution_score, row.imported) == (100.0, "优", 10.0, True)
    assert row.scores == {"产出指标": 50.0, "效益指标": 30.0, "满意度指标": 10.0}
    assert places(form()) == []


def test_rows_keep_their_values_and_the_cell_of_their_score():
    rows = build_indicator_rows(scored(convert(form(), MOF)))
    assert [(r.name, r.target_text, r.actual_text, r.score, r.sheet, r.cell) for r in rows] == [
        ("养护里程", "≥100公里", "102公里", 20.0, SHEET, "G12"),
        ("验收合格率", "≥95%", "96%", 20.0, SHEET, "G13"),
        ("每公里成本", "≤1.5万元", "1.45万元", 10.0, SHEET, "G14"),
        ("通行条件", "有效改善", "达成预期指标", 30.0, SHEET, "G15"),
        ("群众满意度", "≥90%", "92%", 10.0, SHEET, "G16"),
    ]


def with_rows(*rows, **changes):
    return form(entries=list(rows), **changes)


def five(number: int, **changes):
    """The sound form's rows, one of them changed."""
    rows = form().entries
    rows[number] = replace(rows[number], **changes)
    return form(entries=rows)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (five(0, score=at(15.0, "G12")), [("IMPORT12", "G17"), ("SCORE01", "G12")]),
        (five(0, actual=at(50.0, "E12", "50公里")), [("FILL08", "H12"), ("SCORE01", "G12"), ("SCORE05", "G17")]),
        (five(0, actual=at(None, "E12")), [("FILL01", "E12"), ("SCORE01", "G12"), ("SCORE05", "G17")]),
        (five(0, actual=at("无", "E12")), [("FILL02", "E12"), ("SCORE01", "G12"), ("SCORE05", "G17")]),
        (five(0, actual=at(100.0, "E12", "≥100公里")), [("FILL20", "E12")]),
        (
            five(0, actual=at(100.0, "E12", "不超过100公里")),
            [("FILL02", "E12"), ("SCORE01", "G12"), ("SCORE05", "G17")],
        ),
        (
            five(0, weight=at(30.0, "F12")),
            [("WEIGHT01", "G17"), ("WEIGHT02", "G17"), ("SCORE01", "G12"), ("SCORE05", "G17")],
        ),
        (five(0, weight=at(None, "F12")), [("IMPORT07", "C12"), ("SCORE05", "G17")]),
        (
            five(3, actual=at("基本改善", "E15"), score=at(24.0, "G15")),
            [("IMPORT12", "G17"), ("FILL08", "H15"), ("SCORE05", "G17")],
        ),
        (form(funding=funding(executed=80.45)), [("FUND09", "H6"), ("SCORE01", "I6"), ("SCORE05", "G17")]),
        (
            form(funding=funding(executed=None)),
            [("FUND09", "H6"), ("SCORE01", "I6"), ("SCORE05", "G17"), ("FUND05", "F6")],
        ),
        (form(funding=funding(executed=110.0, rate="110%")), [("IMPORT13", "F6")]),
        (form(funding=funding(budget=0.0, rate="0")), [("FUND03", "E6"), ("SCORE01", "I6"), ("SCORE05", "G17")]),
        (form(grade=at("良", "H17")), [("GRADE01", "H17")]),
        (form(total=at(98.0, "G17")), [("IMPORT12", "G17"), ("SCORE05", "G17")]),
        (form(total=None, entries=[]), [("SCORE02", "")]),
        (form(head={}), [("IMPORT05", "")]),
        (form(execution_weight=at(20.0, "G6")), [("IMPORT09", "G6")]),
    ],
)
def test_what_is_wrong_is_found_in_the_cell_where_it_stands(made, expected):
    assert places(made) == expected


def test_a_rate_that_is_rounded_as_printed_is_right():
    lines = funding(budget=25.0, executed=21.54576, rate="86.19%", score=8.62)
    assert places(form(funding=lines, total=at(98.62, "G17"))) == [("FUND09", "H6")]
    lines = funding(budget=25.0, executed=21.54576, rate="86.18%", score=8.62)
    assert places(form(funding=lines, total=at(98.62, "G17"))) == []


@pytest.mark.parametrize(
    ("printed", "wrong"), [("0%", True), ("1", True), ("45%", False), ("45.2%", False), ("46%", True)]
)
def test_a_rate_is_not_taken_for_rounded_that_is_another(printed, wrong):
    lines = funding(budget=2.0, executed=0.9034, rate=printed, score=4.52)
    if printed == "1":
        lines[0] = replace(lines[0], rate=at(1.0, "H6", "1"))
    assert places(form(funding=lines, total=at(94.52, "G17"))) == ([("FUND09", "H6")] if wrong else [])


def test_points_are_compared_to_the_cent():
    lines = funding(budget=100.0, executed=80.45, rate="80.45%", score=8.0)
    assert places(form(funding=lines, total=at(98.0, "G17"))) == [("SCORE01", "I6"), ("SCORE05", "G17")]


def test_what_the_form_has_no_cell_for_is_not_asked():
    rows = [replace(row, reason=None) for row in form().entries]
    rows[0] = replace(rows[0], actual=at(50.0, "E12", "50公里"), score=at(10.0, "G12"))
    assert places(form(entries=rows, total=at(90.0, "G17"), texts={}, columns={"name", "actual"})) == []


def test_the_unit_of_a_word_is_the_sign():
    row = entry(12, "产出指标", "质量指标", "合格率", 100.0, 100.0, 20.0, 20.0, unit="百分比")
    (made,) = convert(with_rows(row), MOF).project.indicators
    assert (made.target, made.unit) == (100.0, "%")
    assert convert(with_rows(row), MOF).submission.answers["indicator_001_actual"].value == 1.0


# -- funding ------------------------------------------------------------------------------------------------------


def test_parts_count_where_the_total_is_printed_as_nought():
    lines = funding(budget=89.974, executed=89.974)
    none = {measure: at(0.0, stated.where.cell) for measure, stated in lines[0].amounts.items()}
    made = form(funding=[replace(lines[0], amounts=none), lines[1]])
    row = build_project_row(scored(convert(made, MOF)))
    assert row.funding[Measure.EXECUTED][FundingSource.TOTAL] == 89.974
    assert places(made) == [("FUND09", "D6"), ("FUND09", "E6"), ("FUND09", "F6")]


def test_money_of_no_told_level_is_what_the_total_has_beyond_the_others():
    total = FundingLine(
        label="年度资金总额", source=FundingSource.TOTAL, amounts={Measure.ANNUAL_BUDGET: at(100.0, "E6")}
    )
    other = FundingLine(label="其他资金", source=FundingSource.OTHER, amounts={Measure.ANNUAL_BUDGET: at(30.0, "E9")})
    converted = convert(form(funding=[total, other]), MOF)
    assert converted.project.annual_budget == {FundingSource.COUNTY: 70.0, FundingSource.OTHER: 30.0}
    assert [(f.code, f.cell) for f in converted.findings if f.code == "IMPORT10"] == [("IMPORT10", "E6")]


def test_levels_of_government_stay_apart():
    lines = [
        FundingLine(label="合计", source=FundingSource.TOTAL, amounts={Measure.EXECUTED: at(100.0, "E6")}),
        FundingLine(label="中央", source=FundingSource.CENTRAL, amounts={Measure.EXECUTED: at(60.0, "E7")}),
        FundingLine(label="县级", source=FundingSource.COUNTY, amounts={Measure.EXECUTED: at(40.0, "E8")}),
    ]
    answers = convert(form(funding=lines), MOF).project.answers
    assert answers is not None
    assert answers.executed == {FundingSource.CENTRAL: 60.0, FundingSource.COUNTY: 40.0}


def test_a_form_with_one_budget_column_has_it_for_the_year():
    line = FundingLine(
        label="总额",
        source=FundingSource.TOTAL,
        amounts={Measure.INITIAL_BUDGET: at(45.0, "D6"), Measure.EXECUTED: at(45.0, "F6")},
    )
    converted = convert(form(funding=[line]), MOF)
    assert converted.project.annual_budget == {FundingSource.COUNTY: 45.0}
    assert [f.message for f in converted.findings if f.code == "IMPORT10"][1:] == [
        "表上只有年初预算，没有全年预算；全年预算按年初预算计"
    ]


def test_a_line_that_is_no_source_is_told_and_not_counted():
    more = FundingLine(label="基本支出", source=None, amounts={Measure.ANNUAL_BUDGET: at(60.0, "E9")})
    made = form(funding=[*funding(), more])
    assert [(f.cell, f.found) for f in convert(made, MOF).findings if f.field == "基本支出"] == [
        ("E9", "全年预算资金60")
    ]
    assert convert(made, MOF).project.annual_budget == {FundingSource.COUNTY: 100.0}


# -- points -------------------------------------------------------------------------------------------------------


def unweighted(*scores: float | None):
    rows = [
        replace(row, weight=None, score=at(score, row.score.where.cell))
        for row, score in zip(form().entries, scores, strict=True)
    ]
    return form(entries=rows, total=None)


def test_full_scores_are_the_points_where_the_form_has_none():
    converted = convert(unweighted(20.0, 20.0, 10.0, 30.0, 10.0), MOF)
    assert [i.weight for i in converted.project.indicators] == [20.0, 20.0, 10.0, 30.0, 10.0]
    assert ("IMPORT02", "C12") in [(f.code, f.cell) for f in converted.findings]
    assert build_project_row(scored(converted)).total_score == 100.0


@pytest.mark.parametrize("scores", [(20.0, 20.0, 10.0, 30.0, 9.0), (20.0, 20.0, 10.0, 30.0, None)])
def test_without_points_there_is_no_total_and_it_is_said(scores):
    converted = convert(unweighted(*scores), MOF)
    assert [(f.code, f.cell) for f in converted.findings if f.code == "IMPORT07"] == [("IMPORT07", "C12")]
    assert build_project_row(scored(converted)).total_score is None


def test_a_score_that_rows_share_is_divided_by_their_weights():
    rows = form().entries
    rows[0] = replace(rows[0], score=at(30.0, "G12"), score_rows=2, weight=at(10.0, "F12"))
    rows[1] = replace(rows[1], score=None, weight=at(20.0, "F13"))
    converted = convert(form(entries=rows), MOF)
    assert [converted.submission.shown[f"indicator_00{n}_score"] for n in (1, 2)] == [10.0, 20.0]


def test_a_part_of_an_indicator_has_no_points_of_its_own():
    part = entry(13, "产出指标", "数量指标", "其中县道", 40.0, 40.0, None, None, unit="公里", is_part=True)
    rows = form().entries
    made = form(entries=[rows[0], part, *rows[1:]])
    assert build_project_row(scored(convert(made, MOF))).total_score == 100.0
    assert places(made) == [("IMPORT15", "C13")]


# -- qualitative --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "tier", "completion"),
    [
        ({"actual": at("达成预期指标", "E15")}, "达成", 1.0),
        ({"actual": at("有效改善", "E15")}, "达成", 1.0),
        ({"actual": at("达成预期指标", "E15"), "score": at(27.0, "G15")}, "达成", 0.9),
        ({"actual": at("达成预期指标", "E15"), "score": at(3.0, "G15")}, "达成", 1.0),
        ({"actual": at("部分达成", "E15"), "score": at(21.0, "G15")}, "部分达成", 0.7),
        ({"actual": at("部分达成", "E15"), "score": None}, "", None),
        ({"actual": at("路况好转", "E15"), "score": at(15.0, "G15")}, "未达成", 0.5),
        ({"actual": at("", "E15"), "score": at(30.0, "G15")}, "", None),
        ({"completion": at(0.9, "F15", "90%")}, "达成", 0.9),
        ({"completion": at(None, "F15")}, "", None),
    ],
)
def test_words_points_and_the_completion_column_rate_a_qualitative_indicator(changes, tier, completion):
    converted = convert(five(3, **changes), MOF)
    assert converted.project.answers is not None
    answer = converted.project.answers.indicators[3]
    assert (answer.tier, answer.completion) == (tier, completion)


def test_a_completion_column_left_blank_is_a_reached_target_without_points():
    rows = [replace(row, completion=at(None, f"I{row.name.where.cell[1:]}")) for row in form().entries]
    rows[3] = replace(rows[3], actual=at("有效改善", "E15"), score=at(0.0, "G15"))
    found = places(form(entries=rows, total=at(70.0, "G17")))
    assert ("SCORE03", "G15") in found
    assert ("FILL10", "I15") in found


def test_a_printed_completion_is_compared():
    rows = [replace(row, completion=at(1.0, f"I{row.name.where.cell[1:]}", "100%")) for row in form().entries]
    rows[0] = replace(rows[0], actual=at(80.0, "E12", "80公里"), score=at(16.0, "G12"), reason=at("下雨停工", "H12"))
    assert places(form(entries=rows, total=at(96.0, "G17"))) == [("IMPORT14", "I12")]


# -- names, year, code --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "stated", "campaign", "year", "told"),
    [
        ("甲.xlsx", 2022.0, 0, 2022, False),
        ("甲.xlsx", 2022.0, 2022, 2022, False),
        ("甲.xlsx", 2023.0, 2022, 2023, True),
        ("甲2022年度.xlsx", 2023.0, 2022, 2022, True),
        ("甲2022年度.xlsx", 2023.0, 0, 2023, True),
        ("2023年公开的甲.xlsx", 2022.0, 2022, 2022, False),
        ("甲.xlsx", None, 2022, 2022, True),
        ("甲2021年.xlsx", None, 0, 2021, True),
        ("甲.xlsx", None, 0, 0, True),
    ],
)
def test_the_year_is_what_form_name_and_campaign_agree_on(file, stated, campaign, year, told):
    made = form(file=file, year=None if stated is None else at(stated, "A2"))
    converted = convert(made, MOF, campaign)
    assert converted.project.year == year
    assert ("IMPORT04" in [f.code for f in converted.findings]) == told


def test_a_project_without_a_code_has_the_same_one_each_time():
    converted = convert(form(), MOF)
    assert (
        converted.project.code
        == make_project_code("示例县公路段", "农村道路养护")
        == make_project_code("示例县公路段 ", "农村 道路养护")
    )
    assert make_project_code("示例县公路段", "农村道路养护") != make_project_code("示例县公路二段", "农村道路养护")
    coded = form(head={**form().head, "code": at("P-7", "B2")})
    assert convert(coded, MOF).project.code == "P-7"


@pytest.mark.parametrize(
    ("dimension", "category", "name", "expected"),
    [
        ("效果指标", "社会效益指标", "受益人口", "效益指标"),
        ("成本指标", "经济成本指标", "总成本", "产出指标"),
        ("", "", "群众满意度", "满意度指标"),
        ("", "", "管护面积", "产出指标"),
    ],
)
def test_a_dimension_of_another_name_goes_where_it_belongs(dimension, category, name, expected):
    row = entry(12, dimension, category, name, 10.0, 10.0, 20.0, 20.0)
    converted = convert(with_rows(row), MOF)
    assert [i.dimension for i in converted.project.indicators] == [expected]
    assert [(f.code, f.cell) for f in converted.findings if f.code == "IMPORT11"] == [("IMPORT11", "C12")]


def test_rows_come_in_the_schemes_order():
    rows = form().entries
    converted = convert(form(entries=[rows[4], *rows[:4]]), MOF)
    assert [i.name for i in converted.project.indicators] == [row.name.printed for row in rows]
    assert converted.submission.answers["indicator_005_actual"].cell == "E16"


def test_what_was_doubtful_or_not_understood_is_a_finding_with_its_cell():
    doubts = [
        Remark(
            concern=Concern.AMBIGUOUS,
            where=Where(SHEET, "D12"),
            field="目标值",
            printed="9月前",
            taken="定性",
            other="不超过9月",
        ),
        Remark(concern=Concern.UNKNOWN, where=Where(SHEET, "K3"), field="表头", printed="√"),
    ]
    found = [f for f in convert(form(remarks=doubts), MOF).findings if f.code in ("IMPORT02", "IMPORT03")]
    assert [(f.code, f.cell, f.message, f.found) for f in found] == [
        ("IMPORT02", "D12", "读作“定性”，也可以读作“不超过9月”", "9月前"),
        ("IMPORT03", "K3", "没有读懂的内容", "√"),
    ]


def test_at_most_targets_come_with_their_sign():
    assert convert(form(), MOF).project.indicators[2].direction is Direction.AT_MOST


# -- whatever is recognised ---------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(),
    st.sampled_from((0.0, 1.0, 100.0, -5.0, 1e9, 33.333)),
    st.sampled_from(("", "无", "≥95%", "完成", "9月前")),
)
SAID = st.builds(at, VALUES, st.sampled_from(("C7", "H12", "", "第3行第2格")))
STATED = st.one_of(st.none(), SAID)
ENTRIES = st.builds(
    FormIndicator,
    dimension=st.sampled_from(("产出指标", "效果指标", "", "成本指标", "满意度")),
    category=st.sampled_from(("数量指标", "社会效益", "")),
    name=st.builds(at, st.sampled_from(("甲", "指标1：乙", "丙\n丙")), st.just("C9")),
    direction=st.sampled_from(Direction),
    sign=st.sampled_from(("", "≥")),
    unit=st.sampled_from(("", "%", "百分比", "万元")),
    score_rows=st.integers(1, 4),
    is_part=st.booleans(),
    is_execution_rate=st.booleans(),
    **dict.fromkeys(("target", "actual", "completion", "weight", "score", "folded_score", "reason"), STATED),
)
LINES = st.builds(
    FundingLine,
    label=st.just("资金"),
    source=st.one_of(st.none(), st.sampled_from(FundingSource)),
    amounts=st.dictionaries(st.sampled_from(INPUT_MEASURES), SAID, max_size=4),
    **dict.fromkeys(("rate", "weight", "score"), STATED),
)
FORMS = st.builds(
    HandmadeForm,
    file=st.sampled_from(("甲.xlsx", "乙 2021年.docx")),
    sheet=st.just(SHEET),
    year=st.one_of(st.none(), st.just(at(2022.0, "A2"))),
    funding=st.lists(LINES, max_size=5),
    entries=st.lists(ENTRIES, max_size=6),
    columns=st.sets(st.sampled_from(("reason", "completion", "actual"))),
    texts=st.dictionaries(st.sampled_from(("goal_annual", "problems", "unheard_of")), SAID, max_size=3),
    **dict.fromkeys(
        ("execution_rate", "execution_weight", "execution_score", "total", "total_weight", "grade"), STATED
    ),
)


@given(FORMS, st.sampled_from([load_scheme(name) for name in ("mof-2020", "quwo", "hubei", "guizhou")]))
@settings(max_examples=60, deadline=None)
def test_whatever_was_recognised_is_scored_and_checked(made, scheme):
    converted = convert(made, scheme, 2022)
    result = scored(converted)
    found = [*converted.findings, *check(result)]
    assert {f.file for f in found} <= {made.file}
    assert {f.project_code for f in found} <= {converted.project.code}
    assert build_project_row(result).imported
    assert len(build_indicator_rows(result)) == len([entry for entry in made.entries if not entry.is_execution_rate])


# -- points of the execution rate that a form has not

_NO_EXECUTION = (
    "项目支出绩效自评表（2024年度）|<|<|<|<|<|<\n项目名称|道路养护|<|<|实施单位|公路站|<\n"
    "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|养护里程|≥100公里|102公里|{0}|{0}\n"
    "效益指标|社会效益指标|出行率|≥90%|95%|40|40"
)
_OWN = load_scheme("hubei").model_copy(update={"id": "own", "name": "本县方案"})


@pytest.mark.parametrize("scheme", [*builtin_schemes().values(), _OWN], ids=lambda scheme: scheme.id)
def test_points_for_the_execution_rate_are_not_added_to_a_form_whose_indicators_have_all(scheme):
    [form_read] = drawn_sheets.read(_NO_EXECUTION.format(60)).forms
    converted = convert(form_read, scheme, 2024)
    assert (converted.submission.scheme.execution.weight, build_project_row(scored(converted)).total_score) == (0, 100)
    assert converted.project.scheme == scheme.id
    assert [(f.code, f.cell) for f in converted.findings if f.code == "IMPORT09"] == [("IMPORT09", "F4")]
    assert restore_scheme(converted.submission.scheme.content()).digest == converted.submission.scheme.digest


def test_points_for_the_execution_rate_stay_where_the_form_leaves_room_or_gives_them():
    [room] = drawn_sheets.read(_NO_EXECUTION.format(50)).forms
    given = _NO_EXECUTION.format(60).replace(
        "一级指标|", "资金|年初预算数|全年预算数|全年执行数|分值|执行率|得分\n总额|10|10|10|10|100%|10\n一级指标|", 1
    )
    [stated] = drawn_sheets.read(given).forms
    assert [convert(one, load_scheme("mof-2020"), 2024).submission.scheme.id for one in (room, stated)] == [
        "mof-2020"
    ] * 2
