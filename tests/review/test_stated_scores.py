"""Totals, grades and points that a text states, against the computed ones; and what only looks like one."""

from __future__ import annotations

import pytest
from builders import MOF
from checking import ANSWERS, TEXTS, find_in_figures, good, row, written

from workbook_tools.core.model import Project
from workbook_tools.form.layout import build_layout

LOST = written(
    row(1, actual=90.0, deviation_reason="因机械不足"),
    problems="养护里程没有达到目标，原因是养护机械不足。",
    analysis_output="养护里程九十公里；验收合格率为96%；每公里成本1.45万元。",
)
"""Total 98, grade 优; 产出 48 of 50, 养护里程 18 of 20."""
PUBLISHED = "自评结果用于安排下一年度养护资金，四月底前在县政府网站公开。"
CODES = ("TEXT12", "TEXT22", "TEXT23")


def found(project: Project, section: str = "use_and_disclosure") -> list[str]:
    """The codes at a section."""
    cell = build_layout(project, MOF).fields[f"text_{section}"].cell
    sheet = [(code, at) for code, at in find_in_figures(project) if code in CODES]
    assert {at for _, at in sheet} <= {cell}
    return [code for code, _ in sheet]


def stating(words: str) -> list[str]:
    return found(written(LOST, use_and_disclosure=words + PUBLISHED))


@pytest.mark.parametrize(
    "words",
    [
        "自评分值100分。",
        "自评得分为100分。",
        "本项目绩效自评总分100分。",
        "综合评分：99.5分。",
        "项目绩效自评价结果为：总得分97分。",
        "经评价，项目支出总体得分98.5分。",
        "自评满分100分，自评得分99分。",
        "自评得100分。",
    ],
)
def test_a_stated_total_that_is_not_the_computed_one_is_found(words):
    assert stating(words) == ["TEXT12"]


@pytest.mark.parametrize(
    "words",
    [
        "自评得分98分。",
        "自评得分98.00分，等级为优。",
        "自评满分100分，自评得分98分。",
        "总分值100分，自评分值98分。",
        "总分100分，其中产出指标50分、效益指标30分、满意度指标10分、预算执行率10分。",
        "评价设置总分100分。",
        "上年自评得分96分，今年有所提高。",
        "2023年自评得分为95分。",
        "财政局复核得分为97分。",
        "全县各单位平均得分93分，最高总分100分。",
        "其他项目自评得分为100分。",
        "自评得分90分以上的为优。",
        "自评总分90～100分为优秀。",
        "采用100分制评分。",
        "用时30分钟完成自评。",
        "单项得分最高为20分。",
    ],
)
def test_what_is_no_total_of_this_project_is_none(words):
    assert stating(words) == []


@pytest.mark.parametrize(
    "words",
    ["评价等级为良。", "自评等级：良好。", "自评结果属于“良”。", "自评被评为良好等次。", "绩效评价结论为“中”。"],
)
def test_a_stated_grade_that_is_not_the_computed_one_is_found(words):
    assert stating(words) == ["TEXT12"]


@pytest.mark.parametrize(
    "words",
    [
        "评价等级为优。",
        "自评等级为优秀。",
        "上年自评等级为良。",
        "工程质量等级为良。",
        "评价结果为良好的，优先安排下一年度预算。",
        "等级分为优、良、中、差四档。",
        "评价等级为良及以上的项目优先安排。",
    ],
)
def test_what_is_no_grade_of_this_project_is_none(words):
    assert stating(words) == []


@pytest.mark.parametrize(
    "words",
    [
        "产出指标得分50分。",
        "其中产出指标得50分，效益指标得30分。",
        "产出指标（50分）得分49分。",
        "养护里程得20分。",
        "“养护里程”20分，得19分。",
        "预算执行率得9.5分。",
        "群众满意度：满分10分，得分9分。",
    ],
)
def test_stated_points_of_a_part_that_are_not_the_computed_ones_are_found(words):
    assert stating(words) == ["TEXT22"]


@pytest.mark.parametrize(
    "words",
    [
        "产出指标得分48分，效益指标得分30分，满意度指标得10分，预算执行率得10分。",
        "产出指标50分，效益指标30分，满意度指标10分。",
        "产出指标满分50分。",
        "“养护里程”20分，得18分。",
        "上年产出指标得分50分。",
        "养护里程得到提高，群众满意度得分率100%。",
        "同类项目产出得分45分。",
    ],
)
def test_weights_and_right_points_are_no_fault(words):
    assert stating(words) == []


def test_a_form_that_is_not_complete_is_compared_when_it_is():
    unfinished = row(
        1, written(use_and_disclosure="自评得分100分，等级为优，产出指标得分50分。" + PUBLISHED), actual=None
    )
    assert found(unfinished) == []


@pytest.mark.parametrize("words", ["下一步做好养护工作，管好机械设备。", "本次自评由公路段组织，局财务科汇总上报。"])
def test_a_section_that_is_silent_on_its_question_is_found(words):
    assert found(written(use_and_disclosure=words)) == ["TEXT23"]


@pytest.mark.parametrize(
    "words",
    [
        PUBLISHED,
        "评价结果作为下年预算安排的参考，拟在单位内部公示。",
        "结果用于改进管理；项目涉密，不公开。",
        "与预算安排挂钩，已上网站。",
    ],
)
def test_a_section_that_answers_its_question_is_none(words):
    assert found(good() if words == PUBLISHED else written(use_and_disclosure=words)) == []


# -- reports of today that lack their total ---------------------------------------------------------------------------

SCORES = {f"indicator_{number:03d}_score": points for number, points in enumerate((20.0, 20.0, 10.0, 30.0, 10.0), 1)}


def incomplete(printed: dict[str, float | str], project: Project | None = None) -> bool:
    return "IMPORT19" in [code for code, _ in find_in_figures(project or good(), printed=printed)]


def test_a_report_that_prints_scores_but_no_execution_row_total_or_grade_is_not_whole():
    whole = {**SCORES, "execution_score": 10.0, "total_score": 100.0, "grade": "优"}
    assert not incomplete(whole)
    assert [name for name in whole if incomplete({n: v for n, v in whole.items() if n != name})] == [
        "execution_score",
        "total_score",
        "grade",
    ]


def test_a_total_and_a_grade_may_stand_in_the_text():
    told = written(use_and_disclosure="自评得分100分，评价等级为优。" + PUBLISHED)
    assert not incomplete({**SCORES, "execution_score": 10.0}, told)


def test_a_table_alone_need_not_have_them():
    assert not incomplete(SCORES, good(answers=ANSWERS.model_copy(update={"texts": {}})))
    remarked = {"overview": TEXTS["overview"], "problems": TEXTS["problems"], "suggestions": TEXTS["suggestions"]}
    assert not incomplete(SCORES, good(answers=ANSWERS.model_copy(update={"texts": remarked})))
    assert not incomplete({}), "nor a report without scores"
