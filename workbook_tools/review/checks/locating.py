"""What all checks share: a finding at a field's cell, and the words of the live checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import is_number
from workbook_tools.form.fields import Evaluation, Field, Kind, Role
from workbook_tools.form.rows import FormRow
from workbook_tools.review.scoring import Scored, used_rows
from workbook_tools.rules import library


def at(
    scored: Scored, name: str, code: str, message: str = "", *, found: object = "", expected: object = "", advice: str = ""
) -> Finding:  # fmt: skip
    """A finding at a field: the cell that was read, or the field's own; a form of today may have neither."""
    sheet, cell = place_of(scored, name)
    label = scored.submission.layout.fields[name].label
    return finding(code, message, sheet=sheet, cell=cell, field=label, found=found, expected=expected, advice=advice)


def place_of(scored: Scored, name: str) -> tuple[str, str]:
    """Sheet and cell of a field in the submitted file; blank where a form of today has no such cell."""
    item = scored.submission.layout.fields[name]
    answer = scored.submission.answers.get(name)
    if answer is not None:
        return answer.sheet, answer.cell
    return ("", "") if scored.submission.partial else (item.sheet, item.cell)


def problems(scored: Scored) -> Sequence[tuple[Field, str]]:
    """The fields that the live 校验 sheet would complain about, with its words.

    Fields of a sheet that was deleted are left out, and cells that hold what cannot be read: the reader has said so.
    Of a form of today only what has a cell there is asked.
    """
    if scored.figures not in _problems:
        layout, answers = scored.submission.layout, scored.submission.answers
        read = {layout.fields[name].sheet for name in answers}
        asked = (item for item in layout.fields.values() if item.problem is not None and item.sheet in read)
        if scored.submission.partial:
            asked = (item for item in asked if item.role is Role.INPUT and item.name in answers)
        words = ((item, scored.figures.problem(item)) for item in asked)
        _problems[scored.figures] = [(item, word) for item, word in words if word and not _unread(scored, item, word)]
    return _problems[scored.figures]


def _unread(scored: Scored, item: Field, word: str) -> bool:
    answer = scored.submission.answers.get(item.name)
    return word == library.EMPTY and answer is not None and not answer.blank


_problems: WeakKeyDictionary[Evaluation, Sequence[tuple[Field, str]]] = WeakKeyDictionary()
"""Many checks ask for them; they are computed once per submission."""


def row_problems(scored: Scored) -> Iterator[tuple[FormRow, dict[str, str]]]:
    """Per row of the indicator table its problems by part; a row that does not apply has none."""
    words: dict[int, dict[str, str]] = {}
    for item, word in problems(scored):
        words.setdefault(item.row, {})[item.part] = word
    for row in scored.submission.layout.rows:
        if applies(scored, row):
            yield row, words.get(row.number, {})


def applies(scored: Scored, row: FormRow) -> bool:
    """The unit has not marked the indicator as 不适用."""
    name = row.name("applicable")
    return not scored.figures.has(name) or scored.figures[name] != library.NOT_APPLICABLE


def counted_rows(scored: Scored) -> list[FormRow]:
    """The rows that are scored: approved or proposed, and applicable."""
    return [row for row in used_rows(scored.submission.layout, scored.figures) if applies(scored, row)]


def number(scored: Scored, name: str) -> float | None:
    """A field's figure, if it has one and it is a number."""
    value = scored.figures[name] if scored.figures.has(name) else None
    return float(value) if is_number(value) and not isinstance(value, str) and value is not None else None


def mismatch(scored: Scored, name: str) -> tuple[float, float | None] | None:
    """What a formula cell showed when it was saved, and the central figure, where the two differ.

    A 0 beside no figure was never calculated, and differs in nothing.
    """
    shown, central = scored.submission.shown.get(name), number(scored, name)
    if not isinstance(shown, float):
        return None
    differs = bool(shown) if central is None else not NOISE.same(shown, central)
    return (shown, central) if differs else None


def text(scored: Scored, name: str) -> str:
    """A field's text, without blanks around it; nothing for a number or a field that the form lacks."""
    value = scored.figures[name] if scored.figures.has(name) else None
    return value.strip() if isinstance(value, str) else ""


def typed(scored: Scored, name: str) -> bool:
    """Something was typed into the field."""
    answer = scored.submission.answers.get(name)
    return answer is not None and answer.value is not None


def untouched(scored: Scored) -> bool:
    """Nothing at all was typed; drop-downs do not count, some come with a choice made."""
    fields = scored.submission.layout.fields
    return not any(
        answer.value is not None and fields[name].role is Role.INPUT and fields[name].kind is not Kind.CHOICE
        for name, answer in scored.submission.answers.items()
    )


def stated_name(row: FormRow) -> str:
    """The field that holds a row's completion."""
    return row.name("stated" if row.qualitative else "completion")
