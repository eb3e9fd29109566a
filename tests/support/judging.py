"""What finance types into the yellow cells of 审核结果.xlsx."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from workbook_tools.core.result_parts import HeldParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.results.folder import open_earlier
from workbook_tools.results.judging_cells import INDICATORS
from workbook_tools.results.typed_cells import JudgedResult, judge
from workbook_tools.results.typed_reading import read_typed


def type_judgement(
    workbook: Path, score: object, *, code: str = "P001", by: str = "王强", at: datetime | None = None
) -> None:
    """A reviewed score for 养护里程 of a project, with its reason, saved by ``by`` (by nobody where blank), ``at`` that moment."""
    book = openpyxl.load_workbook(workbook)
    sheet: Any = book[INDICATORS]
    heading = next(row for row in sheet.iter_rows() if "核定得分" in [cell.value for cell in row])
    column = {cell.value: cell.column for cell in heading}
    rows = range(heading[0].row + 1, sheet.max_row + 1)
    wanted = {"项目编码": code, "三级指标": "养护里程"}
    row = next(r for r in rows if all(sheet.cell(r, column[name]).value == text for name, text in wanted.items()))
    for name, value in (("核定得分", score), ("核定理由", "现场核实"), ("核定人", "王强")):
        sheet.cell(row, column[name], value)
    if by:
        book.properties.lastModifiedBy = by
    book.save(workbook)
    if at:
        os.utime(workbook, (at.timestamp(),) * 2)


def judge_beside(result: ReviewResult, workbook: Path) -> JudgedResult:
    """A result with what stands in its workbook."""
    return judge(result, read_typed([workbook], HeldParts(result)))


def carry_over(result: ReviewResult, workbook: Path) -> JudgedResult:
    """A new review's result with what stands in the workbook, and the .json beside it, of the review before."""
    typed = read_typed([workbook], open_earlier(workbook.parent))
    return judge(result, typed.move_to(workbook.name, result))
