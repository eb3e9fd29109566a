"""What a viewer shows that does not calculate: the stored values of the formula cells."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from builders import KEY, KEYS, MOF, answers, project
from checking import good
from engines import ENGINES
from filling import BLANK_PROJECT, Filler, compact_project, workbook_of
from long_run import thin
from python_calamine import CalamineWorkbook
from stored_values import list_stored_differences, read_stored_formulas
from surgery import Patient

from workbook_tools.core.model import Answers
from workbook_tools.form.fields import Evaluation, Role
from workbook_tools.form.identity import Seal
from workbook_tools.form.layout import build_layout
from workbook_tools.review import review_folder
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.workbooks.writing import Return, build_workbook, draw_workbook

SCHEMES = list(builtin_schemes().values())


def stored(data: bytes, sheet: str, cell: tuple[int, int]) -> object:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(sheet).to_python()[cell[0]][cell[1]]


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_an_issued_form_shows_without_a_calculation_what_an_unfilled_form_shows(scheme, approved):
    given = compact_project(scheme, approved=approved)
    layout = build_layout(given, scheme)
    figures = Evaluation(layout, {item.name: item.value for item in layout.role(Role.INPUT)})
    found = read_stored_formulas(build_workbook(given, scheme, KEY))
    assert len(found) >= len(list(layout.role(Role.FORMULA)))
    for item in layout.role(Role.FORMULA):
        expected = figures[item.name]
        assert found[item.sheet, item.cell].value == ("" if expected is None else expected), item.name


def test_the_projects_name_and_the_state_of_the_form_are_stored():
    data, layout = build_workbook(project(), MOF, KEY), build_layout(project(), MOF)
    for name, expected in (("form_project_name", project().name), ("form_unit", project().unit)):
        item = layout.fields[name]
        assert stored(data, item.sheet, (item.span.row, item.span.col)) == expected
    label, found = layout.fields["total_label"], read_stored_formulas(data)
    assert found[label.sheet, label.cell].value == Evaluation(layout, {})["total_label"] != ""


def test_a_figure_is_stored_with_the_digits_it_has_and_an_empty_text_as_a_text():
    given = project(answers=answers())
    data, layout = build_workbook(given, MOF, KEY), build_layout(given, MOF)
    with zipfile.ZipFile(BytesIO(data)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name]
    text = "".join(sheets)
    assert "<v></v></c>" in text  # some formula gives nothing
    assert all('t="str"' in cell for cell in text.split("<c ") if cell.endswith("<v></v></c>"))
    total = read_stored_formulas(data)[layout.fields["total_score"].sheet, layout.fields["total_score"].cell]
    assert total.kind == "n" and total.text == f"{round(float(total.text), 2):g}"


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Unfilled and prefilled at random under schemes, and the blank forms."""
    folder = tmp_path_factory.mktemp("forms")
    made = []
    for scheme in thin(SCHEMES):
        for approved in (True, False):
            given = compact_project(scheme, approved=approved)
            path, layout = workbook_of(given, scheme, folder / f"{scheme.id}-issued-{approved}.xlsx")
            filled = folder / f"{scheme.id}-returned-{approved}.xlsx"
            filled.write_bytes(draw_workbook(layout, Seal.on(layout, KEY), Return(answers=Filler(layout).filling())))
            made += [path, filled]
        made.append(workbook_of(BLANK_PROJECT, scheme, folder / f"{scheme.id}-blank.xlsx")[0])
    return made


@pytest.mark.slow
@pytest.mark.parametrize("recalculate", ENGINES)
def test_other_programs_find_nothing_to_change_in_issued_and_returned_forms(forms, recalculate, tmp_path):
    assert list_stored_differences(forms, recalculate, tmp_path) == []


def test_a_program_that_saves_what_was_typed_and_calculates_nothing_blames_nobody(tmp_path):
    """What such a file shows is still the issued form: no proof that its total or grade was another."""
    blank = good().model_copy(update={"answers": Answers()})
    typed, patient = build_layout(good(), MOF), Patient(build_workbook(blank, MOF, KEY), stale=True)
    for item in typed.role(Role.INPUT):
        if item.value is not None:
            patient.put(item.sheet, item.cell, item.value)
    (tmp_path / "表.xlsx").write_bytes(patient.bytes())
    assert [finding.code for finding in review_folder(tmp_path, keys=KEYS).result.findings] == []
