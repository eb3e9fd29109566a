"""Writes 审核数据 (see :mod:`~workbook_tools.results.stored_parts`), part by part, in this process or others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from workbook_tools.core.packed_texts import PackedTexts
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.atomic import sync_folders
from workbook_tools.files.file_digests import digest_readable, has_digest
from workbook_tools.files.paths import replace_file
from workbook_tools.files.spooled_bytes import Place, SpooledBytes
from workbook_tools.results.names import DATA_FOLDER
from workbook_tools.results.parts_index import (
    DEPARTMENT,
    INDEX,
    KINDS,
    PartEntry,
    PartsIndex,
    name_departments,
    name_rows,
)
from workbook_tools.results.spelling import (
    join_blocks,
    spell_lines,
)
from workbook_tools.results.stored_parts import StoredParts


class PartsWriter:
    """Writes 审核数据, part by part; files that would not change are left.

    The index names no 审核结果.json until that is written and the parts are bound to it: if writing breaks off in between, the parts count for
    nothing.
    """

    def __init__(self, folder: Path, departments: Iterable[str]) -> None:
        """Raises OutputError; so do all methods."""
        self._folder, self._names = folder, name_departments(departments)
        self._departments: dict[str, PartEntry] = {}
        self._rest = PartEntry()
        with suppress(FileNotFoundError):
            (folder / INDEX).unlink()

    def write(self, department: str, part: ReviewResult) -> None:
        """Write a department's part."""
        self.note(department, write_part(self._folder, self._names[department], part))

    def note(self, department: str, entry: PartEntry) -> None:
        """Note that a department's part was written, here or by another process."""
        self._departments[department] = entry

    def take(self, department: str, entry: PartEntry) -> bool:
        """Take over a part that an earlier run has written. False if its files are not there unchanged."""
        if not all(has_digest(self._folder / name, digest) for name, digest in entry.files.items()):
            return False
        self.note(department, entry)
        return True

    def write_rest(self, part: ReviewResult) -> None:
        """Write what belongs to no department."""
        self._rest = write_part(self._folder, None, part)

    def finish(self, head: ReviewResult) -> StoredParts:
        """Write the index, and remove files of parts that are gone. The parts belong to no 审核结果.json yet."""
        departments = {name: self._departments[name] for name in self._names}  # in whatever order they were written
        index = PartsIndex.of(head, departments, self._rest)
        kept = {name for one in (*index.departments.values(), index.rest) for name in one.files}
        _remove_others(self._folder, kept)
        with suppress(OSError):
            sync_folders(sorted({(self._folder / name).parent for name in kept}))
        return StoredParts.store(self._folder, index)


class PartWriter:
    """Writes a part of 审核数据, given whole or in pieces; its rows wait in a temporary file until all are there."""

    def __init__(self, folder: Path, name: str | None) -> None:
        """``name`` is the department's name for files; ``None`` for what belongs to no department. Raises OutputError; so do all methods."""
        self._folder, self._name = folder, name
        self._spool = SpooledBytes()
        self._blocks: dict[str, list[Place]] = {field: [] for field in KINDS}
        self._digests = {field: hashlib.sha256() for field in KINDS}
        self._counts = Counter[str]()
        self._came: list[str] = []
        self._missing: list[str] = []

    def add(self, piece: ReviewResult) -> None:
        """Add the next rows."""
        for field in KINDS:
            rows = getattr(piece, field)
            self._counts[field] += len(rows)
            for block in join_blocks(spell_lines(field, (row,)) for row in rows):
                self._digests[field].update(block)
                self._blocks[field].append(self._spool.lay(block))
        self._came += (row.code for row in piece.projects)
        self._missing += (row.code for row in piece.missing)

    def finish(self) -> PartEntry:
        """Put the files into their places; those that would not change are left."""
        files = {
            name_rows(field, self._name): self._digests[field].hexdigest() for field in KINDS if self._counts[field]
        }
        for field in filter(self._counts.get, KINDS):
            place = name_rows(field, self._name)
            if not has_digest(self._folder / place, files[place]):
                content = map(self._spool.read, self._blocks[field])
                replace_file(self._folder / place, content, one_of_many=True)
        return PartEntry(**+self._counts, codes=PackedTexts([*self._came, *self._missing]), files=files)


def write_part(folder: Path, name: str | None, part: ReviewResult) -> PartEntry:
    """Write the part of a department (``name``: its name for files), or of none, in one go. Raises OutputError."""
    writer = PartWriter(folder, name)
    writer.add(part)
    return writer.finish()


def write_parts(parts: ResultParts, data: Path) -> StoredParts:
    """Write 审核数据 beside the 审核结果.json of the same result, which is written already. Raises OutputError."""
    writer = PartsWriter(data.with_name(DATA_FOLDER), parts.sizes)
    writer.write_rest(parts.read_rest())
    for department in parts.sizes:
        writer.write(department, parts.read(department))
    stored = writer.finish(parts.head)
    stored.bind(digest_readable(data))
    return stored


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Remove files of parts that are not ``kept``; anything else in the folder stays."""
    for kind in KINDS.values():
        for path in (folder / kind).glob(f"{DEPARTMENT}*/{kind}.jsonl"):
            if path.relative_to(folder).as_posix() not in kept:
                with suppress(OSError):  # an empty file at worst, which no index names
                    path.unlink()
                    path.parent.rmdir()
