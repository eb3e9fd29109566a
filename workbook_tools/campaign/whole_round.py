"""办一轮: review, return, report and merge a working folder in one go, by the faces that the single commands call."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.merging import Summaries, merge_result
from workbook_tools.campaign.reporting import WrittenReports, report_result
from workbook_tools.campaign.returning import ReturnedFiles, agree_on_date, return_files
from workbook_tools.campaign.reviewing import ReviewedInbox, review_inbox
from workbook_tools.core.errors import WorkbookToolsError, tell_os_error
from workbook_tools.core.faces import Watch
from workbook_tools.files.sources import Prepare
from workbook_tools.review.batch_work import Workers
from workbook_tools.workbooks.reading import Keys

T = TypeVar("T")
Show = Callable[[str], AbstractContextManager[Watch]]
"""Gives to a step, by its name, what hears how far it is."""


@dataclass(slots=True)
class WholeRound:
    """What each step gave; ``None`` where it failed, or where nothing had come in."""

    reviewed: ReviewedInbox
    returned: ReturnedFiles | None = None
    reports: WrittenReports | None = None
    summaries: Summaries | None = None
    failures: dict[str, str] = field(default_factory=dict)
    """Step → why it failed, as a sentence for the user."""


def run_round(
    campaign: Campaign,
    keys: Keys,
    now: datetime,
    show: Show,
    *,
    by: str = "",
    prepare: Prepare | None = None,
    fresh: bool = False,
    workers: Workers = 0,
) -> WholeRound:
    """Review what lies in 回收, and where something has come return what is wrong, write the reports, and merge.

    A step that fails leaves what the others make as it is. Reports come before summaries, which are linked to them.
    ``by`` as in :func:`return_files`, ``prepare``, ``fresh`` and ``workers`` as in :func:`review_inbox`. Raises what a review raises: without it there is nothing to go on from; and
    SettingsError where ``by`` is no date to come, before anything is done.
    """
    agree_on_date(campaign, by, now)
    inbox = campaign.folder("回收")
    with show("审核") as watch:
        reviewed = review_inbox(
            campaign,
            inbox,
            keys,
            now,
            out=campaign.folder("审核"),
            prepare=prepare,
            fresh=fresh,
            workers=workers,
            watch=watch,
        )
    done = WholeRound(reviewed)
    if not reviewed.result.reviewed_files:
        return done
    result = reviewed.result

    def attempt(step: str, work: Callable[[Watch], T]) -> T | None:
        try:
            with show(step) as watch:
                return work(watch)
        except WorkbookToolsError as exc:
            done.failures[step] = str(exc)
        except OSError as exc:
            done.failures[step] = f"读写文件时出错：{tell_os_error(exc)}"
        return None

    done.returned = attempt(
        "退回",
        lambda watch: return_files(campaign, result, inbox, campaign.folder("退回"), keys, now, by=by, watch=watch),
    )
    done.reports = attempt(
        "出报告",
        lambda watch: report_result(
            campaign,
            reviewed.parts,
            campaign.folder("报告"),
            campaign.result_file,
            now,
            fresh=fresh,
            workers=workers,
            watch=watch,
        ),
    )
    done.summaries = attempt(
        "汇总",
        lambda watch: merge_result(
            campaign, reviewed.parts, campaign.folder("汇总"), fresh=fresh, workers=workers, watch=watch
        ),
    )
    return done
