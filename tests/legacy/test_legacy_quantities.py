"""Targets as hand-made forms write them: number, unit and direction, or a text where no number can be told."""

from __future__ import annotations

import pytest

from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.quantities import read_quantity
from workbook_tools.legacy.words.records import Where
from workbook_tools.legacy.words.vocabulary import default_vocabulary

MOST, LEAST, EQUAL = "at_most", "at_least", "equal"


@pytest.mark.parametrize(
    ("text", "number", "unit", "direction"),
    [
        ("100公里以上", 100, "公里", LEAST),
        ("不低于 1,200 人", 1200, "人", LEAST),
        ("控制在5万元以内", 5, "万元", MOST),
        ("不超过30个工作日", 30, "个工作日", MOST),
        ("30天内", 30, "天", MOST),
        ("3处室内", 3, "处室内", None),
        ("≥3（个）", 3, "个", LEAST),
        ("≥90%（含）", 90, "%", LEAST),
        ("≥5000m2", 5000, "m²", LEAST),
        ("〈5", 5, "", MOST),
        ("＝100％", 100, "%", EQUAL),
        ("≦2‰", 2, "‰", MOST),
        ("3次/年", 3, "次/年", None),
        ("24小时", 24, "小时", None),
    ],
)
def test_a_number_with_its_unit_and_sign(text: str, number: float, unit: str, direction: str | None) -> None:
    found = read_quantity(GridCell(0, 0, 1, 1, text, text, Where()), default_vocabulary())
    assert (found.value, found.unit, found.direction) == (number, unit, direction)


@pytest.mark.parametrize(
    "text",
    ["12月底前", "2024年12月", "90-95%", "不少于3台以内", "每月1次", "Ⅲ类", "及时", "≥1∶1"],
)
def test_what_tells_no_number_stays_a_text(text: str) -> None:
    found = read_quantity(GridCell(0, 0, 1, 1, text, text, Where()), default_vocabulary())
    assert (found.value, found.number) == (text, None)
