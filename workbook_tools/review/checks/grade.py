"""GRADE: is the grade the one that the total earns?"""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.core.findings import Finding
from workbook_tools.review.checks.declaring import GRADE, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.rules.library import PENDING


@reports("GRADE01", needs=(GRADE,))
def grade_agrees(form: FilledForm) -> Iterator[Finding]:
    """表中等级应与集中评定一致；等级由总分按方案的分档确定（财预〔2020〕10号）。填报不完整的没有等级。"""
    shown, central = form.submission.shown.get("grade"), form.text("grade")
    if isinstance(shown, str) and shown.strip() and shown.strip() not in (central, PENDING):
        reason = f"（{form.text('pending')}）" if central == PENDING else ""
        yield form.finding("grade", "GRADE01", found=shown, expected=f"{central or '没有等级'}{reason}")


CHECKS: tuple[Check, ...] = (grade_agrees,)
