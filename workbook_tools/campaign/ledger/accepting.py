"""接收: finance has accepted a project's submission, which is not returned any more; and 撤回接收, where that was a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.author import find_person
from workbook_tools.campaign.ledger.ruling import take_rulings
from workbook_tools.campaign.ledger.standing import FolderReading, read_expected
from workbook_tools.campaign.ledger.status import StatusRow
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.questions import is_answer
from workbook_tools.core.states import Acceptor, State
from workbook_tools.files.stored_projects import list_names


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
    doubtful: list[StatusRow]
    """Not accepted, as they are not what was issued last: ``every`` takes none such, and by name it needs a reason."""
    because: str = ""
    trouble: str = ""
    """What went wrong beside it, as a sentence for the user."""

    @property
    def accepted_by(self) -> dict[str, Acceptor]:
        """Of each that is accepted now, by its code, who has accepted it and why."""
        before = {row.code: Acceptor(row.accepted_by, row.accepted_because) for row in self.before}
        return {row.code: Acceptor(self.who, self.because) for row in self.new} | before


def accept_projects(
    campaign: Campaign,
    codes: Sequence[str],
    now: datetime,
    *,
    every: bool = False,
    who: str = "",
    because: str = "",
    reading: FolderReading | None = None,
) -> AcceptedProjects:
    """Accept the projects of these codes, and with ``every`` all of which nothing is left to correct or explain.

    Of what is not 本期下发 none is accepted in bulk, and by its code only ``because`` of a reason, which the ledger keeps.
    ``who`` accepts is by default the person that is known, else the login; ``reading`` is how the list is read, by default anew. Raises SettingsError (nothing was chosen, a code
    is not on the list, a reason for no code or one that says nothing, nobody knows who accepts) and LedgerError; then none is accepted.
    """
    because = _check_reason(because, codes, every)
    listed, who = list_names(read_expected(campaign, reading)), who or _need_person("接收")
    take_rulings(campaign, now, reading.read_result if reading else None)
    with campaign.open_ledger() as ledger, ledger.alone():  # nobody else accepts between the look and the entry
        rows = ledger.status(listed, now)
        wanted = _choose(rows, codes, every)
        doubtful = [row for row in wanted if _needs_reason(row) and not because]
        chosen = [row for row in wanted if row not in doubtful]
        refused = ledger.accept([row.key for row in chosen], who, now, because)
    taken = [row for row in chosen if row.key not in refused]
    return AcceptedProjects(
        who,
        new=[row for row in taken if row.state is not State.ACCEPTED],
        before=[row for row in (rows if every else taken) if row.state is State.ACCEPTED],
        refused=[row for row in chosen if row.key in refused],
        waiting=[row for row in rows if every and row.state is State.TO_EXPLAIN and row not in wanted],
        doubtful=doubtful,
        because=because,
        trouble=ledger.trouble,
    )


@dataclass(frozen=True, slots=True)
class WithdrawnProjects:
    """Projects by what became of them; each row as it stood before."""

    who: str
    because: str
    done: list[StatusRow]
    untouched: list[StatusRow]
    """They were not accepted: nothing to take back."""
    trouble: str = ""
    """What went wrong beside it, as a sentence for the user."""

    @property
    def accepted_by(self) -> dict[str, None]:
        """Of each that is accepted no more, by its code: nobody."""
        return dict.fromkeys(row.code for row in self.done)


def withdraw_acceptance(
    campaign: Campaign,
    codes: Sequence[str],
    now: datetime,
    *,
    because: str,
    who: str = "",
    reading: FolderReading | None = None,
) -> WithdrawnProjects:
    """Take back the acceptance of the projects of these codes: they stand again where they stood before it.

    The ledger keeps both, who has taken it back and ``because`` of what. Raises SettingsError (no code, one that is not on the list, no reason or one
    that says nothing, nobody knows who it is) and LedgerError; then nothing is taken back.
    """
    if not codes:
        raise SettingsError("请写明要撤回接收的项目编码。没有撤回。")
    if not is_answer(because):
        raise SettingsError("撤回接收要写明理由，如“点错了项目”：理由记入台账。没有撤回。")
    listed, who = list_names(read_expected(campaign, reading)), who or _need_person("撤回")
    with campaign.open_ledger() as ledger, ledger.alone():
        rows = ledger.status(listed, now)
        chosen = _choose(rows, codes, every=False)
        accepted = [row for row in chosen if row.state is State.ACCEPTED]
        ledger.withdraw([row.key for row in accepted], who, now, because.strip())
    untouched = [row for row in chosen if row not in accepted]
    return WithdrawnProjects(who, because.strip(), accepted, untouched, ledger.trouble)


def _check_reason(because: str, codes: Sequence[str], every: bool) -> str:
    """The reason without blanks around it."""
    if because and (every or not codes):
        raise SettingsError("--because 的理由只给写明编码的项目，不与 --all 一起用。没有接收任何项目。")
    if because and not is_answer(because):
        raise SettingsError(f"--because 的理由“{because}”没有说出什么，请写明为什么可以接收。没有接收任何项目。")
    return because.strip()


def _needs_reason(row: StatusRow) -> bool:
    """Something has come of it, and it is neither what was issued last nor accepted already."""
    return row.versions > 0 and not row.is_accepted_in_bulk and row.state is not State.ACCEPTED


def _choose(rows: Sequence[StatusRow], codes: Sequence[str], every: bool) -> list[StatusRow]:
    if unknown := sorted(set(codes) - {row.code for row in rows}):
        raise SettingsError(f"项目清单中没有这些项目编码：{'、'.join(unknown)}。什么也没有登记。")
    if not codes and not every:
        raise SettingsError("请写明要接收的项目编码，或用 --all 接收所有“可接收”的项目。")
    return [row for row in rows if row.code in codes or (every and row.state is State.READY)]


def _need_person(doing: str) -> str:
    if person := find_person():
        return person
    raise SettingsError(f"不知道是谁在{doing}，请用 --who 写明姓名。")
