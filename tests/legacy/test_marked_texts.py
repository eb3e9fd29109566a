"""What of a hand-made form is struck out, seen by nobody, or said beside its cells: not taken, or taken and told."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
import xlwt
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import RGBColor
from drawn_reports import saved
from drawn_sheets import read_bytes, sheet, workbook
from drawn_web_pages import HEAD, web_page
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill

from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form
from workbook_tools.legacy.words.records import HandmadeForm

FORM = """
项目支出绩效自评表||||||
项目名称|农村道路养护|||||
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
产出指标|数量指标|养护里程|≥100公里|102公里|50|50
产出指标|质量指标|验收合格率|≥95%|98%|30|30
满意度指标|满意度指标|群众满意度|≥90%||10|10
"""
ACTUAL = {"养护里程": "E4", "验收合格率": "E5", "群众满意度": "E6"}
MARKS = ("IMPORT02", "IMPORT03", "IMPORT36")


def told(form: HandmadeForm) -> list[tuple[str, str, str]]:
    """What is told of marks: code, cell and what is there."""
    findings = convert_form(form, Importing()).findings
    fields = ("画了删除线的内容", "看不见的内容", "批注", "文本框", "隐藏的文字", "公式")
    return [(f.code, f.cell, f.found) for f in findings if f.field in fields and f.code in MARKS]


def actuals(form: HandmadeForm) -> dict[str, object]:
    return {entry.name.printed: entry.actual and entry.actual.value for entry in form.entries}


def read_changed(change: Callable[[Any], None]) -> HandmadeForm:
    """The form in a workbook that was changed."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(FORM)))
    change(book.active)
    stream = io.BytesIO()
    book.save(stream)
    (form,) = read_bytes(stream.getvalue()).forms
    return form


def strike_all(ws: Any) -> None:
    ws["E4"].font = Font(strike=True)


def strike_part(ws: Any) -> None:
    ws["E4"] = CellRichText(TextBlock(InlineFont(strike=True), "102公里"), TextBlock(InlineFont(), "98公里"))


def keep_part(ws: Any) -> None:
    """The cell's own font is that of its first letters: Excel writes it so."""
    ws["E4"] = CellRichText("102公里", TextBlock(InlineFont(sz=11), "98公里"))
    ws["E4"].font = Font(strike=True)


@pytest.mark.parametrize(
    ("change", "actual", "found"),
    [
        (strike_all, None, "102公里"),
        (strike_part, 98.0, "102公里98公里"),
        (keep_part, 98.0, "102公里98公里"),
    ],
)
def test_what_is_struck_out_is_no_answer(change: Callable[[Any], None], actual: float | None, found: str) -> None:
    form = read_changed(change)
    assert actuals(form)["养护里程"] == actual
    assert told(form) == [("IMPORT02", "E4", found)]


def test_a_row_that_is_struck_out_is_no_indicator() -> None:
    def strike(ws: Any) -> None:
        for cell in ws[5]:
            cell.font = Font(strike=True)

    form = read_changed(strike)
    assert list(actuals(form)) == ["养护里程", "群众满意度"]
    assert told(form) == [("IMPORT02", "A5", "产出指标、质量指标、验收合格率、≥95%、98%、30、30")]


def hide_row(ws: Any) -> None:
    ws.row_dimensions[5].hidden = True


def hide_column(ws: Any) -> None:
    ws.column_dimensions["E"].hidden = True


def whiten(ws: Any) -> None:
    ws["E4"].font = Font(color="FFFFFFFF")


def hide_by_format(ws: Any) -> None:
    ws["G4"].number_format = ";;;"


@pytest.mark.parametrize(
    ("change", "cell", "found"),
    [
        (hide_row, "A5", "产出指标、质量指标、验收合格率、≥95%、98%、30、30"),
        (hide_column, "E3", "实际完成值、102公里、98%"),
        (whiten, "E4", "102公里"),
        (hide_by_format, "G4", "50"),
    ],
)
def test_what_nobody_sees_is_taken_and_told(change: Callable[[Any], None], cell: str, found: str) -> None:
    form = read_changed(change)
    assert actuals(form) == {"养护里程": 102.0, "验收合格率": 98.0, "群众满意度": None}
    assert told(form) == [("IMPORT36", cell, found)]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (FormulaRule(formula=["$F4>10"], font=Font(color="FFFFFFFF")), "102公里、50、50"),
        (FormulaRule(formula=["$F4>10"], font=Font(strike=True)), "102公里、50、50"),
        (CellIsRule(operator="lessThan", formula=["60"], font=Font(color="FFFFFFFF")), "50、50"),
        (CellIsRule(operator="greaterThan", formula=["60"], font=Font(color="FFFFFFFF")), "102公里"),
        (CellIsRule(operator="equal", formula=["50"], font=Font(color="FFFFFFFF")), "50、50"),
        (CellIsRule(operator="between", formula=["40", "60"], font=Font(color="FFFFFFFF")), "50、50"),
        (CellIsRule(operator="equal", formula=["0"], font=Font(color="FFFFFFFF")), ""),
        (FormulaRule(formula=["ISERROR(E4)"], font=Font(color="FFFFFFFF")), ""),
        (FormulaRule(formula=["TRUE"], font=Font(color="FFFF0000")), ""),
    ],
)
def test_what_a_conditional_format_hides_is_taken_and_told(rule: Any, found: str) -> None:
    form = read_changed(lambda ws: ws.conditional_formatting.add("E4:G4", rule))
    assert actuals(form)["养护里程"] == 102.0
    assert told(form) == ([("IMPORT36", "E4" if "公" in found else "F4", found)] if found else [])


def test_a_formula_that_nobody_has_computed_is_told() -> None:
    def write(ws: Any) -> None:
        ws["E4"], ws["G4"] = "=51*2", "=F4"

    form = read_changed(write)
    assert actuals(form)["养护里程"] is None
    assert told(form) == [("IMPORT02", "E4", "=51*2"), ("IMPORT02", "G4", "=F4")]


def test_a_formula_that_came_to_a_blank_text_is_blank() -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(FORM.replace("102公里", "=1&1")))) as old,
        zipfile.ZipFile(stream, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<c r="E4"><f>', b'<c r="E4" t="str"><f>'))
    (form,) = read_bytes(stream.getvalue()).forms
    assert told(form) == []


def test_white_on_a_dark_ground_and_a_hidden_column_under_a_merged_cell_are_seen() -> None:
    def change(ws: Any) -> None:
        for cell in ws[3]:
            cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F4E78")
        ws.merge_cells("A1:H1")
        ws.column_dimensions["H"].hidden = True

    assert told(read_changed(change)) == []


def test_a_form_on_a_hidden_sheet_alone_is_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(FORM)))
    book.active.sheet_state = "hidden"
    book.create_sheet("说明")
    stream = io.BytesIO()
    book.save(stream)
    (form,) = read_bytes(stream.getvalue()).forms
    assert told(form) == [("IMPORT36", "", "表1")]


def test_an_answer_in_a_comment_is_a_doubt_and_other_comments_are_listed() -> None:
    def comment(ws: Any) -> None:
        ws["E6"].comment = Comment("完成92%", "张三")
        ws["E4"].comment = Comment("据实填写", "李四")

    form = read_changed(comment)
    assert actuals(form)["群众满意度"] is None
    assert told(form) == [("IMPORT03", "E4", "据实填写"), ("IMPORT02", "E6", "完成92%")]


def test_many_comments_are_counted() -> None:
    def comment(ws: Any) -> None:
        for row in range(3, 6):
            for cell in ws[row]:
                cell.comment = Comment("据实填写", "李四")

    listed = told(read_changed(comment))
    assert len(listed) == 13 and listed[-1] == ("IMPORT03", "F4", "据实填写，另外还有8处")


def test_the_text_of_a_box_over_the_cells_is_listed() -> None:
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:oneCellAnchor><xdr:from><xdr:col>4</xdr:col>'
        "<xdr:row>5</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>92%</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        "</xdr:oneCellAnchor></xdr:wsDr>"
    )
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{relation}" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    stream = io.BytesIO(workbook(FORM))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", relations)
        archive.writestr("xl/drawings/drawing1.xml", drawing)
    (form,) = read_bytes(stream.getvalue()).forms
    assert told(form) == [("IMPORT03", "E6", "92%")]


def old_format() -> bytes:
    """A part and a whole struck out, a hidden row, white ink."""
    book = xlwt.Workbook()
    ws = book.add_sheet("表1")
    struck, plain, white = (xlwt.easyxf(style) for style in ("font: struck_out on", "", "font: colour white"))
    looks = {(3, 4): struck, (3, 6): white}
    for r, row in enumerate(sheet(FORM)):
        for c, text in enumerate(row):
            value = float(text) if text.isdigit() else text
            if text and (r, c) != (4, 4):
                ws.write(r, c, value, looks.get((r, c), plain))
    ws.write_rich_text(4, 4, [("98%", struck.font), ("96%", plain.font)])
    ws.row(5).hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def open_format() -> bytes:
    """The same."""
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text", "style")
    )
    names += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    styles = "".join(
        f'<style:style style:name="{name}"><style:text-properties {said}/></style:style>'
        for name, said in (("S", 'style:text-line-through-style="solid"'), ("W", 'fo:color="#FFFFFF"'))
    )
    looks = {(3, 4): "S", (3, 6): "W"}
    rows = []
    for r, row in enumerate(sheet(FORM)):
        cells = []
        for c, text in enumerate(row):
            look = f' table:style-name="{looks[r, c]}"' if (r, c) in looks else ""
            kind = (
                f' office:value-type="float" office:value="{text}"' if text.isdigit() else ' office:value-type="string"'
            )
            shown = '<text:span text:style-name="S">98%</text:span>96%' if (r, c) == (4, 4) else text
            cells.append(
                f"<table:table-cell{look}{kind}>{f'<text:p>{shown}</text:p>' if text else ''}</table:table-cell>"
            )
        hidden = ' table:visibility="collapse"' if r == 5 else ""
        rows.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    body = f'<office:body><office:spreadsheet><table:table table:name="表1">{"".join(rows)}</table:table></office:spreadsheet></office:body>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>{body}</office:document-content>",
        )
    return stream.getvalue()


def page_format() -> bytes:
    """The same, as a system's web page; styles stand in the head as in the cells."""
    looks = {(3, 4): " class=k", (3, 6): " style='color:#FFF'"}
    lines = []
    for r, row in enumerate(sheet(FORM)):
        texts = ["<del>98%</del>96%" if (r, c) == (4, 4) else text for c, text in enumerate(row)]
        cells = "".join(f"<td{looks.get((r, c), '')}>{text}</td>" for c, text in enumerate(texts))
        lines.append(f"<tr{' style=display:none' if r == 5 else ''}>{cells}</tr>")
    styles = "<style><!-- td.k, .other {text-decoration:line-through} --></style>"
    return f"<html><head>{styles}</head><table>{''.join(lines)}</table></html>".encode()


def xml_format() -> bytes:
    """The same, in Excel's XML of 2003."""
    looks = {(3, 4): "S", (3, 6): "W"}
    lines = []
    for r, row in enumerate(sheet(FORM)):
        cells = []
        for c, text in enumerate(row):
            inner = '<S xmlns="http://www.w3.org/TR/REC-html40">98%</S>96%' if (r, c) == (4, 4) else text
            kind = "Number" if text.isdigit() else "String"
            data = f'<Data ss:Type="{kind}">{inner}</Data>' if text else ""
            cells.append(f'<Cell ss:StyleID="{looks.get((r, c), "")}">{data}</Cell>')
        hidden = ' ss:Hidden="1"' if r == 5 else ""
        lines.append(f"<Row{hidden}>{''.join(cells)}</Row>")
    styles = (
        '<Styles><Style ss:ID="S"><Font ss:StrikeThrough="1"/></Style>'
        '<Style ss:ID="W"><Font ss:Color="#FFFFFF"/></Style></Styles>'
    )
    body = f'<Worksheet ss:Name="表1"><Table>{"".join(lines)}</Table></Worksheet>'
    return f"{HEAD}{styles}{body}</Workbook>".encode()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("自评表.xls", old_format),
        ("自评表.ods", open_format),
        ("自评表.xls", page_format),
        ("自评表.xls", xml_format),
    ],
)
def test_other_formats_say_the_same(name: str, make: Callable[[], bytes]) -> None:
    (form,) = read_bytes(make(), name).forms
    assert actuals(form) == {"养护里程": None, "验收合格率": 96.0, "群众满意度": None}
    assert told(form) == [
        ("IMPORT02", "E4", "102公里"),
        ("IMPORT02", "E5", "98%96%"),
        ("IMPORT36", "G4", "50"),
        ("IMPORT36", "A6", "满意度指标、满意度指标、群众满意度、≥90%、10、10"),
    ]


@pytest.mark.parametrize(
    ("cell", "actual", "found"),
    [
        ("<td>102公里<span style='display:none'>（旧）</span></td>", 102.0, [("IMPORT03", "E4", "（旧）")]),
        ("<td><span style='display:none'>85公里</span></td>", None, [("IMPORT03", "E4", "85公里")]),
        ("<td style='display:none'>102公里</td>", 102.0, [("IMPORT36", "E4", "102公里")]),
        ("<td bgcolor=#ffff00><font color=white>102公里</font></td>", 102.0, [("IMPORT36", "E4", "102公里")]),
        ("<td bgcolor=navy><font color=white>102公里</font></td>", 102.0, []),
        ("<td><s>85<b>公里</b></s>102公里</td>", 102.0, [("IMPORT02", "E4", "85公里102公里")]),
        ("<td class=k>85公里<font class=plain>102公里</font></td>", 102.0, [("IMPORT02", "E4", "85公里102公里")]),
    ],
)
def test_what_a_web_page_does_not_show(cell: str, actual: float | None, found: list[tuple[str, str, str]]) -> None:
    styles = b"<style>.k {text-decoration:line-through} .plain {text-decoration:none}</style>"
    page = web_page(FORM).replace(
        b"<td rowspan='1' colspan=1>\n 102\xb9\xab\xc0\xef&nbsp;</TD>", cell.encode("gb18030")
    )
    (form,) = read_bytes(page.replace(b"<body>", styles + b"<body>"), "自评表.xls").forms
    assert actuals(form)["养护里程"] == actual
    assert told(form) == found


def test_a_column_of_a_web_page_is_hidden() -> None:
    page = web_page(FORM).replace(b"<table border=1>", b"<table><col span=4><col style='display:none'>")
    (form,) = read_bytes(page, "自评表.xls").forms
    assert told(form) == [("IMPORT36", "E3", "实际完成值、102公里、98%")]


def test_excel_hides_the_rest_of_a_text_that_is_longer_than_its_cell() -> None:
    maker = b'<meta name=Generator content="Microsoft Excel 15"><body>'
    rest = "养护<span style='display:none'>里程</span>".encode("gb18030")
    page = web_page(FORM).replace("养护里程".encode("gb18030"), rest).replace(b"<body>", maker)
    (form,) = read_bytes(page, "自评表.xls").forms
    assert list(actuals(form)) == list(ACTUAL)
    assert told(form) == []


def document() -> tuple[Any, Any]:
    """A document with the form in a table, and that table."""
    report = docx.Document()
    rows = sheet(FORM)
    table = report.add_table(len(rows), 7)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    return report, table


def test_a_document_says_the_same() -> None:
    report, table = document()

    def place(row: int, col: int) -> Any:
        return table.cell(row, col).paragraphs[0]

    place(3, 4).runs[0].font.strike = True
    place(4, 4).runs[0].font.strike = True
    place(4, 4).add_run("96%")
    place(3, 6).runs[0].font.color.rgb = RGBColor(255, 255, 255)
    report.add_comment([place(5, 4).add_run()], text="完成92%", author="张三", initials="张")
    report.add_paragraph().add_run("得分：100分").font.strike = True
    (form,) = read_bytes(saved(report), "自评表.docx").forms
    assert actuals(form) == {"养护里程": None, "验收合格率": 96.0, "群众满意度": None}
    assert form.total is None
    assert told(form) == [
        ("IMPORT02", "第4行第5格", "102公里"),
        ("IMPORT02", "第5行第5格", "98%96%"),
        ("IMPORT36", "第4行第7格", "50"),
        ("IMPORT02", "第6行第5格", "完成92%"),
    ]


def test_hidden_text_of_a_document_is_left_out_and_told() -> None:
    report, table = document()
    hidden = report.styles.add_style("隐藏文字", WD_STYLE_TYPE.CHARACTER)
    hidden.font.hidden = True
    table.cell(3, 4).paragraphs[0].add_run("（旧）").font.hidden = True
    table.cell(4, 4).paragraphs[0].runs[0].style = hidden
    report.add_paragraph().add_run("得分：100分", hidden)
    (form,) = read_bytes(saved(report), "自评表.docx").forms
    assert actuals(form) == {"养护里程": 102.0, "验收合格率": None, "群众满意度": None}
    assert form.total is None
    assert told(form) == [
        ("IMPORT03", "第4行第5格", "（旧）"),
        ("IMPORT03", "第5行第5格", "98%"),
    ]


def test_hidden_text_of_a_report_is_left_out_and_told() -> None:
    report = docx.Document()
    report.add_paragraph("农村道路养护项目支出绩效自评报告")
    report.add_paragraph("预算安排36万元，实际支出35.2万元。").add_run("实际支出30万元。").font.hidden = True
    report.add_paragraph().add_run("自评得分99分。").font.hidden = True
    report.add_paragraph("自评得分95分。")
    (form,) = read_bytes(saved(report), "自评报告.docx").forms
    assert form.total is not None and form.total.value == 95.0
    assert told(form) == [("IMPORT03", "第2段", "实际支出30万元。"), ("IMPORT03", "第2段", "自评得分99分。")]
