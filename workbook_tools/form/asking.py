"""退回意见: the sheet of a returned copy on which a unit answers to 提醒, and the signed record of what was asked there.

The sheet is for people; who reads it back goes by the 编号 in the row, wherever the row has gone. The record stands on
the hidden sheet, one question a cell, under a signature: so a question that was changed is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from workbook_tools.core.cells import Span
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.core.questions import QuestionKey, find_key
from workbook_tools.form import identity_sheet
from workbook_tools.form.fields import Field, Role
from workbook_tools.form.identity import SigningKey

TITLE = "退回意见"
NUMBER, MESSAGE, FOUND, EXPECTED, ANSWER = "编号", "问题", "现为", "应为", "单位说明"
"""Headings of the sheet by which it is read back."""
CORRECT, TOGETHER = "请改正，不用说明", "与上面同一提醒一并说明"
"""What stands in place of an answer where none is asked."""
TABLE = "asked_table"
"""Defined name of the heading of 编号: it follows a sheet that was renamed, and tells of one that was deleted."""
SIGNATURE, SIGNATURE_LABEL = "asked_signature", "退回意见的签名"
"""Defined name of the signature of the record, and what stands before it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A 提醒 as it was put to a unit."""

    code: str
    place: str
    facts: str
    message: str
    found: str
    expected: str

    @property
    def number(self) -> str:
        """编号."""
        return QuestionKey(self.code, self.place, self.facts).number

    @property
    def text(self) -> str:
        """The question in words, for the ledger."""
        parts = (self.message, self.found and f"现为“{self.found}”", self.expected and f"应为“{self.expected}”")
        return "；".join(filter(None, parts))


def put_question(row: Finding) -> Question:
    """A finding as a question; its sheet and cell are those of the copy."""
    key = find_key(row)
    return Question(key.code, key.place, key.facts, row.message, row.found, row.expected)


def asked_name(number: int) -> str:
    """Defined name of the cell of the record that holds the question of that number, from 1."""
    return f"asked_{number}"


def asked_label(number: int) -> str:
    """What stands before that cell: by it the record is found where a program has dropped the names."""
    return f"提醒{number}"


def draw_record(questions: Sequence[Question], project: Project, key: SigningKey, row: int) -> list[Field]:
    """The record as fields of the hidden sheet, from that row on; none where nothing is asked."""
    lines = [json.dumps(astuple(question), ensure_ascii=True) for question in questions]
    if not lines:
        return []
    named = [(SIGNATURE, SIGNATURE_LABEL, key.sign(_whole(lines, project)))]
    named += [(asked_name(i), asked_label(i), line) for i, line in enumerate(lines, 1)]
    return [
        Field(
            sheet=identity_sheet.TITLE, span=Span.cell(row + i, 1), role=Role.FIXED, name=name, label=label, value=value
        )
        for i, (name, label, value) in enumerate(named)
    ]


def read_record(
    lines: Sequence[str], signature: str, project: Project, key: SigningKey | None
) -> list[Question] | None:
    """The questions of a record; ``None`` if it is not as it was written. Without a key nobody can tell."""
    if key is not None and not key.holds(_whole(lines, project), signature):
        return None
    try:
        return [Question(*map(str, json.loads(line))) for line in lines]
    except (ValueError, TypeError):
        return None


def _whole(lines: Iterable[str], project: Project) -> str:
    return "\n".join([f"{project.year}:{project.code}", *lines])
