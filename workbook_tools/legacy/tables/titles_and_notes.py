"""Cells and rows that hold no value of a form: its title, notes, headings of pages, and rows that count columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbook_tools.legacy.tables.labels import find_label
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.records import Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.legacy.words.years import find_year, in_arabic

# Characters of a title: of the published ones the longest has 26 (2020年省级自然资源卫片执法补助经费支出绩效自评表), and the
# name of a unit may stand before it; 自评 and 自评表 alone are words.
_TITLE_LENGTH = range(4, 51)
# A title is no sentence: 按要求开展绩效自评。
_SENTENCE_END = re.compile("[。；;]")


def is_title(cell: GridCell, words: Vocabulary) -> bool:
    """The name of a form (项目支出绩效自评表), not a sentence, nor a label with its value (自评项目：…)."""
    text = without_blanks(cell.shown)
    label, colon, _ = text.replace("：", ":").partition(":")
    if colon and find_label(label, words) is not None:
        return False
    return (
        len(text) in _TITLE_LENGTH
        and any(word in text for word in words.words("marks", "titles"))
        and not _SENTENCE_END.search(text)
    )


# 附件1, 附表2：, （2023年度）, （续表）, 公开09表: a line of its own above a form, or above its next page.
_PAGE_HEADING = re.compile(r"附[件表]\d*[:：]?|[(（]?20\d{2}年度?[)）]?|[(（]续表?[)）]|续表|公开\d{1,2}表")
# 1. 定性指标…, 注：（2）…, 二．…: notes below a form are numbered; 1.5 is a figure.
_NUMBERED_NOTE = re.compile(r"(?:注|备注|说明)?[(（]?[\d一二三四五六七八九十]{1,2}[)）.:](?!\d)")
_ONE_COLON_AND_STOP = str.maketrans({"：": ":", "．": ".", "、": "."})


def is_page_heading(text: str) -> bool:
    """附件1, （续表）, （2023年度）: a line above a form or its next page."""
    return bool(_PAGE_HEADING.fullmatch(in_arabic(without_blanks(text))))


def is_note(cell: GridCell, words: Vocabulary) -> bool:
    """A remark below or above the form, a heading (附件1), or a year on a line of its own."""
    text = without_blanks(cell.shown)
    if is_page_heading(text):
        return True
    plain = text.translate(_ONE_COLON_AND_STOP)
    return plain.startswith(words.words("rows", "notes")) or bool(_NUMBERED_NOTE.match(plain))


# So many columns must be counted: two figures in a row may be anything. Letters need one more: A B C grade too.
_FEWEST_NUMBERS, _FEWEST_LETTERS = 3, 4
# Counting begins at 0, 1 or 2 (where the labels' column counts as the first) and stays below a hundred.
_FIRST_NUMBERS, _MOST_DIGITS = range(3), 2


def is_counting_row(cells: list[GridCell], words: Vocabulary) -> bool:
    """A row that only counts the columns: 1 2 3 4, (1) (2) (3), A B C D, with 行次 or 列次 before it or not."""
    marks = [re.sub(r"[()（）\s]", "", cell.shown) for cell in cells]
    if marks and marks[0] in words.words("rows", "counting"):
        marks = marks[1:]
    numbers = [int(mark) for mark in marks if mark.isdecimal() and len(mark) <= _MOST_DIGITS]
    if len(numbers) == len(marks) >= _FEWEST_NUMBERS:
        return numbers[0] in _FIRST_NUMBERS and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return len(marks) >= _FEWEST_LETTERS and marks == [chr(ord("A") + place) for place in range(len(marks))]


def find_year_in(cells: Iterable[GridCell]) -> Stated | None:
    """The year that a title or its line below names: （2022年度）, 2020年度…自评表."""
    for cell in cells:
        if year := find_year(without_blanks(cell.shown)):
            return cell.as_stated(float(year))
    return None
