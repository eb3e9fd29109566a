"""审核概览: the first sheet of 审核结果. What to do first, where it stands, and the figures behind it, on one screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_tools.core.cells import address
from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.styles import NAMED
from workbook_tools.excel.tables import ROW_HEIGHT, Table, write_rows
from workbook_tools.excel.writing import Scalar, Sheet, sheet_link
from workbook_tools.results.check_list import CHECK_LIST
from workbook_tools.results.facts import ResultEntry, grade_text
from workbook_tools.results.finding_tables import DETAILS, FINDINGS, LISTED, REMARKS, FindingTables
from workbook_tools.results.judging_cells import INDICATORS
from workbook_tools.results.tables import MISSING

AVERAGE = NAMED["decimal_center"]
_WIDTHS = (22, 12, 12, 22, 12, 12, 48)
_LAST = len(_WIDTHS) - 1
_RIGHT = 3
"""The column where the right half begins."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: how much of it there is, where it stands, and how it is done."""

    what: str
    count: int
    unit: str
    sheet: str
    how: str


def list_steps(result: ReviewResult, listed: int) -> Iterator[Step]:
    """What an officer does with a review, in this order; ``listed`` is how many warnings 问题清单 has."""
    faulty = sum(bool(project.findings.error) for project in result.projects)
    loose = {f.file for f in result.findings if f.severity is Severity.ERROR and f.file and not _of_project(f, result)}
    yield Step(
        "退回更正",
        faulty,
        "个项目",
        FINDINGS,
        "有“错误”的退回单位：看“问题清单”最前面几行，再运行 wbt return 生成退回副本和通知",
    )
    if loose:
        yield Step(
            "查看没有采用的文件", len(loose), "个文件", FINDINGS, "读不了、认不出或重复的文件，按“处理建议”向单位要新的"
        )
    yield Step("核实提醒", listed, "件", FINDINGS, "“提醒”不一定是错：点“位置”到那一格看，有疑问的请单位说明")
    yield Step("催报", len(result.missing), "个项目", MISSING, "还没有报的：运行 wbt status 有现成的催报文字")
    yield Step(
        "核定得分",
        len(result.projects),
        "个项目",
        INDICATORS,
        "同意程序得分的不用动；要改的填右侧黄色格，写明理由，再运行 wbt merge、wbt report",
    )


def _of_project(row: Finding, result: ReviewResult) -> bool:
    return any(project.code == row.project_code and project.file == row.file for project in result.projects)


def draw_overview(
    sheet: Sheet, result: ReviewResult, title: str, grades: Sequence[str], projects: Table[ResultEntry],
    tables: FindingTables,
) -> None:  # fmt: skip
    """Fill the sheet: what to do; the files, findings and grades in numbers; what was found most often."""
    sheet.columns(_WIDTHS)
    sheet.merge(0, 0, 0, _LAST, title, "title")
    sheet.row_height(0, 32)
    row = _draw_steps(sheet, 1, list_steps(result, tables.causes[Severity.WARNING]))
    left = _draw_totals(sheet, row + 1, result, projects)
    right = _draw_findings(sheet, row + 1, result, tables)
    row = max(left, right)
    row = _draw_grades(sheet, row + 1, result, grades, projects)
    if any(f.severity in LISTED for f in result.findings):
        row = _draw_common(sheet, row + 1, result, tables.details)
    for i in range(1, row):
        sheet.row_height(i, ROW_HEIGHT)
    sheet.print_setup(landscape=True)


def _draw_heading(sheet: Sheet, row: int, heading: str, headers: Sequence[str], col: int = 0) -> int:
    sheet.write(row, col, heading, "heading")
    return write_rows(sheet, row + 1, col, [headers], ("header",) * len(headers))


def _draw_steps(sheet: Sheet, row: int, steps: Iterator[Step]) -> int:
    sheet.write(row, 0, "先做什么", "heading")
    row += 1
    write_rows(sheet, row, 0, [("要做的事", "数量", "在哪里")], ("header",) * 3)
    sheet.merge(row, _RIGHT, row, _LAST, "怎样做", "header")
    for number, step in enumerate(steps, 1):
        row += 1
        sheet.write(row, 0, f"{number}. {step.what}", "label")
        sheet.write(row, 1, f"{step.count} {step.unit}" if step.count else "没有", "text_center")
        sheet.link(row, 2, sheet_link(step.sheet), step.sheet, NAMED["link"].but(align="center"))
        sheet.merge(row, _RIGHT, row, _LAST, step.how, "text")
    return row + 1


def _draw_totals(sheet: Sheet, row: int, result: ReviewResult, projects: Table[ResultEntry]) -> int:
    scored = [p.total_score for p in result.projects if p.total_score is not None]
    facts: list[Sequence[Scalar]] = [
        ("审核的文件", result.reviewed_files),
        ("有审核结果的项目", len(result.projects)),
        ("其中：已评分", len(scored)),
        ("未报项目", len(result.missing)),
    ]
    row = _draw_heading(sheet, row, "总体情况", ("事项", "个数"))
    row = write_rows(sheet, row, 0, facts, ("label", "text_center"))
    if scored:
        sheet.write(row, 0, "平均得分（分）", "label")
        average = sum(scored) / len(scored)
        sheet.formula(row, 1, f"=AVERAGE({projects.all('total_score')})", AVERAGE, average)
        row += 1
    return row


def _draw_findings(sheet: Sheet, row: int, result: ReviewResult, tables: FindingTables) -> int:
    """Per severity: how many causes, and at how many places."""
    row = _draw_heading(sheet, row, "校验问题", ("性质", "件数", "处数", "说明"), _RIGHT)
    meaning = ("应退回更正", "请核实", f"只供参考，在“{REMARKS}”表")
    places = Counter(f.severity.label for f in result.findings)
    for severity, text in zip(Severity, meaning, strict=True):
        own = tables.remarks if severity is Severity.INFO else tables.listed
        sheet.write(row, _RIGHT, severity.label, "label")
        name = address(row, _RIGHT)
        sheet.formula(
            row, _RIGHT + 1, f"=COUNTIF({own.all('severity')},{name})", "text_center", tables.causes[severity]
        )
        area = tables.details.all("severity")
        sheet.formula(row, _RIGHT + 2, f"=COUNTIF({area},{name})", "text_center", places[severity.label])
        sheet.write(row, _RIGHT + 3, text, "text")
        row += 1
    sheet.write(row, _RIGHT, "查了什么、没有查什么", "label")
    sheet.link(row, _RIGHT + 1, sheet_link(CHECK_LIST), CHECK_LIST, NAMED["link"].but(align="center"))
    sheet.merge(row, _RIGHT + 2, row, _LAST, "没有发现问题，不等于都查过了：缺少内容、没有查的，写明原因", "text")
    return row + 1


def _draw_grades(
    sheet: Sheet, row: int, result: ReviewResult, grades: Sequence[str], projects: Table[ResultEntry]
) -> int:
    row = _draw_heading(sheet, row, "评价等级", ("等级", "项目数"))
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
    row = _draw_heading(sheet, row, f"常见问题（逐处列在“{DETAILS}”表）", ("问题代码", "性质", "处数"))
    sheet.merge(row - 1, _RIGHT, row - 1, _LAST, "问题", "header")
    area = details.all("code")
    for (severity, code), count in ranked:
        title = CODES[code].title if code in CODES else ""
        write_rows(sheet, row, 0, [(code, severity.label)], ("label", "text_center"))
        sheet.formula(row, 2, f"=COUNTIF({area},{address(row, 0)})", "text_center", count)
        sheet.merge(row, _RIGHT, row, _LAST, title, "text")
        row += 1
    return row
