"""A drafted text that somebody has read: accepted as it stands, put into other words, or taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    typed = _read_typed(campaign, result, [key], now)
    accepted = typed.accepted
    draft = _find(list_drafts(result, accepted), key)
    if text and text != draft.shown:
        edited = "" if text == draft.text else text
        accepted = accepted.with_edited([EditedText(year=key[0], project_code=key[1], section=key[2], text=edited)])
        draft = _find(list_drafts(result, accepted), key)
    settled = accepted.with_these([draft], by, _say_moment(now)) if by else accepted.without([draft])
    _keep(campaign, result, [key], replace(typed, accepted=settled))
    return draft


def accept_drafts(
    campaign: Campaign, result: ReviewResult, read: Mapping[DraftKey, str], by: str, now: datetime
) -> list[Draft]:
    """Accept several drafts as they stand; ``read`` has the digest of each as it was read.

    Raises as :func:`settle_draft` does, and where one has another text by now; then none is accepted.
    """
    typed = _read_typed(campaign, result, read, now)
    drafts = [draft for draft in list_drafts(result, typed.accepted) if read.get(draft.key) == draft.digest]
    if len(drafts) < len(read):
        raise SettingsError("勾选的草稿里有的已经变了：单位补写了，或者数据变了。请再看一次。没有改动。")
    _keep(campaign, result, read, replace(typed, accepted=typed.accepted.with_these(drafts, by, _say_moment(now))))
    return drafts


def _is_of_several(result: ReviewResult, keys: Iterable[DraftKey]) -> bool:
    """One of them is of a report on several projects."""
    return not {key[1] for key in keys} <= {project.code for project in result.projects}


def _read_typed(campaign: Campaign, result: ReviewResult, keys: Iterable[DraftKey], now: datetime) -> TypedTexts:
    """What is accepted, with what was typed in 报告文字.xlsx where these may stand in it."""
    accepted = read_acceptances(campaign.result_file)
    if _is_of_several(result, keys):
        return take_texts(result, campaign.folder("报告"), accepted, now)
    return TypedTexts(accepted)


def _keep(campaign: Campaign, result: ReviewResult, keys: Iterable[DraftKey], settled: TypedTexts) -> None:
    folder = campaign.folder("报告")
    if _is_of_several(result, keys) and (folder / FILE_NAME).is_file():
        write_texts(result, folder, settled)
    write_acceptances(settled.accepted, campaign.result_file)


def _say_moment(now: datetime) -> str:
    return now.astimezone().strftime("%Y-%m-%d %H:%M")


def _find(drafts: list[Draft], key: DraftKey) -> Draft:
    found = next((draft for draft in drafts if draft.key == key), None)
    if found is None:
        raise SettingsError("没有这段草稿了：单位补写了，或者数据变了。请再看一次。没有改动。")
    return found
