"""The account of a file: each of its cells and paragraphs has ended in a form, or is listed as not read.

What the forms have taken in, they have counted themselves; here is the rest of the file, which counts as not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbook_tools.core.model import Value
from workbook_tools.legacy.prose.sections import section_finder
from workbook_tools.legacy.tables.indicator_cards import is_caption
from workbook_tools.legacy.tables.labels import LONGEST_UNKNOWN, find_label
from workbook_tools.legacy.tables.levels import is_dimension
from workbook_tools.legacy.tables.titles_and_notes import is_page_heading
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.places import BODY, place_in_table, place_of_paragraph, title_of_table
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Where
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.word.reading import Document

# Places of a page that are listed one by one; of more only how many there are.
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class OriginalText:
    """What stands in a cell or paragraph of the original."""

    where: Where
    shown: str
    value: Value


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """A sheet or a table of a Word document, with all that is filled in."""

    title: str
    texts: Sequence[OriginalText]
    called: str
    """What the remark calls it that it was not used as a whole: 其他工作表."""
    why: str
    """Why it was not, in words."""


def tell_pages(forms: Sequence[HandmadeForm], pages: Iterable[OriginalPage], words: Vocabulary) -> None:
    """Add to the form of each page, or else to the first, what of it is in no form: whole pages, and single cells."""
    read = {where for form in forms for where in form.places}
    used = {where.sheet for where in read}
    for page in pages:
        owner = next((form for form in forms if form.sheet == page.title), forms[0])
        rest = [text for text in page.texts if text.where not in read]
        if page.title in used:
            left = _without_labels(page, rest, read, words)
            _list_left(owner, left, "其他内容", "格")
        else:
            left = rest
            printed = f"{page.why}（{len(left)}格）"
            owner.remarks += [
                Remark(concern=Concern.UNKNOWN, where=Where(page.title), field=page.called, printed=printed)
            ]
        owner.cells_filled += len(rest)
        owner.cells_understood += len(rest) - len(left)


def tell_document(forms: Sequence[HandmadeForm], document: Document, words: Vocabulary) -> None:
    """Add to the forms what of a Word document is in none of them: tables, cells, and paragraphs beside and between them."""
    if not forms:
        return
    tables = (
        OriginalPage(
            title_of_table(table.number),
            [
                OriginalText(place_in_table(table.number, cell.row, cell.col), cell.text, cell.text)
                for cell in table.cells
                if cell.text.strip()
            ],
            "其他表格",
            "整张表没有读取",
        )
        for table in document.tables
    )
    tell_pages(forms, (page for page in tables if page.texts), words)
    read = {where for form in forms for where in form.places}
    unread = {p.number for p in document.paragraphs if place_of_paragraph(p.number) not in read}
    if not unread:
        return
    stated = {without_blanks(stated.printed) for form in forms for stated in form.head.values()}
    rest = [one for one in section_finder(words).passages(document) if one.paragraph.number in unread]
    left = [
        OriginalText(place_of_paragraph(one.paragraph.number), one.paragraph.text, one.paragraph.text)
        for one in rest
        if not one.is_heading and not _says_nothing_new(one.paragraph.text, stated, words)
    ]
    _list_left(forms[0], left, f"其他{BODY}", "段")
    forms[0].cells_filled += len(rest)
    forms[0].cells_understood += len(rest) - len(left)


# 县财政局：, and 现将自评情况报告如下。 before the first section: how a letter begins, with no more than a line.
_SALUTATION, _OPENING = re.compile(r"[^，。：:]{2,20}[：:]"), re.compile(r"[^\d。]*(?:20\d{2}[^\d。]*)?如下[。：:]?")


def _says_nothing_new(text: str, stated: set[str], words: Vocabulary) -> bool:
    """A heading of a page or level, the form of a letter, or a unit's name that stands in the head already."""
    bare = without_blanks(text)
    if bare in stated or is_page_heading(bare) or is_dimension(bare, words) or not any(map(str.isalnum, bare)):
        return True
    return bool(_SALUTATION.fullmatch(bare) or _OPENING.fullmatch(bare))


def _list_left(owner: HandmadeForm, left: Sequence[OriginalText], called: str, counted: str) -> None:
    for text in left[:_MOST_LISTED]:
        owner.remarks.append(Remark(concern=Concern.UNKNOWN, where=text.where, field=called, printed=text.shown))
    if len(left) > _MOST_LISTED:
        printed = f"另有{len(left) - _MOST_LISTED}{counted}没有采用"
        where = left[_MOST_LISTED].where
        owner.remarks.append(Remark(concern=Concern.UNKNOWN, where=where, field=called, printed=printed))


def _without_labels(
    page: OriginalPage, rest: Iterable[OriginalText], read: set[Where], words: Vocabulary
) -> list[OriginalText]:
    """Cells beside and between the forms of a page; labels, also those that stand once more, hold no value."""
    labels = {text.shown for text in page.texts if text.where in read and not isinstance(text.value, float)}
    left = (text for text in rest if any(map(str.isalnum, text.shown)) and not is_page_heading(text.shown))
    return [text for text in left if not _is_label(text.shown, labels, words)]


def _is_label(text: str, labels: set[str], words: Vocabulary) -> bool:
    if is_caption(text) or words.columns.find_exact(text) is not None or find_label(text, words) is not None:
        return True
    return text in labels and len(text) <= LONGEST_UNKNOWN and not text[-1:].isdigit()
