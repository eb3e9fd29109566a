"""How much room a text takes in a cell."""

from __future__ import annotations

import pytest

from workbook_tools.core.cells import MAX_HEIGHT
from workbook_tools.excel.styles import NAMED, StyleSpec
from workbook_tools.excel.text_extent import (
    column_room,
    count_lines,
    em_width,
    exact_height,
    fit_height,
    measure_text,
    row_height,
    wrap_text,
)


@pytest.mark.parametrize(
    ("text", "width", "count"),
    [
        ("", 10, 1),
        ("abc", 10, 1),
        ("四个汉字", 9, 1),
        ("四个汉字", 8, 2),
        ("a\nb\n", 10, 3),
        ("x" * 100, 11, 13),
        ("一二三四五六七八九" * 3, 20, 3),
        ("一二三四五六七八九，" * 3, 20, 4),  # 九 goes down with its comma
        ("一二三四五六七八（" * 3, 20, 4),
        ("一二三四五（QW2021-001）六七", 20, 3),  # a code is not broken
        ("汉", 1, 1),
    ],
)
def test_lines_of_a_wrapped_text(text: str, width: float, count: int) -> None:
    assert count_lines(text, width) == count


def test_a_chinese_character_is_one_em_and_a_letter_half_of_it() -> None:
    assert [em_width(size) for size in (9, 10, 11, 12, 18)] == [12, 13, 15, 16, 24]
    assert measure_text("绩效") == 2 * em_width()
    assert measure_text("≥95%") == em_width() + 3 * 8
    assert measure_text("绩效", bold=True) == measure_text("绩效") + 2


def test_a_column_holds_as_many_digits_as_it_is_wide() -> None:
    assert measure_text("0" * 12) == column_room(12)
    assert wrap_text("0" * 12, column_room(12)) == 1
    assert wrap_text("0" * 13, column_room(12)) == 2


@pytest.mark.parametrize(
    ("text", "width"), [("其中：当年财政拨款", 14), ("有效提升" * 40, 12), ("QW2021-001" * 9, 30), ("长\n" * 5, 9)]
)
@pytest.mark.parametrize(
    "style", [NAMED["text"], NAMED["header"].but(bold=True), NAMED["note"], StyleSpec(wrap=True, indent=1, size=14)]
)
def test_what_is_drawn_is_never_less_than_what_the_named_font_needs(text: str, width: float, style: StyleSpec) -> None:
    assert fit_height(text, width, style) > exact_height(text, width, style)


def test_a_cell_that_does_not_wrap_is_one_line_high() -> None:
    assert fit_height("长" * 99, 10, NAMED["number"]) == row_height(1)


def test_no_row_is_higher_than_excel_allows() -> None:
    assert row_height(1000) == MAX_HEIGHT
