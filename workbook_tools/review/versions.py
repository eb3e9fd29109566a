"""Two versions of a project's form side by side: what its unit has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from workbook_tools.form.fields import Role
from workbook_tools.form.printed_texts import normal_text
from workbook_tools.form.submission import Submission
from workbook_tools.workbooks.cell_text import show_value

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+|.", re.DOTALL)
"""完, 成, 3.5, 公, 里: a number or Latin word is one token."""
_CLAUSE = re.compile(r"[^，。；：、！？\n]*[，。；：、！？\n]?")
_MOST_TOKENS = 800
"""A longer text is compared clause by clause: by signs that takes seconds."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of a text."""

    text: str
    changed: bool = False
    """It is not in the other version."""


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A cell that says something else now, or an answer to a 提醒."""

    label: str
    sheet: str
    cell: str
    """Where it stands in the later version; blank where a form of today has no such cell any more."""
    before: tuple[TextPart, ...]
    after: tuple[TextPart, ...]


def compare_versions(before: Submission, after: Submission) -> list[ChangedValue]:
    """What differs, in the order of the form: inputs, and what was issued otherwise; then what is answered to 提醒 now."""
    return [*_compare_fields(before, after), *_compare_answers(before, after)]


def _compare_fields(before: Submission, after: Submission) -> Iterator[ChangedValue]:
    names = dict.fromkeys((*after.layout.fields, *before.layout.fields))
    for name in names:
        item = after.layout.fields.get(name) or before.layout.fields[name]
        if item.role not in (Role.INPUT, Role.FIXED):
            continue
        old, new = _read(before, name), _read(after, name)
        if old != new and normal_text(old) != normal_text(new):
            sheet, cell = after.place_of(name) if name in after.layout.fields else ("", "")
            yield ChangedValue(item.label or item.name, sheet, cell, *mark_differences(old, new))


def _compare_answers(before: Submission, after: Submission) -> Iterator[ChangedValue]:
    known = {answer.key: answer.answer for answer in before.unit_answers}
    for answer in after.unit_answers:
        old = known.get(answer.key, "")
        if old != answer.answer:
            yield ChangedValue(f"单位说明：{answer.question}", "", "", *mark_differences(old, answer.answer))


def _read(submission: Submission, name: str) -> str:
    """What stands in a field, as a finding would quote it; blank where the form has none such."""
    item = submission.layout.fields.get(name)
    if item is None:
        return ""
    answer = submission.answers.get(name)
    return show_value(answer.raw if answer and item.role is Role.INPUT else item.value, item)


def mark_differences(old: str, new: str) -> tuple[tuple[TextPart, ...], tuple[TextPart, ...]]:
    """Both texts in pieces, those that the other does not have marked.

    >>> [part.text for part in mark_differences("完成3公里", "完成5公里")[1] if part.changed]
    ['5']
    """
    first, second = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(first), len(second)) > _MOST_TOKENS:
        first, second = ([clause for clause in _CLAUSE.findall(text) if clause] for text in (old, new))
    ours: list[TextPart] = []
    theirs: list[TextPart] = []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        for parts, text in ((ours, "".join(first[a:b])), (theirs, "".join(second[c:d]))):
            if text:
                parts.append(TextPart(text, kind != "equal"))
    return tuple(ours), tuple(theirs)
