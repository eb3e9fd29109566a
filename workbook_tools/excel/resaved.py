"""A workbook that was saved in a format without our means (.xls, .et, .ods) → the values of its sheets as an .xlsx.

What such a format does not keep, or nobody can read of it (formulas, locks, defined names), is not in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.reading import RawWorkbook, open_workbook
from workbook_tools.excel.sheet_cells import HandmadeSheet
from workbook_tools.excel.writing import MAX_TEXT, Book

if TYPE_CHECKING:
    from workbook_tools.excel import handmade
else:  # what comes is seldom in such a format
    handmade = LateModule("workbook_tools.excel.handmade")


def open_values(path: Path, data: bytes, titles: Collection[str], needed: str) -> RawWorkbook | None:
    """The sheets of these titles, as values alone; ``None`` where the sheet ``needed`` is not among them.

    Raises UnreadableWorkbook: FILE03 damaged, FILE04 encrypted, FILE11 too large.
    """
    sheets = [sheet for sheet in handmade.open_sheets(path, data) if sheet.title in titles]
    if needed not in {sheet.title for sheet in sheets}:
        return None
    return open_workbook(path, data=_write_values(sheets))


def _write_values(sheets: Iterable[HandmadeSheet]) -> bytes:
    with Book() as book:
        for sheet in sheets:
            drawn = book.sheet(sheet.title)
            for cell in sheet.cells:
                if isinstance(cell.value, str):
                    drawn.write(cell.row, cell.col, clean_cell_text(cell.value)[:MAX_TEXT])
                elif cell.value is not None:
                    drawn.write(cell.row, cell.col, cell.value)
    return book.bytes()
