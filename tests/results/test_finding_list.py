"""问题清单 of the built-in example: short, whole, and as wide as a small screen."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from made_demo import show_demo
from office import fit_heights, requires_uno
from openpyxl.worksheet.worksheet import Worksheet
from result_builder import finding_row, project, result

from workbook_tools.core.codes import Severity
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.results.workbook import write_workbook

TODAY = 168
"""Rows of the list before findings were folded."""
SCREEN, DIGIT, PADDING, AROUND = 1366, 8, 5, 60
"""Pixels: the screen, a digit of 宋体 11, what a column adds, row numbers with the scroll bar."""


@pytest.fixture(scope="module")
def example() -> tuple[ReviewResult, openpyxl.Workbook]:
    """The demo's result, and its 审核结果.xlsx."""
    demo = show_demo()
    return demo.result, openpyxl.load_workbook(demo.campaign.folder("审核") / "审核结果.xlsx")


def records(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(min_row=4, values_only=True))


def test_an_officer_reads_a_third_and_nothing_is_lost(example) -> None:
    found, book = example
    assert len(records(book["问题清单"])) <= TODAY / 3
    counted = [int(str(row[4]).split('"')[-2]) for name in ("问题清单", "说明") for row in records(book[name])]
    assert sum(counted) == len(found.findings) == len(records(book["问题明细"]))


def test_every_cell_of_every_finding_is_a_link_to_the_submitted_workbook(example) -> None:
    found, book = example
    sheet = book["问题明细"]
    linked = {(cell.value, cell.hyperlink.location) for cell in sheet["F"][3:] if cell.hyperlink}
    cells = {(f"{f.sheet}!{f.cell}", f"'{f.sheet}'!{f.cell}") for f in found.findings if f.cell}
    sheets = {(f.sheet, f"'{f.sheet}'!A1") for f in found.findings if f.sheet and not f.cell}
    assert linked == cells | sheets


def test_the_number_of_places_leads_to_just_these_findings(example) -> None:
    """By the number of the cause, which its findings have too: so it does after a sort of either sheet."""
    _, book = example
    details = records(book["问题明细"])
    last = 3 + len(details)
    for row in (*book["问题清单"].iter_rows(min_row=4), *book["说明"].iter_rows(min_row=4)):
        number, own = row[11].value, row[4]
        mine = [line for line in details if line[14] == number]
        count = int(str(own.value).split('"')[-2])
        assert own.value == f"""=HYPERLINK("#'问题明细'!A"&3+MATCH(L{own.row},'问题明细'!$O$4:$O${last},0),"{count}")"""
        assert len(mine) == count
        assert all(row[9].value in line[1:3] for line in mine)


@requires_uno
def test_no_row_is_lower_than_its_texts(example, tmp_path: Path) -> None:
    """Also those that quote what several projects share; measured in a program whose letters are wide."""
    _, book = example
    book.save(tmp_path / "审核结果.xlsx")
    heights = fit_heights(tmp_path / "审核结果.xlsx")
    for name in ("问题清单", "提醒说明", "说明", "问题明细"):
        assert [row for row, (given, fitted) in enumerate(heights[name], 1) if row > 3 and fitted > given + 1] == []


@pytest.mark.parametrize("name", ["审核概览", "问题清单", "说明"])
def test_the_columns_fit_a_small_screen(example, name: str) -> None:
    widths = [letters.width * DIGIT + PADDING for letters in example[1][name].column_dimensions.values()]
    assert sum(widths) <= SCREEN - AROUND


def test_figures_that_differ_stand_as_numbers_with_their_difference(tmp_path: Path) -> None:
    row = project(1)
    points = finding_row(row, "SCORE05", found="100", expected="99.09").with_figures(100.0, 99.09)
    share = finding_row(row, "TEXT07", found="执行率86.66%", expected="86.67%").with_figures(0.8666, 0.8667)
    more = finding_row(row, "FUND01", found="40", expected="不大于30").with_figures(40.0, 30.0)
    write_workbook(result([row], findings=(points, share, more)), tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["问题清单"]
    shown = {line[9].value: [cell.value for cell in line[5:8]] for line in sheet.iter_rows(min_row=4)}
    assert shown["SCORE05"] == [100, 99.09, 0.91]
    assert shown["FUND01"] == [40, 30, 10]
    assert shown["TEXT07"] == ["执行率86.66%", 0.8667, pytest.approx(-0.0001)]
    assert {line[7].number_format for line in sheet.iter_rows(min_row=4) if line[9].value == "TEXT07"} == {"0.00%"}


def test_remarks_have_a_sheet_of_their_own(example) -> None:
    _, book = example
    assert {row[0] for row in records(book["问题清单"])} == {Severity.ERROR.label, Severity.WARNING.label}
    assert {row[0] for row in records(book["说明"])} == {Severity.INFO.label}
