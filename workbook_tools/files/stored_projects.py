"""Projects that lie on the disk and are read one by one: those of a province would take two gigabytes of memory."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from sys import intern
from tempfile import TemporaryFile
from typing import Protocol, overload
from weakref import finalize

from workbook_tools.core.errors import OutputError, os_reason
from workbook_tools.core.model import Project


class NamedProject(Protocol):
    """What a project of any year is known by."""

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


@dataclass(frozen=True, slots=True)
class _StoredName:
    """A project on the disk: what it is called, and where it begins."""

    year: int
    code: str
    name: str
    unit: str
    department: str
    start: int


class _Store:
    """A file without a name, which goes with the store."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by the finalizer
        self._lock = threading.Lock()
        finalize(self, self._file.close)

    def add(self, project: Project) -> int:
        """Where the project begins. Raises OutputError where the disk is full."""
        with self._lock:
            try:
                start = self._file.seek(0, 2)
                pickle.dump(project, self._file, pickle.HIGHEST_PROTOCOL)
            except OSError as exc:
                raise OutputError(
                    f"放不下项目清单（{os_reason(exc)}）。请看看系统的临时文件夹所在的盘是否已满，清理后再试。"
                ) from None
        return start

    def read(self, start: int) -> Project:
        with self._lock:
            self._file.seek(start)
            project: Project = pickle.load(self._file)  # noqa: S301 - written by this run
        return project


class StoredProjects(Sequence[Project]):
    """In the order in which they were added. Each is read when it is asked for; only names and places are held."""

    def __init__(self, projects: Iterable[Project] = ()) -> None:
        """Raises OutputError where the disk is full."""
        self._store = _Store()
        self._entries: list[_StoredName] = []
        for project in projects:
            self.add(project)

    def add(self, project: Project) -> None:
        """One more. Raises OutputError where the disk is full."""
        start = self._store.add(project)
        self._entries.append(
            _StoredName(
                project.year, project.code, project.name, intern(project.unit), intern(project.department), start
            )
        )

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
        return self._store.read(self._entries[at].start)

    def __iter__(self) -> Iterator[Project]:
        return (self._store.read(entry.start) for entry in self._entries)


def list_names(projects: Sequence[Project]) -> Sequence[ListedProject]:
    """What projects are called, in their order, without reading those that lie on the disk."""
    return projects.names if isinstance(projects, StoredProjects) else projects


def take_projects(projects: Sequence[Project], numbers: Iterable[int]) -> Sequence[Project]:
    """Some of them, by their places from 0, in this order; what lies on the disk stays there."""
    if isinstance(projects, StoredProjects):
        return projects.take(numbers)
    return [projects[number] for number in numbers]


@dataclass(frozen=True, slots=True)
class ListedProjects:
    """What a list, or several, have."""

    year: int
    authority: str = ""
    scheme: str = ""
    projects: Sequence[Project] = ()
    """In the order of the list; those of several lists lie on the disk and are read one by one."""
