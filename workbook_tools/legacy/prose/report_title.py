"""What a report's title and signature say: whose report it is, about what, and of which year."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from workbook_tools.legacy.prose.sections import find_contents, is_numbered
from workbook_tools.legacy.prose.text import any_of, compact
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.legacy.words.years import in_arabic, year_of_line
from workbook_tools.word.reading import Document, Paragraph

# Paragraphs among which the title is looked for: a cover may have the unit, the title in three lines, and a date.
_COVER = 8
# Paragraphs at the end among which the signature is looked for: unit, date, and two lines of contacts below them.
_SIGNATURE = 4
# 2023年度 in a title: what stands before it is the unit, what stands behind it the project.
_YEAR = re.compile(r"(20\d\d)年度?")
# 2024年3月1日, 2024年3月: a date alone in a line.
_DATE = re.compile(r"20\d\d年\d{1,2}月(?:\d{1,2}日)?")
# 关于…的报告: before the unit or the project.
_ABOUT = "关于"
# Behind a unit's name: its seal goes here.
_SEAL = "(盖章)"
_PROJECT = "项目"
# Characters of an organisation's name.
_ORGANISATION_LENGTH = (3, 31)
_QUOTES = {"《": "》", "“": "”", '"': '"'}


@dataclass(frozen=True, slots=True)
class Title:
    """What the title says."""

    paragraphs: tuple[Paragraph, ...]
    text: str
    """Without blanks."""
    project: str
    unit: str
    year: int | None


class TitleFinder:
    """Finds titles and organisations by the words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = {name: any_of(words) for name, words in vocabulary.tables["prose_titles"].items()}
        self._whole_departments = sorted(vocabulary.words("marks", "whole"), key=len, reverse=True)
        """What a whole department's spending is called, where there is no project."""
        self._organisation = re.compile(rf"[^\d,。:;、的]{{2,30}}?(?:{lists['organisations']})")
        # 某项目 + 支出 + 绩效自评 + 工作 + 报告
        self._title = re.compile(
            rf"(?P<project>.*?)(?:{lists['before']})?(?:整体)?(?:支出)?"
            rf"(?:{lists['kinds']})(?:{lists['between']})*(?:{lists['ends']})"
        )
        # …：某某项目绩效自评价结果为：总得分…
        self._project_before_result = re.compile(rf"[:,。]([^:,。;]{{2,60}}?)项目(?:支出)?(?:{lists['kinds']})")

    def find(self, document: Document) -> Title | None:
        """The report's title, which may be broken over several paragraphs."""
        cover: list[Paragraph] = []
        contents = find_contents(document)
        for paragraph in [p for p in document.paragraphs if p.number not in contents][:_COVER]:
            text = compact(paragraph.text)
            if is_numbered(text) or "。" in text:
                break
            cover.append(paragraph)
        for count in range(1, len(cover) + 1):
            if self._title.match("".join(compact(p.text) for p in cover[:count])):
                found = self._take_apart(tuple(cover[:count]))
                year = next((year for p in cover if (year := year_of_line(compact(p.text)))), None)
                below = (compact(p.text).strip("()") for p in cover[count : count + 1])
                unit = found.unit or next(filter(self.is_organisation, below), "")
                return replace(found, year=found.year or year, unit=unit)
        return None

    def _take_apart(self, paragraphs: tuple[Paragraph, ...]) -> Title:
        """The title without the lines above it that it does not need."""
        text = title = ""
        lines = [in_arabic(compact(paragraph.text)) for paragraph in paragraphs]
        for start in range(len(lines)):
            match = self._title.match("".join(lines[start:]))
            if match is None or (text and not match["project"]):
                break
            text, title = match["project"], "".join(lines[start:])
        match = _YEAR.search(text)
        year = int(match[1]) if match else None
        before, after = (text[: match.start()], text[match.end() :]) if match else ("", text)
        before, after = (_without_quotes(part.removeprefix(_ABOUT).removesuffix(_ABOUT)) for part in (before, after))
        unit = before if self.is_organisation(before) else ""
        if not unit:
            unit = next((line for line in lines[:-1] if self.is_organisation(line)), "")
            after = after.removeprefix(unit) or before.removesuffix(_PROJECT)
        whole = next((word for word in self._whole_departments if word in title), "")
        if whole:
            owner = _YEAR.sub("", title[: title.index(whole)]).removeprefix(_ABOUT)
            return Title(paragraphs, title, whole, unit or owner, year)
        return Title(paragraphs, title, after, unit, year)

    def is_organisation(self, text: str) -> bool:
        """The text is the name of an organisation: it ends with 局, 中心, 镇 …"""
        return bool(text) and bool(self._organisation.fullmatch(text))

    def find_organisation(self, text: str) -> str:
        """The organisation at the beginning of a text (the longest that reads like one)."""
        shortest, longest = _ORGANISATION_LENGTH
        ends = range(min(len(text), longest), shortest - 1, -1)
        return next((text[:end] for end in ends if self.is_organisation(text[:end])), "")

    def find_project(self, text: str) -> str:
        """The project that a compact text names before the result (…：某某项目绩效自评价结果为…), or blank."""
        match = self._project_before_result.search(text)
        return match[1] if match else ""

    def find_signature(self, document: Document) -> tuple[Paragraph | None, Paragraph | None]:
        """The last lines of a report: the unit and the date."""
        last = document.paragraphs[-_SIGNATURE:]
        date = next((p for p in reversed(last) if _DATE.fullmatch(compact(p.text))), None)
        unit = next((p for p in reversed(last) if self.is_organisation(without_seal(p.text))), None)
        return unit, date


def without_seal(text: str) -> str:
    """A unit's name in a signature, without （盖章）."""
    return compact(text).removesuffix(_SEAL)


def _without_quotes(text: str) -> str:
    """Without the quotes round the whole of it."""
    return text[1:-1] if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] else text
