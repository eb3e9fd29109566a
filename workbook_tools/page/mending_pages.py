"""整改 on the page 评完以后: what may need mending, notices to units, their answers, and what is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import Response

from workbook_tools.campaign.folder import ANSWERS, MATTER_LIST, RECTIFICATION, Campaign
from workbook_tools.campaign.rectifying import Rectified, read_histories, rectify
from workbook_tools.followup.due_matters import tell_state
from workbook_tools.followup.matter_history import MatterHistory, MatterState, sort_due
from workbook_tools.page.inbox_pages import take_files
from workbook_tools.page.jobs import Job, JobLine, Level, Onward
from workbook_tools.page.review_pages import need_result
from workbook_tools.page.visiting import Visit, route

_MOST_LISTED = 300
"""Matters that the page lists."""
_MOST_TOLD = 20
"""Things of one kind that a step names."""


@dataclass(frozen=True, slots=True)
class MendingStanding:
    """Where 整改 stands, as the page shows it."""

    due: tuple[tuple[MatterHistory, str], ...]
    """The matters that are not closed, over their term first, each with its state."""
    closed: int
    begun: bool
    """There is a list to choose from."""

    @property
    def listed(self) -> tuple[tuple[MatterHistory, str], ...]:
        """Those of them that are shown."""
        return self.due[:_MOST_LISTED]


def find_mending(campaign: Campaign, year: int, now: datetime) -> MendingStanding:
    """What units were told to mend, by the ledger. Raises LedgerError."""
    histories = read_histories(campaign, year)
    due = tuple((one, tell_state(one, now)) for one in sort_due(histories.values(), now))
    closed = sum(one.state is MatterState.CLOSED for one in histories.values())
    return MendingStanding(due, closed, (campaign.root / RECTIFICATION / MATTER_LIST).is_file())


def _list_matters(visit: Visit) -> Response:
    return _rectify(visit, "整改事项", send=False)


def _send_notices(visit: Visit) -> Response:
    return _rectify(visit, "发整改通知", send=True)


def _rectify(visit: Visit, title: str, *, send: bool) -> Response:
    campaign, by = visit.campaign, visit.typed("by")
    result = need_result(visit, campaign).result
    given = by if by != campaign.settings.rectify.mend_by else ""

    def work(_: Job) -> Iterator[JobLine]:
        yield from _tell(rectify(campaign, result, datetime.now(UTC), send=send, by=given))

    return visit.begin(title, "after", "rectify", work, Onward(part="rectify"))


def _tell(done: Rectified) -> Iterator[JobLine]:
    """What was done, and what is to be done now."""
    counts = Counter(line.state for line in done.lines)
    told = "，".join(f"{state} {count}" for state, count in counts.items())
    yield JobLine(f"整改事项 {len(done.lines)} 项{'：' if told else ''}{told}。", Level.GOOD)
    for sent in done.sent[:_MOST_TOLD]:
        yield JobLine(
            f"通知 {sent.unit}：{sent.matters} 项，{sent.notice.name} 和 {sent.workbook.name}，在 {sent.notice.parent}。"
        )
    if len(done.sent) > _MOST_TOLD:
        yield JobLine(f"…… 共通知 {len(done.sent)} 个单位。")
    for file in done.answered[:_MOST_TOLD]:
        yield JobLine(f"答复 {file.unit}：{len(file.answers)} 项，{file.name}。")
    for item in done.findings:
        yield JobLine(str(item), Level.WARNING)
    if done.concluded:
        yield JobLine(f"登记了 {done.concluded} 项整改结论。")
    if done.outdated:
        told = f"有 {len(done.outdated)} 项填结论以后又来了新的答复，结论没有登记，请看过新的答复，在 {done.workbook.name} 里重新填。"
        yield JobLine(told, Level.WARNING)
    for path in done.moved_aside:
        yield JobLine(f"原来的文件有手工改动，已另存为“{path.name}”；其中填的已带入新的一份。")
    if done.undecided:
        yield JobLine(f"有 {done.undecided} 项没有定要不要整改：在 {done.workbook} 的“是否整改”里选，由财政部门决定。")
    if done.to_send:
        yield JobLine(f"有 {done.to_send} 项要整改、还没有通知单位：写明期限，点“发整改通知”。")
    if done.unrecorded:
        yield JobLine(done.unrecorded, Level.ERROR)


def _take_in(visit: Visit) -> Response:
    return visit.go("after", say=take_files(visit, visit.campaign.root / RECTIFICATION / ANSWERS))


ROUTES = [
    route("/f/{folder}/after/rectify", _list_matters, "POST"),
    route("/f/{folder}/after/rectify/send", _send_notices, "POST"),
    route("/f/{folder}/after/rectify/upload", _take_in, "POST"),
]
