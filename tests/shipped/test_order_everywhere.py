"""汇总表, which is sent up, and all that goes with it, under each scheme: the list's order, every project, both scores, totals."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from docx import Document
from result_builder import indicators, pending, project, result, under

from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult
from workbook_tools.reports import write_reports
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.shipped.blanks import draw_blank_summary_form
from workbook_tools.summary import write_form_tables, write_summaries

LISTED = ("P9", "P5", "P1", "P3", "P4")
"""The order of the list: 乙局 has the first two, 甲局 the others; P5 has not come, P3 is not complete, P1 was judged."""
CAME = [code for code in LISTED if code != "P5"]


def draw_result(scheme: Scheme) -> ReviewResult:
    weights = {dimension.name: dimension.weight for dimension in scheme.dimensions}
    facts: dict[str, Any] = {"weights": weights, "scores": weights, "grade": scheme.grading.bands[0].name}

    def row(number: int, code: str, department: str, **more: Any) -> ProjectRow:
        make = pending if more.pop("incomplete", False) else project
        own = facts | ({"grade": ""} if make is pending else {}) | more
        return under(
            scheme,
            make(
                number,
                code=code,
                name=f"项目{code}",
                department=department,
                unit=f"{department}本级",
                place=LISTED.index(code) + 1,
                **own,
            ),
        )

    judged = {"reviewed_total": 80.0, "reviewed_grade": scheme.grading.bands[1].name, "reviewed_scores": weights}
    rows = [
        row(9, "P9", "乙局"),
        row(1, "P1", "甲局").model_copy(update=judged),
        row(3, "P3", "甲局", incomplete=True),
        row(4, "P4", "甲局"),
    ]
    gone = MissingRow(code="P5", name="项目P5", department="乙局", unit="乙局本级", reason="未报送", place=2)
    marks = tuple(i for one in rows for i in indicators(one))
    return result(rows, scheme, scheme=scheme.id, missing=(gone,), findings=(), indicators=marks)


@pytest.fixture(scope="module", params=builtin_schemes())
def content(request: pytest.FixtureRequest) -> ReviewResult:
    return draw_result(builtin_schemes()[request.param])


def test_the_table_that_is_sent_up_has_every_project_in_the_lists_order_with_both_scores_and_totals(content, tmp_path):
    form = tmp_path / "模板.xlsx"
    form.write_bytes(draw_blank_summary_form())
    path = write_form_tables(content, tmp_path / "表", form)[0][0]
    sheet = openpyxl.load_workbook(path, data_only=True)["汇总表"]
    rows = list(sheet.iter_rows(min_row=5, max_row=9, values_only=True))
    assert [(row[0], row[1], row[3]) for row in rows] == [
        (n, "乙局" if n < 3 else "甲局", f"项目{code}") for n, code in enumerate(LISTED, 1)
    ]
    assert [cell.value for cell in sheet[3] if cell.value][-4:-2] == ["自评", "核定后"]
    (p9, p5, p1, p3, _), known = rows, {row.code: row for row in content.projects}
    assert [row[8] for row in (p9, p1)] == [known["P9"].total_score, known["P1"].total_score]
    assert p1[9:12] == (known["P1"].grade, 80, known["P1"].reviewed_grade)
    assert p9[9:12] == (known["P9"].grade, known["P9"].total_score, known["P9"].grade)
    assert (p5[9], p5[11], "未报送" in p5[13], p5[4:9]) == ("缺报", "缺报", True, (None,) * 5)
    assert (p3[9], p3[11], "有指标没有填业绩值" in p3[13]) == ("待更正", "待更正", True)
    assert "核定" in p1[13]
    total = next(sheet.iter_rows(min_row=10, max_row=10, values_only=True))
    spent = sum(row.funding[Measure.EXECUTED][FundingSource.TOTAL] or 0 for row in content.projects)
    assert total[6] == pytest.approx(spent), "stored, not only a formula"
    counted = [known[code].final_total or 0 for code in ("P9", "P1", "P4")]
    assert total[10] == pytest.approx(sum(counted) / 3), "without the sum so far of P3"
    assert (sheet.print_title_rows, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("$3:$4", True)


def test_the_summary_its_details_and_the_tables_of_departments_follow_the_same_order(content, tmp_path):
    whole, *departments = write_summaries(content, tmp_path)
    book = openpyxl.load_workbook(whole, data_only=True)
    for name in ("汇总", "资金来源"):
        codes = [row[3] for row in book[name].iter_rows(min_row=5, values_only=True) if row[0] and row[3]]
        assert codes == CAME, name
    assert list(dict.fromkeys(row[0] for row in book["指标明细"].iter_rows(min_row=4, values_only=True))) == CAME
    assert [path.stem for path in departments] == ["汇总_乙局", "汇总_甲局"]


def test_reports_list_the_projects_in_the_same_order(content, tmp_path):
    """The tables that have all projects of a report; others have the best or the worst first."""
    listed = []
    for path in write_reports(content, tmp_path, projects=()):
        own = CAME if path.name.startswith("全部") else CAME[1:] if "甲局" in str(path) else []
        for table in Document(io.BytesIO(path.read_bytes())).tables:
            texts = (cell.text.removeprefix("项目") for row in table.rows for cell in row.cells)
            named = list(dict.fromkeys(text for text in texts if text in CAME))
            if own and set(named) == set(own):
                listed.append(path.name)
                assert named == own, path.name
    assert len(set(listed)) == 2, listed
