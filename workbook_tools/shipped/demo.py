"""The whole cycle on the built-in example: eight published projects, filled as their units did, mistakes included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.campaign.ledger.keeping import note_issued, note_review
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import replace_file
from workbook_tools.reports import write_reports
from workbook_tools.reports.forms import find_form
from workbook_tools.results import write_results
from workbook_tools.review.folder import review_folder
from workbook_tools.rules.scheme import Scheme
from workbook_tools.shipped.example import load_example
from workbook_tools.summary.office_form import SUMMARY_FORM
from workbook_tools.summary.workbooks import write_form_tables, write_summaries
from workbook_tools.workbooks.generating import generate


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made."""

    campaign: Campaign
    result: ReviewResult
    issued: list[Path]
    summaries: list[Path]
    reports: list[Path]


def run_demo(folder: Path, now: datetime) -> Demo:
    """Make a working folder in ``folder`` and run generate, fill, review, merge and report in it.

    The ledger notes it all at the time ``now``.

    Raises SettingsError if the folder is a working folder already, OutputError.
    """
    example = load_example()
    settings = Settings(
        year=example.year,
        authority=example.authority,
        scheme=example.scheme,
        deadline="2024年3月31日",
        contact="绩效管理股",
    )
    campaign = Campaign.create(folder, settings)
    key = campaign.signing_key()
    # As JSON: the reports are of different years, and the list carries the answers too.
    replace_file((folder / LIST_FILE).with_suffix(".json"), example.model_dump_json(indent=1).encode())

    def scheme_of(project: Project) -> Scheme:
        return campaign.scheme(project.scheme)

    issued = generate(example.projects, campaign.folder("下发"), key, campaign.notice, scheme_of)
    note_issued(campaign, issued, key, scheme_of, now)
    inbox = campaign.folder("回收")
    generate(example.projects, inbox, key, campaign.notice, scheme_of, prefill=True)
    review = review_folder(
        inbox, keys={key.id: key}, projects=example.projects, year=example.year, scheme=example.scheme,
        authority=example.authority,
    )  # fmt: skip
    result = review.result
    note_review(campaign, result, review.files, now)
    reports = campaign.folder("报告")
    write_results(review, campaign.folder("审核"))
    written = write_reports(result, reports)
    summaries = write_summaries(result, campaign.folder("汇总"), inbox=inbox, reports=reports)
    tables, _ = write_form_tables(result, campaign.folder("汇总"), find_form(SUMMARY_FORM))
    return Demo(campaign, result, [item.path for item in issued], [*summaries, *tables], written)
