"""Where a review stores what it has read, so that its memory does not grow with the number of files: items in a temporary SQLite
file, and what is made of each piece in files beside it, as several processes write those at a time. All of it is removed with the
review; what is kept for the next one is kept elsewhere (``kept``).
"""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import finalize

from workbook_tools.core.findings import Finding
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.stored_projects import ListedProject
from workbook_tools.files.temporary_data import explain_full_disk, read_text, spell_text
from workbook_tools.review.ledger_echoes import ShelvedVersion
from workbook_tools.review.packing import ItemFacts, PackedFile, unpack_item
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.rules.scheme import Scheme

_TEXTS, _SETTLED, _ROWS = "texts", "settled", "rows"
"""Kinds of data about a piece, in the names of its files."""
_SOME = 500
"""So many items are read, or values queried, at a time."""
_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE item (
        number INTEGER PRIMARY KEY, modified REAL, clock REAL, file BLOB, came INTEGER, submitted INTEGER,
        year INTEGER, code BLOB, name BLOB, department BLOB, untouched TEXT, digest BLOB, recorded BLOB
    );
    CREATE INDEX item_code ON item (code);
    CREATE TABLE packed (number INTEGER PRIMARY KEY, data BLOB);
    CREATE TABLE compared (number INTEGER PRIMARY KEY, code BLOB, data BLOB);
    CREATE INDEX compared_code ON compared (code);
    CREATE TABLE counted (file BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE listed (row INTEGER PRIMARY KEY, year INTEGER, code BLOB);
    CREATE INDEX listed_code ON listed (code);
    CREATE TABLE owned (number INTEGER PRIMARY KEY, piece INTEGER, code BLOB);
    CREATE INDEX owned_piece ON owned (piece);
    CREATE INDEX owned_code ON owned (code);
"""


@dataclass(frozen=True, slots=True)
class ShelvedItem:
    """An item's number, and its project."""

    number: int
    """In the order of the folder, from 1."""
    submitted: bool
    year: int
    code: str
    name: str
    department: str
    file: str


class ReviewShelf:
    """The items of a review, in the order in which they came, and what was made of its pieces.

    Raises OutputError if the disk is full: a review cannot go on without it. Pickled, it can be opened by another process of this
    computer until the first one closes it; that process can only read, and store what is made of a piece.
    """

    def __init__(self) -> None:
        folder = temporary_folder()
        self._open(Path(folder.name) / "review.sqlite3")
        self._database.executescript(_TABLES)
        self._end: Callable[[], object] = finalize(self, _clear, self._database, folder)
        self._schemes: dict[str, Scheme] = {}
        self._count = 0

    def _open(self, path: Path) -> None:
        self._path, self._lock = path, threading.RLock()
        with explain_full_disk():
            self._database = sqlite3.connect(path, check_same_thread=False)

    def __getstate__(self) -> dict[str, Any]:
        self.commit()
        return {"path": self._path, "schemes": self._schemes, "count": self._count}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._schemes, self._count = state["schemes"], state["count"]
        self._open(state["path"])
        self._end = finalize(self, self._database.close)

    def close(self) -> None:
        """Remove it: nothing more is read."""
        self._end()

    # -- laying down --------------------------------------------------------------------------------------------------

    def add(self, packed: PackedFile, modified: float, clock: float) -> list[tuple[int, ItemFacts]]:
        """Store the items of a file. Returns the number and the facts of each."""
        added = []
        for scheme in packed.schemes:
            self._schemes.setdefault(scheme.digest, scheme)
        for item in packed.items:
            self._count += 1
            facts = item.facts
            texts = map(spell_text, (facts.code, facts.name, facts.department))
            untouched = "" if facts.submitted or not facts.own else facts.sha256
            row = (facts.came, facts.submitted, facts.year, *texts, untouched, hashlib.sha256(item.data).digest())
            row = (*row, pickle.dumps((facts.sha256, facts.recorded)) if facts.submitted else None)
            self._write(
                "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (self._count, modified, clock, spell_text(facts.file), *row),
            )
            self._write("INSERT INTO packed VALUES (?, ?)", (self._count, item.data))
            added.append((self._count, facts))
        return added

    def rename(self, number: int, code: str, name: str, department: str) -> None:
        """An item belongs to another project than it says."""
        texts = map(spell_text, (code, name, department))
        self._write("UPDATE item SET code = ?, name = ?, department = ? WHERE number = ?", (*texts, number))

    def add_listed(self, projects: Iterable[ListedProject]) -> None:
        """Store years and codes of the list, in its order."""
        rows = ((row, project.year, spell_text(project.code)) for row, project in enumerate(projects))
        self._write_all("INSERT INTO listed VALUES (?, ?, ?)", rows)

    def add_piece(self, piece: int, codes: Iterable[str]) -> None:
        """Store codes of projects of a piece; more may follow."""
        rows = ((piece, spell_text(code)) for code in codes)
        self._write_all("INSERT INTO owned (piece, code) VALUES (?, ?)", rows)

    def add_texts(self, piece: int, texts: bytes) -> None:
        """Store the texts of a piece that are compared, packed."""
        self._lay(_TEXTS, piece, texts)

    def add_settled(self, piece: int, settled: bytes, rows: bytes) -> None:
        """Store the result of a piece, packed: facts about its rows, and the rows."""
        self._lay(_SETTLED, piece, settled)
        self.add_rows(piece, rows)

    def add_rows(self, piece: int, rows: bytes) -> None:
        """Store the rows of a piece, packed."""
        self._lay(_ROWS, piece, rows)

    def note_counted(self, files: Iterable[str]) -> None:
        """Note that these files hold projects that count."""
        for file in files:
            self._write("INSERT OR IGNORE INTO counted VALUES (?)", (spell_text(file),))
        self.commit()  # other processes read meanwhile

    def add_compared(self, found: Iterable[Finding]) -> None:
        """Store the findings of the comparison of all projects, in order."""
        for row in found:
            self._write(
                "INSERT INTO compared (code, data) VALUES (?, ?)", (spell_text(row.project_code), pickle.dumps(row))
            )

    # -- looking ------------------------------------------------------------------------------------------------------

    def list_items(self) -> Iterator[ShelvedItem]:
        """All items, in their order."""
        sql = "SELECT number, submitted, year, code, name, department, file FROM item WHERE number > ? ORDER BY number LIMIT ?"
        rows = self._ask(sql, (0, _SOME))
        while rows:
            for number, submitted, year, *texts in rows:
                yield ShelvedItem(number, bool(submitted), year, *map(read_text, texts))
            rows = self._ask(sql, (rows[-1][0], _SOME))

    def list_others(self) -> Iterator[tuple[int, str]]:
        """Number and code of the items that belong to no piece."""
        sql = "SELECT number, code FROM item WHERE NOT EXISTS (SELECT 1 FROM owned WHERE owned.code = item.code) ORDER BY number"
        yield from ((number, read_text(code)) for number, code in self._ask_each(sql))

    def list_departments(self) -> Iterator[tuple[str, list[str]]]:
        """Each project that came, with the departments that its files name, in the order in which they came."""
        sql = """
            SELECT code, department FROM item WHERE submitted AND code IN
                (SELECT code FROM item WHERE submitted GROUP BY code HAVING COUNT(DISTINCT department) > 1)
            GROUP BY code, department ORDER BY MIN(number)
        """
        several: dict[bytes, list[str]] = {}
        for code, department in self._ask(sql):
            several.setdefault(code, []).append(read_text(department))
        sql = "SELECT code, MIN(department) FROM item WHERE submitted GROUP BY code ORDER BY MIN(number)"
        for code, department in self._ask_each(sql):
            yield read_text(code), several.get(code) or [read_text(department)]

    def find_years(self, codes: Collection[str]) -> dict[str, int]:
        """Code → its year on the list, for those of these codes that are listed."""
        sql = "SELECT code, year FROM listed WHERE code IN ({}) ORDER BY row"
        return {read_text(code): year for code, year in self._ask_some(sql, [*map(spell_text, codes)])}

    def list_repeated(self) -> list[tuple[str, int]]:
        """The codes that are on the list more than once, with each of their rows."""
        sql = "SELECT code, row FROM listed WHERE code IN (SELECT code FROM listed GROUP BY code HAVING COUNT(*) > 1) ORDER BY row"
        return [(read_text(code), row) for code, row in self._ask(sql)]

    def list_codes(self, piece: int) -> list[str]:
        """The projects of a piece, in their order."""
        sql = "SELECT code FROM owned WHERE piece = ? ORDER BY number"
        return [read_text(code) for (code,) in self._ask(sql, (piece,))]

    def list_shared(self) -> list[tuple[str, int]]:
        """The codes that belong to several pieces, with the last of these."""
        sql = "SELECT code, MAX(piece) FROM owned GROUP BY code HAVING COUNT(*) > 1"
        return [(read_text(code), last) for code, last in self._ask(sql)]

    def is_owned(self, code: str) -> bool:
        """The code belongs to a piece."""
        return bool(self._ask("SELECT 1 FROM owned WHERE code = ? LIMIT 1", (spell_text(code),)))

    def count_files(self) -> int:
        """How many files were reviewed, without those that were passed over."""
        [(count,)] = self._ask("SELECT COUNT(DISTINCT file) FROM item WHERE came")
        return count  # type: ignore[no-any-return]

    def is_counted(self, file: str) -> bool:
        """The file holds a project that counts."""
        return bool(self._ask("SELECT 1 FROM counted WHERE file = ?", (spell_text(file),)))

    def find_untouched(self) -> set[str]:
        """SHA-256 of our own forms that came back untouched."""
        return {digest for (digest,) in self._ask("SELECT untouched FROM item WHERE untouched <> ''")}

    def list_years(self) -> list[int]:
        """The years of the projects that came."""
        return [year for (year,) in self._ask("SELECT DISTINCT year FROM item WHERE submitted ORDER BY year")]

    def find_items(self, codes: Collection[str]) -> list[int]:
        """The numbers of the items of these projects, in their order."""
        sql = "SELECT number FROM item WHERE code IN ({})"
        return sorted(number for (number,) in self._ask_some(sql, [*map(spell_text, codes)]))

    def list_projects(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """Code and name of the projects of these items."""
        sql = "SELECT code, name FROM item WHERE number = ?"
        return [(read_text(code), read_text(name)) for number in numbers for code, name in self._ask(sql, (number,))]

    def describe_items(self, numbers: Iterable[int]) -> list[tuple[Any, ...]]:
        """Digests and times of items: all facts about their files that a review depends on."""
        sql = "SELECT number, digest, modified, clock FROM item WHERE number IN ({})"
        wanted = [*numbers]
        found = {number: rest for number, *rest in self._ask_some(sql, wanted)}
        return [tuple(found[number]) for number in wanted if number in found]

    def list_versions(self, numbers: Iterable[int]) -> list[ShelvedVersion]:
        """Those of these items that are submissions, with what the ledger records of them."""
        sql = "SELECT number, year, code, file, recorded FROM item WHERE number IN ({}) AND submitted"
        wanted = [*numbers]
        found = {
            number: ShelvedVersion((year, read_text(code)), read_text(file), *pickle.loads(recorded))  # noqa: S301 - laid down by this run
            for number, year, code, file, recorded in self._ask_some(sql, wanted)
        }
        return [found[number] for number in wanted if number in found]

    def read_items(self, numbers: Iterable[int]) -> Iterator[ReviewedFile]:
        """Items as they were stored."""
        sql = "SELECT data, modified, clock FROM item JOIN packed USING (number) WHERE number = ?"
        for number in numbers:
            [(data, modified, clock)] = self._ask(sql, (number,))
            yield unpack_item(data, modified, clock, self._schemes)

    def find_compared(self, codes: Collection[str]) -> list[Finding]:
        """The findings of the comparison about these projects."""
        found: list[tuple[int, bytes]] = []
        for code in codes:
            found += self._ask("SELECT number, data FROM compared WHERE code = ?", (spell_text(code),))
        return [pickle.loads(data) for _, data in sorted(found)]  # noqa: S301 - laid down by this run

    def read_texts(self, piece: int) -> bytes:
        """What is compared of the projects of a piece, packed."""
        return self._take(_TEXTS, piece)

    def read_settled(self, piece: int) -> bytes:
        """Facts about the rows of a piece, packed."""
        return self._take(_SETTLED, piece)

    def read_rows(self, piece: int) -> bytes:
        """The rows of a piece, packed."""
        return self._take(_ROWS, piece)

    @property
    def schemes(self) -> Mapping[str, Scheme]:
        """Every scheme that something was scored under, by digest."""
        return self._schemes

    def _ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, explain_full_disk():
            return self._database.execute(sql, values).fetchall()

    def _ask_each(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Rows as they are asked for; others may be written meanwhile."""
        with explain_full_disk():
            rows = self._database.execute(sql)
            while some := rows.fetchmany(_SOME):
                yield from some

    def _ask_some(self, sql: str, wanted: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        """The rows for these values, which are put into the braces of ``sql`` some at a time."""
        for start in range(0, len(wanted), _SOME):
            some = wanted[start : start + _SOME]
            yield from self._ask(sql.format(", ".join("?" * len(some))), some)

    def _write_all(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self._lock, explain_full_disk():
            self._database.executemany(sql, rows)

    def _write(self, sql: str, values: Sequence[object]) -> None:
        with self._lock, explain_full_disk():
            self._database.execute(sql, values)

    def commit(self) -> None:
        """Make what was stored visible to other processes, which may be forks of this one."""
        with self._lock, explain_full_disk():
            self._database.commit()

    def _lay(self, kind: str, piece: int, data: bytes) -> None:
        with explain_full_disk():
            self._path.with_name(f"{kind}-{piece}").write_bytes(data)

    def _take(self, kind: str, piece: int) -> bytes:
        with explain_full_disk():
            return self._path.with_name(f"{kind}-{piece}").read_bytes()


def _clear(database: sqlite3.Connection, folder: TemporaryDirectory[str]) -> None:
    database.close()
    folder.cleanup()
