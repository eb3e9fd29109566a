"""Where no sign says so: whether more or less is better, by the name, the place under costs, and the unit's own score."""

from __future__ import annotations

import pytest

from workbook_tools.core.model import Direction
from workbook_tools.core.values import TypedQuantity
from workbook_tools.rules.direction_words import parse_signed
from workbook_tools.rules.directions import (
    ScoredPair,
    direction_of_name,
    direction_of_pair,
    guess_direction,
    names_cost,
)

LESS, MORE = Direction.AT_MOST, Direction.AT_LEAST


@pytest.mark.parametrize(
    ("direction", "names"),
    [
        (
            LESS,
            "安全生产事故发生起数 重大舆情事件数 群众投诉率 贷款逾期率 设备故障次数 误报率 平均等待时长 行政审批时限 资金结余率 工程延误天数 单位产值能耗 经济损失金额",
        ),
        (
            MORE,
            "投诉办结率 查处违法行为 24小时抓拍违法行为 事故应急演练次数 成本降低率 减少经济损失 培训合格率 群众满意度 服务时间 利息费用保障率 隐患整改数",
        ),
        (None, "道路长度 信访接待室面积 购置图书 出版物种类"),
    ],
)
def test_a_name_says_whether_less_is_better(direction: Direction | None, names: str) -> None:
    assert {name: direction_of_name(name) for name in names.split()} == dict.fromkeys(names.split(), direction)


def test_an_office_adds_things_of_which_less_is_better() -> None:
    assert direction_of_name("跑冒滴漏次数") is None
    assert direction_of_name("跑冒滴漏次数", less=["跑冒滴漏"]) is LESS


@pytest.mark.parametrize(
    ("figures", "direction"),
    [
        ((3, 1, 10, 10), LESS),
        ((3, 0, 10, 10), LESS),
        ((3, 1, 10, 3.3), MORE),
        ((3, 3, 10, 10), None),
        ((200, 195, 10, 10), None),  # full marks for nearly all are leniency
        ((10, 12, 10, 10), MORE),
        ((10, 12, 10, 8), LESS),
        ((10, 30, 10, 8), None),  # a target that was set too low costs points too
        ((3, 1, 0, 0), None),
    ],
)
def test_the_printed_score_is_evidence(figures: tuple[float, ...], direction: Direction | None) -> None:
    assert direction_of_pair(ScoredPair(*figures)) is direction


def test_money_that_was_not_spent_to_the_last_earns_full_marks_only_as_a_cost() -> None:
    assert direction_of_pair(ScoredPair(40, 37, 10, 10), money=True) is LESS
    assert direction_of_pair(ScoredPair(40, 37, 10, 9.2), money=True) is MORE
    assert names_cost("费用控制类指标")
    assert not names_cost("数量指标")


def guess(
    name: str, target: float = 3, *, cost: bool = False, share: bool = False, pair: ScoredPair | None = None
) -> tuple[Direction, bool]:
    found = guess_direction(name, target, cost=cost, unit="", share=share, pair=pair)
    return found.direction, found.doubtful


def test_what_speaks_is_weighed() -> None:
    few_and_full = ScoredPair(3, 1, 10, 10)
    assert guess("道路长度") == (MORE, False)
    assert guess("道路长度", pair=few_and_full) == (LESS, True)
    assert guess("事故起数", pair=few_and_full) == (LESS, False)
    assert guess("事故起数", pair=ScoredPair(3, 5, 10, 10)) == (LESS, True)
    assert guess("培训人数", pair=few_and_full) == (MORE, True)
    assert guess("设备购置", cost=True) == (LESS, False)
    assert guess("价格执行率", 100, cost=True, share=True) == (LESS, True)
    assert guess("成本节约率", 5, cost=True, share=True) == (LESS, True)
    assert guess("道路长度", 0) == (LESS, True)


@pytest.mark.parametrize(
    ("text", "number", "unit", "direction"),
    [
        ("不超过3起", 3, "起", LESS),
        ("控制在5%以内", 5, "%", LESS),
        ("低于0.6万元", 0.6, "万元", LESS),
        ("30天内", 30, "天", LESS),
        ("95%以上", 95, "%", MORE),
    ],
)
def test_signs_in_words(text: str, number: float, unit: str, direction: Direction) -> None:
    assert parse_signed(text)[0] == TypedQuantity(number, unit, direction)


@pytest.mark.parametrize("text", ["9月底前", "2024年内", "不少于3个以内", "3-5次", "有效"])
def test_dates_ranges_and_contradictions_are_no_targets(text: str) -> None:
    assert parse_signed(text)[0] is None
