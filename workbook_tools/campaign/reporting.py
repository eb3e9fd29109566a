"""报告: the Word reports of a reviewed result, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign.defaults import choose_forms, settings_of
from workbook_tools.campaign.drawing import choose_output_drawing
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.kept import open_outputs
from workbook_tools.campaign.report_texts import (
    FILE_NAME,
    TypedTexts,
    keep_texts,
    list_waiting,
    take_texts,
    write_texts,
)
from workbook_tools.campaign.word_edits import WordEdits, take_word_edits
from workbook_tools.core.faces import Watch
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports import write_reports
from workbook_tools.reports.acceptance import Acceptances, find_drafts, read_acceptances
from workbook_tools.reports.form_check import check_forms
from workbook_tools.reports.group_texts import find_group_drafts

_BATCH = 10
"""Reports that a process writes before it hands them over."""


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


def report_result(
    campaign: Campaign | None, result: ReviewResult, folder: Path, source: Path | None, now: datetime,
    *, forms: Path | None = None, only: Collection[str] | None = None, fresh: bool = False,
    workers: int = 0, watch: Watch | None = None,
) -> WrittenReports:  # fmt: skip
    """Write a report for each project, each department and all together into ``folder``; with ``only`` for these projects
    alone, with none of them only the reports on several projects.

    ``source`` is 审核结果.json, beside which it is kept what somebody has accepted; without it nothing is drafted. What was
    typed into 报告文字.xlsx of ``folder``, and into drafted texts of the reports there, is taken first. ``forms`` is the folder of
    the office's own forms. What stands there already as it would be written is left, unless all is to be done ``fresh``.
    ``workers`` is the number of processes that fill forms (0: one per core). ``watch`` hears how many of how many reports are written. Raises OutputError, SettingsError, TemplateError.
    """
    forms, look = choose_forms(campaign, forms), settings_of(campaign).report
    typed = _take_typed(result, folder, source, now, only) if source else None
    accepted = typed.accepted if typed else None
    asides: list[Path] = []
    chosen = result.projects if only is None else only
    with open_outputs(campaign, fresh=fresh) as outputs:
        files = write_reports(
            result, folder, forms=forms, projects=only, look=look, drafts=accepted, outputs=outputs, asides=asides,
            draw_all=choose_output_drawing(len(chosen), workers, _BATCH), watch=watch,
        )  # fmt: skip
    warnings = list(check_forms(result, forms, only))
    done = WrittenReports(files, warnings, unchanged=outputs.left, asides=tuple(asides))
    if typed is None:
        return done
    waiting, outdated = _count_waiting(result, typed.accepted, only)
    return replace(
        done, waiting=waiting, outdated=outdated, texts=None if only else write_texts(result, folder, typed.texts),
        text_faults=tuple(typed.texts.faults), word_edits=tuple(typed.edits.taken), word_faults=tuple(typed.edits.faults),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Typed:
    """What an officer wrote since the last run: into 报告文字.xlsx, and into the reports in Word."""

    texts: TypedTexts
    edits: WordEdits

    @property
    def accepted(self) -> Acceptances:
        """With both."""
        return self.edits.accepted


def _take_typed(
    result: ReviewResult, folder: Path, source: Path, now: datetime, only: Collection[str] | None
) -> _Typed:
    """Take it, and keep it beside the result. Raises SettingsError, OutputError."""
    before = read_acceptances(source)
    texts = TypedTexts(before) if only else take_texts(result, folder, before, now)
    edits = take_word_edits(result, folder, before, texts.accepted, folder / FILE_NAME, only)
    texts.accepted = edits.accepted
    keep_texts(texts, before, source)
    return _Typed(texts, edits)


def _count_waiting(result: ReviewResult, accepted: Acceptances, only: Collection[str] | None) -> tuple[int, int]:
    """How many drafts in these reports wait, and how many of them were accepted with other figures."""
    drafts = [draft for draft in find_drafts(result, accepted) if only is None or draft.project_code in only]
    return list_waiting([*drafts, *(() if only else find_group_drafts(result, accepted))], accepted)
