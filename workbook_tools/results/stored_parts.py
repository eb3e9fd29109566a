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
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self

from pydantic import Field, ValidationError

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import SettingsError, WithheldFile, tell_os_error
from workbook_tools.core.faces import AnyPath
from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.result_parts import AT_ONCE, HoldRows, PartSize, ResultParts
from workbook_tools.core.review_result import REVIEW_SCHEMA_VERSION, ProjectRow, Result, ReviewResult
from workbook_tools.files.atomic import sync_folders
from workbook_tools.files.file_digests import digest_readable, has_digest
from workbook_tools.files.paths import department_folder, replace_file, short_mark
from workbook_tools.files.spooled_bytes import Place, SpooledBytes
from workbook_tools.results.earlier_rows import EarlierRows, SpeltRows
from workbook_tools.results.names import DATA_FOLDER, RESULT_NAME
from workbook_tools.results.spelling import (
    find_named,
    join_blocks,
    keep_own_lines,
    list_lines,
    names_only,
    read_line,
    spell_lines,
    spell_pieces,
    spell_rows,
)

INDEX = "索引.json"
KINDS = {
    "projects": "项目",
    "indicators": "指标",
    "findings": "问题",
    "missing": "缺报",
    "evidence": "佐证",
    "gone": "上年项目",
}
"""The rows of a result → the folder of their files, and what these are called."""
_CODES = {"projects": "code", "indicators": "project_code", "findings": "project_code"}
"""Where a row says of which project it is."""
_VERSION = "1"
_DEPARTMENT = "主管部门="
_NO_PART = "__HIVE_DEFAULT_PARTITION__"
"""The folder that programs take for a blank."""


class PartEntry(Result):
    """A part in the index."""

    projects: int = 0
    """How many rows of each kind it has."""
    indicators: int = 0
    findings: int = 0
    missing: int = 0
    evidence: int = 0
    gone: int = 0
    codes: tuple[str, ...] = ()
    """Its projects: first those that came, then those that are missing."""
    files: dict[str, str] = Field(default_factory=dict)
    """Its files, from 审核数据, with their SHA-256; a kind without rows has none."""

    def digest(self) -> str:
        """Of all that it has."""
        return digest_facts(self.files)

    def find_file(self, field: str) -> str:
        """The SHA-256 of its file of a kind of rows; blank where it has none."""
        ending = f"/{KINDS[field]}.jsonl"
        return next((digest for name, digest in self.files.items() if name.endswith(ending)), "")


class PartsIndex(Result):
    """审核数据/索引.json."""

    version: str = _VERSION
    """Of the index and of how the files lie; the rows are those of the result's own version."""
    result: str
    """SHA-256 of the 审核结果.json that the parts are of; blank while that is not written yet."""
    head: dict[str, Any]
    """The result without its rows, by the schema of 审核结果.json."""
    departments: dict[str, PartEntry] = Field(default_factory=dict)
    """In the order of the project list, as it writes them; blank where it names none."""
    rest: PartEntry = PartEntry()
    """What belongs to no project of any department."""

    @classmethod
    def of(cls, head: ReviewResult, departments: dict[str, PartEntry], rest: PartEntry, result: str = "") -> Self:
        """Of these parts."""
        return cls(result=result, head=_dump(head), departments=departments, rest=rest)

    @property
    def parts(self) -> tuple[PartEntry, ...]:
        """All parts, in the order in which they stand in 审核结果.json."""
        return self.rest, *self.departments.values()


@dataclass(frozen=True)
class StoredParts:
    """The parts of a result on disk. Pickled it is a path, and each part that is asked for is read when it is."""

    folder: Path
    """审核数据."""

    @classmethod
    def store(cls, folder: Path, index: PartsIndex) -> Self:
        """Those of that index, whose files lie there. Raises OutputError."""
        _write_index(folder, index)
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
        """Some of a department's projects, as :func:`workbook_tools.core.result_parts.read_projects`: no others are taken apart."""
        part = self.index.departments[department]
        rows = self._read_rows(part, ("projects",), codes)
        rows["projects"] = rows.get("projects", ())[first:end]
        own = {row.code for row in rows["projects"]}
        return self._validate(rows | self._read_rows(part, ("indicators", "findings"), own))

    def read_range(self, department: str, first: int, stop: int) -> ReviewResult:
        """The projects of these places, as :class:`workbook_tools.core.result_parts.PartsByPlace` has it: what is said of others is not taken apart."""
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
        return self.index.departments[department].codes

    def digest(self, department: str | None = None) -> str:
        """Of what a department has, or all of them and the head: whether it is still the same."""
        if department is not None:
            return self.index.departments[department].digest()
        index = self.index
        return digest_facts(index.head, index.rest.files, {name: one.files for name, one in index.departments.items()})

    def find_digest(self, department: str) -> str:
        """Of what a department has."""
        return self.digest(department)

    def find_whole_digest(self) -> str:
        """Of all that there is."""
        return self.digest()

    def spell(self, earlier: EarlierRows | None = None, spelt: SpeltRows | None = None) -> Iterator[bytes]:
        """审核结果.json of all parts, in blocks: what belongs to none, then department by department. Rows that stand in an
        ``earlier`` one are copied from there; ``spelt`` hears what stands where."""
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
        """They are of the 审核结果.json with this digest (SHA-256), which is written by now. Raises OutputError."""
        self.__dict__["index"] = index = self.index.model_copy(update={"result": digest})
        _write_index(self.folder, index)

    def _read(self, part: PartEntry, fields: Collection[str] = KINDS) -> ReviewResult:
        return self._validate(self._read_rows(part, fields))

    def _read_rows(
        self, part: PartEntry, fields: Collection[str], codes: Collection[str] | None = None
    ) -> dict[str, tuple[Any, ...]]:
        """The rows of these kinds, of these projects or of all."""
        return {field: tuple(self._list_kept(part, field, codes)) for field in fields if part.find_file(field)}

    def _list_kept(self, part: PartEntry, field: str, codes: Collection[str] | None) -> Iterator[Any]:
        """One by one: as they stand in the file they would take as much memory again."""
        lines = self._list_lines(part, field)
        if codes is not None:
            lines = keep_own_lines(lines, _CODES[field], codes)
        for number, line in enumerate(lines):
            row = self._read_row(field, number, line)
            if codes is None or getattr(row, _CODES[field]) in codes:
                yield row

    def _list_lines(self, part: PartEntry, field: str) -> Iterator[bytes]:
        """The rows of a kind, as they were written, line by line; none where there are none."""
        with self._open_rows(part, field) as stream:
            yield from list_lines(stream)

    @contextmanager
    def _open_rows(self, part: PartEntry, field: str) -> Iterator[BinaryIO]:
        """The file of a kind of rows, as it was written; an empty one where there are none."""
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
    """Where each line begins, and the numbers of those that name a project: of a large department the lines themselves would take much."""
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


def read_index(folder: Path) -> PartsIndex | None:
    """The index of the parts in 审核数据; nothing where there is none, or none that this program understands."""
    try:
        index = PartsIndex.model_validate_json((folder / INDEX).read_bytes())
    except (OSError, ValueError):
        return None
    is_known = index.version == _VERSION and index.head.get("schema_version") == REVIEW_SCHEMA_VERSION
    return index if is_known else None


def name_departments(departments: Iterable[str]) -> dict[str, str]:
    """Of each department the name that its files and folders have: one that every system takes, and no other has."""
    names: dict[str, str] = {}
    for department in departments:
        name = department_folder(Path(), department or NO_DEPARTMENT).name
        taken = name in names.values()  # one calls itself what a blank is called
        names[department] = name + short_mark(department) if taken else name
    return names


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


def name_rows(field: str, name: str | None) -> str:
    """The file of a kind of rows, from 审核数据: of the department that goes by that name, or of none."""
    kind = KINDS[field]
    return str(PurePosixPath(kind, _DEPARTMENT + (name or _NO_PART), f"{kind}.jsonl"))


def write_parts(parts: ResultParts, data: Path) -> StoredParts:
    """Write 审核数据 beside an 审核结果.json of the same result, which is there. Raises OutputError."""
    writer = PartsWriter(data.with_name(DATA_FOLDER), parts.sizes)
    writer.write_rest(parts.read_rest())
    for department in parts.sizes:
        writer.write(department, parts.read(department))
    stored = writer.finish(parts.head)
    stored.bind(digest_readable(data))
    return stored


def _write_index(folder: Path, index: PartsIndex) -> None:
    replace_file(folder / INDEX, index.model_dump_json(indent=1).encode() + b"\n")


def _dump(head: ReviewResult) -> dict[str, Any]:
    return head.model_dump(mode="json", exclude={*KINDS})


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Only files as these are called; what else somebody keeps there stays."""
    for kind in KINDS.values():
        for path in (folder / kind).glob(f"{_DEPARTMENT}*/{kind}.jsonl"):
            if path.relative_to(folder).as_posix() not in kept:
                with suppress(OSError):  # an empty file at worst, which no index names
                    path.unlink()
                    path.parent.rmdir()


def describe_index() -> dict[str, Any]:
    """The JSON Schema of 索引.json."""
    from workbook_tools.core.described_schema import describe_model  # no command asks

    return describe_model(PartsIndex, "serialization") | {"title": "审核数据索引"}
