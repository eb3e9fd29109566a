"""Figures in Chinese sentences: what an amount of money is, by the words around it.

``全年预算数为120万元，实际支出118.5万元`` → annual_budget 120, executed 118.5. An amount belongs to the strongest cue
before it in its clause, or else right behind it. Money of other years, contracts, applications, unit prices
and the parts of a sum are told apart from the project's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from functools import cached_property, lru_cache

from workbook_tools.core.model import INPUT_MEASURES, FundingSource, Measure
from workbook_tools.core.values import MONEY_UNITS
from workbook_tools.legacy.prose.text import any_of
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.legacy.words.years import YEAR, YEAR_SPAN


class Rank(IntEnum):
    """How surely a cue says what an amount is."""

    MONEY = 1
    NAME = 2
    DEED = 3
    OTHER = 4
    """It says that the amount is something else."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word and what it says of the amount behind it."""

    word: str
    rank: Rank
    measure: Measure | None
    source: FundingSource | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class SentenceAmount:
    """An amount in a sentence."""

    value: float
    """万元."""
    printed: str
    unit: str
    clause: str
    """The words before it and the amount, for people."""
    measure: Measure | None
    rank: Rank
    source: FundingSource | None = None
    total: bool = False
    """It is said to be a sum (共计)."""
    part: bool = False
    """It is part of the amount before it (其中)."""
    year: int | None = None
    """The year that the sentence speaks of; 0: another year or several years."""
    doubtful: bool = False
    purpose: str = ""
    """What it was spent on (培训 of 培训支出14.3万元); blank where the clause speaks of the money as such."""
    rest: bool = False
    """It is what remained of the amounts before it, and was spent too (其余85.7万元已付清)."""
    left: bool = False
    """It is what is left of the year's money."""
    share_of_year: bool = False
    """It is the year's share of money for several (总预算300万元，其中2024年100万元)."""
    change: int = 0
    """1: it was added to the budget in the year, -1: it was taken away."""


# 1,234,500元, 118.5万元, 1.2亿元; 亿 and 万 alone are money only at the end of a clause (20万，: 30万人 are people).
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_AMOUNT = rf"(?<![\d.A-Za-z])(?P<figure>{_FIGURE})(?P<unit>百万元|千元|亿元|万元|元|[亿万](?=$|[,。;、)]))"
# 三年共, 5年规划: several years that are not named.
_YEARS_TOGETHER = r"[两二三四五六七八九十\d]+年(?=共|总|累计|内|规划|计划|建设)"
# A comma that parts clauses, not the thousands of a figure.
_COMMA = r",(?!\d{3}(?!\d))|(?<!\d),"
# What follows 其余…万元 goes on to the next amount.
_NEXT_AMOUNT = re.compile(_AMOUNT.replace("?P<figure>", "?:").replace("?P<unit>", "?:"))
# 、监理费 between two amounts of a list.
_NEXT_OF_LIST = re.compile("[、和及][一-鿿]+$")
# Behind the amount its clause goes on up to a sign, or to the next figure.
_CLAUSE_END = re.compile(r"[,。;、\d]")
# Characters of a cue that says nothing of the time (预算, 安排): one that does (年初批复) outranks it.
_LONGEST_GENERAL_CUE = 2
# Dates in a clause say nothing of a purpose: 截至2024年12月31日, 12月底.
_DATES = re.compile(r"\d{1,4}年?(?:\d{1,2}月)?(?:\d{1,2}日)?")
_WORDS_ALONE = re.compile(r"[^一-鿿]+")
# A purpose has two characters at least: 培训支出, 支付工程款.
_SHORTEST_PURPOSE = 2
# Words of one character that are cues all the same: 需120万元, 拟投入80万元. Any other stands in too many words.
_SINGLE_CHARACTERS = ("需", "拟")
# Labels of columns that are no cues in a sentence: 预算执行情况, 预算申请 are headings.
_NO_CUES = ("情况", "申请")


class AmountFinder:
    """Finds amounts by the cues of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.all_of_it = re.compile(rf"[^,。;、\d]{{0,6}}?(?:{self._any_of('all_of_it')})")
        """Behind an amount: what follows happened to all of it (已全部支出)."""
        self.limit = re.compile(self._any_of("limits"))
        """Right behind an amount: it is a limit or a price (5000元以内, 元/亩)."""
        self.only_linked = re.compile(rf"(?:{self._any_of('linking')}|:)*")
        """Nothing stands before an amount but 为, 是, 达 …"""
        self.this_year = re.compile(self._any_of("this_year"))
        self._general = re.compile(self._any_of("general"))
        self._organisation = re.compile(f"(?:{any_of(vocabulary.words('prose_titles', 'organisations'))})$")
        self._spent_behind, self._left_behind = (re.compile(self._any_of(n)) for n in ("spent_behind", "left_behind"))
        self._spent_all = re.compile(self._any_of("spent_all"))
        self._kept = {
            word: name for name in ("left", "added", "reduced") for word in self._entries("prose_amounts", name)
        }

    def _entries(self, table: str, name: str) -> list[str]:
        """Entries as they stand in running text; those that only count as a whole label are none."""
        words = self._vocabulary.tables.get(table, {}).get(name, [])
        return [unicodedata.normalize("NFKC", word) for word in words if not word.startswith("=")]

    def _any_of(self, name: str) -> str:
        return any_of(self._entries("prose_amounts", name))

    @cached_property
    def cues(self) -> dict[str, Cue]:
        """Every cue by its word. What is found first counts: money of something else, then the project's own."""
        cues: dict[str, Cue] = {}

        def add(words: list[str], rank: Rank, measure: Measure | None, **more: object) -> None:
            for word in words:
                cues.setdefault(word, Cue(word, rank, measure, **more))  # type: ignore[arg-type]

        add(self._entries("prose_amounts", "other_money"), Rank.OTHER, None)
        for table in ("prose_amounts", "measures"):
            for measure in INPUT_MEASURES:
                rank = Rank.DEED if measure in (Measure.RECEIVED, Measure.EXECUTED) else Rank.NAME
                words = [w for w in self._entries(table, measure.value) if not w.endswith(_NO_CUES)]
                add(words, rank, measure)
        add(self._entries("measures", "balance"), Rank.OTHER, None)
        add(self._entries("prose_amounts", "doubtful"), Rank.DEED, Measure.EXECUTED, doubtful=True)
        for source in FundingSource:
            if source is FundingSource.TOTAL:
                add(self._entries("sources", source.value), Rank.NAME, Measure.ANNUAL_BUDGET)
            else:
                add(self._entries("sources", source.value), Rank.MONEY, Measure.ANNUAL_BUDGET, source=source)
        add(self._entries("prose_amounts", "funds"), Rank.MONEY, Measure.ANNUAL_BUDGET)
        return cues

    @cached_property
    def _signs(self) -> re.Pattern[str]:
        """Every sign that matters, the longest first; a name of a rate or a heading (预算执行情况) is no cue, nor 公共 a sum."""
        words = [word for word in self.cues if len(word) > 1 or word in _SINGLE_CHARACTERS]
        return re.compile(
            f"(?P<amount>{_AMOUNT})|(?P<span>{YEAR_SPAN}|{_YEARS_TOGETHER})|(?P<year>{YEAR})"
            f"|(?P<comma>{_COMMA})|(?P<stop>[;)])|(?P<part>{self._any_of('parts')})"
            f"|(?P<rest>{self._any_of('rest')})"
            f"|(?P<pair>{self._any_of('respectively')})|(?P<compare>{self._any_of('compared')})"
            f"|(?P<cue>(?:{any_of(words)})(?!{self._any_of('no_cue_before')}))"
            f"|(?P<other>{self._any_of('other_years')})|(?P<sum>(?<!公)(?:{self._any_of('sums')}))"
        )

    def find(self, sentence: str) -> Iterator[SentenceAmount]:
        """The amounts of a compact sentence; one that is said to be two things (…已全部支出) comes twice."""
        walk = _SentenceWalk(self, sentence)
        for match in self._signs.finditer(sentence):
            if match["amount"]:
                yield from walk.meet_amount(match)
            else:
                walk.meet_sign(match.lastgroup or "", match)

    def find_purpose(self, before: str, behind: str) -> str:
        """What was paid for, by the words before the cue of an amount and between the two; blank where nothing says it."""
        for text in (before, behind):
            words = _WORDS_ALONE.sub("", self._general.sub(" ", _DATES.sub(" ", text)))
            if len(words) >= _SHORTEST_PURPOSE and not self._organisation.search(words):
                return words
        return ""

    def is_rest_spent(self, behind: str) -> bool:
        """What follows 其余…万元 says that it was spent too."""
        return bool(self._spent_behind.search(behind)) and not self._left_behind.search(behind)

    def says_all_spent(self, sentence: str) -> bool:
        """The sentence says that all of the money was spent."""
        return bool(self._spent_all.search(sentence))

    def kind_of_change(self, word: str) -> str:
        """``left``, ``added`` or ``reduced``, where the word of an amount says so."""
        return self._kept.get(word, "")

    def find_cues(self, text: str) -> list[Cue]:
        """The cues in a piece of text."""
        return [self.cues[match["cue"]] for match in self._signs.finditer(text) if match["cue"]]

    @cached_property
    def _rate(self) -> re.Pattern[str]:
        """预算执行率为98.75%, 支出进度达到100%."""
        return re.compile(rf"(?:{self._any_of('rates')})(?:{self._any_of('linking')}|:)*(\d+(?:\.\d+)?)%")

    def find_rates(self, sentence: str) -> Iterator[tuple[float, str]]:
        """Execution rates as fractions, and as printed."""
        for match in self._rate.finditer(sentence):
            yield float(Decimal(match[1]) / 100), match[1] + "%"


class _SentenceWalk:
    """The way through a sentence, from sign to sign: what holds where an amount stands."""

    def __init__(self, finder: AmountFinder, sentence: str) -> None:
        self._finder, self._sentence = finder, sentence
        self._clause: list[Cue] = []
        self._clause_before: list[Cue] = []
        self._pairs: list[Cue] = []
        """After 分别: what the next amounts are, in order."""
        self._whole: Cue | None = None
        """What the last amount was that is no part."""
        self._part = self._sum = self._rest = False
        self._year: int | None = None
        self._begin = self._behind_amount = self._dated = self._parted = 0
        """Where the clause begins; where the words since its last amount begin; where the year and 其中 stand."""
        self._listed: Cue | None = None
        """What the last amount with a purpose was: the next ones of its list are too (支付工程款60万元、监理费5万元)."""
        self._spans: dict[str, tuple[int, int]] = {}
        """Where the last cue of each word stands."""

    def meet_sign(self, kind: str, match: re.Match[str]) -> None:
        """What a cue, a comma, a year … changes."""
        match kind:
            case "cue":
                self._clause.append(self._finder.cues[match[0]])
                self._spans[match[0]] = match.span()
                if self._year == 0 and self._finder.this_year.match(match[0]):
                    self._year = None
            case "comma":
                self._begin = self._behind_amount = match.end()
                self._close_clause()
            case "stop":
                self._begin = match.end()
                self._part &= match[0] == ";"
                self._clause = []
            case "compare":
                self._clause = []
            case "part":
                self._part, self._sum, self._clause, self._parted = True, False, [], match.start()
            case "rest":
                self._rest, self._part, self._clause = True, False, []
            case "pair":
                self._pairs = [cue for cue in self._clause if cue.rank in (Rank.NAME, Rank.DEED)]
            case "sum":
                self._sum = True
                self._behind_amount = match.end()
            case _:
                self._year = int(match[0]) if kind == "year" else 0
                self._dated = match.start()

    def _close_clause(self) -> None:
        self._clause_before, self._clause = self._clause or self._clause_before, []

    def meet_amount(self, match: re.Match[str]) -> Iterator[SentenceAmount]:
        """The amount at this place, for each thing that it is said to be."""
        behind = _CLAUSE_END.split(self._sentence[match.end() :], maxsplit=1)[0]
        if self._rest:
            yield self._record_rest(match)
            self._rest, self._clause, self._behind_amount = False, [], match.end()
            return
        limit = self._finder.limit.match(behind)
        cues = [Cue(behind, Rank.OTHER, None)] if limit else self._cues_of_amount(match.start(), behind)
        first = cues[0] if cues else None
        purpose = self._find_purpose(first, match.start())
        if first is None and self._listed and _NEXT_OF_LIST.match(self._sentence[self._behind_amount : match.start()]):
            cues, purpose = [self._listed], self._sentence[self._behind_amount + 1 : match.start()]
            first = self._listed
        self._listed = first if purpose else None
        if first and first.source is None and first.rank in (Rank.NAME, Rank.DEED) and not purpose:
            self._part = False
        if self._part and self._whole and self._year and self._dated > self._parted:
            yield replace(self._record(match, replace(self._whole, source=None)), part=False, share_of_year=True)
            self._close_clause()
            self._sum, self._behind_amount = False, match.end()
            return
        if self._part and self._whole:
            kind = self._whole.measure
            cues = [replace(cue, measure=kind) if cue.rank is Rank.MONEY else cue for cue in cues]
        for cue in cues or (None,):
            yield self._record(match, cue, purpose if cue is first else "")
        if first and not self._part:
            self._whole = first
        self._close_clause()
        self._sum, self._behind_amount = False, match.end()

    def _cues_of_amount(self, start: int, behind: str) -> list[Cue]:
        """The cue before the amount, or else behind it; and what happened to all of it (全部到位)."""
        cue = self._pairs.pop(0) if self._pairs else _strongest(self._clause)
        if cue is None and self._finder.only_linked.fullmatch(self._sentence[self._behind_amount : start]):
            cue = _strongest(self._clause_before)
            if cue and self._sum:
                cue = replace(cue, source=None)
        following = self._finder.find_cues(behind)
        if cue is None:
            cue = _strongest([f for f in following if f.rank < Rank.DEED]) or _strongest(following[:1])
        deed = next((f for f in following if f.rank is Rank.DEED), None)
        whole = deed and self._finder.all_of_it.match(behind) and (cue is None or cue.rank < Rank.DEED)
        return [one for one in (cue, deed if whole else None) if one]

    def _find_purpose(self, cue: Cue | None, start: int) -> str:
        """What the amount was spent on, if its cue is a word of spending."""
        if cue is None or cue.measure is not Measure.EXECUTED or cue.word not in self._spans:
            return ""
        begin, end = self._spans[cue.word]
        first = max(self._begin, self._behind_amount)
        if not first <= begin < end <= start:
            return ""
        return self._finder.find_purpose(self._sentence[first:begin], self._sentence[end:start])

    def _record_rest(self, match: re.Match[str]) -> SentenceAmount:
        """其余…万元: spent too, or left."""
        behind = _NEXT_AMOUNT.split(self._sentence[match.end() :], maxsplit=1)[0]
        if self._finder.is_rest_spent(behind):
            return replace(self._record(match, Cue("", Rank.DEED, Measure.EXECUTED)), rest=True)
        return replace(self._record(match, Cue("", Rank.OTHER, None)), left=True)

    def _record(self, match: re.Match[str], cue: Cue | None, purpose: str = "") -> SentenceAmount:
        number = Decimal(match["figure"].replace(",", ""))
        change = self._finder.kind_of_change(cue.word) if cue else ""
        return SentenceAmount(
            value=float(number * Decimal(str(MONEY_UNITS[match["unit"]]))),
            printed=match["amount"],
            unit=match["unit"],
            clause=self._sentence[self._begin if self._year is None else self._dated : match.end()],
            measure=cue.measure if cue else None,
            rank=cue.rank if cue else Rank.MONEY,
            source=cue.source if cue else None,
            total=self._sum,
            part=self._part,
            year=self._year,
            doubtful=bool(cue and cue.doubtful),
            purpose=purpose,
            left=change == "left",
            change={"added": 1, "reduced": -1}.get(change, 0),
        )


def _strongest(cues: list[Cue]) -> Cue | None:
    """The last of the highest rank (年初批复 tells more than 预算); whose money it is, is kept from the others."""
    if not cues:
        return None
    rank = max(cue.rank for cue in cues)
    level = [cue for cue in cues if cue.rank is rank]
    best = level[-1]
    if len(best.word) <= _LONGEST_GENERAL_CUE:
        best = next((cue for cue in level if cue.measure is Measure.INITIAL_BUDGET), best)
    source = next((cue.source for cue in reversed(cues) if cue.source), None)
    return replace(best, source=best.source or source)


@lru_cache(maxsize=4)
def amount_finder(vocabulary: Vocabulary) -> AmountFinder:
    """The finder of a vocabulary; all files of a folder have the same."""
    return AmountFinder(vocabulary)
