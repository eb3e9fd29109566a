"""复核报告 of a working folder: one per project that was inspected, and one over the sample, in the package's or the office's own forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.inspection_record import find_inspection_folder
from workbook_tools.files.paths import project_file, replace_result
from workbook_tools.inspection.record import Inspection
from workbook_tools.inspection.reports import INSPECTION_TAGS, SAMPLE_TAGS, InspectionFacts, InspectionSummary
from workbook_tools.inspection.sample_record import Draw
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.found_forms import find_form
from workbook_tools.reports.inspection_forms import INSPECTION_FORM, INSPECTION_SUMMARY
from workbook_tools.reports.tags import fill_tags
from workbook_tools.word.rendering import open_form

REPORTS = "报告"
"""The folder of them in 复核."""


@dataclass(frozen=True, slots=True)
class InspectionReports:
    """What was written."""

    files: tuple[Path, ...] = ()
    """The one over all first."""
    asides: tuple[Path, ...] = ()
    """The second names of reports that somebody had saved."""


NO_REPORTS = InspectionReports()


def write_inspection_reports(campaign: Campaign, draw: Draw, done: Sequence[Inspection]) -> InspectionReports:
    """Write 复核/报告/复核汇总报告.docx, and 复核/报告/主管部门/编码_名称.docx for each project that is done; nothing where none is.

    One that somebody has saved is kept aside. Raises TemplateError (a form), OutputError.
    """
    if not done:
        return NO_REPORTS
    year, look = campaign.settings.year, fill_tags(APPEARANCE_TAGS, campaign.settings.report)
    folder = find_inspection_folder(campaign, REPORTS)
    single, whole = (open_form(find_form(name, campaign.forms)) for name in (INSPECTION_FORM, INSPECTION_SUMMARY))
    facts = InspectionSummary(year, campaign.settings.authority, draw, done)
    written = {folder / INSPECTION_SUMMARY: whole.render(fill_tags(SAMPLE_TAGS, facts) | look)}
    for item in done:
        path = project_file(folder, item.department, item.code, item.name, ".docx")
        written[path] = single.render(fill_tags(INSPECTION_TAGS, InspectionFacts(year, item)) | look)
    asides = (replace_result(path, data) for path, data in written.items() if not _is_there(path, data))
    return InspectionReports(tuple(written), tuple(aside for aside in [*asides] if aside))


def _is_there(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
