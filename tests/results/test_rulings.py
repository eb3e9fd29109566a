"""接受说明: what finance says of an answer in 审核结果.xlsx is read back, kept, and over when the answer or the facts change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import result_builder

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import ACCEPTED, REFUSED, Finding
from workbook_tools.core.questions import find_key
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.results import read_results, write_results
from workbook_tools.results.answer_sheet import ANSWERS, UNUSED_RULINGS
from workbook_tools.results.folder import StoredResult
from workbook_tools.review.folder import Review

PROJECT = result_builder.project(1)
QUESTION = result_builder.finding_row(PROJECT, severity=Severity.WARNING, answer="次年到账")
OTHER = replace(QUESTION, cell="C10", answer="")
RULED = {"接受说明": ACCEPTED, "意见": "凭证已核", "接受人": "王强"}


def result(*findings: Finding) -> ReviewResult:
    return result_builder.result([PROJECT], findings=findings or (QUESTION, OTHER))


def write(folder: Path, found: ReviewResult | None = None) -> StoredResult:
    return write_results(Review(HeldParts(found or result())), folder)


def fill(folder: Path, number: str, sheet: str = ANSWERS, **cells: str) -> None:
    """Type into the row of a question, as an office program saves it."""
    path = folder / "审核结果.xlsx"
    book = openpyxl.load_workbook(path)
    rows = list(book[sheet].iter_rows())
    (heads,) = [row for row in rows if "编号" in [cell.value for cell in row]]
    columns = {cell.value: cell.column for cell in heads}
    (line,) = {cell.row for row in rows for cell in row if cell.value == number}
    for header, text in cells.items():
        book[sheet].cell(line, columns[header]).value = text
    book.properties.lastModifiedBy = "王强"
    book.save(path)


def rows(folder: Path, sheet: str = ANSWERS) -> list[dict[str, object]]:
    book = openpyxl.load_workbook(folder / "审核结果.xlsx")
    if sheet not in book.sheetnames:
        return []
    heads, *lines = [[cell.value for cell in row] for row in book[sheet].iter_rows(min_row=3)]
    return [dict(zip(map(str, heads), line, strict=True)) for line in lines]


def number(row: Finding) -> str:
    return find_key(row).number


def ruling(row: Finding) -> tuple[str, str, str]:
    return row.ruling, row.ruling_reason, row.ruled_by


def test_every_question_stands_on_the_sheet_those_first_that_wait_for_finance(tmp_path: Path) -> None:
    error = replace(QUESTION, severity=Severity.ERROR, cell="C11")
    write(tmp_path, result(OTHER, error, QUESTION.blaming_the_list(), QUESTION))
    assert [(row["情况"], row["单位说明"], row["编号"]) for row in rows(tmp_path)] == [
        ("已说明", "次年到账", number(QUESTION)),
        ("待说明", None, number(OTHER)),
    ]


def test_a_ruling_is_read_back_and_carried_into_the_next_result(tmp_path: Path) -> None:
    write(tmp_path)
    fill(tmp_path, number(QUESTION), **RULED)
    stored = read_results(tmp_path)
    first = stored.result.findings[0]
    assert ruling(first) == (ACCEPTED, "凭证已核", "王强") and first.ruled_at
    assert stored.problems == ()
    again = write(tmp_path)
    assert again.result.findings[0] == first
    assert again.moved_aside is not None
    assert [(row["情况"], row["接受说明"], row["意见"], row["接受人"]) for row in rows(tmp_path)] == [
        ("待说明", None, None, None),
        ("接受", "接受", "凭证已核", "王强"),
    ]
    assert read_results(tmp_path).result.findings == again.result.findings, "the time stays while nobody touches it"


def test_a_refused_answer_waits_again_and_an_accepted_question_does_not(tmp_path: Path) -> None:
    write(tmp_path)
    fill(tmp_path, number(QUESTION), 接受说明=REFUSED, 意见="请附到账凭证", 接受人="王强")
    fill(tmp_path, number(OTHER), 接受说明=ACCEPTED, 接受人="王强")
    counts = read_results(tmp_path).result.projects[0].findings
    assert (counts.to_answer, counts.answered) == (1, 1)


@pytest.mark.parametrize(
    ("change", "still"),
    [
        (lambda row: row, True),
        (lambda row: replace(row, file="另一个.xlsx", advice="别的"), True),
        (lambda row: replace(row, answer="附件2已有"), False),
        (lambda row: replace(row, answer=""), False),
        (lambda row: replace(row, found="27"), False),
    ],
)
def test_a_ruling_is_about_one_answer_to_one_question(
    tmp_path: Path, change: Callable[[Finding], Finding], still: bool
) -> None:
    write(tmp_path)
    fill(tmp_path, number(QUESTION), **RULED)
    (now,) = write(tmp_path, result(change(QUESTION))).result.findings
    assert bool(now.ruling) is still


def test_what_finance_has_accepted_unasked_stays_so_whatever_the_unit_says(tmp_path: Path) -> None:
    write(tmp_path)
    fill(tmp_path, number(OTHER), **RULED)
    (now,) = write(tmp_path, result(replace(OTHER, answer="次年到账"))).result.findings
    assert now.ruling == ACCEPTED
    (changed,) = write(tmp_path, result(replace(OTHER, found="27"))).result.findings
    assert changed.ruling == ""


def test_a_ruling_is_kept_while_its_question_is_away_and_comes_back_with_it(tmp_path: Path) -> None:
    write(tmp_path)
    fill(tmp_path, number(QUESTION), **RULED)
    gone = write(tmp_path, result(OTHER))
    assert ([f.ruling for f in gone.result.findings], gone.problems) == ([""], ())
    assert [row["编号"] for row in rows(tmp_path, UNUSED_RULINGS)] == [number(QUESTION)]
    back = write(tmp_path)
    assert ruling(back.result.findings[0]) == (ACCEPTED, "凭证已核", "王强")
    assert rows(tmp_path, UNUSED_RULINGS) == []


@pytest.mark.parametrize(
    ("typed", "code", "adopted"),
    [
        ({"接受说明": "好的", "接受人": "王强"}, "REVIEW09", ""),
        ({"意见": "凭证已核"}, "REVIEW09", ""),
        ({"接受说明": REFUSED, "接受人": "王强"}, "REVIEW10", ""),
        ({"接受说明": ACCEPTED}, "REVIEW08", ACCEPTED),
        ({"接受说明": "同意", "接受人": "王强"}, "", ACCEPTED),
        ({"接受说明": "不同意", "意见": "凭证呢", "接受人": "王强"}, "", REFUSED),
    ],
)
def test_what_is_wrong_with_a_ruling_is_told_at_its_cell_and_what_was_typed_stays(
    tmp_path: Path, typed: dict[str, str], code: str, adopted: str
) -> None:
    write(tmp_path)
    fill(tmp_path, number(QUESTION), **typed)
    stored = read_results(tmp_path)
    assert [(f.code, f.sheet, f.cell) for f in stored.problems] == ([(code, ANSWERS, "H4")] if code else [])
    assert stored.result.findings[0].ruling == adopted
    again = write(tmp_path)
    assert [f.code for f in again.problems] == ([code] if code else [])
    (line,) = [row for row in rows(tmp_path) if row["编号"] == number(QUESTION)]
    assert {name: line[name] for name in typed} == typed


def test_without_the_columns_what_is_in_force_stays_in_force(tmp_path: Path) -> None:
    write(tmp_path)
    fill(tmp_path, number(QUESTION), **RULED)
    write(tmp_path)
    path = tmp_path / "审核结果.xlsx"
    book = openpyxl.load_workbook(path)
    book[ANSWERS]["J3"] = "谁"
    book.save(path)
    stored = read_results(tmp_path)
    assert [(f.code, f.sheet) for f in stored.problems] == [("REVIEW07", ANSWERS)]
    assert ruling(stored.result.findings[0]) == (ACCEPTED, "凭证已核", "王强")
    path.unlink()
    assert ruling(read_results(tmp_path).result.findings[0]) == (ACCEPTED, "凭证已核", "王强")


def test_the_answer_stands_beside_its_finding_and_explained_ones_come_last(tmp_path: Path) -> None:
    other = replace(OTHER, code="FUND02")
    write(tmp_path, result(QUESTION, other))
    book = openpyxl.load_workbook(tmp_path / "审核结果.xlsx")
    found = [[cell.value for cell in row] for row in book["问题清单"].iter_rows(min_row=4)]
    assert [(row[0], "次年到账" in row[8]) for row in found] == [("提醒", False), ("已说明", True)]
    details = [[cell.value for cell in row] for row in book["问题明细"].iter_rows(min_row=4)]
    assert [(row[0], row[12]) for row in details] == [("提醒", None), ("已说明", "单位说明：次年到账")]
    steps = {str(row[0].value)[3:]: row[1].value for row in book["审核概览"].iter_rows()}
    assert steps["看单位说明"] == "1 条"
