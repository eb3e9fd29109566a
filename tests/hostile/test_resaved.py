"""A workbook that another program has only opened and saved has no finding.

LibreOffice, Gnumeric and openpyxl really save it. Excel and WPS are not at hand: what they change by themselves is done to the
parts, as it is known of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import KEYS
from damage import operated, workbook
from office import recalculate_with_gnumeric, recalculate_with_libreoffice, requires_gnumeric, requires_libreoffice
from saved_anew import saved_by_excel, saved_by_openpyxl, saved_by_wps

from workbook_tools.workbooks.reading import read_submission


def found(path: Path) -> list[str]:
    """All that is found."""
    return [item.code for item in read_submission(path, KEYS).findings]


@pytest.mark.parametrize(
    "save", [operated(saved_by_excel), operated(saved_by_wps), saved_by_openpyxl], ids=["Excel", "WPS", "openpyxl"]
)
def test_what_a_program_changes_when_it_saves_is_no_finding(save, tmp_path: Path) -> None:
    path = tmp_path / "P001.xlsx"
    path.write_bytes(save(workbook()))
    assert found(path) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "save",
    [
        pytest.param(recalculate_with_libreoffice, id="LibreOffice", marks=requires_libreoffice),
        pytest.param(recalculate_with_gnumeric, id="Gnumeric", marks=requires_gnumeric),
    ],
)
def test_what_a_program_really_saves_is_no_finding(save, tmp_path: Path) -> None:
    path = tmp_path / "P001.xlsx"
    path.write_bytes(workbook())
    [saved] = save([path], tmp_path / "saved")
    assert found(saved) == []
