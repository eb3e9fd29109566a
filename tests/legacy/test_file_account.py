"""Every cell and paragraph of a file is in a form's account: understood, or listed as not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_reports import read as read_report
from drawn_sheets import read as read_sheets
from published_forms import FILES, read

from workbook_tools.excel.handmade import open_sheets
from workbook_tools.legacy.reading import LegacyReading
from workbook_tools.legacy.words.records import Concern
from workbook_tools.word.reading import open_document

REPORT = """
2024年度道路养护项目支出绩效自评报告

{before}

一、项目概况

道路养护项目由示例县公路站实施，预算30万元，支出30万元。

{extra}

二、绩效指标完成情况

一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
产出指标|数量指标|养护里程|≥100公里|102公里|50|50
效益指标|社会效益指标|群众出行|改善|改善|50|50
"""


def _count_originals(path: Path) -> int:
    if path.suffix == ".docx":
        document = open_document(path)
        cells = sum(bool(cell.text.strip()) for table in document.tables for cell in table.cells)
        return cells + len(document.paragraphs)
    return sum(bool(cell.shown.strip()) for sheet in open_sheets(path, path.read_bytes()) for cell in sheet.cells)


def _unread(reading: LegacyReading) -> list[tuple[str, str, str]]:
    remarks = (remark for form in reading.forms for remark in form.remarks if remark.concern is Concern.UNKNOWN)
    return [(remark.where.sheet, remark.where.cell, remark.field) for remark in remarks]


def _counts(reading: LegacyReading) -> tuple[int, int]:
    return sum(f.cells_understood for f in reading.forms), sum(f.cells_filled for f in reading.forms)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_understood_n_of_n_counts_the_originals(path: Path):
    reading = read(path)
    understood, filled = _counts(reading)
    assert filled == _count_originals(path)
    assert filled - understood <= 1


def test_a_paragraph_between_sections_and_a_table_of_something_else_are_listed_and_counted():
    before = _counts(read_report(REPORT.format(before="", extra="")))
    extra = "职工名单|性别|年龄\n王强|男|30\n李敏|女|28"
    said = f"其他事项说明：本年无其他事项，特此说明一下情况。\n\n{extra}\n"
    reading = read_report(REPORT.format(before=said, extra=""))
    assert [(sheet, field) for sheet, _, field in _unread(reading)] == [("表格1", "其他表格"), ("正文", "其他正文")]
    understood, filled = _counts(reading)
    assert (understood, filled) == (before[0], before[1] + 10)


def test_headings_the_form_of_a_letter_and_page_headings_are_no_text():
    letter = "附件1\n\n县财政局：\n\n现将自评情况报告如下。"
    assert _unread(read_report(REPORT.format(before=letter, extra="三、其他需要说明的问题"))) == []


def test_cells_beside_a_form_and_other_sheets_are_counted_too():
    form = (
        "项目支出绩效自评表|<|<|<|<|<|<||\n项目名称|道路养护|<|<|实施单位|公路站|<||\n"
        "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分||\n产出指标|数量指标|养护里程|≥100公里|102公里|100|100||草稿记号甲"
    )
    reading = read_sheets(form, "职工名单|性别\n王强|男")
    assert [(sheet, cell) for sheet, cell, _ in _unread(reading)] == [("表1", "I4"), ("表2", "")]
    understood, filled = _counts(reading)
    assert filled - understood == 5
