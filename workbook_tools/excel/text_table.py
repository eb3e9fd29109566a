"""Tables in plain text (.csv, text with tabs, also under the name .xls): one sheet, no merged cells, no formats."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from workbook_tools.excel.sheet_cells import HandmadeSheet, SheetCell
from workbook_tools.files.package import unreadable
from workbook_tools.files.plain_text import decode_text, find_separator

TITLE = "文本表格"
"""What the one sheet is called."""
# A number as a cell would hold it; 0012, 1,234.5 and 95% stay texts, which are read as people type them.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
# sep=; is how Excel is told what parts the columns.
_TELLS_SEPARATOR = re.compile(r"\Asep=.\r?\n")
# ="0012": how some systems keep Excel from taking a code for a number.
_KEPT_AS_TEXT = re.compile(r'="(.*)"')


def read_text_table(data: bytes, max_rows: int, max_cols: int) -> list[HandmadeSheet]:
    """The table of a file, up to so many rows and columns. Raises UnreadableWorkbook FILE03."""
    text = _TELLS_SEPARATOR.sub("", decode_text(data), count=1)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(text) or ","))
    except csv.Error as exc:
        raise unreadable("FILE03") from exc
    cut = len(rows) > max_rows or any(len(row) > max_cols for row in rows[:max_rows])
    return [HandmadeSheet(TITLE, tuple(_read_cells(rows[:max_rows], max_cols)), cut=cut)]


def _read_cells(rows: list[list[str]], max_cols: int) -> Iterator[SheetCell]:
    for row, values in enumerate(rows):
        for col, value in enumerate(values[:max_cols]):
            kept = _KEPT_AS_TEXT.fullmatch(value.strip())
            text = kept[1] if kept else value.strip()
            if text:
                number = None if kept else _NUMBER.fullmatch(text)
                yield SheetCell(row, col, 1, 1, float(text) if number else text, text)
