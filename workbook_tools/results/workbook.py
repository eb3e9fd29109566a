"""审核结果.xlsx for people, 审核结果.json for programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workbook_tools.core.review_result import Judgement, ReviewResult, Ruling
from workbook_tools.excel.columns import SMALL
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book
from workbook_tools.files.package import MAX_BYTES
from workbook_tools.files.paths import replace_result
from workbook_tools.results.answer_sheet import (
    ANSWERS,
    UNUSED_RULINGS,
    draw_answers,
    draw_unused_rulings,
    find_unused_rulings,
)
from workbook_tools.results.check_list import CHECK_LIST, draw_check_list
from workbook_tools.results.evidence_table import EVIDENCE, draw_evidence, evidence_columns
from workbook_tools.results.facts import STATE_TINTS, ResultEntry, grade_tints, is_reviewed
from workbook_tools.results.finding_tables import DETAILS, FINDINGS, REMARKS, draw_findings
from workbook_tools.results.indicator_table import draw_indicators
from workbook_tools.results.judging_cells import (
    INDICATORS,
    JUDGING_NOTE,
    UNUSED,
    draw_unused,
    find_unused,
    guard_judging_cells,
    judging_columns,
)
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.overview import draw_overview
from workbook_tools.results.second_looks import SECOND_LOOKS, draw_second_looks, has_second_looks, second_look_columns
from workbook_tools.results.spelling import spell_result
from workbook_tools.results.tables import MISSING, PROJECTS, draw_missing, work_columns
from workbook_tools.review.guarded_reading import TypedBook

OVERVIEW = "审核概览"
_MOST_GROWTH = 4
"""So many times as large as the .json a workbook is inflated at most; XlsxWriter's is about as large, LibreOffice's half as much again."""


def open_result(workbook: Path) -> TypedBook:
    """An 审核结果.xlsx, of which the sheets with yellow cells are read back. Raises UnreadableWorkbook.

    It may be as large as what was written beside it makes it.
    """
    data = workbook.with_suffix(".json")
    written = data.stat().st_size if data.is_file() else 0
    return TypedBook(workbook, MAX_BYTES + _MOST_GROWTH * written)


def write_workbook(
    result: ReviewResult,
    path: Path,
    *,
    inbox: Path | None = None,
    judgements: Iterable[Judgement] = (),
    rulings: Iterable[Ruling] = (),
    data: Path | None = None,
) -> Path | None:
    """Write 审核结果.xlsx, and with ``data`` 审核结果.json too: both or neither; with ``inbox`` (the folder that was reviewed) files and cells become links.

    Judgements and rulings as :func:`draw_workbook` takes them. Returns where the workbook that somebody had saved there before was moved.
    Raises OutputError if it cannot be written.
    """
    drawn = draw_workbook(result, OutputLinks(path.parent, inbox), judgements, rulings)
    return write_drawn(drawn, result, path, data)


def write_drawn(drawn: bytes, result: ReviewResult, path: Path, data: Path | None) -> Path | None:
    """The same with the workbook as it was drawn."""
    # The JSON comes first: after a crash between the two the workbook is the old one, which still holds what was typed,
    # when, and the score it was judged from. The other way round they were lost.
    return replace_result(path, drawn, beside={data: spell_result(result)} if data else {})


def draw_workbook(
    result: ReviewResult,
    places: OutputLinks,
    judgements: Iterable[Judgement] = (),
    rulings: Iterable[Ruling] = (),
    part: str = "",
) -> bytes:
    """审核结果.xlsx of a result; of a ``part`` of one, so called, without what is counted over all: the checks and the files.

    ``judgements`` and ``rulings`` stand in the yellow cells as they were typed, also those that are not in force.
    """
    title = name_result(result, part)
    with Book(title=title, kind="审核结果") as book:
        given = {judgement.key: judgement for judgement in judgements}
        rest = find_unused(result, given.values())
        said = {ruling.key: ruling for ruling in rulings}
        idle = find_unused_rulings(result, said.values())
        names = (
            OVERVIEW,
            FINDINGS,
            ANSWERS,
            PROJECTS,
            INDICATORS,
            MISSING,
            *([SECOND_LOOKS] if has_second_looks(result) else []),
            *([EVIDENCE] if result.evidence else []),
            REMARKS,
            DETAILS,
            *([] if part else [CHECK_LIST]),
            *([UNUSED] if rest else []),
            *([UNUSED_RULINGS] if idle else []),
        )
        sheets = {name: book.sheet(name) for name in names}
        tints = grade_tints(result)
        columns = [*work_columns(result, places), *second_look_columns(result), *evidence_columns(result, places)]
        projects = Table(sheets[PROJECTS], columns, PROJECTS, "得分单位：分。资金、自评报告见“汇总”", size=SMALL)
        projects.add_all(ResultEntry(number, project) for number, project in enumerate(result.projects, 1))
        projects.finish(keep=5)
        projects.tint("grade", tints)
        projects.tint("state", STATE_TINTS)
        if is_reviewed(result):
            projects.tint("final_grade", tints)
        indicators, _ = draw_indicators(sheets[INDICATORS], result, places, judging_columns(given), JUDGING_NOTE)
        guard_judging_cells(indicators)
        findings = draw_findings(sheets, result, places)
        if not part:
            draw_check_list(sheets[CHECK_LIST], result)
        draw_missing(sheets[MISSING], result)
        if SECOND_LOOKS in sheets:
            draw_second_looks(sheets[SECOND_LOOKS], result)
        if result.evidence:
            draw_evidence(sheets[EVIDENCE], result, places)
        draw_answers(sheets[ANSWERS], result, places, said)
        if idle:
            draw_unused_rulings(sheets[UNUSED_RULINGS], idle)
        if rest:
            draw_unused(sheets[UNUSED], rest)
        draw_overview(sheets[OVERVIEW], result, title, list(tints), projects, findings, is_part=bool(part))
    return book.bytes()


def name_result(result: ReviewResult, part: str = "") -> str:
    """The title of an 审核结果.xlsx, or of that of a part."""
    return f"{result.authority}{result.year}年度项目支出绩效自评审核结果" + (f"（{part}）" if part else "")
