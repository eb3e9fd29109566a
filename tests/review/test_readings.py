"""A number typed with words, or as a share: what the form's own formulas come to, and what the review reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import MOF
from checking import ANSWERS, INDICATORS, PROPOSED, answered, found, good, indicator, proposing, read, row, scored

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import IndicatorAnswer, Project
from workbook_tools.review.checks.filled_form import FilledForm
from workbook_tools.review.checks.readings import evaluate_as_typed
from workbook_tools.review.folding import fold_findings, mark_consequences
from workbook_tools.review.result_rows import build_project_row
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.shipped.example import load_example


def told(project: Project, folder: Path, *codes: str) -> list[tuple[str, str]]:
    """Field and message of the findings of these codes."""
    return [(f.field.split("－")[0], f.message) for f in found(project, folder)[1] if f.code in codes]


def test_a_number_with_words_that_changes_the_forms_own_total_is_told_with_both_totals(tmp_path):
    assert told(row(1, actual="102公里"), tmp_path, "FILL21") == [
        ("养护里程", "填的是文字，表内公式不认；表内总分80分，集中评分100分"),
    ]


def test_every_cell_that_the_form_does_not_count_is_told(tmp_path):
    project = row(5, row(1, actual="102公里"), actual="92%")
    assert [field for field, _ in told(project, tmp_path, "FILL21")] == ["养护里程", "群众满意度"]


def test_a_number_without_words_or_one_that_changes_no_total_is_none(tmp_path):
    assert told(good(), tmp_path, "FILL21") == []
    assert told(answered(info={**ANSWERS.info, "phone": "0350 1234567"}), tmp_path, "FILL21") == []


def test_to_the_form_a_text_is_no_number_and_a_number_is_one(tmp_path):
    for typed, total in (("92", 90), (92.0, 100)):
        reading = read(row(5, actual=typed), tmp_path)
        assert evaluate_as_typed(FilledForm(scored(reading)))["total_score"] == total


def test_a_proposed_indicator_is_read_and_told_likewise(tmp_path):
    rows = (IndicatorAnswer(actual="102公里"), *ANSWERS.indicators[1:])
    assert [field for field, _ in told(proposing(*PROPOSED, indicators=rows), tmp_path, "FILL21")] == ["第1行"]


def test_what_the_sheet_shows_then_is_listed_under_it(tmp_path):
    shown = {"indicator_001_score": "", "total_score": 80.0, "grade": "良"}
    project = row(1, actual="102公里")
    reading = read(project, tmp_path, MOF, shown)
    _, findings = found(project, tmp_path, MOF, shown)
    folded = fold_findings(mark_consequences([*reading.findings, *findings]), [build_project_row(scored(reading))])
    assert [(f.first.code, [c.code for c in f.consequences]) for f in folded] == [
        ("FILL21", ["FILL05", "SCORE05", "GRADE01"]),
    ]


def test_the_published_report_whose_form_comes_to_less(tmp_path):
    """LibreOffice shows 22.85 in the workbook of 警务通; centrally it has 74.3."""
    project = next(p for p in load_example().projects if p.name == "警务通通信服务")
    _, findings = found(project, tmp_path, load_scheme(project.scheme))
    totals = {f.message.partition("；")[2] for f in findings if f.code == "FILL21"}
    assert totals == {"表内总分22.85分，集中评分74.3分"}


# -- 96% in a cell whose indicator has no unit ------------------------------------------------------------------------


def asked(project: Project, folder: Path) -> list[Finding]:
    return [f for f in found(project, folder)[1] if f.code == "FILL22"]


def unitless(number: int, target: float, actual: float, name: str = "") -> Project:
    """The good project with an indicator without unit; Excel keeps 0.96 of a typed 96%."""
    name = name or INDICATORS[number - 1].name
    return indicator(number, row(number, actual=actual), target=target, unit="", name=name)


def test_a_share_beside_a_target_without_unit_is_asked_about_with_both_readings(tmp_path):
    (finding,) = asked(unitless(5, 90.0, 0.92), tmp_path)
    assert finding.message == "没有单位，填的是 0.92：按 0.92 计得0.1分；如果是 92%，得10分"
    assert (finding.field, finding.expected) == ("群众满意度－实际完成值", "92，或核实确为 0.92")


@pytest.mark.parametrize(
    ("target", "actual", "name", "questions"),
    [
        (100.0, 1.0, "验收合格率", 1),
        (100.0, 1.0, "培训人数", 0),
        (2.0, 1.0, "设备套数", 0),
        (50.0, 0.4, "占地面积", 1),
        (5.0, 0.4, "占地面积", 0),
        (90.0, 92.0, "群众满意度", 0),
    ],
)
def test_only_what_is_near_the_target_as_a_share_is_asked_about(tmp_path, target, actual, name, questions):
    assert len(asked(unitless(1, target, actual, name), tmp_path)) == questions


def test_where_both_readings_earn_the_same_nothing_is_asked(tmp_path):
    assert asked(unitless(3, 50.0, 0.4, "返工率"), tmp_path) == []
