"""报告: the Word reports of a reviewed result, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.campaign.defaults import choose_forms, settings_of
from workbook_tools.campaign.folder import Campaign
from workbook_tools.core.faces import Watch
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports import write_reports
from workbook_tools.reports.acceptance import Acceptances, find_drafts
from workbook_tools.reports.form_check import check_forms


@dataclass(frozen=True, slots=True)
class WrittenReports:
    """What was written."""

    files: list[Path]
    form_warnings: list[str]
    """What the forms that were used leave out, a sentence each."""
    waiting: int = 0
    """Texts in them that are drafts: nobody has accepted them."""


def report_result(
    campaign: Campaign | None, result: ReviewResult, folder: Path, accepted: Acceptances | None,
    *, forms: Path | None = None, only: Collection[str] | None = None, watch: Watch | None = None,
) -> WrittenReports:  # fmt: skip
    """Write a report for each project and each department into ``folder``; with ``only`` for these projects alone.

    ``accepted`` says which drafts are none any more; without it nothing is drafted. ``forms`` is the folder of the
    office's own forms. ``watch`` hears how many of how many reports are written.
    Raises OutputError, TemplateError.
    """
    forms, look = choose_forms(campaign, forms), settings_of(campaign).report
    files = write_reports(result, folder, forms=forms, projects=only, look=look, drafts=accepted, watch=watch)
    return WrittenReports(files, list(check_forms(result, forms, only)), _count_waiting(result, accepted, only))


def _count_waiting(result: ReviewResult, accepted: Acceptances | None, only: Collection[str] | None) -> int:
    if accepted is None:
        return 0
    return accepted.count_waiting(d for d in find_drafts(result) if not only or d.project_code in only)
