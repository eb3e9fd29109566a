"""Files that county systems export under the name of an Excel file: web pages, archives of pages, XML of Excel 2003."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_layouts import layouts, told
from drawn_sheets import read_bytes
from drawn_web_pages import HEAD, SHEET_XML, spreadsheet_xml, web_page

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.handmade import open_sheets

NOWHERE = Path("没有这个文件.xls")
OUTLOOK = """From: <Excel>
Subject: x
MIME-Version: 1.0
Content-Type: multipart/related; boundary="---B"

-----B
Content-Type: text/html; charset="gb2312"

<html xmlns:x="urn:x"><x:ExcelWorkbook><x:ExcelWorksheet><x:Name>自评表</x:Name></x:ExcelWorksheet></x:ExcelWorkbook></html>
-----B
Content-Transfer-Encoding: quoted-printable
Content-Type: text/html; charset="utf-8"

<table><tr><td colspan=3D"2">=E7=94=B2</td></tr></table>
-----B--
"""


def texts(page: str) -> list[tuple[int, int, int, int, str]]:
    """The cells of a page."""
    [found] = open_sheets(NOWHERE, page.encode())
    return [(c.row, c.col, c.rows, c.cols, c.shown) for c in found.cells]


def values(page: str) -> list[object]:
    [found] = open_sheets(NOWHERE, f"<table><tr>{page}</tr></table>".encode())
    return [cell.value for cell in found.cells]


@pytest.mark.parametrize("export", [web_page, spreadsheet_xml])
def test_an_exported_form_says_what_the_workbook_says(export):
    for drawing, said in layouts().values():
        forms = read_bytes(export(drawing), "自评表.xls").forms
        assert [line.strip() for form in forms for line in told(form)] == said.splitlines()


def test_lines_and_tables_of_a_page_stand_one_below_the_other():
    page = """<html><title>不是</title><style>td {}</style><body><center>自评表<br>（2023年）</center>
      <table><tr><td><table><caption>表一</caption><tr><td>甲<td>乙</table></td><td style="display:none">藏</td></tr></table>
      <table><tr><td rowspan=2>丙</td><td>丁</td></tr><tr><td>戊</td></tr></table>填表人：张三<script>己</script>"""
    assert texts(page) == [
        (0, 0, 1, 1, "自评表"),
        (1, 0, 1, 1, "（2023年）"),
        (2, 0, 1, 1, "表一"),
        (3, 0, 1, 1, "甲"),
        (3, 1, 1, 1, "乙"),
        (4, 0, 2, 1, "丙"),
        (4, 1, 1, 1, "丁"),
        (5, 1, 1, 1, "戊"),
        (6, 0, 1, 1, "填表人：张三"),
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<td>1,234.50</td>", 1234.5),
        ("<td x:num='0.9045'>90%</td>", 0.9045),
        ("<td>90.5%</td>", 0.905),
        ("<td x:num='45000'>2023年3月</td>", "2023年3月"),
        ("<td x:str>12</td>", "12"),
        ("<td style='mso-number-format:\"\\@\"'>12</td>", "12"),
        ("<td>0012</td>", "0012"),
        ("<td>532300210000000012</td>", "532300210000000012"),
        ("<td>≥95%</td>", "≥95%"),
        ("<td>一<p>二</p><b>三</b>\n 四</td>", "一\n二\n三 四"),
        ("<td><input type=checkbox checked>是<input type=radio>否</td>", "☑是□否"),
        ("<td><input value='12'></td>", 12.0),
    ],
)
def test_a_cell_of_a_page_holds_what_excel_makes_of_it(cell: str, value: object):
    assert values(cell) == [value]


@pytest.mark.parametrize(
    "data",
    [
        "<table><tr><td>甲".encode(),
        "\ufeff<!DOCTYPE html><table><tr><td>甲".encode(),
        "<meta charset=gb2312><table><tr><td>甲".encode("gbk"),
        "<?xml version='1.0' encoding='GBK'?><html><table><tr><td>甲</td></tr></table></html>".encode("gbk"),
        "<table><tr><td>甲".encode("utf-16"),
    ],
)
def test_every_encoding_is_read(data: bytes):
    [found] = open_sheets(NOWHERE, data)
    assert [cell.shown for cell in found.cells] == ["甲"]


def test_an_archive_of_pages_keeps_the_titles_of_the_sheets():
    [found] = open_sheets(NOWHERE, OUTLOOK.replace("\n", "\r\n").encode())
    assert (found.title, [(c.cols, c.shown) for c in found.cells]) == ("自评表", [(2, "甲")])


def test_a_sheet_of_xml_has_its_rows_formats_and_visibility():
    found = open_sheets(
        NOWHERE,
        f"""{HEAD}
        <Styles><Style ss:ID="d"><NumberFormat ss:Format="yyyy\\-mm\\-dd"/></Style></Styles>
        <Worksheet ss:Name="甲"><Table>
          <Row><Cell><Data ss:Type="Number">0.5</Data></Cell><Cell ss:Index="4"><Data ss:Type="Boolean">1</Data></Cell></Row>
          <Row ss:Index="5" ss:StyleID="d"><Cell><Data ss:Type="DateTime">2023-03-01T00:00:00.000</Data></Cell>
            <Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>粗</B>&#10;细</ss:Data></Cell></Row>
        </Table></Worksheet>
        <Worksheet ss:Name="乙"><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">
          <Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>""".encode(),
    )
    assert [(sheet.title, sheet.hidden) for sheet in found] == [("甲", False), ("乙", True)]
    assert [(c.row, c.col, c.value, c.shown) for c in found[0].cells] == [
        (0, 0, 0.5, "0.5"),
        (0, 3, "TRUE", "TRUE"),
        (4, 0, "2023-03-01", "2023-03-01"),
        (4, 1, "粗\n细", "粗\n细"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><body><p>no table</p></body></html>", "FILE01"),
        (b"<table></table>", "FILE01"),
        (f"{HEAD}<Worksheet".encode(), "FILE03"),
        (
            f"{HEAD}<Worksheet><Table><Row><Cell><Data ss:Type='Number' xmlns:ss='{SHEET_XML}'>x</Data></Cell></Row></Table></Worksheet></Workbook>".encode(),
            "FILE03",
        ),
        (
            f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Workbook xmlns="{SHEET_XML}">&a;</Workbook>'.encode(),
            "FILE03",
        ),
        (b"<table>" + b" " * 21_000_000, "FILE11"),
    ],
)
def test_what_holds_no_table_is_refused(data: bytes, code: str):
    with pytest.raises(UnreadableWorkbook) as caught:
        open_sheets(NOWHERE, data)
    assert caught.value.code == code


def test_spans_and_depth_without_end_stay_small():
    wide = "<table>" + "<tr><td rowspan=99999 colspan=99999>甲</td></tr>" * 300 + "</table>"
    deep = "<div>" * 5000 + "<table><tr><td>" * 300 + "乙"
    tall = f'{HEAD}<Worksheet ss:Name="a"><Table><Row ss:Index="99999999"><Cell><Data ss:Type="String">x</Data></Cell></Row></Table></Worksheet></Workbook>'
    [found] = open_sheets(NOWHERE, wide.encode())
    assert sum(cell.rows * cell.cols for cell in found.cells) < 500_000
    for data in (deep, tall):
        assert _opened(data.encode()) <= 1


def _opened(data: bytes) -> int:
    try:
        return sum(len(found.cells) for found in open_sheets(NOWHERE, data))
    except UnreadableWorkbook:
        return 0


def test_a_page_that_is_no_form_is_refused_with_what_was_looked_for():
    reading = read_bytes("<table><tr><td>姓名</td><td>电话</td></tr></table>".encode(), "花名册.xls")
    assert reading.forms == []
    assert "没有找到：指标表头及其下的指标" in reading.looked_for
