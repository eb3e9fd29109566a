"""审核概览: the first sheet of 审核结果. What to do first, where it stands, and the figures behind it, on one screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from workbook_tools.core.cells import address
from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.questions import is_question
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.excel.cut_texts import cut_to_line
from workbook_tools.excel.references import sheet_link
from workbook_tools.excel.styles import NAMED
from workbook_tools.excel.tables import ROW_HEIGHT, Table, write_rows
from workbook_tools.excel.writing import Scalar, Sheet
from workbook_tools.results.answer_sheet import ANSWERS
from workbook_tools.results.check_list import CHECK_LIST
from workbook_tools.results.facts import LEVEL_TINTS, SETTLED, STATE_TINTS, ResultEntry, grade_text, name_level
from workbook_tools.results.finding_tables import DETAILS, FINDINGS, LISTED, FindingTables, count_causes
from workbook_tools.results.judging_cells import INDICATORS
from workbook_tools.results.tables import MISSING, PROJECTS
from workbook_tools.review.states import find_first, find_unused_files, group_findings

AVERAGE = NAMED["decimal_center"]
_NAME = NAMED["label"].but(wrap=False)
WIDTHS = (21, 11, 11, 2, 34, 8, 6, 6, 56)
LAST_COLUMN = len(WIDTHS) - 1
RIGHT_HALF = 4
"""The column where the right half begins."""
FIRST_SHOWN = 10
"""So many projects are shown on the first screen."""
PAGE_ROWS = 32
"""So many rows fit a printed page."""
UNUSED_FILES = "查看没有采用的文件"
_WAITING = (State.TO_CORRECT, State.TO_EXPLAIN)
"""In these states a unit still has something to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: how much of it there is, where it stands, and how it is done."""

    what: str
    count: int
    unit: str
    sheet: str
    how: str


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much there is to do with a result, or with a part of one."""

    to_correct: int = 0
    """Projects that go back to their units."""
    unused_files: int = 0
    """Files that gave no project that counts."""
    slips: int = 0
    """Rows of 问题清单 about the project list."""
    questions: int = 0
    """Rows of 问题清单 with 提醒 of the units."""
    answers: int = 0
    """单位说明 that nobody has looked at."""
    missing: int = 0
    due: str = ""
    """Until when they may still come."""
    doubtful: int = 0
    """Projects whose file has to be looked into before they are accepted."""
    ready: int = 0
    """Projects that can be accepted, but for these."""
    projects: int = 0
    unseen: int = 0
    """Checks that could not look at everything."""

    def __add__(self, other: WorkCounts) -> WorkCounts:
        sums = {
            one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self) if one.name != "due"
        }
        return WorkCounts(**sums, due=self.due or other.due)


def count_work(result: ReviewResult, questions: int, slips: int) -> WorkCounts:
    """What there is to do with a result; ``questions`` and ``slips`` are counted in 问题清单."""
    states = Counter(project.state for project in result.projects)
    doubtful = sum(p.state is State.READY and not p.trust.is_accepted_in_bulk for p in result.projects)
    return WorkCounts(
        to_correct=states[State.TO_CORRECT],
        unused_files=len(find_unused_files(result)),
        slips=slips,
        questions=questions,
        answers=sum(bool(row.answer) and not row.ruling and is_question(row) for row in result.findings),
        missing=len(result.missing),
        due=next((row.due for row in result.missing if row.due), ""),
        doubtful=doubtful,
        ready=states[State.READY] - doubtful,
        projects=len(result.projects),
        unseen=sum(bool(count.not_run) for count in result.checks),
    )


def list_steps(work: WorkCounts) -> Iterator[Step]:
    """What an officer does with a review, in this order."""
    how = "“待更正”的退回单位：看“问题清单”最前面几行，再运行 wbt return 生成退回副本和通知"
    yield Step("退回更正", work.to_correct, "个项目", FINDINGS, how)
    if work.unused_files:
        how = "读不了、认不出或重复的文件，按“处理建议”向单位要新的"
        yield Step(UNUSED_FILES, work.unused_files, "个文件", FINDINGS, how)
    if work.slips:
        how = "是下发的项目清单的问题，单位改不了：看“问题清单”中写明“是下发内容的问题”的，更正清单后重新下发"
        yield Step("更正项目清单", work.slips, "件", FINDINGS, how)
    yield Step(
        "核实提醒", work.questions, "件", FINDINGS, "“提醒”不一定是错：点“位置”到那一格看，请单位说明，或者自己接受"
    )
    if work.answers:
        how = "单位对提醒已有说明的，看是否说得通，在右侧黄色格接受或不接受；不接受的 wbt return 会再问单位"
        yield Step("看单位说明", work.answers, "条", ANSWERS, how)
    how = "还没有报的：运行 wbt status --remind 写好催报文字"
    what, how = ("等待报送", f"还没有到截止日期 {work.due}，到期再催报") if work.due else ("催报", how)
    yield Step(what, work.missing, "个项目", MISSING, how)
    if work.doubtful:
        how = "不是本期下发的：看“来源说明”，核实后逐个接收：wbt accept 编码 --because 理由"
        yield Step("核实来源", work.doubtful, "个项目", PROJECTS, how)
    how = "没有要改、要说明的了：运行 wbt accept --all 一并接收，或写明编码"
    yield Step("接收", work.ready, "个项目", PROJECTS, how)
    how = "没有发现问题，不等于都查过了：缺少所需的内容、没有查的，“检查清单”写明原因"
    yield Step("看没有查的", work.unseen, "项检查", CHECK_LIST, how)
    how = "同意程序得分的不用动；要改的填右侧黄色格，写明理由，再运行 wbt merge、wbt report"
    yield Step("核定得分", work.projects, "个项目", INDICATORS, how)


def rank_waiting(result: ReviewResult, counts: Counter[tuple[str, str]]) -> list[ProjectRow]:
    """The projects that have to be put right or explained, those with most of it first; ``counts`` as of count_causes."""
    waiting = [project for project in result.projects if project.state in _WAITING]
    return sorted(waiting, key=lambda p: (_WAITING.index(p.state), [-counts[p.code, s.label] for s in LISTED]))


def draw_overview(
    sheet: Sheet,
    result: ReviewResult,
    title: str,
    grades: Sequence[str],
    projects: Table[ResultEntry],
    tables: FindingTables,
    is_part: bool = False,
) -> None:
    """Fill the sheet: what to do, and with which projects first; then what there is in numbers.

    Of a part of a result it leaves out what is counted over all: files and checks.
    """
    sheet.columns(WIDTHS)
    sheet.merge(0, 0, 0, LAST_COLUMN, title, NAMED["title"].but(shrink=True))
    sheet.row_height(0, 32)
    causes = [entry.folded.first for entry in tables.shown]
    steps = list_steps(count_work(result, count_questions(causes), sum(row.of_the_list for row in causes)))
    row = draw_steps(sheet, 1, (step for step in steps if not is_part or step.sheet != CHECK_LIST))
    left = _draw_totals(sheet, row + 1, result, projects, is_part=is_part)
    left = _draw_grades(sheet, left + 1, result, grades, projects)
    right = _draw_first_projects(sheet, row + 1, result, tables)
    right = _draw_findings(sheet, right + 1, result, tables)
    row = max(left, right)
    if any(f.severity in LISTED for f in result.findings):
        below = row + 1
        row = _draw_common(sheet, below, result, tables.details)
        if row > PAGE_ROWS:
            sheet.break_before(below)
    for i in range(1, row):
        sheet.row_height(i, ROW_HEIGHT)
    sheet.print_setup(landscape=True)


def count_questions(causes: Iterable[Finding]) -> int:
    """Of what rows of 问题清单 begin with, the 提醒 that are for the units to explain, or for finance to accept."""
    return sum(name_level(row) == Severity.WARNING.label and not row.of_the_list for row in causes)


def draw_heading(sheet: Sheet, row: int, heading: str, headers: Sequence[str], col: int = 0) -> int:
    """The heading of a block, and those of its columns; the next free row."""
    sheet.write(row, col, heading, "heading")
    return write_rows(sheet, row + 1, col, [headers], ("header",) * len(headers))


def draw_steps(sheet: Sheet, row: int, steps: Iterable[Step]) -> int:
    """What there is to do, a row for each; the next free row."""
    sheet.write(row, 0, "先做什么", "heading")
    row += 1
    write_rows(sheet, row, 0, [("要做的事", "数量", "在哪里")], ("header",) * 3)
    sheet.merge(row, 3, row, LAST_COLUMN, "怎样做", "header")
    for number, step in enumerate(steps, 1):
        row += 1
        sheet.write(row, 0, f"{number}. {step.what}", "label")
        sheet.write(row, 1, f"{step.count} {step.unit}" if step.count else "没有", "text_center")
        sheet.link(row, 2, sheet_link(step.sheet), step.sheet, NAMED["link"].but(align="center"))
        sheet.merge(row, 3, row, LAST_COLUMN, step.how, "text")
    return row + 1


def _draw_totals(sheet: Sheet, row: int, result: ReviewResult, projects: Table[ResultEntry], *, is_part: bool) -> int:
    """How many projects are in each state, and what came."""
    scored = [p.total_score for p in result.projects if p.total_score is not None and p.grade]
    row = draw_heading(sheet, row, "项目状态", ("状态", "项目数"))
    states = Counter(project.state for project in result.projects)
    for state in State:
        sheet.write(row, 0, state.value, "label")
        if state is State.MISSING:
            sheet.write(row, 1, len(result.missing), "text_center")
        else:
            formula = f"=COUNTIF({projects.all('state')},{address(row, 0)})"
            sheet.formula(row, 1, formula, "text_center", states[state])
        row += 1
    pending = sum(p.total_score is not None and not p.grade for p in result.projects)
    facts: list[Sequence[Scalar]] = [
        *([] if is_part else [("审核的文件", result.reviewed_files)]),
        ("已评分的项目", len(scored)),
        *([("填报不完整的项目", pending)] if pending else []),
    ]
    row = write_rows(sheet, row, 0, facts, ("label", "text_center"))
    if scored:
        sheet.write(row, 0, "平均得分（分）", "label")
        average = sum(scored) / len(scored)
        sheet.formula(row, 1, f"=AVERAGE({projects.all('total_score')})", AVERAGE, average)
        row += 1
    return row


def _draw_findings(sheet: Sheet, row: int, result: ReviewResult, tables: FindingTables) -> int:
    """Per level: how many causes, and at how many places."""
    row = draw_heading(sheet, row, "校验问题", ("性质", "件数", "处数"), RIGHT_HALF)
    places = Counter(map(name_level, result.findings))
    for level in LEVEL_TINTS:
        own = tables.remarks if level == Severity.INFO.label else tables.listed
        if level == SETTLED and not places[level]:
            continue
        sheet.write(row, RIGHT_HALF, level, "label")
        for col, table, count in ((1, own, tables.causes[level]), (2, tables.details, places[level])):
            formula = f"=COUNTIF({table.all('severity')},{address(row, RIGHT_HALF)})"
            sheet.formula(row, RIGHT_HALF + col, formula, "text_center", count)
        row += 1
    return row


def _draw_first_projects(sheet: Sheet, row: int, result: ReviewResult, tables: FindingTables) -> int:
    """The projects with most to put right, then those with most to explain, each with the first thing and the way to it."""
    row = draw_heading(sheet, row, "先看这些项目", ("项目", "状态", "错误", "提醒", "最先要改或核实的"), RIGHT_HALF)
    counts = count_causes(entry.folded for entry in tables.shown)
    ranked = rank_waiting(result, counts)
    for project, own in group_findings(ranked[:FIRST_SHOWN], result.findings):
        sheet.write(row, RIGHT_HALF, cut_to_line(project.name, WIDTHS[RIGHT_HALF], _NAME), _NAME)
        tint = STATE_TINTS[project.state.value]
        look = NAMED["text_center"].but(fill=tint.fill, colour=tint.colour)
        sheet.write(row, RIGHT_HALF + 1, project.state.value, look)
        for col, severity in enumerate(LISTED, RIGHT_HALF + 2):
            sheet.write(row, col, counts[project.code, severity.label], "text_center")
        _write_first_thing(sheet, row, project.first_step, find_first(own), tables)
        row += 1
    return end_ranking(sheet, row, len(ranked), "项目", PROJECTS)


def end_ranking(sheet: Sheet, row: int, count: int, kind: str, rest: str) -> int:
    """Below the first of so many of a kind: that there are none, or on which sheet the others stand; the next free row."""
    if not count:
        sheet.merge(row, RIGHT_HALF, row, LAST_COLUMN, "（没有要改或核实的）", "text_center")
        return row + 1
    if count > FIRST_SHOWN:
        sheet.write(row, RIGHT_HALF, f"……共 {count} 个{kind}，其余见“{rest}”", "note_line")
        row += 1
    return row


def _write_first_thing(sheet: Sheet, row: int, step: str, first: Finding | None, tables: FindingTables) -> None:
    """What is wrong first, on one line, with the way to its row of 问题清单."""
    number = next((entry.number for entry in tables.shown if first in entry.folded.all), None)
    if first is None or number is None:
        sheet.write(row, LAST_COLUMN, cut_to_line(step, WIDTHS[LAST_COLUMN], NAMED["text_line"]), "text_line")
        return
    where = "!".join(filter(None, (first.sheet, first.cell)))
    text = cut_to_line(f"{where} {first.message}".strip(), WIDTHS[LAST_COLUMN], NAMED["link"])
    sheet.formula(
        row, LAST_COLUMN, tables.listed.jump("number", str(number), text), NAMED["link"].but(wrap=False), text
    )


def _draw_grades(
    sheet: Sheet, row: int, result: ReviewResult, grades: Sequence[str], projects: Table[ResultEntry]
) -> int:
    row = draw_heading(sheet, row, "评价等级", ("等级", "项目数"))
    counts = Counter(map(grade_text, result.projects))
    for name in grades:
        sheet.write(row, 0, name, "label")
        sheet.formula(row, 1, f"=COUNTIF({projects.all('grade')},{address(row, 0)})", "text_center", counts[name])
        row += 1
    return row


def _draw_common(sheet: Sheet, row: int, result: ReviewResult, details: Table[Finding]) -> int:
    """The most frequent findings, those first that are to be put right."""
    counts = Counter((f.severity, f.code) for f in result.findings if f.severity in LISTED)
    severities = list(Severity)
    ranked = sorted(counts.items(), key=lambda item: (severities.index(item[0][0]), -item[1], item[0][1]))
    row = draw_heading(sheet, row, f"常见问题（逐处列在“{DETAILS}”表）", ("问题代码", "性质", "处数"))
    sheet.merge(row - 1, 3, row - 1, LAST_COLUMN, "问题", "header")
    area = details.all("code")
    for (severity, code), count in ranked:
        title = CODES[code].title if code in CODES else ""
        write_rows(sheet, row, 0, [(code, severity.label)], ("label", "text_center"))
        sheet.formula(row, 2, f"=COUNTIF({area},{address(row, 0)})", "text_center", count)
        sheet.merge(row, 3, row, LAST_COLUMN, title, "text")
        row += 1
    return row
