"""A form of thousands of indicators is read and converted in seconds."""

from __future__ import annotations

import time

import pytest
from drawn_sheets import read

from workbook_tools.legacy.intake import Importing, convert_form

_HEAD = """
项目支出绩效自评表（2024年度）|<|<|<|<|<|<
项目名称|村道养护|<|<|实施单位|公路站|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
"""


@pytest.mark.slow
def test_the_time_of_a_form_grows_with_its_indicators_not_with_their_square() -> None:
    # 2,000 took more than a minute while every merged level searched all fields of the layout
    rows = "\n".join(f"产出指标|数量指标|养护路段{i}公里数|≥{i + 1}公里|{i + 2}公里|0.05|0.05" for i in range(2000))
    (form,) = read(_HEAD.strip("\n") + "\n" + rows).forms
    start = time.process_time()
    converted = convert_form(form, Importing())
    assert len(converted.project.indicators) == 2000
    assert time.process_time() - start < 20
