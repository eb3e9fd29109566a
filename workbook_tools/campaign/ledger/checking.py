"""Is the ledger as it was recorded? The file, the chain of events, the tables, the seals, and what the daily copies hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from workbook_tools.campaign.ledger.chain import ROOT, STARTED, Event, sealed_text
from workbook_tools.campaign.ledger.copies import list_copies
from workbook_tools.campaign.ledger.database import find_file, read_transaction, translate_faults
from workbook_tools.campaign.ledger.describing import KIND_WORDS, describe_event, read_facts
from workbook_tools.campaign.ledger.events import Row, read_events, replay
from workbook_tools.campaign.ledger.sqlite_file import connect_file
from workbook_tools.campaign.ledger.tables import DERIVED
from workbook_tools.form.identity import SigningKey

_TOLD = 20
"""Faults that are told; a ledger that was written over may have thousands."""


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """Something that is not as it was recorded."""

    event: int
    """The number of the event since which; 0 where it is the database itself."""
    text: str
    tables_only: bool = False
    """The events are right: the tables can be made anew from them."""


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What was found."""

    events: int
    last: str
    """The last event, in words."""
    faults: tuple[LedgerFault, ...] = ()
    notes: tuple[str, ...] = ()
    """What is no fault and good to know: up to where it is sealed."""
    copies: tuple[date, ...] = ()
    """The days of which there are copies, the last first."""

    @property
    def since(self) -> int | None:
        """The first event from which on the ledger is not to be trusted; what is wrong in the tables may follow from that."""
        events = [fault.event for fault in self.faults if not fault.tables_only]
        return min(events or [fault.event for fault in self.faults], default=None)

    @property
    def is_repairable(self) -> bool:
        """Only the tables are wrong."""
        return bool(self.faults) and all(fault.tables_only for fault in self.faults)

    @property
    def report(self) -> list[str]:
        """What was found and what to do, as sentences for the user."""
        if self.faults:
            more = f"……还有 {len(self.faults) - _TOLD} 处。" if len(self.faults) > _TOLD else ""
            return [*(fault.text for fault in self.faults[:_TOLD]), *filter(None, [more]), self._advise()]
        found = f"台账完好：共 {self.events} 件登记，前后相接，各表和登记一致。最后一件：{self.last}"
        copies = f"有 {len(self.copies)} 天的备份，最近的是 {self.copies[0]}，都和台账一致。" if self.copies else ""
        return [*filter(None, (found, *self.notes, copies))]

    def _advise(self) -> str:
        if self.is_repairable:
            return "登记没有问题，只是表不对。运行 wbt ledger verify --repair 按登记重做各表。"
        told = f"自第{self.since}件起的登记不能作数。" if self.since else ""
        days = "、".join(map(str, self.copies[:5]))
        way = f"可用 wbt ledger restore 恢复到没有问题的一天（最近的备份：{days}）" if days else "请从别处的备份恢复"
        return f"{told}{way}，再运行 wbt review 等命令补上以后的登记。查明是谁改的以前，请先把现在的文件另存一份。"


def check_ledger(engine: Engine, keys: Mapping[str, SigningKey]) -> LedgerCheck:
    """Check all of it; ``keys`` are those that seals may have been made with. Raises LedgerError: it cannot be read at all."""
    file = find_file(engine)
    days = tuple(copy.day for copy in list_copies(file)) if file else ()
    if file and (broken := _check_file(file)):
        return LedgerCheck(0, "", broken, copies=days)
    with translate_faults(engine), read_transaction(engine) as connection:
        events = read_events(connection)
        facts = {event.id: read_facts(event) for event in events}
        lines = {event.id: str(describe_event(event, facts)) for event in events}
        faults = [*_check_chain(events, lines), *_check_seals(events, keys)]
        faults += _check_tables(connection, events, lines)
    faults += _check_copies(file, events) if file else ()
    last = lines[events[-1].id] if events else ""
    return LedgerCheck(len(events), last, tuple(faults), tuple(_tell_seals(events, keys)), days)


def _check_file(file: Path) -> tuple[LedgerFault, ...]:
    """SQLite's own check of its file; a server checks itself."""
    try:
        with closing(connect_file(file)) as connection:
            found = [text for (text,) in connection.execute(f"PRAGMA integrity_check({_TOLD})")]
    except sqlite3.Error as exc:
        found = [str(exc)]
    return tuple(LedgerFault(0, f"台账文件已损坏：{text}") for text in found if text != "ok")


def check_chain(events: Sequence[Event]) -> list[LedgerFault]:
    """Events that are gone, were changed, or do not follow the one before."""
    return list(_check_chain(events, {}))


def _check_chain(events: Sequence[Event], lines: Mapping[int, str]) -> Iterator[LedgerFault]:
    number, digest = 0, ROOT
    for event in events:
        line = f"（{lines[event.id]}）" if event.id in lines else ""
        if event.id != number + 1:
            gone = f"第{number + 1}件" + (f"至第{event.id - 1}件" if event.id > number + 2 else "")
            yield LedgerFault(number + 1, f"{gone}不见了：登记过的事被删去。")
        elif event.previous != digest:
            yield LedgerFault(event.id, f"第{event.id}件接不上第{number}件：两件中有一件被换过{line}。")
        if event.digest != event.fitting_digest:
            yield LedgerFault(event.id, f"第{event.id}件被改过，内容与登记时的摘要不符{line}。")
        number, digest = event.id, event.digest
    if not events:
        yield LedgerFault(1, "一件登记也没有：建立台账时的第1件不见了。")


def _check_seals(events: Sequence[Event], keys: Mapping[str, SigningKey]) -> Iterator[LedgerFault]:
    for event in events:
        key = keys.get(event.seal.partition(":")[0])
        if key and not key.holds(sealed_text(event.digest), event.seal):
            yield LedgerFault(
                event.id, f"第{event.id}件的盖章不对：它或它前面的登记，在盖章以后被整个改写过，或者盖章是伪造的。"
            )


def _tell_seals(events: Sequence[Event], keys: Mapping[str, SigningKey]) -> Iterator[str]:
    """Up to where the office's key vouches for the chain."""
    sealed = [event for event in events if event.seal]
    if unknown := sorted({event.seal.partition(":")[0] for event in sealed} - keys.keys()):
        yield f"有的盖章用的密钥（{'、'.join(unknown)}）不在密钥环里，无法核对。"
    last = next((event.id for event in reversed(sealed) if event.seal.partition(":")[0] in keys), 0)
    if any(event.kind != STARTED for event in events[last:]):
        yield (
            f"盖章核对到第{last}件；后面的没有盖章：登记时没有签名密钥，或者是旧版程序登记的。如果都不是，请查明。"
            if last
            else "没有可以核对的盖章：登记时没有签名密钥，或者是旧版程序登记的。"
        )


# -- the tables -------------------------------------------------------------------------------------------------------


def _check_tables(connection: Connection, events: Sequence[Event], lines: Mapping[int, str]) -> Iterator[LedgerFault]:
    try:
        wanted = replay(events)
    except (ValueError, KeyError, TypeError):  # of an event that was changed; the chain has told which
        return
    for name, table in DERIVED.items():
        found = {row["id"]: dict(row) for row in connection.execute(select(table)).mappings()}
        yield from _compare_rows(KIND_WORDS[name], wanted[name], found, lines)


def _compare_rows(
    table: str, wanted: Mapping[int, Row], found: Mapping[int, Row], lines: Mapping[int, str]
) -> Iterator[LedgerFault]:
    for number in sorted(wanted.keys() | found.keys()):
        right, row = wanted.get(number), found.get(number)
        line = f"（{lines[number]}）" if number in lines else ""
        if right is None:
            yield LedgerFault(
                number, f"“{table}”表多出一行（编号 {number}），没有哪一件登记过它{line}。", tables_only=True
            )
        elif row is None:
            yield LedgerFault(number, f"“{table}”表少了一行：第{number}件登记过它{line}。", tables_only=True)
        elif right != row:
            changed = "，".join(
                f"{name} 登记的是“{right[name]}”，表里是“{row[name]}”" for name in right if right[name] != row[name]
            )
            yield LedgerFault(number, f"“{table}”表里第{number}件的一行被改过：{changed}{line}。", tables_only=True)


# -- the copies -------------------------------------------------------------------------------------------------------


def _check_copies(file: Path, events: Sequence[Event]) -> Iterator[LedgerFault]:
    """What a copy holds the ledger holds too: it only grows. A whole chain that was made anew is found out by this."""
    ours: dict[int, Any] = {event.id: event.digest for event in events}
    for copy in list_copies(file):
        try:
            held = _read_digests(copy.path)
        except sqlite3.Error as exc:
            yield LedgerFault(0, f"{copy.day} 的台账备份读不出来（{exc}）。台账本身没有问题的，把它删去即可。")
            continue
        first = next((number for number, digest in held if ours.get(number) != digest), None)
        if first:
            yield LedgerFault(
                first, f"自第{first}件起，台账和 {copy.day} 的备份不同：被整个改写、截短，或换成了别的台账。"
            )


def _read_digests(copy: Path) -> list[tuple[int, str]]:
    """Number and hash of every event of a copy; none of one that an older program made."""
    with closing(connect_file(copy)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone():
            return []
        return connection.execute("SELECT id, digest FROM event ORDER BY id").fetchall()
