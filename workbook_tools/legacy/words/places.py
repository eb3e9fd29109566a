"""Places as people find them: B7 of a sheet, 第5行第2格 of 表格3, 第12段 of 正文."""

from __future__ import annotations

import re

from workbook_tools.core.cells import address
from workbook_tools.legacy.words.records import Where

BODY = "正文"
"""What a place in the running text has for its sheet."""

# B7, or 第5行第2格: the two ways in which a cell is named.
_CELL = re.compile(r"(?P<letters>[A-Z]+)(?P<number>\d+)$|第(?P<row>\d+)行第(?P<cell>\d+)格$")


def place_in_sheet(sheet: str, row: int, col: int) -> Where:
    """A cell of a workbook; row and column count from 0, here and below."""
    return Where(sheet, address(row, col))


def title_of_table(number: int) -> str:
    """What a table of a Word document is called, counted from 1."""
    return f"表格{number}"


def place_in_table(number: int, row: int, col: int) -> Where:
    """A cell of a table of a Word document."""
    return Where(title_of_table(number), f"第{row + 1}行第{col + 1}格")


def place_of_paragraph(number: int) -> Where:
    """A paragraph of a Word document, counted from 1."""
    return Where(BODY, f"第{number}段")


def place_in_column(row: Where, column: Where) -> Where:
    """The place in the row of one and the column of another (C12, H9 → H12; 第3行第2格, 第5行第7格 → 第3行第7格)."""
    wanted, known = _CELL.match(row.cell), _CELL.match(column.cell)
    if wanted is None or known is None or row.sheet != column.sheet:
        return row
    if wanted["letters"]:
        return Where(row.sheet, f"{known['letters']}{wanted['number']}")
    return Where(row.sheet, f"第{wanted['row']}行第{known['cell']}格")
