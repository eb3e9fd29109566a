"""Project lists read by another process, which hands the projects back packed: this process does other things meanwhile, and never holds the raw rows.

A list that cannot be handed back, or exceeds its budget, is read by :func:`workbook_tools.review.guarded_reading.read_projects`, which reports why.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.model import Project
from workbook_tools.core.names import Aliases
from workbook_tools.files.paths import LIST_ENDINGS
from workbook_tools.files.stored_projects import ListedProjects
from workbook_tools.projects.kept_lists import KeptLists, PackedFindings, ReadList
from workbook_tools.review.batch_work import READING, LostItem
from workbook_tools.review.budget import allow_more
from workbook_tools.review.guarded_reading import ReadProjects, read_projects
from workbook_tools.rules.scheme import Scheme

if TYPE_CHECKING:
    from workbook_tools.projects import known_projects, list_folder
    from workbook_tools.projects import reading as lists
    from workbook_tools.projects.judging import LoadScheme
    from workbook_tools.projects.known_projects import EarlierProject
    from workbook_tools.projects.rows import Listing, Notes
else:  # a list that is known is not read
    known_projects = LateModule("workbook_tools.projects.known_projects")
    list_folder = LateModule("workbook_tools.projects.list_folder")
    lists = LateModule("workbook_tools.projects.reading")

_LIMITS = replace(READING, ahead=1)
"""The projects of a list may take much memory, so only one batch is under way ahead of each process."""
_SAMPLE = 24
"""So many projects of a list are a sample of the others."""
_NONE_KNOWN: Mapping[str, EarlierProject] = {}
_rows: dict[Path, tuple[Listing | None, Notes]] = {}
"""The rows of the list of which this process has just given a sample; it will be asked for all of it next."""
_SHORT = 8_000_000
"""A JSON list of up to so many bytes can be read here: none of that length takes much."""
_REST_SECONDS = 120
"""More than a file may take: reading its rows is within that budget, but judging them takes time by their number."""


@dataclass(frozen=True, slots=True)
class ListSample:
    """What is known of a list while it is still being read."""

    count: int
    """How many rows of projects it has."""
    first: Sequence[Project]
    """The first projects, as they will be unless later rows contradict them."""


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What is done here while lists are read."""

    load: Callable[[], object]
    """Called at once."""
    learn: Callable[[ListSample], Iterator[object]]
    """Called with the sample, if there is only one list; its steps are taken until the list has been read."""


@dataclass(frozen=True, slots=True)
class ListTerms:
    """All that reading a list depends on, except the list itself. It is sent to the processes that read."""

    year: int
    default_scheme: Scheme
    load: LoadScheme
    aliases: Aliases

    def read_sample(self, path: Path) -> ListSample:
        """The first projects of a list. Raises WithheldFile."""
        _rows[path] = listing, notes = lists.read_listing(path, _NONE_KNOWN)
        if listing is None:
            return ListSample(0, ())
        some = listing.projects[:_SAMPLE]
        owners = {row.owner for row in some}
        first = replace(
            listing, projects=some, keys=[], indicators=[row for row in listing.indicators if row.owner in owners]
        )
        judged = self._judge(first, type(notes)(path.name))
        return ListSample(len(listing.projects), tuple(one.project for one in judged.projects))

    def read(self, path: Path, known: Mapping[str, EarlierProject]) -> ReadList:
        """The whole list; projects that are ``known`` are not judged again. Raises WithheldFile."""
        if rows := _rows.pop(path, None):
            allow_more(_REST_SECONDS)
        judged = self._judge(*(rows or lists.read_listing(path, known)), known)
        schemes = frozenset(one.project.scheme for one in judged.projects if one.key not in known)
        projects = known_projects.pack_all(judged.projects)
        listed = ListedProjects(judged.year, judged.authority, judged.scheme, projects)
        findings = PackedFindings.pack(judged.findings)
        return ReadList(listed, findings, schemes, known_projects.pack_judgements(judged.projects))

    def _judge(
        self, listing: Listing | None, notes: Notes, known: Mapping[str, EarlierProject] = _NONE_KNOWN
    ) -> lists.JudgedList:
        return lists.judge_listing(
            listing,
            notes,
            year=self.year,
            default_scheme=self.default_scheme,
            load=self.load,
            aliases=self.aliases,
            known=known,
        )

    def read_here(self, path: Path, kept: KeptLists | None, *, keep: bool = True) -> ReadProjects:
        """A list, or a folder of them, in this process; ``keep`` what is read now. Raises SettingsError where there is none, WithheldFile."""
        return read_projects(
            path,
            year=self.year,
            default_scheme=self.default_scheme,
            load=self.load,
            aliases=self.aliases,
            kept=kept,
            keep=keep,
        )


def read_lists(path: Path, terms: ListTerms, kept: KeptLists | None, meanwhile: Meanwhile) -> ReadProjects:
    """A list, or those of a folder, as :func:`workbook_tools.review.guarded_reading.read_projects`; what is read now is ``kept``.

    Unless all of them are known, other things are done here ``meanwhile``.
    """
    files = list_folder.list_lists(path) if path.is_dir() else [path]
    known = {file: found for file in files if kept and (found := kept.find(file))}
    changed = [file for file in files if file not in known and file.suffix.lower() in LIST_ENDINGS]
    known |= {file: new for file in changed if kept and (new := _read_changed(file, terms, kept))}
    unknown = [file for file in changed if file not in known]
    with closing(_hand_over(unknown, terms, kept, meanwhile)) as handed:

        def read(file: Path) -> ReadProjects:
            if file in known:
                return known.pop(file)
            # the folder is listed again by now: a list may have come or gone
            given = next((found for other, found in handed if other == file), None) if file in unknown else None
            return given or terms.read_here(file, kept)

        return list_folder.read_list_folder(path, terms.year, read) if path.is_dir() else read(path)


def _read_changed(file: Path, terms: ListTerms, kept: KeptLists) -> ReadProjects | None:
    """A short JSON list of which most projects are known: reading it here is cheaper than another process. ``None`` if it is to be read there."""
    try:
        if file.suffix.lower() != ".json" or file.stat().st_size > _SHORT or not (known := kept.find_known(file)):
            return None
        made_from = kept.look_at(file)
    except OSError:  # reported by its reader
        return None
    read = _read(_Wanted(file, known=known), terms)
    return _keep(file, made_from, read, kept) if isinstance(read, ReadList) else None


def _keep(file: Path, made_from: str, read: ReadList, kept: KeptLists | None) -> ReadProjects:
    if kept and made_from:
        kept.keep(file, made_from, read)
    return read.listed, read.findings.restore()


def _hand_over(
    files: Sequence[Path], terms: ListTerms, kept: KeptLists | None, meanwhile: Meanwhile
) -> Generator[tuple[Path, ReadProjects | None], None, None]:
    """Each list with what another process read of it; ``None`` if it has to be read here. A single list is asked for twice, first for a
    sample: the process still has its rows when it is asked for all."""
    if not files:
        return
    from workbook_tools.review.workers import on_all_cores  # takes long to load

    wanted = [_Wanted(file, known=kept.find_known(file) if kept else {}) for file in files]
    if len(files) == 1 and not wanted[0].known:
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
    steps: Iterator[object] = iter(())

    def learn() -> bool:
        return any(True for _ in islice(steps, 1))

    work = partial(_read_each, terms=terms)
    with closing(on_all_cores(ask(), work, _give_up, cores, _LIMITS, beside=learn)) as done:
        for one, [handed] in zip(wanted, done, strict=False):
            if isinstance(handed, ListSample):
                steps = meanwhile.learn(handed)
            elif isinstance(handed, ReadList):
                yield one.path, _keep(one.path, made_from[one.path], handed, kept)
            elif one.is_sample:  # reading all of it would fail, too
                return
            else:
                yield one.path, None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A request for a list, or for a sample of it."""

    path: Path
    is_sample: bool = False
    known: Mapping[str, EarlierProject] = field(default_factory=dict)
    """Its projects that were read before."""


def _read_each(items: Iterable[_Wanted], terms: ListTerms) -> list[ListSample | ReadList | None]:
    """In the other process."""
    return [_read(item, terms) for item in items]


def _read(item: _Wanted, terms: ListTerms) -> ListSample | ReadList | None:
    try:
        return terms.read_sample(item.path) if item.is_sample else terms.read(item.path, item.known)
    except MemoryError:  # it is read again by itself
        raise
    except Exception:  # reported when it is read here
        return None


def _give_up(_: _Wanted, _lost: LostItem) -> None:
    return None
