"""Numbers in cells, in units, and as people read them."""

import math

import pytest

from workbook_tools.core.model import Direction
from workbook_tools.core.values import (
    cell_number,
    is_number,
    number_text,
    percent_text,
    quantity_text,
    target_text,
    unit_factor,
    unit_number,
)


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (0.125, 2, "0.13"),
        (-0.125, 2, "-0.13"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (3.0, 1, "3.0"),
        (600.0, None, "600"),
        (12.850000000000001, None, "12.85"),
        (-0.0, None, "0"),
        (1e-12, None, "0"),
    ],
)
def test_a_number_is_rounded_half_away_from_zero_as_a_cell_shows_it(number: float, decimals: int | None, text: str):
    assert number_text(number, decimals) == text


@pytest.mark.parametrize(
    ("fraction", "text"), [(0.65625, "65.63%"), (0.8667, "86.67%"), (1.0, "100%"), (0.00005, "0.01%"), (0.0, "0%")]
)
def test_a_share_is_told_as_a_percentage_of_two_decimals(fraction: float, text: str):
    assert percent_text(fraction) == text


@pytest.mark.parametrize("number", [0.7, 95.0, 33.33, 0.0])
def test_a_percentage_goes_into_a_cell_and_comes_back(number: float):
    assert unit_number(cell_number(number, "%"), "%") == number
    assert unit_number(cell_number(number, "个"), "个") == number


@pytest.mark.parametrize(
    ("unit", "wanted", "factor"),
    [
        ("元", "万元", 0.0001),
        ("亿元", "万元", 10_000.0),
        ("", "个", 1.0),
        ("％", "%", 1.0),
        ("个", "万元", None),
        ("%", "万元", None),
    ],
)
def test_units_that_compare_have_a_factor(unit: str, wanted: str, factor: float | None):
    assert unit_factor(unit, wanted) == factor


@pytest.mark.parametrize("value", [True, None, "1", math.nan, math.inf])
def test_what_is_no_number(value: object):
    assert not is_number(value)


def test_targets_and_actuals_as_a_form_prints_them():
    assert target_text(95.0, "%", Direction.AT_LEAST) == "≥95%"
    assert target_text(0.6, "万元", Direction.AT_MOST) == "≤0.6万元"
    assert target_text("有效", "", Direction.QUALITATIVE) == quantity_text("有效", "") == "有效"
    assert (quantity_text(96.0, "%"), quantity_text(None, "处")) == ("96%", "")
