"""接受说明 in the ledger: what finance has said of units' answers since the review, and what follows for their projects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.records import LedgerError
from workbook_tools.core.errors import SettingsError, WithheldFile
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import may_be_saved_by_hand
from workbook_tools.results.names import list_workbooks

if TYPE_CHECKING:
    from workbook_tools.campaign.ledger.book import Ledger


def take_rulings(campaign: Campaign, now: datetime, read: Callable[[Campaign], ResultParts] | None = None) -> None:
    """Enter in the ledger what finance has typed into 审核结果.xlsx, or into those of the departments, since they were written, so that states go by it.

    Nothing is read where nobody has saved one, which no clock has to say; ``read`` is how, where the result may have been read already. Raises
    LedgerError, WithheldFile.
    """
    data = campaign.result_file
    if not (data.is_file() and any(map(may_be_saved_by_hand, list_workbooks(data)))):
        return
    from workbook_tools.results import read_results  # only where there is something to read

    try:
        parts = read(campaign) if read else read_results(data).parts
    except WithheldFile:
        raise
    except SettingsError:  # it is made anew by the next review
        return
    with campaign.open_ledger() as ledger:
        ledger.record_rulings(parts, now)


def note_rulings(campaign: Campaign | None, result: ReviewResult | ResultParts, now: datetime) -> str:
    """Record the rulings that a result carries; a sentence for the user where that cannot be done."""
    return record_rulings_in(campaign, lambda ledger: ledger.record_rulings(result, now)) if campaign else ""


def record_rulings_in(campaign: Campaign, record: Callable[[Ledger], object]) -> str:
    """Let the ledger record rulings; a sentence for the user where that cannot be done."""
    try:
        with campaign.open_ledger() as ledger:
            record(ledger)
    except LedgerError as exc:
        return f"接受说明没有登记台账：{exc}"
    return ledger.trouble
