"""Forms: committed files, tags as Word leaves them, text that steers the document, and clear messages."""

from __future__ import annotations

import doctest
import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml.ns import nsdecls
from drawn_documents import W, drawn_form
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from raw_workbooks import zipped
from written_documents import built_forms

from workbook_tools import word
from workbook_tools.core.errors import TemplateError
from workbook_tools.files.paths import templates_folder
from workbook_tools.reports.forms import build_forms
from workbook_tools.word.drawing import Block, TableBlock, TableCell, TagRow, paragraph
from workbook_tools.word.rendering import ReportForm, open_form
from workbook_tools.word.text import ABOVE, Highlighted, TagGroup, chinese_number, clean, one_line, paragraphs

FORMS = sorted(path.name for path in templates_folder().glob("*.docx"))


def form(*body: Block | str) -> ReportForm:
    return ReportForm(drawn_form(*body, title="{{ 名称 }}"), "测试.docx")


def render(*body: Block | str, **values: object) -> Docx:
    return Document(io.BytesIO(form(*body).render({"名称": "无", **values})))


def texts(document: Docx) -> list[str]:
    return [p.text for p in document.paragraphs]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: etree.tostring(etree.fromstring(archive.read(name)), method="c14n") for name in archive.namelist()
        }


def test_the_face_of_the_room_does_what_it_shows() -> None:
    assert doctest.testmod(word) == doctest.TestResults(failed=0, attempted=6)


# -- the committed forms ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_a_committed_form_is_what_the_code_builds(name: str) -> None:
    built, committed = parts(built_forms()[name]), parts((templates_folder() / name).read_bytes())
    assert built.keys() == committed.keys()
    for part in built:
        assert built[part] == committed[part], part


def test_every_form_is_committed() -> None:
    assert sorted(built_forms()) == FORMS


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_the_margins_and_fonts_of_official_documents(name: str) -> None:
    document = Document(str(templates_folder() / name))
    first = document.sections[0]
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(m.mm) for m in margins if m is not None] == [37, 35, 28, 26]
    fonts = {
        style.name: style.element.find(".//{*}rFonts").get(f"{W}eastAsia")
        for style in document.styles
        if style.element.find(".//{*}rFonts") is not None
    }
    assert fonts["Title"] == "方正小标宋简体"
    assert fonts["Heading 1"] == "黑体"
    assert fonts["Heading 2"] == "楷体"
    assert fonts["Normal"] == "仿宋"


@pytest.mark.parametrize("name", FORMS)
def test_a_page_holds_22_lines_of_28_characters(name: str) -> None:
    document = Document(str(templates_folder() / name))
    page, normal = document.sections[0], document.styles["Normal"]
    height = page.page_height.pt - page.top_margin.pt - page.bottom_margin.pt
    width = page.page_width.pt - page.left_margin.pt - page.right_margin.pt
    assert height // normal.paragraph_format.line_spacing.pt == 22
    spacing = float(normal.element.rPr.find(f"{W}spacing").get(f"{W}val")) / 20
    assert width // (normal.font.size.pt + spacing) == 28


@pytest.mark.parametrize("name", FORMS)
def test_page_numbers_stand_at_the_outer_edge_of_every_section_but_the_first_with_cover_and_contents(name: str) -> None:
    document = Document(str(templates_folder() / name))
    assert document.settings.odd_and_even_pages_header_footer
    *front, last = document.sections
    for footer, alignment in (
        (last.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (last.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        (paragraph,) = footer.paragraphs
        assert "".join(t.text for t in paragraph._p.iter(f"{W}t")) == "— 1 —"
        own, inherited = paragraph.alignment, paragraph.style.paragraph_format.alignment
        assert (inherited if own is None else own) == alignment
        assert paragraph.style.font.size.pt == 14
    if name.startswith("报告") or name in ("部门汇总报告.docx", "全部项目汇总报告.docx"):
        assert front[0].footer.is_linked_to_previous
        assert not front[0]._sectPr.findall(f"{W}footerReference")


def test_the_same_form_is_built_twice_alike() -> None:
    assert build_forms() == built_forms()


# -- tags -------------------------------------------------------------------------------------------------------------


def test_a_tag_that_word_has_split_into_runs_still_works() -> None:
    split = (
        "<w:p><w:r><w:t>{{</w:t></w:r><w:proofErr w:type='spellStart'/><w:r><w:rPr><w:b/></w:rPr><w:t> 名</w:t></w:r>"
        "<w:r><w:t>称 }</w:t></w:r><w:r><w:t>}。</w:t></w:r></w:p>"
    )
    assert texts(render(split, 名称="甲")) == ["甲。"]


def test_a_row_repeats_and_a_paragraph_is_dropped() -> None:
    body = (
        TableBlock(
            [50, 50],
            [
                TagRow("{%tr for 行 in 行们 %}"),
                [TableCell("{{ 行.甲 }}"), TableCell("{{ 行.乙 }}")],
                TagRow("{%tr endfor %}"),
            ],
        ),
        paragraph("{%p if 没有 %}"),
        paragraph("不印"),
        paragraph("{%p endif %}"),
    )
    rows = [TagGroup("行", {"甲": n, "乙": n * 0.1}) for n in range(1, 4)]
    document = render(*body, 行们=rows, 没有=False)
    assert [[c.text for c in row.cells] for row in document.tables[0].rows] == [
        ["1", "0.1"],
        ["2", "0.2"],
        ["3", "0.3"],
    ]
    assert "不印" not in "".join(texts(document))


def test_a_tag_may_compare_and_a_note_to_oneself_is_not_printed() -> None:
    body = paragraph("{% if 数 < 3 and 名称 != '<&' %}少{# 给自己看的 #}{% endif %}")
    assert texts(render(body, 数=2)) == ["少"]


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        (
            "<w:p><w:r><w:t>{%r if 没有 %}</w:t></w:r><w:r><w:t>不印</w:t></w:r><w:r><w:t>{%r endif %}</w:t></w:r></w:p>",
            "",
        ),
        (
            f"<w:p>{'<w:r><w:t>{%p if 没有 %}</w:t></w:r>'}</w:p><w:p/><w:p><w:r><w:t>{{%p endif %}}印</w:t></w:r></w:p>",
            None,
        ),
    ],
)
def test_a_tag_stands_for_its_run_or_paragraph(body: str, printed: str | None) -> None:
    assert texts(render(body, 没有=False)) == ([] if printed is None else [printed])


def test_the_tag_of_a_row_stands_for_the_row_it_is_in_and_for_no_row_around() -> None:
    def cell(*content: str) -> str:
        return f"<w:tc>{''.join(content)}<w:p/></w:tc>"

    def row(text: str) -> str:
        return f"<w:tr><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>"

    inner = f"<w:tbl>{row('{%tr for 行 in [1, 2] %}')}{row('{{ 行 }}')}{row('{%tr endfor %}')}</w:tbl>"
    document = render(f"<w:tbl><w:tr>{cell(inner)}{cell('<w:p><w:r><w:t>旁</w:t></w:r></w:p>')}</w:tr></w:tbl>")
    assert ["".join(t.text for t in tr.iter(f"{W}t")) for tr in document.element.iter(f"{W}tr")] == ["12旁", "1", "2"]


def test_a_tag_in_a_footnote_is_printed() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    with zipfile.ZipFile(io.BytesIO(drawn_form(paragraph("正文")))) as archive:
        entries = {name: archive.read(name).decode() for name in archive.namelist()}
    text = "<w:p><w:r><w:t>{{ 名称 }}</w:t></w:r></w:p>"
    entries["word/footnotes.xml"] = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2">{text}</w:footnote></w:footnotes>'
    )
    for name, end, item in (
        ("[Content_Types].xml", "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/>'),
        (
            "word/_rels/document.xml.rels",
            "</Relationships>",
            f'<Relationship Id="rIdNotes" Type="{relation}" Target="footnotes.xml"/>',
        ),
    ):
        entries[name] = entries[name].replace(end, item + end)
    printed = ReportForm(zipped(entries), "测试.docx").render({"名称": "一\n二"})
    with zipfile.ZipFile(io.BytesIO(printed)) as archive:
        notes = etree.fromstring(archive.read("word/footnotes.xml"))
    assert ["".join(p.itertext()) for p in notes.iter(f"{W}p")] == ["一", "二"]


def test_the_title_of_the_file_is_rendered() -> None:
    assert render(名称="甲<&").core_properties.title == "甲<&"


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("{{ 名程 }}", "没有名为“名程”的内容"),
        ("{{ 正文.overvieww }}", "没有名为“正文.overvieww”的内容"),
        ("{{ 名称", "标签写法有误"),
        ("{% for 行 in 行们 %}", "标签写法有误（“{% for 行 in 行们 %}”没有对应的 endfor）"),
        ("{% endif %}", "标签写法有误（“endif”多余，或者前面少了与它成对的标签）"),
        ("{% if 名称 %}{% endfor %}", "标签写法有误（遇到“endfor”时，前面的 if 还没有用 endif 结束）"),
        ("{{ 名称 }", "标签写法有误（结尾的括号少了一半）"),
        ("{{ 名称 乙 }}", "标签写法有误（“乙”前面多了空格，或者少了符号）"),
        ("{% if 名称 %}{{ 名称|没有 }}{% endif %}", "标签写法有误（没有名为“没有”的小工具）"),
        ("{{ }}", "标签写法有误（没有写完）"),
        ("{{ 名称。 }}", "标签写法有误（点后面少了名称）"),
        ("{{ 名称？ }}", "标签写法有误（不认识“？”）"),
        ("{{ 正文 }}", "标签取到的不是一个值"),
        ("{{ 行们 }}", "标签取到的不是一个值"),
        ("{{ 名称|汉字 }}", "标签取到的不是一个值"),
        ("{% for 行 in 3 %}{% endfor %}", "标签取到的不是一个值"),
        ("{{ 名称|不存在 }}", "标签写法有误（没有名为“不存在”的小工具）"),
        ("{{ 名称.__class__.__mro__ }}", "用到了不允许的写法"),
    ],
)
def test_a_wrong_tag_is_named_with_its_form(tag: str, message: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(paragraph("前文" + tag), 名称="<甲", 正文=TagGroup("正文", {"overview": "乙"}), 行们=["甲"])
    assert "测试.docx" in str(caught.value)
    assert message in str(caught.value)


def test_a_tag_that_breaks_the_document_is_refused() -> None:
    torn = TableBlock([50], [[TableCell("{% if 没有 %}")]])
    with pytest.raises(TemplateError, match=r"测试\.docx”的标签位置有误"):
        render(torn, paragraph("{% endif %}"), 没有=False)


def test_no_filter_can_switch_off_the_escaping() -> None:
    assert texts(render(paragraph("{{ 文|safe }}"), 文="<w:p/>&")) == ["<w:p/>&"]


def test_the_message_quotes_the_paragraph_of_the_wrong_tag() -> None:
    with pytest.raises(TemplateError, match=r"“项目概况：\{\{ 概况 \}\}”处"):
        render(paragraph("第一段"), paragraph("项目概况：", "{{ 概况 }}"), paragraph("第三段"))


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(TemplateError, match=r"“坏\.docx”不是有效的 Word 文档"):
        ReportForm(data, "坏.docx")


def test_a_missing_form_is_named() -> None:
    with pytest.raises(TemplateError, match=r"打不开报告模板“没有\.docx”"):
        open_form(Path("没有.docx"))


def test_a_form_is_compiled_once_until_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "甲.docx"
    path.write_bytes(drawn_form(paragraph("甲")))
    first = open_form(path)
    assert open_form(path) is first
    path.write_bytes(drawn_form(paragraph("另一份，更长的文字")))
    assert open_form(path) is not first


# -- text -------------------------------------------------------------------------------------------------------------


def test_a_line_break_makes_a_paragraph_of_the_same_style() -> None:
    document = render(paragraph("标签：", "{{ 文 }}", "。", style="Heading2"), 文="一\r\n二\u2028三")
    assert texts(document) == ["标签：一", "二", "三。"]
    assert {p.style.name for p in document.paragraphs if p.style} == {"Heading 2"}


def test_a_section_break_stays_at_the_last_of_the_new_paragraphs() -> None:
    body = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{{ 文 }}</w:t></w:r></w:p>"
    document = render(body, paragraph("后"), 文="一\n二")
    assert len(document.sections) == 2
    assert [p._p.pPr is not None and p._p.pPr.sectPr is not None for p in document.paragraphs] == [False, True, False]


def test_a_break_inside_a_hyperlink_stays_inside() -> None:
    link = "<w:p><w:hyperlink w:anchor='a'><w:r><w:t>{{ 文 }}</w:t></w:r></w:hyperlink></w:p>"
    assert texts(render(link, 文="一\n二")) == ["一\n二"]


def test_a_tab_is_a_tab() -> None:
    document = render(paragraph("{{ 文 }}"), 文="一\t二")
    assert texts(document) == ["一\t二"]
    assert "<w:tab/>" in document.element.xml


def test_what_is_missing_catches_the_eye_and_nothing_else_does() -> None:
    document = render(paragraph("概况：{{ 文 }}。"), 文=Highlighted("（未填写）"))
    runs = [(r.text, r.font.highlight_color) for r in document.paragraphs[0].runs]
    assert runs == [("概况：", None), ("（未填写）", WD_COLOR_INDEX.YELLOW), ("。", None)]


def test_a_highlight_keeps_the_order_of_word_properties() -> None:
    bold = "<w:p><w:r><w:rPr><w:b/><w:color w:val='000000'/><w:sz w:val='20'/><w:u w:val='single'/></w:rPr><w:t>{{ 文 }}</w:t></w:r></w:p>"
    document = render(bold, 文=Highlighted("缺"))
    properties = document.paragraphs[0].runs[0]._r.rPr
    assert [child.tag.split("}")[1] for child in properties] == ["b", "color", "sz", "highlight", "u"]


def test_equal_cells_are_merged_downwards() -> None:
    rows = [
        TagGroup("行", {"甲": a, "乙": b})
        for a, b in (("产出", "数量"), (ABOVE, "质量"), (ABOVE, "时效"), ("效益", "社会"))
    ]
    body = TableBlock(
        [50, 50],
        [
            [TableCell("一级"), TableCell("二级")],
            TagRow("{%tr for 行 in 行们 %}"),
            [TableCell("{{ 行.甲 }}"), TableCell("{{ 行.乙 }}")],
            TagRow("{%tr endfor %}"),
        ],
    )
    table = render(body, 行们=rows).tables[0]
    assert [tr.tc_lst[0].vMerge for tr in table._tbl.tr_lst] == [None, "restart", "continue", "continue", None]
    assert [c.text for c in table.columns[0].cells] == ["一级", "产出", "产出", "产出", "效益"]


def test_a_cell_with_nothing_above_stays_blank() -> None:
    document = render(TableBlock([50], [[TableCell("{{ 同上 }}")]]), paragraph("段{{ 同上 }}"))
    assert document.tables[0].cell(0, 0).text == ""
    assert "vMerge" not in document.element.xml
    assert texts(document)[-1] == "段"


def test_a_table_without_rows_and_a_cell_without_paragraph_are_mended() -> None:
    empty = TableBlock([50], [TagRow("{%tr for 行 in [] %}"), [TableCell("甲")], TagRow("{%tr endfor %}")])
    hollow = TableBlock([50], [[TableCell("{%p if false %}\n甲\n{%p endif %}")]])
    document = render(empty, hollow)
    assert len(document.tables) == 1
    assert document.tables[0].cell(0, 0).text == ""


def test_repeated_bookmarks_and_paragraph_ids_are_dropped() -> None:
    marked = (
        "<w:p xmlns:w14='http://schemas.microsoft.com/office/word/2010/wordml' w14:paraId='00000001'>"
        "<w:bookmarkStart w:id='0' w:name='甲'/><w:r><w:t>{{ 行 }}</w:t></w:r><w:bookmarkEnd w:id='0'/></w:p>"
    )
    document = render(paragraph("{%p for 行 in ['一', '二'] %}"), marked, paragraph("{%p endfor %}"))
    assert texts(document) == ["一", "二"]
    assert document.element.xml.count("bookmarkStart") == document.element.xml.count("bookmarkEnd") == 1
    assert "paraId" not in document.element.xml


_ONE_TAG = form(paragraph("{{ 名称 }}"))


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_comes_out_whole(text: str) -> None:
    document = Document(io.BytesIO(_ONE_TAG.render({"名称": text})))
    assert "\n".join(texts(document)) == clean(text)


def test_a_very_long_text_comes_out_whole() -> None:
    text = "一万字的说明，不能少一个字。" * 800
    assert texts(render(paragraph("{{ 文 }}"), 文=text)) == [text]


def test_narratives_lose_typed_indents_and_empty_lines_only() -> None:
    assert paragraphs("　　第一段 中间  空格\r\n\r\n\t第二段　\n") == "第一段 中间  空格\n第二段"
    assert one_line(" 名称\n第二行\t完 ") == "名称 第二行 完"


def test_numbers_of_headings() -> None:
    assert [chinese_number(n) for n in (0, 1, 10, 11, 20, 35, 99)] == [
        "零",
        "一",
        "十",
        "十一",
        "二十",
        "三十五",
        "九十九",
    ]
