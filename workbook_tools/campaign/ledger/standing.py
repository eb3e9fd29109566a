"""Where a working folder stands now: its listed projects with what its ledger says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workbook_tools.campaign.deadline import Deadlines
from workbook_tools.campaign.defaults import read_own_list
from workbook_tools.campaign.disclosure_lines import DisclosureLine, list_departments
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.mending import restore_histories
from workbook_tools.campaign.ledger.records import ProjectKey
from workbook_tools.campaign.ledger.ruling import take_rulings
from workbook_tools.campaign.ledger.status import StatusRow, format_local_time
from workbook_tools.campaign.ledger.unread_files import note_unread_files
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.core.states import State
from workbook_tools.files.stored_projects import ListedProjects, list_names
from workbook_tools.followup.matter_history import MatterHistory, sort_due

_TOLD = 3
"""Mistakes of the list that are named where nothing of it can be used."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The projects in the list's order; ``note`` says up to when, and by which deadline, they were judged."""

    rows: list[StatusRow]
    title: str
    note: str
    deadlines: Deadlines
    mending: list[MatterHistory] = field(default_factory=list)
    """What units have to mend, or finance to check, over its term first."""
    disclosure: list[DisclosureLine] = field(default_factory=list)
    """How much of each department is public, and what finance has typed of it; none before something was published."""
    unneeded: Mapping[str, str] = field(default_factory=dict)
    """Marked copies in 退回, by their paths in the working folder, that no unit is to get any more, and why."""


@dataclass(frozen=True, slots=True)
class FolderReading:
    """How list and result of a working folder are read: whoever keeps what was read gives that."""

    read_list: Callable[[Campaign], tuple[ListedProjects, Sequence[Finding]]] = read_own_list
    read_result: Callable[[Campaign], ResultParts] | None = None


def find_standing(campaign: Campaign, now: datetime, reading: FolderReading | None = None) -> Standing:
    """Raises SettingsError where there is no usable list, LedgerError."""
    deadlines, reading = campaign.settings.deadlines, reading or FolderReading()
    take_rulings(campaign, now, reading.read_result)
    with campaign.open_ledger() as ledger:
        rows = ledger.status(list_names(read_expected(campaign, reading)), now, deadlines)
        disclosure = list_departments(*ledger.find_disclosure(campaign.settings.year), [row.department for row in rows])
        mending = restore_histories(ledger.find_matters([campaign.settings.year]))
        returned = ledger.find_returned(_list_copies(campaign))
    rows = note_unread_files(campaign, rows, reading.read_result)
    title = f"{campaign.settings.year}年度项目支出绩效自评报送情况"
    note = f"截至 {format_local_time(now)}；{_describe_deadlines(deadlines)}"
    unneeded = dict(_find_unneeded(returned, rows))
    return Standing(rows, title, note, deadlines, sort_due(mending.values(), now), disclosure, unneeded)


def _list_copies(campaign: Campaign) -> list[str]:
    """The marked copies that lie in 退回, by their paths in the working folder."""
    if not (folder := campaign.folder("退回")).is_dir():
        return []
    from workbook_tools.returns.archiving import list_copies  # where nothing was returned status does without

    return [path.relative_to(campaign.root).as_posix() for path in list_copies(folder)]


def _find_unneeded(returned: Mapping[str, ProjectKey], rows: Sequence[StatusRow]) -> Iterator[tuple[str, str]]:
    """Of these copies those that are not waited for, and why."""
    known = {(row.year, row.code): row for row in rows}
    for file, key in returned.items():
        row = known.get(key)
        if row is None:
            yield file, "项目清单里已经没有这个项目"
        elif row.state is State.ACCEPTED:
            yield file, "已经接收"
        elif row.returned_at and not row.is_out:
            yield file, "单位已经重新报来"


def read_expected(campaign: Campaign, reading: FolderReading | None = None) -> Sequence[Project]:
    """The projects that are expected. Raises SettingsError where there is no usable list, which says why it cannot be used."""
    path = campaign.project_list
    if not path.exists():
        raise SettingsError(f"找不到项目清单 {path}，不知道应当报送哪些项目。")
    listed, findings = (reading or FolderReading()).read_list(campaign)
    if not listed.projects:
        raise SettingsError(f"项目清单 {path} 里没有可用的项目：{_say_why(findings)}")
    return listed.projects


def _say_why(findings: Sequence[Finding]) -> str:
    """The first things that are wrong with a list of which nothing can be used."""
    errors = [str(item) for item in findings if item.severity is Severity.ERROR]
    more = f"还有 {len(errors) - _TOLD} 处，请运行 wbt generate 查看清单的问题。" if len(errors) > _TOLD else ""
    return "".join(errors[:_TOLD]) + more or "还没有填写。"


def _describe_deadlines(deadlines: Deadlines) -> str:
    said = list(deadlines.unclear)
    if deadlines.send:
        doubt = f"（在 {deadlines.year} 年度结束以前，请核对年份）" if deadlines.early else ""
        said.append(f"报送截止时间 {format_local_time(deadlines.send.moment)}{doubt}")
    elif not deadlines.unclear:
        said.append("wbt.toml 中没有写截止日期")
    if deadlines.resend:
        said.append(f"重报期限 {format_local_time(deadlines.resend.moment)}")
    return "；".join(said) + ("" if deadlines.send else "，没有判断是否逾期")
