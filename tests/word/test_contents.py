"""Cover, red head and table of contents: what the settings ask for, and page numbers that agree with a layout program."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Docx
from drawn_documents import W, drawn_form
from office import convert_with_libreoffice, pdf_text, requires_libreoffice, requires_pdftotext
from result_builder import project, result

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.core.errors import SettingsError
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.writing import render_project_report
from workbook_tools.shipped.demo import run_demo
from workbook_tools.word.drawing import Block, ContentsBlock, SectionEnd, paragraph
from workbook_tools.word.rendering import ReportForm


def report(look: ReportAppearance, **changes: object) -> Docx:
    row = project(1, scheme="quwo", **changes)
    return Document(io.BytesIO(render_project_report(result([row]), row, look=look)))


def lines(document: Docx) -> list[str]:
    return [p.text for p in document.paragraphs if p.text]


def entries(document: Docx) -> list[tuple[str, str, int]]:
    """Style, heading and page number of each entry."""
    found = []
    for p in document.paragraphs:
        if p._p.find(f"{W}hyperlink") is not None:
            text, number = p.text.split("\t")
            found.append((p.style.name, text, int(number)))
    return found


def render(*body: Block | str, **values: object) -> Docx:
    form = ReportForm(drawn_form(*body, SectionEnd(first=True)), "测试.docx")
    return Document(io.BytesIO(form.render(values)))


def test_the_usual_report_has_a_table_of_contents_and_neither_cover_nor_red_head() -> None:
    document = report(ReportAppearance())
    assert lines(document)[0] == "目　　录"
    assert [s.start_type is not None and len(s._sectPr.findall(f"{W}footerReference")) for s in document.sections] == [
        0, 2, 2, 2,
    ]  # fmt: skip
    assert len(entries(document)) == 15
    assert entries(document)[:2] == [("toc 1", "一、项目的基本情况", 1), ("toc 2", "（一）项目概况", 1)]


def test_the_office_can_do_without_contents() -> None:
    document = report(ReportAppearance(contents=False))
    assert lines(document)[:2] == ["2021年度第1号公共服务运行维护项目", "项目支出绩效自评报告"]
    assert len(document.sections) == 3
    assert "TOC" not in document.element.xml


def test_a_cover_says_whose_report_it_is() -> None:
    document = report(ReportAppearance(cover=True, contents=False))
    assert lines(document)[:7] == [
        "2021年度第1号公共服务运行维护项目", "项目支出绩效自评报告", "项目名称：第1号公共服务运行维护项目",
        "项目编码：XM0001", "主管部门：交通运输局", "实施单位：信息中心", "评价年度：2021年度",
    ]  # fmt: skip


def test_a_red_head_stands_above_the_title_with_its_number_and_a_red_line() -> None:
    document = report(ReportAppearance(contents=False, red_head="某县财政局文件", document_number="某财绩〔2022〕3号"))
    head, number = document.paragraphs[:2]
    assert [head.text, number.text] == ["某县财政局文件", "某财绩〔2022〕3号"]
    assert str(head.style.font.color.rgb) == "E60012"
    border = number.style.element.find(f".//{W}pBdr/{W}bottom")
    assert border.get(f"{W}color") == "E60012"


def test_the_date_of_the_settings_is_printed_below_the_name() -> None:
    row = project(1, scheme="zhangye")
    for date, printed in (("2024年3月15日", "2024年3月15日"), ("", "年　　月　　日")):
        look = ReportAppearance(date=date)
        document = Document(io.BytesIO(render_project_report(result([row]), row, look=look)))
        assert lines(document)[-2:] == ["信息中心", printed]


def test_the_entries_are_links_to_the_headings_in_words_own_field() -> None:
    document = report(ReportAppearance())
    anchors = [link.get(f"{W}anchor") for link in document.element.iter(f"{W}hyperlink")]
    named = {mark.get(f"{W}name"): mark.getparent() for mark in document.element.iter(f"{W}bookmarkStart")}
    texts = ["".join(t.text for t in named[a].iter(f"{W}t")) for a in anchors]
    assert texts == [text for _, text, _ in entries(document)]
    kinds = [mark.get(f"{W}fldCharType") for mark in document.element.iter(f"{W}fldChar")]
    assert kinds[:2] == ["begin", "separate"]
    assert kinds[-1] == "end"
    assert kinds.count("begin") == kinds.count("end") == kinds.count("separate") == 16


def test_a_contents_that_a_user_inserted_is_filled_anew_up_to_its_level() -> None:
    old = (
        '<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>'
        ' TOC \\o "1-3" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>旧一</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>旧二</w:t></w:r></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    document = render(old, paragraph("{{ 题 }}", style="Heading3"), paragraph("正文", style="Heading4"), 题="甲<&")
    assert [(text, page) for _, text, page in entries(document)] == [("甲<&", 1)]
    assert "旧" not in "".join(lines(document))


def test_a_heading_in_a_text_box_is_listed_without_a_page() -> None:
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{{ 题 }}</w:t></w:r></w:p>'
    box = f"<w:p><w:r><w:pict><w:txbxContent>{heading}</w:txbxContent></w:pict></w:r></w:p>"
    document = render(ContentsBlock(), box, paragraph("其后", style="Heading1"), 题="框中")
    listed = ["".join(t.text or "" for t in link.iter(f"{W}t")) for link in document.element.iter(f"{W}hyperlink")]
    assert listed == ["框中", "其后1"]


def test_a_heading_moves_to_the_next_page_with_its_text_and_a_full_page_has_22_lines() -> None:
    for before, page in ((19, 1), (20, 1), (21, 2)):
        document = render(
            paragraph("{%p for 行 in 行们 %}"), paragraph("{{ 行 }}"), paragraph("{%p endfor %}"),
            paragraph("标题", style="Heading1"), paragraph("正文"), ContentsBlock(), 行们=["行"] * before,
        )  # fmt: skip
        assert [p for _, _, p in entries(document)] == [page], before


def pages_of_headings(pdf: Path, headings: list[str]) -> list[set[int]]:
    """The printed page numbers of the pages on which each heading is a line."""
    found: dict[str, set[int]] = {}
    text = pdf_text(pdf)
    for page in text.split("\f"):
        number = re.search(r"—\s*(\d+)\s*—", page)
        for line in page.splitlines():
            if number:
                found.setdefault("".join(line.split()), set()).add(int(number[1]))
    return [found.get("".join(heading.split()), set()) for heading in headings]


@pytest.mark.slow
@requires_libreoffice
@requires_pdftotext
def test_the_page_numbers_are_those_of_a_layout_program(tmp_path: Path) -> None:
    reports = [p for p in run_demo(tmp_path / "demo", datetime(2024, 3, 1, tzinfo=UTC)).reports if "汇总" not in p.name]
    wrong = []
    for path, pdf in zip(reports, convert_with_libreoffice(reports, tmp_path / "pdf"), strict=True):
        listed = entries(Document(str(path)))
        for (_, heading, page), printed in zip(listed, pages_of_headings(pdf, [h for _, h, _ in listed]), strict=True):
            if page not in printed:
                wrong.append((path.name, heading, page, printed))
    assert len(reports) == 8
    assert wrong == []


# -- wbt.toml ---------------------------------------------------------------------------------------------------------


def test_the_settings_of_a_new_folder_say_what_can_be_chosen(tmp_path: Path) -> None:
    Campaign.create(tmp_path, Settings(year=2024, report=ReportAppearance(cover=True, red_head='某县"财政局"文件')))
    assert Campaign.open(tmp_path).settings.report == ReportAppearance(cover=True, red_head='某县"财政局"文件')
    text = (tmp_path / "wbt.toml").read_text("utf-8")
    assert [name for name in ReportAppearance.model_fields if f"\n{name} = " not in text] == []


def test_settings_of_before_go_on_as_usual(tmp_path: Path) -> None:
    (tmp_path / "wbt.toml").write_text("year = 2023\n", "utf-8")
    assert Campaign.open(tmp_path).settings.report == ReportAppearance()


@pytest.mark.parametrize(
    ("line", "message"),
    [('cover = "要"', "report.cover：应为 true 或 false"), ("redhead = '甲'", "report.redhead：没有这个设置")],
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "wbt.toml").write_text(f"year = 2023\n[report]\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match=message):
        Campaign.open(tmp_path)
