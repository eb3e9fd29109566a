"""A worksheet's XML before it is searched: in one spelling, and no further out than memory allows."""

import pytest
from raw_workbooks import at, opened, parts

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.excel.sheet_grammar import read_plainly
from workbook_tools.excel.sheetxml import read_formulas


def opened_with_last_cell(column: str, row: int) -> RawWorkbook:
    """A workbook whose sheet has one cell, far from its corner."""
    return opened(parts(f'<sheetData><row r="{row}"><c r="{column}{row}"><v>1</v></c></row></sheetData>'))


@pytest.mark.parametrize(("column", "row"), [("AAA", 5_689), ("A", 1_048_576), ("XFD", 244)])
def test_a_sheet_of_four_million_cells_is_read(column: str, row: int):
    assert at(opened_with_last_cell(column, row), f"{column}{row}") == 1


@pytest.mark.parametrize(("column", "row"), [("AAA", 5_690), ("D", 1_048_576), ("XFD", 245)])
def test_a_larger_one_is_refused(column: str, row: int):
    with pytest.raises(UnreadableWorkbook) as caught:
        at(opened_with_last_cell(column, row), f"{column}{row}")
    assert caught.value.code == "FILE31"
    assert f"{column}{row}" in caught.value.message


def test_prefixes_comments_and_cells_without_address_are_spelt_as_excel_does():
    odd = (
        "<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><!-- saved by hand -->"
        "<x:sheetData><x:row><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c><x:f>A1*2</x:f><x:v>4</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    assert dict(read_formulas(read_plainly(odd.encode(), "表").xml)) == {(0, 0): "1+1", (0, 1): "A1*2"}
