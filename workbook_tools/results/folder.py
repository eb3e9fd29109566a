"""审核结果 in its folder: 审核结果.xlsx for people and 审核结果.json for programs, written together and read back together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.faces import AnyPath
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import HeldParts, ResultParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier import EarlierOutputs
from workbook_tools.files.paths import is_saved_by_hand
from workbook_tools.results.judgement import carry_over, find_save_time, judge, read_earlier
from workbook_tools.results.names import RESULT_NAME
from workbook_tools.results.rulings import rule
from workbook_tools.results.tables import OutputLinks
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
    judged = carry_over(review.result, target, RESULT_NAME)
    ruled = rule(judged.result, workbook, find_save_time(workbook), judged.earlier)
    problems = (*judged.findings, *ruled.findings)
    links = OutputLinks(target, review.folder).list_links(ruled.result)
    made_from = digest_facts(ruled.result, judged.judgements, ruled.rulings, links)
    earlier = outputs or EarlierOutputs()
    if all(earlier.stands(path, made_from) for path in (data, workbook)):
        _mark_as_new(data, workbook)
        return StoredResult(ruled.result, data, workbook, problems, unchanged=True)
    aside = write_workbook(
        ruled.result,
        workbook,
        inbox=review.folder,
        judgements=judged.judgements,
        rulings=ruled.rulings,
        data=data,
    )
    earlier.note_as_it_lies(data, made_from)
    if not is_saved_by_hand(workbook):  # somebody may have had it open, and saved it this moment
        earlier.note_as_it_lies(workbook, made_from)
    return StoredResult(ruled.result, data, workbook, problems, aside)


def _mark_as_new(*paths: Path) -> None:
    """The files say what was found now, though it is what was found before: what came later than they is not reviewed yet."""
    for path in paths:
        with suppress(OSError):
            os.utime(path)


def is_behind(folder: Path) -> bool:
    """审核结果.xlsx is of an earlier result than 审核结果.json, or missing: what wrote them broke off between the two."""
    data, workbook = (folder / f"{RESULT_NAME}{ending}" for ending in (".json", ".xlsx"))
    return not workbook.exists() or workbook.stat().st_mtime < data.stat().st_mtime


def carry_rulings(result: ReviewResult, folder: Path) -> ReviewResult:
    """A new review's result with the rulings (接受说明) that stand in the 审核结果.xlsx of the review before it."""
    workbook = folder / f"{RESULT_NAME}.xlsx"
    earlier = read_earlier(folder / f"{RESULT_NAME}.json")
    return rule(result, workbook, find_save_time(workbook), earlier).result


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
    data = Path(place)
    if data.is_dir():
        data /= f"{RESULT_NAME}.json"
    workbook = data.with_suffix(".xlsx")
    judged = judge(read_json(data), workbook)
    ruled = rule(judged.result, workbook, find_save_time(workbook))
    result = note_edited_schemes(ruled.result, load, checks or {}) if load else ruled.result
    edited = [item for item in result.findings if load and item.code == EDITED]
    return StoredResult(result, data, workbook, (*edited, *judged.findings, *ruled.findings))
