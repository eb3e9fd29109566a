"""In which unit amounts are typed, where printed sums, rates or sentences decide between two readings."""

from __future__ import annotations

import pytest
from drawn_sheets import read

from workbook_tools.core.model import Measure
from workbook_tools.legacy.words.records import Concern, HandmadeForm

_HEAD = "项目支出绩效自评表（2024年度）|<|<|<|<|<|<\n项目名称|村道养护|<|<|实施单位|公路站|<"
_TABLE = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|养护里程|≥100公里|102公里|90|90"
_HEADER = "资金（万元）|<|全年预算数|全年执行数|执行率||"


def _read(money: str, goal: str = "") -> HandmadeForm:
    (form,) = read("\n".join(filter(None, (_HEAD, goal, money, _TABLE)))).forms
    return form


def _amounts(form: HandmadeForm) -> list[tuple[object, object]]:
    return [
        tuple(line.amounts[measure].value for measure in (Measure.ANNUAL_BUDGET, Measure.EXECUTED))  # type: ignore[misc]
        for line in form.funding
    ]


def _doubted(form: HandmadeForm) -> list[str]:
    return [remark.where.cell for remark in form.remarks if remark.concern is Concern.AMBIGUOUS]


@pytest.mark.parametrize(("typed", "unit"), [("800000", "元"), ("800", "千元")])
def test_one_amount_is_in_the_unit_in_which_the_printed_sum_comes_out(typed: str, unit: str) -> None:
    form = _read(f"{_HEADER}\n年度资金总额|<|100|100|100%||\n财政拨款|<|{typed}|80|100%||\n其他资金|<|20|20|100%||")
    assert _amounts(form) == [(100, 100), (80, 80), (20, 20)]
    assert _doubted(form) == ["C5"]
    assert unit in next(remark.taken for remark in form.remarks if remark.where.cell == "C5")


def test_all_that_was_spent_is_in_the_unit_in_which_the_printed_rates_come_out() -> None:
    form = _read(f"{_HEADER}\n年度资金总额|<|100|950|95%||\n财政拨款|<|80|750|93.75%||\n其他资金|<|20|200|100%||")
    assert _amounts(form) == [(100, 95), (80, 75), (20, 20)]
    assert _doubted(form) == ["D4", "D5", "D6"]


def test_amounts_that_come_out_are_left_as_they_are_and_so_are_those_that_come_out_in_no_unit() -> None:
    right = _read(f"{_HEADER}\n年度资金总额|<|100|95|95%||")
    assert (_amounts(right), _doubted(right)) == ([(100, 95)], [])
    wrong = _read(f"{_HEADER}\n年度资金总额|<|100|95|100%||")
    assert (_amounts(wrong), _doubted(wrong)) == ([(100, 95)], [])


def test_a_sentence_says_the_unit_that_the_table_does_not() -> None:
    goal = "年度目标|投入资金150万元，养护村道100公里。|<|<|<|<|<"
    form = _read("资金|<|全年预算数|全年执行数|执行率||\n年度资金总额|<|1500000|1500000|100%||", goal)
    assert _amounts(form) == [(150, 150)]
    assert {"C5", "D5"} <= set(_doubted(form))


def test_a_rate_for_each_person_says_nothing_of_the_unit_of_the_budget() -> None:
    goal = "年度目标|每人补助15元。|<|<|<|<|<"
    form = _read("资金|<|全年预算数|全年执行数|执行率||\n年度资金总额|<|15|15|100%||", goal)
    assert (_amounts(form), _doubted(form)) == ([(15, 15)], [])
