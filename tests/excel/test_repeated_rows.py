"""A row of a loaded sheet that is repeated very often: no copy is held, and all of them stand in the file."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.comments import Comment

from workbook_tools.excel.loaded_book import load_book, save_book, write_value
from workbook_tools.excel.repeated_rows import RepeatedRow
from workbook_tools.excel.row_insertion import make_room

MANY = 350


def _draw_form() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "清单"
    other = book.create_sheet("另表")
    sheet["A1"], sheet["A3"], sheet["C3"] = "题", "样行", "末行"
    sheet["B2"], sheet["C2"] = "=另表!A2*2", "每行都有"
    sheet["A2"].comment = Comment("只有一个", "甲")
    sheet.merge_cells("D2:E2")
    sheet.row_dimensions[2].height = 31
    other["A2"], other["B2"] = 1, "=清单!B2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_rows_are_written_as_they_are_filled_and_stand_in_their_place() -> None:
    book = load_book(_draw_form())
    for sheet in book:
        make_room(sheet, 2, MANY)
    repeated = {sheet.title: RepeatedRow(sheet, 2, MANY) for sheet in book}
    for rows in repeated.values():
        for number, row in enumerate(rows.lay(), 1):
            write_value(rows.sheet.cell(row, 1), f"第 {number} 行")
            rows.sheet.row_dimensions[row].height = 20 + number / 10
            assert len({at for at, _ in rows.sheet._cells}) <= 4
        assert list(rows.heights) == [20 + number / 10 for number in range(2, MANY)]
    saved = openpyxl.load_workbook(io.BytesIO(save_book(book, "汇总表", {}, repeated)))
    sheet, other = saved["清单"], saved["另表"]
    assert sheet.dimensions == f"A1:E{MANY + 2}"
    assert [row[:3] for row in sheet.iter_rows(min_row=2, max_row=MANY + 1, values_only=True)] == [
        (f"第 {number} 行", f"=另表!A{number + 1}*2", "每行都有") for number in range(1, MANY + 1)
    ]
    assert (sheet["A1"].value, sheet.cell(MANY + 2, 1).value, sheet.cell(MANY + 2, 3).value) == ("题", "样行", "末行")
    assert [sheet.row_dimensions[row].height for row in (2, 3, MANY + 1)] == [20.1, 20.2, 20 + MANY / 10]
    assert f"D{MANY}:E{MANY}" in [str(area) for area in sheet.merged_cells.ranges]
    assert [row for row in range(1, MANY + 3) if sheet.cell(row, 1).comment] == [2]
    # A formula on a sheet before the one that it refers to is filled down as well as one on a sheet behind it.
    assert other.cell(MANY, 2).value == f"=清单!B{MANY}"
