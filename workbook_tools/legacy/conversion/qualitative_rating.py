"""What a form of today says of a qualitative indicator → the scheme's tier and a completion (a fraction).

A form with a column 完成率 says it there. Other forms judge in words (达成预期指标) and in points: the words name
the tier, and the points the unit gave itself are its judgement within it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import plain
from workbook_tools.legacy.conversion.stated_values import printed_text, stated_number
from workbook_tools.legacy.words.records import FormIndicator
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.rules.scheme import QualitativeTier, Scheme


@dataclass(frozen=True, slots=True)
class Rating:
    """The tier and the completion; without a number the form does not say."""

    tier: str = ""
    completion: float | None = None
    how: str = ""
    """From what it was derived; blank where the form states it, or says nothing."""


def rate_qualitative(entry: FormIndicator, scheme: Scheme, vocabulary: Vocabulary, *, has_column: bool) -> Rating:
    """The rating of a qualitative indicator; ``has_column``: the form has a column 完成率, filled in this row or not."""
    if has_column:
        stated = stated_number(entry.completion)
        return Rating(_tier_of(stated, scheme), stated) if stated is not None else Rating()
    named = _tier_in_words(entry, scheme, vocabulary)
    earned = _share_earned(entry)
    own_deduction = scheme.total.self_deduction and printed_text(entry.reason) and named is scheme.tiers[0]
    if named is not None and earned is not None and _within(earned, named) and not own_deduction:
        return Rating(named.name, earned, "得分÷分值")
    if named is not None and named.upper_included:
        return Rating(named.name, named.upper, "完成情况的字样")
    if earned is not None and printed_text(entry.actual):
        return Rating(_tier_of(earned, scheme), earned, "得分÷分值")
    return Rating()


def _tier_in_words(entry: FormIndicator, scheme: Scheme, vocabulary: Vocabulary) -> QualitativeTier | None:
    """The tier that the words of the actual name; the very target is reached."""
    actual = _without_stop(printed_text(entry.actual))
    if not actual:
        return None
    best, *others, worst = scheme.tiers
    own = scheme.tier(actual)
    if own is not None:
        return own
    if actual in vocabulary.words("ratings", "reached") or actual == _without_stop(printed_text(entry.target)):
        return best
    if actual in vocabulary.words("ratings", "partly") and others:
        return others[0]
    return worst if actual in vocabulary.words("ratings", "missed") else None


def _without_stop(text: str) -> str:
    return plain(text).strip("。，；.,;")


def _share_earned(entry: FormIndicator) -> float | None:
    """The share of its points that the unit gave itself."""
    weight, score = stated_number(entry.weight), stated_number(entry.score)
    return score / weight if weight and score is not None and score >= 0 and not NOISE.above(score, weight) else None


def _within(share: float, tier: QualitativeTier) -> bool:
    return tier.lower <= share <= tier.upper if tier.upper_included else tier.lower <= share < tier.upper


def _tier_of(share: float | None, scheme: Scheme) -> str:
    """The tier in whose range a completion lies."""
    return next((tier.name for tier in scheme.tiers if share is not None and _within(share, tier)), "")
