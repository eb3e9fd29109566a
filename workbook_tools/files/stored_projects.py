"""Projects held on disk and read one by one: those of a province would take two gigabytes of memory."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from sys import intern
from typing import Protocol, overload

from pydantic_core import PydanticSerializationError

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.model import Project
from workbook_tools.core.packed_sequence import PackedSequence
from workbook_tools.files.packed_records import adapter, is_exact, pack_record, unpack_json, unpack_record
from workbook_tools.files.spooled_bytes import SpooledBytes

_PROJECT = adapter(Project)


class NamedProject(Protocol):
    """What identifies a project in any year."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...


class ListedProject(NamedProject, Protocol):
    """What tells a project apart from others, and whose it is."""

    @property
    def year(self) -> int: ...
    @property
    def department(self) -> str: ...
    @property
    def scheme(self) -> str: ...


@dataclass(frozen=True, slots=True)
class StoredName:
    """A project on disk: its names, and where it lies."""

    year: int
    code: str
    name: str
    unit: str
    department: str
    scheme: str
    start: int
    size: int


_PACKED, _OPENED = 250, 4
"""So many names are packed together, and so many packs stay open."""


_list_facts = attrgetter(*(field.name for field in fields(StoredName)))


def _hold_names(store: SpooledBytes) -> PackedSequence[StoredName, tuple[int, int]]:
    """Names, of which all but the last are in the store too: very many would take most of a process's memory."""

    def lay(names: list[StoredName]) -> tuple[int, int]:
        return store.lay(pickle.dumps([*map(_list_facts, names)], pickle.HIGHEST_PROTOCOL))

    def read(place: tuple[int, int]) -> list[StoredName]:
        return [StoredName(*facts) for facts in pickle.loads(store.read(place))]  # noqa: S301 - put there by this run

    return PackedSequence(lay, read, _PACKED, _OPENED)


class StoredProjects(Sequence[Project]):
    """Projects in the order in which they were added. Each project, and each name, is read when it is asked for."""

    def __init__(self, projects: Iterable[Project] = ()) -> None:
        """Raises OutputError where the disk is full."""
        self._store = SpooledBytes("放不下项目清单")
        self._entries: PackedSequence[StoredName, tuple[int, int]] | list[StoredName] = _hold_names(self._store)
        for project in projects:
            self.add(project)

    def __reduce__(
        self,
    ) -> tuple[Callable[[Iterable[StoredName], bytes], StoredProjects], tuple[list[StoredName], bytes]]:
        """Another process gets them all and stores them for itself."""
        names, start = [], 0
        for entry in self._entries:
            names.append(replace(entry, start=start))
            start += entry.size
        return StoredProjects.restore, (names, b"".join(map(self._read, self._entries)))

    @classmethod
    def restore(cls, names: Iterable[StoredName], data: bytes) -> StoredProjects:
        """What :func:`pack_projects` gave. Raises OutputError where the disk is full."""
        restored = cls()
        restored._append(names, restored._store.lay(data)[0])
        return restored

    def add(self, project: Project) -> None:
        """One more. Raises OutputError where the disk is full."""
        data = pack_record(_PROJECT, project, lasting=False)
        self._append([_name(project, len(data))], self._store.lay(data)[0])

    def extend(self, projects: Sequence[Project]) -> None:
        """More; those that lie on the disk are not read for it. Raises OutputError where the disk is full."""
        if isinstance(projects, StoredProjects):
            for entry in projects._entries:
                self._append([replace(entry, start=0)], self._store.lay(projects._read(entry))[0])
        else:
            for project in projects:
                self.add(project)

    def pack_each(self) -> Iterator[tuple[StoredName, bytes]]:
        """Each with its name, as bytes that outlive this run if the project survives JSON unchanged."""
        for entry in self._entries:
            data = self._read(entry)
            yield entry, data if is_exact(data) else pack_record(_PROJECT, unpack_record(_PROJECT, data))

    def _append(self, entries: Iterable[StoredName], start: int) -> None:
        for entry in entries:
            unit, department, scheme = intern(entry.unit), intern(entry.department), intern(entry.scheme)
            moved = replace(entry, unit=unit, department=department, scheme=scheme, start=start + entry.start)
            self._entries.append(moved)

    def _read(self, entry: StoredName) -> bytes:
        return self._store.read((entry.start, entry.size))

    def _unpack(self, entry: StoredName) -> Project:
        return unpack_project(self._read(entry))

    def digest_each(self) -> list[str]:
        """As :func:`digest_projects`; a project stored as JSON is not parsed for it."""
        return [_digest_data(self._read(entry)) for entry in self._entries]

    @property
    def names(self) -> Sequence[ListedProject]:
        """What they are called, without reading any of them."""
        return self._entries

    def take(self, numbers: Iterable[int]) -> StoredProjects:
        """Some of them, by their places from 0, in this order."""
        chosen = StoredProjects.__new__(StoredProjects)
        chosen._store, chosen._entries = self._store, [self._entries[number] for number in numbers]
        return chosen

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, at: int) -> Project: ...
    @overload
    def __getitem__(self, at: slice) -> StoredProjects: ...
    def __getitem__(self, at: int | slice) -> Project | StoredProjects:
        if isinstance(at, slice):
            return self.take(range(*at.indices(len(self))))
        return self._unpack(self._entries[at])

    def __iter__(self) -> Iterator[Project]:
        return map(self._unpack, self._entries)


def pack_projects(projects: Sequence[Project]) -> tuple[list[StoredName], bytes] | None:
    """All projects as bytes that outlive this run, with their names, for :meth:`StoredProjects.restore`. ``None`` if one does not survive JSON unchanged."""
    return join_packed(projects.pack_each() if isinstance(projects, StoredProjects) else map(pack_project, projects))


def pack_project(project: Project) -> tuple[StoredName, bytes]:
    """A project, for :func:`join_packed`."""
    return _name(project, 0), pack_record(_PROJECT, project)


def unpack_project(data: bytes) -> Project:
    """The project again."""
    project: Project = unpack_record(_PROJECT, data)
    return project


def join_packed(each: Iterable[tuple[StoredName, bytes]]) -> tuple[list[StoredName], bytes] | None:
    """Packed projects, concatenated; ``None`` if one does not outlive this run."""
    names, packed, start = [], [], 0
    for name, data in each:
        if not is_exact(data):
            return None
        names.append(replace(name, start=start, size=len(data)))
        packed.append(data)
        start += len(data)
    return names, b"".join(packed)


def _name(project: Project, size: int) -> StoredName:
    return StoredName(
        project.year, project.code, project.name, project.unit, project.department, project.scheme, 0, size
    )


def list_names(projects: Sequence[Project]) -> Sequence[ListedProject]:
    """What projects are called, in their order, without reading those that lie on the disk."""
    return projects.names if isinstance(projects, StoredProjects) else projects


def take_projects(projects: Sequence[Project], numbers: Iterable[int]) -> Sequence[Project]:
    """Some of them, by their places from 0, in this order; what lies on the disk stays there."""
    if isinstance(projects, StoredProjects):
        return projects.take(numbers)
    return [projects[number] for number in numbers]


def digest_projects(projects: Sequence[Project]) -> list[str]:
    """A digest of each: the same for equal projects, wherever they lie."""
    return projects.digest_each() if isinstance(projects, StoredProjects) else [*map(_digest, projects)]


def _digest_data(data: bytes) -> str:
    if is_exact(data):
        return hashlib.sha256(unpack_json(data)).hexdigest()
    return _digest(unpack_record(_PROJECT, data))


def _digest(project: Project) -> str:
    try:
        return hashlib.sha256(_PROJECT.dump_json(project)).hexdigest()
    except PydanticSerializationError:  # half a surrogate pair
        return digest_facts(project)


@dataclass(frozen=True, slots=True)
class ListedProjects:
    """What a list, or several, have."""

    year: int
    authority: str = ""
    scheme: str = ""
    projects: Sequence[Project] = ()
    """In the order of the list; those of several lists lie on the disk and are read one by one."""
