"""A form of thousands of indicators is read and converted in seconds."""

from __future__ import annotations

import gc
import time

import pytest
from drawn_sheets import read

from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form
from workbook_tools.legacy.tables import headers, side_by_side
from workbook_tools.legacy.words.grid import GridCell, build_grid
from workbook_tools.legacy.words.records import Where
from workbook_tools.legacy.words.vocabulary import default_vocabulary

_HEAD = """
项目支出绩效自评表（2024年度）|<|<|<|<|<|<
项目名称|村道养护|<|<|实施单位|公路站|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
"""


@pytest.mark.slow
def test_the_time_of_a_form_grows_with_its_indicators_not_with_their_square() -> None:
    # minutes while every merged level searched all fields of the layout, and every indicator all lines of evidence
    def measure(count: int) -> float:
        rows = "\n".join(
            f"产出指标|数量指标|养护路段{i}公里数|≥{i + 1}公里|{i + 2}公里|0.05|0.05" for i in range(count)
        )
        (form,) = read(_HEAD.strip("\n") + "\n" + rows).forms
        gc.disable()  # looking through all that thousands of tests hold is no time of a form
        start = time.process_time()
        converted = convert_form(form, Importing())
        taken = time.process_time() - start
        gc.enable()
        assert len(converted.project.indicators) == count
        return taken

    measure(50)
    few = measure(300)
    assert measure(1200) < 12 * few  # four times as many: sixteen times as long if it grew with the square


def test_a_row_with_many_gaps_does_not_have_the_whole_table_read_for_each_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a .csv of 3,000 lines of which one went on for 300 columns took more than ten seconds
    labels = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
    texts = dict.fromkeys(((0, col) for col in range(8, 200, 3)), "其他") | {
        (1, col): text for col, text in enumerate(labels)
    }
    texts |= {(row, col): "1" for row in range(2, 500) for col in range(7)}
    grid = build_grid("表", [GridCell(row, col, 1, 1, text, text, Where()) for (row, col), text in texts.items()])
    read_rows: list[int] = []
    read_header = headers._read_header

    def count(grid: object, row: int, words: object) -> object:
        read_rows.append(row)
        return read_header(grid, row, words)  # type: ignore[arg-type]

    monkeypatch.setattr(headers, "_read_header", count)
    assert side_by_side.split_side_by_side(grid, default_vocabulary()) == [grid]
    assert len(read_rows) < 2 * 500
