"""催报: a polite letter to each department that still owes workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.status import StatusRow, group_by_department
from workbook_tools.core.states import State
from workbook_tools.files.paths import replace_file

NOTHING_OWED = "目前没有需要催报的项目。"


REMINDER_FILE = "催报通知.txt"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who reminds, and what of: words from wbt.toml."""

    authority: str
    year: int
    contact: str
    deadline: str = ""
    """报送截止 as wbt.toml has it."""
    resend: str = ""
    """重报期限 likewise."""


def remind_departments(campaign: Campaign, rows: Iterable[StatusRow], now: datetime) -> str:
    """Write the letters into 催报通知.txt of the working folder; returns the text. Raises OutputError."""
    text = compose_reminders(campaign, rows, now)
    replace_file(campaign.root / REMINDER_FILE, text.encode("utf-8-sig"))
    return text


def compose_reminders(campaign: Campaign, rows: Iterable[StatusRow], now: datetime) -> str:
    """The letters in one text, or that nobody owes anything."""
    s, dates = campaign.settings, campaign.settings.deadlines
    sender = Sender(s.authority, s.year, s.contact, *(d.text if d else "" for d in (dates.send, dates.resend)))
    letters = write_reminders(rows, sender, now.astimezone().date())
    return "\n".join(letters) or NOTHING_OWED + "\n"


def write_reminders(rows: Iterable[StatusRow], sender: Sender, today: date) -> list[str]:
    """One letter per department that has workbooks not yet sent, or returned and not sent again."""
    letters = (_write_letter(name, members, sender, today) for name, members in group_by_department(rows).items())
    return [letter for letter in letters if letter]


def _write_letter(department: str, rows: Sequence[StatusRow], sender: Sender, today: date) -> str:
    missing = [row for row in rows if row.state is State.MISSING and row.issued_at and not row.versions]
    returned = [row for row in rows if row.is_out]
    if not missing and not returned:
        return ""
    day = f"{today.year}年{today.month}月{today.day}日"
    due = f"，报送截止时间为：{sender.deadline}" if sender.deadline and missing else ""
    or_unread = "，或者收到的不能用" if any(row.unread_file for row in missing) else ""
    body = [f"您好！{sender.year}年度项目支出绩效自评正在进行{due}。"]
    if missing:
        body += [f"截至{day}，以下 {len(missing)} 个项目的自评表还没有收到{or_unread}：", *_list_rows(missing)]
    if returned:
        again = f"，应于{sender.resend}前重新报送" if sender.resend else ""
        body += [f"以下 {len(returned)} 个项目的自评表已退回修改{again}，还没有收到改好的文件：", *_list_rows(returned)]
    over = any(row.late for row in (*missing, *returned))
    body.append(
        ("报送时间已过，请督促有关单位尽快报送。" if over else "请督促有关单位按时报送。")
        + "若刚刚已经报送，请不必理会本通知。"
    )
    if sender.contact:
        body.append(f"如有疑问，请与我们联系：{sender.contact}。")
    body.append("感谢支持与配合！")
    closing = [f"　　　　　　　　{line}" for line in (sender.authority, day) if line]
    return "\n".join([f"{department}：", *(f"　　{line}" for line in body), *closing]) + "\n"


def _list_rows(rows: Sequence[StatusRow]) -> list[str]:
    return [
        f"{number}. {row.name}（{row.code}，{row.unit}）"
        + (
            f"：收到的“{PurePosixPath(row.unread_file).name}”不能用（{row.unread_reason}），请重新发送"
            if row.unread_file
            else ""
        )
        for number, row in enumerate(rows, 1)
    ]
