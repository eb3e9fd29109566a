"""The whole cycle on the built-in example: eight published projects, filled as their units did, mistakes included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.packing import pack_departments
from workbook_tools.campaign.reporting import report_result
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import replace_file
from workbook_tools.shipped.example import load_example
from workbook_tools.shipped.example_evidence import place_evidence
from workbook_tools.workbooks.generating import generate


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made."""

    campaign: Campaign
    result: ReviewResult
    issued: list[Path]
    summaries: list[Path]
    reports: list[Path]


def find_free_folder(folder: Path) -> Path:
    """The folder, or the next free name beside it: an earlier demo is kept."""
    candidate, number = folder, 2
    while candidate.exists() and any(candidate.iterdir()):
        candidate = folder.with_name(f"{folder.name}{number}")
        number += 1
    return candidate


def run_demo(folder: Path, now: datetime) -> Demo:
    """Make a working folder in ``folder`` and run generate, pack, fill, review, merge and report in it.

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
    inbox = campaign.folder("回收")
    issued = issue_workbooks(campaign, example.projects, campaign.folder("下发"), key, now)
    pack_departments(campaign, now)
    issues = {(item.year, item.code): item.issue for item in issued.items}
    filled = generate(
        example.projects, inbox, key, campaign.notice, lambda p: campaign.scheme(p.scheme), issues, prefill=True
    )
    place_evidence(filled)
    result = review_inbox(campaign, inbox, {key.id: key}, now, out=campaign.folder("审核")).review.result
    reports = report_result(campaign, result, campaign.folder("报告"), campaign.result_file, now)
    summaries = merge_result(campaign, result, campaign.folder("汇总"))
    return Demo(
        campaign,
        result,
        [item.path for item in issued.made],
        [*summaries.workbooks, *summaries.tables],
        reports.files,
    )
