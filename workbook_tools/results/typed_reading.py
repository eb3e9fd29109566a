"""What finance has typed into the yellow cells of 审核结果, read back: from all its workbooks, and what was in force in the result that they are of.

What is known from earlier runs is not read. The rest may be read by other processes, which hand over what was typed and nothing else: whoever
asks holds no workbook, and no department.
"""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import ResultParts, read_held, read_projects
from workbook_tools.core.review_result import Judgement, JudgementKey, ReviewResult, Ruling
from workbook_tools.files.earlier_outputs import (
    READ_WEIGHT,
    DrawBatch,
    DrawBatches,
    DrawnBatch,
    ListBatch,
    OutputBatch,
    ask_batch,
    draw_here,
    weigh_batch,
)
from workbook_tools.files.file_digests import digest_readable, has_digest
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.results.answer_sheet import list_in_force, list_questions
from workbook_tools.results.facts import indicator_entries, plain_text
from workbook_tools.results.judgement import (
    ReadJudgements,
    find_save_time,
    keep_times,
    list_judgements,
    read_judgements,
)
from workbook_tools.results.rulings import ReadRulings, RuledFile, keep_ruling_times, read_rulings
from workbook_tools.results.stored_parts import StoredParts
from workbook_tools.results.typed_cells import JudgedResult, TypedCells

_BYTES = 10_000
"""Of a workbook that is read back: as much work as to draw what is told of a project."""
_LITTLE = 60
"""The work of so many projects, less than a second, is done where it comes up."""


class TooMuch(Exception):
    """What is to be read is worth several processes."""


def read_little(read: DrawBatch, batches: Iterable[ListBatch]) -> Iterable[DrawnBatch]:
    """Read it in this process. Raises TooMuch, before any of it is read."""
    wanted = [*batches]
    if sum(map(weigh_batch, wanted)) > _LITTLE:
        raise TooMuch
    return draw_here(read, wanted)


def read_typed(
    workbooks: Iterable[Path],
    earlier: ResultParts | None = None,
    records: KeptRecords | None = None,
    read_all: DrawBatches = draw_here,
) -> TypedCells:
    """What is typed in these workbooks; where two hold the same, the one that was saved last. Raises WithheldFile.

    ``earlier`` is the result that they are of: what was in force in it keeps its time while nobody touches it. What ``records`` tell is
    not read; the rest is read by ``read_all``, maybe in other processes: a workbook of 500 projects takes some fifty megabytes.
    """
    known = records or KeptRecords()
    before = _InForce(_list_in_force(earlier, known, read_all))
    paths = sorted(filter(Path.is_file, workbooks), key=lambda path: path.stat().st_mtime, reverse=True)
    read = {path: before.narrow(one) for path, one in _read_workbooks(paths, known, read_all)}
    judgements: dict[JudgementKey, Judgement] = {}
    rulings: dict[tuple[str, str], Ruling] = {}
    codes: set[str] = set()
    questions: set[tuple[str, str]] = set()
    findings: list[Finding] = []
    for judged, ruled in ((read[path].judgements, read[path].rulings) for path in paths):
        codes |= judged.codes
        questions |= ruled.keys
        findings += [*judged.findings, *ruled.findings]
        judgements = {**{item.key: item for item in judged.given}, **judgements}
        rulings = {**{item.key: item for item in ruled.given}, **rulings}
    for judgement in before.judgements.values():
        if judgement.key[0] not in codes:
            judgements.setdefault(judgement.key, judgement)
    for ruling in before.rulings.values():
        if ruling.key not in questions:
            rulings.setdefault(ruling.key, ruling)
    codes_ruled = {item.project_code for item in rulings.values()}
    ruled_on = before.find_files(codes_ruled)
    return TypedCells(
        keep_times(judgements.values(), before.judgements),
        keep_ruling_times(rulings.values(), before.rulings),
        ruled_on,
        findings,
    )


@dataclass(frozen=True, slots=True)
class PartInForce:
    """What is in force in a department's part."""

    judgements: list[Judgement]
    rulings: list[Ruling]
    ruled_on: dict[str, RuledFile]


class _InForce:
    """What a result has in force."""

    def __init__(self, parts: Iterable[_HeldInForce]) -> None:
        held = [*parts]
        self.judgements: dict[JudgementKey, Judgement] = {item.key: item for one in held for item in one.judgements}
        self.rulings: dict[tuple[str, str], Ruling] = {item.key: item for one in held for item in one.rulings}
        self._judged = {code for code, *_ in self.judgements}
        self._files = [one.files for one in held]

    def narrow(self, read: ReadWorkbook) -> ReadWorkbook:
        """Of what a workbook has rows of, only what something is in force of: all projects, and all their questions, would be very many."""
        judgements = replace(read.judgements, codes=read.judgements.codes & self._judged)
        return ReadWorkbook(judgements, replace(read.rulings, keys=read.rulings.keys & self.rulings.keys()))

    def find_files(self, codes: Collection[str]) -> dict[str, RuledFile]:
        """The files of these projects."""
        each = map(_unpack_files, self._files if codes else ())
        return {code: file for files in each for code, file in files.items() if code in codes}


@dataclass(frozen=True, slots=True)
class _HeldInForce:
    """What is in force in a department's part, as it is held beside that of all others."""

    judgements: Sequence[Judgement]
    rulings: Sequence[Ruling]
    files: bytes
    """Of all its projects, packed: few of them are asked for."""

    @classmethod
    def of(cls, part: PartInForce) -> Self:
        """As it is held."""
        return cls(part.judgements, part.rulings, zlib.compress(pickle.dumps(part.ruled_on), 1))


def _unpack_files(packed: bytes) -> dict[str, RuledFile]:
    files: dict[str, RuledFile] = pickle.loads(zlib.decompress(packed))  # noqa: S301 - put there by this run
    return files


def _list_in_force(parts: ResultParts | None, records: KeptRecords, read_all: DrawBatches) -> Iterator[_HeldInForce]:
    """What is in force in each department, in their order."""
    if parts is None:
        return
    if not isinstance(parts, StoredParts):
        yield from (_HeldInForce.of(_find_part_in_force(parts, name)) for name in parts.sizes)
        return
    found: dict[str, _HeldInForce] = {}
    unknown: list[_InForceOrder] = []
    for name, size in parts.sizes.items():
        if known := records.find(PartInForce, _name_in_force(records, parts.digest(name))):
            found[name] = _HeldInForce.of(known[0])
        else:
            unknown.append(_InForceOrder(parts, name, READ_WEIGHT * size.projects))
    for drawn in read_all(ask_batch, unknown) if unknown else ():
        name, part = drawn.said
        keep_in_force(records, parts.digest(name), part)
        found[name] = _HeldInForce.of(part)
    yield from (found[name] for name in parts.sizes)


@dataclass(frozen=True, slots=True)
class _InForceOrder:
    """A department's part that is to be looked through, in whatever process."""

    parts: StoredParts
    department: str
    weight: float

    def __call__(self) -> OutputBatch:
        return OutputBatch([], (self.department, _find_part_in_force(self.parts, self.department)))


def _find_part_in_force(parts: ResultParts, department: str) -> PartInForce:
    """What :func:`take_in_force` takes of it; a row in which nothing is in force is let go of."""
    ruled_on: dict[str, RuledFile] = {}
    judged: set[str] = set()

    def hold(field: str, rows: Iterable[Any]) -> tuple[Any, ...]:
        if field == "projects":
            for row in rows:
                ruled_on[row.code] = RuledFile.of(row)
                if row.execution_review.reviewed_score is not None:
                    judged.add(row.code)
        elif field == "indicators":
            judged.update(row.project_code for row in rows if row.reviewed_score is not None)
        return tuple(row for row in rows if row.ruling) if field == "findings" else ()

    rulings = [*list_in_force(read_held(parts, department, hold))]
    judgements = list_judgements(read_projects(parts, department, judged)) if judged else []
    return PartInForce(judgements, rulings, ruled_on)


def take_in_force(part: ReviewResult) -> PartInForce:
    """What is in force in a department's part."""
    ruled_on = {row.code: RuledFile.of(row) for row in part.projects}
    return PartInForce(list_judgements(part), [*list_in_force(part)], ruled_on)


def keep_in_force(records: KeptRecords, digest: str, found: PartInForce) -> None:
    """Keep what is in force in a part that is written, by its digest: it is not read to find out."""
    records.keep(PartInForce, _name_in_force(records, digest), found)


def _name_in_force(records: KeptRecords, digest: str) -> str:
    return records.name("in force", digest)


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """What one workbook holds."""

    judgements: ReadJudgements
    rulings: ReadRulings


def foresee_untouched(judged: JudgedResult) -> ReadWorkbook | None:
    """What will be read of the workbook of a result while nothing is typed in it; ``None`` where something is, or a cell may show a code otherwise."""
    if judged.judgements or judged.rulings:
        return None
    result = judged.result
    questions = frozenset(entry.key for entry in list_questions(result, {}))
    if any(
        plain_text(code) != code for code in {*(row.code for row in result.projects), *(code for code, _ in questions)}
    ):
        return None
    codes = frozenset(entry.key[0] for entry in indicator_entries(result) if any(entry.key[1:4]))
    return ReadWorkbook(ReadJudgements(codes=codes), ReadRulings(keys=questions))


def keep_untouched(records: KeptRecords, path: Path, data: bytes, untouched: ReadWorkbook) -> None:
    """Keep what will be read of a workbook that is written with these bytes, so that it is not opened as long as it has them."""
    records.keep(ReadWorkbook, _name_untouched(records, path, hashlib.sha256(data).hexdigest()), untouched)


def _name_untouched(records: KeptRecords, path: Path, digest: str) -> str:
    return records.name("untouched", path.name, digest)


def _read_workbooks(
    paths: Sequence[Path], records: KeptRecords, read_all: DrawBatches
) -> Iterator[tuple[Path, ReadWorkbook]]:
    """What is typed in each of the workbooks, in whatever order; one whose content is known by its digest is not opened."""
    names: dict[Path, str] = {}
    digests: dict[Path, str] = {}
    for path in paths:
        digest = digest_readable(path) if records.is_open else ""
        name = records.name("typed", path.name, find_save_time(path), digest)
        if digest and (
            known := records.find(ReadWorkbook, _name_untouched(records, path, digest))
            or records.find(ReadWorkbook, name)
        ):
            yield path, known[0]
        else:
            names[path], digests[path] = name, digest
    unknown = [_WorkbookOrder(path, path.stat().st_size / _BYTES) for path in names]
    for drawn in read_all(ask_batch, unknown) if unknown else ():
        path, read = drawn.said
        if has_digest(path, digests[path]):  # nobody has saved it meanwhile
            records.keep(ReadWorkbook, names[path], read)
        yield path, read


@dataclass(frozen=True, slots=True)
class _WorkbookOrder:
    """A workbook that is to be read, in whatever process."""

    path: Path
    weight: float

    def __call__(self) -> OutputBatch:
        at = find_save_time(self.path)
        return OutputBatch([], (self.path, ReadWorkbook(read_judgements(self.path, at), read_rulings(self.path, at))))
