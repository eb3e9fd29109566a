"""审核结果 in its folder: 审核结果.xlsx for people and 审核结果.json for programs, written together and read back together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import SettingsError, WithheldFile
from workbook_tools.core.faces import AnyPath
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import HeldParts, ResultParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier import EarlierOutputs
from workbook_tools.files.paths import is_saved_by_hand
from workbook_tools.results.names import RESULT_NAME
from workbook_tools.results.rulings import apply_rulings
from workbook_tools.results.stored_parts import find_data, open_parts
from workbook_tools.results.tables import OutputLinks
from workbook_tools.results.typed_cells import judge, read_typed
from workbook_tools.results.workbook import read_json, write_workbook
from workbook_tools.review.folder import Review
from workbook_tools.review.frames import ResultFrames
from workbook_tools.rules.recorded import EDITED, note_edited_schemes
from workbook_tools.rules.scheme import Scheme


@dataclass(frozen=True)
class StoredResult(ResultFrames):
    """A result on disk, with the judgements (核定) that stand in its workbook in force; also as frames."""

    result: ReviewResult
    data: Path
    """审核结果.json."""
    workbook: Path
    """审核结果.xlsx."""
    problems: tuple[Finding, ...] = ()
    """What is wrong with judgements, and which schemes were edited since; they are in the result too."""
    moved_aside: Path | None = None
    """Where a workbook that somebody had saved by hand was moved when this one was written."""
    unchanged: bool = False
    """Both files stood there already as they would be written, and were left."""

    @cached_property
    def parts(self) -> ResultParts:
        """The same, one department at a time."""
        return HeldParts(self.result)

    @property
    def told_aside(self) -> str:
        """A sentence for the user about that; nothing where none was moved."""
        if self.moved_aside is None:
            return ""
        return (
            f"原来的 {self.workbook.name} 有手工改动，已另存为 {self.moved_aside.name}；其中的核定得分已带入新的结果。"
        )


def write_results(review: Review, folder: AnyPath, outputs: EarlierOutputs | None = None) -> StoredResult:
    """Write 审核结果.xlsx and 审核结果.json of a review into a folder; it is made if it is not there.

    Judgements and rulings (接受说明) that stand in an earlier 审核结果.xlsx there are carried over into the new one, and are in force in what is
    returned. Files and cells are links to the folder that was reviewed. Where ``outputs`` know that both files stand there
    already as they would be written, they are left. Raises OutputError if a file cannot be written.
    """
    target = Path(folder)
    data, workbook = target / f"{RESULT_NAME}.json", target / f"{RESULT_NAME}.xlsx"
    typed = read_typed([workbook], open_earlier(target)).move_to(workbook.name, review.result)
    judged = judge(review.result, typed)
    result = judged.result
    links = OutputLinks(target, review.folder).list_links(result)
    made_from = digest_facts(result, judged.judgements, judged.rulings, links)
    earlier = outputs or EarlierOutputs()
    if all(earlier.stands(path, made_from) for path in (data, workbook)):
        _mark_as_new(data, workbook)
        return StoredResult(result, data, workbook, judged.findings, unchanged=True)
    aside = write_workbook(
        result,
        workbook,
        inbox=review.folder,
        judgements=judged.judgements,
        rulings=judged.rulings,
        data=data,
    )
    earlier.note_as_it_lies(data, made_from)
    if not is_saved_by_hand(workbook):  # somebody may have had it open, and saved it this moment
        earlier.note_as_it_lies(workbook, made_from)
    return StoredResult(result, data, workbook, judged.findings, aside)


def _mark_as_new(*paths: Path) -> None:
    """The files say what was found now, though it is what was found before: what came later than they is not reviewed yet."""
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
    """A new review's result with the rulings (接受说明) that stand in the 审核结果.xlsx of the review before it."""
    typed = read_typed([folder / f"{RESULT_NAME}.xlsx"], open_earlier(folder))
    return apply_rulings(result, typed.rulings, typed.ranks).result


def read_results(
    place: AnyPath,
    *,
    load: Callable[[str], Scheme] | None = None,
    checks: Mapping[str, str] | None = None,
) -> StoredResult:
    """The 审核结果.json in a folder (or that file itself), with what stands in the 审核结果.xlsx beside it now.

    ``load`` gives the office's scheme of an id: where it has been edited since, a finding says so; ``checks`` as in
    wbt.toml. Raises SettingsError if there is no such result, or it cannot be read.
    """
    data = find_data(place)
    workbook = data.with_suffix(".xlsx")
    written = read_json(data)
    judged = judge(written, read_typed([workbook], HeldParts(written)))
    result = note_edited_schemes(judged.result, load, checks or {}) if load else judged.result
    edited = [item for item in result.findings if load and item.code == EDITED]
    return StoredResult(result, data, workbook, (*edited, *judged.findings))
