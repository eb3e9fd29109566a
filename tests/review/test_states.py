"""The order of work: one state per project, and the first thing to do."""

from __future__ import annotations

from dataclasses import replace

import pytest
import result_builder

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult
from workbook_tools.core.states import Acceptor, State, judge_state
from workbook_tools.core.trust import Trust
from workbook_tools.review.states import find_unused_files, mark_states

PROJECT = result_builder.project(1)


def found(code: str, **changes: str) -> Finding:
    """A finding about the file of the project that counts."""
    facts = {"project_code": PROJECT.code, "file": PROJECT.file, "sheet": "自评表", "cell": "E7", **changes}
    return finding(code, **facts)


ERROR, REMINDER, REMARK = found("FILL08", cell="H9"), found("TEXT04", cell="B3"), found("CROSS03")


def mark(*findings: Finding, accepted: dict[str, Acceptor] | None = None) -> ProjectRow:
    result = ReviewResult(scheme="quwo", year=2021, projects=(PROJECT,), findings=findings)
    (row,) = mark_states(result, accepted).projects
    return row


@pytest.mark.parametrize(
    ("findings", "state"),
    [
        ((), State.READY),
        ((REMARK,), State.READY),
        ((REMINDER,), State.TO_EXPLAIN),
        ((REMINDER, ERROR), State.TO_CORRECT),
        ((replace(REMINDER, answer="合同跨年"),), State.READY),
        ((replace(REMINDER, answer="合同跨年", ruling="不接受"),), State.TO_EXPLAIN),
        ((replace(REMINDER, ruling="接受"),), State.READY),
        ((ERROR.blaming_the_list(), REMINDER.blaming_the_list()), State.READY),
        ((replace(ERROR, file="旧的.xlsx"),), State.READY),
        ((replace(ERROR, code="REVIEW02", file="审核结果.xlsx"),), State.READY),
    ],
)
def test_a_state_follows_from_what_holds_the_project(findings: tuple[Finding, ...], state: State) -> None:
    assert mark(*findings).state is state


def test_what_was_accepted_is_done_whatever_was_found() -> None:
    row = mark(ERROR, accepted={PROJECT.code: Acceptor("王强")})
    assert (row.state, row.first_step) == (State.ACCEPTED, "王强已接收")


def test_a_form_that_is_not_complete_goes_back_though_no_check_says_so() -> None:
    assert judge_state(0, 0, complete=False) is State.TO_CORRECT


def test_the_first_step_names_the_cell_of_the_first_error_that_causes_others() -> None:
    consequence = replace(found("SCORE03", cell="H2"), follows_from="FILL08")
    assert "自评表!H9" in mark(REMINDER, consequence, ERROR).first_step
    assert mark(REMINDER).first_step.startswith("请单位说明，先看 自评表!B3：")
    assert mark().first_step == f"接收：wbt accept {PROJECT.code}"


def test_what_is_not_what_was_issued_last_is_accepted_with_a_reason_only() -> None:
    hand_made = PROJECT.model_copy(update={"trust": Trust.HAND_MADE})
    (row,) = mark_states(ReviewResult(scheme="quwo", year=2021, projects=(hand_made,))).projects
    assert (row.state, row.first_step) == (
        State.READY,
        f"是手工表，先核实；采用的，写明理由接收：wbt accept {PROJECT.code} --because 理由",
    )


def test_figures_that_differ_are_asked_about_before_words_and_blanks() -> None:
    blank, money = found("FILL13", cell="B5"), found("FUND02", cell="G9").with_figures(12.0, 10.0)
    assert "自评表!G9" in mark(blank, REMINDER, money).first_step
    assert "自评表!B3" in mark(blank, REMINDER).first_step


def test_an_error_in_the_project_list_is_no_file_that_came() -> None:
    damaged, listed = found("FILE01", file="坏的.xlsx", project_code=""), found("LIST13", file="项目清单.xlsx")
    result = ReviewResult(scheme="quwo", year=2021, projects=(PROJECT,), findings=(damaged, listed))
    assert find_unused_files(result) == {"坏的.xlsx"}


def test_marking_again_changes_nothing_and_keeps_who_accepted() -> None:
    result = ReviewResult(
        scheme="quwo",
        year=2021,
        projects=(PROJECT,),
        findings=(ERROR, REMINDER),
        missing=(MissingRow(code="P9", name="甲", department="乙", unit="丙"),),
    )
    once = mark_states(result, {PROJECT.code: Acceptor("王强")})
    assert mark_states(once) == once


@pytest.mark.parametrize(("due", "step"), [("", "催报："), ("2025年3月31日", "等单位报送，2025年3月31日 截止")])
def test_what_has_not_come_is_awaited_or_asked_for(due: str, step: str) -> None:
    missing = MissingRow(code="P9", name="甲", department="乙", unit="丙", due=due)
    (row,) = mark_states(ReviewResult(scheme="quwo", year=2021, missing=(missing,))).missing
    assert row.state is State.MISSING
    assert row.first_step.startswith(step)


def test_a_slip_in_the_result_workbook_is_no_unused_file() -> None:
    slip, stranger = found("REVIEW10", file="审核结果.xlsx"), found("FILE05", file="菜单.xlsx", project_code="")
    result = ReviewResult(scheme="mof-2020", year=2024, findings=(slip, stranger))
    assert find_unused_files(result) == {"菜单.xlsx"}
