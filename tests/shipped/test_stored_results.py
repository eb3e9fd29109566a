"""Every kind of workbook that the program writes, looked at where nothing is calculated: a chat's preview, a mail, a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import OTHER_ENGINES
from long_run import LONG, thin
from office import recalculate_with_libreoffice, requires_libreoffice
from stored_preview import list_shown_differences, read_preview, read_stored_values, render_preview
from stored_values import list_stored_differences, read_stored_formulas
from written_workbooks import KINDS, Office, open_office, write_kind

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office") / "自评")


@pytest.fixture(scope="module", params=thin(KINDS))
def workbooks(request: pytest.FixtureRequest, office: Office, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Those of one kind."""
    found = write_kind(request.param, office, tmp_path_factory.mktemp("kind"))
    assert found
    return found


@requires_libreoffice
def test_what_calamine_reads_is_what_libreoffice_computes_and_no_field_with_a_value_is_blank(workbooks, tmp_path):
    computed = recalculate_with_libreoffice(workbooks, tmp_path)
    assert list_stored_differences(workbooks, lambda *_: computed, tmp_path) == []
    for path, done in zip(workbooks, computed, strict=True):
        theirs = read_stored_values(done)
        assert list_shown_differences(read_stored_values(path), theirs) == [], path.name
        seen = read_preview(render_preview(path))
        assert [f"{sheet}!{cell}" for sheet, cell in theirs if not seen.get(f"{sheet}!{cell}")] == [], path.name


@pytest.mark.parametrize("recalculate", OTHER_ENGINES if LONG else OTHER_ENGINES[-1:])
def test_no_other_program_that_calculates_finds_a_formula_to_change(workbooks, recalculate, tmp_path):
    assert list_stored_differences(workbooks, recalculate, tmp_path) == []


def test_a_formula_cell_without_a_result_is_a_text_and_never_a_number(workbooks):
    for path in workbooks:
        stored = read_stored_formulas(path.read_bytes())
        assert [cell for cell, result in stored.items() if result.kind == "n" and not result.text] == [], path.name
