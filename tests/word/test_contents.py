"""Cover, red head and table of contents: what the settings ask for, and page numbers where a program fills them in."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.text.run import Run
from drawn_documents import W, drawn_form
from made_demo import show_demo
from office import pdf_text, requires_libreoffice, requires_pdftotext
from result_builder import project, result

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.core.errors import SettingsError
from workbook_tools.desk.convert import Office, print_all
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import render_project_report
from workbook_tools.word.contents import NO_NUMBERS_YET, asks_for_update
from workbook_tools.word.drawing import Block, ContentsBlock, SectionEnd, paragraph
from workbook_tools.word.rendering import ReportForm


def report(look: ReportAppearance, **changes: object) -> Docx:
    row = project(1, scheme="quwo", **changes)
    return Document(io.BytesIO(render_project_report(result([row]), row, look=look)))


def lines(document: Docx) -> list[str]:
    return [p.text for p in document.paragraphs if p.text]


def entries(document: Docx) -> list[tuple[str, str, str]]:
    """Style and heading of each entry, and what stands for its page number."""
    return [(p.style.name, *p.text.split("\t")) for p in document.paragraphs if p._p.find(f"{W}hyperlink") is not None]


def render(*body: Block | str, **values: object) -> Docx:
    form = ReportForm(drawn_form(*body, SectionEnd(first=True)), "测试.docx")
    return Document(io.BytesIO(form.render(values)))


def test_the_usual_report_has_a_table_of_contents_and_neither_cover_nor_red_head() -> None:
    document = report(ReportAppearance())
    assert lines(document)[0] == "目　　录"
    assert [s.start_type is not None and len(s._sectPr.findall(f"{W}footerReference")) for s in document.sections] == [
        0,
        2,
        2,
        2,
    ]
    assert len(entries(document)) == 15
    assert entries(document)[:2] == [("toc 1", "一、项目的基本情况", NO_NUMBERS_YET), ("toc 2", "（一）项目概况", "")]


def test_the_office_can_do_without_contents() -> None:
    document = report(ReportAppearance(contents=False))
    assert lines(document)[:2] == ["2021年度第1号公共服务运行维护项目", "项目支出绩效自评报告"]
    assert len(document.sections) == 3
    assert "TOC" not in document.element.xml


def test_a_cover_says_whose_report_it_is() -> None:
    document = report(ReportAppearance(cover=True, contents=False))
    assert lines(document)[:7] == [
        "2021年度第1号公共服务运行维护项目",
        "项目支出绩效自评报告",
        "项目名称：第1号公共服务运行维护项目",
        "项目编码：XM0001",
        "主管部门：交通运输局",
        "实施单位：信息中心",
        "评价年度：2021年度",
    ]


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
    assert entries(document) == [("toc 1", "甲<&", NO_NUMBERS_YET)]
    assert "旧" not in "".join(lines(document))


def test_a_heading_in_a_text_box_is_listed() -> None:
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{{ 题 }}</w:t></w:r></w:p>'
    box = f"<w:p><w:r><w:pict><w:txbxContent>{heading}</w:txbxContent></w:pict></w:r></w:p>"
    document = render(ContentsBlock(), box, paragraph("其后", style="Heading1"), 题="框中")
    listed = ["".join(t.text or "" for t in link.iter(f"{W}t")) for link in document.element.iter(f"{W}hyperlink")]
    assert listed == ["框中" + NO_NUMBERS_YET, "其后"]


def test_the_first_number_says_in_yellow_what_to_do_and_the_program_is_asked_to_fill_them_in() -> None:
    document = report(ReportAppearance())
    links = [[Run(r, document) for r in link.r_lst] for link in document.element.iter(f"{W}hyperlink")]
    yellow = [[run.text for run in runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW] for runs in links]
    assert yellow == [[NO_NUMBERS_YET]] + [[]] * 14
    assert document.settings.element.find(f"{W}updateFields") is not None
    without = report(ReportAppearance(contents=False))
    assert without.settings.element.find(f"{W}updateFields") is None


@pytest.mark.parametrize(("value", "asks"), [("true", True), ("1", True), ("0", False), ("off", False)])
def test_a_document_asks_for_its_fields_by_a_switch(value: str, asks: bool) -> None:
    document = Document()
    document.settings.element.append(OxmlElement("w:updateFields", {f"{W}val": value}))
    file = io.BytesIO()
    document.save(file)
    assert asks_for_update(file.getvalue()) is asks


@pytest.mark.parametrize("data", [b"", b"no document", drawn_form(paragraph("没有目录"))])
def test_what_has_no_contents_asks_for_nothing(data: bytes) -> None:
    assert not asks_for_update(data)


def pages_of_headings(text: str) -> dict[str, set[int]]:
    """The printed page numbers of the pages on which each line stands."""
    found: dict[str, set[int]] = {}
    for page in text.split("\f"):
        number = re.search(r"—\s*(\d+)\s*—", page)
        for line in page.splitlines():
            if number:
                found.setdefault("".join(line.split()), set()).add(int(number[1]))
    return found


@pytest.mark.slow
@requires_libreoffice
@requires_pdftotext
def test_a_pdf_has_the_page_numbers(tmp_path: Path) -> None:
    reports = show_demo().reports
    jobs = [(path, tmp_path / f"{number}.pdf") for number, path in enumerate(reports)]
    assert [job.trouble for job in print_all(jobs, office=Office.LIBREOFFICE)] == [""] * len(jobs)
    wrong, listed = [], 0
    for path, pdf in jobs:
        text = pdf_text(pdf)
        places = pages_of_headings(text)
        for heading, page in re.findall(r"^\s*(\S.*?)\s*\.{5,}\s*(\d+)$", text, re.MULTILINE):
            listed += 1
            if int(page) not in places.get("".join(heading.split()), set()):
                wrong.append((path.name, heading, page))
    assert wrong == []
    assert listed == sum(len(entries(Document(str(path)))) for path in reports)


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
