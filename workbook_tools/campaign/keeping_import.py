"""What an import leaves in the working folder: the list, the doubts to answer, and the memory of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign.answering import TakenAnswers, take_answers, write_doubts
from workbook_tools.campaign.defaults import choose_scheme, read_list
from workbook_tools.campaign.exchanging import import_tables
from workbook_tools.campaign.folder import LIST_FILE, Campaign
from workbook_tools.campaign.form_reading import choose_importing
from workbook_tools.campaign.importing import (
    LIST_NAME,
    OLD_FORMS,
    ImportedForms,
    draw_list,
    draw_listed,
    find_forms,
    for_next_year,
    import_forms,
    list_files,
    write_list,
)
from workbook_tools.campaign.kept_readings import ImportMemory, read_memory, write_memory
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.faces import Watch
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.files.paths import keep_aside
from workbook_tools.files.sources import Prepare, SourceFile
from workbook_tools.legacy.importing import Importing


@dataclass(frozen=True, slots=True)
class KeptImport:
    """What was written."""

    listed: tuple[Project, ...]
    files: tuple[Path, ...]
    """Of the list; none where no form was found."""
    doubts: int
    """So many can be answered."""
    doubts_aside: Path | None
    """Where a 导入疑问.xlsx lies now that was filled in wrongly."""


def choose_target(campaign: Campaign | None, out: Path | None, taken: TakenAnswers, *, allow_existing: bool) -> Path:
    """Where the list goes. Raises SettingsError where something else stands there."""
    target = out or (campaign.root if campaign else Path.cwd()) / LIST_NAME
    existing = [] if allow_existing else taken.find_obstacles(list_files(target))
    if existing:
        raise SettingsError(f"{existing[0]} 已经存在，没有覆盖。请用 --out 换一个名字，或加 --overwrite。")
    return target


def keep_import(
    campaign: Campaign | None,
    places: Iterable[Path],
    done: ImportedForms,
    target: Path,
    importing: Importing,
    taken: TakenAnswers,
    *,
    next_year: bool,
) -> KeptImport:
    """Write doubts and memory, and the list last: where there is one, all is done. Outside a working folder the list alone.

    Raises OutputError, SettingsError (``target`` has another ending than a list).
    """
    listed = tuple(for_next_year(project) if next_year else project for project in done.projects)
    files = draw_list(listed, target, importing, campaign) if listed else {}
    asked, aside = [*done.doubts.asked.values()], None
    if campaign is not None:
        aside = write_doubts(campaign, asked, taken)
        own = {path.name: data for path, data in files.items() if path.parent.resolve() == campaign.root.resolve()}
        named = tuple(_name_place(campaign, place) for place in places)
        memory = replace(taken.memory, places=named, answered=taken.memory.answered and not files)
        write_memory(campaign, memory.with_lists(own))
    if files:
        write_list(files)
    return KeptImport(listed, tuple(files), len(asked), aside)


def _name_place(campaign: Campaign, place: Path) -> str:
    root, there = campaign.root.resolve(), place.resolve()
    return there.relative_to(root).as_posix() if there.is_relative_to(root) else str(there)


# -- the working folder's own list --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImportedList:
    """What became of an import into the working folder's list."""

    taken: TakenAnswers
    done: ImportedForms
    findings: tuple[Finding, ...]
    """Of files that were passed over, and of those that were read."""
    kept: KeptImport
    asides: tuple[Path, ...]
    """Where the list lies now that stood there before."""


def list_old_forms(campaign: Campaign) -> list[SourceFile]:
    """The forms of the last import that are still there, and those in 旧表, each once. Raises SettingsError: the memory cannot be read."""
    places = [campaign.root / place for place in read_memory(campaign).places]
    forms = {
        (source.path, source.inside): source
        for place in (*places, campaign.root / OLD_FORMS)
        if place.exists()
        for source in find_forms([place])[0]
    }
    return [*forms.values()]


def import_list(
    campaign: Campaign,
    now: datetime,
    *,
    next_year: bool,
    places: Sequence[Path] = (),
    prepare: Prepare | None = None,
    watch: Watch | None = None,
) -> ImportedList:
    """Make 项目清单.xlsx (with the .json beside it) of forms, as ``wbt import 旧表 --out 项目清单.xlsx --overwrite`` does; the list that stood there gets a second name.
    Where departments' lists lie in the folder 项目清单 it stands beside them, and all are one list. ``places`` are files and folders, by default 旧表.

    Raises SettingsError (there is no such place, something cannot be read), SchemeError, OutputError.
    """
    places, target = places or [campaign.root / OLD_FORMS], campaign.root / LIST_FILE
    sources, passed_over = find_forms(places)
    taken = take_answers(campaign, now)
    importing = choose_importing(campaign)
    done = import_forms(prepare(sources) if prepare else sources, importing, watch=watch)
    asides = _put_aside(campaign, list_files(target), taken.memory) if done.projects else ()
    kept = keep_import(campaign, places, done, target, importing, taken, next_year=next_year)
    return ImportedList(taken, done, (*passed_over, *done.findings), kept, asides)


@dataclass(frozen=True, slots=True)
class ImportedTables:
    """What became of another system's tables that were read into the working folder's list."""

    listed: ProjectList
    faults: tuple[str, ...]
    files: tuple[Path, ...]
    """Of the list; none where there was no project in them."""
    asides: tuple[Path, ...]
    """Where the list lies now that stood there before."""


def import_exchange(campaign: Campaign, path: Path, name: str) -> ImportedTables:
    """Make 项目清单.xlsx of another system's tables, as ``wbt import FILE --from NAME --out 项目清单.xlsx --overwrite`` does; the list that stood there
    gets a second name. Raises SettingsError, SchemeError, OutputError.
    """
    listed, read = import_tables(campaign, path, name, 0, "")
    if not listed.projects:
        return ImportedTables(listed, tuple(read.faults), (), ())
    files = draw_listed(listed, campaign.root / LIST_FILE, choose_scheme(campaign, listed.scheme))
    other = [path for path, data in files.items() if path.is_file() and path.read_bytes() != data]
    asides = _put_aside(campaign, other, read_memory(campaign))
    write_list(files)
    return ImportedTables(listed, tuple(read.faults), tuple(files), asides)


def _put_aside(campaign: Campaign, paths: Sequence[Path], memory: ImportMemory) -> tuple[Path, ...]:
    """Copies of the lists that are not just what an import has written, and hold projects."""
    standing = [path for path in paths if path.is_file() and not memory.wrote(path)]
    return tuple(keep_aside(path) for path in standing if read_list(campaign, path, 0, "")[0].projects)
