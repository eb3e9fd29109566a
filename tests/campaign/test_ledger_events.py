"""What the ledger records is a chain of events, and its tables follow from them; the same on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from ledger_facts import accepted, begin_old, day, issued, tell_sendings, tell_story, together
from sqlalchemy import select

from workbook_tools.campaign.ledger import Ledger, database
from workbook_tools.campaign.ledger.chain import READMITTED, ROOT, STARTED, Author, Event
from workbook_tools.campaign.ledger.checking import check_ledger
from workbook_tools.campaign.ledger.database import open_database, read_transaction, write_transaction
from workbook_tools.campaign.ledger.describing import describe_event, read_facts
from workbook_tools.campaign.ledger.events import read_events, rebuild_tables, replay
from workbook_tools.campaign.ledger.tables import DERIVED
from workbook_tools.core.states import Acceptor

LI = Author("limin", "review")


def events(location: str | Path) -> list[Event]:
    with read_transaction(open_database(location)) as connection:
        return read_events(connection)


def tables(location: str | Path) -> dict[str, dict[int, dict[str, Any]]]:
    """Every derived table as it stands there."""
    with read_transaction(open_database(location)) as connection:
        return {
            name: {row["id"]: dict(row) for row in connection.execute(select(table)).mappings()}
            for name, table in DERIVED.items()
        }


def test_an_acceptance_is_taken_back_by_a_later_event_and_may_come_again(location: str | Path) -> None:
    p001 = (2024, "P001")
    with Ledger.open(location, LI) as ledger:
        tell_story(ledger)
        assert ledger.withdraw([p001, (2024, "P999")], "李敏", day(20), "点错了") == [(2024, "P999")]
        assert ledger.find_accepted([2024]) == {}
        assert ledger.withdraw([p001], "李敏", day(21), "再点") == [p001], "once is enough"
        withdrawn = tables(location)
        ledger.accept([p001], "王强", day(22))
        assert accepted(ledger) == {(2024, "P001"): {"r1": Acceptor("王强")}}
    found = events(location)
    assert [event.kind for event in found[-3:]] == ["accepted", "withdrawn", "accepted"]
    assert json.loads(found[-2].facts).items() >= {"who": "李敏", "because": "点错了"}.items()
    assert (withdrawn, tables(location)) == (replay(found[:-1]), replay(found))
    check = check_ledger(open_database(location), {})
    assert check.faults == ()
    said = str(describe_event(found[-2], {event.id: read_facts(event) for event in found}))
    assert "撤回接收" in said and "P001" in said and said.endswith("撤回人 李敏　理由 点错了")


def test_every_fact_is_an_event_that_says_who_when_and_with_which_command(location: str | Path) -> None:
    with Ledger.open(location, LI) as ledger:
        tell_story(ledger)
        tell_sendings(ledger)
    found = events(location)
    assert [(event.kind, event.at[:10]) for event in found[1:]] == [
        ("issued", "2025-03-01"),
        ("issued", "2025-03-01"),
        ("received", "2025-03-11"),
        ("answered", "2025-03-11"),
        ("reviewed", "2025-03-11"),
        ("returned", "2025-03-12"),
        ("received", "2025-03-13"),
        ("reviewed", "2025-03-13"),
        ("dismissed", "2025-03-14"),
        ("reviewed", "2025-03-14"),
        ("readmitted", "2025-03-15"),
        ("reviewed", "2025-03-16"),
        ("ruled", "2025-03-16"),
        ("accepted", "2025-03-17"),
        ("packed", "2025-03-18"),
        ("published", "2025-03-18"),
        ("counted", "2025-03-19"),
        ("disclosed", "2025-03-19"),
        ("rectified", "2025-03-19"),
        ("rectified", "2025-03-19"),
    ]
    assert {(event.who, event.command) for event in found[1:]} == {("limin", "review")}
    assert json.loads(found[3].facts)["file"] == "r1.xlsx"
    assert json.loads(found[-7].facts)["received_id"] == found[3].id


def test_each_event_holds_the_hash_of_the_one_before(location: str | Path) -> None:
    with Ledger.open(location, LI) as ledger:
        tell_story(ledger)
    found = events(location)
    assert [event.id for event in found] == list(range(1, len(found) + 1))
    assert [event.previous for event in found] == [ROOT, *(event.digest for event in found[:-1])]
    assert all(event.digest == event.fitting_digest for event in found)


def test_the_tables_are_what_the_events_make_of_them(location: str | Path) -> None:
    with Ledger.open(location, LI) as ledger:
        tell_story(ledger)
        tell_sendings(ledger)
    before = tables(location)
    assert all(before[name] for name in before.keys() - {"dismissed", "schemes"})
    assert replay(events(location)) == before
    with write_transaction(open_database(location)) as connection:
        for name in ("accepted", "answered"):
            connection.execute(DERIVED[name].delete())
        connection.execute(DERIVED["reviewed"].update().values(total=100))
        rebuild_tables(connection)
    assert tables(location) == before


def test_what_is_there_already_is_no_event(location: str | Path) -> None:
    with Ledger.open(location, LI) as ledger:
        ledger.record_issued([issued(), issued(file="又一份.xlsx")], day(1))
        ledger.record_issued([issued()], day(2))
    assert [event.kind for event in events(location)] == [STARTED, "issued"]


def test_what_an_older_program_recorded_becomes_the_first_events(location: str | Path) -> None:
    """With their own times; who recorded them is not known. What refers to a version still does."""
    with database.write_transaction(begin_old(location, "6")) as connection:
        connection.exec_driver_sql(
            "INSERT INTO received (id, year, code, file, sha256, modified_at, received_at) VALUES"
            " (5, 2024, 'P001', 'a.xlsx', 'r5', '2025-03-10 00:00:00.5', '2025-03-11 00:00:00'),"
            " (9, 2024, 'P002', 'b.xlsx', 'r9', '2025-03-10 00:00:00.5', '2025-03-11 00:00:00')"
        )
        connection.exec_driver_sql(
            "INSERT INTO accepted (id, received_id, who, accepted_at) VALUES (1, 9, '王强', '2025-03-12 01:00:00')"
        )
    with Ledger.open(location, LI) as ledger:
        assert accepted(ledger) == {(2024, "P002"): {"r9": Acceptor("王强")}}
        ledger.accept([(2024, "P001")], "李敏", day(20))
    found = events(location)
    assert json.loads(found[0].facts) == {"taken_over": 3}
    assert [(event.kind, event.who, event.command) for event in found[1:]] == [
        ("received", "", ""),
        ("received", "", ""),
        ("accepted", "", ""),
        ("accepted", "limin", "review"),
    ]
    assert found[3].at == "2025-03-12T01:00:00.000000+00:00"
    rows = tables(location)
    assert replay(found) == rows
    assert [row["modified_at"] for row in rows["received"].values()] == [
        datetime(2025, 3, 10, microsecond=500_000, tzinfo=UTC)
    ] * 2


def test_writers_at_the_same_moment_make_one_chain(location: str | Path) -> None:
    Ledger.open(location).close()

    def work(index: int) -> None:
        with Ledger.open(location, Author(f"w{index}", "")) as own:
            for number in range(3):
                own.record_issued([issued(sha256=f"{index}.{number}"), issued("P002", "same")], day(1))

    together(4, work)
    found = events(location)
    assert [event.id for event in found] == list(range(1, 15))
    assert all(a.digest == b.previous for a, b in pairwise(found))


def test_an_event_of_before_a_column_was_there_has_its_default() -> None:
    facts = '{"code":"P001","file":"a","modified_at":"2025-03-10T00:00:00+00:00","sha256":"r1","year":2024}'
    event = Event(7, "2025-03-11T00:00:00+00:00", "", "", "received", facts, "", "")
    dismissed = Event(8, event.at, "", "", "dismissed", '{"received_id":7}', "", "")
    taken_up = Event(9, event.at, "", "", READMITTED, '{"received_id":7}', "", "")
    rows = replay([event, dismissed, taken_up])
    row = rows["received"][7]
    assert (row["content"], row["round"], row["issue_id"], rows["dismissed"]) == ("", 0, "", {})
    assert rows["received"][7]["received_at"] == datetime(2025, 3, 11, tzinfo=UTC)
