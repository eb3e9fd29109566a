"""Writes 审核数据 (see :mod:`~workbook_tools.results.stored_parts`), part by part, in this process or others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

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
    """Writes 审核数据, part by part; a file that is there as it would be written is left.

    The index belongs to no 审核结果.json until that is written and the parts are bound to it: what is broken off in between counts for nothing.
    """

    def __init__(self, folder: Path, departments: Iterable[str]) -> None:
        """Raises OutputError, as all of these."""
        self._folder, self._names = folder, name_departments(departments)
        self._departments: dict[str, PartEntry] = {}
        self._rest = PartEntry()
        with suppress(FileNotFoundError):
            (folder / INDEX).unlink()

    def write(self, department: str, part: ReviewResult) -> None:
        """A department's part."""
        self.note(department, write_part(self._folder, self._names[department], part))

    def note(self, department: str, entry: PartEntry) -> None:
        """A department's part was written, here or by another process."""
        self._departments[department] = entry

    def take(self, department: str, entry: PartEntry) -> bool:
        """A department's part is the same as that which is written: whether its files lie there as they were."""
        if not all(has_digest(self._folder / name, digest) for name, digest in entry.files.items()):
            return False
        self.note(department, entry)
        return True

    def write_rest(self, part: ReviewResult) -> None:
        """What belongs to none."""
        self._rest = write_part(self._folder, None, part)

    def finish(self, head: ReviewResult) -> StoredParts:
        """The parts, still of no 审核结果.json. Files of parts that are not there any more are removed."""
        departments = {name: self._departments[name] for name in self._names}  # in whatever order they were written
        index = PartsIndex.of(head, departments, self._rest)
        kept = {name for one in (*index.departments.values(), index.rest) for name in one.files}
        _remove_others(self._folder, kept)
        with suppress(OSError):
            sync_folders(sorted({(self._folder / name).parent for name in kept}))
        return StoredParts.store(self._folder, index)


class PartWriter:
    """Writes a part of 审核数据, which is given whole or in pieces; what is written waits in a temporary file."""

    def __init__(self, folder: Path, name: str | None) -> None:
        """``name`` is what its files go by; none for what belongs to no department. Raises OutputError, as all of these."""
        self._folder, self._name = folder, name
        self._spool = SpooledBytes()
        self._blocks: dict[str, list[Place]] = {field: [] for field in KINDS}
        self._digests = {field: hashlib.sha256() for field in KINDS}
        self._counts = Counter[str]()
        self._came: list[str] = []
        self._missing: list[str] = []

    def add(self, piece: ReviewResult) -> None:
        """Its next rows."""
        for field in KINDS:
            rows = getattr(piece, field)
            self._counts[field] += len(rows)
            for block in join_blocks(spell_lines(field, (row,)) for row in rows):
                self._digests[field].update(block)
                self._blocks[field].append(self._spool.lay(block))
        self._came += (row.code for row in piece.projects)
        self._missing += (row.code for row in piece.missing)

    def finish(self) -> PartEntry:
        """Put the files into their places; a file that is there as it would be written is left."""
        files = {
            name_rows(field, self._name): self._digests[field].hexdigest() for field in KINDS if self._counts[field]
        }
        for field in filter(self._counts.get, KINDS):
            place = name_rows(field, self._name)
            if not has_digest(self._folder / place, files[place]):
                content = map(self._spool.read, self._blocks[field])
                replace_file(self._folder / place, content, one_of_many=True)
        return PartEntry(**+self._counts, codes=(*self._came, *self._missing), files=files)


def write_part(folder: Path, name: str | None, part: ReviewResult) -> PartEntry:
    """A department's part in 审核数据, under the name that its files go by, or what belongs to none. Raises OutputError."""
    writer = PartWriter(folder, name)
    writer.add(part)
    return writer.finish()


def write_parts(parts: ResultParts, data: Path) -> StoredParts:
    """Write 审核数据 beside an 审核结果.json of the same result, which is there. Raises OutputError."""
    writer = PartsWriter(data.with_name(DATA_FOLDER), parts.sizes)
    writer.write_rest(parts.read_rest())
    for department in parts.sizes:
        writer.write(department, parts.read(department))
    stored = writer.finish(parts.head)
    stored.bind(digest_readable(data))
    return stored


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Only files as these are called; what else somebody keeps there stays."""
    for kind in KINDS.values():
        for path in (folder / kind).glob(f"{DEPARTMENT}*/{kind}.jsonl"):
            if path.relative_to(folder).as_posix() not in kept:
                with suppress(OSError):  # an empty file at worst, which no index names
                    path.unlink()
                    path.parent.rmdir()
