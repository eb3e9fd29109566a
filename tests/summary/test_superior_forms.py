"""Tables that a superior prescribes: an office writes tags into them, and ``wbt merge`` fills them."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import ooxml_errors_of, requires_ooxml_validator
from prescribed_forms import write_check_list, write_yearly_report
from result_builder import funding, project, result, under
from stored_values import read_stored_formulas

from workbook_tools.campaign.merging import merge_result
from workbook_tools.commands.preview import preview_command
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import State
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.summary.names import SUPERIOR_FOLDER, SUPERIOR_TABLE
from workbook_tools.summary.office_form import SummaryForm
from workbook_tools.summary.superior_forms import list_superior_forms

FOUR = [
    project(1, funding=funding(100.0, 80.0), execution_rate=0.8, department="甲局", state=State.ACCEPTED),
    project(2, funding=funding(50.0, 50.0), execution_rate=1.0, department="乙局", grade="良好"),
    project(3, funding=funding(30.0, 15.0), execution_rate=0.5, department="甲局", grade="优秀"),
]
NAMED = ("部门=甲局", "部门＝没有的局", "方案=quwo", "等级=优秀", "项目=XM0002")


@pytest.fixture
def year() -> ReviewResult:
    """Three projects of two departments, two more that have not come, of two others."""
    return result(FOUR)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The office's own forms, two prescribed ones among them."""
    place = tmp_path / "模板" / SUPERIOR_FOLDER
    place.mkdir(parents=True)
    write_check_list(place / "抽查项目.xlsx")
    write_yearly_report(place / "年度报告.xlsx", *NAMED)
    return place


def fill(form: Path, year: ReviewResult) -> Any:
    return openpyxl.load_workbook(io.BytesIO(SummaryForm.open(form, year).fill(year, year.authority)))


def lines(sheet: Any, first: int, last: int) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(min_row=first, max_row=last, values_only=True)]


def test_the_list_of_projects_to_be_checked(folder: Path, year: ReviewResult) -> None:
    sheet = fill(folder / "抽查项目.xlsx", year)["抽查项目"]
    first, *_, missing = lines(sheet, 5, 9)
    row = FOUR[0]
    assert first == [
        "已接收",
        row.code,
        row.name,
        row.unit,
        None,
        None,
        100,
        100,
        80,
        1_000_000,
        0.8,
        row.total_score,
        row.grade,
        "错误1处、提醒1处",
    ]
    assert (missing[0], missing[12]) == ("缺报", "缺报")
    assert lines(sheet, 10, 10)[0][6:10] == [f"=SUM({column}5:{column}9)" for column in "GHIJ"]
    assert sheet["A11"].value == f"填报单位：{year.authority}，共 5 个项目，执行率 80.56%"
    assert (sheet["A1"].value, sheet.print_title_rows) == ("2021年度自评抽查项目清单", "$1:$4")


def test_departments_have_a_row_each_and_totals_that_can_be_followed(folder: Path, year: ReviewResult) -> None:
    sheet = fill(folder / "年度报告.xlsx", year)["二、部门"]
    own, other = lines(sheet, 5, 6)
    mean = math.fsum(row.total_score or 0 for row in (FOUR[0], FOUR[2])) / 2
    best = sum(row.grade == "优秀" for row in (FOUR[0], FOUR[2]))
    assert own[:6] == [1, "甲局", 130, 95, 95 / 130, 2]
    assert (own[8], own[9]) == (pytest.approx(mean), best)
    assert other[:6] == [2, "乙局", 50, 50, 1, 1]
    assert [row[1] for row in lines(sheet, 7, 8)] == ["交通运输局", "文化和旅游局"]
    assert lines(sheet, 8, 8)[0][2:10] == [None, None, None, 0, None, '=IF(F8>0,G8/F8,"")', None, 0]
    assert lines(sheet, 9, 9)[0][2:4] == ["=SUM(C5:C8)", "=SUM(D5:D8)"]
    assert [sheet[f"{column}8"].number_format for column in "CE"] == ["#,##0", "0.0%"], "the office's own format"
    assert {"A1:M1", "A9:B9"} <= {str(area) for area in sheet.merged_cells.ranges}


def test_every_indicator_has_a_row_beside_its_project(folder: Path, year: ReviewResult) -> None:
    sheet = fill(folder / "年度报告.xlsx", year)["三、指标"]
    rows = lines(sheet, 5, sheet.max_row)
    assert len(rows) == len(year.indicators) == 27
    first = year.indicators[0]
    assert rows[0][:8] == [
        1,
        FOUR[0].code,
        FOUR[0].name,
        first.dimension,
        first.name,
        "≥95%",
        first.actual_text,
        first.weight,
    ]
    assert math.fsum(row[8] for row in rows if row[1] == FOUR[0].code) == pytest.approx(sum(FOUR[0].scores.values()))


def test_rows_that_name_what_they_are_about_stay_where_they_are(folder: Path, year: ReviewResult) -> None:
    sheet = fill(folder / "年度报告.xlsx", year)["四、重点"]
    own, stranger, scheme, grade, one, total = lines(sheet, 3, 8)
    assert own[:3] == ["甲局", 2, 130]
    assert stranger[:4] == ["没有的局", None, None, None]
    assert scheme[:3] == [builtin_schemes()["quwo"].name, 3, 180]
    assert grade[:2] == ["优秀", sum(row.grade == "优秀" for row in FOUR)]
    assert one[:4] == [FOUR[1].name, 1, 50, FOUR[1].total_score]
    assert total[:3] == ["小计", "=SUM(B3:B7)", "=SUM(C3:C7)"]


def test_a_total_on_another_sheet_says_which_sheet_it_adds_up(folder: Path, year: ReviewResult) -> None:
    form = SummaryForm.open(folder / "年度报告.xlsx", year)
    data = form.fill(year, "某局")
    cover = openpyxl.load_workbook(io.BytesIO(data))["封面"]
    assert cover["B3"].value == "=SUM('二、部门'!C5:C8)"
    assert cover["B5"].value == "=COUNT('三、指标'!H5:H31)"
    assert (cover["A1"].value, cover["B6"].value) == (f"{year.authority}2021年度自评工作情况", 2)
    assert cover["B4"].value == pytest.approx(math.fsum(row.total_score or 0 for row in FOUR) / 3)
    assert read_stored_formulas(data)["封面", "B3"].value == 180


def test_what_a_row_names_and_is_not_there_is_told_with_the_nearest_name(folder: Path, year: ReviewResult) -> None:
    (said,) = SummaryForm.open(folder / "年度报告.xlsx", year).find_strangers(year)
    assert "工作表“四、重点”第 4 行：没有部门“没有的局”" in said


def test_grades_of_the_schemes_have_their_row_though_nobody_has_them(tmp_path: Path, year: ReviewResult) -> None:
    book: Any = openpyxl.Workbook()
    for column, tag in enumerate(("{{等级·名称}}", "{{等级·应报数}}", "{{等级·全年预算}}"), 1):
        book.active.cell(2, column).value = tag
    book.save(tmp_path / "等级.xlsx")
    rows = lines(fill(tmp_path / "等级.xlsx", year).active, 2, 6)
    grades = [row.name for row in builtin_schemes()["quwo"].grading.bands]
    assert [row[0] for row in rows] == [*grades, "缺报"]
    assert sum(row[1] for row in rows) == 5 and 0 in {row[1] for row in rows}


# -- wrong forms ------------------------------------------------------------------------------------------------------


def sheet_with(*rows: tuple[str, ...]) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        book: Any = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / "表.xlsx")
        return folder / "表.xlsx"

    return write


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (sheet_with(("{{指标·目标}}",)), "工作表“Sheet”A1：不认识标签“{{指标·目标}}”，是不是“指标·目标值”"),
        (sheet_with(("{{部门·项目个数}}",)), "A1：不认识标签“{{部门·项目个数}}”，是不是“部门·项目数”"),
        (sheet_with(("{{部门·名称}}", "{{项目名称}}")), "第 1 行：A1 的“部门·名称”是部门的、B1 的“项目名称”是项目的"),
        (
            sheet_with(("{{部门=甲局}}", "{{单位·项目数}}")),
            "第 1 行：A1 的“部门=甲局”是部门的、B1 的“单位·项目数”是单位的",
        ),
        (sheet_with(("{{部门=甲局}}", "{{部门=乙局}}")), "第 1 行：A1、B1 写明了不同的对象"),
        (
            sheet_with(("{{部门·名称}}",), ("{{项目名称}}",)),
            "只能有一个样行，现有 2 行有标签：工作表“Sheet”A1、工作表“Sheet”A2",
        ),
        (
            sheet_with(("{{指标·权重}}", "{{全年预算}}"), ("", "{{合计:全年预算}}")),
            "B2：样行是每个指标一行，项目的“全年预算”会重复相加",
        ),
        (
            sheet_with(("{{部门·平均分}}",), ("{{合计:部门·平均分}}",)),
            "A2：“部门·平均分”再合计没有意义，全部项目的写 {{全部·平均分}}",
        ),
        (sheet_with(("{{项目名称}}",), ("{{合计:全部·项目数}}",)), "A2：“全部·项目数”只有一个数，不能合计"),
        (
            sheet_with(
                ("{{项目名称}}", "{{得分}"),
            ),
            "B1：“{{得分}”的花括号没有成对",
        ),
        (sheet_with(("没有标签",)), "没有样行"),
    ],
)
def test_what_cannot_be_filled_is_told_with_its_cell(write: Any, told: str, tmp_path: Path, year: ReviewResult) -> None:
    with pytest.raises(TemplateError) as caught:
        SummaryForm.open(write(tmp_path), year)
    assert told in str(caught.value)


def test_a_form_that_is_wrong_is_told_and_the_others_are_filled(
    folder: Path, year: ReviewResult, tmp_path: Path
) -> None:
    (folder / "旧表.xls").write_bytes(b"")
    sheet_with(("{{部门·主管部门}}",))(tmp_path).rename(folder / "写错的.xlsx")
    (folder / "坏的.xlsx").write_bytes(b"no workbook")
    done = merge_result(None, year, tmp_path / "汇总", forms=folder.parent)
    assert [path.stem for path in done.superior.tables] == ["年度报告", "抽查项目"]
    assert len(done.workbooks) > 1 and all(path.is_file() for path in done.superior.tables)
    told = {name: [fault for fault in done.superior.faults if name in fault] for name in ("旧表.xls", "写错的", "坏的")}
    assert [len(faults) for faults in told.values()] == [1, 1, 1] and len(done.superior.faults) == 3
    assert "是 .xls 格式，填不了" in told["旧表.xls"][0] and "A1：不认识标签" in told["写错的"][0]


def test_an_old_workbook_cannot_be_tried(folder: Path) -> None:
    (folder / "旧表.xls").write_bytes(b"")
    with pytest.raises(TemplateError, match=r"是 .xls 格式，填不了"):
        preview_command(folder / "旧表.xls")


# -- writing ----------------------------------------------------------------------------------------------------------


def test_merging_fills_every_form_in_the_folder_and_leaves_previews(
    folder: Path, year: ReviewResult, tmp_path: Path
) -> None:
    (folder / "~$抽查项目.xlsx").write_bytes(b"open somewhere")
    (folder / "抽查项目_预览.xlsx").write_bytes((folder / "抽查项目.xlsx").read_bytes())
    done = merge_result(None, year, tmp_path / "汇总", forms=folder.parent)
    written = {path.relative_to(tmp_path).as_posix() for path in done.superior.tables}
    assert written == {f"汇总/{SUPERIOR_TABLE}/{name}.xlsx" for name in ("抽查项目", "年度报告")}
    assert all(path.is_file() for path in done.superior.tables)
    (note,) = done.superior.notes
    assert "上级表样 年度报告.xlsx" in note and "没有的局" in note


@requires_ooxml_validator
def test_the_tables_are_valid(folder: Path, year: ReviewResult, tmp_path: Path) -> None:
    filled = []
    for form in list_superior_forms(folder.parent):
        filled.append(tmp_path / form.name)
        filled[-1].write_bytes(SummaryForm.open(form, year).fill(year, year.authority))
    assert ooxml_errors_of(filled) == {path: [] for path in filled}


def test_a_preview_shows_the_example_in_the_form(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preview_command(folder / "年度报告.xlsx")
    sheet = openpyxl.load_workbook(folder / "年度报告_预览.xlsx")["二、部门"]
    assert sheet["B5"].value and sheet["F5"].value >= 1
    said = capsys.readouterr()
    assert "标签都能用。预览在" in said.out and "没有部门“甲局”" in said.out + said.err


def test_two_schemes_are_added_up_each_by_itself(tmp_path: Path) -> None:
    mof = builtin_schemes()["mof-2020"]
    year = result([FOUR[0], under(mof, FOUR[1])], missing=())
    rows = lines(fill(sheet_with(("{{方案·名称}}", "{{方案·全年预算}}"))(tmp_path), year).active, 1, 2)
    assert rows == [[builtin_schemes()["quwo"].name, 100], [mof.name, 50]]


def test_a_total_is_about_the_column_that_it_stands_in(tmp_path: Path, year: ReviewResult) -> None:
    write = sheet_with(("{{全年预算}}", "{{全年预算}}"), ("{{合计:全年预算}}", "{{合计:全年预算}}"))
    assert lines(fill(write(tmp_path), year).active, 6, 6) == [["=SUM(A1:A5)", "=SUM(B1:B5)"]]


def test_a_rate_over_amounts_in_yuan_is_that_of_their_sums(tmp_path: Path, year: ReviewResult) -> None:
    write = sheet_with(("{{全年预算·元}}", "{{全年执行·元}}", "{{预算执行率}}"), ("", "", "{{合计:预算执行率}}"))
    data = SummaryForm.open(write(tmp_path), year).fill(year, "")
    assert read_stored_formulas(data)["Sheet", "C6"].value == pytest.approx(145 / 180)
