"""The sheets of a workbook that are none of the self-evaluation: what each is, and what of it was not read.

A workbook of the budget system holds a dozen sheets of one project. Its 监控 sheet looks like a self-evaluation, but its
figures are those of some months.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_tools.excel.sheet_cells import HandmadeSheet
from workbook_tools.legacy.tables.indicator_cards import is_caption
from workbook_tools.legacy.tables.joining import is_form
from workbook_tools.legacy.tables.labels import LONGEST_UNKNOWN, find_label
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.places import place_in_sheet
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Where
from workbook_tools.legacy.words.vocabulary import Vocabulary

# The title of a sheet stands in its tab or in its first rows; a longer text there is no title.
_ROWS_OF_TITLE, _LONGEST_TITLE = 3, 40
# Cells of a sheet that are listed one by one; of more only how many there are.
_MOST_LISTED = 12


def find_kind(sheet: HandmadeSheet, words: Vocabulary) -> str:
    """What a sheet is that is no self-evaluation (监控, 申报 …), by the word in its title; blank for any other."""
    above = (without_blanks(cell.shown) for cell in sheet.cells if cell.row < _ROWS_OF_TITLE)
    titles = [without_blanks(sheet.title), *(text for text in above if len(text) <= _LONGEST_TITLE)]
    for title in titles:
        if any(word in title for word in words.words("marks", "own_sheets")):
            return ""
        kind = next((word for word in words.words("marks", "other_sheets") if word in title), "")
        if kind and (title is titles[0] or _ends_as_title(title, kind, words)):
            return kind
    return ""


def _ends_as_title(text: str, kind: str, words: Vocabulary) -> bool:
    """The text ends with the kind, or with words of titles behind it: 运行监控情况表, not 水质监测点维修项目."""
    rest = label_key(text.rpartition(kind)[2])
    while part := next((part for part in words.words("marks", "behind_kinds") if rest.startswith(part)), ""):
        rest = rest.removeprefix(part)
    return not rest


def tell_sheets(
    forms: Sequence[HandmadeForm], parts: Sequence[HandmadeForm], sheets: Sequence[HandmadeSheet], words: Vocabulary
) -> None:
    """Add to the first of the forms what of the workbook is in none of them: whole sheets, and single cells of theirs."""
    if not forms:
        return
    read = {where for form in (*forms, *parts) for where in form.places}
    used = {where.sheet for form in forms for where in form.places}
    rated = {part.sheet for part in parts if is_form(part)}
    for sheet in sheets:
        owner = next((form for form in forms if form.sheet == sheet.title), forms[0])
        owner.remarks += _tell_cells(sheet, read, words) if sheet.title in used else _tell_sheet(sheet, rated, words)


def _tell_sheet(sheet: HandmadeSheet, rated: set[str], words: Vocabulary) -> Iterator[Remark]:
    filled = sum(bool(cell.shown.strip()) for cell in sheet.cells)
    if not filled:
        return
    kind = find_kind(sheet, words)
    what = f"是“{kind}”，不是自评表" if kind else "隐藏的工作表" if sheet.hidden else "不是自评表"
    what = "也是自评表" if sheet.title in rated and not sheet.hidden else what
    printed = f"{sheet.title}：{what}，整张没有采用（{filled}格）"
    yield Remark(concern=Concern.UNKNOWN, where=Where(sheet.title), field="其他工作表", printed=printed)


def _tell_cells(sheet: HandmadeSheet, read: set[Where], words: Vocabulary) -> Iterator[Remark]:
    """Cells beside and between the forms of a sheet; labels, also those that stand once more, hold no value."""
    places = [(cell, place_in_sheet(sheet.title, cell.row, cell.col)) for cell in sheet.cells]
    labels = {cell.shown for cell, where in places if where in read and not isinstance(cell.value, float)}
    left = [
        (cell, where)
        for cell, where in places
        if where not in read and any(map(str.isalnum, cell.shown)) and not _is_label(cell.shown, labels, words)
    ]
    for cell, where in left[:_MOST_LISTED]:
        yield Remark(concern=Concern.UNKNOWN, where=where, field="其他内容", printed=cell.shown)
    if len(left) > _MOST_LISTED:
        printed = f"另有{len(left) - _MOST_LISTED}格没有采用"
        yield Remark(concern=Concern.UNKNOWN, where=left[_MOST_LISTED][1], field="其他内容", printed=printed)


def _is_label(text: str, labels: set[str], words: Vocabulary) -> bool:
    if is_caption(text) or words.columns.find_exact(text) is not None or find_label(text, words) is not None:
        return True
    return text in labels and len(text) <= LONGEST_UNKNOWN and not text[-1:].isdigit()
