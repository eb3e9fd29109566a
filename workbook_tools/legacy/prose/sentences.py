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
from functools import cached_property

from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.values import MONEY_UNITS, plain
from workbook_tools.legacy.words.vocabulary import Vocabulary

_AMOUNT = re.compile(
    r"(?<![\d.A-Za-z])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(百万元|千元|亿元|万元|元|亿(?=$|[,。;、)])|万(?=$|[,。;、)]))"
)
_SPAN = re.compile(r"20\d\d年?[-—–~至到]+20\d\d(?=年)|[两二三四五六七八九十\d]+年(?=共|总|累计|内|规划|计划|建设)")
_YEAR = re.compile(r"20\d\d(?=年)")
_THIS_YEAR = re.compile("本年|当年|全年|年度")
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
_WHOLE = re.compile(r"^[^,。;、\d]{0,6}?(?:已|均|全部|足额|全额|按时|及时|按期|全数)")
"""Behind an amount: what follows happened to all of it."""
_ALONE = re.compile(r"[为计是达约即:]*")
_CLAUSE_END = re.compile(r"[,。;、\d]")
_CEILING = re.compile(r"^(?:以内|以下|以上|/|每)")
_PERCENT = re.compile(r"(?:为|达到|达|是|仅|约|:|均)*(\d+(?:\.\d+)?)%")
_GENERAL = 2
"""Characters of a cue that says nothing of the time (预算, 安排)."""
_SENTENCE = re.compile(r"[^。!?！？\n]+")


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


def compact(text: str) -> str:
    """Full-width signs narrowed and blanks removed, line breaks kept."""
    return "\n".join(plain(line.replace("。", "\0")).replace("\0", "。") for line in text.splitlines())


def sentences(text: str) -> list[str]:
    """The sentences of a compact text."""
    return _SENTENCE.findall(text)


class Cues:
    """The cues of a vocabulary, and the amounts that they find."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def _words(self, table: str, name: str) -> list[str]:
        """Entries as they stand in running text; those that only count as a whole label are none."""
        words = self._vocabulary.tables.get(table, {}).get(name, [])
        return [unicodedata.normalize("NFKC", word) for word in words if not word.startswith("=")]

    @cached_property
    def table(self) -> dict[str, Cue]:
        """Every cue by its word."""
        cues: dict[str, Cue] = {}

        def add(words: list[str], rank: Rank, measure: Measure | None, **more: object) -> None:
            for word in words:
                cues.setdefault(word, Cue(word, rank, measure, **more))  # type: ignore[arg-type]

        add(self._words("prose_amounts", "other_money"), Rank.OTHER, None)
        for table in ("prose_amounts", "measures"):
            for measure in (Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET, Measure.RECEIVED, Measure.EXECUTED):
                rank = Rank.DEED if measure in (Measure.RECEIVED, Measure.EXECUTED) else Rank.NAME
                words = [w for w in self._words(table, measure.value) if not w.endswith(("情况", "申请"))]
                add(words, rank, measure)
        add(self._words("measures", "balance"), Rank.OTHER, None)
        add(self._words("prose_amounts", "doubtful"), Rank.DEED, Measure.EXECUTED, doubtful=True)
        for source in FundingSource:
            if source is FundingSource.TOTAL:
                add(self._words("sources", source.value), Rank.NAME, Measure.ANNUAL_BUDGET)
            else:
                add(self._words("sources", source.value), Rank.MONEY, Measure.ANNUAL_BUDGET, source=source)
        add(self._words("prose_amounts", "funds"), Rank.MONEY, Measure.ANNUAL_BUDGET)
        return cues

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Every sign that matters, the longest first; a name of a rate or a heading (预算执行情况) is none."""
        words = sorted((w for w in self.table if len(w) > 1 or w == "需" or w == "拟"), key=len, reverse=True)
        part = self._alternatives("parts")
        years = self._alternatives("other_years")
        sums = self._alternatives("sums")
        return re.compile(
            f"(?P<amount>{_AMOUNT.pattern})|(?P<span>{_SPAN.pattern})|(?P<year>{_YEAR.pattern})"
            f"|(?P<comma>{_COMMA.pattern})|(?P<stop>[;)])|(?P<part>{part})|(?P<pair>分别)|(?P<compare>占|较|相比|比)"
            f"|(?P<cue>(?:{'|'.join(map(re.escape, words))})(?!率|情况|进度|分析|管理|效益|范围|绩效))"
            f"|(?P<other>{years})|(?P<sum>(?<!公)(?:{sums}))"
        )

    def _alternatives(self, name: str) -> str:
        return "|".join(map(re.escape, sorted(self._words("prose_amounts", name), key=len, reverse=True)))

    def amounts(self, sentence: str) -> Iterator[SentenceAmount]:
        """The amounts of a compact sentence; one that is said to be two things (…已全部支出) comes twice."""
        walk = _Walk(self, sentence)
        for match in self.pattern.finditer(sentence):
            if match["amount"]:
                yield from walk.amount(match)
            else:
                walk.sign(match.lastgroup or "", match)

    def of(self, text: str) -> list[Cue]:
        """The cues in a piece of text."""
        return [self.table[match["cue"]] for match in self.pattern.finditer(text) if match["cue"]]

    def rates(self, sentence: str) -> Iterator[tuple[float, str]]:
        """Execution rates as fractions, and as printed."""
        names = "|".join(map(re.escape, sorted({*self._words("prose_amounts", "rates")}, key=len, reverse=True)))
        for match in re.finditer(f"(?:{names}){_PERCENT.pattern}", sentence):
            yield float(Decimal(match[1]) / 100), match[1] + "%"


class _Walk:
    """The way through a sentence, from sign to sign: what holds where an amount stands."""

    def __init__(self, cues: Cues, sentence: str) -> None:
        self._cues, self._sentence = cues, sentence
        self._clause: list[Cue] = []
        self._before: list[Cue] = []
        """Cues of the clause before."""
        self._pairs: list[Cue] = []
        """After 分别: what the next amounts are, in order."""
        self._whole: Cue | None = None
        """What the last amount was that is no part."""
        self._part = self._sum = False
        self._year: int | None = None
        self._begin = self._told = self._dated = 0
        """Where the clause begins; where the words since its last amount begin; where the year stands."""

    def sign(self, kind: str, match: re.Match[str]) -> None:
        """What a cue, a comma, a year … changes."""
        match kind:
            case "cue":
                self._clause.append(self._cues.table[match[0]])
                if self._year == 0 and _THIS_YEAR.match(match[0]):
                    self._year = None
            case "comma":
                self._begin = self._told = match.end()
                self._close()
            case "stop":
                self._begin = match.end()
                self._part &= match[0] == ";"
                self._clause = []
            case "compare":
                self._clause = []
            case "part":
                self._part, self._sum, self._clause = True, False, []
            case "pair":
                self._pairs = [cue for cue in self._clause if cue.rank in (Rank.NAME, Rank.DEED)]
            case "sum":
                self._sum = True
                self._told = match.end()
            case _:
                self._year = int(match[0]) if kind == "year" else 0
                self._dated = match.start()

    def _close(self) -> None:
        self._before, self._clause = self._clause or self._before, []

    def amount(self, match: re.Match[str]) -> Iterator[SentenceAmount]:
        """The amount at this place, for each thing that it is said to be."""
        behind = _CLAUSE_END.split(self._sentence[match.end() :], maxsplit=1)[0]
        cues = [Cue(behind, Rank.OTHER, None)] if _CEILING.match(behind) else self._said(match.start(), behind)
        first = cues[0] if cues else None
        if first and first.source is None and first.rank in (Rank.NAME, Rank.DEED):
            self._part = False
        if self._part and self._whole:
            kind = self._whole.measure
            cues = [replace(cue, measure=kind) if cue.rank is Rank.MONEY else cue for cue in cues]
        for cue in cues or (None,):
            yield self._record(match, cue)
        if first and not self._part:
            self._whole = first
        self._close()
        self._sum, self._told = False, match.end()

    def _said(self, start: int, behind: str) -> list[Cue]:
        """The cue before the amount, or else behind it; and what happened to all of it (全部到位)."""
        cue = self._pairs.pop(0) if self._pairs else _strongest(self._clause)
        if cue is None and _ALONE.fullmatch(self._sentence[self._told : start]):
            cue = _strongest(self._before)
        following = self._cues.of(behind)
        if cue is None:
            cue = _strongest([f for f in following if f.rank < Rank.DEED]) or _strongest(following[:1])
        deed = next((f for f in following if f.rank is Rank.DEED), None)
        whole = deed and _WHOLE.match(behind) and (cue is None or cue.rank < Rank.DEED)
        return [one for one in (cue, deed if whole else None) if one]

    def _record(self, match: re.Match[str], cue: Cue | None) -> SentenceAmount:
        unit = match["amount"].lstrip("0123456789.,")
        number = match["amount"].removesuffix(unit).replace(",", "")
        return SentenceAmount(
            value=float(Decimal(number) * Decimal(str(MONEY_UNITS[unit]))),
            printed=match["amount"],
            clause=self._sentence[self._begin if self._year is None else self._dated : match.end()],
            measure=cue.measure if cue else None,
            rank=cue.rank if cue else Rank.MONEY,
            source=cue.source if cue else None,
            total=self._sum,
            part=self._part,
            year=self._year,
            doubtful=bool(cue and cue.doubtful),
        )


def _strongest(cues: list[Cue]) -> Cue | None:
    """The last of the highest rank (年初批复 tells more than 预算); whose money it is, is kept from the others."""
    if not cues:
        return None
    rank = max(cue.rank for cue in cues)
    level = [cue for cue in cues if cue.rank is rank]
    best = level[-1]
    if len(best.word) <= _GENERAL:
        best = next((cue for cue in level if cue.measure is Measure.INITIAL_BUDGET), best)
    source = next((cue.source for cue in reversed(cues) if cue.source), None)
    return replace(best, source=best.source or source)
