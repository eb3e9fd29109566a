"""Word documents from outside: what a reader of the page sees, in its order, with its place."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from raw_workbooks import links, zipped
from word_documents import document_file, para, run, table, tile

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.word.reading import Document, DocumentCell, DocumentTable, Paragraph, open_document

STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NOWHERE = Path("没有这个文件.docx")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def read(body: str, **parts: str) -> Document:
    return open_document(NOWHERE, data=document_file(body, **parts))


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(UnreadableWorkbook) as caught:
        open_document(NOWHERE, data=data)
    return caught.value.code, caught.value.message


def test_paragraphs_and_tables_come_in_the_order_of_the_page() -> None:
    document = docx.Document()
    document.add_heading("一、项目概况", 1)
    document.add_paragraph("")
    document.add_paragraph("预算30万元。")
    grid = document.add_table(2, 2)
    grid.cell(0, 0).text, grid.cell(1, 1).text = "一级指标", "30"
    document.add_paragraph("张三填报")
    file = io.BytesIO()
    document.save(file)
    found = open_document(NOWHERE, data=file.getvalue())
    assert found.blocks == (
        Paragraph(1, "一、项目概况", 1),
        Paragraph(2, "预算30万元。"),
        DocumentTable(
            1,
            2,
            2,
            (
                DocumentCell(0, 0, 1, 1, "一级指标"),
                DocumentCell(0, 1, 1, 1, ""),
                DocumentCell(1, 0, 1, 1, ""),
                DocumentCell(1, 1, 1, 1, "30"),
            ),
        ),
        Paragraph(3, "张三填报"),
    )


def test_merged_cells_reach_as_far_as_they_are_drawn() -> None:
    restart, goes_on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    document = read(
        table(
            tile("总额", restart) + tile("财政资金", wide),
            tile("", goes_on) + tile("中央") + tile("省", restart),
            tile("", goes_on) + tile("县") + tile("盖住的字", goes_on),
        )
    )
    assert document.tables[0].cells == (
        DocumentCell(0, 0, 3, 1, "总额"),
        DocumentCell(0, 1, 1, 2, "财政资金"),
        DocumentCell(1, 1, 1, 1, "中央"),
        DocumentCell(1, 2, 2, 1, "省"),
        DocumentCell(2, 1, 1, 1, "县"),
    )


def test_a_merge_without_a_beginning_is_a_cell_of_its_own() -> None:
    document = read(table(tile("甲", "<w:vMerge/>") + tile("乙"), tile("丙") + tile("丁")))
    assert [cell.text for cell in document.tables[0].cells] == ["甲", "乙", "丙", "丁"]


def test_a_row_that_begins_further_right_keeps_its_columns() -> None:
    late = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tile("乙")
    assert read(table(tile("甲") + tile("列"), late)).tables[0].cells[2] == DocumentCell(1, 1, 1, 1, "乙")


def test_an_absurd_width_takes_no_memory() -> None:
    wide = '<w:gridSpan w:val="999999999"/>'
    assert read(table(tile("甲", wide) + tile("乙"))).tables[0].cols == 64


def test_of_a_revision_the_new_text_is_read() -> None:
    body = para(
        run("预算"),
        f"<w:del>{run('20').replace('w:t', 'w:delText')}</w:del>",
        f"<w:ins>{run('30')}</w:ins>",
        f"<w:moveFrom>{run('旧')}</w:moveFrom>",
        run("万元"),
    )
    assert texts(read(body)) == ["预算30万元"]


def test_a_deleted_row_is_not_read() -> None:
    document = read(table(tile("甲") + tile("乙"), "<w:trPr><w:del/></w:trPr>" + tile("丙") + tile("丁")))
    assert [cell.text for cell in document.tables[0].cells] == ["甲", "乙"]


def test_hidden_text_is_not_read_and_told() -> None:
    document = read(
        para(run("得分"), run("答案", "<w:vanish/>"), run("95", '<w:vanish w:val="0"/>'))
        + para(run("全段隐藏", "<w:vanish/>"))
        + para(run("另一段"))
    )
    assert texts(document) == ["得分95", "另一段"]
    assert [(one.number, one.text, one.marks.hidden) for one in (*document.blocks, *document.beside)] == [
        (1, "得分95", "答案"),
        (2, "另一段", ""),
        (1, "", "全段隐藏"),
    ]


def _style(kind: str, key: str, properties: str, base: str = "", more: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="{kind}" w:styleId="{key}">{based}{more}<w:rPr>{properties}</w:rPr></w:style>'


STYLES = "".join(
    [
        _style("paragraph", "Hidden", "<w:vanish/>"),
        _style("paragraph", "Below", "", "Hidden"),
        _style("character", "Unseen", "<w:vanish/>"),
        _style("character", "Crossed", "<w:strike/>"),
        _style("character", "White", '<w:color w:val="FFFFFF"/>'),
        _style(
            "paragraph",
            "Banner",
            '<w:color w:val="FFFFFF"/>',
            more='<w:pPr><w:shd w:val="clear" w:fill="1F4E78"/></w:pPr>',
        ),
        '<w:style w:type="table" w:styleId="Grid"><w:tblStylePr w:type="firstRow"><w:tcPr>'
        '<w:shd w:val="clear" w:fill="4472C4"/></w:tcPr></w:tblStylePr></w:style>',
    ]
)


@pytest.mark.parametrize(
    ("paragraph", "text", "marks"),
    [
        (para(run("得分95"), properties='<w:pStyle w:val="Hidden"/>'), "", ("", "", "得分95")),
        (para(run("得分95"), properties='<w:pStyle w:val="Below"/>'), "", ("", "", "得分95")),
        (
            para(run("得分"), run("95", '<w:vanish w:val="0"/>'), properties='<w:pStyle w:val="Below"/>'),
            "95",
            ("", "", "得分"),
        ),
        (
            para(run("得分"), run("95", '<w:rStyle w:val="Unseen"/>'), properties='<w:pStyle w:val="Below"/>'),
            "95",
            ("", "", "得分"),
        ),
        (para(run("得分"), run("95", '<w:rStyle w:val="Unseen"/>')), "得分", ("", "", "95")),
        (para(run("得分"), run("95", '<w:rStyle w:val="Crossed"/>')), "得分", ("得分95", "", "")),
        (para(run("得分"), run("95", '<w:rStyle w:val="White"/>')), "得分95", ("", "95", "")),
        (para(run("得分"), run("95", '<w:rStyle w:val="White"/><w:color w:val="auto"/>')), "得分95", ("", "", "")),
        (
            para(run("得分"), run("95", '<w:rStyle w:val="White"/><w:highlight w:val="red"/>')),
            "得分95",
            ("", "", ""),
        ),
        (para(run("得分95"), properties='<w:pStyle w:val="Banner"/>'), "得分95", ("", "", "")),
        (para(run("窗体底端"), properties='<w:pStyle w:val="Hidden"/>'), "", ("", "", "")),
    ],
)
def test_a_style_hides_strikes_out_and_whitens(paragraph: str, text: str, marks: tuple[str, str, str]) -> None:
    document = read(table(f"<w:tc>{paragraph}</w:tc>" + tile("乙")), styles=STYLES)
    (cell, _) = document.tables[0].cells
    assert (cell.text, (cell.marks.written, cell.marks.unseen, cell.marks.hidden)) == (text, marks)


def test_white_on_the_ground_of_a_table_s_style_is_seen() -> None:
    white = para(run("指标", '<w:color w:val="FFFFFF"/>'))
    grid = table(f"<w:tc>{white}</w:tc>" + tile("乙"))
    document = read(grid.replace("<w:tblPr/>", '<w:tblPr><w:tblStyle w:val="Grid"/></w:tblPr>'), styles=STYLES)
    assert [cell.marks.unseen for cell in document.tables[0].cells] == ["", ""]


def test_what_is_hidden_in_a_header_is_not_read() -> None:
    document = docx.Document()
    line = document.sections[0].header.paragraphs[0]
    line.add_run("单位：元").font.hidden = True
    line.add_run("自评表")
    file = io.BytesIO()
    document.save(file)
    assert open_document(NOWHERE, data=file.getvalue()).page_lines == ("自评表",)


def test_controls_and_links_hold_text_rows_and_cells() -> None:
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = control.format(
        para(run("单位："), control.format(run("县水务局")), f"<w:hyperlink>{run('（链接）')}</w:hyperlink>")
    )
    grid = f"<w:tbl>{control.format('<w:tr>' + tile('甲') + control.format(tile('乙')) + '</w:tr>')}</w:tbl>"
    document = read(body + grid)
    assert texts(document) == ["单位：县水务局（链接）"]
    assert [(cell.col, cell.text) for cell in document.tables[0].cells] == [(0, "甲"), (1, "乙")]


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{para(run('得分97分'))}{table(tile('甲') + tile('乙'))}</w:txbxContent>"
    shape = (
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    document = read(para(run("见右框"), shape))
    assert texts(document) == ["见右框", "得分97分"]
    assert len(document.tables) == 1


def test_breaks_tabs_and_tick_boxes_inside_a_text() -> None:
    inner = '<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    assert texts(read(para(inner))) == ["甲\t乙\n丙☑"]


def test_a_cell_holds_paragraphs_and_a_table() -> None:
    inner = table(tile("1") + tile("2"), tile("3") + tile("4"))
    cell = f"<w:tc>{para(run('第一行'))}{para(run('第二行'))}{inner}{para()}</w:tc>"
    assert read(table(cell + tile("旁"))).tables[0].cells[0].text == "第一行\n第二行\n1\t2\n3\t4"


def test_a_frame_round_the_page_is_looked_through() -> None:
    frame = table(f"<w:tc>{para(run('报告'))}{table(tile('甲') + tile('乙'))}</w:tc>")
    document = read(frame)
    assert texts(document) == ["报告"]
    assert [table.number for table in document.tables] == [1]
    assert [cell.text for cell in document.tables[0].cells] == ["甲", "乙"]


def test_heading_levels_by_style_inheritance_and_outline() -> None:
    styles = (
        '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="mine"><w:name w:val="小节"/><w:basedOn w:val="1"/></w:style>'
        '<w:style w:styleId="a"><w:name w:val="圈"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:name w:val="圈2"/><w:basedOn w:val="a"/></w:style>'
    )
    body = "".join(
        para(run("题"), properties=properties)
        for properties in (
            '<w:pStyle w:val="1"/>',
            '<w:pStyle w:val="mine"/>',
            '<w:pStyle w:val="a"/>',
            '<w:outlineLvl w:val="2"/>',
            '<w:outlineLvl w:val="9"/>',
        )
    )
    assert [p.level for p in read(body, styles=styles).paragraphs] == [1, 1, None, 3, None]


def test_strict_documents_read_the_same() -> None:
    assert texts(read(para(run("年度目标")), namespace=STRICT)) == ["年度目标"]


def test_an_empty_document_has_no_blocks() -> None:
    assert read("").blocks == ()


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "FILE02", "空"),
        (OLE + "WordDocument".encode("utf-16-le"), "FILE10", "另存为 .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "FILE04", "密码"),
        (OLE + "Workbook".encode("utf-16-le"), "FILE10", "不是 .docx 文档"),
        (b"<html><body>x</body></html>", "FILE01", "不是 Word 文档，而是网页"),
        (b"%PDF-1.4", "FILE01", "不是 Word 文档，而是PDF 文件"),
        (zipped({"readme.txt": "x"}), "FILE01", "不是 Word 文档"),
        (
            zipped(
                {"_rels/.rels": links(("a", "officeDocument", "xl/workbook.xml")), "xl/workbook.xml": "<workbook/>"}
            ),
            "FILE01",
            "而是Excel 工作簿",
        ),
        (b"PK\x03\x04" + bytes(100), "FILE03", "损坏"),
        (document_file("<w:p>"), "FILE03", "损坏"),
        (document_file(para(run("x")), extra='<!DOCTYPE x [<!ENTITY a "b">]>'), "FILE03", "损坏"),
        (document_file("<w:p>" * 300 + "</w:p>" * 300), "FILE03", "损坏"),
    ],
)
def test_files_that_are_refused(data: bytes, code: str, words: str) -> None:
    found, message = refused(data)
    assert found == code
    assert words in message


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 30_000_000)
    assert refused(file.getvalue())[0] == "FILE11"


def test_deep_nesting_is_no_crash() -> None:
    deep = para(run("底"))
    for _ in range(45):
        deep = f"<w:tbl><w:tr><w:tc>{deep}</w:tc><w:tc/></w:tr></w:tbl>"
    assert "底" in read(deep).tables[0].cells[0].text
