"""A score that finance has changed is the same, and is said to be changed, in everything that leaves the office."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from result_builder import indicators, project, result

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports import write_reports
from workbook_tools.shipped.blanks import draw_blank_summary_form
from workbook_tools.summary import write_form_tables, write_summaries

BEFORE, AFTER = 92.9, 85.4
"""分, of the first project: 产出指标之1 goes from 22.5 to 15."""


@pytest.fixture(scope="module")
def judged() -> ReviewResult:
    first, second = project(1, place=1, department="甲局"), project(2, place=2, department="甲局")
    rows = indicators(first)
    rows[0] = rows[0].model_copy(
        update={
            "reviewed_score": 15.0,
            "review_reason": "凭证不全",
            "reviewed_by": "李敏",
            "reviewed_at": "2024-03-02 10:00",
        }
    )
    changed = {"reviewed_total": AFTER, "reviewed_grade": "良好", "reviewed_scores": {**first.scores, "产出指标": 40.0}}
    assert (first.total_score, rows[0].score) == (BEFORE, 22.5)
    return result(
        [first.model_copy(update=changed), second], missing=(), findings=(), indicators=(*rows, *indicators(second))
    )


def column(sheet: object, header: str, row: int) -> list[object]:
    """What stands in a row below each heading of these words."""
    found = []
    for line in sheet.iter_rows(max_row=4):  # type: ignore[attr-defined]
        found += [sheet.cell(row, cell.column).value for cell in line if cell.value == header]  # type: ignore[attr-defined]
    return found


def test_summary_and_details_show_both_scores(judged: ReviewResult, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_summaries(judged, tmp_path)[0], data_only=True)
    assert column(book["汇总"], "总分", 5) == [BEFORE, AFTER]
    assert column(book["汇总"], "等级", 5) == ["良好"]
    details = book["指标明细"]
    mine = [row for row in details.iter_rows(min_row=4, values_only=True) if row[0] == "XM0001" and row[4] == "产出之1"]
    header = [cell.value for cell in details[3]]
    assert [dict(zip(header, row, strict=True))["核定得分"] for row in mine] == [15]
    assert [dict(zip(header, row, strict=True))["核定理由"] for row in mine] == ["凭证不全"]


def test_the_table_that_is_sent_up_shows_both_scores(judged: ReviewResult, tmp_path: Path) -> None:
    (tmp_path / "模板.xlsx").write_bytes(draw_blank_summary_form())
    book = openpyxl.load_workbook(write_form_tables(judged, tmp_path, tmp_path / "模板.xlsx")[0][0], data_only=True)
    assert column(book["汇总表"], "得分", 5) == [BEFORE, AFTER]


def test_reports_count_the_reviewed_score_and_say_that_it_is_one(judged: ReviewResult, tmp_path: Path) -> None:
    texts = {path.name: text_of(path) for path in write_reports(judged, tmp_path)}
    own = next(text for name, text in texts.items() if name.startswith("XM0001"))
    assert f"总分原计{BEFORE:g}分，核定后{AFTER:g}分" in own
    together = next(text for name, text in texts.items() if name.startswith("部门"))
    assert f"{AFTER:g}" in together and f"{BEFORE:g}" not in together
    assert "其中1个项目的得分经财政部门核定，按核定后的得分计" in together


def text_of(path: Path) -> str:
    document = Document(io.BytesIO(path.read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])
