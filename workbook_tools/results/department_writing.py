"""A large result on disk: its parts, 审核结果.json, a workbook for each department, and 审核结果.xlsx over all. One department is in memory at a time."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import (
    ResultParts,
    WorkBeside,
    nothing_beside,
)
from workbook_tools.files.atomic import Content
from workbook_tools.files.earlier_outputs import (
    DrawBatches,
    DrawnBatch,
    DrawnOutput,
    EarlierOutputs,
    ListBatch,
    Output,
    OutputBatch,
    draw_here,
)
from workbook_tools.files.file_digests import digest_readable
from workbook_tools.files.handed_over import hold_content
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.paths import is_saved_by_hand, keep_aside, replace_results
from workbook_tools.results.department_books import draw_volume
from workbook_tools.results.department_overview import ResultOverview
from workbook_tools.results.department_parts import DepartmentsWriter, PlannedBook, digest_common
from workbook_tools.results.earlier_rows import EarlierRows, RowPlaces, SpeltRows
from workbook_tools.results.facts import plain_text
from workbook_tools.results.judgement import ReadJudgements
from workbook_tools.results.names import DATA_FOLDER, RESULT_NAME, list_department_books
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.parts_writing import PartsWriter
from workbook_tools.results.rulings import ReadRulings
from workbook_tools.results.stored_parts import StoredParts
from workbook_tools.results.typed_cells import TypedCells, judge
from workbook_tools.results.typed_reading import (
    ReadWorkbook,
    keep_untouched,
)


@dataclass(frozen=True)
class WrittenParts:
    """What was written."""

    parts: StoredParts
    findings: Sequence[Finding]
    """What is wrong with what finance has typed."""
    moved: Mapping[Path, Path]
    """Workbooks that somebody had saved by hand, and where they are now."""
    unchanged: bool


def write_by_department(
    parts: ResultParts,
    typed: TypedCells,
    data: Path,
    inbox: Path | None,
    outputs: EarlierOutputs,
    most: int,
    draw_all: DrawBatches = draw_here,
    records: KeptRecords | None = None,
    write_all: DrawBatches = draw_here,
    beside: WorkBeside = nothing_beside,
) -> WrittenParts:
    """Write a result with what is typed in force: all files or none, but for 审核数据, which belongs to none until all are written.

    ``most`` is how many projects stand in one workbook. What stands as it would be written is left, and not read where ``records`` tell of it;
    ``draw_all`` may draw the departments' workbooks in other processes, which read their parts; ``write_all`` may write these in other processes of this
    computer; a step of ``beside`` is done each time when a workbook is waited for. Raises OutputError.
    """
    folder, overview, known = data.parent, data.with_suffix(".xlsx"), records or KeptRecords()
    earlier = _find_earlier_rows(data, known)
    writer = PartsWriter(folder / DATA_FOLDER, parts.sizes)
    departments = DepartmentsWriter(parts, typed, folder, inbox, most, writer, known)
    written = departments.write_all(write_all)
    books = [book for one in written for book in one.books]
    unknown = typed.codes
    for one in written if unknown else ():
        unknown.difference_update(map(plain_text, one.entry.codes))
    rest = judge(parts.read_rest(), typed.narrow(unknown).move_to(overview.name, parts.head))
    writer.write_rest(rest.result)
    stored = writer.finish(parts.head)
    whole_book = ResultOverview(rest, [one.counted for one in written], [row for one in written for row in one.missing])
    links = OutputLinks(folder, inbox).list_links(rest.result)
    made_from = {
        data: stored.digest(),
        **_digest_books(books, stored),
        overview: digest_facts(whole_book, links, [book.volume.path.name for book in books]),
    }
    digests = {data: earlier.digest}
    changed = [path for path, made in made_from.items() if not outputs.stands(path, made, digests.get(path, ""))]
    planned = [book for book in books if book.volume.path in changed]
    drawn = _DrawnBooks(planned, stored, inbox, draw_all, known, departments.untouched, beside(stored))
    spelt = SpeltRows()
    contents: dict[Path, Callable[[], Content]] = {
        data: partial(stored.spell, earlier, spelt),
        **{book.volume.path: partial(drawn.take, book.volume.path) for book in books},
        overview: partial(_draw_overview, whole_book, folder, inbox, known),
    }
    moved = _write({path: contents[path] for path in changed}, data, made_from, outputs, spelt)
    others = set(list_department_books(folder)) - made_from.keys()
    moved = {**moved, **remove_books(others)}
    if data in changed:
        known.keep(RowPlaces, known.name("spelt", spelt.digest), spelt.places)
    stored.bind(spelt.digest if data in changed else earlier.digest)
    findings = [*typed.findings, *(row for one in written for row in one.findings), *rest.findings]
    return WrittenParts(stored, findings, moved, unchanged=not changed and not others)


def _find_earlier_rows(data: Path, records: KeptRecords) -> EarlierRows:
    """The rows of the 审核结果.json that stands there, where this program has spelt it."""
    digest = digest_readable(data)
    found = records.find(RowPlaces, records.name("spelt", digest)) if digest else None
    return EarlierRows(data, digest, found[0] if found else {})


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


def _digest_books(books: Iterable[PlannedBook], parts: StoredParts) -> dict[Path, str]:
    """Of all that each is made from."""
    common = digest_common(parts.head)

    def digest(book: PlannedBook) -> str:
        volume = book.volume
        place = (volume.name, volume.path.name, volume.first, volume.stop)
        return digest_facts(parts.digest(volume.department), common, place, book.links, book.judgements, book.rulings)

    return {book.volume.path: digest(book) for book in books}


class _DrawnBooks:
    """The workbooks as they are drawn, in whatever order; each is handed over when it is asked for."""

    def __init__(
        self,
        books: Sequence[PlannedBook],
        parts: StoredParts,
        inbox: Path | None,
        draw_all: DrawBatches,
        records: KeptRecords,
        untouched: Mapping[Path, bytes],
        beside: Iterator[object],
    ) -> None:
        batches = [partial(_list_book, book, parts, inbox) for book in books]
        draw = draw_all if len(books) > 1 else draw_here
        coming = iter(draw(_draw_batch, batches))
        first = [*islice(coming, 1)]  # the next ones are being drawn by then, while other files are written
        self._coming = chain(first, coming)
        self._there: dict[Path, bytes] = {}
        self._records, self._untouched, self._beside = records, untouched, beside

    def take(self, path: Path) -> Iterator[bytes]:
        """The content of a workbook, which is asked for once; what will be read of it is known from now on."""
        while path not in self._there:
            next(self._beside, None)
            for output in next(self._coming).outputs:
                self._there[output.path] = hold_content(output.data or b"")
        data = self._there.pop(path)
        if packed := self._untouched.get(path):
            untouched: ReadWorkbook = pickle.loads(zlib.decompress(packed))  # noqa: S301 - put there by this run
            keep_untouched(self._records, path, data, untouched)
        yield data


def _list_book(book: PlannedBook, parts: StoredParts, inbox: Path | None) -> OutputBatch:
    draw = partial(draw_volume, parts, book.volume, inbox, book.judgements, book.rulings)
    return OutputBatch([Output(book.volume.path, (), draw)])


def _draw_batch(list_batch: ListBatch) -> DrawnBatch:
    """In whatever process."""
    return DrawnBatch([DrawnOutput(one.path, "", hold_content(one.draw())) for one in list_batch().outputs], None)


def _draw_overview(overview: ResultOverview, folder: Path, inbox: Path | None, records: KeptRecords) -> Iterator[bytes]:
    data = overview.draw(folder, inbox)
    if not overview.rest.judgements and not overview.rest.rulings:  # no cell is yellow
        nothing = ReadWorkbook(ReadJudgements(), ReadRulings())
        keep_untouched(records, folder / f"{RESULT_NAME}.xlsx", data, nothing)
    yield data


def _write(
    contents: Mapping[Path, Callable[[], Content]],
    data: Path,
    made_from: Mapping[Path, str],
    outputs: EarlierOutputs,
    spelt: SpeltRows,
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
        if path == data:
            outputs.note(path, made_from[path], spelt.digest)
        elif not is_saved_by_hand(path):  # somebody may have saved it this moment
            outputs.note_as_it_lies(path, made_from[path])
    return moved
