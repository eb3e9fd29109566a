"""A result in a folder, to be read one department at a time: from 审核数据 where that is of it, else from 审核结果.json.

There is none of it where a review was broken off while it wrote, or where somebody has sent the .json alone. A large one is then taken apart row by row
into temporary files: whole, that of 50,000 projects takes five gigabytes.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from weakref import finalize

from workbook_tools.core.faces import AnyPath
from workbook_tools.core.packed_texts import PackedTexts
from workbook_tools.core.result_parts import NO_ROWS, HeldParts, ResultParts
from workbook_tools.core.review_result import REVIEW_SCHEMA_VERSION, ReviewResult
from workbook_tools.files.file_digests import digest_readable
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.temporary_data import explain_full_disk
from workbook_tools.results.json_file import read_json
from workbook_tools.results.names import DATA_FOLDER
from workbook_tools.results.parts_index import PartEntry, PartsIndex, name_departments, name_rows, read_index
from workbook_tools.results.spelling import read_line, spell_lines
from workbook_tools.results.stored_parts import StoredParts, find_data
from workbook_tools.rules.recorded import restore_schemes

LARGE = 20_000_000
"""Bytes of a .json that is not held whole; some 600 projects have as much."""
_BEGINS = {f' "{name}": [\n'.encode(): name for name in NO_ROWS}
_ROW_BEGINS, _ROW_ENDS, _END = b"  {\n", (b"  }\n", b"  },\n"), (b" ]\n", b" ],\n")
"""Lines as the .json is written: no text has a line of its own."""


def open_parts(place: AnyPath) -> ResultParts:
    """The result in a folder (or of that 审核结果.json) to be read one department at a time. Raises SettingsError like :func:`read_json`."""
    data = find_data(place)
    stored = StoredParts(data.with_name(DATA_FOLDER))
    index = read_index(stored.folder)
    return stored if index and index.result == digest_readable(data) else open_json(data)


def open_json(data: Path) -> ResultParts:
    """The result of that 审核结果.json, whatever lies beside it: held, or in temporary files where it is large. Raises SettingsError likewise,
    and OutputError where there is no room for these."""
    if is_large(data):
        with suppress(OSError, ValueError):  # it is damaged, or is not written as we write it: reading the whole tells
            return _unpack(data)
    return HeldParts(read_json(data))


def is_large(data: Path) -> bool:
    """That .json is not to be held whole; one that cannot be read is told by who reads it."""
    try:
        return data.stat().st_size > LARGE
    except OSError:
        return False


def _unpack(data: Path) -> StoredParts:
    """Take it apart; the files go with what is returned. Raises ValueError where it is not as we write it."""
    digest, listed = digest_readable(data), _List()
    for name, piece in _list_pieces(data):
        listed.take(name, piece)
    head = listed.read_head()
    with ExitStack() as made, explain_full_disk():
        files = _PartFiles(Path(made.enter_context(temporary_folder())), listed)
        files.write((name, read_line(name, piece)) for name, piece in _list_pieces(data) if name)
        stored = StoredParts.store(files.folder, files.index(head, digest))
        finalize(stored, made.pop_all().close)
    return stored


def _list_pieces(data: Path) -> Iterator[tuple[str, bytes]]:
    """Each row with its field, and the lines around them with none."""
    name, row = "", bytearray()
    with data.open("rb") as stream:
        for line in stream:
            if not name:
                name = _BEGINS.get(line, "")
                yield "", line
            elif row:
                row += line
                if line in _ROW_ENDS:
                    yield name, bytes(row).rstrip(b",\n")
                    row.clear()
            elif line == _ROW_BEGINS:
                row += line
            elif line in _END:
                name = ""
                yield "", line
            else:
                raise ValueError(line)


@dataclass
class _List:
    """What is to be known of all rows before the first is put into its part."""

    head: bytearray = field(default_factory=bytearray)
    owners: dict[str, str] = field(default_factory=dict)
    """The department of each project that came or is missing."""
    places: list[tuple[float, str]] = field(default_factory=list)
    schemes: set[str] = field(default_factory=set)

    def take(self, name: str, piece: bytes) -> None:
        """A row, or a line of the head."""
        if not name:
            self.head += piece
        elif name in ("projects", "missing"):
            row = read_line(name, piece)
            if name == "projects":
                self.owners[row.code] = row.department
                self.schemes.add(row.scheme_digest)
            else:
                self.owners.setdefault(row.code, row.department)
            self.places.append((row.place or math.inf, row.department))

    @property
    def departments(self) -> list[str]:
        """In the order of the project list."""
        return [*dict.fromkeys(department for _, department in sorted(self.places, key=lambda one: one[0]))]

    def read_head(self) -> ReviewResult:
        """What is said once of all. Raises ValueError where a scheme is missing, or rows were not found where we write them."""
        head = ReviewResult.model_validate_json(bytes(self.head))
        is_ours = head.schema_version == REVIEW_SCHEMA_VERSION and not any(getattr(head, name) for name in NO_ROWS)
        if not is_ours or self.schemes - restore_schemes(head).keys():
            raise ValueError
        return head


class _PartFiles:
    """The files of the parts, as :class:`StoredParts` reads them."""

    def __init__(self, folder: Path, listed: _List) -> None:
        self.folder, self._owners = folder, listed.owners
        self._names: dict[str | None, str | None] = {None: None}
        self._names.update(name_departments(listed.departments).items())
        self._digests = {department: defaultdict[str, Any](hashlib.sha256) for department in self._names}
        self._counts = {department: Counter[str]() for department in self._names}
        self._codes: defaultdict[str | None, dict[str, list[str]]] = defaultdict(
            lambda: {"projects": [], "missing": []}
        )

    def write(self, rows: Iterator[tuple[str, Any]]) -> None:
        """Put each row into the file of its department; mostly many of one follow each other."""
        owned = ((name, self._find_owner(row), row) for name, row in rows)
        for (name, department), run in groupby(owned, key=lambda one: one[:2]):
            place = name_rows(name, self._names[department])
            path, digest = self.folder / place, self._digests[department][place]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as stream:
                for _, _, row in run:
                    line = spell_lines(name, (row,))
                    stream.write(line)
                    digest.update(line)
                    self._counts[department][name] += 1
                    if name in ("projects", "missing"):
                        self._codes[department][name].append(row.code)

    def _find_owner(self, row: Any) -> str | None:
        """The department whose part a row belongs to; ``None`` for the rest."""
        code = getattr(row, "project_code", None)
        owner = row.department if code is None else self._owners.get(code)
        return owner if owner in self._names else None

    def index(self, head: ReviewResult, digest: str) -> PartsIndex:
        """What was written, of the 审核结果.json with that digest."""
        departments = {name: self._enter(name) for name in self._names if name is not None}
        return PartsIndex.of(head, departments, self._enter(None), digest)

    def _enter(self, department: str | None) -> PartEntry:
        files: Mapping[str, Any] = self._digests[department]
        codes = self._codes[department]
        return PartEntry(
            **self._counts[department],
            codes=PackedTexts([*codes["projects"], *codes["missing"]]),
            files={place: digest.hexdigest() for place, digest in files.items()},
        )
