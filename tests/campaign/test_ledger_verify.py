"""What was changed behind the ledger's back is found, with the event since which it is; and put back. The same on both databases."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from builders import KEY, project
from ledger_facts import begin_old, day, issued, received, tell_story
from postgres import Server

from workbook_tools.campaign.ledger import Ledger, LedgerError
from workbook_tools.campaign.ledger.author import name_command
from workbook_tools.campaign.ledger.chain import ROOT, Author, Event, link_events
from workbook_tools.campaign.ledger.checking import LedgerCheck, check_ledger
from workbook_tools.campaign.ledger.copies import COPY_FOLDER, copy_ledger, list_copies
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.campaign.ledger.events import insert_events, read_events
from workbook_tools.campaign.ledger.restoring import (
    begin_anew,
    repair_tables,
    restore_copy,
    restore_events,
    write_export,
)
from workbook_tools.campaign.ledger.tables import EVENT
from workbook_tools.core.states import State

KEYS = {KEY.id: KEY}


def seal(text: str) -> str:
    return KEY.sign(text)


def check(location: str | Path) -> LedgerCheck:
    return check_ledger(open_database(location), KEYS)


def find_faults(location: str | Path) -> list[tuple[int, bool]]:
    """Of each fault since which event, and whether the events themselves are right."""
    return [(fault.event, fault.tables_only) for fault in check(location).faults]


@pytest.fixture(scope="module")
def told_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which a bit of everything was recorded: events 1 to 15."""
    name_command("")
    path = tmp_path_factory.mktemp("登记") / "ledger.sqlite3"
    with Ledger.open(path, sign=seal) as ledger:
        tell_story(ledger)
    return path


@pytest.fixture(scope="module")
def told_database(server: Server) -> str:
    """The same on a server: the name of a database, of which others are copies."""
    name_command("")
    url = server.new_database()
    with Ledger.open(url, sign=seal) as ledger:
        tell_story(ledger)
    return url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """A copy of that ledger, without its daily copies."""
    name_command("")
    if request.param == "sqlite":
        return shutil.copy(request.getfixturevalue("told_file"), tmp_path / "ledger.sqlite3")
    server: Server = request.getfixturevalue("server")
    return server.new_database(request.getfixturevalue("told_database"))


def tamper(location: str | Path, *statements: str) -> None:
    with open_database(location).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_ledger_that_nobody_touched_is_sound(told: str | Path) -> None:
    assert (check(told).faults, check(told).notes, check(told).events) == ((), (), 15)
    assert "wbt" not in check(told).last
    assert "接收人 王强" in check(told).last


def test_an_empty_ledger_is_sound(location: str | Path) -> None:
    Ledger.open(location).close()
    assert (check(location).faults, check(location).notes) == ((), ())


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("UPDATE event SET who = '别人' WHERE id = 14", [(14, False)]),
        ("UPDATE event SET at = '2025-03-16T01:00:00.000000+00:00' WHERE id = 15", [(15, False)]),
        ("UPDATE event SET command = 'accept' WHERE id = 15", [(15, False)]),
        ("UPDATE event SET kind = 'dismissed' WHERE id = 15", [(15, False)]),
        ("UPDATE event SET facts = 'x' WHERE id = 15", [(15, False)]),
        ("UPDATE event SET facts = '[]' WHERE id = 15", [(15, False)]),
        ('UPDATE event SET facts = \'{"received_id":[1],"file":5}\' WHERE id = 15', [(15, False)]),
        ("UPDATE event SET facts = '{\"new\":1}', at = '' WHERE id = 4", [(4, False)]),
        ("UPDATE event SET previous = digest WHERE id = 9", [(9, False), (9, False)]),
        ("UPDATE event SET digest = 'a' WHERE id = 9", [(9, False), (10, False), (9, False)]),
        ("DELETE FROM event WHERE id = 12", [(12, False)]),
        ("DELETE FROM event WHERE id IN (8, 9)", [(8, False)]),
        ("DELETE FROM event WHERE id = 15", [(15, True)]),
        ("UPDATE event SET id = 99 WHERE id = 15", [(15, False), (99, False)]),
        ("UPDATE accepted SET who = '李敏'", [(15, True)]),
        ("UPDATE accepted SET accepted_at = '2025-03-18 01:00:00'", [(15, True)]),
        ("UPDATE reviewed SET total = 100 WHERE id = 6", [(6, True)]),
        ("DELETE FROM ruled", [(14, True)]),
        ("INSERT INTO dismissed (id, received_id, dismissed_at) VALUES (4, 4, '2025-03-12')", [(4, True)]),
        ("UPDATE event SET seal = '' WHERE id = 12", []),
    ],
)
def test_a_change_is_found_with_its_event(told: str | Path, statement: str, faults: list[tuple[int, bool]]) -> None:
    tamper(told, statement)
    found = find_faults(told)
    assert [fault for fault in found if fault in faults] == faults
    # What is gone from the events, or became another event there, is a row too many or too few as well.
    assert all(tables_only for fault, tables_only in found if (fault, tables_only) not in faults)
    assert check(told).since == (faults[0][0] if faults else None)


def test_who_has_no_key_cannot_make_the_chain_anew(told: str | Path) -> None:
    """All hashes fit again, and the tables follow; but the seals are over other hashes."""
    rewrite_chain(told, lambda event: replace(event, facts=event.facts.replace("王强", "李敏")))
    assert (14, False) in find_faults(told)
    tamper(told, "UPDATE event SET seal = '' WHERE id >= 14")
    assert find_faults(told) == []
    assert "盖章核对到第12件" in check(told).notes[0]


def rewrite_chain(location: str | Path, change: Callable[[Event], Event]) -> None:
    with open_database(location).begin() as connection:
        events, after = [], (0, ROOT)
        for event in map(change, read_events(connection)):
            author = Author(event.who, event.command)
            (new,) = link_events(after, author, datetime.fromisoformat(event.at), event.kind, [json.loads(event.facts)])
            events.append(replace(new, seal=event.seal))
            after = (new.id, new.digest)
        connection.execute(EVENT.delete())
        insert_events(connection, events)
    repair_tables(open_database(location))


def test_tables_are_made_anew_from_the_events(told: str | Path) -> None:
    tamper(told, "UPDATE accepted SET who = '李敏'", "DELETE FROM ruled")
    repair_tables(open_database(told))
    assert find_faults(told) == []


def test_a_seal_of_a_key_that_nobody_knows_is_said(told: str | Path) -> None:
    done = check_ledger(open_database(told), {})
    assert (done.faults, [KEY.id in note for note in done.notes]) == ((), [True, False])


# -- a file, and its copies -------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger file with the copies of two days."""
    place = tmp_path / "ledger.sqlite3"
    for number in (1, 5):
        with Ledger.open(place) as ledger:
            ledger.record_issued([issued(sha256=f"i{number}")], day(number))
    return place


def test_a_flipped_byte_in_the_file_is_found(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'uq_received_year_code_sha256'"
            " OR tbl_name = 'received' AND type = 'index'"
        ).fetchone()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096] ^= 0x08
    path.write_bytes(data)
    assert check(path).since == 0
    assert "台账文件已损坏" in check(path).faults[0].text


def test_a_ledger_that_was_made_anew_or_cut_short_differs_from_its_copies(path: Path) -> None:
    rewrite_chain(path, lambda event: replace(event, facts=event.facts.replace('"i5"', '"i6"')))
    assert find_faults(path) == [(3, False)]
    path.write_bytes(list_copies(path)[1].path.read_bytes())
    assert find_faults(path) == [(3, False)]


def test_a_copy_that_is_damaged_is_told(path: Path) -> None:
    list_copies(path)[0].path.write_bytes(b"x" * 5000)
    assert find_faults(path) == [(0, False)]


def test_restoring_a_day_goes_on_from_it(path: Path) -> None:
    """The damaged ledger is kept, later copies too; and the ledger tells that it was restored."""
    path.write_bytes(b"")
    aside = restore_copy(path, day(1).date(), day(20), seal)
    assert aside is not None
    assert aside.read_bytes() == b""
    with Ledger.open(path) as ledger:
        assert ledger.key_id((2024, "P001"))
        ledger.record_issued([issued(sha256="i7")], day(20))
    assert find_faults(path) == []
    with open_database(path).connect() as connection:
        assert [event.kind for event in read_events(connection)] == ["started", "issued", "restored", "issued"]
    assert [copy.day for copy in list_copies(path)] == [day(20).date(), day(1).date()]
    assert len(list((path.parent / COPY_FOLDER).glob("换下的*"))) == 2


def test_no_copy_and_a_damaged_copy_restore_nothing(path: Path) -> None:
    before = path.read_bytes()
    list_copies(path)[0].path.write_bytes(b"x" * 5000)
    for number in (2, 5):
        with pytest.raises(LedgerError):
            restore_copy(path, day(number).date(), day(20))
    assert path.read_bytes() == before


def test_a_new_ledger_is_begun_only_where_there_is_no_sound_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LedgerError, match="打得开"):
        begin_anew(path, day(20))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        monkeypatch.setattr("workbook_tools.campaign.ledger.sqlite_file.BUSY_WAIT", 0.05)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match=r"打得开|另一个命令"):
            begin_anew(path, day(20))
    path.write_bytes(b"x" * 5000)
    aside = begin_anew(path, day(20))
    assert aside is not None
    assert aside.read_bytes() == b"x" * 5000
    assert find_faults(path) == []
    assert list_copies(path) == []


def test_a_copy_of_an_older_program_is_restored_and_brought_up_to_date(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite3"
    begin_old(place, "5").dispose()
    copy_ledger(place, day(3).date())
    place.unlink()
    restore_copy(place, day(3).date(), day(20))
    assert find_faults(place) == []


def test_after_events_were_removed_nothing_is_recorded_over_their_rows(told: str | Path) -> None:
    tamper(told, "DELETE FROM event WHERE id >= 4")
    with Ledger.open(told) as ledger, pytest.raises(LedgerError, match="wbt ledger verify"):
        ledger.record_received([received("P009", "r9")], day(20))


# -- events out and in ------------------------------------------------------------------------------------------------


def test_exported_events_make_the_same_ledger(told: str | Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with open_database(told).connect() as connection:
        events = read_events(connection)
    file = tmp_path / "登记.jsonl"
    file.write_bytes(write_export(events))
    place = empty_place(told, request, tmp_path)
    restore_events(place, file, day(20), seal)
    assert find_faults(place) == []
    with open_database(place).connect() as connection:
        assert read_events(connection)[:-1] == events
    with Ledger.open(place) as ledger:
        (row,) = ledger.status([project()], day(20))
    assert (row.state, row.accepted_by) == (State.ACCEPTED, "王强")


def empty_place(told: str | Path, request: pytest.FixtureRequest, folder: Path) -> str | Path:
    if isinstance(told, Path):
        return folder / "另一本.sqlite3"
    url: str = request.getfixturevalue("server").new_database()
    return url


def test_events_that_were_changed_or_are_none_restore_nothing(told: str | Path, tmp_path: Path) -> None:
    with open_database(told).connect() as connection:
        events = read_events(connection)
    file = tmp_path / "登记.jsonl"
    for data in (
        write_export(event for event in events if event.id != 9),
        write_export(replace(event, who="别人") if event.id == 9 else event for event in events),
        write_export(replace(event, id=str(event.id)) for event in events),  # type: ignore[arg-type]
        write_export(link_events((0, ROOT), Author("", ""), day(1), "issued", [{"neu": 1}])),
        b"",
        b"[1]\n",
        b"{\n",
        b'{"id": 1}\n',
    ):
        file.write_bytes(data)
        with pytest.raises(LedgerError, match="没有恢复"):
            restore_events(told, file, day(20))
    with pytest.raises(LedgerError, match="读不出"):
        restore_events(told, tmp_path / "没有.jsonl", day(20))
    assert check(told).events == 15


@pytest.mark.parametrize("told", ["postgresql"], indirect=True)
def test_a_servers_ledger_in_which_something_stands_is_not_overwritten(told: str, tmp_path: Path) -> None:
    with open_database(told).connect() as connection:
        (tmp_path / "登记.jsonl").write_bytes(write_export(read_events(connection)))
    with Ledger.open(told) as ledger:
        ledger.record_received([received(sha256="r9")], day(20))
    with pytest.raises(LedgerError, match="已经有登记"):
        restore_events(told, tmp_path / "登记.jsonl", day(20))
    assert check(told).events == 16
