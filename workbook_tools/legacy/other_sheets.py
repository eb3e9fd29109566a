"""The sheets of a workbook that are none of the self-evaluation: what each is, and what of it was not read.

A workbook of the budget system holds a dozen sheets of one project. Its 监控 sheet looks like a self-evaluation, but its
figures are those of some months.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook_tools.excel.sheet_cells import HandmadeSheet
from workbook_tools.legacy.file_account import OriginalPage, OriginalText, tell_pages
from workbook_tools.legacy.tables.joining import is_form
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.places import place_in_sheet
from workbook_tools.legacy.words.records import HandmadeForm
from workbook_tools.legacy.words.vocabulary import Vocabulary

# The title of a sheet stands in its tab or in its first rows; a longer text there is no title.
_ROWS_OF_TITLE, _LONGEST_TITLE = 3, 40


def find_kind(sheet: HandmadeSheet, words: Vocabulary) -> str:
    """What a sheet is that is no self-evaluation (监控, 申报 …), by the word in its title; blank for any other."""
    titles = _list_titles(sheet)
    for title in titles:
        if any(word in title for word in words.words("marks", "own_sheets")):
            return ""
        kind = next((word for word in words.words("marks", "other_sheets") if word in title), "")
        if kind and (title is titles[0] or _ends_as_title(title, kind, words)):
            return kind
    return ""


def is_self_evaluation(sheet: HandmadeSheet, words: Vocabulary) -> bool:
    """Its tab or title says so, filled or not."""
    own = words.words("marks", "own_sheets")
    return not find_kind(sheet, words) and any(word in title for title in _list_titles(sheet) for word in own)


def _list_titles(sheet: HandmadeSheet) -> list[str]:
    """What may be its title: its tab, and short texts of its first rows; none beside a serial number (a list of sheets)."""
    first = [cell for cell in sheet.cells if cell.row < _ROWS_OF_TITLE and cell.shown.strip()]
    numbered = {cell.row for cell in first if isinstance(cell.value, float)}
    above = (without_blanks(cell.shown) for cell in first if cell.row not in numbered)
    return [without_blanks(sheet.title), *(text for text in above if len(text) <= _LONGEST_TITLE)]


def _ends_as_title(text: str, kind: str, words: Vocabulary) -> bool:
    """The text ends with the kind, or with words of titles behind it: 运行监控情况表, not 水质监测点维修项目."""
    rest = label_key(text.rpartition(kind)[2])
    while part := next((part for part in words.words("marks", "behind_kinds") if rest.startswith(part)), ""):
        rest = rest.removeprefix(part)
    return not rest


def tell_sheets(
    forms: Sequence[HandmadeForm], parts: Sequence[HandmadeForm], sheets: Sequence[HandmadeSheet], words: Vocabulary
) -> None:
    """Add to the forms what of the workbook is in none of them: whole sheets, and single cells of theirs."""
    if not forms:
        return
    rated = {part.sheet for part in parts if is_form(part)}
    pages = (
        OriginalPage(
            sheet.title,
            [
                OriginalText(place_in_sheet(sheet.title, cell.row, cell.col), cell.shown, cell.value)
                for cell in sheet.cells
                if cell.shown.strip()
            ],
            "其他工作表",
            f"{sheet.title}：{_say_what(sheet, rated, words)}，整张没有采用",
        )
        for sheet in sheets
    )
    tell_pages(forms, (page for page in pages if page.texts), words)


def _say_what(sheet: HandmadeSheet, rated: set[str], words: Vocabulary) -> str:
    """What a sheet is that is not used."""
    if kind := find_kind(sheet, words):
        return f"是“{kind}”，不是自评表"
    if sheet.hidden:
        return "隐藏的工作表"
    return "也是自评表" if sheet.title in rated else "不是自评表"
