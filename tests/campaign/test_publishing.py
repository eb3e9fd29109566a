"""公开版: what is published says nothing that is the office's own, and the list says why something is not."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from builders import KEY, KEYS, MET, MOF, answers, project
from judging import type_judgement
from office import ooxml_errors_of, pdf_text, requires_libreoffice, requires_ooxml_validator, requires_pdftotext
from python_calamine import CalamineWorkbook

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.accepting import accept_projects
from workbook_tools.campaign.publishing import publish_projects
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import ProjectList
from workbook_tools.desk import convert
from workbook_tools.desk.program import DeskError
from workbook_tools.files import atomic
from workbook_tools.reports.acceptance import read_acceptances
from workbook_tools.results import read_results
from workbook_tools.workbooks.generating import generate

Wbt = Callable[..., tuple[int, str]]
REMARK, REVIEWER, REASON = "涉密，不公开", "赵审核", "凭证已补齐"
SECRETS = (
    "P001",
    "0350-1234567",
    "138 1234 5678",
    "3024567",
    "李敏",
    "王强",
    REVIEWER,
    REASON,
    "现场核实",
    "内部备注",
    "重点关注",
    "回收",
    "workbook_tools",
    "openpyxl",
    "python-docx",
    "wbt",
)
"""What stands in the workbook, the result, the list or the templates, and in nothing that is published."""
FORM, REPORT = "示例县交通运输局2024年度农村道路养护经费自评表", "示例县交通运输局2024年度农村道路养护经费自评报告"
FOLDER = Path("公开/示例县交通运输局")
LISTED = (
    project(remark="内部备注：重点关注"),
    project(code="P002", name="候车亭维修", remark=REMARK),
    project(code="P003", name="桥梁检测"),
    project(code="P004", name="校园周边巡逻", department="示例县公安局", unit="示例县公安局"),
)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder: a project to publish, one that is secret, one that is not accepted, and one that has not come."""
    settings = Settings(year=2024, authority="示例县财政局", contact="预算股 0350-7654321")
    campaign = Campaign.create(tmp_path_factory.mktemp("公开") / "自评", settings)
    campaign.key_file.write_text(KEY.text, "ascii")
    (campaign.root / "项目清单.json").write_text(ProjectList(year=2024, projects=LISTED).model_dump_json(), "utf-8")
    texts = answers().texts
    key = next(iter(texts))
    spoken = {**texts, key: texts[key] + "群众可拨打0350-1234567，或联系养护队138 1234 5678。"}
    lost = MET[0].model_copy(update={"actual": 80.0, "deviation_reason": "雨季推迟，详询电话：3024567。"})
    given = answers(texts=spoken, indicators=(lost, *MET[1:]))
    filled = [item.model_copy(update={"answers": given}) for item in LISTED[:3]]
    generate(filled, campaign.folder("回收"), KEY, campaign.notice, lambda _: MOF, prefill=True)
    now = datetime.now(UTC)
    review_inbox(campaign, campaign.folder("回收"), KEYS, now, out=campaign.folder("审核"))
    accept_projects(campaign, ["P001", "P002"], now, who=REVIEWER, because=REASON)
    review_inbox(campaign, campaign.folder("回收"), KEYS, now, out=campaign.folder("审核"))
    return campaign.root


@pytest.fixture(scope="module")
def done(reviewed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it in which was published, without PDFs; nobody changes anything in it."""
    copy = Path(shutil.copytree(reviewed, tmp_path_factory.mktemp("公开过") / "自评"))
    campaign = Campaign.open(copy)
    result = read_results(campaign.result_file).result
    publish_projects(
        campaign,
        result,
        campaign.folder("公开"),
        read_acceptances(campaign.result_file),
        datetime.now(UTC),
        lambda _: {},
    )
    return copy


@pytest.fixture
def root(reviewed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, in which we stand."""
    copy = Path(shutil.copytree(reviewed, tmp_path / "自评"))
    monkeypatch.chdir(copy)
    return copy


def published(folder: Path = Path("公开")) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def parts(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every part of a package, however deep."""
    with zipfile.ZipFile(path) as package:
        assert package.comment == b""
        for name in package.namelist():
            yield name, name + package.read(name).decode("utf-8", "replace")


def read_list(root: Path, sheet: str = "公开清单") -> list[list[str]]:
    rows = CalamineWorkbook.from_path(root / "公开清单.xlsx").get_sheet_by_name(sheet).to_python()
    start = next(i for i, row in enumerate(rows) if "项目名称" in row)
    return [[str(cell) for cell in row] for row in rows[start + 1 :] if row[0]]


def test_only_what_finance_has_accepted_is_published(wbt: Wbt, root: Path) -> None:
    code, said = wbt("publish", "--no-pdf")
    assert (code, "已公开 1 个项目，2 个文件" in said, "有 3 处电话号码" in said) == (0, True, True), said
    assert published() == {f"{FORM}.xlsx", f"{REPORT}.docx"}
    rows = {row[1]: row for row in read_list(root)}
    assert {number: row[5:8] for number, row in rows.items()} == {
        "P001": ["公开", "公开", ""],
        "P002": ["不公开", "不公开", f"清单备注：{REMARK}"],
        "P003": ["不公开", "不公开", rows["P003"][7]],
        "P004": ["不公开", "不公开", "没有报送，或者报来的不能采用"],
    }
    assert "还没有接收" in rows["P003"][7]


def test_the_form_is_values_and_nothing_else(done: Path) -> None:
    book = openpyxl.load_workbook(done / FOLDER / f"{FORM}.xlsx")
    (sheet,) = book.worksheets
    assert sheet.sheet_state == "visible"
    assert not sheet.protection.sheet
    assert [*book.defined_names, *sheet.defined_names, *sheet.data_validations.dataValidation] == []
    assert not sheet.conditional_formatting
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.comment or cell.hyperlink] == []
    values = {cell.value for cell in cells}
    assert {"农村道路养护经费", "养护里程", "≥100公里", "80公里", "评价等级：优"} <= values
    assert not any("电话" in str(value) and "略" not in str(value) for value in values)
    texts = dict(parts(done / FOLDER / f"{FORM}.xlsx"))
    assert set(re.findall(r"<(?:dc|cp|dcterms):(\w+)", texts["docProps/core.xml"])) == {"coreProperties", "title"}
    names = set(texts)
    assert not [name for name in names if re.search(r"comment|custom|vml|printerSettings|externalLink|vba", name)]


def test_no_internal_word_is_in_any_part_of_a_file(wbt: Wbt, root: Path) -> None:
    type_judgement(root / "审核" / "审核结果.xlsx", 19)
    assert wbt("publish", "--no-pdf")[0] == 0
    for path in Path("公开").rglob("*.*"):
        for name, text in parts(path):
            assert [secret for secret in (*SECRETS, str(root), root.parent.name) if secret in text] == [], name


def test_what_an_office_left_in_its_own_form_of_a_report_is_not_published(wbt: Wbt, root: Path) -> None:
    wbt("templates", "模板")
    path = root / "模板" / "报告-财政部.docx"
    document = docx.Document(str(path))
    document.add_comment(
        document.paragraphs[0].runs[:1] or document.add_paragraph("{{ 年度 }}").runs, "内部备注", "王强", "王"
    )
    document.core_properties.author, document.core_properties.keywords = "王强", "重点关注"
    document.save(str(path))
    assert wbt("publish", "--no-pdf")[0] == 0
    for name, text in parts(FOLDER / f"{REPORT}.docx"):
        assert [secret for secret in SECRETS if secret in text] == [], name
        assert "comment" not in name


@requires_libreoffice
@requires_pdftotext
def test_a_pdf_of_each_says_nothing_internal_either(wbt: Wbt, root: Path) -> None:
    code, said = wbt("publish")
    assert (code, "4 个文件" in said) == (0, True), said
    assert {f"{FORM}.pdf", f"{REPORT}.pdf"} <= published()
    for path in FOLDER.glob("*.pdf"):
        told = subprocess.run(["pdfinfo", path], capture_output=True, check=True, encoding="utf-8").stdout
        text = re.sub(r"\s", "", pdf_text(path)) + told + path.read_bytes().decode("latin-1")
        assert [secret for secret in (*SECRETS, root.parent.name) if secret.replace(" ", "") in text] == []
        assert "农村道路养护经费" in text
        assert "Author" not in told
    before = {path: path.read_bytes() for path in Path("公开").rglob("*.*")}
    code, said = wbt("publish")
    assert (code, "内容没有变化" in said) == (0, True)
    assert {path: path.read_bytes() for path in Path("公开").rglob("*.*")} == before


@requires_ooxml_validator
def test_what_is_published_and_the_list_are_valid(done: Path) -> None:
    files = [*(done / FOLDER).iterdir(), done / "公开清单.xlsx"]
    assert set(map(tuple, ooxml_errors_of(files).values())) == {()}


def test_hidden_numbers_are_told_with_their_places(done: Path) -> None:
    rows = read_list(done, "隐去的号码和姓名")
    assert sorted(row[3] for row in rows) == ["035…67", "138…78", "302…67"]
    assert "养护里程－偏差原因" in {row[2] for row in rows}
    assert "（）" not in dict(parts(done / FOLDER / f"{REPORT}.docx"))["word/document.xml"]
    report = "\n".join(paragraph.text for paragraph in docx.Document(str(done / FOLDER / f"{REPORT}.docx")).paragraphs)
    assert "群众可拨打（号码略），或联系养护队（号码略）。" in report


def test_the_final_score_is_published_without_who_changed_it(wbt: Wbt, root: Path) -> None:
    type_judgement(root / "审核" / "审核结果.xlsx", 19)
    wbt("publish", "--no-pdf")
    rows = CalamineWorkbook.from_path(FOLDER / f"{FORM}.xlsx").get_sheet_by_index(0).to_python()
    (row,) = [row for row in rows if "养护里程" in row]
    assert 19.0 in row
    (total,) = [row for row in rows if "评价等级：优" in row]
    assert 99.0 in total


def test_ready_projects_are_published_when_asked(wbt: Wbt, root: Path) -> None:
    wbt("publish", "--no-pdf", "--ready")
    states = {row[1]: row[5] for row in read_list(root)}
    assert states["P002"] == "不公开"


def summaries(root: Path) -> list[list[str]]:
    """Sheet 汇总报告: report, department, published or not, projects in it, left out, why not."""
    rows = CalamineWorkbook.from_path(root / "公开清单.xlsx").get_sheet_by_name("汇总报告").to_python()
    start = next(i for i, row in enumerate(rows) if "主管部门" in row)
    return [[str(cell) for cell in row[:6]] for row in rows[start + 1 :]]


WHOSE = "示例县交通运输局（公开版）"
SUMMARY = "示例县交通运输局2024年度部门汇总报告"


def test_a_departments_report_is_on_the_public_projects_alone_once_its_texts_are_accepted(wbt: Wbt, root: Path) -> None:
    type_judgement(root / "审核" / "审核结果.xlsx", 19)
    code, said = wbt("publish", "--no-pdf")
    assert (code, WHOSE in said) == (0, True), said
    ((name, department, public, inside, left_out, why),) = summaries(root)
    assert (name, department, public, inside, left_out) == ("部门汇总报告", "示例县交通运输局", "不公开", "1.0", "2.0")
    assert f"wbt draft accept {WHOSE}" in why
    assert wbt("draft", "accept", WHOSE, "--by", "王强")[0] == 0
    code, said = wbt("publish", "--no-pdf")
    assert (code, "1 份汇总报告" in said) == (0, True), said
    assert summaries(root)[0][2:] == ["公开", "1.0", "2.0", ""]
    path = FOLDER / f"{SUMMARY}.docx"
    for name, text in parts(path):
        assert [secret for secret in (*SECRETS, "P002", "候车亭", "桥梁检测", "草稿") if secret in text] == [], name
    document = docx.Document(str(path))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "公开绩效自评结果的项目1个。" in text
    assert "全部项目比较" not in text
    headings = [cell.text for table in document.tables for cell in table.rows[0].cells]
    assert "项目编码" not in headings and "项目名称" in headings
    assert "P001" not in [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert wbt("publish", "--no-pdf")[1].count("内容没有变化") == 1
    with Campaign.open(root).open_ledger() as ledger:
        assert [item.code for item in ledger.find_published()][-1] == WHOSE


def test_other_reports_on_several_projects_are_published_where_the_office_wants_them(wbt: Wbt, root: Path) -> None:
    settings = root / "wbt.toml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r"(?m)^reports = .*", 'reports = ["一页简报"]', text), "utf-8")
    wbt("draft", "accept", "--all", "--by", "王强")
    assert wbt("publish", "--no-pdf")[0] == 0
    assert published() == {f"{FORM}.xlsx", f"{REPORT}.docx", "示例县财政局2024年度一页简报.docx"}
    assert Path("公开/示例县财政局2024年度一页简报.docx").is_file()
    settings.write_text(re.sub(r"(?m)^reports = .*", "reports = []", text), "utf-8")
    code, said = wbt("publish", "--no-pdf")
    assert (code, said.count("请撤下"), summaries(root)[0][0]) == (0, 1, "（无）")


def test_a_report_that_is_asked_for_by_a_name_that_there_is_not_is_refused(root: Path) -> None:
    settings = root / "wbt.toml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r"(?m)^reports = .*", 'reports = ["月报"]', text), "utf-8")
    with pytest.raises(SettingsError, match="部门汇总报告"):
        Campaign.open(root)


def test_names_of_persons_are_struck_out_and_likely_ones_are_told(wbt: Wbt, root: Path) -> None:
    path = root / "审核" / "审核结果.json"
    text = path.read_text("utf-8")
    section = next(key for key in answers().texts)
    spoken = "联系人：赵小川，由孙立群局长牵头，李敏负责核对。"
    path.write_text(re.sub(rf'("{section}": ?")', rf"\g<1>{spoken}", text), "utf-8")
    code, said = wbt("publish", "--no-pdf")
    assert (code, "2 处人的姓名" in said, "1 处可能是姓名" in said) == (0, True, True), said
    report = "\n".join(paragraph.text for paragraph in docx.Document(str(FOLDER / f"{REPORT}.docx")).paragraphs)
    assert "联系人：（姓名略），由孙立群局长牵头，（姓名略）负责核对。" in report
    rows = [row[3:6] for row in read_list(root, "隐去的号码和姓名") if row[4] == "姓名"]
    assert rows == [["赵某某", "姓名", "已隐去"], ["孙立群", "姓名", "没有隐去，请核对"], ["李某", "姓名", "已隐去"]]


def test_departments_have_their_share(done: Path) -> None:
    rows = CalamineWorkbook.from_path(done / "公开清单.xlsx").get_sheet_by_name("分部门").to_python()
    assert [row[:4] for row in rows[4:] if row[0]] == [
        ["示例县交通运输局", 3.0, 1.0, 1 / 3],
        ["示例县公安局", 1.0, 0.0, 0.0],
        ["合计", 4.0, 1.0, 0.25],
    ]


def test_a_file_name_follows_the_rule_of_the_office(wbt: Wbt, root: Path) -> None:
    settings = root / "wbt.toml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r'file_name = ".*"', 'file_name = "附件_{项目}（{种类}）"', text), "utf-8")
    assert wbt("publish", "--no-pdf")[0] == 0
    assert published() == {"附件_农村道路养护经费（自评表）.xlsx", "附件_农村道路养护经费（自评报告）.docx"}


@pytest.mark.parametrize("name", ["{项目}", "{种类}", "{编码}{项目}{种类}", "甲/{项目}{种类}", "{项目}{种类}{"])
def test_a_rule_for_file_names_that_cannot_be_is_refused(root: Path, name: str) -> None:
    settings = root / "wbt.toml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r'file_name = ".*"', f'file_name = "{name}"', text), "utf-8")
    with pytest.raises(SettingsError, match="不能作公开版的文件名"):
        Campaign.open(root)


def test_a_second_run_changes_nothing_and_keeps_what_somebody_changed(wbt: Wbt, root: Path) -> None:
    wbt("publish", "--no-pdf")
    path = FOLDER / f"{FORM}.xlsx"
    book = openpyxl.load_workbook(path)
    book.active["A1"] = "改过的标题"
    book.save(path)
    changed = path.read_bytes()
    code, said = wbt("publish", "--no-pdf")
    assert (code, "另存为" in said) == (0, True)
    assert (FOLDER / f"{FORM}（手工修改稿1）.xlsx").read_bytes() == changed
    assert path.read_bytes() != changed
    assert "内容没有变化" in wbt("publish", "--no-pdf")[1]


def test_what_may_not_be_published_any_more_is_told(wbt: Wbt, root: Path) -> None:
    wbt("publish", "--no-pdf")
    listed = ProjectList(
        year=2024, projects=(LISTED[0].model_copy(update={"remark": "不公开：涉及商业秘密"}), *LISTED[1:])
    )
    (root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    code, said = wbt("publish", "--no-pdf")
    assert (code, said.count("请撤下")) == (0, 2)


def test_a_stale_pdf_does_not_stay(wbt: Wbt, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def print_all(jobs: list[tuple[Path, Path]]) -> Iterator[convert.ConvertedFile]:
        for source, target in jobs:
            target.write_bytes(b"%PDF-1.6 " + source.read_bytes()[:9])
            yield convert.ConvertedFile(source, target)

    def none(_: object) -> Iterator[convert.ConvertedFile]:
        raise DeskError("没有可以转 PDF 的程序。")

    monkeypatch.setattr(convert, "print_all", print_all)
    assert wbt("publish")[0] == 0
    assert (FOLDER / f"{FORM}.pdf").is_file()
    type_judgement(root / "审核" / "审核结果.xlsx", 19)
    monkeypatch.setattr(convert, "print_all", none)
    code, said = wbt("publish")
    assert (code, "没有可以转 PDF 的程序" in said) == (0, True), said
    assert published() == {f"{FORM}.xlsx", f"{REPORT}.docx"}


def test_a_report_with_drafts_that_nobody_accepted_is_not_published(wbt: Wbt, root: Path) -> None:
    path = root / "审核" / "审核结果.json"
    drafted = next(text.key for text in MOF.texts if text.draft != "none")
    text = path.read_text("utf-8")
    path.write_text(re.sub(rf'("{drafted}": )"[^"]*"', r'\1""', text), "utf-8")
    wbt("publish", "--no-pdf")
    row = next(row for row in read_list(root) if row[1] == "P001")
    assert (row[5], row[6], "草稿没有确认" in row[7]) == ("公开", "不公开", True)
    assert published() == {f"{FORM}.xlsx"}


def test_a_section_that_the_unit_left_blank_is_said_to_be(wbt: Wbt, root: Path) -> None:
    path = root / "审核" / "审核结果.json"
    section = next(text.key for text in MOF.texts if text.draft == "none" and text.required)
    text = path.read_text("utf-8")
    path.write_text(re.sub(rf'("{section}": ?)"[^"]*"', r'\1""', text), "utf-8")
    wbt("publish", "--no-pdf")
    row = next(row for row in read_list(root) if row[1] == "P001")
    assert (row[5], row[6]) == ("公开", "公开")
    document = docx.Document(str(FOLDER / f"{REPORT}.docx"))
    said = [paragraph.text for paragraph in document.paragraphs].count("（没有填写）")
    assert f"自评报告有 {said} 段" in row[7]
    assert said == 1


@pytest.mark.parametrize(
    ("remark", "withheld"),
    [
        ("涉密", True),
        ("不公开", True),
        ("属国家秘密，不予公开", True),
        ("暂缓公开", True),
        ("依申请公开", True),
        ("不涉密，可公开", False),
        ("重点项目", False),
        ("", False),
    ],
)
def test_a_remark_of_the_list_withholds(wbt: Wbt, root: Path, remark: str, withheld: bool) -> None:
    listed = ProjectList(year=2024, projects=(LISTED[0].model_copy(update={"remark": remark}), *LISTED[1:]))
    (root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    wbt("publish", "--no-pdf")
    assert (not published()) is withheld


def test_without_a_list_nobody_knows_what_is_secret(
    wbt: Wbt, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "项目清单.json").unlink()
    code, said = wbt("publish")
    assert (code, "找不到项目清单" in said) == (2, True)
    assert published() == set()
    (root / "审核" / "审核结果.json").unlink()
    assert wbt("publish")[0] == 2
    monkeypatch.chdir(tmp_path)
    assert wbt("publish")[0] == 2


@pytest.mark.parametrize(
    ("number", "told"), [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "打开"), (errno.EROFS, "磁盘是只读的")]
)
def test_a_disk_that_takes_nothing_leaves_nothing_half_written(
    wbt: Wbt, root: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    def fail(path: Path, data: bytes) -> None:
        path.write_bytes(data[: len(data) // 2])
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(atomic, "_write", fail)
        code, said = wbt("publish", "--no-pdf")
    assert (code, told in said) == (2, True), said
    assert published() == set()
    assert not (root / "公开清单.xlsx").exists()


def test_the_ledger_knows_what_was_published(wbt: Wbt, root: Path) -> None:
    wbt("publish", "--no-pdf")
    with Campaign.open(root).open_ledger() as ledger:
        found = [(item.code, Path(item.file).suffix) for item in ledger.find_published()]
    assert found == [("P001", ".xlsx"), ("P001", ".docx")]
    assert wbt("ledger", "verify")[0] == 0


def test_no_cell_has_a_formula(done: Path) -> None:
    with zipfile.ZipFile(io.BytesIO((done / FOLDER / f"{FORM}.xlsx").read_bytes())) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<f " not in sheet
