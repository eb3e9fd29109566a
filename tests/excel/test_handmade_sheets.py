"""The door to hand-made workbooks: what cells show, merged cells, formats other than .xlsx."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import published_forms as published
import pytest
from binary_workbooks import binary_workbook
from drawn_sheets import read_bytes, workbook
from hostile_files import opendocument
from locations import GOLDEN
from office import convert_with_libreoffice, requires_libreoffice
from raw_workbooks import zipped

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.excel.number_formats import format_value
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.reading import read_forms

OTHERS = ("零陵区林业局部门整体支出绩效自评表.xlsx", "百岁老人高龄津贴预算项目绩效自评表.xlsx")


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1.0, "", "1"),
        (1.0, "0%", "100%"),
        (0.9508, "0.00%", "95.08%"),
        (0.5, "0.##%", "50%"),
        (100.0, "0.00", "100.00"),
        (215457.6, "#,##0.0", "215,457.6"),
        (9034.0, "#,##0", "9,034"),
        (5.0, '0"个"', "5个"),
        (12.5, "General", "12.5"),
        (2.0, '"≥"General', "≥2"),
        (12.5, "@", "12.5"),
        (-3.0, "0.0;[Red](0.0)", "(3.0)"),
        (-3.0, "0.0", "-3.0"),
        (0.0, '0.0;-0.0;"—"', "—"),
        (1234567.0, "0.0,", "1234.6"),
        (1.5, "# ?/?", "1.5"),
        (True, "", "TRUE"),
        (None, "", ""),
        (datetime(2022, 7, 1), 'm"月"', "7月"),
        (datetime(2022, 7, 1), "yyyy年m月d日", "2022年7月1日"),
        (datetime(2022, 7, 9), "yyyy-mm-dd", "2022-07-09"),
        (datetime(2022, 7, 1), "", "2022-07-01"),
        (datetime(2022, 7, 1, 9, 5), "h:mm", "9:05"),
    ],
)
def test_a_cell_shows_its_number_in_its_format(value: object, code: str, text: str):
    assert format_value(value, code) == text


def test_merged_cells_are_one_cell():
    [sheet] = open_sheets(Path("x.xlsx"), workbook("甲|<|乙\n^|^|95%"))
    assert [(c.row, c.col, c.rows, c.cols, c.value, c.shown) for c in sheet.cells] == [
        (0, 0, 2, 2, "甲", "甲"),
        (0, 2, 1, 1, "乙", "乙"),
        (1, 2, 1, 1, 0.95, "95%"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FILE02"),
        (b"%PDF-1.4", "FILE01"),
        (b"PK\x03\x04 broken", "FILE03"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "FILE03"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "FILE04"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_like_any_other(data: bytes, code: str):
    with pytest.raises(UnreadableWorkbook) as caught:
        read_bytes(data)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_form_that_libreoffice_saved_says_the_same_in_every_format(kind: str):
    """Percentages, amounts, dates, errors, merged cells, codes that look like numbers, a hidden sheet."""
    path = GOLDEN / "formats" / f"form.{kind}"
    form, hidden = open_sheets(path, path.read_bytes())
    assert ((form.title, form.hidden), (hidden.title, hidden.hidden)) == (("自评表", False), ("隐藏的表", True))
    assert {(c.row, c.col): (c.value, c.shown) for c in form.cells if c.col == 1} == {
        (1, 1): (0.9508, "95.08%"),
        (2, 1): (1234.5, "1,234.50万元"),
        (3, 1): (3.0, "3"),
        (4, 1): ("2024年3月5日", "2024年3月5日"),
        (5, 1): ("TRUE", "TRUE"),
        (6, 1): ("#DIV/0!", "#DIV/0!"),
        (7, 1): ("第一行\n第二行", "第一行\n第二行"),
        (8, 1): ("00123", "00123"),
    }
    assert [(c.row, c.col, c.rows, c.cols) for c in form.cells if c.rows > 1 or c.cols > 1] == [
        (0, 0, 1, 4),
        (1, 2, 2, 2),
    ]
    assert [(c.row, c.col, c.shown) for c in hidden.cells] == [(1, 1, "看不见")]


@requires_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_published_forms_say_the_same_in_other_formats(kind: str, tmp_path: Path):
    files = [published.GOLDEN / name for name in OTHERS]
    for path, saved in zip(files, convert_with_libreoffice(files, tmp_path, kind), strict=True):
        [form] = read_forms(SourceFile(saved, saved.name)).forms
        [facts] = published.expected(path)
        assert [c for c in published.comparisons(form, facts) if c[1] != c[2]] == []


@pytest.mark.parametrize(("columns", "cut"), [(200, False), (201, True)])
def test_what_lies_right_of_what_is_read_is_told(columns: int, cut: bool):
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}"><text:p>甲</text:p></table:table-cell>'
    (sheet,) = open_sheets(Path("表.ods"), opendocument(f"<table:table-row>{cell}</table:table-row>"))
    assert (len(sheet.cells), sheet.cut) == (200, cut)


@pytest.mark.parametrize(
    ("attributes", "shown", "is_read"),
    [
        ('table:formula="of:=[.A1]" office:string-value="优"', "评价等级：优", True),
        ('table:formula="of:=[.A1]" office:string-value="优"', "评价等级：差", False),
        ('office:string-value="1"', "10", False),
    ],
)
def test_a_number_format_may_put_words_around_the_text_of_a_formula(attributes: str, shown: str, is_read: bool):
    cell = f'<table:table-cell office:value-type="string" {attributes}><text:p>{shown}</text:p></table:table-cell>'
    data = opendocument(f"<table:table-row>{cell}</table:table-row>")
    if is_read:
        (sheet,) = open_sheets(Path("表.ods"), data)
        assert [(one.value, one.shown) for one in sheet.cells] == [("优", shown)]
    else:
        with pytest.raises(UnreadableWorkbook) as caught:
            open_sheets(Path("表.ods"), data)
        assert caught.value.code == "FILE32"


NAMED = (
    '<number:text-style style:name="N1"><number:text>填报人：</number:text><number:text-content/></number:text-style>'
    '<style:style style:name="named" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="bold" style:family="table-cell" style:parent-style-name="named"/>'
    '<style:style style:name="plain" style:family="table-cell"/>'
)


@pytest.mark.parametrize("stated", ["", 'office:value-type="string" office:string-value=""'])
@pytest.mark.parametrize("style", ["named", "bold"])
def test_what_a_number_format_shows_of_an_empty_formula_is_no_value(style: str, stated: str):
    cell = f'<table:table-cell table:style-name="{style}" table:formula="of:=T([.B1])" {stated}><text:p>填报人：</text:p></table:table-cell>'
    (sheet,) = open_sheets(Path("表.ods"), opendocument(f"<table:table-row>{cell}</table:table-row>", styles=NAMED))
    assert [(one.value, one.shown) for one in sheet.cells] == [(None, "填报人：")]


@pytest.mark.parametrize(
    ("style", "formula", "shown"),
    [("named", "of:=T([.B1])", "填报人：王强"), ("plain", "of:=T([.B1])", "填报人："), ("named", "", "填报人：")],
)
def test_any_other_text_without_a_value_is_refused(style: str, formula: str, shown: str):
    made = f'table:formula="{formula}"' if formula else ""
    cell = f'<table:table-cell table:style-name="{style}" {made}><text:p>{shown}</text:p></table:table-cell>'
    with pytest.raises(UnreadableWorkbook) as caught:
        open_sheets(Path("表.ods"), opendocument(f"<table:table-row>{cell}</table:table-row>", styles=NAMED))
    assert caught.value.code == "FILE32"


def test_what_lies_right_is_told_though_the_file_names_all_rows_of_the_sheet():
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="201"><text:p>甲</text:p></table:table-cell>'
    rest = (
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row><table:table-row/>'
    )
    (sheet,) = open_sheets(Path("表.ods"), opendocument(f"<table:table-row>{cell}</table:table-row>{rest}"))
    assert sheet.cut


def test_what_is_no_sheet_of_a_binary_workbook_is_not_taken_for_one():
    """The settings of a printer are no records; taken for records they are cells that reach far, or end too early."""
    data = binary_workbook({"表": [(0, 0, "甲")]})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    far = b"\x00\x04\xff\xff\x0f\x00" + b"\x01\x08\xff\x3f\x00\x00\x00\x00\x00\x00"
    settings = {"xl/printerSettings/printerSettings1.bin": far, "xl/vbaProject.bin": b"\x00\x00"}
    (sheet,) = open_sheets(Path("表.xlsb"), zipped({**parts, **settings}))
    assert [cell.value for cell in sheet.cells] == ["甲"]


def test_an_opendocument_that_names_its_kind_last_is_read_as_one():
    data = opendocument(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell></table:table-row>'
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in reversed(archive.namelist())}
    (sheet,) = open_sheets(Path("表.ods"), zipped(parts))
    assert ([cell.value for cell in sheet.cells], sheet.unformatted) == (["甲"], False)
