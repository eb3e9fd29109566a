"""Amounts out of scale: which figure of a row of amounts is a power of ten too large or too small (元 for 万元, a lost digit).

A figure alone says nothing, for projects cost from some hundred 元 to billions. Beside the others it does: the slip is at
that figure which, put right by a power of ten, lets all the others stand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from workbook_tools.core.model import Measure
from workbook_tools.core.tolerances import NOISE, STORED, rounding
from workbook_tools.core.values import number_text

_POWERS = (4, -4, 1, -1, 2, -2, 3, -3)
"""元 for 万元 first, and what was converted twice; then digits too many or too few."""
_OVER = 5.0
"""Nobody spends so many times the budget of the year, which contains what was added in the year."""
_UNDER = 1000.0
"""An amount so many times smaller than the budget is not in 万元: a project that did nothing would have spent nothing."""
_LIKELY = (0.05, 1.2)
"""A corrected figure must lie between these shares of the larger amount."""
_INITIAL_LIKELY = 10.0
"""Once corrected, the budget of the year is at most so many times the initial one, and the other way round."""
_DIGITS = 3
"""Significant digits from which two figures with the same digits are one amount: 15 is often a tenth of 150."""

_PAIRS = (
    (Measure.ANNUAL_BUDGET, Measure.RECEIVED),
    (Measure.ANNUAL_BUDGET, Measure.EXECUTED),
    (Measure.RECEIVED, Measure.EXECUTED),
)
"""(not smaller, not larger)."""
_TYPED_TOGETHER = (
    (Measure.EXECUTED,),
    (Measure.RECEIVED,),
    (Measure.ANNUAL_BUDGET,),
    (Measure.INITIAL_BUDGET,),
    (Measure.RECEIVED, Measure.EXECUTED),
    (Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET),
)
"""What one slip spoils: a figure, or all that one office typed."""

_COST_OVER = 100.0
"""No cost is so many times the project's money, though a contract of several years may be ten times as much."""
_DEARER, _CHEAPER = 0.9, 1.5
"""Powers of ten from which a cost's actual is too far above its target, and too far below it."""
_PIECE = re.compile("每|单位|单价|人均|平均|均|标准|/")
"""What makes a cost that of one piece: 每公里成本, 人均费用, 补助标准."""

_LONE, _TOGETHER = 8.0, 1.5
"""The budget of the year is out of scale where it is ``_LONE`` times each of the other amounts, and no two of these differ by more than ``_TOGETHER`` times."""
_IN_YUAN = (3, 1000.0, 50_000.0)
"""A list is in 元: from so many projects on, no amount below the second figure (a tenth of a 万元), half of them from the third
on. In 万元 half of its projects would cost five hundred million 元 and more, and none less than ten million."""
_CENTS = 2
"""Decimals of an amount in 元."""
_PLAUSIBLE = (0.02, 999_999.0)
"""万元: outside of it, below two hundred 元 and from ten billion 元 on, a budget is asked about though nothing stands
beside it."""

Amounts = Mapping[Measure, float]


def find_slips(
    amounts: Amounts, agreeing: Callable[[Amounts], int] = lambda _: 0, statements: int = 0
) -> dict[Measure, int]:
    """The amounts that are out of scale, each with its power: 4 = ten thousand times too large, -4 = too small.

    ``amounts`` are in one unit, of one source of money; what is not above 0 is passed over. ``agreeing`` counts how many
    of the ``statements`` elsewhere (texts) agree with some amounts. Where two readings are as good, the larger amount is the wrong
    one: 元 typed for 万元 is the usual slip.

    >>> find_slips({Measure.ANNUAL_BUDGET: 150, Measure.RECEIVED: 150, Measure.EXECUTED: 1498600})
    {<Measure.EXECUTED: 'executed'>: 4}
    """
    known = {measure: amount for measure, amount in amounts.items() if amount > 0}
    clash, now = are_apart(known), agreeing(known)
    if not clash and now >= statements:  # no other amounts would agree with more of them
        return {}
    distance = _distance(known)
    best: tuple[tuple[int, bool, float], dict[Measure, int]] | None = None
    for slips, right in _repairs(known):
        agree, apart = agreeing(right), _distance(right)
        if not clash and not (agree > now and apart < distance):
            continue
        rank = (agree, next(iter(slips.values())) > 0, -round(apart, 9))
        if best is None or rank > best[0]:
            best = rank, slips
    return best[1] if best else {}


def _repairs(known: Amounts) -> Iterator[tuple[dict[Measure, int], dict[Measure, float]]]:
    """Every slip that would explain the amounts, and the amounts without it."""
    for group in _TYPED_TOGETHER:
        if all(measure in known for measure in group):
            for power in _POWERS:
                slips = dict.fromkeys(group, power)
                right = put_right(known, slips)
                if _stands(right):
                    yield slips, right


def put_right(amounts: Amounts, slips: Mapping[Measure, int]) -> dict[Measure, float]:
    """The amounts as they would be without the slips."""
    return {measure: amount / 10.0 ** slips.get(measure, 0) for measure, amount in amounts.items()}


def are_apart(known: Amounts) -> bool:
    """Two of the amounts cannot both be right, whatever else speaks for them."""
    if _initial_apart(known) >= _UNDER or _is_same_shifted(known, Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET):
        return True
    pairs = [(known[a], known[b]) for a, b in _PAIRS if a in known and b in known]
    impossible = any(lower >= _OVER * upper or _UNDER * lower <= upper for upper, lower in pairs)
    return impossible or _budget_stands_alone(known) or any(_is_same_shifted(known, a, b) for a, b in _PAIRS)


def _budget_stands_alone(known: Amounts) -> bool:
    """All three other amounts are alike, and the budget of the year is about ten times as large: nobody adds so much in a
    year of which nothing comes and nothing is spent."""
    others = [known.get(m) for m in (Measure.INITIAL_BUDGET, Measure.RECEIVED, Measure.EXECUTED)]
    amounts = [amount for amount in others if amount is not None]
    if len(amounts) < len(others) or Measure.ANNUAL_BUDGET not in known:
        return False
    return max(amounts) <= _TOGETHER * min(amounts) and known[Measure.ANNUAL_BUDGET] >= _LONE * max(amounts)


def _is_same_shifted(known: Amounts, one: Measure, other: Measure) -> bool:
    return one in known and other in known and find_power(known[one], known[other]) != 0


def _stands(known: Amounts) -> bool:
    low, high = _LIKELY
    pairs = [(known[a], known[b]) for a, b in _PAIRS if a in known and b in known]
    return _initial_apart(known) <= _INITIAL_LIKELY and all(low * a <= b <= high * a for a, b in pairs)


def _initial_apart(known: Amounts) -> float:
    initial, annual = known.get(Measure.INITIAL_BUDGET), known.get(Measure.ANNUAL_BUDGET)
    return max(initial / annual, annual / initial) if initial and annual else 1.0


def _distance(known: Amounts) -> float:
    """How far the amounts lie apart, in powers of ten."""
    pairs = ((known[a], known[b]) for a, b in _PAIRS if a in known and b in known)
    return math.fsum(abs(math.log10(lower / upper)) for upper, lower in pairs) + math.log10(_initial_apart(known))


def find_power(figure: float, other: float, digits: int = _DIGITS) -> int:
    """The power of ten by which ``figure`` is ``other`` shifted, both with the same digits (``digits`` of them at least); 0 where it is not.

    >>> find_power(1498600, 149.86), find_power(14.986, 149.86), find_power(15, 150), find_power(15, 150, digits=2)
    (4, -1, 0, -1)
    """
    if figure <= 0 or other <= 0:
        return 0
    power = round(math.log10(figure / other))
    same = STORED.same(figure / other / 10.0**power, 1.0)
    written = f"{other:.12e}".partition("e")[0].replace(".", "").rstrip("0")
    return power if same and len(written) >= digits and abs(power) <= max(_POWERS) else 0


def say_power(power: int) -> str:
    """How far a figure is off, in words.

    >>> say_power(4), say_power(-1), say_power(7)
    ('大了1万倍，多为把元当作万元', '小了10倍，多为少写了一位或小数点错位', '大了1万倍以上，请核对单位')
    """
    if abs(power) > max(_POWERS):
        return f"{'大' if power > 0 else '小'}了1万倍以上，请核对单位"
    if abs(power) == max(_POWERS):
        return "大了1万倍，多为把元当作万元" if power > 0 else "小了1万倍，多为重复换算成万元"
    times, digits = 10 ** abs(power), "一二三"[abs(power) - 1]
    way = "多" if power > 0 else "少"
    return f"{'大' if power > 0 else '小'}了{times}倍，多为{way}写了{digits}位或小数点错位"


def find_cost_slips(costs: Mapping[str, float], known: Sequence[float], name: str = "") -> dict[str, int]:
    """Of a cost's ``target`` and ``actual`` (either may lack) those that are out of scale, each with its power.

    ``known`` are the project's amounts in the same unit; what is not above 0 is passed over. No cost is larger than the whole project's money; target and
    actual are alike; the cost of the whole project is one of its amounts, but that of a piece (``name`` 每公里成本) may be
    as small as it likes.

    >>> find_cost_slips({"target": 1.5, "actual": 15000}, [150], "每公里成本")
    {'actual': 4}
    >>> find_cost_slips({"target": 0.015}, [150], "项目总成本")
    {'target': -4}
    """
    costs = {part: cost for part, cost in costs.items() if cost > 0}
    known = [amount for amount in known if amount > 0]
    if not known:
        return {}
    largest = max(known)
    over = {
        part: max(1, round(math.log10(cost / largest))) for part, cost in costs.items() if cost >= _COST_OVER * largest
    }
    target, actual, whole = costs.get("target"), costs.get("actual"), not _PIECE.search(name)
    if target and actual and len(over) < len(costs):
        apart = _compare_costs(actual, target)
        if apart:
            far = {part: abs(math.log10(cost / largest)) for part, cost in costs.items()}
            wrong_target = "target" in over or (whole and not over and far["target"] > far["actual"])
            return {"target": -apart} if wrong_target else {"actual": apart}
    if over or not whole:
        return over
    shifted = {part: _shift_of_any(cost, known) for part, cost in costs.items()}
    return {part: power for part, power in shifted.items() if power}


def are_in_yuan(projects: Sequence[Sequence[float]]) -> bool:
    """The amounts of a list, project by project, are all 元 where 万元 are asked for.

    >>> are_in_yuan([[50000], [1500000, 1500000], [260000.5]]), are_in_yuan([[50], [1500000, 1500000], [260000.5]])
    (True, False)
    """
    amounts = [amount for own in projects for amount in own if amount]
    least, lowest, half = _IN_YUAN
    if sum(any(own) for own in projects) < least or min(amounts) < lowest:
        return False
    return all(STORED.same(round(a, _CENTS), a) for a in amounts) and sorted(amounts)[len(amounts) // 2] >= half


def is_plausible(amount: float) -> bool:
    """A county may spend so much (万元) on a project; 0 is plausible too."""
    low, high = _PLAUSIBLE
    return not amount or low <= amount <= high


def is_whole_cost(cost: float, budget: float, name: str) -> bool:
    """With this budget, the indicator ``name`` may be the cost of the whole project."""
    low, high = _LIKELY
    return not _PIECE.search(name) and low * budget <= cost <= high * budget


def _compare_costs(actual: float, target: float) -> int:
    """By which power of ten they are apart; a cost of eight times the target is a slip, one of a tenth may be a saving."""
    apart = math.log10(actual / target)
    return round(apart) if apart >= _DEARER or apart <= -_CHEAPER else find_power(actual, target)


def _shift_of_any(cost: float, known: Sequence[float]) -> int:
    """The cost is one of the amounts, shifted, or shifted and rounded; by ten thousand two digits are enough."""
    if any(STORED.same(cost, amount) for amount in known):
        return 0
    powers = (find_power(cost, amount) for amount in known)
    wide = (p for amount in known if abs(p := find_power(cost, amount, 2)) == max(_POWERS))
    rounded = (power for power in _POWERS for amount in known if _is_rounded_shift(cost, amount, power))
    return next((power for power in (*powers, *wide, *rounded) if power), 0)


def _is_rounded_shift(cost: float, amount: float, power: int) -> bool:
    """The cost, put right, is the amount rounded to the digits that were typed: 14.9 for 149.34."""
    digits, scale = number_text(cost), 10.0**power
    known = len(digits.replace(".", "").strip("0")) >= _DIGITS
    return known and NOISE.same(cost / scale, amount, rounding(digits) / scale)
