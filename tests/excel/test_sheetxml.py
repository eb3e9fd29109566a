"""A worksheet's XML before it is searched: in one spelling, and no further out than memory allows."""

import pytest

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.sheetxml import normalise_xml, read_formulas

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def with_last_cell(column: str, row: int) -> bytes:
    """A sheet with one cell far from its corner."""
    return SHEET.format(f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>').encode()


@pytest.mark.parametrize(("column", "row"), [("AAA", 11_379), ("A", 1_048_576), ("XFD", 488)])
def test_a_sheet_of_eight_million_cells_is_read(column: str, row: int):
    assert f'r="{column}{row}"'.encode() in normalise_xml(with_last_cell(column, row))


@pytest.mark.parametrize(("column", "row"), [("AAA", 11_380), ("H", 1_048_576), ("XFD", 489)])
def test_a_larger_one_is_refused(column: str, row: int):
    with pytest.raises(UnreadableWorkbook) as caught:
        normalise_xml(with_last_cell(column, row), "表")
    assert caught.value.code == "FILE11"
    assert f"{column}{row}" in caught.value.message


def test_prefixes_comments_and_cells_without_address_are_spelt_as_excel_does():
    odd = (
        "<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><!-- saved by hand -->"
        "<x:sheetData><x:row><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c><x:f>A1*2</x:f><x:v>4</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    assert dict(read_formulas(normalise_xml(odd.encode()))) == {(0, 0): "1+1", (0, 1): "A1*2"}
