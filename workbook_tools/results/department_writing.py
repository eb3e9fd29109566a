"""A large result on disk: its parts, 审核结果.json, a workbook for each department, and 审核结果.xlsx over all. One department is in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import NO_ROWS, ResultParts
from workbook_tools.core.review_result import Judgement, MissingRow, ReviewResult, Ruling
from workbook_tools.files.atomic import Content
from workbook_tools.files.earlier import (
    DrawBatches,
    DrawnBatch,
    DrawnOutput,
    EarlierOutputs,
    ListBatch,
    Output,
    OutputBatch,
    draw_here,
)
from workbook_tools.files.paths import is_saved_by_hand, keep_aside, replace_results
from workbook_tools.results.department_books import DepartmentVolume, draw_volume, list_department_books, plan_volumes
from workbook_tools.results.department_overview import DepartmentEntry, ResultOverview, count_department
from workbook_tools.results.names import DATA_FOLDER
from workbook_tools.results.stored_parts import PartsWriter, StoredParts, name_departments
from workbook_tools.results.tables import OutputLinks
from workbook_tools.results.typed_cells import JudgedResult, TypedCells, judge, list_codes


@dataclass(frozen=True)
class WrittenParts:
    """What was written."""

    parts: StoredParts
    findings: Sequence[Finding]
    """What is wrong with what finance has typed."""
    moved: Mapping[Path, Path]
    """Workbooks that somebody had saved by hand, and where they are now."""
    unchanged: bool


@dataclass(frozen=True, slots=True)
class PlannedBook:
    """A workbook that is to be there, with what is typed in it."""

    volume: DepartmentVolume
    judgements: Sequence[Judgement]
    rulings: Sequence[Ruling]
    links: Sequence[str]


def write_by_department(
    parts: ResultParts, typed: TypedCells, data: Path, inbox: Path | None, outputs: EarlierOutputs, most: int,
    draw_all: DrawBatches = draw_here,
) -> WrittenParts:  # fmt: skip
    """Write a result with what is typed in force: all files or none, but for 审核数据, which belongs to none until all are written.

    ``most`` is how many projects stand in one workbook. What stands as it would be written is left; ``draw_all`` may draw the departments'
    workbooks in other processes, which read their parts. Raises OutputError.
    """
    folder, overview = data.parent, data.with_suffix(".xlsx")
    writer = PartsWriter(folder / DATA_FOLDER, parts.sizes)
    names = name_departments(parts.sizes)
    unknown, findings = typed.codes, [*typed.findings]
    books: list[PlannedBook] = []
    entries: list[DepartmentEntry] = []
    missing: list[MissingRow] = []
    for number, department in enumerate(parts.sizes, 1):
        part = parts.read(department)
        unknown -= list_codes(part)
        volumes = plan_volumes(part, department, names[department], folder, most)
        judged = [_judge_volume(volume, part, typed) for volume in volumes]
        whole = _join([one.result for one in judged])
        writer.write(department, whole)
        entries.append(count_department(whole, department, volumes, number))
        missing += whole.missing
        findings += [row for one in judged for row in one.findings]
        books += [_keep_typed(volume, one, inbox) for volume, one in zip(volumes, judged, strict=True)]
    rest = judge(parts.read_rest(), typed.narrow(unknown).move_to(overview.name, parts.head))
    findings += rest.findings
    writer.write_rest(rest.result)
    stored = writer.finish(parts.head)
    whole_book = ResultOverview(rest, entries, missing)
    links = OutputLinks(folder, inbox).list_links(rest.result)
    made_from = {
        data: stored.digest(),
        **{book.volume.path: _digest_book(book, stored) for book in books},
        overview: digest_facts(whole_book, links, [book.volume.path.name for book in books]),
    }
    changed = [path for path, made in made_from.items() if not outputs.stands(path, made)]
    drawn = _DrawnBooks([book for book in books if book.volume.path in changed], stored, inbox, draw_all)
    contents: dict[Path, Callable[[], Content]] = {
        data: stored.spell,
        **{book.volume.path: partial(drawn.take, book.volume.path) for book in books},
        overview: partial(_draw_overview, whole_book, folder, inbox),
    }
    moved = _write({path: contents[path] for path in changed}, data, made_from, outputs)
    others = set(list_department_books(folder)) - made_from.keys()
    moved = {**moved, **remove_books(others)}
    stored.bind(data)
    return WrittenParts(stored, findings, moved, unchanged=not changed and not others)


def remove_books(paths: Iterable[Path]) -> dict[Path, Path]:
    """Remove workbooks of departments that have none any more; what somebody has saved by hand keeps a second name.

    One that cannot be removed now (it is open) is removed the next time. Raises OutputError where it cannot be kept.
    """
    moved: dict[Path, Path] = {}
    for path in sorted(paths):
        if is_saved_by_hand(path):
            moved[path] = keep_aside(path)
        with suppress(OSError):
            path.unlink()
            path.parent.rmdir()
    return moved


def _judge_volume(volume: DepartmentVolume, part: ReviewResult, typed: TypedCells) -> JudgedResult:
    content = volume.take(part)
    return judge(content, typed.narrow(list_codes(content)).move_to(volume.path.name, content))


def _join(volumes: Sequence[ReviewResult]) -> ReviewResult:
    if len(volumes) == 1:
        return volumes[0]
    rows = {field: tuple(row for one in volumes for row in getattr(one, field)) for field in NO_ROWS}
    return volumes[0].model_copy(update=rows)


def _keep_typed(volume: DepartmentVolume, judged: JudgedResult, inbox: Path | None) -> PlannedBook:
    links = OutputLinks(volume.path.parent, inbox).list_links(judged.result)
    return PlannedBook(volume, judged.judgements, judged.rulings, links)


def _digest_book(book: PlannedBook, parts: StoredParts) -> str:
    head, volume = parts.head, book.volume
    same_for_all = (head.authority, head.year, head.scheme, head.schemes)
    place = (volume.name, volume.path.name, volume.first, volume.stop)
    return digest_facts(parts.digest(volume.department), same_for_all, place, book.links, book.judgements, book.rulings)


class _DrawnBooks:
    """The workbooks as they are drawn, in whatever order; each is handed over when it is asked for."""

    def __init__(
        self, books: Sequence[PlannedBook], parts: StoredParts, inbox: Path | None, draw_all: DrawBatches
    ) -> None:
        batches = [partial(_list_book, book, parts, inbox) for book in books]
        draw = draw_all if len(books) > 1 else draw_here
        self._coming = iter(draw(_draw_batch, batches))
        self._there: dict[Path, bytes] = {}

    def take(self, path: Path) -> Iterator[bytes]:
        """The content of a workbook, which is asked for once."""
        while path not in self._there:
            for output in next(self._coming).outputs:
                self._there[output.path] = output.data or b""
        yield self._there.pop(path)


def _list_book(book: PlannedBook, parts: StoredParts, inbox: Path | None) -> OutputBatch:
    draw = partial(draw_volume, parts, book.volume, inbox, book.judgements, book.rulings)
    return OutputBatch([Output(book.volume.path, (), draw)])


def _draw_batch(list_batch: ListBatch) -> DrawnBatch:
    """In whatever process."""
    return DrawnBatch([DrawnOutput(one.path, "", one.draw()) for one in list_batch().outputs], None)


def _draw_overview(overview: ResultOverview, folder: Path, inbox: Path | None) -> Iterator[bytes]:
    yield overview.draw(folder, inbox)


def _write(
    contents: Mapping[Path, Callable[[], Content]], data: Path, made_from: Mapping[Path, str], outputs: EarlierOutputs
) -> dict[Path, Path]:
    """Write these files, all or none, in this order; gives what was moved aside.

    The .json comes first, as beside a single workbook: after a crash the workbooks are older, and still hold what was typed.
    """
    if not contents:
        return {}
    moved = replace_results(
        {path: draw() for path, draw in contents.items()}, [path for path in contents if path != data]
    )
    for path in contents:
        if path == data or not is_saved_by_hand(path):  # somebody may have saved it this moment
            outputs.note_as_it_lies(path, made_from[path])
    return moved
