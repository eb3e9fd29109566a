"""Workbooks with errors that are reviewed and returned."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from builders import KEYS, answers, project
from docx import Document

from workbook_tools.core.model import Answers, IndicatorAnswer
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.form.identity import SigningKey
from workbook_tools.returns import write_returns
from workbook_tools.returns.returned import Returned
from workbook_tools.review import review_folder

DEPARTMENT = project().department


def wrong(**changes: object) -> Answers:
    """Two errors: a text for a number, and a loss without a reason; and a warning: no phone."""
    given = list(answers().indicators)
    given[0] = IndicatorAnswer(actual="很多")
    given[4] = IndicatorAnswer(actual=81.0)
    info = {**answers().info, "phone": ""}
    return answers(indicators=tuple(given), info=info).model_copy(update=changes)


def review(folder: Path, keys: dict[str, SigningKey] = KEYS) -> ReviewResult:
    return review_folder(folder, keys=keys, authority="示例县财政局").result


def returns(inbox: Path, folder: Path, keys: dict[str, SigningKey] = KEYS, by: str = "2025年3月10日") -> list[Returned]:
    return write_returns(review(inbox, keys), inbox, folder, keys, by=by, contact="绩效股 0350-1234567")


def text_of(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs) + "\n" + "\n".join(table_of(path))


def table_of(path: Path) -> Iterable[str]:
    for table in Document(str(path)).tables:
        for row in table.rows:
            yield "|".join(cell.text for cell in row.cells)
