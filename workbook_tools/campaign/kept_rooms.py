"""What a working folder keeps from run to run so that it need not be done again: .wbt/kept.sqlite3.

It may be deleted at any time. No command fails for its sake: where it cannot be read or written, all is done anew.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbook_tools.campaign.folder import STATE_FOLDER, Campaign
from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.faces import AnyPath
from workbook_tools.files.earlier_outputs import EarlierOutputs
from workbook_tools.files.known_batches import KnownBatches
from workbook_tools.files.sealed_store import SealedStore

if TYPE_CHECKING:
    from workbook_tools.files.kept_records import KeptRecords
    from workbook_tools.projects.kept_lists import KeptLists
    from workbook_tools.workbooks.reading import Keys

log = logging.getLogger(__name__)

FILE = Path(STATE_FOLDER) / "kept.sqlite3"
_OUTPUTS = "outputs"
"""The room for outputs."""
_BATCHES = "batches "
"""Prefix of the room for results of a command's batches of outputs; the command follows."""
_RECORDS = "records:"
"""Prefix of the room for records about results; the folder that they are written to follows."""
_LISTS = "lists"
"""The room for project lists."""
_REVIEW = "review:"
"""Prefix of the room for files of a reviewed folder, which follows."""
_VERSION = 1
_SOME = 500
"""So many names are read at a time."""
_WAIT = 5.0
"""Seconds to wait for another command that is writing."""
_TABLE = (
    "PRAGMA auto_vacuum = FULL",  # what is dropped frees its space
    "CREATE TABLE IF NOT EXISTS kept (room TEXT, name TEXT, entry BLOB, PRIMARY KEY (room, name))",
    f"PRAGMA user_version = {_VERSION}",
)

T = TypeVar("T")


class FolderStore:
    """Entries of one room of the file. Each :meth:`put` is on the disk whole or not at all."""

    def __init__(self, campaign: Campaign, room: str) -> None:
        self._file, self._room = campaign.root / FILE, room
        self._database: sqlite3.Connection | None = None
        self._given_up = False

    def __getstate__(self) -> dict[str, object]:
        """Another process opens the file for itself."""
        return {**self.__dict__, "_database": None}

    def get(self, key: str) -> bytes | None:
        """The entry of that name."""
        sql = "SELECT entry FROM kept WHERE room = ? AND name = ?"
        found = self._ask(lambda db: db.execute(sql, (self._room, key)).fetchone(), None)
        return found[0] if found and isinstance(found[0], bytes) else None

    def put(self, entries: Mapping[str, bytes]) -> None:
        """Keep these entries, all or none."""
        rows = [(self._room, key, entry) for key, entry in entries.items()]
        self._change("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)

    def names(self) -> Iterator[str]:
        """The names of all entries, some read at a time."""
        found = self._list_names("")
        while found:
            yield from found
            found = self._list_names(found[-1])

    def _list_names(self, after: str) -> list[str]:
        sql = "SELECT name FROM kept WHERE room = ? AND name > ? ORDER BY name LIMIT ?"
        return self._ask(lambda db: [name for (name,) in db.execute(sql, (self._room, after, _SOME))], [])

    def drop(self, keys: Collection[str]) -> None:
        """Drop these entries."""
        self._change("DELETE FROM kept WHERE room = ? AND name = ?", [(self._room, key) for key in keys])

    def rooms(self) -> list[str]:
        """All rooms of the file."""
        return self._ask(lambda db: [name for (name,) in db.execute("SELECT DISTINCT room FROM kept")], [])

    def drop_room(self, room: str) -> None:
        """Drop a room with all its entries."""
        self._change("DELETE FROM kept WHERE room = ?", [(room,)])

    def close(self) -> None:
        """Close the file."""
        if self._database:
            with suppress(sqlite3.Error):
                self._database.close()
        self._database, self._given_up = None, True

    def _change(self, sql: str, rows: Sequence[Sequence[str | bytes]]) -> None:
        def change(database: sqlite3.Connection) -> None:
            try:
                database.cursor().executemany(sql, rows)
                database.commit()
            except BaseException:
                database.rollback()
                raise

        if rows:
            self._ask(change, None)

    def _ask(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        if self._given_up:
            return otherwise
        try:
            self._database = self._database or _open(self._file)
            return work(self._database)
        except (sqlite3.Error, OSError) as exc:
            log.warning("%s 用不了（%s），没有变化的这次也重新处理", self._file, exc)
            self.close()
            is_damaged = not isinstance(exc, (sqlite3.OperationalError, OSError))  # else locked, full or forbidden
            if is_damaged:
                _remove(self._file)
            return otherwise


def name_review(campaign: Campaign | None, folder: AnyPath) -> str:
    """The room for a folder that is reviewed."""
    return _REVIEW + _name_folder(campaign, folder)


def _name_folder(campaign: Campaign | None, folder: AnyPath) -> str:
    path = Path(folder).resolve()
    root = campaign.root.resolve() if campaign else path
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


@contextmanager
def open_room(campaign: Campaign | None, room: str, *, fresh: bool = False) -> Iterator[FolderStore | None]:
    """A room of the working folder, emptied first if all is to be done ``fresh``; ``None`` without a working folder.

    Rooms of reviewed folders that no longer exist are dropped.
    """
    if campaign is None:
        yield None
        return
    with closing(FolderStore(campaign, room)) as store:
        for lone in store.rooms():
            kind, _, folder = lone.partition(":")
            if f"{kind}:" in (_REVIEW, _RECORDS) and not (campaign.root / folder).is_dir():
                store.drop_room(lone)
        if fresh:
            store.drop_room(room)
        yield store


@contextmanager
def open_records(
    campaign: Campaign | None, keys: Keys, out: Path | None, *, fresh: bool = False
) -> Iterator[KeptRecords]:
    """Records about results in the folder ``out``, under the seal of the ``keys``; those that the block has not used are dropped at its end.
    Without ``out`` there are none."""
    from workbook_tools.files.kept_records import KeptRecords  # takes long to load
    from workbook_tools.form.identity import list_secrets

    room = _RECORDS + (_name_folder(campaign, out) if out else "")
    with open_room(campaign if out else None, room, fresh=fresh) as store:
        records = KeptRecords(SealedStore(store, list_secrets(keys.values())) if store else None)
        yield records
        records.drop_others()


@contextmanager
def open_known_records(campaign: Campaign, out: Path) -> Iterator[KeptRecords]:
    """The same for commands that only read those results: nothing is dropped."""
    from workbook_tools.files.kept_records import KeptRecords

    secrets = _list_secrets(campaign)
    known = campaign if secrets and (campaign.root / FILE).is_file() else None
    with open_room(known, _RECORDS + _name_folder(campaign, out)) as store:
        yield KeptRecords(SealedStore(store, secrets) if store else None)


def _list_secrets(campaign: Campaign | None) -> list[tuple[bytes, bool, bool]]:
    """The secrets of the office's keys, for seals; none if the keys cannot be read, which is reported where they are needed."""
    from workbook_tools.form.identity import list_secrets

    try:
        return list_secrets(campaign.known_keys().values()) if campaign else []
    except SettingsError:
        return []


@contextmanager
def open_lists(
    campaign: Campaign | None, *facts: object, keep: bool = False, fresh: bool = False
) -> Iterator[KeptLists | None]:
    """Project lists as read with these ``facts`` and the working folder's schemes, under the seal of its keys; ``None`` if none can be kept.
    Only with ``keep`` a file is made, and lists that are gone (all lists, if all is to be done ``fresh``) are dropped."""
    from workbook_tools.files.kept_records import KeptRecords
    from workbook_tools.projects.kept_lists import KeptLists

    secrets = _list_secrets(campaign)
    if campaign is None or not secrets or not (keep or (campaign.root / FILE).is_file()):
        yield None
        return
    with closing(FolderStore(campaign, _LISTS)) as store:
        if keep:
            store.drop([name for name in store.names() if fresh or not Path(name).is_file()])
        schemes = [_digest_texts(folder) for folder in campaign.scheme_folders]
        yield KeptLists(KeptRecords(SealedStore(store, secrets)), schemes, *facts)


def _digest_texts(folder: Path) -> list[tuple[str, str]]:
    """The .toml files of a folder: schemes, and wbt.toml."""
    return [(path.name, digest_facts(path.read_bytes())) for path in sorted(folder.glob("*.toml")) if path.is_file()]


@contextmanager
def open_outputs(campaign: Campaign | None, *, fresh: bool = False, command: str = "") -> Iterator[EarlierOutputs]:
    """What is known of the working folder's outputs; nothing if all is to be done ``fresh``, or without a working folder.

    A ``command`` that writes all its outputs also gets the results of its batches from its last run.
    """
    with (
        open_room(campaign, _OUTPUTS) as store,
        _open_batches(campaign if command else None, command, fresh=fresh) as batches,
    ):
        outputs = EarlierOutputs(store, campaign.root if campaign else Path(), fresh=fresh, batches=batches)
        try:
            yield outputs
        finally:
            outputs.close()


@contextmanager
def _open_batches(campaign: Campaign | None, command: str, *, fresh: bool) -> Iterator[KnownBatches | None]:
    from workbook_tools.files.kept_records import KeptRecords

    secrets = _list_secrets(campaign)
    with open_room(campaign if secrets else None, _BATCHES + command) as store:
        yield KnownBatches(KeptRecords(SealedStore(store, secrets)), fresh=fresh) if store else None


def _open(file: Path) -> sqlite3.Connection:
    """The file with its table; one of another version, or damaged beyond use, is replaced. Raises sqlite3.Error, OSError."""
    try:
        return _prepare(file)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        _remove(file)
        return _prepare(file)


def _prepare(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=_WAIT)
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"version {version}")
        for statement in _TABLE if version == 0 else ():
            database.execute(statement)
    except BaseException:
        database.close()
        raise
    return database


def _remove(file: Path) -> None:
    for path in (file, file.with_name(f"{file.name}-journal")):
        with suppress(OSError):
            path.unlink(missing_ok=True)
