"""Tables in plain text: any usual encoding, commas or tabs, under .csv or .xls; other texts are no tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.handmade import MAX_COLS, MAX_ROWS, open_sheets
from workbook_tools.files.plain_text import decode_text, find_separator, holds_text_table

LINES = '项目名称,村道养护,,\n三级指标,指标值,完成值,得分\n养护里程,≥100公里,102,50\n合格率,95%,0.96,"40\n分"\n编号,="0012",0012,-3.5\n'


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("ending", ["csv", "xls"])
def test_a_table_is_read_in_any_encoding(encoding: str, separator: str, ending: str) -> None:
    data = LINES.replace(",", separator).encode(encoding)
    [sheet] = open_sheets(Path(f"表.{ending}"), data)
    cells = {(cell.row, cell.col): cell.value for cell in sheet.cells}
    assert (cells[0, 1], cells[2, 1], cells[2, 2]) == ("村道养护", "≥100公里", 102)
    assert (cells[3, 1], cells[3, 3], cells[4, 1], cells[4, 2], cells[4, 3]) == ("95%", "40\n分", "0012", "0012", -3.5)
    assert (0, 2) not in cells


@pytest.mark.parametrize(
    "data",
    [
        b"",
        "一段话。\n又一段话。\n再一段话。".encode(),
        "甲,乙\n丙,丁\n戊,己\n".encode(),
        b"\xd0\xcf\x11\xe0\0\0\0",
        b"a,b,c\n\x07,1,2\n,,\n",
    ],
)
def test_other_files_are_no_tables(data: bytes) -> None:
    assert not holds_text_table(data)
    with pytest.raises(UnreadableWorkbook):
        open_sheets(Path("表.csv"), data)


def test_excel_tells_what_parts_the_columns() -> None:
    [sheet] = open_sheets(Path("表.csv"), ("sep=;\n" + LINES.replace(",", ";")).encode("gb18030"))
    assert (sheet.cells[0].row, sheet.cells[0].value) == (0, "项目名称")


@pytest.mark.parametrize(("cols", "rows"), [(300, 20), (3, 6000)])
def test_a_table_far_too_wide_or_long_is_cut(cols: int, rows: int) -> None:
    [sheet] = open_sheets(Path("表.csv"), ("1," * cols + "\n").encode() * rows)
    assert sheet.cut
    assert max(cell.row for cell in sheet.cells) < MAX_ROWS
    assert max(cell.col for cell in sheet.cells) < MAX_COLS


def test_an_encoding_is_not_guessed_from_noise() -> None:
    assert decode_text(bytes(range(256)) * 4) == ""
    assert find_separator("一,二,三\n") == ""
