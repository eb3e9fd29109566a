"""What rows have alike stands in memory once, to the last bit."""

from __future__ import annotations

from math import copysign

from workbook_tools.core.shared_values import SharedValues


def test_equal_values_are_one_object() -> None:
    share = SharedValues()
    first = share.value("".join(("某县", "教育局")))
    assert share.value("".join(("某县", "教育局"))) is first


def test_mappings_are_one_where_nothing_tells_them_apart() -> None:
    share = SharedValues()
    first = share.mapping({"产出": 50.0, "效益": None})
    assert share.mapping({"产出": 50.0, "效益": None}) is first
    assert share.mapping({"效益": None, "产出": 50.0}) is not first
    assert copysign(1, share.mapping({"a": -0.0})["a"]) == -copysign(1, share.mapping({"a": 0.0})["a"])
