"""接受说明: what finance says of units' answers, taken from the yellow cells of 审核结果.xlsx as 核定 is.

A ruling is about one answer to one question. Where the unit answers anew, or the facts change, it is over; a question
that finance has accepted unanswered stays accepted while the facts stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from workbook_tools.core.cells import address
from workbook_tools.core.errors import UnreadableWorkbook, refuse_withheld
from workbook_tools.core.faces import LateModule
from workbook_tools.core.findings import ACCEPTED, REFUSED, Finding, finding
from workbook_tools.core.questions import find_key, is_question
from workbook_tools.core.review_result import ProjectRow, ReviewResult, Ruling
from workbook_tools.core.trust import Trust
from workbook_tools.results.answer_sheet import (
    ANSWER,
    ANSWERS,
    BY,
    CODE,
    NUMBER,
    REASON,
    RULING,
    UNUSED_RULINGS,
    find_unused_rulings,
)
from workbook_tools.results.facts import plain_text
from workbook_tools.review.states import mark_states

if TYPE_CHECKING:
    from workbook_tools.excel import headings, long_tables
    from workbook_tools.results import workbook
else:  # a workbook that is known is not opened
    headings = LateModule("workbook_tools.excel.headings")
    long_tables = LateModule("workbook_tools.excel.long_tables")
    workbook = LateModule("workbook_tools.results.workbook")

_COLUMNS = (CODE, NUMBER, ANSWER, RULING, REASON, BY)
_QUESTION = "提醒"
_ADOPTED = ("REVIEW08",)
"""What is wrong with a ruling that is in force all the same."""
_WORDS = {
    ACCEPTED: ACCEPTED,
    "同意": ACCEPTED,
    "认可": ACCEPTED,
    REFUSED: REFUSED,
    "不同意": REFUSED,
    "不认可": REFUSED,
}


@dataclass(frozen=True, slots=True)
class RuledResult:
    """A result with the rulings in force, all rulings as they stand, and what is wrong with them."""

    result: ReviewResult
    rulings: tuple[Ruling, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RuledFile:
    """The file of a project that finance ruled on."""

    rank: int
    """How far it was to be trusted."""
    name: str

    @classmethod
    def of(cls, project: ProjectRow) -> Self:
        """That which counts now."""
        return cls(project.trust.rank, project.file)

    def outranks(self, now: ProjectRow) -> bool:
        """It was to be trusted further than the file that counts now. The same file after its project was issued anew is that same file:
        the office has changed its list, not the unit its answer."""
        same = now.file == self.name and now.trust is Trust.SUPERSEDED
        return now.trust.rank < self.rank and not same


def apply_rulings(result: ReviewResult, given: Sequence[Ruling], ruled_on: Mapping[str, RuledFile]) -> RuledResult:
    """The result with these rulings in force in place of any it had; its projects are marked by how their findings stand then.

    ``ruled_on`` is the file of each project that counted when finance ruled on it: what was said of a more trusted one is over.
    """
    given, dropped = _drop_less_trusted(given, result, ruled_on)
    unused = {item.key for item in find_unused_rulings(result, given)}
    faults = {item.key: list(_find_faults(item)) for item in given if item.key not in unused}
    sound = {
        item.key: replace(item, ruling=_WORDS[item.ruling])
        for item in given
        if all(fault.code in _ADOPTED for fault in faults.get(item.key, ())) and item.ruling in _WORDS
    }
    ruled = [_apply(row, sound) for row in result.findings]
    over = sound.keys() - unused - {_key(row) for row in ruled if row.ruling}
    told = [*dropped, *(fault for key, found in faults.items() if key not in over for fault in found)]
    kept = tuple(item for item in given if item.key not in over)
    return RuledResult(mark_states(result.model_copy(update={"findings": (*ruled, *told)})), kept, tuple(told))


def _drop_less_trusted(
    given: Sequence[Ruling], result: ReviewResult, ruled_on: Mapping[str, RuledFile]
) -> tuple[list[Ruling], list[Finding]]:
    """The rulings but for those on projects whose file is less trusted than the one that finance ruled on; and what is told of these."""
    fallen = {p.code: p for p in result.projects if (before := ruled_on.get(p.code)) and before.outranks(p)}
    counts = Counter(item.project_code for item in given if item.project_code in fallen)
    told = [
        finding(
            "FILE25",
            f"以前的 {count} 条接受说明是对更可信的文件作的，现在采用的是{fallen[code].trust}，没有沿用",
            project_code=code,
            file=fallen[code].file,
        )
        for code, count in counts.items()
    ]
    return [item for item in given if item.project_code not in fallen], told


def _key(row: Finding) -> tuple[str, str]:
    return row.project_code, find_key(row).number


def _apply(row: Finding, rulings: dict[tuple[str, str], Ruling]) -> Finding:
    """A finding with the ruling about it; without any that it had before."""
    ruling = rulings.get(_key(row)) if is_question(row) else None
    unasked = ruling is not None and ruling.ruling == ACCEPTED and not ruling.answer
    if ruling is None or not (unasked or plain_text(row.answer) == plain_text(ruling.answer)):
        return replace(row, ruling="", ruling_reason="", ruled_by="", ruled_at="") if row.ruling else row
    return replace(row, ruling=ruling.ruling, ruling_reason=ruling.reason, ruled_by=ruling.by, ruled_at=ruling.at)


def keep_ruling_times(rulings: Iterable[Ruling], before: Mapping[tuple[str, str], Ruling]) -> list[Ruling]:
    """The rulings; one that was in force ``before`` and that nobody has touched since with its time there."""
    return [
        replace(item, at=first.at) if (first := before.get(item.key)) and _typed(first) == _typed(item) else item
        for item in rulings
    ]


def _typed(ruling: Ruling) -> tuple[str, str, str]:
    return ruling.ruling, ruling.reason, ruling.by


def _find_faults(ruling: Ruling) -> Iterator[Finding]:
    word = _WORDS.get(ruling.ruling)
    where = {"file": ruling.file, "sheet": ruling.sheet, "cell": ruling.cell, "field": ruling.question}
    if word is None:
        yield finding(
            "REVIEW09",
            project_code=ruling.project_code,
            found=ruling.ruling,
            expected=f"{ACCEPTED}、{REFUSED}",
            **where,
        )
    elif word == REFUSED and not ruling.reason:
        yield finding("REVIEW10", project_code=ruling.project_code, found=ruling.ruling, **where)
    elif not ruling.by:
        yield finding("REVIEW08", project_code=ruling.project_code, **where)


# -- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadRulings:
    """What one workbook holds of rulings."""

    given: tuple[Ruling, ...] = ()
    keys: frozenset[tuple[str, str]] = frozenset()
    """The questions that have rows there, whether anything is typed in them or not."""
    findings: tuple[Finding, ...] = ()


def read_rulings(path: Path, at: str) -> ReadRulings:
    """What is typed in the yellow cells beside the answers, and what is wrong with the sheet; ``at`` is when the file was saved.

    That the file is damaged is told by who reads 核定 from it.
    """
    if not path.is_file():
        return ReadRulings()
    found: dict[tuple[str, str], Ruling] = {}
    keys: set[tuple[str, str]] = set()
    try:
        book = workbook.open_result(path)
        for title in (ANSWERS, UNUSED_RULINGS):
            if title not in book.sheets:
                continue
            table = book.find_table(title, (*_COLUMNS, _QUESTION))
            if missing := [name for name in _COLUMNS if name not in table.columns]:
                message = f"缺少列“{'”“'.join(missing)}”"
                told = finding("REVIEW07", message, file=path.name, sheet=title, expected="、".join(missing))
                return ReadRulings(findings=(told,))
            for ruling in _read_rows(table, title):
                keys.add(ruling.key)
                if ruling.ruling or ruling.reason or ruling.by:
                    found.setdefault(ruling.key, replace(ruling, file=path.name, at=at))
    except UnreadableWorkbook as exc:
        refuse_withheld(exc, path)
        return ReadRulings()
    return ReadRulings(tuple(found.values()), frozenset(keys))


def _read_rows(table: long_tables.FoundTable, title: str) -> Iterator[Ruling]:
    for row, cells in table.rows:
        texts = {name: headings.cell_text(value) for name, value in cells.items()}
        if texts[NUMBER]:
            yield Ruling(
                project_code=texts[CODE],
                number=texts[NUMBER],
                answer=texts[ANSWER],
                ruling=texts[RULING],
                reason=texts[REASON],
                by=texts[BY],
                question=texts.get(_QUESTION, ""),
                sheet=title,
                cell=address(row, table.columns[RULING]),
            )
