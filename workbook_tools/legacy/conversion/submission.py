"""A form of today → a project, its answers, and a submission that is checked and scored like a workbook of ours.

The submission's answers carry the sheet and cell of the form itself, so that every finding points into the file
that people sent. Printed scores, sums and rates are what the form ``shown``: the checks compare them with the
central ones. What the form has no cell for is not asked (:attr:`workbook_tools.core.model.Submission.partial`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import (
    INPUT_MEASURES,
    Answer,
    Answers,
    Direction,
    FundingSource,
    Indicator,
    IndicatorAnswer,
    Measure,
    Project,
)
from workbook_tools.core.names import NO_ALIASES, Aliases
from workbook_tools.core.tolerances import COMPARED_DECIMALS, NOISE, PRINTED
from workbook_tools.core.values import cell_number, number_text, parse_quantity
from workbook_tools.form.evidence import first_material
from workbook_tools.form.fields import Evaluation, Layout
from workbook_tools.form.funding import amount_name
from workbook_tools.form.layout import build_layout
from workbook_tools.form.narrative import text_name
from workbook_tools.form.rows import indicator_name
from workbook_tools.form.submission import OPPOSITE_SIGN, Submission
from workbook_tools.legacy.conversion.cross_examination import examine_points
from workbook_tools.legacy.conversion.evidence_column import list_materials, read_materials
from workbook_tools.legacy.conversion.execution_points import fit_scheme, say_without_execution
from workbook_tools.legacy.conversion.funding_table import ConvertedFunding, convert_funding
from workbook_tools.legacy.conversion.printed_figures import compare_sum_of_scores, show_printed
from workbook_tools.legacy.conversion.project_identity import identify_project
from workbook_tools.legacy.conversion.scheme_indicators import ConvertedIndicator, convert_indicators
from workbook_tools.legacy.conversion.scheme_sections import absent_sections, place_texts
from workbook_tools.legacy.conversion.stated_values import make_answer, make_finding, printed_text, stated_number
from workbook_tools.legacy.words.places import BODY, place_in_column
from workbook_tools.legacy.words.records import Concern, FormIndicator, HandmadeForm, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary, default_vocabulary
from workbook_tools.rules.library import APPLICABLE
from workbook_tools.rules.scheme import Scheme

# Key of the form's head → field of 基本情况.
_FIELD_OF_FACT = {"contact": "filler", "phone": "phone", "date": "fill_date"}
# Columns of which every row is asked even where all are blank; blank actuals everywhere are told once.
_ALWAYS_ASKED = frozenset({"reason", "completion", "evidence"})
# Figures of the whole form: where one has no cell, it is on this sheet that it is missing.
_OF_THE_WHOLE = (
    "total_score",
    "grade",
    "total_weight",
    "execution_score",
    "scored_rate",
    *(amount_name(measure, FundingSource.TOTAL) for measure in INPUT_MEASURES),
)


@dataclass(frozen=True, slots=True)
class ConvertedForm:
    """What a form came to: ``project`` holds the answers too, as a project list has them."""

    project: Project
    submission: Submission
    findings: tuple[Finding, ...]


def convert(
    form: HandmadeForm,
    scheme: Scheme,
    year: int = 0,
    vocabulary: Vocabulary | None = None,
    aliases: Aliases = NO_ALIASES,
) -> ConvertedForm:
    """The form as a project of ``scheme``; ``year`` is that of the campaign, 0 if there is none.

    ``aliases`` are other names of departments and units.
    """
    return _Conversion(form, fit_scheme(form, scheme), scheme, year, aliases).convert(
        vocabulary or default_vocabulary()
    )


class _Conversion:
    def __init__(self, form: HandmadeForm, scheme: Scheme, listed: Scheme, year: int, aliases: Aliases) -> None:
        self.form, self.scheme, self.year, self.aliases = form, scheme, year, aliases
        self.listed = listed
        """The scheme that a project list names; it may have points for the execution rate that the form has not."""
        self.findings: list[Finding] = []
        self.answers: dict[str, Answer] = {}
        self.printed: dict[str, Stated] = {}
        self.columns: dict[str, Stated] = {
            part: stated
            for part in ("actual", "reason", "completion", "evidence")
            for entry in reversed(form.entries)
            if (stated := getattr(entry, part)) is not None
        }
        """A cell of each column that the form has."""

    def convert(self, vocabulary: Vocabulary) -> ConvertedForm:
        lines, findings = convert_indicators(self.form, self.scheme, vocabulary)
        funding = convert_funding(self.form)
        project = self._make_project(lines, funding)
        layout = build_layout(project, self.scheme)
        self.answers |= {name: given for name, given in funding.answers.items() if name in layout.fields}
        self.printed |= funding.printed
        self._answer_execution()
        for row, line in zip(layout.rows, lines, strict=True) if lines else ():
            self._answer_row(row.name, line)
            if (name := first_material(row)) in layout.fields:
                self._answer_evidence(name, line.entry)
        if self.scheme.total.self_deduction and lines:
            self._answer_deductions(layout, lines)
        self._answer_texts(layout, vocabulary)
        self._answer_totals(lines)
        if self.form.blank:
            self._note("IMPORT35", self.form.blank, None, "自评表")
        if self.form.is_report:
            self._ask_of_report(layout, vocabulary)
        self.findings += [*findings, *funding.findings, *map(_finding_of_remark, self.form.remarks)]
        for name in _OF_THE_WHOLE:
            self.answers.setdefault(name, Answer(None, None, self.form.sheet, ""))
        computed = Evaluation(layout, {name: given.value for name, given in self.answers.items()})
        shown = show_printed(self.printed, computed, layout.fields)
        submission = Submission(self.form.file, project, self.scheme, layout, self.answers, shown, partial=True)
        submission.materials = list_materials([(line.indicator.name, line.entry.evidence) for line in lines])
        labels = self.scheme.form.labels
        placed = tuple(f.placed(self.form.file, project.code, labels) for f in self.findings)
        return ConvertedForm(_with_answers(project, self.scheme, lines, funding, self.answers), submission, placed)

    def _note(self, code: str, message: str, stated: Stated | None, field: str, **facts: object) -> None:
        self.findings.append(make_finding(code, message, stated, self.form.sheet, field, **facts))

    def _make_project(self, lines: Sequence[ConvertedIndicator], funding: ConvertedFunding) -> Project:
        identity, findings = identify_project(self.form, self.year, self.aliases)
        self.findings += findings
        return Project(
            code=identity.code,
            name=identity.name,
            department=identity.department,
            unit=identity.unit,
            year=identity.year,
            scheme=self.listed.id,
            initial_budget=funding.of(Measure.INITIAL_BUDGET),
            annual_budget=funding.of(Measure.ANNUAL_BUDGET),
            annual_goal=printed_text(self.form.texts.get("goal_annual")),
            indicators=tuple(line.indicator for line in lines),
        )

    def _place(self, name: str, stated: Stated | None) -> None:
        """Where a figure that is not typed stands."""
        if stated is not None:
            self.answers.setdefault(name, make_answer(stated, None))

    def _place_printed(self, name: str, stated: Stated | None) -> None:
        """A printed figure, to be compared with the computed one."""
        self._place(name, stated)
        if stated is not None and printed_text(stated):
            self.printed.setdefault(name, stated)

    # -- the execution rate and the totals

    def _answer_execution(self) -> None:
        row = next((entry for entry in self.form.entries if entry.is_execution_rate), None)
        self._place_printed("execution_score", self.form.execution_score or (row.score if row else None))
        if row is not None:
            points = stated_number(row.weight)
            told = f"，印着{number_text(points)}分" if points is not None else ""
            self._note(
                "IMPORT21",
                f"“{printed_text(row.name)}”一行{told}，按方案的预算执行率计分，不算指标",
                row.name,
                "指标",
            )
        if row and row.reason:
            self.answers["execution_reason"] = make_answer(row.reason, printed_text(row.reason) or None)
        stated = self.form.execution_weight or (row.weight if row else None)
        points = stated_number(stated)
        if points is not None and not NOISE.same(points, self.scheme.execution.weight):
            expected = number_text(self.scheme.execution.weight)
            self._note("IMPORT09", "", stated, "预算执行率", found=number_text(points), expected=expected)

    def _answer_totals(self, lines: Sequence[ConvertedIndicator]) -> None:
        form = self.form
        self._place_printed("total_score", form.total)
        self._place_printed("grade", form.grade)
        first = next((line.entry.weight for line in lines if line.entry.weight), None)
        self._place("total_weight", form.total_weight or form.total or first)
        self.findings += compare_sum_of_scores(form, (line.entry for line in lines), self.scheme)
        self.findings += examine_points(form, [line.entry for line in lines])
        if self.scheme is not self.listed:
            expected = number_text(self.listed.execution.weight)
            place, message = form.total_weight or first, say_without_execution(self.listed)
            self._note("IMPORT09", message, place, "预算执行率", found="没有", expected=expected)

    def _ask_of_report(self, layout: Layout, vocabulary: Vocabulary) -> None:
        """What a report must have and this one has not: blank sections and indicators are asked for as of a workbook."""
        nothing = Answer(None, None, BODY, "")
        for key in absent_sections(self.form, self.scheme, vocabulary):
            self.answers.setdefault(text_name(key), nothing)
        if layout.open and layout.rows:
            self.answers.setdefault(layout.rows[0].name("indicator"), nothing)

    # -- a row

    def _answer_row(self, name_of: Callable[[str], str], line: ConvertedIndicator) -> None:
        entry, indicator = line.entry, line.indicator
        self._place(name_of("indicator"), entry.name)
        self._place(name_of("weight"), entry.weight or entry.score)
        self._place(name_of("target"), entry.target)
        self._place(name_of("score"), entry.score or entry.weight or entry.name)
        if entry.score is not None and indicator.weight is not None and stated_number(entry.score) is not None:
            self.printed[name_of("score")] = entry.score
        actual, reason, completion = (self._cell_of(entry, part) for part in ("actual", "reason", "completion"))
        if actual is not None:
            self.answers[name_of("actual")] = self._answer_actual(actual, indicator, entry.target)
        if reason is not None:
            self.answers[name_of("deviation_reason")] = make_answer(reason, printed_text(reason) or None)
        if indicator.direction is not Direction.QUALITATIVE:
            self._place_printed(name_of("completion"), completion)
        elif (place := completion or actual) is not None and (completion or line.rating.completion is not None):
            self.answers[name_of("stated")] = make_answer(place, line.rating.completion)
            self.answers[name_of("tier")] = make_answer(place, line.rating.tier or None)
        if self.scheme.total.rebase:
            self.answers[name_of("applicable")] = make_answer(entry.name, APPLICABLE)

    def _answer_evidence(self, name: str, entry: FormIndicator) -> None:
        """Whether any evidence is listed beside the row, where the form has a column for it; what, is in the submission's materials."""
        cell = self._cell_of(entry, "evidence")
        if cell is not None:
            text = printed_text(cell) if read_materials(cell) else None
            self.answers[name] = Answer(text, text, cell.where.sheet, cell.where.cell)

    def _answer_deductions(self, layout: Layout, lines: Sequence[ConvertedIndicator]) -> None:
        """A score below that of the rule, with its reason beside it, is what the unit took off itself."""
        by_rule = Evaluation(layout, {name: given.value for name, given in self.answers.items()})
        for row, line in zip(layout.rows, lines, strict=True):
            stated, points = line.entry.score, by_rule[row.name("rule_score")]
            printed = stated_number(stated)
            if (
                stated is None
                or printed is None
                or not isinstance(points, float)
                or not printed_text(line.entry.reason)
            ):
                continue
            if printed >= 0 and PRINTED.below(printed, points):
                off = round(points - printed, COMPARED_DECIMALS)
                self.answers[row.name("self_deduction")] = replace(make_answer(stated, off), raw=off)
                message = f"印出的得分比按规则的低，写有原因，读作自扣{number_text(off)}分"
                self._note("IMPORT41", message, stated, row.label("score"), found=number_text(printed))

    def _cell_of(self, entry: FormIndicator, part: str) -> Stated | None:
        """What the row states; where it is blank but the form has such a column, nothing in the cell of that column."""
        stated: Stated | None = getattr(entry, part)
        other = self.columns.get(part)
        if stated is not None or (other is None and part not in _ALWAYS_ASKED & self.form.columns):
            return stated
        return Stated(None, "", place_in_column(entry.name.where, other.where) if other else entry.name.where)

    def _took_unit_of(self, unit: str, indicator: Indicator, target: Stated | None) -> bool:
        """Only the actual has a unit: none stands with the target, in a column of its own, or behind the name."""
        if not unit or "unit" in self.form.columns or indicator.name.rstrip("）)").endswith(unit):
            return False
        aimed = parse_quantity(printed_text(target))
        return aimed is not None and not aimed.unit

    def _answer_actual(self, stated: Stated, indicator: Indicator, target: Stated | None) -> Answer:
        """The actual as its cell would hold it; what is no number, or carries a sign, is told."""
        text = printed_text(stated)
        if indicator.direction is Direction.QUALITATIVE:
            return replace(make_answer(stated, text or None), raw=text or None)
        value = stated_number(stated)
        label = f"{indicator.name}－{self.scheme.form.labels.actual}"
        if value is None:
            if text:
                self._note("FILL02", "", stated, label, found=text)
            return make_answer(stated, text or None)
        typed = parse_quantity(text)
        if typed is not None and self.form.is_report and self._took_unit_of(typed.unit, indicator, target):
            labels = self.scheme.form.labels
            message = f"{labels.target}没有单位，{labels.actual}写了“{typed.unit}”；按 {number_text(value)} 读取"
            self._note("FILL06", message, stated, label, found=text)
        if typed is not None and indicator.direction.is_opposite(typed.direction):
            self._note("FILL02", OPPOSITE_SIGN, stated, label, found=text)
            return make_answer(stated, text)
        if typed is not None and typed.direction is not None:
            message = f"带有表示范围的符号；按 {number_text(value)}{indicator.unit} 读取"
            self._note("FILL20", message, stated, label, found=text)
        return make_answer(stated, cell_number(value, indicator.unit))

    # -- texts

    def _answer_texts(self, layout: Layout, vocabulary: Vocabulary) -> None:
        placed, left = place_texts(self.form.texts, self.scheme, vocabulary, is_report=self.form.is_report)
        labels = {section.key: section.label for section in self.scheme.texts}
        for text in placed:
            self.answers[text_name(text.key)] = make_answer(text.stated, printed_text(text.stated) or None)
            for _, stated in text.added:
                message = f"本方案没有这一段，放在“{labels[text.key]}”里"
                self._note("IMPORT32", message, stated, labels[text.key], found=printed_text(stated))
        for _, stated in left:
            if printed_text(stated):
                message = "本方案没有这一段文字，没有采用"
                self._note("IMPORT03", message, stated, "文字", found=printed_text(stated))
        for key, name in _FIELD_OF_FACT.items():
            if key in self.form.head and name in layout.fields:
                stated = self.form.head[key]
                self.answers[name] = make_answer(stated, printed_text(stated) or None)


def _finding_of_remark(remark: Remark) -> Finding:
    """What the recogniser was not sure of."""
    place = {"sheet": remark.where.sheet, "cell": remark.where.cell, "field": remark.field, "found": remark.printed}
    if remark.concern is Concern.UNKNOWN:
        return finding("IMPORT03", **place)
    if remark.concern is Concern.UNSEEN:
        return finding("IMPORT36", remark.taken, **place)
    if remark.kept is not None and remark.doubt is not None:
        said = f"{remark.kept.by} {remark.kept.on}答复“{remark.doubt.key}”：{remark.kept.reading}"
        if remark.concern is Concern.REFUSED:
            return finding("IMPORT34", f"{said}；这张表不能这样读，没有采用", **place)
        return finding("IMPORT33", f"读作“{remark.taken}”（{said}；这个版式的表都这样读）", **place)
    again = f"；{remark.differs}，所以再问" if remark.differs else ""
    return finding("IMPORT02", f"读作“{remark.taken}”，也可以读作“{remark.other}”{again}", **place)


# -- the answers as a project list carries them


def _with_answers(
    project: Project,
    scheme: Scheme,
    lines: Sequence[ConvertedIndicator],
    funding: ConvertedFunding,
    answers: dict[str, Answer],
) -> Project:
    given = Answers(
        received=funding.of(Measure.RECEIVED),
        executed=funding.of(Measure.EXECUTED),
        indicators=tuple(
            _answer_of(line, answers.get(indicator_name(number, "self_deduction")))
            for number, line in enumerate(lines, 1)
        ),
        execution_reason=_text_of(answers, "execution_reason"),
        texts={t.key: text for t in scheme.texts if (text := _text_of(answers, text_name(t.key)))},
        info={name: text for name in _FIELD_OF_FACT.values() if (text := _text_of(answers, name))},
    )
    return project.model_copy(update={"answers": given})


def _text_of(answers: dict[str, Answer], name: str) -> str:
    found = answers.get(name)
    return str(found.value or "") if found else ""


def _answer_of(line: ConvertedIndicator, deduction: Answer | None) -> IndicatorAnswer:
    entry = line.entry
    qualitative = line.indicator.direction is Direction.QUALITATIVE
    return IndicatorAnswer(
        actual=printed_text(entry.actual) or None if qualitative else stated_number(entry.actual),
        tier=line.rating.tier,
        completion=line.rating.completion,
        self_deduction=deduction.value if deduction and isinstance(deduction.value, float) else None,
        deviation_reason=printed_text(entry.reason),
        materials=read_materials(entry.evidence),
    )
