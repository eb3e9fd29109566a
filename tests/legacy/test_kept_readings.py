"""What an office has answered of a doubtful form holds for every form of that layout, and for no other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from drawn_sheets import read

from workbook_tools.core.model import Direction, Measure
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form
from workbook_tools.legacy.reading import LegacyReading
from workbook_tools.legacy.words.doubts import Doubt, KeptLayout, KeptReading, ReadingBook
from workbook_tools.legacy.words.records import Concern, HandmadeForm

_TITLE = "项目支出绩效自评表（2024年度）|<|<|<|<|<|<\n项目名称|{name}|<|<|实施单位|公路站|<\n"
_HEADER = "门类|细类|看什么|年头数|年终数|份量|拿到\n"
UNSEEN = _TITLE + _HEADER + "产出指标|数量指标|养护里程|120公里|102公里|50|50\n^|质量指标|平整|95%|96%|50|50"
"""Nothing tells which of two columns of figures is the target."""
NO_SIGN = (
    _TITLE
    + "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|养护里程|≥100公里|102公里|50|50\n"
    "^|质量指标|安全事故|0|{accidents}|50|50"
)
MONEY = (
    _TITLE + "资金|年初预算数|全年预算数|全年执行数|||\n年度资金总额|{0}|{0}|{1}|||\n"
    "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|养护里程|≥100公里|102公里|90|90"
)


def _form(drawing: str, book: ReadingBook | None = None) -> HandmadeForm:
    (form,) = read(drawing, book=book).forms
    return form


def _doubts(form: HandmadeForm, concern: Concern = Concern.AMBIGUOUS) -> dict[str, Doubt]:
    return {r.doubt.key: r.doubt for r in form.remarks if r.doubt is not None and r.concern is concern}


def _book(form: HandmadeForm, answers: Mapping[str, str]) -> ReadingBook:
    """What is kept after these answers to doubts of a form."""
    layout = next(iter(_doubts(form).values())).layout
    readings = {key: KeptReading(reading, "张三", "2024-12-01", form.file) for key, reading in answers.items()}
    return ReadingBook({layout.digest: KeptLayout(layout, readings)})


def _columns(form: HandmadeForm) -> list[tuple[object, object]]:
    return [(e.target.value if e.target else None, e.actual.value if e.actual else None) for e in form.entries]


def _told(form: HandmadeForm, *codes: str) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in convert_form(form, Importing()).findings if f.code in codes]


SWAPPED = {"这一列是什么：年头数": "实际完成值", "这一列是什么：年终数": "目标值"}


def test_a_doubt_has_a_key_its_readings_and_a_layout_without_figures() -> None:
    found = _doubts(_form(UNSEEN.format(name="村道养护")))
    column = found["这一列是什么：年头数"]
    assert column.readings[:2] == ("目标值", "实际完成值")
    assert "别的内容" in column.readings
    assert not any(char.isdigit() for cell in column.layout.cells for char in cell.words)
    assert [cell.words for cell in column.layout.cells if cell.block == "表头"] == _HEADER.strip().split("|")


def test_the_meaning_of_columns_is_read_as_answered_in_the_next_form_of_the_layout() -> None:
    form = _form(UNSEEN.format(name="村道养护"))
    assert _columns(form)[0] == (120, 102)
    again = _form(UNSEEN.format(name="水库维修").replace("120", "80"), _book(form, SWAPPED))
    assert _columns(again)[0] == (102, 80)
    assert not _doubts(again).keys() & SWAPPED.keys()
    assert _told(again, "IMPORT33", "IMPORT34") == [("IMPORT33", "D3"), ("IMPORT33", "E3")]


@pytest.mark.parametrize(
    ("drawing", "difference"),
    [
        (UNSEEN.replace("拿到", "得到"), "多了表头“得到”，少了表头“拿到”"),
        (UNSEEN.replace("门类|细类", "细类|门类"), "各栏的先后次序不同"),
        (
            UNSEEN.replace("项目支出绩效自评表", "部门整体支出绩效自评表"),
            "多了标题“部门整体支出绩效自评表”，少了标题“项目支出绩效自评表”",
        ),
        (UNSEEN.replace("拿到\n", "拿到|<\n"), "各栏的位置或合并方式不同"),
    ],
    ids=["a word", "the order", "the title", "the merges"],
)
def test_a_layout_that_differs_is_asked_anew_and_says_what_differs(drawing: str, difference: str) -> None:
    kept = _book(_form(UNSEEN.format(name="村道养护")), SWAPPED)
    form = _form(drawing.format(name="村道养护"), kept)
    doubt = _doubts(form)["这一列是什么：年头数"]
    assert _columns(form)[0] == (120, 102)
    assert kept.tell_nearest(doubt).endswith(difference)
    assert ("IMPORT02", "D3") in _told(form, "IMPORT02")


def test_two_columns_answered_to_be_the_same_are_refused_and_told() -> None:
    form = _form(UNSEEN.format(name="村道养护"))
    again = _form(UNSEEN.format(name="村道养护"), _book(form, dict.fromkeys(SWAPPED, "目标值")))
    assert _columns(again) == _columns(form)
    assert _told(again, "IMPORT33", "IMPORT34") == [("IMPORT34", "D3"), ("IMPORT34", "E3")]


def test_an_answer_that_leaves_no_name_of_an_indicator_is_refused() -> None:
    form = _form(UNSEEN.format(name="村道养护"))
    again = _form(
        UNSEEN.format(name="村道养护"),
        _book(form, {"这一列是什么：看什么": "别的内容", "这一列是什么：细类": "别的内容"}),
    )
    assert _columns(again) == _columns(form)
    assert {code for code, _ in _told(again, "IMPORT33", "IMPORT34")} == {"IMPORT34"}


def test_the_direction_of_an_indicator_is_answered_by_its_name() -> None:
    form = _form(NO_SIGN.format(name="村道养护", accidents=0))
    key = "没有写符号的目标值：安全事故"
    assert _doubts(form)[key].readings[0] == "≤"
    again = _form(NO_SIGN.format(name="水库维修", accidents=2), _book(form, {key: "＝"}))
    assert again.entries[1].direction is Direction.EQUAL
    assert _told(again, "IMPORT33") == [("IMPORT33", "D5")]


def test_the_unit_of_a_table_of_money_holds_for_small_amounts_too() -> None:
    form = _form(MONEY.format(756000, 700000, name="村道养护"))
    (key,) = _doubts(form)
    again = _form(MONEY.format(8000, 7000, name="水库维修"), _book(form, {key: "元"}))
    assert again.total_line is not None
    assert [again.total_line.amounts[m].value for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED)] == [0.8, 0.7]
    assert again.amount_unit == "元"
    assert len(_told(again, "IMPORT33")) == 1


# -- which sheet is the form

_TABLE = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|{0}|≥100公里|102公里|50|50\n^|质量指标|平整率|≥95%|{1}|50|50"
RATED = _TITLE.format(name="村道养护") + _TABLE.format("养护里程", "96%")


def _sheets(reading: LegacyReading) -> list[str]:
    return [form.sheet for form in reading.forms]


def _book_of_sheets(reading: LegacyReading, key: str, answer: str) -> ReadingBook:
    [doubt] = [r.doubt for form in reading.forms for r in form.remarks if r.doubt is not None and r.doubt.key == key]
    kept = KeptReading(answer, "张三", "2024-12-01", "甲.xlsx", doubt.readings)
    return ReadingBook({doubt.layout.digest: KeptLayout(doubt.layout, {key: kept})})


def test_of_two_sheets_that_rate_one_project_one_counts_as_answered():
    key = "同一个项目的自评表在哪张工作表"
    both = (RATED, RATED.replace("96%", "99%"))
    first = read(*both)
    assert _sheets(first) == ["表1"]
    assert ("IMPORT02", "B2") in _told(first.forms[0], "IMPORT02")
    assert _sheets(read(*both, book=_book_of_sheets(first, key, "表2"))) == ["表2"]
    assert _sheets(read(*both, book=_book_of_sheets(first, key, "都算"))) == ["表1", "表2"]
    assert _sheets(read(*both, "说明", book=_book_of_sheets(first, key, "表2"))) == ["表1"], "another layout of sheets"


def test_of_two_sheets_that_rate_one_project_the_filled_one_counts():
    assert _sheets(read(RATED.replace("102公里|50|50", "||").replace("96%|50|50", "||"), RATED)) == ["表2"]


def test_a_table_that_nothing_says_is_a_form_is_one_where_the_office_says_so():
    key = "看不出是谁的指标表是不是自评表：表2"
    other = _TABLE.format("绿化面积", "96%").replace("|50", "|30").replace("平整", "成活")
    first = read(RATED, other)
    assert _sheets(first) == ["表1"]
    assert _sheets(read(RATED, other, book=_book_of_sheets(first, key, "是自评表"))) == ["表1", "表2"]


def test_a_sheet_that_names_no_project_is_none_where_the_office_says_so():
    key = "没有写项目名称的工作表：表2"
    other = _TABLE.format("绿化面积", "96%")
    first = read(RATED, other)
    assert _sheets(first) == ["表1", "表2"]
    assert _sheets(read(RATED, other, book=_book_of_sheets(first, key, "不是自评表"))) == ["表1"]
