"""A table that is read piece by piece says what it says as a whole, and a made-up file costs no more than it may."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from raw_workbooks import NOWHERE, parts, rows, zipped

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel import long_tables
from workbook_tools.excel.long_tables import FoundTable, UnusualSpelling, read_table, stream_table
from workbook_tools.excel.reading import open_workbook
from workbook_tools.excel.writing import Book

WANTED = ("编码", "名称", "得分", "理由")
STRINGS = "".join(f"<si><t>{text}</t></si>" for text in ("编码", "名称", "A1", " 甲 ", "理由"))


def listed(table: FoundTable) -> tuple[dict[str, int], list[tuple[int, dict[str, object]]]]:
    """A table, without its rows that hold nothing."""
    found = ((row.number, {name: v for name, v in row.values.items() if v is not None}) for row in table.rows)
    return dict(table.columns), [(number, values) for number, values in found if values]


def both(data: bytes, title: str = "表", wanted: tuple[str, ...] = WANTED) -> list[object]:
    """What is read piece by piece, and as a whole."""
    return [listed(read(open_workbook(NOWHERE, data=data), title, wanted)) for read in (stream_table, read_table)]


@pytest.fixture(params=[100, 700, 2_000_000])
def _pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces that end anywhere."""
    monkeypatch.setattr(long_tables, "_PIECE", request.param)


def draw() -> bytes:
    """A table as ours are: title, note, heading, numbers, texts, results of formulas, empty cells."""
    with Book() as book:
        sheet = book.sheet("表")
        sheet.merge(0, 0, 0, 4, "标题", "title")
        for col, text in enumerate(("编码", "序号", "名称", "得分", "理由")):
            sheet.write(2, col, text, "header")
        for row in range(3, 60):
            sheet.write(row, 0, f"A{row}")
            sheet.write(row, 1, row)
            sheet.formula(row, 2, f'=A{row + 1}&"号"', value=f"A{row}号")
            sheet.write(row, 3, row / 8 if row % 3 else None, "input_number")
            sheet.write(row, 4, "“引号”&<r>\n第二行 " if row % 5 == 0 else True if row % 7 == 0 else None, "input")
    return book.bytes()


@pytest.mark.usefixtures("_pieces")
def test_a_table_of_ours_reads_alike() -> None:
    found, whole = both(draw())
    assert found == whole
    columns, entries = whole  # type: ignore[misc]
    assert columns == {"编码": 0, "名称": 2, "得分": 3, "理由": 4}
    assert len(entries) == 57


@pytest.mark.usefixtures("_pieces")
def test_what_openpyxl_saved_reads_alike_dates_and_errors_too() -> None:
    book = openpyxl.load_workbook(io.BytesIO(draw()))
    sheet = book["表"]
    sheet["D9"].number_format = "yyyy-mm-dd"
    sheet["D9"].value = 45000.5
    sheet["D10"].value, sheet["D10"].data_type = "#N/A", "e"
    sheet["E11"].value = "_x000D_回车"
    saved = io.BytesIO()
    book.save(saved)
    found, whole = both(saved.getvalue())
    assert found == whole


@pytest.mark.usefixtures("_pieces")
def test_rows_above_the_heading_and_columns_in_another_order_are_found() -> None:
    heading = '<c r="C4" t="s"><v>1</v></c><c r="AB4" t="s"><v>0</v></c><c r="AC4" t="s"><v>0</v></c>'
    row = '<c r="C6" t="s"><v>3</v></c><c r="AB6" t="s"><v>2</v></c><c r="AC6"><v>7</v></c>'
    sheet = f'<sheetData><row r="4">{heading}</row><row r="6">{row}</row></sheetData>'
    found, whole = both(zipped(parts(sheet, strings=STRINGS)))
    assert found == whole == ({"名称": 2, "编码": 27}, [(5, {"名称": "甲", "编码": "A1"})])


@pytest.mark.parametrize("sheet", ["<sheetData/>", rows('<c r="A1"><v>5</v></c>')])
def test_a_sheet_without_the_table_has_no_columns(sheet: str) -> None:
    assert both(zipped(parts(sheet, strings=STRINGS))) == [({}, []), ({}, [])]


@pytest.mark.parametrize(
    "sheet",
    [
        rows("<c t='s' r=\"A1\"><v>0</v></c>"),
        '<sheetData><row r="2"><c r="A2" t="s"><v>0</v></c></row><row r="1"/></sheetData>',
        rows('<c r="A1" t="s"><v>0</v></c>') + '<row r="9"><c r="A9"><v>1</v></c></row>',
        rows('<c r="A1" t="s"><v>0</v></c>') + "<!-- <sheetData> -->",
        rows('<c r="A1" t="s"><v>0</v></c>') * 2,
        "",
    ],
)
@pytest.mark.usefixtures("_pieces")
def test_another_spelling_is_left_to_who_reads_the_whole(sheet: str) -> None:
    with pytest.raises(UnusualSpelling):
        listed(stream_table(open_workbook(NOWHERE, data=zipped(parts(sheet, strings=STRINGS))), "表", WANTED))


def test_a_text_that_is_not_there_is_damage() -> None:
    data = zipped(parts(rows('<c r="A1" t="s"><v>0</v></c>', '<c r="A2" t="s"><v>99</v></c>'), strings=STRINGS))
    with pytest.raises(UnreadableWorkbook) as refused:
        listed(stream_table(open_workbook(NOWHERE, data=data), "表", WANTED))
    assert refused.value.code == "FILE03"


def test_a_row_without_an_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_tables, "_PIECE", 1_000)
    monkeypatch.setattr(long_tables, "_LONGEST", 20_000)
    endless = "<sheetData>" + '<row r="1">' + '<c r="A1"><v>1</v></c>' * 2_000
    with pytest.raises(UnreadableWorkbook) as refused:
        listed(stream_table(open_workbook(NOWHERE, data=zipped(parts(endless, strings=STRINGS))), "表", WANTED))
    assert refused.value.code == "FILE11"


def test_a_file_inflates_to_no_more_than_it_may(tmp_path: Path) -> None:
    files = {**parts(rows('<c r="A1" t="s"><v>0</v></c>'), strings=STRINGS), "xl/media/a.bin": bytes(9_000_000)}
    path = tmp_path / "审核结果.xlsx"
    path.write_bytes(zipped(files))
    assert open_workbook(path, most=10_000_000).sheets == ("表",)
    with pytest.raises(UnreadableWorkbook) as refused:
        open_workbook(path, most=8_000_000)
    assert refused.value.code == "FILE11"


def test_more_cells_or_texts_than_a_result_can_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = [f'<c r="A{number}"/>' for number in range(2, 60)]
    data = zipped(parts(rows('<c r="A1" t="s"><v>0</v></c>', *empty), strings=STRINGS))
    book = open_workbook(NOWHERE, data=data)
    assert book.most_cells == open_workbook(NOWHERE, data=data, most=220_000_000).most_cells - 100_000
    book.most_cells = 50
    with pytest.raises(UnreadableWorkbook) as refused:
        listed(stream_table(book, "表", WANTED))
    assert refused.value.code == "FILE31"
    monkeypatch.setattr(long_tables, "_MOST_STRINGS", 4)
    with pytest.raises(UnreadableWorkbook) as refused:
        listed(stream_table(open_workbook(NOWHERE, data=data), "表", WANTED))
    assert refused.value.code == "FILE31"


def test_a_damaged_part_is_damage() -> None:
    data = bytearray(zipped(parts(rows('<c r="A1" t="s"><v>0</v></c>'), strings=STRINGS), zipfile.ZIP_STORED))
    at = data.index(b"<v>0</v>")
    data[at + 3] = ord("1")
    with pytest.raises(UnreadableWorkbook) as refused:
        listed(stream_table(open_workbook(NOWHERE, data=bytes(data)), "表", WANTED))
    assert refused.value.code == "FILE03"
