"""报告: the Word reports of a reviewed result, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from workbook_tools.campaign.defaults import choose_forms, settings_of
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.kept_rooms import open_outputs
from workbook_tools.campaign.output_drawing import choose_output_drawing
from workbook_tools.campaign.report_texts import (
    FILE_NAME,
    TextsOrder,
    TypedTexts,
    WrittenTexts,
    is_untyped,
    keep_texts,
    take_texts,
    write_texts,
)
from workbook_tools.campaign.word_edits import (
    SavedReport,
    WordEdits,
    find_saved_groups,
    find_saved_projects,
    take_word_edits,
)
from workbook_tools.campaign.worker_choice import follow_settings
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.faces import LateModule, Watch
from workbook_tools.core.result_parts import (
    ResultParts,
    count_all_projects,
    find_departments,
    find_digest,
    narrow_parts,
    read_projects,
    take_parts,
)
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier_outputs import (
    READ_WEIGHT,
    DrawBatches,
    EarlierOutputs,
    ListBatch,
    OutputBatch,
    ask_batch,
)
from workbook_tools.files.former_outputs import find_former
from workbook_tools.reports.acceptance import Acceptances, read_acceptances
from workbook_tools.reports.found_forms import list_forms, locate_form
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.group_sums import GroupSums
from workbook_tools.reports.part_sums import sum_part
from workbook_tools.reports.writing import FILLING, ReportSetting, digest_form, place_project_report, write_parts
from workbook_tools.rules.recorded import restore_schemes

if TYPE_CHECKING:
    from workbook_tools.reports import form_check
    from workbook_tools.review.batch_work import Workers
else:  # what is known of a form is not looked at again
    form_check = LateModule("workbook_tools.reports.form_check")


@dataclass(frozen=True, slots=True)
class WrittenReports:
    """What was written."""

    files: list[Path]
    form_warnings: list[str]
    """What the forms that were used leave out, a sentence each."""
    waiting: int = 0
    """Texts in them that are drafts: nobody has accepted them."""
    outdated: int = 0
    """Those of them that somebody has accepted when the figures were others."""
    texts: Path | None = None
    """报告文字.xlsx, where texts of reports on several projects are drafted."""
    text_faults: tuple[str, ...] = ()
    """What was typed there and could not be taken, in sentences."""
    unchanged: int = 0
    """So many of ``files`` stood there already as they would be written, and were left."""
    word_edits: tuple[str, ...] = ()
    """Which drafted texts were changed in Word and taken from there."""
    word_faults: tuple[str, ...] = ()
    """What was changed there and could not be taken, or was changed in two places, in sentences."""
    asides: tuple[Path, ...] = ()
    """The second names of reports that somebody had saved."""
    former: tuple[Path, ...] = ()
    """Reports of an earlier run on what is not there any more, or has another name or department; looked for where all are written."""


@follow_settings(need_folder=True)
def report_result(
    campaign: Campaign | None,
    result: ReviewResult | ResultParts,
    folder: Path,
    source: Path | None,
    now: datetime,
    *,
    forms: Path | None = None,
    only: Collection[str] | None = None,
    fresh: bool = False,
    workers: Workers = 0,
    watch: Watch | None = None,
) -> WrittenReports:
    """Write a report for each project, each department and all together into ``folder``; with ``only`` for these projects
    alone, with none of them only the reports on several projects.

    ``source`` is 审核结果.json, beside which it is kept what somebody has accepted; without it nothing is drafted. What was
    typed into 报告文字.xlsx of ``folder``, and into drafted texts of the reports there, is taken first. ``forms`` is the folder of
    the office's own forms. What stands there already as it would be written is left, unless all is to be done ``fresh``.
    ``workers`` is the number of processes that fill forms (0: one per core). ``watch`` hears how many of how many reports are written. Raises OutputError, SettingsError, TemplateError.
    """
    parts, forms, look = take_parts(result), choose_forms(campaign, forms), settings_of(campaign).report
    draw_all = choose_output_drawing(count_all_projects(parts) if only is None else len(only), workers, FILLING)
    before = read_acceptances(source) if source else None
    with open_outputs(campaign, fresh=fresh, command="report" if only is None else "") as outputs:
        survey = _survey(parts, folder, before, only, forms, outputs, draw_all)
        facts = CampaignFacts(parts, {}, known=survey.sums)
        typed = _take_typed(facts, survey, folder, source, before, now, only, outputs) if source and before else None
        accepted = typed.accepted if typed else None
        asides: list[Path] = []
        setting = ReportSetting(folder, forms, look, accepted, only)
        files = write_parts(parts, {} if only else survey.sums, setting, outputs, asides, draw_all, watch)
        warnings = survey.list_warnings(parts.head, several=not only)
        former = find_former(folder, [""], ".docx", files.files) if only is None else []
        done = WrittenReports(files.files, warnings, unchanged=outputs.left, asides=tuple(asides), former=tuple(former))
        if typed is None:
            return done
        texts = WrittenTexts(None, 0, 0) if only else write_texts(facts, folder, typed.texts, outputs)
    return replace(
        done,
        waiting=files.waiting + texts.waiting,
        outdated=files.outdated + texts.outdated,
        texts=texts.path,
        text_faults=tuple(typed.texts.faults),
        word_edits=tuple(typed.edits.taken),
        word_faults=tuple(typed.edits.faults),
    )


# -- what is known of all departments before the first report ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Survey:
    """What each department comes to, and which reports somebody has saved."""

    sums: Mapping[str, GroupSums]
    """None where reports of single projects alone are written."""
    saved: Sequence[SavedReport]
    used: Collection[str]
    """The digests of the schemes of the projects that are reported on."""

    forms: Mapping[str, _CheckedForm]
    """Each form that may be used."""

    def list_warnings(self, head: ReviewResult, *, several: bool) -> list[str]:
        """What is to be said of the forms that are used. Raises TemplateError."""
        schemes = restore_schemes(head)
        found: list[str] = []
        for name in sorted(list_forms((schemes[digest] for digest in self.used), several=several)):
            form = self.forms[name]
            if form.fault:
                raise TemplateError(form.fault)
            found += form.warnings
        return found


@dataclass(frozen=True, slots=True)
class _CheckedForm:
    """What is to be said of a form, or why it cannot be opened."""

    name: str
    warnings: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Surveyed:
    """A department."""

    name: str
    sums: GroupSums | None
    reports: list[str]
    """Where the reports on its projects lie, from their folder."""
    used: list[str]
    """The digests of their schemes."""


def _survey(
    parts: ResultParts,
    folder: Path,
    accepted: Acceptances | None,
    only: Collection[str] | None,
    forms: Path | None,
    outputs: EarlierOutputs,
    ask_all: DrawBatches,
) -> _Survey:
    names = list_forms(restore_schemes(parts.head).values(), several=not only)
    departments = find_departments(parts, only) if only else [*parts.sizes]
    own = {name: narrow_parts(parts, name) for name in departments}
    orders: list[ListBatch] = [_CheckOrder(name, forms) for name in names]
    orders += [_SurveyOrder(own[name], name, folder, only) for name in departments]
    checked: dict[str, _CheckedForm] = {}
    found: dict[str, _Surveyed] = {}
    for drawn in outputs.write_batches(orders, ask_all):
        one = drawn.said
        (checked if isinstance(one, _CheckedForm) else found)[one.name] = one
    saved: dict[str, list[SavedReport]] = {}
    if accepted:
        others = [name for name in departments if not _are_as_written(found[name], folder, outputs)]
        asked: list[ListBatch] = [_SavedOrder(own[name], name, folder, accepted, only) for name in others]
        saved = dict(drawn.said for drawn in ask_all(ask_batch, asked)) if asked else {}
    used = dict.fromkeys(digest for name in departments for digest in found[name].used)
    sums = {name: one for name in departments if (one := found[name].sums)}
    return _Survey(sums, [one for name in departments for one in saved.get(name, ())], used, checked)


def _are_as_written(department: _Surveyed, folder: Path, outputs: EarlierOutputs) -> bool:
    """Nobody has saved a report on a project of it."""
    return all(not (path := folder / place).exists() or outputs.is_as_written(path) for place in department.reports)


@dataclass(frozen=True, slots=True)
class _CheckOrder:
    """A form that may be used."""

    name: str
    forms: Path | None
    weight: ClassVar[float] = 1
    said_as: ClassVar[Any] = _CheckedForm

    def list_facts(self) -> object:
        """The form."""
        form = locate_form(self.name, self.forms)
        return (self.name, form, digest_form(form)) if form else None

    def __call__(self) -> OutputBatch:
        try:
            checked = _CheckedForm(self.name, [*form_check.check_named_forms([self.name], self.forms)])
        except TemplateError as exc:
            checked = _CheckedForm(self.name, [], str(exc))
        return OutputBatch((), checked)


@dataclass(frozen=True, slots=True)
class _SurveyOrder:
    """What a department comes to."""

    parts: ResultParts
    department: str
    folder: Path
    only: Collection[str] | None
    said_as: ClassVar[Any] = _Surveyed

    @property
    def weight(self) -> float:
        """Its projects are read."""
        return READ_WEIGHT * self.parts.sizes[self.department].projects

    def list_facts(self) -> object:
        """Its part, and the schemes that its projects were scored under."""
        digest, head = find_digest(self.parts, self.department), self.parts.head
        return (self.department, digest, head.schemes, head.year, head.compared_with, self.only) if digest else None

    def __call__(self) -> OutputBatch:
        alone = bool(self.only)
        part = read_projects(self.parts, self.department, self.only) if alone else self.parts.read(self.department)
        sums = None if alone else sum_part(part, restore_schemes(part))
        rows = [row for row in part.projects if self.only is None or row.code in self.only]
        reports = [place_project_report(Path(), row).as_posix() for row in rows]
        used = [*dict.fromkeys(row.scheme_digest for row in rows)]
        return OutputBatch((), _Surveyed(self.department, sums, reports, used))


@dataclass(frozen=True, slots=True)
class _SavedOrder:
    """Which of a department's reports somebody has saved."""

    parts: ResultParts
    department: str
    folder: Path
    accepted: Acceptances
    only: Collection[str] | None

    @property
    def weight(self) -> float:
        """Its projects are read."""
        return READ_WEIGHT * self.parts.sizes[self.department].projects

    def __call__(self) -> OutputBatch:
        part = read_projects(self.parts, self.department, self.only)
        return OutputBatch((), (self.department, [*find_saved_projects(part, self.folder, self.accepted, self.only)]))


# -- what an officer wrote since the last run ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Typed:
    """Into 报告文字.xlsx, and into the reports in Word."""

    texts: TypedTexts
    edits: WordEdits

    @property
    def accepted(self) -> Acceptances:
        """With both."""
        return self.edits.accepted


def _take_typed(
    facts: CampaignFacts,
    survey: _Survey,
    folder: Path,
    source: Path,
    before: Acceptances,
    now: datetime,
    only: Collection[str] | None,
    outputs: EarlierOutputs,
) -> _Typed:
    """Take it, and keep it beside the result. Raises SettingsError, OutputError."""
    order = TextsOrder(facts, folder, before)
    stands = only or outputs.knows(order) or is_untyped(folder, outputs)  # as it was written: nothing new was typed
    texts = TypedTexts(before) if stands else take_texts(facts, folder, before, now)
    groups = () if only else find_saved_groups(facts, folder, texts.accepted, outputs)
    edits = take_word_edits([*survey.saved, *groups], before, texts.accepted, folder / FILE_NAME)
    texts.accepted = edits.accepted
    keep_texts(texts, before, source)
    return _Typed(texts, edits)
