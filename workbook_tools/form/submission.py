"""What came back: a filled workbook as read."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbook_tools.core.model import Answer, ListedMaterial, Project, Value
from workbook_tools.core.questions import UnitAnswer
from workbook_tools.form.fields import Layout
from workbook_tools.rules.scheme import Scheme

OPPOSITE_SIGN = "写的是范围（≤、≥、不超过、不少于等），与目标值的方向相反，看不出是多少"
"""Why no number is read of an actual that is only said to be on the other side of one: 不超过100 beside a target of ≥100."""


@dataclass(slots=True)
class Submission:
    """A filled workbook as read: the issued project, and every answer with its cell.

    ``answers`` holds the inputs by field name (see :mod:`workbook_tools.form.layout`), ``shown``
    what the formula cells showed when the file was saved (``None`` where never calculated).
    A ``partial`` one comes from a form of today: what has no answer has no cell there and is not asked for,
    and an answer of a fixed field or a formula only says where its figure stands.
    """

    file: str
    project: Project
    scheme: Scheme
    layout: Layout
    answers: dict[str, Answer] = field(default_factory=dict)
    shown: dict[str, Value] = field(default_factory=dict)
    unit_answers: list[UnitAnswer] = field(default_factory=list)
    """What the unit answered to 提醒, where it is a returned copy."""
    comments: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of fields that were left blank, by name: the cell beside which somebody has written a comment (批注), and what it says; it is that of
    the field, or one of its row."""
    partial: bool = False
    materials: list[ListedMaterial] = field(default_factory=list)
    """佐证材料 that a form of today lists; those of a workbook of ours stand among its answers."""

    def place_of(self, name: str) -> tuple[str, str]:
        """Sheet and cell of a field in the file; blank where a form of today has no such cell."""
        answer = self.answers.get(name)
        if answer is not None:
            return answer.sheet, answer.cell
        item = self.layout.fields[name]
        return ("", "") if self.partial else (item.sheet, item.cell)
