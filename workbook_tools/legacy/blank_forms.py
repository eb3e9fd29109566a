"""A workbook whose self-evaluation is blank while another sheet of it is filled: 监控 is no self-evaluation, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workbook_tools.excel.sheet_cells import HandmadeSheet
from workbook_tools.legacy.other_sheets import find_kind, is_self_evaluation
from workbook_tools.legacy.words.records import HandmadeForm
from workbook_tools.legacy.words.vocabulary import Vocabulary


def has_results(form: HandmadeForm) -> bool:
    """A row of it tells what was reached, or its points."""
    entries = (entry for entry in form.entries if not entry.is_execution_rate)
    return any(stated is not None for entry in entries for stated in (entry.actual, entry.score, entry.completion))


def say_what_is_blank(
    forms: Sequence[HandmadeForm], parts: Sequence[HandmadeForm], sheets: Sequence[HandmadeSheet], words: Vocabulary
) -> str:
    """Which sheet is a blank self-evaluation, and which is filled and is none, as a sentence; blank where that is not so.

    ``forms`` are those that were found, without results; ``parts`` the tables of all sheets.
    """
    filled = {part.sheet for part in parts if has_results(part)}
    titled = [s.title for s in sheets if s.title not in filled and not s.hidden and is_self_evaluation(s, words)]
    blank = [form.sheet for form in forms] or titled
    others = [*_list_filled_others(filled, sheets, words)]
    if not others:
        return ""
    listed = "、".join(others)
    if not blank:
        return f"{listed}，不是自评表，里面没有自评表"
    return f"“{blank[0]}”是空白的自评表，没有填完成值和得分；填了的是{listed}，不能代替自评"


def _list_filled_others(filled: set[str], sheets: Iterable[HandmadeSheet], words: Vocabulary) -> Iterator[str]:
    for sheet in sheets:
        kind = find_kind(sheet, words)
        if kind and sheet.title in filled:
            yield f"“{sheet.title}”（{kind}）"
