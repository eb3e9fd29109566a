"""Putting a ledger back from a daily copy or from exported events, and beginning one anew on purpose.

What is replaced is never removed: it is moved among the copies. After a crash in the middle there is no ledger, and every
command says from which copy to restore it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.author import find_author
from workbook_tools.campaign.ledger.chain import RESTORED, STARTED, Event, Sign, leave_unsealed
from workbook_tools.campaign.ledger.checking import LedgerCheck, check_chain, check_ledger
from workbook_tools.campaign.ledger.copies import COPY_FOLDER, DailyCopy, list_copies, move_aside, read_whole
from workbook_tools.campaign.ledger.database import (
    begin_file,
    open_database,
    translate_faults,
    write_transaction,
)
from workbook_tools.campaign.ledger.describing import read_facts
from workbook_tools.campaign.ledger.events import (
    EventWriter,
    derive_tables,
    insert_events,
    read_events,
    rebuild_tables,
    replay,
)
from workbook_tools.campaign.ledger.records import LedgerError, LedgerLost
from workbook_tools.campaign.ledger.tables import EVENT
from workbook_tools.core.errors import OutputError, os_reason
from workbook_tools.files.atomic import replace_whole

_FIELDS = {item.name for item in fields(Event)}


def begin_anew(place: Path | str, now: datetime) -> Path | None:
    """Make an empty ledger where one is lost or damaged; where the damaged file was moved, if there was one.

    Raises LedgerError: there is a sound one, which stays; or it cannot be made.
    """
    if isinstance(place, str):
        open_database(place).dispose()
        return None
    if _is_sound(place):
        raise LedgerError(f"台账 {place} 打得开，没有改动。要看它对不对，运行 wbt ledger verify。")
    aside = _clear(place, list_copies(place), now)
    begin_file(place)
    return aside


def _is_sound(file: Path) -> bool:
    """It opens, and SQLite finds it whole. Raises LedgerError: for another reason it cannot be opened now."""
    try:
        open_database(file, had_one=lambda: True).dispose()
        read_whole(file)
    except LedgerLost:
        return False
    except sqlite3.OperationalError as exc:
        raise LedgerError(f"台账 {file} 现在读不了（{exc}），没有改动。请关闭别的命令再试。") from None
    except sqlite3.DatabaseError:
        return False
    return True


def restore_copy(file: Path, day: date, now: datetime, sign: Sign = leave_unsealed) -> Path | None:
    """Put the copy of a day in the place of the ledger; where that was moved, if it was there.

    Copies of later days are moved aside too: the ledger goes on from that day. Raises LedgerError, and nothing is changed:
    there is no such copy, or it is damaged itself.
    """
    copies = list_copies(file)
    copy = next((copy for copy in copies if copy.day == day), None)
    if copy is None:
        there = "、".join(str(copy.day) for copy in copies) or "一份也没有"
        raise LedgerError(f"没有 {day} 的台账备份。有备份的日子：{there}。")
    try:
        data = read_whole(copy.path)
    except sqlite3.Error as exc:
        raise LedgerError(f"{day} 的台账备份也坏了（{exc}），没有改动台账。请用更早一天的。") from None
    later = [other for other in copies if other.day > day]
    aside = _clear(file, later, now)
    try:
        replace_whole({file: data})
    except OSError as exc:
        raise LedgerError(f"台账没有恢复：{os_reason(exc)}。解决以后请再运行一次 wbt ledger restore {day}。") from None
    _note_restored(open_database(file), f"{day} 的备份", now, sign)
    return aside


def restore_events(place: Path | str, source: Path, now: datetime, sign: Sign = leave_unsealed) -> Path | None:
    """Make the ledger anew from exported events; where the former file was moved, if there was one.

    Raises LedgerError, and nothing is changed: the events cannot be read or their chain is broken, or the server's ledger
    holds something already.
    """
    events = _read_export(source)
    if isinstance(place, str):
        engine, aside = open_database(place), None
    else:
        aside = _clear(place, list_copies(place), now)
        begin_file(place)
        engine = open_database(place)
    with translate_faults(engine), write_transaction(engine) as connection:
        if any(event.kind != STARTED or read_facts(event).get("taken_over") for event in read_events(connection)):
            raise LedgerError(
                "数据库里的台账已经有登记，没有恢复。请管理员另建一个空的数据库，在 wbt.toml 里写上它的地址，再运行一次。"
            )
        connection.execute(delete(EVENT))
        insert_events(connection, events)
        derive_tables(connection, events)
    _note_restored(engine, source.name, now, sign)
    return aside


def repair_tables(engine: Engine) -> None:
    """Make the tables anew from the events. Raises LedgerError."""
    with translate_faults(engine), write_transaction(engine) as connection:
        rebuild_tables(connection)


@dataclass(frozen=True, slots=True)
class RepairedLedger:
    """What was found of the ledger now, and how much of its tables was made anew before."""

    check: LedgerCheck
    repaired: int = 0


def repair_ledger(campaign: Campaign) -> RepairedLedger:
    """Check it, and where the events are right and only its tables are not, make these anew. Raises LedgerError."""
    engine, keys = open_database(campaign.ledger_place, campaign.has_issued), campaign.known_keys()
    found = check_ledger(engine, keys)
    if not found.is_repairable:
        return RepairedLedger(found)
    repair_tables(engine)
    return RepairedLedger(check_ledger(engine, keys), len(found.faults))


def write_export(events: Iterable[Event]) -> bytes:
    """The events as JSON lines, which :func:`restore_events` reads."""
    return "".join(json.dumps(asdict(event), ensure_ascii=False) + "\n" for event in events).encode()


def _read_export(source: Path) -> list[Event]:
    try:
        rows = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
    except OSError as exc:
        raise LedgerError(f"读不出 {source}：{os_reason(exc)}。") from None
    except ValueError:
        raise LedgerError(f"{source} 不是导出的登记（每行一件的 JSON），没有恢复。") from None
    if not rows or not all(map(_is_event, rows)):
        raise LedgerError(f"{source} 不是导出的登记（每行一件的 JSON），没有恢复。")
    events = [Event(**row) for row in rows]
    if faults := check_chain(events):
        raise LedgerError(f"{source} 里的登记被改过，没有恢复：{faults[0].text}")
    try:
        replay(events)
    except (ValueError, KeyError, TypeError):
        raise LedgerError(f"{source} 里有这一版程序不认识的登记，没有恢复。请先升级 workbook-tools。") from None
    return events


def _is_event(row: Any) -> bool:
    if not isinstance(row, dict) or row.keys() != _FIELDS:
        return False
    return isinstance(row["id"], int) and all(isinstance(value, str) for name, value in row.items() if name != "id")


def _clear(file: Path, copies: list[DailyCopy], now: datetime) -> Path | None:
    """Move the ledger and these copies aside."""
    try:
        aside = move_aside(file, now)
        for copy in copies:
            copy.path.rename(copy.path.with_name(f"换下的 {now.astimezone():%Y-%m-%d %H%M%S} {copy.path.name}"))
    except OSError as exc:
        raise OutputError(
            f"{file} 或 {COPY_FOLDER} 里的文件移不开：{os_reason(exc)}。请关闭正在使用台账的程序再试。"
        ) from None
    return aside


def _note_restored(engine: Engine, source: str, now: datetime, sign: Sign) -> None:
    """The ledger itself tells that it was restored, and by whom."""
    with translate_faults(engine), write_transaction(engine) as connection:
        writer = EventWriter(connection, find_author(), now)
        writer.add(RESTORED, [{"source": source}])
        writer.finish(sign)
    engine.dispose()
