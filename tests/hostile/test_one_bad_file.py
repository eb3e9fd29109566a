"""What one file does costs no other, in ``import`` as in ``review``; and no name or text steers the screen or the log."""

from __future__ import annotations

import io
import logging
import struct
from pathlib import Path

import pytest
from old_workbooks import old_workbook, ole_file, record, workbook_stream
from word_documents import document_file, para, run

from workbook_tools.campaign.importing import import_forms
from workbook_tools.commands.journal import Journal
from workbook_tools.commands.screen import SafeConsole
from workbook_tools.core.visible_text import show_on_one_line
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.files.sources import find_sources
from workbook_tools.legacy.importing import Importing

NOWHERE = Path("没有这个文件.xls")
GOOD = Path(__file__).parents[1] / "golden" / "legacy" / "quwo-zhichao.docx"
RELATIVE_AREA = struct.pack("<BHHHH", 0x2D, 0, 3, 0xC000, 0xC002)
"""A formula of one token, tAreaN: an area whose place depends on where the name is used."""


def workbook_with_name(formula: bytes) -> bytes:
    """An .xls with a defined name of this formula."""
    head = struct.pack("<HBBHHHBBBBB", 0, 0, 1, len(formula), 0, 0, 0, 0, 0, 0, 1)
    name = record(0x18, head + "区".encode("utf-16-le") + formula)
    return old_workbook({"表": [(0, 0, "自评表")]}, extra=name)


def test_import_reads_the_good_forms_beside_the_bad_files(tmp_path: Path):
    damaged = document_file(para(run("自评报告")))
    files = {
        "断了.docx": damaged[: len(damaged) // 2],
        "空.docx": b"",
        "相对区域.xls": workbook_with_name(RELATIVE_AREA),
    }
    for name, data in {**files, "好的.docx": GOOD.read_bytes()}.items():
        (tmp_path / name).write_bytes(data)
    done = import_forms(find_sources(tmp_path)[0], Importing())
    assert len(done.projects) == 1
    assert {f.file: f.code for f in done.findings if f.file != "好的.docx"} == {
        "断了.docx": "FILE03",
        "空.docx": "FILE02",
        "相对区域.xls": "FILE05",
    }


def test_a_name_that_xlrd_does_not_parse_is_no_obstacle():
    (sheet,) = open_sheets(NOWHERE, workbook_with_name(RELATIVE_AREA))
    assert [cell.value for cell in sheet.cells] == ["自评表"]


def test_a_workbook_with_a_document_embedded_is_a_workbook():
    streams = {"Workbook": workbook_stream({"表": [(0, 0, "自评表")]}), "夹带": "WordDocument".encode("utf-16-le")}
    (sheet,) = open_sheets(NOWHERE, ole_file(streams))
    assert [cell.value for cell in sheet.cells] == ["自评表"]


@pytest.mark.parametrize("text", ["表\x1b[2J.xlsx", "表\x9b2J.xlsx", "\u202excod.表", "表\r.xlsx", "表\x07.xlsx"])
def test_no_text_steers_the_screen(text: str):
    shown = io.StringIO()
    SafeConsole(file=shown, width=80).print(text, markup=False, soft_wrap=True)
    assert "表" in shown.getvalue()
    assert not set(shown.getvalue()) & set("\x1b\x9b\u202e\r\x07")


def test_a_finding_is_one_line():
    assert show_on_one_line("表\n错误 FILE01  好的.xlsx") == "表\\n错误 FILE01  好的.xlsx"


def test_a_line_end_in_a_name_forges_no_line_of_the_log(tmp_path: Path):
    book = Journal(tmp_path / "日志" / "wbt.log")
    logging.getLogger("workbook_tools").error("处理 %s 时程序出错", "表\n2026-01-01 00:00:00 信息 一切正常\x1b[2J")
    book.close()
    lines = (tmp_path / "日志" / "wbt.log").read_text("utf-8").split("\n")
    assert [line for line in lines if line.startswith("2026-01-01")] == []
    assert "\x1b" not in "".join(lines)
