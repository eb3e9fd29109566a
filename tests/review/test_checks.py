"""Each code has a workbook that triggers it, run after one that does not; codes and cells are compared exactly."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from check_cases import CASES, QUALITY, Case
from checking import (
    at,
    found,
    good,
    places,
    read,
    row,
    scored,
    variant,
)
from damage_cells import CELLS

from workbook_tools.core.codes import CODES, Family, Severity
from workbook_tools.review import checks
from workbook_tools.review.checks import CHECKS, CROSS_CHECKS, check
from workbook_tools.workbooks.reading import Reading

CHECKED = (Family.FILL, Family.FUND, Family.WEIGHT, Family.SCORE, Family.GRADE, Family.TEXT)


@pytest.fixture(scope="module")
def correct(tmp_path_factory) -> Reading:
    """What is read of the correct project's workbook."""
    return read(good(), tmp_path_factory.mktemp("correct"))


def nothing_found(reading: Reading) -> bool:
    return [*reading.findings, *check(scored(reading))] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_workbook_gives_these_findings_and_no_others(case: Case, tmp_path: Path, correct: Reading):
    """The checks keep nothing from one workbook to the next; test_damage.py holds that reading doesn't either."""
    assert nothing_found(correct)
    reading, findings = found(case.project, tmp_path, case.scheme, case.cells)
    assert places(findings) == at(reading, case.expected)
    assert nothing_found(correct)


OF_OTHER_FORMS = {"FILL32"}
"""What is found in another kind of form alone: tests/inspection/test_inspection_form.py."""


def test_every_code_of_a_check_has_a_workbook_that_triggers_it():
    """Here, or (what reading alone sees: FILL02 …) in the gallery of damage, whose findings test_damage.py compares."""
    wanted = {code for code, entry in CODES.items() if entry.family in CHECKED} - OF_OTHER_FORMS
    triggered = {code for case in CASES for code, _ in case.expected}
    assert wanted - triggered - {code for kind in CELLS for code, *_ in kind.findings} == set()


def test_what_the_reader_has_said_is_not_said_again(tmp_path):
    reading, findings = found(row(1, actual="很多"), tmp_path)
    assert places(reading.findings) == at(reading, [("FILL02", "indicator_001_actual")])
    assert places(findings) == []


def test_a_cell_that_holds_an_error_is_not_called_blank(tmp_path):
    reading = read(good(), tmp_path)
    assert reading.submission is not None
    for name in ("text_overview", f"{QUALITY}actual"):
        answer = reading.submission.answers[name]
        reading.submission.answers[name] = replace(answer, value=None, raw="#NAME?")
    reading.submission.shown.clear()  # they are those of before the error
    assert places(check(scored(reading))) == []


def test_a_finding_knows_file_project_and_field(tmp_path):
    _, (finding,) = found(row(1, actual=None), tmp_path)
    assert (finding.file, finding.project_code, finding.field) == ("P001.xlsx", "P001", "养护里程－实际完成值")
    assert str(finding) == "P001.xlsx，自评表!E13，养护里程－实际完成值：没有填写实际完成值。请补填。"


def test_a_deleted_sheet_is_not_reported_cell_by_cell(tmp_path):
    reading = read(good(), tmp_path)
    assert reading.submission is not None
    answers = reading.submission.answers
    for name in [n for n, answer in answers.items() if answer.sheet == "绩效分析"]:
        del answers[name]
    assert check(scored(reading)) == []


def test_an_indicator_that_does_not_apply_is_asked_for_nothing(tmp_path):
    scheme = variant(total={"rebase": True})
    project = row(4, actual=None, tier="", completion=None, applicable=False)
    assert found(project, tmp_path, scheme)[1] == []


def test_a_fault_of_the_program_is_not_hidden(tmp_path, monkeypatch):
    def broken(_):
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(checks, "CHECKS", (broken,))
    with pytest.raises(ZeroDivisionError):
        found(good(), tmp_path)


def test_checks_are_listed_in_the_order_of_the_form():
    modules = [check_function.__module__.rpartition(".")[2] for check_function in CHECKS]
    order = [
        "fill",
        "contact",
        "fund",
        "scale",
        "weight",
        "score",
        "grade",
        "readings",
        "text",
        "figures_in_text",
        "stated_scores",
        "claims",
        "wording",
        "imported",
    ]
    assert list(dict.fromkeys(modules)) == order
    assert len(set(CHECKS)) == len(CHECKS)


@pytest.mark.parametrize("check_function", (*CHECKS, *CROSS_CHECKS), ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_a_check_says_its_rule(check_function):
    assert re.search("^[\u4e00-\u9fff（].*。", check_function.__doc__)


def test_codes_are_in_order_and_complete():
    for family in Family:
        codes = [code for code, entry in CODES.items() if entry.family is family]
        assert codes == sorted(codes)
    for entry in CODES.values():
        assert entry.title and entry.rule.endswith("。")
        assert entry.advice.endswith("。") or entry.severity is Severity.INFO


# -- what units write without any mistake -----------------------------------------------------------------------------

INNOCENT = """\
本项目2024年年初预算100万元，年中调整增加50万元，全年预算150万元，到位150万元，到位率100%，实际支出150万元，执行率100%。
截至2024年12月底，项目资金150万元已全部支付到位，其中人工费66万元、材料费50万元、机械费34万元。
项目总投资600万元，分四年实施，本年度安排150万元。
该项目为跨年度项目，自2023年3月起至2025年12月止，2024年完成年度投资150万元。
截至2023年12月31日，项目累计完成路基工程；2024年完成路面工程。
2024年度各项绩效目标均已完成，自评得分100分，等级为优。
与2023年相比，群众满意度提高了3个百分点，投诉率下降明显。
根据县财政局《关于开展2024年度项目支出绩效自评工作的通知》（曲财〔2025〕3号）要求，我局组织开展了自评。
预算编制不够精细，个别月份支出进度偏慢，预算执行率在三季度低于75%的序时进度要求。
下一步将加强预算编制管理，力争执行率达到98%以上。
2025年计划申请预算200万元，用于继续实施本项目。
上年执行率为92.5%，本年执行率为100%，提高7.5个百分点。
全县需要资金约3000万元，财政安排150万元，缺口较大。
补助标准为每公里1500元，共补助1000公里，合计150万元。
项目实施后带动社会投资2000万元，新增就业300人。
采购合同金额148.6万元，节约资金1.4万元，结余按规定处理。
完成投资1.2亿元的高速公路已建成通车。
总得分为100分，其中产出指标50分，效益指标30分，满意度指标10分，预算执行率10分。
本次自评满分为100分，自评得分为100分，自评等级为“优”。
评价结果为良好的，优先安排下一年度预算。
通过问卷调查，发放问卷100份，收回98份，满意度95%，基本满意以上占99%。
该工程没有出现延期交付的情况，所有标段均按期完工。
目标任务已全部完成，不存在偏离绩效目标的情况。
资金支付率100%，资金使用合规率100%，项目验收合格率100%。
截至自评日，2024年12月31日前应付款项已全部支付。
该项资金为中央直达资金，2024年1月下达，6月底前支出进度达到60%。
本项目需资金150万元，县财政已全额安排。
2024年5月，县财政局下达预算指标120万元，11月追加下达30万元。
预算执行率达到100%，比目标值高5个百分点。
已支付工程款1,498,600元，质保金按合同约定留存。
全年预算数150.00万元，全年执行数150.00万元，执行率100.00%。
年度预算15万元用于宣传，其余用于养护。
项目经费与公用经费分别核算，不存在以项目经费弥补公用经费不足的问题。
计划到2026年12月31日全面完成全县农村公路改造任务。
到2023年底，全县农村公路通车里程达到1200公里。
截至2022年12月31日，全县共有农村公路1180公里，完成硬化率98%。
三年来，累计投入资金450万元，完成改造任务。
项目完成情况较好，基本完成年度目标，但仍有个别路段未完成。
"""


def test_what_units_often_write_is_neither_an_error_nor_a_warning(tmp_path):
    reading = read(good(), tmp_path)
    assert reading.submission is not None
    answers = reading.submission.answers
    for sentence in INNOCENT.splitlines():
        for key in ("overview", "goal_actual", "analysis_execution", "suggestions"):
            name = f"text_{key}"
            kept, answers[name] = answers[name], replace(answers[name], value=sentence, raw=sentence)
            findings = check(scored(reading))
            answers[name] = kept
            assert [f for f in findings if f.severity is not Severity.INFO] == [], (key, sentence)
