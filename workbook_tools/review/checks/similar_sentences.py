"""Which sentences stand in several texts, equal or nearly so, among very many, without holding them in memory.

Winnowing (Schleimer, Wilkerson, Aiken 2003): of every window of neighbouring character runs the one with the
smallest hash is kept. Two texts that share eleven characters in a row keep a run in common, so only sentences
with a common run need to be compared. No chance is involved: the same texts give the same pairs.

All lies in a database that is SQLite's own temporary one: in memory as long as it is small, on disk beyond. Runs are divided
by the first bits of their hash, and one division at a time is sorted: together they come in the order of all hashes.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from workbook_tools.files.temporary_data import open_temporary_database
from workbook_tools.review.checks.passages import are_alike

_RUN, _WINDOW = 6, 6
"""Characters of a run, and runs of a window: eleven equal characters in a row are found, a phrase of five is not."""
_CROWD = 16
"""A run that stands in more sentences than this is a stock phrase and points to nothing."""
_BATCH = 5_000
"""Sentences that are hashed at once; their arrays then take some ten megabytes."""
_DIGEST = 16
"""Bytes of the digest of a sentence."""
_KNOWN = 150_000
"""So many pairs that were compared are known at the next comparison (those of 2,000 projects): they take some ten megabytes then."""
_NEWS = 1.1
"""By so much they must have become more, to be kept anew."""
_BITS, _IN_DIVISION = 6, 4_000
"""At least so many of a hash say in which division its run is; of more sentences than so many to a division, more do: one is in memory at a time."""
_BASE = np.uint64(0x9E3779B97F4A7C15)

_Hashes = NDArray[np.uint64]
_Ids = NDArray[np.int64]

Spot = tuple[int, str]
"""A section: position of the project, key of the section."""

_TABLES = """
    CREATE TABLE occurrence (id INTEGER PRIMARY KEY, digest BLOB, position INTEGER, section TEXT, plain BLOB, written BLOB);
    CREATE TABLE sentence (number INTEGER PRIMARY KEY, first INTEGER, digest BLOB, is_repeated INTEGER);
    CREATE TABLE division (number INTEGER, hashes BLOB, ids BLOB);
    CREATE TABLE pair (one INTEGER, other INTEGER, UNIQUE (one, other));
    CREATE TABLE alike (number INTEGER, other INTEGER);
    CREATE TABLE spot (number INTEGER, position INTEGER, section TEXT);
"""
_NUMBER = """
    CREATE INDEX occurrence_digest ON occurrence (digest, position);
    INSERT INTO sentence (first, digest, is_repeated)
        SELECT MIN(id), digest, MIN(position) < MAX(position) FROM occurrence GROUP BY digest ORDER BY MIN(id);
    CREATE INDEX sentence_digest ON sentence (digest);
"""
"""Every sentence once, in the order in which they first occur."""
_PLACE = """
    CREATE INDEX alike_number ON alike (number);
    INSERT INTO spot
        SELECT number, position, section FROM sentence JOIN occurrence USING (digest)
        WHERE is_repeated OR number IN (SELECT number FROM alike)
        GROUP BY number, position, section ORDER BY number, MIN(id);
    CREATE INDEX spot_number ON spot (number);
    CREATE INDEX spot_position ON spot (position);
"""
"""Where those stand that are not alone; a section may say the same thing a thousand times."""


class SimilarSentences:
    """Long sentences with the places where they stand; of those that stand in several projects, and of those that are nearly
    the same as others, it is told where. ``close`` it when nothing more is asked."""

    def __init__(self) -> None:
        self._database = open_temporary_database(_TABLES)
        self._unlike: set[int] = set()

    def close(self) -> None:
        """Give the place back."""
        self._database.close()

    def add(self, position: int, section: str, plain: str, written: str) -> None:
        """A sentence in normal form and as written, where it stands; projects come in the order of their positions."""
        text = plain.encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(text, digest_size=_DIGEST).digest()
        row = (digest, position, section, text, written.encode("utf-8", "surrogatepass"))
        self._database.execute(
            "INSERT INTO occurrence (digest, position, section, plain, written) VALUES (?, ?, ?, ?, ?)", row
        )

    def compare(self, known: bytes = b"") -> None:
        """Find out which are nearly the same, or one within the other; once, after the last was added. ``known`` is what
        :meth:`pack_unlike` gave after an earlier comparison: these pairs are not compared again."""
        self._database.executescript(_NUMBER)
        self._divide_runs()
        unlike = self._unpack_unlike(known) if known else set[int]()
        were_known = len(unlike)
        for group in self._group_by_common_run():
            new = (pair for pair in combinations(group, 2) if pair[0] << 32 | pair[1] not in unlike)
            self._database.executemany("INSERT OR IGNORE INTO pair VALUES (?, ?)", new)
        sql = """
            SELECT one, other, a.plain, b.plain FROM pair
            JOIN sentence AS s ON s.number = one JOIN occurrence AS a ON a.id = s.first
            JOIN sentence AS t ON t.number = other JOIN occurrence AS b ON b.id = t.first ORDER BY pair.rowid
        """
        for one, other, *texts in self._database.execute(sql):
            if are_alike(*map(_read, texts)):
                self._database.executemany("INSERT INTO alike VALUES (?, ?)", ((one, other), (other, one)))
            elif len(unlike) <= _KNOWN:
                unlike.add(one << 32 | other)
        self._unlike = unlike if len(unlike) > _NEWS * were_known else set()
        self._database.executescript(_PLACE)

    # -- pairs that are known -------------------------------------------------------------------------------------------

    def pack_unlike(self) -> bytes:
        """The pairs that share a run and are not alike, by the digests of their sentences: most are so again at the next
        comparison. Nothing where they are too many to be held, or hardly any more than were known."""
        if not 0 < len(self._unlike) <= _KNOWN:
            return b""
        pairs = np.fromiter(self._unlike, np.int64, len(self._unlike))
        numbers, places = np.unique(np.concatenate([pairs >> 32, pairs & 0xFFFFFFFF]), return_inverse=True)
        digests = dict(self._database.execute("SELECT number, digest FROM sentence"))
        head = len(numbers).to_bytes(_DIGEST, "big")
        parts = [head, *(digests[number] for number in numbers.tolist()), places.astype("<u4").tobytes()]
        return zlib.compress(b"".join(parts), 1)

    def _unpack_unlike(self, known: bytes) -> set[int]:
        """They again, each the numbers that its sentences have now in one; without those of which one is gone."""
        data = zlib.decompress(known)
        end = _DIGEST * (int.from_bytes(data[:_DIGEST], "big") + 1)
        now = dict(self._database.execute("SELECT digest, number FROM sentence"))
        numbers = np.array([now.get(data[at : at + _DIGEST], 0) for at in range(_DIGEST, end, _DIGEST)], np.int64)
        pairs = numbers[np.frombuffer(data, "<u4", offset=end)].reshape(2, -1)
        pairs = np.sort(pairs[:, (pairs > 0).all(axis=0)], axis=0)
        return {*(pairs[0] << 32 | pairs[1]).tolist()}

    # -- after that -------------------------------------------------------------------------------------------------------

    def list_repeated(self) -> Iterator[tuple[int, str, int]]:
        """Position, section and number of the sentences that are not alone, project by project, the numbers ascending."""
        yield from self._database.execute("SELECT position, section, number FROM spot ORDER BY position, number, rowid")

    def list_alike(self, number: int) -> list[int]:
        """The sentences that are nearly the same, itself first."""
        sql = "SELECT other FROM alike WHERE number = ? ORDER BY rowid"
        return [number, *(other for (other,) in self._database.execute(sql, (number,)))]

    def list_spots(self, number: int) -> list[Spot]:
        """Where a sentence stands."""
        sql = "SELECT position, section FROM spot WHERE number = ? ORDER BY rowid"
        return self._database.execute(sql, (number,)).fetchall()

    def count_projects(self, number: int) -> int:
        """In how many projects the sentence, or one like it, stands."""
        sql = """
            SELECT COUNT(DISTINCT position) FROM spot
            WHERE number IN (SELECT ? UNION ALL SELECT other FROM alike WHERE number = ?)
        """
        [(count,)] = self._database.execute(sql, (number, number))
        return int(count)

    def read_written(self, number: int) -> str:
        """A sentence as it was first written."""
        sql = "SELECT written FROM sentence JOIN occurrence ON id = first WHERE number = ?"
        [(written,)] = self._database.execute(sql, (number,))
        return _read(written)

    # -- runs ---------------------------------------------------------------------------------------------------------------

    def _divide_runs(self) -> None:
        """The kept runs of all sentences, into divisions."""
        sql = (
            "SELECT number, plain FROM sentence JOIN occurrence ON id = first WHERE number > ? ORDER BY number LIMIT ?"
        )
        bits = self._count_bits()
        bounds = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
        rows = self._database.execute(sql, (0, _BATCH)).fetchall()
        while rows:
            hashes, ids = keep_runs([_read(plain) for _, plain in rows], rows[0][0])
            order = np.argsort(hashes, kind="stable")
            hashes, ids = hashes[order], ids[order]
            starts = np.searchsorted(hashes, bounds)
            for number, (one, other) in enumerate(
                zip(np.split(hashes, starts[1:]), np.split(ids, starts[1:]), strict=True)
            ):
                if len(one):
                    self._database.execute(
                        "INSERT INTO division VALUES (?, ?, ?)", (number, one.tobytes(), other.tobytes())
                    )
            rows = self._database.execute(sql, (rows[-1][0], _BATCH)).fetchall()
        self._database.execute("CREATE INDEX division_number ON division (number)")

    def _count_bits(self) -> int:
        """How many of a hash say in which division its run is."""
        return max(_BITS, (self._count_sentences() // _IN_DIVISION).bit_length())

    def _count_sentences(self) -> int:
        [(count,)] = self._database.execute("SELECT COUNT(*) FROM sentence")
        return int(count)

    def _read_division(self, number: int) -> tuple[_Hashes, _Ids]:
        """Runs of a division with their sentences, in the order of the hashes, then of the sentences."""
        parts = self._database.execute("SELECT hashes, ids FROM division WHERE number = ?", (number,)).fetchall()
        hashes = np.frombuffer(b"".join(part for part, _ in parts), np.uint64)
        ids = np.frombuffer(b"".join(part for _, part in parts), np.int64)
        order = np.lexsort((ids, hashes))
        return hashes[order], ids[order]

    def _group_by_common_run(self) -> Iterator[list[int]]:
        """Sentences with a kept run in common; those that consist mostly of stock phrases are left out."""
        count, divisions = self._count_sentences(), range(1 << self._count_bits())
        runs, crowded = np.zeros(count + 1, np.uint16), np.zeros(count + 1, np.uint16)  # a sentence has fewer than 500
        for number in divisions:
            hashes, ids = self._read_division(number)
            np.add.at(runs, ids, 1)
            _, sizes, own = _find_groups(hashes)
            np.add.at(crowded, ids[(sizes > _CROWD)[own]], 1)
        stock = crowded > 0.5 * runs
        for number in divisions:
            hashes, ids = self._read_division(number)
            starts, sizes, _ = _find_groups(hashes)
            usable = (sizes > 1) & (sizes <= _CROWD)
            for start, size in zip(starts[usable].tolist(), sizes[usable].tolist(), strict=True):
                group = [i for i in dict.fromkeys(ids[start : start + size].tolist()) if not stock[i]]
                if len(group) > 1:
                    yield group


def _find_groups(hashes: _Hashes) -> tuple[_Ids, _Ids, _Ids]:
    """Of sorted hashes: where each begins, how often it stands there, and of each entry which of them it is."""
    first = np.r_[True, hashes[1:] != hashes[:-1]][: len(hashes)]
    starts = np.flatnonzero(first)
    return starts, np.diff(np.r_[starts, len(hashes)]), np.cumsum(first) - 1


def keep_runs(texts: Sequence[str], first: int) -> tuple[_Hashes, _Ids]:
    """The kept runs of a batch of texts: hash and number of the text, from ``first``, neighbours that are equal once."""
    lengths = np.array([len(text) for text in texts])
    characters = "".join(texts).encode("utf-32-le", "surrogatepass")
    codes: _Hashes = np.frombuffer(characters, dtype=np.uint32).astype(np.uint64)
    ids = np.repeat(np.arange(first, first + len(texts)), lengths)
    hashes = np.zeros(max(0, len(codes) - _RUN + 1), dtype=np.uint64)
    for i in range(_RUN):
        hashes = hashes * _BASE + codes[i : len(codes) - _RUN + 1 + i]
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _BASE
    hashes, ids = _drop_crossing_runs(hashes, ids, _RUN)
    smallest = hashes[: max(0, len(hashes) - _WINDOW + 1)]
    for i in range(1, _WINDOW):
        smallest = np.minimum(smallest, hashes[i : len(smallest) + i])
    smallest, ids = _drop_crossing_runs(smallest, ids, _WINDOW)
    new = np.r_[True, (smallest[1:] != smallest[:-1]) | (ids[1:] != ids[:-1])][: len(ids)]
    return smallest[new], ids[new]


def _drop_crossing_runs(values: _Hashes, ids: _Ids, width: int) -> tuple[_Hashes, _Ids]:
    """The values of runs that do not cross from one text into the next; ``ids`` has one entry per element."""
    inside = ids[: len(values)] == ids[width - 1 :]
    return values[inside], ids[: len(values)][inside]


def _read(text: bytes) -> str:
    return text.decode("utf-8", "surrogatepass")
