"""Random rows as people type them: numbers of all sizes, blanks, zeros, negatives, texts, and every edge of a scheme.

A typed number has at most 12 significant digits, an amount at most six decimals (0.01 元). Edges are hit exactly, and missed by little on either side.
"""

from __future__ import annotations

import math
import random

from workbook_tools.core.model import Direction, Value
from workbook_tools.core.tolerances import AMOUNT_DECIMALS
from workbook_tools.core.values import MAX_AMOUNT
from workbook_tools.rules import library
from workbook_tools.rules.scheme import Scheme

Row = dict[str, "Value | list[Value]"]
"""Variable → what is typed in its cell, or in the cells of its range."""

TEXTS = ("26万元", "95%", "无", " ", "　", "12", "<5", "≥95", 'a"b', "=1+1", "不适用", "-", "1,234")
_SHARES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
_OFF = (0.0, 0.0, 0.0, 1e-2, -1e-2, 1e-4, -1e-4, 1e-6, -1e-6, 1e-7, -1e-7)
_RANGE = 6
"""Cells in each range of a row of totals."""


def typed(number: float) -> float:
    """The number as somebody types it."""
    return float(f"{number:.12g}")


def money(amount: float) -> float:
    """万元 as somebody types them: hundredths of a yuan at the finest, and no more than the form allows."""
    return round(math.fmod(amount, MAX_AMOUNT), AMOUNT_DECIMALS)


def share_edges(scheme: Scheme) -> tuple[float, ...]:
    """Shares at which a rule of the scheme changes its mind: tiers, bands, thresholds, steps, caps."""
    edges = {*_SHARES, scheme.over_completion.threshold, scheme.execution.explain_below}
    edges |= {edge for tier in scheme.tiers for edge in (tier.lower, tier.upper)}
    edges |= {band.at_least for band in scheme.execution.bands} | {cap.below for cap in scheme.total.caps}
    for rule in scheme.steps.values():
        sizes = [band.within for band in rule.bands] or [rule.every * n for n in range(1, 6)]
        edges |= {1 + sign * size for size in sizes for sign in (1, -1)}
    return tuple(sorted(edges))


class Typist:
    """Makes the rows of one scheme, the same for the same seed."""

    def __init__(self, scheme: Scheme, seed: int) -> None:
        self.scheme = scheme
        self.random = random.Random(f"{scheme.digest}-{seed}")
        self.edges = share_edges(scheme)
        self.grades = [grade.at_least for grade in scheme.grading.bands] + [cap.at_most for cap in scheme.total.caps]

    # -- single cells -------------------------------------------------------------------------------------------------

    def slip(self, value: Value, often: float = 0.03) -> Value:
        """Sometimes nothing, or a text, in place of the value."""
        luck = self.random.random()
        if luck < often:
            return None
        return self.random.choice(TEXTS) if luck < 1.5 * often else value

    def number(self) -> float:
        """A number of any size: mostly everyday ones."""
        pick, luck = self.random, self.random.random()
        if luck < 0.35:
            number: float = pick.randint(0, 200)
        elif luck < 0.6:
            number = pick.randint(0, 20000) / 10 ** pick.randint(1, 4)
        elif luck < 0.7:
            number = pick.uniform(0, 1)
        elif luck < 0.85:
            number = pick.uniform(0, 1) * 10 ** pick.randint(2, 12)
        elif luck < 0.9:
            number = 10.0 ** pick.randint(-6, 9)
        elif luck < 0.95:
            number = 0.0
        else:
            number = -pick.randint(1, 2000) / 10 ** pick.randint(0, 3)
        return typed(number)

    def amount(self) -> float:
        """An amount in 万元; rarely a negative one."""
        return money(self.number())

    def share(self) -> float:
        """A share near or on an edge of the scheme, or any."""
        luck = self.random.random()
        if luck < 0.5:
            return typed(self.random.choice(self.edges) + self.random.choice(_OFF))
        if luck < 0.9:
            return self.random.randint(0, 13000) / 10000
        return typed(self.random.uniform(0, 1.3))

    def points(self, most: float) -> float:
        """Points up to a weight: whole, in tenths, hundredths, or computed."""
        luck = self.random.random()
        if luck < 0.6:
            return float(self.random.randint(0, int(most)))
        digits = self.random.choice((1, 1, 2, 12))
        return typed(round(self.random.uniform(0, most), digits))

    # -- rows ---------------------------------------------------------------------------------------------------------

    def indicator(self) -> Row:
        """One row of the indicator table."""
        pick = self.random
        target = self.number()
        actual = target * self.share() if pick.random() < 0.75 else self.number()
        tiers = [tier.name for tier in self.scheme.tiers]
        return {
            "direction": pick.choice(list(Direction)).symbol,
            "actual": self.slip(typed(actual)),
            "target": self.slip(target),
            "weight": self.slip(self.points(30), 0.02),
            "tier": self.slip(pick.choice(tiers)),
            "stated": self.slip(self.share()),
            "applicable": pick.choice((library.APPLICABLE, library.APPLICABLE, library.NOT_APPLICABLE, None)),
            "cell": self.slip("原因", 0.3),
            "named": self.slip("指标", 0.3),
            "self_deduction": self.slip(self.points(5) * pick.choice((1, 1, 1, 1, 0, -1, 10)), 0.5),
        }

    def funding(self) -> Row:
        """One column of the funding table, with the amounts that make up its budget."""
        pick = self.random
        budget = 0.0 if pick.random() < 0.05 else self.amount()
        return {
            "amounts": [self.slip(self.amount(), 0.25) for _ in range(_RANGE)],
            "budget": self.slip(budget),
            "received": self.slip(money(budget * self.share())),
            "executed": self.slip(money(budget * self.share())),
            "cell": self.slip("原因", 0.3),
        }

    def totals(self) -> Row:
        """The scores of a form, the last one often chosen so that the total lies on an edge."""
        pick = self.random
        scores: list[Value] = [self.slip(self.points(20), 0.05) for _ in range(_RANGE)]
        if pick.random() < 0.6:
            off = pick.choice((0, 0, 0.01, -0.01, 0.001, -0.001, 0.0001, -0.0001))
            others = sum(s for s in scores[1:] if isinstance(s, float))
            scores[0] = typed(pick.choice(self.grades) + off - others)
        unscored, unweighted = pick.random() < 0.03, pick.random() < 0.03
        flags = (library.APPLICABLE, library.APPLICABLE, library.APPLICABLE, library.NOT_APPLICABLE, None)
        return {
            "scores": [None] * _RANGE if unscored else scores,
            "weights": [None if unweighted else self.slip(self.points(30), 0.05) for _ in range(_RANGE)],
            "applicables": [pick.choice(flags) for _ in range(_RANGE)],
            "rate": self.slip(self.share()),
            **self.completeness(),
        }

    def completeness(self) -> Row:
        """What decides whether a form is complete: mostly it is, and each part is missing now and then."""
        pick, total = self.random, self.scheme.weights.total
        states: list[Value] = [
            pick.choice((library.ANSWERED,) * 12 + (None, library.UNANSWERED)) for _ in range(_RANGE)
        ]
        off = pick.choice((0, 0, 0, 0, 0, 0, 1e-7, -1e-7, 1e-5, -1e-5, 0.02, -10))
        return {
            "states": [None] * _RANGE if pick.random() < 0.03 else states,
            "total_weight": typed(total + off),
            "executed": self.slip(self.amount(), 0.05),
            "base": self.slip(self.amount(), 0.05),
        }
