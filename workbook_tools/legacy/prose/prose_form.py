"""The form that is made of a report's sentences, with the account of its paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_tools.core.model import Value
from workbook_tools.legacy.words.places import BODY, place_of_paragraph
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Stated
from workbook_tools.word.reading import Paragraph


class ProseForm:
    """A form as it is filled from paragraphs: what was taken from which, and what is doubtful."""

    def __init__(self, file: str) -> None:
        self.form = HandmadeForm(file=file, sheet=BODY)
        self.used: set[int] = set()
        """Numbers of the paragraphs from which something was taken."""

    def use(self, *paragraphs: Paragraph) -> None:
        """Something was taken from these."""
        self.used.update(paragraph.number for paragraph in paragraphs)

    def state(self, value: Value, printed: str, paragraph: Paragraph) -> Stated:
        """A value taken from a paragraph."""
        self.use(paragraph)
        return Stated(value, printed, place_of_paragraph(paragraph.number))

    def doubt(self, field: str, paragraph: Paragraph, taken: str, others: Sequence[tuple[str, Paragraph]]) -> None:
        """Other paragraphs say something else."""
        if others:
            other = "；".join(dict.fromkeys(f"第{p.number}段“{text}”" for text, p in others))
            self.remark_ambiguous(paragraph, field, taken, f"第{paragraph.number}段“{taken}”", other)

    def remark_ambiguous(self, paragraph: Paragraph, field: str, printed: str, taken: str, other: str) -> None:
        """It can fairly be read in two ways."""
        self._remark(Concern.AMBIGUOUS, paragraph, field, printed, taken, other)

    def remark_unknown(self, paragraph: Paragraph, field: str, printed: str) -> None:
        """It is not in the result."""
        self._remark(Concern.UNKNOWN, paragraph, field, printed)

    def _remark(
        self, concern: Concern, paragraph: Paragraph, field: str, printed: str, taken: str = "", other: str = ""
    ) -> None:
        where = place_of_paragraph(paragraph.number)
        self.form.remarks.append(
            Remark(concern=concern, where=where, field=field, printed=printed, taken=taken, other=other)
        )
