"""A 复核表 that came back → what the reviewer found, or why it was not taken, with sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from workbook_tools.core.codes import Severity
from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.labels import USUAL_LABELS
from workbook_tools.core.values import number_text, percent_text, target_text
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.fields import Evaluation, Role
from workbook_tools.form.identity import Issue, SealState
from workbook_tools.form.layout import VERSIONS as OTHER_FORMS
from workbook_tools.form.rows import FormRow
from workbook_tools.inspection import form
from workbook_tools.inspection.form_facts import FormFacts, PrintedExecution, PrintedRow
from workbook_tools.inspection.record import InspectedScore, Inspection, QualityScore
from workbook_tools.review.checks.filled_form import FilledForm
from workbook_tools.review.guarded_reading import read_each_submission
from workbook_tools.review.scoring import Scored, indicator_text
from workbook_tools.rules import library
from workbook_tools.workbooks.reading import Keys, Reading

_UNKNOWN_FORM = "FILE06"
_UNPROVEN = {SealState.FOREIGN: "TAMPER15", SealState.PUBLIC: "TAMPER16"}
"""Seals that hold and are none of ours, of which the reader says nothing."""


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """What came of a file."""

    file: str
    findings: tuple[Finding, ...]
    code: str = ""
    """The project's; blank where nobody knows."""
    inspection: Inspection | None = None
    """``None`` where it was refused: the findings say why."""
    issue: Issue = field(default_factory=Issue)
    answers: str = ""
    """Identifies what was typed."""


def read_returned(sources: Sequence[SourceFile], keys: Keys) -> Iterator[ReturnedForm]:
    """Read files that should be 复核表, in their order. Raises nothing for bad files: see ``ReturnedForm.findings``.

    One is taken where its signature is one of this office's, nothing of what was issued is changed, every score is within its weight,
    and every difference has a reason.
    """
    return map(judge_form, read_each_submission(sources, keys, form.VERSIONS))


def judge_form(reading: Reading) -> ReturnedForm:
    """What came of a file that was read."""
    submission = reading.submission
    if submission is None:
        return ReturnedForm(reading.file, tuple(map(_name_other_form, reading.findings)))
    checked = FilledForm(
        Scored(submission, Evaluation(submission.layout, {n: a.value for n, a in submission.answers.items()}))
    )
    found = [*reading.findings, *_doubt_seal(reading)]
    found += [one.placed(reading.file, submission.project.code, USUAL_LABELS) for one in _check(checked)]
    refused = any(one.severity is Severity.ERROR for one in found) or not _is_proven(reading)
    return ReturnedForm(
        reading.file,
        tuple(found),
        submission.project.code,
        None if refused else _collect(checked, reading),
        reading.issue,
        digest_facts(sorted((name, answer.value) for name, answer in submission.answers.items() if not answer.blank)),
    )


def _name_other_form(item: Finding) -> Finding:
    """A 自评表 among the 复核表 is named as what it is."""
    if item.code == _UNKNOWN_FORM and item.found in OTHER_FORMS:
        return replace(
            item,
            message="这是自评表，不是复核表",
            found="",
            expected="",
            advice="请把复核表放进来；自评表放在工作文件夹的“回收”里。",
        )
    return item


def _is_proven(reading: Reading) -> bool:
    """The office has issued it; of a format that keeps no locks the contents at least are signed by it."""
    if reading.seal_state is SealState.VALUES_ONLY:
        return reading.seal is not None and not reading.seal.key.foreign
    return reading.seal_state is SealState.OWN


def _doubt_seal(reading: Reading) -> Iterator[Finding]:
    if code := _UNPROVEN.get(reading.seal_state):
        yield finding(code, file=reading.file, advice="没有采用。请用本局下发的复核表填写。")


def _check(checked: FilledForm) -> Iterator[Finding]:
    """What is not filled in, out of range, or lacks its reason."""
    if not any(answer.value is not None for answer in checked.submission.answers.values()):
        yield finding("FILE18", "收到的是没有填写的复核表", advice="请复核人填写后再放进来。")
        return
    for item, word in checked.problems:
        if item.role is not Role.INPUT:
            continue
        if word == library.EMPTY:
            yield checked.finding(item.name, "FILL01", f"没有填{item.label}")
        elif word == library.OUT_OF_RANGE:
            limits = f"{number_text(item.low or 0)}～{number_text(item.high or 0)}"
            message = "得分超过分值" if item.limit and (checked.number(item.name) or 0) > 0 else ""
            yield checked.finding(item.name, "FILL03", message, found=checked.figures[item.name], expected=limits)
        elif word == library.REASON_NEEDED:
            difference = checked.number(str(item.problem_variables["difference"]))
            yield checked.finding(item.name, "FILL32", found=f"差异 {number_text(difference or 0)} 分")


# -- what it says -----------------------------------------------------------------------------------------------------


def _collect(checked: FilledForm, reading: Reading) -> Inspection:
    project, facts = checked.layout.project, FormFacts.model_validate(checked.layout.facts)
    rows = zip(checked.layout.rows, facts.rows, strict=False)
    execution = [_collect_execution(checked, facts.execution)] if checked.scheme.execution.weight else []
    return Inspection(
        code=project.code,
        name=project.name,
        department=project.department,
        unit=project.unit,
        reason=facts.reason,
        self_total=facts.self_total,
        central_total=facts.central_total,
        central_grade=facts.central_grade,
        total=checked.number(form.TOTAL),
        grade=checked.text(form.GRADE),
        difference=checked.number(form.DIFFERENCE),
        scores=(*execution, *(_collect_score(checked, row, one) for row, one in rows if form.is_asked(row, one))),
        quality=tuple(_collect_quality(checked, facts)),
        quality_total=checked.number(form.QUALITY),
        conclusion=checked.text(form.CONCLUSION),
        reviewer=checked.text(form.REVIEWER),
        date=checked.text(form.DATE),
        file=reading.file,
        issue=reading.issue.id,
    )


def _collect_execution(checked: FilledForm, printed: PrintedExecution) -> InspectedScore:
    rate = checked.number("scored_rate")
    return InspectedScore(
        name="预算执行率",
        weight=checked.scheme.execution.weight,
        target_text="100%",
        actual_text="" if printed.rate is None else percent_text(printed.rate),
        value_text="" if rate is None else percent_text(rate),
        self_score=printed.self_score,
        central_score=printed.central_score,
        score=checked.number("execution_score"),
        difference=checked.number("execution_difference"),
        evidence=_join_money_evidence(checked),
        opinion=checked.text("execution_opinion"),
    )


def _join_money_evidence(checked: FilledForm) -> str:
    """What was looked at for the rate, and for the money that it comes from."""
    names = [form.money_name(part, checked.scheme) for part in (form.BASE, form.EXECUTED)]
    told = [checked.text(f"{name}_evidence") for name in (*names, "execution")]
    return "；".join(dict.fromkeys(filter(None, told)))


def _collect_score(checked: FilledForm, row: FormRow, printed: PrintedRow) -> InspectedScore:
    indicator = row.indicator
    return InspectedScore(
        dimension=indicator.dimension,
        name=indicator.name,
        weight=indicator.weight,
        target_text=target_text(indicator.target, indicator.unit, indicator.direction),
        actual_text=printed.actual_text,
        value_text=indicator_text(row, checked.figures, "actual"),
        self_score=printed.self_score,
        central_score=printed.central_score,
        score=checked.number(row.name("score")),
        difference=checked.number(row.name("difference")),
        evidence=checked.text(row.name("evidence")),
        opinion=checked.text(row.name("opinion")),
    )


def _collect_quality(checked: FilledForm, facts: FormFacts) -> Iterator[QualityScore]:
    for number, item in enumerate(facts.quality, 1):
        score = checked.number(form.quality_name(number, "score")) or 0.0
        yield QualityScore(
            name=item.name, points=item.points, score=score, note=checked.text(form.quality_name(number, "note"))
        )
