"""What the reports on several projects say: their lines and cells, in order; and those of the demo, kept in tests/golden.

``python tests/support/group_report_texts.py`` writes the golden texts anew.
"""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from docx.table import Table
from made_demo import show_demo

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import render_group_report
from workbook_tools.reports.found_forms import BRIEF_FORM, DEPARTMENT_FORM, WHOLE_FORM

GOLDEN = Path(__file__).parents[1] / "golden" / "group_reports.txt"
LOOK = ReportAppearance(contents=False, date="2024年4月20日")
DEMO_REPORTS = (
    (DEPARTMENT_FORM, "张掖市交通运输局"),
    (DEPARTMENT_FORM, "曲沃县交通运输局"),
    (WHOLE_FORM, None),
    (BRIEF_FORM, None),
)
"""One department with several projects, one with a single project, and the reports on all."""


def list_lines(document: bytes) -> list[str]:
    """The paragraphs of a report, and the rows of its tables with bars between the cells."""
    lines = []
    for part in Document(io.BytesIO(document)).iter_inner_content():
        if isinstance(part, Table):
            lines += ["｜".join(cell.text.replace("\n", "／") for cell in row.cells) for row in part.rows]
        elif part.text:
            lines.append(part.text)
    return lines


def write_demo_texts(result: ReviewResult) -> str:
    """The golden texts of the demo's result."""
    reports = []
    for form, department in DEMO_REPORTS:
        lines = list_lines(render_group_report(result, form, department, look=LOOK))
        reports.append("\n".join([f"# {department or ''}{form}", *lines]))
    return "\n\n".join(reports) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(write_demo_texts(show_demo().result), "utf-8")
