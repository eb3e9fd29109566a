"""What every check asks of a filled form: its figures and texts, the words of its live checks, a finding at a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.labels import FormLabels
from workbook_tools.core.model import Direction, FundingSource, Measure
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import is_number
from workbook_tools.form.fields import Evaluation, Field, Kind, Layout, Role
from workbook_tools.form.funding import amount_name
from workbook_tools.form.rows import FormRow
from workbook_tools.form.submission import Submission
from workbook_tools.review.scoring import Scored, indicator_direction, indicator_text, used_rows
from workbook_tools.rules import library
from workbook_tools.rules.scheme import Scheme


@dataclass(eq=False)
class FilledForm:
    """A scored submission as the checks see it. Amounts in 万元, rates and completions as fractions, points in 分."""

    scored: Scored
    submission: Submission = field(init=False)
    """What was read."""
    figures: Evaluation = field(init=False)
    """The central figures, by field name."""
    scheme: Scheme = field(init=False)
    """The scheme that it was issued with."""
    layout: Layout = field(init=False)
    """Its fields."""
    labels: FormLabels = field(init=False)
    """What it calls its parts."""
    partial: bool = field(init=False)
    """A form of today: what has no answer has no cell there."""
    _numbers: dict[str, float | None] = field(default_factory=dict, repr=False)
    _texts: dict[str, str] = field(default_factory=dict, repr=False)
    _losses: dict[int, bool] = field(default_factory=dict, repr=False)
    """Figures, texts, and of rows whether they lose points, that were asked for: many checks ask for the same."""

    def __post_init__(self) -> None:
        submission = self.submission = self.scored.submission
        self.figures, self.layout, self.partial = self.scored.figures, submission.layout, submission.partial
        self.scheme = submission.scheme
        self.labels = self.scheme.form.labels

    # -- one field ----------------------------------------------------------------------------------------------------

    def number(self, name: str) -> float | None:
        """A field's figure, if it has one and it is a number."""
        if name not in self._numbers:
            value = self.figures[name] if self.figures.has(name) else None
            self._numbers[name] = float(value) if is_number(value) and isinstance(value, int | float) else None
        return self._numbers[name]

    def amount(self, measure: Measure, source: FundingSource = FundingSource.TOTAL) -> float | None:
        """A cell of the funding table."""
        return self.number(amount_name(measure, source))

    def text(self, name: str) -> str:
        """A field's text, without blanks around it; nothing for a number or a field that the form lacks."""
        if name not in self._texts:
            value = self.figures[name] if self.figures.has(name) else None
            self._texts[name] = value.strip() if isinstance(value, str) else ""
        return self._texts[name]

    def is_typed(self, name: str) -> bool:
        """Something was typed into the field."""
        answer = self.submission.answers.get(name)
        return answer is not None and answer.value is not None

    def find_mismatch(self, name: str) -> tuple[float, float | None] | None:
        """What a formula cell showed when it was saved, and the central figure, where the two differ.

        A 0 beside no figure was never calculated, and differs in nothing.
        """
        shown, central = self.submission.shown.get(name), self.number(name)
        if not isinstance(shown, float):
            return None
        differs = bool(shown) if central is None else not NOISE.same(shown, central)
        return (shown, central) if differs else None

    def finding(
        self, name: str, code: str, message: str = "", *, found: object = "", expected: object = "", advice: str = ""
    ) -> Finding:
        """A finding at a field: the cell that was read, or the field's own; a form of today may have neither."""
        sheet, cell = self.submission.place_of(name)
        label = self.layout.fields[name].label
        if name in self.submission.comments and not self.is_typed(name):
            place, written = self.submission.comments[name]
            advice = f"{place} 的批注里写着“{written}”：批注不算填写，请把要填的写进 {cell} 这一格。"
        return finding(
            code, message, sheet=sheet, cell=cell, field=label, found=found, expected=expected, advice=advice
        )

    # -- rows of the indicator table ----------------------------------------------------------------------------------

    @cached_property
    def used_rows(self) -> list[FormRow]:
        """The rows that hold an indicator: approved or proposed."""
        return used_rows(self.layout, self.figures)

    @cached_property
    def counted_rows(self) -> list[FormRow]:
        """The rows that are scored: those of them that apply."""
        return [row for row in self.used_rows if self.applies(row)]

    def applies(self, row: FormRow) -> bool:
        """The unit has not marked the indicator as 不适用."""
        name = row.name("applicable")
        return not self.figures.has(name) or self.figures[name] != library.NOT_APPLICABLE

    def direction(self, row: FormRow) -> Direction:
        """The direction of a row."""
        return indicator_direction(row, self.figures)

    def quantity(self, row: FormRow, part: str) -> str:
        """Target or actual of a row as the form prints it: ≥95%, 96%, 有效."""
        return indicator_text(row, self.figures, part)

    def loses_points(self, row: FormRow) -> bool:
        """It has earned less than its weight, at the decimals of the scheme (13.33 of 13.3333 is all); or nothing."""
        if row.number not in self._losses:
            self._losses[row.number] = self._loses_points(row)
        return self._losses[row.number]

    def _loses_points(self, row: FormRow) -> bool:
        score, weight = self.number(row.name("score")), self.number(row.name("weight"))
        if weight is None or score is None:
            return weight is not None
        return bool(library.is_score_lost(self.scheme).value({"score": score, "weight": weight}))

    def row_problems(self) -> Iterator[tuple[FormRow, dict[str, str]]]:
        """Per row of the indicator table its problems by part; a row that does not apply has none."""
        words: dict[int, dict[str, str]] = {}
        for item, word in self.problems:
            words.setdefault(item.row, {})[item.part] = word
        for row in self.layout.rows:
            if self.applies(row):
                yield row, words.get(row.number, {})

    # -- the whole form -----------------------------------------------------------------------------------------------

    @cached_property
    def problems(self) -> list[tuple[Field, str]]:
        """The fields that the live 校验 sheet would complain about, with its words.

        Fields of a sheet that was deleted are left out, and cells that hold what cannot be read: the reader has said
        so. Of a form of today only what has a cell there is asked.
        """
        answers = self.submission.answers
        read = {self.layout.fields[name].sheet for name in answers}
        asked = (item for item in self.layout.fields.values() if item.problem is not None and item.sheet in read)
        if self.partial:
            asked = (item for item in asked if item.role is Role.INPUT and item.name in answers)
        words = ((item, self.figures.problem(item)) for item in asked)
        return [(item, word) for item, word in words if word and not self._is_unreadable(item, word)]

    def _is_unreadable(self, item: Field, word: str) -> bool:
        answer = self.submission.answers.get(item.name)
        return word == library.EMPTY and answer is not None and not answer.blank

    @property
    def untouched(self) -> bool:
        """Nothing at all was typed; drop-downs do not count, some come with a choice made."""
        fields = self.layout.fields
        return not any(
            answer.value is not None and fields[name].role is Role.INPUT and fields[name].kind is not Kind.CHOICE
            for name, answer in self.submission.answers.items()
        )


Check = Callable[[FilledForm], Iterator[Finding]]
"""One rule: the findings about one form."""
