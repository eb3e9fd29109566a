"""Project lists that another process reads, and hands back packed: this one has other things to do meanwhile, and never holds what a list is made of.

A list that cannot be handed back, or takes too much, is read as by :func:`workbook_tools.review.weighing.read_projects`, which says why.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.core.names import Aliases
from workbook_tools.files.paths import LIST_ENDINGS
from workbook_tools.files.stored_projects import ListedProjects, StoredProjects, pack_projects
from workbook_tools.projects.kept_lists import KeptLists
from workbook_tools.review.budget import allow_more
from workbook_tools.review.hands import READING, LostItem
from workbook_tools.review.weighing import ReadProjects, read_projects
from workbook_tools.rules.scheme import Scheme

if TYPE_CHECKING:
    from workbook_tools.projects import list_folder
    from workbook_tools.projects import reading as lists
    from workbook_tools.projects.rows import Listing, Notes
else:  # a list that is known is not read
    list_folder = LateModule("workbook_tools.projects.list_folder")
    lists = LateModule("workbook_tools.projects.reading")

_LIMITS = replace(READING, ahead=1)
"""What comes of a list may be large: no more of them are under way than that nobody waits."""
_SAMPLE = 24
"""Projects that show what those of a list are like."""
_rows: dict[Path, tuple[Listing | None, Notes]] = {}
"""Of the list of which this process has given a sample, and which it will be asked for next."""
_REST_SECONDS = 120
"""More than a file may take: its rows were read within that, and what else is done with them takes as long as there are rows."""


@dataclass(frozen=True, slots=True)
class ListSample:
    """What is known of a list while it is still read."""

    count: int
    """So many rows of projects it has."""
    first: Sequence[Project]
    """The first projects, as they will be if nothing further down speaks against them."""


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What is done here while lists are read."""

    load: Callable[[], object]
    """At once."""
    learn: Callable[[ListSample], object]
    """When something is known of a list that is the only one."""


@dataclass(frozen=True, slots=True)
class _HandedList:
    """A list as it comes from the process that read it."""

    listed: ListedProjects
    findings: list[Finding]
    schemes: frozenset[str]
    """Those that its projects name."""


@dataclass(frozen=True, slots=True)
class ListTerms:
    """How lists are read: all that it depends on but for the lists. It is sent to the processes that read them."""

    year: int
    default_scheme: Scheme
    load: lists.LoadScheme
    aliases: Aliases

    def read_sample(self, path: Path) -> ListSample:
        """The first projects of a list. Raises WithheldFile."""
        _rows[path] = listing, notes = lists.read_listing(path)
        if listing is None:
            return ListSample(0, ())
        some = listing.projects[:_SAMPLE]
        owners = {row.owner for row in some}
        first = replace(listing, projects=some, indicators=[row for row in listing.indicators if row.owner in owners])
        return ListSample(len(listing.projects), self._judge(first, type(notes)(path.name))[0].projects)

    def read(self, path: Path) -> _HandedList:
        """All of it. Raises WithheldFile."""
        if rows := _rows.pop(path, None):
            allow_more(_REST_SECONDS)
        new, findings = self._judge(*(rows or lists.read_listing(path)))
        packed = pack_projects(new.projects)
        projects = StoredProjects.restore(*packed) if packed else StoredProjects(new.projects)
        listed = ListedProjects(new.year, new.authority, new.scheme, projects)
        return _HandedList(listed, findings, frozenset(project.scheme for project in new.projects))

    def _judge(self, listing: Listing | None, notes: Notes) -> tuple[ProjectList, list[Finding]]:
        return lists.judge_listing(
            listing, notes, year=self.year, default_scheme=self.default_scheme, load=self.load, aliases=self.aliases
        )

    def read_here(self, path: Path, kept: KeptLists | None) -> ReadProjects:
        """It, after another process has looked at it. Raises WithheldFile."""
        return read_projects(
            path, year=self.year, default_scheme=self.default_scheme, load=self.load, aliases=self.aliases, kept=kept, keep=True
        )  # fmt: skip


def read_lists(path: Path, terms: ListTerms, kept: KeptLists | None, meanwhile: Meanwhile) -> ReadProjects:
    """A list, or those of a folder, as :func:`workbook_tools.review.weighing.read_projects`; what is read now is ``kept``.

    Unless all of them are known, other things are done here ``meanwhile``.
    """
    files = list_folder.list_lists(path) if path.is_dir() else [path]
    known = {file: found for file in files if kept and (found := kept.find(file))}
    unknown = [file for file in files if file not in known and file.suffix.lower() in LIST_ENDINGS]
    with closing(_hand_over(unknown, terms, kept, meanwhile)) as handed:

        def read(file: Path) -> ReadProjects:
            if file in known:
                return known.pop(file)
            # the folder is looked into once more by now: a list may have come, or be gone
            given = next((found for other, found in handed if other == file), None) if file in unknown else None
            return given or terms.read_here(file, kept)

        return list_folder.read_list_folder(path, terms.year, read) if path.is_dir() else read(path)


def _hand_over(
    files: Sequence[Path], terms: ListTerms, kept: KeptLists | None, meanwhile: Meanwhile
) -> Generator[tuple[Path, ReadProjects | None], None, None]:
    """Each with what other processes read of it; ``None`` where it is to be read here. A single list is asked for twice: the process that gives a sample
    of it still has its rows when it is asked for all."""
    if not files:
        return
    from workbook_tools.review.workers import on_all_cores  # takes long to load

    wanted = [_Wanted(file) for file in files]
    if len(files) == 1:
        wanted.insert(0, _Wanted(files[0], is_sample=True))
    made_from: dict[Path, str] = {}

    def ask() -> Iterator[list[_Wanted]]:
        for number, one in enumerate(wanted):
            if one.path not in made_from:
                made_from[one.path] = kept.look_at(one.path) if kept and one.path.is_file() else ""
            yield [one]
            if number == 0:
                meanwhile.load()

    cores = min(os.cpu_count() or 1, len(files))
    with closing(on_all_cores(ask(), partial(_read_each, terms=terms), _give_up, cores, _LIMITS)) as done:
        for one, [handed] in zip(wanted, done, strict=False):
            if isinstance(handed, ListSample):
                meanwhile.learn(handed)
            elif isinstance(handed, _HandedList):
                if kept and made_from[one.path]:
                    kept.keep(one.path, made_from[one.path], handed.listed, handed.findings, handed.schemes)
                yield one.path, (handed.listed, handed.findings)
            elif one.is_sample:  # it would bring down whoever reads all of it, too
                return
            else:
                yield one.path, None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for of a list."""

    path: Path
    is_sample: bool = False


def _read_each(items: Iterable[_Wanted], terms: ListTerms) -> list[ListSample | _HandedList | None]:
    """In the other process."""
    return [_read(item, terms) for item in items]


def _read(item: _Wanted, terms: ListTerms) -> ListSample | _HandedList | None:
    try:
        return terms.read_sample(item.path) if item.is_sample else terms.read(item.path)
    except MemoryError:  # it is read again by itself
        raise
    except Exception:  # told by who reads it here
        return None


def _give_up(_: _Wanted, _lost: LostItem) -> None:
    return None
