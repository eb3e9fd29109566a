"""A file that is no workbook of ours → the forms in it, as readings that are reviewed like any other.

What was ever ours is left alone: a workbook that has lost its identity is to be sent again, not to be guessed at;
and what this program wrote (results, summaries, reports) is no form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbook_tools.core.codes import CODES
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.faces import LateModule
from workbook_tools.core.findings import Finding, finding
from workbook_tools.files.properties import read_properties
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.words.doubts import ReadingBook
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark
from workbook_tools.workbooks.reading import Reading, read_submission, was_ours

if TYPE_CHECKING:
    from workbook_tools.excel import handmade
    from workbook_tools.legacy import reading as form_reading
    from workbook_tools.legacy.conversion import scheme_guess, submission
else:  # most files that come are workbooks of ours
    handmade = LateModule("workbook_tools.excel.handmade")
    form_reading = LateModule("workbook_tools.legacy.reading")
    scheme_guess = LateModule("workbook_tools.legacy.conversion.scheme_guess")
    submission = LateModule("workbook_tools.legacy.conversion.submission")

_OTHER_FORMAT = "FILE10"
_HARMFUL = ("FILE31", "FILE32")
_NOT_READ = (_OTHER_FORMAT, "FILE01")
"""Codes of documents that are something else: of an old format, a picture."""


@dataclass(frozen=True, slots=True)
class FoundForms:
    """What was found in a file: its forms, or why there are none."""

    forms: tuple[HandmadeForm, ...] = ()
    findings: tuple[Finding, ...] = ()
    sha256: str = ""


def take_in(source: SourceFile, reading: Reading, importing: Importing) -> Iterator[Reading]:
    """The readings of a file: ``reading`` as it is where the file is, or was, one of ours; else one for each form.

    A file without a form gives one reading with a finding that says what was looked for.
    """
    if not source.is_document and not _may_be_foreign(reading):
        yield reading
        return
    try:
        found = _find_forms(source, reading, importing)
    except UnreadableWorkbook as exc:
        yield replace(reading, findings=[_finding_unread(source, exc)])
        return
    if found is None:
        yield reading
    elif not found.forms:
        yield Reading(source.name, findings=[*found.findings], sha256=found.sha256)
    else:
        yield from (_make_reading(form, found, importing) for form in found.forms)


def list_forms(source: SourceFile, importing: Importing) -> FoundForms:
    """The forms of a file. Raises UnreadableWorkbook for one that cannot be read."""
    reading = Reading(source.name) if source.is_document else read_submission(source, {})
    found = _find_forms(source, reading, importing) if source.is_document or _may_be_foreign(reading) else None
    if found is not None:
        return found
    if reading.submission is not None:
        return FoundForms(findings=(_finding_passed_over(source, "是下发的工作簿，审核时直接读取，不用导入"),))
    return FoundForms(findings=tuple(reading.findings))


def _may_be_foreign(reading: Reading) -> bool:
    return reading.submission is None and (
        reading.foreign or any(item.code == _OTHER_FORMAT for item in reading.findings)
    )


def _find_forms(source: SourceFile, reading: Reading, importing: Importing) -> FoundForms | None:
    """What is in a file that is not known as one of ours; nothing if it turns out to be one."""
    data = source.read()
    if produced := read_properties(data).produced:
        return FoundForms(findings=(_finding_passed_over(source, f"是程序生成的“{produced}”，不是单位报送的"),))
    if not source.is_document and not reading.foreign and _has_our_sheets(source, data):
        return None
    found = form_reading.read_forms(source, importing.vocabulary, importing.book)
    if found.forms:
        unformatted = any(form.unformatted for form in found.forms)
        codes = [*(["FILE43"] if source.original else []), *(["FILE34"] if unformatted else [])]
        told = tuple(finding(code, file=source.name) for code in codes)
        return FoundForms(tuple(found.forms), told, found.sha256)
    scanned = finding("FILE41", "里面只有图片（扫描件），没有可以读取的文字", file=source.name)
    why = scanned if found.only_pictures else _finding_no_form(source, found)
    return FoundForms(findings=(why,), sha256=found.sha256)


def convert_form(form: HandmadeForm, importing: Importing) -> submission.ConvertedForm:
    """A form as a project of the scheme that it was made for, and the finding that says so in front."""
    if len(importing.schemes) == 1:
        scheme, why = importing.schemes[0], "指定的"
    else:
        guess = scheme_guess.guess_scheme(form, importing.schemes, importing.vocabulary)
        scheme, why = guess.scheme, "，".join(guess.reasons) or "没有看出特征，用通常的方案"
    form.remarks = [_with_difference(remark, importing.book) for remark in form.remarks]
    converted = submission.convert(form, scheme, importing.year, importing.vocabulary, importing.aliases)
    said = finding(
        "IMPORT01",
        f"按手工填的自评表读取，评分方案“{scheme.name}”（{scheme.id}）",
        project_code=converted.project.code,
        file=form.file,
        sheet=form.sheet,
        found=why,
    )
    return replace(converted, findings=(said, *converted.findings))


def _with_difference(remark: Remark, book: ReadingBook) -> Remark:
    """A doubt that was answered for a similar layout says why it is asked again."""
    asked = remark.doubt is not None and remark.concern is Concern.AMBIGUOUS
    return replace(remark, differs=book.tell_nearest(remark.doubt)) if asked and remark.doubt else remark


def _make_reading(form: HandmadeForm, found: FoundForms, importing: Importing) -> Reading:
    converted = convert_form(form, importing)
    return Reading(form.file, converted.submission, [*found.findings, *converted.findings], found.sha256)


def _has_our_sheets(source: SourceFile, data: bytes) -> bool:
    """A workbook of ours that was saved in another format keeps its sheets."""
    return was_ours(sheet.title for sheet in handmade.open_sheets(source.path, data))


def _finding_no_form(source: SourceFile, found: form_reading.LegacyReading) -> Finding:
    if source.is_document:
        return _finding_passed_over(source, f"Word 文档中没有认出自评表；{found.looked_for.removesuffix('。')}")
    if found.blank:
        return finding("FILE05", f"没有填好的自评表：{found.blank}", file=source.name, advice=CODES["IMPORT35"].advice)
    advice = f"{found.looked_for}请核对是否发错了文件；自评请填在下发的工作簿里。"
    return finding("FILE05", "不是本工具下发的自评工作簿，也没有认出自评表", file=source.name, advice=advice)


def _finding_unread(source: SourceFile, why: UnreadableWorkbook) -> Finding:
    """A workbook is asked for; a document that can't be read may be none of ours, unless it is made to do harm. One that is
    of another format says what it is, and what to do."""
    if not source.is_document or why.code in _HARMFUL:
        return finding(why.code, why.message, file=source.name)
    return (
        finding("FILE41", why.message, file=source.name)
        if why.code in _NOT_READ
        else _finding_passed_over(source, why.message)
    )


def _finding_passed_over(source: SourceFile, why: str) -> Finding:
    return finding("FILE09", f"已跳过：{why}", file=source.name)
