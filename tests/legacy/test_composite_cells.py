"""Cells that hold more than a figure, and amounts that are not of the size of their table: read, and told at the cell."""

from __future__ import annotations

import pytest
from drawn_sheets import read

from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.legacy.conversion.submission import convert
from workbook_tools.legacy.words.figures import parse_amount
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.numbering import without_serial
from workbook_tools.legacy.words.records import Concern, FormIndicator, HandmadeForm, Stated
from workbook_tools.rules.scheme import load_scheme

HEAD = "项目支出绩效自评表（2024年度）|<|<|<|<|<|<\n项目名称|村道养护|<|<|实施单位|公路站|<"
FULL = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
ROW = "产出指标|数量指标|养护里程|≥100公里|102公里|50|50"


def only(*lines: str) -> HandmadeForm:
    [form] = read("\n".join((HEAD, *lines))).forms
    return form


def doubts(form: HandmadeForm) -> list[tuple[str, str]]:
    return [(r.where.cell, r.taken) for r in form.remarks if r.concern is Concern.AMBIGUOUS]


def figures(entry: FormIndicator) -> tuple[object, ...]:
    def value(stated: Stated | None) -> object:
        return stated.value if stated else None

    return value(entry.target), value(entry.actual), entry.unit, value(entry.weight), value(entry.score)


@pytest.mark.parametrize("cell", ["10/9.5", "10（9.5）", "10(得9.5)", "9.5/10", "10分／9.5分", "9.5（满分10分）"])
def test_points_and_score_in_one_cell(cell: str) -> None:
    form = only(
        "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值/得分|备注",
        f"产出指标|数量指标|养护里程|≥100公里|102公里|{cell}|",
    )
    assert figures(form.entries[0]) == (100, 102, "公里", 10, 9.5)
    assert "F4" in [cell for cell, _ in doubts(form)]


def test_a_score_cell_that_repeats_the_points_beside_it() -> None:
    form = only(FULL, ROW.replace("|50|50", "|50|50/48"))
    assert figures(form.entries[0])[3:] == (50, 48)
    assert doubts(form) == [("G4", "50 和 48")]


def test_points_that_are_not_those_beside_them_stay_unread() -> None:
    form = only(FULL, ROW.replace("|50|50", "|50|40/38"))
    assert figures(form.entries[0])[3:] == (50, None)
    assert [r.where.cell for r in form.remarks if r.concern is Concern.UNKNOWN] == ["G4"]


@pytest.mark.parametrize("cell", ["≥95%/96%", "≥95%（96%）", "≥95%（实际96%）"])
def test_target_and_actual_in_one_cell(cell: str) -> None:
    form = only("一级指标|二级指标|三级指标|指标值|分值|得分|备注", f"产出指标|质量指标|合格率|{cell}|50|50|")
    assert figures(form.entries[0]) == (95, 96, "%", 50, 50)
    assert doubts(form)[0][0] == "D4"


@pytest.mark.parametrize("cell", ["5次/年", "2024/12", "≥95%（含）", "50（个）"])
def test_a_stroke_or_bracket_that_parts_nothing(cell: str) -> None:
    form = only("一级指标|二级指标|三级指标|指标值|分值|得分|备注", f"产出指标|数量指标|检查|{cell}|50|50|")
    assert form.entries[0].actual is None


@pytest.mark.parametrize(
    ("cell", "number", "unit"),
    [
        ("完成300份", 300, "份"),
        ("已完成300份", 300, "份"),
        ("约300份", 300, "份"),
        ("300余份", 300, "份"),
        ("300份左右", 300, "份"),
    ],
)
def test_words_around_a_number_are_passed_over_and_told(cell: str, number: float, unit: str) -> None:
    form = only(FULL, f"产出指标|数量指标|资料|≥280份|{cell}|50|50")
    assert figures(form.entries[0])[:3] == (280, number, unit)
    assert doubts(form) == [("E4", "300份")]


@pytest.mark.parametrize(
    ("target", "cell", "number"),
    [
        ("≥95%", "已完成，96%", 96),
        ("≥95%", "完成，96%。", 96),
        ("≥95%", "全部完成：100％", 100),
        ("≥95%", "已完成（96%）", 96),
        ("≥280份", "已按时完成，300份", 300),
        ("≥0.5公里", "完成，600米", 0.6),
        ("≥280份", "已完成，96%", None),
        ("≥280份", "已完成，300", None),
        ("≥280份", "已完成，300个", None),
        ("≥280份", "已完成，≥300份", None),
        ("≥95%", "未完成，90%", None),
        ("≥95%", "基本完成，96%", None),
        ("≥95%", "已完成，合格率96%", None),
        ("≥95%", "已完成，96%，其中二季度90%", None),
        ("≥2", "已完成，3项", None),
    ],
)
def test_a_figure_set_apart_behind_a_word_of_completion(target: str, cell: str, number: float | None) -> None:
    form = only(FULL, f"产出指标|数量指标|资料|{target}|{cell}|50|50")
    assert figures(form.entries[0])[1] == (cell if number is None else number)
    assert ("E4" in [place for place, _ in doubts(form)]) is (number is not None)


@pytest.mark.parametrize("cell", ["9月完成", "2024年完成", "完成全部养护", "完成300份问卷的发放", "达到国家标准2级"])
def test_words_with_a_date_or_a_sentence_stay_texts(cell: str) -> None:
    form = only(FULL, f"产出指标|数量指标|资料|≥280份|{cell}|50|50")
    assert figures(form.entries[0])[1] == cell


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("壹拾伍万元", 15, ""),
        ("壹拾伍万叁仟元整", 15.3, ""),
        ("十五万", 15, ""),
        ("1500000元", 150, ""),
        ("150千元", 15, ""),
        ("人民币15.5万元整", 15.5, ""),
        ("15万元（含税）", 15, ""),
        ("约15万元", 15, "约数"),
    ],
)
def test_money_as_people_write_it_beside_ten_thousands(text: str, value: float, doubt: str) -> None:
    found = parse_amount(text, "万元")
    assert found is not None
    assert (found.value, found.doubt) == (value, doubt)


def amounts(form: HandmadeForm, source: FundingSource = FundingSource.TOTAL) -> dict[Measure, object]:
    [line] = [line for line in form.funding if line.source is source]
    return {measure: stated.value for measure, stated in line.amounts.items()}


MONEY = "项目资金（万元）|<|年初预算数|全年预算数|全年执行数||\n年度资金总额|<|{}|{}|{}||"


@pytest.mark.parametrize("odd", ["756,000.00", "756000"])
def test_an_amount_in_yuan_beside_ten_thousands_is_read_as_such_and_told(odd: str) -> None:
    form = only(MONEY.format("80", "80", odd), FULL, ROW)
    assert amounts(form) == {Measure.INITIAL_BUDGET: 80, Measure.ANNUAL_BUDGET: 80, Measure.EXECUTED: 75.6}
    assert doubts(form) == [("E4", "75.6万元（与表中其他金额相称）")]


def test_a_part_in_yuan_below_a_total_in_ten_thousands() -> None:
    form = only(MONEY.format("80", "80", "75.6") + "\n省级资金|<|800000|80|75.6||", FULL, ROW)
    assert amounts(form, FundingSource.PROVINCIAL)[Measure.INITIAL_BUDGET] == 80
    assert [cell for cell, _ in doubts(form)] == ["C5"]


@pytest.mark.parametrize(
    "row", [("80", "80", "75.6"), ("80", "80", "0.5"), ("80", "8", "756000元"), ("8000", "9000", "1")]
)
def test_amounts_of_one_size_are_no_doubt(row: tuple[str, ...]) -> None:
    assert doubts(only(MONEY.format(*row), FULL, ROW)) == []


@pytest.mark.parametrize("serial", ["①", "⑴", "⒈", "㈠", "❶", "(1)", "1)", "1、", "A.", "Ⅰ、", "第1项："])
def test_a_serial_number_is_no_part_of_a_name(serial: str) -> None:
    assert without_serial(f"{serial}养护里程") == "养护里程"
    assert label_key(f"{serial}养护里程") == "养护里程"
    form = only(FULL, ROW.replace("养护里程", f"{serial}养护里程"))
    assert convert(form, load_scheme("mof-2020"), 2024).project.indicators[0].name == "养护里程"


@pytest.mark.parametrize("name", ["2.5公里养护", "一般养护", "24小时值守", "A级路段", "第1年养护"])
def test_what_only_looks_like_a_serial_number_stays(name: str) -> None:
    assert without_serial(name) == name


@pytest.mark.parametrize("unit", ["平方米", "立方米", "万人次", "工作日", "千瓦时", "百万元"])
def test_a_unit_of_three_characters_in_brackets(unit: str) -> None:
    form = only(FULL, f"产出指标|数量指标|养护面积（{unit}）|≥100|102|50|50")
    assert form.entries[0].unit == unit


@pytest.mark.parametrize("words", ["含线上", "低保户", "按季度"])
def test_other_words_in_brackets_are_no_unit(words: str) -> None:
    form = only(FULL, f"产出指标|数量指标|培训（{words}）|≥100|102|50|50")
    assert form.entries[0].unit == ""
