"""复核 on the disk of a working folder: where its 复核表 lie, and what reviewers have found so far."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.folder import INSPECTION_FOLDER, Campaign
from workbook_tools.core.review_result import ReviewResult, SecondLook
from workbook_tools.files.paths import replace_file

if TYPE_CHECKING:
    from workbook_tools.inspection.record import Inspection, Inspections

ISSUED, RETURNED, RECORD = "下发", "回收", "复核结果.json"
"""Folders of 复核, and the record in it."""


def find_inspection_folder(campaign: Campaign, name: str = "") -> Path:
    """复核, or a folder in it (:data:`ISSUED`, :data:`RETURNED`)."""
    return campaign.root / INSPECTION_FOLDER / name


def read_record(campaign: Campaign) -> Inspections:
    """All that was issued and found. Raises SettingsError: the file is damaged."""
    from workbook_tools.inspection.record import read_inspections

    return read_inspections(find_inspection_folder(campaign) / RECORD, campaign.settings.year)


def write_record(campaign: Campaign, record: Inspections) -> None:
    """Keep it. Raises OutputError."""
    replace_file(find_inspection_folder(campaign) / RECORD, record.write())


def has_record(campaign: Campaign | None) -> bool:
    """Projects were, or may have been, looked at again: a result that was written before may tell of it."""
    return campaign is not None and (find_inspection_folder(campaign) / RECORD).is_file()


def read_done(campaign: Campaign | None) -> list[Inspection]:
    """What reviewers have found of the projects of the sample in force, in its order. Raises SettingsError: a file is damaged."""
    if campaign is None or not has_record(campaign):
        return []
    from workbook_tools.campaign.sampling import read_sample

    draw, record = read_sample(campaign), read_record(campaign)
    return record.list_done(row.code for row in draw.chosen) if draw else []


def find_second_looks(campaign: Campaign | None) -> Mapping[str, SecondLook]:
    """The same as a result carries it, by the project's code."""
    return {item.code: item.look for item in read_done(campaign)}


def with_second_looks(part: ReviewResult, looks: Mapping[str, SecondLook]) -> ReviewResult:
    """A result, or a part of one, whose projects have these and no others."""
    if not looks and not any(row.second_look for row in part.projects):
        return part
    projects = tuple(row.model_copy(update={"second_look": looks.get(row.code)}) for row in part.projects)
    return part.model_copy(update={"projects": projects})
