"""One row per cause and project; what follows from another finding stands under it; nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from result_builder import finding_row, project

from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.review_result import MissingRow
from workbook_tools.review.folding import fold_findings, mark_consequences

ONE, TWO, THREE = project(0), project(3), project(1)
"""The first two are of one department."""


def at(code: str, cell: str = "", sheet: str = "自评表", row=ONE, shares_with: str = "", **facts) -> Finding:
    found = finding(code, project_code=row.code, file=row.file, sheet=sheet if cell else "", cell=cell, **facts)
    return replace(found, shares_with=shares_with)


def rows(*findings: Finding, projects=(ONE, TWO, THREE)) -> list[tuple[str, list[str], list[str]]]:
    """Of each row its code, its cells, and the codes of what follows."""
    return [
        (row.first.code, [f.cell for f in row.findings], [f.code for f in row.consequences])
        for row in fold_findings(mark_consequences(findings), projects)
    ]


def test_a_cause_is_one_row_with_all_its_cells():
    assert rows(at("TEXT01", "B4"), at("TEXT01", "B6"), at("TEXT01", "B4", row=TWO)) == [
        ("TEXT01", ["B4", "B6"], []),
        ("TEXT01", ["B4"], []),
    ]


def test_a_blank_completion_takes_the_loss_the_reason_and_the_low_total_under_it():
    assert rows(at("FILL10", "G11"), at("FILL08", "I11"), at("SCORE03", "H11"), at("SCORE12", "H14")) == [
        ("FILL10", ["G11"], ["FILL08", "SCORE03", "SCORE12"]),
    ]


def test_a_loss_in_another_row_has_a_cause_of_its_own():
    assert rows(at("FILL10", "G11"), at("FILL08", "I11"), at("FILL08", "I12")) == [
        ("FILL10", ["G11"], ["FILL08"]),
        ("FILL08", ["I12"], []),
    ]


def test_another_project_is_no_cause():
    assert rows(at("FILL09", "C13"), at("SCORE02", "G35", row=TWO)) == [
        ("FILL09", ["C13"], []),
        ("SCORE02", ["G35"], []),
    ]


def test_a_chain_ends_at_its_first_cause():
    found = at("TAMPER03", "H8"), at("SCORE01", "H8"), at("SCORE05", "H14"), at("GRADE01", "H15")
    assert rows(*found) == [("TAMPER03", ["H8"], ["SCORE01", "SCORE05", "GRADE01"])]
    assert [f.follows_from for f in mark_consequences(found)] == ["", "TAMPER03", "TAMPER03", "TAMPER03"]


def test_a_number_that_the_form_does_not_know_takes_what_follows_under_it():
    found = at("FILL21", "E13"), at("FILL05", "E13"), at("SCORE05", "G18"), at("TEXT12", "B11"), at("FILL05", "E14")
    assert rows(*found) == [("FILL21", ["E13"], ["FILL05", "SCORE05", "TEXT12"]), ("FILL05", ["E14"], [])]


def test_remarks_with_one_cause_are_one_row():
    assert rows(at("WEIGHT02", "D13"), at("WEIGHT03", "D13")) == [("WEIGHT02", ["D13"], ["WEIGHT03"])]
    assert rows(at("SCORE10", "E10"), at("SCORE11", "G10")) == [("SCORE10", ["E10"], ["SCORE11"])]
    assert rows(at("TEXT14", "B10"), at("TEXT20", "B10"), at("TEXT20", "B5")) == [
        ("TEXT14", ["B10"], ["TEXT20"]),
        ("TEXT20", ["B5"], []),
    ]


def test_no_error_hides_behind_what_the_office_made_less_severe():
    cause = replace(at("FILL10", "G11"), severity=Severity.INFO)
    assert rows(cause, at("FILL08", "I11")) == [("FILL08", ["I11"], []), ("FILL10", ["G11"], [])]


def test_errors_come_first_then_warnings_then_remarks():
    assert [code for code, *_ in rows(at("WEIGHT03"), at("FUND01"), at("FILL10"), at("SCORE07"), at("FILL13"))] == [
        "FILL10",
        "FUND01",
        "FILL13",
        "WEIGHT03",
        "SCORE07",
    ]


FOUR = project(6)
"""A third one of the department of the first two."""


def shared(row, other, words: str) -> Finding:
    return at("CROSS02", "B4", row=row, found=words, shares_with=other.code)


def whose(*findings: Finding, projects=(ONE, TWO, THREE, FOUR)) -> list[tuple[str, list[str]]]:
    """Of each row its department, and the projects in it."""
    return [(row.department, [f.project_code for f in row.findings]) for row in fold_findings(findings, projects)]


def test_projects_of_a_department_that_share_a_passage_nearly_equal_too_are_one_row():
    found = shared(ONE, TWO, "资金已足额拨入。"), shared(TWO, ONE, "资金已全部足额拨入。")
    assert whose(*found) == [(ONE.department, [ONE.code, TWO.code])]


def test_who_shares_with_somebody_who_shares_with_others_stands_in_their_row():
    found = shared(ONE, TWO, "甲"), shared(TWO, ONE, "甲"), shared(TWO, FOUR, "乙"), shared(FOUR, TWO, "乙")
    assert whose(*found) == [(ONE.department, [ONE.code, TWO.code, TWO.code, FOUR.code])]
    assert [len(codes) for _, codes in whose(*found[:1], shared(FOUR, FOUR, "丙"))] == [1, 1]


def test_what_is_shared_with_another_department_stays_with_each_project():
    found = [at("CROSS02", "B4", row=row, found="资金已足额拨入。") for row in (ONE, THREE)]
    assert whose(*found) == [("", [ONE.code]), ("", [THREE.code])]


def test_a_stock_phrase_is_one_row_for_the_department():
    assert whose(*(at("CROSS03", "B4", row=row) for row in (ONE, TWO, THREE))) == [
        (ONE.department, [ONE.code, TWO.code]),
        ("", [THREE.code]),
    ]


def test_nothing_is_lost():
    found = [at(code, f"B{i % 7}", row=(ONE, TWO, THREE)[i % 3]) for i, code in enumerate([*CODES] * 2)]
    found += [finding("FILE03", file="坏文件.xlsx"), finding_row(THREE), shared(ONE, TWO, "甲"), shared(TWO, ONE, "乙")]
    marked = mark_consequences(found)
    folded = fold_findings(marked, (ONE, TWO, THREE))
    assert sorted(map(str, marked)) == sorted(str(f) for row in folded for f in row.all)


def test_what_follows_stands_alone_where_its_cause_is_not_shown():
    [_, score] = mark_consequences([at("FILL09", "C13"), at("SCORE02", "G35")])
    assert [row.first.code for row in fold_findings([score], (ONE,))] == ["SCORE02"]


def test_the_projects_that_a_department_has_not_sent_are_one_row():
    missing = [
        MissingRow(code=code, name="甲", department=name, unit="")
        for code, name in (("A", "一局"), ("B", "二局"), ("C", "一局"))
    ]
    found = [finding("CROSS01", project_code=row.code, field=f"{row.code} {row.name}") for row in missing]
    folded = fold_findings(found, (ONE,), missing)
    assert [(row.department, [f.project_code for f in row.findings]) for row in folded] == [
        ("一局", ["A", "C"]),
        ("", ["B"]),
    ]
