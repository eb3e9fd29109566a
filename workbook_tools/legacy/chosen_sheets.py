"""Which of the sheets of a workbook is the form, where more than one may be: told, and as the office has said.

What it has said belongs to the names of all sheets, in their order and without years.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbook_tools.excel.sheet_cells import HandmadeSheet
from workbook_tools.legacy.words.choosing import DoubtfulPlace, choose_reading
from workbook_tools.legacy.words.doubts import FormLayout, KeptReading, LayoutCell, ReadingBook
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Where

# 自评表2024, 2023年度自评: the year of a sheet's name.
_YEAR = re.compile(r"20\d{2}年?度?")
_ALL, _NONE, _FORM, _OTHER = "都算", "不是自评表", "是自评表", "另一个项目"
"""Readings besides the names of sheets."""


TABLE_NOT_USED = "没有采用的指标表"
"""What a remark on a table calls it that nothing says is a self-evaluation."""


def choose_sheets(
    forms: list[HandmadeForm], parts: Sequence[HandmadeForm], sheets: Sequence[HandmadeSheet], book: ReadingBook
) -> list[HandmadeForm]:
    """The forms that count. Of one project that is rated on several sheets the fullest counts; that there are others, one
    that names no project, or a table that nothing says is a form, is told at it."""
    if not forms:
        return forms
    layout = _describe_sheets(sheets)
    kept = book.of(layout)
    chosen = _choose_nameless(_choose_among_equals(forms, kept), kept)
    chosen = _choose_tables(chosen, parts, kept)
    for form in chosen:
        form.remarks = [
            one if one.doubt is None or one.doubt.layout.cells else one.of_layout(layout) for one in form.remarks
        ]
    return chosen


def _choose_tables(
    forms: list[HandmadeForm], parts: Sequence[HandmadeForm], kept: Mapping[str, KeptReading]
) -> list[HandmadeForm]:
    """Tables of indicators with names of their own, of which nothing says whose self-evaluation they are: told, not used."""
    names = {label_key(entry.name.printed) for form in forms for entry in form.entries}
    added: list[HandmadeForm] = []
    for part in parts:
        own = {label_key(entry.name.printed) for entry in part.entries}
        if not own or not {"target", "actual"} <= part.columns or own & names:
            continue
        first = part.entries[0].name
        printed = f"{len(part.entries)}个指标（{first.printed}等）：看不出是谁的自评表，整张没有采用"
        key = f"看不出是谁的指标表是不是自评表：{_name(part.sheet)}"
        remarks: list[Remark] = []
        readings = {_NONE: "不是自评表，整张没有采用", _FORM: "自评表"}
        used = (
            choose_reading(DoubtfulPlace(first.where, TABLE_NOT_USED, printed), key, readings, kept, remarks) == _FORM
        )
        (part if used else forms[0]).remarks += [
            replace(one, concern=Concern.UNKNOWN) if one.concern is Concern.AMBIGUOUS else one for one in remarks
        ]
        added += [part] if used else []
    return [*forms, *added]


def _describe_sheets(sheets: Sequence[HandmadeSheet]) -> FormLayout:
    return FormLayout(tuple(LayoutCell("工作表", _name(sheet.title)) for sheet in sheets))


def _name(title: str) -> str:
    """What a sheet is called, whatever the year."""
    return _YEAR.sub("", without_blanks(title)) or title


def _choose_among_equals(forms: list[HandmadeForm], kept: Mapping[str, KeptReading]) -> list[HandmadeForm]:
    """One form of each project and year."""
    groups: dict[tuple[object, ...], list[HandmadeForm]] = {}
    for at, form in enumerate(forms):
        project = form.head.get("project") or form.head.get("both")
        year = form.year.value if form.year else None
        groups.setdefault((label_key(project.printed), year) if project else (at,), []).append(form)
    dropped: list[HandmadeForm] = []
    for group in groups.values():
        fullest = max(group, key=_count_results)
        others = [form for form in group if form.sheet != fullest.sheet]
        if not others:
            continue
        names = {_name(form.sheet): form for form in (fullest, *others)}
        readings = {name: f"工作表“{form.sheet}”的自评表" for name, form in names.items()} | {_ALL: "都算，各是一份"}
        project = fullest.head.get("project") or fullest.head["both"]
        place = DoubtfulPlace(others[0].head.get("project", project).where, "自评表", project.printed)
        remarks: list[Remark] = []
        reading = choose_reading(place, "同一个项目的自评表在哪张工作表", readings, kept, remarks)
        counted = group if reading == _ALL else [form for form in group if form.sheet == names[reading].sheet]
        counted[0].remarks += remarks
        dropped += [form for form in group if form not in counted]
    return [form for form in forms if not any(form is one for one in dropped)]


def _count_results(form: HandmadeForm) -> int:
    return sum(entry.actual is not None or entry.score is not None for entry in form.entries)


def _choose_nameless(forms: list[HandmadeForm], kept: Mapping[str, KeptReading]) -> list[HandmadeForm]:
    """Forms that name no project beside others that do."""
    named = [form for form in forms if form.head.keys() & {"project", "both"}]
    nameless = [form for form in forms if form not in named and form.sheet not in {one.sheet for one in named}]
    if not named or len(forms) == len(named):
        return forms
    left = list(forms)
    for form in nameless:
        place = DoubtfulPlace(Where(form.sheet, ""), "自评表", form.sheet)
        readings = {_OTHER: "另一个项目的自评表，没有写项目名称", _NONE: "不是自评表"}
        remarks: list[Remark] = []
        if choose_reading(place, f"没有写项目名称的工作表：{_name(form.sheet)}", readings, kept, remarks) == _NONE:
            left = [one for one in left if one is not form]
        left[0].remarks += remarks
    return left
