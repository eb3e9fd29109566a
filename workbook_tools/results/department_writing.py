"""A large result on disk: its parts, 审核结果.json, a workbook for each department, and 审核结果.xlsx over all. One department is in memory at a time."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import (
    AT_ONCE,
    NO_ROWS,
    PartOutline,
    PartsByPlace,
    ResultParts,
    WorkBeside,
    find_digest,
    narrow_parts,
    nothing_beside,
)
from workbook_tools.core.review_result import Judgement, MissingRow, ProjectRow, ReviewResult, Ruling
from workbook_tools.files.atomic import Content
from workbook_tools.files.earlier_outputs import (
    DrawBatches,
    DrawnBatch,
    DrawnOutput,
    EarlierOutputs,
    ListBatch,
    Output,
    OutputBatch,
    ask_batch,
    draw_here,
)
from workbook_tools.files.file_digests import digest_readable
from workbook_tools.files.handed_over import hold_content
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.paths import is_saved_by_hand, keep_aside, replace_results
from workbook_tools.results.department_books import DepartmentVolume, draw_volume, plan_volumes
from workbook_tools.results.department_overview import DepartmentEntry, ResultOverview, count_department
from workbook_tools.results.earlier_rows import EarlierRows, RowPlaces, SpeltRows
from workbook_tools.results.facts import plain_text
from workbook_tools.results.judgement import ReadJudgements
from workbook_tools.results.names import DATA_FOLDER, RESULT_NAME, list_department_books
from workbook_tools.results.output_links import LinkTargets, OutputLinks, list_targets
from workbook_tools.results.rulings import ReadRulings
from workbook_tools.results.stored_parts import (
    PartEntry,
    PartsWriter,
    PartWriter,
    StoredParts,
    name_departments,
)
from workbook_tools.results.typed_cells import JudgedResult, TypedCells, judge, list_codes
from workbook_tools.results.typed_reading import (
    PartInForce,
    ReadWorkbook,
    foresee_untouched,
    keep_in_force,
    keep_untouched,
    take_in_force,
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


@dataclass(frozen=True, slots=True)
class PlannedBook:
    """A workbook that is to be there, with what is typed in it."""

    volume: DepartmentVolume
    judgements: Sequence[Judgement]
    rulings: Sequence[Ruling]
    links: str
    """Digest of the links that it has."""
    targets: LinkTargets
    """What it may have links to; asked for the next time, and not held meanwhile."""
    untouched: ReadWorkbook | None
    """What will be read of it while nothing is typed; ``None`` where something is. Nor is this held meanwhile."""


@dataclass(frozen=True, slots=True)
class WrittenDepartment:
    """What is to be known of a department besides its part, to write all."""

    typed: str
    """Digest of what was typed of its projects."""
    entry: PartEntry
    counted: DepartmentEntry
    missing: Sequence[MissingRow]
    findings: Sequence[Finding]
    """What is wrong with what was typed."""
    books: Sequence[PlannedBook]


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
    departments = _Departments(parts, typed, folder, inbox, most, writer, known)
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


class _Departments:
    """Writes 审核数据 department by department. One that is as it was before is not read."""

    def __init__(
        self,
        parts: ResultParts,
        typed: TypedCells,
        folder: Path,
        inbox: Path | None,
        most: int,
        writer: PartsWriter,
        records: KeptRecords,
    ) -> None:
        self._parts, self._typed, self._writer, self._records = parts, typed, writer, records
        self._folder, self._inbox, self._most = folder, inbox, most
        self._names = name_departments(parts.sizes)
        self._of_all = _digest_common(parts.head)
        ruled_on = {
            item.project_code: typed.ruled_on[item.project_code]
            for item in typed.rulings
            if item.project_code in typed.ruled_on
        }
        self._sent = replace(typed, ruled_on=ruled_on)
        self.untouched: dict[Path, bytes] = {}
        """What will be read of each workbook while nothing is typed in it, packed."""

    def write_all(self, write_all: DrawBatches) -> list[WrittenDepartment]:
        """Write all; what is to be known of each, in their order."""
        names = {department: self._name(department) for department in self._parts.sizes}
        done = {department: one for department, name in names.items() if (one := self._find(department, name))}
        others = [department for department in names if department not in done]
        batches = [partial(_write_anew, self._order(department)) for department in others]
        are_held = len(others) == 1 and self._parts.sizes[others[0]].projects <= AT_ONCE
        write = draw_here if are_held else write_all  # this process holds no large one
        for drawn in write(ask_batch, batches):
            department, (written, in_force) = drawn.said
            self._writer.note(department, written.entry)
            keep_in_force(self._records, written.entry.digest(), in_force)
            if names[department]:
                self._records.keep(WrittenDepartment, names[department], written)
            done[department] = self._hold(written)
        return [
            replace(done[department], counted=replace(done[department].counted, number=number))
            for number, department in enumerate(names, 1)
        ]

    def _name(self, department: str) -> str:
        """What it is kept under that a department was written; blank where that is not."""
        digest = find_digest(self._parts, department)
        place = (department, self._names[department], self._folder, self._inbox, self._most)
        return self._records.name("written", digest, place, self._of_all) if digest else ""

    def _find(self, department: str, name: str) -> WrittenDepartment | None:
        """What was written before, where that lies there, and nothing else was typed."""
        found = self._records.find(WrittenDepartment, name) if name else None
        if found is None or _digest_typed(self._typed, found[0].entry) != found[0].typed:
            return None
        known = found[0]
        if not self._writer.take(department, known.entry):
            return None
        links = [_digest_links(book.volume.path, self._inbox, book.targets) for book in known.books]
        books = [replace(book, links=now) for book, now in zip(known.books, links, strict=True)]
        return self._hold(replace(known, books=books))

    def _hold(self, written: WrittenDepartment) -> WrittenDepartment:
        """What is held of a department beside all others: what may be linked to and what will be read of its workbooks would be most of it."""
        for book in written.books if self._records.is_open else ():
            if book.untouched:
                self.untouched[book.volume.path] = zlib.compress(pickle.dumps(book.untouched), 1)
        return replace(written, books=[replace(book, targets=_NO_TARGETS, untouched=None) for book in written.books])

    def _order(self, department: str) -> _PartOrder:
        return _PartOrder(
            department,
            self._names[department],
            narrow_parts(self._parts, department),
            self._sent,
            self._folder,
            self._inbox,
            self._most,
        )


@dataclass(frozen=True, slots=True)
class _PartOrder:
    """A department to be written, in whatever process of this computer."""

    department: str
    name: str
    """By which its files go."""
    parts: ResultParts
    typed: TypedCells
    folder: Path
    inbox: Path | None
    most: int

    def write(self) -> tuple[WrittenDepartment, PartInForce]:
        """Write its part; what is to be known of it, and what is in force in it. Raises OutputError."""
        outline, read = self._open()
        volumes = plan_volumes(outline, self.department, self.name, self.folder, self.most)
        writer = PartWriter(self.folder / DATA_FOLDER, self.name)
        told = _Told()
        books = []
        for volume in volumes:
            content = volume.take(read(volume.first, volume.stop), outline.codes)
            own = self.typed.narrow(list_codes(content)).move_to(volume.path.name, content)
            judged = judge(content, own)
            writer.add(judged.result)
            books.append(self._plan(volume, judged))
            told.add(judged)
        entry = writer.finish()
        written = WrittenDepartment(
            typed=_digest_typed(self.typed, entry),
            entry=entry,
            counted=count_department(told.join(self.parts.head), self.department, volumes, 0),
            missing=told.missing,
            findings=told.wrong,
            books=books,
        )
        return written, told.in_force

    def _open(self) -> tuple[PartOutline, Callable[[int, int], ReviewResult]]:
        """How much there is, and what reads the projects from one place to before another: a large department volume by volume, where it lies in pieces."""
        parts, department = self.parts, self.department
        if isinstance(parts, PartsByPlace) and parts.sizes[department].projects > self.most:
            return parts.outline(department), partial(parts.read_range, department)
        part = parts.read(department)
        return PartOutline.of([part]), lambda first, stop: part.model_copy(
            update={"projects": part.projects[first:stop]}
        )

    def _plan(self, volume: DepartmentVolume, judged: JudgedResult) -> PlannedBook:
        targets = list_targets(judged.result)
        links = _digest_links(volume.path, self.inbox, targets)
        return PlannedBook(volume, [*judged.judgements], [*judged.rulings], links, targets, foresee_untouched(judged))


class _Told:
    """What is to be known of a department once its volumes are written: of its projects not what they say, of its indicators nothing."""

    def __init__(self) -> None:
        self.projects: list[ProjectRow] = []
        self.findings: list[Finding] = []
        self.missing: list[MissingRow] = []
        self.wrong: list[Finding] = []
        """About what was typed."""
        self.in_force = PartInForce([], [], {})

    def add(self, judged: JudgedResult) -> None:
        """Its next volume."""
        volume, new = judged.result, take_in_force(judged.result)
        self.projects += (row.model_copy(update=_UNTOLD) for row in volume.projects)
        self.findings += volume.findings
        self.missing += volume.missing
        self.wrong += judged.findings
        self.in_force.judgements.extend(new.judgements)
        self.in_force.rulings.extend(new.rulings)
        self.in_force.ruled_on.update(new.ruled_on)

    def join(self, head: ReviewResult) -> ReviewResult:
        """All of it."""
        rows = {"projects": tuple(self.projects), "findings": tuple(self.findings), "missing": tuple(self.missing)}
        return head.model_copy(update=NO_ROWS | rows)


_UNTOLD: Mapping[str, object] = {"texts": {}, "text_places": {}, "funding": {}, "annual_goal": "", "period_goal": ""}
_NO_TARGETS: LinkTargets = ([], [], [])


def _digest_links(workbook: Path, inbox: Path | None, targets: LinkTargets) -> str:
    return digest_facts(OutputLinks(workbook.parent, inbox).list_links_to(targets))


def _write_anew(order: _PartOrder) -> OutputBatch:
    return OutputBatch([], (order.department, order.write()))


def _digest_typed(typed: TypedCells, entry: PartEntry) -> str:
    """Of all that was typed of a department's projects."""
    own = typed.narrow({*map(plain_text, entry.codes)})
    return digest_facts(own.judgements, own.list_ranked_rulings())


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
    common = _digest_common(parts.head)

    def digest(book: PlannedBook) -> str:
        volume = book.volume
        place = (volume.name, volume.path.name, volume.first, volume.stop)
        return digest_facts(parts.digest(volume.department), common, place, book.links, book.judgements, book.rulings)

    return {book.volume.path: digest(book) for book in books}


def _digest_common(head: ReviewResult) -> str:
    """Of what a department's workbook shows of what is said once of all."""
    return digest_facts(head.authority, head.year, head.scheme, head.schemes, head.compared_with)


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
