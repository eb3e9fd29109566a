"""What may need mending: found in a result, the same matter in every review, and where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from result_builder import finding_row, indicators, project, result

from workbook_tools.core.codes import Severity
from workbook_tools.core.review_result import MissingRow, SecondLook
from workbook_tools.followup.due_matters import OVER, count_due, tell_state
from workbook_tools.followup.listing_matters import find_matters
from workbook_tools.followup.matter_history import (
    Conclusion,
    MatterAnswer,
    MatterHistory,
    MatterState,
    MatterStep,
    MendingVerdict,
    NoticeSent,
    sort_due,
)
from workbook_tools.followup.matters import MatterOrigin

ROW = project(1)
ERROR = finding_row(ROW, "FUND01", Severity.ERROR, found="90", expected="80")
GONE = MissingRow(code="M1", name="未报的", department="水利局", unit="某所")
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def test_errors_that_a_unit_can_mend_and_what_has_not_come_are_listed_whole_of_a_project_together() -> None:
    findings = (
        ERROR,
        replace(ERROR, severity=Severity.WARNING),
        ERROR.blaming_the_list(),
        replace(ERROR, code="REVIEW01"),
        replace(ERROR, cell="C10", follows_from="FUND01"),
        replace(ERROR, project_code=""),
    )
    found = find_matters(result([ROW, project(2)], findings=findings, missing=(GONE,)), 1.0)
    assert [(one.code, one.origin) for one in found] == [(ROW.code, MatterOrigin.ERROR), ("M1", MatterOrigin.MISSING)]
    assert all(word in found[0].found for word in ("预算执行!C9", "现为“90”", "应为“80”"))
    assert (found[0].advice, found[0].unit) == (ERROR.advice, ROW.unit)


@pytest.mark.parametrize(("share", "listed"), [(0.099, True), (0.10, True), (0.101, False)])
def test_an_indicator_is_listed_from_the_stated_share_of_its_weight_on(share: float, listed: bool) -> None:
    row = project(1, execution_weight=0)
    scored = [
        one.model_copy(update={"weight": 10.0, "score": 9.0 if not at else 10.0})
        for at, one in enumerate(indicators(row))
    ]
    found = find_matters(result([row], missing=()).model_copy(update={"indicators": tuple(scored)}), share)
    assert [one.origin for one in found] == [MatterOrigin.LOSS] * listed


def test_a_score_that_finance_has_changed_counts() -> None:
    row = project(1, execution_weight=0)
    scored = [one.model_copy(update={"score": one.weight}) for one in indicators(row)]
    scored[0] = scored[0].model_copy(update={"reviewed_score": 0.0, "review_reason": "凭证不全"})
    [found] = find_matters(result([row], missing=()).model_copy(update={"indicators": tuple(scored)}), 0.2)
    assert scored[0].name in found.found


def test_a_matter_is_the_same_one_whatever_its_figures() -> None:
    before, after = (
        find_matters(result([ROW], findings=(one,), missing=()), 1.0)
        for one in (ERROR, replace(ERROR, found="91", message="大于"))
    )
    assert [one.number for one in before] == [one.number for one in after]
    assert before[0].found != after[0].found


def test_matters_that_are_alike_have_numbers_of_their_own() -> None:
    found = find_matters(result([ROW], findings=(ERROR, ERROR), missing=(GONE,)), 1.0)
    assert len({one.number for one in found}) == 3
    assert [one.origin for one in found] == [MatterOrigin.ERROR, MatterOrigin.ERROR, MatterOrigin.MISSING]


def test_a_project_that_somebody_found_otherwise_is_listed_with_both_totals() -> None:
    look = SecondLook(self_total=90.0, total=80.0, differing=2, conclusion="凭证不全")
    rows = [project(1, second_look=look), project(2, second_look=SecondLook(self_total=90.0, total=90.0))]
    [found] = find_matters(result(rows, findings=(), missing=()).model_copy(update={"indicators": ()}), 1.0)
    assert (found.code, found.origin, found.found) == (
        rows[0].code,
        MatterOrigin.SECOND_LOOK,
        "自评 90 分，复核 80 分；2 处得分不同；凭证不全",
    )


# -- where it stands --------------------------------------------------------------------------------------------------

[MATTER] = find_matters(result([ROW], findings=(ERROR,), missing=()), 1.0)
SENT = NoticeSent(at=NOW, by="李敏", round=1, due=NOW + timedelta(days=10), matter=MATTER, file="甲.xlsx")
ANSWER = MatterAnswer(
    at=NOW, by="王强", measure="补凭证", term="", result="已补", evidence="", file="甲.xlsx", sha256="1"
)
AGAIN = Conclusion(at=NOW, by="李敏", verdict=MendingVerdict.AGAIN, remark="凭证还缺")
DONE = replace(AGAIN, verdict=MendingVerdict.DONE)


def history(*steps: MatterStep) -> MatterHistory:
    return MatterHistory(MATTER.number, 2021, [*steps])


@pytest.mark.parametrize(
    ("steps", "state", "late"),
    [
        ((SENT,), MatterState.OPEN, True),
        ((replace(SENT, due=None),), MatterState.OPEN, False),
        ((SENT, ANSWER), MatterState.TO_CHECK, False),
        ((SENT, ANSWER, AGAIN), MatterState.AGAIN, True),
        ((SENT, ANSWER, AGAIN, replace(SENT, round=2)), MatterState.OPEN, True),
        ((SENT, ANSWER, DONE), MatterState.CLOSED, False),
        ((SENT, DONE), MatterState.CLOSED, False),
        ((SENT, ANSWER, DONE, replace(ANSWER, result="又补")), MatterState.TO_CHECK, False),
    ],
)
def test_where_a_matter_stands_follows_from_its_last_step(
    steps: tuple[MatterStep, ...], state: MatterState, late: bool
) -> None:
    found = history(*steps)
    assert (found.state, found.is_over(NOW + timedelta(days=11)), found.is_over(NOW)) == (state, late, False)


def test_what_is_over_its_term_comes_first_and_what_is_closed_not_at_all() -> None:
    now = NOW + timedelta(days=20)
    later, checked, closed = (
        history(replace(SENT, due=now + timedelta(days=1))),
        history(SENT, ANSWER),
        history(SENT, DONE),
    )
    late = history(SENT)
    assert sort_due([checked, closed, later, late], now) == [late, later, checked]
    assert tell_state(late, now) == OVER
    assert count_due([checked, closed, later, late], now) == "已过期限 1 项，等单位整改 1 项，已答复，待核查 1 项"
