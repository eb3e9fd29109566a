"""汇总表.xlsx: an office changes the form in its own program, and the next 汇总表 follows."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from engines import ENGINES
from locations import ROOT
from office import (
    ooxml_errors_of,
    recalculate_with_gnumeric,
    recalculate_with_libreoffice,
    requires_gnumeric,
    requires_libreoffice,
    requires_ooxml_validator,
)
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from recalculated import shown
from result_builder import HOSTILE, funding, hostile, pending, project, result, unscored
from stored_values import list_stored_differences, read_stored_formulas

from workbook_tools.core.errors import TemplateError
from workbook_tools.core.review_result import MissingRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.loaded_book import _LOST, _LOST_PARTS
from workbook_tools.shipped.blanks import draw_blank_summary_form
from workbook_tools.summary.office_form import SummaryForm
from workbook_tools.summary.workbooks import write_form_tables

THREE = [
    project(1, funding=funding(100.0, 80.0), execution_rate=0.8, department="甲局"),
    project(2, funding=funding(50.0, 50.0), execution_rate=1.0, department="甲局"),
    unscored(3, funding=funding(30.0, None), execution_rate=None, department="乙局"),
]


def saved(folder: Path, change: Callable[[Any], None] = lambda book: None) -> Path:
    """The form that comes with the package, changed by an office."""
    book = openpyxl.load_workbook(io.BytesIO(draw_blank_summary_form()))
    change(book)
    path = folder / "汇总表.xlsx"
    book.save(path)
    return path


def filled(form: Path, reviewed: ReviewResult, owner: str = "某县财政局") -> Any:
    """The filled form as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(SummaryForm.open(form, reviewed).fill(reviewed, owner)))


def rows(sheet: Any, first: int = 1) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(min_row=first, values_only=True)]


def test_a_number_too_long_for_the_shipped_form_is_drawn_smaller(tmp_path: Path) -> None:
    """An amount that was typed in 元 would be shown as ####; words in place of a figure take lines, as before."""
    sheet = filled(saved(tmp_path), result([project(1, funding=funding(50.0, 27_824_063.1)), pending(2)]))["汇总表"]
    figures = [
        cell for row in sheet["E5:L7"] for cell in row if isinstance(cell.value, int | float) or "=" in str(cell.value)
    ]
    assert len(figures) >= 10 and all(cell.alignment.shrink_to_fit for cell in figures)
    words = [cell for row in sheet["E5:L6"] for cell in row if isinstance(cell.value, str) and "=" not in cell.value]
    assert words and all(cell.alignment.wrap_text and not cell.alignment.shrink_to_fit for cell in words)


# -- filling ----------------------------------------------------------------------------------------------------------


def test_the_sample_row_is_repeated_and_totals_are_formulas_over_the_rows(tmp_path: Path) -> None:
    sheet = filled(saved(tmp_path), result(THREE, missing=()))["汇总表"]
    assert sheet["A1"].value == "某县财政局2021年度项目支出绩效自评汇总表"
    assert sheet["E2"].value == "应报 3 个项目，已报 3 个，缺报 0 个；填报不完整 0 个，得分经核定 0 个"
    scored = [[row.total_score, row.grade] * 2 for row in THREE[:2]]
    assert [row[:12] for row in rows(sheet, 5)[:4]] == [
        [1, "甲局", "信息中心", THREE[0].name, 100, 100, 80, 0.8, *scored[0]],
        [2, "甲局", "执法大队", THREE[1].name, 50, 50, 50, 1, *scored[1]],
        [3, "乙局", "公路服务中心", THREE[2].name, 30, 30, None, None, None, "未评分", None, "未评分"],
        [
            "合计", None, None, None, "=SUM(E5:E7)", "=SUM(F5:F7)", "=SUM(G5:G7)",
            '=IF(AND(ISNUMBER(SUM(G5:G7)),ISNUMBER(SUM(F5:F7))),IF(SUM(F5:F7)>0,SUM(G5:G7)/SUM(F5:F7),""),"")',
            '=IF(COUNT(I5:I7)=0,"",AVERAGE(I5:I7))', None, '=IF(COUNT(K5:K7)=0,"",AVERAGE(K5:K7))', None,
        ],
    ]  # fmt: skip
    assert sheet["A9"].value.startswith("填表人：")
    assert "A9:N9" in [str(area) for area in sheet.merged_cells.ranges]
    assert sheet.print_area == "'汇总表'!$A$1:$N$9"
    assert sheet.print_title_rows == "$3:$4"
    assert [sheet.row_dimensions[row].height for row in (4, 7, 8, 9)] == [21.75, 24, 24, 36]
    assert [sheet.cell(row, 5).number_format for row in (5, 7, 8)] == ["#,##0.00####"] * 3


def test_a_project_that_has_not_come_has_its_row_in_the_order_of_the_list(tmp_path: Path) -> None:
    gone = MissingRow(code="P8", name="桥梁加固", department="乙局", unit="公路站", place=2)
    reviewed = result(
        [THREE[0].model_copy(update={"place": 3}), THREE[1].model_copy(update={"place": 1})], missing=[gone]
    )
    sheet = filled(saved(tmp_path), reviewed)["汇总表"]
    assert sheet["E2"].value == "应报 3 个项目，已报 2 个，缺报 1 个；填报不完整 0 个，得分经核定 0 个"
    assert [row[:4] for row in rows(sheet, 5)[:3]] == [
        [1, "甲局", THREE[1].unit, THREE[1].name],
        [2, "乙局", "公路站", "桥梁加固"],
        [3, "甲局", THREE[0].unit, THREE[0].name],
    ]
    assert rows(sheet, 6)[0][4:] == [None, None, None, None, None, "缺报", None, "缺报", None, "未报送"]
    assert rows(sheet, 8)[0][4] == "=SUM(E5:E7)"


JUDGED = project(
    1,
    total_score=90.0,
    grade="优秀",
    reviewed_total=85.5,
    reviewed_grade="良好",
    reviewed_scores={"产出指标": 40.0},
)


def test_a_score_that_finance_changed_stands_under_its_own_heading_beside_the_computed_one(tmp_path: Path) -> None:
    sheet = filled(saved(tmp_path), result([JUDGED, project(2)], missing=()))["汇总表"]
    assert [sheet.cell(3, column).value for column in (9, 11)] == ["自评", "核定后"]
    assert rows(sheet, 5)[0][8:12] == [90, "优秀", 85.5, "良好"]
    assert [rows(sheet, row)[0][13] for row in (5, 6)] == ["得分经核定，原为90.00分", None]
    assert sheet["E2"].value.endswith("得分经核定 1 个")


def test_a_form_with_one_column_of_scores_marks_those_that_finance_changed(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for column in (9, 10, 14):
            book["汇总表"].cell(5, column).value = None
        book["汇总表"]["I6"] = None

    sheet = filled(saved(tmp_path, change), result([JUDGED, project(2)], missing=()))["汇总表"]
    assert [(sheet[cell].value, sheet[cell].number_format) for cell in ("K5", "K6")] == [
        (85.5, '0.00"（核定）"'),
        (project(2).total_score, "0.00"),
    ]


def test_what_has_errors_says_that_its_score_may_yet_change(tmp_path: Path) -> None:
    faulty = project(1, state=State.TO_CORRECT)
    sheet = filled(saved(tmp_path), result([faulty], missing=()))["汇总表"]
    assert rows(sheet, 5)[0][13] == "待更正：有错误没有改正"


def test_the_reasons_of_every_project_stand_in_the_tables(tmp_path: Path) -> None:
    """Projects that are alike in all but that."""
    alike = [project(1, code=f"A{n}", execution_reason=f"第{n}个项目的原因", department="甲局") for n in range(3)]

    def ask(book: Any) -> None:
        book["汇总表"]["D5"] = "{{偏差原因}}"

    whole, own = write_form_tables(result(alike, indicators=(), missing=()), tmp_path / "汇总", saved(tmp_path, ask))[0]
    for path in (whole, own):
        sheet = openpyxl.load_workbook(path)["汇总表"]
        assert [sheet.cell(row, 4).value for row in range(5, 8)] == [row.execution_reason.rstrip("。") for row in alike]


def test_one_table_over_all_and_one_per_department(tmp_path: Path) -> None:
    written, losses = write_form_tables(result(THREE, missing=()), tmp_path / "汇总", saved(tmp_path))
    assert [path.name for path in written] == ["汇总表_全部.xlsx", "汇总表_甲局.xlsx", "汇总表_乙局.xlsx"]
    assert losses == ()
    sheet = openpyxl.load_workbook(written[2])["汇总表"]
    assert (sheet["A1"].value, sheet["D5"].value, sheet["A6"].value) == (
        "乙局2021年度项目支出绩效自评汇总表",
        THREE[2].name,
        "合计",
    )
    again, _ = write_form_tables(result(THREE, missing=()), tmp_path / "汇总", tmp_path / "汇总表.xlsx")
    assert sorted(p.name for p in (tmp_path / "汇总").iterdir()) == sorted(p.name for p in again), (
        "nothing was moved aside"
    )


def test_without_projects_one_blank_row_stays(tmp_path: Path) -> None:
    sheet = filled(saved(tmp_path), result([], missing=()))["汇总表"]
    assert rows(sheet, 5)[0] == [None] * 14
    assert sheet["E6"].value == "=SUM(E5:E5)"


def test_columns_in_another_order_with_another_look_are_followed(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["汇总表"]
        sheet.unmerge_cells("A7:N7")
        sheet.delete_rows(6, 2)
        for column in range(1, 15):
            sheet.cell(5, column).value = None
        for column, tag in enumerate(
            ("{{项目名称}}", "{{等级}}", "第{{序号}}号（{{得分}}分）", "{{全年预算·县区级}}"), 1
        ):
            sheet.cell(5, column).value = tag
        sheet["A5"].font = Font(name="仿宋_GB2312", size=14, bold=True)
        sheet["D5"].number_format = "0.0"
        sheet["D7"] = "{{ 合计：全年预算·县区级 }}"

    sheet = filled(saved(tmp_path, change), result(THREE, missing=()))["汇总表"]
    score = f"{THREE[0].total_score:g}"
    assert rows(sheet, 5)[0][:4] == [THREE[0].name, THREE[0].grade, f"第1号（{score}分）", 100]
    assert [sheet.cell(row, 1).font.name for row in (5, 6, 7)] == ["仿宋_GB2312"] * 3
    assert [sheet.cell(row, 4).number_format for row in (5, 7)] == ["0.0", "0.0"]
    assert sheet["D9"].value == "=SUM(D5:D7)"


def test_what_lies_below_or_reaches_over_the_rows_moves_or_grows(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["汇总表"]
        sheet["A8"], sheet["B8"], sheet["C8"] = "=SUM(E5:E5)", "=E6*2", "=$E$5+E$4"
        sheet["D8"].hyperlink = "https://example.com/"
        sheet["E8"].comment = Comment("批注", "某人")
        sheet["L5"] = "=E5/$E$6"
        sheet.merge_cells("C5:D5")
        sheet["C5"] = "{{项目名称}}"
        sheet.merge_cells("A10:B11")
        for cell in ("A10", "B11"):
            sheet[cell].border = Border(bottom=Side("thick"))
        sheet.conditional_formatting.add("H5:H6", CellIsRule("lessThan", ["$H$6"], fill=PatternFill(bgColor="FFC7CE")))
        validation = DataValidation(type="list", formula1="$A$10:$A$11")
        validation.add("L5")
        validation.add("L12")
        sheet.add_data_validation(validation)
        book.defined_names["总预算"] = DefinedName("总预算", attr_text="汇总表!$E$6")
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=5, min_row=5, max_row=5))
        sheet.add_chart(chart, "A14")
        other = book.create_sheet("说明")
        other["A1"], other["A2"] = "=汇总表!E6+E6", "=COUNT('汇总表'!E5:E5)"

    book = filled(saved(tmp_path, change), result(THREE, missing=()))
    sheet = book["汇总表"]
    assert (sheet["A10"].value, sheet["B10"].value, sheet["C10"].value) == ("=SUM(E5:E7)", "=E8*2", "=$E$5+E$4")
    assert (sheet["D10"].hyperlink.ref, sheet["E10"].comment.text) == ("D10", "批注")
    assert [sheet.cell(row, 12).value for row in (5, 6, 7)] == ["=E5/$E$8", "=E6/$E$8", "=E7/$E$8"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"C5:D5", "C6:D6", "C7:D7", "A12:B13"} <= merged
    assert sheet["B13"].border.bottom.style == "thick"
    ((area, rules),) = ((str(item.sqref), item.rules) for item in sheet.conditional_formatting)
    assert (area, rules[0].formula) == ("H5:H8", ["$H$8"])
    validation = sheet.data_validations.dataValidation[0]
    assert (str(validation.sqref), validation.formula1) == ("L5:L7 L14", "$A$12:$A$13")
    assert book.defined_names["总预算"].attr_text == "汇总表!$E$8"
    assert sheet._charts[0].anchor._from.row == 15
    assert sheet._charts[0].series[0].val.numRef.f == "'汇总表'!$E$5:$E$7"
    assert (book["说明"]["A1"].value, book["说明"]["A2"].value) == ("=汇总表!E8+E6", "=COUNT('汇总表'!E5:E7)")


def test_a_long_name_makes_its_row_higher_and_only_its_row(tmp_path: Path) -> None:
    sheet = filled(saved(tmp_path), result([project(1, name="很长的项目名称" * 12), project(2)]))["汇总表"]
    assert sheet.row_dimensions[5].height > 80
    assert sheet.row_dimensions[6].height < 60


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    reviewed = result([hostile(text, i) for i, text in enumerate(HOSTILE)], missing=())
    form = SummaryForm.open(saved(tmp_path), reviewed)
    path = tmp_path / "out.xlsx"
    path.write_bytes(form.fill(reviewed, "=1+1"))
    sheet = openpyxl.load_workbook(path)["汇总表"]
    for row, text in enumerate(HOSTILE, 5):
        cell = sheet.cell(row, 4)
        assert (cell.data_type, str(cell.value).replace("_x005F_", "_")) == ("s", clean_cell_text(text))


def test_a_name_that_looks_like_a_tag_stays_a_name(tmp_path: Path) -> None:
    name = "{{年度}}{{合计:全年预算}}{{没有}}"
    sheet = filled(saved(tmp_path), result([project(1, name=name, unit="{{合计:全年预算}}")]), "某局")["汇总表"]
    assert (sheet["D5"].value, sheet["C5"].value) == (name, "{{合计:全年预算}}")


# -- wrong forms ------------------------------------------------------------------------------------------------------


def complaint(form: Path) -> str:
    with pytest.raises(TemplateError) as caught:
        SummaryForm.open(form, result(THREE, missing=()))
    return str(caught.value)


def test_every_wrong_tag_is_told_with_its_cell_and_what_was_meant(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["汇总表"]["D5"] = "{{项目名}}"
        book["汇总表"]["E6"] = "{{合计:全年预祘}}"
        book["汇总表"]["F6"] = "{{合计:等级}}"
        book["汇总表"]["G6"] = "共{{合计:全年执行}}万元"

    said = complaint(saved(tmp_path, change))
    assert str(tmp_path / "汇总表.xlsx") in said
    assert "有 4 处标签不对" in said
    assert "工作表“汇总表”D5：不认识标签“{{项目名}}”，是不是“项目名称”" in said
    assert "工作表“汇总表”E6：不认识标签“{{全年预祘}}”，是不是“全年预算”" in said
    assert "F6：“等级”不是数字，不能合计" in said
    assert "G6：“{{合计:全年执行}}”要单独占一个单元格" in said


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: s.delete_rows(5), "没有样行"),
        (lambda s: s.__setitem__("A9", "{{序号}}"), "只能有一个样行，现有 2 行"),
        (lambda s: s.merge_cells("A4:A5"), "A4:A5：样行的单元格不能上下合并"),
        (lambda s: s.__setitem__("L5", "{{合计:全年预算}}"), "L5：合计、平均要放在样行的上面或下面"),
        (lambda s: s.__setitem__("F5", None), "工作表“汇总表”F6：样行里没有“全年预算”这一栏，无法合计"),
    ],
    ids=["none", "two", "merged", "total in the row", "total without column"],
)
def test_a_form_that_cannot_be_filled_is_told(change: Callable[[Any], None], told: str, tmp_path: Path) -> None:
    def changed(book: Any) -> None:
        sheet = book["汇总表"]
        if told.startswith("A4"):
            sheet.unmerge_cells("A3:A4")
        change(sheet)

    assert told in complaint(saved(tmp_path, changed))


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_a_form_that_is_no_workbook_is_told(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "汇总表.xlsx").write_bytes(data)
    assert "打不开" in complaint(tmp_path / "汇总表.xlsx")
    assert "打不开" in complaint(tmp_path / "没有.xlsx")


def test_what_cannot_be_carried_over_is_told(tmp_path: Path) -> None:
    source = saved(tmp_path)
    richer = tmp_path / "有图形.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(richer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/drawings/drawing9.xml", b"<xdr:wsDr><xdr:sp macro=''/></xdr:wsDr>")
        new.writestr("xl/slicers/slicer1.xml", b"<slicers/>")
    assert SummaryForm.open(richer, result(THREE, missing=())).losses == ("图形、文本框", "切片器")
    page = (ROOT / "docs" / "汇总表模板.md").read_text("utf-8")
    for what in (*_LOST, *_LOST_PARTS.values()):
        assert what.replace("图形、", "图形和") in page


# -- other programs ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@requires_libreoffice
@requires_ooxml_validator
@requires_gnumeric
def test_a_form_saved_by_libreoffice_gives_valid_tables_with_right_sums(tmp_path: Path) -> None:
    (form,) = recalculate_with_libreoffice([saved(tmp_path)], tmp_path / "LibreOffice")
    reviewed = result([project(i) for i in range(40)], missing=())
    written, _ = write_form_tables(reviewed, tmp_path / "汇总", form)
    assert ooxml_errors_of(written) == {path: [] for path in written}
    want = [
        sum(row.funding[measure]["total"] or 0 for row in reviewed.projects)  # type: ignore[index]
        for measure in ("initial_budget", "annual_budget", "executed")
    ]
    want += [want[2] / want[1], sum(row.total_score or 0 for row in reviewed.projects) / 40]
    for calculated in (
        recalculate_with_libreoffice(written[:1], tmp_path / "a"),
        recalculate_with_gnumeric(written[:1], tmp_path / "b"),
    ):
        values = shown(calculated[0])
        assert [values["汇总表", f"{column}45"] for column in "EFGHI"] == pytest.approx(want)


def test_what_is_not_complete_is_told_and_left_out_of_the_averages(tmp_path: Path) -> None:
    sheet = filled(saved(tmp_path), result([THREE[0], pending(2)], missing=()))["汇总表"]
    so_far = f"{project(2).total_score:.2f}"
    assert [row[8:12] for row in rows(sheet, 5)[:2]] == [
        [THREE[0].total_score, THREE[0].grade] * 2,
        [f"{so_far}\n待更正", "待更正", f"{so_far}（待更正）", "待更正"],
    ]
    assert rows(sheet, 6)[0][13] == "待更正：有指标没有填业绩值"
    assert sheet["K6"].alignment.wrap_text
    assert sheet["I7"].value == '=IF(COUNT(I5:I6)=0,"",AVERAGE(I5:I6))', "a text is no number"


def test_an_office_may_print_how_many_are_left_out_and_why(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["汇总表"]
        sheet["A12"] = "{{待更正数}}"
        sheet["M5"], sheet["N5"] = "{{待更正原因}}", "{{产出指标}}"

    sheet = filled(saved(tmp_path, change), result([THREE[0], pending(2)], missing=()))["汇总表"]
    assert (sheet["A13"].value, sheet["M5"].value, sheet["M6"].value) == (1, None, "有指标没有填业绩值")
    assert (sheet["N5"].value, sheet["N6"].value) == (47.5, "45.00")


# -- for whoever looks at it without a calculation --------------------------------------------------------------------


def own_formulas(book: Any) -> None:
    book["汇总表"]["K6"] = '=IF(E6>0,"有预算","")'
    book["汇总表"]["L6"] = "=E6-G6"


@pytest.mark.parametrize(
    "reviewed",
    [result(THREE, missing=()), result([], missing=()), result([hostile(t) for t in HOSTILE])],
    ids=["three", "none", "hostile"],
)
@pytest.mark.parametrize("recalculate", ENGINES)
@pytest.mark.slow
def test_other_programs_find_nothing_to_change_in_the_results(reviewed, recalculate, tmp_path):
    paths = [tmp_path / "合计.xlsx", tmp_path / "加了公式.xlsx"]
    for path, change in zip(paths, (lambda book: None, own_formulas), strict=True):
        path.write_bytes(SummaryForm.open(saved(tmp_path, change), reviewed).fill(reviewed, "某局"))
    assert list_stored_differences(paths, recalculate, tmp_path / "recalculated") == []


def test_totals_are_stored_and_texts_stand_in_the_table_of_texts(tmp_path):
    data = SummaryForm.open(saved(tmp_path), result(THREE, missing=())).fill(result(THREE, missing=()), "某局")
    stored = {cell: value for (_, cell), value in read_stored_formulas(data).items()}
    mean = (THREE[0].total_score + THREE[1].total_score) / 2
    assert [stored[f"{column}8"].value for column in "EFGHIK"] == [180, 180, 130, 130 / 180, mean, mean]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet, texts = (package.read(f"xl/{part}.xml").decode() for part in ("worksheets/sheet1", "sharedStrings"))
    assert "inlineStr" not in sheet and THREE[0].name in texts
    empty = [cell.split(">")[0] for cell in sheet.split("<c ")[1:] if cell.split(">")[0].endswith("/")]
    assert empty and not any('t="' in cell for cell in empty)


def test_without_formualizer_an_offices_own_formula_waits_for_the_program(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "formualizer", None)
    form = SummaryForm.open(saved(tmp_path, own_formulas), result(THREE, missing=()))
    stored = {
        cell: value.text
        for (_, cell), value in read_stored_formulas(form.fill(result(THREE, missing=()), "某局")).items()
    }
    assert (stored["E8"], stored["K8"], stored["L8"]) == ("180", "", "")
