"""What we sent out ourselves is never taken for a submission: blank forms, our copies as they were returned, our output."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from builders import KEY, KEYS, MOF, answers, filled, layout_of, project
from docx import Document

from workbook_tools.core.model import IndicatorAnswer, Project
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.sources import SourceFile
from workbook_tools.reports import write_reports
from workbook_tools.results import write_results
from workbook_tools.returns import write_returns
from workbook_tools.review import review_folder
from workbook_tools.review.folding import fold_findings
from workbook_tools.shipped.blanks import draw_blank_form
from workbook_tools.summary import write_summaries
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import build_workbook

CELLS = {name: item.cell for name, item in layout_of(project()).fields.items()}


def review(folder: Path, projects: list[Project] | None = None) -> ReviewResult:
    return review_folder(folder, keys=KEYS, projects=projects or [project()], year=2024).result


def told(result: ReviewResult) -> list[tuple[str, str, str]]:
    return [(f.code, f.project_code, f.file) for f in result.findings if f.code.startswith("FILE")]


def save(path: Path, **cells: object) -> None:
    """Type into cells of 自评表 and save, as a person does."""
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book["自评表"][cell] = value
    book.properties.lastModifiedBy = "李敏"
    book.save(path)


def issued(path: Path, **changes: object) -> Path:
    path.write_bytes(build_workbook(project(**changes), MOF, KEY))
    return path


def faulty() -> dict[str, object]:
    given = [IndicatorAnswer(actual="很多"), *answers().indicators[1:]]
    return {"answers": answers(indicators=tuple(given))}


def return_copy(inbox: Path, folder: Path) -> Path:
    """The copy of the only file with errors."""
    (item,) = write_returns(review(inbox), inbox, folder, KEYS)
    assert item.path is not None
    return item.path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "回收").mkdir()
    return tmp_path / "回收"


# -- the form as it was issued ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("saved", [False, True])
def test_a_blank_form_is_told_and_its_project_stays_missing(inbox: Path, saved: bool) -> None:
    path = issued(inbox / "改了名.xlsx")
    if saved:
        save(path)
    result = review(inbox)
    assert told(result) == [("FILE18", "P001", "改了名.xlsx")]
    assert [(row.code, row.reason) for row in result.missing] == [("P001", "收到的是未填写的下发表")]
    assert (result.projects, result.reviewed_files) == ((), 1)


def test_one_cell_makes_it_a_submission(inbox: Path) -> None:
    save(issued(inbox / "P001.xlsx"), **{CELLS["indicator_001_actual"]: 100})
    result = review(inbox)
    assert [p.file for p in result.projects] == ["P001.xlsx"]
    assert told(result) == []


def test_a_blank_form_beside_a_filled_one_is_only_noted(inbox: Path) -> None:
    filled(inbox)
    issued(inbox / "空的.xlsx")
    result = review(inbox)
    assert told(result) == [("FILE09", "P001", "空的.xlsx")]
    assert [p.file for p in result.projects] == ["P001.xlsx"]


def test_a_blank_form_of_no_listed_project_is_passed_over(inbox: Path) -> None:
    issued(inbox / "去年.xlsx", year=2023)
    assert told(review(inbox)) == [("FILE09", "", "去年.xlsx")]


def test_the_blank_form_of_the_package_is_told_though_nobody_knows_whose_it_is(inbox: Path) -> None:
    (inbox / "空白表.xlsx").write_bytes(draw_blank_form(MOF))
    assert told(review(inbox)) == [("FILE18", "", "空白表.xlsx")]


# -- the copy as it was returned --------------------------------------------------------------------------------------


def test_a_copy_carries_its_round_and_each_return_counts_on(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, **faulty())
    rounds = []
    for number in range(3):
        copy = return_copy(inbox, tmp_path / f"退回{number}")
        mark = read_submission(SourceFile(copy, copy.name), KEYS).mark
        rounds.append(mark and mark.round)
        save(copy, **{CELLS["indicator_005_actual"]: 0.9 + number / 100})
        copy.replace(inbox / "P001.xlsx")
    assert rounds == [1, 2, 3]


def test_the_mark_of_another_project_does_not_hold(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, **faulty())
    copy = return_copy(inbox, tmp_path / "退回")
    mark = openpyxl.load_workbook(copy)["标识"]["B1006"].value
    other = issued(inbox / "P002.xlsx", code="P002")
    book = openpyxl.load_workbook(other)
    book["标识"]["B1006"] = mark
    book.save(other)
    assert read_submission(other, KEYS).mark is None


@pytest.mark.parametrize("saved", [False, True])
def test_an_unchanged_copy_beside_what_was_returned_is_an_error(inbox: Path, tmp_path: Path, saved: bool) -> None:
    filled(inbox, **faulty())
    copy = return_copy(inbox, tmp_path / "退回")
    if saved:
        save(copy)
    copy.replace(inbox / "退回来的.xlsx")
    result = review(inbox)
    assert told(result) == [("FILE19", "P001", "退回来的.xlsx")]
    assert [p.file for p in result.projects] == ["P001.xlsx"]


def test_an_unchanged_copy_alone_leaves_its_project_missing(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, **faulty())
    copy = return_copy(inbox, tmp_path / "退回")
    copy.replace(inbox / "P001.xlsx")
    result = review(inbox)
    assert (told(result), [m.code for m in result.missing]) == ([("FILE19", "P001", "P001.xlsx")], ["P001"])


def test_an_unchanged_copy_beside_the_corrected_one_is_only_noted(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, **faulty())
    copy = return_copy(inbox, tmp_path / "退回")
    (inbox / "没改的.xlsx").write_bytes(copy.read_bytes())
    save(copy, **{CELLS["indicator_001_actual"]: 102})
    copy.replace(inbox / "改好的.xlsx")
    result = review(inbox)
    assert told(result) == [("FILE08", "P001", "P001.xlsx"), ("FILE09", "P001", "没改的.xlsx")]
    assert [p.file for p in result.projects] == ["改好的.xlsx"]


@pytest.mark.parametrize(("saved", "code"), [(False, "FILE19"), (True, "FILE08")])
def test_a_copy_in_which_nothing_had_to_be_changed_counts_once_the_unit_saved_it(
    inbox: Path, tmp_path: Path, saved: bool, code: str
) -> None:
    """Only a locked weight was changed: the copy has it right again, and the unit has nothing to type."""
    save(filled(inbox), **{CELLS["indicator_001_weight"]: 25})
    copy = return_copy(inbox, tmp_path / "退回")
    if saved:
        save(copy)
    copy.replace(inbox / "退回来的.xlsx")
    result = review(inbox)
    assert [found for found, *_ in told(result)] == [code]
    assert [p.file for p in result.projects] == ["退回来的.xlsx" if saved else "P001.xlsx"]


# -- what we produced -------------------------------------------------------------------------------------------------


def test_a_report_of_ours_that_somebody_worked_on_is_no_report_of_a_unit(inbox: Path, tmp_path: Path) -> None:
    """Word keeps the property 类别, whoever is the author by then; a report of the unit's own has none."""
    filled(tmp_path)
    path, *_ = write_reports(review_folder(tmp_path, keys=KEYS).result, tmp_path / "报告")
    report = Document(str(path))
    report.core_properties.author = report.core_properties.last_modified_by = "李敏"
    report.save(str(inbox / "自评报告.docx"))
    assert told(review(inbox)) == [("FILE09", "", "自评报告.docx")]
    assert [f.message for f in review(inbox).findings if f.file] == [
        "已跳过：是程序生成的“报告-财政部”，不是单位报送的"
    ]


def test_our_own_output_is_passed_over_by_name(inbox: Path, tmp_path: Path) -> None:
    filled(tmp_path, **faulty())
    reviewed = review_folder(tmp_path, keys=KEYS)
    write_results(reviewed, inbox)
    write_summaries(reviewed.result, inbox)
    write_reports(reviewed.result, inbox)
    for item in write_returns(reviewed.result, tmp_path, inbox, KEYS):
        assert item.path is not None
        item.path.unlink()
    result = review(inbox)
    passed = [path for path in inbox.rglob("*.*") if path.is_file()]
    assert {(f.code, f.file) for f in result.findings if f.file} == {
        ("FILE09", path.relative_to(inbox).as_posix()) for path in passed
    }
    names = {f.message.partition("“")[2].partition("”")[0] for f in result.findings if "程序生成的" in f.message}
    assert names == {"审核结果", "汇总", "报告-财政部", "部门汇总报告", "一页简报", "退回通知"}
    assert result.reviewed_files == 0


def test_a_blank_form_and_that_its_project_is_missing_are_one_row(inbox: Path) -> None:
    issued(inbox / "P001.xlsx")
    result = review(inbox)
    (row,) = fold_findings(result.findings, result.projects, result.missing)
    assert (row.first.code, [f.code for f in row.consequences]) == ("FILE18", ["CROSS01"])
