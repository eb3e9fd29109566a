"""The form that is made of a report's sentences, with the account of its paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workbook_tools.core.model import Value
from workbook_tools.legacy.words.choosing import DoubtfulPlace, choose_reading
from workbook_tools.legacy.words.doubts import Doubt, FormLayout, KeptReading
from workbook_tools.legacy.words.places import BODY, place_of_paragraph
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Stated, Where
from workbook_tools.word.reading import Paragraph


class ProseForm:
    """A form as it is filled from paragraphs: what was taken from which, and what is doubtful."""

    def __init__(
        self,
        file: str,
        layout: FormLayout,
        kept: Mapping[str, KeptReading],
        places: Mapping[int, Where] | None = None,
    ) -> None:
        self._places = places or {}
        """Of paragraphs that stand in cells, by their numbers."""
        self.form = HandmadeForm(file=file, sheet=BODY)
        self.layout, self.kept = layout, kept
        """Its title's words and its headings, and what the office has said of reports that have these."""
        self.used: set[int] = set()
        """Numbers of the paragraphs from which something was taken."""

    def find_place(self, paragraph: Paragraph) -> Where:
        """Where a person finds a paragraph."""
        return self._places.get(paragraph.number) or place_of_paragraph(paragraph.number)

    def use(self, *paragraphs: Paragraph) -> None:
        """Something was taken from these."""
        self.used.update(paragraph.number for paragraph in paragraphs)

    def state(self, value: Value, printed: str, paragraph: Paragraph) -> Stated:
        """A value taken from a paragraph."""
        self.use(paragraph)
        return Stated(value, printed, self.find_place(paragraph))

    def doubt(self, field: str, paragraph: Paragraph, taken: str, others: Sequence[tuple[str, Paragraph]]) -> None:
        """Other paragraphs say something else."""
        if others:
            other = "；".join(dict.fromkeys(f"{self.find_place(p).cell}“{text}”" for text, p in others))
            self.remark_ambiguous(paragraph, field, taken, f"{self.find_place(paragraph).cell}“{taken}”", other)

    def remark_ambiguous(self, paragraph: Paragraph, field: str, printed: str, taken: str, other: str) -> None:
        """It can fairly be read in two ways."""
        self._remark(Concern.AMBIGUOUS, paragraph, field, printed, taken, other)

    def find_answer(self, key: str, readings: Mapping[str, str], field: str, paragraph: Paragraph) -> str:
        """Which of these readings the office has chosen for ``key``, told; blank where it has not, or they are others here.

        ``readings`` gives each in a few words, and as printed.
        """
        answer = self.kept.get(key)
        if answer is None or answer.reading not in readings:
            return ""
        printed = readings[answer.reading]
        place = DoubtfulPlace(self.find_place(paragraph), field, printed)
        remarks: list[Remark] = []
        full = {name: f"{name}（{text}）" for name, text in readings.items()}
        choose_reading(place, key, full, self.kept, remarks)
        self.form.remarks += [remark.of_layout(self.layout) for remark in remarks]
        return answer.reading

    def ask(self, key: str, readings: Iterable[str], since: int) -> None:
        """What is ambiguous among the remarks ``since`` that many can be answered with one of these readings."""
        doubt = Doubt(key, (*readings,), self.layout)
        self.form.remarks[since:] = [
            replace(one, doubt=doubt) if one.concern is Concern.AMBIGUOUS and len(doubt.readings) > 1 else one
            for one in self.form.remarks[since:]
        ]

    def remark_unknown(self, paragraph: Paragraph, field: str, printed: str) -> None:
        """It is not in the result."""
        self._remark(Concern.UNKNOWN, paragraph, field, printed)

    def _remark(
        self, concern: Concern, paragraph: Paragraph, field: str, printed: str, taken: str = "", other: str = ""
    ) -> None:
        where = self.find_place(paragraph)
        self.form.remarks.append(
            Remark(concern=concern, where=where, field=field, printed=printed, taken=taken, other=other)
        )
