"""What a workbook with macros has besides: buttons, and a very hidden sheet from which they restore formats.

Form, signature and reading are the same with and without. The sheet also holds the password of the sheets, which
a macro needs to repair a format: a lock prevents accidents, what counts is the signature.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workbook_tools.excel.writing import Book, Sheet
from workbook_tools.form import status
from workbook_tools.form.fields import Field, Layout, Role
from workbook_tools.vba.packaged import STAFF, build_packaged_project

TITLE = "格式"
RECORDS = "macro_records"
"""Defined name of the cell where the records begin; macros/填报/StaffForm.bas knows their columns."""
BUTTONS = (
    ("校验", "StaffCheck.CheckForm"),
    ("恢复格式", "StaffRepair.RepairForm"),
    ("导出PDF", "StaffPdf.ExportForm"),
    ("清除填写", "StaffClear.ClearForm"),
)
_HEADINGS = ("说明", "检查结果", "样本行", "样本")
_SAMPLE_COL = 4
_BUTTON_PLACES = ((1, 5, 10), (1, 6, 6), (2, 5, 10), (2, 6, 6))
"""Row, column and pixels into it: beside the counts at the top of 校验, where no field stands."""
_BUTTON_SIZE = (112, 26)

Draw = Callable[[Sheet, Field], None]
"""Draws a field with its format, validation and highlights on a sheet."""


def add_macros(book: Book, status_sheet: Sheet, layout: Layout, password: str, draw: Draw) -> None:
    """Add the macros to a book that has all its other sheets. Raises TemplateError."""
    for (caption, macro), (row, col, left) in zip(BUTTONS, _BUTTON_PLACES, strict=True):
        status_sheet.button(row, col, caption, macro, *_BUTTON_SIZE, left=left)
    _write_records(book, layout, password, draw)
    book.macros(build_packaged_project(STAFF, book.sheet_count))


def _write_records(book: Book, layout: Layout, password: str, draw: Draw) -> None:
    """One row per field; the samples stand beside them, each as large as its field."""
    sheet = book.sheet(TITLE, very_hidden=True)
    book.define_name(RECORDS, sheet, 0, 0)
    for col, heading in enumerate((password, *_HEADINGS)):
        sheet.write(0, col, heading)
    sample_row = 1
    for row, item in enumerate(_recorded_fields(layout), 1):
        check = status.check_name(item.name)
        facts = (item.name, item.label, check if check in layout.fields else "")
        for col, fact in enumerate(facts):
            sheet.write(row, col, fact)
        if item.role is Role.INPUT:
            sheet.write(row, len(facts), float(sample_row + 1))
            sample = item.span.moved(sample_row, _SAMPLE_COL)
            draw(sheet, replace(item, sheet=TITLE, span=sample, value=None))
            sample_row = sample.last_row + 1
    sheet.protect(password)


def _recorded_fields(layout: Layout) -> list[Field]:
    """What can be filled in or can be wrong, sheet by sheet, downwards."""
    order = {title: number for number, title in enumerate(layout.sheets)}
    checked = (f for f in layout.fields.values() if f.role is Role.INPUT or status.check_name(f.name) in layout.fields)
    return sorted(checked, key=lambda item: (order[item.sheet], item.span.row, item.span.col))
