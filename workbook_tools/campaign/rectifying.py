"""整改 of a working folder: the list that finance chooses from, notices to units, their answers, and what finance concludes.

One run does all that can be done now, in this order: what finance has typed is read, conclusions are entered in the ledger, notices go
out if that is asked for, answers are taken in, and the list is written anew. The ledger is what is followed; files may be lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from workbook_tools.campaign.deadline import Deadline, parse_deadline, read_given_date
from workbook_tools.campaign.defaults import choose_forms
from workbook_tools.campaign.folder import ANSWERS, MATTER_LIST, NOTICES, RECTIFICATION, SETTINGS_FILE, Campaign
from workbook_tools.campaign.ledger.author import find_person
from workbook_tools.campaign.ledger.keeping import make_relative, note_matters
from workbook_tools.campaign.ledger.mending import ANSWERED, CONCLUDED, SENT, restore_histories, restore_step
from workbook_tools.campaign.ledger.records import MatterRecord
from workbook_tools.campaign.settings import write_settings
from workbook_tools.core.errors import OutputError, SettingsError, tell_os_error
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.atomic import make_folder
from workbook_tools.files.paths import department_folder, replace_result, safe_filename
from workbook_tools.files.sources import find_sources
from workbook_tools.followup.answer_book import TITLE, AnswerBook, AskedMatter, draw_answer_book
from workbook_tools.followup.answer_reading import AnswerFile, read_answer_files
from workbook_tools.followup.listing_matters import find_matters
from workbook_tools.followup.matter_history import MatterHistory, MatterState, sort_due
from workbook_tools.followup.matter_sheet import MatterLine, TypedChoice, TypedMatters, draw_matters, read_matters
from workbook_tools.followup.matters import Matter
from workbook_tools.reports.found_forms import find_form
from workbook_tools.reports.rectify_form import RECTIFY_FORM, RECTIFY_TAGS, RectifyFacts, RequiredMending
from workbook_tools.reports.tags import fill_tags
from workbook_tools.word.rendering import open_form


@dataclass(frozen=True, slots=True)
class SentNotice:
    """A notice that was written now."""

    department: str
    unit: str
    round: int
    notice: Path
    workbook: Path
    matters: int


@dataclass(frozen=True, slots=True)
class Rectified:
    """Where it stands after a run."""

    workbook: Path
    lines: tuple[MatterLine, ...]
    """Every matter that may need mending, or that a unit was told of."""
    histories: tuple[MatterHistory, ...]
    """What units were told of."""
    sent: tuple[SentNotice, ...] = ()
    answered: tuple[AnswerFile, ...] = ()
    """Files with answers that had not been taken in before."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with files in 整改/回收; each with its file."""
    concluded: int = 0
    """Conclusions that were entered now."""
    outdated: tuple[str, ...] = ()
    """Numbers of matters whose conclusion was not taken, as another answer had come meanwhile."""
    moved_aside: tuple[Path, ...] = ()
    """Where files were moved that somebody had saved by hand."""
    unrecorded: str = ""
    """Why the ledger does not know of something, as a sentence for the user; empty where it does."""

    @property
    def to_send(self) -> int:
        """How many matters are chosen, and no unit has been told yet."""
        return sum(_is_to_send(line) for line in self.lines)

    @property
    def undecided(self) -> int:
        """Of how many finance has not said whether they are to be mended."""
        return sum(line.history is None and not (line.typed and line.typed.wanted) for line in self.lines)


@dataclass(slots=True)
class _Run:
    """What is done in a run, and what it comes to."""

    campaign: Campaign
    now: datetime
    year: int
    histories: dict[str, MatterHistory]
    asides: list[Path] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)

    def record(self, steps: Sequence[MatterRecord]) -> None:
        """Enter them in the ledger, and add them to the histories."""
        if steps and (why := note_matters(self.campaign, steps, self.now)):
            self.unrecorded.append(why)
        for step in steps:
            history = self.histories.setdefault(step.matter, MatterHistory(step.matter, self.year))
            history.steps.append(restore_step(step, self.now))

    def write(self, path: Path, data: bytes) -> None:
        """Write a file; what somebody has saved there by hand gets another name."""
        if aside := replace_result(path, data):
            self.asides.append(aside)


def rectify(
    campaign: Campaign,
    result: ReviewResult,
    now: datetime,
    *,
    send: bool = False,
    by: str = "",
    forms: Path | None = None,
) -> Rectified:
    """Bring 整改 up to date, and write 整改/整改事项.xlsx.

    ``send``: a notice (.docx) and a workbook to answer in go to 整改/通知/<主管部门> for each unit with matters that finance has chosen
    and that it was not told of, or has to mend again. ``by``: until when, written into wbt.toml; by default the date there.
    Files in 整改/回收 are read each by itself: a bad one is a finding and stops nothing.
    Raises SettingsError (what was typed cannot be read; no date to come), LedgerError, OutputError, TemplateError.
    """
    folder = campaign.root / RECTIFICATION
    typed = read_matters(folder / MATTER_LIST)
    due = _agree_on_date(campaign, by, now, needed=send)
    run = _Run(campaign, now, result.year, read_histories(campaign, result.year))
    matters = find_matters(result, campaign.settings.rectify.lost_share)
    concluded, outdated = _conclude(run, typed)
    lines = _list_lines(matters, typed, run.histories)
    sent = tuple(_send(run, [line for line in lines if _is_to_send(line)], due, forms)) if send else ()
    _make_inbox(folder / ANSWERS)
    files, findings = _take_answers(run, folder / ANSWERS)
    lines = _list_lines(matters, typed, run.histories)
    listed = {line.matter.number for line in lines}
    unused = [one for number, one in typed.choices.items() if number not in listed and _says_something(one)]
    histories = sort_due(run.histories.values(), now)
    closed = [one for one in run.histories.values() if one.state is MatterState.CLOSED]
    title = f"{campaign.settings.authority}{result.year}年度项目支出绩效自评整改事项"
    run.write(folder / MATTER_LIST, draw_matters(lines, [*histories, *closed], unused, title, now))
    return Rectified(
        folder / MATTER_LIST,
        tuple(lines),
        (*histories, *closed),
        sent,
        tuple(files),
        tuple(findings),
        concluded,
        tuple(outdated),
        tuple(run.asides),
        "".join(run.unrecorded[:1]),
    )


def read_histories(campaign: Campaign, year: int) -> dict[str, MatterHistory]:
    """What the ledger knows of the matters of a year, by their numbers. Raises LedgerError."""
    with campaign.open_ledger() as ledger:
        return restore_histories(ledger.find_matters([year]))


def _record(run: _Run, matter: Matter, step: str, facts: Mapping[str, Any], **more: str) -> MatterRecord:
    base = {"who": "", "due": "", "file": "", "sha256": ""} | more
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    whose = {"code": matter.code, "department": matter.department, "unit": matter.unit}
    return MatterRecord(year=run.year, matter=matter.number, step=step, facts=text, **whose, **base, at=None)


def _says_something(choice: TypedChoice) -> bool:
    return bool(choice.wanted or choice.due or choice.by)


def _list_lines(
    matters: Sequence[Matter], typed: TypedMatters, histories: Mapping[str, MatterHistory]
) -> list[MatterLine]:
    """The candidates, and what units were told of and is none any more."""
    listed = {matter.number for matter in matters}
    rest = [history.matter for number, history in histories.items() if number not in listed]
    return [
        MatterLine(place, matter, typed.choices.get(matter.number), histories.get(matter.number))
        for place, matter in enumerate((*matters, *rest), 1)
    ]


def _conclude(run: _Run, typed: TypedMatters) -> tuple[int, list[str]]:
    """Enter what finance has concluded; how many are new, and the numbers of those that another answer has overtaken."""
    steps, outdated = [], []
    for number, one in typed.verdicts.items():
        if (history := run.histories.get(number)) is None:
            continue
        stands = history.standing_conclusion
        if stands and (stands.verdict, stands.remark, stands.by) == (one.verdict, one.remark, one.by):
            continue
        if one.mark != history.mark:
            outdated.append(number)
            continue
        facts = {"verdict": one.verdict.value, "remark": one.remark}
        steps.append(_record(run, history.matter, CONCLUDED, facts, who=one.by))
    run.record(steps)
    return len(steps), outdated


# -- notices ----------------------------------------------------------------------------------------------------------


def _agree_on_date(campaign: Campaign, by: str, now: datetime, *, needed: bool) -> Deadline | None:
    """Until when to mend: ``by``, which is written into wbt.toml, or the date there. Raises SettingsError: it is none, or has passed."""
    written = campaign.settings.rectify.mend_by
    if by:
        given = read_given_date(by, "--by", now)
        write_settings(campaign.root / SETTINGS_FILE, {"rectify.mend_by": given.text})
        return given
    if not written or not needed:
        return None
    moment = parse_deadline(written, near=now)
    if moment is None or Deadline(moment).over(now):
        why = "看不出是哪一天" if moment is None else "已经过去了"
        raise SettingsError(f"wbt.toml 中的整改期限“{written}”{why}。请写明新的期限：wbt rectify --send --by 日期。")
    return Deadline(moment)


def _is_to_send(line: MatterLine) -> bool:
    """Finance has chosen it, and the unit was not told; or it is to be mended again, and the unit was not told that."""
    if line.history is None:
        return line.typed is not None and line.typed.chosen
    return line.history.state is MatterState.AGAIN


def _send(run: _Run, lines: Sequence[MatterLine], due: Deadline | None, forms: Path | None) -> Iterator[SentNotice]:
    """A notice and a workbook for each unit; what has gone out is in the ledger before the next is written."""
    campaign, units = run.campaign, dict[tuple[str, str], list[MatterLine]]()
    dates = {line.matter.number: _find_term(line, due, run.now) for line in lines}  # all, before the first is written
    for line in lines:
        units.setdefault((line.matter.department, line.matter.unit), []).append(line)
    if not units:
        return
    form = open_form(find_form(RECTIFY_FORM, choose_forms(campaign, forms)))
    key, scheme = campaign.signing_key(), campaign.scheme()
    for (department, unit), own in units.items():
        number = _count_rounds(run, department, unit) + 1
        folder = department_folder(campaign.root / RECTIFICATION / NOTICES, department)
        again = f"（第{number}次）" if number > 1 else ""
        stem = safe_filename(f"{unit}_")
        notice, workbook = (
            folder / f"{stem}{Path(name).stem}{again}{Path(name).suffix}" for name in (RECTIFY_FORM, f"{TITLE}.xlsx")
        )
        matters = [_word_requirement(line) for line in own]
        terms = [dates[matter.number] for matter in matters]
        asked = tuple(AskedMatter(m, term.text if term else "") for m, term in zip(matters, terms, strict=True))
        book = AnswerBook(
            campaign.settings.authority, run.year, number, department, unit, campaign.settings.contact, asked
        )
        run.write(workbook, draw_answer_book(book, scheme, key))
        run.write(notice, form.render(fill_tags(RECTIFY_TAGS, _describe_notice(run, book, workbook, due))))
        run.record(
            [
                _record(
                    run,
                    matter,
                    SENT,
                    {"round": number, "matter": asdict(matter)},
                    who=find_person(),
                    due=term.moment.isoformat() if term else "",
                    file=make_relative(workbook, campaign.root),
                )
                for matter, term in zip(matters, terms, strict=True)
            ]
        )
        yield SentNotice(department, unit, number, notice, workbook, len(matters))


def _find_term(line: MatterLine, due: Deadline | None, now: datetime) -> Deadline | None:
    """Of a matter its own term, or that of the notice. Raises SettingsError that names the cell of a term that is none."""
    text = line.typed.due if line.typed else ""
    if not text:
        return due
    moment = parse_deadline(text, near=now)
    if moment is None or Deadline(moment).over(now):
        why = "看不出是哪一天，请写成 2025年6月30日 这样" if moment is None else "已经过去了，请写新的期限"
        place = line.typed.place.replace("!", "”") if line.typed else ""
        raise SettingsError(f"“{place} 的整改期限“{text}”{why}。没有发通知。")
    return Deadline(moment)


def _word_requirement(line: MatterLine) -> Matter:
    """The matter as it is put to the unit: with what finance requires, and what was concluded of it the time before."""
    matter, found = line.matter, line.matter.found
    if line.history and (last := line.history.standing_conclusion):
        found = f"{line.history.matter.found}\n上次整改的结论：{last.verdict}。{last.remark}"
    return Matter(**{**asdict(matter), "found": found, "advice": line.advice})


def _count_rounds(run: _Run, department: str, unit: str) -> int:
    """How many notices the unit has had."""
    sent = (
        notice.round
        for history in run.histories.values()
        if (history.matter.department, history.matter.unit) == (department, unit)
        for notice in history.notices
    )
    return max(sent, default=0)


def _describe_notice(run: _Run, book: AnswerBook, workbook: Path, due: Deadline | None) -> RectifyFacts:
    settings = run.campaign.settings
    matters = [
        RequiredMending(m.name, m.code, m.origin, m.found, m.advice, asked.due)
        for asked in book.matters
        for m in (asked.matter,)
    ]
    return RectifyFacts(
        book.unit,
        book.department,
        book.year,
        book.authority,
        book.contact,
        settings.report.red_head,
        settings.rectify.notice_number,
        settings.rectify.notice_date,
        due.text if due else "",
        book.round,
        workbook.name,
        matters,
    )


# -- answers ----------------------------------------------------------------------------------------------------------


def _make_inbox(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as exc:
        raise OutputError(f"无法建立文件夹{tell_os_error(exc, folder)}") from None


def _take_answers(run: _Run, folder: Path) -> tuple[list[AnswerFile], list[Finding]]:
    """The files with something new, which is entered in the ledger; and what is wrong with any file."""
    sources, findings = find_sources(folder)
    new = []
    papers = [finding("FILE09", f"是文档，不是{TITLE}，没有读", file=one.name) for one in sources if one.is_document]
    findings += papers
    for file in read_answer_files([one for one in sources if not one.is_document], run.campaign.known_keys()):
        steps = list(_list_new_answers(run, file))
        run.record(steps)
        new += [file] if steps else []
        findings += file.findings
        if unknown := sum(one.number not in run.histories for one in file.answers):
            message = f"台账里没有其中 {unknown} 项的整改通知，这几项没有采用"
            findings.append(finding("TAMPER14", message, file=file.name, advice="请核对台账是否用旧的备份恢复过。"))
    return new, findings


def _list_new_answers(run: _Run, file: AnswerFile) -> Iterator[MatterRecord]:
    """What had not been taken in before: each answer that differs from all earlier ones. Those stay."""
    for one in file.answers:
        history = run.histories.get(one.number)
        if history is None:
            continue
        facts = {"measure": one.measure, "term": one.term, "result": one.result, "evidence": one.evidence}
        if tuple(facts.values()) not in [answer.said for answer in history.answers]:
            yield _record(run, history.matter, ANSWERED, facts, who=file.by, file=file.name, sha256=file.sha256)
