"""结果应用: proposals come from the grades by rules that are named, and what finance decides stays."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from result_builder import project, result, unscored

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.proposing import write_proposals
from workbook_tools.campaign.settings import read_settings
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.review_result import MissingRow
from workbook_tools.followup.proposals import GradeOutcome, propose

GRADED = result(
    [
        project(1, grade="优秀"),
        project(2, grade="良好"),
        project(3, grade="合格"),
        project(4, grade="不合格", reviewed_grade="合格", reviewed_total=70.0, reviewed_scores={"产出指标": 1.0}),
        unscored(5),
    ],
    missing=(MissingRow(code="M1", name="未报的", department="水利局", unit="某所"),),
)
OURS = {"优秀": GradeOutcome(advice="优先保障", share=1.0), "合格": GradeOutcome(advice="压减一成", share=0.9)}


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return Campaign.create(tmp_path / "自评", Settings(year=2021, authority="清河县财政局", outcome=OURS))


def test_the_offices_rule_goes_before_the_usual_words_and_both_are_named() -> None:
    first, second, third, fourth, *rest = propose(GRADED, OURS)
    assert (first.advice, first.amount, "[outcome]" in first.source) == ("优先保障", first.budget, True)
    assert (second.advice, second.amount, "通用建议" in second.source) == ("合理安排", None, True)
    assert third.budget is not None
    assert (third.advice, third.amount) == ("压减一成", round(third.budget * 0.9, 2))
    assert (fourth.grade, fourth.advice, "核定后" in fourth.source) == ("合格", "压减一成", True)
    assert [(one.advice, one.amount) for one in rest] == [("", None), ("", None)]
    assert all(one.source for one in rest)


@pytest.mark.parametrize(
    ("grade", "advice"),
    [
        ("优秀", "优先保障"),
        ("良好", "合理安排"),
        ("合格", "从严安排，改进后再定"),
        ("不合格", "压减或者暂停安排"),
        ("甲", ""),
    ],
)
def test_without_a_rule_the_usual_words_go_by_the_place_of_the_grade(grade: str, advice: str) -> None:
    [found] = propose(result([project(1, grade=grade)], missing=()), {})
    assert (found.advice, found.share) == (advice, None)


def fill(path: Path, code: str, decision: str, amount: object, by: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["结果应用建议"]
    heads = {
        str(cell.value).split("\n")[0]: cell.column for row in sheet.iter_rows(max_row=4) for cell in row if cell.value
    }
    row = next(
        row[0].row for row in sheet.iter_rows(min_row=4) if sheet.cell(row[0].row, heads["项目编码"]).value == code
    )
    for head, value in (("财政意见", decision), ("财政核定", amount), ("经办人", by)):
        sheet.cell(row, heads[head]).value = value  # type: ignore[assignment]
    book.properties.lastModifiedBy = "李敏"
    book.save(path)


def states(path: Path) -> dict[str, str]:
    sheet = openpyxl.load_workbook(path)["结果应用建议"]
    heads = {
        str(cell.value).split("\n")[0]: cell.column for row in sheet.iter_rows(max_row=4) for cell in row if cell.value
    }
    rows = (
        (sheet.cell(n, heads["项目编码"]).value, sheet.cell(n, heads["状态"]).value)
        for n in range(4, sheet.max_row + 1)
    )
    return {str(code): str(state) for code, state in rows if code and state}


def test_what_finance_decides_stays_and_a_proposal_that_changed_since_is_told(campaign: Campaign) -> None:
    done = write_proposals(campaign, GRADED)
    fill(done.workbook, "XM0001", "同意", 120.5, "李敏")
    again = write_proposals(campaign, GRADED)
    assert (again.decided, again.moved_aside is not None, states(again.workbook)) == (1, True, {"XM0001": "已填"})
    worse = result([project(1, grade="合格"), project(2, grade="良好")], missing=())
    changed = write_proposals(campaign, worse)
    assert states(changed.workbook) == {"XM0001": "建议有变，请复核"}
    assert states(write_proposals(campaign, worse).workbook) == {"XM0001": "建议有变，请复核"}


def test_a_decision_on_a_project_that_is_gone_is_kept_and_comes_back_with_it(campaign: Campaign) -> None:
    done = write_proposals(campaign, GRADED)
    fill(done.workbook, "XM0003", "压减", 90.0, "李敏")
    others = result([project(1, grade="优秀")], missing=())
    gone = write_proposals(campaign, others)
    assert openpyxl.load_workbook(gone.workbook)["没有对上的"]["A4"].value == "XM0003"
    assert states(write_proposals(campaign, GRADED).workbook) == {"XM0003": "已填"}


def test_an_amount_that_is_no_number_is_told_with_its_cell_and_nothing_is_written(campaign: Campaign) -> None:
    done = write_proposals(campaign, GRADED)
    fill(done.workbook, "XM0001", "同意", "一百", "李敏")
    before = done.workbook.read_bytes()
    with pytest.raises(SettingsError, match=r"O\d+ 的财政核定应为数字"):
        write_proposals(campaign, GRADED)
    assert done.workbook.read_bytes() == before


def test_a_column_that_is_gone_is_told(campaign: Campaign) -> None:
    done = write_proposals(campaign, GRADED)
    book = openpyxl.load_workbook(done.workbook)
    for row in book["结果应用建议"].iter_rows(max_row=4):
        for cell in row:
            if cell.value == "编号":
                cell.value = None
    book.save(done.workbook)
    with pytest.raises(SettingsError, match="编号"):
        write_proposals(campaign, GRADED)


def test_rules_are_read_from_the_settings_and_a_share_out_of_bounds_is_told(tmp_path: Path) -> None:
    path = tmp_path / "wbt.toml"
    path.write_text('year = 2024\n[outcome]\n"优" = { advice = "优先保障", share = 1.0 }\n', "utf-8")
    assert read_settings(path).outcome == {"优": GradeOutcome(advice="优先保障", share=1.0)}
    path.write_text('year = 2024\n[outcome]\n"优" = { advice = "", share = 90 }\n', "utf-8")
    with pytest.raises(SettingsError, match=r"outcome\.优"):
        read_settings(path)
