"""整改情况表 that have come back: each is read by itself, and none stops the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.findings import Finding, finding
from workbook_tools.files.sources import SourceFile
from workbook_tools.followup.answer_book import (
    EVIDENCE,
    MEASURE,
    NEEDED,
    RESULT,
    TERM,
    TITLE,
    VERSIONS,
    field_name,
    restore_book,
)
from workbook_tools.form.identity import SealState
from workbook_tools.form.submission import Submission
from workbook_tools.review.guarded_reading import read_each_submission
from workbook_tools.workbooks.reading import Keys, Reading

_OURS = (SealState.OWN, SealState.VALUES_ONLY)
"""Seals of what this office has issued; a format without locks is held against what was issued all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAnswer:
    """What a unit has typed about a matter."""

    number: str
    """Of the matter."""
    code: str
    """Of its project."""
    measure: str
    term: str
    result: str
    evidence: str


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What came of a file. Findings of severity error say why it, or a row of it, was not taken."""

    name: str
    unit: str = ""
    department: str = ""
    by: str = ""
    """填报人."""
    answers: tuple[TypedAnswer, ...] = ()
    findings: tuple[Finding, ...] = ()
    sha256: str = ""

    @property
    def taken(self) -> bool:
        """Something of it counts."""
        return bool(self.answers)


def read_answer_files(sources: Sequence[SourceFile], keys: Keys) -> Iterator[AnswerFile]:
    """What came of each file, in their order; ``keys``: key id → key. Raises nothing for bad files: see :class:`AnswerFile`."""
    return map(_judge, read_each_submission(sources, keys, VERSIONS))


def _judge(reading: Reading) -> AnswerFile:
    """The answers, where the file is what was issued and is as it was issued."""
    submission, findings = reading.submission, reading.findings
    if submission is None:
        return AnswerFile(reading.file, findings=tuple(map(_name_kind, findings)), sha256=reading.sha256)
    book = restore_book(submission.layout.facts, submission.project)
    whole = AnswerFile(
        reading.file,
        book.unit,
        book.department,
        _text(submission, "filled_by"),
        findings=tuple(findings),
        sha256=reading.sha256,
    )
    spoilt = [
        item
        for item in findings
        if item.severity is Severity.ERROR and item.code.startswith((Family.FILE, Family.TAMPER))
    ]
    if spoilt or reading.seal_state not in _OURS:
        return whole
    rows = {number: asked.matter for number, asked in enumerate(book.matters, 1)}
    blank = {number: list(_list_blank(submission, number)) for number in rows}
    if all(len(lacking) == len(NEEDED) for lacking in blank.values()):
        message = "一项也没有填写"
        return _with(
            whole, [finding("FILL15", message, file=reading.file, advice="请填写每项的整改措施和整改结果后再报。")]
        )
    lacking = [_report_blank(submission, name) for names in blank.values() for name in names]
    answers = [
        TypedAnswer(
            number=matter.number,
            code=matter.code,
            measure=_cell(submission, row, MEASURE),
            term=_cell(submission, row, TERM),
            result=_cell(submission, row, RESULT),
            evidence=_cell(submission, row, EVIDENCE),
        )
        for row, matter in rows.items()
        if not blank[row]
    ]
    return _with(whole, lacking, answers)


def _name_kind(item: Finding) -> Finding:
    """A workbook that is none of ours, or is another form of ours, is told as what it should be here."""
    if item.code not in ("FILE05", "FILE06"):
        return item
    advice = f"请单位填写下发的{TITLE}；佐证材料放进名称以“.佐证”结尾的文件夹，不必读。"
    return replace(item, message=f"不是下发的{TITLE}", found="", expected="", advice=advice)


def _with(whole: AnswerFile, more: Sequence[Finding], answers: Sequence[TypedAnswer] = ()) -> AnswerFile:
    return AnswerFile(
        whole.name, whole.unit, whole.department, whole.by, tuple(answers), (*whole.findings, *more), whole.sha256
    )


def _list_blank(submission: Submission, row: int) -> Iterator[str]:
    """Names of the cells of a row without which there is no answer, and that are blank."""
    return (name for part in NEEDED if not _text(submission, name := field_name(row, part)))


def _report_blank(submission: Submission, name: str) -> Finding:
    sheet, cell = submission.place_of(name)
    label = submission.layout.fields[name].label
    message = "没有填，这一项没有采用"
    return finding("FILL01", message, file=submission.file, sheet=sheet, cell=cell, field=label)


def _cell(submission: Submission, row: int, part: str) -> str:
    return _text(submission, field_name(row, part))


def _text(submission: Submission, name: str) -> str:
    """What was typed into a cell, as a text."""
    answer = submission.answers.get(name)
    return "" if answer is None or answer.value is None else str(answer.value).strip()
