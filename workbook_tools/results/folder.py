"""审核结果 in its folder: 审核结果.xlsx for people and 审核结果.json for programs, written together and read back together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import SettingsError, WithheldFile
from workbook_tools.core.faces import AnyPath, LateModule
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import (
    ONE_WORKBOOK,
    HeldParts,
    ResultParts,
    WorkBeside,
    hold_whole,
    nothing_beside,
)
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier_outputs import DrawBatches, EarlierOutputs, draw_here
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.paths import is_saved_by_hand
from workbook_tools.results.department_books import is_by_department
from workbook_tools.results.json_file import read_json
from workbook_tools.results.names import DATA_FOLDER, RESULT_NAME, list_department_books, list_workbooks
from workbook_tools.results.opened_parts import is_large, open_json, open_parts
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.parts_writing import write_parts
from workbook_tools.results.rulings import apply_rulings
from workbook_tools.results.stored_parts import StoredParts, find_data
from workbook_tools.results.typed_cells import JudgedParts, TypedCells, judge
from workbook_tools.results.typed_reading import TooMuch, foresee_untouched, keep_untouched, read_little, read_typed
from workbook_tools.review.frames import ResultFrames
from workbook_tools.rules.recorded import EDITED, note_edited_schemes
from workbook_tools.rules.scheme import Scheme

if TYPE_CHECKING:
    from workbook_tools.results import department_writing, workbook
    from workbook_tools.review.folder import Review
else:  # most of those who read a result write none
    department_writing = LateModule("workbook_tools.results.department_writing")
    workbook = LateModule("workbook_tools.results.workbook")

_TOLD = 3
"""So many workbooks that were moved are named."""


@dataclass(frozen=True)
class StoredResult(ResultFrames):
    """A result on disk, with the judgements (核定) that stand in its workbooks in force; also as frames."""

    parts: ResultParts
    """The result, one department at a time."""
    data: Path
    """审核结果.json."""
    workbook: Path
    """审核结果.xlsx."""
    problems: tuple[Finding, ...] = ()
    """What is wrong with judgements, and which schemes were edited since; they are in the result too."""
    moved: Mapping[Path, Path] = field(default_factory=dict)
    """Workbooks that somebody had saved by hand → where they were moved when these were written."""
    unchanged: bool = False
    """All files stood there already as they would be written, and were left."""

    @cached_property
    def result(self) -> ReviewResult:
        """The whole result, in memory."""
        return hold_whole(self.parts)

    @property
    def moved_aside(self) -> Path | None:
        """Where 审核结果.xlsx was moved."""
        return self.moved.get(self.workbook)

    @property
    def is_by_department(self) -> bool:
        """The projects stand in the departments' workbooks, and 审核结果.xlsx is an overview."""
        return bool(list_department_books(self.data.parent))

    @property
    def told_aside(self) -> str:
        """A sentence for the user about what was moved; nothing where none was."""
        if not self.moved:
            return ""
        names = [f"{path.name} 有手工改动，已另存为 {aside.name}" for path, aside in self.moved.items()]
        more = f"；等 {len(names)} 个" if len(names) > _TOLD else ""
        return f"原来的 {'；'.join(names[:_TOLD])}{more}；其中的核定得分已带入新的结果。"


def write_results(
    review: Review,
    folder: AnyPath,
    outputs: EarlierOutputs | None = None,
    *,
    most: int = ONE_WORKBOOK,
    data: bool = False,
    given: TypedCells | None = None,
    draw_all: DrawBatches = draw_here,
    records: KeptRecords | None = None,
    write_all: DrawBatches = draw_here,
    beside: WorkBeside = nothing_beside,
) -> StoredResult:
    """Write 审核结果.xlsx and 审核结果.json of a review into a folder; it is made if it is not there.

    Of more than ``most`` projects 审核结果.xlsx is an overview, and each department has a workbook in 审核结果_各部门; then, where that is
    asked for (``data``) and where it is there already, 审核数据 lies beside them: see :mod:`~workbook_tools.results.stored_parts`.

    Judgements and rulings (接受说明) that stand in earlier workbooks there are carried over into the new ones, and are in force in what is
    returned. Files and cells are links to the folder that was reviewed. Where ``outputs`` know that files stand there
    already as they would be written, they are left. ``given`` is written in place of what is typed in the earlier ones;
    ``draw_all`` may draw the departments' workbooks in other processes, ``write_all`` write their parts in others of this computer; ``records`` are of earlier runs, in which was written what then was
    not read again; ``beside`` may do something with the result as it is written, step by step, while others draw. Raises OutputError if a file cannot be written.
    """
    path, known = Path(folder) / f"{RESULT_NAME}.json", outputs or EarlierOutputs()
    parts = review.parts
    typed = given or _read_earlier_typed(path, records)
    if is_by_department(parts, most):
        written = department_writing.write_by_department(
            parts, typed, path, review.folder, known, most, draw_all, records, write_all, beside
        )
        stored = StoredResult(
            written.parts, path, path.with_suffix(".xlsx"), tuple(written.findings), written.moved, written.unchanged
        )
    else:
        stored = _write_whole(review.result, typed, path, review.folder, known, records or KeptRecords())
        if data or (path.parent / DATA_FOLDER).is_dir():
            write_parts(stored.parts, path)
    _mark_as_new(stored.data, stored.workbook)
    return stored


class EarlierTyped:
    """What is typed in the workbooks of the review before, in a folder of results; what is not known of it is read by ``read_all``."""

    def __init__(self, folder: AnyPath, records: KeptRecords | None = None, read_all: DrawBatches = draw_here) -> None:
        self._data, self._records, self._read_all = Path(folder) / f"{RESULT_NAME}.json", records, read_all
        self._stamps: list[tuple[Path, int, int]] = []
        self._typed: TypedCells | None = None

    def read_ahead(self) -> None:
        """Read it where there is time for it, unless that is worth several processes: these are busy now, and do it sooner later."""
        with suppress(TooMuch):
            stamps = _stamp_files(self._data)
            self._typed = _read_earlier_typed(self._data, self._records, read_little)
            self._stamps = stamps

    def read(self) -> TypedCells:
        """As it is now: what was read ahead, unless a workbook was saved since."""
        if self._typed is None or _stamp_files(self._data) != self._stamps:
            return _read_earlier_typed(self._data, self._records, self._read_all)
        return self._typed


def _stamp_files(data: Path) -> list[tuple[Path, int, int]]:
    """Tells whether somebody has saved a workbook of a result, or put another there."""
    files = ((path, path.stat()) for path in (data, *list_workbooks(data)) if path.is_file())
    return [(path, facts.st_mtime_ns, facts.st_size) for path, facts in files]


def _read_earlier_typed(data: Path, records: KeptRecords | None, read_all: DrawBatches = draw_here) -> TypedCells:
    """What is typed in the workbooks of the review before. Where somebody has changed 审核数据 or removed a file of it, the .json tells."""
    books = list_workbooks(data)
    try:
        return read_typed(books, open_earlier(data.parent), records, read_all)
    except WithheldFile:
        raise
    except SettingsError:
        return read_typed(books, open_json(data), records, read_all)


def _write_whole(
    result: ReviewResult,
    typed: TypedCells,
    data: Path,
    inbox: Path | None,
    outputs: EarlierOutputs,
    records: KeptRecords,
) -> StoredResult:
    """All projects in one workbook."""
    written = data.with_suffix(".xlsx")
    judged = judge(result, typed.move_to(written.name, result))
    links = OutputLinks(data.parent, inbox).list_links(judged.result)
    made_from = digest_facts(judged.result, judged.judgements, judged.rulings, links)
    unchanged = all(outputs.stands(path, made_from) for path in (data, written))
    aside = None
    if not unchanged:
        drawn = workbook.draw_workbook(
            judged.result, OutputLinks(data.parent, inbox), judged.judgements, judged.rulings
        )
        aside = workbook.write_drawn(drawn, judged.result, written, data)
        if untouched := foresee_untouched(judged):
            keep_untouched(records, written, drawn, untouched)
        outputs.note_as_it_lies(data, made_from)
        if not is_saved_by_hand(written):  # somebody may have had it open, and saved it this moment
            outputs.note_as_it_lies(written, made_from)
    moved = {
        **({written: aside} if aside else {}),
        **department_writing.remove_books(list_department_books(data.parent)),
    }
    return StoredResult(HeldParts(judged.result), data, written, judged.findings, moved, unchanged)


def _mark_as_new(*paths: Path) -> None:
    """The files say what was found now, also where that is what was found before: what came later than they is not reviewed yet."""
    for path in paths:
        with suppress(OSError):
            os.utime(path)


def is_behind(folder: Path) -> bool:
    """审核结果.xlsx is of an earlier result than 审核结果.json, or missing: what wrote them broke off between the two."""
    data, workbook = (folder / f"{RESULT_NAME}{ending}" for ending in (".json", ".xlsx"))
    return not workbook.exists() or workbook.stat().st_mtime < data.stat().st_mtime


def open_earlier(folder: Path) -> ResultParts | None:
    """The result of the review before; ``None`` where there is none that can be read. Raises WithheldFile."""
    try:
        return open_parts(folder)
    except WithheldFile:
        raise
    except SettingsError:
        return None


def carry_rulings(result: ReviewResult, folder: Path) -> ReviewResult:
    """A new review's result with the rulings (接受说明) that stand in the workbooks of the review before it."""
    typed = _read_earlier_typed(folder / f"{RESULT_NAME}.json", None)
    return apply_rulings(result, typed.rulings, typed.ruled_on).result


def read_results(
    place: AnyPath,
    *,
    load: Callable[[str], Scheme] | None = None,
    checks: Mapping[str, str] | None = None,
    records: KeptRecords | None = None,
) -> StoredResult:
    """The 审核结果.json in a folder (or that file itself), with what stands in the workbooks beside it now.

    ``load`` gives the office's scheme of an id: where it has been edited since, a finding says so; ``checks`` as in
    wbt.toml; ``records`` are of what was typed when the workbooks were written or read last. Raises SettingsError if there is no such result, or it cannot be read.
    """
    data = find_data(place)
    books = list_workbooks(data)
    parts = open_parts(data) if len(books) > 1 or is_large(data) else HeldParts(read_json(data))
    if isinstance(parts, StoredParts):
        judged = JudgedParts(parts, read_typed(books, parts, records))
        edited = judged.note_edited_schemes(load, checks or {}) if load else []
        return StoredResult(judged, data, data.with_suffix(".xlsx"), (*edited, *judged.findings))
    whole = judge(hold_whole(parts), read_typed(books, parts, records))
    result = note_edited_schemes(whole.result, load, checks or {}) if load else whole.result
    edited = [item for item in result.findings if load and item.code == EDITED]
    return StoredResult(HeldParts(result), data, data.with_suffix(".xlsx"), (*edited, *whole.findings))
