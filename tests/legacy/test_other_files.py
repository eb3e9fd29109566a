"""What is sent in place of a form that can be read: each says what it is; old Word documents are converted where that can be."""

from __future__ import annotations

import base64
import io
import shutil
from pathlib import Path

import docx
import pytest
import xlsxwriter
from binary_workbooks import binary_workbook
from drawn_sheets import read_bytes, workbook
from locations import GOLDEN
from office import convert_with_libreoffice, requires_libreoffice, requires_uno

from workbook_tools.desk import convert
from workbook_tools.desk.old_documents import OldDocuments
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.review.folder import Review, review_folder

OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + "WordDocument".encode("utf-16-le")
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FORM = GOLDEN / "legacy" / "商品和服务支出自评表.xlsx"
REPORT = GOLDEN / "legacy" / "quwo-zhichao.docx"


def told(review: Review) -> dict[str, list[str]]:
    return {
        item.file: [f.code for f in review.result.findings if f.file == item.file] for item in review.result.findings
    }


def test_files_that_nobody_can_read_say_what_they_are(tmp_path: Path) -> None:
    names = ["盖章件.PDF", "照片.jpg", "扫描.tif", "版式.ofd", "说明.rtf", "程序.exe"]
    for name in names:
        (tmp_path / name).write_bytes(b"%PDF-1.4")
    sources, passed_over = find_sources(tmp_path)
    assert sources == []
    assert {item.file: item.code for item in passed_over} == dict.fromkeys(names, "FILE41") | {"程序.exe": "FILE09"}


def scanned_document(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    document.add_picture(io.BytesIO(PICTURE))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "FILE41"), ("2024年度绩效自评报告\n某县某局", "FILE41"), ("项目按计划完成，" * 30, "FILE09")],
)
def test_a_document_of_pictures_is_told_from_one_without_a_form(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "报告.docx").write_bytes(scanned_document(text))
    assert told(review_folder(tmp_path, workers=1)) == {"报告.docx": [code]}


def test_a_workbook_of_a_picture(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "自评表.xlsx"))
    book.add_worksheet().insert_image("A1", "图.png", {"image_data": io.BytesIO(PICTURE)})
    book.close()
    assert told(review_folder(tmp_path, workers=1)) == {"自评表.xlsx": ["FILE41"]}


@pytest.mark.parametrize("ending", ["doc", "wps"])
def test_an_old_document_says_so_where_it_is_not_converted(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert.libreoffice, "why_unavailable", lambda: "没有 LibreOffice。")
    (tmp_path / f"报告.{ending}").write_bytes(OLD_WORD)
    with OldDocuments() as old:
        review = review_folder(tmp_path, workers=1, prepare=old.convert)
    assert told(review) == {f"报告.{ending}": ["FILE41"]}
    assert review.result.reviewed_files == 0


@requires_libreoffice
@requires_uno
@pytest.mark.slow
def test_old_documents_are_converted_and_read_beside_one_that_is_broken(tmp_path: Path) -> None:
    inbox = tmp_path / "回收"
    convert_with_libreoffice([REPORT], inbox, "doc")
    shutil.copy(inbox / "quwo-zhichao.doc", inbox / "另一份.wps")
    (inbox / "坏.doc").write_bytes(b"")
    before = {path.name: path.read_bytes() for path in inbox.iterdir()}
    digests = []
    for _ in range(2):
        with OldDocuments() as old:
            review = review_folder(inbox, workers=1, prepare=old.convert)
        digests.append({item.file: item.sha256 for item in review.files})
    assert {row.name for row in review.result.projects} == {"科技治超运行经费"}
    codes = told(review)
    assert "FILE43" in codes["quwo-zhichao.doc"] + codes["另一份.wps"]
    assert {path.name: path.read_bytes() for path in inbox.iterdir()} == before
    assert digests[0] == digests[1]


def test_what_is_converted_already_is_not_converted_again(tmp_path: Path) -> None:
    source = SourceFile(tmp_path / "文档.docx", "报告.doc", original="0" * 64)
    with OldDocuments() as old:
        assert old.convert([source]) == [source]


COUNTS = """
Range begin|Range|Range end|Actual|Expected|Comments
1||1|1|1|
TRUE|FALSE||1|1|a false value is not blank
foxtrot|unicorn|charlie|0|0|
"""


def test_a_table_with_no_word_of_self_evaluations_is_no_form() -> None:
    """Its columns could be those of targets, actuals and points, which add up; found in the test files of a library."""
    assert read_bytes(workbook(COUNTS), "表.xlsx").forms == []


def test_a_binary_workbook_says_that_it_came_without_formats(tmp_path: Path) -> None:
    cells = [(cell.row, cell.col, cell.value) for cell in open_sheets(REPORT, FORM.read_bytes())[0].cells if cell.value]
    (tmp_path / "自评表.xlsb").write_bytes(binary_workbook({"自评表": cells}))
    review = review_folder(tmp_path)
    assert [item.project.name for item in review.files if item.project] == ["商品和服务支出"]
    assert "FILE34" in told(review)["自评表.xlsb"]


def test_a_mail_that_was_saved_is_told_with_what_to_do(tmp_path: Path) -> None:
    for name in ("报送.eml", "报送.MSG"):
        (tmp_path / name).write_bytes(b"From: a@b.cn\n\n")
    found = [item for item in review_folder(tmp_path, workers=1).result.findings if item.file]
    assert {(item.file, item.code) for item in found} == {("报送.eml", "FILE41"), ("报送.MSG", "FILE41")}
    assert all("附件" in item.advice for item in found)
