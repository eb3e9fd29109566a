"""Texts of several formats: which may hold what nobody reads."""

from __future__ import annotations

import pytest
from raw_workbooks import opened, parts, rows

DARK = '<rPr><strike val="false"/><sz val="11"/><color rgb="FF1F1F1F"/></rPr>'
"""As LibreOffice writes of each run, whatever is in it."""


def write(rich: str) -> dict[str, str | bytes]:
    return {**parts(rows('<c r="A1" t="s"><v>0</v></c>'), strings=f"<si>{rich}</si>")}


def run(text: str, formats: str) -> str:
    return f"<r>{formats}<t>{text}</t></r>"


def test_runs_in_a_dark_ink_are_read_on_every_light_ground() -> None:
    workbook = opened(write(run("共", DARK) + run("95", DARK)))
    assert not workbook.has_faint_texts
    assert [one.text for one in workbook.rich_texts["共95"]] == ["共", "95"]


@pytest.mark.parametrize(
    "formats",
    [
        '<rPr><color rgb="FFFFFFFF"/></rPr>',
        '<rPr><color theme="0"/></rPr>',
        '<rPr><sz val="1"/></rPr>',
        '<rPr><rFont val="Wingdings"/></rPr>',
        '<rPr><color rgb="FF1F1F1F"/><strike/></rPr>',
        '<rPr ><color rgb="FFFFFFFF"/></rPr>',
        '<x:rPr xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:color rgb="FFFFFFFF"/></x:rPr>',
    ],
)
def test_others_may_not_be_read_nor_those_that_are_written_in_an_unusual_way(formats: str) -> None:
    assert opened(write(run("全部", DARK) + run("没有", formats))).has_faint_texts


def test_a_part_in_another_encoding_may_hold_anything() -> None:
    files = write(run("全部", DARK) + run("没有", '<rPr><color rgb="FFFFFFFF"/></rPr>'))
    strings = str(files["xl/sharedStrings.xml"])
    files["xl/sharedStrings.xml"] = f'<?xml version="1.0" encoding="UTF-16"?>{strings}'.encode("utf-16")
    workbook = opened(files)
    assert workbook.has_faint_texts
    assert workbook.rich_texts["全部没有"][1].ink == "FFFFFF"


def test_a_workbook_without_such_texts_has_none() -> None:
    workbook = opened(write("<t>全部</t>"))
    assert not workbook.has_faint_texts
    assert workbook.rich_texts == {}
