"""A Word report without a usable table: its figures are read from the sentences.

What the sentences say in two ways, or say of something that has no place in the form, becomes a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.model import INPUT_MEASURES, FundingSource, Measure, Value
from workbook_tools.core.tolerances import PRINTED
from workbook_tools.legacy.prose.headings import HeadedPassage, Headings, Title
from workbook_tools.legacy.prose.sentences import Cues, Rank, SentenceAmount, compact, sentences
from workbook_tools.legacy.words.records import Concern, FundingLine, HandmadeForm, Remark, Stated, Where
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.word.reading import Document, Paragraph

BODY = "正文"
"""What a place in the sentences gives as its sheet."""
_GOALS = ("goal_annual", "goal_period", "plan")
"""Sections that say what was meant to be: their amounts are no facts."""
_ELSEWHERE = 2
"""The tier of sections that are not about money."""
_YEAR = re.compile(r"(20\d\d)(?=年)")
_YEAR_SPAN = re.compile(r"20\d\d年?[-—–~至到]+20\d\d年?")
_QUOTED = re.compile(r"《[^》]*》|〔[^〕]*〕|【[^】]*】")
_POINTS = r"[为是达到了约:\"“”]*(\d+(?:\.\d+)?)分?(?![\d.%])"
_VALUE = r"(?:为|是|:|系)([^,。;:、()]{2,40})"


@dataclass(frozen=True, slots=True)
class _FoundAmount:
    """An amount with its passage."""

    amount: SentenceAmount
    passage: HeadedPassage
    about_budget: bool
    """Its sentence names a budget."""

    @property
    def tier(self) -> int:
        """How much the section is about money: 0 the most."""
        section = self.passage.section
        if section is None or section.startswith("funding") or section == "analysis_execution":
            return 0
        return 1 if section in ("overview", "basis", "organization") else _ELSEWHERE

    @property
    def order(self) -> tuple[bool, int, bool]:
        """The smaller, the surer."""
        return self.amount.rank is Rank.MONEY, self.tier, not self.amount.total


def read_prose(document: Document, vocabulary: Vocabulary, file: str = "") -> HandmadeForm | None:
    """What the sentences and headings of a report state, or ``None`` where it is no self-evaluation report."""
    return _ProseReader(document, vocabulary, file).form()


def complete(form: HandmadeForm, prose: HandmadeForm) -> None:
    """Fill what a report's tables leave out with what its sentences say. Money only where there is no funding table."""
    for name, stated in prose.head.items():
        form.head.setdefault(name, stated)
    for name, stated in prose.texts.items():
        form.texts.setdefault(name, stated)
    form.year = form.year or prose.year
    form.total = form.total or prose.total
    form.grade = form.grade or prose.grade
    form.title = form.title or prose.title
    about_money = not form.funding and bool(prose.funding)
    if about_money:
        form.funding, form.funding_from, form.amount_unit = prose.funding, "prose", prose.amount_unit
    form.remarks += [r for r in prose.remarks if about_money or not r.field.startswith(_MONEY)]


_MONEY = "资金"
"""How the field of a remark about money begins."""


@lru_cache(maxsize=4)
def _tools(vocabulary: Vocabulary) -> tuple[Headings, Cues]:
    return Headings(vocabulary), Cues(vocabulary)


class _ProseReader:
    def __init__(self, document: Document, vocabulary: Vocabulary, file: str) -> None:
        self._document, self._vocabulary = document, vocabulary
        self._headings, self._cues = _tools(vocabulary)
        self._passages = [*self._headings.passages(document)]
        self._title = self._headings.title(document)
        self._form = HandmadeForm(file=file, sheet=BODY)
        self._used: set[int] = set()

    def form(self) -> HandmadeForm | None:
        self._head()
        self._texts()
        self._year()
        self._score()
        self._money()
        form = self._form
        known = {p.section for p in self._passages if p.section}
        if not (form.funding or form.total) or not (self._title or len(known) > 1 or "project" in form.head):
            return None
        self._used |= {p.paragraph.number for p in self._passages if p.section}
        form.cells_understood, form.cells_filled = len(self._used), len(self._document.paragraphs)
        return form

    # -- who and when -------------------------------------------------------------------------------------------
    def _head(self) -> None:
        head, title = self._form.head, self._title
        for passage in self._passages:
            text = compact(passage.paragraph.text)
            for name in ("project", "unit", "department"):
                value = self._labelled(name, text)
                if value and name not in head:
                    head[name] = self._stated(value, value, passage.paragraph)
        if title:
            self._form.title = title.text
            self._used |= {p.number for p in title.paragraphs}
            self._from_title(title)
        if "project" not in head:
            self._project_from_result()
        unit, date = self._headings.signature(self._document)
        if unit and "unit" not in head:
            name = compact(unit.text).removesuffix("(盖章)")
            head["unit"] = self._stated(name, name, unit)
        if date:
            head["date"] = self._stated(compact(date.text), date.text, date)

    def _from_title(self, title: Title) -> None:
        place = title.paragraphs[-1]
        if title.unit:
            self._form.head.setdefault("unit", self._stated(title.unit, title.unit, place))
        if title.project:
            self._form.head.setdefault("project", self._stated(title.project, title.project, place))
        if title.year:
            self._form.year = self._stated(float(title.year), str(title.year), place)

    def _labelled(self, name: str, text: str) -> str:
        """``项目主管部门：县水务局``: the value behind a label of the head, or a sentence that says so."""
        words = {compact(w) for w in self._vocabulary.tables["head"][name] if not w.startswith("=")}
        words |= {w.replace("部门", "机关") for w in words if w.endswith("部门")}
        labels = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        match = re.search(rf"(?:^|[,。;、.)(]|项目|实施)(?:{labels})(?:\(盖章\))?{_VALUE}", text)
        if not match:
            return ""
        return match[1] if name == "project" else self._headings.organisation_in(match[1])

    def _project_from_result(self) -> None:
        """``…：某某项目绩效自评价结果为：总得分…``."""
        kinds = "|".join(self._vocabulary.tables["prose_titles"]["kinds"])
        for passage in self._passages:
            match = re.search(rf"[:,。]([^:,。;]{{2,60}}?)项目(?:支出)?(?:{kinds})", compact(passage.text))
            if match:
                self._form.head["project"] = self._stated(match[1], match[1], passage.paragraph)
                return

    def _year(self) -> None:
        """The title's year; else the only one that the plan speaks of."""
        if self._form.year is not None:
            return
        years: dict[int, Paragraph] = {}
        for passage in self._passages:
            if passage.section in ("plan", "goal_annual"):
                text = _QUOTED.sub("", compact(passage.text))
                for year in _YEAR.findall(_YEAR_SPAN.sub("", text)):
                    years.setdefault(int(year), passage.paragraph)
        if len(years) == 1:
            [(year, paragraph)] = years.items()
            self._form.year = self._stated(float(year), str(year), paragraph)

    # -- texts --------------------------------------------------------------------------------------------------
    def _texts(self) -> None:
        parts: dict[str, list[HeadedPassage]] = {}
        end = {p.number for p in self._headings.signature(self._document) if p}
        for passage in self._passages:
            if passage.section and passage.text and passage.paragraph.number not in end:
                parts.setdefault(passage.section, []).append(passage)
        if "goal_actual" not in parts and "completion_intro" in parts:
            parts["goal_actual"] = parts.pop("completion_intro")
        for section, passages in parts.items():
            text = "\n".join(p.text for p in passages)
            self._form.texts[section] = self._stated(text, text, passages[0].paragraph)

    # -- score and grade ----------------------------------------------------------------------------------------
    def _score(self) -> None:
        scores: list[tuple[int, float, str, Paragraph]] = []
        grades: list[tuple[str, Paragraph]] = []
        for passage in self._passages:
            for sentence in sentences(compact(passage.text)):
                if self._of_another_year(sentence):
                    continue
                scores += [(order, value, text, passage.paragraph) for order, value, text in self._scores(sentence)]
                grades += [(grade, passage.paragraph) for grade in self._grades(sentence)]
        if scores:
            best = min(order for order, *_ in scores)
            first = next(s for s in scores if s[0] == best)
            self._form.total = self._stated(first[1], first[2], first[3])
            self._used.add(first[3].number)
            others = [s for s in scores if s[0] == best and s[1] != first[1]]
            self._doubt("总分", first[3], first[2], [(text, place) for _, _, text, place in others])
        if grades:
            grade, paragraph = grades[0]
            self._form.grade = self._stated(grade, grade, paragraph)
            self._doubt("评价等级", paragraph, grade, [(g, p) for g, p in grades if g != grade])

    def _words(self, name: str) -> list[str]:
        return sorted(self._vocabulary.tables["prose_scores"][name], key=len, reverse=True)

    def _of_another_year(self, sentence: str) -> bool:
        return any(word in sentence for word in self._words("other_years"))

    def _scores(self, sentence: str) -> Iterable[tuple[int, float, str]]:
        """Total scores in a sentence: how sure the word is (a longer one is surer), the number, the words."""
        words = self._words("total")
        parts, full = self._words("parts"), self._words("full_marks")
        for match in re.finditer(rf"({'|'.join(words)}){_POINTS}", sentence):
            lead = re.split(r"[,;。]", sentence[: match.start()])[-1]
            if "分" not in match[0][len(match[1]) :] and ":" not in match[0]:
                continue
            if any(part in lead[-10:] for part in parts) or any(word in lead + match[0] for word in full):
                continue
            value = float(match[2])
            if len(match[1]) == 1 and not any(word in sentence for word in ("自评", "总", "综合", "最终")):
                continue
            yield (0 if len(match[1]) > 2 else 1 if match[1] != "总分" else 2), value, match[0]

    def _grades(self, sentence: str) -> Iterable[str]:
        """Grades behind 等级, 属于, 评定为 …, or before 等级, 等次."""
        names = "|".join(sorted(self._vocabulary.tables["marks"]["grades"], key=len, reverse=True))
        cues = "|".join(self._words("grade_cues"))
        quote = r"[\"“”'‘’「」《》]*"
        before = rf"(?:{cues})(?:为|是|:|属于|评定)*{quote}({names}){quote}(?=$|[,。;、)级等档])"
        behind = rf"{quote}({names}){quote}(?:等级|等次|档次|级别|档|等)(?=$|[,。;、)])"
        found = re.search(before, sentence) or re.search(behind, sentence)
        return [found[1]] if found else []

    # -- money --------------------------------------------------------------------------------------------------
    def _money(self) -> None:
        found: list[_FoundAmount] = []
        for passage in self._passages:
            if passage.section not in _GOALS:
                for sentence in sentences(compact(passage.text)):
                    amounts = [*self._cues.amounts(sentence)]
                    about = any(a.rank is Rank.NAME and a.measure for a in amounts)
                    found += [_FoundAmount(amount, passage, about) for amount in amounts]
        ours = [f for f in found if self._counts(f)]
        stated: dict[FundingSource, dict[Measure, Stated]] = {}
        taken: set[float] = set()
        for measure in INPUT_MEASURES:
            of_measure = [f for f in ours if f.amount.measure is measure]
            parts = self._by_source(of_measure)
            best = self._best(measure, [f for f in of_measure if f not in parts.values() and not f.amount.part])
            for source, one in [*([(FundingSource.TOTAL, best)] if best else []), *parts.items()]:
                stated.setdefault(source, {})[measure] = self._money_of(one)
                taken.add(one.amount.value)
        rate = self._rate()
        if rate:
            stated.setdefault(FundingSource.TOTAL, {})
        self._form.funding = [
            FundingLine(
                label=source.label,
                source=source,
                amounts=stated[source],
                rate=rate if source is FundingSource.TOTAL else None,
            )
            for source in FundingSource
            if source in stated
        ]
        if stated:
            self._form.funding_from = "prose"
            units = {f.amount.printed.lstrip("0123456789.,") for f in ours}
            self._form.amount_unit = "元" if units == {"元"} else "万元"
        self._unused(found, taken)

    def _counts(self, found: _FoundAmount) -> bool:
        """An amount of the year's own money."""
        amount, year = found.amount, self._form.year
        if amount.measure is None or amount.rank is Rank.OTHER:
            return False
        if amount.year is not None and (amount.year == 0 or (year is not None and amount.year != year.value)):
            return False
        return found.tier < _ELSEWHERE or (found.about_budget and amount.rank is not Rank.MONEY)

    def _by_source(self, found: Sequence[_FoundAmount]) -> dict[FundingSource, _FoundAmount]:
        """Amounts that are said to be one source's: parts of a sum, or one beside others in a list."""
        parts: dict[FundingSource, _FoundAmount] = {}
        by_paragraph: dict[int, set[FundingSource]] = {}
        for one in found:
            if one.amount.source:
                by_paragraph.setdefault(one.passage.paragraph.number, set()).add(one.amount.source)
        for one in found:
            source = one.amount.source
            if source and (one.amount.part or len(by_paragraph[one.passage.paragraph.number]) > 1):
                parts.setdefault(source, one)
        return parts

    def _best(self, measure: Measure, found: Sequence[_FoundAmount]) -> _FoundAmount | None:
        """The surest amount; other readings become a remark."""
        if not found:
            return None
        best = min(found, key=lambda f: f.order)
        level = [f for f in found if f.order == best.order]
        others = [
            f
            for f in found
            if f.amount.value != best.amount.value and f.amount.rank is not Rank.MONEY and f.tier < _ELSEWHERE
        ]
        others += [f for f in level if f.amount.value != best.amount.value and f not in others]
        if best.amount.total and PRINTED.same(sum({f.amount.value for f in others}), best.amount.value):
            others = []
        self._used.add(best.passage.paragraph.number)
        place = best.passage.paragraph
        readings = [(f.amount.clause, f.passage.paragraph) for f in others]
        self._doubt(f"{_MONEY}－{measure.label}", place, best.amount.printed, readings)
        if best.amount.doubtful:
            self._remark(
                Concern.AMBIGUOUS, place, f"{_MONEY}－{measure.label}", best.amount.clause, "拨付给用款单位，即支出",
                "财政拨付到本单位，即到位",
            )  # fmt: skip
        return best

    def _rate(self) -> Stated | None:
        rates = [
            (rate, printed, p.paragraph)
            for p in self._passages
            if p.section not in _GOALS
            for sentence in sentences(compact(p.text))
            for rate, printed in self._cues.rates(sentence)
        ]
        if not rates:
            return None
        rate, printed, paragraph = rates[0]
        self._doubt(f"{_MONEY}－执行率", paragraph, printed, [(text, p) for r, text, p in rates if r != rate])
        return self._stated(rate, printed, paragraph)

    def _unused(self, found: Sequence[_FoundAmount], taken: set[float]) -> None:
        """List the amounts that were left out, but for what a sum was spent on; the sentence is kept with its section."""
        told = {remark.other for remark in self._form.remarks}
        for one in found:
            amount = one.amount
            meant = amount.measure or amount.rank is Rank.OTHER
            breakdown = amount.part and amount.source is None
            doubted = any(amount.clause in other for other in told)
            if meant and not breakdown and not doubted and one.tier < _ELSEWHERE and amount.value not in taken:
                taken.add(amount.value)
                self._remark(Concern.UNKNOWN, one.passage.paragraph, f"{_MONEY}金额", amount.clause)

    def _money_of(self, found: _FoundAmount) -> Stated:
        return self._stated(found.amount.value, found.amount.printed, found.passage.paragraph)

    # -- places -------------------------------------------------------------------------------------------------
    def _stated(self, value: Value, printed: str, paragraph: Paragraph) -> Stated:
        self._used.add(paragraph.number)
        return Stated(value, printed, _where(paragraph))

    def _doubt(self, field: str, paragraph: Paragraph, taken: str, others: Sequence[tuple[str, Paragraph]]) -> None:
        if others:
            other = "；".join(dict.fromkeys(f"第{p.number}段“{text}”" for text, p in others))
            self._remark(Concern.AMBIGUOUS, paragraph, field, taken, f"第{paragraph.number}段“{taken}”", other)

    def _remark(
        self, concern: Concern, paragraph: Paragraph, field: str, printed: str, taken: str = "", other: str = ""
    ) -> None:
        self._form.remarks.append(
            Remark(concern=concern, where=_where(paragraph), field=field, printed=printed, taken=taken, other=other)
        )


def _where(paragraph: Paragraph) -> Where:
    return Where(BODY, f"第{paragraph.number}段")
