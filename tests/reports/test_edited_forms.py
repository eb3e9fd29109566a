"""Forms as offices leave them: changed and saved in LibreOffice and Word, mistyped, or without what a report needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Docx
from drawn_documents import W, drawn_form
from locations import ROOT, SUPPORT
from office import (
    convert_with_libreoffice,
    ooxml_errors_of,
    requires_libreoffice,
    requires_ooxml_validator,
    requires_uno,
    run_uno,
)
from result_builder import indicators, project, result
from typer.testing import CliRunner

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.commands.main import app
from workbook_tools.core.errors import TemplateError
from workbook_tools.files.paths import templates_folder
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import render_group_report, render_project_report
from workbook_tools.reports.form_check import check_named_forms, find_missing_parts, find_unprinted_texts
from workbook_tools.reports.found_forms import BRIEF_FORM, DEPARTMENT_FORM, GROUP_FORMS, form_name
from workbook_tools.reports.issue_forms import GUIDE_PAGE, ISSUE_NOTICE
from workbook_tools.reports.rectify_form import RECTIFY_FORM
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.shipped.preview import preview_form
from workbook_tools.word.drawing import Block, TableBlock, TableCell, paragraph
from workbook_tools.word.rendering import ReportForm, open_form
from workbook_tools.word.text import TagGroup

NS = W.strip("{}")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EVERYTHING = ReportAppearance(cover=True, red_head="某县财政局文件", document_number="某财绩〔2024〕3号")


def report(scheme: str, form: Path, look: ReportAppearance = EVERYTHING) -> bytes:
    chosen = builtin_schemes()[scheme]
    texts = {text.key: f"关于{text.label}" for text in chosen.texts}
    row = project(1, scheme=scheme, texts=texts)
    return render_project_report(result([row], indicators=tuple(indicators(row))), row, form, look)


def read(data: bytes) -> Docx:
    return Document(io.BytesIO(data))


def lines(document: Docx) -> list[str]:
    return [p.text for p in document.paragraphs if p.text and p._p.find(f"{W}hyperlink") is None]


def render(*body: Block | str, **values: object) -> Docx:
    return read(ReportForm(drawn_form(*body), "测试.docx").render(values))


# -- LibreOffice ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@requires_uno
@requires_ooxml_validator
def test_a_form_changed_in_libreoffice_changes_the_report(tmp_path: Path) -> None:
    changed = tmp_path / form_name("曲沃")
    run_uno((SUPPORT / "uno_edit_form.py"), templates_folder() / form_name("曲沃"), changed)
    path = tmp_path / "报告.docx"
    path.write_bytes(report("quwo", changed))
    document = read(path.read_bytes())
    text = lines(document)
    assert "（四）项目满意度情况" not in text
    assert len(document.tables) == len(read(report("quwo", templates_folder() / form_name("曲沃"))).tables) - 1
    start = text.index("四、存在的问题")
    assert text[start : start + 4] == [
        "四、存在的问题",
        "关于项目管理中存在问题及原因分析（按单位自述）",
        "五、好的做法",
        "关于项目主要经验做法",
    ]
    heading = next(style.element for style in document.styles if style.name.lower() == "heading 1")
    assert heading.find(f".//{W}rFonts").get(f"{W}eastAsia") == "微软雅黑"
    assert heading.find(f".//{W}sz").get(f"{W}val") == "36"
    listed = ["".join(t.text for t in link.iter(f"{W}t")) for link in document.element.iter(f"{W}hyperlink")]
    assert [entry.rstrip("0123456789") for entry in listed][-5:-3] == ["四、存在的问题", "五、好的做法"]
    assert ooxml_errors_of([path]) == {path: []}


@pytest.mark.slow
@requires_libreoffice
@requires_ooxml_validator
def test_reports_from_every_form_saved_by_libreoffice_are_valid_and_say_the_same(tmp_path: Path) -> None:
    forms = sorted(templates_folder().glob("*.docx"))
    saved = convert_with_libreoffice(forms, tmp_path / "saved", "docx")
    reports = []
    for form, again in zip(forms, saved, strict=True):
        if form.name.startswith("报告"):
            scheme = next(s.id for s in builtin_schemes().values() if form_name(s.report) == form.name)
            ours, theirs = report(scheme, form), report(scheme, again)
        elif form.name.startswith("部门"):
            rows = result([project(1, department="公安局")])
            ours, theirs = (render_group_report(rows, DEPARTMENT_FORM, "公安局", f, EVERYTHING) for f in (form, again))
        else:
            continue
        assert lines(read(theirs)) == lines(read(ours)), form.name
        assert len(read(theirs).sections) == len(read(ours).sections)
        reports.append(tmp_path / form.name)
        reports[-1].write_bytes(theirs)
    assert len(reports) == 4
    assert {path.name: errors for path, errors in ooxml_errors_of(reports).items() if errors} == {}


# -- Word and its users -----------------------------------------------------------------------------------------------


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    "tag",
    [
        "｛｛ 名称 ｝｝",
        "{｛　名称　｝}",
        "｛% if 名称 ＝＝ “甲” %｝乙{% endif %}",
        "｛％ if 名称 == “甲” ％｝乙{% endif %}",
        "{{ 组。名称 }}",
        "{{ 组．名称 }}",
        "{{ （3）｜汉字 }}",
    ],
)
def test_a_tag_typed_with_a_chinese_keyboard_is_a_tag(tag: str) -> None:
    expected = {"if": "乙", "汉字": "三"}.get(next((word for word in ("if", "汉字") if word in tag), ""), "甲")
    document = render(paragraph(tag, "（其余｛照旧｝，不变）"), 名称="甲", 组=TagGroup("组", {"名称": "甲"}))
    assert lines(document) == [f"{expected}（其余｛照旧｝，不变）"]


def test_signs_split_over_runs_with_proofing_marks_are_one_tag() -> None:
    split = f"<w:p>{run('｛')}<w:proofErr w:type='spellStart'/>{run('｛名')}{run('称｝')}{run('｝。')}</w:p>"
    assert lines(render(split, 名称="甲")) == ["甲。"]


def test_what_stands_in_quotes_in_a_tag_stays_as_it_is() -> None:
    assert lines(render(paragraph("{% if 名称 == “（甲）” %}是{% endif %}"), 名称="（甲）")) == ["是"]


def test_tracked_changes_are_accepted() -> None:
    who = "w:id='1' w:author='张某'"
    body = (
        f"<w:p>{run('前')}<w:del {who}><w:r><w:delText>旧{{{{ 没有 }}}}</w:delText></w:r></w:del>"
        f"<w:ins {who}>{run('新{{ 名称 }}')}</w:ins></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del {who}/></w:rPr></w:pPr>{run('一')}</w:p><w:p>{run('二')}</w:p>"
    )
    document = render(body, 名称="甲")
    assert lines(document) == ["前新甲", "一二"]
    assert not [e for e in document.element.iter() if e.tag in (f"{W}ins", f"{W}del", f"{W}delText")]


def test_a_comment_in_the_form_does_not_reach_the_report() -> None:
    data = drawn_form(
        f"<w:p><w:commentRangeStart w:id='0'/>{run('{{ 名称 }}')}<w:commentRangeEnd w:id='0'/>"
        "<w:r><w:commentReference w:id='0'/></w:r></w:p>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
    comments = f"<w:comments xmlns:w='{NS}'><w:comment w:id='0' w:author='张某'><w:p/></w:comment></w:comments>"
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name).decode() for name in old.namelist()}
    parts["word/comments.xml"] = comments
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/word/comments.xml" ContentType="{kind}"/></Types>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as new:
        for name, text in parts.items():
            new.writestr(name, text)
    rendered = ReportForm(target.getvalue(), "测试.docx").render({"名称": "甲"})
    with zipfile.ZipFile(io.BytesIO(rendered)) as archive:
        assert b"comment" not in archive.read("word/document.xml")
        assert [name for name in archive.namelist() if "张某".encode() in archive.read(name)] == []


def test_a_bookmark_that_word_left_in_a_tag_leaves_no_half() -> None:
    body = (
        f"<w:p>{run('{%p if 名')}<w:bookmarkStart w:id='0' w:name='_GoBack'/>{run('称 %}')}</w:p>"
        f"<w:p>{run('{{ 名称 }}')}<w:bookmarkEnd w:id='0'/></w:p><w:p>{run('{%p endif %}')}</w:p>"
    )
    document = render(body, 名称="甲")
    assert lines(document) == ["甲"]
    assert "bookmark" not in document.element.xml


def test_a_section_that_ends_in_a_line_with_a_tag_does_not_vanish_with_it() -> None:
    break_ = "<w:sectPr><w:pgSz w:w='16838' w:h='11906' w:orient='landscape'/></w:sectPr>"
    body = (
        paragraph("{%p if 名称 %}"),
        paragraph("横"),
        f"<w:p><w:pPr>{break_}</w:pPr>{run('{%p endif %}')}</w:p>",
        paragraph("竖"),
    )
    assert [s.page_width.mm > 250 for s in render(*body, 名称="甲").sections] == [True, False]


# -- what is wrong or missing -----------------------------------------------------------------------------------------


@cache
def _one_line() -> bytes:
    return drawn_form(paragraph("甲"))


def _with_parts(change: Callable[[str], str], only: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_one_line())) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, change(text) if only in name else text)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["image", "hyperlink"])
def test_a_form_with_a_lost_picture_or_link_is_a_form(kind: str) -> None:
    lost = f'<Relationship Id="rIdLost" Type="{RELATIONS}/{kind}" Target="NULL"/></Relationships>'
    data = _with_parts(lambda text: text.replace("</Relationships>", lost), only="document.xml.rels")
    assert lines(read(ReportForm(data, "表.docx").render({}))) == ["甲"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"“表\.docx”不是有效的 Word 文档（\.docx）.*加了密码的"),
        (_with_parts(lambda t: t.replace("wordprocessingml.document.main", "x.main")), "不是有效的 Word 文档"),
        (_with_parts(lambda t: t.replace(NS, "http://purl.oclc.org/ooxml/wordprocessingml/main")), "不要选“Strict”"),
        (_with_parts(lambda t: t.replace(NS, "urn:x"), only="settings.xml"), "不是有效的 Word 文档"),
        (_with_parts(lambda t: t.replace("styles.xml", "none.xml"), only="document.xml.rels"), "不是有效的 Word 文档"),
        (_with_parts(lambda t: t.replace("<Types", "<Type").replace("</Types", "</Type")), "不是有效的 Word 文档"),
    ],
)
def test_what_is_no_plain_document_is_told_with_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        ReportForm(data, "表.docx")


def test_the_forms_of_the_package_lack_nothing() -> None:
    for scheme in builtin_schemes().values():
        form = open_form(templates_folder() / form_name(scheme.report))
        assert find_missing_parts(form) == []
        assert find_unprinted_texts(form, scheme) == []
    assert [find_missing_parts(open_form(templates_folder() / name)) for name in GROUP_FORMS] == [[], [], []]


def own_forms(folder: Path) -> Path:
    """An office's folder with a form for 曲沃 that asks for the indicators, but has no table of them."""
    folder.mkdir()
    body = [
        paragraph("{%p if 自评指标 %}"),
        paragraph("{{ 项目名称 }}得{{ 总分 }}分。{{ 正文.overview }}"),
        paragraph("{%p endif %}"),
        TableBlock([50], [[TableCell("{{ 合计.全年预算资金 }}")]]),
    ]
    (folder / form_name("曲沃")).write_bytes(drawn_form(*body))
    return folder


def test_a_form_without_a_needed_table_is_told_once_and_the_report_is_made(tmp_path: Path) -> None:
    folder = own_forms(tmp_path / "模板")
    names = [form_name("曲沃"), form_name("财政部"), *GROUP_FORMS]
    assert list(check_named_forms(names, folder)) == [
        "报告模板“报告-曲沃.docx”中没有指标表、评价等级，报告里也就没有；确实不要的，不用管。"
    ]
    assert lines(read(report("quwo", folder / form_name("曲沃")))) == [
        "第1号公共服务运行维护项目得92.9分。关于项目概况"
    ]


def test_the_preview_shows_the_form_with_an_example_and_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = own_forms(tmp_path / "模板") / form_name("曲沃")
    found = CliRunner().invoke(app, ["preview", str(form)])
    assert found.exit_code == 0, found.output
    assert "中没有指标表、评价等级，报告里也就没有" in found.output.replace("\n", "")
    assert "没有印出的文字：立项依据、设立的必要性" in found.output
    monkeypatch.chdir(tmp_path)
    quoted = (ROOT / "docs" / "报告模板.md").read_text("utf-8").split("$ wbt preview 模板/报告-曲沃.docx\n")[1]
    told = CliRunner().invoke(app, ["preview", "模板/报告-曲沃.docx"]).output.splitlines()
    assert quoted.splitlines()[0].strip() == told[-1]
    assert lines(Document(str(form.with_name("报告-曲沃_预览.docx"))))[0].startswith(
        "智慧监管信息化平台建设经费得85.82分。"
    )


TABLES = {BRIEF_FORM: 1, ISSUE_NOTICE: 1, RECTIFY_FORM: 1, GUIDE_PAGE: 0}
"""The forms that print fewer than two tables."""


@pytest.mark.parametrize("name", [path.name for path in sorted(templates_folder().glob("*.docx"))])
def test_every_form_of_the_package_has_a_preview(name: str) -> None:
    made = preview_form(templates_folder() / name)
    assert len(read(made.report).tables) >= TABLES.get(name, 2)
    assert (made.missing, made.unprinted) == ([], [])


NOTICES = {
    "退回通知.docx": ("{{ 部门 }}{{ 期限 }}{%p for 行 in 文件表 %}", "{{ 行.办法 }}", "{%p endfor %}"),
    ISSUE_NOTICE: ("{{ 部门 }}{{ 联系 }}{%p for 行 in 项目表 %}", "{{ 行.文件 }}", "{%p endfor %}"),
    GUIDE_PAGE: ("{{ 期限 }}{%p for 行 in 步骤 %}", "{{ 行.内容 }}", "{%p endfor %}"),
    RECTIFY_FORM: ("{{ 单位 }}{{ 次数 }}{%p for 行 in 事项表 %}", "{{ 行.要求 }}", "{%p endfor %}"),
}


@pytest.mark.parametrize("name", NOTICES)
def test_a_changed_notice_is_tried_out_too(name: str, tmp_path: Path) -> None:
    first, row, last = NOTICES[name]
    head, loop = first.split("{%p", 1)
    body = [paragraph(text) for text in (head, "{%p" + loop, row, last)]
    (tmp_path / name).write_bytes(drawn_form(*body))
    told = lines(read(preview_form(tmp_path / name).report))
    assert len(told) > 1
    assert all(told)
    (tmp_path / name).write_bytes(drawn_form(*body, paragraph("{% if 年度 == '0' %}{{ 期现 }}{% endif %}")))
    with pytest.raises(TemplateError, match=rf"“{name}”中的标签“期现”写错了"):
        preview_form(tmp_path / name)


def test_a_file_of_another_name_is_no_report_form(tmp_path: Path) -> None:
    (tmp_path / "通知.docx").write_bytes(drawn_form(paragraph("{{ 年度 }}")))
    with pytest.raises(
        TemplateError, match=r"不是报告模板的名字.*“复核报告\.docx”.*“退回通知\.docx”.*“整改通知书\.docx”"
    ):
        preview_form(tmp_path / "通知.docx")


def test_a_column_that_a_scheme_lacks_has_its_usual_name(tmp_path: Path) -> None:
    path = tmp_path / form_name("财政部")
    path.write_bytes(drawn_form(paragraph("{{ 列名.unit }}、{{ 列名.target }}")))
    assert lines(read(report("mof-2020", path))) == ["计量单位、年度指标值"]
    assert lines(read(report("sichuan", path))) == ["度量单位、指标值"]


def test_the_preview_takes_the_schemes_that_use_the_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert preview_form(templates_folder() / form_name("财政部")).scheme.id == "mof-2020"
    Campaign.create(
        tmp_path, Settings(year=2024, scheme="shandong", report=ReportAppearance(red_head="某县财政局文件"))
    )
    monkeypatch.chdir(tmp_path)
    for name, scheme in (("财政部", "shandong"), ("曲沃", "quwo")):
        out = tmp_path / f"{name}.docx"
        form = templates_folder() / form_name(name)
        found = CliRunner().invoke(app, ["preview", str(form), "--out", str(out)])
        assert found.exit_code == 0, found.output
        assert "某县财政局文件" in lines(Document(str(out)))
        table = next(t for t in reversed(Document(str(out)).tables) if len(t.columns) == len(t.rows[0].cells) > 7)
        assert [cell.text for cell in table.rows[0].cells][-1] == builtin_schemes()[scheme].form.columns[-1].label
