"""接收: finance has accepted a project's submission; it is not returned any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.author import find_login
from workbook_tools.campaign.ledger.ruling import take_rulings
from workbook_tools.campaign.ledger.standing import read_expected
from workbook_tools.campaign.ledger.status import StatusRow
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.states import State


@dataclass(frozen=True, slots=True)
class AcceptedProjects:
    """Projects by what became of them; each row as it stood before."""

    who: str
    new: list[StatusRow]
    before: list[StatusRow]
    """Accepted earlier already, perhaps by somebody else a moment ago: these keep who accepted them and when."""
    refused: list[StatusRow]
    """Nothing of them has been reviewed."""
    waiting: list[StatusRow]
    """Not chosen by ``every``: they have 提醒 that nobody has explained."""
    trouble: str = ""
    """What went wrong beside it, as a sentence for the user."""

    @property
    def accepted_by(self) -> dict[str, str]:
        """Of each that is accepted now, by its code, who has accepted it."""
        return {row.code: self.who for row in self.new} | {row.code: row.accepted_by for row in self.before}


def accept_projects(
    campaign: Campaign, codes: Sequence[str], now: datetime, *, every: bool = False, who: str = ""
) -> AcceptedProjects:
    """Accept the projects of these codes, and with ``every`` all of which nothing is left to correct or explain.

    ``who`` accepts is by default the name of whoever is logged in. Raises SettingsError (nothing was chosen, a code
    is not on the list, nobody knows who accepts) and LedgerError; then none is accepted.
    """
    listed, who = read_expected(campaign), who or _need_login()
    take_rulings(campaign, now)
    with campaign.open_ledger() as ledger, ledger.alone():  # nobody else accepts between the look and the entry
        rows = ledger.status(listed, now)
        chosen = _choose(rows, codes, every)
        refused = ledger.accept([row.key for row in chosen], who, now)
    taken = [row for row in chosen if row.key not in refused]
    return AcceptedProjects(
        who,
        new=[row for row in taken if row.state is not State.ACCEPTED],
        before=[row for row in (rows if every else taken) if row.state is State.ACCEPTED],
        refused=[row for row in chosen if row.key in refused],
        waiting=[row for row in rows if every and row.state is State.TO_EXPLAIN and row not in chosen],
        trouble=ledger.trouble,
    )


def _choose(rows: Sequence[StatusRow], codes: Sequence[str], every: bool) -> list[StatusRow]:
    if unknown := sorted(set(codes) - {row.code for row in rows}):
        raise SettingsError(f"项目清单中没有这些项目编码：{'、'.join(unknown)}。没有接收任何项目。")
    if not codes and not every:
        raise SettingsError("请写明要接收的项目编码，或用 --all 接收所有“可接收”的项目。")
    return [row for row in rows if row.code in codes or (every and row.state is State.READY)]


def _need_login() -> str:
    if login := find_login():
        return login
    raise SettingsError("不知道是谁在接收，请用 --who 写明姓名。")
