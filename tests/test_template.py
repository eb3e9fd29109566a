"""The locked workbook: what a person can and cannot do in it."""

from io import BytesIO

import openpyxl
import pytest
from builders import KEY, MOF, answers, project
from office import ooxml_errors, requires_ooxml_validator

from workbook_tools.errors import TemplateError
from workbook_tools.form import guide
from workbook_tools.form.fields import Role
from workbook_tools.form.layout import SHEETS, build_layout
from workbook_tools.model import Project
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.template import build_workbook

SCHEMES = list(builtin_schemes().values())


def in_scheme(project: Project, scheme) -> Project:
    """The project with the scheme's own names of dimensions and categories."""
    names = {d.name.removesuffix("指标"): d for d in scheme.dimensions}
    fitted = []
    for indicator in project.indicators:
        dimension = names.get(indicator.dimension.removesuffix("指标"), scheme.dimensions[0])
        fitted.append(indicator.model_copy(update={"dimension": dimension.name, "category": dimension.categories[0]}))
    return project.model_copy(update={"indicators": tuple(fitted)})


def load(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda s: s.id)
@pytest.mark.parametrize("approved", [True, False], ids=["approved", "open"])
def test_exactly_the_inputs_are_unlocked(scheme, approved):
    given = in_scheme(project() if approved else project(indicators=()), scheme)
    book = load(build_workbook(given, scheme, KEY))
    layout = build_layout(given, scheme)
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and not isinstance(cell, openpyxl.cell.cell.MergedCell)
    }
    assert unlocked == {(f.sheet, f.cell) for f in layout.role(Role.INPUT)}
    assert all(sheet.protection.sheet for sheet in book)


def test_every_input_and_formula_has_a_defined_name_that_points_to_it():
    book = load(build_workbook(project(), MOF, KEY))
    layout = build_layout(project(), MOF)
    for role in (Role.INPUT, Role.FORMULA, Role.FIXED):
        for item in layout.role(role):
            title, cell = next(book.defined_names[item.name].destinations)
            assert (title, cell.replace("$", "")) == (item.sheet, item.cell)


def test_every_formula_cell_holds_the_layouts_formula_and_no_stale_result():
    data = build_workbook(project(), MOF, KEY)
    book, shown = load(data), openpyxl.load_workbook(BytesIO(data), data_only=True)
    layout = build_layout(project(), MOF)
    for item in layout.role(Role.FORMULA):
        assert book[item.sheet][item.cell].value == "=" + layout.formula(item)
        assert shown[item.sheet][item.cell].value in (None, "")


def test_every_input_of_a_fixed_kind_has_a_validation_or_a_prompt():
    book = load(build_workbook(project(), MOF, KEY))
    covered = {
        (sheet.title, cell)
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        for cells in rule.sqref.ranges
        for cell in [cells.coord.split(":")[0]]
    }
    inputs = {(f.sheet, f.cell) for f in build_layout(project(), MOF).role(Role.INPUT)}
    assert inputs <= covered


def test_tabs_stand_in_their_order_and_identity_is_hidden():
    book = load(build_workbook(project(), MOF, KEY))
    assert book.sheetnames == [*SHEETS, guide.IDENTITY]
    assert book[guide.IDENTITY].sheet_state == "hidden"


def test_the_same_project_gives_the_same_bytes():
    assert build_workbook(project(), MOF, KEY) == build_workbook(project(), MOF, KEY)


def test_prefilled_answers_do_not_change_what_is_signed():
    empty, full = (load(build_workbook(project(answers=a), MOF, KEY)) for a in (None, answers()))
    for row in range(1, 8):
        assert empty[guide.IDENTITY].cell(row, 2).value == full[guide.IDENTITY].cell(row, 2).value


def test_a_project_without_indicators_gets_open_rows_for_every_category():
    layout = build_layout(project(indicators=()), MOF)
    names = {(r.indicator.dimension, r.indicator.category) for r in layout.rows}
    assert names == {(d.name, c) for d in MOF.dimensions for c in d.categories}
    assert all(layout.fields[r.name("weight")].role is Role.INPUT for r in layout.rows)


def test_a_text_that_no_cell_can_hold_is_a_clear_error():
    with pytest.raises(TemplateError, match="32767"):
        build_workbook(project(annual_goal="长" * 40000), MOF, KEY)


@requires_ooxml_validator
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda s: s.id)
def test_workbooks_are_valid_open_xml(scheme, tmp_path):
    for name, given in (
        ("approved", in_scheme(project(), scheme)),
        ("open", project(indicators=())),
        ("hostile", in_scheme(project(name="<&>\"'路=1+1\n二期😀𠮷", department="@甲\t乙"), scheme)),
    ):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(build_workbook(given, scheme, KEY))
        assert ooxml_errors(path) == []
