"""Any character in any name and text: whole in the report, read back through python-docx, and valid Open XML."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from long_run import thin
from office import ooxml_errors_of, requires_ooxml_validator
from result_builder import indicators, project, result

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import render_group_report, render_project_report
from workbook_tools.reports.found_forms import DEPARTMENT_FORM
from workbook_tools.rules.scheme import builtin_schemes

NAME = "“甲&乙”<丙>'丁' \"戊\" {{ 己 }} {% for %} {# ]]> \U0002a6a5\U00020bb7\U0003106c 😀👩‍👩‍👧 龘靐 &lt;&#65; =1+1 ＜％＞"
"""On one line: signs of XML and of tags, an entity that is none, characters beyond the BMP, a joined emoji."""
TEXT = f"一\t二\n{NAME}\n" + "字𠮷" * 5_000
"""With a tab and line breaks, and 10,000 characters in its last line."""
LOOK = ReportAppearance(cover=True, red_head=NAME, document_number=NAME, date=NAME)


def hostile_result(scheme: str, text: str = TEXT) -> ReviewResult:
    """One project in which every name is NAME and every text is TEXT, or another one."""
    chosen = builtin_schemes()[scheme]
    row = project(
        1,
        scheme=scheme,
        name=NAME,
        department=NAME,
        unit=NAME,
        grade=NAME,
        annual_goal=text,
        period_goal=text,
        execution_reason=text,
        texts={section.key: text for section in chosen.texts},
    )
    changes = {"name": NAME, "category": NAME, "unit": NAME, "target_text": NAME, "actual_text": NAME}
    rows = [i.model_copy(update={**changes, "deviation_reason": text}) for i in indicators(row)]
    return result([row], indicators=tuple(rows))


def report(scheme: str, text: str = TEXT) -> bytes:
    found = hostile_result(scheme, text)
    return render_project_report(found, found.projects[0], look=LOOK)


@pytest.mark.parametrize("scheme", builtin_schemes())
def test_every_name_and_text_comes_out_whole(scheme: str) -> None:
    document = Document(io.BytesIO(report(scheme)))
    body = "\n".join(p.text for p in document.paragraphs)
    assert body.count(TEXT) >= len(builtin_schemes()[scheme].texts)
    assert f"2021年度{NAME}\n项目支出绩效自评报告" in body
    assert {NAME, f"实施单位：{NAME}"} <= set(body.split("\n"))
    assert document.core_properties.title == f"{NAME}项目支出绩效自评报告"
    last = {cell.text for row in document.tables[-1].rows for cell in row.cells}
    assert {NAME, TEXT} <= last


@pytest.mark.slow
@requires_ooxml_validator
def test_the_documents_are_valid(tmp_path: Path) -> None:
    """With the same signs in a shorter text, whose length is held above."""
    short = TEXT[:200]
    paths = []
    for scheme in thin([*builtin_schemes()][1:], 3):
        paths.append(tmp_path / f"{scheme}.docx")
        paths[-1].write_bytes(report(scheme, short))
    paths.append(tmp_path / "部门.docx")
    paths[-1].write_bytes(render_group_report(hostile_result("quwo", short), DEPARTMENT_FORM, NAME, look=LOOK))
    assert NAME in "\n".join(p.text for p in Document(str(paths[-1])).paragraphs)
    assert {path.name: errors for path, errors in ooxml_errors_of(paths).items() if errors} == {}
