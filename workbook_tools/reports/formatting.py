"""Figures and texts of a project as its report and its department's report print them."""

from __future__ import annotations

from workbook_tools.core.model import RATE_MEASURES, FundingSource, Measure
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.rules.library import PENDING
from workbook_tools.word.text import Highlighted, Sign, join_texts

BLANK = Highlighted("（未填写）")
"""Of what nobody filled in."""
NOT_COMPUTABLE = Highlighted("（无法计算）")
MISSING_GRADE = Highlighted(PENDING)
"""In place of a grade, of a form that is not complete."""
DRAFT = Highlighted("【草稿，根据填报数据自动生成，请核对】")
EDITED = Highlighted("【草稿，已修改，请确认】")
OUTDATED = Highlighted("【数据有变，原来确认的文字请重新核对】")


def mark_draft(text: str, mark: Highlighted = DRAFT) -> Sign:
    """A text that nobody has accepted, with the mark that says so; before several paragraphs it is one of its own."""
    return join_texts(mark, "\n" if "\n" in text else "", text)


def format_number(value: float | None) -> str:
    """A number as it is printed; nothing for none."""
    return "" if value is None else number_text(value)


def format_percent(value: float | None) -> str:
    """A fraction as it is printed, in %; nothing for none."""
    return "" if value is None else percent_text(value)


def format_amount(project: ProjectRow, measure: Measure, source: FundingSource = FundingSource.TOTAL) -> str:
    """A cell of the funding table as it is printed: 万元, or a rate in %."""
    value = project.amount(measure, source)
    return format_percent(value) if measure in RATE_MEASURES else format_number(value)
