"""Events in plain words, for whoever reads what was recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbook_tools.campaign.ledger.chain import READMITTED, RESTORED, STARTED, WITHDRAWN, Event
from workbook_tools.campaign.ledger.status import format_local_time

KIND_WORDS = {
    STARTED: "建立台账",
    RESTORED: "恢复台账",
    READMITTED: "重新算作报送",
    WITHDRAWN: "撤回接收",
    "schemes": "评分方案",
    "issued": "下发",
    "received": "收到",
    "answered": "单位说明",
    "reviewed": "审核",
    "returned": "退回",
    "accepted": "接收",
    "ruled": "接受说明",
    "dismissed": "剔除",
    "packed": "打包",
    "published": "公开",
    "rectified": "整改",
    "counted": "公开情况（个数）",
    "disclosed": "公开情况（时间、网址）",
}
"""Kind of event → what it is called."""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event in plain words; as a text a line."""

    number: int
    at: datetime | None
    """When, in UTC; ``None`` where that cannot be read any more."""
    who: str
    command: str
    """What did it, as typed after ``wbt``; blank where that is not known."""
    kind: str
    code: str
    """The project that it is about, if any."""
    file: str
    more: tuple[str, ...]
    """What else there is to say of it."""

    def __str__(self) -> str:
        command = f"wbt {self.command}" if self.command else "—"
        when = format_local_time(self.at)
        words = (f"第{self.number}件", when, self.who or "—", command, self.kind, self.code, self.file, *self.more)
        return "　".join(filter(None, words))


def describe_event(event: Event, facts: Mapping[int, Mapping[str, Any]]) -> LoggedEvent:
    """An event in words. ``facts`` are those of the events by number."""
    own, version = facts.get(event.id, {}), find_version(event, facts)
    code, file = (str(value or "") for value in (version.get("code"), own.get("file") or version.get("file")))
    more = tuple(map(str, filter(None, _say_more(event, own))))
    kind = KIND_WORDS.get(event.kind, event.kind)
    return LoggedEvent(event.id, _read_moment(event.at), event.who, event.command, kind, code, file, more)


def find_version(event: Event, facts: Mapping[int, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The facts that name the project and the file of an event: its own, or those of the file that it is about."""
    number = facts.get(event.id, {}).get("received_id", event.id)
    return facts.get(number, {}) if isinstance(number, int) else {}


def read_facts(event: Event) -> Mapping[str, Any]:
    """The facts of an event; none where they cannot be read any more."""
    try:
        found = json.loads(event.facts)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _say_more(event: Event, facts: Mapping[str, Any]) -> list[str]:
    if event.kind == "accepted":
        because = f"理由 {facts['because']}" if facts.get("because") else ""
        return [f"接收人 {facts.get('who', '')}", because]
    if event.kind == WITHDRAWN:
        return [f"撤回人 {facts.get('who', '')}", f"理由 {facts.get('because', '')}"]
    if event.kind == "reviewed":
        return [f"错误 {facts.get('errors', '')}，提醒 {facts.get('warnings', '')}"]
    if event.kind == "ruled":
        return [f"{facts.get('ruling', '')}（{facts.get('who', '')}）"]
    if event.kind in ("counted", "disclosed"):
        return [facts.get("department", "")]
    if event.kind == "rectified":
        return [facts.get("unit", ""), f"{facts.get('step', '')}（{facts.get('who', '')}）"]
    if event.kind == STARTED and facts.get("taken_over"):
        return [f"转入以前登记的 {facts['taken_over']} 件"]
    if event.kind == RESTORED:
        return [f"用 {facts.get('source', '')} 恢复"]
    return []


def _read_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
