"""Rows are taken apart one by one, and come to what all of them together are."""

import pytest

from workbook_tools.excel.row_grammar import RowExtent, measure_rows
from workbook_tools.excel.string_grammar import read_texts
from workbook_tools.excel.written_cells import ERROR, SHARED, measure_lines, take_apart

FIRST = b'<row r="1"><c r="A1" s="2"><v>5</v></c><c r="B1" t="s"><v>0</v></c></row>'
EMPTY = b'<row r="2" ht="3"/>'
LAST = b'<row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D3" s="2"/></row>'


def test_rows_by_themselves():
    one, other, rest = take_apart(FIRST + EMPTY + LAST) or []
    assert [(cell.row, cell.col) for cell in (*one.cells, *other.cells)] == [(0, 0), (0, 1), (2, 0), (2, 3)]
    assert (one.contents, other.contents, rest.cells) == ((5.0, None), (None, None), ())
    assert ({*one.kinds}, {*other.kinds}, {*one.number_styles}) == ({SHARED}, {ERROR}, {2})
    assert (one.extent, other.extent) == (RowExtent(1, 1, 1, 2, is_open=True), RowExtent(2, 3, 3, 1, is_open=True))
    assert measure_lines((one, other, rest)) == measure_rows(FIRST + EMPTY + LAST) == RowExtent(1, 3, 3, 2)
    assert [item.tag.low for item in other.tags if item.tag] == [True, False]


@pytest.mark.parametrize(
    "rows",
    [
        FIRST + FIRST,
        LAST + FIRST,
        FIRST + EMPTY + EMPTY + LAST,
        EMPTY + FIRST,
        FIRST + LAST + EMPTY,
        FIRST[:-6],
        FIRST + FIRST[:-6],
        FIRST + b"</row>",
        b"</row>" + FIRST,
        b'<c r="A1"><v>1</v></c>' + LAST,
        b'<row r="1">' + FIRST,
        FIRST + b'<row r="2">' + LAST,
        b'<row r="4"><c r="B4"/><c r="A4"/></row>',
        b'<row r="4"><c r="A5"/></row>',
        b'<row r="1048577"></row>',
        b'<row r="4"><c r="XFE4"/></row>',
    ],
)
def test_rows_that_are_not_in_order(rows):
    assert measure_lines(take_apart(rows) or []) is None
    assert measure_rows(rows) is None


@pytest.mark.parametrize("rows", [b"", EMPTY, EMPTY + LAST, FIRST + EMPTY, b"\n".join((FIRST, EMPTY, LAST, b""))])
def test_rows_in_order(rows):
    assert measure_lines(take_apart(rows) or []) == measure_rows(rows) is not None


def test_a_row_is_taken_apart_once():
    assert (take_apart(FIRST) or [])[0] is (take_apart(FIRST + LAST) or [])[0]


@pytest.mark.parametrize(
    "odd", [b"<v>1</v>", b"<c></c>", b"x", b'<row r="4"><c r="A4" t="str"><v>_x0031_</v></c></row>']
)
@pytest.mark.parametrize("where", [0, len(FIRST), len(FIRST + EMPTY + LAST)])
def test_anything_else(odd, where):
    rows = FIRST + EMPTY + LAST
    assert take_apart(rows[:where] + odd + rows[where:]) is None


@pytest.mark.parametrize(
    ("items", "texts"),
    [
        ("<si><t>甲</t></si><si><t> 乙 </t></si>", ["甲", "乙"]),
        ('<si><t xml:space="preserve"> 甲 </t></si>\n<si><t>乙</t></si>', [" 甲 ", "乙"]),
        ("<si><t>甲</t></si><si/><si><t>a&lt;b</t></si>", ["甲", "", "a<b"]),
        ("<si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r></si>", ["甲", "乙丙"]),
        ("<si><t>甲</t></si>乙<si><t>丙</t></si>", None),
        ("<si><t>甲</t></si><si><t>_x000D_</t></si>", None),
    ],
)
def test_shared_texts(items, texts):
    part = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9">{items}</sst>'
    assert read_texts(part.encode()) == texts
