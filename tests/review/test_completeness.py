"""A form that is not complete has no grade: the cell says so, and the central review says the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from builders import INDICATORS, MET, MOF
from checking import PROPOSED, answered, found, good, places, proposing, read, row, scored, variant
from filling import Filler, compact_project, submission

from workbook_tools.core.model import FundingSource, Project
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.form.fields import Evaluation
from workbook_tools.form.layout import build_layout
from workbook_tools.review.result_rows import build_project_row
from workbook_tools.review.scoring import score_all
from workbook_tools.rules.library import PENDING
from workbook_tools.rules.scheme import Scheme, builtin_schemes

SCHEMES = list(builtin_schemes().values())
REBASED = variant(MOF, total={"rebase": True})
UNEXECUTED = variant(MOF, execution={"weight": 0}, weights={"total": 90})
COUNTY = {FundingSource.COUNTY: 120.0}
NO_ACTUAL, NO_MONEY = "有指标没有填实际完成值", "没有填预算资金或执行资金"


def outcome(project: Project, scheme: Scheme = MOF, **raw: Any) -> tuple[ProjectRow, Evaluation]:
    """The row of a review, and what the cells of the form itself say; ``raw`` are answers by field name."""
    layout = build_layout(project, scheme)
    inputs = {item.name: item.value for item in layout.fields.values() if item.role == "input"} | raw
    [central] = score_all([submission(layout, inputs)])
    return build_project_row(central), Evaluation(layout, inputs)


CASES: list[tuple[str, Project, Scheme, dict[str, Any], str]] = [
    ("all is there", good(), MOF, {}, ""),
    ("an actual is missing", row(1, actual=None), MOF, {}, NO_ACTUAL),
    ("a text stands for a number", good(), MOF, {"indicator_001_actual": "一百多"}, NO_ACTUAL),
    ("an actual of 0 is one", row(1, actual=0.0), MOF, {}, ""),
    ("a qualitative one has blanks only", good(), MOF, {"indicator_004_actual": " 　"}, NO_ACTUAL),
    ("its completion alone is missing", row(4, completion=None, tier=""), MOF, {}, ""),
    ("nothing was executed", answered(good(), executed={FundingSource.COUNTY: 0.0}), MOF, {}, ""),
    ("the execution is not known", answered(good(), executed={}), MOF, {}, NO_MONEY),
    ("the unit gave no budget", good(annual_budget={}), MOF, {}, NO_MONEY),
    ("the execution is not scored", answered(good(), executed={}), UNEXECUTED, {}, ""),
    ("what does not apply needs no actual", row(1, actual=None, applicable=False), REBASED, {}, ""),
    ("what applies does", row(1, actual=None), REBASED, {}, NO_ACTUAL),
    ("proposals add up", proposing(*PROPOSED), MOF, {}, ""),
    ("a proposal is missing", proposing(*PROPOSED[:4], indicators=MET[:4]), MOF, {}, "分值合计不是100分"),
    ("a proposal has no actual", proposing(*PROPOSED, indicators=MET[:4]), MOF, {}, NO_ACTUAL),
    ("nothing is proposed", proposing(), MOF, {}, "没有计分的指标"),
    ("a weight in thirds comes to the total but for rounding", proposing(
        *(PROPOSED[0].model_copy(update={"weight": w}) for w in (33.3333333, 33.3333333, 23.3333334)),
        indicators=(MET[0],) * 3,
    ), MOF, {}, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("project", "scheme", "raw", "reason"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_form_is_complete_or_says_why_not(project: Project, scheme: Scheme, raw: dict[str, Any], reason: str) -> None:
    result, form = outcome(project, scheme, **raw)
    assert (result.complete, result.pending_reason, form["pending"]) == (not reason, reason, reason)
    assert bool(result.grade) == (not reason)
    assert form["grade"] == (result.grade if not reason else PENDING if result.total_score is not None else "")
    label = f"总分（{PENDING}：{reason}，右边是目前的合计）" if form["grade"] == PENDING else "总分"
    assert form["total_label"] == label


def test_the_sum_so_far_is_kept_and_explained() -> None:
    result, form = outcome(row(1, actual=None))
    assert (result.total_score, form["total_score"], result.counted_total) == (80.0, 80.0, None)
    assert result.total_explanation.endswith(f"＝80分，{PENDING}（{NO_ACTUAL}）")


@pytest.mark.parametrize("approved", [True, False], ids=["approved", "proposed"])
@pytest.mark.parametrize("scheme", SCHEMES, ids=[scheme.id for scheme in SCHEMES])
def test_what_is_complete_in_the_cell_is_complete_centrally(scheme: Scheme, approved: bool) -> None:
    layout = build_layout(compact_project(scheme, approved=approved), scheme)
    filler = Filler(layout, seed=5)
    fillings = [filler.filling() for _ in range(40)] + [filler.complete_filling() for _ in range(20)]
    if not approved:  # one row holds all the points
        [first, *others] = [r.name("weight") for r in layout.rows]
        fillings = [f | dict.fromkeys(others) | {first: scheme.indicator_weight} for f in fillings]
    cells = [Evaluation(layout, filling) for filling in fillings]
    central = [build_project_row(one) for one in score_all([submission(layout, filling) for filling in fillings])]
    assert [(c["pending"] == "", c["pending"]) for c in cells] == [(r.complete, r.pending_reason) for r in central]
    assert [c["grade"] for c in cells] == [
        r.grade if r.complete else PENDING if r.total_score is not None else "" for r in central
    ]
    assert {r.complete for r in central} == {True, False}, Counter(r.pending_reason for r in central)


def test_weights_of_the_list_that_do_not_add_up_leave_no_grade() -> None:
    project = good(indicators=(*INDICATORS[:4], INDICATORS[4].model_copy(update={"weight": 5.0})))
    assert outcome(project)[0].pending_reason == "分值合计不是100分"


def test_a_grade_printed_on_a_form_that_is_not_complete_is_told_and_our_own_word_is_not(tmp_path) -> None:
    reading, findings = found(row(1, actual=None), tmp_path, cells={"grade": "优", "total_score": 80.0})
    told = [item for item in findings if item.code == "GRADE01"]
    assert places(told) == [("GRADE01", f"自评表!{reading.submission.layout.fields['grade'].cell}")]
    assert told[0].expected == f"{PENDING}（{NO_ACTUAL}）"
    _, findings = found(good(), tmp_path, cells={"grade": PENDING})
    assert [item for item in findings if item.code == "GRADE01"] == []


def test_a_form_of_today_is_asked_the_same(tmp_path) -> None:
    central = scored(read(row(1, actual=None), tmp_path))
    partial = replace(central.submission, partial=True)
    [again] = score_all([partial])
    assert (build_project_row(again).complete, build_project_row(again).grade) == (False, "")
