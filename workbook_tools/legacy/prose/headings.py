"""A report's paragraphs by section, and what its title and signature say.

A heading is found by its words, whatever its number, style or place: a paragraph of its own
(``（二）项目绩效目标``) or the beginning of one (``（二）项目绩效目标。编制…``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbook_tools.legacy.prose.sentences import compact
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.word.reading import Document, Paragraph

_NUMBERS = (
    re.compile(r"第?[一二三四五六七八九十]{1,3}[、.章部]分?"),
    re.compile(r"\([一二三四五六七八九十]{1,3}\)[.、]?"),
    re.compile(r"\d{1,2}[.、](?!\d)"),
    re.compile(r"\(\d{1,2}\)[.、]?"),
)
"""How headings are numbered, the highest rank first."""
_LEAD = re.compile(r"[^。:,;\n]{1,30}")
_COVERAGE, _COVERAGE_PLAIN = 0.35, 0.6
"""The share of a heading that known words must make up: with a number or style of a heading, and without."""
_YEAR = re.compile(r"(20\d\d)年度?")
_YEAR_LINE = re.compile(r"\(?(20\d\d)年度?\)?")
_CHINESE_YEAR = re.compile("二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_DATE = re.compile(r"20\d\d年\d{1,2}月(?:\d{1,2}日)?")
_BEFORE_SECTIONS = 8
"""Paragraphs among which the title is looked for."""


@dataclass(frozen=True, slots=True)
class HeadedPassage:
    """A paragraph, or what follows the heading at its beginning."""

    paragraph: Paragraph
    section: str | None
    """Key of the section it stands in; ``None`` before the first and in sections that are not known."""
    text: str
    """Without the heading; blank for a heading alone."""


@dataclass(frozen=True, slots=True)
class Title:
    """What the title says."""

    paragraphs: tuple[Paragraph, ...]
    text: str
    """Without blanks."""
    project: str
    unit: str
    year: int | None


class Headings:
    """Finds sections and titles by the words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        tables = vocabulary.tables
        words = {
            compact(word): key
            for table in ("texts", "prose_sections")
            for key, entries in tables[table].items()
            for word in entries
            if not word.startswith("=")
        }
        self._wholes = sorted(tables["marks"]["whole"], key=len, reverse=True)
        """What a whole department's spending is called, where there is no project."""
        self._sections = sorted(words.items(), key=lambda item: -len(item[0]))
        lists = {name: "|".join(sorted(words, key=len, reverse=True)) for name, words in tables["prose_titles"].items()}
        self._organisation = re.compile(rf"[^\d,。:;、的]{{2,30}}?(?:{lists['organisations']})")
        self._title = re.compile(
            rf"(?P<project>.*?)(?:{lists['before']})?(?:整体)?(?:支出)?(?:{lists['kinds']})(?:{lists['between']})*(?:{lists['ends']})"
        )

    def section(self, heading: str, coverage: float) -> str | None:
        """The section that a heading opens: the longest words that it contains, if they are enough of it."""
        return next(
            (k for words, k in self._sections if words in heading and len(words) >= coverage * len(heading)), None
        )

    def passages(self, document: Document) -> Iterator[HeadedPassage]:
        """All paragraphs with the section they stand in."""
        section, rank = None, 0
        for paragraph in document.paragraphs:
            text = compact(paragraph.text)
            number = next(((i, m) for i, p in enumerate(_NUMBERS, 1) if (m := p.match(text))), None)
            rest = text[number[1].end() :] if number else text
            lead = _LEAD.match(rest)
            heading = lead[0] if lead else ""
            marked = bool(number or paragraph.level)
            alone = heading == (rest.rstrip("。:.") if marked else rest)
            own_rank = number[0] if number else (paragraph.level or 9)
            ends = rest[len(heading) : len(heading) + 1]
            opened = self.section(heading, _COVERAGE if marked else _COVERAGE_PLAIN)
            if opened and (alone or ends == ":" or (marked and ends in ("。", "\n"))):
                section, rank = opened, own_rank
                yield HeadedPassage(paragraph, section, _behind(paragraph.text, heading))
                continue
            if alone and marked and own_rank <= rank:
                section, rank = None, own_rank
            yield HeadedPassage(paragraph, section, paragraph.text)

    def title(self, document: Document) -> Title | None:
        """The report's title, which may be broken over several paragraphs."""
        first: list[Paragraph] = []
        for paragraph in document.paragraphs[:_BEFORE_SECTIONS]:
            text = compact(paragraph.text)
            if any(p.match(text) for p in _NUMBERS) or "。" in text:
                break
            first.append(paragraph)
        for count in range(1, len(first) + 1):
            joined = "".join(compact(p.text) for p in first[:count])
            if self._title.match(joined):
                found = self._parsed(tuple(first[:count]))
                lines = (_YEAR_LINE.fullmatch(_in_digits(compact(p.text))) for p in first)
                year = next((int(line[1]) for line in lines if line), None)
                return replace(found, year=found.year or year)
        return None

    def _parsed(self, paragraphs: tuple[Paragraph, ...]) -> Title:
        """The title without the lines above it that it does not need."""
        text = ""
        lines = [_in_digits(compact(paragraph.text)) for paragraph in paragraphs]
        for start in range(len(lines)):
            match = self._title.match("".join(lines[start:]))
            if match is None or (text and not match["project"]):
                break
            text, title = match["project"], "".join(lines[start:])
        year = _YEAR.search(text)
        before, after = (text[: year.start()], text[year.end() :]) if year else ("", text)
        before, after = (_unquoted(part.removeprefix("关于").removesuffix("关于")) for part in (before, after))
        unit = before if self._is_organisation(before) else ""
        if not unit:
            unit = next((line for line in lines[:-1] if self._is_organisation(line)), "")
            after = after.removeprefix(unit) or before.removesuffix("项目")
        whole = next((word for word in self._wholes if word in title), "")
        if whole:
            owner = _YEAR.sub("", title[: title.index(whole)]).removeprefix("关于")
            return Title(paragraphs, title, whole, unit or owner, int(year[1]) if year else None)
        return Title(paragraphs, title, after, unit, int(year[1]) if year else None)

    def _is_organisation(self, text: str) -> bool:
        return bool(text) and bool(self._organisation.fullmatch(text))

    def signature(self, document: Document) -> tuple[Paragraph | None, Paragraph | None]:
        """The last lines of a report: the unit and the date."""
        last = document.paragraphs[-4:]
        date = next((p for p in reversed(last) if _DATE.fullmatch(compact(p.text))), None)
        unit = next((p for p in reversed(last) if self._is_organisation(compact(p.text).removesuffix("(盖章)"))), None)
        return unit, date

    def organisation_in(self, text: str) -> str:
        """The organisation at the beginning of a text (the longest that reads like one)."""
        found = ""
        for end in range(3, min(len(text), 31) + 1):
            if self._is_organisation(text[:end]):
                found = text[:end]
        return found


def _behind(text: str, heading: str) -> str:
    """What follows a heading in the text as written: blanks inside the heading may differ."""
    seen = 0
    wanted = len(heading)
    start = compact(text).find(heading)
    for index, char in enumerate(text):
        if char.isspace():
            continue
        seen += 1
        if seen >= start + wanted:
            return text[index + 1 :].lstrip("。．.:： \t\n")
    return ""


def _in_digits(text: str) -> str:
    """Years in Chinese figures (二〇二三年) in digits."""
    return _CHINESE_YEAR.sub(lambda match: match[0].translate(_CHINESE_DIGITS), text)


def _unquoted(text: str) -> str:
    """Without the quotes round the whole of it."""
    pairs = {"《": "》", "“": "”", '"': '"'}
    return text[1:-1] if len(text) > 1 and pairs.get(text[0]) == text[-1] else text
