"""What is not seen: parts that a workbook brings along, and characters without width."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import KEYS, answers, filled
from surgery import Patient

from workbook_tools.workbooks.reading import Reading, read_submission

TABLE, DRAWING = "自评表", "xl/drawings/drawing1.xml"


def read(folder: Path, data: bytes) -> Reading:
    path = folder / "改过.xlsx"
    path.write_bytes(data)
    return read_submission(path, KEYS)


def with_parts(data: bytes, *names: str) -> bytes:
    patient = Patient(data)
    for name in names:
        patient.parts[name] = b"<x/>"
    return patient.bytes()


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("xl/embeddings/oleObject1.bin", "嵌入的对象（OLE）"),
        ("customUI/customUI14.xml", "自定义功能区（customUI）"),
        ("xl/webextensions/webextension1.xml", "网页加载项"),
        ("xl/model/item.data", "数据模型"),
        ("xl/richData/rdrichvalue.xml", "单元格里的图片或联网数据"),
    ],
)
def test_a_part_that_is_none_of_ours_is_listed(part: str, told: str, tmp_path: Path):
    found = read(tmp_path, with_parts(filled(tmp_path).read_bytes(), part)).findings
    assert [(f.code, f.found) for f in found] == [("FILE33", told)]


def test_all_are_listed_in_one_finding(tmp_path: Path):
    patient = Patient(with_parts(filled(tmp_path).read_bytes(), "xl/embeddings/a.bin", "customUI/a.xml", DRAWING))
    patient.link("xl/drawings/_rels/drawing1.xml.rels", "rId1", "image", "http://203.0.113.5/a.png", outside=True)
    found = read(tmp_path, patient.bytes()).findings
    assert [(f.code, f.found) for f in found] == [("FILE33", "嵌入的对象（OLE）、自定义功能区（customUI）、外部图片")]


@pytest.mark.parametrize("typed", ["\u200b", "\ufeff\u2060 ", "\u202e\u200d", "\u3164\u2800"])
def test_a_reason_of_characters_without_width_is_none(typed: str, tmp_path: Path):
    given = answers(execution_reason=typed, executed={})
    submission = read(tmp_path, filled(tmp_path, answers=given).read_bytes())
    assert submission.submission is not None
    assert submission.submission.answers["execution_reason"].value is None
    assert [f.code for f in submission.findings].count("FILL41") == 1


def test_characters_without_width_in_a_text_are_told_and_left_out(tmp_path: Path):
    reading = read(
        tmp_path, filled(tmp_path, answers=answers(execution_reason="项目\u200b按计划\ufeff完成")).read_bytes()
    )
    assert reading.submission is not None
    assert reading.submission.answers["execution_reason"].value == "项目按计划完成"
    assert [f.code for f in reading.findings] == ["FILL41"]
