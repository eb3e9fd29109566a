"""A drafted text that somebody has read: accepted as it stands, put into other words, or taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.report_texts import FILE_NAME, TypedTexts, take_texts, write_texts
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports.acceptance import (
    Acceptances,
    Draft,
    EditedText,
    find_drafts,
    read_acceptances,
    write_acceptances,
)
from workbook_tools.reports.group_texts import find_group_drafts

DraftKey = tuple[int, str, str]


def list_drafts(result: ReviewResult, accepted: Acceptances) -> list[Draft]:
    """Every draft in the reports of projects and in those on several projects; those of public reports are not among them."""
    return [*find_drafts(result, accepted), *find_group_drafts(result, accepted)]


def settle_draft(campaign: Campaign, result: ReviewResult, key: DraftKey, text: str, by: str, now: datetime) -> Draft:
    """Accept a draft in these words, or with nobody's name take its acceptance back; a blank ``text`` leaves the words.

    One of a report on several projects stands in 报告文字.xlsx too: what was typed there is taken first, and it is written anew.
    Raises SettingsError where there is no such draft (any more), or that workbook cannot be read, OutputError.
    """
    accepted, folder = read_acceptances(campaign.result_file), campaign.folder("报告")
    of_several = all(project.code != key[1] for project in result.projects)
    typed = take_texts(result, folder, accepted, now) if of_several else TypedTexts(accepted)
    accepted = typed.accepted
    draft = _find(list_drafts(result, accepted), key)
    if text and text != draft.shown:
        edited = "" if text == draft.text else text
        accepted = accepted.with_edited([EditedText(year=key[0], project_code=key[1], section=key[2], text=edited)])
        draft = _find(list_drafts(result, accepted), key)
    at = now.astimezone().strftime("%Y-%m-%d %H:%M")
    settled = accepted.with_these([draft], by, at) if by else accepted.without([draft])
    if of_several and (folder / FILE_NAME).is_file():
        write_texts(result, folder, replace(typed, accepted=settled))
    write_acceptances(settled, campaign.result_file)
    return draft


def _find(drafts: list[Draft], key: DraftKey) -> Draft:
    found = next((draft for draft in drafts if draft.key == key), None)
    if found is None:
        raise SettingsError("没有这段草稿了：单位补写了，或者数据变了。请再看一次。没有改动。")
    return found
