"""复核 of a working folder: a 复核表 for each project of the sample, and what the reviewers found, read back and kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.inspection_record import (
    ISSUED,
    RETURNED,
    find_inspection_folder,
    read_record,
    write_record,
)
from workbook_tools.campaign.inspection_reports import NO_REPORTS, InspectionReports, write_inspection_reports
from workbook_tools.campaign.reviewing import refresh_second_looks
from workbook_tools.campaign.sampling import read_sample
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.files.atomic import make_folder
from workbook_tools.files.paths import project_file, replace_file
from workbook_tools.files.sources import find_sources
from workbook_tools.form.fields import Layout
from workbook_tools.form.identity import NO_ISSUE, Issue, Seal, SigningKey, content_digest, write_content
from workbook_tools.inspection.form import VERSIONS, build_form
from workbook_tools.inspection.form_facts import collect_facts, rebuild_project, sort_by_dimension
from workbook_tools.inspection.reading import ReturnedForm, read_returned
from workbook_tools.inspection.record import Inspection, Inspections, KeptIssue
from workbook_tools.inspection.sample_list import tell_reason
from workbook_tools.inspection.sample_record import Draw, SampleRow
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.reading import read_issue
from workbook_tools.workbooks.writing import draw_workbook


class HandedState(StrEnum):
    """What became of a project's 复核表."""

    NEW = "新写出"
    SAME = "没有变化"
    KEPT = "没有改写"
    """Another one stands there already."""
    GONE = "没有结果"
    """The project was drawn, and is in the result no more."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A project of the sample, and its 复核表."""

    row: SampleRow
    path: Path
    state: HandedState


@dataclass(frozen=True, slots=True)
class ReadInspections:
    """What came of the 复核表 that have come back."""

    record: Inspections
    codes: tuple[str, ...]
    """The sample's projects, in its order."""
    forms: tuple[ReturnedForm, ...]
    """Every file that was read, in the order of their names."""
    findings: tuple[Finding, ...]
    """What is to be said of the files, those of ``forms`` among them."""
    told_aside: str = ""
    """A sentence for the user where an 审核结果 that was saved by hand was moved."""
    reports: InspectionReports = NO_REPORTS

    @property
    def done(self) -> list[Inspection]:
        """Every project of the sample whose 复核表 was taken, now or before."""
        return self.record.list_done(self.codes)

    @property
    def missing(self) -> list[str]:
        """The codes of those whose 复核表 has not come, or was not taken."""
        return [code for code in self.codes if code not in self.record.done]


def hand_out_forms(campaign: Campaign, result: ReviewResult, *, overwrite: bool = False) -> list[HandedOut]:
    """Write a 复核表 for each project of the sample into 复核/下发, signed with the office's key; what came of each.

    Another one that stands there already (its scores or the quality sheet were others) is replaced only with ``overwrite``. Raises SettingsError: nothing was drawn, the key
    is lost, or the record damaged; TemplateError, OutputError.
    """
    draw, key = _need_sample(campaign), campaign.signing_key()
    record = read_record(campaign)
    issued = dict(record.issued)
    projects, indicators = {row.code: row for row in result.projects}, _group(result.indicators)
    schemes, done = restore_schemes(result), []
    for row in draw.chosen:
        path = project_file(find_inspection_folder(campaign, ISSUED), row.department, row.code, row.name, ".xlsx")
        if row.code not in projects:
            done.append(HandedOut(row, path, HandedState.GONE))
            continue
        project = projects[row.code]
        sorted_rows = sort_by_dimension(indicators[row.code], schemes[project.scheme_digest])
        layout = _lay_out(campaign, project, sorted_rows, schemes[project.scheme_digest], tell_reason(row))
        issue, state = _write_form(layout, path, record.last_issue(row.code), key, overwrite=overwrite)
        issued[row.code] = KeptIssue.of(issue)
        done.append(HandedOut(row, path, state))
    write_record(campaign, record.model_copy(update={"issued": issued}))
    make_folder(find_inspection_folder(campaign, RETURNED))
    return done


def read_forms(campaign: Campaign) -> ReadInspections:
    """Read the 复核表 in 复核/回收, keep what the reviewers found in 复核/复核结果.json and in 审核结果, write their reports (复核报告), and
    say what was not taken and why.

    What was taken before and does not come back now stays. Raises SettingsError: nothing was drawn, or the record is damaged; OutputError.
    """
    draw, record = _need_sample(campaign), read_record(campaign)
    folder = find_inspection_folder(campaign, RETURNED)
    sources, findings = find_sources(folder) if folder.is_dir() else ([], [])
    keys = campaign.known_keys()
    forms = [*read_returned(sources, keys)]
    codes = [row.code for row in draw.chosen]
    taken, others = _choose(forms, codes, record)
    done = record.done | taken
    new = record.model_copy(update={"done": {code: done[code] for code in (*codes, *done) if code in done}})
    if new != record:
        write_record(campaign, new)
    every = [*findings, *(item for form in forms for item in form.findings), *others]
    told, reports = refresh_second_looks(campaign), write_inspection_reports(campaign, draw, new.list_done(codes))
    return ReadInspections(new, tuple(codes), tuple(forms), tuple(every), told, reports)


# -- issuing ------------------------------------------------------------------------------------------------------------


def _need_sample(campaign: Campaign) -> Draw:
    draw = read_sample(campaign)
    if draw is None:
        raise SettingsError("还没有抽查名单。请先运行 wbt sample 抽出要复核的项目。")
    return draw


def _group(rows: Sequence[IndicatorRow]) -> Mapping[str, list[IndicatorRow]]:
    grouped: dict[str, list[IndicatorRow]] = defaultdict(list)
    for row in rows:
        grouped[row.project_code].append(row)
    return grouped


def _lay_out(
    campaign: Campaign, row: ProjectRow, indicators: Sequence[IndicatorRow], scheme: Scheme, reason: str
) -> Layout:
    facts = collect_facts(row, indicators, scheme, reason, campaign.settings.quality)
    return build_form(rebuild_project(row, indicators), scheme, campaign.notice, facts)


def _write_form(
    layout: Layout, path: Path, last: Issue, key: SigningKey, *, overwrite: bool
) -> tuple[Issue, HandedState]:
    """The same content is the same issue, and the same bytes."""
    content = write_content(layout)
    digest = content_digest(content)
    if last == NO_ISSUE and path.is_file():
        last = read_issue(path, key, VERSIONS)
    issue = last if last.digest == digest else Issue.new(last.round + 1, digest)
    data = draw_workbook(layout, Seal.on_content(content, key, issue))
    there = path.read_bytes() if path.is_file() else None
    if there == data:
        return issue, HandedState.SAME
    if there is not None and not overwrite:
        return last, HandedState.KEPT
    replace_file(path, data)
    return issue, HandedState.NEW


# -- reading ------------------------------------------------------------------------------------------------------------


def _choose(
    forms: Sequence[ReturnedForm], codes: Sequence[str], record: Inspections
) -> tuple[dict[str, Inspection], list[Finding]]:
    """Which of them count, by code, and what is to be said of the others."""
    by_code: dict[str, list[ReturnedForm]] = defaultdict(list)
    found: dict[str, Inspection] = {}
    for form in forms:
        if form.inspection:
            by_code[form.code].append(form)
            found.setdefault(form.code, form.inspection)
    taken: dict[str, Inspection] = {}
    told: list[Finding] = []
    for code, members in by_code.items():
        first, *others = members
        if code not in codes:
            told += [
                _refuse(
                    form,
                    "FILE07",
                    "不在抽查名单里，没有采用",
                    "请核对是不是放错了；要复核的用 wbt sample --pick 加进名单。",
                )
                for form in members
            ]
        elif any(form.answers != first.answers for form in others):
            names = "、".join(form.file for form in members)
            told += [
                _refuse(
                    form,
                    "FILE21",
                    f"同一项目有 {len(members)} 份填得不同的复核表（{names}），都没有采用",
                    "请只留一份，再读一次。",
                )
                for form in members
            ]
        else:
            taken[code] = found[code]
            told += [_refuse(form, "FILE20", "", "") for form in others]
            told += _note_older_issue(first, record)
    return taken, told


def _refuse(form: ReturnedForm, code: str, message: str, advice: str) -> Finding:
    return finding(code, message, file=form.file, project_code=form.code, advice=advice)


def _note_older_issue(form: ReturnedForm, record: Inspections) -> Iterator[Finding]:
    """It was filled in on a 复核表 that was replaced since."""
    if form.issue.id != record.last_issue(form.code).id:
        message = "填的不是最近一次下发的复核表，上面印的自评、审核得分可能不是现在的"
        yield _refuse(form, "TAMPER13", message, "已经采用；得分变了的，请复核人改填新下发的一份。")
