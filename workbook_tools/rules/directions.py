"""Whether a number is to be reached or kept to, where no sign says so: one model for the project list and for forms of today.

What speaks, the surer first: the name of the indicator (安全事故起数, 投诉办结率), its place under costs, and the target and
actual of a filled form beside the score that the unit gave itself (target 3, actual 1, full score: less is better).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from workbook_tools.core.model import Direction
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import MONEY_UNITS, plain
from workbook_tools.rules.direction_words import direction_words

# An actual so far below its target is not full marks out of leniency: 195 of 200 people may be.
_FAR_BELOW = 0.8
# So far above its target an actual may have lost points because the target was set too low.
_FAR_ABOVE = 1.3
# 合格率（%）, 指标1：, 维修(维护)成本: what explains a name is no part of it.
_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """The figures of a filled row: target and actual in one unit, weight and score in 分."""

    target: float
    actual: float
    weight: float
    score: float


@dataclass(frozen=True, slots=True)
class DirectionGuess:
    """A direction that no sign states."""

    direction: Direction
    reason: str
    """In words, for people."""
    doubtful: bool = False
    """The other direction is as likely: it is to be asked, where there is somebody to ask."""


def direction_of_name(name: str, less: Iterable[str] = ()) -> Direction | None:
    """What a name says: less of accidents, more of what was put right; ``None`` where it says nothing.

    ``less`` are further things of which less is better.

    >>> [direction_of_name(text) for text in ("安全事故发生起数", "投诉办结率", "道路长度")]
    [<Direction.AT_MOST: 'at_most'>, <Direction.AT_LEAST: 'at_least'>, None]
    """
    bare = _BRACKETED.sub("", plain(name))
    parts = _patterns(tuple(less))
    if parts.turned.search(bare):
        return Direction.AT_LEAST
    if parts.unwanted.search(bare) or parts.duration.search(bare):
        return Direction.AT_MOST
    return Direction.AT_LEAST if parts.wanted.search(bare) else None


def direction_of_pair(pair: ScoredPair | None, *, money: bool = False) -> Direction | None:
    """What the unit's own score says of its figures; ``None`` where both readings give it.

    Of ``money`` that was not spent to the last, full marks are no leniency.
    """
    if pair is None or not pair.weight or NOISE.same(pair.target, pair.actual):
        return None
    full = NOISE.same(pair.score, pair.weight)
    if pair.actual > pair.target:
        lost = not full and pair.actual <= pair.target * _FAR_ABOVE
        return Direction.AT_LEAST if full else Direction.AT_MOST if lost else None
    if not full:
        return Direction.AT_LEAST
    return Direction.AT_MOST if money or pair.actual <= pair.target * _FAR_BELOW else None


def names_cost(category: str) -> bool:
    """The name of a category says that its indicators are costs (成本指标, 费用控制类)."""
    return any(word in category for word in direction_words()["names"]["costs"])


def guess_direction(
    name: str,
    target: float,
    *,
    cost: bool,
    unit: str,
    share: bool = False,
    pair: ScoredPair | None = None,
    less: Iterable[str] = (),
) -> DirectionGuess:
    """The direction of a number without a sign; ``cost``: it stands under costs; ``share``: it is a share of a hundred."""
    named, scored = direction_of_name(name, less), direction_of_pair(pair, money=unit in MONEY_UNITS)
    most, least = Direction.AT_MOST, Direction.AT_LEAST
    if target == 0:
        return DirectionGuess(most, "目标值为0，任何完成值都不低于它", doubtful=True)
    if cost:
        doubtful = (share and named is not most) or named is least or scored is least
        return DirectionGuess(most, "成本指标", doubtful)
    if named is not None:
        reason = "按指标名称越少越好" if named is most else "按指标名称越多越好"
        return DirectionGuess(named, reason, doubtful=scored not in (None, named))
    if scored is most:
        return DirectionGuess(most, "完成值与目标值不同，按印出的得分推断越少越好", doubtful=True)
    return DirectionGuess(least, "数字目标一般不低于")


@dataclass(frozen=True)
class _NamePatterns:
    """The composed names."""

    turned: re.Pattern[str]
    """A thing nobody wants beside a word that turns it."""
    unwanted: re.Pattern[str]
    """It ends with such a thing, or with what it is measured by."""
    duration: re.Pattern[str]
    wanted: re.Pattern[str]


@cache
def _patterns(less: tuple[str, ...]) -> _NamePatterns:
    words = {name: _any_of(entries) for name, entries in direction_words()["names"].items()}
    things = _any_of([*direction_words()["names"]["things"], *less])
    spent, reducing, measures = f"{things}|{words['costs']}", words["reducing"], words["measures"]
    turned = (
        rf"(?:{reducing}).*(?:{spent})",
        rf"(?:{spent}).*(?:{reducing})",
        rf"(?:{words['turning']})(?:{things})",
        rf"(?:{things}).*(?:{words['turning']})",
    )
    spoiled = rf"(?:{words['spoiling']})[^\d\W](?:率|次数|次|件数|件|起数|起|天数|额|金额|例数)"
    return _NamePatterns(
        turned=re.compile("|".join(turned)),
        unwanted=re.compile(rf"(?:(?:{spent}|{words['falling']})(?:{measures})*|{spoiled})$"),
        duration=re.compile(rf"(?:{words['taking']})(?:{words['durations']})$"),
        wanted=re.compile(rf"(?:{words['more']})(?:{measures})*$"),
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
