"""Every workbook of a whole round, looked at where nothing is calculated: a chat's preview, a mail, a phone."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from engines import ENGINES
from stored_values import list_stored_differences, read_stored_formulas

from workbook_tools.shipped.demo import run_demo

WORKBOOKS = (".xlsx", ".xlsm")


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory) -> list[Path]:
    """All workbooks of the demo, in one folder, each by a name of its own."""
    campaign, flat = tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("flat")
    run_demo(campaign, datetime(2024, 3, 1, 9).astimezone())
    paths = sorted(path for path in campaign.rglob("*") if path.suffix in WORKBOOKS)
    return [Path(shutil.copy(path, flat / f"{number:02}_{path.name}")) for number, path in enumerate(paths)]


@pytest.mark.slow
@pytest.mark.parametrize("recalculate", ENGINES)
def test_no_program_that_calculates_finds_anything_to_change(workbooks, recalculate, tmp_path):
    kinds = {path.name.split("_")[1].removesuffix(".xlsx") for path in workbooks}
    assert kinds >= {"审核结果", "汇总", "汇总表", "QW2021-001"}
    assert list_stored_differences(workbooks, recalculate, tmp_path) == []


@pytest.mark.slow
def test_a_formula_cell_without_a_result_is_a_text_and_never_a_number(workbooks):
    for path in workbooks:
        stored = read_stored_formulas(path.read_bytes())
        assert stored
        assert [cell for cell, result in stored.items() if result.kind == "n" and not result.text] == [], path.name
