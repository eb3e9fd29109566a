"""A ledger in a folder in which nothing can be written: it is read whole, and what should be recorded is refused with advice."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from builders import project
from ledger_facts import begin_old, day, issued

from workbook_tools.campaign.ledger import Ledger, LedgerError, ReturnedFile, StatusRow, database, sqlite_file
from workbook_tools.campaign.ledger.checking import check_ledger
from workbook_tools.campaign.ledger.database import open_database

Lock = Callable[[], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".wbt" / "ledger.sqlite3"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lock:
    """From here on nothing can be written beside the ledger, nor into it."""

    def refuse(folder: Path) -> bool:
        return not folder.is_relative_to(tmp_path)

    def work() -> None:
        for module in (sqlite_file, database):
            monkeypatch.setattr(module, "can_write_in", refuse)

    return work


def one(ledger: Ledger) -> StatusRow:
    return ledger.status([project()], day(20))[0]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_it_is_read_and_nothing_is_recorded(path: Path, lock: Lock) -> None:
    with Ledger.open(path) as ledger:
        ledger.record_issued([issued()], day(1))
    lock()
    before = contents(path.parent)
    with Ledger.open(path) as ledger:
        assert one(ledger).issued_at
        with pytest.raises(LedgerError, match=r"是只读的，登记不了。.*复制到可以写的磁盘上"):
            ledger.record_issued([issued("P002", "i2")], day(2))
    assert contents(path.parent) == before


def test_on_a_share_it_is_not_taken_for_one_in_use(path: Path, lock: Lock, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger.open(path).close()
    lock()
    monkeypatch.setattr(database, "is_fixed_disk", lambda _: False)
    with Ledger.open(path) as ledger:
        assert not one(ledger).issued_at


def test_what_a_killed_program_left_in_the_log_is_read_too(path: Path, lock: Lock, tmp_path: Path) -> None:
    kept = tmp_path / "as it was"
    Ledger.open(path).close()
    with closing(sqlite3.connect(path)) as holding:  # as long as somebody is in it, the log stays
        holding.execute("SELECT count(*) FROM event").fetchone()
        with Ledger.open(path) as ledger:
            ledger.record_issued([issued()], day(1))
            shutil.copytree(path.parent, kept)
    place = kept / path.name
    assert place.with_name(path.name + "-wal").stat().st_size
    lock()
    before = contents(kept)
    with Ledger.open(place) as ledger:
        assert one(ledger).issued_at
    assert check_ledger(open_database(place), {}).faults == ()
    assert contents(kept) == before


def test_that_of_an_older_program_is_read_in_a_copy(path: Path, lock: Lock) -> None:
    with database.write_transaction(begin_old(path, "1")) as connection:
        connection.exec_driver_sql(
            "INSERT INTO received (year, code, file, sha256, modified_at, received_at)"
            " VALUES (2024, 'P001', 'a.xlsx', 'a', '2025-03-10 00:00:00', '2025-03-11 00:00:00')"
        )
    lock()
    before = contents(path.parent)
    for _ in range(2):
        with Ledger.open(path) as ledger:
            assert one(ledger).file == "a.xlsx"
            with pytest.raises(LedgerError, match="是只读的"):
                ledger.record_returned([ReturnedFile(2024, "P001", "退回/甲.xlsx")], day(2))
    assert contents(path.parent) == before and not (path.parent / "台账备份").exists()


def test_where_there_is_none_none_is_made(path: Path, lock: Lock) -> None:
    lock()
    path.parent.mkdir()
    with pytest.raises(LedgerError):
        Ledger.open(path, had_one=lambda: True)
    assert contents(path.parent) == {}
