"""Bands in which figures are counted together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """A range of figures that are counted together; it reaches up to the next higher band."""

    label: str
    at_least: float
    """The lower edge (inclusive) for a figure as it is printed; minus infinity for the lowest band."""

    @staticmethod
    def of(value: float | None, bands: tuple[Band, ...], decimals: int) -> Band | None:
        """The band of a figure, rounded to so many decimals; ``bands`` begin with the highest."""
        if value is None:
            return None
        return next(band for band in bands if value >= band.at_least - 0.5 * 10**-decimals)


EXECUTION_BANDS = (
    Band("100%及以上", 1),
    Band("90%～100%", 0.9),
    Band("80%～90%", 0.8),
    Band("60%～80%", 0.6),
    Band("低于60%", float("-inf")),
)
"""预算执行率 in bands (fractions; compared with ``EXECUTION_DECIMALS``), the same in 汇总 and in the department's report."""
EXECUTION_DECIMALS = 4
SCORE_BANDS = (
    Band("90分及以上", 90),
    Band("80～90分", 80),
    Band("70～80分", 70),
    Band("60～70分", 60),
    Band("低于60分", float("-inf")),
)
"""总分 in bands, compared with ``SCORE_DECIMALS``."""
SCORE_DECIMALS = 2
NO_RATE, NO_SCORE = "无法计算", "没有得分"
"""Stand beside the bands for projects that are in none."""
