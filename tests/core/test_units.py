"""Which units compare, and what is read of a number in another unit."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import INDICATORS, answers, filled
from checking import read_file

from workbook_tools.core.model import Direction, IndicatorAnswer
from workbook_tools.core.units import are_days_and_months, multiple_ratio, unit_ratio
from workbook_tools.rules.scheme import load_scheme


@pytest.mark.parametrize(
    ("unit", "wanted", "ratio"),
    [
        ("小时", "天", 1 / 24),
        ("周", "日", 7.0),
        ("季度", "个月", 3.0),
        ("个月", "天", None),
        ("工作日", "天", None),
        ("千瓦", "瓦", 1000.0),
        ("里", "公里", 0.5),
        ("km", "公里", 1.0),
        ("斤", "公斤", 0.5),
        ("万平方米", "亩", 15.0),
        ("‰", "%", 0.1),
        ("成", "%", 10.0),
    ],
)
def test_units_of_one_kind_compare(unit: str, wanted: str, ratio: float | None) -> None:
    assert unit_ratio(unit, wanted) == ratio
    assert are_days_and_months(unit, wanted) == ((unit, wanted) == ("个月", "天"))


@pytest.mark.parametrize(
    ("unit", "wanted", "ratio"),
    [
        ("万", "公里", 10_000.0),
        ("万人次", "人", 10_000.0),
        ("人次", "万人", 0.0001),
        ("千瓦", "台", 1.0),
        ("百分点", "%", 1.0),
        ("人", "", 1.0),
        ("万", "", 1.0),
        ("万", "万", 1.0),
    ],
)
def test_a_multiple_counts_where_the_rest_is_much_the_same(unit: str, wanted: str, ratio: float) -> None:
    assert multiple_ratio(unit, wanted) == ratio


@pytest.mark.parametrize(
    ("row", "typed", "value"),
    [
        (1, "100%", "100%"),
        (2, "95‰", 0.095),
        (2, "<95%", "<95%"),
        (2, "≥95%", 0.95),
        (2, "①8", "①8"),
        (3, "1.45万元", 1.45),
    ],
)
def test_what_says_less_than_the_target_is_not_read_as_it(
    row: int, typed: str, value: float | str, tmp_path: Path
) -> None:
    """95‰ was read as 95 %, at most 95 % as 95 %, 100 % as 100 公里, and the first of a list as a digit."""
    scheme = load_scheme("mof-2020")
    given = list(answers(scheme).indicators)
    given[row - 1] = IndicatorAnswer(actual=typed)
    reading = read_file(filled(tmp_path, scheme, answers=answers(scheme, indicators=tuple(given))))
    assert reading.submission is not None
    assert reading.submission.answers[f"indicator_{row:03d}_actual"].value == value


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [("36小时", 1.5, "FILL05"), ("2周", 14.0, "FILL05"), ("1个月", "1个月", "FILL02"), ("28个工作日", 28.0, "FILL06")],
)
def test_a_month_is_not_read_as_a_day(typed: str, value: float | str, code: str, tmp_path: Path) -> None:
    """1个月 was read as 1 天: within 30 days, with full marks."""
    scheme = load_scheme("mof-2020")
    days = INDICATORS[0].model_copy(update={"unit": "天", "target": 30.0, "direction": Direction.AT_MOST})
    given = answers(scheme)
    said = answers(scheme, indicators=(IndicatorAnswer(actual=typed), *given.indicators[1:]))
    reading = read_file(filled(tmp_path, scheme, answers=said, indicators=(days, *INDICATORS[1:])))
    assert reading.submission is not None
    assert reading.submission.answers["indicator_001_actual"].value == value
    assert code in {item.code for item in reading.findings if item.cell == "E13"}
