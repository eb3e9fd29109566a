"""The second opinions are worth something: they recalculate, they refuse, they find mistakes."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import office
import pytest
import xlsxwriter
from raw_workbooks import at, place, zipped

from workbook_tools.excel.reading import open_workbook


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A protected sheet with two inputs and a formula whose result is stale, and a hidden sheet."""
    path = tmp_path / "自评 表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        blank = book.add_format({"locked": False})
        sheet, hidden, closed = book.add_worksheet("表"), book.add_worksheet("隐藏"), book.add_worksheet("只选输入")
        sheet.protect()
        hidden.hide()
        closed.protect("", {"select_locked_cells": False})
        sheet.write("A1", 4, blank)
        sheet.write_blank("A2", None, blank)
        sheet.write("A3", "锁定")
        sheet.write_formula("B1", "=A1*2", None, 999)
        sheet.write_formula("B2", '=IF(A2="","未填",A2)', None, "")
        closed.write_blank("A1", None, blank)
    return path


@office.requires_libreoffice
def test_libreoffice_recalculates_what_it_loads(form: Path, tmp_path: Path) -> None:
    second = form.with_name("第二份.xlsx")
    second.write_bytes(form.read_bytes())
    saved = office.recalculate_with_libreoffice([form, second], tmp_path / "out")
    assert [path.name for path in saved] == ["自评 表.xlsx", "第二份.xlsx"]
    assert [(at(book, "B1"), at(book, "B2")) for book in map(open_workbook, saved)] == [(8.0, "未填")] * 2


@office.requires_gnumeric
def test_gnumeric_recalculates_what_it_loads(form: Path, tmp_path: Path) -> None:
    saved = open_workbook(office.recalculate_with_gnumeric([form], tmp_path / "out")[0])
    assert (at(saved, "B1"), at(saved, "B2")) == (8.0, "未填")


def test_a_source_is_never_overwritten(form: Path) -> None:
    for convert in (office.recalculate_with_libreoffice, office.recalculate_with_gnumeric):
        with pytest.raises(ValueError, match="overwrite"):
            convert([form], form.parent)


@office.requires_uno
def test_a_person_in_libreoffice_fills_inputs_and_nothing_else(form: Path, tmp_path: Path) -> None:
    typed = [
        ("表", "A1", "value", 12.5),
        ("表", "A2", "text", "=8个"),
        ("表", "A3", "text", "改"),
        ("表", "B1", "value", 1),
        ("表", "B2", "formula", "A1*3"),
        ("表", "Z99", "text", "新"),
        ("隐藏", "A1", "value", 1),
        ("没有", "A1", "value", 1),
        ("只选输入", "A1", "formula", "SUM(1,2)"),
        ("只选输入", "A2", "value", 1),
    ]
    steps = [{"sheet": s, "cell": c, "type": kind, "content": content} for s, c, kind, content in typed]
    refused = office.fill_with_libreoffice(form, steps, tmp_path / "filled.xlsx")
    assert refused == ["表!A3", "表!B1", "表!B2", "表!Z99", "隐藏!A1", "没有!A1", "只选输入!A2"]
    filled = open_workbook(tmp_path / "filled.xlsx")
    assert [at(filled, cell) for cell in ("A1", "A2", "A3", "B1", "B2", "Z99")] == [
        12.5,
        "=8个",
        "锁定",
        25.0,
        "=8个",
        None,
    ]
    assert filled.formula(place("A2")) is None
    assert (at(filled, "A1", "只选输入"), filled.formula(place("A1", "只选输入"))) == (3.0, "SUM(1,2)")


@office.requires_uno
def test_texts_and_numbers_arrive_as_they_were_meant(form: Path, tmp_path: Path) -> None:
    texts = ["0012", "95%", "≥95%", "'引号", "2024-01-01", "中 文，“话”", "TRUE", "1,234.50", "+8", "-", ""]
    steps: list[dict[str, object]] = []
    with xlsxwriter.Workbook(str(form)) as book:
        book.add_worksheet("表")
    for row, text in enumerate(texts, 1):
        steps.append({"sheet": "表", "cell": f"A{row}", "type": "text", "content": text})
    for row, number in enumerate([0, -0.5, 1e-7, 123456789012345.0], 1):
        steps.append({"sheet": "表", "cell": f"B{row}", "type": "value", "content": number})
    assert office.fill_with_libreoffice(form, steps, tmp_path / "filled.xlsx") == []
    filled = open_workbook(tmp_path / "filled.xlsx")
    assert [at(filled, f"A{row}") for row in range(1, 12)] == [*texts[:-1], None]
    assert [at(filled, f"B{row}") for row in range(1, 5)] == [0.0, -0.5, 1e-7, 123456789012345.0]


@office.requires_ooxml_validator
def test_the_validator_finds_mistakes_and_the_command_reports_them(form: Path, tmp_path: Path) -> None:
    wrong, broken = tmp_path / "错.xlsx", tmp_path / "坏.docx"
    with zipfile.ZipFile(form) as archive:
        contents = {name: archive.read(name).replace(b"<c r=", b'<c colour="red" r=') for name in archive.namelist()}
    wrong.write_bytes(zipped(contents))
    broken.write_bytes(b"no zip")
    found = office.ooxml_errors_of([form, wrong, broken])
    assert found[form] == []
    assert any("'colour' attribute is not declared" in error for error in found[wrong])
    sdk, *audit = found[broken]
    assert sdk.split(":")[0] == "cannot be opened" and all(line.startswith("openxml-audit error") for line in audit)

    command = [sys.executable, office.__file__, "validate", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 1
    assert result.stdout.splitlines()[-1] == "Open XML SDK and openxml-audit: 3 files, 2 with errors or warnings"


def test_the_command_says_when_there_is_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.main(["validate", str(tmp_path)]) == 2
    assert office.main(["check"]) == 2
    assert "usage" in capsys.readouterr().err
