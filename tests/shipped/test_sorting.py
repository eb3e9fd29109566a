"""Every list that has filter buttons is sorted and filtered in LibreOffice by each of its columns: nothing is torn by it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest
from long_run import thin
from office import requires_uno, run_uno
from written_workbooks import KINDS, Office, open_office, write_kind

_SORT = Path(__file__).parent.parent / "support" / "uno_sort.py"
_FORMS = {"workbooks.writing", "workbooks.values_only", "word.charts", "shipped.blanks"}
"""Forms and data of charts: they have no lists."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office") / "自评")


def list_filtered(path: Path) -> list[list[object]]:
    """Of each list with filter buttons and two records at least: sheet, first column, heading's row, last column, last row, from 0."""
    found: list[list[object]] = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        if sheet.auto_filter.ref:
            left, top, right, bottom = openpyxl.utils.cell.range_boundaries(sheet.auto_filter.ref)
            if bottom - top > 1 and sheet.cell(top + 2, 1).value is not None:
                found.append([sheet.title, left - 1, top - 1, right - 1, bottom - 1])
    return found


@pytest.mark.slow
@requires_uno
@pytest.mark.parametrize("kind", thin(kind for kind in KINDS if kind not in _FORMS))
def test_no_sort_and_no_filter_tears_a_list_or_changes_another_sheet(kind, office, tmp_path):
    lists = {path: list_filtered(path) for path in write_kind(kind, office, tmp_path)}
    books = [path for path, found in lists.items() if found]
    if kind in ("summary.office_form", "excel.plain_tables"):
        assert books == [], "what is the office's own, or another program's, has no filter buttons"
        return
    assert books
    biggest = max(books, key=lambda path: path.stat().st_size)
    listed = tmp_path / "lists.json"
    listed.write_text(json.dumps({path.name: found for path, found in lists.items()}), "utf-8")
    torn = json.loads(run_uno(_SORT, listed, biggest, timeout=600))
    assert {name: told[:5] for name, told in torn.items() if told} == {}


def test_a_link_to_another_row_finds_it_by_its_number(office, tmp_path):
    """What leads to a row leads to it wherever a sort has put it: no link of a sheet names a row of another one."""
    for path in (
        *write_kind("results.workbook", office, tmp_path / "r"),
        *write_kind("summary.listing_workbook", office, tmp_path / "s"),
    ):
        for sheet in openpyxl.load_workbook(path).worksheets:
            links = [c.hyperlink for row in sheet.iter_rows() for c in row if c.hyperlink and not c.hyperlink.target]
            assert [link.location for link in links if not link.location.endswith("!A1")] == [], (
                path.name,
                sheet.title,
            )
            jumps = [c for row in sheet.iter_rows() for c in row if str(c.value).startswith('=HYPERLINK("#')]
            for cell in jumps:
                sought = re.search(r"MATCH\(([A-Z]+)(\d+),", str(cell.value))
                assert sought is None or int(sought[2]) == cell.row, "a link goes by the number in its own row"
