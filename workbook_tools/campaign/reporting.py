"""报告: the Word reports of a reviewed result, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.defaults import choose_forms, settings_of
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.hands import follow_settings
from workbook_tools.campaign.kept import open_outputs
from workbook_tools.campaign.output_drawing import choose_output_drawing
from workbook_tools.campaign.report_texts import (
    FILE_NAME,
    TypedTexts,
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
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.faces import Watch
from workbook_tools.core.result_parts import (
    ResultParts,
    count_all_projects,
    find_departments,
    narrow_parts,
    read_projects,
    take_parts,
)
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier import DrawBatches, ListBatch, OutputBatch, ask_batch
from workbook_tools.reports.acceptance import Acceptances, count_waiting, read_acceptances
from workbook_tools.reports.form_check import check_named_forms, list_forms
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.group_sums import GroupSums, sum_part
from workbook_tools.reports.group_texts import find_group_drafts
from workbook_tools.reports.writing import ReportSetting, write_parts
from workbook_tools.rules.recorded import restore_schemes

if TYPE_CHECKING:
    from workbook_tools.review.hands import Workers


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


@follow_settings(need_folder=True)
def report_result(
    campaign: Campaign | None, result: ReviewResult | ResultParts, folder: Path, source: Path | None, now: datetime,
    *, forms: Path | None = None, only: Collection[str] | None = None, fresh: bool = False,
    workers: Workers = 0, watch: Watch | None = None,
) -> WrittenReports:  # fmt: skip
    """Write a report for each project, each department and all together into ``folder``; with ``only`` for these projects
    alone, with none of them only the reports on several projects.

    ``source`` is 审核结果.json, beside which it is kept what somebody has accepted; without it nothing is drafted. What was
    typed into 报告文字.xlsx of ``folder``, and into drafted texts of the reports there, is taken first. ``forms`` is the folder of
    the office's own forms. What stands there already as it would be written is left, unless all is to be done ``fresh``.
    ``workers`` is the number of processes that fill forms (0: one per core). ``watch`` hears how many of how many reports are written. Raises OutputError, SettingsError, TemplateError.
    """
    parts, forms, look = take_parts(result), choose_forms(campaign, forms), settings_of(campaign).report
    draw_all = choose_output_drawing(count_all_projects(parts) if only is None else len(only), workers)
    before = read_acceptances(source) if source else None
    survey = _survey(parts, folder, before, only, forms, draw_all)
    facts = CampaignFacts(parts, {}, known=survey.sums)
    typed = _take_typed(facts, survey, folder, source, before, now, only) if source and before else None
    accepted = typed.accepted if typed else None
    asides: list[Path] = []
    setting = ReportSetting(folder, forms, look, accepted, only)
    with open_outputs(campaign, fresh=fresh) as outputs:
        files = write_parts(parts, {} if only else survey.sums, setting, outputs, asides, draw_all, watch)
    warnings = survey.list_warnings(parts.head, several=not only)
    done = WrittenReports(files.files, warnings, unchanged=outputs.left, asides=tuple(asides))
    if typed is None:
        return done
    waiting, outdated = count_waiting(() if only else find_group_drafts(facts, typed.accepted), typed.accepted)
    return replace(
        done, waiting=files.waiting + waiting, outdated=files.outdated + outdated,
        texts=None if only else write_texts(facts, folder, typed.texts),
        text_faults=tuple(typed.texts.faults), word_edits=tuple(typed.edits.taken), word_faults=tuple(typed.edits.faults),
    )  # fmt: skip


# -- what is known of all departments before the first report ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Survey:
    """What each department comes to, and which reports somebody has saved."""

    sums: Mapping[str, GroupSums]
    """None where reports of single projects alone are written."""
    saved: Sequence[SavedReport]
    used: Collection[str]
    """The digests of the schemes of the projects that are reported on."""

    forms: Mapping[str, Sequence[str] | TemplateError]
    """Of each form that may be used, what is to be said of it, or why it cannot be opened."""

    def list_warnings(self, head: ReviewResult, *, several: bool) -> list[str]:
        """What is to be said of the forms that are used. Raises TemplateError."""
        schemes = restore_schemes(head)
        found: list[str] = []
        for name in sorted(list_forms((schemes[digest] for digest in self.used), several=several)):
            told = self.forms[name]
            if isinstance(told, TemplateError):
                raise told
            found += told
        return found


def _survey(
    parts: ResultParts, folder: Path, accepted: Acceptances | None, only: Collection[str] | None, forms: Path | None,
    ask_all: DrawBatches,
) -> _Survey:  # fmt: skip
    orders: list[ListBatch] = [
        _CheckOrder(name, forms) for name in list_forms(restore_schemes(parts.head).values(), several=not only)
    ]
    departments = find_departments(parts, only) if only else [*parts.sizes]
    orders += [_SurveyOrder(narrow_parts(parts, name), name, folder, accepted, only) for name in departments]
    checked: dict[str, Sequence[str] | TemplateError] = {}
    said: dict[str, tuple[GroupSums | None, list[SavedReport], list[str]]] = {}
    for drawn in ask_all(ask_batch, orders):
        kind, name, told = drawn.said
        (checked if kind is _CheckOrder else said)[name] = told
    saved = [one for name in departments for one in said[name][1]]
    used = dict.fromkeys(digest for name in departments for digest in said[name][2])
    return _Survey({name: sums for name in departments if (sums := said[name][0])}, saved, used, checked)


@dataclass(frozen=True, slots=True)
class _CheckOrder:
    """A form that may be used."""

    name: str
    forms: Path | None

    def __call__(self) -> OutputBatch:
        try:
            told: Sequence[str] | TemplateError = list(check_named_forms([self.name], self.forms))
        except TemplateError as exc:
            told = exc
        return OutputBatch((), (_CheckOrder, self.name, told))


@dataclass(frozen=True, slots=True)
class _SurveyOrder:
    parts: ResultParts
    department: str
    folder: Path
    accepted: Acceptances | None
    only: Collection[str] | None

    def __call__(self) -> OutputBatch:
        alone = bool(self.only)
        part = read_projects(self.parts, self.department, self.only) if alone else self.parts.read(self.department)
        sums = None if alone else sum_part(part, restore_schemes(part))
        saved = [*find_saved_projects(part, self.folder, self.accepted, self.only)] if self.accepted else []
        used = [row.scheme_digest for row in part.projects if self.only is None or row.code in self.only]
        return OutputBatch((), (_SurveyOrder, self.department, (sums, saved, list(dict.fromkeys(used)))))


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
    facts: CampaignFacts, survey: _Survey, folder: Path, source: Path, before: Acceptances, now: datetime,
    only: Collection[str] | None,
) -> _Typed:  # fmt: skip
    """Take it, and keep it beside the result. Raises SettingsError, OutputError."""
    texts = TypedTexts(before) if only else take_texts(facts, folder, before, now)
    groups = () if only else find_saved_groups(facts, folder, texts.accepted)
    edits = take_word_edits([*survey.saved, *groups], before, texts.accepted, folder / FILE_NAME)
    texts.accepted = edits.accepted
    keep_texts(texts, before, source)
    return _Typed(texts, edits)
