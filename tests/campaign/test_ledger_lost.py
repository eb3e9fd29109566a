"""A ledger that is empty, damaged or gone is told with what to do, and never made anew by itself; its daily copies."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ledger_facts import begin_old, day, issued, received, record_review, result, tell_story

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.ledger import Ledger, LedgerError, database
from workbook_tools.campaign.ledger.checking import check_ledger
from workbook_tools.campaign.ledger.copies import COPY_FOLDER, list_copies, read_whole
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.campaign.ledger.restoring import restore_copy
from workbook_tools.files import atomic

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".wbt" / "ledger.sqlite3"


def record(path: Path, number: int, sha256: str = "") -> str:
    """Something happens on a day of March 2025; what the ledger says of its copy."""
    with Ledger.open(path) as ledger:
        ledger.record_issued([issued(sha256=sha256 or f"i{number}")], day(number))
    return ledger.trouble


def days(path: Path) -> list[date]:
    return [copy.day for copy in list_copies(path)]


def look(path: Path) -> str:
    """The fault of a look at all that is in it."""
    with pytest.raises(LedgerError) as caught, Ledger.open(path) as ledger:
        ledger.status([], day(20))
        record_review(ledger, [(result(received()), [received()])], day(20))
    return str(caught.value)


# -- copies -----------------------------------------------------------------------------------------------------------


def test_each_day_on_which_something_was_recorded_has_a_copy_of_its_end(path: Path) -> None:
    for number, sha256 in ((1, "a"), (1, "b"), (3, "c"), (4, "c")):
        assert record(path, number, sha256) == ""
    assert days(path) == [date(2025, 3, 3), date(2025, 3, 1)], "on the 4th nothing was new"
    with Ledger.open(list_copies(path)[1].path) as copy:
        assert copy.find_accepted([2024]) == {}
    assert b"CREATE TABLE issued" in list_copies(path)[1].path.read_bytes()
    assert not [p for p in path.parent.rglob("*") if p.suffix not in ("", ".sqlite3")], "nothing lies beside them"


def test_a_copy_is_a_ledger_of_that_day(path: Path) -> None:
    with Ledger.open(path) as ledger:
        tell_story(ledger)
    (copy,) = list_copies(path)
    assert copy.path.name == "ledger 2025-03-17.sqlite3"
    assert copy.path.read_bytes() == read_whole(path)


def test_the_last_thirty_copies_stay_and_the_last_of_every_month(path: Path) -> None:
    start = date(2025, 1, 10)
    folder = path.parent / COPY_FOLDER
    record(path, 1)
    for number in range(90):
        name = f"ledger {start + timedelta(days=number)}.sqlite3"
        (folder / name).write_bytes(b"")
    for name in ("别的", "ledger 2025-99-99", "ledger"):
        (folder / f"{name}.sqlite3").write_bytes(b"")
    with Ledger.open(path) as ledger:
        ledger.record_issued([issued(sha256="neu")], datetime(2025, 4, 20, 1, tzinfo=UTC))
    kept = days(path)
    assert kept[:2] == [date(2025, 4, 20), date(2025, 4, 9)]
    assert len(kept) == 32
    assert kept[30:] == [date(2025, 2, 28), date(2025, 1, 31)]
    assert (folder / "别的.sqlite3").exists()


def test_a_damaged_ledger_is_not_copied_over_a_sound_copy(path: Path) -> None:
    for number in range(1, 120):
        record(path, 2, f"{number}")
    (copy,) = list_copies(path)
    sound = copy.path.read_bytes()
    with path.open("r+b") as file:  # the index of what was issued, which recording a file that came does not read
        place = find_page(path, "sqlite_autoindex_schemes_1")
        file.seek(place)
        file.write(b"\xff" * 200)
    with Ledger.open(path) as ledger:
        ledger.record_received([received()], day(2))
    assert "台账备份没有做成" in ledger.trouble
    assert "wbt ledger verify" in ledger.trouble
    assert copy.path.read_bytes() == sound


def find_page(path: Path, name: str) -> int:
    """Where the first page of a table or index begins."""
    with open_database(path).connect() as connection:
        (page,) = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).one()
    return int(page - 1) * PAGE


def test_a_copy_that_cannot_be_written_is_told_and_what_was_recorded_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(path, 1)

    def fail(_: Path, __: bytes) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(atomic, "_write", fail)
    assert "台账已登记，但今天的台账备份没有做成" in record(path, 2)
    assert days(path) == [date(2025, 3, 1)]
    with Ledger.open(path) as ledger:
        assert ledger.key_id((2024, "P001"))
    monkeypatch.undo()
    os.utime(list_copies(path)[0].path, (0, 0))
    assert record(path, 2) == "", "nothing is new, and the copy is made up for"
    assert days(path) == [date(2025, 3, 2), date(2025, 3, 1)]


def test_before_an_older_ledger_is_brought_up_to_date_it_is_copied(path: Path) -> None:
    begin_old(path, "5").dispose()
    before = path.read_bytes()
    Ledger.open(path).close()
    (copy,) = list_copies(path)
    assert copy.path.read_bytes()[100:] == before[100:], "all but SQLite's counters"


# -- never anew by itself ---------------------------------------------------------------------------------------------


def damage_nothing_left(path: Path) -> None:
    path.write_bytes(b"")


def damage_gone(path: Path) -> None:
    path.unlink()


def damage_truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 3 * PAGE + 100])


def damage_first_page(path: Path) -> None:
    path.write_bytes(b"\0" * PAGE + path.read_bytes()[PAGE:])


def damage_other_file(path: Path) -> None:
    path.write_text("这不是数据库" * 200, "utf-8")


def damage_other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()


DAMAGES = [f for name, f in list(globals().items()) if name.startswith("damage_")]


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_lost_or_damaged_is_told_with_the_copy_to_restore(path: Path, damage: Callable[[Path], None]) -> None:
    record(path, 1)
    record(path, 5)
    damage(path)
    before = path.read_bytes() if path.exists() else None
    said = look(path)
    assert str(path) in said
    assert "wbt ledger restore 2025-03-05" in said
    assert (path.read_bytes() if path.exists() else None) == before
    assert days(path) == [date(2025, 3, 5), date(2025, 3, 1)]


def test_without_a_copy_it_says_how_to_begin_anew(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    assert "wbt ledger new" in look(path)
    assert path.read_bytes() == b""


def test_where_workbooks_went_out_a_missing_ledger_was_lost(tmp_path: Path, location: str | Path) -> None:
    """Also where there is no copy: on a server, or where an older program kept the ledger."""
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024, ledger=str(location)))
    with campaign.open_ledger() as ledger:
        assert ledger.find_accepted([2024]) == {}
    if isinstance(location, Path):
        location.unlink()
    else:
        with open_database(location).begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    (campaign.folder("下发") / "P001.xlsx").write_bytes(b"PK")
    for _ in range(2):
        with pytest.raises(LedgerError, match="wbt ledger new"):
            campaign.open_ledger()
    campaign.begin_ledger()
    with pytest.raises(LedgerError, match="wbt ledger new"):
        campaign.open_ledger()


def test_the_first_issue_finds_a_ledger_wherever_it_lies(location: str | Path, tmp_path: Path) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024, ledger=str(location)))
    campaign.begin_ledger()
    (campaign.folder("下发") / "P001.xlsx").write_bytes(b"PK")
    with campaign.open_ledger() as ledger:
        assert ledger.find_accepted([2024]) == {}


def test_a_file_that_goes_away_in_between_is_not_made_anew(path: Path) -> None:
    record(path, 1)
    with Ledger.open(path) as ledger:
        path.unlink()
        with pytest.raises(LedgerError, match="打不开"):
            ledger.find_accepted([2024])
    assert not path.exists()


# -- beside others ----------------------------------------------------------------------------------------------------


def journal_mode(path: Path) -> str:
    with open_database(path).connect() as connection:
        return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())


def test_others_read_while_one_writes_only_where_that_is_safe(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk of this computer; a folder that was moved to a share goes back to the journal that is safe there."""
    monkeypatch.setattr(database, "is_fixed_disk", lambda _: True)
    record(path, 1)
    assert journal_mode(path) == "wal"
    monkeypatch.setattr(database, "is_fixed_disk", lambda _: False)
    assert journal_mode(path) == "delete"
    record(path, 2)
    assert [p.name for p in path.parent.iterdir() if p.name != COPY_FOLDER] == [path.name]


def test_a_ledger_that_is_moved_aside_takes_along_what_lies_beside_it(path: Path) -> None:
    """A log of the old one would be taken for one of the new."""
    record(path, 1)
    path.unlink()
    beside = path.with_name(path.name + "-wal")
    beside.write_bytes(b"x")
    restore_copy(path, date(2025, 3, 1), day(2))
    assert not beside.exists()
    assert check_ledger(open_database(path), {}).faults == ()


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8")
def test_a_folder_may_be_called_as_it_likes(tmp_path: Path) -> None:
    path = tmp_path / "半\udce5个?#字 100%41" / "ledger.sqlite3"
    assert record(path, 1) == ""
    assert check_ledger(open_database(path), {}).faults == ()
    assert days(path) == [date(2025, 3, 1)]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_writer_that_is_killed_leaves_a_whole_ledger(path: Path) -> None:
    """Whatever it was doing; and nobody has to wait for it."""
    record(path, 1)
    words = f"""
        import sys
        from datetime import UTC, datetime
        from pathlib import Path
        from ledger_facts import issued
        from workbook_tools.campaign.ledger import Ledger
        number = 0
        while True:
            with Ledger.open(Path({str(path)!r})) as ledger:
                ledger.record_issued([issued(sha256=f"{{number}}.{{i}}") for i in range(20)], datetime.now(UTC))
            number += 1
            print(number, flush=True)
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for wait in (0, 0.01, 0.03):
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(words)], stdout=subprocess.PIPE, env=environment
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(wait)
            process.kill()
        done = check_ledger(open_database(path), {})
        assert done.faults == ()
        assert (done.events - 2) % 20 == 0, "all of a command or nothing"
