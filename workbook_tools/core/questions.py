"""提醒 as questions to a unit: which findings ask for an explanation (单位说明), and by what an answer finds its question.

A question is known by what it is about, never by the row in which it stands: its code and place say which question it
is, and what was found says whether it is still the same one. Where the facts differ it is asked again.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.trust import Trust
from workbook_tools.core.visible_text import drop_invisible

_OF_THE_FILE = (Family.LIST, Family.FILE, Family.TAMPER, Family.REVIEW, Family.SCHEME)
"""What no unit can explain: the file itself, which the copy puts right, or what is finance's own."""
_NOTHING = re.compile(r"(?:暂?无|没有|无说明|空)?")
"""Words that say nothing, without their punctuation."""


@dataclass(frozen=True, slots=True)
class QuestionKey:
    """What tells questions of a project apart."""

    code: str
    place: str
    """Digest of the code, the cell and the field."""
    facts: str
    """Digest of what was found."""

    @property
    def number(self) -> str:
        """编号, under which people and the program find the question again: FUND04-3f9a2c7d10."""
        return f"{self.code}-{_digest(self.place, self.facts)[:10]}"


def is_question(row: Finding) -> bool:
    """A unit can answer it: a 提醒 about what it filled in. A 错误 is put right, not explained.

    What follows from another finding is not asked: it goes with its cause.
    """
    mine = bool(row.project_code and row.file) and not row.of_the_list
    return row.severity is Severity.WARNING and mine and not row.follows_from and not row.code.startswith(_OF_THE_FILE)


def is_settled(row: Finding) -> bool:
    """A question that nothing more is asked about: explained, or accepted by finance."""
    return row.is_answered and is_question(row)


def find_key(row: Finding) -> QuestionKey:
    """The key of a finding as a question. What other projects' reports say is no fact of this one (CROSS)."""
    facts = (row.found,) if row.code.startswith(Family.CROSS) else (row.message, row.found, row.expected)
    return QuestionKey(row.code, _digest(row.code, row.sheet, row.cell, row.field), _digest(*facts))


def is_answer(text: str) -> bool:
    """The text says something: not blanks, characters that show nothing, punctuation, or 无."""
    said = "".join(c for c in unicodedata.normalize("NFKC", drop_invisible(text)) if unicodedata.category(c)[0] in "LN")
    return _NOTHING.fullmatch(said) is None


def _digest(*parts: str) -> str:
    """Of texts in this order; no text can pass for two."""
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAnswer:
    """单位说明: what a unit answered to a question."""

    code: str
    place: str
    facts: str
    """As in :class:`QuestionKey`."""
    question: str
    """The question in words, as it was put."""
    answer: str
    sheet: str = ""
    cell: str = ""
    """Where the answer stands in the file."""
    trust: Trust = Trust.CURRENT
    """How far the file could be trusted that it came in, where it came in an earlier round."""
    version: str = ""
    """SHA-256 of that file, where the ledger tells."""

    @property
    def key(self) -> QuestionKey:
        """The question that it answers."""
        return QuestionKey(self.code, self.place, self.facts)


def digest_answers(answers: Iterable[UnitAnswer]) -> str:
    """Of the questions that they are to and what they say, in whatever order and however often; blank for none."""
    told = {(item.code, item.place, item.facts, item.answer) for item in answers}
    return _digest(*(part for one in sorted(told) for part in one)) if told else ""
