"""The amounts of a report's sentences with the passages where they stand, and how surely each is of the year's own money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbook_tools.core.tolerances import PRINTED
from workbook_tools.legacy.prose.prose_form import ProseForm
from workbook_tools.legacy.prose.sections import HeadedPassage
from workbook_tools.legacy.prose.sentence_amounts import AmountFinder, Rank, SentenceAmount
from workbook_tools.legacy.prose.text import compact, split_sentences
from workbook_tools.word.reading import Paragraph

MONEY_FIELD = "资金"
"""How the field of a remark about money begins."""
# Sections that may tell the money in passing.
_SECTIONS_OF_FACTS = ("overview", "basis", "organization")
_ABOUT_MONEY, _ABOUT_PROJECT, ELSEWHERE = 0, 1, 2
"""How much a section is about money."""


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount with its passage."""

    amount: SentenceAmount
    passage: HeadedPassage
    about_budget: bool
    """Its sentence names a budget."""
    adds_up: bool = False
    """It is said to be a sum (共计), and is that of the amounts before it in its sentence."""

    @property
    def paragraph(self) -> Paragraph:
        """Where it stands."""
        return self.passage.paragraph

    @property
    def tier(self) -> int:
        """How much the section is about money."""
        return self.tier_of(self.passage)

    @staticmethod
    def tier_of(passage: HeadedPassage) -> int:
        """How much the section of a passage is about money."""
        section = passage.section
        if section is None or section.startswith("funding") or section == "analysis_execution":
            return _ABOUT_MONEY
        return _ABOUT_PROJECT if section in _SECTIONS_OF_FACTS else ELSEWHERE

    @property
    def order(self) -> tuple[bool, bool, bool, int, bool]:
        """The smaller, the surer."""
        return (
            not self.amount.share_of_year,
            not self.adds_up,
            self.amount.rank is Rank.MONEY,
            self.tier,
            not self.amount.total,
        )


def find_amounts(passages: Sequence[HeadedPassage], finder: AmountFinder) -> Iterator[FoundAmount]:
    """All amounts, in their order."""
    for passage in passages:
        for sentence in split_sentences(compact(passage.text)):
            amounts = [*finder.find(sentence)]
            about = any(a.rank is Rank.NAME and a.measure for a in amounts)
            before: list[float] = []
            for amount in amounts:
                adds_up = amount.total and len(before) > 1 and PRINTED.same(sum(before), amount.value)
                yield FoundAmount(replace(amount, source=None) if adds_up else amount, passage, about, adds_up)
                before = [] if amount.total else [*before, amount.value]


def is_of_the_year(found: FoundAmount, report: ProseForm) -> bool:
    """An amount of the year's own money."""
    amount = found.amount
    if amount.measure is None or amount.rank is Rank.OTHER:
        return False
    if is_of_another_year(found, report):
        return False
    return found.tier < ELSEWHERE or (found.about_budget and amount.rank is not Rank.MONEY)


def is_of_another_year(found: FoundAmount, report: ProseForm) -> bool:
    """Its sentence speaks of another year, or of several."""
    year, stated = found.amount.year, report.form.year
    return year is not None and (year == 0 or (stated is not None and year != stated.value))
