"""审核数据: a result on disk, a file for each department and kind of row, beside 审核结果.json.

    审核数据/索引.json
    审核数据/项目/主管部门=卫生健康局/项目.jsonl      likewise 指标, 问题, 缺报, 佐证, 上年项目

Each row stands on a line of its own with the names that it has in 审核结果.json. DuckDB, pandas and BI programs read the folders as
one table each, with the department as a column; what belongs to none lies in the folder that they take for a blank. The index says of
which 审核结果.json the parts are: those of another one count for nothing.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self

from pydantic import ValidationError

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import SettingsError, WithheldFile, tell_os_error
from workbook_tools.core.faces import AnyPath
from workbook_tools.core.result_parts import AT_ONCE, HoldRows, PartSize
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.results.earlier_rows import EarlierRows, SpeltRows
from workbook_tools.results.names import RESULT_NAME
from workbook_tools.results.parts_index import INDEX, KINDS, PartEntry, PartsIndex, read_index, write_index
from workbook_tools.results.spelling import (
    find_named,
    join_blocks,
    keep_own_lines,
    list_lines,
    names_only,
    read_line,
    spell_pieces,
    spell_rows,
)

_CODES = {"projects": "code", "indicators": "project_code", "findings": "project_code"}
"""Where a row says of which project it is."""


@dataclass(frozen=True)
class StoredParts:
    """The parts of a result on disk. Pickled it is a path, and each part that is asked for is read when it is."""

    folder: Path
    """审核数据."""

    @classmethod
    def store(cls, folder: Path, index: PartsIndex) -> Self:
        """Those of that index, whose files lie there. Raises OutputError."""
        write_index(folder, index)
        stored = cls(folder)
        stored.__dict__["index"] = index
        return stored

    def __reduce__(self) -> tuple[type[StoredParts], tuple[Path]]:
        return type(self), (self.folder,)

    @cached_property
    def index(self) -> PartsIndex:
        """Raises SettingsError if it is missing or damaged."""
        index = read_index(self.folder)
        if index is None:
            raise SettingsError(f"“{self.folder}”里没有可用的{INDEX}，请重新运行 wbt review")
        return index

    @cached_property
    def head(self) -> ReviewResult:
        """Raises SettingsError, as all of these."""
        return self._validate({})

    @cached_property
    def sizes(self) -> dict[str, PartSize]:
        """The departments, and how much each has."""
        return {
            name: PartSize(one.projects, one.indicators, one.findings, one.missing)
            for name, one in self.index.departments.items()
        }

    def read(self, department: str) -> ReviewResult:
        """What that department has; of the files only its own are read."""
        return self._read(self.index.departments[department])

    def read_held(self, department: str, hold: HoldRows) -> ReviewResult:
        """The same, its rows as ``hold`` keeps them, which is given them one by one."""
        part = self.index.departments[department]
        rows = {field: hold(field, self._list_kept(part, field, None)) for field in KINDS if part.find_file(field)}
        return self.head.model_copy(update=rows)

    def read_rest(self) -> ReviewResult:
        """What belongs to no department."""
        return self._read(self.index.rest)

    def read_projects(
        self, department: str, codes: Collection[str] | None = None, first: int = 0, end: int | None = None
    ) -> ReviewResult:
        """Some of a department's projects, as :func:`workbook_tools.core.result_parts.read_projects`: rows of others are not parsed."""
        part = self.index.departments[department]
        rows = self._read_rows(part, ("projects",), codes)
        rows["projects"] = rows.get("projects", ())[first:end]
        own = {row.code for row in rows["projects"]}
        return self._validate(rows | self._read_rows(part, ("indicators", "findings"), own))

    def read_range(self, department: str, first: int, stop: int) -> ReviewResult:
        """The projects of these places, as :class:`workbook_tools.core.result_parts.PartsByPlace` has it: rows about others are not parsed."""
        part = self.index.departments[department]
        came = part.codes[: part.projects]
        is_other = names_only("project_code", {*came} - {*came[first:stop]})
        rows: dict[str, tuple[Any, ...]] = {}
        for field in KINDS:
            lines: Iterable[tuple[int, bytes]] = enumerate(self._list_lines(part, field))
            if field == "projects":
                lines = islice(lines, first, stop)
            elif field in ("indicators", "findings", "evidence"):
                lines = (line for line in lines if not is_other(line[1]))
            rows[field] = tuple(self._read_row(field, *line) for line in lines)
        return self.head.model_copy(update=rows)

    def list_projects(self, department: str) -> Iterator[ProjectRow]:
        """A department's projects, one by one."""
        part = self.index.departments[department]
        yield from self._list_kept(part, "projects", None)

    def read_by_projects(self, department: str) -> Iterator[ReviewResult]:
        """A department's projects with their findings, some at a time; each file is read once."""
        part = self.index.departments[department]
        projects = self.list_projects(department)
        with self._open_rows(part, "findings") as stream:
            starts, numbers = _find_lines(stream, _CODES["findings"])
            while some := tuple(islice(projects, AT_ONCE)):
                own = {row.code for row in some}
                wanted = sorted({number for code in own for number in numbers.pop(code, ())})
                lines = _read_lines(stream, (starts[number] for number in wanted))
                rows = map(partial(self._read_row, "findings"), wanted, lines)
                found = tuple(row for row in rows if row.project_code in own)
                yield self._validate({"projects": some, "findings": found})

    def find_codes(self, department: str) -> tuple[str, ...]:
        """The projects of a department: first those that came, then those that are missing."""
        return (*self.index.departments[department].codes,)

    def digest(self, department: str | None = None) -> str:
        """A digest of a department's part, or of all parts and the head."""
        if department is not None:
            return self.index.departments[department].digest()
        index = self.index
        return digest_facts(index.head, index.rest.files, {name: one.files for name, one in index.departments.items()})

    def find_digest(self, department: str) -> str:
        """A digest of a department's part."""
        return self.digest(department)

    def find_whole_digest(self) -> str:
        """A digest of the whole result."""
        return self.digest()

    def spell(self, earlier: EarlierRows | None = None, spelt: SpeltRows | None = None) -> Iterator[bytes]:
        """审核结果.json of all parts, in blocks: what belongs to no department, then department by department. Rows that an ``earlier``
        file holds are copied from it; ``spelt`` notes where rows are in the new one."""
        noted = spelt or SpeltRows()
        pieces = spell_pieces(self.head, lambda field: self._spell_rows(field, self.index.parts, earlier, noted))
        return noted.digest_blocks(join_blocks(noted.follow(pieces)))

    def _spell_rows(
        self, field: str, parts: Iterable[PartEntry], earlier: EarlierRows | None, noted: SpeltRows
    ) -> Iterator[bytes]:
        for part in parts:
            if not (digest := part.find_file(field)):
                continue
            copied = earlier.read(field, digest) if earlier else None
            pieces = (copied,) if copied else spell_rows(field, self._list_kept(part, field, None))
            yield from noted.note(field, digest, pieces)

    def bind(self, digest: str) -> None:
        """Note that the parts belong to the 审核结果.json with this SHA-256, which is written by now. Raises OutputError."""
        self.__dict__["index"] = index = self.index.model_copy(update={"result": digest})
        write_index(self.folder, index)

    def _read(self, part: PartEntry, fields: Collection[str] = KINDS) -> ReviewResult:
        return self._validate(self._read_rows(part, fields))

    def _read_rows(
        self, part: PartEntry, fields: Collection[str], codes: Collection[str] | None = None
    ) -> dict[str, tuple[Any, ...]]:
        """The rows of these kinds, of these projects or of all."""
        return {field: tuple(self._list_kept(part, field, codes)) for field in fields if part.find_file(field)}

    def _list_kept(self, part: PartEntry, field: str, codes: Collection[str] | None) -> Iterator[Any]:
        """Rows one by one: the text of all of them would take as much memory again."""
        lines = self._list_lines(part, field)
        if codes is not None:
            lines = keep_own_lines(lines, _CODES[field], codes)
        for number, line in enumerate(lines):
            row = self._read_row(field, number, line)
            if codes is None or getattr(row, _CODES[field]) in codes:
                yield row

    def _list_lines(self, part: PartEntry, field: str) -> Iterator[bytes]:
        """The lines of a kind of rows, as written; none if there is no file."""
        with self._open_rows(part, field) as stream:
            yield from list_lines(stream)

    @contextmanager
    def _open_rows(self, part: PartEntry, field: str) -> Iterator[BinaryIO]:
        """The file of a kind of rows, checked to be as written; an empty one if there are none."""
        name = next((name for name in part.files if PurePosixPath(name).stem == KINDS[field]), "")
        if not name:
            yield BytesIO()
            return
        path = self.folder / name
        try:
            with path.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != part.files[name]:
                    raise SettingsError(f"审核数据“{path}”已损坏或被改过，请重新运行 wbt review")
                stream.seek(0)
                yield stream
        except FileNotFoundError:
            raise SettingsError(f"找不到审核数据“{path}”，请重新运行 wbt review") from None
        except OSError as exc:
            raise WithheldFile(f"无法读取审核数据{tell_os_error(exc, path)}") from None

    def _read_row(self, field: str, number: int, line: bytes) -> Any:
        try:
            return read_line(field, line)
        except ValidationError as exc:
            raise self._refuse(field, number, *exc.errors()[0]["loc"]) from None
        except ValueError:
            raise self._refuse(field, number) from None

    def _validate(self, rows: Mapping[str, Sequence[Any]]) -> ReviewResult:
        try:
            return ReviewResult.model_validate({**self.index.head, **rows})
        except ValidationError as exc:
            raise self._refuse(*exc.errors()[0]["loc"]) from None

    def _refuse(self, *place: object) -> SettingsError:
        return SettingsError(f"审核数据“{self.folder}”内容有误（{'.'.join(map(str, place))}），请重新运行 wbt review")


def _find_lines(stream: BinaryIO, name: str) -> tuple[array[int], dict[str, array[int]]]:
    """Where each line begins, and by project the numbers of the lines that name it: holding all lines of a large department would take much memory."""
    numbers: dict[str, array[int]] = {}
    starts, at = array("q"), 0
    for number, line in enumerate(stream):
        for code in find_named(line, name):
            numbers.setdefault(code, array("l")).append(number)
        starts.append(at)
        at += len(line)
    return starts, numbers


def _read_lines(stream: BinaryIO, starts: Iterable[int]) -> Iterator[bytes]:
    """The lines that begin there."""
    for start in starts:
        stream.seek(start)
        yield stream.readline().rstrip(b"\n")


def find_data(place: AnyPath) -> Path:
    """审核结果.json in a folder, or that file itself."""
    path = Path(place)
    return path / f"{RESULT_NAME}.json" if path.is_dir() else path
