"""Daily copies of a ledger that is a file, and putting one back. Of a ledger on a server its administrator makes copies.

The copy of a day is made anew by every command of that day that recorded something, so it holds all of it. A ledger that
is damaged is never copied over a sound copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from workbook_tools.campaign.ledger.records import LedgerError
from workbook_tools.campaign.ledger.sqlite_file import connect_file, list_side_files
from workbook_tools.core.errors import tell_os_error
from workbook_tools.files.atomic import make_folder, replace_whole, sync_folders
from workbook_tools.files.full_disks import find_full_disk
from workbook_tools.files.leftovers import temporary_folder

COPY_FOLDER = "台账备份"
"""Beside the ledger."""
_KEPT_DAYS = 30
"""Of so many days the copy is kept, of every earlier month the last."""
_PIECE = 1_000_000
_ROLLBACK = b"\x01\x01"
"""Of a file that is alone (bytes 18 and 19 of SQLite's header), without a log beside it."""


@dataclass(frozen=True, slots=True)
class DailyCopy:
    """The ledger as it was at the end of a day."""

    day: date
    path: Path


def list_copies(ledger: Path) -> list[DailyCopy]:
    """The copies of a ledger file, the newest first."""
    found = []
    for path in (ledger.parent / COPY_FOLDER).glob(f"*{ledger.suffix}"):
        stem, _, day = path.stem.rpartition(" ")
        if stem == ledger.stem:
            with suppress(ValueError):  # a file of somebody else
                found.append(DailyCopy(date.fromisoformat(day), path))
    return sorted(found, key=lambda copy: copy.day, reverse=True)


def copy_ledger(ledger: Path, day: date) -> None:
    """Make the copy of that day, and remove those that are not kept. Raises LedgerError; the copies that are there stay."""
    try:
        with open_whole(ledger) as pieces:
            replace_whole({_name_copy(ledger, day): pieces})
        for copy in _choose_old(list_copies(ledger)):
            copy.path.unlink(missing_ok=True)
    except OSError as exc:
        raise LedgerError(f"今天的台账备份没有做成，{tell_os_error(exc, exc.filename or ledger.parent)}") from None
    except sqlite3.Error as exc:
        raise LedgerError(f"今天的台账备份没有做成：读不出台账（{exc}）。请运行 wbt ledger verify。") from None


def has_copy(ledger: Path) -> bool:
    """There is a copy of what stands in a ledger file, as far as the times of saving tell."""
    made = (copy.path.stat().st_mtime for copy in list_copies(ledger))
    return max(made, default=0) >= ledger.stat().st_mtime


@contextmanager
def open_whole(ledger: Path) -> Iterator[Iterable[bytes]]:
    """A sound ledger as one file, in pieces, whatever is being written beside it: that of a province is larger than a process should be.
    Raises sqlite3.Error where it is damaged, OSError where there is no room for it."""
    with temporary_folder() as folder:
        whole = Path(folder) / "ledger.sqlite3"
        try:
            _copy_whole(ledger, whole)
        except sqlite3.OperationalError as exc:
            if full := find_full_disk(exc, whole):
                raise OSError(full.errno, str(exc), folder) from None
            raise
        yield _read_pieces(whole)


def _copy_whole(ledger: Path, whole: Path) -> None:
    with closing(connect_file(ledger)) as source, closing(sqlite3.connect(whole)) as copy:
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy)
        problems = [text for (text,) in copy.execute("PRAGMA quick_check(1)")]
        if problems != ["ok"]:
            raise sqlite3.DatabaseError(problems[0])


def _read_pieces(whole: Path) -> Iterator[bytes]:
    with whole.open("rb") as stream:
        start = stream.read(_PIECE)
        yield start[:18] + _ROLLBACK + start[20:]
        while piece := stream.read(_PIECE):
            yield piece


def read_whole(ledger: Path) -> bytes:
    """The same in memory."""
    with open_whole(ledger) as pieces:
        return b"".join(pieces)


def advise(ledger: Path) -> str:
    """What to do about a ledger that cannot be used."""
    if copies := list_copies(ledger):
        return (
            f"最近的备份是 {copies[0].day} 的，请运行 wbt ledger restore {copies[0].day} 恢复；"
            "在那以后登记的，再运行一次 wbt review 等命令补上。"
        )
    return (
        "没有台账备份。别处有 .wbt 的备份的，从那里恢复；都没有的，运行 wbt ledger new 从头建立，"
        "再依次运行 wbt generate 和 wbt review 重新登记，以前接收的要重新接收。"
    )


def move_aside(ledger: Path, now: datetime) -> Path | None:
    """Move a ledger file, with what SQLite has beside it, among the copies; where to, if it was there. Raises OSError."""
    moment = now.astimezone().strftime("%Y-%m-%d %H%M%S")
    aside = ledger.parent / COPY_FOLDER / f"换下的 {moment}{ledger.suffix}"
    make_folder(aside.parent)
    there = [path for path in (ledger, *list_side_files(ledger)) if path.exists()]
    for path in there:
        path.replace(aside.with_name(path.name.replace(ledger.name, aside.name)))
    sync_folders((ledger.parent, aside.parent))
    return aside if ledger in there else None


def _name_copy(ledger: Path, day: date) -> Path:
    return ledger.parent / COPY_FOLDER / f"{ledger.stem} {day.isoformat()}{ledger.suffix}"


def _choose_old(copies: list[DailyCopy]) -> list[DailyCopy]:
    """Of copies, the newest first, those that are neither of the last days nor the last of their month."""
    last = {(copy.day.year, copy.day.month): copy for copy in reversed(copies)}
    return [copy for copy in copies[_KEPT_DAYS:] if copy != last[copy.day.year, copy.day.month]]
