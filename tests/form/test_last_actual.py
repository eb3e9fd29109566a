"""What was reached the year before stands as a grey column beside what is to be filled in, where the scheme asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import INDICATORS, KEY, MOF, project
from checking import found, good, places, read_file, variant
from filling import workbook_of
from office import ooxml_errors, requires_ooxml_validator
from plain_writing import list_different_parts, read_parts
from surgery import Patient

from workbook_tools.core.model import Indicator, Project
from workbook_tools.form import evaluation
from workbook_tools.form.fields import Notice, Role
from workbook_tools.form.identity import Seal, project_digest, unpack
from workbook_tools.form.layout import build_layout
from workbook_tools.form.shapes import Shapes, is_same_drawing
from workbook_tools.form.table_columns import arrange_columns, without_added_columns
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.workbooks import stamping
from workbook_tools.workbooks.writing import build_workbook, draw_workbook

NOTICE = Notice()
LAST = ("98公里", "94.5%", "1.6万元", "部分路段有所改善", "")
"""Of each indicator of the builders' project; the last one is new."""


def with_last(**changes: Any) -> Project:
    rows: tuple[Indicator, ...] = tuple(
        one.model_copy(update={"last_actual": text, "last_target": "≥1", "last_score": 9.5})
        for one, text in zip(INDICATORS, LAST, strict=True)
    )
    return good(indicators=rows, **changes)


def asking(scheme: Scheme = MOF, **settings: Any) -> Scheme:
    return variant(scheme, form={"last_actual": True, **settings})


SCHEME = asking()


def keys(given: Project, scheme: Scheme, group: str = "printed") -> list[str]:
    return [column.key for column in getattr(arrange_columns(build_layout(given, scheme)), group)]


def issued(given: Project) -> Project:
    return given.model_copy(update={"answers": None})


@pytest.mark.parametrize("name", sorted(builtin_schemes()))
def test_the_column_stands_before_the_actual_and_is_grey_text(name: str) -> None:
    scheme = asking(builtin_schemes()[name])
    layout = build_layout(with_last(), scheme)
    shown = keys(with_last(), scheme)
    assert shown.index("last_actual") + 1 == shown.index("actual")
    fields = [layout.fields.get(f"indicator_{n:03d}_last_actual") for n in range(1, 6)]
    assert [(f.value, f.role) if f else None for f in fields] == [*((text, Role.FIXED) for text in LAST[:4]), None]
    headings = [item.value for item in layout.sheets[evaluation.TITLE].fields if item.role is Role.LABEL]
    assert f"上年{scheme.form.labels.actual}（供对照）" in headings


def test_without_the_setting_the_form_is_what_it_was() -> None:
    assert "last_actual" not in MOF.content()["form"]
    plain = good()
    assert read_parts(build_workbook(with_last(), MOF, KEY)) == read_parts(build_workbook(plain, MOF, KEY))


def test_it_is_absent_where_there_is_nothing_to_show_and_from_the_public_form() -> None:
    assert "last_actual" not in keys(project(), SCHEME)
    assert "last_actual" not in keys(project(indicators=()), SCHEME)
    public = without_added_columns(SCHEME)
    assert "last_actual" not in [*keys(with_last(), public), *keys(with_last(), public, "beside")]


def test_an_office_that_prints_its_own_columns_alone_has_it_beside_the_table() -> None:
    beside = asking(added_columns="beside")
    assert "last_actual" in keys(with_last(), beside, "beside")
    assert "last_actual" not in keys(with_last(), beside)


def test_it_is_signed_where_it_is_shown_and_the_project_is_the_same_one() -> None:
    for scheme, shown in ((SCHEME, list(LAST)), (MOF, [""] * 5)):
        content = unpack(Seal.on(build_layout(with_last(), scheme), KEY).content)
        assert content is not None
        assert [one.last_actual for one in content.project.indicators] == shown
        assert {(one.last_target, one.last_score) for one in content.project.indicators} == {("", None)}
        assert project_digest(content.project) == project_digest(project())


def test_it_comes_back_unread_and_a_change_is_tampering(tmp_path: Path) -> None:
    reading, findings = found(with_last(), tmp_path, SCHEME)
    assert places([*reading.findings, *findings]) == []
    assert reading.submission is not None
    assert not [name for name in reading.submission.answers if name.endswith("last_actual")]
    item = reading.submission.layout.fields["indicator_002_last_actual"]
    patient = Patient(build_workbook(with_last(), SCHEME, KEY))
    patient.put(item.sheet, item.cell, "99.5%")
    (tmp_path / "P001.xlsx").write_bytes(patient.bytes())
    assert [cell for _, cell in places(read_file(tmp_path / "P001.xlsx").findings)] == [f"{item.sheet}!{item.cell}"]


def test_it_is_drawn_alike_by_shape_by_stencil_and_by_xlsxwriter() -> None:
    shapes = Shapes()
    for number in range(6):
        given = issued(with_last(code=f"P{number}", name=f"第{number}条道路养护"))
        rows = tuple(
            row.model_copy(update={"last_actual": row.last_actual and f"{row.last_actual}（第{number}号）"})
            for row in given.indicators
        )
        given = given.model_copy(update={"indicators": rows})
        bound, drawn = shapes.bind(given, SCHEME, NOTICE), build_layout(given, SCHEME, NOTICE)
        assert is_same_drawing(bound, drawn)
        seal = Seal.on(drawn, KEY)
        assert stamping.stamp_workbook(bound, seal) == draw_workbook(drawn, seal)
    assert shapes.bound >= 3
    layout = build_layout(issued(with_last()), SCHEME, NOTICE)
    assert list_different_parts(lambda: draw_workbook(layout, Seal.on(layout, KEY))) == []


@requires_ooxml_validator
def test_the_form_is_valid(tmp_path: Path) -> None:
    path, _ = workbook_of(with_last(), SCHEME, tmp_path / "P001.xlsx")
    assert ooxml_errors(path) == []
