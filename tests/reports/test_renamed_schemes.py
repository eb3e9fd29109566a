"""No region, grade or tier is known to the program: under a scheme that calls them otherwise, all else is the same."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
from docx import Document
from filling import Filler, Filling, compact_project, submission
from settling_here import settle_items

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.form.layout import build_layout
from workbook_tools.reports.filling import render_group_report, render_project_report
from workbook_tools.reports.found_forms import DEPARTMENT_FORM
from workbook_tools.review.checks import check
from workbook_tools.review.result_rows import build_indicator_rows, build_project_row
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.scoring import score_all
from workbook_tools.rules.scheme import Scheme, builtin_schemes

FILLINGS = 4


def renamed(scheme: Scheme) -> tuple[Scheme, dict[str, str]]:
    """The scheme of another office: id, names, authority, grades and tiers are others; and each old name's new one."""
    old = [scheme.id, scheme.name, *(b.name for b in scheme.grading.bands), *(t.name for t in scheme.tiers)]
    new = {name: f"other-{i}-" for i, name in enumerate(dict.fromkeys(old))}
    data = scheme.model_dump(mode="json") | {"id": new[scheme.id], "name": new[scheme.name], "authority": "别处"}
    for item in (*data["grading"]["bands"], *data["tiers"]):
        item["name"] = new[item["name"]]
    return Scheme.model_validate(data), new


def reviewed(scheme: Scheme, fillings: list[Filling]) -> ReviewResult:
    """What a review makes of these fillings of one form."""
    layout = build_layout(compact_project(scheme), scheme)
    files = []
    for number, scored in enumerate(score_all([submission(layout, filling) for filling in fillings])):
        row = build_project_row(scored).model_copy(update={"code": f"T{number}", "file": f"T{number}.xlsx"})
        files.append(
            ReviewedFile(
                row.file,
                0.0,
                findings=check(scored),
                scheme=scheme,
                project=row,
                indicators=build_indicator_rows(scored),
            )
        )
    return settle_items(files, (), None, year=2024, scheme=scheme.id)


def words(result: ReviewResult) -> list[str]:
    """All that is said of the projects: the result itself, and the reports made from it."""
    rows = [item.model_dump_json(exclude={"scheme_digest"}) for item in (*result.projects, *result.indicators)]
    found = [f"{item.code} {item.sheet}!{item.cell} {item.message}" for item in result.findings]
    documents = [render_project_report(result, row) for row in result.projects]
    documents.append(render_group_report(result, DEPARTMENT_FORM, result.projects[0].department))
    return [*rows, *found, *(text for data in documents for text in texts(data))]


def texts(document: bytes) -> list[str]:
    opened = Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in opened.paragraphs] + cells


def called_back(text: str, new: Mapping[str, str]) -> str:
    """A text about the renamed scheme in the words of the original."""
    for old, name in new.items():
        text = text.replace(name, old)
    return text


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=list(builtin_schemes()))
def test_a_scheme_with_other_names_gives_the_same_review_and_reports(scheme: Scheme) -> None:
    other, new = renamed(scheme)
    filler = Filler(build_layout(compact_project(scheme), scheme), seed=3)
    fillings = [*(filler.filling() for _ in range(FILLINGS)), filler.complete_filling()]
    translated = [
        {name: new.get(value, value) if isinstance(value, str) else value for name, value in filling.items()}
        for filling in fillings
    ]
    original, alike = reviewed(scheme, fillings), reviewed(other, translated)
    assert [called_back(text, new) for text in words(alike)] == words(original)
    assert {row.grade for row in alike.projects} & {*new.values()}
