"""The form for the public: the authority's, with every text whole, on one page where it fits."""

from __future__ import annotations

import io

import openpyxl
import pytest
import result_builder
from builders import MOF, project

from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import content_digest, pack_project, write_content
from workbook_tools.form.layout import build_layout
from workbook_tools.reports.project_tags import ProjectFacts
from workbook_tools.reports.public_version import PublicVersion, make_public
from workbook_tools.rules.scheme import builtin_schemes


def public(scheme: str = "mof-2020", **changes: object) -> PublicVersion:
    row = result_builder.project(1, scheme=scheme, **changes)
    rows = result_builder.indicators(row)
    return make_public(ProjectFacts(row, rows, builtin_schemes()[scheme]))


def read(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).active


@pytest.mark.parametrize("scheme", builtin_schemes())
def test_every_scheme_has_its_form_with_the_scores_of_the_result(scheme: str) -> None:
    made = public(scheme)
    values = [cell.value for row in read(made.form).iter_rows() for cell in row]
    project = made.facts.project
    assert project.name in values
    assert project.total_score in values
    assert f"评价等级：{project.grade}" in values
    assert {row.name for row in made.facts.indicators} <= set(values)
    for row in made.facts.indicators:
        assert {row.target_text, row.actual_text} <= set(values)


def test_a_text_that_is_higher_than_a_row_gets_several_rows() -> None:
    goals = MOF.form.goals
    assert goals is not None
    long = "全县农村公路日常养护由公路段组织实施，涉及十二个乡镇。" * 80
    sheet = read(public(texts={goals.expected: long, goals.actual: "已完成。"}).form)
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == long]
    (merged,) = [area for area in sheet.merged_cells.ranges if cell.coordinate in area]
    heights = [sheet.row_dimensions[row].height for row in range(merged.min_row, merged.max_row + 1)]
    assert len(heights) > 1
    assert max(heights) <= 409
    assert sum(heights) > 600


def test_a_total_without_money_or_scores_leaves_blanks() -> None:
    row = result_builder.unscored(1, scheme="mof-2020", funding={})
    rows = [
        item.model_copy(update={"score": None, "actual": None, "actual_text": ""})
        for item in result_builder.indicators(result_builder.project(1))
    ]
    values = [c.value for r in read(make_public(ProjectFacts(row, rows, MOF)).form).iter_rows() for c in r]
    assert "#N/A" not in values
    assert row.name in values


@pytest.mark.parametrize("text", result_builder.HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    values = [
        c.value for r in read(public(name=f"甲{text}", unit=text).form).iter_rows() for c in r if c.data_type == "f"
    ]
    assert values == []


def test_the_remark_of_the_list_is_not_issued() -> None:
    plain, remarked = project(), project(remark="涉密，不公开")
    digests = {content_digest(write_content(build_layout(item, MOF, Notice()))) for item in (plain, remarked)}
    assert len(digests) == 1
    assert pack_project(plain) == pack_project(remarked)
