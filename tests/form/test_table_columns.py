"""What a unit types on 自评表 stands in the printed table, where one reads on to it; a form that needs no more has the authority's columns alone."""

from __future__ import annotations

import pytest
from builders import INDICATORS, project

from workbook_tools.core.model import Direction, Project
from workbook_tools.form import evaluation, status
from workbook_tools.form.fields import Layout, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.form.table_columns import arrange_columns, without_added_columns
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme

SCHEMES = tuple(sorted(builtin_schemes()))
OPEN = project(indicators=())
QUANTITIES = project(indicators=tuple(i for i in INDICATORS if i.direction is not Direction.QUALITATIVE))


def printed_keys(given: Project, scheme: Scheme) -> list[str]:
    return [column.key for column in arrange_columns(build_layout(given, scheme)).printed]


def authority_keys(scheme: Scheme) -> list[str]:
    return [str(column.key) for column in scheme.form.columns]


def inputs_beside_the_print(layout: Layout) -> list[str]:
    plan = layout.sheets[evaluation.TITLE]
    assert plan.print_last
    return [item.name for item in plan.fields if item.role is Role.INPUT and item.span.last_col > plan.print_last[1]]


def with_everything(scheme: Scheme) -> Scheme:
    """Indicators may not apply, and a unit may take points off itself."""
    total = scheme.total.model_copy(update={"rebase": True, "self_deduction": True})
    return scheme.model_copy(update={"total": total})


@pytest.mark.parametrize("given", [project(), OPEN], ids=["approved", "open"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_that_a_unit_types_is_printed(scheme: str, given: Project) -> None:
    loaded = load_scheme(scheme)
    assert inputs_beside_the_print(build_layout(given, loaded)) == []
    assert inputs_beside_the_print(build_layout(given, with_everything(loaded))) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_tier_and_the_completion_follow_the_actual(scheme: str) -> None:
    keys = printed_keys(project(), load_scheme(scheme))
    at = keys.index("actual")
    assert keys[at : at + 3] == ["actual", "tier", "completion"]
    assert [key for key in keys if key not in ("tier", "completion")] == [
        key for key in authority_keys(load_scheme(scheme)) if key != "completion"
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_the_unit_types_stands_in_the_order_in_which_it_is_filled_in(scheme: str) -> None:
    layout = build_layout(project(), load_scheme(scheme))
    parts = ("actual", "tier", "stated", "deviation_reason")
    places = [layout.fields[f"indicator_004_{part}"].span for part in parts]
    assert len({span.row for span in places}) == 1
    assert [span.col for span in places] == sorted(span.col for span in places)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_drafted_indicator_reads_from_its_sign_to_its_unit(scheme: str) -> None:
    keys = printed_keys(OPEN, load_scheme(scheme))
    at = keys.index("target")
    assert keys[at - 1 : at + 2] == ["direction", "target", "unit"]
    at = keys.index("actual")
    assert keys[at : at + 4] == ["actual", "tier", "stated", "completion"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_form_of_quantities_has_the_columns_of_the_authority_alone(scheme: str) -> None:
    loaded = load_scheme(scheme)
    columns = arrange_columns(build_layout(QUANTITIES, loaded))
    assert [(c.key, c.heading, c.width) for c in columns.printed] == [
        (c.key, c.label, c.width) for c in loaded.form.columns
    ]
    assert "tier" not in [column.key for column in columns.beside]


@pytest.mark.parametrize("given", [project(), OPEN], ids=["approved", "open"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_may_keep_to_the_columns_of_the_authority(scheme: str, given: Project) -> None:
    own = without_added_columns(load_scheme(scheme))
    columns = arrange_columns(build_layout(given, own))
    assert [column.key for column in columns.printed] == authority_keys(own)
    assert {"tier", "answered"} <= {column.key for column in columns.beside}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_table_of_approved_indicators_is_hardly_wider_than_that_of_the_authority(scheme: str) -> None:
    loaded = load_scheme(scheme)
    own = sum(column.width for column in loaded.form.columns)
    printed = arrange_columns(build_layout(project(), loaded)).printed
    assert sum(column.width for column in printed) <= 1.12 * own


def test_where_a_quantity_asks_no_tier_the_cell_says_so() -> None:
    layout = build_layout(project(), load_scheme("mof-2020"))
    asked = layout.fields["indicator_004_tier"].span
    column = [item for item in layout.sheets[evaluation.TITLE].fields if item.span.col == asked.col]
    rows = [layout.fields[f"indicator_{number:03d}_actual"].span.row for number in (1, 2, 3, 5)]
    assert {item.span.row: (item.role, item.value) for item in column if item.span.row in rows} == dict.fromkeys(
        rows, (Role.LABEL, "—")
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_checks_are_listed_in_the_order_in_which_a_row_is_filled_in(scheme: str) -> None:
    layout = build_layout(project(), load_scheme(scheme))
    listed = [item.link for item in layout.sheets[status.TITLE].fields if item.role is Role.LABEL and item.link]
    own = [name.removeprefix("indicator_004_") for name in listed if name.startswith("indicator_004_")]
    assert own == ["actual", "tier", "stated", "deviation_reason"]
