"""Money that a table tells in a sentence within a cell (资金情况｜预算安排36万元，实际支出35.2万元), where it has no amounts in cells of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook_tools.legacy.prose.prose_form import ProseForm
from workbook_tools.legacy.prose.report_money import read_report_money
from workbook_tools.legacy.prose.sections import HeadedPassage
from workbook_tools.legacy.prose.sentence_amounts import amount_finder
from workbook_tools.legacy.tables.layouts import words_of_title
from workbook_tools.legacy.words.doubts import FormLayout, LayoutCell, ReadingBook
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.places import BODY
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Where
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.word.reading import Paragraph

# 支出35.2万元: an amount with its unit; a figure alone says nothing in a sentence.
_AMOUNT = re.compile(r"\d(?:亿元|百万元|万元|千元|元)")


def fill_money_from_cells(form: HandmadeForm, words: Vocabulary, book: ReadingBook) -> None:
    """Take the amounts from sentences in cells that were not understood, or that are texts, where the form has no other ones."""
    if any(line.amounts for line in form.funding):
        return
    passages, places = [], dict[int, Where]()
    for number, (where, section, text) in enumerate(_list_sentences(form), 1):
        places[number] = where
        passages.append(HeadedPassage(Paragraph(number, text), section, text))
    if not passages:
        return
    layout = FormLayout((LayoutCell("标题", words_of_title(form.title, words)),))
    told = ProseForm(form.file, layout, book.of(layout), places)
    told.form.head, told.form.title, told.form.year = form.head, form.title, form.year
    read_report_money(told, passages, amount_finder(words))
    if any(line.amounts for line in told.form.funding):
        _take(form, told, {places[number] for number in told.used})


def _list_sentences(form: HandmadeForm) -> Iterator[tuple[Where, str | None, str]]:
    """Place, section and text of what may tell it."""
    unknown = ((one.where, None, one.printed) for one in form.remarks if one.concern is Concern.UNKNOWN)
    texts = ((text.where, section, text.printed) for section, text in form.texts.items())
    for where, section, text in (*unknown, *texts):
        if where.sheet != BODY and _AMOUNT.search(without_blanks(text)):
            yield where, section, text


def _take(form: HandmadeForm, told: ProseForm, used: set[Where]) -> None:
    left = [one for one in form.remarks if one.concern is not Concern.UNKNOWN or one.where not in used]
    form.cells_understood += len(form.remarks) - len(left)
    form.remarks = [*left, *told.form.remarks]
    form.funding, form.funding_from, form.amount_unit = told.form.funding, "prose", told.form.amount_unit
    rate = form.total_line.rate if form.total_line else None
    form.execution_rate = form.execution_rate or rate
