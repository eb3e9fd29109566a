"""Writes 审核数据, the parts of a large result, department by department, in whatever process of this computer; one that is unchanged is not read."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import (
    AT_ONCE,
    NO_ROWS,
    PartOutline,
    PartsByPlace,
    ResultParts,
    find_digest,
    narrow_parts,
)
from workbook_tools.core.review_result import Judgement, MissingRow, ProjectRow, ReviewResult, Ruling
from workbook_tools.files.earlier_outputs import (
    DrawBatches,
    OutputBatch,
    ask_batch,
    draw_here,
)
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.results.department_books import DepartmentVolume, plan_volumes
from workbook_tools.results.department_overview import DepartmentEntry, count_department
from workbook_tools.results.facts import plain_text
from workbook_tools.results.names import DATA_FOLDER
from workbook_tools.results.output_links import LinkTargets, OutputLinks, list_targets
from workbook_tools.results.parts_index import PartEntry, name_departments
from workbook_tools.results.parts_writing import PartsWriter, PartWriter
from workbook_tools.results.typed_cells import JudgedResult, TypedCells, judge, list_codes
from workbook_tools.results.typed_reading import (
    PartInForce,
    ReadWorkbook,
    foresee_untouched,
    keep_in_force,
    take_in_force,
)


@dataclass(frozen=True, slots=True)
class PlannedBook:
    """A department's workbook that is to be written, with what is typed in it."""

    volume: DepartmentVolume
    judgements: Sequence[Judgement]
    rulings: Sequence[Ruling]
    links: str
    """Digest of the links that it has."""
    targets: LinkTargets
    """What it may link to: kept for the next run, and not held meanwhile."""
    untouched: ReadWorkbook | None
    """What reading it will give while nothing is typed in it; ``None`` if something is. Not held meanwhile, either."""


@dataclass(frozen=True, slots=True)
class WrittenDepartment:
    """A department whose part is written, and what else is needed of it to write the whole result."""

    typed: str
    """Digest of what was typed of its projects."""
    entry: PartEntry
    counted: DepartmentEntry
    missing: Sequence[MissingRow]
    findings: Sequence[Finding]
    """What is wrong with what was typed."""
    books: Sequence[PlannedBook]


class DepartmentsWriter:
    """Writes the departments' parts, and knows those that earlier runs have written."""

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
        self._of_all = digest_common(parts.head)
        ruled_on = {
            item.project_code: typed.ruled_on[item.project_code]
            for item in typed.rulings
            if item.project_code in typed.ruled_on
        }
        self._sent = replace(typed, ruled_on=ruled_on)
        self.untouched: dict[Path, bytes] = {}
        """What reading each workbook will give while nothing is typed in it, packed."""

    def write_all(self, write_all: DrawBatches) -> list[WrittenDepartment]:
        """Write all parts; gives the departments in their order."""
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
        """The name under which a written department is kept; blank if it is not kept."""
        digest = find_digest(self._parts, department)
        place = (department, self._names[department], self._folder, self._inbox, self._most)
        return self._records.name("written", digest, place, self._of_all) if digest else ""

    def _find(self, department: str, name: str) -> WrittenDepartment | None:
        """The department as written before, if its files are still there and the same is typed."""
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
        """The department as it is held beside all others, without what takes most memory: link targets, and what reading its workbooks will give."""
        for book in written.books if self._records.is_open else ():
            if book.untouched:
                self.untouched[book.volume.path] = zlib.compress(pickle.dumps(book.untouched), 1)
        return replace(written, books=[replace(book, targets=_NO_TARGETS, untouched=None) for book in written.books])

    def _order(self, department: str) -> PartOrder:
        return PartOrder(
            department,
            self._names[department],
            narrow_parts(self._parts, department),
            self._sent,
            self._folder,
            self._inbox,
            self._most,
        )


@dataclass(frozen=True, slots=True)
class PartOrder:
    """A department to be written, in whatever process of this computer."""

    department: str
    name: str
    """Stands in the names of its files."""
    parts: ResultParts
    typed: TypedCells
    folder: Path
    inbox: Path | None
    most: int

    def write(self) -> tuple[WrittenDepartment, PartInForce]:
        """Write its part. Returns the written department, and the judgements and rulings in force in it. Raises OutputError."""
        outline, read = self._open()
        volumes = plan_volumes(outline, self.department, self.name, self.folder, self.most)
        writer = PartWriter(self.folder / DATA_FOLDER, self.name)
        gathered = _GatheredVolumes()
        books = []
        for volume in volumes:
            content = volume.take(read(volume.first, volume.stop), outline.codes)
            own = self.typed.narrow(list_codes(content)).move_to(volume.path.name, content)
            judged = judge(content, own)
            writer.add(judged.result)
            books.append(self._plan(volume, judged))
            gathered.add(judged)
        entry = writer.finish()
        written = WrittenDepartment(
            typed=_digest_typed(self.typed, entry),
            entry=entry,
            counted=count_department(gathered.join(self.parts.head), self.department, volumes, 0),
            missing=gathered.missing,
            findings=gathered.wrong,
            books=books,
        )
        return written, gathered.in_force

    def _open(self) -> tuple[PartOutline, Callable[[int, int], ReviewResult]]:
        """An outline of the department, and a function that reads its projects from one place to before another: volume by volume if it is large
        and stored in pieces."""
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


class _GatheredVolumes:
    """What is needed of a department once its volumes are written: projects without texts and figures of funding, and no indicators."""

    def __init__(self) -> None:
        self.projects: list[ProjectRow] = []
        self.findings: list[Finding] = []
        self.missing: list[MissingRow] = []
        self.wrong: list[Finding] = []
        """About what was typed."""
        self.in_force = PartInForce([], [], {})

    def add(self, judged: JudgedResult) -> None:
        """Add its next volume."""
        volume, new = judged.result, take_in_force(judged.result)
        self.projects += (row.model_copy(update=_UNTOLD) for row in volume.projects)
        self.findings += volume.findings
        self.missing += volume.missing
        self.wrong += judged.findings
        self.in_force.judgements.extend(new.judgements)
        self.in_force.rulings.extend(new.rulings)
        self.in_force.ruled_on.update(new.ruled_on)

    def join(self, head: ReviewResult) -> ReviewResult:
        """All volumes together, as a part of the result."""
        rows = {"projects": tuple(self.projects), "findings": tuple(self.findings), "missing": tuple(self.missing)}
        return head.model_copy(update=NO_ROWS | rows)


_UNTOLD: Mapping[str, object] = {"texts": {}, "text_places": {}, "funding": {}, "annual_goal": "", "period_goal": ""}
_NO_TARGETS: LinkTargets = ([], [], [])


def _digest_links(workbook: Path, inbox: Path | None, targets: LinkTargets) -> str:
    return digest_facts(OutputLinks(workbook.parent, inbox).list_links_to(targets))


def _write_anew(order: PartOrder) -> OutputBatch:
    return OutputBatch([], (order.department, order.write()))


def _digest_typed(typed: TypedCells, entry: PartEntry) -> str:
    """A digest of all that was typed about a department's projects."""
    own = typed.narrow({*map(plain_text, entry.codes)})
    return digest_facts(own.judgements, own.list_ranked_rulings())


def digest_common(head: ReviewResult) -> str:
    """A digest of those facts of the whole result that departments' workbooks show."""
    return digest_facts(head.authority, head.year, head.scheme, head.schemes, head.compared_with)
