"""What a returned copy says of itself, signed: which return of the project it is, and what stood in it when it was made.

A copy is drawn under the seal that its workbook was issued with, so the round cannot be in there; it is signed beside it,
with the same key and bound to that seal: no copy can pass for a later one, or for one of another project.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from workbook_tools.core.model import Value
from workbook_tools.form.fields import Layout, Role
from workbook_tools.form.identity import Seal
from workbook_tools.form.submission import Submission

_TEXT = re.compile(r"(?P<round>[1-9]\d{0,3}):(?P<inputs>[0-9a-f]{16}):(?P<whole>[01]):(?P<signature>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class ReturnMark:
    """The mark of a copy."""

    round: int
    """From 1: how often the project has been returned with this copy. A workbook as it was issued is of round 0."""
    inputs: str
    """Digest of what was typed when the copy was made; see :func:`digest_inputs`."""
    whole: bool
    """Restoring the form put everything right: to be sent again, nothing in it has to be changed."""

    def sign(self, seal: Seal) -> str:
        """The mark as it is written into the copy."""
        text = f"{self.round}:{self.inputs}:{int(self.whole)}"
        return f"{text}:{seal.key.sign(_describe(text, seal)).rpartition(':')[2]}"

    @classmethod
    def read(cls, text: str, seal: Seal) -> Self | None:
        """The mark that was written; ``None`` where there is none that was made for this seal."""
        found = _TEXT.fullmatch(text)
        if found is None:
            return None
        signed = _describe(text.rpartition(":")[0], seal)
        if not seal.key.holds(signed, f"{seal.key.id}:{found['signature']}"):
            return None
        return cls(int(found["round"]), found["inputs"], found["whole"] == "1")


def _describe(text: str, seal: Seal) -> str:
    """What is signed."""
    return f"return:{seal.signature}:{text}"


def digest_inputs(submission: Submission) -> str:
    """Identifies what was typed, however the file was saved: blank cells, line ends and blanks at the ends do not count.

    What the unit answered to 提醒 counts: a copy in which only that was written is another one.
    """
    typed = ((name, answer.raw) for name, answer in submission.answers.items())
    return _digest([*typed, *((answer.key.number, answer.answer) for answer in submission.unit_answers)])


def is_typed_in(submission: Submission) -> bool:
    """Something stands in a cell that was issued blank; where not, the form may still be another than it was issued."""
    fields = submission.layout.fields
    return any(
        answer.raw is not None and fields[name].value is None and _as_text(answer.raw)
        for name, answer in submission.answers.items()
    )


def digest_blank(layout: Layout) -> str:
    """The digest of a workbook in which nothing has been typed since it was issued."""
    return _digest((item.name, item.value) for item in layout.role(Role.INPUT))


def digest_copy(layout: Layout, answers: Mapping[str, Value], told: Iterable[tuple[str, str]] = ()) -> str:
    """The digest of a copy that is drawn with these answers; a field without one keeps what was issued.

    ``told`` is what the unit has answered to 提醒, by their 编号.
    """
    return _digest([*((item.name, answers.get(item.name, item.value)) for item in layout.role(Role.INPUT)), *told])


def _digest(inputs: Iterable[tuple[str, Value]]) -> str:
    typed = sorted((name, text) for name, value in inputs if (text := _as_text(value)))
    whole = "".join(f"{len(part)}:{part}" for pair in typed for part in pair)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _as_text(value: Value) -> str:
    """A cell's content; programs differ in line ends, and drop blanks at the ends when they save."""
    if isinstance(value, float):
        return f"#{value:.12g}"
    if not value:
        return ""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.strip("\u3000 \t\xa0") for line in text.split("\n")).strip("\n")
