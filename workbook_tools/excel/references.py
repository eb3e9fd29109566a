"""Where links lead, and what names refer to: cells, sheets and files as Excel addresses them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tools.core.cells import FIRST_CELL, address
from workbook_tools.core.faces import LateModule

if TYPE_CHECKING:
    from xlsxwriter import utility
else:
    utility = LateModule("xlsxwriter.utility")

_LINK_ESCAPES = {ord(c): f"%{ord(c):02X}" for c in '%#"<>[]^`{}| '}


def file_link(path: str, sheet: str = "", cell: str = "") -> str:
    """The link target for a file (``../回收/甲.xlsx``, relative to the workbook), or for a cell in it.

    Characters that mean something in an address (``%``, ``#``, blanks …) are escaped, so that any file name works.
    """
    target = "external:" + path.translate(_LINK_ESCAPES)
    return f"{target}#{_quoted(sheet)}!{cell or FIRST_CELL}" if sheet else target


def sheet_link(sheet: str, cell: str = "") -> str:
    """The link target for a cell of the same workbook; without a cell, for the sheet's first."""
    return f"internal:{_quoted(sheet)}!{cell or FIRST_CELL}"


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def name_cell(title: str, row: int, col: int) -> str:
    """A cell as a name refers to it: 自评表!$B$7."""
    return f"{_quote_title(title)}!{address(row, col, absolute=True)}"


@lru_cache(1 << 8)
def _quote_title(title: str) -> str:
    return str(utility.quote_sheetname(title))
