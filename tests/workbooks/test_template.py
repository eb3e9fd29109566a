"""The locked workbook: what a person can and cannot do in it."""

from typing import Any

import openpyxl
import pytest
from builders import KEY, MOF, answers, project
from filling import compact_project
from long_run import thin
from office import ooxml_errors_of, requires_ooxml_validator
from quick_loading import load_quickly

from workbook_tools.core.errors import TemplateError
from workbook_tools.core.model import Indicator
from workbook_tools.form import identity_sheet
from workbook_tools.form.fields import Role
from workbook_tools.form.layout import TABS, build_layout
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.workbooks import buttons
from workbook_tools.workbooks.writing import build_workbook

SCHEMES = list(builtin_schemes().values())
with_and_without_macros = pytest.mark.parametrize("macros", [False, True], ids=["xlsx", "xlsm"])


def load(data: bytes) -> openpyxl.Workbook:
    return load_quickly(data)


@pytest.mark.parametrize(
    ("scheme", "approved", "macros"),
    [*((scheme, approved, False) for scheme in SCHEMES for approved in (True, False)), (MOF, True, True)],
)
def test_exactly_the_inputs_are_unlocked(scheme, approved, macros):
    """Macros are one sheet more, the same under every scheme."""
    given = compact_project(scheme, approved=approved)
    book = load(build_workbook(given, scheme, KEY, macros=macros))
    layout = build_layout(given, scheme)
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in book
        if sheet.sheet_state != "veryHidden"
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and not isinstance(cell, openpyxl.cell.cell.MergedCell)
    }
    assert unlocked == {(f.sheet, f.cell) for f in layout.role(Role.INPUT)}
    assert all(sheet.protection.sheet for sheet in book)


@with_and_without_macros
def test_every_input_and_formula_has_a_defined_name_that_points_to_it(macros):
    book = load(build_workbook(project(), MOF, KEY, macros=macros))
    layout = build_layout(project(), MOF)
    for role in (Role.INPUT, Role.FORMULA, Role.FIXED):
        for item in layout.role(role):
            title, cell = next(book.defined_names[item.name].destinations)
            assert (title, cell.replace("$", "")) == (item.sheet, item.cell)


@with_and_without_macros
def test_every_formula_cell_holds_the_layouts_formula(macros):
    book, layout = load(build_workbook(project(), MOF, KEY, macros=macros)), build_layout(project(), MOF)
    for item in layout.role(Role.FORMULA):
        assert book[item.sheet][item.cell].value == "=" + layout.formula(item)


@with_and_without_macros
def test_every_input_of_a_fixed_kind_has_a_validation_or_a_prompt(macros):
    book = load(build_workbook(project(), MOF, KEY, macros=macros))
    covered = {
        (sheet.title, cell)
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        for cells in rule.sqref.ranges
        for cell in [cells.coord.split(":")[0]]
    }
    inputs = {(f.sheet, f.cell) for f in build_layout(project(), MOF).role(Role.INPUT)}
    assert inputs <= covered


def test_a_stated_completion_may_reach_the_end_of_the_highest_tier_and_no_more():
    book, layout = load(build_workbook(compact_project(MOF), MOF, KEY)), build_layout(compact_project(MOF), MOF)
    (stated,) = (item for item in layout.role(Role.INPUT) if item.part == "stated")
    rules = book[stated.sheet].data_validations.dataValidation
    (rule,) = (r for r in rules if stated.cell in r.sqref and r.type in ("decimal", "custom"))
    assert (float(rule.formula1), float(rule.formula2)) == (0.0, max(tier.upper for tier in MOF.tiers))


def test_the_macros_know_the_fields_sheet_by_sheet_from_above_to_below():
    layout = build_layout(compact_project(MOF), MOF)
    records = load(build_workbook(compact_project(MOF), MOF, KEY, macros=True))[buttons.TITLE]
    names = [row[0] for row in records.iter_rows(min_row=2, max_col=1, values_only=True) if row[0] in layout.fields]
    places = [(TABS.index(f.sheet), f.span.row, f.span.col) for f in (layout.fields[name] for name in names)]
    assert places == sorted(places)
    assert {f.name for f in layout.role(Role.INPUT)} <= set(names)


@with_and_without_macros
def test_tabs_stand_in_their_order_and_identity_is_hidden(macros):
    book = load(build_workbook(project(), MOF, KEY, macros=macros))
    assert book.sheetnames == [*TABS, identity_sheet.TITLE, *([buttons.TITLE] if macros else [])]
    assert book[identity_sheet.TITLE].sheet_state == "hidden"


@with_and_without_macros
def test_the_same_project_gives_the_same_bytes(macros):
    assert build_workbook(project(), MOF, KEY, macros=macros) == build_workbook(project(), MOF, KEY, macros=macros)


@with_and_without_macros
def test_prefilled_answers_do_not_change_what_is_signed(macros):
    empty, full = (load(build_workbook(project(answers=a), MOF, KEY, macros=macros)) for a in (None, answers()))
    for row in range(1, 8):
        assert empty[identity_sheet.TITLE].cell(row, 2).value == full[identity_sheet.TITLE].cell(row, 2).value


def test_a_project_without_indicators_gets_open_rows_for_every_category():
    layout = build_layout(project(indicators=()), MOF)
    names = {(r.indicator.dimension, r.indicator.category) for r in layout.rows}
    assert names == {(d.name, c) for d in MOF.dimensions for c in d.categories}
    assert all(layout.fields[r.name("weight")].role is Role.INPUT for r in layout.rows)


def test_a_text_that_no_cell_can_hold_is_a_clear_error():
    with pytest.raises(TemplateError, match="32767"):
        build_workbook(project(annual_goal="长" * 40000), MOF, KEY)


@requires_ooxml_validator
def test_workbooks_are_valid_open_xml(tmp_path):
    """Forms of schemes, with hostile names, and one with macros: these are parts of their own beside the same sheets."""
    made = {"macros.xlsm": build_workbook(compact_project(MOF), MOF, KEY, macros=True)}
    for scheme in thin(SCHEMES, 3):
        hostile = {"name": "<&>\"'路=1+1\n二期😀𠮷", "department": "@甲\t乙"}
        made[f"{scheme.id}-approved.xlsx"] = build_workbook(
            compact_project(scheme).model_copy(update=hostile), scheme, KEY
        )
        made[f"{scheme.id}-open.xlsx"] = build_workbook(compact_project(scheme, approved=False), scheme, KEY)
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    found = ooxml_errors_of(sorted(tmp_path.iterdir()))
    assert found == {tmp_path / name: [] for name in made}


def _sheet_with(indicators: int) -> Any:
    rows = tuple(
        Indicator(dimension="产出指标", category="数量指标", name=f"指标{i}", weight=90 / indicators, target=1)
        for i in range(indicators)
    )
    return load(build_workbook(project(indicators=rows), MOF, KEY))["自评表"]


@pytest.mark.parametrize("indicators", [1, 5, 12])
def test_a_form_of_up_to_twelve_indicators_is_printed_on_one_page_with_its_signature(indicators: int) -> None:
    sheet = _sheet_with(indicators)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)


def test_a_long_form_is_printed_on_several_pages_and_no_signature_stands_alone() -> None:
    sheet = _sheet_with(40)
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.max_row - sheet.row_breaks.brk[-1].id >= 5
    assert sheet.page_setup.scale >= 57
