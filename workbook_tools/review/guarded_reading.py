"""Reads files from outside in this process (a list, a form, 审核结果.xlsx), after another process has read each on trial.

What a reader makes of a file cannot always be sent from one process to another, and need not be: a file that was read there within
the budget of a file can be read here. One that exceeds the budget or crashes its reader is never opened here.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbook_tools.core.errors import UnreadableWorkbook, WorkbookToolsError
from workbook_tools.core.faces import AnyPath, LateModule
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.names import NO_ALIASES, Aliases
from workbook_tools.files.memory import give_back_memory
from workbook_tools.files.package import MAX_BYTES
from workbook_tools.files.sources import SourceFile
from workbook_tools.files.stored_projects import ListedProjects
from workbook_tools.projects.kept_lists import KeptLists, PackedFindings, ReadList
from workbook_tools.review.batch_work import READING, LostItem
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme

if TYPE_CHECKING:
    from workbook_tools.excel import long_tables, reading
    from workbook_tools.projects import list_folder
    from workbook_tools.projects import reading as lists
    from workbook_tools.projects.judging import LoadScheme
    from workbook_tools.workbooks.reading import Keys, Reading, Versions
else:  # a list that is known is not read
    long_tables, reading = LateModule("workbook_tools.excel.long_tables"), LateModule("workbook_tools.excel.reading")
    list_folder, lists = (
        LateModule("workbook_tools.projects.list_folder"),
        LateModule("workbook_tools.projects.reading"),
    )

Item = TypeVar("Item", Path, SourceFile)
log = logging.getLogger(__name__)
_BATCH = 20
_MANY = 2_000
"""Lists of so many projects leave some forty megabytes of free memory behind, which is then returned to the system."""
_SPLIT = (
    "请按主管部门分成几个清单，放进“项目清单”文件夹，程序一起读；不大的，请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。"
)


def try_reading(read: Callable[[Path], object], path: Path) -> None:
    """Have another process ``read`` a file on trial, within the budget of a file; faults in its content are reported when it is read here.

    Raises UnreadableWorkbook: FILE31 it exceeds the budget, FILE13 it crashes its reader. An unchanged file is tried only once.
    """
    try:
        stat = path.stat()
    except OSError:  # reported when it is read
        return
    _try_once(read, path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _try_once(read: Callable[[Path], object], path: Path, _changed: int, _size: int) -> None:
    for refused in try_reading_all(read, [path]).values():
        raise refused


def try_reading_all(read: Callable[[Item], object], items: Sequence[Item]) -> dict[Item, UnreadableWorkbook]:
    """The files that must not be read in this process, and why. All of them are read on trial in other processes, on all cores."""
    if not items:
        return {}
    from workbook_tools.review.workers import on_all_cores  # takes long to load

    batches = [items[first : first + _BATCH] for first in range(0, len(items), _BATCH)]
    done = on_all_cores(
        batches, partial(_try_each, read=read), _keep_loss, min(os.cpu_count() or 1, len(batches)), READING
    )
    return {
        item: _refuse(item, lost)
        for item, lost in zip(items, chain.from_iterable(done), strict=True)
        if lost is not None
    }


def _try_each(items: Iterable[Item], read: Callable[[Item], object]) -> list[LostItem | None]:
    return [_try(read, item) for item in items]


def _try(read: Callable[[Item], object], item: Item) -> LostItem | None:
    """In the other process."""
    try:
        read(item)
    except WorkbookToolsError:
        return None
    except MemoryError:  # it is read again by itself
        raise
    except Exception:
        return LostItem(said=traceback.format_exc())
    return None


def _keep_loss(_: Item, lost: LostItem) -> LostItem | None:
    return lost


def _refuse(item: Item, lost: LostItem) -> UnreadableWorkbook:
    from workbook_tools.review.losses import explain_loss

    found, fault = explain_loss(item.name, lost)
    if fault:
        log.error("读取 %s 时程序出错\n%s", item.name, fault)
    return UnreadableWorkbook(found.code, found.message)


# -- faces ------------------------------------------------------------------------------------------------------------


def open_guarded(path: Path) -> reading.RawWorkbook:
    """Open a workbook after another process has read all its cells. Raises UnreadableWorkbook like :func:`open_workbook` and :func:`try_reading`."""
    try_reading(_look_at_cells, path)
    return reading.open_workbook(path)


def _look_at_cells(path: Path) -> None:
    book = reading.open_workbook(path)
    for sheet in book.sheets:
        book.rows(sheet)
    _ = (book.names, book.vba_projects())


class TypedBook:
    """A workbook of ours in which somebody has typed: its tables are read one by one, however long they are.

    Read piece by piece, a larger file takes no more memory, and time in proportion to its length, so no trial is needed. Only if a sheet
    is spelled in an unusual way is the workbook read whole, after a trial in another process.
    """

    def __init__(self, path: Path, most: int = MAX_BYTES) -> None:
        """``most``: bytes of the file inflated. Raises UnreadableWorkbook like :func:`open_workbook`."""
        self._path, self._book = path, reading.open_workbook(path, most=most)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The titles of its sheets."""
        return self._book.sheets

    def find_table(self, title: str, wanted: Collection[str]) -> long_tables.FoundTable:
        """The columns of the ``wanted`` headings on a sheet, row by row. Raises UnreadableWorkbook, also while the rows are read."""
        try:
            return long_tables.stream_table(self._book, title, wanted)
        except long_tables.UnusualSpelling:
            return long_tables.read_table(open_guarded(self._path), title, wanted)


def read_submission(workbook: SourceFile | AnyPath, keys: Keys | None = None) -> Reading:
    """Read one filled workbook: a file, or a source that was found in a folder. Raises nothing for bad files: see ``Reading.findings``.

    With ``keys`` (key id → key) its signature is verified; without them a finding says that it was not. A file that takes more than 10
    seconds or 480 MB is not read.
    """
    from workbook_tools.workbooks import reading as workbooks  # not for commands that only have a list looked at

    source = workbook if isinstance(workbook, SourceFile) else SourceFile(Path(workbook), Path(workbook).name)
    for refused in find_unreadable([source]).values():
        return workbooks.Reading(source.name, findings=[finding(refused.code, refused.message, file=source.name)])
    return workbooks.read_submission(source, keys or workbooks.NO_KEYS)


def read_each_submission(sources: Sequence[SourceFile], keys: Keys, versions: Versions) -> Iterator[Reading]:
    """Each file read as a form of these versions, in order; one that exceeds its budget has a finding that says so."""
    from workbook_tools.workbooks import reading as workbooks

    read = partial(workbooks.read_submission, keys=keys, versions=versions)
    refused = try_reading_all(read, sources)
    for source in sources:
        if why := refused.get(source):
            yield workbooks.Reading(source.name, findings=[finding(why.code, why.message, file=source.name)])
        else:
            yield read(source)


def find_unreadable(sources: Sequence[SourceFile]) -> dict[SourceFile, UnreadableWorkbook]:
    """Those filled workbooks that must not be read in this process, and why."""
    from workbook_tools.workbooks.reading import read_submission as read

    return try_reading_all(read, sources)


ReadProjects = tuple[ListedProjects, list[Finding]]
"""The projects of a list and everything that is wrong with it."""


def read_projects(
    path: AnyPath,
    *,
    year: int,
    default_scheme: Scheme | None = None,
    load: LoadScheme = load_scheme,
    aliases: Aliases = NO_ALIASES,
    kept: KeptLists | None = None,
    keep: bool = False,
) -> ReadProjects:
    """The projects of a list and everything that is wrong with it, as :func:`workbook_tools.projects.reading.read_projects` says.

    ``path`` may be a folder of lists, see :func:`workbook_tools.projects.list_folder.read_list_folder`. A list that takes more than 10
    seconds or 480 MB is not read. An unchanged list is taken from what is ``kept``; with ``keep``, what is read now is put there.
    """
    source = Path(path)
    files = list_folder.list_lists(source) if source.is_dir() else [source]
    known = {file: found for file in files if kept and (found := kept.find(file))}
    unknown = [file for file in files if file not in known]
    refused = _try_lists(unknown)

    def read(file: Path) -> ReadProjects:
        if file in known:
            return known.pop(file)
        if file in refused:
            scheme = default_scheme.id if default_scheme else DEFAULT_SCHEME
            found = finding("LIST15", refused[file].message, file=file.name, advice=_SPLIT)
            return ListedProjects(year, scheme=scheme), [found]
        made_from = kept.look_at(file) if kept and keep and file.is_file() else ""
        new, findings = lists.read_projects(file, year=year, default_scheme=default_scheme, load=load, aliases=aliases)
        listed = ListedProjects(new.year, new.authority, new.scheme, new.projects)
        if kept and made_from:
            schemes = {project.scheme for project in new.projects}
            kept.keep(file, made_from, ReadList(listed, PackedFindings.pack(findings), schemes))
        return listed, findings

    found = list_folder.read_list_folder(source, year, read) if source.is_dir() else read(source)
    if unknown and len(found[0].projects) > _MANY:
        give_back_memory()
    return found


def _try_lists(paths: Sequence[Path]) -> dict[Path, UnreadableWorkbook]:
    """The lists that must not be read here, and why."""
    if not paths:
        return {}
    if len(paths) > 1:
        return try_reading_all(lists.read_listing, paths)
    try:
        try_reading(lists.read_listing, paths[0])
    except UnreadableWorkbook as exc:
        return {paths[0]: exc}
    return {}
