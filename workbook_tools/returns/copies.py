"""The marked copy of a submitted workbook: what the unit typed, with the cells of its errors coloured and commented.

A copy is no edit of the sent file, which is never touched: it is the issued form drawn anew under the
seal that it came with. So locks, formulas, validations and names are whole again whatever was done to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.questions import is_question, is_settled
from workbook_tools.form.asking import put_question
from workbook_tools.form.fields import Field
from workbook_tools.form.return_mark import ReturnMark, digest_copy
from workbook_tools.form.submission import Submission
from workbook_tools.results.facts import SEVERITY_TINTS
from workbook_tools.returns.opinions import OpinionLine, draw_opinions
from workbook_tools.returns.returned import Returned
from workbook_tools.workbooks.writing import CellMark, Return

_HEALED = {
    "TAMPER02": "本文件中已恢复为下发的内容，不用改。",
    "TAMPER03": "本文件中已恢复公式，不用改。",
    "TAMPER04": "本文件中已恢复该表，请重新填写其中的黄色单元格。",
    "TAMPER05": "本文件中已恢复原名，不用改。",
    "TAMPER07": "本文件中已恢复，请核对该处填写的内容。",
    "TAMPER09": "本文件中已恢复原位，请核对该表填写的内容。",
    "TAMPER11": "本文件中已恢复该处，黄色单元格请重新填写。",
    "TAMPER21": "本文件中已恢复下发的文字，不用改。",
    **dict.fromkeys(
        ("TAMPER22", "TAMPER24", "TAMPER25", "TAMPER26", "TAMPER27", "TAMPER28", "TAMPER31", "TAMPER32"),
        "本文件中已恢复下发时的样子，请核对填写的内容。",
    ),
    "TAMPER23": "本文件中只有下发的那一张，请核对填写的内容。",
    "ANSWER03": "本文件中已恢复退回时的问题，请在下面重新说明。",
    "ANSWER04": "本文件中已恢复该表，请在下面重新说明。",
    "FILE15": "本文件中已去掉这些宏，不用改。",
    "FILE16": "本文件中已去掉外部链接，不用改。",
}
"""What drawing the form anew has put right, by code: the advice in the copy."""


def build_copy(item: Returned, submission: Submission, by: str, number: int) -> Return:
    """Answers, marks, questions and first sheet of the copy, the ``number``-th return of it; ``by`` is until when to send it again."""
    lines = list(_build_lines(item, _CopyFields(submission)))
    marked: dict[str, list[Finding]] = {}
    for line in lines:
        if line.spot is not None and line.spot.name and not (line.question and line.row.is_answered):
            marked.setdefault(line.spot.name, []).append(line.row)
    marks = {
        name: CellMark(SEVERITY_TINTS[rows[0].severity.label], _write_comment(rows)) for name, rows in marked.items()
    }
    answers = {name: answer.raw for name, answer in submission.answers.items()}
    asking = [line for line in lines if line.asks]
    return Return(
        answers,
        marks,
        partial(draw_opinions, lines=lines, submission=submission, item=item, by=by),
        ReturnMark(number, digest_copy(submission.layout, answers, _list_told(asking)), _is_whole(item)),
        [line.question for line in asking if line.question],
    )


def _list_told(lines: Iterable[OpinionLine]) -> Iterator[tuple[str, str]]:
    """What stands in the cells of the unit's answers."""
    return ((line.question.number, line.answer) for line in lines if line.question)


def _is_whole(item: Returned) -> bool:
    """Restoring the form has put every error right; where there is none, it is an answer that is wanted."""
    errors = [row for row in item.findings if row.severity is Severity.ERROR]
    return bool(errors) and all(row.code in _HEALED for row in errors)


def _build_lines(item: Returned, fields: _CopyFields) -> Iterator[OpinionLine]:
    """The findings as lines of 退回意见. What finance has accepted unasked is none: nothing was said, nothing is to be done."""
    asked: set[str] = set()
    shown = [row for row in item.findings if row.answer or not is_settled(row)]
    for number, row in enumerate(shown, 1):
        row = replace(row, advice=_HEALED.get(row.code, row.advice))
        spot, sheet = fields.find(row), fields.sheet(row)
        question = None
        if is_question(row):
            question = put_question(replace(row, sheet=sheet or row.sheet, cell=spot.cell if spot else row.cell))
        key = question.number if question else ""
        yield OpinionLine(number, row, sheet, spot, question, key in asked)
        asked |= {key} - {""}


def _write_comment(rows: Sequence[Finding]) -> str:
    return "\n".join(
        f"{row.severity.label}：{row.message}。" + (f"应为：{row.expected}。" if row.expected else "") + row.advice
        for row in rows
    )


class _CopyFields:
    """Where a finding of the submitted workbook stands in the copy."""

    def __init__(self, submission: Submission) -> None:
        layout = submission.layout
        self._sheets = {title: title for title in layout.sheets}
        self._typed: dict[tuple[str, str], Field] = {}
        self._drawn: dict[tuple[str, str], Field] = {}
        self._called: dict[tuple[str, str], Field] = {}
        for item in layout.fields.values():
            answer = submission.answers.get(item.name)
            if answer is not None:
                self._typed[answer.sheet, answer.cell] = item
                self._sheets[answer.sheet] = item.sheet
            self._drawn[item.sheet, item.cell] = item
            self._called.setdefault((item.sheet, item.label), item)

    def sheet(self, row: Finding) -> str:
        """The copy's sheet, which may have had another title; nothing for a hidden or unknown one."""
        return self._sheets.get(row.sheet, "")

    def find(self, row: Finding) -> Field | None:
        """The field: the input that was read there; else what is drawn there, unless rows were moved under it."""
        title = self.sheet(row)
        item = self._typed.get((row.sheet, row.cell)) or self._drawn.get((title, row.cell))
        if item is not None and row.field and item.label != row.field:
            return self._called.get((title, row.field), item)
        return item
