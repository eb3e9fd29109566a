"""Small files that take gigabytes or minutes of a reader that trusts them. Each is made when it is asked for."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from old_workbooks import Cell, old_workbook
from raw_workbooks import links, zipped
from word_documents import document_file, para, run

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORNER: list[Cell] = [(0, 0, "自评表"), (65535, 255, 1.0)]


def old_sheets_with_far_corners() -> bytes:
    """25 sheets of two cells each: a reader that allots all between them needs gigabytes."""
    return old_workbook({f"表{n}": _CORNER for n in range(25)})


def old_workbook_that_claims_gigabytes() -> bytes:
    """The header says that its tables of sectors are billions long."""
    data = bytearray(old_workbook({"表": [(0, 0, "自评表")]}))
    struct.pack_into("<I", data, 44, 0x7FFFFFF0)
    struct.pack_into("<I", data, 64, 0x7FFFFFF0)
    return bytes(data)


def old_workbook_whose_chain_loops() -> bytes:
    """A sector of the workbook follows itself; its folder does so too."""
    data = bytearray(old_workbook({"表": [(0, 0, "自评表")]}))
    for sector in (1, 3):
        struct.pack_into("<I", data, 512 + 4 * sector, sector)
    return bytes(data)


def old_workbook_with_tables_in_a_ring() -> bytes:
    """The list of sector tables goes on in itself."""
    data = bytearray(old_workbook({"表": [(0, 0, "自评表")]}))
    struct.pack_into("<II", data, 68, 3, 1)
    struct.pack_into("<I", data, 512 * 4 + 508, 3)
    return bytes(data)


def _sheets(*sheets: str) -> bytes:
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    return zipped(
        {
            "_rels/.rels": links(("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": links(*((f"rId{n}", "worksheet", f"worksheets/{n}.xml") for n in numbers)),
            **{f"xl/worksheets/{n}.xml": xml for n, xml in zip(numbers, sheets, strict=True)},
        }
    )


def _sheet(rows: str) -> str:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def sheets_that_reach_far() -> bytes:
    """60 sheets, each with a cell in the corner that a sheet may just reach."""
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9999"><c r="ZZ9999"><v>1</v></c></row>'
    return _sheets(*[_sheet(far)] * 60)


def rows_of_empty_cells() -> bytes:
    """2.5 million cells without content."""
    cells = "".join(f'<c r="{chr(65 + n)}{{0}}" s="0"/>' for n in range(25))
    return _sheets(*[_sheet("".join(f'<row r="{r}">{cells.format(r)}</row>' for r in range(1, 5001)))] * 20)


_ODS = "urn:oasis:names:tc:opendocument:xmlns:"


def opendocument(rows: str, tables: int = 1, styles: str = "") -> bytes:
    all_tables = "".join(f'<table:table table:name="表{n or ""}">{rows}</table:table>' for n in range(tables))
    content = (
        f'<office:document-content xmlns:office="{_ODS}office:1.0" xmlns:table="{_ODS}table:1.0" '
        f'xmlns:text="{_ODS}text:1.0" xmlns:style="{_ODS}style:1.0" xmlns:number="{_ODS}datastyle:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{all_tables}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return file.getvalue()


def repeats_of_opendocument() -> bytes:
    """A row of a million cells, a million times."""
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="1048576"><text:p>甲</text:p></table:table-cell>'
    return opendocument(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')


def repeats_of_many_tables() -> bytes:
    """The same in 50 tables, each of them just below what one may hold."""
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="199"><text:p>甲</text:p></table:table-cell>'
    return opendocument(f'<table:table-row table:number-rows-repeated="4999">{cell}</table:table-row>', tables=50)


def repeats_of_nothing() -> bytes:
    """Merged over everything, in every row."""
    cell = '<table:table-cell table:number-rows-spanned="100000" table:number-columns-spanned="200" table:number-columns-repeated="200"/>'
    return opendocument(f'<table:table-row table:number-rows-repeated="5000">{cell}</table:table-row>', tables=5)


def headers_by_the_thousand() -> bytes:
    """A table in plain text that is nothing but its header."""
    header = "一级指标,二级指标,三级指标,分值,年度指标值,全年实际值,得分,偏差原因\r\n"
    return ("绩效目标自评表,,,,,,,\r\n" + header * 3000).encode("gb18030")


def styles_in_a_chain() -> bytes:
    """20,000 styles, each based on the one before."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:name w:val="s{n}"/><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(20_000)
    )
    return document_file(para(run("自评报告")), styles)


def paragraphs_by_the_hundred_thousand() -> bytes:
    """150,000 of them in 30 KB."""
    return document_file("<w:p><w:r><w:t>项</w:t></w:r></w:p>" * 150_000)


def cells_without_text() -> bytes:
    """A table of 2.4 million empty cells."""
    return document_file("<w:tbl>" + ("<w:tr>" + "<w:tc/>" * 60 + "</w:tr>") * 40_000 + "</w:tbl>")


def empty_cells_with_paragraphs() -> bytes:
    """As above, and a paragraph in each, within what is read as a tree."""
    return document_file("<w:tbl>" + ("<w:tr>" + "<w:tc><w:p/></w:tc>" * 60 + "</w:tr>") * 8_400 + "</w:tbl>")


def tables_inside_each_other() -> bytes:
    """200 of them."""
    depth = 60
    return document_file("<w:tbl><w:tr><w:tc>" * depth + para(run("项")) + "</w:tc><w:tc/></w:tr></w:tbl>" * depth)


def merges_down_a_column() -> bytes:
    """A cell that is merged with all 20,000 below it."""
    cell = "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>"
    return document_file(f"<w:tbl>{cell * 20_000}</w:tbl>")


def web_page_of_rows() -> bytes:
    """20,000 rows of a form's words."""
    row = "<tr><td>产出指标</td><td>数量指标</td><td>指标{}</td><td>10</td><td>≥5</td><td>5</td><td>10</td></tr>"
    return ("<html><table>" + "".join(row.format(n) for n in range(20_000)) + "</table></html>").encode()


def web_page_of_tables() -> bytes:
    """3,000 tables."""
    return ("<html>" + "<table><tr><td>项目</td><td>分值</td><td>得分</td></tr></table>" * 3_000 + "</html>").encode()


def web_page_without_ends() -> bytes:
    """200,000 elements that never end."""
    return b"<table>" + b"<b>" * 200_000


def paragraphs_of_a_report() -> bytes:
    """Sections of a report, 30,000 of them."""
    return document_file(
        "".join(para(run(f"（{n}）项目绩效目标完成情况。预算执行率为 98%，完成 {n} 个。")) for n in range(30_000))
    )


Made = Callable[[], bytes]
HOSTILE_FILES: dict[str, tuple[Made, str]] = {
    "old_sheets_with_far_corners.xls": (old_sheets_with_far_corners, "FILE31"),
    "old_workbook_that_claims_gigabytes.xls": (old_workbook_that_claims_gigabytes, "FILE03"),
    "old_workbook_whose_chain_loops.xls": (old_workbook_whose_chain_loops, "FILE03"),
    "old_workbook_with_tables_in_a_ring.xls": (old_workbook_with_tables_in_a_ring, "FILE03"),
    "sheets_that_reach_far.xlsx": (sheets_that_reach_far, "FILE31"),
    "rows_of_empty_cells.xlsx": (rows_of_empty_cells, "FILE05"),
    "repeats_of_opendocument.ods": (repeats_of_opendocument, "FILE31"),
    "repeats_of_many_tables.ods": (repeats_of_many_tables, "FILE31"),
    "repeats_of_nothing.ods": (repeats_of_nothing, "FILE31"),
    "headers_by_the_thousand.csv": (headers_by_the_thousand, "FILE31"),
    "styles_in_a_chain.docx": (styles_in_a_chain, "FILE09"),
    "paragraphs_by_the_hundred_thousand.docx": (paragraphs_by_the_hundred_thousand, "FILE31"),
    "cells_without_text.docx": (cells_without_text, "FILE31"),
    "empty_cells_with_paragraphs.docx": (empty_cells_with_paragraphs, "FILE31"),
    "tables_inside_each_other.docx": (tables_inside_each_other, "FILE09"),
    "merges_down_a_column.docx": (merges_down_a_column, "FILE09"),
    "paragraphs_of_a_report.docx": (paragraphs_of_a_report, "FILE09"),
    "web_page_of_rows.xls": (web_page_of_rows, "FILE05"),
    "web_page_of_tables.xls": (web_page_of_tables, "FILE05"),
    "web_page_without_ends.xls": (web_page_without_ends, "FILE01"),
}
"""By name: how it is made, and the code that it has. What holds nothing but too much of something harmless is read."""
