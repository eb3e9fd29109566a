"""A form of today → a project, its answers, and a submission that is checked and scored like a workbook of ours.

The submission's answers carry the sheet and cell of the form itself, so that every finding points into the file
that people sent. Printed scores, sums and rates are what the form ``shown``: the checks compare them with the
central ones. What the form has no cell for is not asked (:attr:`workbook_tools.core.model.Submission.partial`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import (
    INPUT_MEASURES,
    SUM_SOURCES,
    Answer,
    Answers,
    Direction,
    FundingSource,
    Indicator,
    IndicatorAnswer,
    Measure,
    Project,
    Value,
)
from workbook_tools.core.tolerances import NOISE, PRINTED, rounding
from workbook_tools.core.values import cell_number, number_text, parse_quantity, plain
from workbook_tools.form.fields import Evaluation, Layout
from workbook_tools.form.funding import amount_name
from workbook_tools.form.layout import build_layout
from workbook_tools.form.narrative import text_name
from workbook_tools.form.submission import Submission
from workbook_tools.legacy.conversion.amounts import ConvertedFunding, read_funding
from workbook_tools.legacy.conversion.indicators import ConvertedIndicator, lines_of
from workbook_tools.legacy.conversion.stated import answer, meaning, number, words
from workbook_tools.legacy.words.places import place_in_column
from workbook_tools.legacy.words.records import Concern, FormIndicator, HandmadeForm, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary, default_vocabulary
from workbook_tools.rules.library import APPLICABLE
from workbook_tools.rules.scheme import Scheme

NO_DEPARTMENT, NO_UNIT = "（未填主管部门）", "（未填实施单位）"
"""Stand where a form does not say whose the project is."""
_INFO = {"contact": "filler", "phone": "phone", "date": "fill_date"}
"""Key of the form's head → field of 基本情况."""
_TEXTS = {"process": "overview", "deviation": "problems"}
"""Key of a form's text → the scheme's section for it, where the scheme has none of the same key."""
_ASKED = frozenset({"reason", "completion"})
"""Columns of which every row is asked even where all are blank; blank actuals everywhere are told once."""
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_WHOLE = (
    "total_score", "grade", "total_weight", "execution_score", "scored_rate",
    *(amount_name(measure, FundingSource.TOTAL) for measure in INPUT_MEASURES),
)  # fmt: skip
"""Figures of the whole form: where one has no cell, it is on this sheet that it is missing."""
_SUMS = frozenset(amount_name(m, s) for m in INPUT_MEASURES for s in SUM_SOURCES)


@dataclass(frozen=True, slots=True)
class ConvertedForm:
    """What a form came to: ``project`` holds the answers too, as a project list has them."""

    project: Project
    submission: Submission
    findings: tuple[Finding, ...]


def convert(form: HandmadeForm, scheme: Scheme, year: int = 0, vocabulary: Vocabulary | None = None) -> ConvertedForm:
    """The form as a project of ``scheme``; ``year`` is that of the campaign, 0 if there is none."""
    return _Conversion(form, scheme, year).convert(vocabulary or default_vocabulary())


def project_code(unit: str, name: str) -> str:
    """A code for a project that has none: the same for the same unit and name, in every year."""
    return "M" + hashlib.sha256(f"{plain(unit)}\n{plain(name)}".encode()).hexdigest()[:8].upper()


class _Conversion:
    def __init__(self, form: HandmadeForm, scheme: Scheme, year: int) -> None:
        self.form, self.scheme, self.year = form, scheme, year
        self.findings: list[Finding] = []
        self.answers: dict[str, Answer] = {}
        self.printed: dict[str, Stated] = {}
        self.columns: dict[str, Stated] = {
            part: stated
            for part in ("actual", "reason", "completion")
            for entry in reversed(form.entries)
            if (stated := getattr(entry, part)) is not None
        }
        """A cell of each column that the form has."""

    def convert(self, vocabulary: Vocabulary) -> ConvertedForm:
        lines, told = lines_of(self.form, self.scheme, vocabulary)
        funding = read_funding(self.form)
        project = self._project(lines, funding)
        layout = build_layout(project, self.scheme)
        self.answers |= {name: given for name, given in funding.answers.items() if name in layout.fields}
        self.printed |= funding.printed
        self._execution()
        for row, line in zip(layout.rows, lines, strict=True) if lines else ():
            self._row(row.name, line)
        self._texts(layout)
        self._totals(lines)
        self.findings += [*told, *funding.findings, *map(_remark, self.form.remarks)]
        for name in _WHOLE:
            self.answers.setdefault(name, Answer(None, None, self.form.sheet, ""))
        submission = Submission(
            self.form.file, project, self.scheme, layout, self.answers, self._shown(layout), partial=True
        )
        labels = self.scheme.form.labels
        findings = tuple(f.placed(self.form.file, project.code, labels) for f in self.findings)
        return ConvertedForm(_answered(project, self.scheme, lines, funding, self.answers), submission, findings)

    def _note(self, code: str, message: str, stated: Stated | None, field: str, **facts: object) -> None:
        where = {"sheet": stated.where.sheet, "cell": stated.where.cell} if stated else {"sheet": self.form.sheet}
        self.findings.append(finding(code, message, field=field, **where, **facts))  # type: ignore[arg-type]

    # -- whose it is ------------------------------------------------------------------------------------------------

    def _project(self, lines: Sequence[ConvertedIndicator], funding: ConvertedFunding) -> Project:
        head = {key: meaning(stated) for key, stated in self.form.head.items()}
        name, department, unit = (head.get(key, "") for key in ("project", "department", "unit"))
        facts = (("项目名称", name), ("主管部门", department), ("实施单位", unit))
        missing = [label for label, fact in facts if not fact]
        if missing:
            self._note("IMPORT05", f"没有写{'、'.join(missing)}", None, "表头")
        name = name or self.form.title or PurePath(self.form.file).stem
        unit, department = unit or department, department or unit
        code = head.get("code", "")
        if not code:
            code = project_code(unit or PurePath(self.form.file).stem, name)
            self._note("IMPORT06", f"没有项目编码，编为 {code}", self.form.head.get("project"), "项目编码", found=name)
        return Project(
            code=code,
            name=name,
            department=department or NO_DEPARTMENT,
            unit=unit or NO_UNIT,
            year=self._year(),
            scheme=self.scheme.id,
            initial_budget=funding.of(Measure.INITIAL_BUDGET),
            annual_budget=funding.of(Measure.ANNUAL_BUDGET),
            annual_goal=words(self.form.texts.get("goal_annual")),
            indicators=tuple(line.indicator for line in lines),
        )

    def _year(self) -> int:
        """The campaign's year where the form or its file's name has it, or has none; else what the form says."""
        stated = self.form.year
        on_form = int(number(stated) or 0)
        in_name = {int(text) for text in _IN_NAME.findall(PurePath(self.form.file).name)}
        if not on_form:
            chosen = self.year or max(in_name, default=0)
            message = f"没有写评价年度，按 {chosen} 年度计" if chosen else "没有写评价年度"
            self._note("IMPORT04", message, None, "评价年度")
            return chosen
        chosen = self.year if self.year in in_name else on_form
        others = sorted(({on_form, self.year, *in_name} - {0}) - {chosen})
        doubted = bool(in_name) and on_form not in in_name and on_form != self.year
        if doubted or (self.year and self.year != chosen):
            named = f"文件名中是 {'、'.join(map(str, sorted(in_name)))}，" if in_name else ""
            asked = f"本次自评是 {self.year} 年度，" if self.year else ""
            message = f"表上写 {on_form} 年度，{named}{asked}按 {chosen} 年度计"
            self._note("IMPORT04", message, stated, "评价年度", found=on_form, expected="、".join(map(str, others)))
        return chosen

    # -- what it states ---------------------------------------------------------------------------------------------

    def _place(self, name: str, stated: Stated | None) -> None:
        """Where a figure that is not typed stands."""
        if stated is not None:
            self.answers.setdefault(name, answer(stated, None))

    def _print(self, name: str, stated: Stated | None) -> None:
        """A printed figure, to be compared with the computed one."""
        self._place(name, stated)
        if stated is not None and words(stated):
            self.printed.setdefault(name, stated)

    def _execution(self) -> None:
        row = next((entry for entry in self.form.entries if entry.is_execution_rate), None)
        self._print("execution_score", self.form.execution_score or (row.score if row else None))
        if row and row.reason:
            self.answers["execution_reason"] = answer(row.reason, words(row.reason) or None)
        stated = self.form.execution_weight or (row.weight if row else None)
        points = number(stated)
        if points is not None and not NOISE.same(points, self.scheme.execution.weight):
            expected = number_text(self.scheme.execution.weight)
            self._note("IMPORT09", "", stated, "预算执行率", found=number_text(points), expected=expected)

    def _row(self, name_of: Callable[[str], str], line: ConvertedIndicator) -> None:
        entry, indicator = line.entry, line.indicator
        for part, stated in (
            ("indicator", entry.name),
            ("weight", entry.weight or entry.score),
            ("target", entry.target),
        ):
            self._place(name_of(part), stated)
        self._place(name_of("score"), line.entry.score or entry.weight or entry.name)
        if line.entry.score is not None and indicator.weight is not None and number(line.entry.score) is not None:
            self.printed[name_of("score")] = line.entry.score
        actual, reason = (self._cell(entry, part) for part in ("actual", "reason"))
        if actual is not None:
            self.answers[name_of("actual")] = self._actual(actual, indicator)
        if reason is not None:
            self.answers[name_of("deviation_reason")] = answer(reason, words(reason) or None)
        completion = self._cell(entry, "completion")
        if indicator.direction is not Direction.QUALITATIVE:
            self._print(name_of("completion"), completion)
        elif (place := completion or actual) is not None and (completion or line.rating.completion is not None):
            self.answers[name_of("stated")] = answer(place, line.rating.completion)
            self.answers[name_of("tier")] = answer(place, line.rating.tier or None)
        if self.scheme.total.rebase:
            self.answers[name_of("applicable")] = answer(entry.name, APPLICABLE)

    def _cell(self, entry: FormIndicator, part: str) -> Stated | None:
        """What the row states; where it is blank but the form has such a column, nothing in the cell of that column."""
        stated: Stated | None = getattr(entry, part)
        other = self.columns.get(part)
        if stated is not None or (other is None and part not in _ASKED & self.form.columns):
            return stated
        return Stated(None, "", place_in_column(entry.name.where, other.where) if other else entry.name.where)

    def _actual(self, stated: Stated, indicator: Indicator) -> Answer:
        """The actual as its cell would hold it; what is no number, or carries a sign, is told."""
        text = words(stated)
        if indicator.direction is Direction.QUALITATIVE:
            return replace(answer(stated, text or None), raw=text or None)
        value = number(stated)
        label = f"{indicator.name}－{self.scheme.form.labels.actual}"
        if value is None:
            if text:
                self._note("FILL02", "", stated, label, found=text)
            return answer(stated, text or None)
        typed = parse_quantity(text)
        if typed is not None and typed.direction is not None:
            message = f"带有表示范围的符号；按 {number_text(value)}{indicator.unit} 读取"
            self._note("FILL20", message, stated, label, found=text)
        return answer(stated, cell_number(value, indicator.unit))

    def _texts(self, layout: Layout) -> None:
        for key, stated in self.form.texts.items():
            name = next((n for k in (key, _TEXTS.get(key, key)) if (n := text_name(k)) in layout.fields), "")
            if name and name not in self.answers:
                self.answers[name] = answer(stated, words(stated) or None)
            elif words(stated):
                self._note("IMPORT03", "本方案没有这一段文字，没有采用", stated, "文字", found=words(stated))
        for key, name in _INFO.items():
            if key in self.form.head and name in layout.fields:
                self.answers[name] = answer(self.form.head[key], words(self.form.head[key]) or None)

    def _totals(self, lines: Sequence[ConvertedIndicator]) -> None:
        form = self.form
        self._print("total_score", form.total)
        self._print("grade", form.grade)
        first = next((line.entry.weight for line in lines if line.entry.weight), None)
        self._place("total_weight", form.total_weight or form.total or first)
        self._sum_of_scores(lines)

    def _sum_of_scores(self, lines: Sequence[ConvertedIndicator]) -> None:
        """The printed scores against the printed total; nothing is told where a score is missing."""
        scores = [number(line.entry.score) for line in lines if not line.entry.is_part]
        total, execution = number(self.form.total), number(self.form.execution_score)
        if total is None or not scores or None in scores:
            return
        added = round(sum(score or 0 for score in scores) + (execution or 0.0), 6)
        unknown = self.scheme.execution.weight if execution is None else 0.0
        if PRINTED.below(total, added) or PRINTED.above(total, added + unknown):
            self._note("IMPORT12", "", self.form.total, "总分", found=number_text(total), expected=number_text(added))

    # -- what it prints ---------------------------------------------------------------------------------------------

    def _shown(self, layout: Layout) -> dict[str, Value]:
        """The printed figures; those that are the computed ones, rounded as printed, are the computed ones."""
        figures = Evaluation(layout, {name: given.value for name, given in self.answers.items()})
        shown: dict[str, Value] = {}
        for name, stated in self.printed.items():
            if name not in layout.fields:
                continue
            if name == "grade":
                shown[name] = words(stated)
                continue
            value, central = number(stated), figures[name]
            if value is not None:
                near = _rounding(stated, value) if name in _SUMS else min(_rounding(stated, value), PRINTED.value)
                same = isinstance(central, float) and NOISE.same(central, value, near)
                shown[name] = central if same else value
        return shown


def _rounding(stated: Stated, value: float) -> float:
    """By how much a figure may differ that was rounded to the printed decimals (86.19% → 0.00005, 25万元 → 0.5)."""
    typed = parse_quantity(words(stated))
    if typed is None:
        return 0.0
    scale = typed.number / value if value else 1.0
    return rounding(words(stated).rstrip("%％分")) / max(scale, 1.0)


def _remark(remark: Remark) -> Finding:
    """What the recogniser was not sure of."""
    place = {"sheet": remark.where.sheet, "cell": remark.where.cell, "field": remark.field, "found": remark.printed}
    if remark.concern is Concern.UNKNOWN:
        return finding("IMPORT03", **place)
    return finding("IMPORT02", f"读作“{remark.taken}”，也可以读作“{remark.other}”", **place)


def _answered(
    project: Project,
    scheme: Scheme,
    lines: Sequence[ConvertedIndicator],
    funding: ConvertedFunding,
    answers: dict[str, Answer],
) -> Project:
    """The project with its answers, as a project list carries them."""
    given = Answers(
        received=funding.of(Measure.RECEIVED),
        executed=funding.of(Measure.EXECUTED),
        indicators=tuple(_indicator_answer(line) for line in lines),
        execution_reason=_text(answers, "execution_reason"),
        texts={t.key: text for t in scheme.texts if (text := _text(answers, text_name(t.key)))},
        info={name: text for name in _INFO.values() if (text := _text(answers, name))},
    )
    return project.model_copy(update={"answers": given})


def _text(answers: dict[str, Answer], name: str) -> str:
    found = answers.get(name)
    return str(found.value or "") if found else ""


def _indicator_answer(line: ConvertedIndicator) -> IndicatorAnswer:
    entry = line.entry
    qualitative = line.indicator.direction is Direction.QUALITATIVE
    actual = words(entry.actual) or None if qualitative else number(entry.actual)
    return IndicatorAnswer(
        actual=actual,
        tier=line.rating.tier,
        completion=line.rating.completion,
        deviation_reason=words(entry.reason),
    )
