"""审核结果.xlsx of a large result: what to do and where it stands, a row for each department with the way to its workbook, and what is
counted over all. The projects themselves stand in the departments' workbooks.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbook_tools.core.cells import address
from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.result_parts import NO_ROWS
from workbook_tools.core.review_result import MissingRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.excel.columns import SMALL, Column, Link
from workbook_tools.excel.references import file_link
from workbook_tools.excel.styles import NAMED, Tint
from workbook_tools.excel.tables import ROW_HEIGHT, Table, write_rows
from workbook_tools.excel.writing import Book, Scalar, Sheet
from workbook_tools.results.answer_sheet import UNUSED_RULINGS, draw_unused_rulings
from workbook_tools.results.check_list import CHECK_LIST, draw_check_list
from workbook_tools.results.department_books import DepartmentVolume
from workbook_tools.results.facts import LEVEL_TINTS, PENDING, SETTLED, UNSCORED, grade_text, grade_tints, name_level
from workbook_tools.results.finding_tables import DETAILS, FINDINGS, LISTED, REMARKS, FindingTables, draw_findings
from workbook_tools.results.judging_cells import UNUSED, draw_unused
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.overview import (
    AVERAGE,
    FIRST_SHOWN,
    LAST_COLUMN,
    PAGE_ROWS,
    RIGHT_HALF,
    UNUSED_FILES,
    WIDTHS,
    Step,
    WorkCounts,
    count_questions,
    count_work,
    draw_heading,
    draw_steps,
    end_ranking,
    list_steps,
)
from workbook_tools.results.tables import MISSING, draw_missing
from workbook_tools.results.typed_cells import JudgedResult
from workbook_tools.results.workbook import OVERVIEW, name_result
from workbook_tools.review.folding import fold_findings
from workbook_tools.rules.library import rate

DEPARTMENTS = "各部门"
_NOTE = (
    "一行一个主管部门。点部门名称打开它的工作簿：问题、得分都在里面，核定得分、接受说明也填在里面。\n"
    "件数是问题清单、说明的行数；平均得分不计没有得分和填报不完整的项目。"
)
_STATES = (State.TO_CORRECT, State.TO_EXPLAIN, State.READY, State.ACCEPTED)
_LEVEL_KEYS = {level: f"level:{level}" for level in LEVEL_TINTS}


@dataclass(frozen=True, slots=True)
class DepartmentEntry:
    """A department, counted."""

    number: int
    name: str
    volumes: Sequence[DepartmentVolume]
    states: Mapping[State, int]
    missing: int
    grades: Mapping[str, int]
    tints: Mapping[str, Tint]
    """The grades that its projects can have, best first."""
    points: float
    """The computed totals together that count in the average."""
    scored: int
    judged: int
    """Projects in which finance has changed a score."""
    causes: Mapping[str, int]
    """Rows of 问题清单 and 说明 by level."""
    common: Sequence[tuple[Severity, str, int]]
    """Severities and codes with the number of places."""
    work: WorkCounts

    @property
    def arrived(self) -> int:
        """Projects that came."""
        return self.work.projects


def count_department(
    part: ReviewResult, department: str, volumes: Sequence[DepartmentVolume], number: int
) -> DepartmentEntry:
    """What 审核结果.xlsx tells of a department, from its part."""
    folded = [one.first for one in fold_findings(part.findings, part.projects, part.missing)]
    listed = [row for row in folded if row.severity in LISTED]
    scored = [p.total_score for p in part.projects if p.total_score is not None and p.grade]
    own = part.model_copy(update={"checks": ()})
    return DepartmentEntry(
        number=number,
        name=department or NO_DEPARTMENT,
        volumes=volumes,
        states=Counter(p.state for p in part.projects),
        missing=len(part.missing),
        grades=Counter(map(grade_text, part.projects)),
        tints=grade_tints(part),
        points=sum(scored),
        scored=len(scored),
        judged=sum(p.reviewed for p in part.projects),
        causes=Counter(map(name_level, folded)),
        common=[(*key, count) for key, count in _count_listed(part).items()],
        work=count_work(own, count_questions(listed), sum(row.of_the_list for row in listed)),
    )


@dataclass(frozen=True)
class ResultOverview:
    """What 审核结果.xlsx of a large result holds."""

    rest: JudgedResult
    """What belongs to no department; what is typed of projects that the result does not have."""
    entries: Sequence[DepartmentEntry]
    missing: Sequence[MissingRow] = field(repr=False)

    @property
    def head(self) -> ReviewResult:
        """What is said once of all."""
        return self.rest.result

    def draw(self, folder: Path, inbox: Path | None) -> bytes:
        """The workbook, for this folder."""
        title, places = name_result(self.head), OutputLinks(folder, inbox)
        with Book(title=title, kind="审核结果") as book:
            rest = self.rest
            names = (
                OVERVIEW,
                DEPARTMENTS,
                MISSING,
                *([FINDINGS, REMARKS, DETAILS] if rest.result.findings else []),
                CHECK_LIST,
                *([UNUSED] if rest.judgements else []),
                *([UNUSED_RULINGS] if rest.rulings else []),
            )
            sheets = {name: book.sheet(name) for name in names}
            table = _draw_departments(sheets[DEPARTMENTS], self.entries, folder)
            draw_missing(sheets[MISSING], self.head.model_copy(update={**NO_ROWS, "missing": tuple(self.missing)}))
            found = draw_findings(sheets, rest.result, places) if rest.result.findings else None
            draw_check_list(sheets[CHECK_LIST], self.head)
            if rest.judgements:
                draw_unused(sheets[UNUSED], rest.judgements)
            if rest.rulings:
                draw_unused_rulings(sheets[UNUSED_RULINGS], rest.rulings)
            _draw_overview(sheets[OVERVIEW], title, self, table, found, folder)
        return book.bytes()


# -- 各部门 -----------------------------------------------------------------------------------------------------------


def _draw_departments(sheet: Sheet, entries: Sequence[DepartmentEntry], folder: Path) -> Table[DepartmentEntry]:
    columns = _list_columns(entries, folder)
    table = Table(sheet, columns, DEPARTMENTS, _NOTE, size=SMALL)
    table.add_all(entries)
    if entries:
        table.add_total({"department": "合计"})
    table.finish(keep=2)
    return table


def _list_columns(entries: Sequence[DepartmentEntry], folder: Path) -> list[Column[DepartmentEntry]]:
    def count(
        key: str, header: str, value: Callable[[DepartmentEntry], Scalar], group: str = "", width: float = 5
    ) -> Column[DepartmentEntry]:
        return Column(key, header, width, value, "count", group, total="sum")

    is_judged = any(entry.judged for entry in entries)
    return [
        Column("number", "序号", 4, lambda e: e.number, "text_center"),
        Column("department", "主管部门", 20, lambda e: Link(_name(e), _link(e, folder)), whole=True, least=14),
        count("expected", "应报", lambda e: e.arrived + e.missing),
        count("arrived", "已报", lambda e: e.arrived),
        count("missing", State.MISSING.value, lambda e: e.missing or None),
        *(count(state, state.value, _count_in(state), "状态（个）") for state in _STATES),
        count("scored", "已评分", lambda e: e.scored),
        Column("points", "得分\n合计", 8, lambda e: e.points, "decimal", total="sum"),
        Column("average", "平均\n得分", 6, _average, "decimal", rule=rate("points", "scored"), total="rule"),
        *([count("judged", "已核定", lambda e: e.judged or None)] if is_judged else ()),
        *(count(f"grade:{name}", name, _count_grade(name), "评价等级（个）") for name in _list_grades(entries)),
        *(count(key, level, _count_causes(level), "问题（件）", 4.5) for level, key in _LEVEL_KEYS.items()),
        count("answers", "待看\n说明", lambda e: e.work.answers or None),
    ]


def _name(entry: DepartmentEntry) -> str:
    return entry.name if len(entry.volumes) == 1 else f"{entry.name}（共{len(entry.volumes)}册）"


def _link(entry: DepartmentEntry, folder: Path) -> str:
    return file_link(Path(os.path.relpath(entry.volumes[0].path, folder)).as_posix())


def _average(entry: DepartmentEntry) -> Scalar:
    return entry.points / entry.scored if entry.scored else None


def _count_in(state: State) -> Callable[[DepartmentEntry], Scalar]:
    return lambda entry: entry.states.get(state) or None


def _count_grade(name: str) -> Callable[[DepartmentEntry], Scalar]:
    return lambda entry: entry.grades.get(name) or None


def _count_causes(level: str) -> Callable[[DepartmentEntry], Scalar]:
    return lambda entry: entry.causes.get(level) or None


def _list_grades(entries: Sequence[DepartmentEntry]) -> list[str]:
    """Those of all departments, best first; last those that are none, where there are such."""
    known = dict.fromkeys(name for entry in entries for name in entry.tints)
    used = {name for entry in entries for name, count in entry.grades.items() if count}
    last = (PENDING, UNSCORED)
    return [*(name for name in known if name not in last), *(name for name in last if name in used)]


# -- 审核概览 ---------------------------------------------------------------------------------------------------------


def _draw_overview(
    sheet: Sheet,
    title: str,
    result: ResultOverview,
    table: Table[DepartmentEntry],
    found: FindingTables | None,
    folder: Path,
) -> None:
    sheet.columns(WIDTHS)
    sheet.merge(0, 0, 0, LAST_COLUMN, title, NAMED["title"].but(shrink=True))
    row = draw_steps(sheet, 1, map(_place_step, list_steps(_count_all(result, found))))
    left = _draw_states(sheet, row + 1, result, table)
    left = _draw_levels(sheet, left + 1, result, table, found)
    right = _draw_first(sheet, row + 1, result.entries, folder)
    row = max(left, right)
    if common := _count_common(result):
        below = row + 1
        row = _draw_common(sheet, below, common)
        if row > PAGE_ROWS:
            sheet.break_before(below)
    for i in range(1, row):
        sheet.row_height(i, ROW_HEIGHT)
    sheet.row_height(0, 32)
    sheet.print_setup(landscape=True)


def _place_step(step: Step) -> Step:
    """Most of what is to be done stands in the departments' workbooks."""
    return (
        step if step.sheet in (MISSING, CHECK_LIST) or step.what == UNUSED_FILES else replace(step, sheet=DEPARTMENTS)
    )


def _count_all(result: ResultOverview, found: FindingTables | None) -> WorkCounts:
    causes = [entry.folded.first for entry in found.shown] if found else []
    rest = count_work(result.head, count_questions(causes), sum(row.of_the_list for row in causes))
    return sum((entry.work for entry in result.entries), rest)


def _draw_states(sheet: Sheet, row: int, result: ResultOverview, table: Table[DepartmentEntry]) -> int:
    row = draw_heading(sheet, row, "项目状态", ("状态", "项目数"))
    for state in State:
        missing = state is State.MISSING
        count = sum(entry.missing if missing else entry.states.get(state, 0) for entry in result.entries)
        sheet.write(row, 0, state.value, "label")
        sheet.formula(row, 1, f"=SUM({table.all('missing' if missing else state)})", "text_center", count)
        row += 1
    scored = sum(entry.scored for entry in result.entries)
    facts: list[Sequence[Scalar]] = [("审核的文件", result.head.reviewed_files), ("已评分的项目", scored)]
    row = write_rows(sheet, row, 0, facts, ("label", "text_center"))
    if scored:
        sheet.write(row, 0, "平均得分（分）", "label")
        average = sum(entry.points for entry in result.entries) / scored
        sheet.formula(row, 1, f"=SUM({table.all('points')})/SUM({table.all('scored')})", AVERAGE, average)
        row += 1
    return row


def _draw_levels(
    sheet: Sheet, row: int, result: ResultOverview, table: Table[DepartmentEntry], found: FindingTables | None
) -> int:
    """Of each level how many causes, those that belong to no department too."""
    row = draw_heading(sheet, row, "校验问题", ("性质", "件数"))
    for level, key in _LEVEL_KEYS.items():
        rest = found.causes[level] if found else 0
        count = sum(entry.causes.get(level, 0) for entry in result.entries) + rest
        if level == SETTLED and not count:
            continue
        formula = f"=SUM({table.all(key)})"
        if found:
            own = found.remarks if level == Severity.INFO.label else found.listed
            formula += f"+COUNTIF({own.all('severity')},{address(row, 0)})"
        sheet.write(row, 0, level, "label")
        sheet.formula(row, 1, formula, "text_center", count)
        row += 1
    return row


def _draw_first(sheet: Sheet, row: int, entries: Sequence[DepartmentEntry], folder: Path) -> int:
    """The departments with most to put right, then with most to explain, each with the way to its workbook."""
    headers = ("主管部门", "待更正", "待说明", "缺报", "打开它的工作簿")
    row = draw_heading(sheet, row, "先看这些部门", headers, RIGHT_HALF)
    waiting = [entry for entry in entries if entry.states.get(State.TO_CORRECT) or entry.states.get(State.TO_EXPLAIN)]
    ranked = sorted(waiting, key=lambda e: (-e.states.get(State.TO_CORRECT, 0), -e.states.get(State.TO_EXPLAIN, 0)))
    for entry in ranked[:FIRST_SHOWN]:
        sheet.write(row, RIGHT_HALF, entry.name, NAMED["label"].but(wrap=False, shrink=True))
        counts = (entry.states.get(State.TO_CORRECT, 0), entry.states.get(State.TO_EXPLAIN, 0), entry.missing)
        for col, number in enumerate(counts, RIGHT_HALF + 1):
            sheet.write(row, col, number, "text_center")
        look = NAMED["link"].but(wrap=False, shrink=True)
        sheet.link(row, LAST_COLUMN, _link(entry, folder), entry.volumes[0].path.name, look)
        row += 1
    return end_ranking(sheet, row, len(ranked), "部门", DEPARTMENTS)


def _count_common(result: ResultOverview) -> Counter[tuple[Severity, str]]:
    counts = _count_listed(result.head)
    for entry in result.entries:
        counts.update({(severity, code): count for severity, code, count in entry.common})
    return counts


def _count_listed(result: ReviewResult) -> Counter[tuple[Severity, str]]:
    return Counter((row.severity, row.code) for row in result.findings if row.severity in LISTED)


def _draw_common(sheet: Sheet, row: int, counts: Counter[tuple[Severity, str]]) -> int:
    """The most frequent findings of all departments, those first that are to be put right."""
    order = list(Severity)
    ranked = sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1]))
    row = draw_heading(sheet, row, "常见问题（各部门合计）", ("问题代码", "性质", "处数"))
    sheet.merge(row - 1, 3, row - 1, LAST_COLUMN, "问题", "header")
    for (severity, code), count in ranked:
        write_rows(sheet, row, 0, [(code, severity.label, count)], ("label", "text_center", "text_center"))
        sheet.merge(row, 3, row, LAST_COLUMN, CODES[code].title if code in CODES else "", "text")
        row += 1
    return row
