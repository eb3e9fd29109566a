"""The blank forms that come with the package."""

from __future__ import annotations

from io import BytesIO

import openpyxl

from workbook_tools.excel.styles import SUBTOTAL_FILL
from workbook_tools.shipped.blanks import draw_blank_summary_form


def test_the_total_of_the_summary_form_is_shaded_as_totals_are_and_nothing_else_is() -> None:
    sheet = openpyxl.load_workbook(BytesIO(draw_blank_summary_form())).active
    shaded = {
        cell.row
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type and cell.fill.fgColor.rgb == "FF" + SUBTOTAL_FILL.removeprefix("#")
    }
    (total,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "合计"]
    assert shaded == {total}
    assert all(cell.fill.fill_type and cell.font.bold for cell in sheet[total])
