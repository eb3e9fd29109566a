"""A report's paragraphs by section.

A heading is found by its words, whatever its number, style or place: a paragraph of its own
(``（二）项目绩效目标``) or the beginning of one (``（二）项目绩效目标。编制…``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tools.legacy.prose.text import compact
from workbook_tools.legacy.words.vocabulary import Vocabulary

if TYPE_CHECKING:
    from workbook_tools.word.reading import Document, Paragraph

# How headings are numbered in official documents, the highest rank first: 一、 第二部分 附件2.  （一）  1.  （1）
_NUMBERS = (
    re.compile(r"附件\d{0,2}[.、:]?|第?[一二三四五六七八九十]{1,3}[、.章部]分?"),
    re.compile(r"\([一二三四五六七八九十]{1,3}\)[.、]?"),
    re.compile(r"\d{1,2}[.、](?!\d)"),
    re.compile(r"\(\d{1,2}\)[.、]?"),
)
# Of a heading without a number and without a style.
_LOWEST_RANK = 9
_CONTENTS = "目录"
# Behind a heading in the contents: dots and its page (一、项目概况……3).
_PAGE = re.compile(r"[.…·]*\d*$")
# 项目实施内容：… without a number tells what the project is; among the results it is the beginning of a sentence.
_OF_THE_PROJECT, _RESULTS = "process", ("analysis_", "output_", "benefit_", "goal_actual", "completion_")
# What may be a heading at the beginning of a paragraph: up to the first sign, and no longer than a line.
_LEAD = re.compile(r"[^。:,;\n]{1,30}")
# The share of a heading that known words must make up: with a number or a style of a heading
# (（二）2023年度项目绩效目标完成情况), and without (存在的问题及原因), where a sentence may begin with the words.
_SHARE_OF_MARKED, _SHARE_OF_PLAIN = 0.35, 0.6


@dataclass(frozen=True, slots=True)
class HeadedPassage:
    """A paragraph, or what follows the heading at its beginning."""

    paragraph: Paragraph
    section: str | None
    """Key of the section it stands in; ``None`` before the first and in sections that are not known."""
    text: str
    """Without the heading; blank for a heading alone."""
    is_heading: bool = False
    """It is, or begins with, a heading, or stands in the table of contents."""


@dataclass(frozen=True, slots=True)
class _HeadingCandidate:
    """What may be the heading of a paragraph."""

    words: str
    rank: int
    """By its number or style; 1 is the highest."""
    marked: bool
    """It has a number or the style of a heading."""
    alone: bool
    """It is the whole paragraph."""
    sign_behind: str


def is_numbered(text: str) -> bool:
    """A compact text begins with the number of a heading."""
    return any(number.match(text) for number in _NUMBERS)


class SectionFinder:
    """Finds sections by the words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = {
            compact(word): section
            for table in ("texts", "prose_sections")
            for section, entries in vocabulary.tables[table].items()
            for word in entries
            if not word.startswith("=")
        }
        self._sections = sorted(words.items(), key=lambda item: -len(item[0]))
        self._meanings: dict[str, str | None] = {}

    def passages(self, document: Document) -> Iterator[HeadedPassage]:
        """All paragraphs with the section they stand in."""
        section, rank = None, 0
        contents = find_contents(document)
        results = False
        for paragraph in document.paragraphs:
            if paragraph.number in contents:
                yield HeadedPassage(paragraph, None, "", is_heading=True)
                continue
            heading = _read_heading(paragraph)
            opened = self._opened_by(heading)
            if opened == _OF_THE_PROJECT and results and not heading.marked:
                opened = None
            if opened is not None:
                results = results or opened.startswith(_RESULTS)
                section, rank = opened, heading.rank
                text = _text_behind(paragraph.text, heading.words)
                yield HeadedPassage(paragraph, section, text, is_heading=True)
                continue
            alone = heading.alone and heading.marked
            if alone and heading.rank <= rank:
                section, rank = None, heading.rank  # a heading of the same rank that is not known
            yield HeadedPassage(paragraph, section, paragraph.text, is_heading=alone)

    def find_meaning(self, name: str) -> str | None:
        """The section that a name means: the longest words that it contains, if they are enough of it."""
        if name not in self._meanings:
            bare = compact(name)
            least = _SHARE_OF_MARKED * len(bare)
            found = next((key for word, key in self._sections if word in bare and len(word) >= least), None)
            self._meanings[name] = found
        return self._meanings[name]

    def _opened_by(self, heading: _HeadingCandidate) -> str | None:
        """The section that a heading opens: the longest words that it contains, if they are enough of it."""
        ends = heading.alone or heading.sign_behind == ":" or (heading.marked and heading.sign_behind in ("。", "\n"))
        if not ends:
            return None
        least = (_SHARE_OF_MARKED if heading.marked else _SHARE_OF_PLAIN) * len(heading.words)
        return next((key for word, key in self._sections if word in heading.words and len(word) >= least), None)


def find_contents(document: Document) -> set[int]:
    """Numbers of the paragraphs of a table of contents: lines below 目录, or with a tab, that stand again as headings."""
    texts = [compact(paragraph.text) for paragraph in document.paragraphs]
    found: set[int] = set()
    for index, paragraph in enumerate(document.paragraphs):
        below = texts[index - 1] == _CONTENTS or (index > 0 and document.paragraphs[index - 1].number in found)
        if texts[index] == _CONTENTS:
            found.add(paragraph.number)
        elif below or "\t" in paragraph.text:
            line = _PAGE.sub("", compact(paragraph.text.split("\t")[0]))
            if line and line in texts[index + 1 :]:
                found.add(paragraph.number)
    return found


@lru_cache(maxsize=4)
def section_finder(vocabulary: Vocabulary) -> SectionFinder:
    """The finder for a vocabulary."""
    return SectionFinder(vocabulary)


def _read_heading(paragraph: Paragraph) -> _HeadingCandidate:
    text = compact(paragraph.text)
    number = next(((rank, m) for rank, p in enumerate(_NUMBERS, 1) if (m := p.match(text))), None)
    rest = text[number[1].end() :] if number else text
    lead = _LEAD.match(rest)
    words = lead[0] if lead else ""
    marked = bool(number or paragraph.level)
    return _HeadingCandidate(
        words=words,
        rank=number[0] if number else (paragraph.level or _LOWEST_RANK),
        marked=marked,
        alone=words == (rest.rstrip("。:.") if marked else rest),
        sign_behind=rest[len(words) : len(words) + 1],
    )


def _text_behind(text: str, heading: str) -> str:
    """What follows a heading in the text as written: blanks inside the heading may differ."""
    last = compact(text).find(heading) + len(heading)
    seen = 0
    for index, char in enumerate(text):
        if char.isspace():
            continue
        seen += 1
        if seen >= last:
            return text[index + 1 :].lstrip("。．.:： \t\n")
    return ""
