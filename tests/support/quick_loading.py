"""Workbooks opened with openpyxl in half of its time, which is the border of a merged area put into each of its cells.

With :func:`remember_borders` it is put there, each kind once; :func:`load_quickly` leaves it out.
"""

from __future__ import annotations

from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Border
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.merge import MergedCellRange

PLAIN = MergedCellRange.format
"""openpyxl's own way."""


def load_quickly(file: Path | bytes, **options: bool) -> openpyxl.Workbook:
    """The workbook; only the first cell of a merged area has its border. ``options`` as openpyxl takes them."""
    with patch.object(MergedCellRange, "format", lambda area: None):
        return openpyxl.load_workbook(BytesIO(file) if isinstance(file, bytes) else file, **options)


def remember_borders() -> None:
    """From now on, in this process, openpyxl adds two borders of a workbook once, and then knows what came of it. All else is as before."""
    patch.object(MergedCellRange, "format", _put_borders).start()


def _put_borders(area: MergedCellRange) -> None:
    """What openpyxl's own does, which makes and compares borders for each cell anew."""
    known = area.ws.parent.__dict__.setdefault("_added_borders", {})
    start = area.start_cell
    of_start = _find_style(start)
    for side in ("top", "left", "right", "bottom"):
        named = known.get((of_start.borderId, side))
        if named is None:
            line = getattr(start.border, side)
            named = known[of_start.borderId, side] = Border(**{side: line}) if not line or line.style else ""
        if named:
            for place in getattr(area, side):
                cell = _find_cell(area, place)
                style = _find_style(cell)
                added = (style.borderId, side, of_start.borderId)
                if added not in known:
                    cell.border += named
                    known[added] = style.borderId
                style.borderId = known[added]
    for place in area.cells:
        cell = _find_cell(area, place)
        style = _find_style(cell)
        if of_start.protectionId not in known:
            cell.protection = copy(start.protection)
            known[of_start.protectionId] = style.protectionId
        style.protectionId = known[of_start.protectionId]


def _find_cell(area: MergedCellRange, place: tuple[int, int]) -> Any:
    return area.ws._cells.get(place) or area.ws._cells.setdefault(place, MergedCell(area.ws, *place))


def _find_style(cell: Any) -> StyleArray:
    if not cell._style:
        cell._style = StyleArray()
    style: StyleArray = cell._style
    return style
