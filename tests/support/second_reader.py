"""openpyxl beside our reader: where the two read one file differently."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl

from workbook_tools.core.cells import Place
from workbook_tools.excel.reading import open_workbook

NOWHERE = Path("收到的.xlsx")


def list_differences(data: bytes) -> list[str]:
    """Cells that the two read differently, of all sheets; what a formula showed counts like what was typed."""
    ours = open_workbook(NOWHERE, data=data)
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    if list(ours.sheets) != book.sheetnames:
        return [f"sheets {list(ours.sheets)} and {book.sheetnames}"]
    found = []
    for sheet in book.worksheets:
        rows, columns = ours.row_count(sheet.title), ours.column_count(sheet.title)
        for row in range(1, max(rows, sheet.max_row) + 1):
            for column in range(1, max(columns, sheet.max_column) + 1):
                place = Place(sheet.title, row - 1, column - 1)
                here, there = ours.value(place), _as_ours(sheet.cell(row, column).value)
                if here != there:
                    found.append(f"{sheet.title}!{place.cell}: {here!r} and {there!r}")
    return found


def _as_ours(value: object) -> float | str | bool | None:
    """As our reader gives it: numbers are floats, dates texts, error values nothing."""
    match value:
        case bool():
            return value
        case int() | float():
            return float(value)
        case datetime() | date() | time():
            return value.isoformat().removesuffix("T00:00:00")
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
        case str():
            return None if value == "" or value.startswith("#") else value
    return None
