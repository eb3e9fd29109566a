"""How far two figures may lie apart and still be the same: one table, each entry with its unit and its reason.

A cell's formula knows no tolerance. There figures are rounded to ``COMPARED_DECIMALS`` before they are compared.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Figures that differ by no more than ``value`` are the same."""

    value: float
    unit: str
    """What ``value`` is measured in."""
    reason: str

    def same(self, one: float, other: float, rounded: float = 0.0) -> bool:
        """The two are one figure, of which one may have been rounded by so much besides."""
        return abs(one - other) <= self.value + rounded

    def above(self, figure: float, limit: float) -> bool:
        """The figure is larger than the limit, and not only by noise."""
        return figure > limit + self.value

    def below(self, figure: float, limit: float) -> bool:
        """The figure is smaller than the limit, and not only by noise."""
        return figure < limit - self.value


@dataclass(frozen=True, slots=True)
class RelativeTolerance:
    """Figures that differ by no more than a share of the second (of 1, where that is smaller) are the same."""

    value: float
    reason: str

    def same(self, one: float, other: float) -> bool:
        """The two are one figure."""
        return abs(one - other) <= self.value * max(1.0, abs(other))


NOISE = Tolerance(
    1e-6,
    "分, 万元, or a rate as a fraction",
    "Sums and quotients carry the noise of binary floats (0.1 + 0.2). What people type is coarser: an amount has at "
    "most six decimals (one 分 of money is 0.000001万元), a rate 0.01%, a score four decimals.",
)
"""Two figures, at least one of them computed."""

STORED = RelativeTolerance(
    1e-9,
    "Excel keeps 15 significant digits, other programs 17: 0.1 may come back as 0.10000000000000001.",
)
"""One number, before and after a program saved it."""

SHOWN = RelativeTolerance(
    0.01,
    "A number format rounds what it shows: 95.68 may be shown as 96 to a reader who takes it for what it is, 1.4 may not "
    "be shown as 1.",
)
"""A number, and what its cell shows of it."""

PRINTED = Tolerance(
    0.005,
    "分 or 万元; of a rate half a percent",
    "Points and amounts are printed with two decimals, rates often as whole percents: a weight of 13.3333 that earns "
    "13.33 has lost nothing, and 87% may stand for 86.5%.",
)
"""A figure as printed or told, and the one behind it, where the print may have been rounded."""

EQUAL_SHARES = Tolerance(
    0.05,
    "分",
    "Weights that split the points evenly differ by their rounding: 90 points over 7 indicators are 12.9 and 12.85.",
)
"""Weights of which each is as large as their mean."""

ABOUT = RelativeTolerance(0.05, "约 before an amount admits to rounding: 约300万元 is said of 290万元, not of 250万元.")
"""An amount that a text gives with 约."""

COMPARED_DECIMALS = 6
"""Computed rates and sums are rounded to this in a formula before they are compared: as fine as ``NOISE``."""
AMOUNT_DECIMALS = 6
"""Sums of 万元 are rounded to this: hundredths of a yuan."""
EXACT_DECIMALS = 9
"""Computed points are rounded to this before they are rounded as the scheme says.

Not more: ROUNDDOWN of LibreOffice looks at 12 significant digits, and a total may have three before the point."""


def rounding(digits: str) -> float:
    """By how much a number that is written so may have been rounded: half of its last place.

    >>> rounding("86.2"), rounding("25")
    (0.05, 0.5)
    """
    half: float = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    return half
