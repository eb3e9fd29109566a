"""openpyxl as the tests have it saves what it saves by itself."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import openpyxl
from builders import filled
from openpyxl.styles import Border, Protection, Side
from openpyxl.worksheet.merge import MergedCellRange
from plain_writing import read_parts
from quick_loading import PLAIN


def test_borders_that_are_remembered_are_those_that_openpyxl_puts(tmp_path: Path) -> None:
    path = filled(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("合并")
    for row, (line, area) in enumerate([("thin", "A1:C1"), ("medium", "A2:A9"), ("thick", "C3:E7"), (None, "G1:H2")]):
        first = sheet[area.partition(":")[0]]
        first.border = Border(top=Side(line), left=Side(line, color="FF0000"))
        first.protection = Protection(locked=row % 2 == 0)
        sheet.merge_cells(area)
    sheet["E7"].border = Border(right=Side("double"))
    book.save(path)
    saved = []
    for put in (MergedCellRange.format, PLAIN, lambda area: None):
        with patch.object(MergedCellRange, "format", put):
            openpyxl.load_workbook(path).save(tmp_path / "again.xlsx")
        saved.append(read_parts((tmp_path / "again.xlsx").read_bytes()))
        saved[-1].pop("docProps/core.xml")
    quick, plain, none = saved
    assert quick == plain != none
    assert MergedCellRange.format is not PLAIN
