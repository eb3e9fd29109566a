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
from workbook_tools.core.review_result import MissingRow, ReviewResult
from workbook_tools.files.atomic import Content
from workbook_tools.files.earlier import EarlierOutputs
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
    judged: JudgedResult
    """Without its rows, which lie on the disk."""
    links: Sequence[str]


Plan = Mapping[Path, tuple[str, Callable[[], Content]]]
"""Of each file what it is made from, and what gives its content."""


def write_by_department(
    parts: ResultParts, typed: TypedCells, data: Path, inbox: Path | None, outputs: EarlierOutputs, most: int
) -> WrittenParts:
    """Write a result with what is typed in force: all files or none, but for 审核数据, which belongs to none until all are written.

    ``most`` is how many projects stand in one workbook. What stands as it would be written is left. Raises OutputError.
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
    plan: Plan = {
        data: (stored.digest(), stored.spell),
        **{book.volume.path: (_digest_book(book, stored), partial(_draw_book, book, stored, inbox)) for book in books},
        overview: (
            digest_facts(whole_book, links, [book.volume.path.name for book in books]),
            partial(_draw_overview, whole_book, folder, inbox),
        ),
    }
    moved, changed = _write(plan, outputs)
    others = set(list_department_books(folder)) - plan.keys()
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
    head = judged.result.model_copy(update=NO_ROWS)
    return PlannedBook(volume, JudgedResult(head, judged.judgements, judged.rulings, ()), links)


def _digest_book(book: PlannedBook, parts: StoredParts) -> str:
    head, volume = parts.head, book.volume
    same_for_all = (head.authority, head.year, head.scheme, head.schemes)
    place = (volume.name, volume.path.name, volume.first, volume.stop)
    return digest_facts(
        parts.digest(volume.department), same_for_all, place, book.links, book.judged.judgements, book.judged.rulings
    )


def _draw_book(book: PlannedBook, parts: StoredParts, inbox: Path | None) -> Iterator[bytes]:
    yield draw_volume(parts, book.volume, inbox, book.judged.judgements, book.judged.rulings)


def _draw_overview(overview: ResultOverview, folder: Path, inbox: Path | None) -> Iterator[bytes]:
    yield overview.draw(folder, inbox)


def _write(plan: Plan, outputs: EarlierOutputs) -> tuple[dict[Path, Path], bool]:
    """Write what does not stand yet, in this order; what was moved aside, and whether anything was written.

    The .json comes first, as beside a single workbook: after a crash the workbooks are older, and still hold what was typed.
    """
    changed = [path for path, (made_from, _) in plan.items() if not outputs.stands(path, made_from)]
    if not changed:
        return {}, False
    data, *_ = plan
    moved = replace_results({path: plan[path][1]() for path in changed}, [path for path in changed if path != data])
    for path in changed:
        if path == data or not is_saved_by_hand(path):  # somebody may have saved it this moment
            outputs.note_as_it_lies(path, plan[path][0])
    return moved, True
